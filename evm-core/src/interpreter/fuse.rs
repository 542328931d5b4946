//! Sequences that compilers write often, made one entry of a program.

use super::program::{Inst, extra};

const ISZERO: u8 = 0x15;
const DUP1: u8 = 0x80;
const DUP16: u8 = 0x8F;
const SWAP1: u8 = 0x90;
const SUB: u8 = 0x03;

/// True for the jumps whose place is known: the low half of `imm` holds it, and `arg` is to hold its entry, or 0 where
/// there is no destination.
pub(super) fn is_static_jump(op: u8) -> bool {
    matches!(op, extra::JUMP_TO..=extra::DISPATCH)
}

/// The entry that does what `next` and the last entries from `first` on do; those it covers are taken away.
pub(super) fn fuse(insts: &mut Vec<Inst>, first: usize, next: Inst) -> Inst {
    let last = |back: usize| insts.len().checked_sub(back).filter(|at| *at >= first).map(|at| insts[at]);
    let Some(before) = last(1) else { return next };
    let (taken, fused) = match (before.op, next.op) {
        (extra::PUSH_SMALL, 0x56) => (1, Inst { op: extra::JUMP_TO, imm: place(before), ..before }),
        (extra::PUSH_SMALL, 0x57) => jumpi(place(before), last(2), last(3)),
        (extra::PUSH_SMALL, op) => match small(op) {
            Some(op) => (1, Inst { op, ..before }),
            None => return next,
        },
        (SWAP1, SUB) => match last(2).filter(|pushed| pushed.op == extra::PUSH_SMALL) {
            Some(pushed) => (2, Inst { op: extra::SUB_SMALL, ..pushed }),
            None => (1, Inst { op: extra::SWAP_SUB, ..next }),
        },
        (DUP1..=DUP16, op) => match duplicated(op) {
            Some(op) => (1, Inst { op, b: before.op - DUP1, ..next }),
            None => return next,
        },
        (extra::PUSH_WORD, 0x16) => (1, Inst { op: extra::AND_WORD, ..before }),
        (SWAP1, 0x50) => (1, Inst { op: extra::NIP, ..next }),
        _ => return next,
    };
    insts.truncate(insts.len() - taken);
    fused
}

fn small(op: u8) -> Option<u8> {
    Some(match op {
        0x01 => extra::ADD_SMALL,
        0x14 => extra::EQ_SMALL,
        0x16 => extra::AND_SMALL,
        0x1B => extra::SHL_SMALL,
        0x1C => extra::SHR_SMALL,
        0x51 => extra::MLOAD_AT,
        0x52 => extra::MSTORE_AT,
        _ => return None,
    })
}

/// The entry that takes its upper operand from where a DUP would.
fn duplicated(op: u8) -> Option<u8> {
    Some(match op {
        0x01 => extra::DUP_ADD,
        SUB => extra::DUP_SUB,
        0x10 => extra::DUP_LT,
        0x11 => extra::DUP_GT,
        0x51 => extra::DUP_MLOAD,
        _ => return None,
    })
}

/// Where a push says to jump; what is beyond 32 bits is beyond any code.
fn place(push: Inst) -> u64 {
    push.imm.min(u64::from(u32::MAX))
}

/// A JUMPI to `place`, and what decided it. DISPATCH has its selector in the high half of `imm`.
fn jumpi(place: u64, second: Option<Inst>, third: Option<Inst>) -> (usize, Inst) {
    let (second, third) = (second.unwrap_or_default(), third.unwrap_or_default());
    let inverted = match third.op {
        0x10 => Some(extra::JUMP_GE),
        0x11 => Some(extra::JUMP_LE),
        0x14 => Some(extra::JUMP_NE),
        _ => None,
    };
    let jump = |op| Inst { op, imm: place, ..Inst::default() };
    match (second.op, inverted) {
        (ISZERO, Some(op)) => (3, jump(op)),
        (ISZERO, None) => (2, jump(extra::JUMPZ_TO)),
        (DUP1, _) => (2, jump(extra::JUMPI_KEEP)),
        (0x10, _) => (2, jump(extra::JUMP_LT)),
        (0x11, _) => (2, jump(extra::JUMP_GT)),
        (0x14, _) => (2, jump(extra::JUMP_EQ)),
        (extra::EQ_SMALL, _) if third.op == DUP1 && second.imm >> 32 == 0 => {
            (3, Inst { imm: place | second.imm << 32, ..jump(extra::DISPATCH) })
        }
        _ => (1, jump(extra::JUMPI_TO)),
    }
}
