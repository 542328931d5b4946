//! Random programs through this EVM and revm: gas, output, logs, state and refund are equal.

use evm_peer::fuzz::{Scene, compare, compare_block};
use std::sync::atomic::{AtomicU64, Ordering};

/// Runs the scenes of `seeds` on all cores; the first differences, and how many succeeded.
fn run(seeds: std::ops::Range<u64>) -> (Vec<String>, u64) {
    let next = AtomicU64::new(seeds.start);
    let succeeded = AtomicU64::new(0);
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    let work = || {
        let mut differences = Vec::new();
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= seeds.end || differences.len() > 10 {
                return differences;
            }
            match compare(&Scene::new(seed)) {
                Ok(success) => drop(succeeded.fetch_add(u64::from(success), Ordering::Relaxed)),
                Err(difference) => differences.push(format!("seed {seed}: {}", difference.what)),
            }
        }
    };
    let differences = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("a scene panicked")).collect()
    });
    (differences, succeeded.into_inner())
}

fn check(seeds: std::ops::Range<u64>) {
    let count = seeds.end - seeds.start;
    let (differences, succeeded) = run(seeds);
    assert!(differences.is_empty(), "{}", differences.join("\n"));
    // Programs that all fail early would prove little.
    assert!(succeeded * 4 > count, "only {succeeded} of {count} succeeded");
}

#[test]
fn ten_thousand_programs_end_as_in_revm() {
    check(0..10_000);
}

/// EIP-7778, 7928, 8037: gas of blocks, and their access lists.
#[test]
fn blocks_of_amsterdam_are_revms() {
    let mut refunds = 0;
    for seed in 0..500 {
        match compare_block(seed) {
            Ok(gas) => refunds += u64::from(gas.paid < gas.execution + gas.state),
            Err(difference) => panic!("block {seed}: {}", difference.what),
        }
    }
    // In blocks without refunds both sums are one.
    assert!(refunds > 20, "only {refunds} blocks had refunds");
}

/// Other programs than any run before: `SEED` says where they begin, `COUNT` how many there are.
#[test]
#[ignore = "nightly: five million programs"]
fn millions_of_programs_end_as_in_revm() {
    let begin = std::env::var("SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(1_000_000);
    let count = std::env::var("COUNT").ok().and_then(|text| text.parse().ok()).unwrap_or(5_000_000);
    check(begin..begin + count);
}
