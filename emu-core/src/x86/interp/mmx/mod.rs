//! MMX instructions, and the same on XMM registers.

pub mod lanes;

use super::Body;
use crate::x86::decode::Decoded;

/// The body, if the operation is of this group.
pub fn body(_d: &Decoded) -> Option<Body> {
    None
}
