//! The CPU (being written).

pub mod fpu_state;
pub mod interp;
pub mod softfloat;
