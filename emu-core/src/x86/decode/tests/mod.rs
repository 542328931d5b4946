//! Tests of the decoder's fields and flags. What it and the disassembler make of every encoding is compared with
//! iced-x86 in `tests/tests/disasm`.

mod encodings;
mod flags;
