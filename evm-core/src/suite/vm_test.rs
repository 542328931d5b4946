//! VM tests: one frame under the rules of Frontier. Calls and creations are not executed but recorded, and succeed.

use super::state_test::read_block_env;
use super::{Bench, Difference, Failure, Verdict, world};
use crate::block::{BlockEnv, Log, logs_hash};
use crate::execution::{Context, Execution, Host, Message, TxContext};
use crate::fork::Fork;
use crate::inspector::NoInspector;
use crate::interpreter::{Entry, Exit, Halt, run as run_frame};
use crate::json::{JsonError, Node};
use crate::precompiles::CryptoError;
use crate::rules::Rules;
use crate::state::{Code, World};
use crate::{Address, H256, U256};
use std::sync::Arc;

/// `exec`: the message.
struct Exec {
    address: Address,
    caller: Address,
    origin: Address,
    value: U256,
    gas_price: U256,
    gas: u64,
    data: Vec<u8>,
    code: Arc<Code>,
}

/// A call or creation, as in `callcreates`.
#[derive(Debug, PartialEq, Eq)]
struct Recorded {
    data: Vec<u8>,
    /// None of a creation.
    destination: Option<Address>,
    gas: u64,
    value: U256,
}

/// What should be after execution; there is none where it should fail.
struct Expected {
    post: World,
    gas: u64,
    out: Vec<u8>,
    logs: H256,
    calls: Vec<Recorded>,
}

/// What is.
struct Found {
    halt: Halt,
    post: World,
    gas: u64,
    out: Vec<u8>,
    logs: Vec<Log>,
    calls: Vec<Recorded>,
}

pub(super) fn run(name: &str, node: Node<'_>, bench: &mut Bench<'_>) -> Result<(), JsonError> {
    if !bench.selection.has_fork(Fork::Frontier.name()) {
        return Ok(());
    }
    let env = node.require("env", read_block_env)?;
    let pre = node.require("pre", world::read)?;
    let exec = node.require("exec", read_exec)?;
    let expected = match node.get("post", world::read)? {
        None => None,
        Some(post) => Some(Expected {
            post,
            gas: node.require("gas", |node| node.u64())?,
            out: node.require("out", |node| node.bytes())?,
            logs: node.require("logs", |node| node.hash())?,
            calls: node.get("callcreates", |node| node.items(read_recorded))?.unwrap_or_default(),
        }),
    };
    let failure = match execute(&env, &pre, exec, bench) {
        Ok(found) => judge(expected, found),
        Err(_) => Some(Failure::NeedsCrypto),
    };
    (bench.report)(Verdict { case: name.into(), fork: String::new(), index: String::new(), failure });
    Ok(())
}

fn judge(expected: Option<Expected>, found: Found) -> Option<Failure> {
    let halt = found.halt;
    let Some(expected) = expected else {
        return halt.is_success().then_some(Failure::Ended { should_fail: true, halt });
    };
    if !halt.is_success() {
        return Some(Failure::Ended { should_fail: false, halt });
    }
    if let Some(difference) = Difference::first(&expected.post, &found.post) {
        return Some(Failure::State { difference, halt: Some(halt) });
    }
    if expected.gas != found.gas {
        return Some(Failure::Gas { expected: expected.gas, found: found.gas });
    }
    if expected.out != found.out {
        return Some(Failure::Output { expected: expected.out, found: found.out });
    }
    let logs = logs_hash(&found.logs);
    if expected.logs != logs {
        let logs_text = format!("{:?}", found.logs);
        return Some(Failure::Logs { expected: expected.logs, found: logs, logs: logs_text });
    }
    let most = expected.calls.len().max(found.calls.len());
    let index = (0..most).find(|index| expected.calls.get(*index) != found.calls.get(*index))?;
    let show = |calls: &[Recorded]| calls.get(index).map_or(String::new(), |call| format!("{call:?}"));
    Some(Failure::Call { index, expected: show(&expected.calls), found: show(&found.calls) })
}

fn execute(env: &BlockEnv, pre: &World, exec: Exec, bench: &Bench<'_>) -> Result<Found, CryptoError> {
    let rules = &Rules::of(Fork::Frontier);
    let context = Context { world: pre, env, rules, crypto: bench.crypto };
    let mut execution = Execution::default();
    execution.tx = TxContext { origin: exec.origin, gas_price: exec.gas_price, ..TxContext::default() };
    let account = execution.journal.load(pre, &exec.address);
    let caller_account = execution.journal.load(pre, &exec.caller);
    let message = Message {
        entry: Entry::Call,
        address: exec.address,
        account,
        code_address: exec.address,
        caller: exec.caller,
        caller_account,
        value: exec.value,
        transfers: false,
        input: exec.data,
        code: exec.code,
        gas: exec.gas,
        state_gas: Default::default(),
        state_price: 0,
        is_static: false,
        depth: 0,
        output_at: (0, 0),
        refused: None,
    };
    execution.enter(message, &context, &mut NoInspector)?;
    let mut calls = Vec::new();
    let (halt, gas, out) = loop {
        let Some(frame) = execution.frames.last_mut() else {
            // Ended at once: no code.
            break match execution.outcome.take() {
                Some(outcome) => (outcome.halt, outcome.gas_left, outcome.output),
                None => (Halt::Stop, exec.gas, Vec::new()),
            };
        };
        let mut host = Host {
            world: pre,
            env,
            rules,
            journal: &mut execution.journal,
            tx: &execution.tx,
            destroyed: None,
        };
        match run_frame(frame, &[], &mut host, &mut NoInspector) {
            Exit::Pause => {}
            Exit::Halt(halt, (start, length)) => {
                break (halt, frame.gas, frame.memory.slice(start, length).to_vec());
            }
            Exit::Enter(message) => {
                frame.gas += message.gas;
                frame.return_data.clear();
                let creates = message.entry.is_create();
                frame.stack.push(if creates {
                    U256::from_big_endian(message.address.as_bytes())
                } else {
                    U256::one()
                });
                calls.push(Recorded {
                    data: if creates { message.code.bytes().to_vec() } else { message.input },
                    destination: (!creates).then_some(message.code_address),
                    gas: message.gas,
                    value: message.value,
                });
            }
        }
    };
    let mut post = pre.clone();
    let mut journal = std::mem::take(&mut execution.journal);
    let logs = std::mem::take(&mut journal.logs);
    post.apply(journal.into_changes(rules));
    Ok(Found { halt, post, gas, out, logs, calls })
}

fn read_exec(node: Node<'_>) -> Result<Exec, JsonError> {
    Ok(Exec {
        address: node.require("address", |node| node.address())?,
        caller: node.require("caller", |node| node.address())?,
        origin: node.require("origin", |node| node.address())?,
        value: node.require("value", |node| node.u256())?,
        gas_price: node.require("gasPrice", |node| node.u256())?,
        gas: node.require("gas", |node| node.u64())?,
        data: node.require("data", |node| node.bytes())?,
        code: Code::new(node.require("code", |node| node.bytes())?),
    })
}

fn read_recorded(node: Node<'_>) -> Result<Recorded, JsonError> {
    let destination = |node: Node<'_>| {
        if node.value().as_str() == Some("") { Ok(None) } else { node.address().map(Some) }
    };
    Ok(Recorded {
        data: node.require("data", |node| node.bytes())?,
        destination: node.require("destination", destination)?,
        gas: node.require("gasLimit", |node| node.u64())?,
        value: node.require("value", |node| node.u256())?,
    })
}
