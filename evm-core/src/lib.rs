//! The Glassbox EVM.
//!
//! So far: the table of opcodes from Frontier to Osaka, and a disassembler.

pub mod disasm;
pub mod fork;
pub mod opcode;
