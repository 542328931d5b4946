//! What a transaction changed in the accounts.

use super::survey::{address, hash, quantity};
use evm_core::execution::{Change, Changes};
use evm_core::state::{Account, Code, World};
use evm_core::{Address, U256};
use serde_json::{Value, json};

/// Accounts that differ: `{"address", "before", "after", "storage": [{"key", "before", "after"}]}`, `null` where there is
/// no account.
pub fn accounts(world: &World, changes: &Changes) -> Value {
    let rows =
        changes.0.iter().filter_map(|(address, change)| row(address, world.accounts.get(address), change));
    rows.collect()
}

fn row(whose: &Address, before: Option<&Account>, after: &Option<Change>) -> Option<Value> {
    let storage = storage(before, after.as_ref());
    let old = before.map(|account| state(account.nonce, account.balance, &account.code));
    let new = after.as_ref().map(|change| state(change.nonce, change.balance, &change.code));
    (old != new || !storage.is_empty())
        .then(|| json!({ "address": address(whose), "before": old, "after": new, "storage": storage }))
}

/// What is shown of an account.
pub fn state(nonce: u64, balance: U256, code: &Code) -> Value {
    json!({
        "nonce": nonce, "balance": quantity(balance), "codeSize": code.bytes().len(), "codeHash": hash(&code.hash()),
        "delegation": code.delegation().as_ref().map(address),
    })
}

fn storage(before: Option<&Account>, after: Option<&Change>) -> Vec<Value> {
    let old = |key: &U256| before.and_then(|account| account.storage.get(key)).copied().unwrap_or_default();
    let pair = |key: &U256, old: U256, new: U256| json!({ "key": quantity(*key), "before": quantity(old), "after": quantity(new) });
    let Some(after) = after else {
        let words = before.into_iter().flat_map(|account| &account.storage);
        return words.map(|(key, value)| pair(key, *value, U256::zero())).collect();
    };
    let words = after.storage.iter().filter(|(key, value)| old(key) != *value);
    words.map(|(key, value)| pair(key, old(key), *value)).collect()
}
