//! The transition tool of geth and others: a state, an environment and transactions in, the state after them and what a
//! header would say of them out. Unlike the processing of a block, what is refused is listed, and the rest goes on.

mod env;
mod result;
#[cfg(test)]
mod tests;
mod trace;
mod txs;

pub use env::{Env, Ommer};
pub use trace::Traces;
pub use txs::{Entry, read_txs};

use crate::U256;
use crate::block::{AccessListBuilder, BlockAccessList, BlockError, Body, requests_hash};
use crate::chain::{BlobParameters, ChainConfig, Position};
use crate::execution::{Executed, Rejected};
use crate::inspector::NoInspector;
use crate::json::{self, JsonError, Node};
use crate::precompiles::Crypto;
use crate::state::World;
use crate::transaction::{SenderError, Transaction};
use crate::{Address, H256};
use serde_json::Value;
use std::fmt::{self, Display, Formatter};

/// What goes in.
#[derive(Clone, Debug)]
pub struct Input {
    /// The chain, which has its id.
    pub chain: ChainConfig,
    /// Wei for the block's beneficiary; nothing: nobody is paid, and nothing touched.
    pub reward: Option<U256>,
    /// The state before.
    pub alloc: World,
    /// The block.
    pub env: Env,
    /// Transactions, also those that can't be read.
    pub txs: Vec<Entry>,
}

/// What comes out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Output {
    /// The state afterwards.
    pub world: World,
    /// What geth's tool calls the result.
    pub result: Value,
    /// RLP list of the transactions that were executed.
    pub body: Vec<u8>,
}

/// Why there is no transition.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Error {
    /// A part of the input, by its name: `alloc`, `env`, `txs` or `blobParams`.
    Part(&'static str, JsonError),
    /// The environment lacks what the fork needs.
    Missing {
        /// Keys, one of which it takes, or all of those with "and".
        keys: &'static str,
        /// The fork.
        fork: &'static str,
    },
    /// The parent's values give no difficulty.
    Difficulty,
    /// The cryptography is not loaded: load it and begin again.
    NeedsCrypto,
}

impl Display for Error {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Part(part, error) => write!(f, "{part}: {error}"),
            Self::Missing { keys, fork } => write!(f, "env: {fork} needs {keys}; add it"),
            Self::Difficulty => {
                f.write_str("env: no difficulty follows from parentDifficulty; give currentDifficulty")
            }
            Self::NeedsCrypto => f.write_str("the cryptography is not loaded yet: load it and try again"),
        }
    }
}

impl std::error::Error for Error {}

/// A transaction that was executed.
#[derive(Clone, Debug)]
struct Included {
    tx: Transaction,
    sender: Address,
    executed: Executed,
    /// Wei a unit of gas.
    gas_price: U256,
}

/// Lists of requests, and their hash.
type Requests = (Vec<Vec<u8>>, H256);

/// What the result is made of.
struct Done<'a> {
    body: Body<'a>,
    difficulty: Option<U256>,
    included: Vec<Included>,
    /// Places in the input, and why.
    rejected: Vec<(usize, String)>,
    /// Lists of requests with their hash, where the fork has some; or why the block would be refused.
    requests: Result<Option<Requests>, BlockError>,
    /// EIP-7928, where the fork has it.
    access_list: Option<BlockAccessList>,
}

impl Input {
    /// Reads the three texts.
    ///
    /// # Errors
    /// [`Error::Part`].
    pub fn from_json(
        chain: ChainConfig,
        reward: Option<U256>,
        alloc: &str,
        env: &str,
        txs: &str,
    ) -> Result<Self, Error> {
        Ok(Self {
            chain,
            reward,
            alloc: part("alloc", alloc, |node| World::from_json(&node))?,
            env: part("env", env, Env::from_json)?,
            txs: part("txs", txs, read_txs)?,
        })
    }

    /// Blob parameters, whatever the fork: `{"target": N, "max": N, "baseFeeUpdateFraction": N}`.
    ///
    /// # Errors
    /// [`Error::Part`].
    pub fn set_blob_parameters(&mut self, text: &str) -> Result<(), Error> {
        let parameters = part("blobParams", text, |node| BlobParameters::from_json(&node))?;
        self.chain.set_blobs(parameters);
        Ok(())
    }

    /// Makes the transition.
    ///
    /// # Errors
    /// See [`Error`]; that a transaction is refused is none.
    pub fn transition(self, crypto: &dyn Crypto, mut traces: Option<Traces<'_>>) -> Result<Output, Error> {
        let Self { chain, reward, alloc, env, txs } = self;
        let rules = chain.rules_at(&Position::new(env.number, env.timestamp));
        let block = env.block(&chain, &rules)?;
        let difficulty = (!rules.proof_of_stake).then_some(block.difficulty);
        let inspector = &mut NoInspector;
        let mut body = Body::new(&chain, rules, block, alloc, crypto);
        body.begin(env.parent_beacon_block_root, inspector).map_err(|_| Error::NeedsCrypto)?;
        let (mut included, mut rejected) = (Vec::new(), Vec::new());
        for (index, entry) in txs.into_iter().enumerate() {
            let trace = traces.as_mut().map(|traces| (included.len(), traces));
            match execute(&mut body, entry, trace)? {
                Ok(one) => included.push(one),
                Err(why) => rejected.push((index, why)),
            }
        }
        if let Some(reward) = reward {
            body.pay_rewards(reward, env.ommers.iter().map(|ommer| (ommer.delta, ommer.address)));
        }
        if body.rules.withdrawals {
            body.pay_withdrawals(env.withdrawals.as_deref().unwrap_or_default());
        }
        let requests = match body.requests(inspector) {
            Err(BlockError::NeedsCrypto) => return Err(Error::NeedsCrypto),
            Err(error) => Err(error),
            Ok(_) if !body.rules.requests => Ok(None),
            Ok(lists) => {
                let hash = requests_hash(&lists, crypto).map_err(|_| Error::NeedsCrypto)?;
                Ok(Some((lists, hash)))
            }
        };
        let access_list = body.access_list.take().map(AccessListBuilder::finish);
        let done = Done { body, difficulty, included, rejected, requests, access_list };
        let result = done.result(&env);
        let transactions: Vec<_> = done.included.into_iter().map(|one| one.tx).collect();
        Ok(Output { world: done.body.world, result, body: Transaction::encode_list(&transactions) })
    }
}

/// Reads a part of the input.
fn part<T>(
    name: &'static str,
    text: &str,
    read: impl Fn(Node<'_>) -> Result<T, JsonError>,
) -> Result<T, Error> {
    let parsed = json::parse(text).and_then(|value| read(Node::root(&value)));
    parsed.map_err(|error| Error::Part(name, error))
}

/// Executes one transaction; the inner error is why it is refused.
fn execute(
    body: &mut Body<'_>,
    entry: Entry,
    trace: Option<(usize, &mut Traces<'_>)>,
) -> Result<Result<Included, String>, Error> {
    let given = match entry {
        Ok(given) => given,
        Err(why) => return Ok(Err(why)),
    };
    let tx = match given.signed(&body.rules, body.crypto) {
        Ok(tx) => tx,
        Err(crate::precompiles::CryptoError::Unavailable) => return Err(Error::NeedsCrypto),
        Err(_) => {
            return Ok(Err("secretKey: must be over 0 and below secp256k1's order; give another".into()));
        }
    };
    let sender = match tx.sender(&body.rules, body.crypto) {
        Ok(sender) => sender,
        Err(SenderError::Unavailable) => return Err(Error::NeedsCrypto),
        Err(error) => return Ok(Err(error.to_string())),
    };
    let executed = match trace {
        None => body.transaction(&tx, sender, &mut NoInspector),
        Some((index, traces)) => traces.of(index, tx.hash(), |lines| body.transaction(&tx, sender, lines)),
    };
    match executed {
        Ok(executed) => {
            let base = if body.rules.base_fee { body.env.base_fee } else { U256::zero() };
            let gas_price = tx.max_fee.min(base.saturating_add(tx.max_priority_fee));
            Ok(Ok(Included { tx, sender, executed, gas_price }))
        }
        Err(Rejected::NeedsCrypto) => Err(Error::NeedsCrypto),
        Err(error) => Ok(Err(error.to_string())),
    }
}
