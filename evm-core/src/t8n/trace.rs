//! What transactions did, line by line, as geth's tool writes it.

use crate::H256;
use crate::execution::Journal;
use crate::inspector::{Flow, FrameExit, Inspector, View};
use crate::interpreter::{Frame, Halt};
use crate::trace::eip3155::{Dialect, Eip3155, Options};
use crate::trace::error::geth_error;
use serde_json::json;

/// Where the lines of traces go, and what they have.
pub struct Traces<'a> {
    /// With the memory before each instruction.
    pub memory: bool,
    /// With the data that the last callee returned.
    pub return_data: bool,
    /// Takes the transaction's place among those that are executed, its hash, and a line without its line feed. The last
    /// line of a transaction has the output of its message, the gas it used, and geth's word for how it failed.
    pub sink: &'a mut dyn FnMut(usize, &H256, &str),
}

impl std::fmt::Debug for Traces<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Traces").field("memory", &self.memory).finish_non_exhaustive()
    }
}

impl Traces<'_> {
    /// Gives `execute` an inspector for a transaction, and adds the last line.
    pub(super) fn of<T>(&mut self, index: usize, hash: H256, execute: impl FnOnce(&mut Lines<'_>) -> T) -> T {
        let options =
            Options { dialect: Dialect::Standard, memory: self.memory, return_data: self.return_data };
        let Self { sink, .. } = self;
        let (result, end) = {
            let mut line = |line: &str| sink(index, &hash, line);
            let mut lines = Lines { steps: Eip3155::new(options, &mut line), depth: 0, end: None };
            (execute(&mut lines), lines.end)
        };
        if let Some(end) = end {
            sink(index, &hash, &end);
        }
        result
    }
}

/// The lines of one transaction.
pub(super) struct Lines<'s> {
    steps: Eip3155<'s>,
    depth: usize,
    /// The last line, once the outermost frame has ended.
    end: Option<String>,
}

impl Inspector for Lines<'_> {
    fn step(&mut self, view: &View<'_>) -> Flow {
        self.steps.step(view)
    }

    fn step_end(&mut self, view: &View<'_>, halt: Option<Halt>) {
        self.steps.step_end(view, halt);
    }

    fn enter(&mut self, _: &Frame, _: &Journal) {
        self.depth += 1;
    }

    fn exit(&mut self, exit: &FrameExit<'_>, _: &Journal) {
        self.depth = self.depth.saturating_sub(1);
        if self.depth > 0 {
            return;
        }
        let (output, used) = (hex::encode(exit.output), format!("{:#x}", exit.gas_used));
        let mut end = json!({"output": output, "gasUsed": used});
        if let Some(error) = geth_error(exit.halt) {
            end["error"] = error.into();
        }
        self.end = Some(end.to_string());
    }
}
