//! Whether a machine goes through the same states however its run is cut into slices.

use crate::random::Random;
use emu_core::machine::{Input, Machine, Stop, Until};

/// What is given to the machine, and after how many instructions.
pub type Script = Vec<(u64, Input)>;

/// Hashes of the state at checkpoints.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    /// Virtual time and state hash at each checkpoint.
    pub hashes: Vec<(u64, u128)>,
    /// Why the run ended before the last checkpoint, if it did.
    pub stop: Option<Stop>,
}

/// Takes `count` checkpoints, `spacing` instructions apart, and gives the inputs of `script` at their instructions.
/// Between them the run is cut into slices by `cut`: up to how many instructions and how many ns further.
pub fn trace(
    machine: &mut Machine,
    count: u64,
    spacing: u64,
    script: &Script,
    mut cut: impl FnMut() -> (u64, u64),
) -> Trace {
    let mut inputs = script.iter().peekable();
    let mut hashes = Vec::new();
    for checkpoint in 1..=count {
        let end = checkpoint * spacing;
        while machine.instructions() < end {
            while let Some((_, input)) = inputs.next_if(|(at, _)| *at <= machine.instructions()) {
                machine.input(input.clone());
            }
            let next = inputs.peek().map_or(end, |(at, _)| end.min(*at));
            let (instructions, ns) = cut();
            let until = Until {
                instruction: next.min(machine.instructions().saturating_add(instructions)),
                time: machine.time().saturating_add(ns),
            };
            let stop = machine.run(until);
            if stop != Stop::Limit {
                hashes.push((machine.time(), machine.state_hash()));
                return Trace { hashes, stop: Some(stop) };
            }
        }
        hashes.push((machine.time(), machine.state_hash()));
    }
    Trace { hashes, stop: None }
}

/// Runs three machines that `make` gives: stopped at the checkpoints only, cut at random between them, and without any
/// stop but for inputs; compares the first two at each checkpoint, and all at the end.
///
/// # Panics
/// Where they differ first.
pub fn check(name: &str, make: impl Fn() -> Machine, count: u64, spacing: u64, script: &Script, seed: u64) {
    let whole = trace(&mut make(), count, spacing, script, || (u64::MAX, u64::MAX));
    let mut random = Random::new(seed);
    // Many short slices between few long ones: from a single instruction to several checkpoints.
    let cut = || {
        let bits = random.below(24);
        (1 + random.below(1 << bits), 1 + random.below(1 << (bits + 4)))
    };
    let cut = trace(&mut make(), count, spacing, script, cut);
    let differs = whole.hashes.iter().zip(&cut.hashes).position(|(a, b)| a != b);
    if let Some(at) = differs {
        let before = at as u64 * spacing;
        panic!(
            "{name}: the same machine cut into other slices differs between instructions {before} and {}: {:x?} and {:x?}",
            before + spacing,
            whole.hashes[at],
            cut.hashes[at]
        );
    }
    assert_eq!((whole.hashes.len(), whole.stop), (cut.hashes.len(), cut.stop), "{name}: ends");
    let uncut = trace(&mut make(), 1, count * spacing, script, || (u64::MAX, u64::MAX));
    assert_eq!(uncut.hashes.last(), whole.hashes.last(), "{name}: without checkpoints the end is another");
    eprintln!("{name}: {} checkpoints equal", whole.hashes.len());
}
