//! Addresses, ports and vectors as the user writes them.

use super::expression::ExpressionError;

/// Where something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Address {
    /// Linear.
    Linear(u32),
    /// Physical.
    Physical(u64),
    /// Selector and offset.
    Segmented(u16, u32),
}

/// Physical addresses have 36 bits.
const MOST_PHYSICAL: u64 = 0xF_FFFF_FFFF;

type Read<T> = Result<T, ExpressionError>;

/// Reads `7c00`, `0x7c00`, `7c00h`, `phys:7c00`, `07c0:0000`.
pub fn address(text: &str) -> Read<Address> {
    let Some((before, after)) = text.split_once(':') else {
        return Ok(Address::Linear(hex(text, 0, u64::from(u32::MAX))? as u32));
    };
    let column = before.chars().count() + 1;
    match before.trim().to_ascii_lowercase().as_str() {
        "phys" | "p" => Ok(Address::Physical(hex(after, column, MOST_PHYSICAL)?)),
        "linear" | "l" => Ok(Address::Linear(hex(after, column, u64::from(u32::MAX))? as u32)),
        _ => {
            let selector = hex(before, 0, 0xFFFF)? as u16;
            Ok(Address::Segmented(selector, hex(after, column, u64::from(u32::MAX))? as u32))
        }
    }
}

/// Reads a hexadecimal number that stands at a column, up to `most`.
pub fn hex(text: &str, column: usize, most: u64) -> Read<u64> {
    let column = column + text.chars().take_while(|c| c.is_whitespace()).count();
    let word = text.trim().to_ascii_lowercase();
    let digits = word.strip_prefix("0x").or(word.strip_suffix('h')).unwrap_or(&word);
    if digits.is_empty() {
        return ExpressionError::at(column, "a hexadecimal number is missing");
    }
    if let Some(at) = digits.chars().position(|c| !c.is_ascii_hexdigit()) {
        let prefix = if word.starts_with("0x") { 2 } else { 0 };
        return ExpressionError::at(column + prefix + at, format!("{word:?} is no hexadecimal number"));
    }
    match u64::from_str_radix(digits, 16) {
        Ok(value) if value <= most => Ok(value),
        _ => ExpressionError::at(column, format!("larger than {most:x}")),
    }
}

/// Reads hexadecimal numbers below `end`, with commas between them.
pub fn hex_list(text: &str, end: u32) -> Read<Vec<u32>> {
    text.split(',').map(|word| Ok(hex(word, 0, u64::from(end.saturating_sub(1)))? as u32)).collect()
}

/// Reads a decimal number.
pub fn decimal(text: &str) -> Read<u64> {
    let column = text.chars().take_while(|c| c.is_whitespace()).count();
    match text.trim() {
        "" => ExpressionError::at(column, "a decimal number is missing"),
        word if !word.bytes().all(|b| b.is_ascii_digit()) => {
            ExpressionError::at(column, format!("{word:?} is no decimal number"))
        }
        word => word.parse().or_else(|_| ExpressionError::at(column, "larger than 64 bits")),
    }
}

/// Reads `3f8` or `3f8-3ff`.
pub fn ports(text: &str) -> Read<(u16, u16)> {
    let Some((before, after)) = text.split_once('-') else {
        let port = hex(text, 0, 0xFFFF)? as u16;
        return Ok((port, port));
    };
    let column = before.chars().count() + 1;
    let (first, last) = (hex(before, 0, 0xFFFF)? as u16, hex(after, column, 0xFFFF)? as u16);
    if first > last {
        return ExpressionError::at(column, "the last port is below the first");
    }
    Ok((first, last))
}

/// Names of exceptions by vector (SDM vol. 3A, table 6-1); NMI is an interrupt.
const EXCEPTIONS: [(&str, u8); 17] = [
    ("de", 0),
    ("db", 1),
    ("bp", 3),
    ("of", 4),
    ("br", 5),
    ("ud", 6),
    ("nm", 7),
    ("df", 8),
    ("ts", 10),
    ("np", 11),
    ("ss", 12),
    ("gp", 13),
    ("pf", 14),
    ("mf", 16),
    ("ac", 17),
    ("mc", 18),
    ("xm", 19),
];

/// Reads `0e`, `PF` or `#PF`; empty is any. A name wins over the number that DE, DF, AC also are: those begin with 0.
pub fn exception(text: &str) -> Read<Option<u8>> {
    let word = text.trim().trim_start_matches('#').to_ascii_lowercase();
    if let Some(entry) = EXCEPTIONS.iter().find(|e| e.0 == word) {
        return Ok(Some(entry.1));
    }
    vector(text)
}

/// Reads a vector; empty is any.
pub fn vector(text: &str) -> Read<Option<u8>> {
    if text.trim().is_empty() { Ok(None) } else { hex(text, 0, 0xFF).map(|v| Some(v as u8)) }
}

/// Reads one of some words; empty is none of them.
pub fn choice<T: Copy>(text: &str, words: &[(&str, T)]) -> Read<Option<T>> {
    let word = text.trim().to_ascii_lowercase();
    if word.is_empty() {
        return Ok(None);
    }
    match words.iter().find(|entry| entry.0 == word) {
        Some(entry) => Ok(Some(entry.1)),
        None => {
            let all: Vec<&str> = words.iter().map(|entry| entry.0).collect();
            ExpressionError::at(0, format!("{word:?} is none of {}", all.join(", ")))
        }
    }
}
