//! Access lists of blocks (EIP-7928): which accounts and slots a block looked at, and what it changed when.

mod build;
mod codec;
mod compare;
#[cfg(test)]
mod tests;

pub use build::AccessListBuilder;

use crate::keccak::keccak256;
use crate::{Address, H256, U256};

/// Gas of the block's limit that there must be for each account and slot of the list.
pub const GAS_PER_ITEM: u64 = 2_000;

/// Hash of the list of a block that accesses nothing, as that of genesis is: KECCAK-256 of the RLP of an empty list.
pub const NO_ACCESSES: H256 = crate::block::NO_OMMERS;

/// A value, and when in the block it came to be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Written<T> {
    /// 0 before the transactions, 1 to n for those, n + 1 after them.
    pub index: u64,
    /// From then on.
    pub value: T,
}

/// What a block did with an account. All lists are in ascending order, and name nothing twice.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct AccountAccess {
    /// Whose.
    pub address: Address,
    /// Slots that changed, with their values.
    pub storage_changes: Vec<(U256, Vec<Written<U256>>)>,
    /// Slots that were looked at and did not change.
    pub storage_reads: Vec<U256>,
    /// In wei.
    pub balance_changes: Vec<Written<U256>>,
    /// As [`Account::nonce`](crate::state::Account::nonce).
    pub nonce_changes: Vec<Written<u64>>,
    /// As [`Account::code`](crate::state::Account::code).
    pub code_changes: Vec<Written<Vec<u8>>>,
}

/// A block's access list: every account that it looked at, in the order of their addresses.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct BlockAccessList(pub Vec<AccountAccess>);

impl BlockAccessList {
    /// What the block's header commits to.
    pub fn hash(&self) -> H256 {
        keccak256(&self.encode())
    }

    /// Accounts and slots, which the block's gas limit bounds: see [`GAS_PER_ITEM`].
    pub fn items(&self) -> u64 {
        let slots = |account: &AccountAccess| account.storage_changes.len() + account.storage_reads.len();
        self.0.iter().map(|account| 1 + slots(account) as u64).sum()
    }
}
