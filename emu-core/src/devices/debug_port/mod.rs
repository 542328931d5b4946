//! debug_port (being written).
