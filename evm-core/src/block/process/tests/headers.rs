//! Headers with one field wrong.

use super::*;

type Spoil = fn(&mut Header);

fn refuse(fork: Fork, spoil: Spoil, expected: &str) {
    let mut history = of_fork(fork);
    history.import(&empty(&history), &K256).unwrap();
    let mut block = with(&history, vec![transfer(0, Address::repeat_byte(7))]);
    assert!(history.clone().import(&block, &K256).is_ok(), "{fork:?}");
    spoil(&mut block.header);
    let error = history_error(&mut history, &block);
    assert_eq!(error.name(), expected, "{fork:?}: {error}");
}

#[test]
fn every_field_is_checked() {
    let always: [(Spoil, &str); 17] = [
        (|header| header.parent_hash.0[0] ^= 1, "UNKNOWN_PARENT"),
        (|header| header.ommers_hash.0[0] ^= 1, "INVALID_UNCLES_HASH"),
        (|header| header.coinbase.0[0] ^= 1, "INVALID_STATE_ROOT"),
        (|header| header.state_root.0[0] ^= 1, "INVALID_STATE_ROOT"),
        (|header| header.transactions_root.0[0] ^= 1, "INVALID_TRANSACTIONS_ROOT"),
        (|header| header.receipts_root.0[0] ^= 1, "INVALID_RECEIPTS_ROOT"),
        (|header| header.bloom.0[0] ^= 1, "INVALID_LOG_BLOOM"),
        (|header| header.difficulty += U256::one(), "INVALID_DIFFICULTY"),
        (|header| header.number += 1, "INVALID_BLOCK_NUMBER"),
        (|header| header.number = 0, "INVALID_BLOCK_NUMBER"),
        (|header| header.gas_limit = 10_009_765, "INVALID_GASLIMIT"),
        (|header| header.gas_limit = 9_990_235, "INVALID_GASLIMIT"),
        (|header| header.gas_used += 1, "INVALID_GAS_USED"),
        (|header| header.gas_used = header.gas_limit + 1, "INVALID_GAS_USED_ABOVE_LIMIT"),
        (|header| header.timestamp = 12, "INVALID_BLOCK_TIMESTAMP_OLDER_THAN_PARENT"),
        (|header| header.timestamp = 0, "INVALID_BLOCK_TIMESTAMP_OLDER_THAN_PARENT"),
        (|header| header.extra_data = vec![0; 33], "EXTRA_DATA_TOO_BIG"),
    ];
    for fork in [Fork::Byzantium, Fork::London, Fork::Paris, Fork::Cancun] {
        for (spoil, expected) in always {
            refuse(fork, spoil, expected);
        }
    }
}

#[test]
fn fields_of_forks_are_there_from_them_on() {
    let format = "INCORRECT_BLOCK_FORMAT";
    refuse(Fork::Berlin, |header| header.base_fee = Some(GWEI.into()), format);
    refuse(Fork::London, |header| header.base_fee = None, format);
    refuse(
        Fork::London,
        |header| header.base_fee = header.base_fee.map(|fee| fee + 1),
        "INVALID_BASEFEE_PER_GAS",
    );
    refuse(Fork::Paris, |header| header.nonce[7] = 1, format);
    refuse(Fork::Paris, |header| header.withdrawals_root = Some(withdrawals_root(&[])), format);
    refuse(Fork::Shanghai, |header| header.withdrawals_root = None, format);
    refuse(Fork::Shanghai, |header| header.withdrawals_root = Some(H256::zero()), "INVALID_WITHDRAWALS_ROOT");
    refuse(Fork::Shanghai, |header| header.blob_gas_used = Some(0), format);
    refuse(Fork::Cancun, |header| header.blob_gas_used = None, format);
    refuse(Fork::Cancun, |header| header.excess_blob_gas = None, format);
    refuse(Fork::Cancun, |header| header.parent_beacon_block_root = None, format);
    refuse(Fork::Cancun, |header| header.excess_blob_gas = Some(1), "INCORRECT_EXCESS_BLOB_GAS");
    refuse(Fork::Cancun, |header| header.blob_gas_used = Some(GAS_PER_BLOB), "INCORRECT_BLOB_GAS_USED");
    refuse(Fork::Cancun, |header| header.blob_gas_used = Some(7 * GAS_PER_BLOB), "BLOB_GAS_USED_ABOVE_LIMIT");
    refuse(Fork::Cancun, |header| header.requests_hash = Some(NO_REQUESTS), format);
}

#[test]
fn gas_limits_move_by_less_than_a_1024th_and_stay_in_range() {
    let step = |limit: u64, next: u64| {
        let mut genesis = of_fork(Fork::Berlin).head().block.header.clone();
        genesis.gas_limit = limit;
        let mut history = History::new(ChainConfig::of_fork(Fork::Berlin), genesis, world());
        let mut block = empty(&history);
        block.header.gas_limit = next;
        history.import(&block, &K256).is_ok()
    };
    // 10000000 / 1024 = 9765.
    assert!(step(10_000_000, 10_009_764) && step(10_000_000, 9_990_236));
    assert!(step(5_001, 5_001) && step(5_003, 5_000));
    assert!(!step(5_003, 4_999));
    let most = i64::MAX as u64;
    assert!(step(most, most) && !step(most, most + 1));
    assert!(!step(0, 0));
}

#[test]
fn long_blocks_are_refused_from_osaka_on() {
    assert_eq!(Rules::of(Fork::Osaka).max_block_size, Some(8_388_608));
    let block = with(&of_fork(Fork::Cancun), vec![transfer(0, COINBASE)]);
    let mut rules = Rules { max_block_size: Some(block.encode().len()), ..Rules::of(Fork::Cancun) };
    assert_eq!(validate::validate_body(&rules, &block), Ok(()));
    rules.max_block_size = Some(block.encode().len() - 1);
    assert!(matches!(validate::validate_body(&rules, &block), Err(BlockError::Size { .. })));
}
