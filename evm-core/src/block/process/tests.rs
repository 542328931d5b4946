//! Blocks made here, as a miner or a consensus client makes them, processed; and the same with one thing wrong. What they
//! should leave behind is computed by hand; that roots and whole chains are right is for the test suites to say.

mod access_lists;
mod fuzz;
mod genesis;
mod headers;
mod ommers;
mod system;

use super::*;
use crate::block::{History, NO_ACCESSES, OmmerProblem, ommers_hash, transactions_root, withdrawals_root};
use crate::fork::Fork;
use crate::state::{Account, Code};
use crate::transaction::TxType;
use crate::transaction::tests::{Absent, K256};

const COINBASE: Address = Address::repeat_byte(0xC0);
const GWEI: u64 = 1_000_000_000;

fn ether(n: u64) -> U256 {
    U256::from(n) * U256::from(GWEI) * U256::from(GWEI)
}

/// The one who sends, and its key.
fn sender() -> (Address, H256) {
    let key = H256::repeat_byte(0x45);
    let mut tx = Transaction::default();
    (tx.sign(key, &K256).expect("a key within the group's order"), key)
}

fn world() -> World {
    let account = Account { balance: ether(100), ..Account::default() };
    World { accounts: BTreeMap::from([(sender().0, account)]) }
}

/// A history of `chain` that begins with `world`, whose genesis has the fields that block 0 has there.
fn history(chain: ChainConfig, world: World) -> History {
    let mut genesis = Header {
        ommers_hash: ommers_hash(&[]),
        state_root: state_root(&world),
        difficulty: 131_072.into(),
        gas_limit: 10_000_000,
        ..Header::default()
    };
    let rules = chain.rules_at(&Position { total_difficulty: Some(U256::zero()), ..Position::default() });
    if rules.proof_of_stake {
        genesis.difficulty = U256::zero();
    }
    genesis.base_fee = rules.base_fee.then_some(GWEI.into());
    genesis.withdrawals_root = rules.withdrawals.then(|| withdrawals_root(&[]));
    genesis.blob_gas_used = rules.blobs.map(|_| 0);
    genesis.excess_blob_gas = rules.blobs.map(|_| 0);
    genesis.parent_beacon_block_root = rules.beacon_root.then(H256::zero);
    genesis.requests_hash = rules.requests.then_some(NO_REQUESTS);
    genesis.block_access_list_hash = rules.block_access_lists.then_some(NO_ACCESSES);
    genesis.slot_number = rules.slot_numbers.then_some(0);
    History::new(chain, genesis, world)
}

fn of_fork(fork: Fork) -> History {
    history(ChainConfig::of_fork(fork), world())
}

/// The block after `parent` with these contents: everything in its header that follows from others is filled in.
fn child(history: &History, parent: H256, mut block: Block) -> Block {
    let chain = history.chain();
    let ancestry = history.ancestry(&parent).expect("a known parent");
    let before = &ancestry.recent[0].header;
    let header = &mut block.header;
    header.parent_hash = parent;
    header.number = before.number + 1;
    if header.timestamp == 0 {
        header.timestamp = before.timestamp + 12;
    }
    header.coinbase = COINBASE;
    let rules = chain.rules_at(&header.position(ancestry.total_difficulty));
    header.gas_limit = before.gas_limit;
    if rules.base_fee {
        let fees = chain.base_fee_at(&header.position(None));
        header.base_fee = Some(match before.base_fee {
            Some(fee) => crate::block::base_fee(fees, before.gas_limit, before.gas_used, fee),
            None => fees.initial,
        });
        if before.base_fee.is_none() {
            header.gas_limit *= fees.elasticity;
        }
    }
    if !rules.proof_of_stake {
        let elapsed = header.timestamp - before.timestamp;
        let has_ommers = before.ommers_hash != ommers_hash(&[]);
        let difficulty =
            crate::block::difficulty(&rules, header.number, elapsed, before.difficulty, has_ommers);
        header.difficulty = difficulty.expect("a small difficulty");
    }
    if rules.withdrawals {
        block.withdrawals.get_or_insert_default();
    }
    if let Some(blobs) = &rules.blobs {
        let (excess, used) = (before.excess_blob_gas.unwrap_or(0), before.blob_gas_used.unwrap_or(0));
        let fee = before.base_fee.unwrap_or_default();
        header.excess_blob_gas = Some(crate::block::excess_blob_gas(blobs, excess, used, fee));
    }
    header.parent_beacon_block_root = rules.beacon_root.then_some(H256::repeat_byte(0xBE));
    header.slot_number = rules.slot_numbers.then_some(header.number);
    header.withdrawals_root = block.withdrawals.as_deref().map(withdrawals_root);
    header.transactions_root = transactions_root(&block.transactions);
    header.ommers_hash = ommers_hash(&block.ommers);
    let env = header.env(ancestry.hashes);
    let world = World::clone(&history.get(&parent).expect("a known parent").world);
    let mut body = Body::new(chain, rules, env, world, &K256);
    let requests = execute(&mut body, &block).unwrap_or_default();
    let header = &mut block.header;
    header.gas_used = body.gas_used;
    header.blob_gas_used = body.rules.blobs.map(|_| body.blob_gas_used);
    header.requests_hash = body.rules.requests.then_some(NO_REQUESTS);
    assert!(requests.is_empty(), "these tests have no SHA-256");
    header.receipts_root = receipts_root(&body.receipts);
    header.bloom = receipts_bloom(&body.receipts);
    header.state_root = state_root(&body.world);
    header.block_access_list_hash = body.access_list.map(|list| list.finish().hash());
    block
}

/// The head's child with these transactions.
fn with(history: &History, transactions: Vec<Transaction>) -> Block {
    child(history, history.head().block.hash, Block { transactions, ..Block::default() })
}

/// The head's empty child.
fn empty(history: &History) -> Block {
    with(history, Vec::new())
}

/// A signed transfer of one wei, which pays 2 gwei a unit of gas.
fn transfer(nonce: u64, to: Address) -> Transaction {
    signed(Transaction {
        nonce,
        to: Some(to),
        value: U256::one(),
        gas_limit: 100_000,
        max_fee: (2 * GWEI).into(),
        max_priority_fee: (2 * GWEI).into(),
        ..Transaction::default()
    })
}

fn signed(mut tx: Transaction) -> Transaction {
    tx.sign(sender().1, &K256).expect("a key within the group's order");
    tx
}

fn balance(history: &History, address: Address) -> U256 {
    history.head().world.accounts.get(&address).map(|account| account.balance).unwrap_or_default()
}

#[test]
fn blocks_of_every_fork_follow_on_one_another() {
    for fork in Fork::ALL.into_iter().filter(|fork| *fork < Fork::Prague) {
        let mut history = of_fork(fork);
        for nonce in 0..3 {
            let block = with(&history, vec![transfer(nonce, Address::repeat_byte(7))]);
            let decoded = Block::decode(&block.encode()).expect("its own encoding");
            assert_eq!(decoded, block);
            history.import(&decoded, &K256).unwrap_or_else(|error| panic!("{fork:?} block {nonce}: {error}"));
        }
        assert_eq!(history.head().block.header.number, 3);
        assert_eq!(balance(&history, Address::repeat_byte(7)), U256::from(3));
        assert_eq!(history.head().receipts[0].cumulative_gas_used, 21_000);
    }
}

/// 21000 gas at 2 gwei; from London on the base fee of 1 gwei (which falls by an eighth to the first block) is burnt.
#[test]
fn beneficiaries_get_fees_and_rewards() {
    for (fork, reward, tip) in [
        (Fork::Frontier, 5, 2 * GWEI),
        (Fork::SpuriousDragon, 5, 2 * GWEI),
        (Fork::Byzantium, 3, 2 * GWEI),
        (Fork::Petersburg, 2, 2 * GWEI),
        (Fork::London, 2, 2 * GWEI - 875_000_000),
        (Fork::Paris, 0, 2 * GWEI - 875_000_000),
        (Fork::Cancun, 0, 2 * GWEI - 875_000_000),
    ] {
        let mut history = of_fork(fork);
        let block = with(&history, vec![transfer(0, Address::repeat_byte(7))]);
        history.import(&block, &K256).unwrap();
        assert_eq!(balance(&history, COINBASE), ether(reward) + U256::from(21_000 * tip), "{fork:?}");
        let paid = U256::from(21_000 * 2 * GWEI) + 1;
        assert_eq!(balance(&history, sender().0), ether(100) - paid, "{fork:?}");
    }
}

#[test]
fn receipts_tell_the_state_until_byzantium_and_the_status_since() {
    let outcome = |fork| {
        let mut history = of_fork(fork);
        let block = with(&history, vec![transfer(0, Address::repeat_byte(7))]);
        history.import(&block, &K256).unwrap();
        history.head().receipts[0].outcome
    };
    let mut after = world();
    let sender = after.accounts.get_mut(&sender().0).unwrap();
    (sender.nonce, sender.balance) = (1, ether(100) - U256::from(21_000 * 2 * GWEI) - 1);
    after.accounts.entry(Address::repeat_byte(7)).or_default().balance = U256::one();
    after.accounts.entry(COINBASE).or_default().balance = U256::from(21_000 * 2 * GWEI);
    assert_eq!(outcome(Fork::SpuriousDragon), Outcome::StateRoot(state_root(&after)));
    assert_eq!(outcome(Fork::Byzantium), Outcome::Status(true));
}

#[test]
fn withdrawals_are_paid_in_gwei() {
    let mut history = of_fork(Fork::Shanghai);
    let withdrawal = |address: u8, amount| Withdrawal {
        index: 1,
        validator_index: 2,
        address: Address::repeat_byte(address),
        amount,
    };
    let withdrawals = Some(vec![withdrawal(1, 5), withdrawal(2, 0), withdrawal(1, u64::MAX)]);
    let block = child(&history, history.head().block.hash, Block { withdrawals, ..Block::default() });
    history.import(&block, &K256).unwrap();
    let expected = (U256::from(u64::MAX) + 5) * U256::from(GWEI);
    assert_eq!(balance(&history, Address::repeat_byte(1)), expected);
    assert!(
        !history.head().world.accounts.contains_key(&Address::repeat_byte(2)),
        "nothing makes no account"
    );
    let mut other = block.clone();
    other.withdrawals = None;
    assert_eq!(history_error(&mut of_fork(Fork::Shanghai), &other), BlockError::MissingField("withdrawals"));
}

fn history_error(history: &mut History, block: &Block) -> BlockError {
    let before = history.head().block.hash;
    let error = history.import(block, &K256).expect_err("refused");
    assert_eq!(history.head().block.hash, before);
    assert!(!error.name().is_empty() && !error.to_string().is_empty());
    error
}

#[test]
fn transactions_share_the_blocks_gas() {
    let mut history = of_fork(Fork::Cancun);
    let big = |nonce, gas_limit| {
        let mut tx = transfer(nonce, Address::repeat_byte(7));
        tx.gas_limit = gas_limit;
        signed(tx)
    };
    let good = with(&history, vec![big(0, 9_000_000), big(1, 10_000_000 - 21_000)]);
    let bad = with(&history, vec![big(0, 9_000_000), big(1, 10_000_000 - 20_999)]);
    let error = history_error(&mut history, &bad);
    let expected = Rejected::OverBlockGasLimit { limit: 9_979_001, block: 9_979_000 };
    assert_eq!(error, BlockError::Transaction { index: 1, error: expected });
    history.import(&good, &K256).unwrap();
}

#[test]
fn blocks_share_the_blobs() {
    let mut history = of_fork(Fork::Cancun);
    let blobs = |nonce, count| {
        let mut tx = transfer(nonce, Address::repeat_byte(7));
        let mut hash = H256::zero();
        hash.0[0] = 1;
        (tx.tx_type, tx.chain_id) = (TxType::Blob, Some(1));
        (tx.blob_hashes, tx.max_blob_fee) = (vec![hash; count], U256::one());
        signed(tx)
    };
    let bad = with(&history, vec![blobs(0, 4), blobs(1, 3)]);
    let good = with(&history, vec![blobs(0, 4), blobs(1, 2)]);
    let error = history_error(&mut history, &bad);
    let expected = Rejected::TooManyBlobs { blobs: 7, most: 6 };
    assert_eq!(error, BlockError::Transaction { index: 1, error: expected });
    history.import(&good, &K256).unwrap();
    assert_eq!(history.head().block.header.blob_gas_used, Some(6 * GAS_PER_BLOB));
    history.import(&empty(&history), &K256).unwrap();
    assert_eq!(history.head().block.header.excess_blob_gas, Some(3 * GAS_PER_BLOB));
}

#[test]
fn bad_transactions_are_named_by_their_index() {
    let mut history = of_fork(Fork::Berlin);
    let good = transfer(0, Address::repeat_byte(7));
    let unsigned = Transaction { signature: None, ..transfer(1, Address::repeat_byte(7)) };
    for (tx, name) in [
        (transfer(2, Address::repeat_byte(7)), "NONCE_MISMATCH_TOO_HIGH"),
        (
            signed(Transaction { value: ether(200), ..transfer(1, Address::zero()) }),
            "INSUFFICIENT_ACCOUNT_FUNDS",
        ),
        (signed(Transaction { chain_id: Some(2), ..transfer(1, Address::zero()) }), "INVALID_CHAINID"),
        (unsigned, "INVALID_SIGNATURE_VRS"),
    ] {
        let block = with(&history, vec![good.clone(), tx]);
        let error = history_error(&mut history, &block);
        assert_eq!(error.name(), name);
        assert!(error.to_string().starts_with("transaction 1: "), "{error}");
    }
}

#[test]
fn the_dao_fork_moves_ether_and_marks_its_blocks() {
    let chain = ChainConfig::of_network("HomesteadToDaoAt5").unwrap();
    let dao = Address(crate::chain::hex_literal(b"bb9bc244d798123fde783fcc1c72d3bb8c189413"));
    let mut world = world();
    world.accounts.entry(dao).or_default().balance = ether(11);
    let mut history = history(chain, world);
    for number in 1..=16 {
        let mut block = empty(&history);
        let marked = Block {
            header: Header { extra_data: b"dao-hard-fork".to_vec(), ..block.header.clone() },
            ..block.clone()
        };
        if (5..15).contains(&number) {
            assert_eq!(history_error(&mut history, &block), BlockError::DaoExtraData);
            block = marked;
        } else if number == 4 {
            assert_eq!(balance(&history, dao), ether(11));
        }
        history.import(&block, &K256).unwrap();
    }
    assert_eq!(balance(&history, dao), U256::zero());
    assert_eq!(balance(&history, crate::block::DAO_RECOVERY), ether(11));
}

#[test]
fn forks_change_the_header_at_their_block_and_time() {
    let mut berlin = history(ChainConfig::of_network("BerlinToLondonAt5").unwrap(), world());
    for _ in 0..6 {
        berlin.import(&empty(&berlin), &K256).unwrap();
        let header = &berlin.head().block.header;
        let london = header.number >= 5;
        assert_eq!(header.gas_limit, if london { 20_000_000 } else { 10_000_000 });
        let fee = [(5, GWEI), (6, 875_000_000)].iter().find(|(number, _)| *number == header.number);
        assert_eq!(header.base_fee, fee.map(|(_, fee)| (*fee).into()));
    }
    let mut shanghai = history(ChainConfig::of_network("ShanghaiToCancunAtTime15k").unwrap(), world());
    for (timestamp, cancun) in [(14_999, false), (15_000, true), (15_001, true)] {
        let header = Header { timestamp, ..Header::default() };
        let block = child(&shanghai, shanghai.head().block.hash, Block { header, ..Block::default() });
        shanghai.import(&block, &K256).unwrap();
        assert_eq!(shanghai.head().block.header.excess_blob_gas.is_some(), cancun);
    }
}

#[test]
fn proof_of_stake_begins_after_the_terminal_difficulty() {
    // Genesis and block 1 together have 0x40000 or a bit more.
    let chain = ChainConfig::of_network("ArrowGlacierToParisAtDiffC0000").unwrap();
    let mut history = history(chain, world());
    for _ in 0..8 {
        let before = history.head().total_difficulty;
        let block = empty(&history);
        history.import(&block, &K256).unwrap();
        assert_eq!(block.header.difficulty.is_zero(), before >= U256::from(0xC0000), "{before}");
    }
    assert!(history.head().block.header.difficulty.is_zero());
}

/// Where a history begins later, the difficulties before are not known, but the block is from which on stake proves.
#[test]
fn a_history_can_begin_after_genesis() {
    let chain = ChainConfig::preset("mainnet").unwrap();
    for (number, proof_of_stake) in [(15_537_000, false), (15_537_394, true)] {
        let mut first = of_fork(Fork::London).head().block.header.clone();
        (first.number, first.timestamp) = (number, 1_663_224_000);
        let mut history = History::new(chain.clone(), first, world());
        history.import(&empty(&history), &K256).unwrap();
        assert_eq!(history.head().block.header.difficulty.is_zero(), proof_of_stake);
    }
}

#[test]
fn the_head_has_the_most_difficulty() {
    let mut history = of_fork(Fork::Berlin);
    let genesis = history.head().block.hash;
    let slow = |timestamp| Block { header: Header { timestamp, ..Header::default() }, ..Block::default() };
    let first = child(&history, genesis, slow(50));
    let second = child(&history, genesis, slow(51));
    let faster = child(&history, genesis, slow(5));
    assert_eq!(first.header.difficulty, second.header.difficulty);
    let import = |history: &mut History, block: &Block| {
        history.import(block, &K256).unwrap();
        history.head().block.hash
    };
    assert_eq!(import(&mut history, &first), first.header.hash());
    assert_eq!(import(&mut history, &second), first.header.hash(), "the first of equals");
    assert_eq!(import(&mut history, &faster), faster.header.hash(), "more difficulty");
    let after = child(&history, second.header.hash(), slow(60));
    assert_eq!(import(&mut history, &after), after.header.hash(), "a longer branch");
    assert_eq!(import(&mut history, &after), after.header.hash(), "again");
    let orphan = Block { header: Header { parent_hash: H256::zero(), ..after.header }, ..Block::default() };
    assert_eq!(history_error(&mut history, &orphan), BlockError::UnknownParent(H256::zero()));
}

#[test]
fn without_cryptography_nothing_is_decided() {
    let mut history = of_fork(Fork::Cancun);
    let block = with(&history, vec![transfer(0, COINBASE)]);
    assert_eq!(history.import(&block, &Absent), Err(BlockError::NeedsCrypto));
    assert!(history.import(&block, &K256).is_ok());
}
