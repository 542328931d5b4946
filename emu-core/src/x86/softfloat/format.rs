//! The interchange formats f32 and f64 as bit patterns, and rounding to them.

use super::Rounding;
use super::finite::{Finite, Wide};
use super::round::shift_right_sticky_128;
use crate::x86::fpu_state::spec;

/// A binary interchange format of at most 64 bits; its values are bit patterns in the low bits of a `u64`.
pub trait Format {
    /// Explicit fraction bits.
    const FRACTION_BITS: u32;
    /// Exponent bits.
    const EXPONENT_BITS: u32;

    /// The largest biased exponent: infinities and NaNs.
    const EXPONENT_MAX: i32 = (1 << Self::EXPONENT_BITS) - 1;
    /// What is subtracted from the biased exponent.
    const BIAS: i32 = Self::EXPONENT_MAX >> 1;
    /// The sign bit.
    const SIGN: u64 = 1 << (Self::FRACTION_BITS + Self::EXPONENT_BITS);
    /// The fraction field.
    const FRACTION: u64 = (1 << Self::FRACTION_BITS) - 1;
    /// Plus infinity.
    const INFINITY: u64 = (Self::EXPONENT_MAX as u64) << Self::FRACTION_BITS;
    /// The bit that tells quiet from signalling NaNs.
    const QUIET: u64 = 1 << (Self::FRACTION_BITS - 1);
    /// The QNaN of a masked invalid operation (SDM vol. 1, table 4-3).
    const INDEFINITE: u64 = Self::SIGN | Self::INFINITY | Self::QUIET;

    /// a + b of the host, for operands that give no exception but PE.
    fn host_add(a: u64, b: u64) -> u64;
    /// a * b of the host, likewise.
    fn host_mul(a: u64, b: u64) -> u64;
    /// a / b of the host, likewise.
    fn host_div(a: u64, b: u64) -> u64;
    /// The square root of the host, likewise.
    fn host_sqrt(a: u64) -> u64;
}

/// IEEE 754 binary32.
#[derive(Clone, Copy, Debug)]
pub struct Single;

/// IEEE 754 binary64.
#[derive(Clone, Copy, Debug)]
pub struct Double;

impl Format for Single {
    const FRACTION_BITS: u32 = 23;
    const EXPONENT_BITS: u32 = 8;

    #[inline]
    fn host_add(a: u64, b: u64) -> u64 {
        u64::from((f32::from_bits(a as u32) + f32::from_bits(b as u32)).to_bits())
    }

    #[inline]
    fn host_mul(a: u64, b: u64) -> u64 {
        u64::from((f32::from_bits(a as u32) * f32::from_bits(b as u32)).to_bits())
    }

    #[inline]
    fn host_div(a: u64, b: u64) -> u64 {
        u64::from((f32::from_bits(a as u32) / f32::from_bits(b as u32)).to_bits())
    }

    #[inline]
    fn host_sqrt(a: u64) -> u64 {
        u64::from((f32::from_bits(a as u32).sqrt()).to_bits())
    }
}

impl Format for Double {
    const FRACTION_BITS: u32 = 52;
    const EXPONENT_BITS: u32 = 11;

    #[inline]
    fn host_add(a: u64, b: u64) -> u64 {
        (f64::from_bits(a) + f64::from_bits(b)).to_bits()
    }

    #[inline]
    fn host_mul(a: u64, b: u64) -> u64 {
        (f64::from_bits(a) * f64::from_bits(b)).to_bits()
    }

    #[inline]
    fn host_div(a: u64, b: u64) -> u64 {
        (f64::from_bits(a) / f64::from_bits(b)).to_bits()
    }

    #[inline]
    fn host_sqrt(a: u64) -> u64 {
        (f64::from_bits(a).sqrt()).to_bits()
    }
}

/// What the bit pattern means, with the NaN kinds apart.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    Zero,
    Denormal,
    Normal,
    Infinity,
    QuietNan,
    SignalingNan,
}

impl Kind {
    #[inline]
    pub fn is_nan(self) -> bool {
        matches!(self, Kind::QuietNan | Kind::SignalingNan)
    }
}

#[inline]
pub(super) fn kind<F: Format>(bits: u64) -> Kind {
    let fraction = bits & F::FRACTION;
    match exponent::<F>(bits) {
        0 if fraction == 0 => Kind::Zero,
        0 => Kind::Denormal,
        e if e < F::EXPONENT_MAX => Kind::Normal,
        _ if fraction == 0 => Kind::Infinity,
        _ if fraction & F::QUIET != 0 => Kind::QuietNan,
        _ => Kind::SignalingNan,
    }
}

/// The biased exponent.
#[inline]
pub(super) fn exponent<F: Format>(bits: u64) -> i32 {
    (bits >> F::FRACTION_BITS) as i32 & F::EXPONENT_MAX
}

#[inline]
pub(super) fn is_negative<F: Format>(bits: u64) -> bool {
    bits & F::SIGN != 0
}

#[inline]
pub(super) fn sign_bit<F: Format>(negative: bool) -> u64 {
    if negative { F::SIGN } else { 0 }
}

/// The finite number in a normal or denormal pattern (not zero).
#[inline]
pub(super) fn unpack<F: Format>(bits: u64) -> Finite {
    let rebias = super::F80::BIAS - F::BIAS;
    let (negative, exponent, fraction) =
        (is_negative::<F>(bits), exponent::<F>(bits), (bits & F::FRACTION) << (63 - F::FRACTION_BITS));
    if exponent == 0 {
        return Finite::normalised(negative, rebias + 1, fraction);
    }
    Finite { negative, exponent: exponent + rebias, significand: 1 << 63 | fraction }
}

/// How to round to an interchange format.
#[derive(Clone, Copy, Debug)]
pub(super) struct Target {
    pub rounding: Rounding,
    /// An overflow is always inexact.
    pub overflow_masked: bool,
    /// Underflow is reported only if the result is also inexact.
    pub underflow_masked: bool,
    /// Tiny results become zero (only if underflow is masked).
    pub flush_to_zero: bool,
}

/// A pattern, the exception flags (bits 0 to 5 as in status word and MXCSR) and C1.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Rounded {
    pub bits: u64,
    pub flags: u16,
}

/// A magnitude of `FRACTION_BITS + 1` bits.
struct Cut {
    value: u64,
    flags: u16,
}

#[inline]
fn cut<F: Format>(negative: bool, high: u64, low: u64, rounding: Rounding) -> Cut {
    let dropped = 63 - F::FRACTION_BITS;
    let rest = high << (64 - dropped) | u64::from(low != 0);
    let value = high >> dropped;
    let up = rounding.increments(negative, value & 1 != 0, rest);
    let flags = if rest != 0 { spec::PE } else { 0 } | if up { spec::C1 } else { 0 };
    Cut { value: value + u64::from(up), flags }
}

/// Rounds to the format. Tininess is found after rounding, as x86 processors do. With an overflow or underflow that
/// is not masked the pattern is of no use: nothing is to be written.
#[inline]
pub(super) fn round_pack<F: Format>(value: Wide, target: Target) -> Rounded {
    let exponent = value.exponent - (super::F80::BIAS - F::BIAS);
    let sign = sign_bit::<F>(value.negative);
    let rounded = cut::<F>(value.negative, value.high, value.low, target.rounding);
    // The implicit bit adds one to the exponent field, a carry out of the fraction another one.
    let magnitude = (exponent as u64).wrapping_sub(1) << F::FRACTION_BITS;
    let bits = magnitude.wrapping_add(rounded.value);
    let carry = (rounded.value >> (F::FRACTION_BITS + 1)) as i32;
    if exponent + carry >= F::EXPONENT_MAX {
        return overflow::<F>(value.negative, rounded, target);
    }
    if exponent + carry < 1 {
        return underflow::<F>(value, exponent, rounded, target);
    }
    Rounded { bits: sign | bits, flags: rounded.flags }
}

#[cold]
fn overflow<F: Format>(negative: bool, rounded: Cut, target: Target) -> Rounded {
    let sign = sign_bit::<F>(negative);
    if !target.overflow_masked {
        return Rounded { bits: sign, flags: spec::OE | rounded.flags };
    }
    let flags = spec::OE | spec::PE;
    if target.rounding.increments(negative, true, u64::MAX) {
        return Rounded { bits: sign | F::INFINITY, flags: flags | spec::C1 };
    }
    Rounded { bits: sign | (F::INFINITY - 1), flags }
}

#[cold]
fn underflow<F: Format>(value: Wide, exponent: i32, rounded: Cut, target: Target) -> Rounded {
    let sign = sign_bit::<F>(value.negative);
    if !target.underflow_masked {
        return Rounded { bits: sign, flags: spec::UE | rounded.flags };
    }
    if target.flush_to_zero {
        return Rounded { bits: sign, flags: spec::UE | spec::PE };
    }
    let (high, low) = shift_right_sticky_128(value.high, value.low, (1 - exponent) as u32);
    let denormal = cut::<F>(value.negative, high, low, target.rounding);
    let underflow = if denormal.flags & spec::PE != 0 { spec::UE } else { 0 };
    // A carry into the implicit bit makes exponent field 1 by itself.
    Rounded { bits: sign | denormal.value, flags: denormal.flags | underflow }
}
