//! World states of tests, and where two differ first.

use super::fields;
use crate::json::{self, JsonError, Node};
use crate::state::{Account, Code, World};
use crate::{Address, U256};
use std::collections::BTreeMap;
use std::fmt::{self, Display, Formatter};

/// Reads accounts by address, as in `pre`, `post` and `postState`.
pub(super) fn read(node: Node<'_>) -> Result<World, JsonError> {
    let accounts = node.entries(|address, node| match json::address(address) {
        Some(address) => Ok((address, account(node)?)),
        None => node.expected("an address as the key: 40 hexadecimal digits"),
    })?;
    Ok(World { accounts: accounts.into_iter().collect() })
}

fn account(node: Node<'_>) -> Result<Account, JsonError> {
    Ok(Account {
        nonce: node.get("nonce", |node| node.u64())?.unwrap_or(0),
        balance: node.get("balance", |node| node.u256())?.unwrap_or_default(),
        code: Code::new(node.get("code", |node| node.bytes())?.unwrap_or_default()),
        storage: node.get("storage", storage)?.unwrap_or_default(),
    })
}

fn storage(node: Node<'_>) -> Result<BTreeMap<U256, U256>, JsonError> {
    let words = node.entries(|key, node| match fields::key(key) {
        Some(key) => Ok((key, node.u256()?)),
        None => node.expected("a storage key: up to 64 hexadecimal digits"),
    })?;
    Ok(words.into_iter().filter(|(_, word)| !word.is_zero()).collect())
}

/// Where two world states differ first, in the order of addresses and keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// There is no such account but should be.
    Missing(Address, Box<Account>),
    /// There is such an account but should not be.
    Extra(Address, Box<Account>),
    /// A nonce.
    Nonce {
        /// Whose.
        address: Address,
        /// The test's.
        expected: u64,
        /// Ours.
        found: u64,
    },
    /// A balance, in wei.
    Balance {
        /// Whose.
        address: Address,
        /// The test's.
        expected: U256,
        /// Ours.
        found: U256,
    },
    /// Code.
    Code {
        /// Whose.
        address: Address,
        /// The test's.
        expected: Vec<u8>,
        /// Ours.
        found: Vec<u8>,
    },
    /// A word of storage.
    Slot {
        /// Whose.
        address: Address,
        /// Which.
        key: U256,
        /// The test's.
        expected: U256,
        /// Ours.
        found: U256,
    },
}

impl Difference {
    /// The first difference of `found` from `expected`.
    pub fn first(expected: &World, found: &World) -> Option<Self> {
        let of_expected = expected.accounts.iter().filter_map(|(address, account)| {
            let difference = match found.accounts.get(address) {
                None => Some(Difference::Missing(*address, Box::new(account.clone()))),
                Some(ours) => Self::between(*address, account, ours),
            };
            difference.map(|difference| (address, difference))
        });
        let mut extra = found.accounts.iter().filter_map(|(address, account)| {
            let is_extra = !expected.accounts.contains_key(address);
            is_extra.then(|| (address, Difference::Extra(*address, Box::new(account.clone()))))
        });
        let first = of_expected.into_iter().next();
        first
            .into_iter()
            .chain(extra.next())
            .min_by_key(|(address, _)| **address)
            .map(|(_, difference)| difference)
    }

    fn between(address: Address, expected: &Account, found: &Account) -> Option<Self> {
        if expected.nonce != found.nonce {
            return Some(Difference::Nonce { address, expected: expected.nonce, found: found.nonce });
        }
        if expected.balance != found.balance {
            return Some(Difference::Balance { address, expected: expected.balance, found: found.balance });
        }
        if expected.code != found.code {
            let (expected, found) = (expected.code.bytes().to_vec(), found.code.bytes().to_vec());
            return Some(Difference::Code { address, expected, found });
        }
        let word = |storage: &BTreeMap<U256, U256>, key: &U256| storage.get(key).copied().unwrap_or_default();
        let differs = |key: &&U256| word(&expected.storage, key) != word(&found.storage, key);
        let key = *expected.storage.keys().chain(found.storage.keys()).filter(differs).min()?;
        let (expected, found) = (word(&expected.storage, &key), word(&found.storage, &key));
        Some(Difference::Slot { address, key, expected, found })
    }
}

impl Display for Difference {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Difference::Missing(address, account) => {
                write!(f, "account {address:#x}: missing, expected {}", summary(account))
            }
            Difference::Extra(address, account) => {
                write!(f, "account {address:#x}: should not exist, found {}", summary(account))
            }
            Difference::Nonce { address, expected, found } => {
                write!(f, "account {address:#x}: nonce: expected {expected}, found {found}")
            }
            Difference::Balance { address, expected, found } => {
                write!(f, "account {address:#x}: balance: expected {expected}, found {found}")
            }
            Difference::Code { address, expected, found } => {
                write!(f, "account {address:#x}: code: expected {}, found {}", bytes(expected), bytes(found))
            }
            Difference::Slot { address, key, expected, found } => {
                write!(f, "account {address:#x}: slot {key:#x}: expected {expected:#x}, found {found:#x}")
            }
        }
    }
}

fn summary(account: &Account) -> String {
    let Account { nonce, balance, code, storage } = account;
    format!("nonce {nonce}, balance {balance}, {} bytes of code, {} slots", code.bytes().len(), storage.len())
}

/// Bytes as an error shows them: the first 64.
pub(super) fn bytes(bytes: &[u8]) -> String {
    match bytes.get(..64) {
        Some(start) if bytes.len() > 64 => format!("0x{}... ({} bytes)", hex::encode(start), bytes.len()),
        _ => format!("0x{}", hex::encode(bytes)),
    }
}
