//! What is encoded in the state tests of the execution specifications, without executing anything: roots of states, and
//! transactions as bytes.

use evm_core::fork::Fork;
use evm_core::json::Node;
use evm_core::precompiles::{Crypto, CryptoError, Precompile};
use evm_core::rules::Rules;
use evm_core::state::{Account, Code, World};
use evm_core::transaction::{AccessListItem, Authorization, Error, Transaction};
use evm_core::{Address, H256, U256};
use k256::ecdsa::{RecoveryId, Signature, VerifyingKey};
use serde_json::Value;
use std::io::Read;
use std::path::PathBuf;

fn archive() -> PathBuf {
    let vectors = std::env::var_os("GLASSBOX_VECTORS").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/vectors")),
        PathBuf::from,
    );
    vectors.join("evm/eest-v5.4.0-state_tests.tar.zst")
}

/// Signers by the crate `k256` alone.
#[derive(Debug)]
struct K256;

impl Crypto for K256 {
    fn run(&self, _: Precompile, _: &[u8]) -> Result<Vec<u8>, CryptoError> {
        Err(CryptoError::Unavailable)
    }

    fn recover(&self, hash: H256, odd_y: bool, r: U256, s: U256) -> Result<Address, CryptoError> {
        let recover = || {
            let signature = Signature::from_slice(&[r.to_big_endian(), s.to_big_endian()].concat()).ok()?;
            let id = RecoveryId::new(odd_y, false);
            let key = VerifyingKey::recover_from_prehash(hash.as_bytes(), &signature, id).ok()?;
            let hash = evm_core::keccak::keccak256(&key.to_encoded_point(false).as_bytes()[1..]);
            Some(Address::from_slice(&hash[12..]))
        };
        recover().ok_or(CryptoError::Invalid)
    }

    fn sign(&self, _: H256, _: H256) -> Result<(bool, U256, U256, Address), CryptoError> {
        Err(CryptoError::Unavailable)
    }
}

fn number(value: &Value) -> U256 {
    Node::root(value).u256().unwrap()
}

fn bytes(value: &Value) -> Vec<u8> {
    Node::root(value).bytes().unwrap()
}

fn world(state: &Value) -> World {
    let mut world = World::default();
    for (address, account) in state.as_object().unwrap() {
        let storage = account["storage"].as_object().unwrap();
        let words = storage.iter().map(|(key, value)| (evm_core::json::word(key).unwrap(), number(value)));
        let account = Account {
            nonce: number(&account["nonce"]).as_u64(),
            balance: number(&account["balance"]),
            code: Code::new(bytes(&account["code"])),
            storage: words.collect(),
        };
        world.accounts.insert(evm_core::json::address(address).unwrap(), account);
    }
    world
}

/// What differs between the transaction of a case and its bytes.
fn differences(given: &Value, post: &Value, transaction: &Transaction) -> Vec<&'static str> {
    let indexes = &post["indexes"];
    let choice = |list: &str, index: &str| {
        given[list].get(indexes[index].as_u64().unwrap() as usize).cloned().unwrap_or_default()
    };
    let mut all = Vec::new();
    let mut check = |name: &'static str, same: bool| all.extend((!same).then_some(name));
    check("nonce", number(&given["nonce"]) == transaction.nonce.into());
    check("gasLimit", number(&choice("gasLimit", "gas")) == transaction.gas_limit.into());
    check("value", number(&choice("value", "value")) == transaction.value);
    check("data", bytes(&choice("data", "data")) == transaction.data);
    check("to", bytes(&given["to"]) == transaction.to.map_or(vec![], |to| to.0.to_vec()));
    if given["gasPrice"].is_null() {
        check("maxFeePerGas", number(&given["maxFeePerGas"]) == transaction.max_fee);
        check("maxPriorityFeePerGas", number(&given["maxPriorityFeePerGas"]) == transaction.max_priority_fee);
    } else {
        check("gasPrice", number(&given["gasPrice"]) == transaction.max_fee);
    }
    let access_list = choice("accessLists", "data");
    if access_list.is_array() {
        let list = AccessListItem::list_from_json(Node::root(&access_list)).unwrap();
        check("accessList", list == transaction.access_list);
    }
    if let Some(hashes) = given["blobVersionedHashes"].as_array() {
        check("maxFeePerBlobGas", number(&given["maxFeePerBlobGas"]) == transaction.max_blob_fee);
        let hashes: Vec<_> = hashes.iter().map(|hash| Node::root(hash).hash().unwrap()).collect();
        check("blobVersionedHashes", hashes == transaction.blob_hashes);
    }
    if let Some(list) = given["authorizationList"].as_array() {
        let read = |value| Authorization::from_json(Node::root(value)).unwrap();
        check("authorizationList", list.iter().map(read).eq(transaction.authorizations.iter().cloned()));
        let signers = list.iter().zip(&transaction.authorizations).all(|(given, authorization)| {
            let expected = given["signer"].as_str().and_then(evm_core::json::address);
            authorization
                .authority(&K256)
                .ok()
                .is_none_or(|found| expected.is_none_or(|signer| signer == found))
        });
        check("signers", signers);
    }
    let chain_id = transaction.chain_id.unwrap_or(1);
    let rules = Rules { chain_id, ..Rules::of(Fork::Osaka) };
    let sender = transaction.sender(&rules, &K256).ok();
    check("sender", sender == given["sender"].as_str().and_then(evm_core::json::address));
    all
}

/// Checks a case; true if its transaction has bytes that are one.
fn check(name: &str, given: &Value, post: &Value) -> Result<bool, String> {
    if let Some(state) = post.get("state") {
        let (found, expected) = (world(state).root(), Node::root(&post["hash"]).hash().unwrap());
        if found != expected {
            return Err(format!("{name}: state root {found:x}, not {expected:x}"));
        }
    }
    let encoded = bytes(&post["txbytes"]);
    match Transaction::decode(&encoded) {
        Ok(transaction) => {
            if transaction.encode() != encoded {
                return Err(format!("{name}: encoded otherwise than read"));
            }
            let differences = differences(given, post, &transaction);
            if differences.is_empty() { Ok(true) } else { Err(format!("{name}: {}", differences.join(", "))) }
        }
        Err(error @ Error::NoReceiver { .. }) => {
            let exception = post["expectException"].as_str().unwrap_or("none expected");
            if exception.ends_with("CONTRACT_CREATION") { Ok(false) } else { Err(format!("{name}: {error}")) }
        }
        Err(error) => Err(format!("{name}: {error}")),
    }
}

#[test]
fn states_and_transactions_of_state_tests() {
    let path = archive();
    let Ok(file) = std::fs::File::open(&path) else {
        println!("skipped: {} is not there (set GLASSBOX_VECTORS)", path.display());
        return;
    };
    let mut archive = tar::Archive::new(ruzstd::decoding::StreamingDecoder::new(file).unwrap());
    let (mut cases, mut decoded, mut failures) = (0, 0, Vec::new());
    for (number, entry) in archive.entries().unwrap().enumerate() {
        let mut entry = entry.unwrap();
        // All take a minute; the nightly run sets GLASSBOX_ALL.
        let chosen = number % 8 == 3 || std::env::var_os("GLASSBOX_ALL").is_some();
        if !chosen || entry.path().unwrap().extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let mut text = String::new();
        entry.read_to_string(&mut text).unwrap();
        let file: Value = serde_json::from_str(&text).unwrap();
        for (name, test) in file.as_object().unwrap() {
            for (fork, posts) in test["post"].as_object().unwrap() {
                for post in posts.as_array().unwrap() {
                    cases += 1;
                    match check(&format!("{name} {fork}"), &test["transaction"], post) {
                        Ok(has_bytes) => decoded += usize::from(has_bytes),
                        Err(failure) => failures.push(failure),
                    }
                }
            }
        }
    }
    assert!(
        failures.is_empty(),
        "{} failed:\n{}",
        failures.len(),
        failures[..failures.len().min(20)].join("\n")
    );
    println!("{cases} cases, {decoded} transactions");
    assert!(decoded > 2000);
}
