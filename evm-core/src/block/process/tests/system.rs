//! System calls and requests.

use super::*;
use crate::block::{BEACON_ROOTS, CONSOLIDATION_REQUESTS, HISTORY_STORAGE, WITHDRAWAL_REQUESTS};

/// SSTORE(NUMBER, CALLDATALOAD(0)); SSTORE(CALLER, 1): remembers what it was told, and by whom.
const REMEMBER: &[u8] = &[0x5F, 0x35, 0x43, 0x55, 0x60, 0x01, 0x33, 0x55];
/// STOP.
const NOTHING: &[u8] = &[0x00];
/// INVALID.
const FAILING: &[u8] = &[0xFE];

fn with_contracts(fork: Fork, contracts: &[(Address, &[u8])]) -> History {
    let mut world = world();
    for (address, code) in contracts {
        world.accounts.insert(*address, Account { code: Code::new(*code), nonce: 1, ..Account::default() });
    }
    history(ChainConfig::of_fork(fork), world)
}

#[test]
fn contracts_are_told_the_beacon_root_and_the_parents_hash() {
    let mut history = with_contracts(
        Fork::Prague,
        &[
            (BEACON_ROOTS, REMEMBER),
            (HISTORY_STORAGE, REMEMBER),
            (WITHDRAWAL_REQUESTS, NOTHING),
            (CONSOLIDATION_REQUESTS, NOTHING),
        ],
    );
    let genesis = history.head().block.hash;
    history.import(&empty(&history), &K256).unwrap();
    let world = &history.head().world;
    let told = |address, number| H256(world.storage(&address, &U256::from(number)).to_big_endian());
    assert_eq!(told(BEACON_ROOTS, 1), H256::repeat_byte(0xBE));
    assert_eq!(told(HISTORY_STORAGE, 1), genesis);
    // EIP-4788's caller, which pays nothing and is not there afterwards.
    let system: Address = "fffffffffffffffffffffffffffffffffffffffe".parse().unwrap();
    let caller = U256::from_big_endian(system.as_bytes());
    assert_eq!(world.storage(&BEACON_ROOTS, &caller), U256::one());
    assert!(!world.accounts.contains_key(&system));
}

#[test]
fn contracts_that_are_only_told_something_may_be_missing_or_fail() {
    for contracts in [&[][..], &[(BEACON_ROOTS, FAILING)]] {
        let mut history = with_contracts(Fork::Cancun, contracts);
        history.import(&empty(&history), &K256).unwrap();
    }
}

#[test]
fn contracts_that_are_asked_for_requests_must_answer() {
    let refused = |contracts: &[(Address, &[u8])]| {
        let mut history = with_contracts(Fork::Prague, contracts);
        let block = empty(&history);
        history_error(&mut history, &block)
    };
    let (first, second) = (WITHDRAWAL_REQUESTS, CONSOLIDATION_REQUESTS);
    assert_eq!(refused(&[]), BlockError::SystemContractMissing(first));
    assert_eq!(refused(&[(first, NOTHING)]), BlockError::SystemContractMissing(second));
    assert_eq!(refused(&[(first, FAILING), (second, NOTHING)]), BlockError::SystemContractFailed(first));
    assert_eq!(refused(&[(first, NOTHING), (second, FAILING)]), BlockError::SystemContractFailed(second));
}

#[test]
fn what_contracts_return_are_requests_in_the_order_of_types() {
    // MSTORE8(0, n); RETURN(0, 1).
    let returns = |n: u8| [0x60, n, 0x5F, 0x53, 0x60, 0x01, 0x5F, 0xF3];
    let history = with_contracts(
        Fork::Prague,
        &[(CONSOLIDATION_REQUESTS, &returns(0xBB)), (WITHDRAWAL_REQUESTS, &returns(0xAA))],
    );
    let chain = history.chain();
    let rules = chain.rules_at(&Position::default());
    let world = World::clone(&history.head().world);
    let mut body = Body::new(chain, rules, BlockEnv::default(), world, &K256);
    assert_eq!(body.requests(&mut NoInspector), Ok(vec![vec![1, 0xAA], vec![2, 0xBB]]));
    body.receipts.push(Receipt {
        tx_type: TxType::Legacy,
        outcome: Outcome::Status(true),
        cumulative_gas_used: 0,
        logs: vec![crate::block::Log {
            address: chain.deposit_contract,
            topics: vec![keccak256(b"DepositEvent(bytes,bytes,bytes,bytes,bytes)")],
            data: Vec::new(),
        }],
    });
    assert_eq!(body.requests(&mut NoInspector), Err(BlockError::DepositEvent));
    body.rules.requests = false;
    assert_eq!(body.requests(&mut NoInspector), Ok(Vec::new()));
}
