//! The debugger: stops, steps and their budget, over a [`Machine`] that does not know of it.
//!
//! A stop is met at an exact instruction: execution before it, data, ports, modes and control registers after it,
//! interrupts and exceptions before the first instruction of their handler. The machine's state is the same at every
//! instruction with any stops or none. While a stop is set the machine must be run by [`Debugger::run`]; what
//! [`Machine::run`] meets is lost.

mod action;
mod address;
mod arm;
mod backwards;
mod edit;
mod expression;
mod format;
mod judge;
mod memory;
mod mode;
mod named;
mod spec;
mod stop;
#[cfg(test)]
mod tests;

pub use action::Command;
pub use address::Address;
pub use backwards::{Backwards, back, back_over};
pub use edit::{read_linear, write_linear};
pub use expression::{ExpressionError, MOST_CHARACTERS};
pub use spec::{Author, Detail, Hit, MOST_STOPS, Outcome, SpecError, StopSpec, StopView};

use crate::machine::{self, Machine, Until};
pub use crate::machine::{read_register, write_register};
use crate::time::Ns;
use action::{Action, Progress};
use expression::{Expression, Facts, Scope};
use mode::Mode;
use serde::Serialize;
use std::collections::VecDeque;
use stop::{Stop, What};

/// How often the text screen is looked at, in virtual time: at whole multiples.
const SCREEN_NS: Ns = 1_000_000;
/// The next time to look at the screen.
fn after(now: Ns) -> Ns {
    (now / SCREEN_NS + 1).saturating_mul(SCREEN_NS)
}

/// Log lines kept; the oldest go.
const LOG_LINES: usize = 10_000;
/// Watched bytes that are looked at anew when a command begins, as they may have been edited.
const REFRESHED: u32 = 4096;

/// Stops, and the command under way.
#[derive(Debug)]
pub struct Debugger {
    stops: Vec<Stop>,
    action: Action,
    log: VecDeque<String>,
    /// A stop of the machine's own that came together with one that was set.
    owed: Option<machine::Stop>,
    /// Mode when last looked at.
    mode: Mode,
    /// Mode when the command began.
    entered: Mode,
    /// The CPU slept when the command began.
    slept: bool,
    /// Instructions and time when last looked at.
    then: (u64, Ns),
    /// When the screen is looked at next.
    next_screen: Ns,
}

impl Default for Debugger {
    fn default() -> Self {
        Self::new()
    }
}

/// A value for the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Evaluated {
    /// The number.
    pub value: i64,
    /// Whether it is a signed int.
    pub signed: bool,
}

/// Checks an expression.
///
/// # Errors
/// What is wrong, and where.
pub fn check_expression(text: &str) -> Result<(), ExpressionError> {
    Expression::parse(text).map(drop)
}

/// The value of an expression now.
///
/// # Errors
/// What is wrong with it, or why it has no value.
pub fn evaluate(machine: &Machine, text: &str) -> Result<Evaluated, ExpressionError> {
    let value = Expression::parse(text)?.evaluate(&Scope { machine, facts: Facts::default() })?;
    Ok(Evaluated { value: value.number(), signed: value.signed })
}

impl Debugger {
    /// Without stops.
    pub fn new() -> Self {
        let mode = Mode { kind: mode::Kind::Real, paging: false, cpl: 0 };
        Self {
            stops: Vec::new(),
            action: Action::Continue,
            log: VecDeque::new(),
            owed: None,
            mode,
            entered: mode,
            slept: false,
            then: (0, 0),
            next_screen: 0,
        }
    }

    /// Replaces all stops. One equal to an old one but for [`StopSpec::enabled`] keeps its hits.
    ///
    /// # Errors
    /// All that is wrong; the old stops stay.
    pub fn set_stops(&mut self, machine: &mut Machine, specs: Vec<StopSpec>) -> Result<(), Vec<SpecError>> {
        let mut stops = stop::read_all(machine, specs)?;
        let rows = judge::screen(machine);
        for stop in &mut stops {
            stop.shown = stop.what == What::Screen && judge::shows(&rows, &stop.spec.text);
            let same = |old: &&Stop| StopSpec { enabled: stop.spec.enabled, ..old.spec.clone() } == stop.spec;
            if let Some(old) = self.stops.iter().find(same) {
                stop.hits = old.hits;
            }
        }
        self.stops = stops;
        self.arm(machine);
        Ok(())
    }

    /// All stops in the order they were set.
    pub fn stops(&self) -> Vec<StopView> {
        self.stops.iter().map(|stop| StopView { spec: stop.spec.clone(), hits: stop.hits }).collect()
    }

    /// Lines that stops with a log wrote since the last call.
    pub fn take_log(&mut self) -> Vec<String> {
        std::mem::take(&mut self.log).into()
    }

    /// Runs until a stop is met, the command is done, or a limit is reached. Stops at the instruction that comes next do
    /// not hold up a new command. However a command is cut by limits and resumed, it comes to the same end.
    pub fn run(&mut self, machine: &mut Machine, command: Command, until: Until) -> Outcome {
        if command != Command::Resume {
            self.begin(machine, command);
        }
        if let Some(stop) = self.owed.take() {
            return Outcome::Machine(stop);
        }
        self.arm(machine);
        if self.next_screen <= machine.time() {
            self.next_screen = after(machine.time());
        }
        let outcome = self.go(machine, until);
        let waits = matches!(outcome, Outcome::OutOfBudget | Outcome::Machine(machine::Stop::NeedsBlock(_)));
        if !waits && self.action != Action::Continue {
            self.action = Action::Continue;
            self.arm(machine);
        }
        outcome
    }

    fn begin(&mut self, machine: &mut Machine, command: Command) {
        self.action = Action::begin(machine, command);
        self.mode = Mode::of(machine);
        self.entered = self.mode;
        self.slept = machine.is_halted();
        self.then = (machine.instructions(), machine.time());
        for stop in &mut self.stops {
            if matches!(stop.what, What::Data { length, .. } if length <= REFRESHED) {
                stop.look(machine);
            }
        }
        machine.take_news();
        machine.engine.cpu.pass_probe();
    }

    fn go(&mut self, machine: &mut Machine, until: Until) -> Outcome {
        loop {
            let ended = machine.run_probed(self.limit(machine, until));
            let news = machine.take_news();
            let hits = self.judge(machine, &news);
            let own = ended.filter(|&stop| stop != machine::Stop::Limit);
            if !hits.is_empty() {
                self.owed = own;
                return Outcome::Stopped(hits);
            }
            match self.progress(machine, &news) {
                Progress::Done => {
                    self.owed = own;
                    return Outcome::Done;
                }
                Progress::Changed => self.arm(machine),
                Progress::On => {}
            }
            if let Some(stop) = own {
                return Outcome::Machine(stop);
            }
            if machine.instructions() >= until.instruction || machine.time() >= until.time {
                return Outcome::OutOfBudget;
            }
        }
    }

    /// How far the machine may run before something has to be looked at.
    fn limit(&self, machine: &Machine, until: Until) -> Until {
        let (steps, now) = (machine.instructions(), machine.time());
        let mut limit = Until { instruction: until.instruction.min(self.action.end()), time: until.time };
        for stop in self.stops.iter().filter(|stop| stop.spec.enabled) {
            match stop.what {
                What::Instructions(count) if count > steps => {
                    limit.instruction = limit.instruction.min(count)
                }
                What::Time(time) if time > now => limit.time = limit.time.min(time),
                What::Screen => limit.time = limit.time.min(self.next_screen),
                _ => {}
            }
        }
        limit
    }
}
