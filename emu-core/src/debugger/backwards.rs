//! Backwards: the last stop met before the present, found by going through the past piece by piece, the nearest first.

use super::memory;
use super::{Command, Debugger, Hit, Outcome, StopSpec};
use crate::machine::{Arrived, History, Machine, RestoreError, Stop, Until, drop_output};
use crate::x86::decode::{Op, decode};
use crate::x86::probe::Wanted;
use crate::x86::regs::{gpr, seg};

/// A search for the last time stops were met. Hits are not counted, and log lines not written, a second time; a stop that
/// begins at its nth hit is met at every one.
#[derive(Debug)]
pub struct Backwards {
    stops: Vec<StopSpec>,
    /// The present, when the search began.
    from: u64,
    /// What is left: all before this instruction, and the stops met before it executes.
    end: u64,
    /// Instructions that are searched next.
    piece: u64,
}

/// Instructions searched first: what is asked for lies near more often than not.
const FIRST_PIECE: u64 = 1 << 11;
/// Each piece is so many times the one before it.
const PIECE_GROWS: u64 = 8;
/// Instructions searched at once at most.
const LARGEST_PIECE: u64 = 4 << 20;

impl Backwards {
    /// A search for the stops that are set and would hold the machine up.
    pub fn new(machine: &Machine, debugger: &Debugger) -> Self {
        let stops = debugger.stops().into_iter().map(|stop| stop.spec);
        let stops = stops.filter(|spec| spec.enabled && spec.log.is_empty());
        Self::of(machine, stops.map(|spec| StopSpec { from: 1, ..spec }).collect())
    }

    /// A search for who did something last: `write` to `length` bytes at an address, `register` for a change of it,
    /// `port` for a write to it, `pixel` for a write to the video memory that the pixel at `x,y` is made of now.
    ///
    /// # Errors
    /// One line that says what is wrong with the address.
    pub fn last(machine: &mut Machine, what: &str, at: &str, length: u32) -> Result<Self, String> {
        let (kind, at) = match what {
            "write" | "register" => (what, at.to_owned()),
            "port" => ("portWrite", at.to_owned()),
            "pixel" => ("video", pixel(machine, at)?),
            _ => return Err(format!("{what:?} is nothing that is looked for")),
        };
        let stop = StopSpec { kind: kind.into(), at, length, ..StopSpec::default() };
        if let Err(errors) = Debugger::new().set_stops(machine, vec![stop.clone()]) {
            let told = errors.into_iter().next().map_or_else(String::new, |error| error.message);
            return Err(format!("{what}: {told}"));
        }
        Ok(Self::of(machine, vec![stop]))
    }

    /// A search for other stops: who last wrote this?
    pub fn of(machine: &Machine, stops: Vec<StopSpec>) -> Self {
        let from = machine.instructions();
        Self { stops, from, end: from, piece: FIRST_PIECE }
    }

    /// Searches, and goes to what was found: the last place before the present where stops were met, else the beginning
    /// of the past. The nearest past is searched first, in pieces that grow; `steps` is looked at after each, and asking
    /// again goes on, also when a disk block was missing.
    ///
    /// # Errors
    /// None as long as all that happened went through the history.
    pub fn search(
        &mut self,
        history: &mut History,
        machine: &mut Machine,
        steps: u64,
    ) -> Result<Outcome, RestoreError> {
        let mut left = steps.max(1);
        while let Some(kept) = history.kept_before(self.end) {
            let target = kept.max(self.end.saturating_sub(self.piece));
            match history.go_to(machine, target, left)? {
                Arrived::There => {}
                Arrived::OutOfSteps => return Ok(Outcome::OutOfBudget),
                Arrived::Stopped(stop) => return Ok(Outcome::Machine(stop)),
            }
            // Stops at the first instruction of the next piece are met only when it is about to execute.
            let end = (self.end + 1).min(self.from);
            let last = self.last_between(history, machine, end);
            machine.engine.set_probe(Wanted::default());
            match last {
                Err(stop) => return Ok(Outcome::Machine(stop)),
                Ok(Some((at, hits))) => {
                    return Ok(match history.go_to(machine, at, u64::MAX)? {
                        Arrived::Stopped(stop) => Outcome::Machine(stop),
                        _ => Outcome::Stopped(hits),
                    });
                }
                Ok(None) => {}
            }
            left = left.saturating_sub(self.end - target);
            self.end = target;
            self.piece = (self.piece * PIECE_GROWS).min(LARGEST_PIECE);
            if left == 0 {
                return Ok(Outcome::OutOfBudget);
            }
        }
        let start = history.start().instruction;
        history.go_to(machine, start, u64::MAX)?;
        Ok(Outcome::Beginning)
    }

    /// The last hits from here to before an instruction, and where they were.
    fn last_between(
        &self,
        history: &mut History,
        machine: &mut Machine,
        end: u64,
    ) -> Result<Option<(u64, Vec<Hit>)>, Stop> {
        let mut scout = Debugger::new();
        // They were taken once; where an address has no translation then, it has none to be met at either.
        if scout.set_stops(machine, self.stops.clone()).is_err() {
            return Ok(None);
        }
        let mut command = Command::Continue;
        let mut last = None;
        loop {
            let outcome = history.drive(machine, Until::instruction(end), |machine, until| {
                let outcome = scout.run(machine, command, until);
                command = Command::Resume;
                (outcome != Outcome::OutOfBudget).then_some(outcome)
            });
            drop_output(machine);
            match outcome {
                Some(Outcome::Stopped(hits)) if machine.instructions() <= self.end.min(self.from - 1) => {
                    last = Some((machine.instructions(), hits));
                    command = Command::Continue;
                }
                Some(Outcome::Machine(Stop::ExitPort(_))) => {}
                Some(Outcome::Machine(stop @ Stop::NeedsBlock(_))) => return Err(stop),
                _ => return Ok(last),
            }
        }
    }
}

/// The bytes behind a pixel, as a stop at video memory takes them.
fn pixel(machine: &Machine, at: &str) -> Result<String, String> {
    let numbers =
        at.split_once(',').and_then(|(x, y)| Some((x.trim().parse().ok()?, y.trim().parse().ok()?)));
    let (x, y) = numbers.ok_or_else(|| format!("pixel: {at:?} is not like 100,20"))?;
    match machine.pixel_bytes(x, y) {
        Some(bytes) if !bytes.is_empty() => {
            Ok(bytes.into_iter().map(|at| format!("{at:x}")).collect::<Vec<_>>().join(","))
        }
        _ => Err("pixel: there is no picture now".into()),
    }
}

/// One instruction back.
///
/// # Errors
/// None as long as all that happened went through the history.
pub fn back(history: &mut History, machine: &mut Machine) -> Result<Arrived, RestoreError> {
    let before = machine.instructions().saturating_sub(1);
    history.go_to(machine, before, u64::MAX)
}

/// One instruction back, and where that was a return, to the call it returned from. Where a disk block was missing it is
/// begun once more from where it was begun.
///
/// # Errors
/// None as long as all that happened went through the history.
pub fn back_over(history: &mut History, machine: &mut Machine) -> Result<Arrived, RestoreError> {
    let cpu = &machine.engine.cpu;
    let (here, esp, ss) = (cpu.linear_ip(), cpu.st.gpr[gpr::ESP], cpu.st.seg[usize::from(seg::SS)].selector);
    let arrived = back(history, machine)?;
    if matches!(arrived, Arrived::Stopped(Stop::NeedsBlock(_))) {
        return Ok(arrived);
    }
    let cpu = &machine.engine.cpu;
    let inst = decode(&memory::linear_bytes(machine, cpu.linear_ip(), 15), cpu.code32());
    if !inst.is_ok_and(|inst| matches!(inst.op, Op::RetNear | Op::RetFar | Op::Iret)) {
        return Ok(arrived);
    }
    // What called ends where this goes on, with the stack as it is again now. A call has 2 to 7 bytes, prefixes aside.
    let returned = machine.instructions();
    let call = |length: u32| StopSpec {
        kind: "execute".into(),
        at: format!("{:x}", here.wrapping_sub(length)),
        condition: format!("esp == {esp} && ss == {ss}"),
        ..StopSpec::default()
    };
    let mut search = Backwards::of(machine, (2..=7).map(call).collect());
    match search.search(history, machine, u64::MAX)? {
        Outcome::Stopped(_) => Ok(Arrived::There),
        Outcome::Machine(stop) => Ok(Arrived::Stopped(stop)),
        // Nobody called: an interrupt came between.
        _ => history.go_to(machine, returned, u64::MAX),
    }
}
