//! Geth's own fixtures of its tracers through ours. They are in a checkout of go-ethereum, which is LGPL and not part of
//! this repository, under `eth/tracers/internal/tracetest/testdata/`:
//! `cargo run --profile quick -p evm-peer --example geth_fixtures -- PATH/call_tracer PATH/prestate_tracer …`.
//!
//! The folder's name tells which tracer. Ends with `N passed, N failed`.

use evm_core::block::BlockEnv;
use evm_core::chain::{ChainConfig, Position};
use evm_core::execution::{Context, Vm};
use evm_core::json::Node;
use evm_core::state::World;
use evm_core::trace::call::CallTracer;
use evm_core::trace::prestate::PrestateTracer;
use evm_core::transaction::Transaction;
use evm_precompiles::Native;
use serde_json::Value;
use std::path::{Path, PathBuf};

type Outcome<T> = Result<T, String>;

fn main() {
    let (mut passed, mut failed) = (0, 0);
    for path in std::env::args().skip(1).flat_map(|path| files(Path::new(&path))) {
        match check(&path) {
            Ok(()) => passed += 1,
            Err(why) => {
                failed += 1;
                println!("{}: {why}", path.display());
            }
        }
    }
    println!("{passed} passed, {failed} failed");
    std::process::exit(i32::from(failed > 0));
}

fn files(path: &Path) -> Vec<PathBuf> {
    let Ok(folder) = path.read_dir() else { return vec![path.to_owned()] };
    let mut files: Vec<PathBuf> = folder.flatten().map(|entry| entry.path()).collect();
    files.retain(|path| path.extension().is_some_and(|end| end == "json"));
    files.sort();
    files
}

fn check(path: &Path) -> Outcome<()> {
    let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
    let mut fixture = evm_core::json::parse(&text).map_err(|error| error.to_string())?;
    // What geth writes beside the accounts.
    for account in
        fixture["genesis"]["alloc"].as_object_mut().into_iter().flat_map(|alloc| alloc.values_mut())
    {
        account.as_object_mut().map(|account| account.remove("codeHash"));
    }
    let folder = path.parent().and_then(Path::file_name).unwrap_or_default().to_string_lossy();
    let result = trace(&fixture, folder.starts_with("call")).map_err(|error| format!("not run: {error}"))?;
    match difference("", &result, &without_null(&fixture["result"])) {
        None => Ok(()),
        Some(what) => Err(what),
    }
}

/// Some older fixtures have fields that the tracer never had.
fn without_null(value: &Value) -> Value {
    let mut value = value.clone();
    if let Some(fields) = value.as_object_mut() {
        ["blockNumber", "time"].iter().for_each(|name| drop(fields.remove(*name)));
    }
    value
}

fn block(node: &Node<'_>, excess_blob_gas: u64) -> Outcome<BlockEnv> {
    let text = |error: evm_core::json::JsonError| error.to_string();
    let number = |key| node.get(key, |node| node.u64()).map_err(text);
    Ok(BlockEnv {
        number: number("number")?.unwrap_or(0),
        timestamp: number("timestamp")?.unwrap_or(0),
        gas_limit: number("gasLimit")?.unwrap_or(0),
        coinbase: node.get("miner", |node| node.address()).map_err(text)?.unwrap_or_default(),
        difficulty: node.get("difficulty", |node| node.u256()).map_err(text)?.unwrap_or_default(),
        base_fee: node.get("baseFeePerGas", |node| node.u256()).map_err(text)?.unwrap_or_default(),
        excess_blob_gas,
        ..BlockEnv::default()
    })
}

fn trace(fixture: &Value, calls: bool) -> Outcome<Value> {
    let text = |error: evm_core::json::JsonError| error.to_string();
    let chain = ChainConfig::from_value(&fixture["genesis"]["config"]).map_err(text)?;
    let world = World::from_json(&Node::root(&fixture["genesis"]["alloc"])).map_err(text)?;
    let excess = Node::root(&fixture["genesis"]).get("excessBlobGas", |node| node.u64()).map_err(text)?;
    let env = block(&Node::root(&fixture["context"]), excess.unwrap_or(0))?;
    let rules = chain.rules_at(&Position::new(env.number, env.timestamp));
    let bytes = Node::root(&fixture["input"]).bytes().map_err(text)?;
    let tx = Transaction::decode(&bytes).map_err(|error| format!("{error:?}"))?;
    let sender = tx.sender(&rules, &Native).map_err(|error| format!("{error:?}"))?;
    let context = Context { world: &world, env: &env, rules: &rules, crypto: &Native };
    let config = match &fixture["tracerConfig"] {
        Value::Null => Value::Object(Default::default()),
        config => config.clone(),
    };
    let mut vm = Vm::new();
    if calls {
        let options = serde_json::from_value(config).map_err(|error| error.to_string())?;
        let mut tracer = CallTracer::new(options);
        let done = vm.transact(&context, &tx, sender, &mut tracer);
        let (executed, _) = done.map_err(|error| format!("{error:?}"))?;
        return serde_json::from_str(&tracer.finish(&executed, tx.gas_limit).to_json())
            .map_err(|e| e.to_string());
    }
    let options = serde_json::from_value(config).map_err(|error| error.to_string())?;
    let signers: Vec<_> = tx.authorizations.iter().filter_map(|each| each.authority(&Native).ok()).collect();
    let mut tracer = PrestateTracer::new(options, &world, env.coinbase, &tx, sender, &signers);
    let (_, changes) =
        vm.transact(&context, &tx, sender, &mut tracer).map_err(|error| format!("{error:?}"))?;
    serde_json::to_value(tracer.finish(&world, &changes)).map_err(|error| error.to_string())
}

/// The first place at which two results differ.
fn difference(at: &str, ours: &Value, theirs: &Value) -> Option<String> {
    match (ours, theirs) {
        (Value::Object(a), Value::Object(b)) => {
            let mut keys: Vec<&String> = a.keys().chain(b.keys()).collect();
            keys.sort();
            keys.dedup();
            let value =
                |of: &serde_json::Map<String, Value>, key: &String| of.get(key).cloned().unwrap_or_default();
            keys.into_iter()
                .find_map(|key| difference(&format!("{at}/{key}"), &value(a, key), &value(b, key)))
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            let pairs = a.iter().zip(b).enumerate();
            pairs.into_iter().find_map(|(n, (a, b))| difference(&format!("{at}/{n}"), a, b))
        }
        _ if ours == theirs => None,
        _ => Some(format!("at {at}: {ours}, geth {theirs}")),
    }
}
