//! The x86 processor.

pub mod decode;
pub mod disasm;
