//! The disassembler of byte code: instructions one after the other ([`instructions`]), how they hang together
//! ([`Flow`]), and text that the assembler takes ([`text`], [`listing`]).

mod flow;
mod listing;

pub use flow::{Block, BlockKind, Flow, Jump};
pub use listing::{Line, Listing, listing, text};

use std::fmt;

use crate::fork::Fork;
use crate::opcode::{Opcode, deep_stack};

/// One instruction in code.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Instruction<'a> {
    /// Place of the opcode byte in the code: the program counter.
    pub offset: usize,
    /// The opcode byte.
    pub byte: u8,
    /// Its row, or nothing where the fork has none, or where a DUPN, SWAPN or EXCHANGE is not followed by a valid
    /// immediate: executing it is an exceptional halt.
    pub opcode: Option<&'static Opcode>,
    /// Data of a PUSH, DUPN, SWAPN or EXCHANGE, as far as the code has it.
    pub data: &'a [u8],
    /// Bytes of data beyond the end of the code. The EVM reads them as zero (Yellow Paper 9.4.1).
    pub missing: usize,
    /// Fork whose names are used.
    pub fork: Fork,
}

impl Instruction<'_> {
    /// Bytes of code that it covers.
    pub fn size(&self) -> usize {
        1 + self.data.len()
    }
}

impl fmt::Display for Instruction<'_> {
    /// `PUSH2 0x0102`, with missing bytes as the zeros they count for; `DUPN 17` with the depth, not its encoding;
    /// `(undefined 0x0c)` for a byte without meaning.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(opcode) = self.opcode else { return write!(f, "(undefined {:#04x})", self.byte) };
        f.write_str(opcode.mnemonic_in(self.fork))?;
        if deep_stack::has(self.byte) {
            let immediate = self.data.first().copied().unwrap_or(0);
            return match (self.byte, deep_stack::decode_pair(immediate), deep_stack::decode_single(immediate))
            {
                (deep_stack::EXCHANGE, Some((n, m)), _) => write!(f, " {n} {m}"),
                (deep_stack::EXCHANGE, None, _) | (_, _, None) => Ok(()),
                (_, _, Some(n)) => write!(f, " {n}"),
            };
        }
        if opcode.immediate != 0 {
            f.write_str(" 0x")?;
        }
        self.data.iter().try_for_each(|byte| write!(f, "{byte:02x}"))?;
        (0..self.missing).try_for_each(|_| f.write_str("00"))
    }
}

/// Instructions of `code` from its start, as `fork` sees them. Data of a PUSH is never taken for instructions.
pub fn instructions(code: &[u8], fork: Fork) -> Instructions<'_> {
    Instructions { code, offset: 0, fork }
}

/// Iterator of [`instructions`].
#[derive(Clone, Debug)]
pub struct Instructions<'a> {
    code: &'a [u8],
    offset: usize,
    fork: Fork,
}

impl<'a> Iterator for Instructions<'a> {
    type Item = Instruction<'a>;

    fn next(&mut self) -> Option<Instruction<'a>> {
        let (byte, rest) = self.code.get(self.offset..)?.split_first()?;
        let next = rest.first().copied().unwrap_or(0);
        let opcode = Opcode::lookup(*byte, self.fork)
            .filter(|opcode| opcode.immediate == 0 || opcode.immediate_before(next) != 0);
        let wanted = opcode.map_or(0, |opcode| opcode.immediate as usize);
        let data = &rest[..wanted.min(rest.len())];
        let missing = wanted - data.len();
        let instruction =
            Instruction { offset: self.offset, byte: *byte, opcode, data, missing, fork: self.fork };
        self.offset += instruction.size();
        Some(instruction)
    }
}

/// Places that JUMP and JUMPI may go to: JUMPDEST bytes that are not data (Yellow Paper 9.4.3).
pub fn jump_destinations(code: &[u8], fork: Fork) -> impl Iterator<Item = usize> {
    instructions(code, fork)
        .filter(|instruction| instruction.byte == 0x5B)
        .map(|instruction| instruction.offset)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(code: &[u8], fork: Fork) -> Vec<String> {
        instructions(code, fork).map(|i| format!("{:x}: {i}", i.offset)).collect()
    }

    /// The first bytes of what the Solidity compiler makes: free memory pointer, and no payment wanted.
    #[test]
    fn solidity_prologue() {
        let code =
            [0x60, 0x80, 0x60, 0x40, 0x52, 0x34, 0x80, 0x15, 0x61, 0x00, 0x0F, 0x57, 0x5F, 0x80, 0xFD, 0x5B];
        let expected = [
            "0: PUSH1 0x80",
            "2: PUSH1 0x40",
            "4: MSTORE",
            "5: CALLVALUE",
            "6: DUP1",
            "7: ISZERO",
            "8: PUSH2 0x000f",
            "b: JUMPI",
            "c: PUSH0",
            "d: DUP1",
            "e: REVERT",
            "f: JUMPDEST",
        ];
        assert_eq!(text(&code, Fork::Osaka), expected);
        assert_eq!(text(&code, Fork::Paris)[8], "c: (undefined 0x5f)");
        assert_eq!(jump_destinations(&code, Fork::Osaka).collect::<Vec<_>>(), [0x0F]);
    }

    #[test]
    fn push_data_that_the_code_does_not_have_is_zero() {
        let code = [0x01, 0x63, 0xAA, 0xBB];
        let last = instructions(&code, Fork::Osaka).last().unwrap();
        assert_eq!((last.offset, last.data, last.missing, last.size()), (1, &[0xAA, 0xBB][..], 2, 3));
        assert_eq!(last.to_string(), "PUSH4 0xaabb0000");
        let bare = instructions(&[0x60], Fork::Osaka).last().unwrap();
        assert_eq!((bare.missing, bare.to_string().as_str()), (1, "PUSH1 0x00"));
    }

    #[test]
    fn jump_destinations_are_not_found_in_data() {
        assert_eq!(
            jump_destinations(&[0x60, 0x5B, 0x5B, 0x61, 0x5B, 0x5B], Fork::Osaka).collect::<Vec<_>>(),
            [2]
        );
        assert_eq!(jump_destinations(&[0x7F, 0x5B], Fork::Osaka).count(), 0);
    }

    #[test]
    fn every_byte_is_covered_once() {
        assert_eq!(instructions(&[], Fork::Osaka).count(), 0);
        let code: Vec<u8> = (0..4096u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
        for fork in Fork::ALL {
            let mut end = 0;
            for instruction in instructions(&code, fork) {
                assert_eq!(instruction.offset, end);
                end += instruction.size();
            }
            assert_eq!(end, code.len());
        }
    }

    #[test]
    fn undefined_bytes_are_one_byte_long() {
        assert_eq!(
            text(&[0x0C, 0xEF, 0x00], Fork::Osaka),
            ["0: (undefined 0x0c)", "1: (undefined 0xef)", "2: STOP"]
        );
        assert_eq!(text(&[0x1E, 0xFE], Fork::Prague), ["0: (undefined 0x1e)", "1: INVALID"]);
    }

    /// EIP-8024, test cases of disassembly, with the immediates of its last version.
    #[test]
    fn deep_stack_opcodes_have_only_valid_immediates() {
        for (code, expected) in [
            (&[0xE6, 0x80][..], &["0: DUPN 17"][..]),
            (&[0xE7, 0x00], &["0: SWAPN 145"]),
            (&[0xE6, 0x80, 0x5B], &["0: DUPN 17", "2: JUMPDEST"]),
            (&[0xE7, 0x5B], &["0: (undefined 0xe7)", "1: JUMPDEST"]),
            (&[0xE6, 0x60, 0x5B], &["0: (undefined 0xe6)", "1: PUSH1 0x5b"]),
            (&[0xE7, 0x61, 0x00, 0x00], &["0: (undefined 0xe7)", "1: PUSH2 0x0000"]),
            (&[0xE6, 0x5F], &["0: (undefined 0xe6)", "1: PUSH0"]),
            (&[0xE8, 0x8E], &["0: EXCHANGE 1 2"]),
            (&[0xE8, 0x52], &["0: (undefined 0xe8)", "1: MSTORE"]),
            (&[0xE6], &["0: DUPN 145"]),
        ] {
            assert_eq!(text(code, Fork::Amsterdam), expected);
        }
        assert_eq!(text(&[0xE6, 0x80], Fork::Osaka), ["0: (undefined 0xe6)", "1: DUP1"]);
    }
}
