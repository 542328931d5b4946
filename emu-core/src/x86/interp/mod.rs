//! The interpreter: instruction bodies and the binding of decoded instructions to them. A body knows its operation
//! and nothing of dispatch, decoding or counting.

pub mod arith;
mod bind;
pub mod bit;
pub mod control_transfer;
pub mod data_transfer;
pub mod far;
pub mod flag_control;
mod fused;
#[cfg(test)]
mod host_vectors;
pub mod io;
pub mod mmx;
pub mod operand;
pub mod segment;
pub mod shift_rotate;
pub mod sse;
pub mod string;
pub mod system;
pub mod x87;

pub use bind::bind;
pub use fused::fuse;

use super::cpu::Cpu;
use super::exception::Exception;

/// An instruction body. An `Err` leaves the state as before the instruction, but for what the manual says is kept.
pub type Body = fn(&mut Cpu, &Inst) -> Result<(), Exception>;

/// A decoded instruction bound to its body.
#[derive(Clone, Copy)]
pub struct Inst {
    /// What it does.
    pub body: Body,
    /// Immediate, or for relative branches the target as an offset from [`Cpu::code_base`].
    pub imm: u32,
    /// Displacement of the memory operand.
    pub disp: u32,
    /// FFFFh or FFFFFFFFh by address size; in a fused pair the branch target, as in `imm`.
    pub ea_mask: u32,
    /// Destination register number.
    pub dst: u8,
    /// Source register number.
    pub src: u8,
    /// Base register, 8 for none.
    pub base: u8,
    /// Index register, 8 for none.
    pub index: u8,
    /// Shift of the index.
    pub scale: u8,
    /// Segment of the memory operand.
    pub seg: u8,
    /// Offset in its page of the first byte.
    pub start: u16,
    /// Offset in its page of the byte after the last; up to 4096 + 14 for one that crosses.
    pub end: u16,
    /// Second immediate (ENTER level, far selector), or x87 opcode.
    pub imm2: u16,
    /// Bits of [`flag`].
    pub flags: u8,
    /// Condition code, or third register number.
    pub cc: u8,
}

/// Facts about an [`Inst`] beside its operands.
pub mod flag {
    /// Operand size 32 bits.
    pub const OPSIZE32: u8 = 1 << 0;
    /// Address size 32 bits.
    pub const ADDRSIZE32: u8 = 1 << 1;
    /// REP or REPE.
    pub const REP: u8 = 1 << 2;
    /// REPNE.
    pub const REPNE: u8 = 1 << 3;
    /// The body sets EIP itself.
    pub const SETS_EIP: u8 = 1 << 4;
    /// Has a memory operand.
    pub const MEMORY: u8 = 1 << 5;
}

impl Inst {
    /// Whether a bit of [`flag`] is set.
    #[inline(always)]
    pub fn has(&self, flag: u8) -> bool {
        self.flags & flag != 0
    }
}
