//! Going back: wherever a machine was, it can be again, with the inputs it was given.

use emu_core::machine::{Arrived, History, Input, Machine, Stop, Until};
use glassbox_tests::{Guest, Random, keys_of};

fn machine(guest: &Guest) -> Machine {
    Machine::new(guest.config()).unwrap_or_else(|e| panic!("{}: {e}", guest.name))
}

/// A run with a user at the keyboard, and the state's hash where it was looked at.
struct Run {
    machine: Machine,
    history: History,
    seen: Vec<(u64, u128)>,
}

impl Run {
    /// Slices end at random points; some of them are looked at, in some of them somebody types.
    fn live(guest: &Guest, instructions: u64, budget: usize, seed: u64) -> Self {
        let mut machine = machine(guest);
        let mut history = History::new(&mut machine, budget);
        let mut random = Random::new(seed);
        let mut seen = Vec::new();
        while machine.instructions() < instructions {
            let bits = 10 + random.below(12);
            let slice = 1 + random.below(1 << bits);
            let until =
                Until { instruction: machine.instructions() + slice, time: machine.time() + slice * 20 };
            let stop = history.run(&mut machine, until);
            if stop != Stop::Limit {
                break;
            }
            // Asleep, many moments have one instruction count.
            if !machine.is_halted() {
                seen.push((machine.instructions(), machine.state_hash()));
            }
            if random.below(8) == 0 {
                let (code, pressed) = keys_of("glass\n")[random.below(12) as usize];
                history.input(&mut machine, Input::Key { code, pressed });
            }
        }
        Self { machine, history, seen }
    }

    fn go_to(&mut self, instruction: u64) -> u128 {
        let arrived = self.history.go_to(&mut self.machine, instruction, u64::MAX);
        assert_eq!(arrived, Ok(Arrived::There));
        assert_eq!(self.machine.instructions(), instruction);
        self.machine.state_hash()
    }

    /// Goes to points seen, in any order.
    fn check(&mut self, name: &str, journeys: usize, random: &mut Random) {
        let start = self.history.start().instruction;
        let seen: Vec<_> = self.seen.iter().copied().filter(|(at, _)| *at >= start).collect();
        assert!(seen.len() > 8, "{name}: too few points to test anything: {}", seen.len());
        for _ in 0..journeys {
            let (at, hash) = seen[random.below(seen.len() as u64) as usize];
            assert_eq!(self.go_to(at), hash, "{name}: at {at}");
        }
    }
}

#[test]
fn any_point_is_reached_again_in_any_order() {
    let mut random = Random::new(3);
    for (name, instructions) in [("keyboard", 20_000_000), ("timer", 20_000_000), ("linux", 60_000_000)] {
        let Some(guest) = Guest::find(name) else { continue };
        let mut run = Run::live(&guest, instructions, History::BUDGET, 5);
        let end = run.machine.instructions();
        let last = run.machine.state_hash();
        run.check(name, 12, &mut random);
        assert!(run.history.is_past(&run.machine));
        // Running on from the past gives the inputs of then again.
        let first =
            run.seen.iter().find(|(at, _)| *at > end / 2).copied().expect("a point in the second half");
        assert_eq!(run.go_to(first.0), first.1);
        assert_eq!(run.history.run(&mut run.machine, Until::time(run.history.end().time)), Stop::Limit);
        assert_eq!((run.machine.instructions(), run.machine.state_hash()), (end, last), "{name}");
    }
}

#[test]
fn a_small_budget_shortens_the_past() {
    let guest = Guest::own("plasma");
    let budget = 1 << 19;
    let mut run = Run::live(&guest, 60_000_000, budget, 9);
    let (bytes, places) = run.history.memory_use();
    assert!(bytes <= budget || places.len() <= 2, "{bytes} bytes in {} moments", places.len());
    assert!(run.history.start().instruction > 0, "nothing was dropped: the budget was not tried");
    run.check("plasma", 6, &mut Random::new(4));
    assert_eq!(run.history.go_to(&mut run.machine, 0, u64::MAX), Ok(Arrived::There));
    assert_eq!(run.machine.instructions(), run.history.start().instruction);
}

/// Steps back, compared with a machine that never went back; after the first, little is executed again.
#[test]
fn walking_back_step_by_step() {
    let guest = Guest::own("timer");
    let mut run = Run::live(&guest, 16_000_000, History::BUDGET, 6);
    run.history.forget_future(&run.machine);
    let end = run.machine.instructions();
    let steps = 400;
    let mut hashes = Vec::new();
    for at in end - steps..=end {
        hashes.push(run.go_to(at));
    }
    for back in 1..=steps {
        let (_, places) = run.history.memory_use();
        let target = end - back;
        let nearest = places.into_iter().filter(|at| *at <= target).max().expect("the first is kept");
        assert!(target - nearest <= 1 << 16, "step {back} executes {} instructions again", target - nearest);
        assert_eq!(run.go_to(target), hashes[(steps - back) as usize], "step {back}");
    }
}

/// An input in the past begins another future.
#[test]
fn another_future() {
    let guest = Guest::own("keyboard");
    let mut run = Run::live(&guest, 14_000_000, History::BUDGET, 8);
    let (branch, hash) = run.seen[run.seen.len() / 2];
    let old = run.machine.state_hash();
    assert_eq!(run.go_to(branch), hash);
    let (code, pressed) = keys_of("q")[0];
    run.history.input(&mut run.machine, Input::Key { code, pressed });
    assert!(!run.history.is_past(&run.machine));
    assert_eq!(run.history.end().instruction, branch);
    run.history.run(&mut run.machine, Until::instruction(14_000_000));
    let new = run.machine.state_hash();
    assert_ne!(new, old);
    let end = run.machine.instructions();
    run.go_to(branch - 1);
    assert_eq!(run.go_to(end), new);
}

/// A long journey can be made in pieces.
#[test]
fn journeys_in_pieces() {
    let guest = Guest::own("timer");
    let mut run = Run::live(&guest, 12_000_000, 1 << 20, 2);
    let (target, hash) = run.seen[run.seen.len() - 2];
    run.history.go_to(&mut run.machine, 0, u64::MAX).expect("the start");
    let mut pieces = 0;
    while run.history.go_to(&mut run.machine, target, 100_000) == Ok(Arrived::OutOfSteps) {
        pieces += 1;
    }
    assert!(pieces > 2, "{pieces}");
    assert_eq!((run.machine.instructions(), run.machine.state_hash()), (target, hash));
}

/// Nanoseconds of processor time that this thread took, where the system tells.
fn processor_time() -> u64 {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    told.split(' ').next().and_then(|ns| ns.parse().ok()).unwrap_or(0)
}

/// Prints what the record costs while Linux boots and while a program draws; judges nothing, as seconds depend on the
/// machine.
#[test]
#[ignore = "a measurement"]
fn what_the_record_costs() {
    for (name, millions) in [("linux", 400), ("plasma", 200)] {
        let Some(guest) = Guest::find(name) else { continue };
        for round in 0..6 {
            let mut machine = machine(&guest);
            let mut history = (round % 2 == 1).then(|| History::new(&mut machine, History::BUDGET));
            let before = processor_time();
            while machine.instructions() < millions * 1_000_000 {
                let until = Until::instruction(machine.instructions() + 2_000_000);
                let stop = match &mut history {
                    Some(history) => history.run(&mut machine, until),
                    None => machine.run(until),
                };
                assert_eq!(stop, Stop::Limit);
                machine.take_serial(0);
            }
            let ms = (processor_time() - before) / 1_000_000;
            let Some(mut history) = history else {
                eprintln!("{name}: {ms} ms without");
                continue;
            };
            let (bytes, places) = history.memory_use();
            eprintln!("{name}: {ms} ms with the record: {} moments, {} MiB", places.len(), bytes >> 20);
            let mut random = Random::new(1);
            let journey = |history: &mut History, machine: &mut Machine, at: u64| {
                let before = processor_time();
                history.go_to(machine, at, u64::MAX).expect("the past");
                (processor_time() - before) / 1_000_000
            };
            let end = history.end().instruction;
            let steps: Vec<u64> =
                (1..5).map(|back| journey(&mut history, &mut machine, end - back)).collect();
            let points: Vec<u64> =
                (0..20).map(|_| journey(&mut history, &mut machine, random.below(end))).collect();
            eprintln!("{name}: steps back {steps:?} ms; points at random {points:?} ms");
        }
    }
}
