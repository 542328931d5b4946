//! Recordings: a run is made again from its inputs alone, on another machine, to any of its instructions.

use emu_core::machine::{Arrived, History, Input, Machine, Recording, Stop, Until};
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
        let slice = 1 + random.below(1 << (12 + random.below(10)));
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
        assert_eq!(Some(again.state_hash()), recording.hash, "{name}: the end");
    }
}
