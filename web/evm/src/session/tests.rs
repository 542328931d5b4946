use super::{Session, Surveyed, Travel, compare};
use evm_core::asm::{Options, assemble};
use evm_core::precompiles::{Crypto, CryptoError, Precompile};
use evm_core::trace::debugger::Arrived;
use evm_core::{Address, H256, U256};
use serde_json::{Value, json};
use std::rc::Rc;

/// The module that is not loaded.
#[derive(Debug)]
struct Missing;

impl Crypto for Missing {
    fn run(&self, _: Precompile, _: &[u8]) -> Result<Vec<u8>, CryptoError> {
        Err(CryptoError::Unavailable)
    }

    fn recover(&self, _: H256, _: bool, _: U256, _: U256) -> Result<Address, CryptoError> {
        Err(CryptoError::Unavailable)
    }

    fn sign(&self, _: H256, _: H256) -> Result<(bool, U256, U256, Address), CryptoError> {
        Err(CryptoError::Unavailable)
    }
}

const A: &str = "0x00000000000000000000000000000000000000aa";
const B: &str = "0x00000000000000000000000000000000000000bb";

fn code(text: &str) -> String {
    let assembled = assemble(text, &Options::default()).unwrap_or_else(|errors| panic!("{errors:?}"));
    format!("0x{}", crate::hex(&assembled.code))
}

fn session(request: Value) -> Session {
    let mut session = Session::new(&request.to_string(), Rc::new(Missing)).unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(session.survey(u64::MAX), Surveyed::All);
    session
}

/// Adds one to the first word of storage.
fn counter() -> String {
    code("PUSH1 0 SLOAD PUSH 1 ADD PUSH1 0 SSTORE")
}

fn two_counts(fork: &str) -> Value {
    json!({"fork": fork, "prestate": {A: {"code": counter()}}, "transactions": [{"to": A}, {"to": A}]})
}

#[test]
fn transactions_follow_on_one_world() {
    let session = session(two_counts("Osaka"));
    let summary = session.summary();
    let rows = &summary["transactions"];
    // 21000, three PUSH1 and ADD of 3 gas, a cold SLOAD, a warm SSTORE: of zero, then of one.
    assert_eq!(rows[0]["gasUsed"], 21000 + 3 + 2100 + 3 + 3 + 3 + 20000);
    assert_eq!(rows[1]["gasUsed"], 21000 + 3 + 2100 + 3 + 3 + 3 + 2900);
    assert_eq!((&rows[0]["nonce"], &rows[1]["nonce"]), (&json!(0), &json!(1)));
    assert_eq!((&rows[0]["steps"], &rows[0]["intrinsicGas"]), (&json!(7), &json!(21000)));
    let whole = session.whole(1).expect("executed");
    let changed = whole["accounts"].as_array().and_then(|rows| rows.iter().find(|row| row["address"] == A));
    assert_eq!(
        changed.map(|row| &row["storage"]),
        Some(&json!([{"key": "0x0", "before": "0x1", "after": "0x2"}]))
    );
}

#[test]
fn a_survey_in_pieces_is_the_same() {
    let whole = session(two_counts("Osaka"));
    let mut pieces =
        Session::new(&two_counts("Osaka").to_string(), Rc::new(Missing)).unwrap_or_else(|e| panic!("{e}"));
    let mut asked = 1;
    while pieces.survey(2) == Surveyed::More {
        asked += 1;
    }
    assert!(asked > 4);
    assert_eq!(pieces.summary(), whole.summary());
    assert_eq!(pieces.whole(0), whole.whole(0));
}

fn travel(session: &mut Session, text: &str) -> (Option<Arrived>, u64) {
    let travel = Travel::from_json(text).unwrap_or_else(|error| panic!("{error}"));
    (session.travel(&travel), session.position().unwrap_or(u64::MAX))
}

#[test]
fn forwards_and_backwards() {
    let mut session = session(two_counts("Osaka"));
    assert!(session.select(1));
    let scene = session.scene(0..64).expect("a scene");
    assert_eq!((&scene["position"], &scene["next"]["text"]), (&json!(0), &json!("PUSH1 0x00")));
    let slot = format!(r#"{{"address": "{A}", "key": "0x0"}}"#);
    let write = format!(r#"{{"forwards": {}"until": "slotWritten", {}}}"#, "{", &slot[1..]);
    assert_eq!(travel(&mut session, &write), (Some(Arrived::There), 5));
    let scene = session.scene(0..64).expect("a scene");
    assert_eq!(scene["next"]["text"], "SSTORE");
    assert_eq!(
        scene["next"]["inputs"],
        json!([{"name": "key", "value": "0x0"}, {"name": "value", "value": "0x2"}])
    );
    assert_eq!(travel(&mut session, r#"{"to": 100}"#), (Some(Arrived::There), 7));
    let back = write.replace("forwards", "backwards");
    assert_eq!(travel(&mut session, &back), (Some(Arrived::There), 5));
    // There was none before: it stays.
    assert_eq!(travel(&mut session, &back), (Some(Arrived::AtTheEnd), 5));
    assert_eq!(travel(&mut session, r#"{"backwards": {"until": "into"}}"#), (Some(Arrived::There), 4));
    assert_eq!(travel(&mut session, r#"{"next": "store"}"#), (Some(Arrived::There), 5));
    assert_eq!(travel(&mut session, r#"{"next": "store"}"#), (Some(Arrived::AtTheEnd), 5));
    assert_eq!(travel(&mut session, r#"{"backwards": {"until": "stackChanges", "index": 0}}"#).1, 3);
}

/// `B` reverts with a text, and `A` passes it on.
fn bubble() -> Value {
    let inner = code("%revert \"no\"");
    let outer = code(
        "PUSH 0 PUSH 0 PUSH 0 PUSH 0 PUSH 0 PUSH 0xbb GAS CALL
         RETURNDATASIZE PUSH 0 PUSH 0 RETURNDATACOPY RETURNDATASIZE PUSH 0 REVERT",
    );
    json!({"prestate": {A: {"code": outer}, B: {"code": inner}}, "transactions": [{"to": A}]})
}

#[test]
fn a_failure_is_traced_to_its_origin() {
    let mut session = session(bubble());
    let row = session.summary()["transactions"][0].clone();
    assert_eq!((&row["success"], &row["why"]), (&json!(false), &json!("the contract reverted: \"no\"")));
    assert!(session.select(0));
    assert_eq!(travel(&mut session, r#"{"failure": true}"#).0, Some(Arrived::There));
    let scene = session.scene(0..256).expect("a scene");
    assert_eq!((&scene["next"]["text"], &scene["next"]["depth"]), (&json!("REVERT"), &json!(1)));
    assert_eq!(scene["next"]["failure"], "the contract reverted: \"no\"");
    assert_eq!((&scene["call"], scene["frames"].as_array().map(Vec::len)), (&json!(1), Some(2)));
    assert_eq!(row["failure"]["origin"], scene["position"]);
    assert!(row["failure"]["position"].as_u64() > scene["position"].as_u64());
    // Each call's frame begins right after the instruction that called.
    let whole = session.whole(0).expect("executed");
    assert_eq!((&whole["calls"][0]["caller"], &whole["calls"][1]["caller"]), (&json!(null), &json!(0)));
    assert_eq!(whole["marks"][0], json!([7, "call"]));
    assert_eq!(whole["calls"][1]["first"], 8);
}

#[test]
fn what_needs_cryptography_waits_for_it() {
    for request in [
        // SHA-256.
        json!({"code": code("PUSH 0 PUSH 0 PUSH 0 PUSH 0 PUSH 2 GAS STATICCALL")}),
        json!({"transactions": [{"to": A, "secretKey": "0x01"}]}),
        json!({"transactions": [{"to": A, "authorizationList": [{"address": B, "secretKey": "0x01"}]}]}),
    ] {
        let mut session =
            Session::new(&request.to_string(), Rc::new(Missing)).unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(session.survey(u64::MAX), Surveyed::NeedsCrypto);
        assert_eq!(session.survey(u64::MAX), Surveyed::NeedsCrypto);
    }
}

#[test]
fn transactions_that_are_refused_say_why_and_the_others_go_on() {
    let session = session(json!({"prestate": {A: {"code": counter()}}, "transactions": [
        {"to": A, "gas": 20999},
        {"to": A, "nonce": 5},
        {"to": "0x12"},
        {"to": A},
    ]}));
    let rows = session.summary()["transactions"].clone();
    let refused = |at: usize| rows[at]["refused"].as_str().unwrap_or_default().to_string();
    assert!(refused(0).contains("21000"), "{}", refused(0));
    assert!(refused(1).contains("nonce"), "{}", refused(1));
    assert!(refused(2).contains("$.to: expected an address"), "{}", refused(2));
    assert_eq!((&rows[3]["refused"], &rows[3]["nonce"]), (&Value::Null, &json!(0)));
    assert_eq!(session.whole(0), None);
}

#[test]
fn two_forks_differ_where_the_gas_and_the_flow_do() {
    // EIP-2929: the first SLOAD costs 2100 in Berlin, 800 in Istanbul.
    let (berlin, istanbul) = (session(two_counts("Berlin")), session(two_counts("Istanbul")));
    assert_eq!(compare(&berlin, &istanbul, 0), Some(json!({"flow": null, "gas": 1, "same": false})));
    assert_eq!(compare(&berlin, &berlin, 1), Some(json!({"flow": null, "gas": null, "same": true})));
    // PUSH0 is no instruction before Shanghai.
    let push0 = |fork| session(json!({"fork": fork, "code": "6001505f00"}));
    assert_eq!(
        compare(&push0("Shanghai"), &push0("Paris"), 0).map(|found| found["flow"].clone()),
        Some(json!(2))
    );
}

#[test]
fn transient_words_and_accounts_are_of_the_moment() {
    let mut session = session(json!({
        "prestate": {A: {"code": code("PUSH 7 PUSH 1 TSTORE PUSH 0 PUSH 1 TSTORE"), "balance": "5"}},
        "transactions": [{"to": A, "value": 3}],
    }));
    assert!(session.select(0));
    let at = |session: &mut Session, position: u64| {
        session.travel(&Travel::To(position));
        session.scene(0..0).expect("a scene")
    };
    assert_eq!(at(&mut session, 2)["transient"], json!([]));
    let scene = at(&mut session, 3);
    assert_eq!(scene["transient"], json!([{"address": A, "key": "0x1", "value": "0x7"}]));
    let whose = scene["accounts"].as_array().and_then(|rows| rows.iter().find(|row| row["address"] == A));
    assert_eq!(
        whose.map(|row| (&row["before"]["balance"], &row["now"]["balance"])),
        Some((&json!("0x5"), &json!("0x8")))
    );
    assert_eq!(at(&mut session, 6)["transient"], json!([]));
}

#[test]
fn traces_have_a_line_for_each_step_and_a_summary() {
    let session = session(two_counts("Osaka"));
    let mut lines = Vec::new();
    assert!(session.trace(0, &mut |line| lines.push(line.to_string())));
    assert_eq!(lines.len(), 8);
    let parsed: Vec<Value> = lines.iter().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!((&parsed[1]["opName"], &parsed[1]["gasCost"]), (&json!("SLOAD"), &json!("0x834")));
    assert_eq!(parsed[7]["pass"], true);
    let export = session.export(0).expect("made");
    assert_eq!(export["root"], parsed[7]["stateRoot"]);
    // The hash of an empty list: Keccak-256 of 0xc0.
    assert_eq!(export["logs"], "0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347");
}

#[test]
fn logs_of_frames_that_failed_never_were() {
    let logs_and_fails = code("PUSH 0 PUSH 0 LOG0 INVALID");
    let session = session(json!({
        "prestate": {
            A: {"code": code("PUSH 0 PUSH 0 LOG0 PUSH 0 PUSH 0 PUSH 0 PUSH 0 PUSH 0 PUSH 0xbb PUSH 5000 CALL")},
            B: {"code": logs_and_fails},
        },
        "transactions": [{"to": A}],
    }));
    let logs = session.whole(0).expect("executed")["logs"].clone();
    let undone =
        |at: usize| (logs[at]["address"].clone(), logs[at]["undone"].clone(), logs[at]["position"].clone());
    assert_eq!(undone(0), (json!(A), json!(false), json!(2)));
    assert_eq!(undone(1), (json!(B), json!(true), json!(13)));
}

#[test]
fn requests_that_make_no_sense_name_the_place() {
    for (text, expected) in [
        ("{", "request: not JSON"),
        (r#"{"cod": "00"}"#, "did you mean \"code\""),
        (r#"{"fork": "Foo"}"#, "no fork is called \"Foo\""),
        (r#"{"chain": "{"}"#, "chain: not JSON"),
        (r#"{"block": {"number": -1}}"#, "block: $.block.number: expected a whole number"),
        (r#"{"prestate": {"0x1": {}}}"#, "prestate: $.prestate[\"0x1\"]: this key is no address"),
        (r#"{"prestate": "["}"#, "prestate: not JSON"),
        (r#"{"transactions": 5}"#, "request: $.transactions: expected an array"),
    ] {
        let error = Session::new(text, Rc::new(Missing)).map(drop).expect_err(text).to_string();
        assert!(error.contains(expected), "{error}\nlacks: {expected}");
    }
    for text in ["{}", r#"{"to": "x"}"#, r#"{"forwards": {"until": "x"}}"#, r#"{"next": "x"}"#, "["] {
        assert!(Travel::from_json(text).is_err(), "{text}");
    }
}

#[test]
fn forks_have_names() {
    assert!(crate::forks().iter().all(|name| crate::is_fork(name)));
    assert!(!crate::is_fork("Petersberg"));
}
