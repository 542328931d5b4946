//! x87 instructions. [`arith`], [`compare`], [`stack`], [`transcendental`] and [`image`] hold their operation on
//! [`FpuState`](crate::x86::fpu_state::FpuState) alone; [`register`], [`memory`] and [`control`] the bodies around it.

pub mod arith;
pub mod compare;
pub mod control;
pub mod entry;
pub mod fxsave;
pub mod image;
pub mod memory;
pub mod register;
pub mod stack;
pub mod transcendental;

#[cfg(test)]
mod host_test;

use super::Body;
use crate::x86::decode::Decoded;

/// The body of an x87 instruction (FXSAVE and FXRSTOR among them); `None` for other instructions.
pub fn body(d: &Decoded) -> Option<Body> {
    control::body(d).or_else(|| memory::body(d)).or_else(|| register::body(d))
}
