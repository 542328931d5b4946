//! The Glassbox EVM's side.

use crate::cases::{Case, SENDER, TARGET, callee};
use evm_core::block::BlockEnv;
use evm_core::execution::{Context, Vm};
use evm_core::fork::Fork;
use evm_core::inspector::NoInspector;
use evm_core::precompiles::{Crypto, CryptoError, Precompile};
use evm_core::rules::Rules;
use evm_core::state::{Account, Code, World};
use evm_core::transaction::Transaction;
use evm_core::{Address, H256, U256};

/// Refuses everything: what is measured here calls no precompiled contract.
#[derive(Debug)]
pub struct NoCrypto;

impl Crypto for NoCrypto {
    fn run(&self, _: Precompile, _: &[u8]) -> Result<Vec<u8>, CryptoError> {
        Err(CryptoError::Invalid)
    }

    fn recover(&self, _: H256, _: bool, _: U256, _: U256) -> Result<Address, CryptoError> {
        Err(CryptoError::Invalid)
    }

    fn sign(&self, _: H256, _: H256) -> Result<(bool, U256, U256, Address), CryptoError> {
        Err(CryptoError::Invalid)
    }
}

/// A case ready to run again and again.
#[derive(Debug)]
pub struct Glassbox {
    world: World,
    env: BlockEnv,
    rules: Rules,
    tx: Transaction,
    vm: Vm,
}

impl Glassbox {
    /// Osaka without its limit on a transaction's gas.
    pub fn new(case: &Case) -> Self {
        let mut world = World::default();
        let contract = |code: &[u8]| Account { code: Code::new(code), ..Account::default() };
        let rich = Account { balance: U256::MAX >> 1, ..Account::default() };
        world.accounts.insert(Address(SENDER), rich);
        world.accounts.insert(Address(TARGET), contract(&case.code));
        for (n, code) in case.others.iter().enumerate() {
            world.accounts.insert(Address(callee(n as u8)), contract(code));
        }
        let rules = Rules { tx_gas_cap: None, ..Rules::of(Fork::Osaka) };
        let env = BlockEnv { gas_limit: u64::MAX, number: 1, ..BlockEnv::default() };
        let tx = Transaction {
            to: Some(Address(TARGET)),
            data: case.input.clone(),
            gas_limit: case.gas,
            ..Transaction::default()
        };
        Self { world, env, rules, tx, vm: Vm::new() }
    }

    /// Runs it; gas used, and whether it succeeded.
    pub fn run(&mut self) -> (u64, bool) {
        let Self { world, env, rules, tx, vm } = self;
        let context = Context { world, env, rules, crypto: &NoCrypto };
        match vm.transact(&context, tx, Address(SENDER), &mut NoInspector) {
            Ok((executed, _)) => (executed.gas_used, executed.halt.is_success()),
            Err(_) => (0, false),
        }
    }
}
