//! Random programs: a few contracts that call each other, precompiled contracts and creations.

use evm_core::block::BlockEnv;
use evm_core::execution::{Changes, Context, Executed, Rejected, Vm};
use evm_core::fork::Fork;
use evm_core::inspector::Inspector;
use evm_core::rules::Rules;
use evm_core::state::{Account, Code, World};
use evm_core::transaction::Transaction;
use evm_core::{Address, H256, U256};
use evm_precompiles::Native;

/// Forks that both this EVM and revm have.
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

/// xorshift64*: the same numbers in each run.
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 16
    }

    pub fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }

    pub fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len() as u64) as usize]
    }
}

pub const SENDER: Address = Address([0x5E; 20]);
pub const COINBASE: Address = Address([0xCB; 20]);

pub fn contract(n: u64) -> Address {
    let mut address = Address([0xC0; 20]);
    address.0[19] = n as u8;
    address
}

/// A transaction over a world.
#[derive(Clone, Debug)]
pub struct Case {
    pub world: World,
    pub env: BlockEnv,
    pub rules: Rules,
    pub tx: Transaction,
}

impl Case {
    pub fn context(&self) -> Context<'_> {
        Context { world: &self.world, env: &self.env, rules: &self.rules, crypto: &Native }
    }

    pub fn run<I: Inspector>(&self, inspector: &mut I) -> Result<(Executed, Changes), Rejected> {
        Vm::new().transact(&self.context(), &self.tx, SENDER, inspector)
    }

    /// A contract with this code, called with this much gas.
    pub fn of_code(code: &[u8], fork: Fork, gas: u64) -> Self {
        let mut world = World::default();
        let rich = Account { balance: U256::exp10(24), ..Account::default() };
        world.accounts.insert(SENDER, rich);
        let account = Account { code: Code::new(code), balance: 1000.into(), nonce: 1, ..Account::default() };
        world.accounts.insert(contract(0), account);
        let env = BlockEnv {
            number: 1000,
            timestamp: 1_700_000_000,
            coinbase: COINBASE,
            gas_limit: 1 << 40,
            difficulty: 0x20000.into(),
            prev_randao: H256::repeat_byte(0xAB),
            base_fee: 7.into(),
            ..BlockEnv::default()
        };
        let rules = Rules { tx_gas_cap: None, ..Rules::of(fork) };
        let tx = Transaction {
            to: Some(contract(0)),
            gas_limit: gas,
            max_fee: 10.into(),
            max_priority_fee: 10.into(),
            ..Transaction::default()
        };
        Self { world, env, rules, tx }
    }

    pub fn random(random: &mut Random, fork: Fork) -> Self {
        let mut case = Self::of_code(&code(random), fork, 60_000 + random.below(400_000));
        for n in 1..4 {
            let mut account = Account { code: Code::new(code(random)), ..Account::default() };
            account.nonce = random.below(2);
            account.balance = random.below(20).into();
            case.world.accounts.insert(contract(n), account);
        }
        if fork >= Fork::Prague && random.below(3) == 0 {
            let target = random.below(4);
            let delegating = Account { code: Code::delegating_to(contract(target)), ..Account::default() };
            case.world.accounts.insert(contract(3), delegating);
        }
        for account in case.world.accounts.values_mut().filter(|account| !account.code.is_empty()) {
            for key in 0..random.below(3) {
                account.storage.insert(key.into(), (1 + random.below(3)).into());
            }
        }
        case.tx.value = random.pick(&[0, 0, 1, 500]).into();
        case.tx.data = (0..random.below(70)).map(|_| random.next() as u8).collect();
        if random.below(6) == 0 {
            case.tx.data = code(random);
            case.tx.to = None;
        }
        case
    }
}

fn push(code: &mut Vec<u8>, value: u64) {
    let bytes = value.to_be_bytes();
    let used = &bytes[(value.leading_zeros() as usize / 8).min(7)..];
    code.push(0x5F + used.len() as u8);
    code.extend_from_slice(used);
}

/// Code that is likely to get somewhere: operands that fit the instruction, pushed before it.
pub fn code(random: &mut Random) -> Vec<u8> {
    let mut code = Vec::new();
    for _ in 0..3 {
        push(&mut code, random.below(5));
    }
    for _ in 0..5 + random.below(60) {
        instruction(&mut code, random);
    }
    if random.below(3) == 0 {
        for byte in [0x60, random.below(80) as u8, 0x60, random.below(40) as u8, random.pick(&[0xF3, 0xFD])] {
            code.push(byte);
        }
    }
    code
}

fn instruction(code: &mut Vec<u8>, random: &mut Random) {
    match random.below(40) {
        0..=7 => code.push(random.pick(&[
            0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0B, 0x10, 0x11, 0x12, 0x14, 0x15, 0x16,
            0x19, 0x1A, 0x1B, 0x1C, 0x1D, 0x1E, 0x80, 0x81, 0x90, 0x91, 0x50,
        ])),
        8..=11 => code.push(random.pick(&[
            0x30, 0x32, 0x33, 0x34, 0x36, 0x38, 0x3A, 0x3D, 0x41, 0x42, 0x43, 0x45, 0x46, 0x47, 0x48, 0x58,
            0x59, 0x5A, 0x5B, 0x5F,
        ])),
        12..=15 => {
            let value = random.pick(&[0, 1, 2, 32, 100, 5000, u64::MAX]);
            push(code, value);
        }
        16..=18 => {
            // KECCAK256, MLOAD, MSTORE, MSTORE8, copies.
            let (op, operands) = random.pick(&[
                (0x20, 2),
                (0x51, 1),
                (0x52, 2),
                (0x53, 2),
                (0x37, 3),
                (0x39, 3),
                (0x3E, 3),
                (0x5E, 3),
                (0xA0, 2),
                (0xA2, 4),
                (0x0A, 2),
                (0x35, 1),
                (0x40, 1),
            ]);
            for _ in 0..operands {
                let value = if random.below(30) == 0 { 100_000 } else { random.below(100) };
                push(code, value);
            }
            code.push(op);
        }
        19..=23 => {
            // SLOAD, SSTORE, TLOAD, TSTORE.
            let (op, operands) = random.pick(&[(0x54, 1), (0x55, 2), (0x55, 2), (0x5C, 1), (0x5D, 2)]);
            for _ in 0..operands {
                let value = random.below(4);
                push(code, value);
            }
            code.push(op);
        }
        24..=25 => {
            address(code, random);
            code.push(random.pick(&[0x31, 0x3B, 0x3F]));
        }
        26..=32 => call(code, random),
        33..=34 => create(code, random),
        35..=36 => {
            // Over a byte, to its JUMPDEST or, at times, not.
            let to = code.len() as u64 + 5 - random.below(8) / 7;
            push(code, random.below(2));
            if code.len() < 200 {
                code.pop();
                code.pop();
                code.extend_from_slice(&[0x60, to as u8, 0x56, 0x01, 0x5B]);
                code.truncate(code.len());
            }
        }
        37 if random.below(6) == 0 => {
            address(code, random);
            code.push(0xFF);
        }
        38 if random.below(10) == 0 => code.push(random.next() as u8),
        39 if random.below(8) == 0 => code.push(random.pick(&[0x00, 0x56, 0x57, 0xFE, 0x0C, 0xF3, 0xFD])),
        _ => code.push(0x5B),
    }
}

fn address(code: &mut Vec<u8>, random: &mut Random) {
    match random.below(8) {
        0..=4 => {
            code.push(0x73);
            let n = random.below(5);
            code.extend_from_slice(contract(n).as_bytes());
        }
        5 => code.push(0x30),
        _ => {
            let n = 1 + random.below(10);
            push(code, n);
        }
    }
}

fn call(code: &mut Vec<u8>, random: &mut Random) {
    let op = random.pick(&[0xF1, 0xF1, 0xF2, 0xF4, 0xFA]);
    for _ in 0..4 {
        let value = random.below(100);
        push(code, value);
    }
    if op < 0xF3 {
        let value = random.pick(&[0, 0, 1, 3, 5000]);
        push(code, value);
    }
    address(code, random);
    if random.below(3) == 0 {
        let gas = random.pick(&[0, 100, 3000, 30_000, u64::MAX]);
        push(code, gas);
    } else {
        code.push(0x5A);
    }
    code.push(op);
}

fn create(code: &mut Vec<u8>, random: &mut Random) {
    let salted = random.below(2) == 0;
    // A few bytes of init code into memory: what returns some memory, reverts, stores, or nothing.
    let init: &[u8] = random.pick(&[
        &[0x60, 0x05, 0x60, 0x00, 0xF3],
        &[0x60, 0x05, 0x60, 0x00, 0xFD],
        &[0x60, 0x01, 0x60, 0x00, 0x55],
        &[0x60, 0xEF, 0x5F, 0x53, 0x60, 0x01, 0x5F, 0xF3],
        &[0xFE],
        &[0x30, 0xFF],
        &[],
    ]);
    if !init.is_empty() {
        code.push(0x5F + init.len() as u8);
        code.extend_from_slice(init);
        code.extend_from_slice(&[0x60, 0x00, 0x52]);
    }
    if salted {
        let salt = random.below(2);
        push(code, salt);
    }
    push(code, init.len() as u64);
    push(code, 32 - init.len() as u64);
    let value = random.pick(&[0, 0, 1, 5000]);
    push(code, value);
    code.push(if salted { 0xF5 } else { 0xF0 });
}
