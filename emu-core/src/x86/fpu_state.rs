//! The registers of the x87 FPU (with the MMX registers that lie in it) and of SSE.

use super::softfloat::{Class, F80};
use serde::{Deserialize, Serialize};

/// Bits of the x87 words (SDM vol. 1, 8.1.3 to 8.1.5).
pub mod spec {
    /// Control and status word: invalid operation.
    pub const IE: u16 = 1 << 0;
    /// Control and status word: denormal operand.
    pub const DE: u16 = 1 << 1;
    /// Control and status word: divide by zero.
    pub const ZE: u16 = 1 << 2;
    /// Control and status word: overflow.
    pub const OE: u16 = 1 << 3;
    /// Control and status word: underflow.
    pub const UE: u16 = 1 << 4;
    /// Control and status word: precision (inexact result).
    pub const PE: u16 = 1 << 5;
    /// The six exception flags or masks.
    pub const EXCEPTIONS: u16 = 0x3F;
    /// Status word: stack fault.
    pub const SF: u16 = 1 << 6;
    /// Status word: error summary, an unmasked exception is pending.
    pub const ES: u16 = 1 << 7;
    /// Status word: condition code 0.
    pub const C0: u16 = 1 << 8;
    /// Status word: condition code 1 (rounded up; stack overflow rather than underflow).
    pub const C1: u16 = 1 << 9;
    /// Status word: condition code 2 (unordered; reduction incomplete).
    pub const C2: u16 = 1 << 10;
    /// Status word: condition code 3.
    pub const C3: u16 = 1 << 14;
    /// Status word: busy, always equal to ES.
    pub const BUSY: u16 = 1 << 15;
    /// Status word: where the top-of-stack field begins.
    pub const TOP_SHIFT: u32 = 11;
    /// Control word: the bits that exist; bit 6 always reads as 1.
    pub const CONTROL_WRITABLE: u16 = 0x1F3F;
    /// Control word: the reserved bit that reads as 1.
    pub const CONTROL_ONES: u16 = 0x0040;
    /// Control word after FINIT: all exceptions masked, 64-bit precision, round to nearest.
    pub const CONTROL_INIT: u16 = 0x037F;
    /// MXCSR after reset: all exceptions masked, round to nearest.
    pub const MXCSR_INIT: u32 = 0x1F80;
    /// The bits of MXCSR that may be set, as FXSAVE's MXCSR_MASK says: all 16, DAZ among them.
    pub const MXCSR_MASK: u32 = 0xFFFF;
}

/// The x87 state. The MMX register MMn is the significand of physical register n.
#[repr(C)]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FpuState {
    /// The *physical* registers R0 to R7; ST(i) is `st[(top + i) & 7]`.
    pub st: [F80; 8],
    /// Control word; bit 6 reads as 1, bits 7, 13, 14, 15 as 0.
    pub control: u16,
    /// Status word without the TOP field (bits 13..11 are zero here). B equals ES.
    pub status: u16,
    /// Top of stack, 0 to 7.
    pub top: u8,
    /// One bit a physical register, set when it is *not* empty: the abridged tag word of FXSAVE. The two-bit
    /// tags are found from the contents when they are stored, as processors do.
    pub valid: u8,
    /// Lower 11 bits of the opcode of the last non-control x87 instruction.
    pub opcode: u16,
    /// Code segment selector of the last non-control x87 instruction.
    pub instruction_selector: u16,
    /// Offset of the last non-control x87 instruction.
    pub instruction_offset: u32,
    /// Offset of its memory operand.
    pub data_offset: u32,
    /// Segment selector of its memory operand.
    pub data_selector: u16,
}

impl Default for FpuState {
    fn default() -> Self {
        Self::new()
    }
}

impl FpuState {
    /// The state after power-up (SDM vol. 3A, table 9-1): registers +0, control word 0040h.
    pub fn new() -> FpuState {
        FpuState {
            st: [F80::ZERO; 8],
            control: spec::CONTROL_ONES,
            status: 0,
            top: 0,
            valid: 0xFF,
            opcode: 0,
            instruction_selector: 0,
            instruction_offset: 0,
            data_offset: 0,
            data_selector: 0,
        }
    }

    /// FNINIT (and the INIT state's words): registers keep their contents but become empty.
    pub fn init(&mut self) {
        *self = FpuState { st: self.st, control: spec::CONTROL_INIT, valid: 0, ..FpuState::new() };
    }

    /// The physical index of ST(i).
    #[inline]
    pub fn index(&self, i: u8) -> usize {
        (self.top.wrapping_add(i) & 7) as usize
    }

    /// The contents of ST(i), empty or not.
    #[inline]
    pub fn get(&self, i: u8) -> F80 {
        self.st[self.index(i)]
    }

    /// Writes ST(i) and tags it as not empty.
    #[inline]
    pub fn set(&mut self, i: u8, value: F80) {
        let index = self.index(i);
        self.st[index] = value;
        self.valid |= 1 << index;
    }

    /// Whether ST(i) is tagged empty.
    #[inline]
    pub fn is_empty(&self, i: u8) -> bool {
        self.valid & (1 << self.index(i)) == 0
    }

    /// Tags ST(i) as empty (FFREE).
    #[inline]
    pub fn free(&mut self, i: u8) {
        let index = self.index(i);
        self.valid &= !(1 << index);
    }

    /// Tags ST(0) as empty and increments TOP.
    #[inline]
    pub fn pop(&mut self) {
        self.free(0);
        self.top = self.top.wrapping_add(1) & 7;
    }

    /// Decrements TOP and writes the new ST(0). The caller has checked that it is empty.
    #[inline]
    pub fn push(&mut self, value: F80) {
        self.top = self.top.wrapping_sub(1) & 7;
        self.set(0, value);
    }

    /// The status word with TOP, as FNSTSW stores it.
    #[inline]
    pub fn status_word(&self) -> u16 {
        self.status | (u16::from(self.top & 7) << spec::TOP_SHIFT)
    }

    /// Takes a status word with TOP; ES and B are set by [`FpuState::update_summary`] alone.
    pub fn set_status_word(&mut self, word: u16) {
        self.top = (word >> spec::TOP_SHIFT & 7) as u8;
        self.status = word & !(7 << spec::TOP_SHIFT);
        self.update_summary();
    }

    /// Takes a control word: reserved bits get their fixed values, ES follows the new masks.
    pub fn set_control_word(&mut self, word: u16) {
        self.control = word & spec::CONTROL_WRITABLE | spec::CONTROL_ONES;
        self.update_summary();
    }

    /// Sets ES and B if an unmasked exception flag is set, else clears them.
    #[inline]
    pub fn update_summary(&mut self) {
        if self.status & !self.control & spec::EXCEPTIONS != 0 {
            self.status |= spec::ES | spec::BUSY;
        } else {
            self.status &= !(spec::ES | spec::BUSY);
        }
    }

    /// Whether an unmasked exception waits to be reported at the next waiting instruction.
    #[inline]
    pub fn exception_pending(&self) -> bool {
        self.status & spec::ES != 0
    }

    /// The full tag word (SDM vol. 1, 8.1.7): per physical register 0 valid, 1 zero, 2 special, 3 empty.
    pub fn tag_word(&self) -> u16 {
        (0..8).fold(0, |word, i| word | self.tag(i) << (2 * i))
    }

    fn tag(&self, physical: usize) -> u16 {
        if self.valid & (1 << physical) == 0 {
            return 3;
        }
        match self.st[physical].class() {
            Class::Normal => 0,
            Class::Zero => 1,
            _ => 2,
        }
    }

    /// Takes a full tag word: only empty (3) or not empty matters.
    pub fn set_tag_word(&mut self, word: u16) {
        self.valid = (0..8).fold(0, |valid, i| valid | u8::from(word >> (2 * i) & 3 != 3) << i);
    }

    /// The contents of MMn.
    #[inline]
    pub fn mmx(&self, n: u8) -> u64 {
        self.st[(n & 7) as usize].significand
    }

    /// Writes MMn: sign and exponent of the physical register become all ones (SDM vol. 3A, 12.2).
    #[inline]
    pub fn set_mmx(&mut self, n: u8, value: u64) {
        self.st[(n & 7) as usize] = F80::new(0xFFFF, value);
    }

    /// What every MMX instruction but EMMS does: TOP becomes 0, all registers valid (SDM vol. 3A, 12.2).
    #[inline]
    pub fn enter_mmx(&mut self) {
        self.top = 0;
        self.valid = 0xFF;
    }
}

/// The XMM registers and MXCSR.
#[repr(C)]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SseState {
    /// XMM0 to XMM7, low quadword first.
    pub xmm: [[u64; 2]; 8],
    /// SSE control and status.
    pub mxcsr: u32,
}

impl Default for SseState {
    fn default() -> Self {
        Self::new()
    }
}

impl SseState {
    /// The state after reset (SDM vol. 3A, table 9-1).
    pub fn new() -> SseState {
        SseState { xmm: [[0; 2]; 8], mxcsr: spec::MXCSR_INIT }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// FNINIT: control 037Fh, status 0, tags FFFFh (SDM vol. 2, FINIT).
    #[test]
    fn init_words() {
        let mut fpu = FpuState::new();
        assert_eq!((fpu.control, fpu.tag_word()), (0x0040, 0x5555));
        fpu.init();
        assert_eq!((fpu.control, fpu.status_word(), fpu.tag_word()), (0x037F, 0, 0xFFFF));
    }

    /// The stack grows down through the physical registers.
    #[test]
    fn push_and_pop() {
        let mut fpu = FpuState::new();
        fpu.init();
        fpu.push(F80::ONE);
        assert_eq!((fpu.top, fpu.st[7], fpu.tag_word()), (7, F80::ONE, 0x3FFF));
        assert_eq!(fpu.status_word(), 0x3800);
        fpu.pop();
        assert_eq!((fpu.top, fpu.tag_word()), (0, 0xFFFF));
    }

    /// ES and B follow flags and masks, whoever changes them.
    #[test]
    fn summary_follows_masks() {
        let mut fpu = FpuState::new();
        fpu.init();
        fpu.set_status_word(spec::ZE);
        assert!(!fpu.exception_pending());
        fpu.set_control_word(0x037B);
        assert_eq!(fpu.status_word(), spec::ZE | spec::ES | spec::BUSY);
        fpu.set_control_word(0xFFFF);
        assert_eq!((fpu.control, fpu.status_word()), (0x1F7F, spec::ZE));
    }

    /// Writing an MMX register makes the x87 register a NaN or infinity.
    #[test]
    fn mmx_aliases_x87() {
        let mut fpu = FpuState::new();
        fpu.init();
        fpu.enter_mmx();
        fpu.set_mmx(3, 0x8000_0000_0000_0000);
        assert_eq!(fpu.st[3], F80::infinity(true));
        assert_eq!(fpu.mmx(3), 0x8000_0000_0000_0000);
        assert_eq!(fpu.tag_word() >> 6 & 3, 2);
    }
}
