use super::{Env, Error, Input, Traces, read_txs};
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
    let output =
        input(Fork::Frontier, ENV, "[]").and_then(|input| input.transition(&K256, None)).expect("valid");
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
    let output =
        input(Fork::Berlin, ENV, r#""0xc580c08205c0""#).and_then(|input| input.transition(&K256, None));
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
        let output = input(fork, &env, "[]").and_then(|input| input.transition(&K256, None));
        let error = output.map(drop).expect_err(expected).to_string();
        assert!(error.starts_with(expected), "{error}");
    }
    let bare = ENV.replace("currentDifficulty", "ignored");
    let output = input(Fork::Frontier, &bare, "[]").and_then(|input| input.transition(&K256, None));
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
    let output =
        input(Fork::Amsterdam, &env, "[]").and_then(|input| input.transition(&K256, None)).expect("valid");
    let bytes = |key: &str| hex::decode(&output.result[key].as_str().expect("text")[2..]).expect("digits");
    let list = bytes("blockAccessList");
    assert_eq!(bytes("blockAccessListHash"), crate::keccak::keccak256(&list).0);
    let list = crate::block::BlockAccessList::decode(&list).expect("its own encoding");
    let payee = list.0.iter().find(|account| account.address == crate::Address::repeat_byte(0x11));
    let changes = &payee.expect("the withdrawal's account").balance_changes;
    assert_eq!((changes[0].index, changes[0].value), (1, 1_000_000_000.into()));
}

#[test]
fn traces_are_lines_of_each_transaction() {
    let alloc = r#"{"0xa94f5374fce5edbc8e2a8697c15331677e6ebf0b": {"balance": "0xffffffffff"},
        "0x1111111111111111111111111111111111111111": {"code": "0x604060406040604000"}}"#;
    // Geth's testdata/31: its transactions, with one that is refused between them, and the trace it expects.
    let tx = |nonce: u64| {
        format!(
            r#"{{"gas": "0x186a0", "gasPrice": "0x600", "input": "0x", "nonce": "{nonce:#x}", "value": "0x1",
            "to": "0x1111111111111111111111111111111111111111", "v": "0x0", "r": "0x0", "s": "0x0",
            "secretKey": "0x45a915e4d060149eb4365960e6a7a45f334393093061116b197e3240065ff2d8"}}"#
        )
    };
    let txs = format!("[{}, {}, {}]", tx(0), tx(7), tx(1));
    let mut files: Vec<(usize, String, Vec<String>)> = Vec::new();
    let sink = &mut |index: usize, hash: &crate::H256, line: &str| match files.last_mut() {
        Some((last, _, lines)) if *last == index => lines.push(line.into()),
        _ => files.push((index, format!("{hash:#x}"), vec![line.into()])),
    };
    let chain = ChainConfig::of_fork(Fork::Berlin);
    let input = Input::from_json(chain, None, alloc, ENV, &txs).expect("good input");
    let traces = Traces { memory: false, return_data: false, sink };
    let output = input.transition(&K256, Some(traces)).expect("valid");
    assert_eq!(output.result["rejected"][0]["index"], 1);
    let numbers: Vec<_> = files.iter().map(|(index, ..)| *index).collect();
    assert_eq!(numbers, [0, 1]);
    assert_eq!(files[0].1, "0x88f5fbd1524731a81e49f637aa847543268a5aaf2a6b32a69d2c6d978c45dcfb");
    let expected = [
        r#"{"pc":0,"op":96,"gas":"0x13498","gasCost":"0x3","memSize":0,"stack":[],"depth":1,"refund":0,"opName":"PUSH1"}"#,
        r#"{"pc":2,"op":96,"gas":"0x13495","gasCost":"0x3","memSize":0,"stack":["0x40"],"depth":1,"refund":0,"opName":"PUSH1"}"#,
        r#"{"pc":4,"op":96,"gas":"0x13492","gasCost":"0x3","memSize":0,"stack":["0x40","0x40"],"depth":1,"refund":0,"opName":"PUSH1"}"#,
        r#"{"pc":6,"op":96,"gas":"0x1348f","gasCost":"0x3","memSize":0,"stack":["0x40","0x40","0x40"],"depth":1,"refund":0,"opName":"PUSH1"}"#,
        r#"{"pc":8,"op":0,"gas":"0x1348c","gasCost":"0x0","memSize":0,"stack":["0x40","0x40","0x40","0x40"],"depth":1,"refund":0,"opName":"STOP"}"#,
        r#"{"output":"","gasUsed":"0xc"}"#,
    ];
    // Which fields come first is no part of the format; geth leaves out the data that was returned unless asked.
    let fields = |line: &str| {
        let mut value = json::parse(line).expect("JSON");
        value.as_object_mut().expect("an object").remove("returnData");
        value
    };
    let found: Vec<_> = files[0].2.iter().map(|line| fields(line)).collect();
    assert_eq!(found, expected.map(fields));
}

#[test]
fn blob_parameters_replace_the_forks() {
    let add = r#"{"currentBaseFee": "7", "currentRandom": "0", "withdrawals": [], "parentBeaconBlockRoot":
        "0x0000000000000000000000000000000000000000000000000000000000000000",
        "parentExcessBlobGas": "0x100000", "parentBlobGasUsed": "0x20000","#;
    let env = ENV.replacen('{', add, 1);
    let excess = |parameters: Option<&str>| {
        let mut input = input(Fork::Cancun, &env, "[]").expect("good input");
        parameters.map_or(Ok(()), |text| input.set_blob_parameters(text))?;
        Ok::<_, Error>(input.transition(&K256, None)?.result["currentExcessBlobGas"].clone())
    };
    // EIP-4844: the parent's excess and use, less the target: three blobs, or as told.
    assert_eq!(excess(None).expect("valid"), "0xc0000");
    let one = r#"{"target": "0x1", "max": 2, "baseFeeUpdateFraction": 3338477}"#;
    assert_eq!(excess(Some(one)).expect("valid"), "0x100000");
    let error = excess(Some(r#"{"target": 3, "max": 2, "baseFeeUpdateFraction": 1}"#)).expect_err("refused");
    assert_eq!(
        error.to_string(),
        "blobParams: $.target: expected a number up to \"max\", which is 2, found 3"
    );
}
