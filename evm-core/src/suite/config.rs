//! `config` of state and block tests: chain id, and blob parameters by fork.

use crate::chain::BlobParameters;
use crate::fork::Fork;
use crate::json::{JsonError, Node};

/// What `config` says.
pub(super) struct Config {
    pub chain_id: u64,
    pub blobs: Vec<(Fork, BlobParameters)>,
}

impl Default for Config {
    fn default() -> Self {
        Self { chain_id: 1, blobs: Vec::new() }
    }
}

pub(super) fn read(node: Node<'_>) -> Result<Config, JsonError> {
    let mut chain_id = None;
    for key in ["chainid", "chainId"] {
        chain_id = chain_id.or(node.get(key, |node| node.u64())?);
    }
    let schedule = node.get("blobSchedule", |node| {
        node.entries(|name, node| match Fork::by_name(name) {
            Some(fork) => Ok(Some((fork, read_blobs(node)?))),
            // Parameters after the last fork that is named: the network's name has them.
            None if matches!(name, "BPO3" | "BPO4" | "BPO5") => read_blobs(node).map(|_| None),
            None => node.expected("a known fork as the key"),
        })
    })?;
    let blobs = schedule.unwrap_or_default().into_iter().flatten().collect();
    Ok(Config { chain_id: chain_id.unwrap_or(1), blobs })
}

fn read_blobs(node: Node<'_>) -> Result<BlobParameters, JsonError> {
    let update_fraction = node.require("baseFeeUpdateFraction", |node| match node.u64()? {
        0 => node.expected("a number that is not zero"),
        fraction => Ok(fraction),
    })?;
    Ok(BlobParameters {
        target: node.require("target", |node| node.u64())?,
        max: node.require("max", |node| node.u64())?,
        update_fraction,
    })
}
