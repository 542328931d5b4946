//! A world, a block and a transaction, all from a seed.

use super::program::program;
use super::random::Random;
use evm_core::block::BlockEnv;
use evm_core::fork::Fork;
use evm_core::keccak::keccak256;
use evm_core::precompiles::Crypto;
use evm_core::rules::Rules;
use evm_core::state::{Account, Code, World};
use evm_core::transaction::{AccessListItem, Authorization, Transaction, TxType};
use evm_core::{Address, H256, U256};
use evm_precompiles::Native;

/// Forks that both engines know.
pub const FORKS: [Fork; 15] = [
    Fork::Frontier,
    Fork::Homestead,
    Fork::TangerineWhistle,
    Fork::SpuriousDragon,
    Fork::Byzantium,
    Fork::Petersburg,
    Fork::Istanbul,
    Fork::Berlin,
    Fork::London,
    Fork::Paris,
    Fork::Shanghai,
    Fork::Cancun,
    Fork::Prague,
    Fork::Osaka,
    Fork::Amsterdam,
];

const fn address(first: u8) -> [u8; 20] {
    let mut address = [first; 20];
    address[19] = first.wrapping_mul(7);
    address
}

/// Who sends.
pub const SENDER: [u8; 20] = address(0xA0);
/// Beneficiary of the block.
pub const COINBASE: [u8; 20] = address(0xCB);
const CONTRACTS: [[u8; 20]; 4] = [address(0xC0), address(0xC1), address(0xC2), address(0xC3)];
/// Addresses that programs name: contracts, the sender, the beneficiary, an account without code, an empty one, one
/// that does not exist.
pub const ADDRESSES: [[u8; 20]; 9] = [
    CONTRACTS[0],
    CONTRACTS[1],
    CONTRACTS[2],
    CONTRACTS[3],
    SENDER,
    COINBASE,
    address(0xE0),
    address(0xE1),
    address(0xE2),
];

/// What both engines execute.
#[derive(Clone, Debug)]
pub struct Scene {
    /// Rules.
    pub fork: Fork,
    /// State before.
    pub world: World,
    /// The block.
    pub env: BlockEnv,
    /// Who sends.
    pub sender: Address,
    /// What is sent.
    pub tx: Transaction,
}

impl Scene {
    /// The scene of a seed.
    pub fn new(seed: u64) -> Self {
        let mut random = Random::new(seed);
        let fork = FORKS[(seed % FORKS.len() as u64) as usize];
        let world = world(&mut random, fork);
        let env = BlockEnv {
            number: 300,
            timestamp: 1_700_000_000,
            coinbase: Address(COINBASE),
            gas_limit: 30_000_000,
            difficulty: if fork < Fork::Paris { U256::from(131_072) } else { U256::zero() },
            prev_randao: H256::repeat_byte(0x77),
            base_fee: if fork >= Fork::London { U256::from(7) } else { U256::zero() },
            slot_number: 0x5107,
            // As revm's empty database has them.
            block_hashes: (44..300u64)
                .map(|number| (number, keccak256(number.to_string().as_bytes())))
                .collect(),
            ..BlockEnv::default()
        };
        let tx = transaction(&mut random, fork);
        Self { fork, world, env, sender: Address(SENDER), tx }
    }
}

fn world(random: &mut Random, fork: Fork) -> World {
    let opcodes = &Rules::opcodes_of(fork);
    let mut world = World::default();
    let rich = Account { balance: U256::from(10).pow(U256::from(20)), ..Account::default() };
    world.accounts.insert(Address(SENDER), rich);
    for contract in CONTRACTS {
        let statements = 1 + random.below(40);
        let mut code = program(random, opcodes, statements);
        if fork >= Fork::Prague && random.one_in(8) {
            code = [&[0xEF, 0x01, 0x00][..], &random.pick(&ADDRESSES)[..]].concat();
        }
        let mut account = Account {
            nonce: 1,
            balance: U256::from(random.below(3)),
            code: Code::new(code),
            ..Account::default()
        };
        for key in 0..random.below(4) {
            account.storage.insert(U256::from(key), U256::from(1 + random.below(3)));
        }
        world.accounts.insert(Address(contract), account);
    }
    for (index, authority) in authorities().into_iter().enumerate().skip(1) {
        let code = if index == 2 { Code::delegating_to(Address(CONTRACTS[1])) } else { Default::default() };
        let account = Account { nonce: 1, code, ..Account::default() };
        world.accounts.insert(authority, account);
    }
    let some = Account { balance: U256::from(5), ..Account::default() };
    world.accounts.insert(Address(address(0xE0)), some);
    if fork < Fork::SpuriousDragon {
        world.accounts.insert(Address(address(0xE1)), Account::default());
    }
    world
}

fn transaction(random: &mut Random, fork: Fork) -> Transaction {
    let sets_code = fork >= Fork::Prague && random.one_in(6);
    let newest = match fork {
        _ if fork >= Fork::London => 3,
        _ if fork >= Fork::Berlin => 2,
        _ => 1,
    };
    let tx_type = [TxType::Legacy, TxType::AccessList, TxType::DynamicFee][random.below(newest) as usize];
    let opcodes = &Rules::opcodes_of(fork);
    let tx_type = if sets_code { TxType::SetCode } else { tx_type };
    let creates = !sets_code && random.one_in(8);
    let len = random.below(100) as usize;
    let statements = random.below(20);
    let data = if creates { program(random, opcodes, statements) } else { random.bytes(len) };
    let max_fee = U256::from(7 + random.below(20));
    let access_list = if tx_type == TxType::Legacy {
        Vec::new()
    } else {
        let item = |random: &mut Random| AccessListItem {
            address: Address(*random.pick(&ADDRESSES)),
            storage_keys: (0..random.below(3)).map(U256::from).collect(),
        };
        (0..random.below(3)).map(|_| item(random)).collect()
    };
    let authorizations =
        if sets_code { (0..=random.below(3)).map(|_| authorization(random)).collect() } else { Vec::new() };
    let most = 1 << (10 + random.below(11));
    // EIP-8037: what is over the limit for execution is for state.
    let reservoir = if fork >= Fork::Amsterdam && random.one_in(3) { (1 << 24) - 100_000 } else { 0 };
    let to = if random.one_in(8) { *random.pick(&ADDRESSES) } else { CONTRACTS[0] };
    Transaction {
        tx_type,
        chain_id: (tx_type != TxType::Legacy).then_some(1),
        nonce: 0,
        max_fee,
        max_priority_fee: if tx_type >= TxType::DynamicFee { U256::from(random.below(7)) } else { max_fee },
        gas_limit: 100_000 + reservoir + random.below(most),
        to: (!creates).then_some(Address(to)),
        value: U256::from(random.below(3)),
        data,
        access_list,
        authorizations,
        ..Transaction::default()
    }
}

/// Keys of accounts that authorize: one that does not exist, one that does, one that delegates already.
const KEYS: [u8; 3] = [1, 2, 3];

/// Their addresses.
fn authorities() -> Vec<Address> {
    let signer = |key: u8| Native.sign(H256::zero(), H256::repeat_byte(key)).map(|signed| signed.3);
    KEYS.into_iter().filter_map(|key| signer(key).ok()).collect()
}

/// An authorization that mostly holds (EIP-7702).
fn authorization(random: &mut Random) -> Authorization {
    let address = if random.one_in(4) { [0; 20] } else { *random.pick(&ADDRESSES) };
    let key = *random.pick(&KEYS);
    let nonce = u64::from(key > 1) + u64::from(random.one_in(3));
    let mut authorization = Authorization {
        chain_id: U256::from(random.below(8).min(1)),
        address: Address(address),
        nonce,
        ..Authorization::default()
    };
    if let Ok((odd_y, r, s, _)) = Native.sign(authorization.signing_hash(), H256::repeat_byte(key)) {
        (authorization.y_parity, authorization.r, authorization.s) = (u8::from(odd_y).into(), r, s);
    }
    authorization
}
