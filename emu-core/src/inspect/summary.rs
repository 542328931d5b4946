//! The few registers and lines that every view of a machine begins with.

use super::Space;
use crate::machine::Machine;
use crate::x86::decode::decode;
use crate::x86::disasm;
use crate::x86::regs::{Segment, State, cr0, seg};
use crate::x86::tlb::Access;
use serde::Serialize;

/// A segment register.
#[derive(Clone, Debug, Serialize)]
pub struct SegmentView {
    /// `es` to `gs`, `ldtr`, `tr`.
    pub name: &'static str,
    /// Visible selector.
    pub selector: u16,
    /// Hidden base.
    pub base: u32,
    /// Hidden limit, granularity applied.
    pub limit: u32,
    /// Hidden attributes: descriptor bits 40-55.
    pub attributes: u16,
}

/// The CPU's registers.
#[derive(Clone, Debug, Serialize)]
pub struct Registers {
    /// EAX.
    pub eax: u32,
    /// ECX.
    pub ecx: u32,
    /// EDX.
    pub edx: u32,
    /// EBX.
    pub ebx: u32,
    /// ESP.
    pub esp: u32,
    /// EBP.
    pub ebp: u32,
    /// ESI.
    pub esi: u32,
    /// EDI.
    pub edi: u32,
    /// EIP of the next instruction.
    pub eip: u32,
    /// Linear address of the next instruction.
    pub linear_ip: u32,
    /// EFLAGS.
    pub eflags: u32,
    /// ES CS SS DS FS GS LDTR TR.
    pub segments: Vec<SegmentView>,
    /// CR0, CR2, CR3, CR4.
    pub cr: [u32; 4],
    /// DR0-DR7.
    pub dr: [u32; 8],
    /// GDTR base and limit.
    pub gdtr: (u32, u16),
    /// IDTR base and limit.
    pub idtr: (u32, u16),
    /// Current privilege level.
    pub cpl: u8,
    /// `real`, `protected`, `v86`, with `, paging` where it is on.
    pub mode: String,
    /// The CPU sleeps in HLT.
    pub halted: bool,
    /// Default operand size is 32 bits.
    pub code32: bool,
}

/// One line of disassembly.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DisasmLine {
    /// Linear address.
    pub address: u32,
    /// EIP.
    pub eip: u32,
    /// The instruction's bytes.
    pub bytes: Vec<u8>,
    /// NASM syntax.
    pub text: String,
}

fn segment_view(name: &'static str, s: &Segment) -> SegmentView {
    SegmentView { name, selector: s.selector, base: s.base, limit: s.limit, attributes: s.attr }
}

/// `real`, `protected`, `v86`, with `, paging` where it is on.
pub(super) fn mode(st: &State) -> String {
    let mode = match (st.protected(), st.v86()) {
        (false, _) => "real",
        (true, true) => "v86",
        (true, false) => "protected",
    };
    let paging = if st.cr0 & cr0::PG != 0 { ", paging" } else { "" };
    format!("{mode}{paging}")
}

impl Machine {
    /// All registers.
    pub fn registers(&self) -> Registers {
        let st = &self.engine.cpu.st;
        let [eax, ecx, edx, ebx, esp, ebp, esi, edi, ..] = st.gpr;
        let names = ["es", "cs", "ss", "ds", "fs", "gs", "ldtr", "tr"];
        Registers {
            eax,
            ecx,
            edx,
            ebx,
            esp,
            ebp,
            esi,
            edi,
            eip: st.eip,
            linear_ip: st.seg[usize::from(seg::CS)].base.wrapping_add(st.eip),
            eflags: self.engine.cpu.eflags(),
            segments: names.into_iter().zip(&st.seg).map(|(name, s)| segment_view(name, s)).collect(),
            cr: [st.cr0, st.cr2, st.cr3, st.cr4],
            dr: st.dr,
            gdtr: (st.gdtr.base, st.gdtr.limit),
            idtr: (st.idtr.base, st.idtr.limit),
            cpl: st.cpl,
            mode: mode(st),
            halted: st.halted,
            code32: st.seg[usize::from(seg::CS)].is_32(),
        }
    }

    /// Physical address of a linear one by the tables in memory, before the A20 gate, whatever its rights, without
    /// marking anything.
    pub fn translate(&self, linear: u32) -> Option<u64> {
        let walk = self.inspect().walk(linear, Access::Read, false);
        walk.result.or(walk.reached.ok_or(0)).ok()
    }

    /// Bytes at linear addresses; `None` where nothing is mapped, or only a device that reading might disturb.
    pub fn read_memory(&self, linear: u32, len: usize) -> Vec<Option<u8>> {
        self.inspect().read(Space::Linear, u64::from(linear), len).into_options()
    }

    /// Up to `count` instructions from a linear address on, in the current code size.
    pub fn disassemble(&self, linear: u32, count: usize) -> Vec<DisasmLine> {
        let cs = &self.engine.cpu.st.seg[usize::from(seg::CS)];
        let mut lines = Vec::new();
        let mut at = linear;
        for _ in 0..count.min(4096) {
            let bytes: Vec<u8> = self.read_memory(at, 15).into_iter().map_while(|b| b).collect();
            let Ok(inst) = decode(&bytes, cs.is_32()) else { break };
            let eip = at.wrapping_sub(cs.base);
            let length = usize::from(inst.len.max(1)).min(bytes.len());
            lines.push(DisasmLine {
                address: at,
                eip,
                bytes: bytes[..length].to_vec(),
                text: disasm::format(&inst, eip),
            });
            at = at.wrapping_add(length as u32);
        }
        lines
    }
}
