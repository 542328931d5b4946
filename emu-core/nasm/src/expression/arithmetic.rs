//! Sums, products and comparisons of values, of which parts may be registers or places.

use super::{Hint, Parser, Segment, Value, Wrong, not_constant};
use crate::lexer::Token;
use crate::registers::general_name;

impl Parser<'_> {
    pub(super) fn combine(&mut self, token: &Token, left: Value, right: Value) -> Result<Value, Wrong> {
        match token.text.as_str() {
            "+" => Ok(self.add(left, right, 1)),
            "-" => Ok(self.add(left, right, -1)),
            "*" => self.multiply(token.at, left, right),
            "=" | "==" | "<" | ">" | "<=" | ">=" | "<>" | "!=" | "<=>" => self.compare(token, left, right),
            sign => {
                if left.is_just_unknown() || right.is_just_unknown() {
                    return Ok(Value::unknown());
                }
                let (a, b) = (self.scalar(token.at, &left)?, self.scalar(token.at, &right)?);
                operate(sign, a, b)
                    .map(Value::number)
                    .ok_or_else(|| Wrong::new(token.at, "a division by zero has no value"))
            }
        }
    }

    pub(super) fn compare(&mut self, token: &Token, left: Value, right: Value) -> Result<Value, Wrong> {
        let hint = self.hint;
        let difference = self.add(left, right, -1);
        self.hint = hint;
        if difference.is_just_unknown() {
            return Ok(Value::unknown());
        }
        let sign = token.text.as_str();
        if !difference.is_simple() {
            return match sign {
                "=" | "==" => Ok(Value::number(0)),
                "<>" | "!=" => Ok(Value::number(1)),
                _ => Err(not_constant(token.at, &difference)),
            };
        }
        let order = difference.number.signum();
        Ok(Value::number(match sign {
            "=" | "==" => i64::from(order == 0),
            "<" => i64::from(order < 0),
            ">" => i64::from(order > 0),
            "<=" => i64::from(order <= 0),
            ">=" => i64::from(order >= 0),
            // The manual promises -1 as well; NASM 2.16 gives 0.
            "<=>" => i64::from(order > 0),
            _ => i64::from(order != 0),
        }))
    }

    /// Adds `right`, `times` being 1 or -1.
    pub(super) fn add(&mut self, left: Value, right: Value, times: i64) -> Value {
        let mut sum = left;
        let both = sum.number != 0 && right.number != 0;
        sum.unknown = sum.unknown.wrapping_add(right.unknown.wrapping_mul(times));
        sum.number = sum.number.wrapping_add(right.number.wrapping_mul(times));
        if both && sum.number != 0 {
            self.summed();
        }
        for (register, factor) in right.registers {
            let place = sum.registers.binary_search_by_key(&general_name(register), |r| general_name(r.0));
            let factor = factor.wrapping_mul(times);
            match place {
                Ok(place) if sum.registers[place].0 == register => {
                    sum.registers[place].1 = sum.registers[place].1.wrapping_add(factor);
                    if sum.registers[place].1 == 0 {
                        sum.registers.remove(place);
                    } else {
                        self.summed();
                    }
                }
                Ok(place) | Err(place) => sum.registers.insert(place, (register, factor)),
            }
        }
        for (segment, factor) in right.segments {
            add_segment(&mut sum.segments, segment, factor.wrapping_mul(times));
        }
        sum
    }

    pub(super) fn summed(&mut self) {
        if let Hint::Base(register) | Hint::NotBase(register) = self.hint {
            self.hint = Hint::Summed(register);
        }
    }

    pub(super) fn multiply(&mut self, at: usize, left: Value, right: Value) -> Result<Value, Wrong> {
        if left.is_just_unknown() || right.is_just_unknown() {
            return Ok(Value::unknown());
        }
        let (value, factor) = match (left.is_simple(), right.is_simple()) {
            (true, _) => (right, left.number),
            (_, true) => (left, right.number),
            _ => return Err(Wrong::new(at, "only one of the factors may be an address or a register")),
        };
        if let Hint::Base(register) = self.hint
            && value.registers.iter().any(|r| r.0 == register)
        {
            self.hint = Hint::NotBase(register);
        }
        Ok(scaled(value, factor))
    }
}

pub(super) fn scaled(mut value: Value, factor: i64) -> Value {
    value.number = value.number.wrapping_mul(factor);
    value.unknown = value.unknown.wrapping_mul(factor);
    for (_, times) in &mut value.registers {
        *times = times.wrapping_mul(factor);
    }
    for (_, times) in &mut value.segments {
        *times = times.wrapping_mul(factor);
    }
    value
}

pub(super) fn add_segment(segments: &mut Vec<(Segment, i64)>, segment: Segment, factor: i64) {
    match segments.iter().position(|(s, _)| *s == segment) {
        Some(place) => {
            segments[place].1 = segments[place].1.wrapping_add(factor);
            if segments[place].1 == 0 {
                segments.remove(place);
            }
        }
        None => segments.push((segment, factor)),
    }
}

/// Operators, those that bind least first (NASM manual, section 3.5.3 on).
pub(super) const LEVELS: [&[&str]; 10] = [
    &["||"],
    &["^^"],
    &["&&"],
    &["=", "==", "<", ">", "<=", ">=", "<>", "!=", "<=>"],
    &["|"],
    &["^"],
    &["&"],
    &["<<", "<<<", ">>", ">>>"],
    &["+", "-"],
    &["*", "/", "//", "%", "%%"],
];

pub(super) fn operate(sign: &str, a: i64, b: i64) -> Option<i64> {
    let (unsigned, divisor) = (a as u64, b as u64);
    // Counts are modulo 64, as the processors that NASM runs on take them.
    let count = (divisor & 63) as u32;
    Some(match sign {
        "||" => i64::from(a != 0 || b != 0),
        "^^" => i64::from((a != 0) != (b != 0)),
        "&&" => i64::from(a != 0 && b != 0),
        "|" => a | b,
        "^" => a ^ b,
        "&" => a & b,
        "<<" | "<<<" => (unsigned << count) as i64,
        ">>" => (unsigned >> count) as i64,
        ">>>" => a >> count,
        "/" => unsigned.checked_div(divisor)? as i64,
        "%" => unsigned.checked_rem(divisor)? as i64,
        "//" if b != 0 => a.wrapping_div(b),
        "%%" if b != 0 => a.wrapping_rem(b),
        _ => return None,
    })
}
