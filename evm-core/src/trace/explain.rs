//! What an instruction takes, gives, costs, and why it failed, in words.

mod why;

use super::gas::{Cost, cost};
use crate::execution::Journal;
use crate::inspector::{Flow, FrameExit, Inspector, View};
use crate::instructions::environment::word_of;
use crate::interpreter::{Frame, Halt};
use crate::opcode::operands::{moved, operands};
use crate::opcode::{OPCODES, deep_stack};
use crate::{U256, word};
use serde::{Serialize, Serializer};
pub use why::why_frame_failed;

/// A word with what it means.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Named {
    /// What it is.
    pub name: &'static str,
    /// The word.
    #[serde(serialize_with = "quantity")]
    pub value: U256,
}

#[allow(clippy::trivially_copy_pass_by_ref)] // what serde asks for
fn quantity<S: Serializer>(value: &U256, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&super::quantity(*value))
}

/// An instruction explained.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Explanation {
    /// Place in the code.
    pub pc: usize,
    /// The byte.
    pub opcode: u8,
    /// Mnemonic and immediate, as the disassembler has them.
    pub text: String,
    /// 0 for the outermost frame.
    pub depth: u16,
    /// Words taken, the top one first; of DUP and SWAP the words concerned.
    pub inputs: Vec<Named>,
    /// Words left; nothing for a call whose callee still runs.
    pub outputs: Vec<Named>,
    /// Gas before.
    pub gas: u64,
    /// Gas that was taken, with what a callee was given.
    pub taken: u64,
    /// What it costs, in parts. They add up to what was taken unless it failed.
    pub cost: Cost,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure: Option<String>,
    #[serde(skip)]
    stack: usize,
}

/// The instruction that a view shows, before it executes.
pub fn explain(view: &View<'_>) -> Explanation {
    let (fork, code) = (view.rules.fork, view.frame.code.bytes());
    let rest = code.get(view.pc..).unwrap_or_default();
    let instruction = crate::disasm::instructions(rest, fork).next();
    Explanation {
        pc: view.pc,
        opcode: view.opcode,
        text: instruction.map_or_else(|| "STOP".into(), |instruction| instruction.to_string()),
        depth: view.frame.depth,
        inputs: inputs(view, rest.get(1).copied().unwrap_or(0)),
        outputs: Vec::new(),
        gas: view.frame.gas,
        taken: 0,
        cost: cost(view),
        failure: None,
        stack: view.frame.stack.words().len(),
    }
}

fn inputs(view: &View<'_>, immediate: u8) -> Vec<Named> {
    let words = view.frame.stack.words();
    let word = |depth: usize| words.len().checked_sub(depth + 1).map(|at| words[at]);
    let named = |name: &'static str, depth: usize| word(depth).map(|value| Named { name, value });
    if let Some((first, second)) = moved(view.opcode, immediate) {
        let copies = matches!(view.opcode, 0x80..=0x8F | deep_stack::DUPN);
        let words = if copies {
            [None, named("copied", second)]
        } else {
            [named("first", first), named("second", second)]
        };
        return words.into_iter().flatten().collect();
    }
    let names = operands(view.opcode).inputs.iter().enumerate();
    names.filter_map(|(depth, name)| named(name, depth)).collect()
}

/// Explains instructions as they execute.
#[derive(Clone, Debug)]
pub struct Explainer {
    limit: usize,
    explanations: Vec<Explanation>,
    /// Of the open frames, the explanations of what entered them.
    waiting: Vec<Option<usize>>,
    /// The last instruction is still to be told what entered it, or how it ended.
    pauses: bool,
}

impl Explainer {
    /// Explains the first `limit` instructions.
    pub fn new(limit: usize) -> Self {
        Self { limit, explanations: Vec::new(), waiting: Vec::new(), pauses: false }
    }

    /// Explains one instruction, and pauses.
    pub(crate) fn once() -> Self {
        Self { pauses: true, ..Self::new(1) }
    }

    /// What was explained.
    pub fn into_explanations(self) -> Vec<Explanation> {
        self.explanations
    }
}

fn enters(opcode: u8) -> bool {
    matches!(opcode, 0xF0..=0xF2 | 0xF4 | 0xF5 | 0xFA)
}

impl Inspector for Explainer {
    fn step(&mut self, view: &View<'_>) -> Flow {
        if self.explanations.len() < self.limit {
            self.explanations.push(explain(view));
        } else if self.pauses {
            return Flow::Pause;
        } else {
            self.limit = 0;
        }
        Flow::Go
    }

    fn step_end(&mut self, view: &View<'_>, halt: Option<Halt>) {
        if self.limit == 0 {
            return;
        }
        let Some(explanation) = self.explanations.last_mut() else { return };
        // EIP-8037: an instruction can also give gas back.
        explanation.taken = explanation.gas.saturating_sub(view.frame.gas);
        match halt {
            Some(halt) if !halt.is_success() => explanation.failure = Some(why::why(explanation, view, halt)),
            None if !enters(view.opcode) => explanation.outputs = outputs(view),
            _ => {}
        }
    }

    fn enter(&mut self, frame: &Frame, _journal: &Journal) {
        let explained = self.limit != 0 && frame.depth > 0;
        self.waiting.push(self.explanations.len().checked_sub(1).filter(|_| explained));
    }

    fn exit(&mut self, exit: &FrameExit<'_>, _journal: &Journal) {
        let Some(explanation) = self.waiting.pop().flatten().and_then(|at| self.explanations.get_mut(at))
        else {
            return;
        };
        let value = match exit.created {
            Some(address) => word_of(&address),
            None => {
                U256::from(u64::from(exit.halt.is_success() && !matches!(explanation.opcode, 0xF0 | 0xF5)))
            }
        };
        let names = operands(explanation.opcode).outputs;
        explanation.outputs = names.iter().map(|name| Named { name, value }).collect();
        explanation.failure = why_frame_failed(exit.halt, exit.output);
    }
}

/// What the instruction of a view left on top, after it executed.
fn outputs(view: &View<'_>) -> Vec<Named> {
    let words = view.frame.stack.words();
    let top = |name: &'static str| words.last().map(|value| Named { name, value: *value });
    if moved(view.opcode, 0).is_some() || deep_stack::has(view.opcode) {
        return top("top").into_iter().collect();
    }
    operands(view.opcode).outputs.iter().filter_map(|name| top(name)).collect()
}

/// Words as numbers where that is short.
fn show(value: U256) -> String {
    match word::to_u64(value) {
        Some(small) if small < 10_000 => small.to_string(),
        _ => super::quantity(value),
    }
}

/// Mnemonic of a byte, or the byte.
fn name_of(byte: u8) -> String {
    OPCODES[usize::from(byte)].map_or_else(|| format!("{byte:#04x}"), |opcode| opcode.mnemonic.into())
}
