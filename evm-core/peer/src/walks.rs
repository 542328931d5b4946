//! Programs that run without end, for walking backwards in their traces.

use crate::cases::{TARGET, asm};
use crate::glassbox::NoCrypto;
use evm_core::Address;
use evm_core::block::BlockEnv;
use evm_core::fork::Fork;
use evm_core::rules::Rules;
use evm_core::state::{Account, Code, World};
use evm_core::trace::debugger::{Debugger, Setup};
use evm_core::transaction::Transaction;
use std::rc::Rc;

/// A loop without end around `body`, after `start`.
fn endless(start: &str, body: &str) -> Vec<u8> {
    let start = asm(start);
    let mut code = start.clone();
    code.push(0x5B);
    code.extend(asm(body));
    code.extend([0x60, start.len() as u8, 0x56]);
    code
}

/// A debugger at the first instruction of such a program.
///
/// # Panics
/// If the transaction is refused, which it is not.
pub fn debugger(code: &[u8]) -> Debugger {
    let contract = Address(TARGET);
    let mut world = World::default();
    world.accounts.insert(contract, Account { code: Code::new(code), ..Account::default() });
    let setup = Setup {
        world,
        env: BlockEnv { gas_limit: u64::MAX, ..BlockEnv::default() },
        rules: Rules { tx_gas_cap: None, ..Rules::of(Fork::Osaka) },
        crypto: Rc::new(NoCrypto),
        tx: Transaction { to: Some(contract), gas_limit: 1 << 50, ..Transaction::default() },
        sender: Address([1; 20]),
    };
    Debugger::new(setup, Debugger::BUDGET).expect("a valid transaction")
}

/// The programs, by name.
pub fn programs() -> Vec<(&'static str, Vec<u8>)> {
    let own = "30 5a f1";
    vec![
        ("count", endless("6000", "6001 01")),
        // 12 MiB of memory, all of it written in turn: always the same words, and others each time.
        ("memory", endless("6000 62bfffe0 51 50", "6020 01 62bfffff 16 80 80 52")),
        ("churn", endless("6000 62bfffe0 51 50", "6020 01 80 80 62bfffff 16 52")),
        // A slot of 512 in turn, written; and one of transient storage of 65,536: in order, and out of it.
        ("storage", endless("6000", "6001 01 80 80 6101ff 16 55 80 80 61ffff 16 5d")),
        ("scattered", endless("6000", "6001 01 80 80 63045d9f3b 02 61ffff 16 5d")),
        // Calls itself until there is no deeper, and again; the same with 2 KiB of memory in each frame.
        ("calls", endless("", &format!("6000 80 80 80 80 {own} 50"))),
        ("frames", endless("5a 6107e0 52", &format!("6000 80 80 80 80 {own} 50"))),
    ]
}
