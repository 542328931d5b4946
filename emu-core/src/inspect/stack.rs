//! The stack with its frames: the chain of saved EBPs, return addresses that a CALL really left, interrupt frames.

use super::symbols::Symbols;
use super::{Inspector, Space};
use crate::mem::Target;
use crate::x86::decode::{Op, decode};
use crate::x86::regs::{gpr, seg};
use crate::x86::tlb::Access;
use serde::Serialize;

/// Most cells of one answer, and frames.
const MOST: usize = 1024;
const MOST_FRAMES: usize = 256;
/// The longest CALL without prefixes that programs have.
const LONGEST_CALL: u32 = 7;

/// A cell of the stack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StackCell {
    /// Offset in SS.
    pub offset: u32,
    /// Linear address.
    pub linear: u32,
    /// Bytes.
    pub size: u32,
    /// Contents, if it can be read.
    pub value: Option<u32>,
    /// `data`, `return address`, `saved EBP`, `interrupt frame`, `code address`.
    pub kind: &'static str,
    /// More about it.
    pub note: String,
    /// The frame it belongs to.
    pub frame: Option<usize>,
}

/// An active function.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StackFrame {
    /// EBP of the frame.
    pub base: u32,
    /// Linear address at which it goes on.
    pub code: u32,
    /// Function.
    pub symbol: Option<String>,
    /// `file:line`.
    pub source: Option<String>,
    /// A CALL lies before the return address; for the innermost frame true.
    pub checked: bool,
}

/// The stack from its top on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StackView {
    /// SP or ESP, by SS.B.
    pub sp: u32,
    /// Bytes of a cell.
    pub size: u32,
    /// Upwards.
    pub cells: Vec<StackCell>,
    /// Innermost first.
    pub frames: Vec<StackFrame>,
}

impl Inspector<'_> {
    /// The top `count` (at most 1024) cells, and the frames on the EBP chain.
    pub fn stack(&self, count: usize, symbols: &Symbols) -> StackView {
        let st = self.state();
        let size = if st.seg[usize::from(seg::CS)].is_32() { 4 } else { 2 };
        let sp = st.gpr[gpr::ESP] & st.stack_mask;
        let frames = self.frames(size, symbols);
        let mut cells: Vec<StackCell> = Vec::new();
        for n in 0..count.min(MOST) as u32 {
            let Some(offset) = sp.checked_add(n * size).filter(|&o| o <= st.stack_mask - (size - 1)) else {
                break;
            };
            cells.push(self.cell(offset, size, &frames, symbols));
        }
        self.mark_interrupt_frames(&mut cells);
        StackView { sp, size, cells, frames }
    }

    fn stack_read(&self, offset: u32, size: u32) -> Option<u32> {
        let view = self.read(Space::Segment(seg::SS), u64::from(offset), size as usize);
        let value = view.bytes.iter().rev().fold(0, |value, &b| value << 8 | u32::from(b));
        view.absent.is_empty().then_some(value)
    }

    fn code_linear(&self, eip: u32) -> u32 {
        self.state().seg[usize::from(seg::CS)].base.wrapping_add(eip)
    }

    fn frames(&self, size: u32, symbols: &Symbols) -> Vec<StackFrame> {
        let st = self.state();
        let frame = |base, code, checked| StackFrame {
            base,
            code,
            symbol: symbols.name_at(code),
            source: symbols.source_at(code),
            checked,
        };
        let mask = if size == 4 { u32::MAX } else { 0xFFFF };
        let mut base = st.gpr[gpr::EBP] & mask & st.stack_mask;
        let mut frames = vec![frame(base, self.code_linear(st.eip), true)];
        let sp = st.gpr[gpr::ESP] & st.stack_mask;
        while frames.len() < MOST_FRAMES && base >= sp {
            let Some(back) = base.checked_add(size).and_then(|at| self.stack_read(at, size)) else { break };
            let Some(outer) = self.stack_read(base, size) else { break };
            let code = self.code_linear(back);
            let checked = self.follows_call(code);
            // Without a CALL this is no frame: EBP is used for something else here.
            if !checked {
                break;
            }
            frames.push(frame(outer, code, checked));
            if outer <= base {
                break;
            }
            base = outer;
        }
        frames
    }

    /// Whether a CALL ends at a linear address.
    fn follows_call(&self, linear: u32) -> bool {
        let code32 = self.state().seg[usize::from(seg::CS)].is_32();
        let is_call = |op| matches!(op, Op::CallRel | Op::CallInd | Op::CallFarPtr | Op::CallFarInd);
        (2..=LONGEST_CALL).any(|len| self.instruction_before(linear, len, code32).is_some_and(is_call))
    }

    /// The operation of the `len` bytes before a linear address, if they are just one instruction.
    fn instruction_before(&self, linear: u32, len: u32, code32: bool) -> Option<Op> {
        let view = self.read(Space::Linear, u64::from(linear.wrapping_sub(len)), len as usize);
        let inst = decode(&view.bytes, code32).ok().filter(|_| view.absent.is_empty())?;
        (u32::from(inst.len) == len).then_some(inst.op)
    }

    /// Whether an instruction that was executed begins at a linear address.
    fn ran(&self, linear: u32) -> bool {
        let mem = &self.cpu().bus.cx.mem;
        let code32 = self.state().seg[usize::from(seg::CS)].is_32();
        let Some(phys) = self.walk(linear, Access::Read, false).reached else { return false };
        match mem.map.resolve(mem.gate_a20(phys)).read {
            Target::Ram(offset) => {
                self.engine.decoded_starts(offset, code32).binary_search(&((linear & 0xFFF) as u16)).is_ok()
            }
            _ => false,
        }
    }

    fn cell(&self, offset: u32, size: u32, frames: &[StackFrame], symbols: &Symbols) -> StackCell {
        let value = self.stack_read(offset, size);
        let linear = self.state().seg[usize::from(seg::SS)].base.wrapping_add(offset);
        // The last frame's base is where the chain ends; it has no return address of its own.
        let chain = &frames[..frames.len().saturating_sub(1)];
        let frame = chain.iter().position(|f| offset <= f.base.saturating_add(size));
        let own = frame.and_then(|n| chain.get(n));
        let code = value.map(|v| self.code_linear(v));
        let (kind, note) = match (own, code) {
            (Some(f), _) if offset == f.base => ("saved EBP", String::new()),
            (Some(f), Some(code)) if offset == f.base + size => {
                ("return address", symbols.name_at(code).unwrap_or_default())
            }
            (_, Some(code)) if self.follows_call(code) => {
                ("return address", symbols.name_at(code).unwrap_or_else(|| "follows a CALL".into()))
            }
            (_, Some(code)) => match symbols.exactly_at(code) {
                Some(name) => ("code address", name),
                None => ("data", String::new()),
            },
            (_, None) => ("data", "cannot be read".into()),
        };
        StackCell { offset, linear, size, value, kind, note, frame }
    }

    /// EIP, CS and EFLAGS in a row, where the instruction they lead to was executed or follows an INT.
    fn mark_interrupt_frames(&self, cells: &mut [StackCell]) {
        for at in 0..cells.len().saturating_sub(2) {
            let values = [0, 1, 2].map(|i| cells[at + i].value);
            let [Some(eip), Some(cs), Some(flags)] = values else { continue };
            if cells[at].kind != "interrupt frame" && self.is_interrupt_frame(eip, cs, flags) {
                for (cell, note) in cells[at..].iter_mut().zip(["EIP", "CS", "EFLAGS"]) {
                    (cell.kind, cell.note) = ("interrupt frame", note.into());
                }
            }
        }
    }

    fn is_interrupt_frame(&self, eip: u32, cs: u32, flags: u32) -> bool {
        // Bit 1 is always set in EFLAGS; bits 3, 5, 15 and those from 22 on never are.
        let Ok(selector) = u16::try_from(cs) else { return false };
        if flags & 0xFFC0_802A != 2 || selector == 0 {
            return false;
        }
        let linear = if self.state().real_segments() {
            (u32::from(selector) << 4).wrapping_add(eip & 0xFFFF)
        } else {
            match self.look_up(selector) {
                Some(d) if d.is_code() && d.present() => d.base().wrapping_add(eip),
                _ => return false,
            }
        };
        let after_int = self.instruction_before(linear, 2, true) == Some(Op::Int);
        after_int || self.ran(linear)
    }
}
