//! x87 escape opcodes D8-DF: SDM volume 2, tables, and the aliases left from the 8087 and 80287 (AMD
//! and Intel processors execute them alike).

use crate::x86::decode::op::Op;
use crate::x86::decode::row::Form::*;
use crate::x86::decode::row::{Form, Row, row0, row1, row2};

const UD: Row = Row::INVALID;

/// The eight operations with memory or two registers, for one memory form.
const fn arith_mem(ops: [Op; 8], form: Form) -> [Row; 8] {
    let mut rows = [UD; 8];
    let mut i = 0;
    while i < 8 {
        rows[i] = row1(ops[i], form);
        i += 1;
    }
    rows
}

const REAL: [Op; 8] = [Op::Fadd, Op::Fmul, Op::Fcom, Op::Fcomp, Op::Fsub, Op::Fsubr, Op::Fdiv, Op::Fdivr];
const INTEGER: [Op; 8] =
    [Op::Fiadd, Op::Fimul, Op::Ficom, Op::Ficomp, Op::Fisub, Op::Fisubr, Op::Fidiv, Op::Fidivr];

/// Eight equal rows from `8 * group` on.
const fn octet(mut table: [Row; 64], group: usize, row: Row) -> [Row; 64] {
    let mut i = 0;
    while i < 8 {
        table[8 * group + i] = row;
        i += 1;
    }
    table
}

/// Single rows, given by their place.
const fn single(mut table: [Row; 64], list: &[(usize, Row)]) -> [Row; 64] {
    let mut i = 0;
    while i < list.len() {
        table[list[i].0] = list[i].1;
        i += 1;
    }
    table
}

/// One row a group, all eight registers.
const fn octets(rows: [Row; 8]) -> [Row; 64] {
    let mut table = [UD; 64];
    let mut i = 0;
    while i < 8 {
        table = octet(table, i, rows[i]);
        i += 1;
    }
    table
}

pub const D8_MEM: [Row; 8] = arith_mem(REAL, Md);
pub const D8_REG: [Row; 64] = octets([
    row2(Op::Fadd, St0, Sti),
    row2(Op::Fmul, St0, Sti),
    row2(Op::Fcom, St0, Sti),
    row2(Op::Fcomp, St0, Sti),
    row2(Op::Fsub, St0, Sti),
    row2(Op::Fsubr, St0, Sti),
    row2(Op::Fdiv, St0, Sti),
    row2(Op::Fdivr, St0, Sti),
]);

pub const D9_MEM: [Row; 8] = [
    row1(Op::Fld, Md),
    UD,
    row1(Op::Fst, Md),
    row1(Op::Fstp, Md),
    row1(Op::Fldenv, Menv),
    row1(Op::Fldcw, Mw),
    row1(Op::Fnstenv, Menv),
    row1(Op::Fnstcw, Mw),
];
pub const D9_REG: [Row; 64] = single(
    octets([row1(Op::Fld, Sti), row2(Op::Fxch, St0, Sti), UD, row1(Op::Fstpnce, Sti), UD, UD, UD, UD]),
    &[
        (0x10, row0(Op::Fnop)),
        (0x20, row0(Op::Fchs)),
        (0x21, row0(Op::Fabs)),
        (0x24, row0(Op::Ftst)),
        (0x25, row0(Op::Fxam)),
        (0x28, row0(Op::Fld1)),
        (0x29, row0(Op::Fldl2t)),
        (0x2A, row0(Op::Fldl2e)),
        (0x2B, row0(Op::Fldpi)),
        (0x2C, row0(Op::Fldlg2)),
        (0x2D, row0(Op::Fldln2)),
        (0x2E, row0(Op::Fldz)),
        (0x30, row0(Op::F2xm1)),
        (0x31, row0(Op::Fyl2x)),
        (0x32, row0(Op::Fptan)),
        (0x33, row0(Op::Fpatan)),
        (0x34, row0(Op::Fxtract)),
        (0x35, row0(Op::Fprem1)),
        (0x36, row0(Op::Fdecstp)),
        (0x37, row0(Op::Fincstp)),
        (0x38, row0(Op::Fprem)),
        (0x39, row0(Op::Fyl2xp1)),
        (0x3A, row0(Op::Fsqrt)),
        (0x3B, row0(Op::Fsincos)),
        (0x3C, row0(Op::Frndint)),
        (0x3D, row0(Op::Fscale)),
        (0x3E, row0(Op::Fsin)),
        (0x3F, row0(Op::Fcos)),
    ],
);

pub const DA_MEM: [Row; 8] = arith_mem(INTEGER, Md);
pub const DA_REG: [Row; 64] = single(
    octets([
        row2(Op::Fcmovb, St0, Sti),
        row2(Op::Fcmove, St0, Sti),
        row2(Op::Fcmovbe, St0, Sti),
        row2(Op::Fcmovu, St0, Sti),
        UD,
        UD,
        UD,
        UD,
    ]),
    &[(0x29, row0(Op::Fucompp))],
);

pub const DB_MEM: [Row; 8] = [
    row1(Op::Fild, Md),
    UD,
    row1(Op::Fist, Md),
    row1(Op::Fistp, Md),
    UD,
    row1(Op::Fld, Mt),
    UD,
    row1(Op::Fstp, Mt),
];
pub const DB_REG: [Row; 64] = single(
    octets([
        row2(Op::Fcmovnb, St0, Sti),
        row2(Op::Fcmovne, St0, Sti),
        row2(Op::Fcmovnbe, St0, Sti),
        row2(Op::Fcmovnu, St0, Sti),
        UD,
        row2(Op::Fucomi, St0, Sti),
        row2(Op::Fcomi, St0, Sti),
        UD,
    ]),
    &[
        (0x20, row0(Op::Fneni)),
        (0x21, row0(Op::Fndisi)),
        (0x22, row0(Op::Fnclex)),
        (0x23, row0(Op::Fninit)),
        (0x24, row0(Op::Fnsetpm)),
    ],
);

pub const DC_MEM: [Row; 8] = arith_mem(REAL, Mq);
/// The subtractions and divisions that write ST(i) have their opcodes the other way round.
pub const DC_REG: [Row; 64] = octets([
    row2(Op::Fadd, Sti, St0),
    row2(Op::Fmul, Sti, St0),
    row2(Op::Fcom, St0, Sti),
    row2(Op::Fcomp, St0, Sti),
    row2(Op::Fsubr, Sti, St0),
    row2(Op::Fsub, Sti, St0),
    row2(Op::Fdivr, Sti, St0),
    row2(Op::Fdiv, Sti, St0),
]);

pub const DD_MEM: [Row; 8] = [
    row1(Op::Fld, Mq),
    UD,
    row1(Op::Fst, Mq),
    row1(Op::Fstp, Mq),
    row1(Op::Frstor, Mstate),
    UD,
    row1(Op::Fnsave, Mstate),
    row1(Op::Fnstsw, Mw),
];
pub const DD_REG: [Row; 64] = octets([
    row1(Op::Ffree, Sti),
    row2(Op::Fxch, St0, Sti),
    row1(Op::Fst, Sti),
    row1(Op::Fstp, Sti),
    row2(Op::Fucom, St0, Sti),
    row2(Op::Fucomp, St0, Sti),
    UD,
    UD,
]);

pub const DE_MEM: [Row; 8] = arith_mem(INTEGER, Mw);
pub const DE_REG: [Row; 64] = single(
    octets([
        row2(Op::Faddp, Sti, St0),
        row2(Op::Fmulp, Sti, St0),
        row2(Op::Fcomp, St0, Sti),
        UD,
        row2(Op::Fsubrp, Sti, St0),
        row2(Op::Fsubp, Sti, St0),
        row2(Op::Fdivrp, Sti, St0),
        row2(Op::Fdivp, Sti, St0),
    ]),
    &[(0x19, row0(Op::Fcompp))],
);

pub const DF_MEM: [Row; 8] = [
    row1(Op::Fild, Mw),
    UD,
    row1(Op::Fist, Mw),
    row1(Op::Fistp, Mw),
    row1(Op::Fbld, Mt),
    row1(Op::Fild, Mq),
    row1(Op::Fbstp, Mt),
    row1(Op::Fistp, Mq),
];
pub const DF_REG: [Row; 64] = single(
    octets([
        row1(Op::Ffreep, Sti),
        row2(Op::Fxch, St0, Sti),
        row1(Op::Fstp, Sti),
        row1(Op::Fstp, Sti),
        UD,
        row2(Op::Fucomip, St0, Sti),
        row2(Op::Fcomip, St0, Sti),
        UD,
    ]),
    &[(0x20, row1(Op::Fnstsw, Ax))],
);
