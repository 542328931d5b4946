//! Runs many tests of every form on this host's CPU and on ours.

use glassbox_tests::host_cpu::compare::differences;
use glassbox_tests::host_cpu::generate::Generator;
use glassbox_tests::host_cpu::keys::keys;
use glassbox_tests::host_cpu::{Host, Machine, exempt};

fn main() {
    let mut args = std::env::args().skip(1);
    let count: usize = args.next().and_then(|a| a.parse().ok()).unwrap_or(3000);
    let only = args.next();
    let host = Host::build(&std::env::temp_dir()).expect("a host that runs 32-bit programs");
    let mut machine = Machine::default();
    let mut total = 0;
    let mut failed = 0;
    for (number, key) in keys().iter().enumerate() {
        let name = key.name();
        if exempt::reason(key).is_some() || only.as_ref().is_some_and(|only| !name.starts_with(only)) {
            continue;
        }
        let mut generator = Generator::new(number as u64 + 1);
        let tests: Vec<_> = (0..count).map(|_| generator.test(key)).collect();
        let outcomes = match host.run(&tests) {
            Ok(outcomes) => outcomes,
            Err(e) => {
                println!("{name} {:?}: {e}", key.op());
                continue;
            }
        };
        let mut wrong = 0;
        let mut faults = 0;
        for (test, host) in tests.iter().zip(&outcomes) {
            faults += usize::from(host.exception.is_some());
            let ours = machine.run(test);
            let found = differences(key, test, &ours, host);
            if !found.is_empty() {
                wrong += 1;
                if wrong <= 2 {
                    println!("{name} {:?} {:02X?}\n    {}", key.op(), test.code, found.join("\n    "));
                }
            }
        }
        total += count;
        if wrong > 0 {
            failed += 1;
            println!("== {name} {:?}: {wrong} of {count} differ, {faults} fault", key.op());
        }
    }
    println!("{total} tests, {failed} forms differ");
}
