//! Exact arithmetic on finite numbers with 64-bit significands, before any rounding. Shared by x87 and SSE.

/// A finite number that is not zero: `significand / 2^63 * 2^(exponent - 16383)`, the significand normalised (bit 63
/// set). The exponent may lie outside the 15 bits of an [`F80`](super::F80).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Finite {
    pub negative: bool,
    pub exponent: i32,
    pub significand: u64,
}

/// A result before rounding: like [`Finite`] with 64 more significand bits, the lowest of which is sticky (set if
/// anything not zero was lost below).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Wide {
    pub negative: bool,
    pub exponent: i32,
    pub high: u64,
    pub low: u64,
}

const HALF: u64 = 1 << 63;
const BIAS: i32 = super::F80::BIAS;

impl Finite {
    /// The number with this significand, which is not zero but may have leading zeros.
    #[inline]
    pub fn normalised(negative: bool, exponent: i32, significand: u64) -> Finite {
        let shift = significand.leading_zeros();
        Finite { negative, exponent: exponent - shift as i32, significand: significand << (shift & 63) }
    }
}

impl From<Finite> for Wide {
    #[inline]
    fn from(a: Finite) -> Wide {
        Wide { negative: a.negative, exponent: a.exponent, high: a.significand, low: 0 }
    }
}

/// `value` shifted right by `count` as 128 bits, sticky.
#[inline]
pub(super) fn shift_right_sticky(value: u64, count: u32) -> (u64, u64) {
    match count {
        // Two shifts, because one by 64 is not defined.
        0..=63 => (value >> count, (value << 1) << (63 - count)),
        64 => (0, value),
        65..=127 => {
            let low = value >> (count - 64);
            (0, low | u64::from(low << (count - 64) != value))
        }
        _ => (0, u64::from(value != 0)),
    }
}

/// a + b, both taken with their signs. `None` when the sum is exactly zero.
#[inline(always)]
pub(super) fn add(a: Finite, b: Finite) -> Option<Wide> {
    let (a, b) = if a.exponent >= b.exponent { (a, b) } else { (b, a) };
    let (high, low) = shift_right_sticky(b.significand, (a.exponent - b.exponent) as u32);
    if a.negative == b.negative {
        return Some(add_aligned(a, high, low));
    }
    // 64 bits below are enough, because a difference that loses more than one leading bit comes from operands at
    // most one place apart, and then nothing is cut off.
    let (low, borrow) = 0u64.overflowing_sub(low);
    let (high, larger) = a.significand.overflowing_sub(high);
    if larger {
        // Only with equal exponents can b be the larger one; then there is nothing below.
        return normalise(b.negative, a.exponent, high.wrapping_neg(), 0);
    }
    normalise(a.negative, a.exponent, high.wrapping_sub(u64::from(borrow)), low)
}

#[inline(always)]
fn add_aligned(a: Finite, high: u64, low: u64) -> Wide {
    let (sum, carry) = a.significand.overflowing_add(high);
    if carry {
        let low = sum << 63 | low >> 1 | low & 1;
        return Wide { negative: a.negative, exponent: a.exponent + 1, high: sum >> 1 | HALF, low };
    }
    Wide { negative: a.negative, exponent: a.exponent, high: sum, low }
}

/// Brings the leading one to bit 127. `None` if there is none.
#[inline(always)]
pub(super) fn normalise(negative: bool, exponent: i32, high: u64, low: u64) -> Option<Wide> {
    if high != 0 {
        let shift = high.leading_zeros();
        let high = high << shift | (low >> 1) >> (63 - shift);
        return Some(Wide { negative, exponent: exponent - shift as i32, high, low: low << shift });
    }
    if low == 0 {
        return None;
    }
    let shift = low.leading_zeros();
    Some(Wide { negative, exponent: exponent - 64 - shift as i32, high: low << shift, low: 0 })
}

/// a * b.
#[inline(always)]
pub(super) fn multiply(a: Finite, b: Finite) -> Wide {
    let (high, low) = full_product(a.significand, b.significand);
    let negative = a.negative != b.negative;
    let exponent = a.exponent + b.exponent - BIAS;
    if (high as i64) < 0 {
        Wide { negative, exponent: exponent + 1, high, low }
    } else {
        Wide { negative, exponent, high: high << 1 | low >> 63, low: low << 1 }
    }
}

/// The 128-bit product, high half first. Wasm has no such multiplication, and a general one of 128-bit numbers in its
/// place.
#[inline]
pub(super) fn full_product(a: u64, b: u64) -> (u64, u64) {
    if cfg!(target_arch = "wasm32") {
        return product_of_halves(a, b);
    }
    let product = u128::from(a) * u128::from(b);
    ((product >> 64) as u64, product as u64)
}

#[inline]
fn product_of_halves(a: u64, b: u64) -> (u64, u64) {
    const LOW: u64 = 0xFFFF_FFFF;
    let (a_high, a_low, b_high, b_low) = (a >> 32, a & LOW, b >> 32, b & LOW);
    let low = a_low * b_low;
    let first = a_high * b_low + (low >> 32);
    let second = a_low * b_high + (first & LOW);
    (a_high * b_high + (first >> 32) + (second >> 32), second << 32 | low & LOW)
}

/// a / b.
#[inline]
pub(super) fn divide(a: Finite, b: Finite) -> Wide {
    let negative = a.negative != b.negative;
    let exponent = a.exponent - b.exponent + BIAS;
    let divisor = b.significand;
    let (exponent, (high, rest)) = if a.significand >= divisor {
        (exponent, divide_128_by_64(a.significand >> 1, a.significand << 63, divisor))
    } else {
        (exponent - 1, divide_128_by_64(a.significand, 0, divisor))
    };
    Wide { negative, exponent, high, low: fraction_code(rest, divisor) }
}

/// What the fraction `rest / whole` looks like to a rounding: 0, below, at or above one half.
#[inline]
fn fraction_code(rest: u64, whole: u64) -> u64 {
    if rest == 0 {
        return 0;
    }
    match rest.cmp(&(whole - rest)) {
        core::cmp::Ordering::Less => 1,
        core::cmp::Ordering::Equal => HALF,
        core::cmp::Ordering::Greater => HALF | 1,
    }
}

/// Quotient and remainder of `high:low` by a divisor whose bit 63 is set and that is above `high`: two steps of
/// schoolbook division in base 2^32 (Knuth, The Art of Computer Programming, vol. 2, 4.3.1, algorithm D), because
/// wasm has no division wider than 64 bits.
#[inline]
pub(super) fn divide_128_by_64(high: u64, low: u64, divisor: u64) -> (u64, u64) {
    debug_assert!(high < divisor && divisor & HALF != 0);
    let (quotient_high, rest) = divide_96_by_64(high, low >> 32, divisor);
    let (quotient_low, rest) = divide_96_by_64(rest, low & 0xFFFF_FFFF, divisor);
    (quotient_high << 32 | quotient_low, rest)
}

/// One digit: `(rest * 2^32 + next) / divisor`, with `rest < divisor`.
#[inline]
fn divide_96_by_64(rest: u64, next: u64, divisor: u64) -> (u64, u64) {
    let (divisor_high, divisor_low) = (divisor >> 32, divisor & 0xFFFF_FFFF);
    let mut quotient = rest / divisor_high;
    let mut partial = rest % divisor_high;
    while quotient > 0xFFFF_FFFF || quotient * divisor_low > (partial << 32 | next) {
        quotient -= 1;
        partial += divisor_high;
        if partial > 0xFFFF_FFFF {
            break;
        }
    }
    let remainder = (rest << 32 | next).wrapping_sub(quotient.wrapping_mul(divisor));
    (quotient, remainder)
}

/// The square root of the magnitude of a.
pub(super) fn square_root(a: Finite) -> Wide {
    let exponent = a.exponent - BIAS;
    let odd = exponent & 1;
    let radicand = u128::from(a.significand) << (63 + odd);
    let root = radicand.isqrt();
    let rest = radicand - root * root;
    // (root + 1/2)^2 is root^2 + root + 1/4: a tie cannot happen.
    let low = if rest == 0 { 0 } else { 1 | if rest > root { HALF } else { 0 } };
    Wide { negative: false, exponent: (exponent - odd) / 2 + BIAS, high: root as u64, low }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The two ways to multiply agree.
    #[test]
    fn products() {
        let mut seed = 1u64;
        for _ in 0..10_000 {
            seed = seed.wrapping_mul(0x5851_F42D_4C95_7F2D).wrapping_add(1);
            let (a, b) = (seed, seed.rotate_left(23) | 0xFFFF_FFFF);
            let product = u128::from(a) * u128::from(b);
            assert_eq!(product_of_halves(a, b), ((product >> 64) as u64, product as u64));
        }
    }

    /// Quotient times divisor plus remainder is the dividend, also where a digit is guessed too large.
    #[test]
    fn division() {
        for divisor in [HALF, HALF | 1, HALF | 0xFFFF_FFFF, u64::MAX, 0xC000_0000_8000_0001] {
            for high in [0, 1, divisor - 1, divisor >> 1, 0x7FFF_FFFF_FFFF_FFFF] {
                for low in [0, 1, u64::MAX, 0xFFFF_FFFF_0000_0000] {
                    let (quotient, rest) = divide_128_by_64(high, low, divisor);
                    let back = u128::from(quotient) * u128::from(divisor) + u128::from(rest);
                    assert!(rest < divisor && back == u128::from(high) << 64 | u128::from(low));
                }
            }
        }
    }
}
