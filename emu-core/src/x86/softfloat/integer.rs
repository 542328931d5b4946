//! FRNDINT, FSCALE, FXTRACT; integers and packed decimals.

use super::arith::denormal_operand;
use super::finite::{Finite, Wide};
use super::round::{round_pack, shift_right_sticky_128, unpack};
use super::{Class, Env, F80, nan};
use crate::x86::fpu_state::spec;

/// The packed BCD indefinite: what FBSTP stores for a masked invalid operation.
pub const BCD_INDEFINITE: [u8; 10] = [0, 0, 0, 0, 0, 0, 0, 0xC0, 0xFF, 0xFF];

/// The largest magnitude of 18 decimal digits.
const BCD_MAX: u64 = 999_999_999_999_999_999;

/// The value of an integer, exact.
#[inline]
pub fn from_i64(value: i64) -> F80 {
    if value == 0 {
        return F80::ZERO;
    }
    let magnitude = value.unsigned_abs();
    let shift = magnitude.leading_zeros();
    F80::from_parts(value < 0, F80::BIAS + 63 - shift as i32, magnitude << (shift & 63))
}

/// The magnitude of a finite number rounded to an integer (128 bits, saturated) with its flags.
fn rounded_magnitude(a: Finite, env: &mut Env) -> u128 {
    let above = a.exponent - (F80::BIAS + 63);
    if above > 0 {
        return u128::from(a.significand)
            .checked_shl(above as u32)
            .filter(|_| above < 64)
            .unwrap_or(u128::MAX);
    }
    let (whole, rest) = shift_right_sticky_128(a.significand, 0, above.unsigned_abs());
    let up = env.rounding().increments(a.negative, whole & 1 != 0, rest);
    if rest != 0 {
        env.flags |= spec::PE;
    }
    if up {
        env.flags |= spec::C1;
    }
    u128::from(whole) + u128::from(up)
}

/// a as a signed integer of `bits` (16, 32 or 64) bits, rounded. Out of range or NaN: invalid operation and the
/// integer indefinite, the most negative number (SDM vol. 1, 4.2.1).
pub fn to_int(a: F80, bits: u32, env: &mut Env) -> i64 {
    let indefinite = -1i64 << (bits - 1);
    match a.class() {
        Class::Zero => return 0,
        Class::Normal | Class::Denormal => {}
        _ => {
            env.invalid();
            return indefinite;
        }
    }
    let a = unpack(a);
    let mut rounding = Env::new(env.control);
    let magnitude = rounded_magnitude(a, &mut rounding);
    let limit = (1u128 << (bits - 1)) - u128::from(!a.negative);
    if magnitude > limit {
        env.invalid();
        return indefinite;
    }
    env.flags |= rounding.flags;
    let magnitude = magnitude as u64 as i64;
    if a.negative { magnitude.wrapping_neg() } else { magnitude }
}

/// a rounded to an integer (FRNDINT).
pub fn round_to_integer(a: F80, env: &mut Env) -> F80 {
    if let Some(nan) = nan::unary(a, env) {
        return nan;
    }
    match a.class() {
        Class::Zero | Class::Infinity => return a,
        Class::Denormal if env.denormal_aborts() => return a,
        _ if a.exponent() >= F80::BIAS + 63 => return a,
        _ => {}
    }
    let magnitude = rounded_magnitude(unpack(a), env) as u64;
    if magnitude == 0 {
        return F80::zero(a.is_negative());
    }
    let integer = Finite::normalised(a.is_negative(), F80::BIAS + 63, magnitude);
    F80::from_parts(integer.negative, integer.exponent, integer.significand)
}

/// a times two to the power of b truncated (FSCALE). Precision control does not apply.
pub fn scale(a: F80, b: F80, env: &mut Env) -> F80 {
    if let Some(nan) = nan::binary(a, b, env) {
        return nan;
    }
    match (a.class(), b.class(), b.is_negative()) {
        (Class::Infinity, Class::Infinity, true) | (Class::Zero, Class::Infinity, false) => {
            return env.invalid();
        }
        _ => {}
    }
    if denormal_operand(a, b, env) {
        return a;
    }
    match (a.class(), b.class()) {
        (Class::Infinity | Class::Zero, _) => a,
        (_, Class::Infinity) if b.is_negative() => F80::zero(a.is_negative()),
        (_, Class::Infinity) => F80::infinity(a.is_negative()),
        _ => {
            let mut extended = Env::extended(env.control);
            let mut value: Wide = unpack(a).into();
            value.exponent += scale_exponent(b);
            let result = round_pack(value, &mut extended);
            env.flags |= extended.flags;
            result
        }
    }
}

/// b truncated to an integer and held within +-2^17, more than any exponent needs.
fn scale_exponent(b: F80) -> i32 {
    let power = b.exponent() - F80::BIAS;
    let magnitude = match power {
        ..0 => 0,
        0..17 => (b.significand >> (63 - power)) as i32,
        _ => 1 << 17,
    };
    if b.is_negative() { -magnitude } else { magnitude }
}

/// The exponent of a as a number, and a with its exponent made zero (FXTRACT).
pub fn extract(a: F80, env: &mut Env) -> (F80, F80) {
    if let Some(nan) = nan::unary(a, env) {
        return (nan, nan);
    }
    match a.class() {
        Class::Zero => return (env.divide_by_zero(true), a),
        Class::Infinity => return (F80::INFINITY, a),
        Class::Denormal if env.denormal_aborts() => return (a, a),
        _ => {}
    }
    let a = unpack(a);
    (from_i64(i64::from(a.exponent - F80::BIAS)), F80::from_parts(a.negative, F80::BIAS, a.significand))
}

/// The value of 18 packed decimal digits and a sign (FBLD). Digits above 9 count as they would in their place.
pub fn from_bcd(bytes: [u8; 10]) -> F80 {
    let magnitude = bytes[..9]
        .iter()
        .rev()
        .fold(0u64, |sum, byte| sum.wrapping_mul(100) + u64::from(byte >> 4) * 10 + u64::from(byte & 15));
    let negative = bytes[9] & 0x80 != 0;
    if magnitude == 0 {
        return F80::zero(negative);
    }
    let value = Finite::normalised(negative, F80::BIAS + 63, magnitude);
    F80::from_parts(value.negative, value.exponent, value.significand)
}

/// a rounded to an integer as packed decimal (FBSTP); the indefinite with an invalid operation if it has more than
/// 18 digits.
pub fn to_bcd(a: F80, env: &mut Env) -> [u8; 10] {
    let sign = if a.is_negative() { 0x80 } else { 0 };
    let mut magnitude = match a.class() {
        Class::Zero => 0,
        Class::Normal | Class::Denormal => {
            let mut rounding = Env::new(env.control);
            let magnitude = rounded_magnitude(unpack(a), &mut rounding);
            if magnitude > u128::from(BCD_MAX) {
                env.invalid();
                return BCD_INDEFINITE;
            }
            env.flags |= rounding.flags;
            magnitude as u64
        }
        _ => {
            env.invalid();
            return BCD_INDEFINITE;
        }
    };
    let mut bytes = [0; 10];
    for byte in &mut bytes[..9] {
        *byte = (((magnitude / 10 % 10) << 4) | (magnitude % 10)) as u8;
        magnitude /= 100;
    }
    bytes[9] = sign;
    bytes
}
