//! Division of several limbs by up to four: Knuth's algorithm D (The Art of Computer Programming, volume 2, 4.3.1),
//! where each digit of the quotient comes from a multiplication by a reciprocal of the divisor's highest limbs
//! instead of a division (Möller and Granlund, "Improved division by invariant integers", 2011: [MG]).

// Limbs are known by their number here, and most loops touch several numbers at once. Copying between slices would
// take the limbs out of their registers.
#![allow(clippy::needless_range_loop, clippy::manual_memcpy)]

use super::{is_zero, limbs, lt, reciprocal, shr, sub};
use primitive_types::U256;

/// The quotient and the remainder of `a / b`; zero both if `b` is zero.
#[inline]
pub(super) fn div_rem(a: U256, b: U256) -> (U256, U256) {
    if a.0[1] | a.0[2] | a.0[3] | b.0[1] | b.0[2] | b.0[3] == 0 {
        return match a.0[0].checked_div(b.0[0]) {
            Some(quotient) => (U256::from(quotient), U256::from(a.0[0] % b.0[0])),
            None => (U256::zero(), U256::zero()),
        };
    }
    if lt(a, b) { (U256::zero(), a) } else { div_rem_long(a, b) }
}

/// [`div_rem`] of a dividend of more than one limb.
#[inline(never)]
fn div_rem_long(a: U256, b: U256) -> (U256, U256) {
    let below = sub(b, U256::one());
    if is_zero(and(b, below)) {
        // A power of two, which compilers use to cut fields out of words; or zero, which is no power at all.
        let bits = match b.0 {
            [b0, ..] if b0 != 0 => b0.trailing_zeros(),
            [_, b1, ..] if b1 != 0 => 64 + b1.trailing_zeros(),
            [_, _, b2, _] if b2 != 0 => 128 + b2.trailing_zeros(),
            [_, _, _, b3] if b3 != 0 => 192 + b3.trailing_zeros(),
            _ => return (U256::zero(), U256::zero()),
        };
        return (shr(bits.into(), a), and(a, below));
    }
    if b.0[3] != 0 && b.0[3].leading_zeros() - a.0[3].leading_zeros() < 32 {
        let (quotient, remainder) = by_as_many(a, b);
        return (quotient.into(), remainder);
    }
    let (quotient, remainder) = divide(a.0, b);
    (U256(quotient), remainder)
}

#[inline(always)]
fn and(a: U256, b: U256) -> U256 {
    U256([a.0[0] & b.0[0], a.0[1] & b.0[1], a.0[2] & b.0[2], a.0[3] & b.0[3]])
}

/// Quotient and remainder of `u / d`, lowest limb first; zero both if `d` is zero.
///
/// All is passed by value and all loops have constant bounds, so that everything stays in registers.
#[inline(always)]
pub(super) fn divide<const M: usize>(u: [u64; M], U256([d0, d1, d2, d3]): U256) -> ([u64; M], U256) {
    if d3 != 0 {
        let (q, r) = by_several(u, [d0, d1, d2, d3]);
        (q, U256(r))
    } else if d2 != 0 {
        let (q, [r0, r1, r2]) = by_several(u, [d0, d1, d2]);
        (q, U256([r0, r1, r2, 0]))
    } else if d1 != 0 {
        let (q, [r0, r1]) = by_two(u, [d0, d1]);
        (q, U256([r0, r1, 0, 0]))
    } else if d0 != 0 {
        let (q, r) = by_one(u, d0);
        (q, U256([r, 0, 0, 0]))
    } else {
        ([0; M], U256::zero())
    }
}

/// `limbs` shifted left by `shift` (below 64) bits, and the bits that leave at the top.
#[inline(always)]
fn shift_left<const M: usize>(limbs: [u64; M], shift: u32) -> ([u64; M], u64) {
    let mut shifted = limbs;
    for i in 0..M {
        let below = if i == 0 { 0 } else { limbs[i - 1] };
        shifted[i] = (limbs[i] << shift) | (below >> 1 >> (63 - shift));
    }
    (shifted, limbs[M - 1] >> 1 >> (63 - shift))
}

/// `limbs` shifted right by `shift` (below 64) bits.
#[inline(always)]
fn shift_right<const N: usize>(limbs: [u64; N], shift: u32) -> [u64; N] {
    let mut shifted = limbs;
    for i in 0..N {
        let above = if i + 1 < N { limbs[i + 1] } else { 0 };
        shifted[i] = (limbs[i] >> shift) | (above << 1 << (63 - shift));
    }
    shifted
}

/// [`divide`] by one limb, which is not zero.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
fn by_one<const M: usize>(u: [u64; M], d: u64) -> ([u64; M], u64) {
    let mut q = [0; M];
    let mut r = 0;
    for i in (0..M).rev() {
        if r == 0 && u[i] < d {
            r = u[i];
        } else {
            // The processor has this division, and it is as fast as the one by a reciprocal.
            q[i] = ((u128::from(r) << 64 | u128::from(u[i])) / u128::from(d)) as u64;
            r = u[i].wrapping_sub(q[i].wrapping_mul(d));
        }
    }
    (q, r)
}

/// [`divide`] by one limb, which is not zero.
#[cfg(not(target_arch = "x86_64"))]
#[inline(always)]
fn by_one<const M: usize>(u: [u64; M], d: u64) -> ([u64; M], u64) {
    let shift = d.leading_zeros();
    let d = d << shift;
    let v = reciprocal::of_limb(d);
    let (u, mut r) = shift_left(u, shift);
    let mut q = [0; M];
    for i in (0..M).rev() {
        if r == 0 && u[i] < d {
            r = u[i];
        } else {
            (q[i], r) = reciprocal::div_2_by_1(r, u[i], d, v);
        }
    }
    (q, r >> shift)
}

/// [`divide`] by two limbs, the higher of which is not zero.
#[inline(always)]
fn by_two<const M: usize>(u: [u64; M], d: [u64; 2]) -> ([u64; M], [u64; 2]) {
    let shift = d[1].leading_zeros();
    let ([d0, d1], _) = shift_left(d, shift);
    let v = reciprocal::of_two_limbs((d0, d1));
    let (u, spill) = shift_left(u, shift);
    // The highest limb gives no digit: with what was shifted out of it, it is still below the divisor.
    let mut r = (u[M - 1], spill);
    let mut q = [0; M];
    for i in (0..M - 1).rev() {
        if r.1 == 0 && r.0 < d1 {
            r = (u[i], r.0);
        } else {
            (q[i], r) = reciprocal::div_3_by_2(r.1, r.0, u[i], (d0, d1), v);
        }
    }
    (q, shift_right([r.0, r.1], shift))
}

/// `limbs` moved up by one, with `lowest` below them; the highest is lost.
#[inline(always)]
fn with_lowest<const N: usize>(limbs: [u64; N], lowest: u64) -> [u64; N] {
    let mut moved = [lowest; N];
    for i in 1..N {
        moved[i] = limbs[i - 1];
    }
    moved
}

/// [`divide`] by `N` (at least three) limbs, the highest of which is not zero.
#[inline(always)]
fn by_several<const M: usize, const N: usize>(u: [u64; M], d: [u64; N]) -> ([u64; M], [u64; N]) {
    let shift = d[N - 1].leading_zeros();
    let (d, _) = shift_left(d, shift);
    let v = reciprocal::of_two_limbs((d[N - 2], d[N - 1]));
    let (u, spill) = shift_left(u, shift);
    // The remainder so far, always below `d`: the highest limbs, which give no digit, and what was shifted out.
    let mut r = [spill; N];
    for i in 0..N - 1 {
        r[i] = u[M + 1 - N + i];
    }
    let mut q = [0; M];
    for i in (0..M + 1 - N).rev() {
        if r[N - 1] == 0 && r[N - 2] < d[N - 1] {
            r = with_lowest(r, u[i]);
        } else {
            (q[i], r) = digit(r, u[i], &d, v);
        }
    }
    (q, shift_right(r, shift))
}

/// Quotient and remainder of `(r, next) / d`, where `r < d` and `v` is the reciprocal of the two highest limbs of `d`.
#[inline(always)]
fn digit<const N: usize>(r: [u64; N], next: u64, d: &[u64; N], v: u64) -> (u64, [u64; N]) {
    let mut rest = with_lowest(r, next);
    let top = (d[N - 2], d[N - 1]);
    if (r[N - 2], r[N - 1]) == top {
        limbs::seldom();
        // The one case in which the two highest limbs alone would give a quotient of more than a limb.
        sub_mul(&mut rest, d, u64::MAX);
        return (u64::MAX, rest);
    }
    let (q, high) = reciprocal::div_3_by_2(r[N - 1], r[N - 2], r[N - 3], top, v);
    let carry = sub_mul(&mut rest[..N - 2], &d[..N - 2], q);
    let (low, borrow) = high.0.overflowing_sub(carry);
    let (high, borrow) = high.1.overflowing_sub(u64::from(borrow));
    (rest[N - 2], rest[N - 1]) = (low, high);
    if borrow {
        // The estimate was one too high.
        limbs::seldom();
        add_to(&mut rest, d);
    }
    (q.wrapping_sub(u64::from(borrow)), rest)
}

/// Adds `d` to `limbs`, which are negative, so that the carry is of no interest.
#[inline(always)]
fn add_to<const N: usize>(limbs: &mut [u64; N], d: &[u64; N]) {
    let mut carry = false;
    for (limb, &d) in limbs.iter_mut().zip(d) {
        (*limb, carry) = limb.carrying_add(d, carry);
    }
}

/// Subtracts `d * q` from `limbs` (of the same length) and returns what is still to be subtracted above them.
#[inline(always)]
fn sub_mul(limbs: &mut [u64], d: &[u64], q: u64) -> u64 {
    let mut carry = 0;
    let mut borrow = false;
    for (limb, &d) in limbs.iter_mut().zip(d) {
        let product;
        (product, carry) = limbs::mul_add(d, q, carry);
        (*limb, borrow) = limb.borrowing_sub(product, borrow);
    }
    // A carry that starts as 0 never gets beyond 2^64 - 2.
    carry + u64::from(borrow)
}

/// Quotient and remainder of `a / b` where `b.0[3]` is not zero and the quotient is below about 2^32: one small digit
/// is worth no reciprocal.
#[inline(always)]
fn by_as_many(a: U256, b: U256) -> (u64, U256) {
    let shift = a.0[3].leading_zeros();
    let highest = |word: U256| (word.0[3] << shift) | (word.0[2] >> 1 >> (63 - shift));
    // This takes at least 33 bits of the divisor and 64 of the dividend, so that the estimate is at most one too high.
    let mut q = highest(a) / highest(b).max(1);
    let mut r = a.0;
    if sub_mul(&mut r, &b.0, q) != 0 {
        q = q.wrapping_sub(1);
        add_to(&mut r, &b.0);
    }
    (q, U256(r))
}
