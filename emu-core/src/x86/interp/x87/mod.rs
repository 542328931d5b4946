//! x87 instructions: their operation on [`FpuState`](crate::x86::fpu_state::FpuState), apart from fetching operands.

pub mod arith;
pub mod compare;
pub mod stack;

#[cfg(test)]
mod host_test;

/// The body, if the operation is of this group.
pub fn body(_d: &crate::x86::decode::Decoded) -> Option<super::Body> {
    None
}
