use super::{Request, RequestError, run};
use crate::U256;
use crate::interpreter::Halt;
use crate::precompiles::CryptoError;
use crate::transaction::tests::Absent;

fn request(text: &str) -> Request {
    Request::from_json(text).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn gas_is_that_of_the_code() {
    // PUSH1 three times, ADD, POP: 3 + 3 + 3 + 3 + 2; nothing for a transaction.
    let report = run(&request(r#"{"code": "600160026003015000"}"#), &Absent, &mut |_| {}).expect("no crypto");
    assert_eq!((report.executed.halt, report.executed.gas_used), (Halt::Stop, 14));
    assert_eq!(report.failure, None);
}

#[test]
fn what_needs_cryptography_says_so() {
    for trace in ["", r#", "trace": "call""#] {
        // CALL of contract 2, SHA-256.
        let text = format!(r#"{{"code": "6000600060006000600060025af100"{trace}}}"#);
        assert_eq!(run(&request(&text), &Absent, &mut |_| {}).err(), Some(CryptoError::Unavailable));
    }
}

#[test]
fn the_instruction_that_failed_is_named() {
    for (code, expected) in [
        ("600056", "pc 0x2, JUMP: "),
        ("01", "pc 0x0, ADD: "),
        ("5f5ffd", "pc 0x2, REVERT: the contract reverted, and said nothing"),
        // In a call of itself with no gas at all nothing happens; the outer frame fails.
        ("5f5f5f5f5f305ff1fe", "pc 0x8, INVALID"),
    ] {
        let report =
            run(&request(&format!(r#"{{"code": "{code}"}}"#)), &Absent, &mut |_| {}).expect("no crypto");
        let failure = report.failure.unwrap_or_default();
        assert!(failure.starts_with(expected), "{failure}");
    }
}

#[test]
fn requests_that_make_no_sense() {
    let huge = U256::MAX.to_string();
    for (text, expected) in [
        ("{", "request: not JSON"),
        (r#"{"code": "6"}"#, "request: $.code: expected bytes"),
        (r#"{"code": "", "fork": "Foo"}"#, "fork: \"Foo\" is unknown; "),
        (r#"{"code": "", "trace": "Foo"}"#, "trace: \"Foo\" is unknown; "),
        (r#"{"code": "", "chain": "Foo"}"#, "chain: not JSON"),
        (r#"{"code": "", "prestate": "{\"alloc\": 1}"}"#, "prestate: $.alloc: expected an object"),
        (&format!(r#"{{"code": "", "value": "{huge}"}}"#), "value: "),
        ("{}", "code: none is given"),
    ] {
        let error = Request::from_json(text).map(drop).expect_err(text);
        assert!(error.to_string().starts_with(expected), "{error}");
        assert!(!matches!(error, RequestError::Part("request", _)) || expected.starts_with("request"));
    }
}
