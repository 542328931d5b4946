//! Conversions between f32, f64 and 32-bit integers.

use super::SimdEnv;
use crate::x86::fpu_state::spec;
use crate::x86::softfloat::finite::Finite;
use crate::x86::softfloat::format::{self, Format, Kind};
use crate::x86::softfloat::round::shift_right_sticky_128;
use crate::x86::softfloat::{F80, Rounding};

/// The pattern `a` of one format in the other (CVTSS2SD, CVTSD2SS).
pub fn convert_format<From: Format, To: Format>(a: u64, env: &mut SimdEnv) -> u64 {
    let a = env.operand::<From>(a);
    let sign = format::sign_bit::<To>(a & From::SIGN != 0);
    match format::kind::<From>(a) {
        Kind::Zero => sign,
        Kind::Infinity => sign | To::INFINITY,
        kind @ (Kind::QuietNan | Kind::SignalingNan) => {
            if kind == Kind::SignalingNan {
                env.flags |= spec::IE;
            }
            let fraction = (a & From::FRACTION) << (63 - From::FRACTION_BITS);
            sign | To::INFINITY | To::QUIET | fraction >> (63 - To::FRACTION_BITS)
        }
        kind @ (Kind::Normal | Kind::Denormal) => {
            if kind == Kind::Denormal {
                env.flags |= spec::DE;
            }
            env.round::<To>(format::unpack::<From>(a).into())
        }
    }
}

/// A signed integer as a floating-point number.
pub fn from_int<F: Format>(value: i32, env: &mut SimdEnv) -> u64 {
    if value == 0 {
        return 0;
    }
    let magnitude = u64::from(value.unsigned_abs());
    env.round::<F>(Finite::normalised(value < 0, F80::BIAS + 63, magnitude).into())
}

/// a as a signed 32-bit integer, truncated or rounded as MXCSR says. Out of range or NaN: invalid operation and the
/// integer indefinite 80000000h. A denormal operand is no exception here.
pub fn to_int<F: Format>(a: u64, truncate: bool, env: &mut SimdEnv) -> i32 {
    let a = env.operand::<F>(a);
    match format::kind::<F>(a) {
        Kind::Zero => return 0,
        Kind::Normal | Kind::Denormal => {}
        _ => {
            env.flags |= spec::IE;
            return i32::MIN;
        }
    }
    let a = format::unpack::<F>(a);
    let shift = F80::BIAS + 63 - a.exponent;
    if shift < 31 {
        env.flags |= spec::IE;
        return i32::MIN;
    }
    let rounding = if truncate { Rounding::Zero } else { env.rounding() };
    let (whole, rest) = shift_right_sticky_128(a.significand, 0, shift as u32);
    let whole = whole + u64::from(rounding.increments(a.negative, whole & 1 != 0, rest));
    if whole > i32::MAX as u64 + u64::from(a.negative) {
        env.flags |= spec::IE;
        return i32::MIN;
    }
    if rest != 0 {
        env.flags |= spec::PE;
    }
    let magnitude = whole as u32 as i32;
    if a.negative { magnitude.wrapping_neg() } else { magnitude }
}
