//! Helpers for the tests that cross crates.

pub mod host_cpu;
pub mod vectors;
