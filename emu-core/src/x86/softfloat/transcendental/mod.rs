//! The transcendental instructions, computed with 128-bit intermediate results: what is rounded is wrong by less than
//! 2^-50 units of the last place, so that results are the correctly rounded ones but in the rarest cases.
//!
//! Precision control does not apply to them: callers pass [`Env::extended`](super::Env::extended).

mod atan;
mod constants;
mod exp;
mod log;
mod real;
mod trig;

pub use atan::atan2;
pub use exp::two_to_minus_one;
pub use log::{y_log2_x, y_log2_x_plus_1};
pub use trig::{cos, sin, sin_cos, tan};
