//! What registers and flags are called, and where they are.

use crate::x86::Cpu;
use crate::x86::eflags;
use crate::x86::regs::cr0;

/// Reads a register.
pub type Getter = fn(&Cpu) -> u32;

/// Segment registers in encoding order.
const SEGMENTS: [(&str, Getter); 6] = [
    ("es", |c| u32::from(c.st.seg[0].selector)),
    ("cs", |c| u32::from(c.st.seg[1].selector)),
    ("ss", |c| u32::from(c.st.seg[2].selector)),
    ("ds", |c| u32::from(c.st.seg[3].selector)),
    ("fs", |c| u32::from(c.st.seg[4].selector)),
    ("gs", |c| u32::from(c.st.seg[5].selector)),
];

const GENERAL: [(&str, Getter); 26] = [
    ("eax", |c| c.st.gpr[0]),
    ("ecx", |c| c.st.gpr[1]),
    ("edx", |c| c.st.gpr[2]),
    ("ebx", |c| c.st.gpr[3]),
    ("esp", |c| c.st.gpr[4]),
    ("ebp", |c| c.st.gpr[5]),
    ("esi", |c| c.st.gpr[6]),
    ("edi", |c| c.st.gpr[7]),
    ("eip", |c| c.st.eip),
    ("ax", |c| c.st.gpr[0] & 0xFFFF),
    ("cx", |c| c.st.gpr[1] & 0xFFFF),
    ("dx", |c| c.st.gpr[2] & 0xFFFF),
    ("bx", |c| c.st.gpr[3] & 0xFFFF),
    ("sp", |c| c.st.gpr[4] & 0xFFFF),
    ("bp", |c| c.st.gpr[5] & 0xFFFF),
    ("si", |c| c.st.gpr[6] & 0xFFFF),
    ("di", |c| c.st.gpr[7] & 0xFFFF),
    ("ip", |c| c.st.eip & 0xFFFF),
    ("al", |c| c.st.gpr[0] & 0xFF),
    ("cl", |c| c.st.gpr[1] & 0xFF),
    ("dl", |c| c.st.gpr[2] & 0xFF),
    ("bl", |c| c.st.gpr[3] & 0xFF),
    ("ah", |c| c.st.gpr[0] >> 8 & 0xFF),
    ("ch", |c| c.st.gpr[1] >> 8 & 0xFF),
    ("dh", |c| c.st.gpr[2] >> 8 & 0xFF),
    ("bh", |c| c.st.gpr[3] >> 8 & 0xFF),
];

const SYSTEM: [(&str, Getter); 21] = [
    ("cr0", |c| c.st.cr0),
    ("cr2", |c| c.st.cr2),
    ("cr3", |c| c.st.cr3),
    ("cr4", |c| c.st.cr4),
    ("dr0", |c| c.st.dr[0]),
    ("dr1", |c| c.st.dr[1]),
    ("dr2", |c| c.st.dr[2]),
    ("dr3", |c| c.st.dr[3]),
    ("dr6", |c| c.st.dr[6]),
    ("dr7", |c| c.st.dr[7]),
    ("ldtr", |c| u32::from(c.st.seg[6].selector)),
    ("tr", |c| u32::from(c.st.seg[7].selector)),
    ("gdtr", |c| c.st.gdtr.base),
    ("idtr", |c| c.st.idtr.base),
    ("cpl", |c| u32::from(c.st.cpl)),
    ("iopl", |c| u32::from(c.st.flags.iopl())),
    ("pe", |c| u32::from(c.st.protected())),
    ("pg", |c| u32::from(c.st.cr0 & cr0::PG != 0)),
    ("linear_ip", Cpu::linear_ip),
    ("eflags", Cpu::eflags),
    ("flags", |c| c.eflags() & 0xFFFF),
];

const FLAGS: [(&str, Getter); 13] = [
    ("cf", |c| bit(c, eflags::CF)),
    ("pf", |c| bit(c, eflags::PF)),
    ("af", |c| bit(c, eflags::AF)),
    ("zf", |c| bit(c, eflags::ZF)),
    ("sf", |c| bit(c, eflags::SF)),
    ("tf", |c| bit(c, eflags::TF)),
    ("if", |c| bit(c, eflags::IF)),
    ("df", |c| bit(c, eflags::DF)),
    ("of", |c| bit(c, eflags::OF)),
    ("nt", |c| bit(c, eflags::NT)),
    ("rf", |c| bit(c, eflags::RF)),
    ("vm", |c| bit(c, eflags::VM)),
    ("ac", |c| bit(c, eflags::AC)),
];

fn bit(cpu: &Cpu, mask: u32) -> u32 {
    u32::from(cpu.eflags() & mask != 0)
}

/// The register or flag of this name, in lower case.
pub fn register(name: &str) -> Option<Getter> {
    let all = GENERAL.iter().chain(&SEGMENTS).chain(&SYSTEM).chain(&FLAGS);
    all.into_iter().find(|entry| entry.0 == name).map(|entry| entry.1)
}

/// The number of the segment register of this name, in lower case.
pub fn segment(name: &str) -> Option<u8> {
    SEGMENTS.iter().position(|entry| entry.0 == name).map(|at| at as u8)
}
