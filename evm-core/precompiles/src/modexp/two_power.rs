//! Numbers modulo a power of two: what lies above its bits is dropped.

use super::exponent::Exponent;
use super::limb::Limb;
use super::natural::{add_product, subtract_assign, trailing_zeros};

/// `base`^`exponent` modulo 2^`bits`; `exponent` and `bits` aren't zero.
pub fn power<L: Limb>(base: &[L], exponent: &Exponent, bits: usize) -> Vec<L> {
    let zero = vec![L::ZERO; bits.div_ceil(L::BITS)];
    match trailing_zeros(base) {
        None => return zero,
        // An odd number to the power of 2^`bits` is one: only the exponent's lowest bits count.
        Some(0) => {
            let low = exponent.low(bits);
            if low.is_zero() {
                return lowest(&[L::ONE], bits);
            }
            return raise(base, &low, bits);
        }
        Some(_) => {}
    }
    // An even number has at least as many twos as the exponent says.
    match exponent.value() {
        Some(value) if value < bits => raise(base, exponent, bits),
        _ => zero,
    }
}

fn raise<L: Limb>(base: &[L], exponent: &Exponent, bits: usize) -> Vec<L> {
    exponent.raise(
        lowest(base, bits),
        |number| *number = multiply(number, number, bits),
        |number, factor| *number = multiply(number, factor, bits),
    )
}

/// The lowest `bits` bits of `limbs`, in no more limbs than that takes.
fn lowest<L: Limb>(limbs: &[L], bits: usize) -> Vec<L> {
    let mut low = limbs.to_vec();
    low.resize(bits.div_ceil(L::BITS), L::ZERO);
    mask(&mut low, bits);
    low
}

/// Clears the bits of the highest limb that are beyond `bits`.
fn mask<L: Limb>(limbs: &mut [L], bits: usize) {
    let unused = limbs.len() * L::BITS - bits;
    if let Some(highest) = limbs.last_mut() {
        *highest = highest.shl(unused).shr(unused);
    }
}

/// `a` * `b` modulo 2^`bits`.
pub fn multiply<L: Limb>(a: &[L], b: &[L], bits: usize) -> Vec<L> {
    let length = bits.div_ceil(L::BITS);
    let mut product = vec![L::ZERO; length];
    for (at, factor) in a.iter().enumerate().take(length) {
        let used = b.len().min(length - at);
        let carry = add_product(&mut product[at..at + used], &b[..used], *factor);
        if let Some(next) = product.get_mut(at + used) {
            *next = carry;
        }
    }
    mask(&mut product, bits);
    product
}

/// `a` - `b` modulo 2^`bits`.
pub fn subtract<L: Limb>(a: &[L], b: &[L], bits: usize) -> Vec<L> {
    let mut difference = lowest(a, bits);
    subtract_assign(&mut difference, &lowest(b, bits));
    mask(&mut difference, bits);
    difference
}

/// Inverse of `odd` modulo 2^`bits`: Newton's steps, each with twice the bits of the one before.
pub fn inverse<L: Limb>(odd: &[L], bits: usize) -> Vec<L> {
    // An odd number is its own inverse modulo 8.
    let mut right = 3;
    let mut inverse = lowest(odd, right.min(bits));
    while right < bits {
        right = (2 * right).min(bits);
        // x = x * (2 - odd * x)
        let product = multiply(&lowest(odd, right), &inverse, right);
        let correction = subtract(&lowest(&[L::ONE.shl(1)], right), &product, right);
        inverse = multiply(&inverse, &correction, right);
    }
    inverse
}
