//! Division of two limbs by one and of three by two through the reciprocal of the divisor ([MG], see
//! [`super::division`]). Divisors are normalised: their highest bit is set.

use super::limbs;

/// ⌊(2^19 - 3 * 2^8) / i⌋ for i = 256..512: 11 bits of the reciprocal by the 9 highest bits of the divisor.
#[cfg(not(target_arch = "x86_64"))]
static FIRST_APPROXIMATION: [u16; 256] = {
    let mut table = [0; 256];
    let mut i = 0;
    while i < 256 {
        table[i] = (((1 << 19) - 3 * (1 << 8)) / (256 + i)) as u16;
        i += 1;
    }
    table
};

/// ⌊(2^128 - 1) / d⌋ - 2^64 for `d` of at least 2^63.
///
/// The processor divides two limbs by one faster than the products of the general algorithm take.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
pub(super) fn of_limb(d: u64) -> u64 {
    ((u128::from(!d) << 64 | u128::from(u64::MAX)) / u128::from(d)) as u64
}

/// ⌊(2^128 - 1) / d⌋ - 2^64 for `d` of at least 2^63 ([MG], algorithm 2).
#[cfg(not(target_arch = "x86_64"))]
#[inline(always)]
pub(super) fn of_limb(d: u64) -> u64 {
    let high = (d >> 24) + 1;
    let v0 = u64::from(FIRST_APPROXIMATION[(d >> 55) as usize & 0xFF]);
    let v1 = (v0 << 11).wrapping_sub((v0 * v0).wrapping_mul(high) >> 40).wrapping_sub(1);
    let v2 = (v1 << 13).wrapping_add(v1.wrapping_mul((1 << 60) - v1.wrapping_mul(high)) >> 47);
    let half = (d >> 1) + (d & 1);
    let error = ((v2 >> 1) & (d & 1).wrapping_neg()).wrapping_sub(v2.wrapping_mul(half));
    let v3 = (v2 << 31).wrapping_add(limbs::mul(v2, error).1 >> 1);
    let (_, high) = limbs::mul_add(v3, d, d);
    v3.wrapping_sub(high.wrapping_add(d))
}

/// ⌊(2^192 - 1) / (d1, d0)⌋ - 2^64 for `d1` of at least 2^63 ([MG], algorithm 6). `d` is given low limb first.
#[inline(always)]
pub(super) fn of_two_limbs((d0, d1): (u64, u64)) -> u64 {
    let mut v = of_limb(d1);
    let (mut p, overflow) = d1.wrapping_mul(v).overflowing_add(d0);
    if overflow {
        v = v.wrapping_sub(1);
        if p >= d1 {
            v = v.wrapping_sub(1);
            p = p.wrapping_sub(d1);
        }
        p = p.wrapping_sub(d1);
    }
    let (t0, t1) = limbs::mul(v, d0);
    let (p, overflow) = p.overflowing_add(t1);
    if overflow {
        v = v.wrapping_sub(1);
        if !limbs::lt2((t0, p), (d0, d1)) {
            v = v.wrapping_sub(1);
        }
    }
    v
}

/// Quotient and remainder of `(high, low) / d`, where `high < d` and `v` is `of_limb(d)` ([MG], algorithm 4).
#[cfg(not(target_arch = "x86_64"))]
#[inline(always)]
pub(super) fn div_2_by_1(high: u64, low: u64, d: u64, v: u64) -> (u64, u64) {
    let (q0, q1) = limbs::add2(limbs::mul_add(v, high, low), (0, high));
    let q = q1.wrapping_add(1);
    let r = low.wrapping_sub(q.wrapping_mul(d));
    // Too high in about half of all cases, in no pattern: a mask, not a branch.
    let too_high = u64::from(r > q0).wrapping_neg();
    let (q, r) = (q.wrapping_add(too_high), r.wrapping_add(d & too_high));
    if r >= d {
        limbs::seldom();
        return (q.wrapping_add(1), r - d);
    }
    (q, r)
}

/// Quotient and remainder of `(u2, u1, u0) / d`, where `(u2, u1) < d` and `v` is `of_two_limbs(d)` ([MG], algorithm
/// 5). `d` and the remainder have their low limb first.
#[inline(always)]
pub(super) fn div_3_by_2(u2: u64, u1: u64, u0: u64, d: (u64, u64), v: u64) -> (u64, (u64, u64)) {
    let (q0, q1) = limbs::add2(limbs::mul_add(v, u2, u1), (0, u2));
    let r1 = u1.wrapping_sub(q1.wrapping_mul(d.1));
    let r = limbs::sub2(limbs::sub2((u0, r1), limbs::mul(d.0, q1)), d);
    let too_high = u64::from(r.1 >= q0).wrapping_neg();
    let q = q1.wrapping_add(1).wrapping_add(too_high);
    let r = limbs::add2(r, (d.0 & too_high, d.1 & too_high));
    if r.1 >= d.1 {
        limbs::seldom();
        if !limbs::lt2(r, d) {
            return (q.wrapping_add(1), limbs::sub2(r, d));
        }
    }
    (q, r)
}
