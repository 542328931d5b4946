//! What is to be looked into, read from JSON.

use evm_core::block::BlockEnv;
use evm_core::chain::{ChainConfig, Position};
use evm_core::fork::Fork;
use evm_core::json::{self, JsonError, Node};
use evm_core::precompiles::{Crypto, CryptoError};
use evm_core::rules::Rules;
use evm_core::run::{RECEIVER, SENDER};
use evm_core::state::{Account, Code, World};
use evm_core::transaction::{Authorization, Given, Transaction};
use evm_core::{Address, U256};
use serde_json::{Map, Value, json};

use crate::error::Error;

/// Gas of a transaction that names none: well under EIP-7825's cap, so that every fork takes it.
const GAS: u64 = 10_000_000;
/// Gas limit of a block that names none.
const BLOCK_GAS: u64 = 60_000_000;
/// What a sender has that is in no prestate: a million ether.
const BALANCE: U256 = U256([0x1BCE_CCED_A100_0000, 0xD3C2, 0, 0]);
/// Transactions of a request, at most.
const MOST_TRANSACTIONS: usize = 256;

/// Transactions in a row over one world state, with all that they are a function of.
#[derive(Clone, Debug)]
pub struct Plan {
    /// State before the first.
    pub world: World,
    /// The block they are all in.
    pub env: BlockEnv,
    /// The fork's rules.
    pub rules: Rules,
    /// The transactions as the request has them; what they leave out is filled in when their turn comes.
    transactions: Vec<Value>,
}

/// A transaction that can be executed.
#[derive(Clone, Debug)]
pub struct Ready {
    /// With everything filled in, and signed where a key was given.
    pub tx: Transaction,
    /// Who sends it.
    pub sender: Address,
}

/// Why a transaction could not be made.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum NotReady {
    /// Load the module `precompiles`, and begin again.
    NeedsCrypto,
    /// What is wrong with it.
    Wrong(String),
}

impl From<CryptoError> for NotReady {
    fn from(error: CryptoError) -> Self {
        match error {
            CryptoError::Unavailable => Self::NeedsCrypto,
            CryptoError::Invalid => {
                Self::Wrong("secretKey: no key of secp256k1; give 32 bytes over 0".into())
            }
        }
    }
}

impl From<JsonError> for NotReady {
    fn from(error: JsonError) -> Self {
        Self::Wrong(error.to_string())
    }
}

fn told(part: &'static str) -> impl Fn(JsonError) -> Error {
    move |error| Error::Told(format!("{part}: {error}"))
}

impl Plan {
    /// Reads an object with, all optional: `prestate` (accounts, or a genesis file or dump that has some), `fork`, `chain` (a preset's
    /// name, or a chain file), `chainId`, `block` (`number`, `timestamp`, `coinbase`, `gasLimit`, `baseFee`,
    /// `difficulty`, `prevRandao`, `excessBlobGas`, `slotNumber`, `blockHashes`), and `transactions`, an array of
    /// objects as nodes give them, in which all may be left out. Or in short `code` and `input`, with `value`, `gas` and
    /// `create`: one transaction to that code.
    ///
    /// # Errors
    /// One that names the part and its place.
    pub fn from_json(text: &str) -> Result<Self, Error> {
        let value = json::parse(text).map_err(told("request"))?;
        let node = Node::root(&value);
        let read = told("request");
        node.only(&[
            "prestate",
            "fork",
            "chain",
            "chainId",
            "block",
            "transactions",
            "code",
            "input",
            "value",
            "gas",
            "create",
        ])
        .map_err(&read)?;
        let mut world = node.get("prestate", prestate).map_err(told("prestate"))?.unwrap_or_default();
        let mut chain = chain(&node)?;
        if let Some(id) = node.get("chainId", |node| node.u64()).map_err(&read)? {
            chain.chain_id = id;
        }
        let named = node.get("block", |_| Ok(())).map_err(&read)?.is_some();
        let newest = newest(&chain);
        let mut env = BlockEnv { gas_limit: BLOCK_GAS, ..BlockEnv::default() };
        env.number = env.number.max(newest.number);
        env.timestamp = env.timestamp.max(newest.timestamp);
        if named {
            env = node.require("block", |node| block(node, env)).map_err(told("block"))?;
        }
        let rules = chain.rules_at(&Position::new(env.number, env.timestamp));
        let mut transactions = node
            .get("transactions", |node| node.items(|node| Ok(node.value().clone())))
            .map_err(&read)?
            .unwrap_or_default();
        if transactions.len() > MOST_TRANSACTIONS {
            return Err(Error::Told(format!("transactions: {MOST_TRANSACTIONS} are the most")));
        }
        if let Some(short) = short(&node, &mut world).map_err(&read)? {
            transactions.push(short);
        }
        Ok(Self { world, env, rules, transactions })
    }

    /// How many transactions there are.
    pub fn len(&self) -> usize {
        self.transactions.len()
    }

    /// True if there is no transaction.
    pub fn is_empty(&self) -> bool {
        self.transactions.is_empty()
    }

    /// The transaction at a place of the list, over the world that those before it left. A sender that is not in the
    /// world is given a million ether, so that code can be tried without a prestate.
    ///
    /// # Errors
    /// What is wrong with it, or that the cryptography is not loaded.
    pub fn ready(&self, index: usize, world: &mut World, crypto: &dyn Crypto) -> Result<Ready, NotReady> {
        let nothing = Value::Null;
        let value = self.transactions.get(index).unwrap_or(&nothing);
        let Some(object) = value.as_object() else {
            return Err(NotReady::Wrong("expected an object with to, data, value ...".into()));
        };
        let mut object = object.clone();
        let secret_key = object.get("secretKey").is_some_and(|key| !key.is_null());
        let given = Node::root(value);
        let from = match given.get("from", |node| node.address())? {
            None => given.get("sender", |node| node.address())?,
            from => from,
        };
        let mut sender = from.unwrap_or(SENDER);
        if secret_key {
            let key = given.require("secretKey", |node| node.hash())?;
            let (.., signer) = crypto.sign(evm_core::H256::zero(), key)?;
            if from.is_some_and(|from| from != signer) {
                return Err(NotReady::Wrong(format!(
                    "\"from\" and \"secretKey\" differ: the key is that of {signer:#x}"
                )));
            }
            sender = signer;
        }
        let account = world
            .accounts
            .entry(sender)
            .or_insert_with(|| Account { balance: BALANCE, ..Account::default() });
        self.fill_in(&mut object, account.nonce);
        self.sign_authorizations(&mut object, crypto)?;
        let filled = Value::from(object);
        let given = Given::from_json(Node::root(&filled))?;
        let tx = if secret_key { given.signed(&self.rules, crypto)? } else { given.transaction };
        Ok(Ready { tx, sender })
    }

    /// What may be left out: nonce, gas, prices, chain.
    fn fill_in(&self, object: &mut Map<String, Value>, nonce: u64) {
        object.retain(|_, value| !value.is_null());
        let has =
            |object: &Map<String, Value>, keys: &[&str]| keys.iter().any(|key| object.contains_key(*key));
        let price = self.env.base_fee.to_string();
        let dynamic = has(
            object,
            &["maxFeePerGas", "maxPriorityFeePerGas", "blobVersionedHashes", "authorizationList"],
        ) || object.get("type").and_then(type_of).is_some_and(|number| number >= 2);
        let mut default = |key: &str, value: Value| {
            object.entry(key).or_insert(value);
        };
        default("nonce", nonce.into());
        if dynamic {
            default("maxPriorityFeePerGas", "0".into());
            default("maxFeePerGas", price.into());
        } else {
            default("gasPrice", price.into());
        }
        if !has(object, &["gas", "gasLimit"]) {
            object.insert("gas".into(), GAS.into());
        }
        let typed = dynamic
            || has(object, &["accessList"])
            || object.get("type").and_then(type_of).is_some_and(|number| number > 0);
        if typed {
            object.entry("chainId").or_insert(self.rules.chain_id.into());
        }
    }

    /// EIP-7702: words of authorities whose key is beside them.
    fn sign_authorizations(
        &self,
        object: &mut Map<String, Value>,
        crypto: &dyn Crypto,
    ) -> Result<(), NotReady> {
        let Some(Value::Array(list)) = object.get_mut("authorizationList") else { return Ok(()) };
        for item in list {
            if item.get("secretKey").is_none_or(Value::is_null) {
                continue;
            }
            let signed = {
                let node = Node::root(item);
                let authorization = Authorization {
                    chain_id: node.get("chainId", |node| node.u256())?.unwrap_or_default(),
                    address: node.require("address", |node| node.address())?,
                    nonce: node.get("nonce", |node| node.u64())?.unwrap_or(0),
                    ..Authorization::default()
                };
                let key = node.require("secretKey", |node| node.hash())?;
                let (odd_y, r, s, _) = crypto.sign(authorization.signing_hash(), key)?;
                Authorization { y_parity: u64::from(odd_y).into(), r, s, ..authorization }
            };
            *item = signed.to_json();
        }
        Ok(())
    }
}

fn type_of(value: &Value) -> Option<u64> {
    Node::root(value).u64().ok()
}

/// Accounts; the value itself, or a text with it. Of a genesis file only these count.
fn prestate(node: Node<'_>) -> Result<World, JsonError> {
    match node.value().as_str() {
        Some(text) => World::from_json(&Node::root(&json::parse(text)?)),
        None => World::from_json(&node),
    }
}

/// The chain by a preset's name or a file (an object, or its text); or that of a fork from genesis on.
fn chain(node: &Node<'_>) -> Result<ChainConfig, Error> {
    let read = told("request");
    let text = node
        .get("chain", |node| {
            Ok(node.value().as_str().map_or_else(|| node.value().to_string(), str::to_owned))
        })
        .map_err(&read)?;
    if let Some(text) = text.filter(|text| !text.is_empty()) {
        return match ChainConfig::preset(&text) {
            Some(preset) => Ok(preset),
            None => ChainConfig::from_json(&text).map_err(told("chain")),
        };
    }
    match node.get("fork", |node| node.string().map(str::to_owned)).map_err(&read)? {
        None => Ok(ChainConfig::of_fork(Fork::LATEST)),
        Some(name) => Fork::by_name(&name).map(ChainConfig::of_fork).ok_or(Error::Fork(name)),
    }
}

/// The first place at which all forks of the chain have begun.
fn newest(chain: &ChainConfig) -> Position {
    use evm_core::chain::Activation;
    let mut newest = Position::default();
    for (_, activation) in chain.schedule.forks() {
        match activation {
            Activation::Block(number) => newest.number = newest.number.max(*number),
            Activation::Timestamp(time) => newest.timestamp = newest.timestamp.max(*time),
            Activation::TotalDifficulty { block, .. } => {
                newest.number = newest.number.max(block.unwrap_or(0))
            }
        }
    }
    newest
}

fn block(node: Node<'_>, base: BlockEnv) -> Result<BlockEnv, JsonError> {
    node.only(&[
        "number",
        "timestamp",
        "coinbase",
        "gasLimit",
        "baseFee",
        "difficulty",
        "prevRandao",
        "excessBlobGas",
        "slotNumber",
        "blockHashes",
    ])?;
    let number = |key| node.get(key, |node| node.u64());
    let word = |key| node.get(key, |node| node.u256());
    let mut env = BlockEnv {
        number: number("number")?.unwrap_or(base.number),
        timestamp: number("timestamp")?.unwrap_or(base.timestamp),
        coinbase: node.get("coinbase", |node| node.address())?.unwrap_or(base.coinbase),
        gas_limit: number("gasLimit")?.unwrap_or(base.gas_limit),
        base_fee: word("baseFee")?.unwrap_or(base.base_fee),
        difficulty: word("difficulty")?.unwrap_or(base.difficulty),
        prev_randao: node.get("prevRandao", |node| node.hash())?.unwrap_or(base.prev_randao),
        excess_blob_gas: number("excessBlobGas")?.unwrap_or(base.excess_blob_gas),
        slot_number: number("slotNumber")?.unwrap_or(base.slot_number),
        block_hashes: base.block_hashes,
    };
    node.get("blockHashes", |node| {
        node.entries(|key, node| {
            let Ok(number) = key.parse::<u64>() else {
                return node.conflict("this key is no block's number");
            };
            let hash = node.hash()?;
            env.block_hashes.insert(number, hash);
            Ok(())
        })
    })?;
    Ok(env)
}

/// The short form: code is put at an address, and a transaction sent to it.
fn short(node: &Node<'_>, world: &mut World) -> Result<Option<Value>, JsonError> {
    let Some(code) = node.get("code", |node| node.bytes())? else { return Ok(None) };
    let input = node.get("input", |node| node.bytes())?.unwrap_or_default();
    let creates = node.get("create", |node| node.boolean())?.unwrap_or(false);
    let keep = |key: &'static str| node.get(key, |node| Ok(node.value().clone()));
    let (value, gas) =
        (keep("value")?.unwrap_or_else(|| "0".into()), keep("gas")?.unwrap_or_else(|| GAS.into()));
    let mut tx = json!({ "value": value, "gas": gas });
    if creates {
        tx["input"] = crate::hex(&[code, input].concat()).into();
    } else {
        world.accounts.entry(RECEIVER).or_default().code = Code::new(code);
        tx["to"] = format!("{RECEIVER:#x}").into();
        tx["input"] = crate::hex(&input).into();
    }
    Ok(Some(tx))
}
