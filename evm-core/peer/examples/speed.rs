//! Speed beside revm, in one process and in turn.

use evm_peer::cases::{cases, snailtracer};
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
fn best(first: &mut dyn FnMut(), second: &mut dyn FnMut()) -> (Duration, Duration) {
    let epoch = Instant::now();
    let mut shortest = (Duration::MAX, Duration::MAX);
    let mut rounds = 0;
    while epoch.elapsed() < Duration::from_millis(800) || rounds < 5 {
        let start = now();
        first();
        let middle = now();
        second();
        let end = now();
        shortest = (shortest.0.min(middle - start), shortest.1.min(end - middle));
        rounds += 1;
    }
    shortest
}

fn main() {
    let only: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with("--")).collect();
    let mut all = cases();
    if let Ok(path) = std::env::var("SNAILTRACER") {
        let code = evm_peer::cases::asm(&std::fs::read_to_string(path).unwrap());
        all.push(snailtracer(code));
    }
    let mut product = 1.0;
    let mut count = 0;
    println!("{:12} {:>12} {:>10} {:>10} {:>6}", "case", "gas", "ours us", "revm us", "ratio");
    for case in all.iter().filter(|case| only.is_empty() || only.iter().any(|word| case.name.contains(word)))
    {
        let mut ours = Glassbox::new(case);
        let mut peer = Revm::new(case);
        let (ra, rb) = (ours.run(), peer.run());
        let (a, b) = best(
            &mut || {
                ours.run();
            },
            &mut || {
                peer.run();
            },
        );
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
