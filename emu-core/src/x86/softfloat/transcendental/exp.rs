//! F2XM1.

use super::constants::{EXP, LN_2};
use super::real::{Real, mul_high, series};
use crate::x86::fpu_state::spec;
use crate::x86::softfloat::round::{round_pack, unpack};
use crate::x86::softfloat::{Class, Env, F80, nan};

/// 2^a - 1 for -1 <= a <= 1. Outside of that range, where the SDM leaves the result undefined, a itself.
pub fn two_to_minus_one(a: F80, env: &mut Env) -> F80 {
    if let Some(nan) = nan::unary(a, env) {
        return nan;
    }
    match a.class() {
        Class::Zero => return a,
        Class::Infinity => return if a.is_negative() { F80::ONE.negated() } else { a },
        Class::Denormal if env.denormal_aborts() => return a,
        _ => {}
    }
    // Processors report even the exact results as inexact.
    env.flags |= spec::PE;
    if a.exponent() >= F80::BIAS {
        let minus_one = a == F80::ONE.negated();
        return if minus_one { F80::new(0xBFFE, F80::J_BIT) } else { a };
    }
    let t = Real::from(unpack(a)).mul(LN_2);
    let sum = if t.negative { alternating(t.fraction()) } else { series(&EXP, t.fraction(), false) };
    round_pack(t.mul(Real::normalised(false, 0, sum)).inexact(), env)
}

/// The series for a negative argument of this magnitude.
fn alternating(magnitude: u128) -> u128 {
    EXP.iter().rev().fold(0, |sum, coefficient| coefficient - mul_high(magnitude, sum))
}
