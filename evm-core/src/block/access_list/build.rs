//! The access list of a block as it is processed.

use super::{AccountAccess, BlockAccessList, Written};
use crate::execution::{Accesses, Change, Changes};
use crate::state::{Account, World};
use crate::{Address, U256};
use std::collections::BTreeMap;

/// An access list so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccessListBuilder {
    index: u64,
    accounts: BTreeMap<Address, Seen>,
}

/// What was seen of an account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Seen {
    /// Slots that were looked at, with their changes.
    slots: BTreeMap<U256, Vec<Written<U256>>>,
    balance: Vec<Written<U256>>,
    nonce: Vec<Written<u64>>,
    code: Vec<Written<Vec<u8>>>,
}

impl AccessListBuilder {
    /// What follows has the next index: see [`Written::index`].
    pub fn next(&mut self) {
        self.index += 1;
    }

    /// An account was looked at.
    pub fn access(&mut self, address: Address) {
        self.accounts.entry(address).or_default();
    }

    /// A transaction or a system call ended: all it accessed, and all it changed of `world`, which is the state before.
    pub fn record(&mut self, accesses: Accesses, changes: &Changes, world: &World) {
        for address in accesses.accounts {
            self.access(address);
        }
        for (address, key) in accesses.slots {
            self.accounts.entry(address).or_default().slots.entry(key).or_default();
        }
        for (address, change) in &changes.0 {
            self.change(*address, change.as_ref(), world.accounts.get(address));
        }
    }

    /// An account is now as in `change`; nothing where it is gone. What is as before is no change: an account is in the
    /// list for that only if it was accessed.
    fn change(&mut self, address: Address, change: Option<&Change>, before: Option<&Account>) {
        let (no_change, no_account) = (Change::default(), Account::default());
        let (after, before) = (change.unwrap_or(&no_change), before.unwrap_or(&no_account));
        self.balance(address, before.balance, after.balance);
        if after.nonce != before.nonce {
            write(&mut self.accounts.entry(address).or_default().nonce, self.index, after.nonce);
        }
        if after.code.hash() != before.code.hash() {
            let code = after.code.bytes().to_vec();
            write(&mut self.accounts.entry(address).or_default().code, self.index, code);
        }
        for (key, value) in &after.storage {
            let slots = &mut self.accounts.entry(address).or_default().slots;
            write(slots.entry(*key).or_default(), self.index, *value);
        }
    }

    /// An account's balance was `before` and is `after`.
    pub fn balance(&mut self, address: Address, before: U256, after: U256) {
        if before != after {
            write(&mut self.accounts.entry(address).or_default().balance, self.index, after);
        }
    }

    /// The whole list.
    pub fn finish(self) -> BlockAccessList {
        BlockAccessList(self.accounts.into_iter().map(|(address, seen)| seen.finish(address)).collect())
    }
}

impl Seen {
    fn finish(self, address: Address) -> AccountAccess {
        let (read, written): (Vec<_>, Vec<_>) =
            self.slots.into_iter().partition(|(_, changes)| changes.is_empty());
        AccountAccess {
            address,
            storage_changes: written,
            storage_reads: read.into_iter().map(|(key, _)| key).collect(),
            balance_changes: self.balance,
            nonce_changes: self.nonce,
            code_changes: self.code,
        }
    }
}

/// Of several changes under one index the last one counts.
fn write<T>(changes: &mut Vec<Written<T>>, index: u64, value: T) {
    match changes.last_mut() {
        Some(last) if last.index == index => last.value = value,
        _ => changes.push(Written { index, value }),
    }
}
