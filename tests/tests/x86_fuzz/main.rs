//! Random code in random modes: nothing panics, however a run is cut into slices it goes through the same states, and
//! decoder, disassembler, iced-x86 and the instruction pointer agree on every instruction met.

mod found;
mod interrupter;
mod lengths;
mod machine;
mod stream;

use emu_core::x86::{Engine, Exit};
use glassbox_tests::Random;
use glassbox_tests::iced::Oracle;
use machine::{machine, memory};
use stream::Streams;

/// Instructions of one machine at most. REP counts each repetition.
const STEPS: u64 = 2000;
/// Instructions of every test run, each executed three times: whole, one by one, in pieces.
const INSTRUCTIONS: u64 = 1_000_000;
/// Instructions of a night.
const INSTRUCTIONS_AT_NIGHT: u64 = 100_000_000;
/// Instructions between two lines that tell how far a long run is.
const REPORT: u64 = 5_000_000;
/// One in so many instructions executed one by one is looked at with iced-x86.
const LOOKED_AT: u64 = 8;

/// Runs to `steps` in slices as given by `slice`; the last exit.
fn run(engine: &mut Engine, steps: u64, mut slice: impl FnMut(&Engine) -> u64) -> Exit {
    loop {
        let limit = (engine.cpu.steps + slice(engine)).min(steps);
        let exit = engine.run(limit, u64::MAX);
        match exit {
            Exit::Limit if engine.cpu.steps >= steps => return exit,
            Exit::Limit | Exit::Probe => {}
            Exit::Device => engine.cpu.bus.cx.signals = Default::default(),
            Exit::Halt | Exit::Shutdown => return exit,
        }
    }
}

fn assert_same(a: &Engine, b: &Engine, seed: u64) {
    assert_eq!(a.cpu.steps, b.cpu.steps, "steps, seed {seed}");
    assert_eq!(a.cpu.st, b.cpu.st, "state, seed {seed}");
    assert!(a.cpu.bus.cx.mem.ram.all() == b.cpu.bus.cx.mem.ram.all(), "memory, seed {seed}");
}

/// What became of many machines.
#[derive(Debug, Default)]
struct Outcome {
    machines: u64,
    /// Of the machines run whole.
    instructions: u64,
    /// Instructions whose length was seen in EIP.
    lengths: u64,
    halted: u64,
    shut_down: u64,
    ran_on: u64,
}

impl Outcome {
    /// Runs the machine of a seed three times.
    fn add(&mut self, seed: u64, streams: &Streams, oracle: &mut Oracle) {
        let memory = memory(seed, streams);
        let [mut whole, mut ones, mut some] = [(); 3].map(|()| machine(seed, &memory));
        let mut random = Random::new(seed);
        let exit = run(&mut whole, STEPS, |_| STEPS);
        let mut before: Option<lengths::Before> = None;
        let last = run(&mut ones, STEPS, |engine| {
            if let Some(before) = before.take()
                && let Some(right) = before.went_on_by_its_length(engine)
            {
                assert!(right, "{before}, but EIP is {:X}, seed {seed}", engine.cpu.st.eip);
                self.lengths += 1;
            }
            if (engine.cpu.steps + seed).is_multiple_of(LOOKED_AT) {
                before = lengths::look(engine, oracle);
            }
            1
        });
        assert_eq!(last, exit, "seed {seed}");
        assert_same(&whole, &ones, seed);
        assert_eq!(run(&mut some, STEPS, |_| 1 + random.below(50)), exit, "seed {seed}");
        assert_same(&whole, &some, seed);
        self.machines += 1;
        self.instructions += whole.cpu.steps;
        match exit {
            Exit::Halt => self.halted += 1,
            Exit::Shutdown => self.shut_down += 1,
            _ => self.ran_on += 1,
        }
    }
}

/// Runs machines from the seed `first` on until so many instructions were executed. Tells on stderr how far it is.
fn fuzz(first: u64, instructions: u64) -> Outcome {
    let (streams, mut oracle, mut outcome) = (Streams::new(), Oracle::new(), Outcome::default());
    let mut reported = 0;
    for seed in first.. {
        if outcome.instructions >= instructions {
            break;
        }
        outcome.add(seed, &streams, &mut oracle);
        if outcome.instructions / REPORT > reported {
            reported = outcome.instructions / REPORT;
            eprintln!("seed {seed}: {outcome:?}");
        }
    }
    println!("{outcome:?}, {} compared with iced-x86", oracle.compared);
    outcome
}

/// A million instructions, counted once although each is executed three times.
#[test]
fn slices_do_not_matter_and_lengths_agree() {
    let outcome = fuzz(0, INSTRUCTIONS);
    assert!(outcome.lengths > INSTRUCTIONS / LOOKED_AT / 4, "few lengths were seen: {outcome:?}");
    assert!(outcome.instructions / outcome.machines > 100, "the random code dies early: {outcome:?}");
}

/// A hundred million instructions from another seed on: `cargo test --profile quick -p glassbox-tests --test x86_fuzz --
/// --ignored --nocapture`. `GLASSBOX_FUZZ_CODE=SEED:INSTRUCTIONS` chooses others.
#[test]
#[ignore = "takes seven minutes"]
fn a_hundred_million_instructions() {
    let given = std::env::var("GLASSBOX_FUZZ_CODE").unwrap_or(format!("1000000:{INSTRUCTIONS_AT_NIGHT}"));
    let numbers = given.split_once(':').and_then(|(a, b)| Some((a.parse().ok()?, b.parse().ok()?)));
    let (first, count) =
        numbers.unwrap_or_else(|| panic!("GLASSBOX_FUZZ_CODE: give SEED:INSTRUCTIONS, not {given}"));
    fuzz(first, count);
}
