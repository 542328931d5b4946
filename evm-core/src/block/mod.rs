//! Blocks: what a transaction sees of its block, headers, and the processing of whole blocks.

mod access_list;
mod body;
mod dao;
mod difficulty;
mod error;
mod fees;
mod header;
mod history;
mod json;
mod log;
mod process;
mod receipt;
mod request;
mod requests;
mod system;
mod validate;
mod withdrawal;

#[cfg(test)]
mod tests;

pub use access_list::{
    AccessListBuilder, AccountAccess, BlockAccessList, GAS_PER_ITEM, NO_ACCESSES, Written,
};
pub use body::{Block, transactions_root};
pub use dao::{DAO_RECOVERY, move_dao_ether};
pub use difficulty::{MINIMUM_DIFFICULTY, difficulty};
pub use error::{BlockError, OmmerProblem};
pub use fees::{base_fee, blob_base_fee, excess_blob_gas};
pub use header::{Header, NO_OMMERS, ommers_hash};
pub use history::{History, Node};
pub use log::{Bloom, Log, logs_hash};
pub use process::{Ancestor, Ancestry, Body, Processed, execute_block, process_block};
pub use receipt::{Outcome, Receipt, receipts_bloom, receipts_root};
pub use request::{NO_REQUESTS, requests_hash};
pub use requests::{DEPOSIT_LEN, RequestType, request_list};
pub use system::{BEACON_ROOTS, CONSOLIDATION_REQUESTS, HISTORY_STORAGE, WITHDRAWAL_REQUESTS};
pub use validate::validate_header;
pub use withdrawal::{Withdrawal, withdrawals_root};

use crate::{Address, H256, U256};
use std::collections::BTreeMap;

/// What a transaction sees of the block it is in.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct BlockEnv {
    /// Height: ancestors before it.
    pub number: u64,
    /// Seconds since 1970.
    pub timestamp: u64,
    /// Beneficiary of fees.
    pub coinbase: Address,
    /// Units of gas, at most, for all transactions together.
    pub gas_limit: u64,
    /// Until Paris.
    pub difficulty: U256,
    /// From Paris on (EIP-4399).
    pub prev_randao: H256,
    /// From London on: wei a unit of gas.
    pub base_fee: U256,
    /// From Cancun on (EIP-4844).
    pub excess_blob_gas: u64,
    /// From Amsterdam on (EIP-7843).
    pub slot_number: u64,
    /// Hashes of ancestors by number, those that BLOCKHASH may ask for.
    pub block_hashes: BTreeMap<u64, H256>,
}
