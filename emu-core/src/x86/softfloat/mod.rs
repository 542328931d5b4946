//! Software floating point: the 80-bit arithmetic of the x87 and the f32/f64 arithmetic of SSE, in integers only,
//! so that every host gives the same bits and the same exception flags.

mod arith;
mod compare;
mod convert;
mod env;
mod f80;
mod finite;
mod format;
mod integer;
mod nan;
mod remainder;
mod round;
pub mod simd;
pub mod transcendental;

pub use arith::{add, div, mul, sqrt, sub};
pub use compare::{compare, condition_code, examine};
pub use convert::{expand_f32, expand_f64, from_f32, from_f64, to_f32, to_f64};
pub use env::{Env, Rounding};
pub use f80::{Class, F80};
pub use format::{Double, Format, Single};
pub use integer::{BCD_INDEFINITE, extract, from_bcd, from_i64, round_to_integer, scale, to_bcd, to_int};
pub use remainder::{Quotient, partial_remainder};
