//! The machine (being written).
