//! State tests once more as chains of one block: what the engine does with a transaction, the processing of its block
//! must do too.

use super::{Difference, Failure};
use crate::block::{
    Ancestor, Ancestry, BEACON_ROOTS, Block, BlockAccessList, BlockEnv, BlockError, CONSOLIDATION_REQUESTS,
    HISTORY_STORAGE, Header, NO_OMMERS, NO_REQUESTS, Processed, WITHDRAWAL_REQUESTS, excess_blob_gas,
    execute_block, process_block, receipts_bloom, receipts_root, transactions_root,
};
use crate::chain::{ChainConfig, Position};
use crate::precompiles::Crypto;
use crate::rules::{GAS_PER_BLOB, Rules};
use crate::state::{Account, Code, World};
use crate::transaction::Transaction;
use crate::trie::EMPTY_ROOT;
use crate::{Address, H256};
use std::sync::Arc;

/// A state test's transaction and what became of it.
pub(super) struct Single<'a> {
    pub chain: &'a ChainConfig,
    pub env: &'a BlockEnv,
    pub pre: &'a World,
    /// The transaction's bytes.
    pub bytes: &'a [u8],
    /// The state after it; nothing if it was refused.
    pub after: Option<&'a World>,
}

/// Contracts that must be there from Prague on; to them a stop is a contract that has no requests.
const SYSTEM: [Address; 2] = [WITHDRAWAL_REQUESTS, CONSOLIDATION_REQUESTS];
/// Contracts that a block calls if they are there.
const CALLED: [Address; 2] = [BEACON_ROOTS, HISTORY_STORAGE];

/// What differs if the transaction is alone in a block. Nothing too where there can be no such block.
pub(super) fn check(single: &Single<'_>, crypto: &dyn Crypto) -> Option<Failure> {
    let Ok(tx) = Transaction::decode(single.bytes) else { return None };
    let chain = &ChainConfig { ethash: false, ..single.chain.clone() };
    let env = single.env;
    let rules = &chain.rules_at(&Position::new(env.number, env.timestamp));
    let parent = parent(chain, rules, env)?;
    let mut block = block(rules, env, &parent, tx);
    if SYSTEM.iter().chain(&CALLED).any(|address| single.pre.accounts.contains_key(address)) {
        // What the block does there besides is not in the test's state.
        return None;
    }
    let (mut before, mut after) = (single.pre.clone(), single.after.cloned());
    for address in SYSTEM.into_iter().filter(|_| rules.requests) {
        let stop = Account { nonce: 1, code: Code::new([0]), ..Account::default() };
        if let Some(after) = &mut after {
            after.accounts.insert(address, stop.clone());
        }
        before.accounts.insert(address, stop);
    }
    let ancestry =
        Ancestry { recent: vec![Arc::new(parent)], hashes: env.block_hashes.clone(), total_difficulty: None };
    match (execute_block(chain, &before, &ancestry, &block, crypto), after) {
        (Err(BlockError::NeedsCrypto), _) => Some(Failure::NeedsCrypto),
        (Err(_), None) => None,
        (Err(error), Some(_)) => Some(Failure::AsBlock { problem: format!("refused: {error}") }),
        (Ok(_), None) => Some(Failure::AsBlock { problem: "accepted, though its transaction is not".into() }),
        (Ok(processed), Some(mut after)) => {
            if !rules.proof_of_stake {
                let coinbase = after.accounts.entry(env.coinbase).or_default();
                coinbase.balance = coinbase.balance.saturating_add(rules.block_reward);
            }
            if let Some(difference) = Difference::first(&after, &processed.world) {
                return Some(Failure::AsBlock { problem: difference.to_string() });
            }
            seal(&mut block, &processed);
            let problem = verify(chain, &before, &ancestry, block, crypto).err()?;
            Some(Failure::AsBlock { problem })
        }
    }
}

/// Puts what the block does into its header.
fn seal(block: &mut Block, processed: &Processed) {
    let header = &mut block.header;
    header.state_root = processed.world.root();
    header.receipts_root = receipts_root(&processed.receipts);
    header.bloom = receipts_bloom(&processed.receipts);
    header.gas_used = processed.gas_used;
    header.block_access_list_hash = processed.access_list.as_ref().map(BlockAccessList::hash);
}

/// Checks that the block is valid, and is not with another state root or other gas.
fn verify(
    chain: &ChainConfig,
    before: &World,
    ancestry: &Ancestry,
    block: Block,
    crypto: &dyn Crypto,
) -> Result<(), String> {
    let process = |block: &Block| process_block(chain, before, ancestry, block, crypto);
    process(&block).map_err(|error| format!("refused: {error}"))?;
    let mut other = block;
    other.header.state_root.0[31] ^= 1;
    if process(&other).is_ok() {
        return Err("accepted with a wrong stateRoot".into());
    }
    other.header.state_root.0[31] ^= 1;
    other.header.gas_used -= 1;
    if process(&other).is_ok() { Err("accepted with a wrong gasUsed".into()) } else { Ok(()) }
}

/// A parent after which a block can have this environment.
fn parent(chain: &ChainConfig, rules: &Rules, env: &BlockEnv) -> Option<Ancestor> {
    let position = Position::new(env.number, env.timestamp);
    let elasticity = chain.base_fee_at(&position).elasticity.max(1);
    let target = env.gas_limit / elasticity;
    let blobs = match &rules.blobs {
        None => None,
        Some(blobs) => {
            let used = [0, blobs.target.saturating_mul(GAS_PER_BLOB)];
            let fits = |used: &u64| {
                excess_blob_gas(blobs, env.excess_blob_gas, *used, env.base_fee) == env.excess_blob_gas
            };
            Some(used.into_iter().find(fits)?)
        }
    };
    let header = Header {
        number: env.number.checked_sub(1)?,
        timestamp: env.timestamp.checked_sub(1)?,
        gas_limit: env.gas_limit,
        gas_used: target,
        difficulty: env.difficulty,
        base_fee: rules.base_fee.then_some(env.base_fee),
        blob_gas_used: blobs,
        excess_blob_gas: blobs.map(|_| env.excess_blob_gas),
        ..Header::default()
    };
    Some(Ancestor { hash: header.hash(), header, ommers: Vec::new() })
}

fn block(rules: &Rules, env: &BlockEnv, parent: &Ancestor, tx: Transaction) -> Block {
    let header = Header {
        parent_hash: parent.hash,
        ommers_hash: NO_OMMERS,
        coinbase: env.coinbase,
        difficulty: env.difficulty,
        number: env.number,
        gas_limit: env.gas_limit,
        timestamp: env.timestamp,
        prev_randao: env.prev_randao,
        base_fee: rules.base_fee.then_some(env.base_fee),
        withdrawals_root: rules.withdrawals.then_some(EMPTY_ROOT),
        blob_gas_used: rules.blobs.map(|_| tx.blob_hashes.len() as u64 * GAS_PER_BLOB),
        excess_blob_gas: rules.blobs.map(|_| env.excess_blob_gas),
        parent_beacon_block_root: rules.beacon_root.then(H256::zero),
        requests_hash: rules.requests.then_some(NO_REQUESTS),
        block_access_list_hash: rules.block_access_lists.then(H256::zero),
        slot_number: rules.slot_numbers.then_some(env.slot_number),
        ..Header::default()
    };
    let transactions = vec![tx];
    let transactions_root = transactions_root(&transactions);
    Block {
        header: Header { transactions_root, ..header },
        transactions,
        ommers: Vec::new(),
        withdrawals: rules.withdrawals.then(Vec::new),
        access_list: None,
    }
}
