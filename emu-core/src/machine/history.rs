//! Going back. A machine is a function of its configuration and its inputs, so the past is not kept but made again: from
//! time to time a [`Moment`] is, and every other point is reached by executing on from the one before it, with the inputs
//! that were given then.
//!
//! Near the present, moments stand close to each other, further away at distances that grow with their own. When they
//! take more memory than they may, the oldest go first and the past begins later; while somebody is in the past, it keeps
//! its beginning, and moments far from there go.

mod branches;
mod journey;
mod marks;
mod moments;

pub use branches::Branch;
pub use marks::{Mark, MarkKind};

use super::{Edit, Input, Machine, Medium, Moment, Stop, Until};
use crate::bus::{DriveId, Marks};
use crate::host::ImageError;
use crate::time::Ns;
use crate::x86::cpu::NS_PER_STEP;
use std::collections::BTreeMap;

/// A point of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stamp {
    /// Instructions executed.
    pub instruction: u64,
    /// Virtual nanoseconds.
    pub time: Ns,
}

impl Stamp {
    pub(super) fn of(machine: &Machine) -> Self {
        Self { instruction: machine.instructions(), time: machine.time() }
    }
}

/// How a journey ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrived {
    /// At the point asked for, or at the end of the past nearest to it.
    There,
    /// As many instructions executed as were allowed; to go on, ask again.
    OutOfSteps,
    /// The machine stopped on the way, as it did then: a disk block is missing, or it had ended there.
    Stopped(Stop),
}

#[derive(Clone)]
struct Kept {
    moment: Moment,
    /// Inputs given before it.
    inputs: usize,
    /// Bytes it takes beside the one before it.
    bytes: usize,
}

/// The past of one machine. All that it does goes through here: [`History::run`] and [`History::input`].
pub struct History {
    budget: usize,
    bytes: usize,
    kept: BTreeMap<u64, Kept>,
    inputs: Vec<(Stamp, Input)>,
    /// Inputs given up to the present position.
    given: usize,
    /// Inputs that came while the machine stood between the delivery of an interrupt and its handler, where only a
    /// debugger stops: they are given after one more instruction, so that a replay without stops can give them too.
    late: Vec<Input>,
    /// The furthest point reached.
    end: Stamp,
    /// What lies along it.
    marks: Marks,
    /// Where recording began.
    began: Stamp,
    /// Futures that were left for another.
    branches: Vec<branches::Line>,
    /// The name of the future that is gone into.
    branch: u32,
    /// Futures there ever were.
    named: u32,
}

impl History {
    /// Bytes that moments may take where nothing else is said.
    pub const BUDGET: usize = 256 << 20;

    /// The past begins now. `budget` are the bytes that moments may take altogether; the first and the last are kept
    /// whatever they take.
    pub fn new(machine: &mut Machine, budget: usize) -> Self {
        let mut history = Self {
            budget,
            bytes: 0,
            kept: BTreeMap::new(),
            inputs: Vec::new(),
            given: 0,
            late: Vec::new(),
            end: Stamp::of(machine),
            marks: Marks::new(NS_PER_STEP),
            began: Stamp::of(machine),
            branches: Vec::new(),
            branch: 0,
            named: 1,
        };
        history.keep(machine, machine.instructions());
        history
    }

    /// The past of a machine that has all of it before it: inputs by rising virtual times, up to an end.
    pub fn with_future(machine: &mut Machine, budget: usize, inputs: Vec<(Ns, Input)>, end: Stamp) -> Self {
        let history = Self::new(machine, budget);
        // An instruction begins at one time only: it is known when that has come.
        let stamped = |(time, input)| (Stamp { instruction: 0, time }, input);
        Self { end: end.max(history.end), inputs: inputs.into_iter().map(stamped).collect(), ..history }
    }

    /// Bytes that moments may take.
    pub fn budget(&self) -> usize {
        self.budget
    }

    /// The first point that can be gone back to.
    pub fn start(&self) -> Stamp {
        let first = self.kept.values().next();
        first.map_or(self.end, |kept| Stamp { instruction: kept.moment.instruction, time: kept.moment.time })
    }

    /// The furthest point reached.
    pub fn end(&self) -> Stamp {
        self.end
    }

    /// Where recording began: inputs are known from here on, even where no moment is kept any more.
    pub fn began(&self) -> Stamp {
        self.began
    }

    /// Inputs that were given before the present position, and when.
    pub fn given(&self) -> &[(Stamp, Input)] {
        &self.inputs[..self.given]
    }

    /// Inputs that were given, and when.
    pub fn inputs(&self) -> &[(Stamp, Input)] {
        &self.inputs
    }

    /// Bytes that moments take, and where they stand.
    pub fn memory_use(&self) -> (usize, Vec<u64>) {
        (self.bytes, self.kept.keys().copied().collect())
    }

    /// Whether the machine is where it has been before: what it does now is not new.
    pub fn is_past(&self, machine: &Machine) -> bool {
        Stamp::of(machine) < self.end || self.given < self.inputs.len()
    }

    /// Gives the inputs that were given at this very time: a journey ends before them.
    pub fn give_due(&mut self, machine: &mut Machine) {
        let here = Stamp::of(machine);
        while let Some((at, input)) = self.inputs.get_mut(self.given).filter(|(at, _)| at.time <= here.time) {
            *at = here;
            machine.input(input.clone());
            self.given += 1;
        }
    }

    /// Runs on, as [`Machine::run`] does. In the past the inputs of then are given again.
    pub fn run(&mut self, machine: &mut Machine, until: Until) -> Stop {
        let stop = self.drive(machine, until, |machine, until| {
            let stop = machine.run(until);
            (stop != Stop::Limit).then_some(stop)
        });
        stop.unwrap_or(Stop::Limit)
    }

    /// Runs on by `run`, which executes up to a limit and says why it ended before, if it did.
    pub fn drive<T>(
        &mut self,
        machine: &mut Machine,
        until: Until,
        run: impl FnMut(&mut Machine, Until) -> Option<T>,
    ) -> Option<T> {
        self.listen(machine);
        let stop = self.drive_noted(machine, until, run);
        self.take_marks(machine);
        stop
    }

    fn drive_noted<T>(
        &mut self,
        machine: &mut Machine,
        until: Until,
        mut run: impl FnMut(&mut Machine, Until) -> Option<T>,
    ) -> Option<T> {
        loop {
            let here = Stamp::of(machine);
            if !self.late.is_empty() && !machine.engine.owes_step() {
                std::mem::take(&mut self.late).into_iter().for_each(|input| self.input(machine, input));
            }
            if here.instruction >= until.instruction || here.time >= until.time {
                return None;
            }
            let stop = match self.inputs.get_mut(self.given) {
                Some((at, input)) if at.time <= here.time => {
                    // One from a recording did not know of its instruction.
                    *at = here;
                    machine.input(input.clone());
                    self.given += 1;
                    continue;
                }
                next => {
                    let time = until.time.min(next.map_or(Ns::MAX, |(at, _)| at.time));
                    let mut instruction = until.instruction.min(self.next_keep(here.instruction));
                    if !self.late.is_empty() {
                        instruction = here.instruction + 1;
                    }
                    run(machine, Until { instruction, time })
                }
            };
            let reached = machine.instructions();
            if stop.is_none() && reached >= self.next_keep(here.instruction) {
                self.keep(machine, reached);
            }
            self.end = self.end.max(Stamp::of(machine));
            if stop.is_some() {
                return stop;
            }
        }
    }

    /// At the end of what has been, gives the inputs that were given there.
    fn give_rest(&mut self, machine: &mut Machine) {
        for (_, input) in self.inputs.iter().skip(self.given) {
            machine.input(input.clone());
        }
        self.given = self.inputs.len();
    }

    /// Forgets what would come after the present, and all that was left for it.
    pub fn forget_future(&mut self, machine: &Machine) {
        let here = Stamp::of(machine);
        drop(self.cut(here, self.given));
        self.end = here;
        self.branches.clear();
        self.count();
    }

    /// Gives the machine an input now. In the past that begins another future; the one there was stays as a branch.
    pub fn input(&mut self, machine: &mut Machine, input: Input) {
        if machine.is_before_handler() {
            return self.late.push(input);
        }
        let parting = self.parting(machine);
        self.leave(parting, machine);
        self.note(machine, input.clone());
        machine.input(input);
    }

    /// Edits the machine, as [`History::input`] gives it inputs.
    ///
    /// # Errors
    /// One line: why a register does not take this. Nothing was changed.
    pub fn edit(&mut self, machine: &mut Machine, edit: Edit) -> Result<(), String> {
        let parting = self.parting(machine);
        machine.edit(&edit)?;
        self.leave(parting, machine);
        let delivered = machine.is_before_handler();
        self.note(machine, Input::Edit { edit, delivered });
        Ok(())
    }

    /// Changes the medium in a floppy or CD-ROM drive: see [`Machine::change_medium`].
    ///
    /// # Errors
    /// What is wrong with the image. Nothing was changed.
    pub fn change_medium(
        &mut self,
        machine: &mut Machine,
        drive: DriveId,
        medium: Option<Medium>,
    ) -> Result<(), ImageError> {
        let parting = self.parting(machine);
        machine.change_medium(drive, medium.clone())?;
        self.leave(parting, machine);
        let delivered = machine.is_before_handler();
        self.note(machine, Input::Medium { drive, medium, delivered });
        Ok(())
    }

    /// An input that is given now is part of what has been.
    fn note(&mut self, machine: &Machine, input: Input) {
        self.end = Stamp::of(machine);
        self.inputs.push((self.end, input));
        self.given = self.inputs.len();
    }
}

/// What leaves a machine that goes through its past has left it before.
pub fn drop_output(machine: &mut Machine) {
    (0..4).for_each(|port| drop(machine.take_serial(port)));
    drop(machine.take_debug());
    drop(machine.take_captured());
    drop(machine.take_speaker());
}
