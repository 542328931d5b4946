//! One-byte opcodes: SDM volume 2, tables.

use super::x87;
use crate::x86::decode::op::Op;
use crate::x86::decode::row::Form::*;
use crate::x86::decode::row::{Entry, Form, Row, fill, row0, row1, row2, row3, set};

const UD: Row = Row::INVALID;

/// The one-byte map. Prefix bytes and 0F have no entry of their own.
pub static ONE_BYTE: [Entry; 256] = build();

const fn build() -> [Entry; 256] {
    let mut table = fill([Entry::INVALID; 256], LIST);
    table = arith(table, 0x00, Op::Add, true);
    table = arith(table, 0x08, Op::Or, true);
    table = arith(table, 0x10, Op::Adc, true);
    table = arith(table, 0x18, Op::Sbb, true);
    table = arith(table, 0x20, Op::And, true);
    table = arith(table, 0x28, Op::Sub, true);
    table = arith(table, 0x30, Op::Xor, true);
    table = arith(table, 0x38, Op::Cmp, false);
    let mut i = 0;
    while i < 8 {
        table = set(table, 0x40 + i, Entry::Row(row1(Op::Inc, Zv)));
        table = set(table, 0x48 + i, Entry::Row(row1(Op::Dec, Zv)));
        table = set(table, 0x50 + i, Entry::Row(row1(Op::Push, Zv)));
        table = set(table, 0x58 + i, Entry::Row(row1(Op::Pop, Zv)));
        table = set(table, 0xB0 + i, Entry::Row(row2(Op::Mov, Zb, Ib)));
        table = set(table, 0xB8 + i, Entry::Row(row2(Op::Mov, Zv, Iz)));
        if i != 0 {
            table = set(table, 0x90 + i, Entry::Row(row2(Op::Xchg, Zv, Av)));
        }
        i += 1;
    }
    i = 0;
    while i < 16 {
        table = set(table, 0x70 + i, Entry::Row(row1(Op::Jcc, Jb).sized()));
        i += 1;
    }
    table
}

/// The six forms that every operation of the 00-3F block has.
const fn arith(mut table: [Entry; 256], base: u8, op: Op, writes: bool) -> [Entry; 256] {
    let (byte, full) = (row2(op, Eb, Gb), row2(op, Ev, Gv));
    let (byte, full) = if writes { (byte.lock(), full.lock()) } else { (byte, full) };
    table = set(table, base, Entry::Row(byte));
    table = set(table, base + 1, Entry::Row(full));
    table = set(table, base + 2, Entry::Row(row2(op, Gb, Eb)));
    table = set(table, base + 3, Entry::Row(row2(op, Gv, Ev)));
    table = set(table, base + 4, Entry::Row(row2(op, Al, Ib)));
    set(table, base + 5, Entry::Row(row2(op, Av, Iz)))
}

const LIST: &[(u8, Entry)] = &[
    (0x06, Entry::Row(row1(Op::PushSeg, Es).sized())),
    (0x07, Entry::Row(row1(Op::PopSeg, Es).sized())),
    (0x0E, Entry::Row(row1(Op::PushSeg, Cs).sized())),
    (0x16, Entry::Row(row1(Op::PushSeg, Ss).sized())),
    (0x17, Entry::Row(row1(Op::PopSeg, Ss).sized())),
    (0x1E, Entry::Row(row1(Op::PushSeg, Ds).sized())),
    (0x1F, Entry::Row(row1(Op::PopSeg, Ds).sized())),
    (0x27, Entry::Row(row0(Op::Daa))),
    (0x2F, Entry::Row(row0(Op::Das))),
    (0x37, Entry::Row(row0(Op::Aaa))),
    (0x3F, Entry::Row(row0(Op::Aas))),
    (0x60, Entry::Row(row0(Op::Pusha).sized())),
    (0x61, Entry::Row(row0(Op::Popa).sized())),
    (0x62, Entry::Row(row2(Op::Bound, Gv, Ma).by_first())),
    (0x63, Entry::Row(row2(Op::Arpl, Ew, Gw))),
    (0x68, Entry::Row(row1(Op::Push, Iz))),
    (0x69, Entry::Row(row3(Op::Imul, Gv, Ev, Iz))),
    (0x6A, Entry::Row(row1(Op::Push, Ibs))),
    (0x6B, Entry::Row(row3(Op::Imul, Gv, Ev, Ibs))),
    (0x6C, Entry::Row(row2(Op::Ins, Yb, Dx))),
    (0x6D, Entry::Row(row2(Op::Ins, Yv, Dx))),
    (0x6E, Entry::Row(row2(Op::Outs, Dx, Xb))),
    (0x6F, Entry::Row(row2(Op::Outs, Dx, Xv))),
    (0x80, Entry::Group(&group1(Eb, Ib))),
    (0x81, Entry::Group(&group1(Ev, Iz))),
    (0x82, Entry::Group(&group1(Eb, Ib))),
    (0x83, Entry::Group(&group1(Ev, Ibs))),
    (0x84, Entry::Row(row2(Op::Test, Eb, Gb))),
    (0x85, Entry::Row(row2(Op::Test, Ev, Gv))),
    (0x86, Entry::Row(row2(Op::Xchg, Eb, Gb).lock())),
    (0x87, Entry::Row(row2(Op::Xchg, Ev, Gv).lock())),
    (0x88, Entry::Row(row2(Op::Mov, Eb, Gb))),
    (0x89, Entry::Row(row2(Op::Mov, Ev, Gv))),
    (0x8A, Entry::Row(row2(Op::Mov, Gb, Eb))),
    (0x8B, Entry::Row(row2(Op::Mov, Gv, Ev))),
    (0x8C, Entry::Row(row2(Op::MovFromSeg, RvMw, Sw))),
    (0x8D, Entry::Row(row2(Op::Lea, Gv, M).by_first())),
    (0x8E, Entry::Row(row2(Op::MovToSeg, Sw, Ew))),
    (0x8F, Entry::Group(&[row1(Op::Pop, Ev), UD, UD, UD, UD, UD, UD, UD])),
    // XCHG EAX,EAX does nothing, and with F3 it is PAUSE.
    (0x90, Entry::Prefix(&[NOP, NOP, Entry::Row(row0(Op::Pause)), NOP])),
    (0x98, Entry::Row(row0(Op::Cbw).sized())),
    (0x99, Entry::Row(row0(Op::Cwd).sized())),
    (0x9A, Entry::Row(row1(Op::CallFarPtr, Ap).sized())),
    (0x9B, Entry::Row(row0(Op::Fwait))),
    (0x9C, Entry::Row(row0(Op::Pushf).sized())),
    (0x9D, Entry::Row(row0(Op::Popf).sized())),
    (0x9E, Entry::Row(row0(Op::Sahf))),
    (0x9F, Entry::Row(row0(Op::Lahf))),
    (0xA0, Entry::Row(row2(Op::Mov, Al, Ob))),
    (0xA1, Entry::Row(row2(Op::Mov, Av, Ov))),
    (0xA2, Entry::Row(row2(Op::Mov, Ob, Al))),
    (0xA3, Entry::Row(row2(Op::Mov, Ov, Av))),
    (0xA4, Entry::Row(row2(Op::Movs, Yb, Xb))),
    (0xA5, Entry::Row(row2(Op::Movs, Yv, Xv))),
    (0xA6, Entry::Row(row2(Op::Cmps, Xb, Yb))),
    (0xA7, Entry::Row(row2(Op::Cmps, Xv, Yv))),
    (0xA8, Entry::Row(row2(Op::Test, Al, Ib))),
    (0xA9, Entry::Row(row2(Op::Test, Av, Iz))),
    (0xAA, Entry::Row(row2(Op::Stos, Yb, Al))),
    (0xAB, Entry::Row(row2(Op::Stos, Yv, Av))),
    (0xAC, Entry::Row(row2(Op::Lods, Al, Xb))),
    (0xAD, Entry::Row(row2(Op::Lods, Av, Xv))),
    (0xAE, Entry::Row(row2(Op::Scas, Al, Yb))),
    (0xAF, Entry::Row(row2(Op::Scas, Av, Yv))),
    (0xC0, Entry::Group(&group2(Eb, Ib))),
    (0xC1, Entry::Group(&group2(Ev, Ib))),
    (0xC2, Entry::Row(row1(Op::RetNear, Iw).sized())),
    (0xC3, Entry::Row(row0(Op::RetNear).sized())),
    (0xC4, Entry::Row(row2(Op::Les, Gv, Mp).by_first())),
    (0xC5, Entry::Row(row2(Op::Lds, Gv, Mp).by_first())),
    (0xC6, Entry::Group(&[row2(Op::Mov, Eb, Ib), UD, UD, UD, UD, UD, UD, UD])),
    (0xC7, Entry::Group(&[row2(Op::Mov, Ev, Iz), UD, UD, UD, UD, UD, UD, UD])),
    (0xC8, Entry::Row(row2(Op::Enter, Iw, Ib2).sized())),
    (0xC9, Entry::Row(row0(Op::Leave).sized())),
    (0xCA, Entry::Row(row1(Op::RetFar, Iw).sized())),
    (0xCB, Entry::Row(row0(Op::RetFar).sized())),
    (0xCC, Entry::Row(row0(Op::Int3))),
    (0xCD, Entry::Row(row1(Op::Int, Ib))),
    (0xCE, Entry::Row(row0(Op::Into))),
    (0xCF, Entry::Row(row0(Op::Iret).sized())),
    (0xD0, Entry::Group(&group2(Eb, One))),
    (0xD1, Entry::Group(&group2(Ev, One))),
    (0xD2, Entry::Group(&group2(Eb, Cl))),
    (0xD3, Entry::Group(&group2(Ev, Cl))),
    (0xD4, Entry::Row(row1(Op::Aam, Ib))),
    (0xD5, Entry::Row(row1(Op::Aad, Ib))),
    (0xD6, Entry::Row(row0(Op::Salc))),
    (0xD7, Entry::Row(row1(Op::Xlat, XlatB))),
    (0xD8, Entry::Escape(&x87::D8_MEM, &x87::D8_REG)),
    (0xD9, Entry::Escape(&x87::D9_MEM, &x87::D9_REG)),
    (0xDA, Entry::Escape(&x87::DA_MEM, &x87::DA_REG)),
    (0xDB, Entry::Escape(&x87::DB_MEM, &x87::DB_REG)),
    (0xDC, Entry::Escape(&x87::DC_MEM, &x87::DC_REG)),
    (0xDD, Entry::Escape(&x87::DD_MEM, &x87::DD_REG)),
    (0xDE, Entry::Escape(&x87::DE_MEM, &x87::DE_REG)),
    (0xDF, Entry::Escape(&x87::DF_MEM, &x87::DF_REG)),
    (0xE0, Entry::Row(row1(Op::Loopne, Jb).sized())),
    (0xE1, Entry::Row(row1(Op::Loope, Jb).sized())),
    (0xE2, Entry::Row(row1(Op::Loop, Jb).sized())),
    (0xE3, Entry::Row(row1(Op::Jcxz, Jb).sized())),
    (0xE4, Entry::Row(row2(Op::In, Al, Ib))),
    (0xE5, Entry::Row(row2(Op::In, Av, Ib).by_first())),
    (0xE6, Entry::Row(row2(Op::Out, Ib, Al).by_second())),
    (0xE7, Entry::Row(row2(Op::Out, Ib, Av).by_second())),
    (0xE8, Entry::Row(row1(Op::CallRel, Jz).sized())),
    (0xE9, Entry::Row(row1(Op::JmpRel, Jz).sized())),
    (0xEA, Entry::Row(row1(Op::JmpFarPtr, Ap).sized())),
    (0xEB, Entry::Row(row1(Op::JmpRel, Jb).sized())),
    (0xEC, Entry::Row(row2(Op::In, Al, Dx))),
    (0xED, Entry::Row(row2(Op::In, Av, Dx))),
    (0xEE, Entry::Row(row2(Op::Out, Dx, Al).by_second())),
    (0xEF, Entry::Row(row2(Op::Out, Dx, Av).by_second())),
    (0xF1, Entry::Row(row0(Op::Int1))),
    (0xF4, Entry::Row(row0(Op::Hlt))),
    (0xF5, Entry::Row(row0(Op::Cmc))),
    (0xF6, Entry::Group(&group3(Eb, Ib))),
    (0xF7, Entry::Group(&group3(Ev, Iz))),
    (0xF8, Entry::Row(row0(Op::Clc))),
    (0xF9, Entry::Row(row0(Op::Stc))),
    (0xFA, Entry::Row(row0(Op::Cli))),
    (0xFB, Entry::Row(row0(Op::Sti))),
    (0xFC, Entry::Row(row0(Op::Cld))),
    (0xFD, Entry::Row(row0(Op::Std))),
    (0xFE, Entry::Group(&[row1(Op::Inc, Eb).lock(), row1(Op::Dec, Eb).lock(), UD, UD, UD, UD, UD, UD])),
    (0xFF, Entry::Group(&GROUP5)),
];

const NOP: Entry = Entry::Row(row0(Op::Nop));

/// Immediate group 1: arithmetic with a constant.
const fn group1(destination: Form, constant: Form) -> [Row; 8] {
    [
        row2(Op::Add, destination, constant).lock(),
        row2(Op::Or, destination, constant).lock(),
        row2(Op::Adc, destination, constant).lock(),
        row2(Op::Sbb, destination, constant).lock(),
        row2(Op::And, destination, constant).lock(),
        row2(Op::Sub, destination, constant).lock(),
        row2(Op::Xor, destination, constant).lock(),
        row2(Op::Cmp, destination, constant),
    ]
}

/// Shift group 2. Member 6 does what member 4 does on every processor.
const fn group2(destination: Form, count: Form) -> [Row; 8] {
    [
        row2(Op::Rol, destination, count),
        row2(Op::Ror, destination, count),
        row2(Op::Rcl, destination, count),
        row2(Op::Rcr, destination, count),
        row2(Op::Shl, destination, count),
        row2(Op::Shr, destination, count),
        row2(Op::Shl, destination, count),
        row2(Op::Sar, destination, count),
    ]
}

/// Unary group 3. Member 1 does what member 0 does on every processor.
const fn group3(operand: Form, constant: Form) -> [Row; 8] {
    [
        row2(Op::Test, operand, constant),
        row2(Op::Test, operand, constant),
        row1(Op::Not, operand).lock(),
        row1(Op::Neg, operand).lock(),
        row1(Op::Mul, operand),
        row1(Op::Imul, operand),
        row1(Op::Div, operand),
        row1(Op::Idiv, operand),
    ]
}

/// INC/DEC and indirect branch group 5.
const GROUP5: [Row; 8] = [
    row1(Op::Inc, Ev).lock(),
    row1(Op::Dec, Ev).lock(),
    row1(Op::CallInd, Ev),
    row1(Op::CallFarInd, Mp).sized(),
    row1(Op::JmpInd, Ev),
    row1(Op::JmpFarInd, Mp).sized(),
    row1(Op::Push, Ev),
    UD,
];
