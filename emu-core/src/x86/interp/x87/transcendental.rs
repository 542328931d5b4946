//! The transcendental instructions, and the constants FLDPI and its kin push.

use super::arith::push_fault;
use super::stack::{finish, load, report, underflow_to};
use crate::x86::fpu_state::{FpuState, spec};
use crate::x86::softfloat::transcendental;
use crate::x86::softfloat::{Env, F80, Rounding};

/// F2XM1.
pub fn two_to_minus_one(fpu: &mut FpuState) {
    if fpu.is_empty(0) {
        return underflow_to(fpu, 0, false);
    }
    let mut env = Env::extended(fpu.control);
    let result = transcendental::two_to_minus_one(fpu.get(0), &mut env);
    if finish(fpu, &env) {
        fpu.set(0, result);
    }
}

/// An operation on ST(0) and ST(1) that leaves its result in ST(1) and pops.
fn binary(fpu: &mut FpuState, function: fn(F80, F80, &mut Env) -> F80) {
    if fpu.is_empty(0) || fpu.is_empty(1) {
        return underflow_to(fpu, 1, true);
    }
    let mut env = Env::extended(fpu.control);
    let result = function(fpu.get(0), fpu.get(1), &mut env);
    if finish(fpu, &env) {
        fpu.set(1, result);
        fpu.pop();
    }
}

/// FYL2X.
pub fn y_log2_x(fpu: &mut FpuState) {
    binary(fpu, transcendental::y_log2_x);
}

/// FYL2XP1.
pub fn y_log2_x_plus_1(fpu: &mut FpuState) {
    binary(fpu, transcendental::y_log2_x_plus_1);
}

/// FPATAN.
pub fn arctangent(fpu: &mut FpuState) {
    binary(fpu, |x, y, env| transcendental::atan2(y, x, env));
}

/// FSIN and FCOS: C2 tells that the operand is out of range and stays.
fn circular(fpu: &mut FpuState, function: fn(F80, &mut Env) -> Option<F80>) {
    fpu.status &= !spec::C2;
    if fpu.is_empty(0) {
        return underflow_to(fpu, 0, false);
    }
    let mut env = Env::extended(fpu.control);
    match function(fpu.get(0), &mut env) {
        None => out_of_range(fpu),
        Some(result) => {
            if finish(fpu, &env) {
                fpu.set(0, result);
            }
        }
    }
}

/// FSIN.
pub fn sine(fpu: &mut FpuState) {
    circular(fpu, transcendental::sin);
}

/// FCOS.
pub fn cosine(fpu: &mut FpuState) {
    circular(fpu, transcendental::cos);
}

/// FSINCOS and FPTAN: one result replaces ST(0), the other is pushed.
fn circular_pair(fpu: &mut FpuState, function: fn(F80, &mut Env) -> Option<(F80, F80)>) {
    fpu.status &= !spec::C2;
    if fpu.is_empty(0) || !fpu.is_empty(7) {
        return push_fault(fpu);
    }
    let mut env = Env::extended(fpu.control);
    match function(fpu.get(0), &mut env) {
        None => out_of_range(fpu),
        Some((result, pushed)) => {
            if finish(fpu, &env) {
                fpu.set(0, result);
                fpu.push(pushed);
            }
        }
    }
}

/// FSINCOS.
pub fn sine_and_cosine(fpu: &mut FpuState) {
    circular_pair(fpu, transcendental::sin_cos);
}

/// FPTAN.
pub fn tangent(fpu: &mut FpuState) {
    circular_pair(fpu, transcendental::tan);
}

fn out_of_range(fpu: &mut FpuState) {
    report(fpu, 0);
    fpu.status |= spec::C2;
}

/// A constant of FLDL2T and its kin: the significand is the exact value cut to 64 bits, `above_half` tells whether the
/// rest is more than one half.
#[derive(Clone, Copy, Debug)]
pub struct Constant {
    exponent: u16,
    significand: u64,
    above_half: bool,
}

/// log2(10).
pub const LOG2_10: Constant =
    Constant { exponent: 0x4000, significand: 0xD49A_784B_CD1B_8AFE, above_half: false };
/// log2(e).
pub const LOG2_E: Constant =
    Constant { exponent: 0x3FFF, significand: 0xB8AA_3B29_5C17_F0BB, above_half: true };
/// pi.
pub const PI: Constant = Constant { exponent: 0x4000, significand: 0xC90F_DAA2_2168_C234, above_half: true };
/// log10(2).
pub const LOG10_2: Constant =
    Constant { exponent: 0x3FFD, significand: 0x9A20_9A84_FBCF_F798, above_half: true };
/// ln 2.
pub const LN_2: Constant =
    Constant { exponent: 0x3FFE, significand: 0xB172_17F7_D1CF_79AB, above_half: true };

/// FLDL2T, FLDL2E, FLDPI, FLDLG2, FLDLN2: the constant as rounding control says. Never inexact (SDM vol. 1, 8.3.6).
pub fn load_constant(fpu: &mut FpuState, constant: Constant) {
    let up = match Env::new(fpu.control).rounding() {
        Rounding::Nearest => constant.above_half,
        Rounding::Up => true,
        Rounding::Down | Rounding::Zero => false,
    };
    load(fpu, F80::new(constant.exponent, constant.significand + u64::from(up)), 0);
}
