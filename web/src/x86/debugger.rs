//! Stops and steps: the debugger over the running machine.
//!
//! All values are plain objects. Shapes, as TypeScript:
//!
//! ```ts
//! /** What `setStops` takes; all but `kind` may be left out. */
//! type StopSpec = {
//!   id?: string                // whatever the page calls it
//!   kind: 'execute' | 'read' | 'write' | 'access' | 'change' | 'portRead' | 'portWrite' | 'port' | 'interrupt'
//!       | 'exception' | 'mode' | 'cpl' | 'control' | 'register' | 'video' | 'screen' | 'serial' | 'instructions' | 'time'
//!   enabled?: boolean          // true
//!   at?: string                // where; see below
//!   symbol?: string            // what `at` was written as, where that is a symbol: `at` is then its address
//!   length?: number            // bytes of memory watched (1)
//!   text?: string              // of `screen` and `serial`
//!   error?: string             // of `exception`: error code, hexadecimal; '' is any
//!   condition?: string         // expression; '' is always
//!   from?: number              // first hit that counts (1)
//!   log?: string               // format of a line to log and go on; '' stops
//! }
//! // `at`: an address for execute, read, write, access, change: '7c00' linear, 'phys:7c00', '07c0:0000', all hexadecimal,
//! //   or 'handler', 'handler+4', 'boot.c:12' where symbols are loaded;
//! //   '3f8' or '3f8-3ff' for ports; vector '21' (interrupt), '0e' or 'PF' (exception); 'real', 'protected', 'v86',
//! //   'paging' (mode entered); '0' to '3' (cpl entered); 'cr0', 'cr2', 'cr3', 'cr4'; 'com1' to 'com4'; a decimal number
//! //   (instructions; time in ns); a register as `readRegister` has it, 'ax', 'al', 'cf' (register); offsets in video memory
//! //   'a0,a1', hexadecimal (video). '' is any, for interrupt, exception, mode, cpl, control and serial.
//! // Expressions are C's over 32-bit ints: registers (eax ax al ... eip cs cr0 dr7 eflags), flags (cf zf if df iopl ...),
//! //   cpl, numbers (5, 0x1f, 1fh, 0b101, 'a'), byte[...] word[...] dword[...] of `seg:offset`, of a linear address, or of
//! //   `phys:address`; int(x) short(x) char(x) sign-extend; unsigned(x); ! ~ - * / % + - << >> < <= > >= == != & ^ | && ||.
//! //   Of what happened: value, address, port, vector, error, where the stop has them.
//! // Formats: text with {expression} or {expression:x}; x X d u b o c, with width and zeros as in {ax:04x}; {{ is a brace.
//!
//! /** A field that is wrong, where in its text, and why, in one line. */
//! type SpecError = { stop: number, field: keyof StopSpec, column: number, message: string }
//!
//! /** What `stops()` gives, in the order they were set. */
//! type StopView = Required<StopSpec> & { hits: number }
//!
//! /** Why `debugRun` came back: */
//! type StopReason = {
//!   reason: 'outOfBudget'      // the limit; 'resume' goes on with what was asked for
//!         | 'done'             // the step, or the way to where it was to go, is done
//!         | 'stopped'          // see hits
//!         | 'beginning'        // backwards: the past begins here
//!         | 'needsBlock'       // see requestDrive; supply it, then 'resume'
//!         | 'powerOff' | 'shutdown' | 'haltedForever' | 'exitPort'
//!   hits: Hit[]                // of 'stopped', else empty
//!   instructions: number       // where the machine is now
//!   time: number               // ns
//! }
//! type Hit = {
//!   stop: number               // index in stops()
//!   id: string
//!   hits: number               // this one included
//!   detail: Detail
//!   by: { cs: number, eip: number, linear: number } | null    // the instruction that did it
//!   error: string | null       // why the condition or log line could not be computed
//! }
//! type Detail =
//!   | { what: 'execute', linear: number }
//!   | { what: 'memory', linear: number | null, physical: number | null, length: number, write: boolean,
//!       before: number[], after: number[], master: boolean }
//!   | { what: 'port', port: number, size: number, write: boolean, value: number }
//!   | { what: 'interrupt', vector: number, external: boolean }
//!   | { what: 'exception', vector: number, errorCode: number | null, cr2: number | null }
//!   | { what: 'mode', from: string, to: string }
//!   | { what: 'cpl', from: number, to: number }
//!   | { what: 'control', register: number, from: number, to: number }
//!   | { what: 'register', before: number[], after: number[] }   // little-endian
//!   | { what: 'text' } | { what: 'instructions' } | { what: 'time' }
//! ```
//!
//! Execution stops before the instruction; data, port and control register stops after it; interrupts and exceptions
//! before the first instruction of their handler. None of this changes the machine: its state is the same at every
//! instruction with any stops or none.

use emu_core::debugger::{Command, Hit, Outcome, SpecError, StopSpec};
use emu_core::inspect::Space;
use emu_core::machine::{Edit, Stop, Until};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::inspect::to_js;
use super::run::Pc;

#[derive(Serialize)]
struct StopReason<'a> {
    reason: &'static str,
    hits: &'a [Hit],
    instructions: u64,
    time: u64,
}

/// The name of an outcome.
fn reason(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::OutOfBudget | Outcome::Machine(Stop::Limit) => "outOfBudget",
        Outcome::Done => "done",
        Outcome::Stopped(_) => "stopped",
        Outcome::Beginning => "beginning",
        Outcome::Machine(Stop::NeedsBlock(_)) => "needsBlock",
        Outcome::Machine(Stop::PowerOff) => "powerOff",
        Outcome::Machine(Stop::Shutdown) => "shutdown",
        Outcome::Machine(Stop::HaltedForever) => "haltedForever",
        Outcome::Machine(Stop::ExitPort(_)) => "exitPort",
    }
}

#[wasm_bindgen]
impl Pc {
    /// Sets all stops: `StopSpec[]`. Gives `SpecError[]`, empty if all were taken; else the old ones stay as they are. A
    /// stop equal to an old one in all but `enabled` keeps its hits.
    ///
    /// # Errors
    /// The argument is no array of such objects.
    #[wasm_bindgen(js_name = setStops)]
    pub fn set_stops(&mut self, stops: JsValue) -> Result<JsValue, JsError> {
        let specs: Vec<StopSpec> = serde_wasm_bindgen::from_value(stops)
            .map_err(|error| JsError::new(&format!("stops: {error}")))?;
        let errors: Vec<SpecError> =
            match self.debugger.set_named_stops(&mut self.machine, specs, &self.symbols) {
                Ok(()) => Vec::new(),
                Err(errors) => errors,
            };
        to_js(&errors)
    }

    /// All stops with their hit counts: `StopView[]`.
    ///
    /// # Errors
    /// None in practice: conversion of plain data.
    pub fn stops(&self) -> Result<JsValue, JsError> {
        to_js(&self.debugger.stops())
    }

    /// Runs until a stop is met or the command is done, at most to an instruction count and a virtual time (ns), both
    /// counted from power-on as for `run`. Gives a `StopReason`. Commands:
    ///
    /// - `continue`
    /// - `into`: one instruction, or one iteration of a repeated one; a sleeping CPU sleeps until it wakes
    /// - `single`: as `into`, but interrupts that come meanwhile are run up to their return
    /// - `over`: as `single`, but CALL, INT, REP and LOOP as a whole
    /// - `out`: until after the RET or IRET of this procedure
    /// - `return`: the same, but stops before it
    /// - `to`: to `argument`, an address as in a stop's `at`
    /// - `mode`: until the mode or paging changes
    /// - `resume`: goes on with the last command after `outOfBudget` or `needsBlock`
    ///
    /// # Errors
    /// An unknown command, or an address that is none.
    #[wasm_bindgen(js_name = debugRun)]
    pub fn debug_run(
        &mut self,
        command: &str,
        argument: &str,
        instruction: u64,
        time: u64,
    ) -> Result<JsValue, JsError> {
        let command = Command::parse(command, argument).map_err(|message| JsError::new(&message))?;
        let until = Until { instruction, time };
        let outcome = match &mut self.history {
            Some(history) => {
                let (debugger, mut command) = (&mut self.debugger, command);
                let outcome = history.drive(&mut self.machine, until, |machine, until| {
                    let outcome = debugger.run(machine, command, until);
                    command = Command::Resume;
                    (outcome != Outcome::OutOfBudget).then_some(outcome)
                });
                outcome.unwrap_or(Outcome::OutOfBudget)
            }
            None => self.debugger.run(&mut self.machine, command, until),
        };
        self.came_to(outcome)
    }

    /// Notes why the machine stands where it does.
    pub(super) fn came_to(&mut self, outcome: Outcome) -> Result<JsValue, JsError> {
        if let Outcome::Machine(stop) = &outcome {
            self.stopped(*stop);
        }
        self.outcome = outcome;
        self.stop_reason()
    }

    /// The `StopReason` of the last `debugRun`.
    ///
    /// # Errors
    /// None in practice: conversion of plain data.
    #[wasm_bindgen(js_name = stopReason)]
    pub fn stop_reason(&self) -> Result<JsValue, JsError> {
        let hits: &[Hit] = if let Outcome::Stopped(hits) = &self.outcome { hits } else { &[] };
        to_js(&StopReason {
            reason: reason(&self.outcome),
            hits,
            instructions: self.machine.instructions(),
            time: self.machine.time(),
        })
    }

    /// Lines that stops with a `log` wrote since the last call: `string[]`.
    ///
    /// # Errors
    /// None in practice: conversion of plain data.
    #[wasm_bindgen(js_name = takeStopLog)]
    pub fn take_stop_log(&mut self) -> Result<JsValue, JsError> {
        to_js(&self.debugger.take_log())
    }

    /// Checks an expression as in a stop's `condition`: `null`, or `{column, message}` of what is wrong.
    ///
    /// # Errors
    /// None in practice: conversion of plain data.
    #[wasm_bindgen(js_name = checkExpression)]
    pub fn check_expression(&self, text: &str) -> Result<JsValue, JsError> {
        to_js(&emu_core::debugger::check_expression(text).err())
    }

    /// The value of an expression now: `{value: number, signed: boolean} | {column: number, message: string}`. Looking
    /// changes nothing.
    ///
    /// # Errors
    /// None in practice: conversion of plain data.
    pub fn evaluate(&self, text: &str) -> Result<JsValue, JsError> {
        match emu_core::debugger::evaluate(&self.machine, text) {
            Ok(value) => to_js(&value),
            Err(error) => to_js(&error),
        }
    }

    /// A register's bytes, little-endian, by gdb's name for it (`eax`, `st0`, `xmm0`, `fctrl`), or `cs_base`, `cs_limit`,
    /// `gdtr_base`, `ldtr`, `cr0`, `dr7`, `cpl` and so on. `eip` is linear: CS's base is in it.
    #[wasm_bindgen(js_name = readRegister)]
    pub fn read_register(&self, name: &str) -> Option<Vec<u8>> {
        emu_core::debugger::read_register(&self.machine, name)
    }

    /// Changes a register, by its name and bytes as in `readRegister`.
    ///
    /// # Errors
    /// No such register, not so many bytes, or a value that the CPU does not take.
    #[wasm_bindgen(js_name = writeRegister)]
    pub fn write_register(&mut self, name: &str, bytes: &[u8]) -> Result<(), JsError> {
        let edit = Edit::Register { name: name.into(), bytes: bytes.to_vec() };
        self.edit(edit).map_err(|error| JsError::new(&error))
    }

    /// Up to `length` (at most 1 MiB) bytes from a linear address on: as many as can be looked at.
    #[wasm_bindgen(js_name = readLinear)]
    pub fn read_linear(&self, linear: u32, length: u32) -> Vec<u8> {
        emu_core::debugger::read_linear(&self.machine, linear, length.min(1 << 20))
    }

    /// Writes bytes from a linear address on, whatever pages and segments allow. False, and nothing written, where not all
    /// of it is memory.
    #[wasm_bindgen(js_name = writeLinear)]
    pub fn write_linear(&mut self, linear: u32, bytes: &[u8]) -> bool {
        match self.machine.memory_edit(Space::Linear, u64::from(linear), bytes) {
            Ok(edit) => self.edit(edit).is_ok(),
            Err(_) => false,
        }
    }
}
