//! Stepping through a transaction, forwards and backwards.
//!
//! A position is the number of instructions executed. The past is not kept: from time to time the execution is copied
//! ([`Checkpoint`]s share what did not change), and any position is reached by executing again from the copy before it.
//! Coarse copies stand at multiples of a distance that doubles when they take too much memory; a few fine ones stand just
//! before the present position, so that a step back executes little. The fine ones that steps further back will need
//! are made ahead of need, by a second execution that goes on a little with each step back ([`Ahead`]): also where the
//! coarse ones are far apart, no single step has to cross all that lies between two of them.

mod ahead;
mod checkpoint;
mod condition;
mod fails;
mod scene;
mod store;
mod walk;

pub use condition::Condition;
pub use scene::{EndScene, FrameScene, Scene, SlotScene, Window};

use crate::Address;
use crate::block::BlockEnv;
use crate::execution::{Changes, Context, Executed, Execution, Progress, Rejected, Vm};
use crate::inspector::View;
use crate::precompiles::Crypto;
use crate::rules::Rules;
use crate::state::World;
use crate::trace::explain::{Explainer, Explanation};
use crate::transaction::Transaction;
use ahead::Ahead;
use condition::Watch;
use std::rc::Rc;
use store::{Keep, Store};
use walk::Walk;

/// All that a transaction's execution is a function of.
#[derive(Clone, Debug)]
pub struct Setup {
    /// State before.
    pub world: World,
    /// The block.
    pub env: BlockEnv,
    /// The fork.
    pub rules: Rules,
    /// For precompiles and signatures.
    pub crypto: Rc<dyn Crypto>,
    /// The transaction.
    pub tx: Transaction,
    /// Who sends it.
    pub sender: Address,
}

impl Setup {
    fn context(&self) -> Context<'_> {
        Context { world: &self.world, env: &self.env, rules: &self.rules, crypto: &*self.crypto }
    }
}

/// How a movement ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Arrived {
    /// Where it was to go.
    There,
    /// At the end of the transaction; going backwards, at its first instruction; without having found what was looked
    /// for.
    AtTheEnd,
    /// As many instructions executed as were allowed; to go on, ask again.
    OutOfSteps,
    /// At a precompiled contract whose module is not loaded. The position is that of the call: load it, and ask again.
    NeedsCrypto,
}

/// A transaction that can be walked through.
#[derive(Debug)]
pub struct Debugger {
    setup: Setup,
    vm: Vm,
    /// Instructions executed.
    position: u64,
    /// Position at which each open frame was entered.
    entered: Vec<u64>,
    store: Store,
    /// What makes the checkpoints for steps further back; from the first step back on.
    ahead: Option<Ahead>,
    /// Instructions executed altogether, again and again, by this and by what was `ahead`.
    executed: u64,
    /// Instructions altogether, once the end was seen.
    length: Option<u64>,
    result: Option<(Executed, Changes)>,
}

impl Debugger {
    /// Bytes that checkpoints may take where nothing else is said.
    pub const BUDGET: usize = 128 << 20;

    /// A transaction at its first instruction. `budget` are the bytes that checkpoints may take altogether; the
    /// execution itself, and one checkpoint, come on top.
    pub fn new(setup: Setup, budget: usize) -> Result<Self, Rejected> {
        Self::with_distance(setup, budget, store::FIRST_GAP)
    }

    /// The same with checkpoints at first `distance` instructions apart (the next power of two), for tests: a short
    /// trace then has as many as otherwise a long one.
    pub fn with_distance(setup: Setup, budget: usize, distance: u64) -> Result<Self, Rejected> {
        let mut vm = Vm::new();
        let mut walk = Walk::new(0, u64::MAX, Vec::new());
        vm.begin(&setup.context(), &setup.tx, setup.sender, &mut walk)?;
        let entered = walk.entered;
        let mut store = Store::new(budget, distance);
        store.keep(0, &vm.execution, &entered);
        let (ahead, length, result) = (None, None, None);
        let mut debugger =
            Self { setup, vm, position: 0, entered, store, ahead, executed: 0, length, result };
        if debugger.vm.execution.frames().is_empty() {
            debugger.ended();
        }
        Ok(debugger)
    }

    /// Instructions executed.
    pub fn position(&self) -> u64 {
        self.position
    }

    /// Instructions of the whole transaction, once its end was seen.
    pub fn length(&self) -> Option<u64> {
        self.length
    }

    /// True when nothing is left to execute.
    pub fn is_at_end(&self) -> bool {
        self.vm.execution.frames().is_empty()
    }

    /// What became of the transaction, once its end was seen.
    pub fn result(&self) -> Option<&(Executed, Changes)> {
        self.result.as_ref()
    }

    /// What is being executed.
    pub fn setup(&self) -> &Setup {
        &self.setup
    }

    /// The present state.
    pub fn execution(&self) -> &Execution {
        &self.vm.execution
    }

    /// Positions at which the open frames were entered, the outermost first.
    pub fn entered(&self) -> &[u64] {
        &self.entered
    }

    /// Bytes that checkpoints take, and how many there are.
    pub fn memory_use(&self) -> (usize, usize) {
        (self.store.bytes(), self.store.len())
    }

    /// Instructions executed so far to get to where it was and is: what the walk cost.
    pub fn executed(&self) -> u64 {
        self.executed
    }

    /// The instruction that is next; nothing at the end.
    pub fn view(&self) -> Option<View<'_>> {
        let (frame, callers) = self.vm.execution.frames().split_last()?;
        let pc = frame.pc();
        let opcode = frame.code.bytes().get(pc).copied().unwrap_or(0);
        let journal = self.vm.execution.journal();
        Some(View { frame, callers, journal, world: &self.setup.world, rules: &self.setup.rules, pc, opcode })
    }

    /// Goes to a position, forwards or backwards; beyond the end, to the end.
    pub fn go_to(&mut self, position: u64) -> Arrived {
        let position = self.length.map_or(position, |length| position.min(length));
        let backwards = position < self.position;
        // For a jump also what comes before is to be ready, or nearly; for a step it is made ready while there is time.
        let is_step = position.checked_add(1) == Some(self.position);
        if backwards && (self.store.is_ready(position) || is_step && self.store.reaches(position)) {
            self.restore(self.store.before(position));
            let arrived = self.advance(position, None, Keep::Coarse);
            self.prepare();
            return arrived;
        }
        // Executing on is best unless a checkpoint between here and there spares most of it.
        let from = self.store.start(position);
        if backwards || from > self.position {
            self.restore(from);
        }
        let arrived = self.advance(position, None, Keep::BeforeTarget);
        if arrived == Arrived::There && self.is_at_end() && !self.store.is_ready(self.position) {
            // Nobody knew that the end is here: again, for steps back from it.
            let end = self.position;
            self.restore(self.store.start(end));
            return self.advance(end, None, Keep::BeforeTarget);
        }
        arrived
    }

    /// Goes on with the checkpoint that steps further back will need: a share of the work that is left for it, so that it
    /// is there in time.
    fn prepare(&mut self) {
        let Some((target, steps)) = self.store.wanted(self.position) else { return };
        let ahead = self.ahead.get_or_insert_with(|| Ahead::new(&self.vm.execution));
        self.executed += ahead.go_on(&self.setup.context(), &mut self.store, target, steps);
    }

    /// One instruction back.
    pub fn back(&mut self) -> Arrived {
        match self.position.checked_sub(1) {
            Some(position) => self.go_to(position),
            None => Arrived::AtTheEnd,
        }
    }

    /// Goes forwards to the end.
    pub fn run(&mut self) -> Arrived {
        self.go_to(u64::MAX)
    }

    /// Goes forwards to the next instruction that meets the condition, over at most `steps`.
    pub fn forwards(&mut self, condition: &Condition, steps: u64) -> Arrived {
        let Some(view) = self.view() else { return Arrived::AtTheEnd };
        let mut watch = Watch::new(condition, &view, &self.entered);
        // What is here already is not looked for.
        watch.meets(&view, &self.entered);
        let last = self.position.saturating_add(steps.max(1));
        match self.advance(self.position + 1, None, Keep::BeforeTarget) {
            Arrived::There if self.is_at_end() => return Arrived::AtTheEnd,
            Arrived::There => {}
            other => return other,
        }
        let mut met = false;
        let mut watching = |view: &View<'_>, entered: &[u64], _: u64| {
            met = watch.meets(view, entered);
            met
        };
        let arrived = self.advance(last, Some(&mut watching), Keep::OnTheWay);
        match arrived {
            Arrived::There if met => Arrived::There,
            Arrived::There if self.is_at_end() => Arrived::AtTheEnd,
            // Where it was to pause it did not look.
            Arrived::There if self.view().is_some_and(|view| watch.meets(&view, &self.entered)) => {
                Arrived::There
            }
            Arrived::There => Arrived::OutOfSteps,
            other => other,
        }
    }

    /// Goes backwards to the last instruction before that meets the condition, over at most `steps`; if there is none,
    /// to where the search ended.
    pub fn backwards(&mut self, condition: &Condition, steps: u64) -> Arrived {
        let here = self.position;
        let first = here.saturating_sub(steps);
        let mut watch = self.view().map(|view| Watch::new(condition, &view, &self.entered));
        if watch.is_none() && !self.is_at_end() {
            return Arrived::AtTheEnd;
        }
        let mut end = here;
        while end > first {
            let start = self.store.before(end - 1);
            self.restore(start);
            if watch.is_none() {
                // At the end there is no frame to compare with: with that of the last instruction.
                self.advance(here.saturating_sub(1), None, Keep::Coarse);
                watch = self.view().map(|view| Watch::new(condition, &view, &self.entered));
                self.restore(start);
            }
            let mut found = None;
            let Some(base) = &watch else { return Arrived::AtTheEnd };
            let mut watch = base.clone();
            let mut watching = |view: &View<'_>, entered: &[u64], position: u64| {
                if watch.meets(view, entered) && position >= first {
                    found = Some(position);
                }
                false
            };
            let arrived = self.advance(end, Some(&mut watching), Keep::Coarse);
            if arrived != Arrived::There {
                return arrived;
            }
            if let Some(position) = found {
                return self.go_to(position);
            }
            end = start;
        }
        let arrived = self.go_to(first);
        match arrived {
            Arrived::There if first == 0 => Arrived::AtTheEnd,
            Arrived::There => Arrived::OutOfSteps,
            other => other,
        }
    }

    /// The next instruction explained: with what it left, if it is one that ends at once.
    pub fn explain(&mut self) -> Option<Explanation> {
        if self.is_at_end() {
            return None;
        }
        let here = self.store.copy(self.position, &self.vm.execution, &self.entered);
        let mut explainer = Explainer::once();
        // A frame that lacks cryptography is explained without its end.
        let _ = self.vm.execution.resume(&self.setup.context(), &mut explainer);
        here.restore(&mut self.vm.execution);
        explainer.into_explanations().pop()
    }

    fn restore(&mut self, position: u64) {
        if let Some(checkpoint) = self.store.get(position) {
            checkpoint.restore(&mut self.vm.execution);
            self.entered.clone_from(&checkpoint.entered);
            self.position = position;
        }
    }

    /// Executes on to a position, or to where `watch` says stop, keeping checkpoints on the way.
    fn advance(&mut self, to: u64, mut watch: Option<walk::Watching<'_>>, keep: Keep) -> Arrived {
        while self.position < to && !self.is_at_end() {
            let from = self.position;
            let pause = self.store.next(from, to, keep).min(to);
            let mut walk = Walk::new(self.position, pause, std::mem::take(&mut self.entered));
            let progress = match &mut watch {
                None => self.vm.execution.resume(&self.setup.context(), &mut walk),
                Some(watch) => {
                    let mut walk = walk::Watched { walk: &mut walk, watch: &mut **watch, stop: false };
                    let progress = self.vm.execution.resume(&self.setup.context(), &mut walk);
                    if walk.stop {
                        self.position = walk.walk.position;
                        self.executed += self.position - from;
                        self.entered = std::mem::take(&mut walk.walk.entered);
                        return Arrived::There;
                    }
                    progress
                }
            };
            self.position = walk.position;
            self.executed += self.position - from;
            self.entered = walk.entered;
            match progress {
                Progress::NeedsCrypto => {
                    // What called the contract was spoilt by that: back to before it.
                    let call = self.position.saturating_sub(1);
                    let from = self.store.before(call);
                    self.restore(from);
                    if from < call {
                        self.advance(call, None, Keep::BeforeTarget);
                    }
                    return Arrived::NeedsCrypto;
                }
                Progress::Done => self.ended(),
                Progress::Paused if self.store.wants(self.position, to, keep) => {
                    self.store.keep(self.position, &self.vm.execution, &self.entered);
                }
                Progress::Paused => {}
            }
        }
        Arrived::There
    }

    /// The end was reached: what became of it is settled once.
    fn ended(&mut self) {
        self.entered.clear();
        self.length = Some(self.position);
        if self.result.is_none() {
            let mut vm = self.vm.clone();
            self.result = vm.finish(&self.setup.context());
        }
    }
}
