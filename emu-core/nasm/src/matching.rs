//! The choice of an encoding: the first row of the table that fits, as in NASM.

use crate::encode;
use crate::instruction::{Instruction, Place, Prefix, Slot};
use crate::registers::*;
use crate::table::{Code, Limit, Row};

/// How far a row was from fitting; the later ones are nearer.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Fit {
    Operands,
    SizeMissing,
    SizeOther,
    Processor,
    /// REPNE before a near branch.
    Repeated,
    /// If the jump is short enough.
    Jump,
    Good,
}

/// The row for an instruction at a place. May add to its operands the size that all rows agree on.
///
/// # Errors
/// What no row has.
pub fn find<'t>(rows: &'t [Row], instruction: &mut Instruction, place: &Place) -> Result<&'t Row, String> {
    let mut best = Fit::Operands;
    let mut sizes: Vec<Flags> = instruction.operands.iter().map(|o| o.flags & SIZES).collect();
    let mut missing = false;
    for row in rows {
        let fit = matches(row, instruction, place);
        if settle(fit, row, instruction, place) {
            return Ok(row);
        }
        if fit == Fit::SizeMissing {
            missing = true;
            for (size, ask) in sizes.iter_mut().zip(&row.operands) {
                *size |= ask.flags & SIZES;
            }
        }
        best = best.max(if fit == Fit::Jump { Fit::Operands } else { fit });
    }
    let memory_or_number = |o: &crate::operand::Operand| o.flags & REGISTER == 0;
    let certain = instruction.operands.iter().zip(&sizes).all(|(o, s)| !memory_or_number(o) || s & s.wrapping_sub(1) == 0);
    if missing && certain {
        for (operand, size) in instruction.operands.iter_mut().zip(&sizes).filter(|(o, _)| o.flags & REGISTER == 0) {
            operand.flags |= size;
        }
        for row in rows {
            let fit = matches(row, instruction, place);
            if settle(fit, row, instruction, place) {
                return Ok(row);
            }
            best = best.max(if fit == Fit::Jump { Fit::Operands } else { fit });
        }
    }
    Err(explain(best, instruction, place))
}

fn settle(fit: Fit, row: &Row, instruction: &Instruction, place: &Place) -> bool {
    match fit {
        Fit::Good => true,
        Fit::Jump => encode::jumps_short(row, instruction, place),
        _ => false,
    }
}

fn explain(best: Fit, instruction: &Instruction, place: &Place) -> String {
    let name = &instruction.name;
    match best {
        Fit::SizeMissing => {
            "the operand's size is not known: write byte, word or dword before it, as in `inc byte [bx]`".into()
        }
        Fit::SizeOther => format!("the operands of `{name}` have sizes that do not fit together"),
        Fit::Processor => {
            format!("`{name}` with these operands needs a later processor than `cpu` allows (level {})", place.level)
        }
        Fit::Repeated => "repne has no meaning before a near branch: remove it".into(),
        _ if instruction.operands.is_empty() => format!("`{name}` needs operands"),
        _ => format!("`{name}` does not exist with these operands"),
    }
}

/// The size that a row gives an operand without one.
fn assumed(row: &Row, bits: u8) -> Flags {
    match row.limit {
        Limit::None => 0,
        Limit::Size(size) => size,
        Limit::Mode if bits == 16 => B16,
        Limit::Mode => B32,
    }
}

fn matches(row: &Row, instruction: &Instruction, place: &Place) -> Fit {
    let given = &instruction.operands;
    if row.operands.len() != given.len() {
        return Fit::Operands;
    }
    let size = assumed(row, place.bits);
    let size_of = |index: usize| if row.limit_operand.is_none_or(|only| only == index) { size } else { 0 };
    let mut missing = false;
    for (index, (ask, operand)) in row.operands.iter().zip(given).enumerate() {
        if operand.flags & !ask.flags & (COLON | TO) != 0 {
            return Fit::Operands;
        }
        let mut flags = operand.flags;
        if flags & SIZES == 0 {
            flags |= size_of(index);
        }
        if ask.flags & !flags & !SIZES != 0 || ask.register.is_some_and(|number| !is_register(operand, number)) {
            return Fit::Operands;
        }
        // Of an XMM register an operation may use a part: the size is that of memory.
        let whole = ask.flags & RM_XMM != 0 && flags & REGISTER != 0;
        let wanted = if whole { 0 } else { ask.flags & SIZES };
        if wanted != 0 && wanted != flags & SIZES {
            if flags & SIZES != 0 {
                return Fit::Operands;
            }
            missing |= flags & REGISTER == 0;
        }
    }
    if missing {
        return Fit::SizeMissing;
    }
    match sizes_fit(row, given, place, size_of) {
        Fit::Good if is_near_branch(row, instruction) && has_repne(instruction) => Fit::Repeated,
        fit => fit,
    }
}

fn has_repne(instruction: &Instruction) -> bool {
    instruction.prefixes.get(Slot::Repeat) == Some(Prefix::Byte(0xF2))
}

/// Near branches other than short ones: later processors give REPNE before them a meaning (MPX), so NASM refuses it.
fn is_near_branch(row: &Row, instruction: &Instruction) -> bool {
    let near = |ask: &crate::table::Ask| ask.flags & (FAR | COLON) == 0;
    match instruction.name.as_str() {
        "call" | "jmp" => row.operands.iter().all(near) && !row.code.iter().any(|c| matches!(c, Code::Rel8(_))),
        "ret" | "retn" | "retw" | "retnw" | "retd" | "retnd" => true,
        _ => row.code.iter().any(|c| matches!(c, Code::Rel(_))),
    }
}

fn is_register(operand: &crate::operand::Operand, number: u8) -> bool {
    operand.register.is_some_and(|r| r.number == number)
}

fn sizes_fit(
    row: &Row,
    given: &[crate::operand::Operand],
    place: &Place,
    size_of: impl Fn(usize) -> Flags,
) -> Fit {
    let alike = row.same_size.unwrap_or(0).min(row.operands.len());
    let common = row.operands[..alike].iter().map(|ask| ask.flags & SIZES).find(|size| *size != 0);
    for (index, (ask, operand)) in row.operands.iter().zip(given).enumerate() {
        let size = common.filter(|_| index < alike).unwrap_or_else(|| size_of(index));
        if !row.any_size && ask.flags & SIZES == 0 && operand.flags & SIZES & !size != 0 {
            return Fit::SizeOther;
        }
    }
    if row.level > place.level {
        return Fit::Processor;
    }
    if matches!(row.code.first(), Some(Code::IfShort)) { Fit::Jump } else { Fit::Good }
}
