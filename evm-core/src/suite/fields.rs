//! Values as test suites write them.

use crate::json::{self, JsonError, Node};
use crate::keccak::keccak256;
use crate::{H256, U256};
use std::collections::BTreeMap;

/// A number of a transaction; nothing if it is too large for any transaction. Old suites mark those `0x:bigint `.
pub(super) fn number(node: Node<'_>) -> Result<Option<U256>, JsonError> {
    let Some(text) = node.value().as_str() else { return node.u256().map(Some) };
    let digits = match text.strip_prefix("0x:bigint ") {
        Some(marked) => marked.strip_prefix("0x").unwrap_or(marked),
        None => match text.strip_prefix("0x") {
            Some(digits) => digits,
            None => return node.u256().map(Some),
        },
    };
    if digits.trim_start_matches('0').len() > 64 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Ok(None);
    }
    match if digits.is_empty() { Some(U256::zero()) } else { json::word(digits) } {
        Some(number) => Ok(Some(number)),
        None => node.expected("a number in hexadecimal, such as \"0x0c\""),
    }
}

/// A number below 2^64, or that where it is more.
pub(super) fn saturated(node: Node<'_>) -> Result<u64, JsonError> {
    let number = node.u256()?;
    Ok(if number.bits() > 64 { u64::MAX } else { number.low_u64() })
}

/// Key of a word of storage, in hexadecimal with or without 0x; "0x" alone is zero.
pub(super) fn key(text: &str) -> Option<U256> {
    if text == "0x" { Some(U256::zero()) } else { json::word(text) }
}

/// Hashes that state and VM tests give to the 256 blocks before `number`: those of their numbers in decimal.
pub(super) fn block_hashes(number: u64) -> BTreeMap<u64, H256> {
    let mut hashes = BTreeMap::new();
    for block in number.saturating_sub(256)..number {
        hashes.insert(block, keccak256(block.to_string().as_bytes()));
    }
    hashes
}
