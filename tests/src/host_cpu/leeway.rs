//! What the recording host is not to be followed in: one table, each row with the reason.

use super::keys::Key;
use super::{FX, Outcome, PAGE_FAULT, Test, fx};
use emu_core::x86::decode::{Op, decode};

/// A row of the table.
pub struct Leeway {
    /// Forms it is about.
    pub operations: &'static [Op],
    /// Why the manual or the modelled CPU lets ours differ.
    pub reason: &'static str,
    /// Takes from the host what may differ.
    forgive: fn(&Test, &mut Outcome, &Outcome),
}

/// The table.
pub const LEEWAY: [Leeway; 14] = [
    Leeway {
        operations: &[],
        reason: "The x87's instruction and data pointers and opcode are lost between test and recording: AMD's FXSAVE and \
                 FXRSTOR pass over them while no exception is pending (AMD64 manual vol. 5, FXSAVE), 64-bit ones have no \
                 selectors.",
        forgive: |_, ours, host| {
            ours.fx[fx::OPCODE..fx::MXCSR].copy_from_slice(&host.fx[fx::OPCODE..fx::MXCSR]);
            ours.fx[fx::MXCSR_MASK..fx::ST0].copy_from_slice(&host.fx[fx::MXCSR_MASK..fx::ST0]);
        },
    },
    Leeway {
        operations: &[Op::Fnstenv, Op::Fnsave, Op::Fxsave],
        reason: "So what is stored of them in memory is not compared, nor are FXSAVE's MXCSR_MASK (newer CPUs have more \
                 bits) and reserved fields (SDM vol. 2, FXSAVE: not to be relied on).",
        forgive: stored_pointers,
    },
    Leeway {
        operations: &[Op::Lar],
        reason: "LAR leaves bits 16-19 of its result undefined (SDM vol. 2, LAR): descriptor bits on some CPUs, 0 on \
                 others.",
        forgive: |_, ours, host| {
            for (ours, host) in ours.regs.iter_mut().zip(host.regs) {
                *ours = *ours & !0xF_0000 | host & 0xF_0000;
            }
        },
    },
    Leeway {
        operations: &[Op::Pusha],
        reason: "How much PUSHA has written when it faults is the CPU's affair (SDM vol. 3A, 6.5: it is restartable).",
        forgive: |_, ours, host| {
            if both_fault(ours, host) {
                ours.data = host.data;
            }
        },
    },
    Leeway {
        operations: &[Op::Popa],
        reason: "How many registers POPA has loaded when it faults is the CPU's affair.",
        forgive: |_, ours, host| {
            if both_fault(ours, host) {
                let esp = ours.regs[4];
                ours.regs = host.regs;
                ours.regs[4] = esp;
            }
        },
    },
    Leeway {
        operations: &[Op::Cmps],
        reason: "Which of its two operands CMPS looks at first is not said (SDM vol. 2, CMPS).",
        forgive: |_, ours, host| {
            if both_fault(ours, host) {
                (ours.exception, ours.cr2) = (host.exception, host.cr2);
            }
        },
    },
    Leeway {
        operations: &[
            Op::Fld,
            Op::Fstp,
            Op::Fbld,
            Op::Fbstp,
            Op::Fldenv,
            Op::Fnstenv,
            Op::Frstor,
            Op::Fnsave,
            Op::Fxsave,
            Op::Fxrstor,
            Op::Maskmovq,
            Op::Maskmovdqu,
        ],
        reason: "Of an operand of several parts, which part is accessed first, and so which address within it a page \
                 fault reports, is not said (SDM vol. 3A, 4.7: the address of an access that failed).",
        forgive: |_, ours, host| {
            let vectors = [ours.exception, host.exception].map(|e| e.map(|(vector, _)| vector));
            if vectors == [Some(PAGE_FAULT); 2] && ours.cr2.abs_diff(host.cr2) < 512 {
                (ours.exception, ours.cr2) = (host.exception, host.cr2);
            }
        },
    },
    Leeway {
        operations: &[Op::Maskmovq, Op::Maskmovdqu],
        reason: "Bytes that the mask leaves out may or may not fault (SDM vol. 2, MASKMOVQ).",
        forgive: |_, ours, host| {
            if host.exception.is_some() && ours.exception.is_none() {
                *ours = host.clone();
            }
        },
    },
    Leeway {
        operations: &[Op::Fcomi, Op::Fcomip, Op::Fucomi, Op::Fucomip],
        reason: "FCOMI and its like clear C1, and leave EFLAGS alone if they raise an unmasked invalid-operation \
                 exception (SDM vol. 2, FCOMI); AMD CPUs leave C1 alone and set the flags.",
        forgive: |_, ours, host| {
            take_c1(ours, host);
            if host.fx[fx::STATUS] & !host.fx[fx::CONTROL] & 1 != 0 {
                ours.eflags = host.eflags;
            }
        },
    },
    Leeway {
        operations: &[Op::Cvtpi2ps],
        reason: "CVTPI2PS waits for the x87 and puts it into MMX state (SDM vol. 2, CVTPI2PS); on AMD CPUs not with a \
                 memory operand.",
        forgive: |test, ours, host| {
            let in_memory = decode(&test.code, test.is_code32()).is_ok_and(|inst| inst.has_mem());
            if in_memory && ours.exception.is_none() {
                take_x87(ours, host);
            }
            if in_memory && ours.exception == Some((X87_ERROR, 0)) {
                *ours = host.clone();
            }
        },
    },
    Leeway {
        operations: &[Op::Cvtpi2ps, Op::Cvtps2pi, Op::Cvttps2pi, Op::Cvtpd2pi, Op::Cvttpd2pi, Op::Maskmovq],
        reason: "A fault leaves the registers as they were (SDM vol. 3A, 6.5); AMD CPUs have the x87 in MMX state by \
                 then.",
        forgive: |_, ours, host| {
            if both_fault(ours, host) {
                take_x87(ours, host);
            }
        },
    },
    Leeway {
        operations: &[
            Op::F2xm1,
            Op::Fyl2x,
            Op::Fyl2xp1,
            Op::Fptan,
            Op::Fpatan,
            Op::Fsin,
            Op::Fcos,
            Op::Fsincos,
        ],
        reason: "Transcendentals are within one unit of the last place (SDM vol. 1, 8.3.10); ours are correctly rounded. \
                 C1 tells the direction of rounding, which follows.",
        forgive: last_bit,
    },
    Leeway {
        operations: &[Op::Fyl2xp1],
        reason: "FYL2XP1 is undefined for operands below -(1 - sqrt(1/2)) or above sqrt(2) - 1 (SDM vol. 2, FYL2XP1).",
        forgive: |test, ours, host| {
            let word = |at: usize| u16::from_le_bytes([test.fx[at], test.fx[at + 1]]);
            let magnitude = (word(fx::ST0 + 8) & 0x7FFF, word(fx::ST0 + 6));
            // 1 - sqrt(1/2) is 0.292893, sign and exponent 3FFDh, significand 95F6h...
            if magnitude >= (0x3FFD, 0x95F6) {
                take_x87(ours, host);
            }
        },
    },
    Leeway {
        operations: &[Op::Rcpps, Op::Rcpss, Op::Rsqrtps, Op::Rsqrtss],
        reason: "Approximations with a relative error of at most 1.5 * 2^-12, of each CPU's own making (SDM vol. 2, \
                 RCPPS, RSQRTPS).",
        forgive: approximations,
    },
];

/// Offsets of what a stored image has that is not compared.
fn stored_pointers(test: &Test, ours: &mut Outcome, host: &Outcome) {
    let Ok(inst) = decode(&test.code, test.is_code32()) else { return };
    let fields: Vec<usize> = match (inst.op, inst.opsize32) {
        (Op::Fxsave, _) => (fx::OPCODE..fx::MXCSR)
            .chain(fx::MXCSR_MASK..fx::ST0)
            .chain((0..8).flat_map(|i| fx::ST0 + 16 * i + 10..fx::ST0 + 16 * (i + 1)))
            .chain(FX..512)
            .chain([fx::TAGS + 1])
            .collect(),
        (_, true) => (12..28).collect(),
        (_, false) => (6..14).collect(),
    };
    let operand = test.operand(&inst);
    for (window, start) in test.window.into_iter().enumerate() {
        for at in fields.iter().map(|field| operand.wrapping_add(*field as u32).wrapping_sub(start) as usize)
        {
            if let (Some(ours), Some(host)) = (ours.data[window].get_mut(at), host.data[window].get(at)) {
                *ours = *host;
            }
        }
    }
}

/// #MF.
const X87_ERROR: u8 = 16;
const C1: u8 = 1 << 1;

fn take_c1(ours: &mut Outcome, host: &Outcome) {
    ours.fx[fx::STATUS + 1] = ours.fx[fx::STATUS + 1] & !C1 | host.fx[fx::STATUS + 1] & C1;
}

/// Status and tag words and registers.
fn take_x87(ours: &mut Outcome, host: &Outcome) {
    ours.fx[..fx::MXCSR].copy_from_slice(&host.fx[..fx::MXCSR]);
    ours.fx[fx::ST0..fx::XMM0].copy_from_slice(&host.fx[fx::ST0..fx::XMM0]);
}

/// ST(0) and ST(1) within one unit of the last place, and C1 with them.
fn last_bit(_: &Test, ours: &mut Outcome, host: &Outcome) {
    for at in [fx::ST0, fx::ST0 + 16] {
        let number = |image: &[u8; FX]| {
            let bytes: [u8; 16] = std::array::from_fn(|i| if i < 10 { image[at + i] } else { 0 });
            u128::from_le_bytes(bytes)
        };
        // The explicit integer bit is no part of the ordinal.
        let ordinal =
            |image| (number(image) >> 64 << 63) as i128 | (number(image) & u128::from(u64::MAX >> 1)) as i128;
        if (ordinal(&ours.fx) - ordinal(&host.fx)).abs() <= 1 {
            ours.fx[at..][..10].copy_from_slice(&host.fx[at..][..10]);
        }
    }
    take_c1(ours, host);
}

fn approximations(_: &Test, ours: &mut Outcome, host: &Outcome) {
    for at in (fx::XMM0..FX).step_by(4) {
        let single = |image: &[u8; FX]| f32::from_le_bytes(std::array::from_fn(|i| image[at + i]));
        let (a, b) = (f64::from(single(&ours.fx)), f64::from(single(&host.fx)));
        // Both are off by that much at most.
        if (a - b).abs() <= b.abs() * 3.0 / 4096.0 {
            ours.fx[at..][..4].copy_from_slice(&host.fx[at..][..4]);
        }
    }
}

fn both_fault(ours: &Outcome, host: &Outcome) -> bool {
    ours.exception.is_some() && host.exception.is_some()
}

/// Takes from the host what a row of the table lets differ.
pub fn forgive(key: &Key, test: &Test, ours: &mut Outcome, host: &Outcome) {
    for row in LEEWAY.iter().filter(|row| row.operations.is_empty() || row.operations.contains(&key.op())) {
        (row.forgive)(test, ours, host);
    }
}
