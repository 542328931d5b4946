//! Tests of the decoder and, through its text, of the disassembler.

mod differences;
mod encodings;
mod flags;
mod oracle;
mod sweep;
