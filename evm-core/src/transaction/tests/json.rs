use super::differential::Random;
use super::*;
use crate::json::Node;
use serde_json::{Value, json};

fn read(value: &Value) -> Result<Given, String> {
    Given::from_json(Node::root(value)).map_err(|error| error.to_string())
}

#[test]
fn what_is_written_is_read() {
    let mut random = Random(11);
    for _ in 0..200 {
        let transaction = random.transaction();
        let value = transaction.to_json();
        assert_eq!(read(&value).unwrap().transaction, transaction, "{value}");
        assert_eq!(value["hash"], format!("{:#x}", transaction.hash()));
    }
    let unsigned = Transaction { chain_id: Some(3), gas_limit: 5, ..Transaction::default() };
    assert_eq!(read(&unsigned.to_json()).unwrap().transaction, unsigned);
}

/// Keys and spellings of geth's api (internal/ethapi), for the example of EIP-155.
#[test]
fn objects_are_those_of_nodes() {
    assert_eq!(
        eip_155().to_json(),
        json!({
            "type": "0x0",
            "chainId": "0x1",
            "nonce": "0x9",
            "to": "0x3535353535353535353535353535353535353535",
            "gas": "0x5208",
            "gasPrice": "0x4a817c800",
            "value": "0xde0b6b3a7640000",
            "input": "0x",
            "v": "0x25",
            "r": "0x28ef61340bd939bc2195fe537567866003e1a15d3c71ff63e1590620aa636276",
            "s": "0x67cbe9d8997f761aecb703304b3800ccf555c9f3dc64214b297fb1966a3b6d83",
            "hash": format!("{:#x}", keccak256(&bytes(EIP_155))),
        })
    );
}

/// A transaction as in geth's cmd/evm/testdata: unsigned, with a key.
fn unsigned() -> Value {
    json!({
        "gas": "0x186a0", "gasPrice": "0x600", "input": "0x", "nonce": "0x0", "to": null, "value": "0x0",
        "v": "0x0", "r": "0x0", "s": "0x0",
        "secretKey": "0x45a915e4d060149eb4365960e6a7a45f334393093061116b197e3240065ff2d8"
    })
}

#[test]
fn keys_sign_what_is_unsigned() {
    let sender = address("a94f5374fce5edbc8e2a8697c15331677e6ebf0b");
    let given = read(&unsigned()).unwrap();
    assert_eq!(given.transaction.signature, None);
    for (fork, chain_id) in [(Fork::Homestead, None), (Fork::Istanbul, Some(1))] {
        let rules = Rules::of(fork);
        let signed = given.signed(&rules, &K256).unwrap();
        assert_eq!(signed.chain_id, chain_id);
        assert_eq!(signed.sender(&rules, &K256), Ok(sender));
    }
    let mut open = unsigned();
    open["protected"] = false.into();
    assert_eq!(read(&open).unwrap().signed(&Rules::of(Fork::Istanbul), &K256).unwrap().chain_id, None);
    let mut bad_key = unsigned();
    bad_key["secretKey"] = "0x0".into();
    assert_eq!(read(&bad_key).unwrap().signed(&Rules::of(Fork::Istanbul), &K256), Err(CryptoError::Invalid));
}

#[test]
fn lists_are_objects_or_rlp() {
    let given = Given::list_from_json(Node::root(&json!([unsigned(), eip_155().to_json()]))).unwrap();
    assert_eq!((given.len(), &given[1].transaction), (2, &eip_155()));
    let list = Transaction::encode_list(&[eip_155(), eip_155()]);
    let text = Value::from(format!("0x{}", hex::encode(&list)));
    let read = Given::list_from_json(Node::root(&text)).unwrap();
    assert_eq!(read, [eip_155().into(), eip_155().into()]);
    let text = Value::from(format!("0x{}", hex::encode(&list[..list.len() - 1])));
    let error = Given::list_from_json(Node::root(&text)).unwrap_err().to_string();
    assert!(error.starts_with("$: byte 0: transactions: says that 220 bytes follow, but 219 do"), "{error}");
}

#[test]
fn types_are_given_or_seen() {
    let common = json!({"nonce": 0, "gas": 1, "chainId": 1, "to": "0x".to_owned() + &"11".repeat(20)});
    let with = |extra: Value| {
        let mut object = common.clone();
        for (key, value) in extra.as_object().unwrap() {
            object[key] = value.clone();
        }
        read(&object).map(|given| given.transaction.tx_type)
    };
    let fees = |mut extra: Value| {
        (extra["maxFeePerGas"], extra["maxPriorityFeePerGas"]) = (7.into(), 7.into());
        extra
    };
    assert_eq!(with(json!({"gasPrice": 7})), Ok(TxType::Legacy));
    assert_eq!(with(json!({"gasPrice": 7, "accessList": []})), Ok(TxType::AccessList));
    assert_eq!(with(fees(json!({}))), Ok(TxType::DynamicFee));
    assert_eq!(with(fees(json!({"blobVersionedHashes": [], "maxFeePerBlobGas": 1}))), Ok(TxType::Blob));
    assert_eq!(with(fees(json!({"authorizationList": []}))), Ok(TxType::SetCode));
    assert_eq!(with(json!({"gasPrice": 7, "type": "0x1"})), Ok(TxType::AccessList));
    assert!(
        with(json!({"gasPrice": 7, "type": "0x5"}))
            .unwrap_err()
            .starts_with("$.type: expected a transaction type")
    );
}

#[test]
fn what_does_not_fit_is_named() {
    let good = eip_155().to_json();
    let with = |key: &str, value: Value| {
        let mut object = good.clone();
        object[key] = value;
        read(&object).unwrap_err()
    };
    let without = |key: &str| {
        let mut object = good.clone();
        object.as_object_mut().unwrap().remove(key);
        read(&object).unwrap_err()
    };
    assert!(
        with("nonce", "0x10000000000000000".into())
            .starts_with("$.nonce: expected a whole number below 2^64")
    );
    assert!(with("gas", (-1).into()).starts_with("$.gas: expected"));
    assert!(with("value", format!("0x1{}", "0".repeat(64)).into()).starts_with("$.value: expected"));
    assert!(with("to", "0x12".into()).starts_with("$.to: expected an address"));
    assert!(with("input", "0x1".into()).starts_with("$.input: expected bytes"));
    assert!(with("data", "0x12".into()).contains("\"input\" and \"data\" differ"));
    assert!(with("v", 29.into()).starts_with("$.v: expected 27, 28, or 35"));
    assert!(with("chainId", 2.into()).contains("names chain 1, but \"chainId\" chain 2"));
    assert!(without("gas").contains("the key \"gas\" is missing"));
    assert!(without("nonce").contains("the key \"nonce\" is missing"));
    assert!(without("gasPrice").contains("the key \"gasPrice\" is missing"));
    assert!(read(&json!([])).unwrap_err().contains("expected an object"));
    let typed =
        json!({"type": 3, "nonce": 0, "gas": 1, "chainId": 1, "maxFeePerGas": 1, "maxPriorityFeePerGas": 1});
    assert!(read(&typed).unwrap_err().contains("can't create a contract"));
}

#[test]
fn values_of_any_kind_never_panic() {
    let mut random = Random(12);
    let strange = [
        json!(null),
        json!(true),
        json!(-1),
        json!(1.5),
        json!(u64::MAX),
        json!(""),
        json!("0x"),
        json!("0x0"),
        json!("0x1"),
        json!("0xg"),
        json!(format!("0x{}", "f".repeat(64))),
        json!(format!("0x{}", "f".repeat(65))),
        json!([]),
        json!([null]),
        json!([{"address": "0x", "storageKeys": 1}]),
        json!({}),
    ];
    let mut outcomes = [0; 2];
    for _ in 0..3000 {
        let mut value = random.transaction().to_json();
        let object = value.as_object_mut().unwrap();
        for _ in 0..1 + random.below(2) {
            let key = object.keys().nth(random.below(object.len() as u64) as usize).unwrap().clone();
            object.insert(key, strange[random.below(strange.len() as u64) as usize].clone());
        }
        let result = read(&value);
        outcomes[usize::from(result.is_ok())] += 1;
        match result {
            Ok(given) => assert!(!given.transaction.encode().is_empty()),
            Err(error) => assert!(error.starts_with('$') && error.len() < 300, "{error}"),
        }
    }
    assert!(outcomes.into_iter().all(|count| count > 300), "{outcomes:?}");
}
