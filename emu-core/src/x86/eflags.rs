//! EFLAGS with lazily computed status flags: an arithmetic instruction stores its operand and result, and a flag is
//! computed from them only when something reads it.

use serde::{Deserialize, Serialize};

/// Carry.
pub const CF: u32 = 1 << 0;
/// Parity.
pub const PF: u32 = 1 << 2;
/// Auxiliary carry.
pub const AF: u32 = 1 << 4;
/// Zero.
pub const ZF: u32 = 1 << 6;
/// Sign.
pub const SF: u32 = 1 << 7;
/// Trap.
pub const TF: u32 = 1 << 8;
/// Interrupt enable.
pub const IF: u32 = 1 << 9;
/// Direction.
pub const DF: u32 = 1 << 10;
/// Overflow.
pub const OF: u32 = 1 << 11;
/// I/O privilege level, two bits.
pub const IOPL: u32 = 3 << 12;
/// Nested task.
pub const NT: u32 = 1 << 14;
/// Resume.
pub const RF: u32 = 1 << 16;
/// Virtual-8086 mode.
pub const VM: u32 = 1 << 17;
/// Alignment check.
pub const AC: u32 = 1 << 18;
/// Virtual interrupt (the bit can be set; this CPU has no VME).
pub const VIF: u32 = 1 << 19;
/// Virtual interrupt pending.
pub const VIP: u32 = 1 << 20;
/// CPUID is there: software can toggle it.
pub const ID: u32 = 1 << 21;
/// The six status flags.
pub const STATUS: u32 = CF | PF | AF | ZF | SF | OF;
/// Bit 1, always set.
pub const FIXED: u32 = 2;
/// Every bit that can be set.
pub const ALL: u32 = STATUS | TF | IF | DF | IOPL | NT | RF | VM | AC | VIF | VIP | ID;

/// Marks the pending operation as a subtraction.
const SUB: u32 = 1 << 31;
const SHIFT: u32 = 16;

/// EFLAGS. `lazy` says which status flags are to be computed: their mask in the low bits, 32 minus the operand width
/// from bit 16 on, [`SUB`] for subtraction.
#[repr(C)]
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Flags {
    base: u32,
    lazy: u32,
    result: u32,
    operand: u32,
}

impl Default for Flags {
    fn default() -> Self {
        Self { base: FIXED, lazy: 0, result: 0, operand: 0 }
    }
}

impl PartialEq for Flags {
    fn eq(&self, other: &Self) -> bool {
        self.get() == other.get()
    }
}

impl Eq for Flags {}

impl Flags {
    /// All of EFLAGS.
    pub fn get(&self) -> u32 {
        let mut value = self.base & !STATUS;
        value |= u32::from(self.cf()) * CF;
        value |= u32::from(self.pf()) * PF;
        value |= u32::from(self.af()) * AF;
        value |= u32::from(self.zf()) * ZF;
        value |= u32::from(self.sf()) * SF;
        value | u32::from(self.of()) * OF
    }

    /// Replaces all of EFLAGS.
    pub fn set(&mut self, value: u32) {
        *self = Self { base: value & ALL | FIXED, lazy: 0, result: 0, operand: 0 };
    }

    /// Flags other than the status flags, by mask.
    #[inline]
    pub fn system(&self, mask: u32) -> u32 {
        self.base & mask & !STATUS
    }

    /// Sets the flags of `mask` to those of `value`; the others stay as they are, lazy or not.
    #[inline]
    pub fn put(&mut self, mask: u32, value: u32) {
        self.base = self.base & !mask | value & mask;
        self.lazy &= !(mask & STATUS);
    }

    /// I/O privilege level 0-3.
    #[inline]
    pub fn iopl(&self) -> u8 {
        (self.base >> 12 & 3) as u8
    }

    /// After `result = operand + x` of `bits` bits; also after logic operations, with operand 0.
    #[inline(always)]
    pub fn lazy_add(&mut self, bits: u32, operand: u32, result: u32) {
        self.lazy = STATUS | (32 - bits) << SHIFT;
        self.operand = operand;
        self.result = result;
    }

    /// After `result = operand - x` of `bits` bits.
    #[inline(always)]
    pub fn lazy_sub(&mut self, bits: u32, operand: u32, result: u32) {
        self.lazy = STATUS | (32 - bits) << SHIFT | SUB;
        self.operand = operand;
        self.result = result;
    }

    /// After INC (`result = operand + 1`): CF stays.
    #[inline(always)]
    pub fn lazy_inc(&mut self, bits: u32, operand: u32, result: u32) {
        self.base = self.base & !CF | u32::from(self.cf());
        self.lazy = (STATUS & !CF) | (32 - bits) << SHIFT;
        self.operand = operand;
        self.result = result;
    }

    /// After DEC (`result = operand - 1`): CF stays.
    #[inline(always)]
    pub fn lazy_dec(&mut self, bits: u32, operand: u32, result: u32) {
        self.lazy_inc(bits, operand, result);
        self.lazy |= SUB;
    }

    /// ZF, SF and PF by the result; CF, OF and AF as given in `explicit`.
    #[inline(always)]
    pub fn result_with(&mut self, bits: u32, result: u32, explicit: u32) {
        self.base = self.base & !(CF | OF | AF) | explicit;
        self.lazy = ZF | SF | PF | (32 - bits) << SHIFT;
        self.result = result;
    }

    #[inline(always)]
    fn width_shift(&self) -> u32 {
        self.lazy >> SHIFT & 31
    }

    /// Carry.
    #[inline(always)]
    pub fn cf(&self) -> bool {
        if self.lazy & CF == 0 {
            return self.base & CF != 0;
        }
        // Addition carried if the result is below the operand, subtraction borrowed if it is above; with both
        // complemented the second is the first.
        let flip = (self.lazy as i32 >> 31) as u32;
        (self.result ^ flip) < (self.operand ^ flip)
    }

    /// The operation's other operand, upper bits undefined.
    #[inline(always)]
    fn other(&self) -> u32 {
        if self.lazy & SUB != 0 {
            self.operand.wrapping_sub(self.result)
        } else {
            self.result.wrapping_sub(self.operand)
        }
    }

    /// Overflow.
    #[inline(always)]
    pub fn of(&self) -> bool {
        if self.lazy & OF == 0 {
            return self.base & OF != 0;
        }
        let signs = self.operand ^ self.result;
        let other = self.other();
        let overflow =
            if self.lazy & SUB != 0 { (self.operand ^ other) & signs } else { (other ^ self.result) & signs };
        ((overflow << self.width_shift()) as i32) < 0
    }

    /// Auxiliary carry.
    pub fn af(&self) -> bool {
        if self.lazy & AF == 0 {
            return self.base & AF != 0;
        }
        (self.operand ^ self.other() ^ self.result) & 0x10 != 0
    }

    /// Zero.
    #[inline(always)]
    pub fn zf(&self) -> bool {
        if self.lazy & ZF == 0 { self.base & ZF != 0 } else { self.result == 0 }
    }

    /// Sign.
    #[inline(always)]
    pub fn sf(&self) -> bool {
        if self.lazy & SF == 0 {
            return self.base & SF != 0;
        }
        ((self.result << self.width_shift()) as i32) < 0
    }

    /// Parity of the low byte.
    #[inline(always)]
    pub fn pf(&self) -> bool {
        if self.lazy & PF == 0 {
            return self.base & PF != 0;
        }
        (self.result as u8).count_ones() & 1 == 0
    }

    /// A condition by its number in opcodes (SDM vol. 1, appendix B).
    #[inline(always)]
    pub fn condition(&self, cc: u8) -> bool {
        let value = match cc >> 1 & 7 {
            0 => self.of(),
            1 => self.cf(),
            2 => self.zf(),
            3 => self.cf() || self.zf(),
            4 => self.sf(),
            5 => self.pf(),
            6 => self.sf() != self.of(),
            _ => self.zf() || self.sf() != self.of(),
        };
        value != (cc & 1 != 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Flags of an addition or subtraction by their definitions, one at a time.
    fn expected(bits: u32, a: u32, b: u32, sub: bool) -> u32 {
        let mask = u32::MAX >> (32 - bits);
        let (a, b) = (u64::from(a & mask), u64::from(b & mask));
        let wide = if sub { a.wrapping_sub(b) } else { a + b };
        let r = wide as u32 & mask;
        let sign = |v: u64| v >> (bits - 1) & 1 != 0;
        let overflow = if sub {
            sign(a) != sign(b) && sign(u64::from(r)) != sign(a)
        } else {
            sign(a) == sign(b) && sign(u64::from(r)) != sign(a)
        };
        let half = if sub { (a & 15) < (b & 15) } else { (a & 15) + (b & 15) > 15 };
        let carry = if sub { a < b } else { wide > u64::from(mask) };
        FIXED
            | u32::from(carry) * CF
            | u32::from((r as u8).count_ones().is_multiple_of(2)) * PF
            | u32::from(half) * AF
            | u32::from(r == 0) * ZF
            | u32::from(sign(u64::from(r))) * SF
            | u32::from(overflow) * OF
    }

    #[test]
    fn lazy_flags_are_the_defined_ones() {
        let values =
            [0u32, 1, 2, 0xF, 0x10, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFF_FFFF, 0x8000_0000, !0];
        for bits in [8, 16, 32] {
            let mask = u32::MAX >> (32 - bits);
            for a in values.map(|v| v & mask) {
                for b in values.map(|v| v & mask) {
                    let mut f = Flags::default();
                    f.lazy_add(bits, a, a.wrapping_add(b) & mask);
                    assert_eq!(f.get(), expected(bits, a, b, false), "{a:x} + {b:x} ({bits})");
                    f.lazy_sub(bits, a, a.wrapping_sub(b) & mask);
                    assert_eq!(f.get(), expected(bits, a, b, true), "{a:x} - {b:x} ({bits})");
                    f.set(CF);
                    f.lazy_inc(bits, a, a.wrapping_add(1) & mask);
                    assert_eq!(f.get(), expected(bits, a, 1, false) | CF, "inc {a:x} ({bits})");
                    f.set(0);
                    f.lazy_dec(bits, a, a.wrapping_sub(1) & mask);
                    assert_eq!(f.get(), expected(bits, a, 1, true) & !CF, "dec {a:x} ({bits})");
                }
            }
        }
    }

    #[test]
    fn conditions_come_in_pairs() {
        let mut f = Flags::default();
        for value in [0, CF, ZF, SF, OF, PF, SF | OF, ZF | CF] {
            f.set(value);
            for cc in (0..16).step_by(2) {
                assert_ne!(f.condition(cc), f.condition(cc + 1));
            }
        }
        f.set(SF);
        assert!(f.condition(0xC) && f.condition(0xE) && !f.condition(0xF));
    }
}
