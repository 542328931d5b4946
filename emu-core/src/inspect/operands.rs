//! What an instruction's operands are with the registers as they stand.

use super::{Inspector, Space};
use crate::x86::decode::{Decoded, MemRef, NO_REGISTER, Op, Operand, Seg, Width};
use crate::x86::disasm;
use crate::x86::regs::{gpr, seg};
use serde::Serialize;

/// An operand with its value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OperandView {
    /// As it is written: `eax`, `[ds:ebx+4]`, `12`.
    pub text: String,
    /// `register`, `memory`, `immediate`, `target`.
    pub kind: &'static str,
    /// Segment register of a memory operand; empty for others.
    pub segment: &'static str,
    /// Its effective address.
    pub offset: u32,
    /// Its linear address, or a branch's.
    pub linear: u32,
    /// Bytes.
    pub size: u32,
    /// Hexadecimal, the highest digit first; `None` where memory is absent.
    pub value: Option<String>,
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().rev().map(|b| format!("{b:02X}")).collect()
}

fn register(text: String, size: u32, value: impl Into<u128>) -> OperandView {
    let value = format!("{:0width$X}", value.into(), width = size as usize * 2);
    OperandView { text, kind: "register", segment: "", offset: 0, linear: 0, size, value: Some(value) }
}

/// Effective address of a memory reference (SDM vol. 1, 3.7.5).
fn effective_address(registers: &[u32; 16], mem: &MemRef) -> u32 {
    let value = |n: u8| if n == NO_REGISTER { 0 } else { registers[usize::from(n & 7)] };
    let sum = value(mem.base).wrapping_add(value(mem.index) << (mem.scale & 3)).wrapping_add(mem.disp);
    if mem.addr16 { sum & 0xFFFF } else { sum }
}

impl Inspector<'_> {
    /// The operands of an instruction at `eip`, explicit ones first.
    pub(super) fn operands(&self, inst: &Decoded, eip: u32) -> Vec<OperandView> {
        let mut found: Vec<_> =
            inst.operands.iter().filter_map(|&operand| self.operand(inst, operand, eip)).collect();
        found.extend(self.stack_operand(inst));
        found
    }

    fn operand(&self, inst: &Decoded, operand: Operand, eip: u32) -> Option<OperandView> {
        let st = self.state();
        Some(match operand {
            Operand::None => return None,
            Operand::Gpr8(n) => {
                let value = st.gpr[usize::from(n & 3)] >> if n & 4 != 0 { 8 } else { 0 } & 0xFF;
                register(disasm::general8(n).into(), 1, value)
            }
            Operand::Gpr16(n) => {
                register(disasm::general16(n).into(), 2, st.gpr[usize::from(n & 7)] & 0xFFFF)
            }
            Operand::Gpr32(n) => register(disasm::general32(n).into(), 4, st.gpr[usize::from(n & 7)]),
            Operand::Seg(s) => register(disasm::segment(s).into(), 2, st.seg[s as usize].selector),
            Operand::Cr(n) => {
                let value = [st.cr0, 0, st.cr2, st.cr3, st.cr4, 0, 0, 0][usize::from(n & 7)];
                register(format!("cr{n}"), 4, value)
            }
            Operand::Dr(n) => register(format!("dr{n}"), 4, st.dr[usize::from(n & 7)]),
            Operand::St(n) => {
                let value = st.fpu.get(n & 7);
                register(
                    format!("st{n}"),
                    10,
                    u128::from(value.sign_exponent) << 64 | u128::from(value.significand),
                )
            }
            Operand::Mm(n) => register(format!("mm{n}"), 8, st.fpu.mmx(n)),
            Operand::Xmm(n) => {
                let [low, high] = st.sse.xmm[usize::from(n & 7)];
                register(format!("xmm{n}"), 16, u128::from(high) << 64 | u128::from(low))
            }
            Operand::Mem(width) => {
                let offset = match inst.op {
                    Op::Xlat => effective_address(&st.gpr, &MemRef { base: gpr::EBX as u8, ..inst.mem })
                        .wrapping_add(st.gpr[gpr::EAX] & 0xFF),
                    Op::Maskmovq | Op::Maskmovdqu => st.gpr[gpr::EDI],
                    _ => effective_address(&st.gpr, &inst.mem),
                };
                let offset = if inst.addrsize32 { offset } else { offset & 0xFFFF };
                self.memory_operand(inst, inst.mem.seg, offset, width)
            }
            Operand::StringSrc(width) => {
                self.memory_operand(inst, inst.mem.seg, self.index(inst, gpr::ESI), width)
            }
            Operand::StringDst(width) => {
                self.memory_operand(inst, Seg::Es, self.index(inst, gpr::EDI), width)
            }
            Operand::Imm(width) => immediate(inst.imm, width),
            Operand::Imm2 => immediate(u32::from(inst.imm2), Width::B2),
            Operand::Rel => {
                let target = inst.target(eip);
                let linear = st.seg[usize::from(seg::CS)].base.wrapping_add(target);
                branch(format!("{target:#x}"), target, linear)
            }
            Operand::FarPtr => branch(
                format!("{:#x}:{:#x}", inst.imm2, inst.imm),
                inst.imm,
                self.far_linear(inst.imm2, inst.imm),
            ),
        })
    }

    fn index(&self, inst: &Decoded, register: usize) -> u32 {
        let value = self.state().gpr[register];
        if inst.addrsize32 { value } else { value & 0xFFFF }
    }

    fn memory_operand(&self, inst: &Decoded, segment: Seg, offset: u32, width: Width) -> OperandView {
        let number = segment as u8;
        let name = disasm::segment(segment);
        let size = width.bytes();
        // The address itself is the operand of LEA and its like.
        let counts = size != 0 && size <= 16 && inst.op != Op::Lea;
        let view =
            self.read(Space::Segment(number), u64::from(offset), if counts { size as usize } else { 0 });
        OperandView {
            text: format!("[{name}:{offset:x}]"),
            kind: "memory",
            segment: name,
            offset,
            linear: self.state().seg[usize::from(number)].base.wrapping_add(offset),
            size,
            value: (counts && view.absent.is_empty()).then(|| hex(&view.bytes)),
        }
    }

    /// What PUSH, POP, CALL and RET move at the top of the stack.
    fn stack_operand(&self, inst: &Decoded) -> Option<OperandView> {
        let st = self.state();
        let wide = inst.opsize32;
        let pops = matches!(
            inst.op,
            Op::Pop | Op::PopSeg | Op::Popa | Op::Popf | Op::RetNear | Op::RetFar | Op::Iret
        );
        let pushes = matches!(
            inst.op,
            Op::Push
                | Op::PushSeg
                | Op::Pusha
                | Op::Pushf
                | Op::CallRel
                | Op::CallInd
                | Op::CallFarPtr
                | Op::CallFarInd
        );
        if !pops && !pushes {
            return None;
        }
        let width = if wide { Width::B4 } else { Width::B2 };
        let sp = st.gpr[gpr::ESP] & st.stack_mask;
        let at = if pops { sp } else { sp.wrapping_sub(width.bytes()) & st.stack_mask };
        let mut view = self.memory_operand(inst, Seg::Ss, at, width);
        // What will be pushed is not there yet.
        view.value = view.value.filter(|_| pops);
        Some(view)
    }

    /// Linear address of a far pointer, as far as it can be told.
    pub(super) fn far_linear(&self, selector: u16, offset: u32) -> u32 {
        let base = if self.state().real_segments() {
            u32::from(selector) << 4
        } else {
            self.look_up(selector).map_or(0, |d| d.base())
        };
        base.wrapping_add(offset)
    }
}

fn immediate(value: u32, width: Width) -> OperandView {
    let size = width.bytes().max(1);
    let text = if value < 10 { value.to_string() } else { format!("{value:#x}") };
    let value = u64::from(value) & u64::MAX >> (64 - 8 * size.min(8));
    OperandView { kind: "immediate", ..register(text, size, value) }
}

fn branch(text: String, offset: u32, linear: u32) -> OperandView {
    OperandView {
        kind: "target",
        offset,
        linear,
        value: Some(format!("{linear:08X}")),
        ..register(text, 4, offset)
    }
}
