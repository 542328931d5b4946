//! State tests: one transaction over a state, under every fork of `post`.

use super::as_block::{self, Single};
use super::config::{self, Config};
use super::template::{Indexes, Template, difference};
use super::{Bench, Difference, Failure, Refusal, Trace, Verdict, exception, fields, world};
use crate::block::{BlockEnv, Log, logs_hash};
use crate::chain::{ChainConfig, Position};
use crate::execution::{Changes, Context, Executed, Rejected, Vm};
use crate::inspector::NoInspector;
use crate::interpreter::Halt;
use crate::json::{JsonError, Node};
use crate::rules::Rules;
use crate::state::World;
use crate::trace::eip3155::{Dialect, Eip3155, Options};
use crate::transaction::{SenderError, Transaction};
use crate::{Address, H256, U256};

/// What all entries of a case have in common.
struct Case {
    env: Env,
    pre: World,
    template: Template,
    config: Config,
}

/// `env`, with what only some forks have kept apart.
struct Env {
    block: BlockEnv,
    random: Option<H256>,
    base_fee: Option<U256>,
    excess_blob_gas: Option<u64>,
    parent_blob_gas: Option<(u64, u64)>,
}

/// One entry of `post`.
struct Post<'a> {
    at: Indexes,
    root: H256,
    logs: Option<H256>,
    bytes: Option<Vec<u8>>,
    exception: Option<String>,
    /// Read only if the root differs.
    state: Option<&'a serde_json::Value>,
}

/// What became of the transaction.
struct Ran {
    result: Result<(Halt, Vec<Log>), Refusal>,
    after: World,
}

pub(super) fn run(name: &str, node: Node<'_>, bench: &mut Bench<'_>) -> Result<(), JsonError> {
    let case = read_case(node)?;
    node.require("post", |forks| {
        forks.entries(|fork, posts| {
            if !bench.selection.has_fork(fork) {
                return Ok(());
            }
            let mut index = 0;
            posts.items(|post| {
                let (label, failure) = match entry(&case, fork, node, post, bench) {
                    Ok((at, failure)) => {
                        (format!("data {} gas {} value {}", at.data, at.gas, at.value), failure)
                    }
                    Err(error) => (format!("entry {index}"), Some(Failure::Malformed(error))),
                };
                index += 1;
                (bench.report)(Verdict { case: name.into(), fork: fork.into(), index: label, failure });
                Ok(())
            })?;
            Ok(())
        })
    })?;
    Ok(())
}

fn entry(
    case: &Case,
    fork: &str,
    node: Node<'_>,
    post: Node<'_>,
    bench: &mut Bench<'_>,
) -> Result<(Indexes, Option<Failure>), JsonError> {
    let post_value = post.value();
    let post = read_post(post, post_value)?;
    let chain = match ChainConfig::of_network(fork) {
        Ok(chain) => chain,
        Err(error) => return Ok((post.at, Some(Failure::Network(error)))),
    };
    let chain = ChainConfig { chain_id: case.config.chain_id, blobs: case.config.blobs.clone(), ..chain };
    let position = Position::new(case.env.block.number, case.env.block.timestamp);
    let rules = chain.rules_at(&position);
    let tx = case.template.build(post.at, case.config.chain_id, node)?;
    let sender = match case.template.sender(bench.crypto, node)? {
        Ok(sender) => sender,
        Err(_) => return Ok((post.at, Some(Failure::NeedsCrypto))),
    };
    let failure = judge(case, &post, &chain, &rules, tx, sender, bench)?;
    Ok((post.at, failure))
}

/// Nothing if the entry passes.
fn judge(
    case: &Case,
    post: &Post<'_>,
    chain: &ChainConfig,
    rules: &Rules,
    tx: Result<Transaction, Refusal>,
    sender: Address,
    bench: &mut Bench<'_>,
) -> Result<Option<Failure>, JsonError> {
    if post.exception.is_none()
        && let Ok(tx) = &tx
        && let Some(failure) =
            post.bytes.as_deref().and_then(|bytes| compare_bytes(bytes, tx, sender, rules, bench))
    {
        return Ok(Some(failure));
    }
    let ran = execute(case, rules, tx, sender, bench);
    if ran.result == Err(Refusal::Rejected(Rejected::NeedsCrypto)) {
        return Ok(Some(Failure::NeedsCrypto));
    }
    match (&post.exception, &ran.result) {
        (Some(expected), Ok(_)) => return Ok(Some(Failure::NotRefused { expected: expected.clone() })),
        (Some(expected), Err(found)) if !exception::expects(expected, found) => {
            return Ok(Some(Failure::RefusedOtherwise { expected: expected.clone(), found: found.clone() }));
        }
        _ => {}
    }
    let root = ran.after.root();
    if root != post.root && !is_rewarded(&ran.after, post.root, &case.env.block.coinbase, rules) {
        return differs(post, ran, root).map(Some);
    }
    let logs = ran.result.as_ref().map_or(&[][..], |(_, logs)| logs);
    let found = logs_hash(logs);
    if let Some(expected) = post.logs.filter(|expected| *expected != found) {
        return Ok(Some(Failure::Logs { expected, found, logs: show_logs(logs) }));
    }
    let Some(bytes) = post.bytes.as_deref().filter(|_| bench.selection.as_blocks) else { return Ok(None) };
    let env = &case.env.block(rules);
    let after = ran.result.is_ok().then_some(&ran.after);
    Ok(as_block::check(&Single { chain, env, pre: &case.pre, bytes, after }, bench.crypto))
}

fn differs(post: &Post<'_>, ran: Ran, root: H256) -> Result<Failure, JsonError> {
    let difference = match post.state {
        None => None,
        Some(state) => Difference::first(&world::read(Node::root(state))?, &ran.after),
    };
    let halt = ran.result.as_ref().ok().map(|(halt, _)| *halt);
    Ok(match (ran.result, difference) {
        // Where a refusal is expected, it is the state before that differs.
        (Err(refusal), difference) if post.exception.is_none() => Failure::Refused(refusal, difference),
        (_, Some(difference)) => Failure::State { difference, halt },
        (_, None) => Failure::Root { expected: post.root, found: root, halt },
    })
}

fn execute(
    case: &Case,
    rules: &Rules,
    tx: Result<Transaction, Refusal>,
    sender: Address,
    bench: &mut Bench<'_>,
) -> Ran {
    let env = case.env.block(rules);
    let context = Context { world: &case.pre, env: &env, rules, crypto: bench.crypto };
    let mut after = case.pre.clone();
    let result = tx.and_then(|tx| {
        let done = match &mut bench.trace {
            None => Vm::new().transact(&context, &tx, sender, &mut NoInspector),
            Some(trace) => trace.transact(&context, &tx, sender),
        };
        done.map_err(Refusal::Rejected)
    });
    let result = result.map(|(executed, changes)| {
        after.apply(changes);
        (executed.halt, executed.logs)
    });
    Ran { result, after }
}

impl Trace<'_> {
    /// Executes a transaction with its lines and a summary.
    fn transact(
        &mut self,
        context: &Context<'_>,
        tx: &Transaction,
        sender: Address,
    ) -> Result<(Executed, Changes), Rejected> {
        self.count += 1;
        let options = Options { dialect: Dialect::Standard, ..Options::default() };
        let mut tracer = Eip3155::new(options, self.sink);
        let (executed, changes) = Vm::new().transact(context, tx, sender, &mut tracer)?;
        let mut after = context.world.clone();
        after.apply(changes.clone());
        tracer.summary(&executed, context.rules.fork, Some(after.root()));
        Ok((executed, changes))
    }
}

/// Whether `root` is that of the state after a block reward of zero, which touches the beneficiary. The suites made with
/// geth's t8n have it before proof of stake, and those made with the execution specifications don't.
fn is_rewarded(after: &World, root: H256, coinbase: &Address, rules: &Rules) -> bool {
    if rules.proof_of_stake {
        return false;
    }
    let mut world = after.clone();
    if !rules.state_clearing {
        world.accounts.entry(*coinbase).or_default();
    } else if world.accounts.get(coinbase).is_some_and(|account| account.is_empty()) {
        world.accounts.remove(coinbase);
    }
    world.root() == root
}

/// Compares the transaction with its bytes, and their signer with the sender.
fn compare_bytes(
    bytes: &[u8],
    tx: &Transaction,
    sender: Address,
    rules: &Rules,
    bench: &Bench<'_>,
) -> Option<Failure> {
    let decoded = match Transaction::decode(bytes) {
        Ok(decoded) => decoded,
        Err(error) => return Some(Failure::Bytes(error)),
    };
    if let Some(field) = difference(tx, &decoded) {
        return Some(Failure::OtherBytes { field });
    }
    match decoded.sender(rules, bench.crypto) {
        Ok(signer) if signer == sender => None,
        Err(SenderError::Unavailable) => Some(Failure::NeedsCrypto),
        other => Some(Failure::Sender(other)),
    }
}

impl Env {
    /// What the transaction sees under `rules`.
    fn block(&self, rules: &Rules) -> BlockEnv {
        let mut block = self.block.clone();
        if rules.proof_of_stake {
            // Tests from before the merge have only the difficulty, and then it stands for the randomness too.
            block.prev_randao = self.random.unwrap_or(H256(self.block.difficulty.to_big_endian()));
            block.difficulty = U256::zero();
        }
        if rules.base_fee {
            // Where a test has none, those who made it had this.
            block.base_fee = self.base_fee.unwrap_or(U256::from(10));
        }
        if let Some(blobs) = &rules.blobs {
            let target = blobs.target.saturating_mul(crate::rules::GAS_PER_BLOB);
            let from_parent =
                self.parent_blob_gas.map(|(excess, used)| excess.saturating_add(used).saturating_sub(target));
            block.excess_blob_gas = self.excess_blob_gas.or(from_parent).unwrap_or(0);
        }
        block
    }
}

fn show_logs(logs: &[Log]) -> String {
    let show = |log: &Log| format!("{:#x} {:x?} {}", log.address, log.topics, world::bytes(&log.data));
    match logs {
        [] => "no logs".into(),
        [first] => format!("one log: {}", show(first)),
        [first, ..] => format!("{} logs, the first: {}", logs.len(), show(first)),
    }
}

fn read_case(node: Node<'_>) -> Result<Case, JsonError> {
    Ok(Case {
        env: node.require("env", read_env)?,
        pre: node.require("pre", world::read)?,
        template: node.require("transaction", Template::read)?,
        config: node.get("config", config::read)?.unwrap_or_default(),
    })
}

pub(super) fn read_block_env(node: Node<'_>) -> Result<BlockEnv, JsonError> {
    let number = node.require("currentNumber", |node| node.u64())?;
    Ok(BlockEnv {
        number,
        timestamp: node.require("currentTimestamp", |node| node.u64())?,
        coinbase: node.require("currentCoinbase", |node| node.address())?,
        gas_limit: node.require("currentGasLimit", fields::saturated)?,
        difficulty: node.get("currentDifficulty", |node| node.u256())?.unwrap_or_default(),
        slot_number: node.get("slotNumber", |node| node.u64())?.unwrap_or_default(),
        block_hashes: fields::block_hashes(number),
        ..BlockEnv::default()
    })
}

fn read_env(node: Node<'_>) -> Result<Env, JsonError> {
    let parent = (
        node.get("parentExcessBlobGas", |node| node.u64())?,
        node.get("parentBlobGasUsed", |node| node.u64())?,
    );
    Ok(Env {
        block: read_block_env(node)?,
        random: node.get("currentRandom", |node| node.hash())?,
        base_fee: node.get("currentBaseFee", |node| node.u256())?,
        excess_blob_gas: node.get("currentExcessBlobGas", |node| node.u64())?,
        parent_blob_gas: parent.0.zip(parent.1),
    })
}

fn read_post<'a>(node: Node<'_>, value: &'a serde_json::Value) -> Result<Post<'a>, JsonError> {
    Ok(Post {
        at: node.require("indexes", Indexes::read)?,
        root: node.require("hash", |node| node.hash())?,
        logs: node.get("logs", |node| node.hash())?,
        bytes: node.get("txbytes", |node| node.bytes())?,
        exception: node.get("expectException", |node| node.string().map(str::to_owned))?,
        state: value.get("state"),
    })
}
