//! Genesis files as geth has them: the state and the header that a chain begins with.

use super::{BaseFeeRules, ChainConfig, Position};
use crate::block::{Bloom, Header, NO_ACCESSES, NO_OMMERS, NO_REQUESTS};
use crate::json::{self, JsonError, Node};
use crate::state::World;
use crate::trie::{EMPTY_ROOT, state_root};
use crate::{H256, U256};

/// What a genesis file says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Genesis {
    /// `config`, if there is one.
    pub chain: Option<ChainConfig>,
    /// The state.
    pub world: World,
    /// The header, with what the file says. Roots and the fields of forks are those that [`Self::header`] gives.
    given: Header,
    /// `difficulty`, if given.
    difficulty: Option<U256>,
}

/// Gas limit where none is given, as in geth.
const GAS_LIMIT: u64 = 4_712_388;
/// Difficulty where none is given, as in geth.
const DIFFICULTY: u64 = 131_072;

impl Genesis {
    /// Reads a genesis file: `alloc` and, all optional, `config`, `nonce`, `timestamp`, `extraData`, `gasLimit`,
    /// `difficulty`, `mixHash`, `coinbase`, `number`, `gasUsed`, `parentHash`, `baseFeePerGas`, `excessBlobGas`,
    /// `blobGasUsed`, `slotNumber`.
    ///
    /// # Errors
    /// One that names the place and says what belongs there.
    pub fn from_json(text: &str) -> Result<Self, JsonError> {
        let value = json::parse(text)?;
        let node = Node::root(&value);
        node.only(&[
            "config",
            "alloc",
            "nonce",
            "timestamp",
            "extraData",
            "gasLimit",
            "difficulty",
            "mixHash",
            "mixhash",
            "coinbase",
            "number",
            "gasUsed",
            "parentHash",
            "baseFeePerGas",
            "excessBlobGas",
            "blobGasUsed",
            "slotNumber",
        ])?;
        let chain = match node.get("config", |_| Ok(()))? {
            Some(()) => Some(ChainConfig::from_value(&value)?),
            None => None,
        };
        let number = |key| node.get(key, |node| node.u64());
        let mix = match node.get("mixHash", |node| node.hash())? {
            Some(mix) => Some(mix),
            None => node.get("mixhash", |node| node.hash())?,
        };
        let given = Header {
            parent_hash: node.get("parentHash", |node| node.hash())?.unwrap_or_default(),
            coinbase: node.get("coinbase", |node| node.address())?.unwrap_or_default(),
            number: number("number")?.unwrap_or(0),
            gas_limit: number("gasLimit")?.filter(|limit| *limit != 0).unwrap_or(GAS_LIMIT),
            gas_used: number("gasUsed")?.unwrap_or(0),
            timestamp: number("timestamp")?.unwrap_or(0),
            extra_data: node.get("extraData", |node| node.bytes())?.unwrap_or_default(),
            prev_randao: mix.unwrap_or_default(),
            nonce: number("nonce")?.unwrap_or(0).to_be_bytes(),
            base_fee: node.get("baseFeePerGas", |node| node.u256())?,
            excess_blob_gas: number("excessBlobGas")?,
            blob_gas_used: number("blobGasUsed")?,
            slot_number: number("slotNumber")?,
            ..Header::default()
        };
        let difficulty = node.get("difficulty", |node| node.u256())?;
        let world = node.require("alloc", |node| World::from_json(&node))?;
        Ok(Self { chain, world, given, difficulty })
    }

    /// The genesis block's header on `chain`: with the state's root, and the fields that its forks have.
    pub fn header(&self, chain: &ChainConfig) -> Header {
        let given = &self.given;
        let rules = chain.rules_at(&Position {
            number: given.number,
            timestamp: given.timestamp,
            total_difficulty: Some(U256::zero()),
        });
        let without = if rules.proof_of_stake { U256::zero() } else { DIFFICULTY.into() };
        let base_fee = || given.base_fee.unwrap_or_else(|| BaseFeeRules::clone(&chain.base_fee).initial);
        Header {
            ommers_hash: NO_OMMERS,
            state_root: state_root(&self.world),
            transactions_root: EMPTY_ROOT,
            receipts_root: EMPTY_ROOT,
            bloom: Bloom::default(),
            difficulty: self.difficulty.unwrap_or(without),
            base_fee: rules.base_fee.then(base_fee),
            withdrawals_root: rules.withdrawals.then_some(EMPTY_ROOT),
            excess_blob_gas: rules.blobs.map(|_| given.excess_blob_gas.unwrap_or(0)),
            blob_gas_used: rules.blobs.map(|_| given.blob_gas_used.unwrap_or(0)),
            parent_beacon_block_root: rules.beacon_root.then(H256::zero),
            requests_hash: rules.requests.then_some(NO_REQUESTS),
            block_access_list_hash: rules.block_access_lists.then_some(NO_ACCESSES),
            slot_number: rules.slot_numbers.then(|| given.slot_number.unwrap_or(0)),
            ..given.clone()
        }
    }
}
