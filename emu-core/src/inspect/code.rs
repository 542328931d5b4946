//! Code around an address, line by line, with all that a line can tell.

use super::backwards::starts;
use super::operands::OperandView;
use super::registers::flag_names;
use super::symbols::Symbols;
use super::{Inspector, Space};
use crate::mem::{PAGE, Target};
use crate::x86::decode::{Decoded, Op, Operand, decode};
use crate::x86::disasm::{self, Syntax};
use crate::x86::regs::{gpr, seg};
use crate::x86::tlb::Access;
use serde::Serialize;
use std::collections::BTreeSet;

/// Most lines before and after.
const MOST: usize = 500;
/// Bytes looked at before an address for each line wanted; instructions have 3 to 4 on average.
const BYTES_A_LINE: usize = 8;

/// A line of code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CodeLine {
    /// Linear address.
    pub address: u32,
    /// EIP.
    pub eip: u32,
    /// The instruction, or one byte that is none.
    pub bytes: Vec<u8>,
    /// In the syntax asked for.
    pub text: String,
    /// Key of the manual.
    pub mnemonic: String,
    /// Linear address that a direct branch leads to.
    pub target: Option<u32>,
    /// Symbol at the line.
    pub symbol: Option<String>,
    /// Symbol at the target, with an offset.
    pub target_symbol: Option<String>,
    /// `file:line`.
    pub source: Option<String>,
    /// The text of the source line that begins here, if it was given.
    pub source_text: Option<String>,
    /// At EIP: whether a conditional branch will be taken.
    pub taken: Option<bool>,
    /// Operands with values.
    pub operands: Vec<OperandView>,
    /// Status flags that decide its result.
    pub flags_read: Vec<&'static str>,
    /// Flags it gives a value to.
    pub flags_written: Vec<&'static str>,
    /// Flags it leaves undefined.
    pub flags_undefined: Vec<&'static str>,
    /// It was executed, so an instruction begins here.
    pub known: bool,
    /// How often it ran since counting was switched on.
    pub count: u64,
}

impl Inspector<'_> {
    /// Up to `before` lines that end at a linear address, and `after` from there on, in NASM's syntax.
    pub fn code(&self, linear: u32, before: usize, after: usize, symbols: &Symbols) -> Vec<CodeLine> {
        self.code_in(Syntax::Nasm, linear, before, after, symbols)
    }

    /// As [`Inspector::code`], in either syntax.
    pub fn code_in(
        &self,
        syntax: Syntax,
        linear: u32,
        before: usize,
        after: usize,
        symbols: &Symbols,
    ) -> Vec<CodeLine> {
        let (before, after) = (before.min(MOST), after.min(MOST));
        let code32 = self.state().seg[usize::from(seg::CS)].is_32();
        let window = if before == 0 { 0 } else { (before * BYTES_A_LINE + 32).min(linear as usize) };
        let first = linear.wrapping_sub(window as u32);
        let known = self.executed_starts(first, window + after * 15, code32);
        let bytes = self.read(Space::Linear, u64::from(first), window).into_options();
        let found = starts(&bytes, code32, before, |at| known.contains(&first.wrapping_add(at as u32)));
        let mut lines: Vec<CodeLine> = Vec::new();
        for at in found {
            lines.extend(self.line(syntax, first.wrapping_add(at as u32), code32, &known, symbols));
        }
        let mut at = linear;
        for _ in 0..after {
            let Some(line) = self.line(syntax, at, code32, &known, symbols) else { break };
            at = at.wrapping_add(line.bytes.len() as u32);
            lines.push(line);
        }
        lines
    }

    /// Linear addresses from `first` on, within `len` bytes, at which instructions begin that were executed.
    fn executed_starts(&self, first: u32, len: usize, code32: bool) -> BTreeSet<u32> {
        let mem = &self.cpu().bus.cx.mem;
        let mut found = BTreeSet::new();
        let last = u64::from(first) + len as u64;
        let mut page = u64::from(first & !0xFFF);
        while page < last {
            let linear = page as u32;
            page += u64::from(PAGE);
            let Some(phys) = self.walk(linear, Access::Read, false).reached else { continue };
            if let Target::Ram(offset) = mem.map.resolve(mem.gate_a20(phys)).read {
                found.extend(
                    self.engine.decoded_starts(offset, code32).into_iter().map(|at| linear + u32::from(at)),
                );
            }
        }
        found
    }

    fn line(
        &self,
        syntax: Syntax,
        linear: u32,
        code32: bool,
        known: &BTreeSet<u32>,
        symbols: &Symbols,
    ) -> Option<CodeLine> {
        let bytes: Vec<u8> = self
            .read(Space::Linear, u64::from(linear), 15)
            .into_options()
            .into_iter()
            .map_while(|b| b)
            .collect();
        let first = *bytes.first()?;
        let eip = linear.wrapping_sub(self.state().seg[usize::from(seg::CS)].base);
        let Ok(inst) = decode(&bytes, code32) else {
            return Some(self.bare_line(syntax, linear, eip, first, symbols));
        };
        let length = usize::from(inst.len.max(1)).min(bytes.len());
        let flags = inst.flag_effects();
        let target = self.target(&inst, eip);
        let is_current = self.state().eip == eip;
        Some(CodeLine {
            bytes: bytes[..length].to_vec(),
            text: disasm::format_as(syntax, &inst, eip),
            mnemonic: disasm::mnemonic(&inst),
            target,
            target_symbol: target.and_then(|at| symbols.name_at(at)),
            taken: if is_current { self.will_branch(&inst) } else { None },
            operands: self.operands(&inst, eip),
            flags_read: flag_names(flags.reads),
            flags_written: flag_names(flags.writes),
            flags_undefined: flag_names(flags.undefines),
            known: known.contains(&linear),
            ..self.bare_line(syntax, linear, eip, first, symbols)
        })
    }

    /// A byte that no instruction was made of.
    fn bare_line(&self, syntax: Syntax, linear: u32, eip: u32, byte: u8, symbols: &Symbols) -> CodeLine {
        let directive = match syntax {
            Syntax::Nasm => "db",
            Syntax::Att => ".byte",
        };
        CodeLine {
            address: linear,
            eip,
            bytes: vec![byte],
            text: format!("{directive} 0x{byte:02x}"),
            mnemonic: String::new(),
            target: None,
            symbol: symbols.exactly_at(linear),
            target_symbol: None,
            source: symbols.source_at(linear),
            source_text: symbols.text_at(linear),
            taken: None,
            operands: Vec::new(),
            flags_read: Vec::new(),
            flags_written: Vec::new(),
            flags_undefined: Vec::new(),
            known: false,
            count: self.engine.cpu.counts.as_ref().map_or(0, |counts| counts.of(linear)),
        }
    }

    /// Linear address of a direct branch.
    fn target(&self, inst: &Decoded, eip: u32) -> Option<u32> {
        match inst.operands[0] {
            Operand::Rel => Some(self.state().seg[usize::from(seg::CS)].base.wrapping_add(inst.target(eip))),
            Operand::FarPtr => Some(self.far_linear(inst.imm2, inst.imm)),
            _ => None,
        }
    }

    /// Whether a conditional branch will be taken with the registers as they are.
    fn will_branch(&self, inst: &Decoded) -> Option<bool> {
        let st = self.state();
        let mask = if inst.addrsize32 { u32::MAX } else { 0xFFFF };
        let count = st.gpr[gpr::ECX] & mask;
        let left = count.wrapping_sub(1) & mask != 0;
        Some(match inst.op {
            Op::Jcc => st.flags.condition(inst.cc),
            Op::Jcxz => count == 0,
            Op::Loop => left,
            Op::Loope => left && st.flags.zf(),
            Op::Loopne => left && !st.flags.zf(),
            Op::Into => st.flags.of(),
            _ => return None,
        })
    }
}
