//! Log lines: text with `{expression}` or `{expression:08x}` in it.

use super::expression::{Expression, ExpressionError, Scope, Value};
use std::fmt::Write;

/// Widest field.
const MOST_WIDTH: usize = 64;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Style {
    /// As it is: signed numbers signed.
    Natural,
    Signed,
    Unsigned,
    Hex,
    UpperHex,
    Binary,
    Octal,
    Character,
}

#[derive(Clone, Debug)]
enum Piece {
    Text(String),
    Value { expression: Expression, style: Style, width: usize, zeros: bool },
}

/// A format that was understood.
#[derive(Clone, Debug)]
pub struct Format {
    pieces: Vec<Piece>,
}

impl Format {
    /// Reads a format.
    ///
    /// # Errors
    /// What is wrong, and where.
    pub fn parse(text: &str) -> Result<Self, ExpressionError> {
        let chars: Vec<char> = text.chars().collect();
        let mut pieces = Vec::new();
        let mut plain = String::new();
        let mut at = 0;
        while let Some(&c) = chars.get(at) {
            let doubled = chars.get(at + 1) == Some(&c);
            match c {
                '{' | '}' if doubled => {
                    plain.push(c);
                    at += 2;
                }
                '}' => return ExpressionError::at(at, "a } that closes nothing; write }} for the character"),
                '{' => {
                    let Some(len) = chars[at + 1..].iter().position(|&c| c == '}') else {
                        return ExpressionError::at(at, "} is missing; write {{ for the character");
                    };
                    pieces.push(Piece::Text(std::mem::take(&mut plain)));
                    pieces.push(field(&chars[at + 1..at + 1 + len], at + 1)?);
                    at += len + 2;
                }
                _ => {
                    plain.push(c);
                    at += 1;
                }
            }
        }
        pieces.push(Piece::Text(plain));
        Ok(Self { pieces })
    }

    /// The line.
    ///
    /// # Errors
    /// An expression without a value.
    pub fn line(&self, scope: &Scope<'_>) -> Result<String, ExpressionError> {
        let mut line = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => line.push_str(text),
                Piece::Value { expression, style, width, zeros } => {
                    let digits = digits(expression.evaluate(scope)?, *style);
                    let _ = if *zeros {
                        let (sign, digits) =
                            digits.strip_prefix('-').map_or(("", digits.as_str()), |d| ("-", d));
                        let width = width.saturating_sub(sign.len());
                        write!(line, "{sign}{digits:0>width$}")
                    } else {
                        write!(line, "{digits:>width$}")
                    };
                }
            }
        }
        Ok(line)
    }
}

/// What stands between braces. The last colon outside of square brackets begins the style.
fn field(inner: &[char], column: usize) -> Result<Piece, ExpressionError> {
    let mut depth = 0;
    let mut colon = None;
    for (i, c) in inner.iter().enumerate() {
        match c {
            '[' => depth += 1,
            ']' => depth -= 1,
            ':' if depth == 0 => colon = Some(i),
            _ => {}
        }
    }
    let (text, style): (String, String) = match colon {
        Some(at) => (inner[..at].iter().collect(), inner[at + 1..].iter().collect()),
        None => (inner.iter().collect(), String::new()),
    };
    let expression = Expression::parse(&text)
        .map_err(|error| ExpressionError { column: column + error.column, ..error })?;
    let (style, width, zeros) = read_style(style.trim(), column + colon.unwrap_or(0) + 1)?;
    Ok(Piece::Value { expression, style, width, zeros })
}

fn read_style(text: &str, column: usize) -> Result<(Style, usize, bool), ExpressionError> {
    let zeros = text.starts_with('0');
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (width, letter) = text.split_at(digits);
    let width = if width.is_empty() { 0 } else { width.parse().unwrap_or(usize::MAX) };
    if width > MOST_WIDTH {
        return ExpressionError::at(column, format!("no field is wider than {MOST_WIDTH}"));
    }
    let style = match letter {
        "" => Style::Natural,
        "d" => Style::Signed,
        "u" => Style::Unsigned,
        "x" => Style::Hex,
        "X" => Style::UpperHex,
        "b" => Style::Binary,
        "o" => Style::Octal,
        "c" => Style::Character,
        _ => return ExpressionError::at(column, format!("{letter:?} is none of x X d u b o c")),
    };
    Ok((style, width, zeros))
}

fn digits(value: Value, style: Style) -> String {
    let bits = value.bits;
    match style {
        Style::Natural => value.number().to_string(),
        Style::Signed => (bits as i32).to_string(),
        Style::Unsigned => bits.to_string(),
        Style::Hex => format!("{bits:x}"),
        Style::UpperHex => format!("{bits:X}"),
        Style::Binary => format!("{bits:b}"),
        Style::Octal => format!("{bits:o}"),
        Style::Character => {
            let c = char::from(bits as u8);
            if c.is_ascii_graphic() || c == ' ' { c.to_string() } else { format!("\\x{:02x}", bits as u8) }
        }
    }
}
