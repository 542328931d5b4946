//! Recordings: a run is made again from its inputs alone, on another machine, to any of its instructions.

use emu_core::machine::{Arrived, History, Input, Machine, Parting, PartingSearch, Recording, Stop, Until};
use emu_core::snapshot::compare::compare;
use glassbox_tests::{Guest, Random, keys_of};

fn machine(guest: &Guest) -> Machine {
    Machine::new(guest.config()).unwrap_or_else(|e| panic!("{}: {e}", guest.name))
}

/// A live run with a user at keyboard, mouse and serial line, and the state's hash where it was looked at. The machine is
/// looked at only where it is awake: asleep, many moments have one instruction count.
fn live(guest: &Guest, instructions: u64, seed: u64) -> (Recording, Vec<(u64, u128)>) {
    let mut machine = machine(guest);
    let mut history = History::new(&mut machine, 1 << 20);
    let mut random = Random::new(seed);
    let mut seen = Vec::new();
    while machine.instructions() < instructions {
        let bits = 12 + random.below(10);
        let slice = 1 + random.below(1 << bits);
        let until = Until { instruction: machine.instructions() + slice, time: machine.time() + slice * 20 };
        if history.run(&mut machine, until) != Stop::Limit {
            break;
        }
        if !machine.is_halted() {
            seen.push((machine.instructions(), machine.state_hash()));
        }
        let input = match random.below(12) {
            0 | 1 => {
                let (code, pressed) = keys_of("glass\n")[random.below(12) as usize];
                Input::Key { code, pressed }
            }
            2 => Input::Serial { port: 0, bytes: b"ls\n".to_vec() },
            3 => Input::Mouse { dx: 3, dy: -4, wheel: 0, buttons: 1 },
            4 if random.below(8) == 0 => Input::Reset,
            _ => continue,
        };
        history.input(&mut machine, input);
    }
    let recording = Recording::of(&history, &mut machine).unwrap_or_else(|e| panic!("{}: {e}", guest.name));
    (recording, seen)
}

#[test]
fn runs_are_made_again_from_their_bytes() {
    let mut random = Random::new(3);
    for (name, instructions) in
        [("keyboard", 16_000_000), ("serial", 16_000_000), ("timer", 12_000_000), ("linux", 40_000_000)]
    {
        let Some(guest) = Guest::find(name) else { continue };
        let (recording, seen) = live(&guest, instructions, 5);
        let bytes = recording.to_bytes();
        let read = Recording::parse(&bytes).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!(read, recording, "{name}");
        assert!(seen.len() > 8 && recording.inputs.len() > 4, "{name}: too little to test anything");
        let mut again = machine(&guest);
        let mut history = read.replay(&mut again, &[], 64 << 20).unwrap_or_else(|e| panic!("{name}: {e}"));
        for _ in 0..8 {
            let (at, hash) = seen[random.below(seen.len() as u64) as usize];
            assert_eq!(history.go_to(&mut again, at, u64::MAX), Ok(Arrived::There), "{name}");
            assert_eq!((again.instructions(), again.state_hash()), (at, hash), "{name}");
        }
        history.run(&mut again, Until::time(recording.end.time));
        assert!(read.is_replayed(&mut history, &mut again), "{name}: the end");
        let other = Recording { hash: recording.hash.map(|hash| hash ^ 1), ..recording };
        let hash = again.state_hash();
        assert!(!other.is_replayed(&mut history, &mut again), "{name}: another hash");
        assert_eq!(again.state_hash(), hash, "{name}: looking changed it");
    }
}

/// Two people type the same but for one key: the runs part where it is pressed, and what differs then is the keyboard.
#[test]
fn two_runs_part_where_another_key_was_pressed() {
    let guest = Guest::own("keyboard");
    let at = 9_000_123;
    let run = |code: u16| {
        let mut machine = machine(&guest);
        let mut history = History::new(&mut machine, History::BUDGET);
        for (when, code) in [(8_000_000, 0x1E), (at, code), (10_000_000, 0x30)] {
            let until = Until { instruction: when, time: 4_000_000_000 };
            history.run(&mut machine, until);
            history.input(&mut machine, Input::Key { code, pressed: true });
        }
        history.run(&mut machine, Until { instruction: 12_000_000, time: 6_000_000_000 });
        let end = machine.instructions();
        (machine, history, end)
    };
    let part = |a: &mut (Machine, History, u64), b: &mut (Machine, History, u64)| {
        let mut search = PartingSearch::new(&a.1, &b.1);
        loop {
            let known = search.search((&mut a.0, &mut a.1), (&mut b.0, &mut b.1), 2_000_000);
            let known = known.expect("all went through the histories");
            if !matches!(known, Parting::Searching { .. }) {
                return known;
            }
        }
    };
    let (mut one, mut same, mut other) = (run(0x1F), run(0x1F), run(0x20));
    assert_eq!(part(&mut one, &mut same), Parting::Nowhere { end: one.2 });
    let pressed = one.1.inputs()[1].0.instruction;
    let found = part(&mut one, &mut other);
    assert_eq!(found, Parting::At { equal: pressed });
    let moment = |run: &mut (Machine, History, u64), at: u64| {
        assert_eq!(run.1.go_to(&mut run.0, at, u64::MAX), Ok(Arrived::There));
        run.0.snapshot(None)
    };
    let differences = |one: &mut _, other: &mut _, at| {
        compare(&moment(one, at), &moment(other, at)).unwrap_or_else(|e| panic!("{e}"))
    };
    assert!(differences(&mut one, &mut other, pressed).is_empty());
    let found = differences(&mut one, &mut other, pressed + 1);
    assert_eq!(found.memory.bytes, 0, "{found:?}");
    let [keyboard] = &found.devices[..] else { panic!("one device: {:?}", found.devices) };
    assert_eq!((&keyboard.name[..], found.registers.len()), ("8042", 0));
}
