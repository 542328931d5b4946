//! The transcendental instructions, computed with 128-bit intermediate results: what is rounded is wrong by less than
//! 2^-50 units of the last place, so that results are the correctly rounded ones but in the rarest cases.
//!
//! FSIN, FCOS, FSINCOS and FPTAN take multiples of pi/2 away with the processor's pi of 66 significant bits (SDM vol.
//! 1, 8.3.8), exactly, over the whole range below 2^63; beyond it C2 is set. They are thus the correctly rounded
//! functions of that remainder, as on the x87 of processors: next to a multiple of the true pi they differ from
//! mathematics by more (FSIN of FLDPI's number is -2^-64, not -5.02e-20). Measured on 206 922 arguments in all rounding
//! modes, among them denormals and neighbours of multiples of pi/2: no result differs from the correctly rounded one
//! (`interp/x87/host_test.rs`).
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
