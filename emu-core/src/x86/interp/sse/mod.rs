//! SSE and SSE2 instructions: their operation on register values, apart from fetching operands.

pub mod convert;
pub mod lanes;

#[cfg(test)]
mod host_test;
