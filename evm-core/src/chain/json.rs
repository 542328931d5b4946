//! Chain files.

mod change;
mod schedule;

use super::{BaseFeeRules, BlobParameters, ChainConfig, DEPOSIT_CONTRACT, presets};
use crate::fork::Fork;
use crate::json::{self, JsonError, Node};

/// Keys of a chain file that are no forks.
const KEYS: &[&str] = &[
    "name",
    "description",
    "chainId",
    "fork",
    "blobSchedule",
    "baseFee",
    "slotSeconds",
    "changes",
    "depositContractAddress",
    "daoForkSupport",
    "terminalTotalDifficulty",
    "terminalTotalDifficultyPassed",
    "mergeNetsplitBlock",
    "parisBlock",
    "ethash",
    "clique",
    "eip150Hash",
    "bpo3Time",
    "bpo4Time",
    "bpo5Time",
    // geth's plans that are nothing here yet: only null.
    "verkleTime",
    "ubtTime",
    "bogotaTime",
    "enableVerkleAtGenesis",
];

impl ChainConfig {
    /// Reads a chain file, or the `config` of a genesis file of geth; see the module's documentation.
    ///
    /// # Errors
    /// One error that names the place and says what belongs there.
    pub fn from_json(text: &str) -> Result<Self, JsonError> {
        Self::from_value(&json::parse(text)?)
    }

    /// As [`Self::from_json`], of JSON that is parsed.
    pub fn from_value(value: &serde_json::Value) -> Result<Self, JsonError> {
        let root = Node::root(value);
        match root.get("config", |node| read(&node))? {
            Some(chain) => Ok(chain),
            None => read(&root),
        }
    }

    /// The preset of this name (see [`super::PRESETS`]), or what a chain file says.
    pub fn preset(name: &str) -> Option<Self> {
        let (_, text) = presets::PRESETS.iter().find(|(each, _)| *each == name)?;
        Self::from_json(text).ok()
    }

    /// Sets blob parameters as `blobSchedule` says them, here and in a test's `config`.
    pub fn set_blob_schedule(&mut self, node: &Node<'_>) -> Result<(), JsonError> {
        let mut later = Vec::new();
        let entries = node.entries(|key, node| {
            let parameters = blob_parameters(&node)?;
            match (Fork::by_name(key), key.to_ascii_lowercase()) {
                (Some(fork), _) if fork >= Fork::Cancun => Ok(Some((fork, parameters))),
                (None, key) if ["bpo3", "bpo4", "bpo5"].contains(&key.as_str()) => {
                    later.push((key, parameters));
                    Ok(None)
                }
                _ => node.conflict(
                    "this key is no fork with blobs; use one of: cancun, prague, osaka, bpo1, bpo2, bpo3, bpo4, bpo5, \
                     amsterdam",
                ),
            }
        })?;
        self.blobs = entries.into_iter().flatten().collect();
        for (name, parameters) in later {
            for change in self.changes.iter_mut().filter(|change| change.name == name) {
                change.blobs = Some(parameters);
            }
        }
        Ok(())
    }
}

fn read(node: &Node<'_>) -> Result<ChainConfig, JsonError> {
    let known: Vec<_> =
        KEYS.iter().copied().chain(schedule::FORK_KEYS.iter().map(|(key, ..)| *key)).collect();
    node.only(&known)?;
    for plan in ["verkleTime", "ubtTime", "bogotaTime"] {
        node.get(plan, |node| node.expected::<()>("null: this fork is not known here; remove the key"))?;
    }
    let schedule = schedule::read(node)?;
    let mut chain = ChainConfig::with_schedule("custom", schedule);
    chain.chain_id = node.require("chainId", |node| node.u64())?;
    if let Some(name) = node.get("name", |node| node.string().map(String::from))? {
        chain.name = name;
    }
    chain.dao_support = node.get("daoForkSupport", |node| node.boolean())?.unwrap_or(false);
    chain.ethash = node.get("clique", |_| Ok(()))?.is_none();
    chain.slot_seconds = node.get("slotSeconds", |node| node.u64())?.unwrap_or(12);
    chain.deposit_contract =
        node.get("depositContractAddress", |node| node.address())?.unwrap_or(DEPOSIT_CONTRACT);
    chain.base_fee = node.get("baseFee", |node| base_fee(&node))?.unwrap_or_default();
    chain.changes = schedule::later_blobs(node)?;
    node.get("blobSchedule", |node| chain.set_blob_schedule(&node))?;
    schedule::check_later_blobs(node, &chain.changes)?;
    if let Some(changes) = node.get("changes", |node| node.items(|node| change::read(&node)))? {
        chain.changes.extend(changes);
    }
    Ok(chain)
}

impl BlobParameters {
    /// Reads `{"target": N, "max": N, "baseFeeUpdateFraction": N}`.
    ///
    /// # Errors
    /// One that names the place and says what belongs there.
    pub fn from_json(node: &Node<'_>) -> Result<Self, JsonError> {
        blob_parameters(node)
    }
}

/// Blob parameters of one fork.
fn blob_parameters(node: &Node<'_>) -> Result<BlobParameters, JsonError> {
    node.only(&["target", "max", "baseFeeUpdateFraction"])?;
    // What a block can hold is bounded by its gas; a bound keeps blob gas within 64 bits.
    let count = |node: Node<'_>| match node.u64() {
        Ok(count) if count <= 1 << 20 => Ok(count),
        _ => node.expected("a number of blobs up to 1048576"),
    };
    let max = node.require("max", count)?;
    let target = node.require("target", |node| match count(node)? {
        target if target <= max => Ok(target),
        _ => node.expected(format!("a number up to \"max\", which is {max}")),
    })?;
    let update_fraction = node.require("baseFeeUpdateFraction", positive)?;
    Ok(BlobParameters { target, max, update_fraction })
}

/// EIP-1559's parameters; what is not given is the main network's.
fn base_fee(node: &Node<'_>) -> Result<BaseFeeRules, JsonError> {
    node.only(&["elasticity", "denominator", "initial"])?;
    let main = BaseFeeRules::default();
    Ok(BaseFeeRules {
        elasticity: node.get("elasticity", positive)?.unwrap_or(main.elasticity),
        denominator: node.get("denominator", positive)?.unwrap_or(main.denominator),
        initial: node.get("initial", |node| node.u256())?.unwrap_or(main.initial),
    })
}

fn positive(node: Node<'_>) -> Result<u64, JsonError> {
    match node.u64() {
        Ok(0) | Err(_) => node.expected("a whole number from 1 to 2^64-1"),
        Ok(value) => Ok(value),
    }
}
