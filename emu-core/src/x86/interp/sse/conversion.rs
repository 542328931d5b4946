//! Bodies of the conversions.

use super::arith::finish;
use super::convert;
use super::lanes::Lanes;
use crate::x86::cpu::Cpu;
use crate::x86::decode::{Decoded, Op};
use crate::x86::exception::Exception;
use crate::x86::interp::mmx::entry::{
    enter_both, enter_sse, gpr_source, mm_source, read, scalar_source, set_gpr, set_mm, set_xmm, xmm,
    xmm_source,
};
use crate::x86::interp::x87::entry::check_pending;
use crate::x86::interp::{Body, Inst, flag};
use crate::x86::softfloat::simd::{self, SimdEnv};
use crate::x86::softfloat::{Double, Single};

type Done = Result<(), Exception>;

/// The body of a conversion.
pub fn body(d: &Decoded) -> Option<Body> {
    Some(match d.op {
        Op::Cvtpi2ps => cvtpi2ps,
        Op::Cvtpi2pd => cvtpi2pd,
        Op::Cvtps2pi => ps2pi::<false>,
        Op::Cvttps2pi => ps2pi::<true>,
        Op::Cvtpd2pi => pd2pi::<false>,
        Op::Cvttpd2pi => pd2pi::<true>,
        Op::Cvtsi2ss => from_gpr::<Single>,
        Op::Cvtsi2sd => from_gpr::<Double>,
        Op::Cvtss2si => to_gpr::<Single, false>,
        Op::Cvttss2si => to_gpr::<Single, true>,
        Op::Cvtsd2si => to_gpr::<Double, false>,
        Op::Cvttsd2si => to_gpr::<Double, true>,
        Op::Cvtps2pd => cvtps2pd,
        Op::Cvtpd2ps => cvtpd2ps,
        Op::Cvtss2sd => between::<Single, Double>,
        Op::Cvtsd2ss => between::<Double, Single>,
        Op::Cvtdq2ps => cvtdq2ps,
        Op::Cvtdq2pd => cvtdq2pd,
        Op::Cvtps2dq => ps2dq::<false>,
        Op::Cvttps2dq => ps2dq::<true>,
        Op::Cvtpd2dq => pd2dq::<false>,
        Op::Cvttpd2dq => pd2dq::<true>,
        _ => return None,
    })
}

fn env(cpu: &Cpu) -> SimdEnv {
    SimdEnv::new(cpu.st.sse.mxcsr)
}

/// The low quadword of a register, or 64 bits of memory.
fn low_source(cpu: &mut Cpu, inst: &Inst) -> Result<u64, Exception> {
    if inst.has(flag::MEMORY) { read(cpu, inst) } else { Ok(xmm(cpu, inst.src)[0]) }
}

fn cvtpi2ps(cpu: &mut Cpu, inst: &Inst) -> Done {
    enter_both(cpu)?;
    let source = mm_source(cpu, inst)?;
    let mut env = env(cpu);
    let result = convert::pi2ps(source, &mut env);
    finish(cpu, &env)?;
    cpu.st.fpu.enter_mmx();
    let upper = xmm(cpu, inst.dst)[1];
    set_xmm(cpu, inst.dst, [result, upper]);
    Ok(())
}

/// Unlike CVTPI2PS it leaves the x87 state alone if its source is memory.
fn cvtpi2pd(cpu: &mut Cpu, inst: &Inst) -> Done {
    enter_sse(cpu)?;
    if !inst.has(flag::MEMORY) {
        check_pending(cpu)?;
    }
    let source = mm_source(cpu, inst)?;
    let result = convert::pi2pd(source, &mut env(cpu));
    if !inst.has(flag::MEMORY) {
        cpu.st.fpu.enter_mmx();
    }
    set_xmm(cpu, inst.dst, result);
    Ok(())
}

fn ps2pi<const TRUNCATE: bool>(cpu: &mut Cpu, inst: &Inst) -> Done {
    enter_both(cpu)?;
    let source = low_source(cpu, inst)?;
    let mut env = env(cpu);
    let result = convert::ps2pi(source, TRUNCATE, &mut env);
    finish(cpu, &env)?;
    set_mm(cpu, inst.dst, result);
    Ok(())
}

fn pd2pi<const TRUNCATE: bool>(cpu: &mut Cpu, inst: &Inst) -> Done {
    enter_both(cpu)?;
    let source = xmm_source(cpu, inst)?;
    let mut env = env(cpu);
    let result = convert::pd2pi(source, TRUNCATE, &mut env);
    finish(cpu, &env)?;
    set_mm(cpu, inst.dst, result);
    Ok(())
}

/// CVTSI2SS and CVTSI2SD.
fn from_gpr<F: Lanes>(cpu: &mut Cpu, inst: &Inst) -> Done {
    enter_sse(cpu)?;
    let source = gpr_source(cpu, inst)?;
    let mut env = env(cpu);
    let value = simd::from_int::<F>(source as i32, &mut env);
    finish(cpu, &env)?;
    let result = F::scalar(xmm(cpu, inst.dst), [0, 0], |_, _| value);
    set_xmm(cpu, inst.dst, result);
    Ok(())
}

/// CVT(T)SS2SI and CVT(T)SD2SI.
fn to_gpr<F: Lanes, const TRUNCATE: bool>(cpu: &mut Cpu, inst: &Inst) -> Done {
    enter_sse(cpu)?;
    let source = scalar_source::<F::Memory>(cpu, inst)?;
    let mut env = env(cpu);
    let result = simd::to_int::<F>(F::lowest(source), TRUNCATE, &mut env);
    finish(cpu, &env)?;
    set_gpr(cpu, inst.dst, result as u32);
    Ok(())
}

fn cvtps2pd(cpu: &mut Cpu, inst: &Inst) -> Done {
    enter_sse(cpu)?;
    let source = low_source(cpu, inst)?;
    let mut env = env(cpu);
    let result = convert::ps2pd(source, &mut env);
    finish(cpu, &env)?;
    set_xmm(cpu, inst.dst, result);
    Ok(())
}

fn cvtpd2ps(cpu: &mut Cpu, inst: &Inst) -> Done {
    enter_sse(cpu)?;
    let source = xmm_source(cpu, inst)?;
    let mut env = env(cpu);
    let result = convert::pd2ps(source, &mut env);
    finish(cpu, &env)?;
    set_xmm(cpu, inst.dst, [result, 0]);
    Ok(())
}

/// CVTSS2SD and CVTSD2SS.
fn between<From: Lanes, To: Lanes>(cpu: &mut Cpu, inst: &Inst) -> Done {
    enter_sse(cpu)?;
    let source = scalar_source::<From::Memory>(cpu, inst)?;
    let mut env = env(cpu);
    let value = simd::convert_format::<From, To>(From::lowest(source), &mut env);
    finish(cpu, &env)?;
    let result = To::scalar(xmm(cpu, inst.dst), [0, 0], |_, _| value);
    set_xmm(cpu, inst.dst, result);
    Ok(())
}

fn cvtdq2ps(cpu: &mut Cpu, inst: &Inst) -> Done {
    enter_sse(cpu)?;
    let source = xmm_source(cpu, inst)?;
    let mut env = env(cpu);
    let result = source.map(|half| convert::pi2ps(half, &mut env));
    finish(cpu, &env)?;
    set_xmm(cpu, inst.dst, result);
    Ok(())
}

fn cvtdq2pd(cpu: &mut Cpu, inst: &Inst) -> Done {
    enter_sse(cpu)?;
    let source = low_source(cpu, inst)?;
    let result = convert::pi2pd(source, &mut env(cpu));
    set_xmm(cpu, inst.dst, result);
    Ok(())
}

fn ps2dq<const TRUNCATE: bool>(cpu: &mut Cpu, inst: &Inst) -> Done {
    enter_sse(cpu)?;
    let source = xmm_source(cpu, inst)?;
    let mut env = env(cpu);
    let result = source.map(|half| convert::ps2pi(half, TRUNCATE, &mut env));
    finish(cpu, &env)?;
    set_xmm(cpu, inst.dst, result);
    Ok(())
}

fn pd2dq<const TRUNCATE: bool>(cpu: &mut Cpu, inst: &Inst) -> Done {
    enter_sse(cpu)?;
    let source = xmm_source(cpu, inst)?;
    let mut env = env(cpu);
    let result = convert::pd2pi(source, TRUNCATE, &mut env);
    finish(cpu, &env)?;
    set_xmm(cpu, inst.dst, [result, 0]);
    Ok(())
}
