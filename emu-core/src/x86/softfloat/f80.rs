//! The double extended-precision format of the x87 (SDM vol. 1, 4.2.2 and 8.2).

use serde::{Deserialize, Serialize};

/// An 80-bit x87 value: 1 sign bit, 15 exponent bits (bias 16383), 64 significand bits with an explicit
/// integer bit (the "J bit", bit 63).
///
/// Equality is bit equality; use [`compare`](super::compare) for the numeric one.
#[repr(C)]
#[derive(Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct F80 {
    /// The 64-bit significand, integer bit included.
    pub significand: u64,
    /// Bit 15 is the sign, bits 14..0 the biased exponent.
    pub sign_exponent: u16,
}

/// What an encoding means (SDM vol. 1, tables 4-3 and 8-3).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Class {
    /// Exponent and significand are zero.
    Zero,
    /// Exponent zero, significand not zero: a denormal, or a pseudo-denormal when the J bit is set.
    Denormal,
    /// A normalised finite number.
    Normal,
    /// An infinity.
    Infinity,
    /// A quiet NaN.
    QuietNan,
    /// A signalling NaN.
    SignalingNan,
    /// Pseudo-NaN, pseudo-infinity or unnormal: an invalid operand since the 80387.
    Unsupported,
}

impl F80 {
    /// The integer bit of a significand.
    pub const J_BIT: u64 = 1 << 63;
    /// The bit that tells quiet from signalling NaNs.
    pub const QUIET_BIT: u64 = 1 << 62;
    /// The largest biased exponent: infinities and NaNs.
    pub const EXPONENT_MAX: u16 = 0x7FFF;
    /// What is subtracted from the biased exponent to give the power of two.
    pub const BIAS: i32 = 16383;

    /// +0.
    pub const ZERO: F80 = F80::new(0, 0);
    /// +1 (FLD1).
    pub const ONE: F80 = F80::new(0x3FFF, Self::J_BIT);
    /// Positive infinity.
    pub const INFINITY: F80 = F80::new(0x7FFF, Self::J_BIT);
    /// The real indefinite: the QNaN the x87 gives for a masked invalid operation (SDM vol. 1, 4.2.2).
    pub const INDEFINITE: F80 = F80::new(0xFFFF, 0xC000_0000_0000_0000);

    /// The value with this sign and exponent word and this significand.
    pub const fn new(sign_exponent: u16, significand: u64) -> F80 {
        F80 { significand, sign_exponent }
    }

    /// The value with this sign, biased exponent (15 bits are used) and significand.
    #[inline]
    pub const fn from_parts(negative: bool, exponent: i32, significand: u64) -> F80 {
        F80 { significand, sign_exponent: ((negative as u16) << 15) | (exponent as u16 & 0x7FFF) }
    }

    /// A zero of this sign.
    #[inline]
    pub const fn zero(negative: bool) -> F80 {
        F80::from_parts(negative, 0, 0)
    }

    /// An infinity of this sign.
    #[inline]
    pub const fn infinity(negative: bool) -> F80 {
        F80::from_parts(negative, 0x7FFF, Self::J_BIT)
    }

    /// Whether the sign bit is set (zeros and NaNs have one too).
    #[inline]
    pub const fn is_negative(self) -> bool {
        self.sign_exponent & 0x8000 != 0
    }

    /// The biased exponent, 0 to 7FFFh.
    #[inline]
    pub const fn exponent(self) -> i32 {
        (self.sign_exponent & 0x7FFF) as i32
    }

    /// Whether this is a normalised finite number: the case every fast path serves.
    #[inline]
    pub const fn is_normal(self) -> bool {
        (self.significand as i64) < 0 && (self.exponent() as u32).wrapping_sub(1) < 0x7FFE
    }

    /// What the encoding means.
    pub const fn class(self) -> Class {
        let j_bit = self.significand & Self::J_BIT != 0;
        match self.exponent() {
            0 if self.significand == 0 => Class::Zero,
            0 => Class::Denormal,
            _ if !j_bit => Class::Unsupported,
            0x7FFF if self.significand == Self::J_BIT => Class::Infinity,
            0x7FFF if self.significand & Self::QUIET_BIT != 0 => Class::QuietNan,
            0x7FFF => Class::SignalingNan,
            _ => Class::Normal,
        }
    }

    /// Whether this is a normal or denormal number.
    pub const fn is_finite_not_zero(self) -> bool {
        matches!(self.class(), Class::Normal | Class::Denormal)
    }

    /// Whether this is a quiet or signalling NaN (the unsupported encodings are not).
    pub const fn is_nan(self) -> bool {
        matches!(self.class(), Class::QuietNan | Class::SignalingNan)
    }

    /// The same value with the other sign (FCHS; also of NaNs).
    #[inline]
    pub const fn negated(self) -> F80 {
        F80 { significand: self.significand, sign_exponent: self.sign_exponent ^ 0x8000 }
    }

    /// The same value with the sign cleared (FABS; also of NaNs).
    #[inline]
    pub const fn absolute(self) -> F80 {
        F80 { significand: self.significand, sign_exponent: self.sign_exponent & 0x7FFF }
    }

    /// A NaN with its quiet bit set.
    #[inline]
    pub const fn quieted(self) -> F80 {
        F80 { significand: self.significand | Self::QUIET_BIT, sign_exponent: self.sign_exponent }
    }

    /// The 10 bytes as they lie in memory, little endian.
    pub const fn to_bytes(self) -> [u8; 10] {
        let s = self.significand.to_le_bytes();
        let e = self.sign_exponent.to_le_bytes();
        [s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7], e[0], e[1]]
    }

    /// The value whose memory image is `bytes`.
    pub const fn from_bytes(bytes: [u8; 10]) -> F80 {
        let [s0, s1, s2, s3, s4, s5, s6, s7, e0, e1] = bytes;
        F80 {
            significand: u64::from_le_bytes([s0, s1, s2, s3, s4, s5, s6, s7]),
            sign_exponent: u16::from_le_bytes([e0, e1]),
        }
    }
}

impl core::fmt::Debug for F80 {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{:04X}:{:016X}", self.sign_exponent, self.significand)
    }
}
