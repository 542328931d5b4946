//! The machine (being written).
pub mod boot;
