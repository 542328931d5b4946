//! The architectural state of the CPU, at fixed offsets so that compiled code can reach it later.

use super::eflags::Flags;
use super::fpu_state::{FpuState, SseState};
use serde::{Deserialize, Serialize};

/// Segment registers in encoding order, then the two system segments.
pub mod seg {
    /// Extra segment.
    pub const ES: u8 = 0;
    /// Code segment.
    pub const CS: u8 = 1;
    /// Stack segment.
    pub const SS: u8 = 2;
    /// Data segment.
    pub const DS: u8 = 3;
    /// FS.
    pub const FS: u8 = 4;
    /// GS.
    pub const GS: u8 = 5;
    /// Local descriptor table register.
    pub const LDTR: u8 = 6;
    /// Task register.
    pub const TR: u8 = 7;
}

/// General registers in encoding order.
pub mod gpr {
    /// EAX.
    pub const EAX: usize = 0;
    /// ECX.
    pub const ECX: usize = 1;
    /// EDX.
    pub const EDX: usize = 2;
    /// EBX.
    pub const EBX: usize = 3;
    /// ESP.
    pub const ESP: usize = 4;
    /// EBP.
    pub const EBP: usize = 5;
    /// ESI.
    pub const ESI: usize = 6;
    /// EDI.
    pub const EDI: usize = 7;
    /// Always zero: stands for an absent base or index register.
    pub const ZERO: usize = 8;
}

/// Bits of CR0 (SDM vol. 3A, 2.5).
pub mod cr0 {
    /// Protection enable.
    pub const PE: u32 = 1 << 0;
    /// Monitor coprocessor.
    pub const MP: u32 = 1 << 1;
    /// Emulation.
    pub const EM: u32 = 1 << 2;
    /// Task switched.
    pub const TS: u32 = 1 << 3;
    /// Extension type, always 1.
    pub const ET: u32 = 1 << 4;
    /// Numeric error: #MF instead of FERR#.
    pub const NE: u32 = 1 << 5;
    /// Write protect.
    pub const WP: u32 = 1 << 16;
    /// Alignment mask.
    pub const AM: u32 = 1 << 18;
    /// Not write-through.
    pub const NW: u32 = 1 << 29;
    /// Cache disable.
    pub const CD: u32 = 1 << 30;
    /// Paging.
    pub const PG: u32 = 1 << 31;
    /// All bits software may set; the others read as 0.
    pub const ALL: u32 = PE | MP | EM | TS | ET | NE | WP | AM | NW | CD | PG;
}

/// Bits of CR4 (SDM vol. 3A, 2.5) that this CPU has; setting others is #GP(0).
pub mod cr4 {
    /// Time stamp disable.
    pub const TSD: u32 = 1 << 2;
    /// Debugging extensions.
    pub const DE: u32 = 1 << 3;
    /// Page size extensions.
    pub const PSE: u32 = 1 << 4;
    /// Physical address extension.
    pub const PAE: u32 = 1 << 5;
    /// Machine check enable.
    pub const MCE: u32 = 1 << 6;
    /// Page global enable.
    pub const PGE: u32 = 1 << 7;
    /// Performance counter enable.
    pub const PCE: u32 = 1 << 8;
    /// FXSAVE/FXRSTOR and SSE.
    pub const OSFXSR: u32 = 1 << 9;
    /// SSE exceptions as #XM.
    pub const OSXMMEXCPT: u32 = 1 << 10;
    /// All of them.
    pub const ALL: u32 = TSD | DE | PSE | PAE | MCE | PGE | PCE | OSFXSR | OSXMMEXCPT;
}

/// Attribute bits of a segment register's hidden part: bits 8-23 of a descriptor's second dword, shifted right by 8.
pub mod attr {
    /// Accessed (code and data).
    pub const ACCESSED: u16 = 1 << 0;
    /// Writable data, readable code.
    pub const RW: u16 = 1 << 1;
    /// Expand-down data, conforming code.
    pub const DC: u16 = 1 << 2;
    /// Code.
    pub const CODE: u16 = 1 << 3;
    /// Code or data, not system.
    pub const S: u16 = 1 << 4;
    /// Descriptor privilege level, low bit's position.
    pub const DPL_SHIFT: u16 = 5;
    /// Present.
    pub const P: u16 = 1 << 7;
    /// Default size 32 bits (D or B).
    pub const DB: u16 = 1 << 14;
    /// Granularity 4 KiB.
    pub const G: u16 = 1 << 15;
}

/// A segment register with its hidden part (SDM vol. 3A, 3.4.3).
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Segment {
    /// Visible selector.
    pub selector: u16,
    /// See [`attr`]; 0 is an unusable (null) segment.
    pub attr: u16,
    /// Linear base.
    pub base: u32,
    /// Last valid byte (or, expand-down, the last invalid one), granularity applied.
    pub limit: u32,
    /// Derived: a read of n bytes at offset o needs no further check if o + n <= this.
    pub read_end: u64,
    /// Derived: the same for writes.
    pub write_end: u64,
}

impl Segment {
    /// A segment with its derived fields.
    pub fn new(selector: u16, base: u32, limit: u32, attr: u16) -> Self {
        let mut s = Self { selector, attr, base, limit, read_end: 0, write_end: 0 };
        s.derive();
        s
    }

    /// As real mode and virtual-8086 mode load them.
    pub fn real(selector: u16, attr: u16) -> Self {
        Self::new(selector, u32::from(selector) << 4, 0xFFFF, attr)
    }

    /// A null selector's segment: every use faults.
    pub fn null(selector: u16) -> Self {
        Self { selector, ..Self::default() }
    }

    /// Recomputes the derived fields from attributes and limit.
    pub fn derive(&mut self) {
        let usable = self.attr & attr::P != 0 && self.attr & attr::S != 0;
        let up = self.attr & attr::CODE != 0 || self.attr & attr::DC == 0;
        let end = if usable && up { u64::from(self.limit) + 1 } else { 0 };
        let code = self.attr & attr::CODE != 0;
        self.read_end = if !code || self.attr & attr::RW != 0 { end } else { 0 };
        self.write_end = if !code && self.attr & attr::RW != 0 { end } else { 0 };
    }

    /// Descriptor privilege level.
    pub fn dpl(&self) -> u8 {
        (self.attr >> attr::DPL_SHIFT & 3) as u8
    }

    /// D or B bit.
    pub fn is_32(&self) -> bool {
        self.attr & attr::DB != 0
    }

    /// Type field with the S bit (bits 0-4).
    pub fn kind(&self) -> u8 {
        (self.attr & 0x1F) as u8
    }
}

/// GDTR or IDTR.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableRegister {
    /// Linear base.
    pub base: u32,
    /// Last valid byte.
    pub limit: u16,
}

/// Model-specific registers that hold something.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Msrs {
    /// IA32_APIC_BASE.
    pub apic_base: u64,
    /// IA32_EFER: only NXE (bit 11).
    pub efer: u64,
    /// IA32_SYSENTER_CS, _ESP, _EIP.
    pub sysenter: [u32; 3],
    /// IA32_PAT.
    pub pat: u64,
    /// IA32_MTRR_DEF_TYPE.
    pub mtrr_def_type: u64,
    /// IA32_MTRR_PHYSBASE0 and PHYSMASK0 to 7 in turn.
    pub mtrr_variable: [u64; 16],
    /// IA32_MTRR_FIX64K_00000, FIX16K_80000, FIX16K_A0000, FIX4K_C0000 to F8000.
    pub mtrr_fixed: [u64; 11],
    /// IA32_MISC_ENABLE.
    pub misc_enable: u64,
    /// IA32_BIOS_SIGN_ID as last written.
    pub bios_sign: u64,
    /// IA32_MCG_STATUS.
    pub mcg_status: u64,
    /// IA32_DEBUGCTL.
    pub debugctl: u64,
}

/// All of the CPU that is saved.
#[repr(C)]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// General registers; index 8 is always zero, 9-15 pad the array so that `& 15` needs no bounds check.
    pub gpr: [u32; 16],
    /// Instruction pointer: of the next instruction between blocks, stale within one.
    pub eip: u32,
    /// EFLAGS, arithmetic flags lazily.
    pub flags: Flags,
    /// ES CS SS DS FS GS LDTR TR.
    pub seg: [Segment; 8],
    /// Mask of the stack pointer: FFFFh or FFFFFFFFh by SS.B.
    pub stack_mask: u32,
    /// Current privilege level.
    pub cpl: u8,
    /// The last instruction was MOV SS, POP SS or an STI that set IF: interrupts wait for one more.
    pub shadow: bool,
    /// The shadow is that of an SS load: debug exceptions wait too.
    pub shadow_ss: bool,
    /// HLT was executed.
    pub halted: bool,
    /// Triple fault: only a reset helps.
    pub shutdown: bool,
    /// An NMI is being handled: the next waits for IRET.
    pub nmi_blocked: bool,
    /// An NMI edge came and was not taken yet.
    pub nmi_pending: bool,
    /// CR0.
    pub cr0: u32,
    /// CR2.
    pub cr2: u32,
    /// CR3.
    pub cr3: u32,
    /// CR4.
    pub cr4: u32,
    /// The four page-directory-pointer entries of PAE paging, loaded with CR3.
    pub pdpte: [u64; 4],
    /// DR0-DR3, two unused, DR6, DR7.
    pub dr: [u32; 8],
    /// Debug conditions met by the current instruction, as DR6 bits, delivered after it.
    pub debug_pending: u32,
    /// GDTR.
    pub gdtr: TableRegister,
    /// IDTR.
    pub idtr: TableRegister,
    /// Model-specific registers.
    pub msr: Msrs,
    /// Added to virtual nanoseconds to give the time stamp counter (1 GHz).
    pub tsc_offset: u64,
    /// x87 and MMX.
    pub fpu: FpuState,
    /// SSE.
    pub sse: SseState,
}

impl State {
    /// After power-up or RESET# (SDM vol. 3A, 9.1.1).
    pub fn reset() -> Self {
        let data = Segment::real(0, attr::P | attr::S | attr::RW | attr::ACCESSED);
        let system = |kind| Segment::new(0, 0, 0xFFFF, attr::P | kind);
        let code = Segment::new(0xF000, 0xFFFF_0000, 0xFFFF, data.attr);
        let mut gprs = [0; 16];
        gprs[gpr::EDX] = super::cpuid::SIGNATURE;
        Self {
            gpr: gprs,
            eip: 0xFFF0,
            flags: Flags::default(),
            seg: [data, code, data, data, data, data, system(2), system(0xB)],
            stack_mask: 0xFFFF,
            cpl: 0,
            shadow: false,
            shadow_ss: false,
            halted: false,
            shutdown: false,
            nmi_blocked: false,
            nmi_pending: false,
            cr0: cr0::CD | cr0::NW | cr0::ET,
            cr2: 0,
            cr3: 0,
            cr4: 0,
            pdpte: [0; 4],
            dr: [0, 0, 0, 0, 0, 0, 0xFFFF_0FF0, 0x400],
            debug_pending: 0,
            gdtr: TableRegister { base: 0, limit: 0xFFFF },
            idtr: TableRegister { base: 0, limit: 0xFFFF },
            msr: Msrs { apic_base: 0xFEE0_0900, pat: 0x0007_0406_0007_0406, ..Msrs::default() },
            tsc_offset: 0,
            fpu: FpuState::new(),
            sse: SseState::new(),
        }
    }

    /// Whether what follows from other fields does, and what is a part of a byte is: true of every state a guest can
    /// reach, checked of those that come from outside.
    pub fn is_sound(&self) -> bool {
        let derived = self.seg.iter().all(|s| {
            let mut again = *s;
            again.derive();
            again == *s
        });
        let mask = if self.seg[usize::from(seg::SS)].is_32() { u32::MAX } else { 0xFFFF };
        let padding = self.gpr[8..].iter().all(|r| *r == 0);
        derived && padding && self.stack_mask == mask && self.cpl <= 3 && self.fpu.top <= 7
    }

    /// Protected mode (virtual-8086 mode included).
    #[inline]
    pub fn protected(&self) -> bool {
        self.cr0 & cr0::PE != 0
    }

    /// Virtual-8086 mode.
    #[inline]
    pub fn v86(&self) -> bool {
        self.flags.system(super::eflags::VM) != 0
    }

    /// Real mode or virtual-8086 mode: segment registers hold paragraph numbers.
    #[inline]
    pub fn real_segments(&self) -> bool {
        !self.protected() || self.v86()
    }
}
