//! Multiplication: products cut off at 256 bits, squares, and the whole 512-bit product.

use super::limbs;
use primitive_types::U256;

/// MUL: `a * b` modulo 2^256.
#[inline]
pub fn mul(a: U256, b: U256) -> U256 {
    let (U256([a0, a1, a2, a3]), U256([b0, b1, b2, b3])) = (a, b);
    let (r0, c) = limbs::mul(a0, b0);
    let (r1, c) = limbs::mul_add(a1, b0, c);
    let (r2, c) = limbs::mul_add(a2, b0, c);
    let r3 = a3.wrapping_mul(b0).wrapping_add(c);

    let (r1, c) = limbs::mul_add(a0, b1, r1);
    let (r2, c) = limbs::mul_add2(a1, b1, r2, c);
    let r3 = a2.wrapping_mul(b1).wrapping_add(r3).wrapping_add(c);

    let (r2, c) = limbs::mul_add(a0, b2, r2);
    let r3 = a1.wrapping_mul(b2).wrapping_add(r3).wrapping_add(c);

    U256([r0, r1, r2, a0.wrapping_mul(b3).wrapping_add(r3)])
}

/// `a * a` modulo 2^256, with two thirds of the work of [`mul`].
#[inline]
pub(super) fn square(a: U256) -> U256 {
    let U256([a0, a1, a2, a3]) = a;
    // The products of different limbs, each of which occurs twice.
    let (m1, c) = limbs::mul(a0, a1);
    let (m2, c) = limbs::mul_add(a0, a2, c);
    let m3 = a0.wrapping_mul(a3).wrapping_add(a1.wrapping_mul(a2)).wrapping_add(c);
    let (m1, m2, m3) = (m1 << 1, (m2 << 1) | (m1 >> 63), (m3 << 1) | (m2 >> 63));

    let (r0, c) = limbs::mul(a0, a0);
    let (r1, carry) = m1.overflowing_add(c);
    let (low, high) = limbs::mul_add(a1, a1, u64::from(carry));
    let (r2, r3) = limbs::add2((m2, m3), (low, high));
    U256([r0, r1, r2, r3])
}

/// All 512 bits of `a * b`, lowest limb first.
#[inline(always)]
pub(super) fn full_mul(a: U256, b: U256) -> [u64; 8] {
    let mut product = [0; 8];
    for (i, &factor) in b.0.iter().enumerate() {
        let mut carry = 0;
        for (j, &limb) in a.0.iter().enumerate() {
            (product[i + j], carry) = limbs::mul_add2(limb, factor, product[i + j], carry);
        }
        product[i + 4] = carry;
    }
    product
}
