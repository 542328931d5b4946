//! A world, a block and a transaction, all from a seed.

use super::program::program;
use super::random::Random;
use evm_core::block::BlockEnv;
use evm_core::fork::Fork;
use evm_core::keccak::keccak256;
use evm_core::rules::Rules;
use evm_core::state::{Account, Code, World};
use evm_core::transaction::{AccessListItem, Transaction, TxType};
use evm_core::{Address, H256, U256};

/// Forks that both engines know.
pub const FORKS: [Fork; 14] = [
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
    let some = Account { balance: U256::from(5), ..Account::default() };
    world.accounts.insert(Address(address(0xE0)), some);
    if fork < Fork::SpuriousDragon {
        world.accounts.insert(Address(address(0xE1)), Account::default());
    }
    world
}

fn transaction(random: &mut Random, fork: Fork) -> Transaction {
    let newest = match fork {
        _ if fork >= Fork::London => 3,
        _ if fork >= Fork::Berlin => 2,
        _ => 1,
    };
    let tx_type = [TxType::Legacy, TxType::AccessList, TxType::DynamicFee][random.below(newest) as usize];
    let opcodes = &Rules::opcodes_of(fork);
    let creates = random.one_in(8);
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
    let most = 1 << (10 + random.below(11));
    Transaction {
        tx_type,
        chain_id: (tx_type != TxType::Legacy).then_some(1),
        nonce: 0,
        max_fee,
        max_priority_fee: if tx_type == TxType::DynamicFee { U256::from(random.below(7)) } else { max_fee },
        gas_limit: 100_000 + random.below(most),
        to: (!creates).then(|| Address(CONTRACTS[0])),
        value: U256::from(random.below(3)),
        data,
        access_list,
        ..Transaction::default()
    }
}
