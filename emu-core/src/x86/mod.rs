//! The CPU (being written).
