//! Loads and stores of f32 and f64 by the x87.

use super::finite::Finite;
use super::format::{self, Double, Format, Kind, Single, Target};
use super::round::unpack;
use super::{Class, Env, F80, Rounding};
use crate::x86::fpu_state::spec;

/// The f32 pattern as an 80-bit value (FLD m32). Denormals and signalling NaNs are reported.
#[inline]
pub fn from_f32(bits: u32, env: &mut Env) -> F80 {
    load::<Single>(u64::from(bits), env)
}

/// The f64 pattern as an 80-bit value (FLD m64). Denormals and signalling NaNs are reported.
#[inline]
pub fn from_f64(bits: u64, env: &mut Env) -> F80 {
    load::<Double>(bits, env)
}

/// a as an f32 pattern (FST m32). With an unmasked overflow or underflow nothing is to be stored.
#[inline]
pub fn to_f32(a: F80, env: &mut Env) -> u32 {
    store::<Single>(a, env) as u32
}

/// a as an f64 pattern (FST m64). With an unmasked overflow or underflow nothing is to be stored.
#[inline]
pub fn to_f64(a: F80, env: &mut Env) -> u64 {
    store::<Double>(a, env)
}

/// The f32 pattern as an 80-bit value without any exception, and whether it is denormal. A signalling NaN stays one:
/// for operations with a memory operand, which choose between NaNs before they quiet them.
#[inline]
pub fn expand_f32(bits: u32) -> (F80, bool) {
    expand::<Single>(u64::from(bits))
}

/// The same for an f64 pattern.
#[inline]
pub fn expand_f64(bits: u64) -> (F80, bool) {
    expand::<Double>(bits)
}

#[inline]
fn load<F: Format>(bits: u64, env: &mut Env) -> F80 {
    if is_normal::<F>(bits) {
        return expand::<F>(bits).0;
    }
    load_special::<F>(bits, env)
}

#[cold]
fn load_special<F: Format>(bits: u64, env: &mut Env) -> F80 {
    let (value, denormal) = expand::<F>(bits);
    if denormal {
        env.flags |= spec::DE;
    }
    if value.class() == Class::SignalingNan {
        env.flags |= spec::IE;
        return value.quieted();
    }
    value
}

#[inline]
fn is_normal<F: Format>(bits: u64) -> bool {
    (format::exponent::<F>(bits) as u32).wrapping_sub(1) < F::EXPONENT_MAX as u32 - 1
}

#[inline]
fn expand<F: Format>(bits: u64) -> (F80, bool) {
    if is_normal::<F>(bits) {
        let Finite { negative, exponent, significand } = format::unpack::<F>(bits);
        return (F80::from_parts(negative, exponent, significand), false);
    }
    expand_special::<F>(bits)
}

#[cold]
fn expand_special<F: Format>(bits: u64) -> (F80, bool) {
    let negative = format::is_negative::<F>(bits);
    match format::kind::<F>(bits) {
        Kind::Zero => (F80::zero(negative), false),
        Kind::Infinity | Kind::QuietNan | Kind::SignalingNan => {
            let fraction = (bits & F::FRACTION) << (63 - F::FRACTION_BITS);
            (F80::from_parts(negative, 0x7FFF, F80::J_BIT | fraction), false)
        }
        Kind::Denormal | Kind::Normal => {
            let Finite { negative, exponent, significand } = format::unpack::<F>(bits);
            (F80::from_parts(negative, exponent, significand), true)
        }
    }
}

#[inline]
fn store<F: Format>(a: F80, env: &mut Env) -> u64 {
    let dropped = 63 - F::FRACTION_BITS;
    let exponent = a.exponent() - (F80::BIAS - F::BIAS);
    // One less than the largest exponent, so that a carry cannot overflow.
    let plain = (1..F::EXPONENT_MAX - 1).contains(&exponent) && a.is_normal();
    if !plain || env.rounding() != Rounding::Nearest {
        return store_any::<F>(a, env);
    }
    let (kept, rest) = (a.significand >> dropped, a.significand << (64 - dropped));
    let up = rest >> 63 & (u64::from(rest << 1 != 0) | kept & 1);
    if rest != 0 {
        env.flags |= spec::PE | (up as u16) << 9;
    }
    // The integer bit of `kept` adds one to the exponent field.
    let magnitude = ((exponent as u64 - 1) << F::FRACTION_BITS) + kept + up;
    format::sign_bit::<F>(a.is_negative()) | magnitude
}

#[cold]
fn store_any<F: Format>(a: F80, env: &mut Env) -> u64 {
    let sign = format::sign_bit::<F>(a.is_negative());
    let nan = sign | F::INFINITY | F::QUIET | (a.significand >> (63 - F::FRACTION_BITS) & F::FRACTION);
    match a.class() {
        Class::Zero => sign,
        Class::Infinity => sign | F::INFINITY,
        Class::QuietNan => nan,
        Class::SignalingNan => {
            env.flags |= spec::IE;
            nan
        }
        Class::Unsupported => {
            env.invalid();
            F::INDEFINITE
        }
        Class::Denormal | Class::Normal => {
            let target = Target {
                rounding: env.rounding(),
                overflow_masked: env.masked(spec::OE),
                underflow_masked: env.masked(spec::UE),
                flush_to_zero: false,
            };
            let rounded = format::round_pack::<F>(unpack(a).into(), target);
            env.flags |= rounded.flags;
            rounded.bits
        }
    }
}
