use super::{Env, Error, Input, read_txs};
use crate::chain::ChainConfig;
use crate::fork::Fork;
use crate::json::{self, Node};
use crate::transaction::tests::K256;

const ENV: &str = r#"{"currentCoinbase": "0x00000000000000000000000000000000000000cc", "currentGasLimit": "0x1000000",
    "currentNumber": "1", "currentTimestamp": "1000", "currentDifficulty": "0x20000"}"#;

fn input(fork: Fork, env: &str, txs: &str) -> Result<Input, Error> {
    Input::from_json(ChainConfig::of_fork(fork), Some(7.into()), "{}", env, txs)
}

#[test]
fn nothing_but_a_reward() {
    let output = input(Fork::Frontier, ENV, "[]").and_then(|input| input.transition(&K256)).expect("valid");
    assert_eq!(output.body, [0xC0]);
    let alloc = output.world.to_alloc();
    assert_eq!(alloc["0x00000000000000000000000000000000000000cc"]["balance"], "0x7");
    // The roots of empty tries, and the hash of an empty list (Yellow Paper, and any empty block).
    let empty = "0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421";
    assert_eq!(output.result["txRoot"], empty);
    assert_eq!(output.result["receiptsRoot"], empty);
    let no_logs = "0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347";
    assert_eq!(output.result["logsHash"], no_logs);
    assert_eq!(output.result.get("rejected"), None);
}

#[test]
fn bytes_that_are_no_transaction_are_rejected_alone() {
    // A list of: an empty string, a list of nothing, a string of type 5.
    let value = json::parse(r#""0xc580c08205c0""#).expect("JSON");
    let entries = read_txs(Node::root(&value)).expect("a list");
    assert_eq!(entries.len(), 3);
    assert!(entries.iter().all(Result::is_err), "{entries:?}");
    let output = input(Fork::Berlin, ENV, r#""0xc580c08205c0""#).and_then(|input| input.transition(&K256));
    let rejected = output.expect("valid").result["rejected"].clone();
    assert_eq!(rejected.as_array().map(Vec::len), Some(3), "{rejected}");
    assert_eq!(rejected[1]["index"], 1);
}

#[test]
fn what_a_fork_needs_is_named() {
    for (fork, add, expected) in [
        (Fork::London, "", "env: London needs currentBaseFee or parentBaseFee; add it"),
        (Fork::London, r#""parentBaseFee": "7","#, "env: London needs currentBaseFee, or parentGasUsed"),
        (Fork::Paris, r#""currentBaseFee": "7","#, "env: Paris needs currentRandom; add it"),
        (
            Fork::Shanghai,
            r#""currentBaseFee": "7", "currentRandom": "0","#,
            "env: Shanghai needs withdrawals",
        ),
        (
            Fork::Cancun,
            r#""currentBaseFee": "7", "currentRandom": "0", "withdrawals": [],"#,
            "env: Cancun needs parentBeaconBlockRoot; add it",
        ),
    ] {
        let env = ENV.replacen('{', &format!("{{{add}"), 1);
        let output = input(fork, &env, "[]").and_then(|input| input.transition(&K256));
        let error = output.map(drop).expect_err(expected).to_string();
        assert!(error.starts_with(expected), "{error}");
    }
    let bare = ENV.replace("currentDifficulty", "ignored");
    let output = input(Fork::Frontier, &bare, "[]").and_then(|input| input.transition(&K256));
    assert!(matches!(output, Err(Error::Missing { .. })));
}

#[test]
fn environments_are_checked() {
    for (key, value, expected) in [
        (
            "ommers",
            r#"[{"delta": 8, "address": "0x00000000000000000000000000000000000000cc"}]"#,
            "$.ommers[0].delta",
        ),
        ("blockHashes", r#"{"x": "0x00"}"#, "$.blockHashes.x: this key is no block number"),
        ("withdrawals", r#"[{}]"#, "$.withdrawals[0]"),
        ("currentBaseFee", r#"-1"#, "$.currentBaseFee: expected"),
    ] {
        let text = ENV.replacen('{', &format!("{{\"{key}\": {value},"), 1);
        let parsed = json::parse(&text).expect("JSON");
        let error = Env::from_json(Node::root(&parsed)).expect_err(key).to_string();
        assert!(error.starts_with(expected), "{error}");
    }
}

#[test]
fn amsterdam_has_an_access_list() {
    let add = r#"{"currentBaseFee": "7", "currentRandom": "0", "withdrawals": [{"index": "0", "validatorIndex": "0",
        "address": "0x1111111111111111111111111111111111111111", "amount": "1"}], "parentBeaconBlockRoot":
        "0x0000000000000000000000000000000000000000000000000000000000000000", "currentExcessBlobGas": "0","#;
    let env = ENV.replacen('{', add, 1).replace("0x20000", "0");
    let output = input(Fork::Amsterdam, &env, "[]").and_then(|input| input.transition(&K256)).expect("valid");
    let bytes = |key: &str| hex::decode(&output.result[key].as_str().expect("text")[2..]).expect("digits");
    let list = bytes("blockAccessList");
    assert_eq!(bytes("blockAccessListHash"), crate::keccak::keccak256(&list).0);
    let list = crate::block::BlockAccessList::decode(&list).expect("its own encoding");
    let payee = list.0.iter().find(|account| account.address == crate::Address::repeat_byte(0x11));
    let changes = &payee.expect("the withdrawal's account").balance_changes;
    assert_eq!((changes[0].index, changes[0].value), (1, 1_000_000_000.into()));
}
