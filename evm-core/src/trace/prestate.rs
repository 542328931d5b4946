//! Geth's prestateTracer: the accounts that a transaction looked at, as they were before, or, with `diffMode`, what it
//! changed in them.

use super::{account, data, digest, full_word, quantity};
use crate::execution::{Change, Changes, Journal};
use crate::inspector::{Flow, Inspector, View};
use crate::instructions::environment::address_of;
use crate::interpreter::Frame;
use crate::state::{Account, World};
use crate::transaction::{Transaction, create_address};
use crate::{Address, U256};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Geth's options of the same names.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Options {
    /// What changed: before and after.
    pub diff_mode: bool,
    /// Without code.
    pub disable_code: bool,
    /// Without storage.
    pub disable_storage: bool,
    /// Also accounts that were not there, or empty.
    pub include_empty: bool,
}

/// An account, or what changed of it.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct AccountState {
    /// In wei.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub balance: Option<String>,
    /// Code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Hash of the code, where there is code; among what changed, of the new code also where that is empty.
    #[serde(rename = "codeHash", skip_serializing_if = "Option::is_none")]
    pub code_hash: Option<String>,
    /// Nonce; left out where it is zero.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nonce: Option<u64>,
    /// Words of storage that instructions read or wrote.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub storage: BTreeMap<String, String>,
}

/// Accounts by address.
pub type States = BTreeMap<String, AccountState>;

/// The result.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(untagged)]
pub enum Prestate {
    /// Accounts as they were.
    Before(States),
    /// What changed.
    Diff {
        /// After: only what differs, and nothing for an account that is gone.
        post: States,
        /// Before: accounts that differ, whole but for storage that does not.
        pre: States,
    },
}

/// Collects which accounts and slots are looked at.
#[derive(Clone, Debug)]
pub struct PrestateTracer {
    options: Options,
    touched: BTreeMap<Address, BTreeSet<U256>>,
}

impl PrestateTracer {
    /// A tracer for a transaction of `sender` over `world`. `authorities` are the signers of its authorizations
    /// (EIP-7702), those that can be recovered.
    pub fn new(
        options: Options,
        world: &World,
        coinbase: Address,
        tx: &Transaction,
        sender: Address,
        authorities: &[Address],
    ) -> Self {
        let mut tracer = Self { options, touched: BTreeMap::new() };
        let to = tx.to.unwrap_or_else(|| create_address(sender, tx.nonce));
        let before = world.accounts.get(&to);
        let target = before.and_then(|account| account.code.delegation());
        for address in [sender, to, coinbase].into_iter().chain(target).chain(authorities.iter().copied()) {
            tracer.touched.entry(address).or_default();
        }
        tracer
    }

    fn look(&mut self, address: Address) {
        self.touched.entry(address).or_default();
    }

    /// An account that is called, and the one whose code it delegates to.
    fn look_at_callee(&mut self, view: &View<'_>, address: Address) {
        self.look(address);
        let code = match view.journal.get(&address) {
            Some(account) => account.code.delegation(),
            None => view.world.accounts.get(&address).and_then(|account| account.code.delegation()),
        };
        if let Some(target) = code {
            self.look(target);
        }
    }

    /// The result, from the world before and what the transaction changed in it.
    pub fn finish(&self, world: &World, changes: &Changes) -> Prestate {
        let mut pre = States::new();
        let mut post = States::new();
        for (address, keys) in &self.touched {
            let nothing = Account::default();
            let before = world.accounts.get(address).unwrap_or(&nothing);
            let mut state = self.whole(before, keys);
            let change = changes.0.binary_search_by_key(address, |(address, _)| *address);
            let change = change.ok().map(|at| &changes.0[at].1);
            let was_empty = before.is_empty() && before.storage.is_empty();
            if self.options.diff_mode {
                let gone = matches!(change, Some(None)) && !was_empty;
                let diff = match change {
                    Some(Some(change)) => self.difference(before, change, keys, &mut state),
                    _ => None,
                };
                match diff {
                    Some(diff) => drop(post.insert(account(address), diff)),
                    None if gone => {}
                    None => continue,
                }
            }
            if !was_empty || self.options.include_empty {
                pre.insert(account(address), state);
            }
        }
        if self.options.diff_mode { Prestate::Diff { post, pre } } else { Prestate::Before(pre) }
    }

    fn whole(&self, before: &Account, keys: &BTreeSet<U256>) -> AccountState {
        let keys = keys.iter().filter(|_| !self.options.disable_storage);
        let word = |key: &U256| before.storage.get(key).copied().unwrap_or_default();
        let mut storage = BTreeMap::new();
        for key in keys {
            storage.insert(full_word(*key), full_word(word(key)));
        }
        AccountState {
            balance: Some(quantity(before.balance)),
            code: (!self.options.disable_code && !before.code.is_empty()).then(|| data(before.code.bytes())),
            code_hash: (!before.code.is_empty()).then(|| digest(&before.code.hash())),
            nonce: Some(before.nonce).filter(|nonce| *nonce != 0),
            storage,
        }
    }

    /// What differs; takes from `state` the slots that do not, and those that were zero.
    fn difference(
        &self,
        before: &Account,
        after: &Change,
        keys: &BTreeSet<U256>,
        state: &mut AccountState,
    ) -> Option<AccountState> {
        let mut diff = AccountState {
            balance: (after.balance != before.balance).then(|| quantity(after.balance)),
            nonce: Some(after.nonce).filter(|nonce| *nonce != before.nonce),
            code: (!self.options.disable_code && after.code != before.code).then(|| data(after.code.bytes())),
            code_hash: (after.code != before.code).then(|| digest(&after.code.hash())),
            storage: BTreeMap::new(),
        };
        let mut written = BTreeMap::new();
        for (key, value) in &after.storage {
            written.insert(*key, *value);
        }
        let mut changed = diff.balance.is_some() || diff.nonce.is_some() || diff.code_hash.is_some();
        for key in keys.iter().filter(|_| !self.options.disable_storage) {
            let old = before.storage.get(key).copied().unwrap_or_default();
            let new = written.get(key).copied().unwrap_or(old);
            if old.is_zero() || old == new {
                state.storage.remove(&full_word(*key));
            }
            if old != new {
                changed = true;
                diff.storage.insert(full_word(*key), full_word(new));
            }
        }
        changed.then_some(diff)
    }
}

impl Inspector for PrestateTracer {
    fn step(&mut self, view: &View<'_>) -> Flow {
        let words = view.frame.stack.words();
        let own = view.frame.address;
        match (view.opcode, words) {
            (0x54 | 0x55, [.., key]) => {
                self.touched.entry(own).or_default().insert(*key);
            }
            (0x31 | 0x3B | 0x3C | 0x3F | 0xFF, [.., name]) => self.look(address_of(*name)),
            (0xF1 | 0xF2 | 0xF4 | 0xFA, [.., name, _]) if words.len() >= 5 => {
                self.look_at_callee(view, address_of(*name));
            }
            _ => {}
        }
        Flow::Go
    }
    fn enter(&mut self, frame: &Frame, _journal: &Journal) {
        if frame.entry.is_create() {
            self.look(frame.address);
        }
    }
}
