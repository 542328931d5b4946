//! Comparisons, FTST and FXAM.

use super::arith::is_unordered;
use super::stack::{finish, report, underflow};
use crate::x86::fpu_state::{FpuState, spec};
use crate::x86::softfloat::{self, Env, F80};
use core::cmp::Ordering;

const CODES: u16 = spec::C0 | spec::C2 | spec::C3;

fn set_codes(fpu: &mut FpuState, outcome: Option<Ordering>) {
    fpu.status = fpu.status & !CODES | softfloat::condition_code(outcome);
}

/// FCOM, FUCOM (`quiet`) and their popping forms: ST(0) with ST(i).
pub fn compare(fpu: &mut FpuState, i: u8, quiet: bool, pops: u8) {
    if fpu.is_empty(i) {
        return compare_fault(fpu, pops);
    }
    let source = fpu.get(i);
    compare_memory(fpu, source, false, quiet, pops);
}

/// The comparison of ST(0) with a value from memory; `denormal` as in [`super::arith::arith_memory`].
pub fn compare_memory(fpu: &mut FpuState, source: F80, denormal: bool, quiet: bool, pops: u8) {
    if fpu.is_empty(0) {
        return compare_fault(fpu, pops);
    }
    let mut env = Env::new(fpu.control);
    let outcome = softfloat::compare(fpu.get(0), source, quiet, &mut env);
    if denormal && !is_unordered(fpu.get(0)) {
        env.flags |= spec::DE;
    }
    set_codes(fpu, outcome);
    if finish(fpu, &env) {
        (0..pops).for_each(|_| fpu.pop());
    }
}

#[cold]
fn compare_fault(fpu: &mut FpuState, pops: u8) {
    set_codes(fpu, None);
    if underflow(fpu) {
        (0..pops).for_each(|_| fpu.pop());
    }
}

/// FCOMI, FUCOMI (`quiet`) and their popping forms. The outcome for EFLAGS (ZF, PF, CF; OF, SF and AF are cleared);
/// the outer `None` means that an unmasked invalid operation leaves EFLAGS alone.
pub fn compare_flags(fpu: &mut FpuState, i: u8, quiet: bool, pop: bool) -> Option<Option<Ordering>> {
    let (written, outcome) = if fpu.is_empty(0) || fpu.is_empty(i) {
        (underflow(fpu), None)
    } else {
        let mut env = Env::new(fpu.control);
        let outcome = softfloat::compare(fpu.get(0), fpu.get(i), quiet, &mut env);
        let written = finish(fpu, &env);
        if env.unmasked() & spec::IE != 0 {
            return None;
        }
        (written, Some(outcome))
    };
    if written && pop {
        fpu.pop();
    }
    outcome.or(written.then_some(None))
}

/// FTST.
pub fn test(fpu: &mut FpuState) {
    compare_memory(fpu, F80::ZERO, false, false, 0);
}

/// FXAM: also of an empty register.
pub fn examine(fpu: &mut FpuState) {
    let code = softfloat::examine(fpu.get(0), fpu.is_empty(0));
    report(fpu, 0);
    fpu.status = fpu.status & !CODES | code;
}
