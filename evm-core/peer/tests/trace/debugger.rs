//! The debugger, against the states that execution from the beginning shows.

use crate::programs::Case;
use evm_core::execution::Journal;
use evm_core::inspector::{Flow, FrameExit, Inspector, View};
use evm_core::interpreter::{Frame, Halt};
use evm_core::trace::debugger::{Arrived, Condition, Debugger, Window};
use evm_core::{Address, U256};
use evm_peer::fuzz::Random;

/// What is compared of a position.
#[derive(Clone, PartialEq, Eq, Debug)]
struct State {
    pc: usize,
    opcode: u8,
    address: Address,
    code_address: Address,
    gas: u64,
    refund: u64,
    logs: usize,
    return_data: Vec<u8>,
    /// Stack and memory of the open frames, the outermost first.
    frames: Vec<(Vec<U256>, Vec<u8>)>,
    slots: Vec<(Address, U256, U256, bool)>,
    accounts: Vec<(Address, U256, u64, bool)>,
}

impl State {
    fn depth(&self) -> usize {
        self.frames.len() - 1
    }
}

fn state(view: &View<'_>) -> State {
    let frames = view.callers.iter().chain([view.frame]);
    let refund: i64 = frames.clone().map(|frame| frame.refund).sum();
    let journal = view.journal;
    let owner = |slot: u32| journal.accounts()[slot as usize].address;
    State {
        pc: view.pc,
        opcode: view.opcode,
        address: view.frame.address,
        code_address: view.frame.code_address,
        gas: view.frame.gas,
        refund: refund.max(0) as u64,
        logs: journal.logs.len(),
        return_data: view.frame.return_data.clone(),
        frames: frames.map(|f| (f.stack.words().to_vec(), f.memory.bytes().to_vec())).collect(),
        slots: journal.slots().iter().map(|s| (owner(s.account), s.key, s.value, s.warm)).collect(),
        accounts: journal.accounts().iter().map(|a| (a.address, a.balance, a.nonce, a.warm)).collect(),
    }
}

/// Everything that execution from the beginning shows.
#[derive(Default)]
struct Recorder {
    states: Vec<State>,
    /// Positions at which the open frames were entered, at each state.
    entered: Vec<Vec<u64>>,
    open: Vec<u64>,
    /// Positions of instructions that failed.
    failed: Vec<bool>,
}

impl Inspector for Recorder {
    fn step(&mut self, view: &View<'_>) -> Flow {
        self.states.push(state(view));
        self.entered.push(self.open.clone());
        Flow::Go
    }

    fn step_end(&mut self, _: &View<'_>, halt: Option<Halt>) {
        self.failed.push(halt.is_some_and(Halt::is_error));
    }

    fn enter(&mut self, _: &Frame, _: &Journal) {
        self.open.push(self.states.len() as u64);
    }

    fn exit(&mut self, _: &FrameExit<'_>, _: &Journal) {
        self.open.pop();
    }
}

/// Checkpoints so close that a short trace has many.
fn debugger(case: &Case, random: &mut Random) -> Debugger {
    let (distance, budget) = (1 << random.below(10), 1 << (14 + random.below(8)));
    Debugger::with_distance(case.clone().setup(), budget, distance).unwrap()
}

/// Random transactions that run for a while.
fn cases(first: u64, count: usize) -> impl Iterator<Item = (Case, Recorder)> {
    let recorded = (first..).filter_map(|seed| {
        let case = Case::random(seed);
        let mut recorder = Recorder::default();
        case.run(&mut recorder).ok()?;
        (recorder.states.len() > 100 && recorder.states.len() < 5000).then_some((case, recorder))
    });
    recorded.take(count)
}

#[test]
fn any_position_is_what_it_was() {
    let mut random = Random::new(77);
    for (case, recorder) in cases(40_000, 40) {
        let mut debugger = debugger(&case, &mut random);
        assert_eq!(debugger.run(), Arrived::There);
        let length = recorder.states.len() as u64;
        assert_eq!(debugger.length(), Some(length));
        let (executed, changes) = case.run(&mut Recorder::default()).unwrap();
        assert_eq!(debugger.result(), Some(&(executed, changes)));
        for _ in 0..30 {
            let position = random.below(length);
            assert_eq!(debugger.go_to(position), Arrived::There);
            assert_eq!(debugger.position(), position);
            for _ in 0..=random.below(40) {
                let at = debugger.position() as usize;
                assert_eq!(state(&debugger.view().unwrap()), recorder.states[at]);
                assert_eq!(debugger.entered(), recorder.entered[at]);
                debugger.back();
            }
            let here = debugger.position() as usize;
            let explanation = debugger.explain().unwrap();
            assert_eq!(debugger.position(), here as u64);
            assert_eq!(explanation.gas, recorder.states[here].gas);
            assert_eq!(state(&debugger.view().unwrap()), recorder.states[here]);
        }
    }
}

/// From the end to the beginning in single steps: every state on the way.
#[test]
fn the_whole_way_back() {
    let mut random = Random::new(78);
    for (case, recorder) in cases(42_000, 12) {
        let mut debugger = debugger(&case, &mut random);
        debugger.run();
        for at in (0..recorder.states.len()).rev() {
            assert_eq!(debugger.back(), Arrived::There);
            assert_eq!(state(&debugger.view().unwrap()), recorder.states[at]);
            assert_eq!(debugger.entered(), recorder.entered[at]);
        }
        assert_eq!((debugger.back(), debugger.position()), (Arrived::AtTheEnd, 0));
    }
}

/// Whether a recorded position meets a condition that was set at another.
type Meets<'a> = Box<dyn Fn(usize) -> bool + 'a>;

struct Search<'a> {
    case: &'a Case,
    recorder: &'a Recorder,
    from: usize,
}

impl<'a> Search<'a> {
    fn at(&self, position: usize) -> &'a State {
        &self.recorder.states[position]
    }

    /// A word of storage at a position.
    fn slot(&self, position: usize, address: Address, key: U256) -> U256 {
        let touched = self.at(position).slots.iter().find(|slot| (slot.0, slot.1) == (address, key));
        touched.map_or_else(|| self.case.world.storage(&address, &key), |slot| slot.2)
    }

    /// Stack and memory of the frame that was present at the beginning of the search, while it is open.
    fn frame(&self, position: usize) -> Option<&'a (Vec<U256>, Vec<u8>)> {
        let depth = self.at(self.from).depth();
        let same = self.recorder.entered[position].get(depth) == self.recorder.entered[self.from].get(depth);
        self.at(position).frames.get(depth).filter(|_| same)
    }

    /// All conditions, with operands that occur, each with what it means.
    fn conditions(&'a self, random: &mut Random) -> Vec<(Condition, Meets<'a>)> {
        let here = self.at(self.from);
        let any = self.at(random.below(self.recorder.states.len() as u64) as usize);
        let depth = random.below(4) as u16;
        let range = random.below(64) as usize;
        let range = range..range + 1 + random.below(64) as usize;
        let level = random.below(here.frames[here.depth()].0.len() as u64 + 2) as usize;
        let last = self.at(self.recorder.states.len() - 1);
        let (address, key) = match last.slots.len() as u64 {
            0 => (here.address, U256::zero()),
            slots => {
                let slot = last.slots[random.below(slots) as usize];
                (slot.0, slot.1)
            }
        };
        let word = self.slot(self.from, address, key);
        let bytes = |at: usize, range: &std::ops::Range<usize>| {
            let memory = self.frame(at).map(|frame| &frame.1[..]);
            memory.map(|memory| memory[range.start.min(memory.len())..range.end.min(memory.len())].to_vec())
        };
        let (before, shown) = (bytes(self.from, &range), range.clone());
        let (code, pc, opcode, gas) = (any.code_address, any.pc, any.opcode, any.gas);
        vec![
            (Condition::Into, Box::new(|_| true)),
            (Condition::Over, Box::new(|at| self.at(at).depth() <= here.depth())),
            (Condition::Out, Box::new(|at| self.at(at).depth() < here.depth())),
            (Condition::Pc { pc, code: None }, Box::new(move |at| self.at(at).pc == pc)),
            (
                Condition::Pc { pc, code: Some(code) },
                Box::new(move |at| self.at(at).pc == pc && self.at(at).code_address == code),
            ),
            (Condition::Opcode(opcode), Box::new(move |at| self.at(at).opcode == opcode)),
            (Condition::Depth(depth), Box::new(move |at| self.at(at).depth() == usize::from(depth))),
            (Condition::Gas(gas), Box::new(move |at| self.at(at).gas <= gas)),
            (
                Condition::SlotChanges { address, key },
                Box::new(move |at| self.slot(at, address, key) != word),
            ),
            (
                Condition::SlotWritten { address, key },
                Box::new(move |at| {
                    let state = self.at(at);
                    let stack = &state.frames[state.depth()].0;
                    state.opcode == 0x55 && state.address == address && stack.last() == Some(&key)
                }),
            ),
            (
                Condition::MemoryChanges(range),
                Box::new(move |at| self.frame(at).is_some() && bytes(at, &shown) != before),
            ),
            (
                Condition::StackChanges(level),
                Box::new(move |at| {
                    let before = self.frame(self.from).and_then(|frame| frame.0.get(level));
                    self.frame(at).is_some_and(|frame| frame.0.get(level) != before)
                }),
            ),
            (Condition::Fails, Box::new(|at| self.recorder.failed[at])),
        ]
    }
}

/// The first position after, or the last before, `from` that meets a condition.
fn expected(length: usize, from: usize, back: bool, meets: &Meets<'_>) -> Option<usize> {
    if back { (0..from).rev().find(|at| meets(*at)) } else { (from + 1..length).find(|at| meets(*at)) }
}

#[test]
fn conditions_stop_where_the_states_say() {
    let mut random = Random::new(99);
    let mut found = [[0; 2]; 13];
    for (case, recorder) in cases(45_000, 30) {
        let mut debugger = debugger(&case, &mut random);
        let length = recorder.states.len();
        for _ in 0..6 {
            let search =
                Search { case: &case, recorder: &recorder, from: random.below(length as u64) as usize };
            let from = search.from;
            for (kind, (condition, meets)) in search.conditions(&mut random).into_iter().enumerate() {
                for back in [false, true] {
                    debugger.go_to(from as u64);
                    let arrived = match back {
                        false => debugger.forwards(&condition, u64::MAX),
                        true => debugger.backwards(&condition, u64::MAX),
                    };
                    let wanted = expected(length, from, back, &meets);
                    let got = (arrived == Arrived::There).then_some(debugger.position() as usize);
                    assert_eq!(got, wanted, "{condition:?} back {back} from {from} of {length}");
                    found[kind][usize::from(back)] += usize::from(wanted.is_some());
                    if got.is_none() {
                        assert_eq!(arrived, Arrived::AtTheEnd);
                        assert_eq!(debugger.position(), if back { 0 } else { length as u64 });
                    }
                }
            }
        }
    }
    // Each was met often enough both ways for that to say something.
    assert!(found.iter().flatten().all(|times| *times > 5), "{found:?}");
}

/// A search over few steps stops, and goes on when asked again.
#[test]
fn searches_in_slices_find_the_same() {
    let mut random = Random::new(5);
    for (case, recorder) in cases(47_000, 12) {
        let mut debugger = debugger(&case, &mut random);
        let length = recorder.states.len();
        let search = Search { case: &case, recorder: &recorder, from: length / 2 };
        for (condition, meets) in search.conditions(&mut random) {
            // Those that compare with where the search began do so with where it goes on.
            let compares =
                ["Over", "Out", "Changes"].iter().any(|word| format!("{condition:?}").contains(word));
            if compares {
                continue;
            }
            for back in [false, true] {
                debugger.go_to(search.from as u64);
                let slice = 1 + random.below(40);
                let arrived = loop {
                    let before = debugger.position();
                    let arrived = match back {
                        false => debugger.forwards(&condition, slice),
                        true => debugger.backwards(&condition, slice),
                    };
                    assert!(debugger.position().abs_diff(before) <= slice);
                    if arrived != Arrived::OutOfSteps {
                        break arrived;
                    }
                };
                let got = (arrived == Arrived::There).then_some(debugger.position() as usize);
                assert_eq!(got, expected(length, search.from, back, &meets), "{condition:?} {back}");
            }
        }
    }
}

#[test]
fn scenes_show_the_states() {
    let mut random = Random::new(11);
    for (case, recorder) in cases(49_000, 15) {
        let mut debugger = debugger(&case, &mut random);
        for _ in 0..8 {
            let at = random.below(recorder.states.len() as u64) as usize;
            debugger.go_to(at as u64);
            let window = Window { memory: 8..40, slots: 2, data: 16 };
            let (scene, here) = (debugger.scene(&window), &recorder.states[at]);
            // Looking changes nothing.
            assert_eq!(state(&debugger.view().unwrap()), *here);
            let (stack, memory) = &here.frames[here.depth()];
            assert_eq!(scene.stack, stack.iter().map(|word| format!("{word:#x}")).collect::<Vec<_>>());
            let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
            let from = 8.min(memory.len());
            assert_eq!((scene.memory_size, scene.memory_from), (memory.len(), from));
            assert_eq!(scene.memory, format!("0x{}", hex(&memory[from..40.min(memory.len())])));
            let returned = &here.return_data[..here.return_data.len().min(16)];
            assert_eq!(scene.return_data, format!("0x{}", hex(returned)));
            assert_eq!((scene.refund, scene.logs), (here.refund, here.logs));
            assert_eq!((scene.position, scene.frames.len()), (at as u64, here.frames.len()));
            let entered: Vec<u64> = scene.frames.iter().map(|frame| frame.entered).collect();
            assert_eq!(entered, recorder.entered[at]);
            let top = scene.frames.last().unwrap();
            assert_eq!((top.pc, top.gas, &top.address), (here.pc, here.gas, &format!("{:?}", here.address)));
            let last = here.slots.len().saturating_sub(2);
            let slots: Vec<_> = here.slots[last..].iter().map(|s| (format!("0x{:064x}", s.1), s.3)).collect();
            assert_eq!(scene.slots.into_iter().map(|s| (s.key, s.warm)).collect::<Vec<_>>(), slots);
            assert!(scene.next.is_some() && scene.end.is_none());
        }
        debugger.run();
        let end = debugger.scene(&Window::default());
        assert!(end.frames.is_empty() && end.next.is_none() && end.stack.is_empty());
        assert_eq!(end.end.unwrap().gas_used, debugger.result().unwrap().0.gas_used);
    }
}
