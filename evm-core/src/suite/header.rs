//! Headers of blocks in JSON, as block tests have them.

use crate::block::{Bloom, Header};
use crate::json::{JsonError, Node};
use crate::{H256, U256};

/// Reads a header. Its `hash` is passed over.
pub(super) fn read(node: Node<'_>) -> Result<Header, JsonError> {
    let hash = |key| node.require(key, |node| node.hash());
    let number = |key| node.require(key, |node| node.u64());
    let later_hash = |key| node.get(key, |node| node.hash());
    let later_number = |key| node.get(key, |node| node.u64());
    Ok(Header {
        parent_hash: hash("parentHash")?,
        ommers_hash: hash("uncleHash")?,
        coinbase: node.require("coinbase", |node| node.address())?,
        state_root: hash("stateRoot")?,
        transactions_root: hash("transactionsTrie")?,
        receipts_root: hash("receiptTrie")?,
        bloom: Bloom(node.require("bloom", fixed)?),
        difficulty: node.require("difficulty", |node| node.u256())?,
        number: number("number")?,
        gas_limit: number("gasLimit")?,
        gas_used: number("gasUsed")?,
        timestamp: number("timestamp")?,
        extra_data: node.require("extraData", |node| node.bytes())?,
        prev_randao: hash("mixHash")?,
        nonce: node.require("nonce", fixed)?,
        base_fee: node.get("baseFeePerGas", |node| node.u256())?,
        withdrawals_root: later_hash("withdrawalsRoot")?,
        blob_gas_used: later_number("blobGasUsed")?,
        excess_blob_gas: later_number("excessBlobGas")?,
        parent_beacon_block_root: later_hash("parentBeaconBlockRoot")?,
        requests_hash: later_hash("requestsHash")?,
        block_access_list_hash: later_hash("blockAccessListHash")?,
        slot_number: later_number("slotNumber")?,
    })
}

/// Bytes of a fixed number.
pub(super) fn fixed<const N: usize>(node: Node<'_>) -> Result<[u8; N], JsonError> {
    match node.bytes()?.try_into() {
        Ok(bytes) => Ok(bytes),
        Err(_) => node.expected(format!("{N} bytes in hexadecimal")),
    }
}

/// Reads an execution payload of the Engine API but for its transactions and withdrawals, whose roots are given.
pub(super) fn read_payload(node: Node<'_>) -> Result<Header, JsonError> {
    let hash = |key| node.require(key, |node| node.hash());
    let number = |key| node.require(key, |node| node.u64());
    Ok(Header {
        parent_hash: hash("parentHash")?,
        ommers_hash: crate::block::NO_OMMERS,
        coinbase: node.require("feeRecipient", |node| node.address())?,
        state_root: hash("stateRoot")?,
        transactions_root: H256::zero(),
        receipts_root: hash("receiptsRoot")?,
        bloom: Bloom(node.require("logsBloom", fixed)?),
        difficulty: U256::zero(),
        number: number("blockNumber")?,
        gas_limit: number("gasLimit")?,
        gas_used: number("gasUsed")?,
        timestamp: number("timestamp")?,
        extra_data: node.require("extraData", |node| node.bytes())?,
        prev_randao: hash("prevRandao")?,
        base_fee: Some(node.require("baseFeePerGas", |node| node.u256())?),
        blob_gas_used: node.get("blobGasUsed", |node| node.u64())?,
        excess_blob_gas: node.get("excessBlobGas", |node| node.u64())?,
        slot_number: node.get("slotNumber", |node| node.u64())?,
        ..Header::default()
    })
}
