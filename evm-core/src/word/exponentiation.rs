//! Powers modulo 2^256.

use super::product::{mul, square};
use super::{shl, sub};
use primitive_types::U256;

/// EXP: `base` to the power of `exponent`, modulo 2^256; 0^0 is 1.
pub fn exp(base: U256, exponent: U256) -> U256 {
    let U256([b0, b1, b2, b3]) = base;
    if exponent.0[1] | exponent.0[2] | exponent.0[3] != 0 {
        // An even base has a factor 2^256 and more in it.
        return if b0 & 1 != 0 { odd_to_long(base, exponent) } else { U256::zero() };
    }
    let exponent = exponent.0[0];
    if b0 & 1 == 0 && exponent >= 256 {
        U256::zero()
    } else if b1 | b2 | b3 == 0 && b0.is_power_of_two() {
        // As 2 and 256, the most frequent bases of all.
        shl((u64::from(b0.trailing_zeros()) * (exponent & 0xFF)).into(), U256::one())
    } else {
        power(base, exponent)
    }
}

/// `base` to the power of `exponent`, by squaring and multiplying.
fn power(base: U256, exponent: u64) -> U256 {
    if exponent == 0 {
        return U256::one();
    }
    let mut result = base;
    for bit in (0..exponent.ilog2()).rev() {
        result = square(result);
        if exponent >> bit & 1 != 0 {
            result = mul(result, base);
        }
    }
    result
}

/// An odd `base` to the power of any `exponent`.
///
/// The 2^62nd power of an odd number is 1 modulo 2^64, say 1 + x * 2^64. Its n-th power has by the binomial theorem
/// only four terms below 2^256: 1 + C(n, 1) * x * 2^64 + C(n, 2) * x^2 * 2^128 + C(n, 3) * x^3 * 2^192. So it takes
/// no more than 62 squarings whatever the length of the exponent.
fn odd_to_long(base: U256, exponent: U256) -> U256 {
    let low = exponent.0[0] & ((1 << 62) - 1);
    let n = exponent >> 62;
    let mut big = base;
    let mut result = U256::one();
    for bit in 0..62 {
        if low >> bit & 1 != 0 {
            result = mul(result, big);
        }
        big = square(big);
    }
    let x = U256([big.0[1], big.0[2], big.0[3], 0]);
    let pairs = mul(n, sub(n, U256::one())) >> 1;
    // Division by 3 is exact, so it is a multiplication by the inverse of 3 modulo 2^64.
    const INVERSE_OF_3: u64 = 0xAAAA_AAAA_AAAA_AAAB;
    let triples = pairs.0[0].wrapping_mul(n.0[0].wrapping_sub(2)).wrapping_mul(INVERSE_OF_3);
    let first = mul(n, x);
    let second = mul(pairs, square(x));
    let third = triples.wrapping_mul(x.0[0]).wrapping_mul(x.0[0]).wrapping_mul(x.0[0]);
    let rest = U256([0, first.0[0], first.0[1], first.0[2]]);
    let rest = super::add(rest, U256([0, 0, second.0[0], second.0[1]]));
    let power = super::add(rest, U256([1, 0, 0, third]));
    mul(result, power)
}
