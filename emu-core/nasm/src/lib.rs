//! An assembler of the Netwide Assembler's language: what `nasm -f bin` makes of a text, byte for byte.
//!
//! It knows the 16- and 32-bit instructions that the machine executes (Pentium III with SSE2), NASM's preprocessor,
//! expressions, data, sections of the flat format, and its choice among equivalent encodings with jump sizes optimised
//! (`-Ox`). It reads no files: `%include` finds what [`Options::includes`] gives, `incbin` is refused.
//!
//! A text goes through passes until no label moves: each pass runs the preprocessor anew, because `%if ($-$$) > 510`
//! depends on what was assembled before it. What is measured in a pass serves the next one for references forward.

mod address;
mod assembler;
mod data;
mod directive;
mod encode;
mod expression;
mod float;
mod help;
mod instruction;
mod labels;
mod lexer;
mod matching;
mod operand;
mod preprocessor;
mod registers;
mod sections;
mod structure;
mod table;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

pub use help::{Mnemonic, mnemonics};

/// Bytes of output, at most.
pub const LARGEST_OUTPUT: u64 = 16 << 20;
/// Bytes of text, at most, of the source and of each included one.
pub const LARGEST_TEXT: usize = 4 << 20;
/// Errors that are collected before the rest of the text is left alone.
pub const MOST_ERRORS: usize = 100;
/// Statements that are read in all passes together: macros, repetitions and passes count.
pub const MOST_STATEMENTS: u64 = 4_000_000;
/// Macros, inclusions and repetitions within one another, at most.
pub const DEEPEST_EXPANSION: usize = 128;

/// What a text is assembled for.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    /// Mode at the start: 16 or 32. `bits` in the text changes it.
    pub bits: u8,
    /// Texts that `%include` finds, by name.
    pub includes: BTreeMap<String, String>,
    /// Macros that are defined before the first line: name and what it stands for.
    pub defines: BTreeMap<String, String>,
}

impl Default for Options {
    fn default() -> Self {
        Self { bits: 16, includes: BTreeMap::new(), defines: BTreeMap::new() }
    }
}

/// What is wrong, or doubtful, at a place of the text.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
pub struct Diagnostic {
    /// Name of the included text it is in; none for the source itself.
    pub file: Option<String>,
    /// Line, from 1; in a macro, the line of its use.
    pub line: u32,
    /// Character in the line, from 1.
    pub column: u32,
    /// What is wrong and what would be right.
    pub message: String,
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(file) = &self.file {
            write!(f, "{file}:")?;
        }
        write!(f, "{}:{}: {}", self.line, self.column, self.message)
    }
}

impl std::error::Error for Diagnostic {}

/// Where bytes of the output come from.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Source {
    /// Place of the statement's first byte in the output; none if it only reserves memory.
    pub offset: Option<u32>,
    /// Its address: what its label would stand for.
    pub address: u64,
    /// Bytes it makes or reserves.
    pub length: u32,
    /// Name of the included text it is in; none for the source itself.
    pub file: Option<String>,
    /// Line of the statement, from 1; of the macro's use if it is in a macro.
    pub line: u32,
    /// The statement as the preprocessor left it.
    pub text: String,
    /// The use of a macro that it comes from: an index into [`Assembled::expansions`].
    pub expansion: Option<u32>,
    /// Mode it was assembled in: 16 or 32.
    pub bits: u8,
    /// True for an instruction, false for data.
    pub code: bool,
}

/// A use of a macro.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Expansion {
    /// The macro's name.
    pub name: String,
    /// Name of the included text its definition is in; none for the source itself.
    pub file: Option<String>,
    /// Line of the use, from 1.
    pub line: u32,
    /// The use that it is part of.
    pub parent: Option<u32>,
}

/// What a symbol is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum SymbolKind {
    /// A place in a section.
    Label,
    /// A number: by `equ`, or in an `absolute` section or structure.
    Constant,
}

/// A name with a value.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Symbol {
    /// The name; of a local label with the label before it, as in `main.loop`.
    pub name: String,
    /// Address or number.
    pub value: u64,
    /// What it is.
    pub kind: SymbolKind,
    /// Name of the included text that defines it; none for the source itself.
    pub file: Option<String>,
    /// Line of the definition, from 1.
    pub line: u32,
}

/// What a text became.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Assembled {
    /// The flat binary.
    pub code: Vec<u8>,
    /// Address of its first byte: `org`.
    pub origin: u64,
    /// One entry for each statement that makes or reserves bytes, in the order of addresses.
    pub map: Vec<Source>,
    /// Uses of macros.
    pub expansions: Vec<Expansion>,
    /// Symbols in the order of their names.
    pub symbols: Vec<Symbol>,
    /// What is doubtful.
    pub warnings: Vec<Diagnostic>,
}

/// Assembles `source` to what `nasm -f bin` makes of it.
///
/// ```
/// let made = glassbox_nasm::assemble("org 0x7c00\njmp $\ntimes 510-($-$$) db 0\ndw 0xaa55", &Default::default());
/// let made = made.unwrap();
/// assert_eq!((made.code.len(), &made.code[..2]), (512, &[0xEB, 0xFE][..]));
/// ```
///
/// # Errors
///
/// All that is wrong with it, in the order of lines, up to [`MOST_ERRORS`].
pub fn assemble(source: &str, options: &Options) -> Result<Assembled, Vec<Diagnostic>> {
    assembler::assemble(source, options)
}
