//! The environment: geth's `env.json`.

use super::Error;
use crate::block::{BlockEnv, NO_OMMERS, Withdrawal, base_fee, difficulty, excess_blob_gas};
use crate::chain::{ChainConfig, Position};
use crate::json::{self, JsonError, Node};
use crate::rules::Rules;
use crate::{Address, H256, U256};
use std::collections::BTreeMap;

/// A block that was mined but came too late.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Ommer {
    /// Blocks before the one that names it.
    pub delta: u64,
    /// Who is paid.
    pub address: Address,
}

/// The environment. What is optional here, some forks need, or compute from the parent's values.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Env {
    /// `currentNumber`.
    pub number: u64,
    /// `currentTimestamp`.
    pub timestamp: u64,
    /// `currentCoinbase`.
    pub coinbase: Address,
    /// `currentGasLimit`.
    pub gas_limit: u64,
    /// `currentDifficulty`.
    pub difficulty: Option<U256>,
    /// `currentRandom`.
    pub random: Option<H256>,
    /// `currentBaseFee`.
    pub base_fee: Option<U256>,
    /// `currentExcessBlobGas`.
    pub excess_blob_gas: Option<u64>,
    /// `slotNumber`.
    pub slot_number: Option<u64>,
    /// `parentDifficulty`.
    pub parent_difficulty: Option<U256>,
    /// `parentTimestamp`.
    pub parent_timestamp: Option<u64>,
    /// `parentUncleHash`.
    pub parent_ommers_hash: Option<H256>,
    /// `parentBaseFee`.
    pub parent_base_fee: Option<U256>,
    /// `parentGasUsed`.
    pub parent_gas_used: Option<u64>,
    /// `parentGasLimit`.
    pub parent_gas_limit: Option<u64>,
    /// `parentExcessBlobGas`.
    pub parent_excess_blob_gas: Option<u64>,
    /// `parentBlobGasUsed`.
    pub parent_blob_gas_used: Option<u64>,
    /// `parentBeaconBlockRoot`.
    pub parent_beacon_block_root: Option<H256>,
    /// `blockHashes`.
    pub block_hashes: BTreeMap<u64, H256>,
    /// `ommers`.
    pub ommers: Vec<Ommer>,
    /// `withdrawals`.
    pub withdrawals: Option<Vec<Withdrawal>>,
}

impl Env {
    /// Reads the object. Keys that nobody knows are passed over: tools add some.
    ///
    /// # Errors
    /// One that names the place and says what belongs there.
    pub fn from_json(node: Node<'_>) -> Result<Self, JsonError> {
        let number = |key| node.get(key, |node| node.u64());
        let word = |key| node.get(key, |node| node.u256());
        let hash = |key| node.get(key, |node| node.hash());
        Ok(Self {
            number: node.require("currentNumber", |node| node.u64())?,
            timestamp: node.require("currentTimestamp", |node| node.u64())?,
            coinbase: node.require("currentCoinbase", |node| node.address())?,
            gas_limit: node.require("currentGasLimit", |node| node.u64())?,
            difficulty: word("currentDifficulty")?,
            random: hash("currentRandom")?,
            base_fee: word("currentBaseFee")?,
            excess_blob_gas: number("currentExcessBlobGas")?,
            slot_number: number("slotNumber")?,
            parent_difficulty: word("parentDifficulty")?,
            parent_timestamp: number("parentTimestamp")?,
            parent_ommers_hash: hash("parentUncleHash")?,
            parent_base_fee: word("parentBaseFee")?,
            parent_gas_used: number("parentGasUsed")?,
            parent_gas_limit: number("parentGasLimit")?,
            parent_excess_blob_gas: number("parentExcessBlobGas")?,
            parent_blob_gas_used: number("parentBlobGasUsed")?,
            parent_beacon_block_root: hash("parentBeaconBlockRoot")?,
            block_hashes: node.get("blockHashes", block_hashes)?.unwrap_or_default(),
            ommers: node.get("ommers", |node| node.items(ommer))?.unwrap_or_default(),
            withdrawals: node.get("withdrawals", |node| node.items(Withdrawal::from_json))?,
        })
    }

    /// What transactions see under `rules`; computed from the parent where it is not given.
    pub(super) fn block(&self, chain: &ChainConfig, rules: &Rules) -> Result<BlockEnv, Error> {
        let missing = |keys| Error::Missing { keys, fork: rules.fork.name() };
        let mut block = BlockEnv {
            number: self.number,
            timestamp: self.timestamp,
            coinbase: self.coinbase,
            gas_limit: self.gas_limit,
            slot_number: self.slot_number.unwrap_or(0),
            block_hashes: self.block_hashes.clone(),
            ..BlockEnv::default()
        };
        if rules.proof_of_stake {
            block.prev_randao = self.random.ok_or(missing("currentRandom"))?;
        } else {
            block.difficulty = self.difficulty(rules)?;
        }
        if rules.base_fee {
            block.base_fee = match (self.base_fee, self.parent_base_fee) {
                (Some(given), _) => given,
                (None, Some(parent)) => {
                    let parameters = chain.base_fee_at(&Position::new(self.number, self.timestamp));
                    let keys = "currentBaseFee, or parentGasUsed and parentGasLimit";
                    let used = self.parent_gas_used.ok_or(missing(keys))?;
                    let limit = self.parent_gas_limit.ok_or(missing(keys))?;
                    base_fee(parameters, limit, used, parent)
                }
                (None, None) => return Err(missing("currentBaseFee or parentBaseFee")),
            };
        }
        if let Some(blobs) = &rules.blobs {
            block.excess_blob_gas = self.excess_blob_gas.unwrap_or_else(|| {
                let [excess, used] =
                    [self.parent_excess_blob_gas, self.parent_blob_gas_used].map(|gas| gas.unwrap_or(0));
                excess_blob_gas(blobs, excess, used, self.parent_base_fee.unwrap_or_default())
            });
        }
        if rules.beacon_root && self.parent_beacon_block_root.is_none() {
            return Err(missing("parentBeaconBlockRoot"));
        }
        if rules.withdrawals && self.withdrawals.is_none() {
            return Err(missing("withdrawals, if only []"));
        }
        Ok(block)
    }

    fn difficulty(&self, rules: &Rules) -> Result<U256, Error> {
        if let Some(given) = self.difficulty {
            return Ok(given);
        }
        let (Some(parent), Some(since)) = (self.parent_difficulty, self.parent_timestamp) else {
            let keys = "currentDifficulty, or parentDifficulty and parentTimestamp";
            return Err(Error::Missing { keys, fork: rules.fork.name() });
        };
        let ommers = self.parent_ommers_hash.is_some_and(|hash| hash != NO_OMMERS && hash != H256::zero());
        let elapsed = self.timestamp.saturating_sub(since);
        difficulty(rules, self.number, elapsed, parent, ommers).ok_or(Error::Difficulty)
    }
}

/// Hashes by number. Keys are decimal, or hexadecimal with 0x.
fn block_hashes(node: Node<'_>) -> Result<BTreeMap<u64, H256>, JsonError> {
    let entries = node.entries(|key, node| {
        let number = match key.strip_prefix("0x") {
            Some(digits) => json::word(digits).filter(|word| word.bits() <= 64).map(|word| word.low_u64()),
            None => key.parse().ok(),
        };
        match number {
            Some(number) => Ok((number, node.hash()?)),
            None => node.conflict("this key is no block number; write it in decimal, or with 0x"),
        }
    })?;
    let mut hashes = BTreeMap::new();
    for (number, hash) in entries {
        hashes.insert(number, hash);
    }
    Ok(hashes)
}

fn ommer(node: Node<'_>) -> Result<Ommer, JsonError> {
    Ok(Ommer {
        delta: node.require("delta", |node| match node.u64()? {
            delta @ 1..=7 => Ok(delta),
            _ => node.expected("1 to 7 blocks"),
        })?,
        address: node.require("address", |node| node.address())?,
    })
}
