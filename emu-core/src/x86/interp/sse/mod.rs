//! SSE and SSE2 instructions: their operation on register values, apart from fetching operands.

pub mod convert;
pub mod lanes;

#[cfg(test)]
mod host_test;

use super::Body;
use crate::x86::decode::Decoded;

/// The body, if the operation is of this group.
pub fn body(_d: &Decoded) -> Option<Body> {
    None
}
