//! Geth's callTracer: the tree of calls.

use super::error::{geth_exit_error, revert_reason};
use super::{account, data, digest, quantity};
use crate::Address;
use crate::U256;
use crate::execution::{Executed, Journal};
use crate::inspector::{FrameExit, Inspector, View};
use crate::interpreter::{Entry, Frame, Halt};
use serde::{Deserialize, Serialize};

/// Geth's options of the same names.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Options {
    /// Only the transaction's own message.
    pub only_top_call: bool,
    /// With the logs of frames that succeeded.
    pub with_log: bool,
}

/// A log in a frame.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct CallLog {
    /// Account that logged.
    pub address: String,
    /// At most four.
    pub topics: Vec<String>,
    /// Any bytes.
    pub data: String,
    /// Calls that the frame had made before.
    pub position: String,
}

/// A frame.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CallFrame {
    /// Account that calls.
    pub from: String,
    /// Given to it; for the outermost the gas limit of the transaction.
    pub gas: String,
    /// For the outermost all that the transaction paid.
    pub gas_used: String,
    /// Account called or made; nothing for a creation that failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// Data of the message, or init code.
    pub input: String,
    /// Data returned, or the new code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub output: Option<String>,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// What it said when it reverted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revert_reason: Option<String>,
    /// Its own calls, as places in the list of frames.
    #[serde(skip)]
    pub calls: Vec<usize>,
    /// Its own logs.
    #[serde(skip)]
    pub logs: Vec<CallLog>,
    /// In wei; not for static calls.
    #[serde(skip)]
    pub value: Option<String>,
    /// CALL, CREATE ... or SELFDESTRUCT.
    #[serde(skip)]
    pub kind: &'static str,
}

/// The tree of calls as a list, so that depth costs none of the host's stack: a frame comes after its caller, and the
/// outermost is the first.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct CallTree {
    /// The frames in the order in which they began.
    pub frames: Vec<CallFrame>,
}

impl CallTree {
    /// Geth's JSON.
    pub fn to_json(&self) -> String {
        let mut json = String::new();
        // Frames begun, and how many of their calls were written.
        let mut open = Vec::new();
        self.begin(0, &mut json, &mut open);
        while let Some((at, written)) = open.last_mut() {
            let calls = &self.frames[*at].calls;
            if let Some(call) = calls.get(*written) {
                json.push_str(if *written == 0 { r#","calls":["# } else { "," });
                *written += 1;
                self.begin(*call, &mut json, &mut open);
                continue;
            }
            if !calls.is_empty() {
                json.push(']');
            }
            self.end(*at, &mut json);
            open.pop();
        }
        json
    }

    /// What stands before a frame's calls.
    fn begin(&self, at: usize, json: &mut String, open: &mut Vec<(usize, usize)>) {
        let Some(frame) = self.frames.get(at) else { return };
        let head = serde_json::to_string(frame).unwrap_or_default();
        json.push_str(head.trim_end_matches('}'));
        open.push((at, 0));
    }

    /// What stands after a frame's calls.
    fn end(&self, at: usize, json: &mut String) {
        let frame = &self.frames[at];
        if !frame.logs.is_empty() {
            json.push_str(r#","logs":"#);
            json.push_str(&serde_json::to_string(&frame.logs).unwrap_or_default());
        }
        if let Some(value) = &frame.value {
            json.push_str(&format!(r#","value":"{value}""#));
        }
        json.push_str(&format!(r#","type":"{}"}}"#, frame.kind));
    }

    /// Logs of a frame that failed, and of those below, never were.
    fn clear_failed_logs(&mut self) {
        let mut failed = vec![false; self.frames.len()];
        for at in 0..self.frames.len() {
            failed[at] |= self.frames[at].error.is_some();
            if failed[at] {
                self.frames[at].logs.clear();
                for call in &self.frames[at].calls {
                    failed[*call] = true;
                }
            }
        }
    }
}

/// Collects the tree.
#[derive(Clone, Debug, Default)]
pub struct CallTracer {
    options: Options,
    tree: CallTree,
    /// Frames not ended yet, the outermost first.
    open: Vec<usize>,
    /// Frames begun and not ended, also those not kept.
    depth: usize,
    /// The last instruction failed.
    failed: bool,
}

impl CallTracer {
    /// A tracer with these options.
    pub fn new(options: Options) -> Self {
        Self { options, ..Self::default() }
    }

    /// The tree, when the transaction has ended. `gas_limit` is the transaction's.
    pub fn finish(mut self, executed: &Executed, gas_limit: u64) -> CallTree {
        self.tree.clear_failed_logs();
        if let Some(top) = self.tree.frames.first_mut() {
            top.gas = quantity(gas_limit);
            top.gas_used = quantity(executed.gas_used);
        }
        self.tree
    }

    fn add(&mut self, call: CallFrame) -> usize {
        let at = self.tree.frames.len();
        self.tree.frames.push(call);
        if let Some(caller) = self.open.last() {
            self.tree.frames[*caller].calls.push(at);
        }
        at
    }
}

impl Inspector for CallTracer {
    fn step_end(&mut self, view: &View<'_>, halt: Option<Halt>) {
        self.failed = halt.is_some_and(Halt::is_error);
        if !self.options.with_log || !matches!(view.opcode, 0xA0..=0xA4) || halt.is_some() {
            return;
        }
        if self.options.only_top_call && view.frame.depth > 0 {
            return;
        }
        if let (Some(at), Some(log)) = (self.open.last(), view.journal.logs.last()) {
            let call = &mut self.tree.frames[*at];
            call.logs.push(CallLog {
                address: account(&log.address),
                topics: log.topics.iter().map(digest).collect(),
                data: data(&log.data),
                position: quantity(call.calls.len()),
            });
        }
    }

    fn enter(&mut self, frame: &Frame, _journal: &Journal) {
        self.depth += 1;
        self.failed = false;
        if self.options.only_top_call && self.depth > 1 {
            return;
        }
        let creates = frame.entry.is_create();
        let from = if frame.entry == Entry::DelegateCall { frame.address } else { frame.caller };
        let to = if creates { frame.address } else { frame.code_address };
        let at = self.add(CallFrame {
            from: account(&from),
            gas: quantity(frame.gas_limit),
            to: Some(account(&to)),
            input: data(if creates { frame.code.bytes() } else { &frame.input }),
            value: (frame.entry != Entry::StaticCall).then(|| quantity(frame.value)),
            kind: frame.entry.mnemonic(),
            ..CallFrame::default()
        });
        self.open.push(at);
    }

    fn exit(&mut self, exit: &FrameExit<'_>, _journal: &Journal) {
        self.depth -= 1;
        let failed = std::mem::take(&mut self.failed);
        if self.options.only_top_call && self.depth > 0 {
            return;
        }
        let Some(at) = self.open.pop() else { return };
        let call = &mut self.tree.frames[at];
        call.gas_used = quantity(exit.gas_used);
        call.error = geth_exit_error(call.kind.starts_with("CREATE"), exit.halt, failed);
        if call.error.is_some() && call.kind.starts_with("CREATE") {
            call.to = None;
        }
        let shown = exit.halt.is_success() || exit.halt == Halt::Revert;
        call.output = (shown && !exit.output.is_empty()).then(|| data(exit.output));
        if exit.halt == Halt::Revert {
            call.revert_reason = revert_reason(exit.output);
        }
    }

    fn selfdestruct(&mut self, address: Address, beneficiary: Address, value: U256) {
        if self.options.only_top_call {
            return;
        }
        self.add(CallFrame {
            from: account(&address),
            gas: "0x0".into(),
            gas_used: "0x0".into(),
            to: Some(account(&beneficiary)),
            input: "0x".into(),
            value: Some(quantity(value)),
            kind: "SELFDESTRUCT",
            ..CallFrame::default()
        });
    }
}
