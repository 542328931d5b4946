//! Going back: the record of a run, and ways through it.
//!
//! ```ts
//! /** What `past()` gives. Instructions since power-on, virtual time in ns. */
//! type Past = {
//!   start: { instruction: number, time: number }   // how far back it reaches
//!   end: { instruction: number, time: number }     // the furthest point reached
//!   here: { instruction: number, time: number }
//!   isPast: boolean                                // what the machine does now it has done before
//!   bytes: number                                  // memory taken
//!   moments: number[]                              // instructions at which copies of the machine stand
//!   inputs: { instruction: number, time: number, kind: InputKind }[]   // the newest 1000
//!   branch: number                                 // the name of the future that is gone into
//! }
//! type InputKind = 'key' | 'mouse' | 'serial' | 'reset' | 'medium' | 'edit'
//!
//! /** A future that was left for another, when something was changed in the past. */
//! type Branch = {
//!   id: number                                     // its name, which it keeps
//!   parent: number | null                          // the branch it parts from; null: the present future
//!   from: { instruction: number, time: number }    // where it parts
//!   end: { instruction: number, time: number }     // how far it reached
//!   inputs: number                                 // given in it
//! }
//!
//! /** Something that happened, or several such that lie close to each other. */
//! type Mark = {
//!   time: number                                   // of the first
//!   instruction: number                            // executed before it
//!   kind: 'interrupt' | 'exception' | 'mode' | 'disk' | 'input' | 'reset'
//!   detail: string                                 // of the first: '#PF', '20', 'protected', 'hda', 'key'
//!   count: number
//! }
//! ```

use emu_core::debugger::{Backwards, Outcome, back, back_over};
use emu_core::machine::{Arrived, Branch, History, Mark, MarkKind, RestoreError, Stamp};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::inspect::to_js;
use super::run::Pc;
use crate::error::Error;

#[derive(Serialize)]
pub(super) struct Point {
    instruction: u64,
    time: u64,
}

impl From<Stamp> for Point {
    fn from(Stamp { instruction, time }: Stamp) -> Self {
        Self { instruction, time }
    }
}

#[derive(Serialize)]
struct Given {
    #[serde(flatten)]
    at: Point,
    kind: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Past {
    start: Point,
    end: Point,
    here: Point,
    is_past: bool,
    bytes: usize,
    moments: Vec<u64>,
    inputs: Vec<Given>,
    branch: u32,
}

#[derive(Serialize)]
struct BranchView {
    id: u32,
    parent: Option<u32>,
    from: Point,
    end: Point,
    inputs: usize,
}

impl From<Branch> for BranchView {
    fn from(Branch { id, parent, from, end, inputs }: Branch) -> Self {
        Self { id, parent, from: from.into(), end: end.into(), inputs }
    }
}

#[derive(Serialize)]
struct MarkView {
    #[serde(flatten)]
    at: Point,
    kind: &'static str,
    detail: String,
    count: u64,
}

impl From<Mark> for MarkView {
    fn from(mark: Mark) -> Self {
        let kind = match mark.kind {
            MarkKind::Interrupt => "interrupt",
            MarkKind::Exception => "exception",
            MarkKind::Mode => "mode",
            MarkKind::Disk => "disk",
            MarkKind::Input => "input",
            MarkKind::Reset => "reset",
        };
        Self { at: mark.at.into(), kind, detail: mark.detail, count: mark.count }
    }
}

/// Inputs told of, the newest.
const INPUTS: usize = 1000;

/// The history, or what is missing.
fn recorded(history: &mut Option<History>) -> Result<&mut History, Error> {
    history.as_mut().ok_or_else(|| Error::Machine("nothing is recorded: call record() first".into()))
}

fn no_branch(id: u32) -> Error {
    Error::Machine(format!("there is no branch {id}"))
}

fn lost(error: RestoreError) -> Error {
    Error::Machine(error.to_string())
}

fn outcome(arrived: Arrived) -> Outcome {
    match arrived {
        Arrived::There => Outcome::Done,
        Arrived::OutOfSteps => Outcome::OutOfBudget,
        Arrived::Stopped(stop) => Outcome::Machine(stop),
    }
}

#[wasm_bindgen]
impl Pc {
    /// From now on the machine can go back. Copies of it take at most `budget` bytes (and what one of them takes); 0
    /// ends it, and the past is forgotten.
    pub fn record(&mut self, budget: usize) {
        self.search = None;
        self.history = (budget > 0).then(|| History::new(&mut self.machine, budget));
    }

    /// What there is of the past: `Past`, or `null` if nothing is recorded.
    ///
    /// # Errors
    /// None in practice: conversion of plain data.
    pub fn past(&self) -> Result<JsValue, JsError> {
        let Some(history) = &self.history else { return to_js(&()) };
        let (bytes, moments) = history.memory_use();
        let inputs = history.inputs();
        let newest = &inputs[inputs.len().saturating_sub(INPUTS)..];
        to_js(&Past {
            start: history.start().into(),
            end: history.end().into(),
            here: Point { instruction: self.machine.instructions(), time: self.machine.time() },
            is_past: history.is_past(&self.machine),
            bytes,
            moments,
            inputs: newest.iter().map(|(at, input)| Given { at: (*at).into(), kind: input.kind() }).collect(),
            branch: history.branch(),
        })
    }

    /// Futures that were left for others: `Branch[]`. Whoever changes something in the past (an input, an edit, a medium)
    /// goes into another future; the one there was stays, with what memory there is for its moments.
    ///
    /// # Errors
    /// None in practice: conversion of plain data.
    pub fn branches(&self) -> Result<JsValue, JsError> {
        let branches = self.history.as_ref().map_or(Vec::new(), History::branches);
        to_js(&branches.into_iter().map(BranchView::from).collect::<Vec<_>>())
    }

    /// Goes into a future that was left; the present one becomes a branch. The machine goes to where they part, unless it
    /// is before that.
    ///
    /// # Errors
    /// Nothing is recorded, or there is no such branch.
    #[wasm_bindgen(js_name = switchBranch)]
    pub fn switch_branch(&mut self, id: u32) -> Result<(), JsError> {
        self.search = None;
        let history = recorded(&mut self.history)?;
        if !history.switch_branch(&mut self.machine, id).map_err(lost)? {
            return Err(no_branch(id).into());
        }
        Ok(())
    }

    /// Throws a branch away. Those that part from it stay.
    ///
    /// # Errors
    /// Nothing is recorded, or there is no such branch.
    #[wasm_bindgen(js_name = dropBranch)]
    pub fn drop_branch(&mut self, id: u32) -> Result<(), JsError> {
        if recorded(&mut self.history)?.drop_branch(id) { Ok(()) } else { Err(no_branch(id).into()) }
    }

    /// What happened between two virtual times (ns), in order: `Mark[]`, at most `most`. Those of a kind that lie close
    /// to each other are one with a count; rare kinds are never merged for the sake of frequent ones.
    ///
    /// # Errors
    /// None in practice: conversion of plain data.
    pub fn marks(&self, from: u64, to: u64, most: usize) -> Result<JsValue, JsError> {
        let marks = self.history.as_ref().map_or(Vec::new(), |history| history.marks(from, to, most));
        to_js(&marks.into_iter().map(MarkView::from).collect::<Vec<_>>())
    }

    /// Goes to a virtual time (ns) of the past, as `goTo` goes to an instruction: to the first instruction that begins
    /// then or later, or into the CPU's sleep.
    ///
    /// # Errors
    /// Nothing is recorded.
    #[wasm_bindgen(js_name = goToTime)]
    pub fn go_to_time(&mut self, time: u64, steps: u64) -> Result<JsValue, JsError> {
        self.search = None;
        let history = recorded(&mut self.history)?;
        let arrived = history.go_to_time(&mut self.machine, time, steps).map_err(lost)?;
        self.came_to(outcome(arrived))
    }

    /// Goes to an instruction of the past, executing at most about `steps`; gives a `StopReason`: `done`, `outOfBudget`
    /// (ask again to go on), `needsBlock`, or why the machine had stopped there.
    ///
    /// # Errors
    /// Nothing is recorded.
    #[wasm_bindgen(js_name = goTo)]
    pub fn go_to(&mut self, instruction: u64, steps: u64) -> Result<JsValue, JsError> {
        self.search = None;
        let history = recorded(&mut self.history)?;
        let arrived = history.go_to(&mut self.machine, instruction, steps).map_err(lost)?;
        self.came_to(outcome(arrived))
    }

    /// Goes back: `into` by one instruction; `over` likewise, but from a return to its call; `continue` to the last stop
    /// met before; `resume` goes on with that or one of the following after `outOfBudget` or `needsBlock`. Who did it last?
    /// These go to after the instruction that did:
    ///
    /// - `write`: wrote to `length` bytes at `address` (as in a stop's `at`)
    /// - `register`: changed the register named `address`: as in `readRegister`, or `ax`, `al`, `ah` and so on, or `cf`, `zf`
    ///   and so on
    /// - `port`: wrote to the port or ports `address`: `3f8`, `3f8-3ff`
    /// - `pixel`: wrote to the video memory that a pixel of the picture is made of now; `address` is `x,y` in the picture
    ///
    /// Gives a `StopReason`.
    ///
    /// # Errors
    /// Nothing is recorded, an unknown command, an address that is none, or a pixel where no picture is.
    #[wasm_bindgen(js_name = goBack)]
    pub fn go_back(
        &mut self,
        command: &str,
        address: &str,
        length: u32,
        steps: u64,
    ) -> Result<JsValue, JsError> {
        let machine = &mut self.machine;
        let history = recorded(&mut self.history)?;
        let arrived = match command {
            "into" => Some(back(history, machine).map_err(lost)?),
            "over" => Some(back_over(history, machine).map_err(lost)?),
            _ => None,
        };
        if let Some(arrived) = arrived {
            self.search = None;
            return self.came_to(outcome(arrived));
        }
        let mut search = match (command, self.search.take()) {
            ("continue", _) => Backwards::new(machine, &self.debugger),
            ("write" | "register" | "port" | "pixel", _) => {
                Backwards::last(machine, command, address, length).map_err(Error::Machine)?
            }
            ("resume", Some(search)) => search,
            _ => return Err(Error::Machine(format!("{command:?} is no way back")).into()),
        };
        let outcome = search.search(history, machine, steps).map_err(lost)?;
        if matches!(outcome, Outcome::OutOfBudget | Outcome::Machine(_)) {
            self.search = Some(search);
        }
        self.came_to(outcome)
    }
}
