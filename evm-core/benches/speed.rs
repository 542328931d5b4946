//! Speed beside revm 43, in one process and in turn: `cargo bench -p evm-core --bench speed [-- NAME…]`.

use evm_peer::cases::{asm, cases, snailtracer};
use evm_peer::glassbox::Glassbox;
use evm_peer::peer::Revm;
use std::time::{Duration, Instant};

/// Time that this thread was on a CPU: what others do on the machine counts less then.
fn now() -> Duration {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the call writes the structure that it is given.
    #[expect(unsafe_code)]
    unsafe {
        libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &mut time)
    };
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

/// Shortest of many runs of each, in turn, which is what a busy machine disturbs least.
fn best(ours: &mut Glassbox, peer: &mut Revm) -> (Duration, Duration) {
    let begun = Instant::now();
    let mut shortest = (Duration::MAX, Duration::MAX);
    let mut rounds = 0;
    while begun.elapsed() < Duration::from_millis(800) || rounds < 5 {
        let start = now();
        ours.run();
        let middle = now();
        peer.run();
        let end = now();
        shortest = (shortest.0.min(middle - start), shortest.1.min(end - middle));
        rounds += 1;
    }
    shortest
}

fn main() {
    // `cargo test` runs benchmarks too, without this flag: then nothing is timed, only compared.
    let timed = std::env::args().any(|word| word == "--bench");
    let only: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with("--")).collect();
    let mut all = cases();
    match evm_peer::snailtracer::hex() {
        Ok(code) => all.push(snailtracer(asm(&code))),
        Err(error) => println!("without snailtracer: {error}"),
    }
    all.retain(|case| only.is_empty() || only.iter().any(|word| case.name.contains(word)));
    println!("{:12} {:>12} {:>12} {:>10} {:>6}", "case", "gas", "Glassbox us", "revm us", "ratio");
    let mut ratios = Vec::new();
    for case in &all {
        let mut ours = Glassbox::new(case);
        let mut peer = Revm::new(case);
        let (found, expected) = (ours.run(), peer.run());
        assert_eq!(found, expected, "{}: gas used, and success", case.name);
        if timed {
            let (a, b) = best(&mut ours, &mut peer);
            let ratio = b.as_secs_f64() / a.as_secs_f64();
            ratios.push(ratio);
            println!(
                "{:12} {:>12} {:>12} {:>10} {ratio:>6.2}",
                case.name,
                found.0,
                a.as_micros(),
                b.as_micros()
            );
        }
    }
    if !ratios.is_empty() {
        let mean = (ratios.iter().map(|ratio| ratio.ln()).sum::<f64>() / ratios.len() as f64).exp();
        println!("geometric mean {mean:.2}, least {:.2}", ratios.iter().copied().fold(f64::MAX, f64::min));
    }
}
