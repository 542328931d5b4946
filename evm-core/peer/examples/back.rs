//! How fast a long trace is walked backwards, and in how much memory:
//! `cargo run --release -p evm-peer --example back [MILLIONS OF STEPS [STEPS BACK IN A ROW [PROGRAM]]]`.
//!
//! Every program is walked back from its end in a row, from places at random, and over the borders of checkpoints. What
//! is printed of the steps back is the mean, the 99th in a hundred and the worst; of the jumps before them likewise.

use evm_core::trace::debugger::{Debugger, Window};
use evm_peer::walks::{debugger, programs};
use std::time::Instant;

/// Milliseconds of the processor's time that this thread had; of the clock, where the system does not tell.
fn processor(start: Instant) -> f64 {
    let status = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let cpu = status.split_whitespace().next().and_then(|text| text.parse::<u64>().ok());
    cpu.map_or_else(|| start.elapsed().as_secs_f64() * 1e3, |nanoseconds| nanoseconds as f64 / 1e6)
}

/// The processor's time is counted in ticks of so many milliseconds.
const TICK: f64 = 4.0;

fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM"));
    line.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok()).unwrap_or(0) / 1024
}

/// Times of one kind of movement, in milliseconds.
#[derive(Default)]
struct Times(Vec<f64>);

impl std::fmt::Display for Times {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut times = self.0.clone();
        times.sort_by(f64::total_cmp);
        let mean = times.iter().sum::<f64>() / times.len().max(1) as f64;
        let at = |share: usize| times.get((times.len() * share / 100).min(times.len().saturating_sub(1)));
        let (p99, worst) = (at(99).unwrap_or(&0.0), at(100).unwrap_or(&0.0));
        write!(f, "{mean:.2}/{p99:.2}/{worst:.2}")
    }
}

/// A debugger under a watch.
struct Walker {
    debugger: Debugger,
    start: Instant,
}

impl Walker {
    fn timed(&mut self, times: &mut Times, movement: impl FnOnce(&mut Debugger)) {
        let (clock, cpu) = (Instant::now(), processor(self.start));
        movement(&mut self.debugger);
        // By the clock, unless others had the processor meanwhile.
        let most = processor(self.start) - cpu + TICK;
        times.0.push((clock.elapsed().as_secs_f64() * 1e3).min(most));
    }

    fn back(&mut self, times: &mut Times, count: u64) {
        (0..count).for_each(|_| {
            self.timed(times, |debugger| {
                debugger.back();
            })
        });
    }
}

fn walk(name: &str, code: &[u8], steps: u64, in_a_row: u64) {
    let mut walker = Walker { debugger: debugger(code), start: Instant::now() };
    let [mut forwards, mut row, mut jumps, mut after, mut borders, mut scenes] =
        std::array::from_fn(|_| Times::default());
    walker.timed(&mut forwards, |debugger| {
        debugger.go_to(steps);
    });
    let begun = walker.debugger.executed();
    walker.back(&mut row, in_a_row);
    let again = (walker.debugger.executed() - begun) as f64 / in_a_row.max(1) as f64;
    let mut place = steps;
    for n in 0..60u64 {
        place = place.wrapping_mul(6364136223846793005).wrapping_add(n) % steps;
        walker.timed(&mut jumps, |debugger| {
            debugger.go_to(place);
        });
        walker.back(&mut after, 20);
        walker.timed(&mut scenes, |debugger| drop(debugger.scene(&Window::default())));
    }
    // Wherever coarse checkpoints may stand, and just after where fine ones may.
    for border in (0..40).map(|n| (steps >> 20 << 20) * n / 40 >> 15 << 15).chain([1 << 25, (1 << 25) + 1024])
    {
        walker.timed(&mut jumps, |debugger| {
            debugger.go_to((border + 2).min(steps));
        });
        walker.back(&mut borders, 5);
    }
    let (bytes, checkpoints) = walker.debugger.memory_use();
    println!(
        "{name:10} forwards {:5.2} s, {:5.1} ns a step; back in a row {row} ms, {again:.0} steps again; \
         after jumps {after}, over borders {borders}; jumps {jumps}; scenes {scenes}; \
         {checkpoints} checkpoints, {:.1} MiB; process at most {} MiB",
        forwards.0[0] / 1e3,
        forwards.0[0] * 1e6 / steps as f64,
        bytes as f64 / f64::from(1 << 20),
        resident(),
    );
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize| arguments.get(at).and_then(|text| text.parse().ok());
    let steps = number(0).unwrap_or(100) * 1_000_000;
    let in_a_row = number(1).unwrap_or(100_000).min(steps);
    let wanted = arguments.get(2).map_or("", String::as_str);
    for (name, code) in programs().into_iter().filter(|(name, _)| name.contains(wanted)) {
        walk(name, &code, steps, in_a_row);
    }
}
