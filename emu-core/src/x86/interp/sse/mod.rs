//! SSE and SSE2 instructions on floating-point values, and those that control SSE.

pub mod arith;
pub mod conversion;
pub mod convert;
pub mod lanes;
pub mod moves;
pub mod state;

#[cfg(test)]
mod host_test;

use super::Body;
use crate::x86::decode::Decoded;

/// The body of an SSE or SSE2 instruction that is not one on packed integers; `None` for other instructions.
pub fn body(d: &Decoded) -> Option<Body> {
    arith::body(d).or_else(|| conversion::body(d)).or_else(|| moves::body(d)).or_else(|| state::body(d))
}
