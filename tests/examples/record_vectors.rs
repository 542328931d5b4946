//! Runs many tests of every form on this host's CPU and on ours, and writes some of them as a file.
//!
//!     cargo run --release -p glassbox-tests --example record_vectors -- [COUNT [KEPT [FILE [NAME]]]]
//!
//! COUNT tests a form (3000), of which KEPT are written to FILE; only forms whose names begin with NAME.

use glassbox_tests::host_cpu::archive::Writer;
use glassbox_tests::host_cpu::compare::differences;
use glassbox_tests::host_cpu::generate::Generator;
use glassbox_tests::host_cpu::keys::{Key, keys};
use glassbox_tests::host_cpu::palette::palette;
use glassbox_tests::host_cpu::{Host, Machine, exempt, fx, thin};

/// Differences that are shown of each form.
const SHOWN: usize = 3;

/// How many tests came out otherwise on our machine.
fn compare(key: &Key, machine: &mut Machine, cases: &[glassbox_tests::host_cpu::archive::Case]) -> usize {
    let mut wrong = 0;
    for (test, host) in cases {
        let found = differences(key, test, &machine.run(test), host);
        if found.is_empty() {
            continue;
        }
        wrong += 1;
        if wrong <= SHOWN {
            println!("{} {:?} {:02X?} {:X?}", key.name(), key.op(), test.code, test.regs);
            if (0xD8..=0xDF).contains(&key.opcode) {
                println!("  control {:02X?} ST {:02X?}", &test.fx[..5], &test.fx[fx::ST0..fx::ST0 + 26]);
            }
            println!("    {}", found.join("\n    "));
        }
    }
    if wrong > 0 {
        println!("== {} {:?}: {wrong} of {} differ", key.name(), key.op(), cases.len());
    }
    wrong
}

fn main() -> Result<(), String> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let number = |i: usize, otherwise| args.get(i).and_then(|a| a.parse().ok()).unwrap_or(otherwise);
    let (count, kept) = (number(0, 3000), number(1, 0));
    let only = args.get(3).map_or("", String::as_str);
    let host = Host::build(&std::env::temp_dir())?;
    let mut machine = Machine::default();
    let mut writer = Writer::new(&palette());
    let (mut total, mut wrong, mut forms) = (0, 0, 0);
    for (seed, key) in (1..).zip(&keys()) {
        if exempt::reason(key).is_some() || !key.name().starts_with(only) {
            continue;
        }
        let mut generator = Generator::new(key, seed);
        let tests: Vec<_> = (0..count).map(|_| generator.test()).collect();
        let outcomes = host.run(&tests).map_err(|e| format!("{}: {e}", key.name()))?;
        let cases: Vec<_> = tests.into_iter().zip(outcomes).collect();
        wrong += compare(key, &mut machine, &cases);
        writer.form(&key.name(), &thin(&cases, kept));
        (total, forms) = (total + count, forms + 1);
    }
    println!("{forms} forms, {total} tests, {wrong} differ");
    if let Some(path) = args.get(2) {
        let file = writer.finish().map_err(|e| e.to_string())?;
        println!("{path}: {} bytes", file.len());
        std::fs::write(path, file).map_err(|e| e.to_string())?;
    }
    Ok(())
}
