//! What an operation needs to know besides its operands, and what it reports besides its result.

use super::F80;
use crate::x86::fpu_state::spec;

/// Direction of rounding, in the encoding of the RC fields (SDM vol. 1, table 4-8).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Rounding {
    /// To the nearest value; ties to the even one.
    Nearest,
    /// Toward minus infinity.
    Down,
    /// Toward plus infinity.
    Up,
    /// Toward zero.
    Zero,
}

impl Rounding {
    /// The mode whose two-bit encoding are the low bits of `bits`.
    #[inline]
    pub const fn from_bits(bits: u16) -> Rounding {
        match bits & 3 {
            0 => Rounding::Nearest,
            1 => Rounding::Down,
            2 => Rounding::Up,
            _ => Rounding::Zero,
        }
    }

    /// Whether a magnitude is incremented, when its lowest kept bit is `odd` and the part cut off is `rest`
    /// (aligned to the top of 64 bits, its lowest bit sticky).
    #[inline]
    pub(super) const fn increments(self, negative: bool, odd: bool, rest: u64) -> bool {
        const HALF: u64 = 1 << 63;
        match self {
            Rounding::Nearest => rest > HALF || (rest == HALF && odd),
            Rounding::Down => negative && rest != 0,
            Rounding::Up => !negative && rest != 0,
            Rounding::Zero => false,
        }
    }
}

/// The x87 environment of one operation: the control word comes in, exception flags go out.
///
/// When [`Env::aborted`] says so after the operation, its result must not be written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Env {
    /// The control word: masks, precision, rounding.
    pub control: u16,
    /// Exception flags and C1 ("rounded up") as bits of the status word; starts as zero for each operation.
    pub flags: u16,
}

impl Env {
    /// An environment without flags.
    #[inline]
    pub const fn new(control: u16) -> Env {
        Env { control, flags: 0 }
    }

    /// The same masks and rounding with 64-bit precision: for the instructions that ignore precision control.
    #[inline]
    pub const fn extended(control: u16) -> Env {
        Env::new(control | 0x0300)
    }

    /// The direction of rounding.
    #[inline]
    pub const fn rounding(&self) -> Rounding {
        Rounding::from_bits(self.control >> 10)
    }

    /// How many low bits of a significand precision control cuts off: 40 (single), 11 (double) or 0
    /// (extended, and the reserved encoding 01).
    #[inline]
    pub(super) const fn dropped_bits(&self) -> u32 {
        match self.control >> 8 & 3 {
            0 => 40,
            2 => 11,
            _ => 0,
        }
    }

    /// Whether this exception (a bit of [`spec`]) is masked.
    #[inline]
    pub const fn masked(&self, exception: u16) -> bool {
        self.control & exception != 0
    }

    /// The flags raised whose exceptions are not masked.
    #[inline]
    pub const fn unmasked(&self) -> u16 {
        self.flags & !self.control & spec::EXCEPTIONS
    }

    /// Whether an unmasked exception was found before computing, so that the destination stays as it was
    /// (SDM vol. 1, 8.5.1 to 8.5.3).
    #[inline]
    pub const fn aborted(&self) -> bool {
        self.unmasked() & (spec::IE | spec::DE | spec::ZE) != 0
    }

    /// Reports an invalid operation; its masked result.
    #[cold]
    pub(super) fn invalid(&mut self) -> F80 {
        self.flags |= spec::IE;
        F80::INDEFINITE
    }

    /// Reports a division by zero; its masked result.
    #[cold]
    pub(super) fn divide_by_zero(&mut self, negative: bool) -> F80 {
        self.flags |= spec::ZE;
        F80::infinity(negative)
    }

    /// Reports a denormal operand. True if that is not masked: the operation ends here.
    #[cold]
    #[must_use]
    pub(super) fn denormal_aborts(&mut self) -> bool {
        self.flags |= spec::DE;
        !self.masked(spec::DE)
    }
}
