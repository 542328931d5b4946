//! Merkle-Patricia tries (Yellow Paper, appendix D): the root of a map from byte strings to byte strings.
//!
//! Only roots are asked for here, so no node is kept: keys in order make every node complete before the next begins.

mod builder;

#[cfg(test)]
mod tests;

use crate::keccak::keccak256;
use crate::rlp::Writer;
use crate::state::{Account, World};
use crate::{H256, U256};
use std::collections::BTreeMap;

/// Root of the trie without keys: KECCAK-256 of RLP's empty string.
pub const EMPTY_ROOT: H256 = H256([
    0x56, 0xE8, 0x1F, 0x17, 0x1B, 0xCC, 0x55, 0xA6, 0xFF, 0x83, 0x45, 0xE6, 0x92, 0xC0, 0xF8, 0x6E, 0x5B,
    0x48, 0xE0, 0x1B, 0x99, 0x6C, 0xAD, 0xC0, 0x01, 0x62, 0x2F, 0xB5, 0xE3, 0x63, 0xB4, 0x21,
]);

/// Root of a trie with keys as they are. A key whose value is empty does not exist.
pub fn root(pairs: &BTreeMap<Vec<u8>, Vec<u8>>) -> H256 {
    let pairs: Vec<_> = pairs.iter().map(|(key, value)| (&key[..], &value[..])).collect();
    builder::root(&pairs)
}

/// Root of a trie whose keys are the places in a list, in RLP: of a block's transactions, receipts, withdrawals.
pub fn ordered_root<T: AsRef<[u8]>>(items: &[T]) -> H256 {
    let keys: Vec<_> = (0..items.len() as u64).map(index_key).collect();
    // 0 is 0x80 and comes behind 1 to 0x7F.
    let order = (1..items.len().min(0x80)).chain((0..items.len()).take(1)).chain(0x80..items.len());
    let pairs: Vec<_> = order.map(|at| (&keys[at][..], items[at].as_ref())).collect();
    builder::root(&pairs)
}

fn index_key(index: u64) -> Vec<u8> {
    let mut writer = Writer::new();
    writer.u64(index);
    writer.into_bytes()
}

/// Root of an account's storage. Zero words do not count.
pub fn storage_root(storage: &BTreeMap<U256, U256>) -> H256 {
    let mut secure = Secure::default();
    for (key, value) in storage.iter().filter(|(_, value)| !value.is_zero()) {
        secure.add(&key.to_big_endian(), |writer| writer.u256(*value));
    }
    secure.root()
}

/// Root of the world state. Every account in `world` counts, also an empty one: before EIP-161 there are such.
pub fn state_root(world: &World) -> H256 {
    let mut secure = Secure::default();
    for (address, account) in &world.accounts {
        secure.add(address.as_bytes(), |writer| account.write(writer));
    }
    secure.root()
}

/// Pairs of a trie whose keys are hashed, values one behind the other.
#[derive(Default)]
struct Secure {
    keys: Vec<(H256, std::ops::Range<usize>)>,
    values: Writer,
}

impl Secure {
    fn add(&mut self, key: &[u8], value: impl FnOnce(&mut Writer)) {
        let start = self.values.bytes_so_far().len();
        value(&mut self.values);
        self.keys.push((keccak256(key), start..self.values.bytes_so_far().len()));
    }

    fn root(mut self) -> H256 {
        self.keys.sort_unstable_by_key(|&(key, _)| key);
        let values = self.values.bytes_so_far();
        let pairs: Vec<_> = self.keys.iter().map(|(key, at)| (key.as_bytes(), &values[at.clone()])).collect();
        builder::root(&pairs)
    }
}

impl Account {
    /// Writes the account as it is in the state trie: nonce, balance, root of the storage, hash of the code.
    fn write(&self, writer: &mut Writer) {
        let storage_root = storage_root(&self.storage);
        writer.list(|writer| {
            writer.u64(self.nonce);
            writer.u256(self.balance);
            writer.bytes(storage_root.as_bytes());
            writer.bytes(self.code.hash().as_bytes());
        });
    }
}

impl World {
    /// Root of the state trie; see [`state_root`].
    pub fn root(&self) -> H256 {
        state_root(self)
    }
}
