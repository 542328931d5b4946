//! A whole transaction seen once: its tree of calls, what took gas, its logs, and the positions worth going to.

use evm_core::Address;
use evm_core::block::Log;
use evm_core::execution::{Executed, Journal};
use evm_core::inspector::{Flow, FrameExit, Inspector, View};
use evm_core::interpreter::{Frame, Halt};
use evm_core::trace::explain::why_frame_failed;
use evm_core::trace::stats::Stats;
use evm_core::{H256, U256};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Calls kept, at most: as many as [`Stats`] keeps.
const CALLS: usize = 100_000;
/// Marks and logs kept, at most.
const MARKS: usize = 20_000;
/// Bytes shown of data that can be long.
const SHOWN: usize = 4096;

/// Kinds of positions worth going to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mark {
    /// An instruction that calls or creates.
    Call,
    /// SSTORE or TSTORE.
    Store,
    /// LOG0 to LOG4.
    Log,
    /// An instruction that ended its frame without success.
    Failure,
}

impl Mark {
    /// As JSON names it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Call => "call",
            Self::Store => "store",
            Self::Log => "log",
            Self::Failure => "failure",
        }
    }

    /// By that name.
    pub fn by_name(name: &str) -> Option<Self> {
        [Self::Call, Self::Store, Self::Log, Self::Failure].into_iter().find(|mark| mark.name() == name)
    }
}

/// What [`Stats`] does not know of a call.
#[derive(Clone, Debug)]
struct Call {
    from: Address,
    value: U256,
    input: (Vec<u8>, usize),
    output: (Vec<u8>, usize),
    code: H256,
    /// Position of its first instruction.
    first: u64,
    /// Position after its last instruction.
    last: u64,
    /// Position of the instruction that made it fail.
    failed: Option<u64>,
    halt: Option<Halt>,
    parent: Option<usize>,
}

#[derive(Clone, Debug)]
struct Noted {
    position: u64,
    call: usize,
    log: Log,
}

/// Collects all that.
#[derive(Clone, Debug, Default)]
pub struct Survey {
    /// What took gas.
    pub stats: Stats,
    /// Instructions executed.
    pub steps: u64,
    /// Pauses here.
    pub pause: u64,
    /// Positions worth going to, in order.
    pub marks: Vec<(u64, Mark)>,
    /// Words of transient storage that instructions named.
    pub transient: BTreeSet<(Address, U256)>,
    calls: Vec<Call>,
    logs: Vec<Noted>,
    open: Vec<Option<usize>>,
    logged: usize,
}

fn cut(bytes: &[u8]) -> (Vec<u8>, usize) {
    (bytes[..bytes.len().min(SHOWN)].to_vec(), bytes.len())
}

fn mark_of(opcode: u8) -> Option<Mark> {
    Some(match opcode {
        0xF0..=0xF2 | 0xF4 | 0xF5 | 0xFA => Mark::Call,
        0x55 | 0x5D => Mark::Store,
        0xA0..=0xA4 => Mark::Log,
        _ => return None,
    })
}

impl Survey {
    /// The first mark of a kind after a position, or the last before it.
    pub fn find(&self, position: u64, kind: Mark, forwards: bool) -> Option<u64> {
        let of_kind = |(at, mark): &&(u64, Mark)| {
            *mark == kind && if forwards { *at > position } else { *at < position }
        };
        let found =
            if forwards { self.marks.iter().find(of_kind) } else { self.marks.iter().rev().find(of_kind) };
        found.map(|(at, _)| *at)
    }

    /// Where the transaction failed: the outermost frame's last instruction, and the one that began it all, where
    /// callers passed their callee's data on.
    pub fn failure(&self) -> Option<(u64, u64)> {
        let top = self.calls.first()?;
        let at = top.failed?;
        let mut origin = 0;
        loop {
            let here = &self.calls[origin];
            let children = self.calls.iter().enumerate().skip(origin + 1);
            let passed_on = children
                .filter(|(_, call)| call.parent == Some(origin) && call.failed.is_some())
                .filter(|(_, call)| here.halt == Some(Halt::Revert) && call.output == here.output)
                .map(|(at, _)| at)
                .next_back();
            match passed_on {
                Some(child) => origin = child,
                None => return Some((at, here.failed.unwrap_or(at))),
            }
        }
    }

    /// Place in the list of the call whose first instruction is at a position, at a depth.
    pub fn call_at(&self, first: u64, depth: usize) -> Option<usize> {
        let from = self.calls.partition_point(|call| call.first < first);
        let here = self.calls[from..].iter().take_while(|call| call.first == first);
        let depths = self.stats.calls[from..].iter().map(|call| usize::from(call.depth));
        here.zip(depths).position(|(_, at)| at == depth).map(|at| from + at)
    }

    fn note(&mut self, position: u64, mark: Mark) {
        if self.marks.len() < MARKS {
            self.marks.push((position, mark));
        }
    }

    /// The calls, as [`Stats`] and the survey know them.
    pub fn calls_json(&self) -> Value {
        let rows = self.stats.calls.iter().zip(&self.calls);
        rows.map(|(used, call)| {
            let mut row = json!({
                "from": address(&call.from), "value": quantity(call.value), "codeHash": hash(&call.code),
                "input": super::data(&call.input.0), "inputSize": call.input.1,
                "output": super::data(&call.output.0), "outputSize": call.output.1,
                "first": call.first, "last": call.last, "failed": call.failed,
                "failure": call.halt.and_then(|halt| why_frame_failed(halt, &call.output.0)),
            });
            if let (Value::Object(row), Ok(Value::Object(used))) = (&mut row, serde_json::to_value(used)) {
                row.extend(used);
            }
            row
        })
        .collect()
    }

    /// The logs, with those that never were because their frame, or a caller, failed.
    pub fn logs_json(&self) -> Value {
        self.logs
            .iter()
            .map(|noted| {
                json!({
                    "position": noted.position, "call": noted.call, "address": address(&noted.log.address),
                    "topics": noted.log.topics.iter().map(hash).collect::<Value>(),
                    "data": super::data(&noted.log.data[..noted.log.data.len().min(SHOWN)]),
                    "dataSize": noted.log.data.len(), "undone": self.is_undone(noted.call),
                })
            })
            .collect()
    }

    fn is_undone(&self, call: usize) -> bool {
        let mut next = Some(call);
        while let Some(call) = next.and_then(|at| self.calls.get(at)) {
            if call.halt.is_some_and(|halt| !halt.is_success()) {
                return true;
            }
            next = call.parent;
        }
        false
    }

    /// Uses of the places of each code that ran: `[pc, count, gas, lost]`.
    pub fn codes_json(&self) -> Value {
        let codes = self.stats.codes.iter();
        codes
            .map(|code| {
                let places = code.places.iter().enumerate().filter(|(_, used)| used.count != 0);
                json!({
                    "hash": hash(&code.code.hash()), "address": address(&code.address),
                    "size": code.code.bytes().len(),
                    "places": places
                        .map(|(pc, used)| json!([pc, used.count, used.gas, used.lost]))
                        .collect::<Value>(),
                })
            })
            .collect()
    }

    /// The marks: `[position, kind]`.
    pub fn marks_json(&self) -> Value {
        self.marks.iter().map(|(position, mark)| json!([position, mark.name()])).collect()
    }

    /// How it all ended, in words, if without success.
    pub fn why(&self, executed: &Executed) -> Option<String> {
        why_frame_failed(executed.halt, &executed.output)
    }
}

impl Inspector for Survey {
    fn step(&mut self, view: &View<'_>) -> Flow {
        if self.steps == self.pause {
            return Flow::Pause;
        }
        self.stats.step(view);
        let position = self.steps;
        self.steps += 1;
        if let Some(mark) = mark_of(view.opcode) {
            self.note(position, mark);
            if matches!(view.opcode, 0x5D)
                && self.transient.len() < MARKS
                && let Some(key) = view.frame.stack.words().last()
            {
                self.transient.insert((view.frame.address, *key));
            }
            self.logged = view.journal.logs.len();
        }
        Flow::Go
    }

    fn step_end(&mut self, view: &View<'_>, halt: Option<Halt>) {
        self.stats.step_end(view, halt);
        let position = self.steps.saturating_sub(1);
        if matches!(view.opcode, 0xA0..=0xA4)
            && view.journal.logs.len() > self.logged
            && let (Some(log), Some(Some(call))) = (view.journal.logs.last(), self.open.last())
            && self.logs.len() < MARKS
        {
            self.logs.push(Noted { position, call: *call, log: log.clone() });
        }
        if halt.is_some_and(|halt| !halt.is_success()) {
            self.note(position, Mark::Failure);
            if let Some(call) = self.open.last().copied().flatten().and_then(|at| self.calls.get_mut(at)) {
                call.failed = Some(position);
            }
        }
    }

    fn enter(&mut self, frame: &Frame, journal: &Journal) {
        self.stats.enter(frame, journal);
        let parent = self.open.last().copied().flatten();
        let kept = self.calls.len() < CALLS;
        self.open.push(kept.then_some(self.calls.len()));
        if kept {
            let input = if frame.entry.is_create() { frame.code.bytes() } else { &frame.input };
            self.calls.push(Call {
                from: frame.caller,
                value: frame.value,
                input: cut(input),
                output: (Vec::new(), 0),
                code: frame.code.hash(),
                first: self.steps,
                last: self.steps,
                failed: None,
                halt: None,
                parent,
            });
        }
    }

    fn exit(&mut self, exit: &FrameExit<'_>, journal: &Journal) {
        self.stats.exit(exit, journal);
        let Some(Some(at)) = self.open.pop() else { return };
        let call = &mut self.calls[at];
        (call.last, call.halt) = (self.steps, Some(exit.halt));
        call.output = cut(exit.output);
    }
}

/// An address in lower case.
pub fn address(address: &Address) -> String {
    format!("{address:#x}")
}

/// 32 bytes as `0x` and 64 digits.
pub fn hash(hash: &H256) -> String {
    format!("{hash:#x}")
}

/// A number as `0x1f`.
pub fn quantity(value: U256) -> String {
    format!("{value:#x}")
}
