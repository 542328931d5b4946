//! An instruction as written: prefixes, mnemonic, operands.

use crate::expression::{Segment, Wrong};
use crate::operand::{Displacement, Operand};
use crate::registers::*;

/// Where an instruction is, and in which mode.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Place {
    /// The section.
    pub segment: Option<Segment>,
    /// Offset in the section.
    pub offset: i64,
    /// 16 or 32.
    pub bits: u8,
    /// Processor: 0 for the 8086, 1 to 6 for 186 to P6, more for later ones.
    pub level: u8,
    /// True in the last pass: before it a jump may be too long for a while.
    pub last: bool,
}

/// A group of prefixes of which an instruction has one; in the order of their bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Slot {
    /// WAIT before an x87 instruction.
    Wait,
    /// Repetition.
    Repeat,
    /// Bus lock.
    Lock,
    /// Segment override.
    Segment,
    /// Operand size.
    OperandSize,
    /// Address size.
    AddressSize,
}

/// A prefix.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Prefix {
    /// This byte.
    Byte(u8),
    /// `o16`, `o32`, `a16`, `a32`: a byte where the mode is another.
    Bits(u8),
}

/// The prefix of a name in lower case.
pub fn prefix(name: &str) -> Option<(Slot, Prefix)> {
    use Prefix::{Bits, Byte};
    Some(match name {
        "wait" | "fwait" => (Slot::Wait, Byte(0x9B)),
        "rep" | "repe" | "repz" => (Slot::Repeat, Byte(0xF3)),
        "repne" | "repnz" => (Slot::Repeat, Byte(0xF2)),
        "lock" => (Slot::Lock, Byte(0xF0)),
        "o16" => (Slot::OperandSize, Bits(16)),
        "o32" => (Slot::OperandSize, Bits(32)),
        "osp" => (Slot::OperandSize, Byte(0x66)),
        "a16" => (Slot::AddressSize, Bits(16)),
        "a32" => (Slot::AddressSize, Bits(32)),
        "asp" => (Slot::AddressSize, Byte(0x67)),
        _ => return None,
    })
}

/// The override byte of a segment register.
pub fn segment_prefix(register: Register) -> Prefix {
    const BYTES: [u8; 6] = [0x26, 0x2E, 0x36, 0x3E, 0x64, 0x65];
    Prefix::Byte(BYTES[(register.number as usize).min(5)])
}

/// The prefixes of an instruction.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Prefixes([Option<Prefix>; 6]);

impl Prefixes {
    /// The prefix of a group.
    pub fn get(&self, slot: Slot) -> Option<Prefix> {
        self.0[slot as usize]
    }

    /// Sets the prefix of a group.
    pub fn set(&mut self, slot: Slot, prefix: Prefix) {
        self.0[slot as usize] = Some(prefix);
    }

    /// The bytes in a mode.
    pub fn bytes(&self, bits: u8) -> Vec<u8> {
        let byte = |(slot, prefix): (usize, &Option<Prefix>)| match prefix {
            Some(Prefix::Byte(byte)) => Some(*byte),
            Some(Prefix::Bits(other)) if *other != bits => Some(if slot == 4 { 0x66 } else { 0x67 }),
            _ => None,
        };
        self.0.iter().enumerate().filter_map(byte).collect()
    }
}

/// An instruction.
#[derive(Clone, PartialEq, Debug)]
pub struct Instruction {
    /// Mnemonic, in lower case.
    pub name: String,
    /// Place of the mnemonic in the line.
    pub at: usize,
    /// Prefixes, written and implied.
    pub prefixes: Prefixes,
    /// Operands in the order of the text.
    pub operands: Vec<Operand>,
    /// Bits of its addresses.
    pub address_bits: u8,
}

impl Instruction {
    /// Takes the segment overrides of the operands as prefixes.
    ///
    /// # Errors
    /// Two overrides.
    pub fn take_overrides(&mut self) -> Result<(), Wrong> {
        for (register, at) in self.operands.iter().filter_map(|o| o.segment) {
            if self.prefixes.get(Slot::Segment).is_some() {
                return Err(Wrong::new(at, "an instruction has one segment override: remove the other one"));
            }
            self.prefixes.set(Slot::Segment, segment_prefix(register));
        }
        Ok(())
    }

    /// Finds the size of addresses, and adds the prefix for it.
    ///
    /// # Errors
    /// Operands that need different ones.
    pub fn settle_address_size(&mut self, bits: u8) -> Result<(), Wrong> {
        let other = 48 - bits;
        let (mut may_16, mut may_32) = match self.prefixes.get(Slot::AddressSize) {
            Some(Prefix::Bits(16)) => (true, false),
            Some(Prefix::Bits(_)) => (false, true),
            Some(Prefix::Byte(_)) => (other == 16, other == 32),
            None => (true, true),
        };
        for operand in self.operands.iter().filter(|o| o.is_memory()) {
            let index = operand.index.filter(|i| i.1 != 0).map(|i| i.0);
            if operand.base.is_none() && index.is_none() {
                if let Displacement::Bits(size) = operand.displacement {
                    may_16 &= size == 16;
                    may_32 &= size == 32;
                }
                continue;
            }
            for register in [operand.base, index].into_iter().flatten().filter(|r| r.is_general()) {
                may_16 &= register.flags & B32 == 0;
                may_32 &= register.flags & B16 == 0;
            }
        }
        let may = |size: u8| if size == 16 { may_16 } else { may_32 };
        if may(bits) {
            self.address_bits = bits;
        } else if may(other) {
            if self.prefixes.get(Slot::AddressSize).is_none() {
                self.prefixes.set(Slot::AddressSize, Prefix::Bits(other));
            }
            self.address_bits = other;
        } else {
            return Err(Wrong::new(self.at, "the parts of the address need both 16 and 32 bits: choose one"));
        }
        let size = self.address_bits;
        for operand in &mut self.operands {
            // A displacement of another size cannot be the plain offset of MOV AL,[...].
            if operand.displacement != Displacement::Any && operand.displacement != Displacement::Bits(size) {
                operand.flags &= !MEMORY_OFFSET;
            }
        }
        Ok(())
    }
}
