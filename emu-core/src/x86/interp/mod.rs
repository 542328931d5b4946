//! Bodies of the instructions.

pub mod x87;
