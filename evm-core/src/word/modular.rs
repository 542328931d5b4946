//! Sums and products reduced by a modulus, whose own length is not limited to 256 bits.

use super::division::divide;
use super::product::full_mul;
use super::{add_with_carry, rem, sub_with_borrow};
use primitive_types::U256;

/// ADDMOD: `(a + b) % n`, where the sum is not reduced modulo 2^256; zero if `n` is zero.
pub fn addmod(a: U256, b: U256, n: U256) -> U256 {
    if n.0[3] != 0 && a.0[3] <= n.0[3] && b.0[3] <= n.0[3] {
        // Both are below 2 * n, as where all numbers are already reduced: subtractions suffice.
        let (sum, carry) = add_with_carry(below(a, n), below(b, n));
        let (reduced, borrow) = sub_with_borrow(sum, n);
        return if carry || !borrow { reduced } else { sum };
    }
    let (sum, carry) = add_with_carry(a, b);
    if carry {
        let [s0, s1, s2, s3] = sum.0;
        divide(&mut [s0, s1, s2, s3, 1], n)
    } else {
        rem(sum, n)
    }
}

/// `a % n` of an `a` below `2 * n`.
#[inline(always)]
fn below(a: U256, n: U256) -> U256 {
    let (reduced, borrow) = sub_with_borrow(a, n);
    if borrow { a } else { reduced }
}

/// MULMOD: `(a * b) % n`, where the product is not reduced modulo 2^256; zero if `n` is zero.
pub fn mulmod(a: U256, b: U256, n: U256) -> U256 {
    let high = |word: U256| word.0[1] | word.0[2] | word.0[3];
    if high(a) | high(b) == 0 {
        let (low, high) = super::limbs::mul(a.0[0], b.0[0]);
        return rem(U256([low, high, 0, 0]), n);
    }
    divide(&mut full_mul(a, b), n)
}
