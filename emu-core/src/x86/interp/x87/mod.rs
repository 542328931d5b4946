//! x87 instructions: their operation on [`FpuState`](crate::x86::fpu_state::FpuState), apart from fetching operands.

pub mod arith;
pub mod compare;
pub mod stack;
pub mod transcendental;

#[cfg(test)]
mod host_test;
