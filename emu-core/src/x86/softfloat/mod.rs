//! Software floating point: the 80-bit arithmetic of the x87 and the f32/f64 arithmetic of SSE, in integers only,
//! so that every host gives the same bits and the same exception flags.

mod f80;

pub use f80::{Class, F80};
