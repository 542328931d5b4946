//! The packed conversions, on register values.

use super::lanes::{Xmm, join, split};
use crate::x86::softfloat::simd::{self, SimdEnv};
use crate::x86::softfloat::{Double, Format, Single};

/// CVTPS2PD: the two low f32 of `source` as f64.
pub fn ps2pd(source: u64, env: &mut SimdEnv) -> Xmm {
    let (low, high) = split(source);
    [low, high].map(|lane| simd::convert_format::<Single, Double>(u64::from(lane), env))
}

/// CVTPD2PS: two f64 as f32, in the low quadword of the result.
pub fn pd2ps(source: Xmm, env: &mut SimdEnv) -> u64 {
    let [low, high] = source.map(|lane| simd::convert_format::<Double, Single>(lane, env) as u32);
    join(low, high)
}

/// CVTPI2PS and half of CVTDQ2PS: two 32-bit integers as f32.
pub fn pi2ps(source: u64, env: &mut SimdEnv) -> u64 {
    let (low, high) = split(source);
    let [low, high] = [low, high].map(|lane| simd::from_int::<Single>(lane as i32, env) as u32);
    join(low, high)
}

/// CVTPI2PD and CVTDQ2PD: two 32-bit integers as f64. It is exact.
pub fn pi2pd(source: u64, env: &mut SimdEnv) -> Xmm {
    let (low, high) = split(source);
    [low, high].map(|lane| simd::from_int::<Double>(lane as i32, env))
}

/// CVT(T)PS2PI and half of CVT(T)PS2DQ: two f32 as 32-bit integers.
pub fn ps2pi(source: u64, truncate: bool, env: &mut SimdEnv) -> u64 {
    let (low, high) = split(source);
    let [low, high] = [low, high].map(|lane| to_int::<Single>(u64::from(lane), truncate, env));
    join(low, high)
}

/// CVT(T)PD2PI and CVT(T)PD2DQ: two f64 as 32-bit integers.
pub fn pd2pi(source: Xmm, truncate: bool, env: &mut SimdEnv) -> u64 {
    let [low, high] = source.map(|lane| to_int::<Double>(lane, truncate, env));
    join(low, high)
}

fn to_int<F: Format>(lane: u64, truncate: bool, env: &mut SimdEnv) -> u32 {
    simd::to_int::<F>(lane, truncate, env) as u32
}
