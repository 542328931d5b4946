//! The world state σ: accounts by address.

mod code;
mod json;

pub use code::Code;

use crate::{Address, U256};
use std::collections::BTreeMap;
use std::sync::Arc;

/// An account, σ[a] (Yellow Paper 4.1).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// Transactions sent by it, or contracts created by it.
    pub nonce: u64,
    /// In wei.
    pub balance: U256,
    /// Its code, or EIP-7702's delegation designator.
    pub code: Arc<Code>,
    /// Words of storage by key. A zero word is never stored.
    pub storage: BTreeMap<U256, U256>,
}

impl Account {
    /// EIP-161's empty: no nonce, no balance, no code. Storage does not count.
    pub fn is_empty(&self) -> bool {
        self.nonce == 0 && self.balance.is_zero() && self.code.is_empty()
    }
}

/// The world state: every account there is, in the order of addresses.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct World {
    /// Accounts by address. Before EIP-161 an empty account can exist, and then counts in the state root.
    pub accounts: BTreeMap<Address, Account>,
}

impl World {
    /// A word of an account's storage; zero where there is none.
    pub fn storage(&self, address: &Address, key: &U256) -> U256 {
        self.accounts.get(address).and_then(|account| account.storage.get(key)).copied().unwrap_or_default()
    }
}
