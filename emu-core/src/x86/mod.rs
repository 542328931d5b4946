//! The processor.

pub mod fpu_state;
pub mod softfloat;
