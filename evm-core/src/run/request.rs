//! What is to be run.

use super::{RECEIVER, SENDER};
use crate::block::BlockEnv;
use crate::chain::{Activation, ChainConfig, Genesis, Position};
use crate::fork::Fork;
use crate::json::{self, JsonError, Node};
use crate::rules::Rules;
use crate::state::{Code, World};
use crate::transaction::Transaction;
use crate::{Address, U256};
use std::fmt::{self, Display, Formatter};

/// What is recorded while it runs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Trace {
    /// Lines as EIP-3155 has them.
    Eip3155,
    /// Geth's structLogs, with memory.
    Struct,
    /// Geth's callTracer, with logs.
    Call,
    /// Geth's prestateTracer in its diffMode.
    Prestate,
}

impl Trace {
    /// By the name that users write.
    pub fn by_name(name: &str) -> Option<Self> {
        Some(match name {
            "eip3155" => Self::Eip3155,
            "struct" => Self::Struct,
            "call" => Self::Call,
            "prestate" => Self::Prestate,
            _ => return None,
        })
    }
}

/// A message to run, with all around it.
#[derive(Clone, Debug)]
pub struct Request {
    /// The state before.
    pub world: World,
    /// The block.
    pub env: BlockEnv,
    /// The fork.
    pub rules: Rules,
    /// The message: receiver (or none to create), data, value, gas.
    pub tx: Transaction,
    /// Who sends it.
    pub sender: Address,
    /// What is recorded.
    pub trace: Option<Trace>,
}

/// Why a request makes no sense.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum RequestError {
    /// A part of it; the first is the name that users know it by.
    Part(&'static str, JsonError),
    /// No fork or chain has this name.
    Name(&'static str, String),
    /// The sender has less than the value.
    Value {
        /// To be sent.
        value: U256,
        /// There is.
        balance: U256,
    },
    /// There is nothing to run.
    Nothing(Address),
}

impl Display for RequestError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Part(part, error) => write!(f, "{part}: {error}"),
            Self::Name(part, name) => {
                let short: String = name.chars().take(40).collect();
                write!(f, "{part}: {short:?} is unknown; ")?;
                match *part {
                    "fork" => f.write_str("the names are those from Frontier to Amsterdam"),
                    _ => f.write_str("use eip3155, struct, call or prestate"),
                }
            }
            Self::Value { value, balance } => write!(
                f,
                "value: {value} wei are more than the {balance} that the sender has; send less, or give it more in the \
                 prestate"
            ),
            Self::Nothing(receiver) => write!(
                f,
                "code: none is given, and {receiver:?} has none in the prestate; give code, or the receiver that has \
                 some"
            ),
        }
    }
}

impl std::error::Error for RequestError {}

/// Gas where none is given, as in geth.
const GAS: u64 = 10_000_000_000;
/// What a sender has that is in no prestate: a million ether.
const BALANCE: U256 = U256([0x1BCE_CCED_A100_0000, 0xD3C2, 0, 0]);

impl Request {
    /// Reads a request: an object with, all optional, `code`, `input`, `value`, `gas`, `gasPrice`, `sender`,
    /// `receiver`, `create`, `nonce`, `fork`, `chain` (a chain file as text, or a preset's name), `prestate` (accounts or
    /// a genesis file as text), `number`, `timestamp`, `trace`.
    ///
    /// # Errors
    /// One that names the part, its place and what helps.
    pub fn from_json(text: &str) -> Result<Self, RequestError> {
        let part = |name| move |error| RequestError::Part(name, error);
        let request = part("request");
        let value = json::parse(text).map_err(request)?;
        let node = Node::root(&value);
        let string = |key| node.get(key, |node| node.string().map(str::to_owned)).map_err(request);
        let number = |key| node.get(key, |node| node.u64()).map_err(request);
        let word = |key| node.get(key, |node| node.u256()).map_err(request);
        let bytes = |key| node.get(key, |node| node.bytes()).map_err(request);
        let address = |key| node.get(key, |node| node.address()).map_err(request);

        let (mut world, header) = match string("prestate")? {
            None => (World::default(), None),
            Some(text) => prestate(&text).map_err(part("prestate"))?,
        };
        let mut chain = match (string("chain")?, string("fork")?) {
            (Some(chain), _) => match ChainConfig::preset(&chain) {
                Some(preset) => preset,
                None => ChainConfig::from_json(&chain).map_err(part("chain"))?,
            },
            (None, Some(name)) => {
                ChainConfig::of_fork(Fork::by_name(&name).ok_or(RequestError::Name("fork", name))?)
            }
            (None, None) => ChainConfig::of_fork(Fork::LATEST),
        };
        if let Some(id) = number("chainId")? {
            chain.chain_id = id;
        }
        let mut env = header.unwrap_or_else(|| BlockEnv { gas_limit: GAS, ..BlockEnv::default() });
        let newest = newest(&chain);
        env.number = number("number")?.unwrap_or(env.number.max(newest.number));
        env.timestamp = number("timestamp")?.unwrap_or(env.timestamp.max(newest.timestamp));
        let rules = chain.rules_at(&Position::new(env.number, env.timestamp));

        let sender = address("sender")?.unwrap_or(SENDER);
        let value = word("value")?.unwrap_or_default();
        let balance = world
            .accounts
            .entry(sender)
            .or_insert_with(|| crate::state::Account { balance: BALANCE, ..Default::default() });
        if value > balance.balance {
            return Err(RequestError::Value { value, balance: balance.balance });
        }
        let nonce = number("nonce")?.unwrap_or(balance.nonce);
        let creates = node.get("create", |node| node.boolean()).map_err(request)?.unwrap_or(false);
        let receiver = address("receiver")?.unwrap_or(RECEIVER);
        let code = bytes("code")?;
        let input = bytes("input")?.unwrap_or_default();
        let data = match (creates, code) {
            (true, code) => [code.unwrap_or_default(), input].concat(),
            (false, Some(code)) => {
                world.accounts.entry(receiver).or_default().code = Code::new(code);
                input
            }
            (false, None) => {
                let has_code = world.accounts.get(&receiver).is_some_and(|account| !account.code.is_empty());
                if !has_code && rules.precompile(&receiver).is_none() {
                    return Err(RequestError::Nothing(receiver));
                }
                input
            }
        };
        let gas_price = word("gasPrice")?.unwrap_or_default();
        let trace = match string("trace")? {
            None => None,
            Some(name) => Some(Trace::by_name(&name).ok_or(RequestError::Name("trace", name))?),
        };
        let tx = Transaction {
            to: (!creates).then_some(receiver),
            gas_limit: number("gas")?.unwrap_or(GAS),
            max_fee: gas_price,
            max_priority_fee: gas_price,
            nonce,
            value,
            data,
            ..Transaction::default()
        };
        Ok(Self { world, env, rules, tx, sender, trace })
    }
}

/// Accounts, and the block where the text is a genesis file.
fn prestate(text: &str) -> Result<(World, Option<BlockEnv>), JsonError> {
    let value = json::parse(text)?;
    let node = Node::root(&value);
    if node.get("alloc", |_| Ok(()))?.is_none() {
        return Ok((World::from_json(&node)?, None));
    }
    let genesis = Genesis::from_json(text)?;
    let chain = genesis.chain.clone().unwrap_or_else(|| ChainConfig::of_fork(Fork::LATEST));
    let env = genesis.header(&chain).env(Default::default());
    Ok((genesis.world, Some(env)))
}

/// The first place at which all forks of the chain have begun.
fn newest(chain: &ChainConfig) -> Position {
    let mut newest = Position::default();
    for (_, activation) in chain.schedule.forks() {
        match activation {
            Activation::Block(number) => newest.number = newest.number.max(*number),
            Activation::Timestamp(time) => newest.timestamp = newest.timestamp.max(*time),
            Activation::TotalDifficulty { block, .. } => {
                newest.number = newest.number.max(block.unwrap_or(0));
            }
        }
    }
    newest
}
