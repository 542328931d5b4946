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
//!   inputs: { instruction: number, time: number, kind: 'key' | 'mouse' | 'serial' | 'reset' }[]   // the newest 1000
//! }
//! ```

use emu_core::debugger::{Backwards, Outcome, StopSpec, back, back_over};
use emu_core::machine::{Arrived, History, Input, RestoreError, Stamp};
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
}

/// Inputs told of, the newest.
const INPUTS: usize = 1000;

fn kind(input: &Input) -> &'static str {
    match input {
        Input::Key { .. } => "key",
        Input::Mouse { .. } => "mouse",
        Input::Serial { .. } => "serial",
        Input::Reset => "reset",
    }
}

/// The history, or what is missing.
fn recorded(history: &mut Option<History>) -> Result<&mut History, Error> {
    history.as_mut().ok_or_else(|| Error::Machine("nothing is recorded: call record() first".into()))
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
            inputs: newest.iter().map(|(at, input)| Given { at: (*at).into(), kind: kind(input) }).collect(),
        })
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
    /// met before; `write` to the last write to `length` bytes at `address` (as in a stop's `at`), after it; `resume` goes
    /// on with one of the last two after `outOfBudget` or `needsBlock`. Gives a `StopReason`.
    ///
    /// # Errors
    /// Nothing is recorded, an unknown command, or an address that is none.
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
            ("write", _) => {
                let text = |text: &str| text.to_owned();
                let stop = StopSpec { kind: text("write"), at: text(address), length, ..StopSpec::default() };
                let mut trial = emu_core::debugger::Debugger::new();
                if let Err(errors) = trial.set_stops(machine, vec![stop.clone()]) {
                    let told = errors.into_iter().next().map_or_else(String::new, |error| error.message);
                    return Err(Error::Machine(format!("address: {told}")).into());
                }
                Backwards::of(machine, vec![stop])
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
