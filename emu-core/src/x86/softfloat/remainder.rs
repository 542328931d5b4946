//! FPREM and FPREM1.

use super::arith::denormal_operand;
use super::finite::{Finite, divide_128_by_64};
use super::round::{round_pack, unpack};
use super::{Class, Env, F80, nan};
use crate::x86::fpu_state::spec;

/// How the quotient is made an integer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Quotient {
    /// Toward zero: FPREM.
    Truncated,
    /// To the nearest, ties to even: FPREM1 (IEEE 754).
    Nearest,
}

/// The partial remainder of a by b, and C0 (quotient bit 2), C3 (bit 1), C1 (bit 0), C2 (reduction incomplete);
/// no codes if there is no quotient because of a NaN or an invalid operation.
///
/// With C2 the exponent is lowered by `32 + (difference of exponents mod 32)`: the SDM leaves a choice between 32 and
/// 63.
pub fn partial_remainder(a: F80, b: F80, quotient: Quotient, env: &mut Env) -> (F80, Option<u16>) {
    if let Some(nan) = nan::binary(a, b, env) {
        return (nan, None);
    }
    if a.class() == Class::Infinity || b.class() == Class::Zero {
        return (env.invalid(), None);
    }
    if denormal_operand(a, b, env) {
        return (a, None);
    }
    let (rest, code) = match (a.class(), b.class()) {
        (Class::Zero, _) => (a, 0),
        (_, Class::Infinity) => (pack_exact(unpack(a), env), 0),
        _ => reduce(unpack(a), unpack(b), quotient, env),
    };
    (rest, Some(code))
}

fn reduce(value: Finite, whole: Finite, quotient: Quotient, env: &mut Env) -> (F80, u16) {
    let distance = value.exponent - whole.exponent;
    match distance {
        ..-1 => (pack_exact(value, env), 0),
        -1 if quotient == Quotient::Truncated => (pack_exact(value, env), 0),
        -1..64 => complete(value, whole, quotient, env),
        _ => {
            let lowered = (distance & 31 | 32) as u32;
            let rest = shifted_remainder(value.significand, lowered, whole.significand).1;
            let exponent = whole.exponent + distance - lowered as i32;
            (pack_rest(value.negative, exponent, rest, env), spec::C2)
        }
    }
}

/// `(significand << shift) / divisor` and its remainder; both normalised, `shift < 64`.
fn shifted_remainder(significand: u64, shift: u32, divisor: u64) -> (u64, u64) {
    let high = if shift == 0 { 0 } else { significand >> (64 - shift) };
    divide_128_by_64(high, significand << shift, divisor)
}

fn complete(value: Finite, whole: Finite, quotient: Quotient, env: &mut Env) -> (F80, u16) {
    let distance = value.exponent - whole.exponent;
    let divisor = whole.significand;
    if distance < 0 {
        return nearest_below_divisor(value, whole, env);
    }
    let (mut count, mut rest) = shifted_remainder(value.significand, distance as u32, divisor);
    let mut negative = value.negative;
    let above_half = rest > divisor - rest || (rest == divisor - rest && count & 1 != 0);
    if quotient == Quotient::Nearest && above_half {
        rest = divisor - rest;
        count = count.wrapping_add(1);
        negative = !negative;
    }
    (pack_rest(negative, whole.exponent, rest, env), quotient_bits(count))
}

/// FPREM1 when the exponent of the value is one less than the divisor's: the quotient is 0 or 1.
fn nearest_below_divisor(value: Finite, whole: Finite, env: &mut Env) -> (F80, u16) {
    if value.significand <= whole.significand {
        // At most one half of the divisor; a tie goes to the even quotient 0.
        return (pack_exact(value, env), 0);
    }
    // 2 * divisor - value, in units of the value's exponent.
    let rest = whole.significand.wrapping_sub(value.significand).wrapping_add(whole.significand);
    (pack_rest(!value.negative, value.exponent, rest, env), quotient_bits(1))
}

fn quotient_bits(count: u64) -> u16 {
    let bit = |n: u64, flag: u16| if count >> n & 1 != 0 { flag } else { 0 };
    bit(2, spec::C0) | bit(1, spec::C3) | bit(0, spec::C1)
}

fn pack_rest(negative: bool, exponent: i32, rest: u64, env: &mut Env) -> F80 {
    if rest == 0 {
        return F80::zero(negative);
    }
    pack_exact(Finite::normalised(negative, exponent, rest), env)
}

/// Remainders are exact; only an unmasked underflow can change one.
fn pack_exact(value: Finite, env: &mut Env) -> F80 {
    let mut extended = Env::extended(env.control);
    let result = round_pack(value.into(), &mut extended);
    env.flags |= extended.flags;
    result
}
