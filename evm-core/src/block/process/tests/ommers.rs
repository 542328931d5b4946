//! Ommers: who gets what, and which are refused.

use super::*;

/// A history with blocks 1 to `length`, and their hashes from genesis on.
fn line(length: u64) -> (History, Vec<H256>) {
    let mut history = of_fork(Fork::Byzantium);
    let mut hashes = vec![history.head().block.hash];
    for _ in 0..length {
        let block = empty(&history);
        hashes.push(history.import(&block, &K256).unwrap());
    }
    (history, hashes)
}

/// A block after `parent` that is not in the line: it is two seconds later than the one that is.
fn ommer(history: &History, parent: H256) -> Header {
    let timestamp = history.get(&parent).unwrap().block.header.timestamp + 14;
    let header = Header { timestamp, ..Header::default() };
    let mut header = child(history, parent, Block { header, ..Block::default() }).header;
    header.coinbase = Address::repeat_byte(header.number as u8);
    header
}

fn with_ommers(history: &History, ommers: Vec<Header>) -> Block {
    child(history, history.head().block.hash, Block { ommers, ..Block::default() })
}

fn problem(history: &History, ommers: Vec<Header>) -> OmmerProblem {
    let block = with_ommers(history, ommers);
    match history_error(&mut history.clone(), &block) {
        BlockError::Ommer { problem, .. } => problem,
        error => panic!("{error}"),
    }
}

/// Yellow Paper 11.3: with a reward of 3 ether, a 32nd more for each ommer, and (8 - generations) eighths for it.
#[test]
fn ommers_are_paid_by_their_age() {
    let (mut history, hashes) = line(7);
    let before = balance(&history, COINBASE);
    let block = with_ommers(&history, vec![ommer(&history, hashes[1]), ommer(&history, hashes[6])]);
    history.import(&block, &K256).unwrap();
    assert_eq!(block.header.number, 8);
    let milli = ether(1) / 1_000;
    assert_eq!(balance(&history, Address::repeat_byte(2)), milli * 750, "six generations before: 2/8 of 3");
    assert_eq!(balance(&history, Address::repeat_byte(7)), milli * 2_625, "one generation before: 7/8 of 3");
    assert_eq!(balance(&history, COINBASE) - before, ether(3) + ether(3) / 16);
    // EIP-100: they raise the next block's difficulty. 12 s after its parent it would stay the same.
    let next = empty(&history).header;
    assert_eq!(next.difficulty, block.header.difficulty + block.header.difficulty / 2048);
}

#[test]
fn at_most_two_and_each_once() {
    let (mut history, hashes) = line(4);
    let ommers: Vec<Header> = (0..3).map(|parent| ommer(&history, hashes[parent])).collect();
    let block = with_ommers(&history, ommers.clone());
    assert_eq!(history_error(&mut history, &block), BlockError::TooManyOmmers(3));
    assert_eq!(problem(&history, vec![ommers[0].clone(), ommers[0].clone()]), OmmerProblem::Twice);
    let block = with_ommers(&history, ommers[..2].to_vec());
    history.import(&block, &K256).unwrap();
    assert_eq!(problem(&history, vec![ommers[1].clone()]), OmmerProblem::InChain);
}

#[test]
fn neither_ancestors_nor_siblings_nor_strangers() {
    let (history, hashes) = line(8);
    let header = |number: usize| history.get(&hashes[number]).unwrap().block.header.clone();
    assert_eq!(problem(&history, vec![header(8)]), OmmerProblem::Ancestor);
    assert_eq!(problem(&history, vec![header(3)]), OmmerProblem::Ancestor);
    assert_eq!(problem(&history, vec![ommer(&history, hashes[8])]), OmmerProblem::Sibling);
    // The block is number 9: parents are 2 at least.
    assert_eq!(problem(&history, vec![ommer(&history, hashes[1])]), OmmerProblem::UnknownParent);
    let stranger = Header { parent_hash: H256::zero(), ..ommer(&history, hashes[6]) };
    assert_eq!(problem(&history, vec![stranger]), OmmerProblem::UnknownParent);
}

#[test]
fn headers_of_ommers_are_valid() {
    let (history, hashes) = line(4);
    let spoilt = |spoil: fn(&mut Header)| {
        let mut header = ommer(&history, hashes[2]);
        spoil(&mut header);
        match problem(&history, vec![header]) {
            OmmerProblem::Header(error) => error.name(),
            other => panic!("{other}"),
        }
    };
    assert_eq!(spoilt(|header| header.difficulty += U256::one()), "INVALID_DIFFICULTY");
    assert_eq!(spoilt(|header| header.number += 1), "INVALID_BLOCK_NUMBER");
    assert_eq!(spoilt(|header| header.gas_limit = 5), "INVALID_GASLIMIT");
    assert_eq!(spoilt(|header| header.gas_used = u64::MAX), "INVALID_GAS_USED_ABOVE_LIMIT");
    assert_eq!(spoilt(|header| header.timestamp = 1), "INVALID_BLOCK_TIMESTAMP_OLDER_THAN_PARENT");
    assert_eq!(spoilt(|header| header.extra_data = vec![0; 33]), "EXTRA_DATA_TOO_BIG");
    assert_eq!(spoilt(|header| header.base_fee = Some(GWEI.into())), "INCORRECT_BLOCK_FORMAT");
}

#[test]
fn proof_of_stake_has_none() {
    let mut history = of_fork(Fork::Paris);
    history.import(&empty(&history), &K256).unwrap();
    let ommer = history.head().block.header.clone();
    let mut block = empty(&history);
    block.ommers = vec![ommer];
    block.header.ommers_hash = ommers_hash(&block.ommers);
    assert_eq!(history_error(&mut history, &block).name(), "INVALID_UNCLES_HASH");
    block.header.ommers_hash = ommers_hash(&[]);
    assert_eq!(history_error(&mut history, &block), BlockError::TooManyOmmers(1));
}
