//! How fast a long trace is walked backwards, and in how much memory:
//! `cargo run --release -p evm-peer --example back [MILLIONS OF STEPS]`.

use evm_core::Address;
use evm_core::block::BlockEnv;
use evm_core::fork::Fork;
use evm_core::rules::Rules;
use evm_core::state::{Account, Code, World};
use evm_core::trace::debugger::{Debugger, Setup};
use evm_core::transaction::Transaction;
use evm_peer::cases::asm;
use evm_peer::glassbox::NoCrypto;
use std::rc::Rc;
use std::time::Instant;

/// A loop without end around `body`, after `start`.
fn endless(start: &str, body: &str) -> Vec<u8> {
    let start = asm(start);
    let mut code = start.clone();
    code.push(0x5B);
    code.extend(asm(body));
    code.extend([0x60, start.len() as u8, 0x56]);
    code
}

/// Milliseconds of the processor's time that this thread had; of the clock, where the system does not tell.
fn milliseconds(start: Instant) -> f64 {
    let status = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let cpu = status.split_whitespace().next().and_then(|text| text.parse::<u64>().ok());
    cpu.map_or_else(|| start.elapsed().as_secs_f64() * 1e3, |nanoseconds| nanoseconds as f64 / 1e6)
}

fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM"));
    line.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok()).unwrap_or(0) / 1024
}

fn walk(name: &str, code: &[u8], steps: u64) {
    let contract = Address([0xC0; 20]);
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
    let mut debugger = Debugger::new(setup, Debugger::BUDGET).expect("a valid transaction");
    let start = Instant::now();
    let begun = milliseconds(start);
    debugger.go_to(steps);
    let forwards = milliseconds(start) - begun;
    let (mut worst, mut sum, mut count) = (0.0f64, 0.0, 0);
    let mut back = |debugger: &mut Debugger| {
        let begun = milliseconds(start);
        debugger.back();
        let time = milliseconds(start) - begun;
        worst = worst.max(time);
        sum += time;
        count += 1;
    };
    // From the end; then a few steps before and after many places, so that every kind of border is crossed.
    (0..500).for_each(|_| back(&mut debugger));
    let mut place = steps;
    for n in 0..60u64 {
        place = place.wrapping_mul(6364136223846793005).wrapping_add(n) % steps;
        let border = place >> 19 << 19;
        for target in [place, border + 2, (border | 1 << 14) + 3] {
            debugger.go_to(target);
            (0..5).for_each(|_| back(&mut debugger));
        }
    }
    let (bytes, checkpoints) = debugger.memory_use();
    println!(
        "{name:10} forwards {:6.2} s, {:5.1} ns a step; back: mean {:7.3} ms, worst {:7.3} ms; \
         {checkpoints} checkpoints, {:.1} MiB; process at most {} MiB",
        forwards / 1e3,
        forwards * 1e6 / steps as f64,
        sum / f64::from(count),
        worst,
        bytes as f64 / f64::from(1 << 20),
        resident(),
    );
}

fn main() {
    let millions = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(100);
    let steps = millions * 1_000_000;
    let own = "30 5a f1";
    for (name, code) in [
        ("count", endless("6000", "6001 01")),
        // 12 MiB of memory, all of it written in turn.
        ("memory", endless("6000 62bfffe0 51 50", "6020 01 62bfffff 16 80 80 52")),
        // A slot of 512 in turn, written; and one of transient storage.
        ("storage", endless("6000", "6001 01 80 80 6101ff 16 55 80 80 61ffff 16 5d")),
        // Calls itself until there is no deeper, and again.
        ("calls", endless("", &format!("6000 80 80 80 80 {own} 50"))),
    ] {
        walk(name, &code, steps);
    }
}
