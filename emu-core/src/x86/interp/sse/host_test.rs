//! Comparison with the SSE of a real processor: vectors made by `tests/host-fpu/generate.c`.

use super::convert;
use super::lanes::{Lanes, Xmm};
use crate::x86::interp::host_vectors::{check, check_on_this_processor, vectors};
use crate::x86::softfloat::simd::{self, Predicate, SimdEnv};
use crate::x86::softfloat::{Double, Single};
use core::cmp::Ordering;

fn xmm(text: &str) -> Xmm {
    let (high, low) = text.split_once(':').expect("a colon");
    [low, high].map(|half| u64::from_str_radix(half, 16).expect("a quadword"))
}

fn arith<F: Lanes>(name: &str, scalar: bool, a: Xmm, b: Xmm, env: &mut SimdEnv) -> Xmm {
    let mut f = |x: u64, y: u64| match name {
        "add" => simd::add::<F>(x, y, env),
        "sub" => simd::sub::<F>(x, y, env),
        "mul" => simd::mul::<F>(x, y, env),
        "div" => simd::div::<F>(x, y, env),
        "sqrt" => simd::sqrt::<F>(y, env),
        "min" => simd::min::<F>(x, y, env),
        "max" => simd::max::<F>(x, y, env),
        _ => {
            let names = ["eq", "lt", "le", "unord", "neq", "nlt", "nle", "ord"];
            let immediate = names.iter().position(|n| *n == &name[3..]).expect("a predicate");
            let holds = simd::compare::<F>(x, y, Predicate::from_immediate(immediate as u8), env);
            if holds { F::ONES } else { 0 }
        }
    };
    if scalar { F::scalar(a, b, f) } else { F::packed(a, b, &mut f) }
}

/// ZF, PF and CF of a comparison.
fn eflags<F: Lanes>(a: Xmm, b: Xmm, quiet: bool, env: &mut SimdEnv) -> Xmm {
    let bits = match simd::ordering::<F>(F::lowest(a), F::lowest(b), quiet, env) {
        None => 0x45,
        Some(Ordering::Equal) => 0x40,
        Some(Ordering::Less) => 0x01,
        Some(Ordering::Greater) => 0,
    };
    [bits, 0]
}

fn run(op: &str, a: Xmm, b: Xmm, env: &mut SimdEnv) -> Xmm {
    match op {
        "comiss" => eflags::<Single>(a, b, false, env),
        "comisd" => eflags::<Double>(a, b, false, env),
        "ucomiss" => eflags::<Single>(a, b, true, env),
        "ucomisd" => eflags::<Double>(a, b, true, env),
        "cvtps2pd" => convert::ps2pd(b[0], env),
        "cvtpd2ps" => [convert::pd2ps(b, env), 0],
        "cvtss2sd" => {
            Double::scalar(a, b, |_, y| simd::convert_format::<Single, Double>(y & Single::ONES, env))
        }
        "cvtsd2ss" => [a[0] & !Single::ONES | simd::convert_format::<Double, Single>(b[0], env), a[1]],
        "cvtdq2ps" => b.map(|half| convert::pi2ps(half, env)),
        "cvtdq2pd" => convert::pi2pd(b[0], env),
        "cvtps2dq" => b.map(|half| convert::ps2pi(half, false, env)),
        "cvttps2dq" => b.map(|half| convert::ps2pi(half, true, env)),
        "cvtpd2dq" => [convert::pd2pi(b, false, env), 0],
        "cvttpd2dq" => [convert::pd2pi(b, true, env), 0],
        _ => {
            let (name, kind) = op.split_at(op.len() - 2);
            let scalar = kind.starts_with('s');
            if kind.ends_with('s') {
                arith::<Single>(name, scalar, a, b, env)
            } else {
                arith::<Double>(name, scalar, a, b, env)
            }
        }
    }
}

/// Runs one line; what differs, if anything does.
fn difference(line: &str) -> Option<String> {
    let field: Vec<&str> = line.split_ascii_whitespace().collect();
    let [op, mxcsr, a, b, "|", new_mxcsr, result] = field[..] else { panic!("not a vector: {line}") };
    let number = |text| u32::from_str_radix(text, 16).expect("an MXCSR");
    let mut env = SimdEnv::new(number(mxcsr));
    let value = run(op, xmm(a), xmm(b), &mut env);
    let got_mxcsr = env.mxcsr | u32::from(env.reported());
    let got = if env.unmasked() != 0 { None } else { Some(value) };
    let expected = if result == "-" { None } else { Some(xmm(result)) };
    if (got_mxcsr, got) == (number(new_mxcsr), expected) {
        return None;
    }
    Some(format!("{line}\n   got {got_mxcsr:04X} {:016X?}", got.map(|[low, high]| [high, low])))
}

/// Every vector gives the same register and MXCSR, or faults in the same cases with the same flags.
#[test]
fn same_as_the_processor() {
    check(&vectors("GLASSBOX_SSE_VECTORS", "sse.txt"), difference);
}

/// Two million cases of `same_as_the_processor`; half a minute.
#[test]
#[ignore = "needs an x86-64 host"]
fn sse_on_this_processor() {
    check_on_this_processor("sse", 44_000, 2_000_000, difference);
}
