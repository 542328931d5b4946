//! What must hold of a block before any of it executes: its header beside its parent's, its ommers, its body's roots.
//! The seal of proof of work is for `Ethash`.

use super::dao;
use super::{
    Ancestry, Block, BlockError, Header, NO_OMMERS, OmmerProblem, base_fee, difficulty, excess_blob_gas,
    ommers_hash, transactions_root, withdrawals_root,
};
use crate::chain::ChainConfig;
use crate::rules::{GAS_PER_BLOB, Rules};
use crate::{H256, U256};

/// Numbers of the Yellow Paper (4.3.4) and of execution clients.
mod spec {
    /// Least gas limit.
    pub const MIN_GAS_LIMIT: u64 = 5_000;
    /// Greatest gas limit.
    pub const MAX_GAS_LIMIT: u64 = i64::MAX as u64;
    /// Part of its parent's gas limit by which a block's may not differ.
    pub const GAS_LIMIT_DIVISOR: u64 = 1_024;
    /// Bytes of extra data, at most.
    pub const EXTRA_DATA: usize = 32;
    /// Ommers, at most.
    pub const OMMERS: usize = 2;
    /// Generations from a block to its ommers, at most.
    pub const OMMER_DEPTH: u64 = 6;
}

/// Checks a header that says it follows `parent`; `rules` are those at its place, and `chain` theirs.
pub fn validate_header(
    chain: &ChainConfig,
    rules: &Rules,
    header: &Header,
    parent: &Header,
) -> Result<(), BlockError> {
    if parent.number.checked_add(1) != Some(header.number) {
        return Err(BlockError::Number { found: header.number, parent: parent.number });
    }
    if header.timestamp <= parent.timestamp {
        return Err(BlockError::Timestamp { found: header.timestamp, parent: parent.timestamp });
    }
    if header.gas_used > header.gas_limit {
        return Err(BlockError::GasUsedOverLimit);
    }
    if header.extra_data.len() > spec::EXTRA_DATA {
        return Err(BlockError::ExtraData(header.extra_data.len()));
    }
    let is_dao = header.extra_data == dao::EXTRA_DATA;
    if chain.dao_extra_data(header.number).is_some_and(|must| must != is_dao) {
        return Err(BlockError::DaoExtraData);
    }
    check_fields(rules, header)?;
    check_fees(chain, rules, header, parent)?;
    check_seal(chain, rules, header, parent)?;
    check_blobs(rules, header, parent)
}

/// Fields are there if the fork has them; which those are no change of a chain's rules changes.
fn check_fields(rules: &Rules, header: &Header) -> Result<(), BlockError> {
    let fork = Rules::of(rules.fork);
    for (field, found, expected) in [
        ("baseFeePerGas", header.base_fee.is_some(), fork.base_fee),
        ("withdrawalsRoot", header.withdrawals_root.is_some(), fork.withdrawals),
        ("blobGasUsed", header.blob_gas_used.is_some(), fork.blobs.is_some()),
        ("excessBlobGas", header.excess_blob_gas.is_some(), fork.blobs.is_some()),
        ("parentBeaconBlockRoot", header.parent_beacon_block_root.is_some(), fork.beacon_root),
        ("requestsHash", header.requests_hash.is_some(), fork.requests),
        ("blockAccessListHash", header.block_access_list_hash.is_some(), fork.block_access_lists),
        ("slotNumber", header.slot_number.is_some(), fork.slot_numbers),
    ] {
        match (found, expected) {
            (false, true) => return Err(BlockError::MissingField(field)),
            (true, false) => return Err(BlockError::UnexpectedField(field)),
            _ => {}
        }
    }
    Ok(())
}

/// Gas limit and base fee.
fn check_fees(
    chain: &ChainConfig,
    rules: &Rules,
    header: &Header,
    parent: &Header,
) -> Result<(), BlockError> {
    let fees = chain.base_fee_at(&header.position(None));
    // EIP-1559: the first block's limit grows so that the target stays what the limit was.
    let first = rules.base_fee && parent.base_fee.is_none();
    let before = if first { parent.gas_limit.saturating_mul(fees.elasticity) } else { parent.gas_limit };
    let bound = before / spec::GAS_LIMIT_DIVISOR;
    let in_bounds = header.gas_limit.abs_diff(before) < bound;
    if !in_bounds || !(spec::MIN_GAS_LIMIT..=spec::MAX_GAS_LIMIT).contains(&header.gas_limit) {
        return Err(BlockError::GasLimit { found: header.gas_limit, parent: parent.gas_limit });
    }
    let Some(found) = header.base_fee else { return Ok(()) };
    let expected = match parent.base_fee {
        Some(last) => base_fee(fees, parent.gas_limit, parent.gas_used, last),
        None => fees.initial,
    };
    if found != expected {
        return Err(BlockError::BaseFee { found, expected });
    }
    Ok(())
}

/// Difficulty, or with proof of stake that there is none.
fn check_seal(
    chain: &ChainConfig,
    rules: &Rules,
    header: &Header,
    parent: &Header,
) -> Result<(), BlockError> {
    if rules.proof_of_stake {
        if !header.difficulty.is_zero() {
            return Err(BlockError::Difficulty { found: header.difficulty, expected: Some(U256::zero()) });
        }
        if header.nonce != [0; 8] {
            return Err(BlockError::Nonce);
        }
        if header.ommers_hash != NO_OMMERS {
            return Err(commitment("ommersHash", header.ommers_hash, NO_OMMERS));
        }
        return Ok(());
    }
    let elapsed = header.timestamp - parent.timestamp;
    let parent_has_ommers = parent.ommers_hash != NO_OMMERS;
    let expected = difficulty(rules, header.number, elapsed, parent.difficulty, parent_has_ommers);
    if chain.ethash && expected != Some(header.difficulty) {
        return Err(BlockError::Difficulty { found: header.difficulty, expected });
    }
    Ok(())
}

fn check_blobs(rules: &Rules, header: &Header, parent: &Header) -> Result<(), BlockError> {
    let (Some(blobs), Some(found), Some(used)) = (&rules.blobs, header.excess_blob_gas, header.blob_gas_used)
    else {
        return Ok(());
    };
    let expected = excess_blob_gas(
        blobs,
        parent.excess_blob_gas.unwrap_or(0),
        parent.blob_gas_used.unwrap_or(0),
        parent.base_fee.unwrap_or_default(),
    );
    if found != expected {
        return Err(BlockError::ExcessBlobGas { found, expected });
    }
    let most = blobs.max.saturating_mul(GAS_PER_BLOB);
    if used > most {
        return Err(BlockError::BlobGasOverLimit(most));
    }
    Ok(())
}

/// Checks that a block's body is that to which its header commits, and that the fork allows it.
pub(super) fn validate_body(rules: &Rules, block: &Block) -> Result<(), BlockError> {
    let header = &block.header;
    if let Some(most) = rules.max_block_size {
        let found = block.encode().len();
        if found > most {
            return Err(BlockError::Size { found, most });
        }
    }
    let most = if rules.proof_of_stake { 0 } else { spec::OMMERS };
    if block.ommers.len() > most {
        return Err(BlockError::TooManyOmmers(block.ommers.len()));
    }
    check("ommersHash", header.ommers_hash, ommers_hash(&block.ommers))?;
    check("transactionsRoot", header.transactions_root, transactions_root(&block.transactions))?;
    match (&block.withdrawals, header.withdrawals_root) {
        (Some(withdrawals), Some(root)) => check("withdrawalsRoot", root, withdrawals_root(withdrawals)),
        (None, Some(_)) => Err(BlockError::MissingField("withdrawals")),
        (Some(_), None) => Err(BlockError::UnexpectedField("withdrawals")),
        (None, None) => Ok(()),
    }
}

/// Checks a block's ommers (Yellow Paper 11.1): headers of valid blocks of the last six generations that are neither
/// ancestors nor ommers of one.
pub(super) fn validate_ommers(
    chain: &ChainConfig,
    ancestry: &Ancestry,
    block: &Block,
) -> Result<(), BlockError> {
    let hashes: Vec<H256> = block.ommers.iter().map(Header::hash).collect();
    for (index, (ommer, hash)) in block.ommers.iter().zip(&hashes).enumerate() {
        let checked = match hashes[..index].contains(hash) {
            true => Err(OmmerProblem::Twice),
            false => validate_ommer(chain, ancestry, &block.header, ommer, *hash),
        };
        checked.map_err(|problem| BlockError::Ommer { index, problem })?;
    }
    Ok(())
}

fn validate_ommer(
    chain: &ChainConfig,
    ancestry: &Ancestry,
    header: &Header,
    ommer: &Header,
    hash: H256,
) -> Result<(), OmmerProblem> {
    let near = || ancestry.recent.iter().take(spec::OMMER_DEPTH as usize + 1);
    if near().any(|ancestor| ancestor.hash == hash) {
        return Err(OmmerProblem::Ancestor);
    }
    if near().any(|ancestor| ancestor.ommers.contains(&hash)) {
        return Err(OmmerProblem::InChain);
    }
    if ommer.parent_hash == header.parent_hash {
        return Err(OmmerProblem::Sibling);
    }
    let Some(parent) = near().find(|ancestor| ancestor.hash == ommer.parent_hash) else {
        return Err(OmmerProblem::UnknownParent);
    };
    let rules = chain.rules_at(&ommer.position(ancestry.total_difficulty));
    validate_header(chain, &rules, ommer, &parent.header).map_err(|error| OmmerProblem::Header(error.into()))
}

/// Checks a header's commitment.
pub(super) fn check(field: &'static str, found: H256, expected: H256) -> Result<(), BlockError> {
    if found == expected { Ok(()) } else { Err(commitment(field, found, expected)) }
}

fn commitment(field: &'static str, found: H256, expected: H256) -> BlockError {
    BlockError::Commitment { field, found, expected }
}
