//! The CPU's registers, all of them and bit by bit.

mod control;
mod debug;
mod fpu;
mod msr;

pub use fpu::{FpuRegister, FpuView};

use super::Inspector;
use super::segment::{NAMES, SegmentDetail, detail};
use super::summary::mode;
use crate::bus::view::{Field, RegisterView};
use serde::Serialize;

/// GDTR or IDTR.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TableView {
    /// `GDTR`, `IDTR`.
    pub name: &'static str,
    /// Linear base.
    pub base: u32,
    /// Last valid byte.
    pub limit: u16,
}

/// All registers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AllRegisters {
    /// EAX to EDI in encoding order, EIP.
    pub general: Vec<RegisterView>,
    /// EFLAGS.
    pub eflags: RegisterView,
    /// ES CS SS DS FS GS LDTR TR.
    pub segments: Vec<SegmentDetail>,
    /// GDTR, IDTR.
    pub tables: [TableView; 2],
    /// CR0 to CR4; PDPTEs with PAE.
    pub control: Vec<RegisterView>,
    /// DR0-DR3, DR6, DR7.
    pub debug: Vec<RegisterView>,
    /// Model-specific registers that exist.
    pub msrs: Vec<RegisterView>,
    /// x87.
    pub fpu: FpuView,
    /// MM0-MM7 in hexadecimal.
    pub mmx: Vec<String>,
    /// XMM0-XMM7 in hexadecimal, the highest digit first.
    pub xmm: Vec<String>,
    /// MXCSR.
    pub mxcsr: RegisterView,
    /// Current privilege level.
    pub cpl: u8,
    /// `real`, `protected`, `v86`, with `, paging`.
    pub mode: String,
    /// Sleeps in HLT.
    pub halted: bool,
}

/// EFLAGS (SDM vol. 1, 3.4.3).
const EFLAGS: &[Field] = &[
    Field::flag(0, "CF", "carry"),
    Field::flag(1, "1", "always 1"),
    Field::flag(2, "PF", "parity of the low byte is even"),
    Field::flag(4, "AF", "carry out of bit 3"),
    Field::flag(6, "ZF", "zero"),
    Field::flag(7, "SF", "sign"),
    Field::flag(8, "TF", "trap after each instruction"),
    Field::flag(9, "IF", "interrupts are taken"),
    Field::choice(10, 10, "DF", "string direction", &["up", "down"]),
    Field::flag(11, "OF", "signed overflow"),
    Field::number(12, 13, "IOPL", "least privileged level that may do I/O"),
    Field::flag(14, "NT", "nested task: IRET returns to another task"),
    Field::flag(16, "RF", "resume: the next instruction hits no breakpoint"),
    Field::flag(17, "VM", "virtual-8086 mode"),
    Field::flag(18, "AC", "alignment checks at CPL 3, with CR0.AM"),
    Field::flag(19, "VIF", "virtual interrupt flag"),
    Field::flag(20, "VIP", "virtual interrupt pending"),
    Field::flag(21, "ID", "CPUID is there if this can be changed"),
];

/// General registers and their titles, in encoding order.
const GENERAL: [(&str, &str); 8] = [
    ("EAX", "accumulator"),
    ("ECX", "counter"),
    ("EDX", "data"),
    ("EBX", "base"),
    ("ESP", "stack pointer"),
    ("EBP", "frame pointer"),
    ("ESI", "source index"),
    ("EDI", "destination index"),
];

/// Names of the flags set in a mask of EFLAGS bits.
pub(super) fn flag_names(mask: u32) -> Vec<&'static str> {
    const NAMES: [(u32, &str); 9] =
        [(11, "OF"), (10, "DF"), (9, "IF"), (8, "TF"), (7, "SF"), (6, "ZF"), (4, "AF"), (2, "PF"), (0, "CF")];
    NAMES.iter().rev().filter(|(bit, _)| mask >> bit & 1 != 0).map(|&(_, name)| name).collect()
}

impl Inspector<'_> {
    /// All registers.
    pub fn registers(&self) -> AllRegisters {
        let st = self.state();
        let real = st.real_segments();
        let general = GENERAL.iter().zip(st.gpr);
        let mut general: Vec<_> =
            general.map(|(&(name, title), value)| RegisterView::new(name, title, 32, value)).collect();
        general.push(RegisterView::new("EIP", "instruction pointer", 32, st.eip));
        let eflags = RegisterView::new("EFLAGS", "flags", 32, self.cpu().eflags()).fields(EFLAGS);
        AllRegisters {
            general,
            eflags,
            segments: NAMES.iter().zip(&st.seg).map(|(name, s)| detail(name, s, real)).collect(),
            tables: [("GDTR", st.gdtr), ("IDTR", st.idtr)].map(|(name, table)| TableView {
                name,
                base: table.base,
                limit: table.limit,
            }),
            control: self.control_registers(),
            debug: self.debug_registers(),
            msrs: self.msr_registers(),
            fpu: self.fpu(),
            mmx: (0..8).map(|n| format!("{:016X}", st.fpu.mmx(n))).collect(),
            xmm: st.sse.xmm.iter().map(|[low, high]| format!("{high:016X}{low:016X}")).collect(),
            mxcsr: fpu::mxcsr(st.sse.mxcsr),
            cpl: st.cpl,
            mode: mode(st),
            halted: st.halted,
        }
    }
}
