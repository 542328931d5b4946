//! Headers, withdrawals, logs and receipts as JSON, in the form of geth and of the execution APIs. Tests name some
//! fields of headers otherwise; both names are read.

use super::{Bloom, Header, Log, Outcome, Receipt, Withdrawal};
use crate::json::{JsonError, Node};
use crate::{Address, H256, U256};
use serde_json::{Map, Value};

/// What `read` makes of the first of `keys` that is there; the first must be, if none is.
fn first<T>(
    node: Node<'_>,
    keys: [&'static str; 2],
    read: impl Fn(Node<'_>) -> Result<T, JsonError>,
) -> Result<T, JsonError> {
    match node.get(keys[1], &read)? {
        Some(value) => Ok(value),
        None => node.require(keys[0], read),
    }
}

/// A string of `N` bytes.
fn array<const N: usize>(node: Node<'_>) -> Result<[u8; N], JsonError> {
    match node.bytes()?.try_into() {
        Ok(bytes) => Ok(bytes),
        Err(_) => node.expected(format!("{N} bytes: {} hexadecimal digits", 2 * N)),
    }
}

fn hash(node: Node<'_>) -> Result<H256, JsonError> {
    node.hash()
}

fn u64(node: Node<'_>) -> Result<u64, JsonError> {
    node.u64()
}

fn address(node: Node<'_>) -> Result<Address, JsonError> {
    node.address()
}

fn number(number: u64) -> Value {
    format!("{number:#x}").into()
}

fn word(word: U256) -> Value {
    format!("{word:#x}").into()
}

fn bytes(bytes: &[u8]) -> Value {
    format!("0x{}", hex::encode(bytes)).into()
}

impl Header {
    /// Reads a header. Its hash, if there, must be right; other keys are passed over.
    pub fn from_json(node: Node<'_>) -> Result<Self, JsonError> {
        let header = Self {
            parent_hash: node.require("parentHash", hash)?,
            ommers_hash: first(node, ["sha3Uncles", "uncleHash"], hash)?,
            coinbase: first(node, ["miner", "coinbase"], address)?,
            state_root: node.require("stateRoot", hash)?,
            transactions_root: first(node, ["transactionsRoot", "transactionsTrie"], hash)?,
            receipts_root: first(node, ["receiptsRoot", "receiptTrie"], hash)?,
            bloom: Bloom(first(node, ["logsBloom", "bloom"], array)?),
            difficulty: node.require("difficulty", |node| node.u256())?,
            number: node.require("number", u64)?,
            gas_limit: node.require("gasLimit", u64)?,
            gas_used: node.require("gasUsed", u64)?,
            timestamp: node.require("timestamp", u64)?,
            extra_data: node.require("extraData", |node| node.bytes())?,
            prev_randao: node.require("mixHash", hash)?,
            nonce: node.require("nonce", array)?,
            base_fee: node.get("baseFeePerGas", |node| node.u256())?,
            withdrawals_root: node.get("withdrawalsRoot", hash)?,
            blob_gas_used: node.get("blobGasUsed", u64)?,
            excess_blob_gas: node.get("excessBlobGas", u64)?,
            parent_beacon_block_root: node.get("parentBeaconBlockRoot", hash)?,
            requests_hash: node.get("requestsHash", hash)?,
            block_access_list_hash: node.get("blockAccessListHash", hash)?,
            slot_number: node.get("slotNumber", u64)?,
        };
        match node.get("hash", hash)? {
            Some(given) if given != header.hash() => {
                node.conflict(format!("\"hash\" is {given:#x}, but the header's is {:#x}", header.hash()))
            }
            _ => Ok(header),
        }
    }

    /// The header as nodes give it, with its hash.
    pub fn to_json(&self) -> Value {
        let mut object = Map::new();
        let mut put = |key: &str, value: Value| object.insert(key.into(), value);
        put("parentHash", bytes(&self.parent_hash.0));
        put("sha3Uncles", bytes(&self.ommers_hash.0));
        put("miner", bytes(&self.coinbase.0));
        put("stateRoot", bytes(&self.state_root.0));
        put("transactionsRoot", bytes(&self.transactions_root.0));
        put("receiptsRoot", bytes(&self.receipts_root.0));
        put("logsBloom", bytes(&self.bloom.0));
        put("difficulty", word(self.difficulty));
        put("number", number(self.number));
        put("gasLimit", number(self.gas_limit));
        put("gasUsed", number(self.gas_used));
        put("timestamp", number(self.timestamp));
        put("extraData", bytes(&self.extra_data));
        put("mixHash", bytes(&self.prev_randao.0));
        put("nonce", bytes(&self.nonce));
        let hash = |hash: H256| bytes(&hash.0);
        let later = [
            ("baseFeePerGas", self.base_fee.map(word)),
            ("withdrawalsRoot", self.withdrawals_root.map(hash)),
            ("blobGasUsed", self.blob_gas_used.map(number)),
            ("excessBlobGas", self.excess_blob_gas.map(number)),
            ("parentBeaconBlockRoot", self.parent_beacon_block_root.map(hash)),
            ("requestsHash", self.requests_hash.map(hash)),
            ("blockAccessListHash", self.block_access_list_hash.map(hash)),
            ("slotNumber", self.slot_number.map(number)),
        ];
        for (key, value) in later {
            if let Some(value) = value {
                put(key, value);
            }
        }
        put("hash", bytes(&self.hash().0));
        object.into()
    }
}

impl Withdrawal {
    /// Reads a withdrawal.
    pub fn from_json(node: Node<'_>) -> Result<Self, JsonError> {
        Ok(Self {
            index: node.require("index", u64)?,
            validator_index: node.require("validatorIndex", u64)?,
            address: node.require("address", address)?,
            amount: node.require("amount", u64)?,
        })
    }

    /// The withdrawal as an object.
    pub fn to_json(&self) -> Value {
        Map::from_iter([
            ("index".into(), number(self.index)),
            ("validatorIndex".into(), number(self.validator_index)),
            ("address".into(), bytes(&self.address.0)),
            ("amount".into(), number(self.amount)),
        ])
        .into()
    }
}

impl Log {
    /// The log as an object with `address`, `topics` and `data`; its place in the chain is for the caller to add.
    pub fn to_json(&self) -> Value {
        Map::from_iter([
            ("address".into(), bytes(&self.address.0)),
            ("topics".into(), self.topics.iter().map(|topic| bytes(&topic.0)).collect()),
            ("data".into(), bytes(&self.data)),
        ])
        .into()
    }
}

impl Receipt {
    /// What the receipt's bytes have, as an object; the transaction's hash and the like are for the caller to add.
    pub fn to_json(&self) -> Value {
        let outcome = match self.outcome {
            Outcome::StateRoot(root) => ("root".into(), bytes(&root.0)),
            Outcome::Status(success) => ("status".into(), number(success.into())),
        };
        Map::from_iter([
            ("type".into(), number(self.tx_type as u64)),
            outcome,
            ("cumulativeGasUsed".into(), number(self.cumulative_gas_used)),
            ("logsBloom".into(), bytes(&self.bloom().0)),
            ("logs".into(), self.logs.iter().map(Log::to_json).collect()),
        ])
        .into()
    }
}
