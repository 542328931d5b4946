//! Transactions as JSON, in the form of geth and of the execution APIs.

use super::codec::{join_v, split_v};
use super::{AccessListItem, Authorization, Signature, Transaction, TxType};
use crate::json::{JsonError, Node};
use crate::precompiles::{Crypto, CryptoError};
use crate::rules::Rules;
use crate::{Address, H256, U256};
use serde_json::{Map, Value};

/// A transaction of a test or of t8n's input, with what may be given beside it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Given {
    /// The transaction. Without a signature where r, s and v are absent or zero.
    pub transaction: Transaction,
    /// `secretKey`: to sign it with.
    pub secret_key: Option<H256>,
    /// `sender` or `from`.
    pub sender: Option<Address>,
    /// `protected`: whether to sign a legacy transaction for this chain alone (EIP-155). True where absent.
    pub protected: bool,
}

impl Given {
    /// Reads an object. Keys that are no transaction's are passed over: nodes and tests add some.
    pub fn from_json(node: Node<'_>) -> Result<Self, JsonError> {
        let protected = node.get("protected", |node| node.boolean())?.unwrap_or(true);
        let mut transaction = Transaction { tx_type: read_type(node)?, ..Transaction::default() };
        transaction.read_common(node)?;
        transaction.read_typed(node)?;
        transaction.read_signature(node, protected)?;
        Ok(Self {
            transaction,
            secret_key: node.get("secretKey", |node| node.hash())?,
            sender: either(node, ["sender", "from"], |node| node.address())?,
            protected,
        })
    }

    /// The transaction, signed with the key beside it where it isn't signed yet. A protected legacy transaction without
    /// a chain gets that of `rules`, if they know EIP-155.
    ///
    /// # Errors
    /// [`CryptoError::Invalid`] if the key is none.
    pub fn signed(&self, rules: &Rules, crypto: &dyn Crypto) -> Result<Transaction, CryptoError> {
        let mut transaction = self.transaction.clone();
        if let (None, Some(secret_key)) = (transaction.signature, self.secret_key) {
            if self.protected && rules.replay_protection && transaction.tx_type == TxType::Legacy {
                transaction.chain_id.get_or_insert(rules.chain_id);
            }
            transaction.sign(secret_key, crypto)?;
        }
        Ok(transaction)
    }

    /// t8n's transactions: an array of objects, or a text with their RLP list in hexadecimal.
    pub fn list_from_json(node: Node<'_>) -> Result<Vec<Self>, JsonError> {
        if !node.value().is_string() {
            return node.items(Self::from_json);
        }
        match Transaction::decode_list(&node.bytes()?) {
            Ok(transactions) => Ok(transactions.into_iter().map(Self::from).collect()),
            Err(error) => node.conflict(error.to_string()),
        }
    }
}

impl From<Transaction> for Given {
    fn from(transaction: Transaction) -> Self {
        Self { transaction, protected: true, ..Self::default() }
    }
}

/// What `read` makes of the one of two keys that is there; if both are, they must agree.
fn either<T: PartialEq>(
    node: Node<'_>,
    keys: [&'static str; 2],
    read: impl Fn(Node<'_>) -> Result<T, JsonError>,
) -> Result<Option<T>, JsonError> {
    let (first, second) = (node.get(keys[0], &read)?, node.get(keys[1], &read)?);
    match (first, second) {
        (Some(first), Some(second)) if first != second => {
            node.conflict(format!("\"{}\" and \"{}\" differ: give one of them", keys[0], keys[1]))
        }
        (first, second) => Ok(first.or(second)),
    }
}

/// The same of a key that must be there.
fn required<T: PartialEq>(
    node: Node<'_>,
    keys: [&'static str; 2],
    read: impl Fn(Node<'_>) -> Result<T, JsonError>,
) -> Result<T, JsonError> {
    match either(node, keys, &read)? {
        Some(value) => Ok(value),
        None => node.require(keys[0], read),
    }
}

/// The type, given or seen by what only some types have.
fn read_type(node: Node<'_>) -> Result<TxType, JsonError> {
    let given = node.get("type", |node| match node.u256() {
        Ok(number) => match u8::try_from(number).ok().and_then(TxType::from_byte) {
            Some(tx_type) => Ok(tx_type),
            None => node.expected("a transaction type: 0 to 4"),
        },
        Err(error) => Err(error),
    })?;
    let has = |key| Ok::<_, JsonError>(node.get(key, |_| Ok(()))?.is_some());
    Ok(match given {
        Some(tx_type) => tx_type,
        None if has("authorizationList")? => TxType::SetCode,
        None if has("blobVersionedHashes")? || has("maxFeePerBlobGas")? => TxType::Blob,
        None if has("maxFeePerGas")? || has("maxPriorityFeePerGas")? => TxType::DynamicFee,
        None if has("accessList")? => TxType::AccessList,
        None => TxType::Legacy,
    })
}

impl Transaction {
    /// Reads an object, a transaction as nodes give it; see [`Given::from_json`].
    pub fn from_json(node: Node<'_>) -> Result<Self, JsonError> {
        Given::from_json(node).map(|given| given.transaction)
    }

    fn read_common(&mut self, node: Node<'_>) -> Result<(), JsonError> {
        self.nonce = node.require("nonce", |node| node.u64())?;
        if self.tx_type.has_dynamic_fee() {
            self.max_fee = node.require("maxFeePerGas", |node| node.u256())?;
            self.max_priority_fee = node.require("maxPriorityFeePerGas", |node| node.u256())?;
        } else {
            self.max_fee = node.require("gasPrice", |node| node.u256())?;
            self.max_priority_fee = self.max_fee;
        }
        self.gas_limit = required(node, ["gas", "gasLimit"], |node| node.u64())?;
        // Tests write no receiver as an empty text.
        self.to = node
            .get("to", |node| match node.value().as_str() {
                Some("" | "0x") => Ok(None),
                _ => node.address().map(Some),
            })?
            .flatten();
        self.value = node.get("value", |node| node.u256())?.unwrap_or_default();
        self.data = either(node, ["input", "data"], |node| node.bytes())?.unwrap_or_default();
        Ok(())
    }

    fn read_typed(&mut self, node: Node<'_>) -> Result<(), JsonError> {
        let tx_type = self.tx_type;
        if tx_type == TxType::Legacy {
            return Ok(());
        }
        self.chain_id = Some(node.require("chainId", |node| node.u64())?);
        self.access_list = node.get("accessList", AccessListItem::list_from_json)?.unwrap_or_default();
        if tx_type >= TxType::Blob && self.to.is_none() {
            let no_receiver =
                format!("a transaction of type {} can't create a contract: add \"to\"", tx_type as u8);
            return node.conflict(no_receiver);
        }
        if tx_type == TxType::Blob {
            self.max_blob_fee = node.require("maxFeePerBlobGas", |node| node.u256())?;
            let hashes = |node: Node<'_>| node.items(|node| node.hash());
            self.blob_hashes = node.require("blobVersionedHashes", hashes)?;
        }
        if tx_type == TxType::SetCode {
            let authorizations = |node: Node<'_>| node.items(Authorization::from_json);
            self.authorizations = node.require("authorizationList", authorizations)?;
        }
        Ok(())
    }

    /// Reads r, s, and v or yParity; and the chain of a legacy transaction, which v tells, or the key `chainId` where it
    /// is not signed yet.
    fn read_signature(&mut self, node: Node<'_>, protected: bool) -> Result<(), JsonError> {
        let word = |key| Ok::<_, JsonError>(node.get(key, |node| node.u256())?.unwrap_or_default());
        let (r, s) = (word("r")?, word("s")?);
        let legacy = self.tx_type == TxType::Legacy;
        let v = if legacy {
            node.get("v", |node| node.u256())?
        } else {
            either(node, ["yParity", "v"], |node| node.u256())?
        };
        let v = v.unwrap_or_default();
        let chain_id = node.get("chainId", |node| node.u64())?;
        if r.is_zero() && s.is_zero() && v.is_zero() {
            if legacy && protected {
                self.chain_id = chain_id;
            }
            return Ok(());
        }
        let odd_y = if legacy {
            let Some((odd_y, named)) = split_v(v) else {
                return node
                    .get("v", |node| node.expected("27, 28, or 35 and above (EIP-155)"))
                    .map(|_: Option<()>| ());
            };
            self.chain_id = match named {
                Some(id) if id.bits() > 64 => return node.conflict("\"v\" names a chain over 2^64 - 1"),
                id => id.map(|id| id.low_u64()),
            };
            if let (Some(named), Some(given)) = (self.chain_id, chain_id)
                && named != given
            {
                return node.conflict(format!("\"v\" names chain {named}, but \"chainId\" chain {given}"));
            }
            odd_y
        } else if v <= U256::one() {
            v.bit(0)
        } else {
            return node.conflict(format!("\"yParity\" or \"v\" is 0 or 1 in a typed transaction, not {v}"));
        };
        self.signature = Some(Signature { odd_y, r, s });
        Ok(())
    }

    /// The transaction as nodes give it, with its hash.
    pub fn to_json(&self) -> Value {
        let mut object = Map::new();
        let mut put = |key: &str, value: Value| object.insert(key.into(), value);
        let number = |number: u64| Value::from(format!("{number:#x}"));
        let word = |word: U256| Value::from(format!("{word:#x}"));
        put("type", number(self.tx_type as u64));
        if let Some(id) = self.chain_id {
            put("chainId", number(id));
        }
        put("nonce", number(self.nonce));
        put("to", self.to.map_or(Value::Null, |to| format!("{to:#x}").into()));
        put("gas", number(self.gas_limit));
        if self.tx_type.has_dynamic_fee() {
            put("maxPriorityFeePerGas", word(self.max_priority_fee));
            put("maxFeePerGas", word(self.max_fee));
        } else {
            put("gasPrice", word(self.max_fee));
        }
        if self.tx_type == TxType::Blob {
            put("maxFeePerBlobGas", word(self.max_blob_fee));
        }
        put("value", word(self.value));
        put("input", format!("0x{}", hex::encode(&self.data)).into());
        if self.tx_type != TxType::Legacy {
            put("accessList", self.access_list.iter().map(AccessListItem::to_json).collect());
        }
        if self.tx_type == TxType::Blob {
            put("blobVersionedHashes", self.blob_hashes.iter().map(|hash| format!("{hash:#x}")).collect());
        }
        if self.tx_type == TxType::SetCode {
            put("authorizationList", self.authorizations.iter().map(Authorization::to_json).collect());
        }
        if let Some(Signature { odd_y, r, s }) = self.signature {
            match self.tx_type {
                TxType::Legacy => put("v", word(join_v(odd_y, self.chain_id))),
                _ => {
                    put("yParity", number(odd_y.into()));
                    put("v", number(odd_y.into()))
                }
            };
            put("r", word(r));
            put("s", word(s));
        }
        put("hash", format!("{:#x}", self.hash()).into());
        object.into()
    }
}

impl AccessListItem {
    /// Reads an array of objects with `address` and `storageKeys`.
    pub fn list_from_json(node: Node<'_>) -> Result<Vec<Self>, JsonError> {
        node.items(|node| {
            let keys = |node: Node<'_>| node.items(|node| Ok(U256::from_big_endian(node.hash()?.as_bytes())));
            Ok(Self {
                address: node.require("address", |node| node.address())?,
                storage_keys: node.get("storageKeys", keys)?.unwrap_or_default(),
            })
        })
    }

    /// The item as an object.
    pub fn to_json(&self) -> Value {
        let keys: Value = self.storage_keys.iter().map(|key| format!("{key:#066x}")).collect();
        Map::from_iter([
            ("address".into(), format!("{:#x}", self.address).into()),
            ("storageKeys".into(), keys),
        ])
        .into()
    }
}

impl Authorization {
    /// Reads an object with `chainId`, `address`, `nonce`, `yParity` or `v`, `r` and `s`.
    pub fn from_json(node: Node<'_>) -> Result<Self, JsonError> {
        Ok(Self {
            chain_id: node.require("chainId", |node| node.u256())?,
            address: node.require("address", |node| node.address())?,
            nonce: node.require("nonce", |node| node.u64())?,
            y_parity: required(node, ["yParity", "v"], |node| match node.u256()? {
                parity if parity.bits() <= 8 => Ok(parity),
                _ => node.expected("a parity below 256 (and valid if it is 0 or 1)"),
            })?,
            r: node.require("r", |node| node.u256())?,
            s: node.require("s", |node| node.u256())?,
        })
    }

    /// The authorization as an object.
    pub fn to_json(&self) -> Value {
        let word = |word: U256| Value::from(format!("{word:#x}"));
        Map::from_iter([
            ("chainId".into(), word(self.chain_id)),
            ("address".into(), format!("{:#x}", self.address).into()),
            ("nonce".into(), word(self.nonce.into())),
            ("yParity".into(), word(self.y_parity)),
            ("r".into(), word(self.r)),
            ("s".into(), word(self.s)),
        ])
        .into()
    }
}
