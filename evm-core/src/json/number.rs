//! Numbers in texts.

use crate::U256;

/// A whole number below 2^256: decimal, or hexadecimal with 0x. "0x" alone is zero, as geth's tools write it.
pub(super) fn parse(text: &str) -> Option<U256> {
    match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some("") => Some(U256::zero()),
        Some(digits) => hexadecimal(digits),
        None => decimal(text),
    }
}

/// Hexadecimal digits, at least one; leading zeros do not count.
pub(super) fn hexadecimal(digits: &str) -> Option<U256> {
    if digits.is_empty() || digits.trim_start_matches('0').len() > 64 {
        return None;
    }
    digits.chars().try_fold(U256::zero(), |value, digit| Some((value << 4) | U256::from(digit.to_digit(16)?)))
}

fn decimal(digits: &str) -> Option<U256> {
    if digits.is_empty() || digits.trim_start_matches('0').len() > 78 {
        return None;
    }
    digits.chars().try_fold(U256::zero(), |value, digit| {
        value.checked_mul(U256::from(10))?.checked_add(U256::from(digit.to_digit(10)?))
    })
}
