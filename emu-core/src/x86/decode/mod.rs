//! The instruction decoder: bytes to [`Decoded`], by one table of opcodes.
//!
//! The instruction set is that of a Pentium III with SSE2: SDM volume 2 without SSE3 and later, without 64-bit mode.
//! Whatever else is met decodes to [`Op::Invalid`], at which the processor raises #UD.

mod cursor;
mod flags;
mod inst;
mod modrm;
mod op;
mod opcodes;
mod operands;
mod prefixes;
mod row;
#[cfg(test)]
mod tests;

pub use cursor::MAX_LENGTH;
pub use flags::{FlagEffects, condition_reads};
pub use inst::{DecodeError, Decoded, MemRef, NO_REGISTER, Operand, Rep, Seg, Width};
pub use op::Op;

use cursor::Cursor;
use modrm::ModRm;
use prefixes::Prefixes;
use row::{Entry, Row};

/// Decodes the instruction at the start of `bytes`. `code32` is the D flag of the code segment.
///
/// At most [`MAX_LENGTH`] bytes are looked at, and none after the instruction. Opcodes and forms that do not exist
/// give [`Op::Invalid`] as soon as that is known.
///
/// # Errors
/// [`DecodeError::Truncated`] if `bytes` ends within the instruction, [`DecodeError::TooLong`] if the instruction
/// does not end within 15 bytes.
pub fn decode(bytes: &[u8], code32: bool) -> Result<Decoded, DecodeError> {
    let mut cursor = Cursor::new(bytes);
    let (prefixes, first) = Prefixes::read(&mut cursor)?;
    let mut inst = blank(&prefixes, first, code32);
    let entry = if first == 0x0F {
        let second = cursor.u8()?;
        inst.opcode = 0x0F00 | second as u16;
        &opcodes::TWO_BYTE[second as usize]
    } else {
        &opcodes::ONE_BYTE[first as usize]
    };
    let row = select(entry, &prefixes, &mut inst, &mut cursor)?;
    inst.op = row.op;
    if complete(row, &mut inst, &mut cursor)? && (!prefixes.lock || may_lock(row, &inst)) {
        inst.lock = prefixes.lock;
    } else {
        inst.op = Op::Invalid;
        inst.operands = [Operand::None; 3];
        inst.width = Width::None;
    }
    inst.len = cursor.taken();
    Ok(inst)
}

/// An instruction of which only prefixes and first opcode byte are known.
fn blank(prefixes: &Prefixes, opcode: u8, code32: bool) -> Decoded {
    Decoded {
        op: Op::Invalid,
        operands: [Operand::None; 3],
        width: Width::None,
        mem: MemRef::NONE,
        imm: 0,
        imm2: 0,
        len: 0,
        code32,
        opsize32: code32 != prefixes.opsize,
        addrsize32: code32 != prefixes.addrsize,
        rep: prefixes.rep,
        lock: false,
        cc: 0,
        seg_override: prefixes.seg,
        opcode: opcode as u16,
        modrm: 0,
    }
}

/// Follows `entry` to a row, and reads the ModRM byte if that row, or the way to it, has one.
fn select(
    entry: &'static Entry,
    prefixes: &Prefixes,
    inst: &mut Decoded,
    cursor: &mut Cursor,
) -> Result<&'static Row, DecodeError> {
    let mut entry = entry;
    if let Entry::Prefix(entries) = entry {
        let column = prefixes.mandatory();
        entry = &entries[column & 3];
        if column > 1 {
            inst.rep = Rep::None;
        }
    }
    if let Entry::Row(row) = entry
        && !row.modrm
    {
        return Ok(row);
    }
    inst.modrm = cursor.u8()?;
    let modrm = ModRm(inst.modrm);
    Ok(match entry {
        Entry::Row(row) => row,
        Entry::Group(rows) => &rows[modrm.reg() as usize],
        Entry::Split(memory, registers) => {
            let rows = if modrm.is_register() { registers } else { memory };
            &rows[modrm.reg() as usize]
        }
        Entry::Escape(_, registers) if modrm.is_register() => &registers[(modrm.0 & 0x3F) as usize],
        Entry::Escape(memory, _) => &memory[modrm.reg() as usize],
        // No table has prefixes within prefixes.
        Entry::Prefix(_) => &Row::INVALID,
    })
}

/// Reads the operands of `row` into `inst`; false if there is no such instruction.
fn complete(row: &Row, inst: &mut Decoded, cursor: &mut Cursor) -> Result<bool, DecodeError> {
    if row.op == Op::Invalid {
        return Ok(false);
    }
    for (index, form) in row.forms.into_iter().enumerate() {
        match operands::operand(form, inst, cursor)? {
            Some(operand) => inst.operands[index] = operand,
            None => return Ok(false),
        }
    }
    inst.width = operands::operation_width(row, inst);
    if matches!(row.op, Op::Jcc | Op::Setcc | Op::Cmovcc) {
        inst.cc = inst.opcode as u8 & 15;
    }
    Ok(true)
}

/// LOCK is for operations that read and write memory, and only with their destination there.
fn may_lock(row: &Row, inst: &Decoded) -> bool {
    row.lockable && matches!(inst.operands[0], Operand::Mem(_))
}
