//! The value of a tree.

use super::{Binary, ExpressionError, Fact, Node, Space, Unary, Value};
use crate::debugger::memory;
use crate::inspect;
use crate::machine::Machine;

/// What is known of what happened, for conditions that ask.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// What was read or written.
    pub value: Option<u32>,
    /// Linear address, or the physical one of what a device did.
    pub address: Option<u32>,
    /// Port number.
    pub port: Option<u32>,
    /// Vector of an interrupt or exception.
    pub vector: Option<u32>,
    /// Error code of an exception.
    pub error: Option<u32>,
}

/// What an expression is about.
#[derive(Clone, Copy)]
pub struct Scope<'a> {
    /// The machine, which stays as it is.
    pub machine: &'a Machine,
    /// What happened.
    pub facts: Facts,
}

type Evaluated = Result<Value, ExpressionError>;

impl Scope<'_> {
    pub(super) fn evaluate(&self, node: &Node) -> Evaluated {
        match node {
            Node::Number(value) => Ok(*value),
            Node::Register(getter) => Ok(Value::unsigned(getter(&self.machine.engine.cpu))),
            Node::Fact(fact, column) => self.fact(*fact, *column),
            Node::Memory { bytes, space, offset, column } => self.memory(*bytes, space, offset, *column),
            Node::Unary(op, inner) => Ok(unary(*op, self.evaluate(inner)?)),
            Node::Binary { op: Binary::LogicalOr, left, right, .. } => {
                Ok(Value::truth(self.evaluate(left)?.bits != 0 || self.evaluate(right)?.bits != 0))
            }
            Node::Binary { op: Binary::LogicalAnd, left, right, .. } => {
                Ok(Value::truth(self.evaluate(left)?.bits != 0 && self.evaluate(right)?.bits != 0))
            }
            Node::Binary { op, left, right, column } => {
                binary(*op, self.evaluate(left)?, self.evaluate(right)?, *column)
            }
        }
    }

    fn fact(&self, fact: Fact, column: usize) -> Evaluated {
        let facts = &self.facts;
        let (known, name) = match fact {
            Fact::Value => (facts.value, "value"),
            Fact::Address => (facts.address, "address"),
            Fact::Port => (facts.port, "port"),
            Fact::Vector => (facts.vector, "vector"),
            Fact::Error => (facts.error, "error"),
        };
        match known {
            Some(bits) => Ok(Value::unsigned(bits)),
            None => ExpressionError::at(column, format!("what happened has no {name}")),
        }
    }

    fn memory(&self, bytes: u32, space: &Space, offset: &Node, column: usize) -> Evaluated {
        let machine = self.machine;
        let offset = self.evaluate(offset)?.bits;
        let base = match space {
            Space::Linear | Space::Physical => Some(0),
            Space::Register(number) => Some(machine.engine.cpu.st.seg[usize::from(number & 7)].base),
            Space::Selector(selector) => memory::segment_base(machine, self.evaluate(selector)?.bits as u16),
        };
        let Some(base) = base else {
            return ExpressionError::at(column, "the selector's descriptor is not there");
        };
        let at = base.wrapping_add(offset);
        let space =
            if matches!(space, Space::Physical) { inspect::Space::Physical } else { inspect::Space::Linear };
        let found = machine.inspect().read(space, u64::from(at), bytes as usize);
        if let Some(missing) = found.absent.first() {
            let at = at.wrapping_add(missing.at as u32);
            return ExpressionError::at(column, format!("no memory that can be looked at is at {at:#x}"));
        }
        let value = found.bytes.iter().rev().fold(0, |value, &byte| value << 8 | u32::from(byte));
        Ok(Value::unsigned(value))
    }
}

fn unary(op: Unary, v: Value) -> Value {
    let signed = |bits: i32| Value { bits: bits as u32, signed: true };
    match op {
        Unary::Minus => Value { bits: v.bits.wrapping_neg(), ..v },
        Unary::Complement => Value { bits: !v.bits, ..v },
        Unary::Not => Value::truth(v.bits == 0),
        Unary::Int => signed(v.bits as i32),
        Unary::Short => signed(i32::from(v.bits as i16)),
        Unary::Char => signed(i32::from(v.bits as i8)),
        Unary::Unsigned => Value::unsigned(v.bits),
    }
}

fn binary(op: Binary, a: Value, b: Value, column: usize) -> Evaluated {
    let signed = a.signed && b.signed;
    let (x, y) = (a.bits, b.bits);
    let less = |x: u32, y: u32| if signed { (x as i32) < (y as i32) } else { x < y };
    let number = |bits| Ok(Value { bits, signed });
    let truth = |holds| Ok(Value::truth(holds));
    match op {
        Binary::LogicalOr => truth(x != 0 || y != 0),
        Binary::LogicalAnd => truth(x != 0 && y != 0),
        Binary::Or => number(x | y),
        Binary::Xor => number(x ^ y),
        Binary::And => number(x & y),
        Binary::Equal => truth(x == y),
        Binary::NotEqual => truth(x != y),
        Binary::Less => truth(less(x, y)),
        Binary::LessEqual => truth(!less(y, x)),
        Binary::Greater => truth(less(y, x)),
        Binary::GreaterEqual => truth(!less(x, y)),
        // As in C, the type of a shift is that of what is shifted.
        Binary::ShiftLeft => Ok(Value { bits: x.wrapping_shl(y), signed: a.signed }),
        Binary::ShiftRight if a.signed => Ok(Value { bits: (x as i32).wrapping_shr(y) as u32, signed: true }),
        Binary::ShiftRight => Ok(Value::unsigned(x.wrapping_shr(y))),
        Binary::Add => number(x.wrapping_add(y)),
        Binary::Subtract => number(x.wrapping_sub(y)),
        Binary::Multiply => number(x.wrapping_mul(y)),
        Binary::Divide | Binary::Remainder if y == 0 => ExpressionError::at(column, "division by 0"),
        Binary::Divide if signed => number((x as i32).wrapping_div(y as i32) as u32),
        Binary::Remainder if signed => number((x as i32).wrapping_rem(y as i32) as u32),
        Binary::Divide => number(x / y),
        Binary::Remainder => number(x % y),
    }
}
