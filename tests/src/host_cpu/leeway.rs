//! What the recording host is not to be followed in: one table, each row with the reason.

use super::keys::Key;
use super::{FX, Outcome, Test, fx};
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
pub const LEEWAY: [Leeway; 6] = [
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

fn both_fault(ours: &Outcome, host: &Outcome) -> bool {
    ours.exception.is_some() && host.exception.is_some()
}

/// Takes from the host what a row of the table lets differ.
pub fn forgive(key: &Key, test: &Test, ours: &mut Outcome, host: &Outcome) {
    for row in LEEWAY.iter().filter(|row| row.operations.is_empty() || row.operations.contains(&key.op())) {
        (row.forgive)(test, ours, host);
    }
}
