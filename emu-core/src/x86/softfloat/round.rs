//! Rounding to the 80-bit format, with overflow and underflow (SDM vol. 1, 8.5.4 to 8.5.6).

use super::finite::{Finite, Wide};
use super::{Env, F80};
use crate::x86::fpu_state::spec;

/// By how much the exponent is moved when overflow or underflow is not masked (SDM vol. 1, 8.5.4).
const UNMASKED_BIAS: i32 = 24576;

/// Rounds to the precision of `env` and packs.
#[inline(always)]
pub(super) fn round_pack(value: Wide, env: &mut Env) -> F80 {
    if env.control & 0x0F00 != 0x0300 || !(1..0x7FFE).contains(&value.exponent) {
        return round_pack_any(value, env);
    }
    if value.low == 0 {
        return F80::from_parts(value.negative, value.exponent, value.high);
    }
    let up = value.low >> 63 & (u64::from(value.low << 1 != 0) | value.high & 1);
    env.flags |= spec::PE | (up as u16) << 9;
    let (significand, carry) = value.high.overflowing_add(up);
    let exponent = value.exponent + i32::from(carry);
    F80::from_parts(value.negative, exponent, significand | u64::from(carry) << 63)
}

/// A significand cut to the precision in force.
struct Cut {
    significand: u64,
    /// Rounding carried out of bit 63.
    carry: bool,
    inexact: bool,
    up: bool,
}

impl Cut {
    fn report(&self, env: &mut Env) {
        if self.inexact {
            env.flags |= spec::PE;
        }
        if self.up {
            env.flags |= spec::C1;
        }
    }
}

fn cut(negative: bool, high: u64, low: u64, env: &Env) -> Cut {
    let dropped = env.dropped_bits();
    let unit = 1u64 << dropped;
    let kept = high & !(unit - 1);
    let rest = if dropped == 0 { low } else { high << (64 - dropped) | u64::from(low != 0) };
    let up = env.rounding().increments(negative, kept & unit != 0, rest);
    let (sum, carry) = if up { kept.overflowing_add(unit) } else { (kept, false) };
    Cut { significand: if carry { F80::J_BIT } else { sum }, carry, inexact: rest != 0, up }
}

#[cold]
fn round_pack_any(value: Wide, env: &mut Env) -> F80 {
    let rounded = cut(value.negative, value.high, value.low, env);
    let exponent = value.exponent + i32::from(rounded.carry);
    if exponent >= 0x7FFF {
        overflow(value.negative, exponent, rounded, env)
    } else if exponent < 1 {
        underflow(value, exponent, rounded, env)
    } else {
        rounded.report(env);
        F80::from_parts(value.negative, exponent, rounded.significand)
    }
}

fn overflow(negative: bool, exponent: i32, rounded: Cut, env: &mut Env) -> F80 {
    env.flags |= spec::OE;
    if !env.masked(spec::OE) {
        let exponent = exponent - UNMASKED_BIAS;
        if exponent < 0x7FFF {
            rounded.report(env);
            return F80::from_parts(negative, exponent, rounded.significand);
        }
        env.flags |= spec::PE | spec::C1;
        return F80::infinity(negative);
    }
    env.flags |= spec::PE;
    if env.rounding().increments(negative, true, u64::MAX) {
        env.flags |= spec::C1;
        return F80::infinity(negative);
    }
    F80::from_parts(negative, 0x7FFE, u64::MAX << env.dropped_bits())
}

fn underflow(value: Wide, exponent: i32, rounded: Cut, env: &mut Env) -> F80 {
    if !env.masked(spec::UE) {
        env.flags |= spec::UE;
        let exponent = exponent + UNMASKED_BIAS;
        if exponent < 1 {
            env.flags |= spec::PE;
            return F80::zero(value.negative);
        }
        rounded.report(env);
        return F80::from_parts(value.negative, exponent, rounded.significand);
    }
    let (high, low) = shift_right_sticky_128(value.high, value.low, (1 - value.exponent) as u32);
    let denormal = cut(value.negative, high, low, env);
    if denormal.inexact {
        env.flags |= spec::UE;
    }
    denormal.report(env);
    let exponent = i32::from(denormal.significand & F80::J_BIT != 0);
    F80::from_parts(value.negative, exponent, denormal.significand)
}

/// `high:low` shifted right, the lowest bit sticky.
pub(super) fn shift_right_sticky_128(high: u64, low: u64, count: u32) -> (u64, u64) {
    let value = u128::from(high) << 64 | u128::from(low);
    if count >= 128 {
        return (0, u64::from(value != 0));
    }
    let shifted = value >> count;
    let lost = shifted << count != value;
    ((shifted >> 64) as u64, shifted as u64 | u64::from(lost))
}

/// The finite number in a normal or denormal operand (not zero).
#[inline]
pub(super) fn unpack(a: F80) -> Finite {
    let exponent = a.exponent();
    if exponent == 0 {
        return Finite::normalised(a.is_negative(), 1, a.significand);
    }
    Finite { negative: a.is_negative(), exponent, significand: a.significand }
}
