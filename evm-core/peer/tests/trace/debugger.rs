//! The debugger, against the states that execution from the beginning shows.

use crate::programs::{Case, FORKS, Random, SENDER};
use evm_core::U256;
use evm_core::execution::Journal;
use evm_core::inspector::{Flow, Inspector, View};
use evm_core::interpreter::{Frame, Halt};
use evm_core::trace::debugger::{Arrived, Condition, Debugger, Setup};
use evm_precompiles::Native;
use std::rc::Rc;

/// What is compared of a position.
#[derive(Clone, PartialEq, Eq, Debug)]
struct State {
    pc: usize,
    depth: usize,
    gas: u64,
    stack: Vec<U256>,
    memory: Vec<u8>,
    return_data: Vec<u8>,
    refund: i64,
    logs: usize,
    slots: Vec<(U256, U256, bool)>,
    accounts: Vec<(U256, u64, bool)>,
}

fn state(view: &View<'_>) -> State {
    State {
        pc: view.pc,
        depth: view.callers.len(),
        gas: view.frame.gas,
        stack: view.frame.stack.words().to_vec(),
        memory: view.frame.memory.bytes().to_vec(),
        return_data: view.frame.return_data.clone(),
        refund: view.frame.refund,
        logs: view.journal.logs.len(),
        slots: view.journal.slots().iter().map(|slot| (slot.key, slot.value, slot.warm)).collect(),
        accounts: view.journal.accounts().iter().map(|a| (a.balance, a.nonce, a.warm)).collect(),
    }
}

#[derive(Default)]
struct Recorder {
    states: Vec<State>,
    halts: Vec<Option<Halt>>,
}

impl Inspector for Recorder {
    fn step(&mut self, view: &View<'_>) -> Flow {
        self.states.push(state(view));
        Flow::Go
    }

    fn step_end(&mut self, _: &View<'_>, halt: Option<Halt>) {
        self.halts.push(halt);
    }

    fn enter(&mut self, _: &Frame, _: &Journal) {}
}

fn debugger(case: &Case, budget: usize) -> Debugger {
    let setup = Setup {
        world: case.world.clone(),
        env: case.env.clone(),
        rules: case.rules.clone(),
        crypto: Rc::new(Native),
        tx: case.tx.clone(),
        sender: SENDER,
    };
    Debugger::new(setup, budget).unwrap()
}

/// Random transactions that run for a while.
fn cases(seed: u64, count: usize) -> impl Iterator<Item = (Case, Recorder)> {
    let mut random = Random(seed);
    let all = (0..).map(move |n| Case::random(&mut random, FORKS[n % FORKS.len()]));
    let recorded = all.filter_map(|case| {
        let mut recorder = Recorder::default();
        case.run(&mut recorder).ok()?;
        (recorder.states.len() > 200 && recorder.states.len() < 20_000).then_some((case, recorder))
    });
    recorded.take(count)
}

#[test]
fn any_position_is_what_it_was() {
    let mut random = Random(77);
    for (case, recorder) in cases(0x5151_5151_0001, 60) {
        let mut debugger = debugger(&case, 1 << 20);
        assert_eq!(debugger.run(), Arrived::There);
        let length = recorder.states.len() as u64;
        assert_eq!(debugger.length(), Some(length));
        let (executed, changes) = case.run(&mut evm_core::inspector::NoInspector).unwrap();
        assert_eq!(debugger.result(), Some(&(executed, changes)));
        for _ in 0..30 {
            let position = random.below(length);
            assert_eq!(debugger.go_to(position), Arrived::There);
            assert_eq!(debugger.position(), position);
            assert_eq!(state(&debugger.view().unwrap()), recorder.states[position as usize]);
            for _ in 0..random.below(5) {
                debugger.back();
                let at = debugger.position() as usize;
                assert_eq!(state(&debugger.view().unwrap()), recorder.states[at]);
            }
            let here = debugger.position();
            let explanation = debugger.explain().unwrap();
            assert_eq!(debugger.position(), here);
            assert_eq!(explanation.gas, recorder.states[here as usize].gas);
            assert_eq!(state(&debugger.view().unwrap()), recorder.states[here as usize]);
        }
    }
}

/// The first position after, or the last before, `from` where the recorded states meet a condition.
fn expected(states: &[State], from: usize, back: bool, meets: impl Fn(&State) -> bool) -> Option<u64> {
    let found = match back {
        false => (from + 1..states.len()).find(|at| meets(&states[*at])),
        true => (0..from).rev().find(|at| meets(&states[*at])),
    };
    found.map(|at| at as u64)
}

fn check(debugger: &mut Debugger, from: u64, back: bool, condition: &Condition, wanted: Option<u64>) {
    debugger.go_to(from);
    let arrived = match back {
        false => debugger.forwards(condition, u64::MAX),
        true => debugger.backwards(condition, u64::MAX),
    };
    match wanted {
        Some(position) => {
            assert_eq!(
                (arrived, debugger.position()),
                (Arrived::There, position),
                "{condition:?} {back} {from}"
            );
        }
        None => assert_eq!(arrived, Arrived::AtTheEnd, "{condition:?} {back} {from}"),
    }
}

#[test]
fn conditions_stop_where_the_states_say() {
    let mut random = Random(99);
    for (case, recorder) in cases(0x6262_0003, 40) {
        let mut debugger = debugger(&case, 1 << 20);
        let states = &recorder.states;
        for n in 0..24 {
            let from = random.below(states.len() as u64);
            let (here, back) = (&states[from as usize], n % 2 == 0);
            let find = |meets: &dyn Fn(&State) -> bool| expected(states, from as usize, back, meets);
            let wanted = find(&|_| true);
            check(&mut debugger, from, back, &Condition::Into, wanted);
            let wanted = find(&|state| state.depth <= here.depth);
            check(&mut debugger, from, back, &Condition::Over, wanted);
            let wanted = find(&|state| state.depth < here.depth);
            check(&mut debugger, from, back, &Condition::Out, wanted);
            let pc = states[random.below(states.len() as u64) as usize].pc;
            let wanted = find(&|state| state.pc == pc);
            check(&mut debugger, from, back, &Condition::Pc { pc, code: None }, wanted);
            let gas = states[random.below(states.len() as u64) as usize].gas;
            let wanted = find(&|state| state.gas <= gas);
            check(&mut debugger, from, back, &Condition::Gas(gas), wanted);
            let depth = random.below(4) as u16;
            let wanted = find(&|state| state.depth == usize::from(depth));
            check(&mut debugger, from, back, &Condition::Depth(depth), wanted);
        }
    }
}
