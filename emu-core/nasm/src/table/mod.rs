//! The instructions: which operands a mnemonic takes, and their encodings (SDM volume 2), in NASM's order of preference.
//!
//! The rows are text, in `rows_*.rs`, one encoding a line:
//!
//! ```text
//! mnemonic   operands   roles   code            limits
//! adc        m,r#       mr      o# 11 /r        same lock
//! ```
//!
//! `#` makes two rows, for 16 and for 32 bits. Each letter of the roles says what its operand becomes: `r` ModRM.reg
//! or the register in the opcode, `m` ModRM.rm, `b` both, `i` the first immediate, `j` the second one, `-` nothing.

mod parse;
mod rows_general;
mod rows_simd;
mod rows_system;
mod rows_x87;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::registers::Flags;

pub use parse::CONDITIONS;

/// What a row asks of an operand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Ask {
    /// Properties it must have.
    pub flags: Flags,
    /// The number of the register it must be.
    pub register: Option<u8>,
}

/// What is in ModRM.reg.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Field {
    /// A part of the opcode.
    Digit(u8),
    /// The register operand.
    Register,
}

/// A part of an encoding. Numbers in immediates and distances are places of operands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Code {
    /// A byte as it is.
    Byte(u8),
    /// A byte to which the number of the register operand is added.
    PlusRegister(u8),
    /// ModRM and what follows from it.
    ModRm(Field),
    /// Immediate of a byte.
    Imm8(u8),
    /// Immediate of two bytes.
    Imm16(u8),
    /// Immediate of four bytes.
    Imm32(u8),
    /// Immediate of the operand's size, or of the mode's.
    ImmWide(u8),
    /// Displacement of the address's size, without ModRM.
    Offset(u8),
    /// Number of the segment that an operand is in.
    SegmentOf(u8),
    /// Distance of a byte.
    Rel8(u8),
    /// Distance of the operand's size, or of the mode's.
    Rel(u8),
    /// The operation has this operand size.
    OperandSize(u8),
    /// The operation has this address size.
    AddressSize(u8),
    /// WAIT in front.
    Wait,
    /// The row is for jumps that are short enough.
    IfShort,
    /// Length of a near jump, which a conditional jump passes over.
    LongJump,
}

/// The size of operands that have none.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Limit {
    /// None is assumed.
    None,
    /// This one.
    Size(Flags),
    /// That of the mode.
    Mode,
}

/// An encoding.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Row {
    /// What the operands must be.
    pub operands: Vec<Ask>,
    /// The operand in ModRM.rm.
    pub rm: Option<u8>,
    /// The operand in ModRM.reg or in the opcode.
    pub reg: Option<u8>,
    /// The bytes.
    pub code: Vec<Code>,
    /// Size of operands without one.
    pub limit: Limit,
    /// The one operand that `limit` is for; all if there is none.
    pub limit_operand: Option<usize>,
    /// So many operands have the same size.
    pub same_size: Option<usize>,
    /// The size of memory does not matter.
    pub any_size: bool,
    /// LOCK is possible if the first operand is in memory.
    pub lock: bool,
    /// Processor that has it: 0 for the 8086, 1 to 6 for 186 to P6, 7 for Katmai, 8 for Willamette.
    pub level: u8,
}

/// All rows by mnemonic, in lower case.
pub struct Table(BTreeMap<String, Vec<Row>>);

/// The rows, read once: they are a constant.
pub static TABLE: LazyLock<Table> = LazyLock::new(Table::new);

impl Table {
    /// Reads the rows.
    fn new() -> Self {
        let mut rows = BTreeMap::new();
        for text in texts() {
            parse::add_text(&mut rows, text);
        }
        parse::add_families(&mut rows);
        Self(rows)
    }

    /// Rows of a mnemonic; none if there is no such instruction.
    pub fn rows(&self, name: &str) -> Option<&[Row]> {
        self.0.get(name).map(Vec::as_slice)
    }

    /// Mnemonics in the order of the alphabet.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

/// The texts of the table.
fn texts() -> [&'static str; 5] {
    [rows_general::GENERAL, rows_general::CONTROL, rows_system::SYSTEM, rows_x87::X87, rows_simd::SIMD]
}

/// Mnemonic and operands of every row, as written in the table, for completion and tests.
pub fn forms() -> Vec<(String, String)> {
    let mut found = Vec::new();
    for text in texts() {
        parse::forms_of_text(&mut found, text);
    }
    parse::forms_of_families(&mut found);
    found
}
