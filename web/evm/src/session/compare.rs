//! One transaction under two forks: where they first differ.

use super::{Session, context};
use evm_core::execution::{Executed, Progress, Vm};
use evm_core::inspector::{Flow, Inspector, View};
use serde_json::{Value, json};

/// Instructions of each side that are compared at a time.
const CHUNK: usize = 4096;

/// An instruction as far as it is compared. Words deeper in the stack need not be: what differs was on top once.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Seen {
    pc: usize,
    opcode: u8,
    depth: u16,
    height: usize,
    top: evm_core::U256,
    gas: u64,
}

impl Seen {
    /// All but the gas.
    fn same_flow(&self, other: &Self) -> bool {
        Self { gas: 0, ..*self } == Self { gas: 0, ..*other }
    }
}

#[derive(Debug, Default)]
struct Recorder {
    seen: Vec<Seen>,
}

impl Inspector for Recorder {
    fn step(&mut self, view: &View<'_>) -> Flow {
        if self.seen.len() == CHUNK {
            return Flow::Pause;
        }
        let words = view.frame.stack.words();
        self.seen.push(Seen {
            pc: view.pc,
            opcode: view.opcode,
            depth: view.frame.depth,
            height: words.len(),
            top: words.last().copied().unwrap_or_default(),
            gas: view.frame.gas,
        });
        Flow::Go
    }
}

/// One side of the comparison.
struct Side<'a> {
    session: &'a Session,
    index: usize,
    vm: Vm,
    recorder: Recorder,
    ended: bool,
}

impl<'a> Side<'a> {
    fn new(session: &'a Session, index: usize) -> Option<Self> {
        let mut side = Self { session, index, vm: Vm::new(), recorder: Recorder::default(), ended: false };
        let past = session.past.get(index)?;
        let ready = past.ready.as_ref()?;
        let context = context(&session.plan, &past.world, &*session.crypto);
        side.vm.begin(&context, &ready.tx, ready.sender, &mut side.recorder).ok()?;
        Some(side)
    }

    /// The next instructions; nothing at the end.
    fn next(&mut self) -> &[Seen] {
        self.recorder.seen.clear();
        let Some(past) = self.session.past.get(self.index).filter(|_| !self.ended) else { return &[] };
        let context = context(&self.session.plan, &past.world, &*self.session.crypto);
        self.ended = self.vm.execution.resume(&context, &mut self.recorder) != Progress::Paused;
        &self.recorder.seen
    }
}

/// Compares a transaction in two sessions: `{"flow", "gas", "same"}`. The first two are the positions of the first
/// instruction after which the sides differ: in what comes next or is on top of the stack; in the gas left. `null` if none
/// does. Nothing if one side was refused.
pub fn compare(left: &Session, right: &Session, index: usize) -> Option<Value> {
    let ends = |session: &Session| session.ran(index).map(|ran| ran.executed.clone());
    let (left_end, right_end) = (ends(left)?, ends(right)?);
    let (mut left, mut right) = (Side::new(left, index)?, Side::new(right, index)?);
    let (mut position, mut gas) = (0u64, None);
    let flow = loop {
        let (a, b) = (left.next(), right.next());
        let both = a.iter().zip(b);
        if gas.is_none() {
            gas = both.clone().position(|(a, b)| a.gas != b.gas).map(|at| position + at as u64);
        }
        if let Some(at) = both.clone().position(|(a, b)| !a.same_flow(b)) {
            break Some(position + at as u64);
        }
        position += a.len().min(b.len()) as u64;
        if a.len() != b.len() {
            break Some(position);
        }
        if a.is_empty() {
            break None;
        }
    };
    // What is seen before an instruction was done by the one before it.
    let cause = |seen: Option<u64>| seen.map(|at| at.saturating_sub(1));
    Some(json!({ "flow": cause(flow), "gas": cause(gas), "same": same(&left_end, &right_end) }))
}

/// True if the ends cannot be told apart.
fn same(left: &Executed, right: &Executed) -> bool {
    (left.halt, left.gas_used, &left.output, &left.logs)
        == (right.halt, right.gas_used, &right.output, &right.logs)
}
