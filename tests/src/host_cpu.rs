//! Single 32-bit user-mode instructions on a hardware CPU and on ours.
//!
//! [`keys`] lists every form the decoder knows, [`exempt`] those that no vector can be made of, with the reason.
//! [`generate`] makes tests of a form, [`Host`] runs them on this host's CPU (`host-cpu/execute.c`, built with
//! `gcc -m32`), [`Machine`] on ours; [`compare`] tells what differs, but for what [`leeway`] lists. A thinned set of them
//! is committed as `host-cpu/vectors.bin`, which [`archive`] reads and writes, so that any host can run it.

pub mod archive;
pub mod compare;
pub mod exempt;
mod float;
mod forms;
pub mod generate;
mod host;
pub mod keys;
pub mod leeway;
mod machine;
mod operand;
pub mod palette;
pub mod segments;
mod thin;
mod undefined;

pub use host::Host;
pub use machine::Machine;
pub use thin::thin;

use emu_core::x86::decode::{Decoded, MemRef};

/// Linear address of the data: two pages to read and write, one to read, then a hole.
pub const DATA: u32 = 0x2000_0000;
/// Linear address of the page that holds the instruction, at its start.
pub const CODE: u32 = 0x2001_0000;
/// Bytes of a window of memory that is set before and looked at after.
pub const WINDOW: usize = 640;
/// Bytes of the FXSAVE image that hold registers.
pub const FX: usize = 288;
/// Offsets in the FXSAVE image (SDM vol. 2, FXSAVE).
pub mod fx {
    /// Control word.
    pub const CONTROL: usize = 0;
    /// Status word.
    pub const STATUS: usize = 2;
    /// Abridged tag word: a bit for each physical register that is not empty.
    pub const TAGS: usize = 4;
    /// Opcode of the last x87 instruction.
    pub const OPCODE: usize = 6;
    /// Its address.
    pub const IP: usize = 8;
    /// Its code segment.
    pub const CS: usize = 12;
    /// Address of its operand.
    pub const DP: usize = 16;
    /// Segment of its operand.
    pub const DS: usize = 20;
    /// MXCSR.
    pub const MXCSR: usize = 24;
    /// Bits that MXCSR has.
    pub const MXCSR_MASK: usize = 28;
    /// ST(0), the others 16 bytes apart.
    pub const ST0: usize = 32;
    /// XMM0, the others 16 bytes apart.
    pub const XMM0: usize = 160;
}

/// Flat code of user programs.
pub const USER_CODE: u16 = 0x23;
/// Flat data of user programs.
pub const USER_DATA: u16 = 0x2B;

/// Segment registers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Selectors {
    /// CS.
    pub cs: u16,
    /// SS.
    pub ss: u16,
    /// DS.
    pub ds: u16,
    /// ES.
    pub es: u16,
    /// FS.
    pub fs: u16,
    /// GS.
    pub gs: u16,
}

impl Selectors {
    /// In the executor's order.
    pub fn all(self) -> [u16; 6] {
        let Self { cs, ss, ds, es, fs, gs } = self;
        [cs, ss, ds, es, fs, gs]
    }

    /// From the executor's order.
    pub fn from_all([cs, ss, ds, es, fs, gs]: [u16; 6]) -> Self {
        Self { cs, ss, ds, es, fs, gs }
    }
}

/// One instruction with the state it starts from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Test {
    /// The instruction, NOPs behind it.
    pub code: [u8; 16],
    /// EIP of it: [`CODE`], or 0 in a segment that begins there.
    pub start: u32,
    /// Segment registers.
    pub selectors: Selectors,
    /// General registers in encoding order.
    pub regs: [u32; 8],
    /// EFLAGS; TF is set on top of it.
    pub eflags: u32,
    /// It is a repeated string instruction.
    pub repeats: bool,
    /// Linear addresses of the two windows.
    pub window: [u32; 2],
    /// x87 and SSE registers as FXRSTOR loads them.
    pub fx: [u8; FX],
    /// Contents of the windows before.
    pub data: [[u8; WINDOW]; 2],
    /// Which state of the generator's palette it was made from.
    pub palette: u8,
}

/// The state after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// General registers in encoding order.
    pub regs: [u32; 8],
    /// EIP.
    pub eip: u32,
    /// EFLAGS without RF.
    pub eflags: u32,
    /// Exception's vector and error code (0 without one); `None` for an instruction that completed.
    pub exception: Option<(u8, u16)>,
    /// CR2 of a page fault, else 0.
    pub cr2: u32,
    /// Segment registers.
    pub selectors: Selectors,
    /// x87 and SSE registers as FXSAVE stores them.
    pub fx: [u8; FX],
    /// Contents of the two windows.
    pub data: [[u8; WINDOW]; 2],
}

/// The page fault's vector.
const PAGE_FAULT: u8 = 14;

impl Test {
    /// Whether it begins in 32-bit code.
    pub fn is_code32(&self) -> bool {
        self.selectors.cs != segments::CODE16
    }

    /// Linear address of the memory operand of `inst`.
    pub fn operand(&self, inst: &Decoded) -> u32 {
        let MemRef { base, index, scale, disp, seg, addr16, .. } = inst.mem;
        let register = |number: u8| self.regs.get(usize::from(number)).copied().unwrap_or(0);
        let offset = register(base).wrapping_add(register(index) << scale).wrapping_add(disp);
        let offset = if addr16 { offset & 0xFFFF } else { offset };
        let Selectors { cs, ss, ds, es, fs, gs } = self.selectors;
        segments::base([es, cs, ss, ds, fs, gs][seg as usize]).wrapping_add(offset)
    }
}
