//! What all x87 operations share: reporting flags, stack faults, loads, stores and exchanges of registers.

use crate::x86::fpu_state::{FpuState, spec};
use crate::x86::softfloat::{self, Env, F80};

/// The value a store has computed. It is written to memory first, and only then may [`Store::commit`] change the
/// state, so that a page fault leaves the instruction to be started again.
#[must_use]
#[derive(Clone, Copy, Debug)]
pub struct Store<T> {
    /// What goes to memory; `None` if an unmasked exception prevents the store and the pop.
    pub value: Option<T>,
    /// Exception flags, SF and C1.
    flags: u16,
}

impl<T> Store<T> {
    /// The same store of the value in another form.
    #[inline]
    pub fn map<U>(self, form: impl FnOnce(T) -> U) -> Store<U> {
        Store { value: self.value.map(form), flags: self.flags }
    }

    /// Reports the flags and, if the value was stored and `pop` is set, pops the stack.
    #[inline]
    pub fn commit(self, fpu: &mut FpuState, pop: bool) {
        report(fpu, self.flags);
        if pop && self.value.is_some() {
            fpu.pop();
        }
    }
}

/// Merges exception flags and C1 of one operation into the status word.
#[inline]
pub(super) fn report(fpu: &mut FpuState, flags: u16) {
    fpu.status = (fpu.status & !spec::C1) | flags;
    if flags & !fpu.control & spec::EXCEPTIONS != 0 {
        fpu.status |= spec::ES | spec::BUSY;
    }
}

/// Reports what an operation raised; false if its result must not be written.
#[inline]
pub(super) fn finish(fpu: &mut FpuState, env: &Env) -> bool {
    report(fpu, env.flags);
    !env.aborted()
}

/// An empty register was read (SDM vol. 1, 8.5.1.1). True if the masked response is to be given.
#[cold]
pub(super) fn underflow(fpu: &mut FpuState) -> bool {
    report(fpu, spec::IE | spec::SF);
    fpu.control & spec::IE != 0
}

/// A push found ST(7) in use (SDM vol. 1, 8.5.1.1). The masked response pushes the indefinite.
#[cold]
pub(super) fn overflow(fpu: &mut FpuState) -> bool {
    report(fpu, spec::IE | spec::SF | spec::C1);
    fpu.control & spec::IE != 0
}

/// The result of an operation on an empty register: the indefinite, if masked.
#[cold]
pub(super) fn underflow_to(fpu: &mut FpuState, destination: u8, pop: bool) {
    if underflow(fpu) {
        fpu.set(destination, F80::INDEFINITE);
        if pop {
            fpu.pop();
        }
    }
}

/// Pushes a loaded value (FLD, FILD, FBLD). `flags` is what the conversion raised. An unmasked denormal does not keep
/// it from being loaded, an unmasked signalling NaN does.
#[inline]
pub fn load(fpu: &mut FpuState, value: F80, flags: u16) {
    if !fpu.is_empty(7) {
        if overflow(fpu) {
            fpu.push(F80::INDEFINITE);
        }
        return;
    }
    report(fpu, flags);
    if flags & !fpu.control & spec::IE == 0 {
        fpu.push(value);
    }
}

/// FLD m32.
#[inline]
pub fn load_f32(fpu: &mut FpuState, bits: u32) {
    let mut env = Env::new(fpu.control);
    let value = softfloat::from_f32(bits, &mut env);
    load(fpu, value, env.flags);
}

/// FLD m64.
#[inline]
pub fn load_f64(fpu: &mut FpuState, bits: u64) {
    let mut env = Env::new(fpu.control);
    let value = softfloat::from_f64(bits, &mut env);
    load(fpu, value, env.flags);
}

/// FLD ST(i).
#[inline]
pub fn load_register(fpu: &mut FpuState, i: u8) {
    if fpu.is_empty(i) {
        if underflow(fpu) {
            fpu.push(F80::INDEFINITE);
        }
    } else if !fpu.is_empty(7) {
        if overflow(fpu) {
            fpu.push(F80::INDEFINITE);
        }
    } else {
        report(fpu, 0);
        fpu.push(fpu.get(i));
    }
}

/// FST and FSTP to ST(i).
#[inline]
pub fn store_register(fpu: &mut FpuState, i: u8, pop: bool) {
    if fpu.is_empty(0) {
        return underflow_to(fpu, i, pop);
    }
    report(fpu, 0);
    fpu.set(i, fpu.get(0));
    if pop {
        fpu.pop();
    }
}

/// A store of ST(0) by `convert`, or of `indefinite` if it is empty.
#[inline]
fn store<T>(fpu: &FpuState, indefinite: T, convert: impl FnOnce(F80, &mut Env) -> T) -> Store<T> {
    let mut env = Env::new(fpu.control);
    let value = if fpu.is_empty(0) {
        env.flags = spec::IE | spec::SF;
        indefinite
    } else {
        convert(fpu.get(0), &mut env)
    };
    if env.unmasked() & FATAL == 0 {
        return Store { value: Some(value), flags: env.flags };
    }
    // Nothing is stored, so nothing was rounded: no PE, no C1.
    Store { value: None, flags: env.flags & !(spec::PE | spec::C1) }
}

/// Exceptions that keep a value from memory when they are not masked.
const FATAL: u16 = spec::IE | spec::OE | spec::UE;

/// ST(0) as FST and FSTP m32 store it.
#[inline]
pub fn store_f32(fpu: &FpuState) -> Store<u32> {
    store(fpu, 0xFFC0_0000, softfloat::to_f32)
}

/// ST(0) as FST and FSTP m64 store it.
#[inline]
pub fn store_f64(fpu: &FpuState) -> Store<u64> {
    store(fpu, 0xFFF8_0000_0000_0000, softfloat::to_f64)
}

/// ST(0) as FSTP m80 stores it: every bit, without exception but a stack fault.
#[inline]
pub fn store_f80(fpu: &FpuState) -> Store<F80> {
    store(fpu, F80::INDEFINITE, |value, _| value)
}

/// ST(0) as FIST and FISTP store it in 16, 32 or 64 bits.
#[inline]
pub fn store_int(fpu: &FpuState, bits: u32) -> Store<i64> {
    store(fpu, -1 << (bits - 1), |value, env| softfloat::to_int(value, bits, env))
}

/// ST(0) as FBSTP stores it.
pub fn store_bcd(fpu: &FpuState) -> Store<[u8; 10]> {
    store(fpu, softfloat::BCD_INDEFINITE, softfloat::to_bcd)
}

/// FXCH. Empty registers count as the indefinite if the stack fault is masked.
#[inline]
pub fn exchange(fpu: &mut FpuState, i: u8) {
    if fpu.is_empty(0) || fpu.is_empty(i) {
        if !underflow(fpu) {
            return;
        }
        for register in [0, i] {
            if fpu.is_empty(register) {
                fpu.set(register, F80::INDEFINITE);
            }
        }
    } else {
        report(fpu, 0);
    }
    let value = fpu.get(0);
    fpu.set(0, fpu.get(i));
    fpu.set(i, value);
}

/// FCMOVcc, `condition` being the outcome. The registers must not be empty whether or not it moves; C1 stays.
#[inline]
pub fn conditional_move(fpu: &mut FpuState, i: u8, condition: bool) {
    if fpu.is_empty(0) || fpu.is_empty(i) {
        return underflow_to(fpu, 0, false);
    }
    if condition {
        fpu.set(0, fpu.get(i));
    }
}

/// FINCSTP and FDECSTP: TOP changes by `step`, tags stay.
pub fn rotate(fpu: &mut FpuState, step: i8) {
    report(fpu, 0);
    fpu.top = fpu.top.wrapping_add_signed(step) & 7;
}

/// FSTPNCE, the alias D9 D8+i: as FSTP, but an empty ST(0) is only popped.
pub fn store_register_quietly(fpu: &mut FpuState, i: u8) {
    report(fpu, 0);
    if !fpu.is_empty(0) {
        fpu.set(i, fpu.get(0));
    }
    fpu.pop();
}

/// FFREE.
pub fn free(fpu: &mut FpuState, i: u8) {
    report(fpu, 0);
    fpu.free(i);
}
