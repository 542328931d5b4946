//! MMX, SSE and SSE2 opcodes of the two-byte map: SDM volume 2, table A-3. The mandatory prefix chooses the row; a
//! prefix without a row there makes the opcode undefined.

use crate::x86::decode::op::Op;
use crate::x86::decode::row::Form::*;
use crate::x86::decode::row::{Entry, Form, Row, row0, row2, row3};

const UD: Row = Row::INVALID;
const NO: Entry = Entry::INVALID;
const UDS: [Row; 8] = [UD; 8];

const fn two(op: Op, a: Form, b: Form) -> Entry {
    Entry::Row(row2(op, a, b))
}

const fn three(op: Op, a: Form, b: Form, c: Form) -> Entry {
    Entry::Row(row3(op, a, b, c))
}

/// An integer operation on an MMX register, and with 66 on an XMM register.
const fn both(op: Op) -> [Entry; 4] {
    [two(op, Pq, Qq), two(op, Vx, Wdq), NO, NO]
}

/// A packed single operation, and with 66 a packed double one.
const fn packed(single: Op, double: Op) -> [Entry; 4] {
    [two(single, Vx, Wdq), two(double, Vx, Wdq), NO, NO]
}

/// Packed single, packed double, scalar single, scalar double.
const fn all(ps: Op, pd: Op, ss: Op, sd: Op) -> [Entry; 4] {
    [two(ps, Vx, Wdq), two(pd, Vx, Wdq), two(ss, Vx, Wd), two(sd, Vx, Wq)]
}

/// Shift by an immediate of the MMX or XMM register in ModRM.rm.
const fn shift(right: Op, arithmetic: Op, left: Op, register: Form) -> [Row; 8] {
    let arithmetic =
        if arithmetic as u16 == Op::Invalid as u16 { UD } else { row2(arithmetic, register, Ib) };
    [UD, UD, row2(right, register, Ib), UD, arithmetic, UD, row2(left, register, Ib), UD]
}

const SHIFT_Q_MM: [Row; 8] = shift(Op::Psrlq, Op::Invalid, Op::Psllq, Nq);
const SHIFT_Q_XMM: [Row; 8] = [
    UD,
    UD,
    row2(Op::Psrlq, Ux, Ib),
    row2(Op::Psrldq, Ux, Ib),
    UD,
    UD,
    row2(Op::Psllq, Ux, Ib),
    row2(Op::Pslldq, Ux, Ib),
];

/// Register-only entry of a shift group.
const fn registers(rows: &'static [Row; 8]) -> Entry {
    Entry::Split(&UDS, rows)
}

/// Moves, and conversions between the register files.
pub const MOVES: &[(u8, Entry)] = &[
    (0x10, Entry::Prefix(&all(Op::Movups, Op::Movupd, Op::Movss, Op::Movsd))),
    (
        0x11,
        Entry::Prefix(&[
            two(Op::Movups, Wdq, Vx),
            two(Op::Movupd, Wdq, Vx),
            two(Op::Movss, Wd, Vx),
            two(Op::Movsd, Wq, Vx),
        ]),
    ),
    (
        0x12,
        Entry::Prefix(&[
            Entry::Split(&[row2(Op::Movlps, Vx, Mq); 8], &[row2(Op::Movhlps, Vx, Ux); 8]),
            two(Op::Movlpd, Vx, Mq),
            NO,
            NO,
        ]),
    ),
    (0x13, Entry::Prefix(&[two(Op::Movlps, Mq, Vx), two(Op::Movlpd, Mq, Vx), NO, NO])),
    (
        0x16,
        Entry::Prefix(&[
            Entry::Split(&[row2(Op::Movhps, Vx, Mq); 8], &[row2(Op::Movlhps, Vx, Ux); 8]),
            two(Op::Movhpd, Vx, Mq),
            NO,
            NO,
        ]),
    ),
    (0x17, Entry::Prefix(&[two(Op::Movhps, Mq, Vx), two(Op::Movhpd, Mq, Vx), NO, NO])),
    (0x28, Entry::Prefix(&packed(Op::Movaps, Op::Movapd))),
    (0x29, Entry::Prefix(&[two(Op::Movaps, Wdq, Vx), two(Op::Movapd, Wdq, Vx), NO, NO])),
    (0x2B, Entry::Prefix(&[two(Op::Movntps, Mdq, Vx), two(Op::Movntpd, Mdq, Vx), NO, NO])),
    (0x50, Entry::Prefix(&[two(Op::Movmskps, Gd, Ux), two(Op::Movmskpd, Gd, Ux), NO, NO])),
    (0x6E, Entry::Prefix(&[two(Op::Movd, Pq, Ed), two(Op::Movd, Vx, Ed), NO, NO])),
    (0x6F, Entry::Prefix(&[two(Op::Movq, Pq, Qq), two(Op::Movdqa, Vx, Wdq), two(Op::Movdqu, Vx, Wdq), NO])),
    (0x7E, Entry::Prefix(&[two(Op::Movd, Ed, Pq), two(Op::Movd, Ed, Vx), two(Op::Movq, Vx, Wq), NO])),
    (0x7F, Entry::Prefix(&[two(Op::Movq, Qq, Pq), two(Op::Movdqa, Wdq, Vx), two(Op::Movdqu, Wdq, Vx), NO])),
    (0xC3, Entry::Prefix(&[two(Op::Movnti, Md, Gd), NO, NO, NO])),
    (0xD6, Entry::Prefix(&[NO, two(Op::Movq, Wq, Vx), two(Op::Movq2dq, Vx, Nq), two(Op::Movdq2q, Pq, Ux)])),
    (0xE7, Entry::Prefix(&[two(Op::Movntq, Mq, Pq), two(Op::Movntdq, Mdq, Vx), NO, NO])),
    (0xF7, Entry::Prefix(&[three(Op::Maskmovq, DiQ, Pq, Nq), three(Op::Maskmovdqu, DiDq, Vx, Ux), NO, NO])),
];

/// Floating-point arithmetic, comparison, conversion.
pub const FLOAT: &[(u8, Entry)] = &[
    (0x14, Entry::Prefix(&packed(Op::Unpcklps, Op::Unpcklpd))),
    (0x15, Entry::Prefix(&packed(Op::Unpckhps, Op::Unpckhpd))),
    (
        0x2A,
        Entry::Prefix(&[
            two(Op::Cvtpi2ps, Vx, Qq),
            two(Op::Cvtpi2pd, Vx, Qq),
            two(Op::Cvtsi2ss, Vx, Ed),
            two(Op::Cvtsi2sd, Vx, Ed),
        ]),
    ),
    (
        0x2C,
        Entry::Prefix(&[
            two(Op::Cvttps2pi, Pq, Wq),
            two(Op::Cvttpd2pi, Pq, Wdq),
            two(Op::Cvttss2si, Gd, Wd),
            two(Op::Cvttsd2si, Gd, Wq),
        ]),
    ),
    (
        0x2D,
        Entry::Prefix(&[
            two(Op::Cvtps2pi, Pq, Wq),
            two(Op::Cvtpd2pi, Pq, Wdq),
            two(Op::Cvtss2si, Gd, Wd),
            two(Op::Cvtsd2si, Gd, Wq),
        ]),
    ),
    (0x2E, Entry::Prefix(&[two(Op::Ucomiss, Vx, Wd), two(Op::Ucomisd, Vx, Wq), NO, NO])),
    (0x2F, Entry::Prefix(&[two(Op::Comiss, Vx, Wd), two(Op::Comisd, Vx, Wq), NO, NO])),
    (0x51, Entry::Prefix(&all(Op::Sqrtps, Op::Sqrtpd, Op::Sqrtss, Op::Sqrtsd))),
    (0x52, Entry::Prefix(&[two(Op::Rsqrtps, Vx, Wdq), NO, two(Op::Rsqrtss, Vx, Wd), NO])),
    (0x53, Entry::Prefix(&[two(Op::Rcpps, Vx, Wdq), NO, two(Op::Rcpss, Vx, Wd), NO])),
    (0x54, Entry::Prefix(&packed(Op::Andps, Op::Andpd))),
    (0x55, Entry::Prefix(&packed(Op::Andnps, Op::Andnpd))),
    (0x56, Entry::Prefix(&packed(Op::Orps, Op::Orpd))),
    (0x57, Entry::Prefix(&packed(Op::Xorps, Op::Xorpd))),
    (0x58, Entry::Prefix(&all(Op::Addps, Op::Addpd, Op::Addss, Op::Addsd))),
    (0x59, Entry::Prefix(&all(Op::Mulps, Op::Mulpd, Op::Mulss, Op::Mulsd))),
    (
        0x5A,
        Entry::Prefix(&[
            two(Op::Cvtps2pd, Vx, Wq),
            two(Op::Cvtpd2ps, Vx, Wdq),
            two(Op::Cvtss2sd, Vx, Wd),
            two(Op::Cvtsd2ss, Vx, Wq),
        ]),
    ),
    (
        0x5B,
        Entry::Prefix(&[
            two(Op::Cvtdq2ps, Vx, Wdq),
            two(Op::Cvtps2dq, Vx, Wdq),
            two(Op::Cvttps2dq, Vx, Wdq),
            NO,
        ]),
    ),
    (0x5C, Entry::Prefix(&all(Op::Subps, Op::Subpd, Op::Subss, Op::Subsd))),
    (0x5D, Entry::Prefix(&all(Op::Minps, Op::Minpd, Op::Minss, Op::Minsd))),
    (0x5E, Entry::Prefix(&all(Op::Divps, Op::Divpd, Op::Divss, Op::Divsd))),
    (0x5F, Entry::Prefix(&all(Op::Maxps, Op::Maxpd, Op::Maxss, Op::Maxsd))),
    (
        0xC2,
        Entry::Prefix(&[
            three(Op::Cmpps, Vx, Wdq, Ib),
            three(Op::Cmppd, Vx, Wdq, Ib),
            three(Op::Cmpss, Vx, Wd, Ib),
            three(Op::Cmpsd, Vx, Wq, Ib),
        ]),
    ),
    (0xC6, Entry::Prefix(&[three(Op::Shufps, Vx, Wdq, Ib), three(Op::Shufpd, Vx, Wdq, Ib), NO, NO])),
    (
        0xE6,
        Entry::Prefix(&[
            NO,
            two(Op::Cvttpd2dq, Vx, Wdq),
            two(Op::Cvtdq2pd, Vx, Wq),
            two(Op::Cvtpd2dq, Vx, Wdq),
        ]),
    ),
];

/// Packed integers.
pub const INTEGER: &[(u8, Entry)] = &[
    (0x60, Entry::Prefix(&[two(Op::Punpcklbw, Pq, Qd), two(Op::Punpcklbw, Vx, Wdq), NO, NO])),
    (0x61, Entry::Prefix(&[two(Op::Punpcklwd, Pq, Qd), two(Op::Punpcklwd, Vx, Wdq), NO, NO])),
    (0x62, Entry::Prefix(&[two(Op::Punpckldq, Pq, Qd), two(Op::Punpckldq, Vx, Wdq), NO, NO])),
    (0x63, Entry::Prefix(&both(Op::Packsswb))),
    (0x64, Entry::Prefix(&both(Op::Pcmpgtb))),
    (0x65, Entry::Prefix(&both(Op::Pcmpgtw))),
    (0x66, Entry::Prefix(&both(Op::Pcmpgtd))),
    (0x67, Entry::Prefix(&both(Op::Packuswb))),
    (0x68, Entry::Prefix(&both(Op::Punpckhbw))),
    (0x69, Entry::Prefix(&both(Op::Punpckhwd))),
    (0x6A, Entry::Prefix(&both(Op::Punpckhdq))),
    (0x6B, Entry::Prefix(&both(Op::Packssdw))),
    (0x6C, Entry::Prefix(&[NO, two(Op::Punpcklqdq, Vx, Wdq), NO, NO])),
    (0x6D, Entry::Prefix(&[NO, two(Op::Punpckhqdq, Vx, Wdq), NO, NO])),
    (
        0x70,
        Entry::Prefix(&[
            three(Op::Pshufw, Pq, Qq, Ib),
            three(Op::Pshufd, Vx, Wdq, Ib),
            three(Op::Pshufhw, Vx, Wdq, Ib),
            three(Op::Pshuflw, Vx, Wdq, Ib),
        ]),
    ),
    (
        0x71,
        Entry::Prefix(&[
            registers(&shift(Op::Psrlw, Op::Psraw, Op::Psllw, Nq)),
            registers(&shift(Op::Psrlw, Op::Psraw, Op::Psllw, Ux)),
            registers(&UDS),
            registers(&UDS),
        ]),
    ),
    (
        0x72,
        Entry::Prefix(&[
            registers(&shift(Op::Psrld, Op::Psrad, Op::Pslld, Nq)),
            registers(&shift(Op::Psrld, Op::Psrad, Op::Pslld, Ux)),
            registers(&UDS),
            registers(&UDS),
        ]),
    ),
    (
        0x73,
        Entry::Prefix(&[registers(&SHIFT_Q_MM), registers(&SHIFT_Q_XMM), registers(&UDS), registers(&UDS)]),
    ),
    (0x74, Entry::Prefix(&both(Op::Pcmpeqb))),
    (0x75, Entry::Prefix(&both(Op::Pcmpeqw))),
    (0x76, Entry::Prefix(&both(Op::Pcmpeqd))),
    (0x77, Entry::Prefix(&[Entry::Row(row0(Op::Emms)), NO, NO, NO])),
    (0xC4, Entry::Prefix(&[three(Op::Pinsrw, Pq, RdMw, Ib), three(Op::Pinsrw, Vx, RdMw, Ib), NO, NO])),
    (0xC5, Entry::Prefix(&[three(Op::Pextrw, Gd, Nq, Ib), three(Op::Pextrw, Gd, Ux, Ib), NO, NO])),
    (0xD1, Entry::Prefix(&both(Op::Psrlw))),
    (0xD2, Entry::Prefix(&both(Op::Psrld))),
    (0xD3, Entry::Prefix(&both(Op::Psrlq))),
    (0xD4, Entry::Prefix(&both(Op::Paddq))),
    (0xD5, Entry::Prefix(&both(Op::Pmullw))),
    (0xD7, Entry::Prefix(&[two(Op::Pmovmskb, Gd, Nq), two(Op::Pmovmskb, Gd, Ux), NO, NO])),
    (0xD8, Entry::Prefix(&both(Op::Psubusb))),
    (0xD9, Entry::Prefix(&both(Op::Psubusw))),
    (0xDA, Entry::Prefix(&both(Op::Pminub))),
    (0xDB, Entry::Prefix(&both(Op::Pand))),
    (0xDC, Entry::Prefix(&both(Op::Paddusb))),
    (0xDD, Entry::Prefix(&both(Op::Paddusw))),
    (0xDE, Entry::Prefix(&both(Op::Pmaxub))),
    (0xDF, Entry::Prefix(&both(Op::Pandn))),
    (0xE0, Entry::Prefix(&both(Op::Pavgb))),
    (0xE1, Entry::Prefix(&both(Op::Psraw))),
    (0xE2, Entry::Prefix(&both(Op::Psrad))),
    (0xE3, Entry::Prefix(&both(Op::Pavgw))),
    (0xE4, Entry::Prefix(&both(Op::Pmulhuw))),
    (0xE5, Entry::Prefix(&both(Op::Pmulhw))),
    (0xE8, Entry::Prefix(&both(Op::Psubsb))),
    (0xE9, Entry::Prefix(&both(Op::Psubsw))),
    (0xEA, Entry::Prefix(&both(Op::Pminsw))),
    (0xEB, Entry::Prefix(&both(Op::Por))),
    (0xEC, Entry::Prefix(&both(Op::Paddsb))),
    (0xED, Entry::Prefix(&both(Op::Paddsw))),
    (0xEE, Entry::Prefix(&both(Op::Pmaxsw))),
    (0xEF, Entry::Prefix(&both(Op::Pxor))),
    (0xF1, Entry::Prefix(&both(Op::Psllw))),
    (0xF2, Entry::Prefix(&both(Op::Pslld))),
    (0xF3, Entry::Prefix(&both(Op::Psllq))),
    (0xF4, Entry::Prefix(&both(Op::Pmuludq))),
    (0xF5, Entry::Prefix(&both(Op::Pmaddwd))),
    (0xF6, Entry::Prefix(&both(Op::Psadbw))),
    (0xF8, Entry::Prefix(&both(Op::Psubb))),
    (0xF9, Entry::Prefix(&both(Op::Psubw))),
    (0xFA, Entry::Prefix(&both(Op::Psubd))),
    (0xFB, Entry::Prefix(&both(Op::Psubq))),
    (0xFC, Entry::Prefix(&both(Op::Paddb))),
    (0xFD, Entry::Prefix(&both(Op::Paddw))),
    (0xFE, Entry::Prefix(&both(Op::Paddd))),
];
