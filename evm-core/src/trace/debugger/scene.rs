//! The present state of a [`Debugger`] as plain data, for a page to show.

use super::Debugger;
use crate::trace::explain::Explanation;
use crate::trace::{account, data, eip3155::total_refund, full_word, quantity};
use serde::Serialize;
use std::ops::Range;

/// A frame in the list of calls.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FrameScene {
    /// CALL, CREATE ...
    pub kind: &'static str,
    /// Account whose storage it acts on.
    pub address: String,
    /// Account whose code runs.
    pub code_address: String,
    /// Hash of the code, by which a source map is found.
    pub code_hash: String,
    /// Who called.
    pub caller: String,
    /// In wei.
    pub value: String,
    /// Next instruction; of a frame that waits for a callee, the one after the call.
    pub pc: usize,
    /// Gas left.
    pub gas: u64,
    /// Gas given to it.
    pub gas_limit: u64,
    /// True if state may not change.
    pub is_static: bool,
    /// Position of its first instruction.
    pub entered: u64,
}

/// A word of storage that the transaction touched.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct SlotScene {
    /// The account.
    pub address: String,
    /// The key.
    pub key: String,
    /// Now.
    pub value: String,
    /// Before the transaction.
    pub original: String,
    /// True if another access is cheap (EIP-2929).
    pub warm: bool,
}

/// How the transaction ended.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EndScene {
    /// True if it did what it meant to.
    pub success: bool,
    /// How, in words.
    pub halt: String,
    /// Gas paid for.
    pub gas_used: u64,
    /// Gas given back.
    pub gas_refunded: u64,
    /// Output.
    pub output: String,
    /// Logs.
    pub logs: usize,
}

/// What is to be shown of what can be long.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Window {
    /// Bytes of memory.
    pub memory: Range<usize>,
    /// Words of storage, at most: those touched last.
    pub slots: usize,
    /// Bytes of return data and of output, at most.
    pub data: usize,
}

impl Default for Window {
    fn default() -> Self {
        Self { memory: 0..4096, slots: 256, data: 4096 }
    }
}

/// The present state.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Scene {
    /// Instructions executed.
    pub position: u64,
    /// Instructions altogether, once the end was seen.
    pub length: Option<u64>,
    /// Open frames, the outermost first; none at the end.
    pub frames: Vec<FrameScene>,
    /// Words of the innermost frame, the top one last.
    pub stack: Vec<String>,
    /// Bytes of the innermost frame's memory.
    pub memory_size: usize,
    /// Place of the first byte shown.
    pub memory_from: usize,
    /// Those in the window.
    pub memory: String,
    /// What the last callee returned.
    pub return_data: String,
    /// Words of storage touched, of all accounts, in the order of their first touch.
    pub slots: Vec<SlotScene>,
    /// Refund counter of the transaction.
    pub refund: u64,
    /// Logs so far.
    pub logs: usize,
    /// The next instruction.
    pub next: Option<Explanation>,
    /// How it ended, at the end.
    pub end: Option<EndScene>,
}

impl Debugger {
    /// The present state, with the next instruction explained.
    pub fn scene(&mut self, window: &Window) -> Scene {
        let next = self.explain();
        let frames = self.execution().frames();
        let top = frames.last();
        let memory = top.map_or(&[][..], |frame| frame.memory.bytes());
        let from = window.memory.start.min(memory.len());
        let shown = memory.get(from..window.memory.end.clamp(from, memory.len())).unwrap_or_default();
        let return_data = top.map_or(&[][..], |frame| &frame.return_data);
        Scene {
            position: self.position(),
            length: self.length(),
            frames: self.frame_scenes(),
            stack: top
                .map_or(&[][..], |frame| frame.stack.words())
                .iter()
                .map(|word| quantity(*word))
                .collect(),
            memory_size: memory.len(),
            memory_from: from,
            memory: data(shown),
            return_data: data(&return_data[..return_data.len().min(window.data)]),
            slots: self.slot_scenes(window.slots),
            refund: self.view().map_or(0, |view| total_refund(&view)),
            logs: self.execution().journal().logs.len(),
            next,
            end: self.end_scene(window.data),
        }
    }

    fn frame_scenes(&self) -> Vec<FrameScene> {
        let frames = self.execution().frames().iter().zip(self.entered());
        let scene = |(frame, entered): (&crate::interpreter::Frame, &u64)| FrameScene {
            kind: frame.entry.mnemonic(),
            address: account(&frame.address),
            code_address: account(&frame.code_address),
            code_hash: data(&frame.code.hash().0),
            caller: account(&frame.caller),
            value: quantity(frame.value),
            pc: frame.pc(),
            gas: frame.gas,
            gas_limit: frame.gas_limit,
            is_static: frame.is_static,
            entered: *entered,
        };
        frames.map(scene).collect()
    }

    fn slot_scenes(&self, most: usize) -> Vec<SlotScene> {
        let journal = self.execution().journal();
        let slots = journal.slots();
        let shown = &slots[slots.len().saturating_sub(most)..];
        let scene = |slot: &crate::execution::Slot| SlotScene {
            address: account(&journal.at(slot.account).address),
            key: full_word(slot.key),
            value: full_word(slot.value),
            original: full_word(slot.original),
            warm: slot.warm,
        };
        shown.iter().map(scene).collect()
    }

    fn end_scene(&self, most: usize) -> Option<EndScene> {
        let (executed, _) = self.result().filter(|_| self.is_at_end())?;
        Some(EndScene {
            success: executed.halt.is_success(),
            halt: executed.halt.to_string(),
            gas_used: executed.gas_used,
            gas_refunded: executed.gas_refunded,
            output: data(&executed.output[..executed.output.len().min(most)]),
            logs: executed.logs.len(),
        })
    }
}
