//! Backwards through the past: stops are met in the reverse of the order in which they were met forwards.

use emu_core::debugger::{Backwards, Command, Debugger, Outcome, StopSpec, back, back_over};
use emu_core::machine::{Arrived, History, Input, Machine, Until};
use glassbox_tests::{Guest, Random, keys_of};

fn stop(kind: &str, at: &str) -> StopSpec {
    StopSpec { kind: kind.into(), at: at.into(), ..StopSpec::default() }
}

/// A machine with a past, where its stops were met, and which of them.
fn run(
    guest: &str,
    instructions: u64,
    stops: &[StopSpec],
) -> (Machine, History, Debugger, Vec<(u64, usize)>) {
    let guest = Guest::own(guest);
    let mut machine = Machine::new(guest.config()).unwrap_or_else(|e| panic!("{}: {e}", guest.name));
    let mut history = History::new(&mut machine, History::BUDGET);
    let mut debugger = Debugger::new();
    debugger.set_stops(&mut machine, stops.to_vec()).expect("sound stops");
    let mut random = Random::new(1);
    let mut met = Vec::new();
    let mut command = Command::Continue;
    while machine.instructions() < instructions {
        let until = Until {
            instruction: (machine.instructions() + 1 + random.below(200_000)).min(instructions),
            time: machine.time() + 5_000_000,
        };
        let outcome = history.drive(&mut machine, until, |machine, until| {
            let outcome = debugger.run(machine, command, until);
            command = Command::Resume;
            (outcome != Outcome::OutOfBudget).then_some(outcome)
        });
        match outcome {
            None => {
                if random.below(6) == 0 {
                    let (code, pressed) = keys_of("back\n")[random.below(10) as usize];
                    history.input(&mut machine, Input::Key { code, pressed });
                }
            }
            Some(Outcome::Stopped(hits)) => {
                met.push((machine.instructions(), hits[0].stop));
                command = Command::Continue;
            }
            Some(_) => break,
        }
    }
    (machine, history, debugger, met)
}

/// Goes back from stop to stop, at most so many.
fn reversed(
    machine: &mut Machine,
    history: &mut History,
    debugger: &Debugger,
    most: usize,
) -> Vec<(u64, usize)> {
    let mut met = Vec::new();
    while met.len() < most {
        let mut search = Backwards::new(machine, debugger);
        let found = loop {
            match search.search(history, machine, 1_000_000).expect("all went through the history") {
                Outcome::OutOfBudget => {}
                found => break found,
            }
        };
        match found {
            Outcome::Stopped(hits) => met.push((machine.instructions(), hits[0].stop)),
            Outcome::Beginning => break,
            other => panic!("{other:?}"),
        }
    }
    met
}

#[test]
fn stops_are_met_in_reverse() {
    let stops = [
        stop("execute", "7c00"),
        stop("portRead", "60"),
        stop("write", "46c"),
        stop("interrupt", "9"),
        StopSpec { condition: "al == 0x20".into(), ..stop("portWrite", "20") },
        StopSpec { condition: "cs == 8".into(), ..stop("control", "cr0") },
    ];
    for (guest, instructions) in [("keyboard", 13_000_000), ("protected", 11_000_000)] {
        let (mut machine, mut history, debugger, mut met) = run(guest, instructions, &stops);
        assert!(met.len() > 8, "{guest}: {met:?}");
        let before: Vec<u64> = debugger.stops().iter().map(|stop| stop.hits).collect();
        // Where the run ended is the present: what is met there was not met before it.
        met.retain(|(at, _)| *at < machine.instructions());
        met.dedup_by_key(|(at, _)| *at);
        met.reverse();
        let back = reversed(&mut machine, &mut history, &debugger, 200);
        assert_eq!(back[..], met[..back.len()], "{guest}");
        assert_eq!(back.len(), met.len().min(200), "{guest}");
        let after: Vec<u64> = debugger.stops().iter().map(|stop| stop.hits).collect();
        assert_eq!(after, before, "{guest}: searching counts no hits");
    }
}

/// Who wrote this last? The instruction whose result is there.
#[test]
fn the_last_writer_of_a_byte() {
    let (mut machine, mut history, _, _) = run("keyboard", 14_000_000, &[]);
    let tick = |machine: &Machine| machine.read_memory(0x46C, 4);
    let now = tick(&machine);
    let mut search = Backwards::of(&machine, vec![StopSpec { length: 4, ..stop("write", "46c") }]);
    let Ok(Outcome::Stopped(hits)) = search.search(&mut history, &mut machine, u64::MAX) else {
        panic!("written")
    };
    assert_eq!(tick(&machine), now);
    assert!(hits[0].by.is_some_and(|by| by.cs == 0xF000), "the BIOS counts ticks: {hits:?}");
    assert_eq!(back(&mut history, &mut machine), Ok(Arrived::There));
    assert_ne!(tick(&machine), now);
}

/// Steps over calls, backwards, come to where the steps over calls came from.
#[test]
fn stepping_back_over_calls() {
    let (mut machine, mut history, mut debugger, _) = run("hello", 11_000_000, &[]);
    history.go_to(&mut machine, 0, u64::MAX).expect("the start");
    let mut go = |machine: &mut Machine, history: &mut History, mut command: Command| {
        let outcome = history.drive(machine, Until::instruction(11_000_000), |machine, until| {
            let outcome = debugger.run(machine, command, until);
            command = Command::Resume;
            (outcome != Outcome::OutOfBudget).then_some(outcome)
        });
        assert_eq!(outcome, Some(Outcome::Done));
    };
    go(&mut machine, &mut history, Command::parse("to", "7c00").expect("an address"));
    let mut places = Vec::new();
    for _ in 0..24 {
        places.push((machine.instructions(), machine.registers().linear_ip));
        go(&mut machine, &mut history, Command::Over);
    }
    assert!(places.windows(2).any(|pair| pair[1].0 > pair[0].0 + 1), "no call was stepped over");
    for (instruction, ip) in places.into_iter().rev() {
        assert_eq!(back_over(&mut history, &mut machine), Ok(Arrived::There));
        assert_eq!((machine.instructions(), machine.registers().linear_ip), (instruction, ip));
    }
}
