//! Everything in which a Pentium III class CPU differs from the 80286 that the vectors were recorded on: one table,
//! each row with the manual's reason. The first row that applies to a vector decides.

use super::Vector;
use super::index::{AX, CX, DI, DX, SI};
use super::operands::Case;
use super::wanted::Wanted;
use emu_core::x86::decode::{Op, Operand, Seg, Width};

/// Exceptions by vector.
const DE: u8 = 0;
const UD: u8 = 6;
const GP: u8 = 13;

/// The 286's longest instruction in bytes.
const LONGEST_ON_286: usize = 10;

/// What a later CPU does instead.
pub enum Change {
    /// This state, compared in full.
    State(Box<Wanted>),
    /// It executes what the 286 refused, with a result that is not on record: only that refusal is excluded.
    NotRecorded,
}

/// A row of the table.
pub struct Difference {
    /// Short name.
    pub name: &'static str,
    /// Why, by the manual.
    pub reason: &'static str,
    applies: fn(&Case) -> Option<Change>,
}

fn state(wanted: Wanted) -> Option<Change> {
    Some(Change::State(Box::new(wanted)))
}

/// The table.
pub const DIFFERENCES: [Difference; 7] = [
    Difference {
        name: "LOCK",
        reason: "LOCK is for read-modify-write operations with a memory destination, else it is #UD (SDM vol. 2, \
                 LOCK); the 286 takes it before any instruction.",
        applies: |case| {
            (case.has_lock() && !case.inst.lock).then(|| Wanted::fault(case.v, UD)).and_then(state)
        },
    },
    Difference {
        name: "undefined opcode of more than ten bytes",
        reason: "An undefined opcode is #UD as soon as it is seen (SDM vol. 3A, 6.15, #UD); the 286 takes in the whole \
                 of it, and refuses it for its length.",
        applies: |case| {
            let is_too_long = case.v.exception == Some(GP);
            (is_too_long && case.inst.op == Op::Invalid).then(|| Wanted::fault(case.v, UD)).and_then(state)
        },
    },
    Difference {
        name: "more than ten bytes",
        reason: "Instructions may have 15 bytes since the 386, ten on the 286 (SDM vol. 3B, 22.25).",
        applies: long,
    },
    Difference {
        name: "FS and GS",
        reason: "Segment registers 4 and 5 are there since the 386; on the 286 they are #UD (SDM vol. 3B, 22.18).",
        applies: new_segment_register,
    },
    Difference {
        name: "operand across the end of its segment",
        reason: "Any part of an operand beyond the limit is #SS in the stack segment, #GP in others, before anything \
                 has changed (SDM vol. 3A, 6.5 and 6.15, interrupts 12 and 13). In real mode the 286 raises #GP for \
                 all, a POP to memory has popped by then, and an ESC's second word is not looked at.",
        applies: |case| state(Wanted::fault(case.v, case.outside()?.fault())),
    },
    Difference {
        name: "string operand across the end of its segment",
        reason: "A repeated instruction stops with (E)SI, (E)DI and (E)CX as they were before the element that \
                 faulted (SDM vol. 2, REP); the 286 has moved on. #SS if the element is in the stack segment.",
        applies: string,
    },
    Difference {
        name: "quotients at the bound",
        reason: "DIV and IDIV fault exactly when the quotient does not fit its register (SDM vol. 2, DIV, IDIV); the \
                 286 lets some of those pass that lie just beyond.",
        applies: division,
    },
];

fn long(case: &Case) -> Option<Change> {
    if case.v.exception != Some(GP) || case.len() <= LONGEST_ON_286 {
        return None;
    }
    match case.outside() {
        Some(outside) => state(Wanted::fault(case.v, outside.fault())),
        None => Some(Change::NotRecorded),
    }
}

fn new_segment_register(case: &Case) -> Option<Change> {
    if !matches!(case.inst.op, Op::MovFromSeg | Op::MovToSeg)
        || !case.inst.operands.iter().any(|o| matches!(o, Operand::Seg(Seg::Fs | Seg::Gs)))
    {
        return None;
    }
    if let Some(outside) = case.outside() {
        return state(Wanted::fault(case.v, outside.fault()));
    }
    let mut wanted = Wanted::complete(case.v, case.len());
    if case.inst.op == Op::MovFromSeg {
        // They hold 0 after reset.
        match (case.inst.operands[0], case.memory()) {
            (Operand::Gpr16(number), _) => wanted.registers[usize::from(number)] = 0,
            (_, Some(memory)) => wanted.memory.extend((case.address(memory)..).zip([0, 0])),
            _ => return None,
        }
    }
    state(wanted)
}

fn string(case: &Case) -> Option<Change> {
    if case.v.exception != Some(GP) {
        return None;
    }
    let (done, outside) = case.string_stop()?;
    let mut wanted = Wanted::recorded(case.v);
    let moved = case.string_step().wrapping_mul(done);
    for register in [SI, DI] {
        wanted.registers[register] = case.before[register];
    }
    let (source, target) = case.string_registers();
    for (register, moves) in [(SI, source), (DI, target)] {
        if moves {
            wanted.registers[register] = case.before[register].wrapping_add(moved);
        }
    }
    wanted.registers[CX] = case.before[CX].wrapping_sub(done);
    wanted.enter(outside.fault());
    state(wanted)
}

/// By the manual's definition, from the operands.
fn division(case: &Case) -> Option<Change> {
    let signed = match case.inst.op {
        Op::Div => false,
        Op::Idiv => true,
        _ => return None,
    };
    let wide = case.inst.width == Width::B2;
    let bits = if wide { 16 } else { 8 };
    let extend = |value: u32, bits: u32| {
        let value = i64::from(value);
        if signed && value >> (bits - 1) != 0 { value - (1 << bits) } else { value }
    };
    let (ax, dx) = (u32::from(case.before[AX]), u32::from(case.before[DX]));
    let dividend = extend(if wide { dx << 16 | ax } else { ax }, 2 * bits);
    let divisor = extend(u32::from(case.value(0)?), bits);
    let low = if signed { -(1 << (bits - 1)) } else { 0 };
    let fits = |quotient: &i64| (low..low + (1 << bits)).contains(quotient);
    let quotient = dividend.checked_div(divisor).filter(fits);
    let faulted = case.v.exception == Some(DE);
    let mut wanted = match quotient {
        None if faulted => return None,
        Some(_) if !faulted => return None,
        None => Wanted::fault(case.v, DE),
        Some(quotient) => {
            let mut wanted = Wanted::complete(case.v, case.len());
            let remainder = dividend - quotient * divisor;
            if wide {
                (wanted.registers[AX], wanted.registers[DX]) = (quotient as u16, remainder as u16);
            } else {
                wanted.registers[AX] = (remainder as u16) << 8 | quotient as u16 & 0xFF;
            }
            wanted
        }
    };
    wanted.undefined = undefined(case);
    state(wanted)
}

/// Index of the row that applies to a vector, and what it says; without one, the recording with the flags that are
/// undefined.
pub fn expect(v: &Vector) -> (Option<usize>, Change) {
    let Some(case) = Case::new(v) else { return (None, Change::NotRecorded) };
    for (row, difference) in DIFFERENCES.iter().enumerate() {
        if let Some(change) = (difference.applies)(&case) {
            return (Some(row), change);
        }
    }
    let mut wanted = Wanted::recorded(v);
    wanted.undefined = undefined(&case);
    (None, Change::State(Box::new(wanted)))
}

const CF: u16 = 1 << 0;
const PF: u16 = 1 << 2;
const AF: u16 = 1 << 4;
const ZF: u16 = 1 << 6;
const SF: u16 = 1 << 7;
const OF: u16 = 1 << 11;

/// Flags that the manual leaves undefined and that the 286 sets otherwise than we do.
pub struct UndefinedFlags {
    /// Operations.
    pub operations: &'static [Op],
    /// Flags.
    pub flags: u16,
    /// Only for counts other than 0 (and other than 1: the second).
    pub count: Count,
    /// Where the manual says so.
    pub reason: &'static str,
}

/// For which shift counts.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Count {
    /// There is none, or all.
    Any,
    /// All but 0.
    NotZero,
    /// All but 0 and 1.
    Several,
}

/// The table of them: SDM vol. 2, "Flags affected" of each instruction.
pub const UNDEFINED_FLAGS: [UndefinedFlags; 8] = [
    UndefinedFlags {
        operations: &[Op::Daa, Op::Das],
        flags: OF,
        count: Count::Any,
        reason: "DAA, DAS: OF is undefined.",
    },
    UndefinedFlags {
        operations: &[Op::Aaa, Op::Aas],
        flags: OF | SF | ZF | PF,
        count: Count::Any,
        reason: "AAA, AAS: OF, SF, ZF and PF are undefined.",
    },
    UndefinedFlags {
        operations: &[Op::Aam, Op::Aad],
        flags: OF | AF | CF,
        count: Count::Any,
        reason: "AAM, AAD: OF, AF and CF are undefined.",
    },
    UndefinedFlags {
        operations: &[Op::Mul, Op::Imul],
        flags: SF | ZF | AF | PF,
        count: Count::Any,
        reason: "MUL, IMUL: SF, ZF, AF and PF are undefined.",
    },
    UndefinedFlags {
        operations: &[Op::Div, Op::Idiv],
        flags: OF | SF | ZF | AF | PF | CF,
        count: Count::Any,
        reason: "DIV, IDIV: all six are undefined, and with #DE the 286 has changed them before.",
    },
    UndefinedFlags {
        operations: &[Op::Shl, Op::Shr, Op::Sar],
        flags: AF,
        count: Count::NotZero,
        reason: "Shifts: AF is undefined for a count other than 0.",
    },
    UndefinedFlags {
        operations: &[Op::Shl, Op::Shr, Op::Sar],
        flags: OF,
        count: Count::Several,
        reason: "Shifts: OF is defined for a count of 1 only.",
    },
    UndefinedFlags {
        operations: &[Op::Rol, Op::Ror, Op::Rcl, Op::Rcr],
        flags: OF,
        count: Count::Several,
        reason: "Rotates: OF is defined for a count of 1 only.",
    },
];

fn undefined(case: &Case) -> u16 {
    // A fault leaves flags alone on later CPUs (SDM vol. 3A, 6.5); the 286's AAM has set them by then.
    if case.inst.op == Op::Aam && case.v.exception == Some(DE) {
        return OF | SF | ZF | AF | PF | CF;
    }
    let count = match case.inst.operands[1] {
        Operand::Gpr8(1) => case.before[CX],
        _ => case.inst.imm as u16,
    } & 31;
    let applies = |row: &&UndefinedFlags| {
        row.operations.contains(&case.inst.op)
            && match row.count {
                Count::Any => true,
                Count::NotZero => count != 0,
                Count::Several => count > 1,
            }
    };
    UNDEFINED_FLAGS.iter().filter(applies).fold(0, |flags, row| flags | row.flags)
}
