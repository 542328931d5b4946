//! EIP-3155 lines beside revm's `TracerEip3155`, after the normalisation that `evm_core::trace::eip3155` documents.

use crate::programs::{Case, FORKS, Random, SENDER};
use evm_core::fork::Fork;
use evm_core::trace::eip3155::{Dialect, Eip3155, Options};
use evm_core::word::to_be_bytes;
use revm::bytecode::Bytecode;
use revm::context::{BlockEnv, Context, TxEnv};
use revm::database::{CacheDB, EmptyDB};
use revm::inspector::inspectors::TracerEip3155;
use revm::primitives::{Address, B256, Bytes, TxKind, U256, hardfork::SpecId};
use revm::state::AccountInfo;
use revm::{InspectEvm, MainBuilder, MainContext};
use serde_json::Value;
use std::collections::BTreeSet;
use std::io::Write;
use std::sync::{Arc, Mutex};

fn spec(fork: Fork) -> SpecId {
    match fork {
        Fork::Frontier => SpecId::FRONTIER,
        Fork::Homestead => SpecId::HOMESTEAD,
        Fork::TangerineWhistle => SpecId::TANGERINE,
        Fork::SpuriousDragon => SpecId::SPURIOUS_DRAGON,
        Fork::Byzantium => SpecId::BYZANTIUM,
        Fork::Petersburg => SpecId::PETERSBURG,
        Fork::Istanbul => SpecId::ISTANBUL,
        Fork::Berlin => SpecId::BERLIN,
        Fork::London => SpecId::LONDON,
        Fork::Paris => SpecId::MERGE,
        Fork::Shanghai => SpecId::SHANGHAI,
        Fork::Cancun => SpecId::CANCUN,
        Fork::Prague => SpecId::PRAGUE,
        _ => SpecId::OSAKA,
    }
}

fn word(value: evm_core::U256) -> U256 {
    U256::from_be_bytes(to_be_bytes(value))
}

fn address(address: evm_core::Address) -> Address {
    Address::from(address.0)
}

#[derive(Clone, Default)]
struct Shared(Arc<Mutex<Vec<u8>>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// revm's lines; nothing if it refuses the transaction.
fn theirs(case: &Case, memory: bool) -> Option<Vec<String>> {
    let mut db = CacheDB::new(EmptyDB::default());
    for (at, account) in &case.world.accounts {
        let code = Bytecode::new_raw(Bytes::copy_from_slice(account.code.bytes()));
        let info = AccountInfo {
            balance: word(account.balance),
            nonce: account.nonce,
            code_hash: code.hash_slow(),
            code: Some(code),
            ..AccountInfo::default()
        };
        db.insert_account_info(address(*at), info);
        for (key, value) in &account.storage {
            db.insert_account_storage(address(*at), word(*key), word(*value)).unwrap();
        }
    }
    let fork = case.rules.fork;
    let block = BlockEnv {
        number: U256::from(case.env.number),
        beneficiary: address(case.env.coinbase),
        timestamp: U256::from(case.env.timestamp),
        gas_limit: case.env.gas_limit,
        basefee: if fork >= Fork::London { case.env.base_fee.low_u64() } else { 0 },
        difficulty: word(case.env.difficulty),
        prevrandao: (fork >= Fork::Paris).then(|| B256::from(case.env.prev_randao.0)),
        ..BlockEnv::default()
    };
    let tx = TxEnv {
        caller: address(SENDER),
        gas_limit: case.tx.gas_limit,
        gas_price: case.tx.max_fee.low_u64().into(),
        kind: case.tx.to.map_or(TxKind::Create, |to| TxKind::Call(address(to))),
        value: word(case.tx.value),
        data: case.tx.data.clone().into(),
        nonce: case.tx.nonce,
        chain_id: None,
        ..TxEnv::default()
    };
    let out = Shared::default();
    let tracer = TracerEip3155::new(Box::new(out.clone()));
    let tracer = if memory { tracer.with_memory() } else { tracer };
    let context = Context::mainnet().with_db(db).with_block(block);
    let mut evm = context
        .modify_cfg_chained(|cfg| {
            cfg.set_spec_and_mainnet_gas_params(spec(fork));
            cfg.tx_gas_limit_cap = Some(u64::MAX);
        })
        .build_mainnet_with_inspector(tracer);
    evm.inspect_one_tx(tx).ok()?;
    let text = String::from_utf8(out.0.lock().unwrap().clone()).unwrap();
    Some(text.lines().map(str::to_owned).collect())
}

fn ours(case: &Case, options: Options) -> Option<Vec<String>> {
    let mut lines = Vec::new();
    let mut sink = |line: &str| lines.push(line.to_owned());
    let mut tracer = Eip3155::new(options, &mut sink);
    let (executed, _) = case.run(&mut tracer).ok()?;
    tracer.summary(&executed, case.rules.fork, None);
    Some(lines)
}

/// The documented normalisation.
fn normal(line: &str) -> Value {
    let mut value: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
    let fields = value.as_object_mut().unwrap();
    if fields.contains_key("pass") {
        fields.remove("gasUsed");
    }
    let error = fields.get("error").and_then(Value::as_str).unwrap_or("Stop").to_owned();
    if !["Stop", "Return", "SelfDestruct", "Revert"].contains(&error.as_str()) {
        fields.remove("gasCost");
        let error = match error.as_str() {
            "MemoryOOG" | "MemoryLimitOOG" | "InvalidOperandOOG" | "ReentrancySentryOOG" => "OutOfGas",
            "CallNotAllowedInsideStatic" => "StateChangeDuringStaticCall",
            error => error,
        };
        fields.insert("error".into(), error.into());
    }
    value
}

/// Line by line: how many. Where an instruction breaks two rules, the names that the two EVMs have for that.
fn compare(case: &Case, memory: bool, failures: &mut BTreeSet<String>) -> usize {
    let options = Options { dialect: Dialect::Revm, memory, return_data: false };
    let (ours, theirs) = (ours(case, options), theirs(case, memory));
    assert_eq!(ours.is_some(), theirs.is_some(), "one refuses the transaction: {case:?}");
    let (Some(ours), Some(theirs)) = (ours, theirs) else { return 0 };
    for (n, (our, their)) in ours.iter().zip(&theirs).enumerate() {
        if our == their {
            continue;
        }
        let (mut a, mut b) = (normal(our), normal(their));
        let reverted = n > 0 && ours[n - 1].contains(r#""error":"Revert""#);
        if a["pass"] == false && !reverted {
            b["output"] = "0x".into();
        }
        if a != b && a.get("error").is_some() && b.get("error").is_some() {
            failures.insert(format!("{} {}", a["error"], b["error"]).replace('"', ""));
            a["error"] = "?".into();
            b["error"] = "?".into();
        }
        assert_eq!(a, b, "line {n}, {:?}; before: {}", case.rules.fork, ours[n.saturating_sub(1)]);
    }
    assert_eq!(ours.len(), theirs.len(), "{:?}", case.rules.fork);
    ours.len()
}

#[test]
fn random_programs_trace_like_revm() {
    let mut random = Random(0x1234_5678_9ABC_DEF1);
    let mut lines = 0;
    let mut failures = BTreeSet::new();
    for n in 0..1500 {
        let fork = FORKS[n % FORKS.len()];
        let case = Case::random(&mut random, fork);
        lines += compare(&case, n % 4 == 0, &mut failures);
    }
    let known =
        ["OutOfGas", "NotActivated", "StateChangeDuringStaticCall", "StackUnderflow", "StackOverflow"];
    for names in &failures {
        assert!(names.split(' ').all(|name| known.contains(&name)), "{names}");
    }
    assert!(lines > 30_000, "only {lines} lines compared");
}
