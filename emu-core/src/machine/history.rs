//! Going back. A machine is a function of its configuration and its inputs, so the past is not kept but made again: from
//! time to time a [`Moment`] is, and every other point is reached by executing on from the one before it, with the inputs
//! that were given then.
//!
//! Near the present, moments stand close to each other, further away at distances that grow with their own. When they
//! take more memory than they may, the oldest go first and the past begins later; while somebody is in the past, it keeps
//! its beginning, and moments far from there go.

use super::{Input, Machine, Moment, RestoreError, Stop, Until};
use crate::time::Ns;
use std::collections::BTreeMap;

/// Instructions between two moments while the machine runs: executed again in less than a tenth of a second.
const LIVE_GAP: u64 = 4 << 20;
/// Moments are never closer than this, even where somebody walks back step by step.
const LEAST_GAP: u64 = 1 << 15;
/// Nor further apart than this, so that every point is reached in about a second.
const MOST_GAP: u64 = 48 << 20;
/// The distance between moments is this part of the distance to the present.
const GAP_PART: u64 = 16;

/// Virtual time that an instruction executed on a journey may take on average, sleep included, before the journey pauses.
const NS_OF_A_STEP: Ns = 10_000;

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
    /// Where recording began.
    began: Stamp,
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
            began: Stamp::of(machine),
        };
        history.keep(machine, machine.instructions());
        history
    }

    /// The past of a machine that has all of it before it: inputs by rising stamps, up to an end.
    pub fn with_future(
        machine: &mut Machine,
        budget: usize,
        inputs: Vec<(Stamp, Input)>,
        end: Stamp,
    ) -> Self {
        let history = Self::new(machine, budget);
        Self { end: end.max(history.end), inputs, ..history }
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
            let stop = match self.inputs.get(self.given) {
                Some((at, input)) if *at <= here => {
                    machine.input(input.clone());
                    self.given += 1;
                    continue;
                }
                // Asleep at that instruction already: time alone goes on.
                Some((at, _)) if at.instruction <= here.instruction => {
                    run(machine, Until { time: until.time.min(at.time), ..until })
                }
                _ if !self.late.is_empty() => {
                    run(machine, Until { instruction: here.instruction + 1, ..until })
                }
                next => {
                    let input = next.map_or(u64::MAX, |(at, _)| at.instruction);
                    let instruction = until.instruction.min(input).min(self.next_keep(here.instruction));
                    run(machine, Until { instruction, ..until })
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

    /// Gives the machine an input now. In the past that begins another future: the one there was is forgotten.
    pub fn input(&mut self, machine: &mut Machine, input: Input) {
        if machine.engine.owes_step() {
            return self.late.push(input);
        }
        self.forget_future(machine);
        self.inputs.push((self.end, input.clone()));
        self.given = self.inputs.len();
        machine.input(input);
    }

    /// Forgets what came after the present: something outside of the inputs was changed.
    pub fn forget_future(&mut self, machine: &Machine) {
        let here = Stamp::of(machine);
        self.inputs.truncate(self.given);
        let later: Vec<u64> = self.kept.range(here.instruction + 1..).map(|(at, _)| *at).collect();
        later.into_iter().for_each(|at| self.drop(at));
        self.end = here;
    }

    /// Goes to an instruction, backwards or forwards, at most to the end of what has been; executes at most about
    /// `steps` instructions on the way. What the machine says on the way is dropped: it has said it before.
    ///
    /// # Errors
    /// None as long as all that happened went through here.
    pub fn go_to(
        &mut self,
        machine: &mut Machine,
        instruction: u64,
        steps: u64,
    ) -> Result<Arrived, RestoreError> {
        let target = instruction.clamp(self.start().instruction, self.end.instruction);
        self.rewind(machine, target)?;
        let last = machine.instructions().saturating_add(steps.max(1));
        // Sleep costs no instructions, and a future that somebody else wrote down may sleep for ever.
        let patience = machine.time().saturating_add(steps.max(1).saturating_mul(NS_OF_A_STEP));
        let mut arrived = Arrived::There;
        while machine.instructions() < target && machine.time() < self.end.time {
            let here = machine.instructions();
            let gap = wanted_gap(target - here).min(LIVE_GAP);
            let pause = (here / LEAST_GAP + 1) * LEAST_GAP + gap - LEAST_GAP;
            let until = Until { instruction: pause.min(target).min(last), time: patience.min(self.end.time) };
            let stop = self.run(machine, until);
            // The exit port ends a run, not the machine: whoever ran it went on.
            if !matches!(stop, Stop::Limit | Stop::ExitPort(_)) {
                arrived = Arrived::Stopped(stop);
                break;
            }
            if machine.instructions() < target {
                self.keep(machine, target);
                if machine.instructions() >= last || machine.time() >= patience {
                    arrived = Arrived::OutOfSteps;
                    break;
                }
            }
        }
        drop_output(machine);
        Ok(arrived)
    }

    /// Goes to the last moment kept before an instruction; where that is. Nothing if there is none.
    ///
    /// # Errors
    /// None as long as all that happened went through here.
    pub fn go_before(
        &mut self,
        machine: &mut Machine,
        instruction: u64,
    ) -> Result<Option<u64>, RestoreError> {
        let Some((at, kept)) = self.kept.range(..instruction).next_back() else { return Ok(None) };
        machine.restore(&kept.moment)?;
        self.given = kept.inputs;
        self.late.clear();
        Ok(Some(*at))
    }

    /// Goes to the last moment kept at or before an instruction, unless the machine stands between the two.
    fn rewind(&mut self, machine: &mut Machine, instruction: u64) -> Result<(), RestoreError> {
        let Some((at, kept)) = self.kept.range(..=instruction).next_back() else { return Ok(()) };
        let here = machine.instructions();
        // At the very instruction time may have gone on, with the CPU asleep: the first such point is meant.
        if here > instruction || *at > here || here == instruction && *at == here {
            machine.restore(&kept.moment)?;
            self.given = kept.inputs;
            self.late.clear();
        }
        Ok(())
    }

    /// Where the next moment is due.
    fn next_keep(&self, from: u64) -> u64 {
        let last = self.kept.range(..=from).next_back().map_or(0, |(at, _)| *at);
        let next = self.kept.range(from + 1..).next().map_or(u64::MAX, |(at, _)| *at);
        // Where moments stand already none is added.
        if next <= last.saturating_add(MOST_GAP) { u64::MAX } else { (last + LIVE_GAP).max(from + 1) }
    }

    /// Keeps the present; `focus` is the instruction that others are to be near.
    fn keep(&mut self, machine: &mut Machine, focus: u64) {
        let at = machine.instructions();
        if self.kept.contains_key(&at) {
            return;
        }
        let moment = machine.moment();
        self.kept.insert(at, Kept { moment, inputs: self.given, bytes: 0 });
        self.weigh(at);
        self.weigh_after(at);
        self.thin(focus);
    }

    /// Counts the bytes of a moment beside the one before it.
    fn weigh(&mut self, at: u64) {
        let before = self.kept.range(..at).next_back().map(|(_, kept)| &kept.moment);
        let Some(kept) = self.kept.get(&at) else { return };
        let bytes = kept.moment.bytes_beside(before);
        self.bytes = self.bytes - kept.bytes + bytes;
        if let Some(kept) = self.kept.get_mut(&at) {
            kept.bytes = bytes;
        }
    }

    fn weigh_after(&mut self, at: u64) {
        if let Some(next) = self.kept.range(at + 1..).next().map(|(at, _)| *at) {
            self.weigh(next);
        }
    }

    fn drop(&mut self, at: u64) {
        if let Some(kept) = self.kept.remove(&at) {
            self.bytes -= kept.bytes;
            self.weigh_after(at);
        }
    }

    /// Drops moments that stand closer than they need to, then the oldest until the others fit.
    fn thin(&mut self, focus: u64) {
        let places: Vec<u64> = self.kept.keys().copied().collect();
        let mut last = places[0];
        for window in places.windows(2) {
            let [at, next] = [window[0], window[1]];
            // It goes if without it the gap is still small enough for what is nearest to the present.
            let distance = focus.abs_diff(at).min(focus.abs_diff(next));
            if at != places[0] && next - last <= wanted_gap(distance) {
                self.drop(at);
            } else {
                last = at;
            }
        }
        let live = focus >= self.end.instruction;
        while self.bytes > self.budget && self.kept.len() > 2 {
            let first = self.kept.keys().next().copied();
            let Some(victim) = (if live { first } else { self.least_wanted(focus) }) else { return };
            self.drop(victim);
        }
    }

    /// The moment that spares least, for its distance from the present; not the first nor the last.
    fn least_wanted(&self, focus: u64) -> Option<u64> {
        let places: Vec<u64> = self.kept.keys().copied().collect();
        let spared = |window: &&[u64]| {
            let distance = u128::from(focus.abs_diff(window[1]).max(LEAST_GAP));
            u128::from(window[2] - window[0]) * u128::from(MOST_GAP) / distance
        };
        places.windows(3).min_by_key(spared).map(|window| window[1])
    }
}

/// The distance between moments at a distance from the present.
fn wanted_gap(distance: u64) -> u64 {
    (distance / GAP_PART).clamp(LEAST_GAP, MOST_GAP)
}

/// What leaves a machine that goes through its past has left it before.
pub fn drop_output(machine: &mut Machine) {
    (0..4).for_each(|port| drop(machine.take_serial(port)));
    drop(machine.take_debug());
    drop(machine.take_captured());
    drop(machine.take_speaker());
}
