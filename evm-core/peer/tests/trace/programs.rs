//! What is traced: random scenes, those of the differential test, and code of a test's own.

use evm_core::block::BlockEnv;
use evm_core::execution::{Changes, Context, Executed, Rejected, Vm};
use evm_core::fork::Fork;
use evm_core::inspector::Inspector;
use evm_core::rules::Rules;
use evm_core::state::{Account, Code, World};
use evm_core::trace::debugger::Setup;
use evm_core::transaction::Transaction;
use evm_core::{Address, H256, U256};
use evm_peer::fuzz::Scene;
use evm_precompiles::Native;
use std::rc::Rc;

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
    pub sender: Address,
}

impl Case {
    pub fn context(&self) -> Context<'_> {
        Context { world: &self.world, env: &self.env, rules: &self.rules, crypto: &Native }
    }

    pub fn run<I: Inspector>(&self, inspector: &mut I) -> Result<(Executed, Changes), Rejected> {
        Vm::new().transact(&self.context(), &self.tx, self.sender, inspector)
    }

    pub fn setup(self) -> Setup {
        let Self { world, env, rules, tx, sender } = self;
        Setup { world, env, rules, crypto: Rc::new(Native), tx, sender }
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
        Self { world, env, rules, tx, sender: SENDER }
    }

    /// The scene of a seed; seeds go through the forks in turn.
    pub fn random(seed: u64) -> Self {
        let Scene { fork, world, env, sender, tx } = Scene::new(seed);
        Self { world, env, rules: Rules::of(fork), tx, sender }
    }
}
