//! The decoder and the disassembler against iced-x86: every encoding that iced can make, every opcode byte, random bytes,
//! and the instructions of the committed vectors.

mod forms;
mod sweep;
mod vectors;
