//! Conditions and log lines: C expressions over registers, flags and memory.
//!
//! Every value is a 32-bit int, signed or not, and converts as C's does: numbers that fit are signed, registers and
//! memory are unsigned, and where the two meet both are unsigned. So `eax == -1` is as expected and `eax < 0` never true;
//! `int(eax) < 0` may be. Shifts take their count modulo 32; sums wrap.

mod evaluate;
mod lex;
mod names;
mod parse;

pub use evaluate::{Facts, Scope};

use serde::Serialize;

/// Longest expression, in characters.
pub const MOST_CHARACTERS: usize = 1000;

/// What is wrong with an expression, or why it has no value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ExpressionError {
    /// Character in the text, from 0.
    pub column: usize,
    /// One line.
    pub message: String,
}

impl ExpressionError {
    pub(super) fn at<T>(column: usize, message: impl Into<String>) -> Result<T, Self> {
        Err(Self { column, message: message.into() })
    }
}

/// A 32-bit int.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Value {
    /// Its bits.
    pub bits: u32,
    /// Whether bit 31 is a sign.
    pub signed: bool,
}

impl Value {
    pub(super) const fn unsigned(bits: u32) -> Self {
        Self { bits, signed: false }
    }

    const fn truth(holds: bool) -> Self {
        Self { bits: holds as u32, signed: true }
    }

    /// The number.
    pub const fn number(self) -> i64 {
        if self.signed { self.bits as i32 as i64 } else { self.bits as i64 }
    }
}

/// Where memory is.
#[derive(Clone, Debug)]
enum Space {
    Linear,
    Physical,
    /// A segment register's number.
    Register(u8),
    /// A selector: a paragraph in real mode, else looked up in the tables.
    Selector(Box<Node>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unary {
    Minus,
    Not,
    Complement,
    Int,
    Short,
    Char,
    Unsigned,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Binary {
    LogicalOr,
    LogicalAnd,
    Or,
    Xor,
    And,
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    ShiftLeft,
    ShiftRight,
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fact {
    Value,
    Address,
    Port,
    Vector,
    Error,
}

#[derive(Clone, Debug)]
enum Node {
    Number(Value),
    Register(names::Getter),
    Fact(Fact, usize),
    Memory { bytes: u32, space: Space, offset: Box<Node>, column: usize },
    Unary(Unary, Box<Node>),
    Binary { op: Binary, left: Box<Node>, right: Box<Node>, column: usize },
}

/// An expression that was understood.
#[derive(Clone, Debug)]
pub struct Expression {
    root: Node,
}

impl Expression {
    /// Reads an expression.
    ///
    /// # Errors
    /// What is wrong, and where.
    pub fn parse(text: &str) -> Result<Self, ExpressionError> {
        if text.chars().count() > MOST_CHARACTERS {
            return ExpressionError::at(MOST_CHARACTERS, format!("longer than {MOST_CHARACTERS} characters"));
        }
        Ok(Self { root: parse::parse(&lex::tokens(text)?)? })
    }

    /// Its value. Looking changes nothing.
    ///
    /// # Errors
    /// Memory that is not there, a division by 0, or a fact that the stop does not have.
    pub fn evaluate(&self, scope: &Scope<'_>) -> Result<Value, ExpressionError> {
        scope.evaluate(&self.root)
    }
}
