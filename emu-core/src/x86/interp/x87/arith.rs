//! Arithmetic between registers and with memory operands.

use super::stack::{finish, report, underflow_to};
use crate::x86::fpu_state::{FpuState, spec};
use crate::x86::softfloat::{self, Class, Env, F80, Quotient};

/// The six operations of the arithmetic escapes; the "r" ones take their operands the other way round.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Arith {
    /// destination + source
    Add,
    /// destination * source
    Mul,
    /// destination - source
    Sub,
    /// source - destination
    Subr,
    /// destination / source
    Div,
    /// source / destination
    Divr,
}

impl Arith {
    #[inline(always)]
    fn compute(self, destination: F80, source: F80, env: &mut Env) -> F80 {
        match self {
            Arith::Add => softfloat::add(destination, source, env),
            Arith::Mul => softfloat::mul(destination, source, env),
            Arith::Sub => softfloat::sub(destination, source, env),
            Arith::Subr => softfloat::sub(source, destination, env),
            Arith::Div => softfloat::div(destination, source, env),
            Arith::Divr => softfloat::div(source, destination, env),
        }
    }
}

/// Arithmetic of ST(`destination`) with ST(`source`), to ST(`destination`).
#[inline(always)]
pub fn arith(fpu: &mut FpuState, op: Arith, destination: u8, source: u8, pop: bool) {
    if fpu.is_empty(destination) || fpu.is_empty(source) {
        return underflow_to(fpu, destination, pop);
    }
    let mut env = Env::new(fpu.control);
    let result = op.compute(fpu.get(destination), fpu.get(source), &mut env);
    if finish(fpu, &env) {
        fpu.set(destination, result);
        if pop {
            fpu.pop();
        }
    }
}

/// Arithmetic of ST(0) with a value from memory. A signalling NaN comes in as it is; `denormal` says that the value
/// was a denormal in memory (it no longer is one in 80 bits).
#[inline(always)]
pub fn arith_memory(fpu: &mut FpuState, op: Arith, source: F80, denormal: bool) {
    if fpu.is_empty(0) {
        return underflow_to(fpu, 0, false);
    }
    let mut env = Env::new(fpu.control);
    let result = op.compute(fpu.get(0), source, &mut env);
    if denormal {
        report_denormal(fpu.get(0), &mut env);
    }
    if finish(fpu, &env) {
        fpu.set(0, result);
    }
}

/// A denormal memory operand counts unless something of higher priority was found: a NaN, an invalid operation, a
/// division by zero (SDM vol. 1, 8.6).
#[cold]
fn report_denormal(other: F80, env: &mut Env) {
    if env.flags & (spec::IE | spec::ZE) != 0 || other.is_nan() {
        return;
    }
    if !env.masked(spec::DE) {
        env.flags = 0;
    }
    env.flags |= spec::DE;
}

/// Replaces ST(0) by a function of it.
#[inline]
fn unary(fpu: &mut FpuState, function: impl FnOnce(F80, &mut Env) -> F80) {
    if fpu.is_empty(0) {
        return underflow_to(fpu, 0, false);
    }
    let mut env = Env::new(fpu.control);
    let result = function(fpu.get(0), &mut env);
    if finish(fpu, &env) {
        fpu.set(0, result);
    }
}

/// FSQRT.
pub fn sqrt(fpu: &mut FpuState) {
    unary(fpu, softfloat::sqrt);
}

/// FRNDINT.
pub fn round_to_integer(fpu: &mut FpuState) {
    unary(fpu, softfloat::round_to_integer);
}

/// FCHS.
#[inline]
pub fn change_sign(fpu: &mut FpuState) {
    unary(fpu, |value, _| value.negated());
}

/// FABS.
#[inline]
pub fn absolute(fpu: &mut FpuState) {
    unary(fpu, |value, _| value.absolute());
}

/// FSCALE.
pub fn scale(fpu: &mut FpuState) {
    if fpu.is_empty(0) || fpu.is_empty(1) {
        return underflow_to(fpu, 0, false);
    }
    let exponent = fpu.get(1);
    unary(fpu, |value, env| softfloat::scale(value, exponent, env));
}

/// FPREM and FPREM1.
pub fn partial_remainder(fpu: &mut FpuState, quotient: Quotient) {
    fpu.status &= !spec::C2;
    if fpu.is_empty(0) || fpu.is_empty(1) {
        return underflow_to(fpu, 0, false);
    }
    let mut env = Env::new(fpu.control);
    let (rest, code) = softfloat::partial_remainder(fpu.get(0), fpu.get(1), quotient, &mut env);
    let written = finish(fpu, &env);
    if let Some(code) = code {
        // A partial remainder is exact: C1 is a quotient bit, never "rounded up".
        fpu.status = fpu.status & !(spec::C0 | spec::C1 | spec::C2 | spec::C3) | code;
    }
    if written {
        fpu.set(0, rest);
    }
}

/// FXTRACT: the exponent replaces ST(0), the significand is pushed.
pub fn extract(fpu: &mut FpuState) {
    if fpu.is_empty(0) || !fpu.is_empty(7) {
        return push_fault(fpu);
    }
    let mut env = Env::new(fpu.control);
    let (exponent, significand) = softfloat::extract(fpu.get(0), &mut env);
    if finish(fpu, &env) {
        fpu.set(0, exponent);
        fpu.push(significand);
    }
}

/// The stack fault of an instruction that replaces ST(0) and pushes: underflow goes before overflow. The masked
/// response is the indefinite in both registers.
#[cold]
pub(super) fn push_fault(fpu: &mut FpuState) {
    let direction = if fpu.is_empty(0) { 0 } else { spec::C1 };
    report(fpu, spec::IE | spec::SF | direction);
    if fpu.control & spec::IE != 0 {
        fpu.set(0, F80::INDEFINITE);
        fpu.push(F80::INDEFINITE);
    }
}

/// An f32 from memory for [`arith_memory`] or a comparison, and whether it was denormal. NaNs stay as they are.
#[inline]
pub fn operand_f32(bits: u32) -> (F80, bool) {
    softfloat::expand_f32(bits)
}

/// An f64 from memory for [`arith_memory`] or a comparison, and whether it was denormal. NaNs stay as they are.
#[inline]
pub fn operand_f64(bits: u64) -> (F80, bool) {
    softfloat::expand_f64(bits)
}

/// Whether a value is a NaN or an encoding no operation accepts.
pub(super) fn is_unordered(value: F80) -> bool {
    matches!(value.class(), Class::QuietNan | Class::SignalingNan | Class::Unsupported)
}
