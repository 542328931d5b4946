//! Speed beside revm, in one process and in turn.

use evm_peer::cases::{Case, cases};
use evm_peer::glassbox::Glassbox;
use evm_peer::peer::Revm;
use std::time::{Duration, Instant};

/// Shortest of many runs, which is what a busy machine disturbs least.
fn best(mut run: impl FnMut() -> (u64, bool)) -> (Duration, (u64, bool)) {
    let result = run();
    let begun = Instant::now();
    let mut best = Duration::MAX;
    while begun.elapsed() < Duration::from_millis(400) {
        let start = Instant::now();
        run();
        best = best.min(start.elapsed());
    }
    (best, result)
}

fn main() {
    let only: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with("--")).collect();
    let mut all = cases();
    if let Ok(path) = std::env::var("SNAILTRACER") {
        let code = evm_peer::cases::asm(&std::fs::read_to_string(path).unwrap());
        all.push(Case {
            name: "snailtracer",
            code,
            others: vec![],
            input: vec![0x30, 0x62, 0x7b, 0x7c],
            gas: 1_000_000_000,
        });
    }
    let mut product = 1.0;
    let mut count = 0;
    println!("{:12} {:>12} {:>10} {:>10} {:>6}", "case", "gas", "ours us", "revm us", "ratio");
    for case in all.iter().filter(|case| only.is_empty() || only.iter().any(|word| case.name.contains(word)))
    {
        let mut ours = Glassbox::new(case);
        let mut peer = Revm::new(case);
        let (a, ra) = best(|| ours.run());
        let (b, rb) = best(|| peer.run());
        let ratio = b.as_secs_f64() / a.as_secs_f64();
        product *= ratio;
        count += 1;
        let differs = if ra == rb { "" } else { "  DIFFERS" };
        println!(
            "{:12} {:>12} {:>10} {:>10} {:>6.2} {:?} {:?}{differs}",
            case.name,
            ra.0,
            a.as_micros(),
            b.as_micros(),
            ratio,
            ra,
            rb
        );
    }
    println!("geometric mean {:.2}", f64::powf(product, 1.0 / f64::from(count)));
}
