//! FYL2X and FYL2XP1.

use super::constants::{ODD, TWO_LOG2_E};
use super::real::{Real, series};
use crate::x86::fpu_state::spec;
use crate::x86::softfloat::arith::denormal_operand;
use crate::x86::softfloat::round::{round_pack, unpack};
use crate::x86::softfloat::{Class, Env, F80, nan};

/// y * log2(x) (FYL2X).
pub fn y_log2_x(x: F80, y: F80, env: &mut Env) -> F80 {
    if let Some(nan) = nan::binary(x, y, env) {
        return nan;
    }
    let (class_x, class_y) = (x.class(), y.class());
    let below_one = x.exponent() < F80::BIAS;
    if class_x == Class::Zero {
        return match class_y {
            Class::Zero => env.invalid(),
            Class::Infinity => F80::infinity(!y.is_negative()),
            _ => env.divide_by_zero(!y.is_negative()),
        };
    }
    let invalid = x.is_negative()
        || (class_x == Class::Infinity && class_y == Class::Zero)
        || (x == F80::ONE && class_y == Class::Infinity);
    if invalid {
        return env.invalid();
    }
    if denormal_operand(x, y, env) {
        return x;
    }
    let negative = y.is_negative() != below_one;
    match (class_x, class_y) {
        (Class::Infinity, _) | (_, Class::Infinity) => F80::infinity(negative),
        (_, Class::Zero) => F80::zero(negative),
        _ if x == F80::ONE => F80::zero(y.is_negative()),
        _ => product(log2(unpack(x).into()), y, env),
    }
}

/// y * log2(x + 1) (FYL2XP1). Beyond the range of the SDM, where it leaves the result undefined, the same function down
/// to -1, and x itself from there on.
pub fn y_log2_x_plus_1(x: F80, y: F80, env: &mut Env) -> F80 {
    if let Some(nan) = nan::binary(x, y, env) {
        return nan;
    }
    let (class_x, class_y) = (x.class(), y.class());
    let invalid = (class_x == Class::Infinity && x.is_negative())
        || matches!((class_x, class_y), (Class::Infinity, Class::Zero) | (Class::Zero, Class::Infinity));
    if invalid {
        return env.invalid();
    }
    if denormal_operand(x, y, env) {
        return x;
    }
    let negative = x.is_negative() != y.is_negative();
    match (class_x, class_y) {
        (Class::Infinity, _) | (_, Class::Infinity) => F80::infinity(negative),
        (Class::Zero, _) | (_, Class::Zero) => F80::zero(negative),
        _ if x.is_negative() && x.exponent() >= F80::BIAS => {
            env.flags |= spec::PE;
            x
        }
        _ => product(log2_plus_1(unpack(x).into()), y, env),
    }
}

/// A logarithm, and whether it is exact.
struct Logarithm {
    value: Real,
    exact: bool,
}

fn product(logarithm: Logarithm, y: F80, env: &mut Env) -> F80 {
    let product = logarithm.value.mul(unpack(y).into());
    // Processors report even the exact results as inexact.
    env.flags |= spec::PE;
    round_pack(if logarithm.exact { product.exact() } else { product.inexact() }, env)
}

/// The binary logarithm of a positive number other than one.
fn log2(x: Real) -> Logarithm {
    const ROOT_2: u128 = 0xB504_F333_F9DE_6484 << 64;
    let above = x.significand > ROOT_2;
    let exponent = x.exponent + i32::from(above);
    if x.significand == 1 << 127 {
        return Logarithm { value: Real::integer(exponent), exact: true };
    }
    // Between 1 / sqrt(2) and sqrt(2).
    let m = Real { exponent: -i32::from(above), ..x };
    let s = m.add(Real::ONE.negated()).div(m.add(Real::ONE));
    Logarithm { value: Real::integer(exponent).add(log2_of_ratio(s)), exact: false }
}

fn log2_plus_1(x: Real) -> Logarithm {
    // Above 1/4 nothing is lost by adding one first.
    if x.exponent >= -2 {
        return log2(x.add(Real::ONE));
    }
    let s = x.div(x.add(Real::integer(2)));
    Logarithm { value: log2_of_ratio(s), exact: false }
}

/// log2((1 + s) / (1 - s)) for |s| up to 0.1716, as 2 artanh(s) / ln 2.
fn log2_of_ratio(s: Real) -> Real {
    let sum = series(&ODD, s.mul(s).fraction(), false);
    s.mul(TWO_LOG2_E).mul(Real::normalised(false, 0, sum))
}
