//! The judge of tests: every part of a test that is wrong is a failure, and the failure names it.

use evm_core::suite::{Selection, run};
use evm_precompiles::Native;
use serde_json::{Value, json};

/// A state test whose transaction is valid.
const STATE: &str = include_str!("states/Istanbul.json");
const BLOCKS: &str = include_str!("blocks/EIP158ToByzantiumAt5.json");

/// What becomes of the only case in `value`: what is wrong with it, or nothing.
fn judge(value: &Value) -> String {
    let mut failures = Vec::new();
    let mut cases = 0;
    let result = run(&value.to_string(), &Selection::default(), &Native, &mut |verdict| {
        cases += 1;
        failures.extend(verdict.failure.map(|failure| failure.to_string()));
    });
    match result {
        Err(error) => format!("file: {error}"),
        Ok(()) => {
            assert_eq!(cases, 1, "one verdict for a case");
            failures.join("\n")
        }
    }
}

/// The case of a file after a change.
fn changed(text: &str, change: impl FnOnce(&mut Value)) -> String {
    let mut file: Value = serde_json::from_str(text).expect("JSON");
    let case = file.as_object_mut().and_then(|file| file.values_mut().next()).expect("a case");
    change(case);
    judge(&file)
}

fn post(case: &mut Value) -> &mut Value {
    &mut case["post"]["Istanbul"][0]
}

#[track_caller]
fn assert_says(found: &str, expected: &str) {
    assert!(found.contains(expected), "{found:?} should say {expected:?}");
}

const ZERO: &str = "0x0000000000000000000000000000000000000000000000000000000000000000";

#[test]
fn unchanged_tests_pass() {
    assert_eq!(changed(STATE, |_| ()), "");
    assert_eq!(changed(BLOCKS, |_| ()), "");
}

#[test]
fn proof_of_work_is_looked_at_where_the_test_has_it() {
    let sealed = |engine: &str| changed(BLOCKS, |case| case["sealEngine"] = json!(engine));
    assert_eq!(sealed("NoProof"), "");
    assert_says(&sealed("Ethash"), "but Ethash gives 0x");
}

#[test]
fn wrong_state_root_is_a_failure() {
    assert_says(&changed(STATE, |case| post(case)["hash"] = json!(ZERO)), "state root: expected 0x0000");
}

#[test]
fn wrong_state_is_named_by_account_and_slot() {
    let with = |account: Value| {
        changed(STATE, |case| {
            post(case)["hash"] = json!(ZERO);
            post(case)["state"] = json!({"0x0000000000000000000000000000000000000000": account});
        })
    };
    assert_says(
        &with(json!({})),
        "account 0x0000000000000000000000000000000000000000: missing, expected nonce 0",
    );
    let own = |change: fn(&mut Value)| {
        changed(STATE, |case| {
            let mut state = case["pre"].clone();
            // The suicide contract, which nobody calls.
            change(&mut state["0xc4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4"]);
            // Nothing else differs where the transaction is refused.
            case["transaction"]["gasLimit"][0] = json!("0x1");
            post(case)["expectException"] = json!("TransactionException.INTRINSIC_GAS_TOO_LOW");
            post(case)["state"] = state;
            post(case)["hash"] = json!(ZERO);
        })
    };
    for (change, says) in [
        ((|account| account["nonce"] = json!("0x9")) as fn(&mut Value), "nonce: expected 9, found 1"),
        (|account| account["balance"] = json!("0x12345"), "balance: expected 74565, found"),
        (|account| account["code"] = json!("0x00"), "code: expected 0x00, found 0x600035ff"),
        (|account| account["storage"]["0x07"] = json!("0x1"), "slot 0x7: expected 0x1, found 0x0"),
    ] {
        assert_says(&own(change), says);
    }
}

#[test]
fn wrong_logs_are_a_failure() {
    assert_says(
        &changed(STATE, |case| post(case)["logs"] = json!(ZERO)),
        "hash of the logs: expected 0x0000",
    );
}

#[test]
fn transaction_must_be_that_of_its_bytes() {
    assert_says(&changed(STATE, |case| post(case)["txbytes"] = json!("0xc0")), "txbytes: ");
    assert_says(&changed(STATE, |case| case["transaction"]["gasPrice"] = json!("0x1")), "gas price");
    let sender = json!("0x1111111111111111111111111111111111111111");
    assert_says(&changed(STATE, |case| case["transaction"]["sender"] = sender), "not by the test's sender");
}

#[test]
fn exceptions_must_be_the_expected_ones() {
    let expecting = |exception: &str, gas: Option<&str>| {
        changed(STATE, |case| {
            // The bytes are not looked at where an exception is expected, and the state stays what it was.
            if let Some(gas) = gas {
                case["transaction"]["gasLimit"][0] = json!(gas);
            }
            post(case)["expectException"] = json!(exception);
        })
    };
    let low = "TransactionException.INTRINSIC_GAS_TOO_LOW";
    assert_says(&expecting(low, None), "accepted, but expected TransactionException.INTRINSIC_GAS_TOO_LOW");
    assert_says(&expecting("TransactionException.NONCE_IS_MAX", Some("0x1")), "found INTRINSIC_GAS_TOO_LOW");
    // The right reason, among others: then it is the state that differs.
    let any = format!("TransactionException.NONCE_IS_MAX|{low}");
    assert_says(&expecting(&any, Some("0x1")), "state root: expected");
    assert_says(&expecting("TR_NoFundsOrGas", Some("0x1")), "state root: expected");
}

#[test]
fn unknown_forks_are_failures() {
    let fork = |case: &mut Value| case["post"] = json!({"Atlantis": [case["post"]["Istanbul"][0].clone()]});
    assert_says(&changed(STATE, fork), "no network \"Atlantis\"");
    assert_says(&changed(BLOCKS, |case| case["network"] = json!("EIP158ToAtlantisAt5")), "no network");
}

#[test]
fn malformed_tests_are_failures_with_a_place() {
    assert_says(&changed(STATE, |case| case["env"]["currentNumber"] = json!("twelve")), "currentNumber");
    assert_says(&changed(STATE, |case| case["pre"] = json!([])), ".pre: expected an object");
    assert_says(&changed(STATE, |case| post(case)["indexes"]["data"] = json!(7)), "index is over");
    assert_says(&changed(STATE, |case| *case = json!({"what": 1})), "expected a test");
    assert_says(&changed(BLOCKS, |case| case["blocks"][0]["rlp"] = json!(7)), "rlp");
    assert_says(&judge(&json!([])), "file: $: expected an object");
    let deep = "[".repeat(100_000);
    assert!(run(&deep, &Selection::default(), &Native, &mut |_| ()).is_err());
    assert!(run("{\"a\": {\"exec\": ", &Selection::default(), &Native, &mut |_| ()).is_err());
}

#[test]
fn wrong_blocks_are_failures() {
    let last = |case: &mut Value| case["blocks"].as_array().map_or(0, Vec::len) - 1;
    let refused = |case: &mut Value| {
        let at = last(case);
        case["blocks"][at]["expectException"] = json!("BlockException.ANY");
    };
    assert_says(&changed(BLOCKS, refused), "is taken, but expected BlockException.ANY");
    let other_hash = |case: &mut Value| {
        let at = last(case);
        case["blocks"][at]["blockHeader"]["hash"] = json!(ZERO);
    };
    assert_says(&changed(BLOCKS, other_hash), "hash of block");
    let cut = |case: &mut Value| {
        let at = last(case);
        let text = case["blocks"][at]["rlp"].as_str().unwrap_or_default().to_owned();
        case["blocks"][at]["rlp"] = json!(text[..text.len() - 2]);
    };
    assert_says(&changed(BLOCKS, cut), "is refused, though it is valid");
    let without = |case: &mut Value| {
        case["blocks"].as_array_mut().map(Vec::pop);
    };
    assert_says(&changed(BLOCKS, without), "head: expected");
    assert_says(&changed(BLOCKS, |case| case["postStateHash"] = json!(ZERO)), "state root: expected 0x0000");
    assert_says(&changed(BLOCKS, |case| case["pre"] = json!({})), "state root: expected");
    assert_says(&changed(BLOCKS, |case| case["genesisRLP"] = json!("0xc0")), "genesis block");
}

/// A value that belongs nowhere.
fn odd(index: u64) -> Value {
    match index % 10 {
        0 => Value::Null,
        1 => json!([]),
        2 => json!({}),
        3 => json!(-1),
        4 => json!(1.5),
        5 => json!(""),
        6 => json!("0x"),
        7 => json!("0x1ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"),
        8 => json!("0x0é"),
        _ => json!([[{"a": [null]}]]),
    }
}

/// Replaces the value at a random place.
fn spoil(value: &mut Value, random: &mut impl FnMut() -> u64) {
    let children = match value {
        Value::Array(items) => items.len(),
        Value::Object(entries) => entries.len(),
        _ => 0,
    };
    if children == 0 || random().is_multiple_of(6) {
        *value = odd(random());
        return;
    }
    let at = random() as usize % children;
    match value {
        Value::Array(items) => spoil(&mut items[at], random),
        Value::Object(entries) => {
            if let Some(value) = entries.values_mut().nth(at) {
                spoil(value, random);
            }
        }
        _ => {}
    }
}

#[test]
fn spoilt_tests_never_panic_and_rarely_pass() {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut random = move || {
        // xorshift64*
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        state.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 8
    };
    let files: Vec<Value> =
        [STATE, BLOCKS].iter().map(|text| serde_json::from_str(text).expect("JSON")).collect();
    let mut noticed = 0;
    for index in 0..400 {
        let mut file = files[index % 2].clone();
        spoil(&mut file, &mut random);
        let mut failed = 0;
        let report = &mut |verdict: evm_core::suite::Verdict| failed += u32::from(verdict.failure.is_some());
        let result = run(&file.to_string(), &Selection::default(), &Native, report);
        noticed += u32::from(result.is_err() || failed > 0);
    }
    // What nobody reads, and fields that may be absent, can be anything.
    assert!(noticed > 200, "{noticed} of 400 spoilt tests were noticed");
}
