//! The assembler of byte code.
//!
//! One statement after the other; several may share a line. `;` and `//` start comments. Mnemonics in any case.
//!
//! | statement | meaning |
//! | --- | --- |
//! | `ADD` | an instruction |
//! | `PUSH expr` | the shortest PUSH that holds the value; PUSH0 where the fork has it |
//! | `PUSH4 expr` | a PUSH of that size |
//! | `DUPN 17`, `EXCHANGE 1 2` | depths, encoded as EIP-8024 has it |
//! | `name:` | a label: a JUMPDEST, and its place under a name |
//! | `.label name` | a place under a name, without JUMPDEST |
//! | `.const NAME = expr` | a number under a name |
//! | `.bytes 0x0102, "text", 7` | bytes as written |
//! | `.string "text"` | the UTF-8 bytes of a text |
//! | `.bytes4 expr, ...` | numbers in so many bytes each, 1 to 32 |
//! | `.fill count, byte` | the same byte many times; 0 if none is given |
//! | `.origin` | labels from here on count from here: code that will be deployed |
//! | `.macro name a, b` ... `.end` | a macro; `$a` in it stands for what is given |
//! | `%name x, y` | the macro's statements; labels and constants defined in them are their own |
//!
//! Expressions have numbers (`12`, `0xff`, `0b101`, `'a'`, `"text"` of up to 32 bytes; `_` separates digits), names of
//! labels (`@name` or `name`) and constants, `$` for the place of the statement, `( ) - ~ * / % + << >> & ^ |`, and the
//! functions `len("text")`, `keccak256("text")`, `selector("f(uint256)")`, `left("text")` (in a word's first bytes) and
//! `codesize()`. Negative numbers are two's complement, in a PUSH without size of 256 bits.
//!
//! The macros that are always there are listed in [`BUILT_IN`].

mod data;
mod expression;
mod int;
mod layout;
mod lexer;
mod macros;
mod mnemonic;
mod prelude;
mod program;
mod statement;

use std::fmt;

use serde::Serialize;

use crate::fork::Fork;

pub use prelude::{BUILT_IN, BuiltIn};

/// Bytes of code, at most.
pub const LARGEST_CODE: usize = 1 << 20;
/// Bytes of text, at most.
pub const LARGEST_TEXT: usize = 4 << 20;
/// Errors that are collected before the rest of the text is left alone.
pub const MOST_ERRORS: usize = 100;
/// Macros within macros, at most.
pub const DEEPEST_EXPANSION: u32 = 64;
/// Words and signs that macros stand for in all, at most.
pub const MOST_EXPANDED: usize = 1 << 20;

/// What a text is assembled for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Options {
    /// Instructions of later forks are errors, and PUSH0 is used where it has it.
    pub fork: Fork,
}

impl Default for Options {
    fn default() -> Self {
        Self { fork: Fork::LATEST }
    }
}

/// What is wrong at a place of the text.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Error {
    /// Line, from 1.
    pub line: u32,
    /// Character in the line, from 1.
    pub column: u32,
    /// What is wrong and what was expected.
    pub message: String,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.line, self.column, self.message)
    }
}

impl std::error::Error for Error {}

/// Where bytes of the code come from.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Source {
    /// Place of the statement's first byte in the code.
    pub pc: u32,
    /// Line of the statement, from 1; of the macro's use if the macro is built in.
    pub line: u32,
    /// Character in the line, from 1.
    pub column: u32,
    /// The use of a macro that it comes from: an index into [`Assembled::expansions`].
    pub expansion: Option<u32>,
}

/// A use of a macro.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Expansion {
    /// The macro's name.
    pub name: String,
    /// Line of the use, from 1.
    pub line: u32,
    /// Character in the line, from 1.
    pub column: u32,
    /// The use that it is part of.
    pub parent: Option<u32>,
}

/// A place with a name.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Label {
    /// The name.
    pub name: String,
    /// Place in the whole code.
    pub pc: u32,
    /// Place as seen from the last `.origin` before it: what the name stands for in expressions.
    pub value: u32,
    /// True if there is a JUMPDEST.
    pub jumpdest: bool,
    /// Line of the definition, from 1.
    pub line: u32,
    /// The use of a macro that it is local to.
    pub expansion: Option<u32>,
}

/// What a text became.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Assembled {
    /// The byte code.
    pub code: Vec<u8>,
    /// One entry for each statement that makes bytes, in the order of the code.
    pub map: Vec<Source>,
    /// Uses of macros.
    pub expansions: Vec<Expansion>,
    /// Labels in the order of the text.
    pub labels: Vec<Label>,
}

impl Assembled {
    /// The statement that the byte at `pc` comes from.
    pub fn source(&self, pc: u32) -> Option<&Source> {
        let after = self.map.partition_point(|source| source.pc <= pc);
        if pc as usize >= self.code.len() { None } else { self.map.get(after.checked_sub(1)?) }
    }
}

/// Assembles `text`.
///
/// # Errors
///
/// All that is wrong with it, in the order of lines, up to [`MOST_ERRORS`].
pub fn assemble(text: &str, options: &Options) -> Result<Assembled, Vec<Error>> {
    let mut program = program::Program::read(text, options.fork);
    let assembled = layout::lay_out(&mut program);
    program.into_result(assembled)
}

#[cfg(test)]
mod tests;
