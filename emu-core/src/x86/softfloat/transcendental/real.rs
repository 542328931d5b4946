//! Intermediate results: numbers with 128-bit significands and small relative errors (a few units of 2^-127 for each
//! operation), far below what the 64 bits of a result can show.

use crate::x86::softfloat::F80;
use crate::x86::softfloat::finite::{Finite, Wide, divide_128_by_64, full_product};

/// `significand / 2^127 * 2^exponent`; bit 127 is set, except for zero.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Real {
    pub negative: bool,
    pub exponent: i32,
    pub significand: u128,
}

const LEADING: u128 = 1 << 127;

impl Real {
    pub const ONE: Real = Real::constant(0, LEADING);

    /// A positive number from its parts.
    pub const fn constant(exponent: i32, significand: u128) -> Real {
        Real { negative: false, exponent, significand }
    }

    /// `significand / 2^127 * 2^exponent` of any significand.
    pub fn normalised(negative: bool, exponent: i32, significand: u128) -> Real {
        let shift = significand.leading_zeros();
        Real { negative, exponent: exponent - shift as i32, significand: significand << (shift & 127) }
    }

    /// A small integer.
    pub fn integer(value: i32) -> Real {
        Real::normalised(value < 0, 127, u128::from(value.unsigned_abs()))
    }

    pub fn is_zero(self) -> bool {
        self.significand == 0
    }

    pub fn negated(self) -> Real {
        Real { negative: !self.negative, ..self }
    }

    pub fn with_sign(self, negative: bool) -> Real {
        Real { negative, ..self }
    }

    /// Times a power of two.
    pub fn scaled(self, power: i32) -> Real {
        Real { exponent: self.exponent + power, ..self }
    }

    pub fn mul(self, other: Real) -> Real {
        let product = mul_high(self.significand, other.significand);
        Real::normalised(self.negative != other.negative, self.exponent + other.exponent + 1, product)
    }

    /// Neither operand may be zero.
    pub fn div(self, other: Real) -> Real {
        let negative = self.negative != other.negative;
        let exponent = self.exponent - other.exponent;
        if other.significand == LEADING {
            return Real { negative, exponent, significand: self.significand };
        }
        Real::normalised(negative, exponent, mul_high(self.significand, reciprocal(other.significand)))
    }

    pub fn add(self, other: Real) -> Real {
        if self.is_zero() || other.is_zero() {
            return if self.is_zero() { other } else { self };
        }
        let self_is_larger = (self.exponent, self.significand) >= (other.exponent, other.significand);
        let (a, b) = if self_is_larger { (self, other) } else { (other, self) };
        let aligned = b.significand.checked_shr((a.exponent - b.exponent) as u32).unwrap_or(0);
        if a.negative != b.negative {
            return Real::normalised(a.negative, a.exponent, a.significand - aligned);
        }
        match a.significand.checked_add(aligned) {
            Some(sum) => Real { significand: sum, ..a },
            None => {
                let sum = a.significand.wrapping_add(aligned) >> 1 | LEADING;
                Real { exponent: a.exponent + 1, significand: sum, ..a }
            }
        }
    }

    /// The magnitude in units of 2^-128, cut. For numbers below one.
    pub fn fraction(self) -> u128 {
        debug_assert!(self.exponent < 0 || self.is_zero());
        self.significand.checked_shr((-1 - self.exponent).max(0) as u32).unwrap_or(0)
    }

    /// As a result to be rounded, never taken for exact.
    pub fn inexact(self) -> Wide {
        Wide { low: self.significand as u64 | 1, ..self.exact() }
    }

    /// As a result to be rounded, exact if its lower half is zero.
    pub fn exact(self) -> Wide {
        Wide {
            negative: self.negative,
            exponent: self.exponent + F80::BIAS,
            high: (self.significand >> 64) as u64,
            low: self.significand as u64,
        }
    }
}

impl From<Finite> for Real {
    fn from(a: Finite) -> Real {
        Real {
            negative: a.negative,
            exponent: a.exponent - F80::BIAS,
            significand: u128::from(a.significand) << 64,
        }
    }
}

/// The upper half of a product.
pub(super) fn mul_high(a: u128, b: u128) -> u128 {
    let (a_high, a_low) = ((a >> 64) as u64, a as u64);
    let (b_high, b_low) = ((b >> 64) as u64, b as u64);
    let product = |x, y| {
        let (high, low) = full_product(x, y);
        u128::from(high) << 64 | u128::from(low)
    };
    let low = u128::from(full_product(a_low, b_low).0);
    let first = product(a_high, b_low) + low;
    let second = product(a_low, b_high) + u128::from(first as u64);
    product(a_high, b_high) + (first >> 64) + (second >> 64)
}

/// 2^255 divided by a significand other than 2^127: 64 bits by division, doubled by one step of Newton's.
fn reciprocal(significand: u128) -> u128 {
    let high = (significand >> 64) as u64;
    let first = if high == 1 << 63 { u64::MAX } else { divide_128_by_64(1 << 63, 0, high).0 };
    // significand * first / 2^64, which is near 2^127.
    let product =
        u128::from(high) * u128::from(first) + ((u128::from(significand as u64) * u128::from(first)) >> 64);
    let estimate = u128::from(first) << 64;
    let correction = mul_high(estimate, product.abs_diff(LEADING)) << 1;
    if product > LEADING { estimate - correction } else { estimate.saturating_add(correction) }
}

/// The sum of `coefficients[n] * z^n`, signs alternating if `alternate`, in the units of the coefficients; z in units
/// of 2^-128. An alternating sum comes out below its first coefficient, however small z is.
pub(super) fn series(coefficients: &[u128], z: u128, alternate: bool) -> u128 {
    coefficients.iter().rev().fold(0, |sum, coefficient| {
        let rest = mul_high(z, sum);
        if alternate { coefficient.saturating_sub(rest).saturating_sub(1) } else { coefficient + rest }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// a / b * b gives a back but for the last bits.
    #[test]
    fn quotient_times_divisor() {
        let mut seed = 1u128;
        for _ in 0..10_000 {
            seed = seed.wrapping_mul(0x2360_ED05_1FC6_5DA4_4385_DF64_9FCC_F645).wrapping_add(99);
            let a = Real::constant(0, seed | LEADING);
            let b = Real::constant(0, seed.rotate_left(50) | LEADING);
            let back = a.div(b).mul(b);
            let error = back.add(a.negated());
            assert!(error.is_zero() || error.exponent < -122, "{a:?} / {b:?} is off by {error:?}");
        }
        let edge = Real::constant(0, LEADING | 1);
        assert!(edge.div(edge).add(Real::ONE.negated()).exponent < -122);
    }
}
