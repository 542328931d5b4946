//! Statistics: how often each opcode ran and what gas it took, gas by call, and gas by place in the code, from which a
//! source map makes gas by line.

use super::gas::cost;
use super::{account, mnemonic};
use crate::execution::Journal;
use crate::inspector::{Flow, FrameExit, Inspector, View};
use crate::interpreter::{Frame, Halt};
use crate::state::Code;
use crate::{Address, H256};
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Calls kept in the tree, at most; what later ones use counts as their callers' own.
const CALLS: usize = 100_000;
/// Bytes of code whose places are counted, at most.
const PLACES: usize = 1 << 21;

/// How often something ran, and the gas it took.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Use {
    /// Instructions executed.
    pub count: u64,
    /// Gas that they took themselves: of a call, without what the callee used.
    pub gas: u64,
    /// Gas that was left when one of them failed, and was lost by that.
    pub lost: u64,
}

impl Use {
    fn add(&mut self, gas: u64, lost: u64) {
        self.count += 1;
        self.gas += gas;
        self.lost += lost;
    }
}

/// A row of the table of opcodes.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct OpcodeUse {
    /// The byte.
    pub opcode: u8,
    /// Its mnemonic, if any fork has one.
    pub mnemonic: Option<&'static str>,
    /// What it did.
    #[serde(flatten)]
    pub total: Use,
}

/// A call in the tree.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CallUse {
    /// CALL, CREATE ...
    pub kind: &'static str,
    /// Account called or made.
    pub to: String,
    /// Place of the caller in the list.
    pub caller: Option<usize>,
    /// 0 for the outermost.
    pub depth: u16,
    /// Gas it was given.
    pub gas_limit: u64,
    /// Gas it used, with its callees.
    pub gas_used: u64,
    /// Gas of its own instructions, of the precompiled contract that it is, and of the code that it left.
    pub own_gas: u64,
    /// Instructions of its own.
    pub steps: u64,
    /// False if it failed.
    pub success: bool,
}

/// What happened at each place of some code.
#[derive(Clone, Debug)]
pub struct CodeUse {
    /// Which code.
    pub code: Arc<Code>,
    /// Account that it was called as first.
    pub address: Address,
    /// By place in the code.
    pub places: Vec<Use>,
}

/// A frame that runs.
#[derive(Clone, Copy, Debug)]
struct Open {
    call: usize,
    code: Option<usize>,
    /// Gas of its instructions and of the calls below it, to find what is left for the rest.
    seen: i64,
    stipend: u64,
    kept: bool,
}

/// Collects statistics.
#[derive(Clone, Debug)]
pub struct Stats {
    opcodes: Box<[Use; 256]>,
    /// The calls, each after its caller.
    pub calls: Vec<CallUse>,
    /// The codes, in the order in which they first ran.
    pub codes: Vec<CodeUse>,
    /// Gas of stipends: callees had it without their callers paying for it.
    pub stipends: u64,
    /// EIP-8037: state gas that came back to the gas for execution, because what was paid for did not come to be. It
    /// counts as used where it was paid.
    pub returned: u64,
    index: BTreeMap<H256, usize>,
    counted: usize,
    open: Vec<Open>,
    gas: u64,
    given: u64,
    stipend: u64,
}

impl Default for Stats {
    fn default() -> Self {
        Self::new()
    }
}

impl Stats {
    /// Nothing counted.
    pub fn new() -> Self {
        Self {
            opcodes: Box::new([Use::default(); 256]),
            calls: Vec::new(),
            codes: Vec::new(),
            stipends: 0,
            returned: 0,
            index: BTreeMap::new(),
            counted: 0,
            open: Vec::new(),
            gas: 0,
            given: 0,
            stipend: 0,
        }
    }

    /// The opcodes that ran, those that took most gas first.
    pub fn opcodes(&self, fork: crate::fork::Fork) -> Vec<OpcodeUse> {
        let rows = self.opcodes.iter().enumerate().filter(|(_, row)| row.count != 0);
        let row = |(byte, total): (usize, &Use)| OpcodeUse {
            opcode: byte as u8,
            mnemonic: mnemonic(byte as u8, fork),
            total: *total,
        };
        let mut rows: Vec<OpcodeUse> = rows.map(row).collect();
        rows.sort_by_key(|row| (std::cmp::Reverse(row.total.gas + row.total.lost), row.opcode));
        rows
    }

    /// Use by line of some code's source; `line` says where a place in the code comes from.
    pub fn lines(&self, code: &H256, line: &dyn Fn(usize) -> Option<u32>) -> BTreeMap<u32, Use> {
        let mut lines: BTreeMap<u32, Use> = BTreeMap::new();
        let places = self.index.get(code).map_or(&[][..], |at| &self.codes[*at].places);
        for (place, used) in places.iter().enumerate().filter(|(_, used)| used.count != 0) {
            if let Some(line) = line(place) {
                let sum = lines.entry(line).or_default();
                sum.count += used.count;
                sum.gas += used.gas;
                sum.lost += used.lost;
            }
        }
        lines
    }

    /// The entry of some code, if there is room for it.
    fn code(&mut self, frame: &Frame) -> Option<usize> {
        let size = frame.code.bytes().len() + 1;
        if let Some(at) = self.index.get(&frame.code.hash()) {
            return Some(*at);
        }
        if self.counted + size > PLACES {
            return None;
        }
        self.counted += size;
        let places = vec![Use::default(); size];
        self.codes.push(CodeUse { code: frame.code.clone(), address: frame.code_address, places });
        self.index.insert(frame.code.hash(), self.codes.len() - 1);
        Some(self.codes.len() - 1)
    }
}

impl Inspector for Stats {
    fn step(&mut self, view: &View<'_>) -> Flow {
        self.gas = view.frame.gas;
        (self.given, self.stipend) = (0, 0);
        if matches!(view.opcode, 0xF0..=0xF2 | 0xF4 | 0xF5 | 0xFA) {
            let cost = cost(view);
            (self.given, self.stipend) = (cost.given, cost.stipend);
        }
        Flow::Go
    }

    fn step_end(&mut self, view: &View<'_>, halt: Option<Halt>) {
        let failed = halt.is_some_and(Halt::is_error);
        let taken = self.gas.saturating_sub(view.frame.gas);
        let returned = view.frame.gas.saturating_sub(self.gas);
        self.returned += returned;
        // What an instruction took before it failed is lost as well.
        let (gas, lost) = if failed { (0, self.gas) } else { (taken - self.given.min(taken), 0) };
        if failed {
            self.stipend = 0;
        }
        self.opcodes[usize::from(view.opcode)].add(gas, lost);
        let Some(open) = self.open.last_mut() else { return };
        open.seen += (gas + lost) as i64 - returned as i64;
        if let Some(call) = self.calls.get_mut(open.call) {
            call.own_gas += gas + lost;
            call.steps += 1;
        }
        if let Some(used) = open.code.and_then(|at| self.codes[at].places.get_mut(view.pc)) {
            used.add(gas, lost);
        }
    }

    fn enter(&mut self, frame: &Frame, _journal: &Journal) {
        let stipend = std::mem::take(&mut self.stipend);
        self.stipends += stipend;
        let caller = self.open.last().map(|open| open.call);
        let kept = self.calls.len() < CALLS;
        if kept {
            let to = if frame.entry.is_create() { frame.address } else { frame.code_address };
            self.calls.push(CallUse {
                kind: frame.entry.mnemonic(),
                to: account(&to),
                caller,
                depth: frame.depth,
                gas_limit: frame.gas_limit,
                gas_used: 0,
                own_gas: 0,
                steps: 0,
                success: false,
            });
        }
        let call = if kept { self.calls.len() - 1 } else { caller.unwrap_or(0) };
        let code = self.code(frame);
        self.open.push(Open { call, code, seen: 0, stipend, kept });
    }

    fn exit(&mut self, exit: &FrameExit<'_>, _journal: &Journal) {
        let Some(open) = self.open.pop() else { return };
        // A precompiled contract, or the price of new code; less than nothing if the frame, or a callee, got state gas back.
        let rest = exit.gas_used as i64 - open.seen;
        self.returned += rest.min(0).unsigned_abs();
        let rest = rest.max(0) as u64;
        if let Some(call) = self.calls.get_mut(open.call) {
            call.own_gas += rest;
            if open.kept {
                call.gas_used = exit.gas_used;
                call.success = exit.halt.is_success();
            }
        }
        if let Some(caller) = self.open.last_mut() {
            caller.seen += exit.gas_used as i64 - open.stipend as i64;
        }
    }
}
