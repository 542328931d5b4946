//! Arithmetic, comparison and logic.

use super::lanes::{Lanes, Xmm};
use crate::x86::cpu::Cpu;
use crate::x86::decode::{Decoded, Op};
use crate::x86::exception::Exception;
use crate::x86::interp::mmx::entry::{
    enter_sse, scalar_source, set_xmm, xmm, xmm_binary, xmm_halves, xmm_source,
};
use crate::x86::interp::mmx::{instruction, lanes};
use crate::x86::interp::x87::register::put_ordering;
use crate::x86::interp::{Body, Inst};
use crate::x86::regs::cr4;
use crate::x86::softfloat::simd::{self, Predicate, SimdEnv};
use crate::x86::softfloat::{Double, Single};

type Done = Result<(), Exception>;

/// Reports what an instruction raised. An unmasked exception is #XM, or #UD if CR4.OSXMMEXCPT says that the system
/// does not know it.
#[inline(always)]
pub(super) fn finish(cpu: &mut Cpu, env: &SimdEnv) -> Done {
    cpu.st.sse.mxcsr |= u32::from(env.reported());
    if env.unmasked() != 0 { Err(simd_error(cpu)) } else { Ok(()) }
}

#[cold]
fn simd_error(cpu: &Cpu) -> Exception {
    if cpu.st.cr4 & cr4::OSXMMEXCPT != 0 { Exception::XM } else { Exception::UD }
}

/// Every lane of the destination becomes f(lane, lane of the source).
#[inline(always)]
fn packed<F: Lanes>(cpu: &mut Cpu, inst: &Inst, f: impl Fn(u64, u64, &mut SimdEnv) -> u64) -> Done {
    enter_sse(cpu)?;
    let source = xmm_source(cpu, inst)?;
    let mut env = SimdEnv::new(cpu.st.sse.mxcsr);
    let result = F::packed(xmm(cpu, inst.dst), source, |a, b| f(a, b, &mut env));
    finish(cpu, &env)?;
    set_xmm(cpu, inst.dst, result);
    Ok(())
}

/// Only the lowest lane does.
#[inline(always)]
fn scalar<F: Lanes>(cpu: &mut Cpu, inst: &Inst, f: impl Fn(u64, u64, &mut SimdEnv) -> u64) -> Done {
    enter_sse(cpu)?;
    let source = scalar_source::<F::Memory>(cpu, inst)?;
    let mut env = SimdEnv::new(cpu.st.sse.mxcsr);
    let result = F::scalar(xmm(cpu, inst.dst), source, |a, b| f(a, b, &mut env));
    finish(cpu, &env)?;
    set_xmm(cpu, inst.dst, result);
    Ok(())
}

/// CMPPS and its kin: all ones where the predicate holds.
fn compare_packed<F: Lanes>(cpu: &mut Cpu, inst: &Inst) -> Done {
    let predicate = Predicate::from_immediate(inst.imm as u8);
    packed::<F>(cpu, inst, |a, b, env| if simd::compare::<F>(a, b, predicate, env) { F::ONES } else { 0 })
}

fn compare_scalar<F: Lanes>(cpu: &mut Cpu, inst: &Inst) -> Done {
    let predicate = Predicate::from_immediate(inst.imm as u8);
    scalar::<F>(cpu, inst, |a, b, env| if simd::compare::<F>(a, b, predicate, env) { F::ONES } else { 0 })
}

/// COMISx and UCOMISx.
fn compare_flags<F: Lanes, const QUIET: bool>(cpu: &mut Cpu, inst: &Inst) -> Done {
    enter_sse(cpu)?;
    let source = scalar_source::<F::Memory>(cpu, inst)?;
    let mut env = SimdEnv::new(cpu.st.sse.mxcsr);
    let (a, b) = (F::lowest(xmm(cpu, inst.dst)), F::lowest(source));
    let outcome = simd::ordering::<F>(a, b, QUIET, &mut env);
    finish(cpu, &env)?;
    put_ordering(cpu, outcome);
    Ok(())
}

/// The body of an arithmetic, comparing or logical instruction.
pub fn body(d: &Decoded) -> Option<Body> {
    arith_body(d.op).or_else(|| compare_body(d.op)).or_else(|| bitwise_body(d.op))
}

fn arith_body(op: Op) -> Option<Body> {
    macro_rules! by_op {
        ($($ps:ident $pd:ident $ss:ident $sd:ident |$a:ident, $b:ident, $env:ident| $f:ident($($argument:ident),*);)*) => {
            match op {
                $(
                    Op::$ps => instruction!(packed::<Single>, |$a, $b, $env| simd::$f::<Single>($($argument),*)),
                    Op::$pd => instruction!(packed::<Double>, |$a, $b, $env| simd::$f::<Double>($($argument),*)),
                    Op::$ss => instruction!(scalar::<Single>, |$a, $b, $env| simd::$f::<Single>($($argument),*)),
                    Op::$sd => instruction!(scalar::<Double>, |$a, $b, $env| simd::$f::<Double>($($argument),*)),
                )*
                Op::Rcpps => instruction!(packed::<Single>, |_, b, _| simd::reciprocal(b as u32).into()),
                Op::Rcpss => instruction!(scalar::<Single>, |_, b, _| simd::reciprocal(b as u32).into()),
                Op::Rsqrtps => {
                    instruction!(packed::<Single>, |_, b, _| simd::reciprocal_square_root(b as u32).into())
                }
                Op::Rsqrtss => {
                    instruction!(scalar::<Single>, |_, b, _| simd::reciprocal_square_root(b as u32).into())
                }
                _ => return None,
            }
        };
    }
    Some(by_op! {
        Addps Addpd Addss Addsd |a, b, env| add(a, b, env);
        Subps Subpd Subss Subsd |a, b, env| sub(a, b, env);
        Mulps Mulpd Mulss Mulsd |a, b, env| mul(a, b, env);
        Divps Divpd Divss Divsd |a, b, env| div(a, b, env);
        Minps Minpd Minss Minsd |a, b, env| min(a, b, env);
        Maxps Maxpd Maxss Maxsd |a, b, env| max(a, b, env);
        Sqrtps Sqrtpd Sqrtss Sqrtsd |_a, b, env| sqrt(b, env);
    })
}

fn compare_body(op: Op) -> Option<Body> {
    Some(match op {
        Op::Cmpps => compare_packed::<Single>,
        Op::Cmppd => compare_packed::<Double>,
        Op::Cmpss => compare_scalar::<Single>,
        Op::Cmpsd => compare_scalar::<Double>,
        Op::Comiss => compare_flags::<Single, false>,
        Op::Comisd => compare_flags::<Double, false>,
        Op::Ucomiss => compare_flags::<Single, true>,
        Op::Ucomisd => compare_flags::<Double, true>,
        _ => return None,
    })
}

fn bitwise_body(op: Op) -> Option<Body> {
    Some(match op {
        Op::Andps | Op::Andpd => instruction!(xmm_halves, lanes::pand),
        Op::Andnps | Op::Andnpd => instruction!(xmm_halves, lanes::pandn),
        Op::Orps | Op::Orpd => instruction!(xmm_halves, lanes::por),
        Op::Xorps | Op::Xorpd => instruction!(xmm_halves, lanes::pxor),
        Op::Unpcklps => instruction!(xmm_binary, |a, b| unpack(a[0], b[0])),
        Op::Unpckhps => instruction!(xmm_binary, |a, b| unpack(a[1], b[1])),
        Op::Unpcklpd => instruction!(xmm_binary, |a, b| [a[0], b[0]]),
        Op::Unpckhpd => instruction!(xmm_binary, |a, b| [a[1], b[1]]),
        Op::Shufps => shufps,
        Op::Shufpd => shufpd,
        _ => return None,
    })
}

fn unpack(a: u64, b: u64) -> Xmm {
    [lanes::punpckldq(a, b), lanes::punpckhdq(a, b)]
}

/// SHUFPS: two lanes of the destination, then two of the source, each chosen by two bits.
fn shufps(cpu: &mut Cpu, inst: &Inst) -> Done {
    let order = inst.imm;
    let pick = |from: Xmm, i: u32| {
        let lane = order >> (2 * i) & 3;
        from[(lane >> 1) as usize] >> (32 * (lane & 1)) & Single::ONES
    };
    xmm_binary(cpu, inst, |a, b| [pick(a, 0) | pick(a, 1) << 32, pick(b, 2) | pick(b, 3) << 32])
}

/// SHUFPD: a half of the destination, then a half of the source, each chosen by one bit.
fn shufpd(cpu: &mut Cpu, inst: &Inst) -> Done {
    let order = inst.imm as usize;
    xmm_binary(cpu, inst, |a, b| [a[order & 1], b[order >> 1 & 1]])
}
