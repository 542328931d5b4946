//! The part of a chain file that says what differs from the forks.

use super::super::fields::{self, FEATURES, GAS, LIMITS, PRECOMPILES, STATE_GAS, TX_PARTS};
use super::super::{Activation, Change, OpcodeChange, Prices, Since};
use crate::fork::Fork;
use crate::json::{self, JsonError, Node};
use crate::opcode::OPCODES;

/// Reads an item of `changes`.
pub(super) fn read(node: &Node<'_>) -> Result<Change, JsonError> {
    node.only(&[
        "name",
        "description",
        "since",
        "opcodes",
        "precompiles",
        "gas",
        "stateGas",
        "transactionParts",
        "features",
        "limits",
        "blockReward",
        "blobs",
        "baseFee",
    ])?;
    let name = node.get("name", |node| node.string().map(String::from))?.unwrap_or_default();
    let since = node.get("since", |node| since(&node))?.unwrap_or(Since::Genesis);
    Ok(Change {
        opcodes: node.get("opcodes", |node| opcodes(&node))?.unwrap_or_default(),
        precompiles: node.get("precompiles", |node| node.entries(precompile))?.unwrap_or_default(),
        gas: node.get("gas", |node| node.entries(|key, node| gas(key, node, GAS)))?.unwrap_or_default(),
        state_gas: node.get("stateGas", |node| prices(&node, STATE_GAS))?,
        tx_parts: node.get("transactionParts", |node| prices(&node, TX_PARTS))?,
        features: node.get("features", |node| node.entries(feature))?.unwrap_or_default(),
        limits: node.get("limits", |node| node.entries(limit))?.unwrap_or_default(),
        block_reward: node.get("blockReward", |node| reward(&node))?,
        blobs: node.get("blobs", |node| super::blob_parameters(&node))?,
        base_fee: node.get("baseFee", |node| super::base_fee(&node))?,
        ..Change::new(name, since)
    })
}

/// The name of a fork, `{"block": N}` or `{"time": N}`.
fn since(node: &Node<'_>) -> Result<Since, JsonError> {
    const EXPECTED: &str = "the name of a fork, {\"block\": N} or {\"time\": N}";
    if let Some(name) = node.value().as_str() {
        return Fork::by_name(name).map_or_else(|| node.expected(EXPECTED), |fork| Ok(Since::Fork(fork)));
    }
    if !node.value().is_object() {
        return node.expected(EXPECTED);
    }
    node.only(&["block", "time"])?;
    let block = node.get("block", |node| node.u64())?.map(Activation::Block);
    let time = node.get("time", |node| node.u64())?.map(Activation::Timestamp);
    match (block, time) {
        (Some(when), None) | (None, Some(when)) => Ok(Since::Activation(when)),
        _ => node.conflict("give either \"block\" or \"time\""),
    }
}

fn opcodes(node: &Node<'_>) -> Result<Vec<OpcodeChange>, JsonError> {
    node.only(&["add", "remove", "gas", "rename"])?;
    let mut changes = Vec::new();
    if let Some(added) = node.get("add", |node| node.items(|node| opcode(&node, node.string()?)))? {
        changes.extend(added.into_iter().map(OpcodeChange::Add));
    }
    if let Some(removed) = node.get("remove", |node| node.items(|node| opcode(&node, node.string()?)))? {
        changes.extend(removed.into_iter().map(OpcodeChange::Remove));
    }
    let gas = |name: &str, node: Node<'_>| match node.u64().ok().and_then(|gas| u16::try_from(gas).ok()) {
        Some(gas) => Ok(OpcodeChange::Gas(opcode(&node, name)?, gas)),
        None => node.expected("gas up to 65535"),
    };
    changes.extend(node.get("gas", |node| node.entries(gas))?.unwrap_or_default());
    let rename = |name: &str, node: Node<'_>| {
        let new = node.string()?;
        let good = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
        if new.is_empty()
            || new.len() > 32
            || !new.chars().all(good)
            || new.starts_with(|c: char| c.is_ascii_digit())
        {
            return node.expected("a mnemonic: up to 32 capital letters, digits and _, a letter first");
        }
        Ok(OpcodeChange::Rename(opcode(&node, name)?, new.into()))
    };
    changes.extend(node.get("rename", |node| node.entries(rename))?.unwrap_or_default());
    Ok(changes)
}

/// The byte of an opcode: by mnemonic, or as 0x and two digits.
fn opcode(node: &Node<'_>, name: &str) -> Result<u8, JsonError> {
    let plain = match name {
        "SHA3" => "KECCAK256",
        "DIFFICULTY" => "PREVRANDAO",
        "SUICIDE" => "SELFDESTRUCT",
        _ => name,
    };
    let number = name.strip_prefix("0x").filter(|digits| digits.len() == 2);
    let number = number.and_then(|digits| u8::from_str_radix(digits, 16).ok());
    let known =
        OPCODES.iter().flatten().find(|opcode| opcode.mnemonic == plain || Some(opcode.byte) == number);
    match known {
        Some(opcode) => Ok(opcode.byte),
        None => node.conflict(format!(
            "no fork has an opcode \"{}\"; write a mnemonic such as \"CLZ\", or a byte such as \"0x1e\"",
            name.chars().take(40).collect::<String>().escape_debug()
        )),
    }
}

fn precompile(
    key: &str,
    node: Node<'_>,
) -> Result<(crate::Address, Option<crate::precompiles::Precompile>), JsonError> {
    let short = key.strip_prefix("0x").and_then(json::word).filter(|word| word.bits() <= 64);
    let address = json::address(key).or(short.map(|word| crate::Address::from_low_u64_be(word.low_u64())));
    let Some(address) = address else {
        return node
            .conflict("this key is no address; write 40 hexadecimal digits, or a number such as \"0x100\"");
    };
    if node.is_null() {
        return Ok((address, None));
    }
    let name = node.value().as_str().unwrap_or_default();
    match PRECOMPILES.iter().find(|(each, _)| *each == name) {
        Some((_, which)) => Ok((address, Some(*which))),
        None => {
            let names: Vec<_> = PRECOMPILES.iter().map(|(name, _)| *name).collect();
            node.expected(format!("null for no precompile, or one of: {}", names.join(", ")))
        }
    }
}

/// `false`, or prices by name.
fn prices(node: &Node<'_>, names: &[&'static str]) -> Result<Prices, JsonError> {
    if node.value().as_bool() == Some(false) {
        return Ok(Prices::None);
    }
    if !node.value().is_object() {
        return node.expected("false, or an object of prices");
    }
    node.entries(|key, node| gas(key, node, names)).map(Prices::Some)
}

fn gas(key: &str, node: Node<'_>, names: &[&'static str]) -> Result<(&'static str, u64), JsonError> {
    let name = field(key, &node, names)?;
    // Products of prices and sizes stay within 64 bits.
    match node.u64() {
        Ok(0) if name == "refundQuotient" => node.expected("a whole number from 1 on"),
        Ok(price) if price <= u64::from(u32::MAX) => Ok((name, price)),
        _ => node.expected("gas up to 4294967295"),
    }
}

fn feature(key: &str, node: Node<'_>) -> Result<(&'static str, bool), JsonError> {
    Ok((field(key, &node, FEATURES)?, node.boolean()?))
}

fn limit(key: &str, node: Node<'_>) -> Result<(&'static str, Option<u64>), JsonError> {
    let name = field(key, &node, LIMITS)?;
    if node.is_null() {
        return Ok((name, None));
    }
    match node.u64() {
        Ok(limit) => Ok((name, Some(limit))),
        Err(_) => node.expected("a whole number below 2^64, or null for no limit"),
    }
}

fn field(key: &str, node: &Node<'_>, names: &[&'static str]) -> Result<&'static str, JsonError> {
    match fields::known(names, key) {
        Some(name) => Ok(name),
        None => node.conflict(format!("nothing is called so here; use one of: {}", names.join(", "))),
    }
}

/// A reward and its ommers' shares add up to less than 2^256 however many blocks there are.
fn reward(node: &Node<'_>) -> Result<crate::U256, JsonError> {
    match node.u256() {
        Ok(reward) if reward.bits() <= 128 => Ok(reward),
        _ => node.expected("wei, below 2^128"),
    }
}
