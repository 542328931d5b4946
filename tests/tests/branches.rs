//! Changing the past: edits, media and inputs are given again when they were given once; futures that were left can be
//! gone back to.

use emu_core::bus::DriveId;
use emu_core::debugger::{Command, Debugger, Outcome, StopSpec};
use emu_core::host::BlockDevice;
use emu_core::inspect::Space;
use emu_core::machine::{Arrived, Edit, History, Input, Machine, Medium, Stop, Until};
use glassbox_tests::{Guest, Random, boxed, keys_of};

/// A machine with a record, and the hashes it had where it was looked at: under which branch, where.
struct Run {
    machine: Machine,
    history: History,
    random: Random,
    seen: Vec<(u32, u64, u128)>,
}

const REGISTERS: [&str; 10] = ["eax", "ecx", "edx", "ebx", "esi", "edi", "st3", "xmm5", "mxcsr", "dr0"];

impl Run {
    fn new(guest: &str, budget: usize, seed: u64) -> Self {
        let guest = Guest::own(guest);
        let mut machine = Machine::new(guest.config()).unwrap_or_else(|e| panic!("{}: {e}", guest.name));
        let history = History::new(&mut machine, budget);
        Self { machine, history, random: Random::new(seed), seen: Vec::new() }
    }

    /// Runs on in slices; between them, something is changed with each of these chances in so many.
    fn live(&mut self, instructions: u64, edits: u64, media: u64, keys: u64) {
        let end = self.machine.instructions() + instructions;
        while self.machine.instructions() < end {
            let slice = 1 + self.random.below(1 << 17);
            let now = (self.machine.instructions(), self.machine.time());
            let until = Until { instruction: (now.0 + slice).min(end), time: now.1 + slice * 40 };
            if self.history.run(&mut self.machine, until) != Stop::Limit {
                return;
            }
            if !self.machine.is_halted() && !self.history.is_past(&self.machine) {
                let seen = (self.history.branch(), self.machine.instructions(), self.machine.state_hash());
                self.seen.push(seen);
            }
            let chance = |random: &mut Random, of: u64| of > 0 && random.below(of) == 0;
            if chance(&mut self.random, edits) {
                self.edit();
            }
            if chance(&mut self.random, media) {
                self.change_medium();
            }
            if chance(&mut self.random, keys) {
                let (code, pressed) = keys_of("glass\n")[self.random.below(12) as usize];
                self.history.input(&mut self.machine, Input::Key { code, pressed });
            }
        }
        // So that no input is given at the very end.
        self.history.run(&mut self.machine, Until::instruction(end + 1000));
    }

    /// Memory that nobody needs, a register that may be anything, and the screen.
    fn edit(&mut self) {
        let random = &mut self.random;
        let bytes: Vec<u8> = (0..16).map(|_| random.below(256) as u8).collect();
        let edit = match random.below(3) {
            0 => {
                let name = REGISTERS[random.below(10) as usize];
                let bytes = match name {
                    "st3" => &bytes[..10],
                    "xmm5" => &bytes[..],
                    "edi" | "esi" => &[0, 0x20, 0, 0],
                    _ => &bytes[..4],
                };
                Edit::Register { name: name.into(), bytes: bytes.to_vec() }
            }
            1 => {
                let at = 0x9_0000 + random.below(0x8000);
                self.machine.memory_edit(Space::Physical, at, &bytes).expect("RAM")
            }
            _ => self
                .machine
                .memory_edit(Space::Physical, 0xB_8000 + random.below(4000), &bytes[..4])
                .expect("text"),
        };
        self.history.edit(&mut self.machine, edit).expect("registers that take anything");
    }

    fn change_medium(&mut self) {
        let drive = if self.random.below(2) == 0 { DriveId::Floppy(0) } else { DriveId::CdRom };
        let bytes = match drive {
            DriveId::CdRom => 2048 * (100 + self.random.below(50)) as usize,
            _ => 1_474_560,
        };
        let fill = self.random.below(256) as u8;
        let medium = (self.random.below(3) > 0).then(|| Medium::new(boxed(vec![fill; bytes])));
        self.history.change_medium(&mut self.machine, drive, medium).expect("a sound image");
    }

    fn go_to(&mut self, instruction: u64) -> u128 {
        assert_eq!(self.history.go_to(&mut self.machine, instruction, u64::MAX), Ok(Arrived::There));
        assert_eq!(self.machine.instructions(), instruction);
        self.machine.state_hash()
    }

    /// Points that were seen in the present future.
    fn reachable(&self) -> Vec<(u32, u64, u128)> {
        let here = self.history.branch();
        self.seen.iter().copied().filter(|(branch, ..)| *branch == here).collect()
    }
}

#[test]
fn edits_and_media_are_made_again() {
    for (guest, edits, media) in [("keyboard", 3, 0), ("timer", 0, 4), ("keyboard", 6, 6)] {
        let mut run = Run::new(guest, History::BUDGET, edits * 8 + media);
        run.history.run(&mut run.machine, Until::instruction(9_000_000));
        run.live(6_000_000, edits, media, 6);
        let end = (run.machine.instructions(), run.machine.time(), run.machine.state_hash());
        let given = run.history.inputs().len();
        assert!(given > 10, "{guest}: {given} inputs test nothing");
        for _ in 0..16 {
            let (_, at, hash) = run.seen[run.random.below(run.seen.len() as u64) as usize];
            assert_eq!(run.go_to(at), hash, "{guest}: at {at}");
        }
        run.go_to(0);
        assert_eq!(run.history.run(&mut run.machine, Until::time(end.1)), Stop::Limit);
        assert_eq!(
            (run.machine.instructions(), run.machine.time(), run.machine.state_hash()),
            end,
            "{guest}"
        );
        assert_eq!(run.history.inputs().len(), given, "nothing was given a second time");
        assert!(run.history.branches().is_empty());
    }
}

/// Back before a change, the old medium is in; beyond it, the new one: by what an export of the drive reads.
#[test]
fn media_come_and_go_with_time() {
    let mut run = Run::new("timer", History::BUDGET, 1);
    let first = |machine: &mut Machine| {
        let mut sector = [0; 512];
        machine
            .export_drive(DriveId::Floppy(0), 0, &mut sector)
            .expect("bytes that are here")
            .then_some(sector[0])
    };
    run.history.run(&mut run.machine, Until::instruction(1_000_000));
    let original = first(&mut run.machine);
    let put = |run: &mut Run, medium: Option<Medium>| {
        run.history.change_medium(&mut run.machine, DriveId::Floppy(0), medium).expect("it fits");
        let until = Until::instruction(run.machine.instructions() + 500_000);
        run.history.run(&mut run.machine, until);
    };
    put(&mut run, Some(Medium::new(boxed(vec![0x11; 1_474_560]))));
    put(&mut run, None);
    put(&mut run, Some(Medium::numbered(boxed(vec![0x22; 737_280]), 7)));
    for (at, byte, number) in
        [(2_100_000, Some(0x22), 7), (900_000, original, 0), (1_200_000, Some(0x11), 0), (1_700_000, None, 0)]
    {
        run.go_to(at);
        assert_eq!(first(&mut run.machine), byte, "at {at}");
        let medium = run.machine.medium(DriveId::Floppy(0));
        assert_eq!(medium.map_or(0, Medium::number), number, "at {at}");
        assert_eq!(medium.map(|m| m.len()), run.machine.drive_len(DriveId::Floppy(0)));
    }
    let refused = run.history.change_medium(
        &mut run.machine,
        DriveId::Floppy(0),
        Some(Medium::new(boxed(vec![0; 99]))),
    );
    assert!(refused.is_err() && run.history.branches().is_empty(), "what is refused changes nothing");
}

/// A random tree of futures: each of them is found again as it was, by its hashes, in any order.
#[test]
fn futures_are_gone_back_to() {
    let mut run = Run::new("keyboard", History::BUDGET, 12);
    run.history.run(&mut run.machine, Until::instruction(9_000_000));
    run.live(3_000_000, 0, 0, 8);
    let mut ends = vec![(run.history.branch(), run.history.end(), 0)];
    ends[0].2 = run.machine.state_hash();
    for _ in 0..6 {
        let points = run.reachable();
        let (_, at, hash) = points[run.random.below(points.len() as u64) as usize];
        assert_eq!(run.go_to(at), hash);
        match run.random.below(3) {
            0 => run.edit(),
            1 => run.change_medium(),
            _ => run.history.input(&mut run.machine, Input::Key { code: 0x1E, pressed: true }),
        }
        run.live(1_500_000, 12, 20, 8);
        ends.push((run.history.branch(), run.history.end(), run.machine.state_hash()));
        let choice = ends[run.random.below(ends.len() as u64) as usize].0;
        let switched =
            run.history.switch_branch(&mut run.machine, choice).expect("all went through the history");
        assert_eq!(switched, choice != ends[ends.len() - 1].0);
        assert_eq!(run.history.branch(), choice);
    }
    assert_eq!(run.history.branches().len(), 6);
    for turn in 0..14 {
        let (branch, end, hash) = ends[(turn * 5) % ends.len()];
        run.history.switch_branch(&mut run.machine, branch).expect("all went through the history");
        assert_eq!(run.history.end(), end, "branch {branch}");
        // To its end, either by going there or by running on.
        if turn % 2 == 0 {
            run.history.go_to_time(&mut run.machine, end.time, u64::MAX).expect("the past");
        } else {
            run.history.run(&mut run.machine, Until::time(end.time));
        }
        assert_eq!(run.machine.state_hash(), hash, "branch {branch}");
        let points = run.reachable();
        let (_, at, hash) = points[run.random.below(points.len() as u64) as usize];
        assert_eq!(run.go_to(at), hash, "branch {branch}: at {at}");
    }
}

/// The end of what has been is behind the inputs that were given there, however they were given.
#[test]
fn inputs_at_the_end() {
    let mut run = Run::new("timer", History::BUDGET, 2);
    run.history.run(&mut run.machine, Until::instruction(9_000_000));
    run.edit();
    run.change_medium();
    run.history.input(&mut run.machine, Input::Key { code: 0x1E, pressed: true });
    let (end, hash) = (run.history.end(), run.machine.state_hash());
    run.go_to(end.instruction - 1);
    assert_eq!(run.history.go_to_time(&mut run.machine, end.time, u64::MAX), Ok(Arrived::There));
    assert_eq!(run.machine.state_hash(), hash);
    assert!(!run.history.is_past(&run.machine));
    // Beside it, the same without the record.
    let mut run = Run::new("timer", History::BUDGET, 2);
    let plain = &mut run.machine;
    plain.run(Until::instruction(9_000_000));
    let inputs: Vec<Input> = {
        let mut other = Run::new("timer", History::BUDGET, 2);
        other.history.run(&mut other.machine, Until::instruction(9_000_000));
        other.edit();
        other.change_medium();
        other.history.inputs().iter().map(|(_, input)| input.clone()).collect()
    };
    inputs.into_iter().for_each(|input| plain.input(input));
    plain.input(Input::Key { code: 0x1E, pressed: true });
    assert_eq!(plain.state_hash(), hash);
}

/// An edit before the first instruction of an interrupt's handler, where only a debugger stops.
#[test]
fn edits_between_an_interrupt_and_its_handler() {
    let mut run = Run::new("keyboard", History::BUDGET, 5);
    run.history.run(&mut run.machine, Until::instruction(9_500_000));
    let mut debugger = Debugger::new();
    let stop = StopSpec { kind: "interrupt".into(), at: "8".into(), ..StopSpec::default() };
    for round in 0..5u8 {
        debugger.set_stops(&mut run.machine, vec![stop.clone()]).expect("a sound stop");
        let end = Until::instruction(run.machine.instructions() + 30_000_000);
        let mut command = Command::Continue;
        let outcome = run.history.drive(&mut run.machine, end, |machine, until| {
            let outcome = debugger.run(machine, command, until);
            command = Command::Resume;
            (outcome != Outcome::OutOfBudget).then_some(outcome)
        });
        assert!(matches!(outcome, Some(Outcome::Stopped(_))), "{outcome:?}");
        let name = ["xmm0", "xmm1", "xmm2", "xmm3", "xmm4"][usize::from(round)];
        run.history
            .edit(&mut run.machine, Edit::Register { name: name.into(), bytes: vec![round + 1; 16] })
            .expect("it takes anything");
        run.change_medium();
        // A key there is given later, and that is replayed too.
        run.history.input(&mut run.machine, Input::Key { code: 0x1E, pressed: round % 2 == 0 });
        debugger.set_stops(&mut run.machine, Vec::new()).expect("none");
        run.live(200_000, 0, 0, 0);
    }
    let (end, hash) = (run.history.end(), run.machine.state_hash());
    for _ in 0..12 {
        let (_, at, hash) = run.seen[run.random.below(run.seen.len() as u64) as usize];
        assert_eq!(run.go_to(at), hash, "at {at}");
    }
    run.go_to(0);
    run.history.run(&mut run.machine, Until::time(end.time));
    assert_eq!(run.machine.state_hash(), hash);
}

/// What left the machine once does not leave it again while the past is gone through.
#[test]
fn nothing_is_said_twice() {
    let mut run = Run::new("serial", History::BUDGET, 6);
    let mut said = Vec::new();
    while run.machine.instructions() < 12_000_000 {
        let until = Until {
            instruction: run.machine.instructions() + 400_000,
            time: run.machine.time() + 40_000_000,
        };
        let stop = run.history.run(&mut run.machine, until);
        said.extend(run.machine.take_serial(0));
        said.extend(run.machine.take_captured());
        if stop != Stop::Limit {
            break;
        }
    }
    assert!(!said.is_empty());
    let end = run.history.end();
    for part in 1..8 {
        run.history.go_to(&mut run.machine, end.instruction / 8 * part, u64::MAX).expect("the past");
        run.history.go_to_time(&mut run.machine, end.time / 9 * part, u64::MAX).expect("the past");
        assert!(run.machine.take_serial(0).is_empty() && run.machine.take_captured().is_empty());
        assert!(run.machine.take_debug().is_empty() && run.machine.take_speaker().is_empty());
    }
}

/// Where a branch is thrown away those that part from it stay whole.
#[test]
fn throwing_branches_away() {
    let mut run = Run::new("keyboard", History::BUDGET, 3);
    run.history.run(&mut run.machine, Until::instruction(9_000_000));
    run.live(2_000_000, 0, 0, 8);
    let mut ends = Vec::new();
    // Each parts from the one before.
    for back in 0..4 {
        ends.push((run.history.branch(), run.history.end(), run.machine.state_hash()));
        let at = run.machine.instructions() - 700_000 + back;
        run.go_to(at);
        run.edit();
        run.live(1_500_000, 0, 0, 8);
    }
    let told = run.history.branches();
    assert_eq!(told.iter().map(|b| b.id).collect::<Vec<_>>(), [0, 1, 2, 3]);
    assert!(told.iter().all(|b| b.from < b.end));
    assert!(!run.history.drop_branch(4), "the present is no branch");
    assert!(run.history.drop_branch(2) && run.history.drop_branch(0) && !run.history.drop_branch(2));
    for (branch, end, hash) in [ends[1], ends[3]] {
        assert_eq!(run.history.switch_branch(&mut run.machine, branch), Ok(true));
        run.history.run(&mut run.machine, Until::time(end.time));
        assert_eq!(run.machine.state_hash(), hash, "branch {branch}");
    }
    run.history.forget_future(&run.machine);
    assert!(run.history.branches().is_empty());
}

/// With next to no memory for moments, branches are still there.
#[test]
fn branches_outlive_their_moments() {
    let mut run = Run::new("keyboard", 1 << 19, 4);
    run.history.run(&mut run.machine, Until::instruction(9_000_000));
    run.live(9_000_000, 0, 0, 8);
    let (branch, end, hash) = (run.history.branch(), run.history.end(), run.machine.state_hash());
    let at = run.machine.instructions() - 4_000_000;
    run.go_to(at);
    run.edit();
    run.live(30_000_000, 0, 0, 0);
    assert_eq!(run.history.switch_branch(&mut run.machine, branch), Ok(true));
    run.history.run(&mut run.machine, Until::time(end.time));
    assert_eq!(run.machine.state_hash(), hash);
}

/// Any virtual time is reached, also while the CPU sleeps, and in pieces.
#[test]
fn journeys_to_a_time() {
    let mut run = Run::new("timer", History::BUDGET, 8);
    let mut seen = Vec::new();
    while run.machine.instructions() < 12_000_000 {
        let until = Until::time(run.machine.time() + 1 + run.random.below(3_000_000));
        if run.history.run(&mut run.machine, until) != Stop::Limit {
            break;
        }
        seen.push((run.machine.time(), run.machine.state_hash(), run.machine.is_halted()));
    }
    assert!(seen.iter().any(|point| point.2), "it never slept");
    for _ in 0..24 {
        let (time, hash, _) = seen[run.random.below(seen.len() as u64) as usize];
        let steps = if run.random.below(2) == 0 { u64::MAX } else { 300_000 };
        while run.history.go_to_time(&mut run.machine, time, steps).expect("the past") == Arrived::OutOfSteps
        {
        }
        assert_eq!((run.machine.time(), run.machine.state_hash()), (time, hash));
    }
}
