//! Bodies of the instructions.

pub mod sse;
pub mod x87;
