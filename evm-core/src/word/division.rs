//! Division of several limbs by up to four: Knuth's algorithm D (The Art of Computer Programming, volume 2, 4.3.1),
//! where each digit of the quotient comes from a multiplication by a reciprocal of the divisor's highest limbs
//! instead of a division (Möller and Granlund, "Improved division by invariant integers", 2011: [MG]).

use super::{limbs, lt, reciprocal, shr, sub};
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
    if b & below == U256::zero() {
        // A power of two, which compilers use to cut fields out of words; or zero, which is no power at all.
        let bits: u32 = below.0.iter().map(|limb| limb.count_ones()).sum();
        return if bits == 256 { (U256::zero(), U256::zero()) } else { (shr(bits.into(), a), a & below) };
    }
    let mut quotient = a.0;
    let remainder = divide(&mut quotient, b);
    (U256(quotient), remainder)
}

/// Divides `numerator` (lowest limb first), which becomes the quotient; returns the remainder. If `divisor` is zero
/// the remainder is zero and the quotient is of no use.
#[inline(always)]
pub(super) fn divide(numerator: &mut [u64], divisor: U256) -> U256 {
    let [d0, d1, d2, d3] = divisor.0;
    if d3 != 0 {
        U256(by_several(numerator, [d0, d1, d2, d3]))
    } else if d2 != 0 {
        let [r0, r1, r2] = by_several(numerator, [d0, d1, d2]);
        U256([r0, r1, r2, 0])
    } else if d1 != 0 {
        let [r0, r1] = by_two(numerator, [d0, d1]);
        U256([r0, r1, 0, 0])
    } else if d0 != 0 {
        U256([by_one(numerator, d0), 0, 0, 0])
    } else {
        U256::zero()
    }
}

/// Shifts `limbs` left by `shift` (below 64) bits and returns the bits that leave at the top.
#[inline(always)]
fn shift_left(limbs: &mut [u64], shift: u32) -> u64 {
    let mut spill = 0;
    for limb in limbs {
        let next = *limb >> 1 >> (63 - shift);
        *limb = (*limb << shift) | spill;
        spill = next;
    }
    spill
}

/// Shifts `limbs` right by `shift` (below 64) bits.
#[inline(always)]
fn shift_right(limbs: &mut [u64], shift: u32) {
    let mut spill = 0;
    for limb in limbs.iter_mut().rev() {
        let next = *limb << 1 << (63 - shift);
        *limb = (*limb >> shift) | spill;
        spill = next;
    }
}

/// `limbs` without the highest limbs that are zero.
#[inline(always)]
fn trimmed(mut limbs: &mut [u64]) -> &mut [u64] {
    while let [rest @ .., 0] = limbs {
        limbs = rest;
    }
    limbs
}

/// Cuts the highest limb off `limbs`, leaves zero in its place, and returns it; zero if there is none.
#[inline(always)]
fn take_highest(limbs: &mut &mut [u64]) -> u64 {
    limbs.split_off_last_mut().map(std::mem::take).unwrap_or_default()
}

/// [`divide`] by one limb, which is not zero.
#[inline(never)]
fn by_one(numerator: &mut [u64], divisor: u64) -> u64 {
    let shift = divisor.leading_zeros();
    let d = divisor << shift;
    let v = reciprocal::of_limb(d);
    let mut digits = trimmed(numerator);
    let mut r = shift_left(digits, shift);
    if r == 0 && digits.last().is_some_and(|&top| top < d) {
        r = take_highest(&mut digits);
    }
    for limb in digits.iter_mut().rev() {
        (*limb, r) = reciprocal::div_2_by_1(r, *limb, d, v);
    }
    r >> shift
}

/// [`divide`] by two limbs, the higher of which is not zero.
#[inline(never)]
fn by_two(numerator: &mut [u64], mut d: [u64; 2]) -> [u64; 2] {
    let shift = d[1].leading_zeros();
    shift_left(&mut d, shift);
    let d = (d[0], d[1]);
    let v = reciprocal::of_two_limbs(d);
    let mut digits = trimmed(numerator);
    // The highest limb gives no digit: with what was shifted out of it, it is still below the divisor. Nor does the
    // next if nothing was shifted out.
    let spill = shift_left(digits, shift);
    let mut r = (take_highest(&mut digits), spill);
    if r.1 == 0 && r.0 < d.1 && !digits.is_empty() {
        r = (take_highest(&mut digits), r.0);
    }
    for limb in digits.iter_mut().rev() {
        (*limb, r) = reciprocal::div_3_by_2(r.1, r.0, *limb, d, v);
    }
    let mut r = [r.0, r.1];
    shift_right(&mut r, shift);
    r
}

/// [`divide`] by `N` (at least three) limbs, the highest of which is not zero.
#[inline(never)]
fn by_several<const N: usize>(numerator: &mut [u64], mut d: [u64; N]) -> [u64; N] {
    let mut digits = trimmed(numerator);
    let mut r = [0; N];
    if digits.len() < N {
        for (r, limb) in r.iter_mut().zip(digits) {
            *r = std::mem::take(limb);
        }
        return r;
    }
    let shift = d[N - 1].leading_zeros();
    shift_left(&mut d, shift);
    let v = reciprocal::of_two_limbs((d[N - 2], d[N - 1]));

    // The remainder so far, always below `d`. It starts with as many limbs as certainly give no digit.
    r[N - 1] = shift_left(digits, shift);
    let first = match digits {
        [.., top] if r[N - 1] == 0 && *top < d[N - 1] => 0,
        _ => 1,
    };
    for i in (first..N).rev() {
        r[i - first] = take_highest(&mut digits);
    }
    for limb in digits.iter_mut().rev() {
        (*limb, r) = digit(r, *limb, &d, v);
    }
    shift_right(&mut r, shift);
    r
}

/// Quotient and remainder of `(r, next) / d`, where `r < d` and `v` is the reciprocal of the two highest limbs of `d`.
#[inline(always)]
fn digit<const N: usize>(r: [u64; N], next: u64, d: &[u64; N], v: u64) -> (u64, [u64; N]) {
    let mut rest = [next; N];
    rest[1..].copy_from_slice(&r[..N - 1]);
    let top = (d[N - 2], d[N - 1]);
    if (r[N - 2], r[N - 1]) == top {
        // The one case in which the two highest limbs alone would give a quotient of more than a limb.
        sub_mul(&mut rest, d, u64::MAX);
        return (u64::MAX, rest);
    }
    let (mut q, high) = reciprocal::div_3_by_2(r[N - 1], r[N - 2], r[N - 3], top, v);
    let carry = sub_mul(&mut rest[..N - 2], &d[..N - 2], q);
    let (low, borrow) = high.0.overflowing_sub(carry);
    let (high, borrow) = high.1.overflowing_sub(u64::from(borrow));
    (rest[N - 2], rest[N - 1]) = (low, high);
    if borrow {
        // The estimate was one too high.
        q = q.wrapping_sub(1);
        let mut carry = false;
        for (limb, &d) in rest.iter_mut().zip(d) {
            (*limb, carry) = limb.carrying_add(d, carry);
        }
    }
    (q, rest)
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
    // The carry is below 2^64 - 1 wherever there can be a borrow.
    carry + u64::from(borrow)
}
