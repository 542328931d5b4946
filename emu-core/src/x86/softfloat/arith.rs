//! FADD, FSUB, FMUL, FDIV, FSQRT.

use super::finite::{self, Finite};
use super::round::{round_pack, unpack};
use super::{Class, Env, F80, Rounding, nan};

/// a + b.
#[inline(always)]
pub fn add(a: F80, b: F80, env: &mut Env) -> F80 {
    if a.is_normal() && b.is_normal() {
        return add_finite(unpack_normal(a), unpack_normal(b), env);
    }
    add_special(a, b, false, env)
}

/// a - b.
#[inline(always)]
pub fn sub(a: F80, b: F80, env: &mut Env) -> F80 {
    if a.is_normal() && b.is_normal() {
        return add_finite(unpack_normal(a), unpack_normal(b.negated()), env);
    }
    add_special(a, b, true, env)
}

/// a * b.
#[inline(always)]
pub fn mul(a: F80, b: F80, env: &mut Env) -> F80 {
    if a.is_normal() && b.is_normal() {
        return round_pack(finite::multiply(unpack_normal(a), unpack_normal(b)), env);
    }
    mul_special(a, b, env)
}

/// a / b.
#[inline]
pub fn div(a: F80, b: F80, env: &mut Env) -> F80 {
    if a.is_normal() && b.is_normal() {
        return round_pack(finite::divide(unpack_normal(a), unpack_normal(b)), env);
    }
    div_special(a, b, env)
}

/// The square root of a.
pub fn sqrt(a: F80, env: &mut Env) -> F80 {
    if let Some(nan) = nan::unary(a, env) {
        return nan;
    }
    match a.class() {
        Class::Zero => a,
        _ if a.is_negative() => env.invalid(),
        Class::Infinity => a,
        Class::Denormal if env.denormal_aborts() => a,
        _ => round_pack(finite::square_root(unpack(a)), env),
    }
}

#[inline]
fn unpack_normal(a: F80) -> Finite {
    Finite { negative: a.is_negative(), exponent: a.exponent(), significand: a.significand }
}

#[inline(always)]
fn add_finite(a: Finite, b: Finite, env: &mut Env) -> F80 {
    match finite::add(a, b) {
        Some(sum) => round_pack(sum, env),
        None => F80::zero(env.rounding() == Rounding::Down),
    }
}

/// Whether one of two operands is denormal and that exception is not masked.
pub(super) fn denormal_operand(a: F80, b: F80, env: &mut Env) -> bool {
    (a.class() == Class::Denormal || b.class() == Class::Denormal) && env.denormal_aborts()
}

#[cold]
fn add_special(a: F80, b: F80, negate_b: bool, env: &mut Env) -> F80 {
    if let Some(nan) = nan::binary(a, b, env) {
        return nan;
    }
    let b = if negate_b { b.negated() } else { b };
    let (class_a, class_b) = (a.class(), b.class());
    if class_a == Class::Infinity && class_b == Class::Infinity && a.is_negative() != b.is_negative() {
        return env.invalid();
    }
    if denormal_operand(a, b, env) {
        return a;
    }
    match (class_a, class_b) {
        (Class::Infinity, _) => a,
        (_, Class::Infinity) => b,
        (Class::Zero, Class::Zero) if a.is_negative() == b.is_negative() => a,
        (Class::Zero, Class::Zero) => F80::zero(env.rounding() == Rounding::Down),
        // A number that is kept is still cut to the precision in force.
        (Class::Zero, _) => round_pack(unpack(b).into(), env),
        (_, Class::Zero) => round_pack(unpack(a).into(), env),
        _ => add_finite(unpack(a), unpack(b), env),
    }
}

#[cold]
fn mul_special(a: F80, b: F80, env: &mut Env) -> F80 {
    if let Some(nan) = nan::binary(a, b, env) {
        return nan;
    }
    let negative = a.is_negative() != b.is_negative();
    let (class_a, class_b) = (a.class(), b.class());
    if matches!((class_a, class_b), (Class::Infinity, Class::Zero) | (Class::Zero, Class::Infinity)) {
        return env.invalid();
    }
    if denormal_operand(a, b, env) {
        return a;
    }
    match (class_a, class_b) {
        (Class::Infinity, _) | (_, Class::Infinity) => F80::infinity(negative),
        (Class::Zero, _) | (_, Class::Zero) => F80::zero(negative),
        _ => round_pack(finite::multiply(unpack(a), unpack(b)), env),
    }
}

#[cold]
fn div_special(a: F80, b: F80, env: &mut Env) -> F80 {
    if let Some(nan) = nan::binary(a, b, env) {
        return nan;
    }
    let negative = a.is_negative() != b.is_negative();
    match (a.class(), b.class()) {
        (Class::Infinity, Class::Infinity) | (Class::Zero, Class::Zero) => return env.invalid(),
        (Class::Normal | Class::Denormal, Class::Zero) => return env.divide_by_zero(negative),
        _ => {}
    }
    if denormal_operand(a, b, env) {
        return a;
    }
    match (a.class(), b.class()) {
        (Class::Infinity, _) => F80::infinity(negative),
        (Class::Zero, _) | (_, Class::Infinity) => F80::zero(negative),
        _ => round_pack(finite::divide(unpack(a), unpack(b)), env),
    }
}
