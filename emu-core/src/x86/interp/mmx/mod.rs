//! MMX instructions, and the same on XMM registers.

pub mod lanes;
