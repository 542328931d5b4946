//! ModRM, SIB and displacement of an operand (SDM volume 2, section 2.1.5), as short as NASM makes them.

use crate::expression::Hint;
use crate::operand::{Displacement, Operand};
use crate::registers::*;

/// Number of ESP: no index.
const ESP: u8 = 4;
/// Number of EBP: without displacement it means that there is no base.
const EBP: u8 = 5;

/// The encoding of a register or memory operand.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Encoded {
    /// The ModRM byte, with 0 for its reg field.
    pub modrm: u8,
    /// The SIB byte.
    pub sib: Option<u8>,
    /// Bytes of the displacement.
    pub displacement: u8,
}

impl Encoded {
    /// Bytes of all.
    pub fn length(self) -> i64 {
        1 + i64::from(self.sib.is_some()) + self.displacement as i64
    }
}

/// Encodes an operand of an instruction with addresses of `bits` bits.
///
/// # Errors
/// What is wrong with the address.
pub fn encode(operand: &Operand, bits: u8) -> Result<Encoded, &'static str> {
    if let Some(register) = operand.register {
        return Ok(Encoded { modrm: 0xC0 | register.number & 7, ..Encoded::default() });
    }
    let index = operand.index.filter(|(_, scale)| *scale != 0);
    if operand.base.is_none() && index.is_none() {
        let rm = if bits == 16 { 6 } else { 5 };
        return Ok(Encoded { modrm: rm, sib: None, displacement: bits / 8 });
    }
    let wide = |r: Option<Register>| r.is_some_and(|r| r.flags & B32 != 0);
    if wide(operand.base) || wide(index.map(|i| i.0)) {
        long(operand, index, bits)
    } else {
        short(operand, index, bits)
    }
}

/// Bits 7 and 6 of ModRM: how long the displacement is.
fn mode(operand: &Operand, number: i64, needs: bool) -> u8 {
    let known = operand.amount.segment.is_none() && !operand.amount.relative && !operand.amount.unknown;
    match operand.displacement {
        Displacement::Any if number == 0 && known && !needs => 0,
        Displacement::Any if known && (-128..=127).contains(&number) => 1,
        Displacement::Byte => 1,
        _ => 2,
    }
}

fn short(operand: &Operand, index: Option<(Register, i64)>, bits: u8) -> Result<Encoded, &'static str> {
    const COMBINATIONS: &str =
        "a 16-bit address has BX or BP, SI or DI, or one of each: `[bx+si+4]`; others need 32-bit registers";
    let number_of = |r: Register| match (r.flags & (GENERAL | B16) == GENERAL | B16, r.number) {
        (true, 3 | 5..=7) => Ok(r.number),
        _ => Err(COMBINATIONS),
    };
    if bits != 16 || operand.displacement == Displacement::Bits(32) {
        return Err("16-bit registers need a 16-bit address: the words for its size contradict that");
    }
    if index.is_some_and(|i| i.1 != 1) {
        return Err("a 16-bit address has no factors: they need 32-bit registers");
    }
    let first = operand.base.map(number_of).transpose()?;
    let second = index.map(|i| number_of(i.0)).transpose()?;
    let rm = match (first, second) {
        (Some(3), Some(6)) | (Some(6), Some(3)) => 0,
        (Some(3), Some(7)) | (Some(7), Some(3)) => 1,
        (Some(5), Some(6)) | (Some(6), Some(5)) => 2,
        (Some(5), Some(7)) | (Some(7), Some(5)) => 3,
        (Some(6), None) | (None, Some(6)) => 4,
        (Some(7), None) | (None, Some(7)) => 5,
        (Some(5), None) | (None, Some(5)) => 6,
        (Some(3), None) | (None, Some(3)) => 7,
        _ => return Err(COMBINATIONS),
    };
    let mode = mode(operand, operand.amount.number as i16 as i64, rm == 6);
    Ok(Encoded { modrm: mode << 6 | rm, sib: None, displacement: mode })
}

/// Base and index after NASM's rearrangements.
#[derive(Clone, Copy)]
struct Pair {
    base: Option<u8>,
    index: Option<u8>,
    scale: i64,
}

fn long(operand: &Operand, index: Option<(Register, i64)>, bits: u8) -> Result<Encoded, &'static str> {
    let fits = |r: Register| r.flags & (GENERAL | B32) == GENERAL | B32;
    if operand.base.is_some_and(|r| !fits(r)) || index.is_some_and(|i| !fits(i.0)) {
        return Err("the registers of an address are all 16-bit or all 32-bit ones");
    }
    if bits == 16 || operand.displacement == Displacement::Bits(16) {
        return Err("32-bit registers need a 32-bit address: the words for its size contradict that");
    }
    let pair = arrange(operand, index)?;
    let number = operand.amount.number as i32 as i64;
    let with_sib = pair.index.is_some() || pair.base == Some(ESP);
    let Some(base) = pair.base else {
        let sib = Some(sib(pair)?).filter(|_| with_sib);
        return Ok(Encoded { modrm: if with_sib { 4 } else { 5 }, sib, displacement: 4 });
    };
    let mode = mode(operand, number, base == EBP);
    let displacement = if mode == 2 { 4 } else { mode };
    let rm = if with_sib { 4 } else { base };
    let sib = if with_sib { Some(sib(pair)?) } else { None };
    Ok(Encoded { modrm: mode << 6 | rm, sib, displacement })
}

fn sib(pair: Pair) -> Result<u8, &'static str> {
    let scale = match (pair.index, pair.scale) {
        (None, _) | (_, 1) => 0,
        (_, 2) => 1,
        (_, 4) => 2,
        (_, 8) => 3,
        _ => return Err(FACTOR),
    };
    Ok(scale << 6 | pair.index.unwrap_or(ESP) << 3 | pair.base.unwrap_or(EBP))
}

const FACTOR: &str = "the factor of an address's register is 1, 2, 4 or 8 (3, 5 and 9 if it is alone), and ESP has none";

/// Exchanges base and index as the text suggests, and splits `[eax*3]` to `[eax+eax*2]`.
fn arrange(operand: &Operand, index: Option<(Register, i64)>) -> Result<Pair, &'static str> {
    let (first, second) = (operand.base, index.map(|i| i.0));
    let mut pair = Pair {
        base: first.map(|r| r.number),
        index: second.map(|r| r.number),
        scale: index.map_or(1, |i| i.1),
    };
    let is = |hint: Register, register: Option<Register>| register == Some(hint);
    let exchange = match operand.hint {
        Hint::NotBase(hint) => is(hint, first),
        Hint::Base(hint) => is(hint, second),
        _ => false,
    };
    if pair.scale == 1 && pair.base != pair.index && pair.base.is_some() && pair.index.is_some() && exchange {
        (pair.base, pair.index) = (pair.index, pair.base);
    }
    let index_wanted = matches!(operand.hint, Hint::NotBase(hint) if is(hint, second));
    if pair.base.is_none() && pair.scale == 1 && !index_wanted {
        pair = Pair { base: pair.index, index: None, scale: 1 };
    }
    let summed = matches!(operand.hint, Hint::Summed(_));
    let split = match pair.scale {
        2 => pair.index != Some(ESP) && (!operand.nosplit || summed),
        3 | 5 | 9 => true,
        _ => false,
    };
    if split && pair.base.is_none() {
        pair.base = pair.index;
        pair.scale -= 1;
    }
    let alone = matches!(operand.hint, Hint::NotBase(hint) if is(hint, first));
    if pair.index.is_none() && pair.base != Some(ESP) && operand.nosplit && alone {
        pair = Pair { base: None, index: pair.base, scale: 1 };
    }
    if pair.scale == 1 && pair.index == Some(ESP) {
        (pair.base, pair.index) = (pair.index, pair.base);
    }
    if pair.index == Some(ESP) || (pair.index.is_some() && !matches!(pair.scale, 1 | 2 | 4 | 8)) {
        return Err(FACTOR);
    }
    Ok(pair)
}
