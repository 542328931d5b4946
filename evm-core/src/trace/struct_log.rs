//! Geth's structLogs: what `debug_traceTransaction` returns by default.

use super::{data, error, geth_name, quantity};
use crate::execution::Executed;
use crate::inspector::{Flow, Inspector, View};
use crate::interpreter::Halt;
use crate::trace::eip3155::total_refund;
use crate::trace::gas::cost;
use crate::{Address, U256, word};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Geth's options of the same names.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Options {
    /// With the memory.
    pub enable_memory: bool,
    /// Without the stack.
    pub disable_stack: bool,
    /// Without the storage.
    pub disable_storage: bool,
    /// With the data that the last callee returned.
    pub enable_return_data: bool,
    /// Lines, at most; 0 for any number.
    pub limit: usize,
}

/// A line.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StructLog {
    /// Place in the code.
    pub pc: u64,
    /// Mnemonic.
    pub op: String,
    /// Gas before the instruction.
    pub gas: u64,
    /// What it costs, with the gas given to a callee.
    pub gas_cost: u64,
    /// 1 for the outermost frame.
    pub depth: u64,
    /// Why it could not begin: stack or gas. As in geth, what goes wrong later (a jump, a write in a static call) is
    /// not in the line, but ends the frame.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// Before the instruction, the top word last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stack: Option<Vec<String>>,
    /// Of the last callee.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub return_data: Option<String>,
    /// Before the instruction, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memory: Option<Vec<String>>,
    /// For SLOAD and SSTORE: the slots of the account that instructions touched so far, with this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub storage: Option<BTreeMap<String, String>>,
    /// Refund counter of the transaction; that of SSTORE and SELFDESTRUCT has their own share.
    #[serde(skip_serializing_if = "is_zero")]
    pub refund: u64,
}

#[allow(clippy::trivially_copy_pass_by_ref)] // what serde asks for
fn is_zero(value: &u64) -> bool {
    *value == 0
}

/// The result of `debug_traceTransaction`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StructLogs {
    /// Gas paid for.
    pub gas: u64,
    /// True unless it succeeded.
    pub failed: bool,
    /// Output, or what it reverted with.
    pub return_value: String,
    /// The lines.
    pub struct_logs: Vec<StructLog>,
}

/// Collects the lines. A hundred million of them do not fit any memory: set a limit.
#[derive(Clone, Debug, Default)]
pub struct StructLogger {
    options: Options,
    logs: Vec<StructLog>,
    storage: BTreeMap<Address, BTreeMap<U256, U256>>,
    next: Option<StructLog>,
}

impl StructLogger {
    /// A logger with these options.
    pub fn new(options: Options) -> Self {
        Self { options, ..Self::default() }
    }

    /// The result, when the transaction has ended.
    pub fn finish(self, executed: &Executed) -> StructLogs {
        let shown = executed.halt.is_success() || executed.halt == Halt::Revert;
        StructLogs {
            gas: executed.gas_used,
            failed: !executed.halt.is_success(),
            return_value: if shown { data(&executed.output) } else { "0x".into() },
            struct_logs: self.logs,
        }
    }

    /// SLOAD or SSTORE touch a slot: all that were, of this account.
    fn touch(&mut self, view: &View<'_>) -> Option<BTreeMap<String, String>> {
        let words = view.frame.stack.words();
        let address = view.frame.address;
        let (key, value) = match (view.opcode, words) {
            (0x54, [.., key]) => {
                let slot = view.journal.slot(&address, key);
                (*key, slot.map_or_else(|| view.world.storage(&address, key), |slot| slot.value))
            }
            (0x55, [.., value, key]) => (*key, *value),
            _ => return None,
        };
        let slots = self.storage.entry(address).or_default();
        slots.insert(key, value);
        let digits = |value: &U256| hex::encode(word::to_be_bytes(*value));
        let mut shown = BTreeMap::new();
        for (key, value) in slots.iter() {
            shown.insert(digits(key), digits(value));
        }
        Some(shown)
    }
}

impl Inspector for StructLogger {
    fn step(&mut self, view: &View<'_>) -> Flow {
        if self.options.limit != 0 && self.logs.len() >= self.options.limit {
            return Flow::Go;
        }
        let frame = view.frame;
        let stores = matches!(view.opcode, 0x54 | 0x55) && !self.options.disable_storage;
        let memory = self.options.enable_memory && !frame.memory.is_empty();
        let returned = self.options.enable_return_data && !frame.return_data.is_empty();
        self.next = Some(StructLog {
            pc: view.pc as u64,
            op: geth_name(view.opcode),
            gas: frame.gas,
            gas_cost: cost(view).total,
            depth: u64::from(frame.depth) + 1,
            error: None,
            stack: (!self.options.disable_stack)
                .then(|| frame.stack.words().iter().map(|word| quantity(*word)).collect()),
            return_data: returned.then(|| data(&frame.return_data)),
            memory: memory.then(|| frame.memory.bytes().chunks(32).map(hex::encode).collect()),
            storage: if stores { self.touch(view) } else { None },
            refund: 0,
        });
        Flow::Go
    }

    fn step_end(&mut self, view: &View<'_>, halt: Option<Halt>) {
        let Some(mut log) = self.next.take() else { return };
        let early =
            halt.filter(|halt| matches!(halt, Halt::StackUnderflow | Halt::StackOverflow | Halt::OutOfGas));
        log.error = early.and_then(|halt| error::geth_step_error(view, halt));
        log.refund = total_refund(view);
        self.logs.push(log);
    }
}
