//! World states as geth writes them: the `alloc` of a genesis file or of t8n, and what its `dump` prints.

use super::{Account, Code, World};
use crate::json::{self, JsonError, Node};
use crate::keccak::keccak256;
use crate::trie::{state_root, storage_root};
use crate::{Address, U256};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

impl World {
    /// Reads accounts by address: `{"0x...": {"balance": "0x10", "nonce": 1, "code": "0x60", "storage": {"0x1": "0x2"}}}`,
    /// all of an account optional; or a genesis file or dump that has these under `alloc` or `accounts`. Addresses may lack
    /// their 0x, numbers are decimal or hexadecimal with 0x, and a word of zero is one that is not there.
    ///
    /// # Errors
    /// One that names the place and says what belongs there.
    pub fn from_json(node: &Node<'_>) -> Result<Self, JsonError> {
        for key in ["alloc", "accounts"] {
            if let Some(world) = node.get(key, |node| read(&node))? {
                return Ok(world);
            }
        }
        read(node)
    }

    /// The accounts as in a genesis file's `alloc`, in the order of addresses.
    pub fn to_alloc(&self) -> Value {
        let accounts = self.accounts.iter();
        accounts
            .map(|(address, account)| (format!("{address:#x}"), alloc(account)))
            .collect::<Map<_, _>>()
            .into()
    }

    /// The accounts as geth's `dump` prints them, with roots and hashes.
    pub fn to_dump(&self) -> Value {
        let accounts = self.accounts.iter();
        let accounts: Map<_, _> =
            accounts.map(|(address, account)| (format!("{address:#x}"), dump(address, account))).collect();
        let root = format!("{:x}", state_root(self));
        Map::from_iter([("root".into(), root.into()), ("accounts".into(), accounts.into())]).into()
    }
}

fn read(node: &Node<'_>) -> Result<World, JsonError> {
    let mut accounts = BTreeMap::new();
    node.entries(|key, node| {
        let Some(address) = json::address(key) else {
            return node.conflict("this key is no address; write 40 hexadecimal digits");
        };
        match accounts.insert(address, account(&node)?) {
            None => Ok(()),
            Some(_) => node.conflict("this account is there twice (with and without 0x); remove one"),
        }
    })?;
    Ok(World { accounts })
}

fn account(node: &Node<'_>) -> Result<Account, JsonError> {
    // The last ones are a dump's, and t8n's key to sign with.
    node.only(&["balance", "nonce", "code", "storage", "root", "codeHash", "address", "key", "secretKey"])?;
    let account = Account {
        balance: node.get("balance", |node| node.u256())?.unwrap_or_default(),
        nonce: node.get("nonce", |node| node.u64())?.unwrap_or(0),
        code: node.get("code", |node| node.bytes())?.map_or_else(Arc::default, Code::new),
        storage: node.get("storage", |node| storage(&node))?.unwrap_or_default(),
    };
    node.get("codeHash", |node| match node.hash()? {
        hash if hash == account.code.hash() => Ok(()),
        _ => node.conflict("this is not the hash of \"code\"; remove it, or correct one of them"),
    })?;
    node.get("root", |node| match node.hash()? {
        root if root == storage_root(&account.storage) => Ok(()),
        _ => node.conflict("this is not the root of \"storage\"; remove it, or correct one of them"),
    })?;
    Ok(account)
}

fn storage(node: &Node<'_>) -> Result<BTreeMap<U256, U256>, JsonError> {
    let mut storage = BTreeMap::new();
    let mut seen = std::collections::BTreeSet::new();
    node.entries(|key, node| {
        let Some(key) = json::word(key) else {
            return node.conflict("this key is no word of storage; write up to 64 hexadecimal digits");
        };
        if !seen.insert(key) {
            return node.conflict("this word is there twice, written in two ways; remove one");
        }
        let value = U256::from_big_endian(&node.hash()?.0);
        if !value.is_zero() {
            storage.insert(key, value);
        }
        Ok(())
    })?;
    Ok(storage)
}

fn alloc(account: &Account) -> Value {
    let mut object = Map::new();
    if !account.code.is_empty() {
        object.insert("code".into(), format!("0x{}", hex::encode(account.code.bytes())).into());
    }
    if !account.storage.is_empty() {
        let words = account
            .storage
            .iter()
            .map(|(key, value)| (format!("{key:#066x}"), format!("{value:#066x}").into()));
        object.insert("storage".into(), words.collect::<Map<_, _>>().into());
    }
    object.insert("balance".into(), format!("{:#x}", account.balance).into());
    if account.nonce != 0 {
        object.insert("nonce".into(), format!("{:#x}", account.nonce).into());
    }
    object.into()
}

fn dump(address: &Address, account: &Account) -> Value {
    let mut object = Map::from_iter([
        ("balance".into(), account.balance.to_string().into()),
        ("nonce".into(), account.nonce.into()),
        ("root".into(), format!("{:#x}", storage_root(&account.storage)).into()),
        ("codeHash".into(), format!("{:#x}", account.code.hash()).into()),
    ]);
    if !account.code.is_empty() {
        object.insert("code".into(), format!("0x{}", hex::encode(account.code.bytes())).into());
    }
    if !account.storage.is_empty() {
        // geth prints the bytes of the value without leading zeros.
        let bytes = |value: &U256| {
            let bytes = value.to_big_endian();
            hex::encode(&bytes[(value.leading_zeros() / 8) as usize..])
        };
        let words = account.storage.iter().map(|(key, value)| (format!("{key:#066x}"), bytes(value).into()));
        object.insert("storage".into(), words.collect::<Map<_, _>>().into());
    }
    object.insert("address".into(), format!("{address:#x}").into());
    object.insert("key".into(), format!("{:#x}", keccak256(&address.0)).into());
    object.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn world(value: &Value) -> World {
        World::from_json(&Node::root(value)).unwrap_or_else(|error| panic!("{error}"))
    }

    fn example() -> World {
        world(&json!({
            "0x00000000000000000000000000000000000000aA": {
                "balance": "0x10", "nonce": "0x1", "code": "0x6001",
                "storage": {"0x1": "0x02", "0x02": "0x0", "ff": "0x0100"},
            },
            "00000000000000000000000000000000000000bb": {"balance": "16"},
            "0x00000000000000000000000000000000000000cc": {"balance": 16, "nonce": 7},
        }))
    }

    #[test]
    fn every_notation_is_read() {
        let world = example();
        let account = |low| &world.accounts[&Address::from_low_u64_be(low)];
        for low in [0xAA, 0xBB, 0xCC] {
            assert_eq!(account(low).balance, U256::from(16));
        }
        assert_eq!([0xAA, 0xBB, 0xCC].map(|low| account(low).nonce), [1, 0, 7]);
        assert_eq!(account(0xAA).code.bytes(), [0x60, 0x01]);
        let words: Vec<_> =
            account(0xAA).storage.iter().map(|(key, value)| (key.low_u64(), value.low_u64())).collect();
        assert_eq!(words, [(1, 2), (0xFF, 0x100)]);
    }

    #[test]
    fn what_is_written_is_read_again() {
        let before = example();
        assert_eq!(world(&before.to_alloc()), before);
        assert_eq!(world(&json!({"alloc": before.to_alloc(), "nonce": 0})), before);
        assert_eq!(world(&before.to_dump()), before);
        assert_eq!(world(&json!({})), World::default());
    }

    #[test]
    fn alloc_and_dump_are_written_as_geth_does() {
        let world = world(&json!({"0x00000000000000000000000000000000000000aa":
            {"balance": 255, "nonce": 1, "code": "0x00", "storage": {"0x1": "0x0102"}}}));
        assert_eq!(
            world.to_alloc(),
            json!({"0x00000000000000000000000000000000000000aa": {
                "code": "0x00",
                "storage": {
                    "0x0000000000000000000000000000000000000000000000000000000000000001":
                        "0x0000000000000000000000000000000000000000000000000000000000000102",
                },
                "balance": "0xff", "nonce": "0x1",
            }})
        );
        let dump = world.to_dump();
        let account = &dump["accounts"]["0x00000000000000000000000000000000000000aa"];
        assert_eq!(account["balance"], "255");
        assert_eq!(account["nonce"], 1);
        assert_eq!(account["codeHash"], "0xbc36789e7a1e281436464229828f817d6612f7b477d66591ff96a9e064bcc98a");
        assert_eq!(
            account["storage"]["0x0000000000000000000000000000000000000000000000000000000000000001"],
            "0102"
        );
        assert_eq!(dump["root"], format!("{:x}", state_root(&world)));
    }

    #[test]
    fn errors_name_the_place() {
        let address = "0x00000000000000000000000000000000000000aa";
        for (value, expected) in [
            (json!([]), "$: expected an object"),
            (json!({"0x1": {}}), "$[\"0x1\"]: this key is no address"),
            (json!({address: 1}), "[\"0x00000000000000000000000000000000000000...\"]: expected an object"),
            (json!({address: {"balance": "0xg"}}), ".balance: expected a whole number below 2^256"),
            (
                json!({address: {"balance": format!("0x1{}", "0".repeat(64))}}),
                ".balance: expected a whole number",
            ),
            (
                json!({address: {"nonce": "18446744073709551616"}}),
                ".nonce: expected a whole number below 2^64",
            ),
            (json!({address: {"code": "0x123"}}), ".code: expected bytes in hexadecimal"),
            (json!({address: {"storage": {"x": "1"}}}), ".storage.x: this key is no word"),
            (json!({address: {"storage": {"0x1": "1", "0x01": "2"}}}), "there twice"),
            (json!({address: {"storage": {"0x1": 5}}}), ".storage[\"0x1\"]: expected 32 bytes"),
            (json!({address: {"codeHash": "0x01"}}), ".codeHash: this is not the hash"),
            (json!({address: {"root": "0x01"}}), ".root: this is not the root"),
            (json!({address: {"balanc": 1}}), "did you mean \"balance\"?"),
            (json!({address: {}, address[2..]: {}}), "this account is there twice"),
            (json!({"alloc": {"1": {}}}), "$.alloc[\"1\"]: this key is no address"),
        ] {
            let error = World::from_json(&Node::root(&value)).expect_err(expected).to_string();
            assert!(error.contains(expected), "{error}\nlacks: {expected}");
        }
    }
}
