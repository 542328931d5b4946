//! Bytes of an instruction by its row of the table.

use crate::address;
use crate::expression::Wrong;
use crate::instruction::{Instruction, Place, Prefix, Slot};
use crate::operand::{Amount, Operand};
use crate::registers::*;
use crate::table::{Code, Field, Row};

/// A number that is put into the output once sections have addresses.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Fixup {
    /// Place in the bytes of the statement.
    pub at: usize,
    /// Bytes: 1, 2, 4 or 8.
    pub size: u8,
    /// What it stands for.
    pub amount: Amount,
    /// The place that it counts from, for a distance.
    pub from: Option<i64>,
}

/// What a statement puts into the output.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Emission {
    /// Bytes; zero where fixups will be.
    pub bytes: Vec<u8>,
    /// Numbers that depend on addresses.
    pub fixups: Vec<Fixup>,
    /// Bytes that are reserved without being set.
    pub reserved: u64,
    /// What is doubtful.
    pub warnings: Vec<Wrong>,
}

impl Emission {
    /// Bytes in all.
    pub fn length(&self) -> u64 {
        self.bytes.len() as u64 + self.reserved
    }

    /// Adds a number of 1 to 8 bytes.
    pub fn number(&mut self, size: u8, amount: Amount, at: usize) {
        if amount.segment.is_some() || amount.relative {
            self.fixups.push(Fixup { at: self.bytes.len(), size, amount, from: None });
        } else if !amount.unknown && exceeds(amount.number, size) {
            self.warnings.push(Wrong::new(at, format!("the number does not fit in {size} byte(s): its upper bits are lost")));
        }
        let bytes = amount.number.to_le_bytes();
        self.bytes.extend_from_slice(&bytes[..(size as usize).min(8)]);
    }
}

/// True if a number has bits beyond a size, signed or unsigned.
fn exceeds(number: i64, size: u8) -> bool {
    let bits = size as u32 * 8;
    bits < 64 && (number >> bits != 0 && number >> (bits - 1) != -1)
}

fn operand_of(instruction: &Instruction, place: Option<u8>) -> Option<&Operand> {
    instruction.operands.get(place? as usize)
}

/// Bytes of an immediate or distance that has the size of its operand or of the mode.
fn wide_size(operand: Option<&Operand>, bits: u8) -> u8 {
    match operand.map_or(0, |o| o.flags & (B16 | B32)) {
        B16 => 2,
        B32 => 4,
        _ => bits / 8,
    }
}

/// Adds the prefixes that a row implies.
fn imply(row: &Row, instruction: &mut Instruction) {
    for code in &row.code {
        let (slot, prefix) = match code {
            Code::OperandSize(bits) => (Slot::OperandSize, Prefix::Bits(*bits)),
            Code::Wait => (Slot::Wait, Prefix::Byte(0x9B)),
            _ => continue,
        };
        if instruction.prefixes.get(slot).is_none() {
            instruction.prefixes.set(slot, prefix);
        }
    }
}

/// Bytes of the instruction.
fn length(row: &Row, instruction: &mut Instruction, place: &Place) -> Result<i64, Wrong> {
    imply(row, instruction);
    let mut length = instruction.prefixes.bytes(place.bits).len() as i64;
    for code in &row.code {
        length += match code {
            Code::Byte(_) | Code::PlusRegister(_) | Code::Imm8(_) | Code::Rel8(_) | Code::LongJump => 1,
            Code::Imm16(_) => 2,
            Code::Imm32(_) => 4,
            Code::ImmWide(index) | Code::Rel(index) => {
                wide_size(operand_of(instruction, Some(*index)), place.bits) as i64
            }
            Code::Offset(_) => instruction.address_bits as i64 / 8,
            Code::AddressSize(bits) => i64::from(adds_address_size(*bits, instruction, place)),
            Code::SegmentOf(_) => 2,
            Code::ModRm(..) => modrm(row, instruction)?.length(),
            Code::OperandSize(_) | Code::Wait | Code::IfShort => 0,
        };
    }
    Ok(length)
}

fn adds_address_size(bits: u8, instruction: &Instruction, place: &Place) -> bool {
    bits != place.bits && instruction.prefixes.get(Slot::AddressSize) != Some(Prefix::Bits(bits))
}

fn modrm(row: &Row, instruction: &Instruction) -> Result<address::Encoded, Wrong> {
    let Some(operand) = operand_of(instruction, row.rm) else {
        return Err(Wrong::new(instruction.at, "the instruction has no such operand"));
    };
    address::encode(operand, instruction.address_bits).map_err(|why| Wrong::new(operand.at, why))
}

/// True if the jump of a row with a one-byte distance reaches its target.
pub fn jumps_short(row: &Row, instruction: &Instruction, place: &Place) -> bool {
    let Some(operand) = instruction.operands.first() else { return false };
    if operand.flags & STRICT != 0 {
        return false;
    }
    if operand.amount.unknown {
        return true;
    }
    let Ok(length) = length(row, &mut instruction.clone(), place) else { return false };
    let distance = operand.amount.number.wrapping_sub(place.offset).wrapping_sub(length);
    operand.amount.segment == place.segment && !operand.amount.relative && (-128..=127).contains(&distance)
}

/// Encodes an instruction by its row.
///
/// # Errors
/// An address that does not exist, a jump that is too long.
pub fn encode(row: &Row, instruction: &mut Instruction, place: &Place) -> Result<Emission, Wrong> {
    let end = place.offset.wrapping_add(length(row, instruction, place)?);
    let mut out = Emission { bytes: instruction.prefixes.bytes(place.bits), ..Emission::default() };
    if instruction.prefixes.get(Slot::Lock).is_some() && !(row.lock && instruction.operands.first().is_some_and(Operand::is_memory)) {
        out.warnings.push(Wrong::new(instruction.at, "lock is for instructions that change memory: this one raises #UD"));
    }
    for code in &row.code {
        match *code {
            Code::Byte(byte) => out.bytes.push(byte),
            Code::PlusRegister(byte) => {
                let register = operand_of(instruction, row.reg).and_then(|o| o.register);
                out.bytes.push(byte + register.map_or(0, |r| r.number & 7));
            }
            Code::Imm8(index) => immediate(&mut out, instruction, index, 1),
            Code::Imm16(index) => immediate(&mut out, instruction, index, 2),
            Code::Imm32(index) => immediate(&mut out, instruction, index, 4),
            Code::ImmWide(index) => {
                let size = wide_size(operand_of(instruction, Some(index)), place.bits);
                immediate(&mut out, instruction, index, size);
            }
            Code::Offset(index) => immediate(&mut out, instruction, index, instruction.address_bits / 8),
            Code::SegmentOf(_) => {
                return Err(Wrong::new(
                    instruction.at,
                    "a flat binary has no segment numbers: write `segment:offset` for a far address",
                ));
            }
            Code::Rel8(index) => distance(&mut out, instruction, index, 1, place, end)?,
            Code::Rel(index) => {
                let size = wide_size(operand_of(instruction, Some(index)), place.bits);
                distance(&mut out, instruction, index, size, place, end)?;
            }
            Code::LongJump => out.bytes.push(if place.bits == 16 { 3 } else { 5 }),
            Code::AddressSize(bits) if adds_address_size(bits, instruction, place) => out.bytes.push(0x67),
            Code::ModRm(field) => address_bytes(&mut out, row, instruction, field)?,
            Code::AddressSize(_) | Code::OperandSize(_) | Code::Wait | Code::IfShort => {}
        }
    }
    Ok(out)
}

fn immediate(out: &mut Emission, instruction: &Instruction, index: u8, size: u8) {
    if let Some(operand) = operand_of(instruction, Some(index)) {
        out.number(size, operand.amount, operand.at);
    }
}

fn distance(
    out: &mut Emission,
    instruction: &Instruction,
    index: u8,
    size: u8,
    place: &Place,
    end: i64,
) -> Result<(), Wrong> {
    let Some(operand) = operand_of(instruction, Some(index)) else { return Ok(()) };
    let Amount { number, segment, relative, unknown } = operand.amount;
    if relative {
        return Err(Wrong::new(operand.at, "a jump goes to an address, not to the difference of two"));
    }
    let distance = number.wrapping_sub(end);
    if place.last && size == 1 && segment == place.segment && !unknown && !(-128..=127).contains(&distance) {
        return Err(Wrong::new(
            operand.at,
            format!("the target is {distance} bytes away, a short jump reaches -128 to 127: leave `short` out, or jump twice"),
        ));
    }
    if segment == place.segment && segment.is_some() {
        let bytes = distance.to_le_bytes();
        out.bytes.extend_from_slice(&bytes[..(size as usize).min(8)]);
    } else {
        out.fixups.push(Fixup { at: out.bytes.len(), size, amount: operand.amount, from: Some(end) });
        out.bytes.resize(out.bytes.len() + size as usize, 0);
    }
    Ok(())
}

fn address_bytes(out: &mut Emission, row: &Row, instruction: &Instruction, field: Field) -> Result<(), Wrong> {
    let encoded = modrm(row, instruction)?;
    let reg = match field {
        Field::Digit(digit) => digit,
        Field::Register => operand_of(instruction, row.reg).and_then(|o| o.register).map_or(0, |r| r.number & 7),
    };
    out.bytes.push(encoded.modrm | reg << 3);
    out.bytes.extend(encoded.sib);
    if encoded.displacement != 0
        && let Some(operand) = operand_of(instruction, row.rm)
    {
        out.number(encoded.displacement, operand.amount, operand.at);
    }
    Ok(())
}
