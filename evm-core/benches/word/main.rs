//! The arithmetic of words and the hash beside what `revm` uses for them: `ruint` and `alloy-primitives`' KECCAK-256.
//!
//! `cargo bench -p evm-core --bench word -- [PART OF A NAME]` prints nanoseconds an operation and how many times
//! faster ours is.

mod cases;

use std::time::{Duration, Instant};

/// How long one measurement takes: well below a time slice of the system, so that the shortest is undisturbed.
const MEASUREMENT: Duration = Duration::from_micros(300);

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let filter = arguments.iter().find(|argument| !argument.starts_with('-')).map_or("", String::as_str);
    // Without --bench this is a test run: it is enough that everything runs.
    let measurements = if arguments.iter().any(|argument| argument == "--bench") { 150 } else { 1 };
    println!("{:18}{:>10}{:>10}{:>8}", "ns an operation", "evm-core", "revm's", "ratio");
    let mut ratios = Vec::new();
    for case in cases::CASES.iter().filter(|case| case.name.contains(filter)) {
        let (ours, theirs) = measure(case, measurements);
        println!("{:18}{ours:>10.2}{theirs:>10.2}{:>8.2}", case.name, theirs / ours);
        ratios.push(theirs / ours);
    }
    let mean = ratios.iter().map(|ratio| ratio.ln()).sum::<f64>() / ratios.len() as f64;
    println!("{:38}{:>8.2}", "geometric mean", mean.exp());
}

/// The shortest times of one operation in nanoseconds, ours and theirs, measured one after the other.
fn measure(case: &cases::Case, measurements: u32) -> (f64, f64) {
    let mut rounds = 1;
    while time(case, false, rounds) < MEASUREMENT {
        rounds *= 2;
    }
    let shortest = |ours| (0..measurements).map(move |_| time(case, ours, rounds)).min().unwrap_or_default();
    let nanoseconds = |time: Duration| time.as_nanos() as f64 / f64::from(rounds) / cases::BATCH as f64;
    (nanoseconds(shortest(true)), nanoseconds(shortest(false)))
}

fn time(case: &cases::Case, ours: bool, rounds: u32) -> Duration {
    let start = Instant::now();
    std::hint::black_box(case.run(ours, rounds));
    start.elapsed()
}
