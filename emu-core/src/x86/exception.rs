//! Exceptions as values: what a body returns when its instruction cannot be completed.

use std::num::NonZeroU32;

/// Vectors (SDM vol. 3A, table 6-1).
pub mod vector {
    /// #DE, divide error.
    pub const DE: u8 = 0;
    /// #DB, debug.
    pub const DB: u8 = 1;
    /// Non-maskable interrupt.
    pub const NMI: u8 = 2;
    /// #BP, breakpoint.
    pub const BP: u8 = 3;
    /// #OF, overflow.
    pub const OF: u8 = 4;
    /// #BR, BOUND range exceeded.
    pub const BR: u8 = 5;
    /// #UD, invalid opcode.
    pub const UD: u8 = 6;
    /// #NM, device not available.
    pub const NM: u8 = 7;
    /// #DF, double fault.
    pub const DF: u8 = 8;
    /// #TS, invalid TSS.
    pub const TS: u8 = 10;
    /// #NP, segment not present.
    pub const NP: u8 = 11;
    /// #SS, stack fault.
    pub const SS: u8 = 12;
    /// #GP, general protection.
    pub const GP: u8 = 13;
    /// #PF, page fault.
    pub const PF: u8 = 14;
    /// #MF, x87 error.
    pub const MF: u8 = 16;
    /// #AC, alignment check.
    pub const AC: u8 = 17;
    /// #XM, SIMD error.
    pub const XM: u8 = 19;
}

const PRESENT: u32 = 1 << 8;
const HAS_CODE: u32 = 1 << 9;
const IN_NEW_TASK: u32 = 1 << 10;

/// An exception with its error code, in one register so that `Result<(), Exception>` is one too. CR2 is set where a
/// page fault is made.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Exception(NonZeroU32);

impl Exception {
    /// Divide error.
    pub const DE: Self = Self::plain(vector::DE);
    /// Invalid opcode.
    pub const UD: Self = Self::plain(vector::UD);
    /// Device not available.
    pub const NM: Self = Self::plain(vector::NM);
    /// BOUND range exceeded.
    pub const BR: Self = Self::plain(vector::BR);
    /// x87 error.
    pub const MF: Self = Self::plain(vector::MF);
    /// SIMD error.
    pub const XM: Self = Self::plain(vector::XM);
    /// Debug, as a fault.
    pub const DB: Self = Self::plain(vector::DB);
    /// General protection with error code 0.
    pub const GP0: Self = Self::code(vector::GP, 0);
    /// Stack fault with error code 0.
    pub const SS0: Self = Self::code(vector::SS, 0);
    /// Alignment check.
    pub const AC: Self = Self::code(vector::AC, 0);
    /// Double fault.
    pub const DF: Self = Self::code(vector::DF, 0);
    /// No exception: the instruction is not begun, and the processor waits before it for an interrupt (SDM vol. 1,
    /// 8.7.2).
    pub const WAITS: Self = Self::plain(0xFF);

    const fn make(bits: u32) -> Self {
        match NonZeroU32::new(bits | PRESENT) {
            Some(bits) => Self(bits),
            None => Self(NonZeroU32::MIN),
        }
    }

    /// Without an error code.
    pub const fn plain(vector: u8) -> Self {
        Self::make(vector as u32)
    }

    /// With an error code.
    pub const fn code(vector: u8, code: u16) -> Self {
        Self::make(vector as u32 | HAS_CODE | (code as u32) << 16)
    }

    /// #GP(selector), RPL bits dropped.
    pub const fn gp(selector: u16) -> Self {
        Self::code(vector::GP, selector & !3)
    }

    /// #TS(selector).
    pub const fn ts(selector: u16) -> Self {
        Self::code(vector::TS, selector & !3)
    }

    /// #NP(selector).
    pub const fn np(selector: u16) -> Self {
        Self::code(vector::NP, selector & !3)
    }

    /// #SS(selector).
    pub const fn ss(selector: u16) -> Self {
        Self::code(vector::SS, selector & !3)
    }

    /// Its vector.
    pub const fn vector(self) -> u8 {
        self.0.get() as u8
    }

    /// Its error code, if it pushes one.
    pub const fn error_code(self) -> Option<u16> {
        if self.0.get() & HAS_CODE != 0 { Some((self.0.get() >> 16) as u16) } else { None }
    }

    /// The same, raised after a task switch took place: EIP and ESP are the new task's.
    pub const fn in_new_task(self) -> Self {
        Self::make(self.0.get() | IN_NEW_TASK)
    }

    /// Whether registers are already those of a new task, so that nothing is to be restored.
    pub const fn is_in_new_task(self) -> bool {
        self.0.get() & IN_NEW_TASK != 0
    }

    /// The same with the EXT bit set in its error code: it came up while delivering an event from outside.
    pub const fn external(self) -> Self {
        if self.0.get() & HAS_CODE == 0 || self.vector() == vector::PF {
            return self;
        }
        Self::make(self.0.get() | 1 << 16)
    }
}

impl std::fmt::Debug for Exception {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.error_code() {
            Some(code) => write!(f, "exception {}({code:04X})", self.vector()),
            None => write!(f, "exception {}", self.vector()),
        }
    }
}
