//! Operands as written: registers, immediates, addresses, with their size words (NASM manual, sections 3.1 and 3.3).

use crate::expression::{Hint, Parser, Segment, Value, Wrong};
use crate::registers::*;

/// The displacement's size, if the text fixes it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Displacement {
    /// The shortest that holds it.
    #[default]
    Any,
    /// One byte.
    Byte,
    /// That of the address: 16 or 32 bits.
    Bits(u8),
}

/// A register of an address, with its factor.
pub type Scaled = (Register, i64);

/// The value of an immediate or displacement.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Amount {
    /// The number, or the place in a section.
    pub number: i64,
    /// The section.
    pub segment: Option<Segment>,
    /// True if the address of the section that the code is in is to be subtracted.
    pub relative: bool,
    /// True if it is not known yet.
    pub unknown: bool,
}

/// An operand.
#[derive(Clone, PartialEq, Debug)]
pub struct Operand {
    /// What it is and its size, as far as written.
    pub flags: Flags,
    /// The register, if it is one.
    pub register: Option<Register>,
    /// Base of the address.
    pub base: Option<Register>,
    /// Index of the address, and its factor.
    pub index: Option<Scaled>,
    /// Which of them the text suggests as the base.
    pub hint: Hint,
    /// `nosplit`: `[eax*2]` is not to become `[eax+eax]`.
    pub nosplit: bool,
    /// Size of the displacement.
    pub displacement: Displacement,
    /// Immediate or displacement.
    pub amount: Amount,
    /// Segment override within the brackets, and its place.
    pub segment: Option<(Register, usize)>,
    /// Place in the line.
    pub at: usize,
}

impl Operand {
    /// True for a memory operand.
    pub fn is_memory(&self) -> bool {
        self.flags & MEMORY != 0
    }
}

/// Flags of a size word before an operand.
fn size_word(word: &str) -> Option<Flags> {
    Some(match word {
        "byte" => B8,
        "word" => B16,
        "dword" | "long" => B32,
        "qword" => B64,
        "tword" => B80,
        "oword" => B128,
        "yword" => B256,
        "near" => NEAR,
        "far" => FAR,
        "short" => SHORT,
        "to" => TO,
        "strict" => STRICT,
        _ => return None,
    })
}

/// Reads the operands to the end of the statement. `own` is the section that the statement is in.
///
/// # Errors
/// What is no operand.
pub fn operands(parser: &mut Parser, own: Option<Segment>) -> Result<Vec<Operand>, Wrong> {
    let mut found = Vec::new();
    if parser.at_end() {
        return Ok(found);
    }
    loop {
        let mut operand = operand(parser, own)?;
        let colon = !operand.is_memory() && parser.take_sign(":");
        if colon {
            operand.flags |= COLON;
        }
        found.push(operand);
        if colon {
            continue;
        }
        if parser.at_end() {
            return Ok(found);
        }
        if !parser.take_sign(",") {
            return Err(parser.expected("`,` or the end of the line"));
        }
        if found.len() > 5 {
            return Err(parser.expected("no more than five operands"));
        }
    }
}

fn operand(parser: &mut Parser, own: Option<Segment>) -> Result<Operand, Wrong> {
    let at = parser.place();
    let mut flags = 0;
    while let Some(more) = parser.peek().and_then(|t| t.keyword()).and_then(|word| size_word(&word)) {
        if more & SIZES & (FAR - 1) != 0 && flags & SIZES & (FAR - 1) & !more != 0 {
            return Err(Wrong::new(parser.place(), "an operand has one size: remove the other one"));
        }
        flags |= more;
        parser.take();
    }
    parser.hint = Hint::None;
    if parser.take_sign("[") {
        return memory(parser, flags, at, own);
    }
    let value_at = parser.place();
    let value = parser.expression()?;
    if let Some(register) = value.as_register() {
        let mut operand = blank(flags & TO | register.flags, at);
        operand.register = Some(register);
        return Ok(operand);
    }
    immediate(flags, value, at, value_at, own)
}

fn blank(flags: Flags, at: usize) -> Operand {
    Operand {
        flags,
        register: None,
        base: None,
        index: None,
        hint: Hint::None,
        nosplit: false,
        displacement: Displacement::Any,
        amount: Amount::default(),
        segment: None,
        at,
    }
}

/// Number and section of a value without registers.
pub fn amount(value: &Value, at: usize, own: Option<Segment>) -> Result<Amount, Wrong> {
    let mut plain = value.clone();
    if value.unknown != 0 {
        return Ok(Amount { unknown: true, ..Amount::default() });
    }
    let before = plain.segments.len();
    plain.segments.retain(|(segment, factor)| !(Some(*segment) == own && *factor == -1));
    let relative = plain.segments.len() != before;
    let segment = plain.segment().map_err(|()| {
        Wrong::new(at, "this is neither a number nor an address: of labels in other sections only one can be used, and once")
    })?;
    Ok(Amount { number: value.number, segment, relative, unknown: false })
}

fn immediate(flags: Flags, value: Value, at: usize, value_at: usize, own: Option<Segment>) -> Result<Operand, Wrong> {
    if !value.registers.is_empty() {
        return Err(Wrong::new(value_at, "registers are added up only in an address, within `[` and `]`"));
    }
    let mut operand = blank(flags | IMMEDIATE, at);
    operand.amount = amount(&value, value_at, own)?;
    let optimise = flags & STRICT == 0;
    if value.is_just_unknown() {
        operand.flags |= if optimise { UNITY | SIGNED_BYTE_16 | SIGNED_BYTE_32 } else { UNITY };
    } else if value.is_simple() {
        let above = value.number.wrapping_add(128);
        operand.flags |= if value.number == 1 { UNITY } else { 0 };
        operand.flags |= if optimise && above as u16 <= 255 { SIGNED_BYTE_16 } else { 0 };
        operand.flags |= if optimise && above as u32 <= 255 { SIGNED_BYTE_32 } else { 0 };
    }
    Ok(operand)
}

fn memory(parser: &mut Parser, flags: Flags, at: usize, own: Option<Segment>) -> Result<Operand, Wrong> {
    let mut operand = blank(flags | ANY_MEMORY, at);
    while let Some(word) = parser.peek().and_then(|t| t.keyword()) {
        match word.as_str() {
            "byte" => operand.displacement = Displacement::Byte,
            "word" => operand.displacement = Displacement::Bits(16),
            "dword" | "long" => operand.displacement = Displacement::Bits(32),
            "nosplit" => operand.nosplit = true,
            // In 16- and 32-bit code all addresses are absolute.
            "abs" | "rel" => {}
            _ => break,
        }
        parser.take();
    }
    let mut value_at = parser.place();
    let mut value = parser.expression()?;
    if let Some(register) = value.as_register()
        && register.flags & SEGMENT != 0
        && parser.take_sign(":")
    {
        operand.segment = Some((register, value_at));
        parser.hint = Hint::None;
        value_at = parser.place();
        value = parser.expression()?;
    }
    operand.hint = parser.hint;
    if parser.peek().is_some_and(|t| t.is(",")) {
        return Err(parser.expected("`]` (an address is written `[base+index*scale+displacement]`)"));
    }
    if !parser.take_sign("]") {
        return Err(parser.expected("`]`"));
    }
    address(&mut operand, &value)?;
    value.registers.clear();
    operand.amount = amount(&value, value_at, own)?;
    Ok(operand)
}

/// Which register is the base and which the index.
fn address(operand: &mut Operand, value: &Value) -> Result<(), Wrong> {
    let mut registers = value.registers.iter().copied();
    let place = |scaled: Scaled| scaled.1 == 1 && scaled.0.is_general();
    match (registers.next(), registers.next(), registers.next()) {
        (None, ..) => operand.flags |= MEMORY_OFFSET,
        (Some(first), None, _) if place(first) => operand.base = Some(first.0),
        (Some(first), None, _) => operand.index = Some(first),
        (Some(first), Some(second), None) if place(first) => {
            operand.base = Some(first.0);
            operand.index = Some(second);
        }
        (Some(first), Some(second), None) if place(second) => {
            operand.base = Some(second.0);
            operand.index = Some(first);
        }
        (Some(_), Some(_), None) => {
            return Err(Wrong::new(operand.at, "an address has one register with a factor, and one without"));
        }
        _ => return Err(Wrong::new(operand.at, "an address has at most two registers")),
    }
    Ok(())
}
