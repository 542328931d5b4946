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
        return select(carry || !borrow, reduced, sum);
    }
    let (sum, carry) = add_with_carry(a, b);
    if carry {
        let [s0, s1, s2, s3] = sum.0;
        divide([s0, s1, s2, s3, 1], n).1
    } else {
        rem(sum, n)
    }
}

/// `a % n` of an `a` below `2 * n`.
#[inline(always)]
fn below(a: U256, n: U256) -> U256 {
    let (reduced, borrow) = sub_with_borrow(a, n);
    select(borrow, a, reduced)
}

/// `a` if `condition` holds, else `b`, without a branch: there is no pattern in the conditions here.
#[inline(always)]
fn select(condition: bool, a: U256, b: U256) -> U256 {
    let mask = u64::from(condition).wrapping_neg();
    U256(std::array::from_fn(|i| (a.0[i] & mask) | (b.0[i] & !mask)))
}

/// MULMOD: `(a * b) % n`, where the product is not reduced modulo 2^256; zero if `n` is zero.
pub fn mulmod(a: U256, b: U256, n: U256) -> U256 {
    let high = |word: U256| word.0[1] | word.0[2] | word.0[3];
    if high(a) | high(b) == 0 {
        let (low, high) = super::limbs::mul(a.0[0], b.0[0]);
        return rem(U256([low, high, 0, 0]), n);
    }
    rem_wide(full_mul(a, b), n)
}

/// The remainder of a number of 512 bits.
#[inline(always)]
fn rem_wide(a: [u64; 8], n: U256) -> U256 {
    divide(a, n).1
}
