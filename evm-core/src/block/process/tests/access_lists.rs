//! Access lists of whole blocks (EIP-7928), made by hand. That of one transaction is compared with revm's by the fuzzing.

use super::*;
use crate::block::{
    AccountAccess, BEACON_ROOTS, BlockAccessList, CONSOLIDATION_REQUESTS, HISTORY_STORAGE,
    WITHDRAWAL_REQUESTS, Written,
};
use crate::transaction::AccessListItem;

/// Code of the system contracts, as EIP-4788, 2935, 7002 and 7251 have it.
mod code {
    pub const BEACON_ROOTS: &str = "3373fffffffffffffffffffffffffffffffffffffffe14604d57602036146024575f5ffd5b5f35801560495762001fff8106\
         90815414603c575f5ffd5b62001fff01545f5260205ff35b5f5ffd5b62001fff42064281555f359062001fff015500";
    pub const HISTORY: &str = "3373fffffffffffffffffffffffffffffffffffffffe14604657602036036042575f35600143038111604257611fff814303\
         11604257611fff9006545f5260205ff35b5f5ffd5b5f35611fff60014303065500";
    pub const WITHDRAWALS: &str = "3373fffffffffffffffffffffffffffffffffffffffe1460cb5760115f54807fffffffffffffffffffffffffffffffffffff\
         ffffffffffffffffffffffffffff146101f457600182026001905f5b5f821115606857810190830284830290049160010191\
         90604d565b909390049250505036603814608857366101f457346101f4575f5260205ff35b34106101f45760015460010160\
         0155600354806003026004013381556001015f35815560010160203590553360601b5f5260385f601437604c5fa060010160\
         0355005b6003546002548082038060101160df575060105b5f5b8181146101835782810160030260040181604c0281546060\
         1b8152601401816001015481526020019060020154807fffffffffffffffffffffffffffffffff0000000000000000000000\
         0000000000168252906010019060401c908160381c81600701538160301c81600601538160281c81600501538160201c8160\
         0401538160181c81600301538160101c81600201538160081c81600101535360010160e1565b910180921461019557906002\
         556101a0565b90505f6002555f6003555b5f54807fffffffffffffffffffffffffffffffffffffffffffffffffffffffffff\
         ffffff14156101cd57505f5b6001546002828201116101e25750505f6101e8565b01600290035b5f555f600155604c025ff3\
         5b5f5ffd";
    pub const CONSOLIDATIONS: &str = "3373fffffffffffffffffffffffffffffffffffffffe1460d35760115f54807fffffffffffffffffffffffffffffffffffff\
         ffffffffffffffffffffffffffff1461019a57600182026001905f5b5f821115606857810190830284830290049160010191\
         90604d565b9093900492505050366060146088573661019a573461019a575f5260205ff35b341061019a5760015460010160\
         0155600354806004026004013381556001015f358155600101602035815560010160403590553360601b5f5260605f601437\
         60745fa0600101600355005b6003546002548082038060021160e7575060025b5f5b81811461012957828101600402600401\
         81607402815460601b815260140181600101548152602001816002015481526020019060030154905260010160e9565b9101\
         80921461013b5790600255610146565b90505f6002555f6003555b5f54807fffffffffffffffffffffffffffffffffffffff\
         ffffffffffffffffffffffffff141561017357505f5b6001546001828201116101885750505f61018e565b01600190035b5f\
         555f6001556074025ff35b5f5ffd";
}

const CONTRACT: Address = Address::repeat_byte(0x77);

fn amsterdam(code: &str) -> History {
    let mut world = world();
    let mut contract = |address, code: &str| {
        let code = Code::new(hex::decode(code).expect("digits"));
        world.accounts.insert(address, Account { nonce: 1, code, ..Account::default() });
    };
    contract(BEACON_ROOTS, code::BEACON_ROOTS);
    contract(HISTORY_STORAGE, code::HISTORY);
    contract(WITHDRAWAL_REQUESTS, code::WITHDRAWALS);
    contract(CONSOLIDATION_REQUESTS, code::CONSOLIDATIONS);
    contract(CONTRACT, code);
    let account = world.accounts.get_mut(&CONTRACT).expect("just made");
    account.storage = BTreeMap::from([(U256::one(), U256::from(0x11)), (U256::from(2), U256::from(0x22))]);
    history(ChainConfig::of_fork(Fork::Amsterdam), world)
}

fn list(history: &History, block: &Block) -> BlockAccessList {
    let parent = block.header.parent_hash;
    let ancestry = history.ancestry(&parent).expect("a known parent");
    let world = &history.get(&parent).expect("a known parent").world;
    let processed = execute_block(history.chain(), world, &ancestry, block, &K256).expect("a good block");
    processed.access_list.expect("Amsterdam has lists")
}

fn of(list: &BlockAccessList, address: Address) -> AccountAccess {
    let found = list.0.iter().find(|account| account.address == address);
    found.unwrap_or_else(|| panic!("{address:#x} is not in the list")).clone()
}

fn at<T>(index: u64, value: T) -> Vec<Written<T>> {
    vec![Written { index, value }]
}

/// 15 accounts and slots, as the execution-spec tests count them: the roots' contract writes the time and keeps a root
/// of zero, the hashes' contract writes one, the two others read their four counters.
#[test]
fn an_empty_block_accesses_the_system_contracts() {
    let history = amsterdam("00");
    let mut block = empty(&history);
    block.header.parent_beacon_block_root = Some(H256::zero());
    let list = list(&history, &block);
    assert_eq!(list.items(), 15);
    let time = block.header.timestamp;
    let ring = U256::from(8191);
    let roots = of(&list, BEACON_ROOTS);
    assert_eq!(roots.storage_changes, [(U256::from(time), at(0, U256::from(time)))]);
    assert_eq!(roots.storage_reads, [U256::from(time) + ring]);
    let hash = U256::from_big_endian(&history.head().block.hash.0);
    assert_eq!(of(&list, HISTORY_STORAGE).storage_changes, [(U256::zero(), at(0, hash))]);
    for queue in [WITHDRAWAL_REQUESTS, CONSOLIDATION_REQUESTS] {
        let expected = AccountAccess {
            address: queue,
            storage_reads: (0..4).map(U256::from).collect(),
            ..AccountAccess::default()
        };
        assert_eq!(of(&list, queue), expected);
    }
}

#[test]
fn transactions_and_withdrawals_have_indices_of_their_own() {
    let history = amsterdam("00");
    let [first, second, payee] = [0x31, 0x32, 0x33].map(Address::repeat_byte);
    let withdrawal = |address, amount| Withdrawal { address, amount, ..Withdrawal::default() };
    let withdrawals = vec![withdrawal(payee, 1), withdrawal(second, 2), withdrawal(payee, 3)];
    let zero = Address::repeat_byte(0x34);
    // EIP-8037: gas for an account that is new, too.
    let pays = |nonce, to| signed(Transaction { gas_limit: 1_000_000, ..transfer(nonce, to) });
    let block = Block {
        transactions: vec![pays(0, first), pays(1, second)],
        withdrawals: Some([withdrawals, vec![withdrawal(zero, 0)]].concat()),
        ..Block::default()
    };
    let block = child(&history, history.head().block.hash, block);
    let list = list(&history, &block);
    let receives = |address| AccountAccess { address, ..AccountAccess::default() };
    let gwei = U256::from(GWEI);
    assert_eq!(of(&list, first), AccountAccess { balance_changes: at(1, U256::one()), ..receives(first) });
    let both = [at(2, U256::one()), at(3, U256::one() + gwei * 2)].concat();
    assert_eq!(of(&list, second), AccountAccess { balance_changes: both, ..receives(second) });
    assert_eq!(of(&list, payee), AccountAccess { balance_changes: at(3, gwei * 4), ..receives(payee) });
    assert_eq!(of(&list, zero), receives(zero));
    // All gas is paid at 2 gwei, of which the beneficiary gets what is over the base fee.
    let gas = history_gas(&history, &block);
    let paid = |gas: u64| U256::from(gas) * gwei * 2;
    let sent = of(&list, sender().0);
    let left = ether(100) - paid(gas[0]) - 1;
    assert_eq!(sent.balance_changes, [at(1, left), at(2, left - paid(gas[1]) - 1)].concat());
    assert_eq!(sent.nonce_changes, [at(1, 1), at(2, 2)].concat());
    let tip = |gas: u64| U256::from(gas) * (gwei * 2 - block.header.base_fee.unwrap());
    assert_eq!(
        of(&list, COINBASE).balance_changes,
        [at(1, tip(gas[0])), at(2, tip(gas[0]) + tip(gas[1]))].concat()
    );
    assert!(list.0.is_sorted_by(|one, next| one.address < next.address));
}

/// Gas that each transaction of the block pays.
fn history_gas(history: &History, block: &Block) -> Vec<u64> {
    let ancestry = history.ancestry(&block.header.parent_hash).expect("a known parent");
    let world = &history.get(&block.header.parent_hash).expect("a known parent").world;
    let processed = execute_block(history.chain(), world, &ancestry, block, &K256).expect("a good block");
    let mut before = 0;
    let each = |receipt: &Receipt| {
        receipt.cumulative_gas_used - std::mem::replace(&mut before, receipt.cumulative_gas_used)
    };
    processed.receipts.iter().map(each).collect()
}

/// One transaction that calls the contract, with slots 1 and 9 in its own access list, and an account that it never
/// looks at.
fn call(code: &str) -> BlockAccessList {
    let history = amsterdam(code);
    let listed = |address, storage_keys| AccessListItem { address, storage_keys };
    let call = Transaction {
        tx_type: TxType::AccessList,
        chain_id: Some(1),
        access_list: vec![
            listed(CONTRACT, vec![U256::one(), U256::from(9)]),
            listed(Address::repeat_byte(0x99), vec![U256::zero()]),
        ],
        gas_limit: 1_000_000,
        value: U256::zero(),
        ..transfer(0, CONTRACT)
    };
    list(&history, &with(&history, vec![signed(call)]))
}

#[test]
fn storage_is_read_written_or_neither() {
    // SSTORE(2, SLOAD(1)); SSTORE(1, SLOAD(1)); SSTORE(3, 1); SSTORE(3, 0); SSTORE(4, 5).
    let contract = of(&call("600154600255600154600155600160035560006003556005600455"), CONTRACT);
    assert_eq!(
        contract.storage_changes,
        [(U256::from(2), at(1, U256::from(0x11))), (U256::from(4), at(1, U256::from(5)))]
    );
    assert_eq!(contract.storage_reads, [U256::one(), U256::from(3)]);
}

#[test]
fn what_is_only_listed_is_not_accessed() {
    let list = call("00");
    assert!(list.0.iter().all(|account| account.address != Address::repeat_byte(0x99)));
    // The precompiled contracts are warm, and nobody called one.
    assert!(list.0.iter().all(|account| account.address > Address::from_low_u64_be(0xFFFF)));
    assert_eq!(of(&list, CONTRACT), AccountAccess { address: CONTRACT, ..AccountAccess::default() });
}

#[test]
fn what_a_failed_call_looked_at_stays() {
    // BALANCE(0x99..), SLOAD(9), SSTORE(2, 0), STATICCALL of 0x04, INVALID.
    let address = "99".repeat(20);
    let code = format!("73{address}3150600954506000600255600060006000600060045afa50fe");
    let list = call(&code);
    assert_eq!(of(&list, Address::repeat_byte(0x99)).storage_reads, []);
    let contract = of(&list, CONTRACT);
    assert_eq!(contract.storage_reads, [U256::from(2), U256::from(9)]);
    assert_eq!(contract.storage_changes, []);
    let identity = Address::from_low_u64_be(4);
    assert_eq!(of(&list, identity), AccountAccess { address: identity, ..AccountAccess::default() });
}

#[test]
fn headers_commit_to_the_list() {
    let history = amsterdam("00");
    let good = with(&history, vec![transfer(0, Address::repeat_byte(7))]);
    let error = |block: &Block| history_error(&mut history.clone(), block);
    assert!(history.clone().import(&good, &K256).is_ok());
    let mut other = good.clone();
    other.header.block_access_list_hash = Some(NO_ACCESSES);
    let expected = good.header.block_access_list_hash.unwrap();
    assert_eq!(
        error(&other),
        BlockError::Commitment { field: "blockAccessListHash", found: NO_ACCESSES, expected }
    );
    assert_eq!(error(&other).name(), "INVALID_BAL_HASH");
    // With the list beside it, the error says where it is wrong.
    let mut list = list(&history, &good);
    let given = Block { access_list: Some(list.clone()), ..good.clone() };
    assert!(history.clone().import(&given, &K256).is_ok());
    list.0.retain(|account| account.address != COINBASE);
    other.header.block_access_list_hash = Some(list.hash());
    let given = Block { access_list: Some(list), ..other };
    let told = error(&given).to_string();
    assert!(told.starts_with("the block access list is wrong: account "), "{told}");
    assert!(told.ends_with("0xc0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0 is missing"), "{told}");
}

#[test]
fn a_list_is_bounded_by_the_gas_limit() {
    let mut history = amsterdam("00");
    let block = empty(&history);
    let all = list(&history, &block);
    assert_eq!(all.items(), 15);
    let limit = |gas_limit| {
        let mut block = block.clone();
        block.header.gas_limit = gas_limit;
        check_access_list(&all, &block)
    };
    assert_eq!(limit(29_999), Err(BlockError::AccessListSize { items: 15, most: 14 }));
    assert_eq!(limit(30_000), Ok(()));
    assert!(history.import(&block, &K256).is_ok());
}
