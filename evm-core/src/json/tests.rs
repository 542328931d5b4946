use super::*;
use serde_json::json;

fn error<T: fmt::Debug>(value: Value, read: impl FnOnce(Node<'_>) -> Result<T, JsonError>) -> String {
    read(Node::root(&value)).expect_err("refused").to_string()
}

#[test]
fn numbers_are_read_in_every_notation() {
    for (value, expected) in [
        (json!(12), 12),
        (json!("12"), 12),
        (json!("0xc"), 12),
        (json!("0x0C"), 12),
        (json!("0x"), 0),
        (json!("00"), 0),
        (json!("18446744073709551615"), u64::MAX),
    ] {
        assert_eq!(Node::root(&value).u64(), Ok(expected), "{value}");
    }
    let most = "115792089237316195423570985008687907853269984665640564039457584007913129639935";
    assert_eq!(Node::root(&json!(most)).u256(), Ok(U256::MAX));
    assert_eq!(Node::root(&json!(format!("0x00{}", "f".repeat(64)))).u256(), Ok(U256::MAX));
}

#[test]
fn what_is_no_number_is_refused() {
    let over = "115792089237316195423570985008687907853269984665640564039457584007913129639936";
    for value in [
        json!(-1),
        json!(1.5),
        json!(""),
        json!("-1"),
        json!("+1"),
        json!("1_000"),
        json!("0xg"),
        json!("c"),
        json!(over),
        json!(format!("0x1{}", "0".repeat(64))),
        json!("9".repeat(100_000)),
        json!("٣"),
        json!(null),
        json!([1]),
    ] {
        let text = error(value, |node| node.u256());
        assert!(text.starts_with("$: expected a whole number below 2^256") && text.len() < 200, "{text}");
    }
    assert!(error(json!("18446744073709551616"), |node| node.u64()).contains("below 2^64"));
}

#[test]
fn errors_name_the_path() {
    let text = json!({"alloc": {"0x01": {"list": [1, {"balance": "ten"}]}}});
    let read = |node: Node<'_>| {
        node.require("alloc", |node| {
            node.require("0x01", |node| {
                node.require("list", |node| {
                    node.items(|node| {
                        if node.value().is_u64() {
                            Ok(U256::zero())
                        } else {
                            node.require("balance", |node| node.u256())
                        }
                    })
                })
            })
        })
    };
    assert_eq!(
        error(text, read),
        "$.alloc[\"0x01\"].list[1].balance: expected a whole number below 2^256, such as 12, \"12\" or \"0xc\", \
         found \"ten\""
    );
    assert_eq!(
        error(json!({}), |node| node.require("a", |node| node.u64())),
        "$: the key \"a\" is missing; add it"
    );
    assert_eq!(error(json!([]), |node| node.only(&[])), "$: expected an object {...}, found an array");
}

#[test]
fn an_unknown_key_is_compared_with_those_known() {
    let known = ["homesteadBlock", "chainId"];
    assert_eq!(
        error(json!({"homestead_block": 1}), |node| node.only(&known)),
        "$: unknown key \"homestead_block\"; did you mean \"homesteadBlock\"?"
    );
    assert_eq!(
        error(json!({"chianId": 1}), |node| node.only(&known)),
        "$: unknown key \"chianId\"; did you mean \"chainId\"?"
    );
    assert_eq!(
        error(json!({"colour": 1}), |node| node.only(&known)),
        "$: unknown key \"colour\"; remove it, or use one of: homesteadBlock, chainId"
    );
    let long = error(json!({"x".repeat(1_000_000): 1}), |node| node.only(&known));
    assert!(long.len() < 200);
}

#[test]
fn bytes_addresses_and_hashes_have_their_lengths() {
    assert_eq!(Node::root(&json!("0x6001")).bytes(), Ok(vec![0x60, 0x01]));
    assert_eq!(Node::root(&json!("")).bytes(), Ok(vec![]));
    assert!(Node::root(&json!("0x600")).bytes().is_err());
    assert_eq!(Node::root(&json!("00".repeat(20))).address(), Ok(Address::zero()));
    assert!(Node::root(&json!("0x01")).address().is_err());
    assert_eq!(Node::root(&json!("0x1")).hash(), Ok(H256::from_low_u64_be(1)));
    assert!(Node::root(&json!("1".repeat(65))).hash().is_err());
}

#[test]
fn deep_nesting_is_an_error_not_an_overflow() {
    let deep = "[".repeat(1_000_000);
    assert!(parse(&deep).unwrap_err().to_string().contains("recursion limit"));
}
