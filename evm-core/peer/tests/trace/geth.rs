//! Geth's tracers: known shapes, and what must hold whatever the program.

use crate::programs::{COINBASE, Case, contract};
use evm_core::fork::Fork;
use evm_core::state::{Account, Code};
use evm_core::trace::call::{CallTracer, Options as CallOptions};
use evm_core::trace::prestate::{Options as PrestateOptions, PrestateTracer};
use evm_core::trace::struct_log::{Options as LogOptions, StructLogger};
use evm_core::transaction::Authorization;
use evm_precompiles::Native;
use serde_json::{Value, json};

fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.chars().filter_map(|c| c.to_digit(16)).map(|digit| digit as u8).collect();
    digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}

fn at(n: u64) -> String {
    format!("0x{}", contract(n).0.iter().map(|byte| format!("{byte:02x}")).collect::<String>())
}

fn struct_logs(case: &Case, options: LogOptions) -> Value {
    let mut logger = StructLogger::new(options);
    let (executed, _) = case.run(&mut logger).unwrap();
    serde_json::to_value(logger.finish(&executed)).unwrap()
}

fn calls(case: &Case, options: CallOptions) -> Value {
    let mut tracer = CallTracer::new(options);
    let (executed, _) = case.run(&mut tracer).unwrap();
    serde_json::from_str(&tracer.finish(&executed, case.tx.gas_limit).to_json()).unwrap()
}

fn prestate(case: &Case, options: PrestateOptions) -> Value {
    let mut tracer = PrestateTracer::new(options, &case.world, case.env.coinbase, &case.tx, case.sender, &[]);
    let (_, changes) = case.run(&mut tracer).unwrap();
    serde_json::to_value(tracer.finish(&case.world, &changes)).unwrap()
}

/// A write, read back, and cleared: as geth's documentation of debug_traceTransaction has the fields. The refund of
/// SSTORE counts in its own line, because geth adds it with the gas.
#[test]
fn struct_logs_of_storage() {
    let code = hex("6007 6001 55 6001 54 50 6000 6001 55 602a 6000 52 6020 6000 f3");
    let case = Case::of_code(&code, Fork::Cancun, 100_000);
    let logs = struct_logs(&case, LogOptions { enable_memory: true, ..LogOptions::default() });
    let lines = logs["structLogs"].as_array().unwrap();
    let word = |n: u8| format!("{n:064x}");
    assert_eq!(
        lines[2],
        json!({"pc": 4, "op": "SSTORE", "gas": 78994, "gasCost": 22100, "depth": 1, "stack": ["0x7", "0x1"],
               "storage": {word(1): word(7)}})
    );
    assert_eq!(lines[4]["storage"], json!({word(1): word(7)}));
    assert_eq!(lines[4]["gasCost"], 100);
    assert_eq!((&lines[8]["op"], &lines[8]["refund"]), (&json!("SSTORE"), &json!(19900)));
    assert_eq!(lines[8]["storage"], json!({word(1): word(0)}));
    // Memory is that before the instruction.
    assert_eq!(
        lines[11],
        json!({"pc": 18, "op": "MSTORE", "gas": 56677, "gasCost": 6, "depth": 1, "stack": ["0x2a", "0x0"],
               "refund": 19900})
    );
    assert_eq!(lines[12]["memory"], json!([word(42)]));
    assert_eq!((&logs["failed"], &logs["returnValue"]), (&json!(false), &json!(format!("0x{}", word(42)))));
    let limited = struct_logs(&case, LogOptions { limit: 3, disable_stack: true, ..LogOptions::default() });
    assert_eq!(limited["structLogs"].as_array().unwrap().len(), 3);
    assert!(limited["structLogs"][0].get("stack").is_none());
}

#[test]
fn struct_logs_of_failures() {
    for (code, error) in [
        ("6001 01", json!("stack underflow (1 <=> 2)")),
        ("63ffffffff 51", json!("out of gas")),
        ("fe", Value::Null),
        ("6003 56", Value::Null),
    ] {
        let logs = struct_logs(&Case::of_code(&hex(code), Fork::Osaka, 100_000), LogOptions::default());
        assert_eq!(logs["structLogs"].as_array().unwrap().last().unwrap()["error"], error, "{code}");
        assert_eq!((&logs["failed"], &logs["returnValue"]), (&json!(true), &json!("0x")));
    }
}

/// A call that reverts with Error("no"), one that runs out of gas, a delegate call, a transfer that the caller can't
/// pay, and a log between.
#[test]
fn call_tree() {
    let call = |op: &str, value: &str, to: u8, gas: &str| {
        let value = if value.is_empty() { String::new() } else { format!("60{value}") };
        format!("60006000600060 00{value} 73{} {gas} {op} 50", &at(to.into())[2..])
    };
    let code = [
        call("f1", "01", 1, "61ffff"),
        call("fa", "", 2, "6064"),
        "6001 6000 6000 a1".into(),
        call("f4", "", 3, "61ffff"),
        "6000 6000 6000 6000 62ffffff 6001 61ffff f1 50".into(),
    ]
    .concat();
    let mut case = Case::of_code(&hex(&code), Fork::Osaka, 500_000);
    // MSTORE the parts of Error("no"), revert with 100 bytes.
    let revert = hex("7f08c379a000000000000000000000000000000000000000000000000000000000 6000 52 \
        6020 6004 52 6002 6024 52 7f6e6f000000000000000000000000000000000000000000000000000000000000 6044 52 6064 6000 fd");
    for (n, code) in [
        (1, revert),
        (2, hex("6000 6000 20 6000 6000 20 6000 6000 20 6000 6000 20")),
        (3, hex("602a600052 60206000f3")),
    ] {
        let account = Account { code: Code::new(code), nonce: 1, ..Account::default() };
        case.world.accounts.insert(contract(n), account);
    }
    case.tx.value = 5.into();
    let tree = calls(&case, CallOptions { with_log: true, only_top_call: false });
    let of = |n: usize| &tree["calls"][n];
    assert_eq!(
        (&tree["type"], &tree["to"], &tree["gas"], &tree["value"]),
        (&json!("CALL"), &json!(at(0)), &json!("0x7a120"), &json!("0x5"))
    );
    assert_eq!((&of(0)["error"], &of(0)["revertReason"]), (&json!("execution reverted"), &json!("no")));
    assert_eq!(of(0)["output"].as_str().unwrap().len(), 202);
    assert_eq!(
        of(1),
        &json!({"from": at(0), "gas": "0x64", "gasUsed": "0x64", "to": at(2), "input": "0x", "error": "out of gas", "type": "STATICCALL"})
    );
    assert_eq!(
        (&of(2)["type"], &of(2)["from"], &of(2)["value"]),
        (&json!("DELEGATECALL"), &json!(at(0)), &json!("0x5"))
    );
    assert_eq!(
        (&of(3)["error"], &of(3)["gasUsed"]),
        (&json!("insufficient balance for transfer"), &json!("0x0"))
    );
    assert_eq!(
        tree["logs"],
        json!([{"address": at(0), "topics": [format!("0x{:064x}", 1)], "data": "0x", "position": "0x2"}])
    );
    let top = calls(&case, CallOptions { with_log: false, only_top_call: true });
    assert!(top.get("calls").is_none() && top.get("logs").is_none());
}

/// 1024 nested calls: as JSON without recursion.
#[test]
fn deepest_tree() {
    let mut case = Case::of_code(&hex("6000 80 80 80 80 30 5a f1"), Fork::Homestead, 1 << 24);
    // Before EIP-150 a call that asks for more gas than there is fails: ask for what is left less the price.
    case.world.accounts.get_mut(&contract(0)).unwrap().code =
        Code::new(hex("6000 80 80 80 80 30 6101f4 5a 03 f1"));
    let mut tracer = CallTracer::new(CallOptions::default());
    let (executed, _) = case.run(&mut tracer).unwrap();
    let tree = tracer.finish(&executed, case.tx.gas_limit);
    let json = tree.to_json();
    assert_eq!(tree.frames.len(), 1026);
    assert_eq!(json.matches(r#""calls":["#).count(), 1025);
    assert_eq!(json.matches("max call depth exceeded").count(), 1);
    assert_eq!(json.matches('{').count(), json.matches('}').count());
}

#[test]
fn prestate_of_a_write() {
    let mut case = Case::of_code(&hex("6007 6001 55 6000 6002 55 6003 54"), Fork::Osaka, 100_000);
    let account = case.world.accounts.get_mut(&contract(0)).unwrap();
    account.storage = [(2.into(), 9.into()), (3.into(), 4.into())].into();
    let code_hash = evm_core::keccak::keccak256(account.code.bytes());
    let word = |n: u8| format!("0x{n:064x}");
    let before = prestate(&case, PrestateOptions::default());
    assert_eq!(
        before[at(0)],
        json!({"balance": "0x3e8", "code": "0x6007600155600060025560035400"[..28], "nonce": 1,
               "codeHash": format!("{code_hash:?}"),
               "storage": {word(1): word(0), word(2): word(9), word(3): word(4)}})
    );
    // The beneficiary was not there.
    assert_eq!(before.as_object().unwrap().len(), 2);
    let diff = prestate(&case, PrestateOptions { diff_mode: true, ..PrestateOptions::default() });
    assert_eq!(diff["post"][at(0)], json!({"storage": {word(1): word(7), word(2): word(0)}}));
    assert_eq!(diff["pre"][at(0)]["storage"], json!({word(2): word(9)}));
    let coinbase = format!("0x{}", "cb".repeat(20));
    assert_eq!(COINBASE.0, [0xCB; 20]);
    assert!(diff["post"][&coinbase]["balance"].is_string() && diff["pre"].get(&coinbase).is_none());
    let sender = format!("0x{}", "5e".repeat(20));
    assert_eq!(diff["post"][&sender]["nonce"], 1);
    assert!(diff["pre"][&sender].get("nonce").is_none());
}

/// Applying `post` to what was before gives what is after; what `pre` tells is so in the world.
#[test]
fn diffs_hold() {
    for seed in 10_000..13_000 {
        let case = Case::random(seed);
        let options = PrestateOptions { diff_mode: true, ..PrestateOptions::default() };
        let authority = |each: &Authorization| each.authority(&Native).ok();
        let signers: Vec<_> = case.tx.authorizations.iter().filter_map(authority).collect();
        let mut tracer =
            PrestateTracer::new(options, &case.world, case.env.coinbase, &case.tx, case.sender, &signers);
        let Ok((_, changes)) = case.run(&mut tracer) else { continue };
        let diff = serde_json::to_value(tracer.finish(&case.world, &changes)).unwrap();
        let mut after = case.world.clone();
        after.apply(changes);
        for (address, account) in &after.accounts {
            let name = format!("{address:?}");
            let before = case.world.accounts.get(address).cloned().unwrap_or_default();
            let post = &diff["post"][&name];
            let balance = post["balance"].as_str().map_or(format!("{:#x}", before.balance), str::to_owned);
            assert_eq!(balance, format!("{:#x}", account.balance), "{name} {diff}");
            assert_eq!(post["nonce"].as_u64().unwrap_or(before.nonce), account.nonce);
            let written =
                account.storage.iter().filter(|(key, value)| before.storage.get(key) != Some(value));
            for (key, value) in written {
                assert_eq!(post["storage"][format!("0x{key:064x}")], format!("0x{value:064x}"));
            }
        }
        let gone = case.world.accounts.keys().filter(|address| !after.accounts.contains_key(address));
        for address in gone {
            let name = format!("{address:?}");
            assert!(diff["post"].get(&name).is_none());
            let empty = case.world.accounts[address].is_empty();
            assert!(empty || diff["pre"].get(&name).is_some(), "{name}");
        }
    }
}
