//! Two-byte opcodes (0F xx): SDM volume 2, tables.

use super::simd;
use crate::x86::decode::op::Op;
use crate::x86::decode::row::Form::*;
use crate::x86::decode::row::{Entry, Row, fill, row0, row1, row2, row3, set};

const UD: Row = Row::INVALID;
const UDS: [Row; 8] = [UD; 8];

/// The two-byte map.
pub static TWO_BYTE: [Entry; 256] = build();

const fn build() -> [Entry; 256] {
    let mut table = fill([Entry::INVALID; 256], LIST);
    table = fill(table, simd::MOVES);
    table = fill(table, simd::FLOAT);
    table = fill(table, simd::INTEGER);
    let mut i = 0;
    while i < 16 {
        table = set(table, 0x40 + i, Entry::Row(row2(Op::Cmovcc, Gv, Ev)));
        table = set(table, 0x80 + i, Entry::Row(row1(Op::Jcc, Jz).sized()));
        table = set(table, 0x90 + i, Entry::Row(row1(Op::Setcc, Eb)));
        if i < 8 {
            table = set(table, 0xC8 + i, Entry::Row(row1(Op::Bswap, Zv)));
        }
        i += 1;
    }
    table
}

/// Opcode whose ModRM byte is read and ignored: the no-operations kept free for hints since the Pentium Pro.
const HINT: Row = row1(Op::Nop, Ev);

const LIST: &[(u8, Entry)] = &[
    (0x00, Entry::Group(&GROUP6)),
    (0x01, Entry::Split(&GROUP7_MEM, &GROUP7_REG)),
    (0x02, Entry::Row(row2(Op::Lar, Gv, Ew).by_first())),
    (0x03, Entry::Row(row2(Op::Lsl, Gv, Ew).by_first())),
    (0x06, Entry::Row(row0(Op::Clts))),
    (0x08, Entry::Row(row0(Op::Invd))),
    (0x09, Entry::Row(row0(Op::Wbinvd))),
    (0x0B, Entry::Row(row0(Op::Ud2))),
    (0x18, Entry::Split(&GROUP16_MEM, &[HINT; 8])),
    (0x19, Entry::Row(HINT)),
    (0x1A, Entry::Row(HINT)),
    (0x1B, Entry::Row(HINT)),
    (0x1C, Entry::Row(HINT)),
    (0x1D, Entry::Row(HINT)),
    (0x1E, Entry::Row(HINT)),
    (0x1F, Entry::Row(HINT)),
    (0x20, Entry::Row(row2(Op::MovFromCr, Rd, Cd))),
    (0x21, Entry::Row(row2(Op::MovFromDr, Rd, Dd))),
    (0x22, Entry::Row(row2(Op::MovToCr, Cd, Rd))),
    (0x23, Entry::Row(row2(Op::MovToDr, Dd, Rd))),
    (0x30, Entry::Row(row0(Op::Wrmsr))),
    (0x31, Entry::Row(row0(Op::Rdtsc))),
    (0x32, Entry::Row(row0(Op::Rdmsr))),
    (0x33, Entry::Row(row0(Op::Rdpmc))),
    (0x34, Entry::Row(row0(Op::Sysenter))),
    (0x35, Entry::Row(row0(Op::Sysexit))),
    (0xA0, Entry::Row(row1(Op::PushSeg, Fs).sized())),
    (0xA1, Entry::Row(row1(Op::PopSeg, Fs).sized())),
    (0xA2, Entry::Row(row0(Op::Cpuid))),
    (0xA3, Entry::Row(row2(Op::Bt, Ev, Gv))),
    (0xA4, Entry::Row(row3(Op::Shld, Ev, Gv, Ib))),
    (0xA5, Entry::Row(row3(Op::Shld, Ev, Gv, Cl))),
    (0xA8, Entry::Row(row1(Op::PushSeg, Gs).sized())),
    (0xA9, Entry::Row(row1(Op::PopSeg, Gs).sized())),
    (0xAA, Entry::Row(row0(Op::Rsm))),
    (0xAB, Entry::Row(row2(Op::Bts, Ev, Gv).lock())),
    (0xAC, Entry::Row(row3(Op::Shrd, Ev, Gv, Ib))),
    (0xAD, Entry::Row(row3(Op::Shrd, Ev, Gv, Cl))),
    (
        0xAE,
        Entry::Prefix(&[
            Entry::Split(&GROUP15_MEM, &GROUP15_REG),
            Entry::Group(&UDS),
            Entry::Group(&UDS),
            Entry::Group(&UDS),
        ]),
    ),
    (0xAF, Entry::Row(row2(Op::Imul, Gv, Ev))),
    (0xB0, Entry::Row(row2(Op::Cmpxchg, Eb, Gb).lock())),
    (0xB1, Entry::Row(row2(Op::Cmpxchg, Ev, Gv).lock())),
    (0xB2, Entry::Row(row2(Op::Lss, Gv, Mp).by_first())),
    (0xB3, Entry::Row(row2(Op::Btr, Ev, Gv).lock())),
    (0xB4, Entry::Row(row2(Op::Lfs, Gv, Mp).by_first())),
    (0xB5, Entry::Row(row2(Op::Lgs, Gv, Mp).by_first())),
    (0xB6, Entry::Row(row2(Op::Movzx, Gv, Eb).by_first())),
    (0xB7, Entry::Row(row2(Op::Movzx, Gv, Ew).by_first())),
    (0xB9, Entry::Row(row2(Op::Ud1, Gv, Ev))),
    (0xBA, Entry::Group(&GROUP8)),
    (0xBB, Entry::Row(row2(Op::Btc, Ev, Gv).lock())),
    // F3 before these is ignored: TZCNT and LZCNT came later.
    (0xBC, Entry::Row(row2(Op::Bsf, Gv, Ev))),
    (0xBD, Entry::Row(row2(Op::Bsr, Gv, Ev))),
    (0xBE, Entry::Row(row2(Op::Movsx, Gv, Eb).by_first())),
    (0xBF, Entry::Row(row2(Op::Movsx, Gv, Ew).by_first())),
    (0xC0, Entry::Row(row2(Op::Xadd, Eb, Gb).lock())),
    (0xC1, Entry::Row(row2(Op::Xadd, Ev, Gv).lock())),
    (0xC7, Entry::Split(&[UD, row1(Op::Cmpxchg8b, Mq).lock(), UD, UD, UD, UD, UD, UD], &UDS)),
    (0xFF, Entry::Row(row2(Op::Ud0, Gv, Ev))),
];

const GROUP6: [Row; 8] = [
    row1(Op::Sldt, RvMw),
    row1(Op::Str, RvMw),
    row1(Op::Lldt, Ew),
    row1(Op::Ltr, Ew),
    row1(Op::Verr, Ew),
    row1(Op::Verw, Ew),
    UD,
    UD,
];

const GROUP7_MEM: [Row; 8] = [
    row1(Op::Sgdt, Ms),
    row1(Op::Sidt, Ms),
    row1(Op::Lgdt, Ms),
    row1(Op::Lidt, Ms),
    row1(Op::Smsw, RvMw),
    UD,
    row1(Op::Lmsw, Ew),
    row1(Op::Invlpg, M),
];

const GROUP7_REG: [Row; 8] = [UD, UD, UD, UD, row1(Op::Smsw, RvMw), UD, row1(Op::Lmsw, Ew), UD];

const GROUP8: [Row; 8] = [
    UD,
    UD,
    UD,
    UD,
    row2(Op::Bt, Ev, Ib),
    row2(Op::Bts, Ev, Ib).lock(),
    row2(Op::Btr, Ev, Ib).lock(),
    row2(Op::Btc, Ev, Ib).lock(),
];

const GROUP15_MEM: [Row; 8] = [
    row1(Op::Fxsave, Mfx),
    row1(Op::Fxrstor, Mfx),
    row1(Op::Ldmxcsr, Md),
    row1(Op::Stmxcsr, Md),
    UD,
    UD,
    UD,
    row1(Op::Clflush, M),
];

const GROUP15_REG: [Row; 8] = [UD, UD, UD, UD, UD, row0(Op::Lfence), row0(Op::Mfence), row0(Op::Sfence)];

const GROUP16_MEM: [Row; 8] = [
    row1(Op::Prefetchnta, M),
    row1(Op::Prefetcht0, M),
    row1(Op::Prefetcht1, M),
    row1(Op::Prefetcht2, M),
    HINT,
    HINT,
    HINT,
    HINT,
];
