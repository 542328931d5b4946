//! Execution of messages and transactions over a world state.

mod chunks;
mod journal;
mod message;
mod transaction;
mod words;

pub use journal::{Accesses, Change, Changes, Journal, Slot, Touched};
pub use message::{Execution, Progress};
pub use transaction::{Executed, Intrinsic, Rejected, SYSTEM, Vm, intrinsic_gas, transact};

pub(crate) use chunks::Chunks;
pub(crate) use journal::SavedJournal;
pub(crate) use message::Message;

use crate::block::BlockEnv;
use crate::precompiles::Crypto;
use crate::rules::Rules;
use crate::state::{Code, World};
use crate::{Address, H256, U256};
use std::sync::Arc;

/// What stays the same while something executes.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// State before.
    pub world: &'a World,
    /// The block.
    pub env: &'a BlockEnv,
    /// The fork.
    pub rules: &'a Rules,
    /// For precompiles and signatures.
    pub crypto: &'a dyn Crypto,
}

/// What instructions see of the transaction.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TxContext {
    /// Who signed.
    pub origin: Address,
    /// Wei a unit of gas that is paid.
    pub gas_price: U256,
    /// Versioned hashes.
    pub blob_hashes: Vec<H256>,
    /// Wei a unit of blob gas in this block.
    pub blob_base_fee: U256,
}

/// What instructions work with beside their frame.
pub(crate) struct Host<'a> {
    pub world: &'a World,
    pub env: &'a BlockEnv,
    pub rules: &'a Rules,
    pub journal: &'a mut Journal,
    pub tx: &'a TxContext,
    /// SELFDESTRUCT just done: who, for whom, how much.
    pub destroyed: Option<(Address, Address, U256)>,
}

impl Host<'_> {
    /// Code of the account that another delegates to. That of a precompiled contract is empty (EIP-7702).
    pub(crate) fn delegated_code(&self, account: u32) -> Arc<Code> {
        let account = self.journal.at(account);
        match self.rules.precompile(&account.address) {
            Some(_) => Arc::default(),
            None => account.code.clone(),
        }
    }
}
