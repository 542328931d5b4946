//! Powers modulo an odd number, in Montgomery's form: R times the number, where R is a limb's range to the power of the
//! modulus's length.

use super::exponent::Exponent;
use super::limb::Limb;
use super::natural::{add_product, is_less, remainder, subtract_assign};

/// `base`^`exponent` modulo `modulus`, which is odd, trimmed, and above one; `exponent` isn't zero.
pub fn power<L: Limb>(base: &[L], exponent: &Exponent, modulus: &[L]) -> Vec<L> {
    let form = Form::new(modulus);
    let mut scratch = vec![L::ZERO; 2 * modulus.len()];
    let base = form.enter(base);
    let scratch_of_square = &mut scratch.clone();
    let power = exponent.raise(
        base,
        |number| form.square(number, scratch_of_square),
        |number, factor| form.multiply(number, factor, &mut scratch),
    );
    form.leave(power)
}

/// Montgomery's form of numbers modulo an odd number.
struct Form<'a, L> {
    modulus: &'a [L],
    /// Inverse of the modulus's negative, modulo a limb's range.
    inverse: L,
}

impl<'a, L: Limb> Form<'a, L> {
    fn new(modulus: &'a [L]) -> Self {
        // An odd number is its own inverse modulo 8, and each of Newton's steps doubles the bits that are right.
        let lowest = modulus[0];
        let mut inverse = lowest;
        for _ in 0..5 {
            let error = L::ONE.sub_borrow(lowest.wrapping_mul(inverse), false).0;
            inverse = inverse.wrapping_mul(L::ONE.add_carry(error, false).0);
        }
        Self { modulus, inverse: inverse.wrapping_neg() }
    }

    /// `number` of any length, in the form.
    fn enter(&self, number: &[L]) -> Vec<L> {
        let mut shifted = vec![L::ZERO; self.modulus.len()];
        shifted.extend(number);
        remainder(&shifted, self.modulus)
    }

    /// Out of the form.
    fn leave(&self, mut number: Vec<L>) -> Vec<L> {
        let mut wide = number.clone();
        wide.resize(2 * self.modulus.len(), L::ZERO);
        self.reduce(&mut number, &mut wide);
        number
    }

    /// `number` *= `factor`.
    fn multiply(&self, number: &mut [L], factor: &[L], scratch: &mut [L]) {
        product(scratch, number, factor);
        self.reduce(number, scratch);
    }

    /// `number` *= `number`.
    fn square(&self, number: &mut [L], scratch: &mut [L]) {
        square(scratch, number);
        self.reduce(number, scratch);
    }

    /// `to` = `wide` / R.
    fn reduce(&self, to: &mut [L], wide: &mut [L]) {
        let length = self.modulus.len();
        let mut carry = false;
        for at in 0..length {
            let factor = wide[at].wrapping_mul(self.inverse);
            let carried = add_product(&mut wide[at..at + length], self.modulus, factor);
            (wide[at + length], carry) = wide[at + length].add_carry(carried, carry);
        }
        to.copy_from_slice(&wide[length..]);
        if carry || !is_less(to, self.modulus) {
            subtract_assign(to, self.modulus);
        }
    }
}

/// `to` = `a` * `b`.
fn product<L: Limb>(to: &mut [L], a: &[L], b: &[L]) {
    to.fill(L::ZERO);
    for (at, factor) in a.iter().enumerate() {
        to[at + b.len()] = add_product(&mut to[at..at + b.len()], b, *factor);
    }
}

/// `to` = `a` * `a`: each product of two different limbs once, doubled, and the squares of the limbs.
fn square<L: Limb>(to: &mut [L], a: &[L]) {
    to.fill(L::ZERO);
    for (at, factor) in a.iter().enumerate() {
        let above = &a[at + 1..];
        to[at + a.len()] = add_product(&mut to[2 * at + 1..at + a.len()], above, *factor);
    }
    let (mut shifted_out, mut carry) = (L::ZERO, false);
    let (mut low, mut high);
    for (pair, limb) in to.as_chunks_mut::<2>().0.iter_mut().zip(a) {
        (low, high) = limb.mul_add(*limb, L::ZERO, L::ZERO);
        let doubled = [double(pair[0], shifted_out), double(pair[1], pair[0].shr(L::BITS - 1))];
        shifted_out = pair[1].shr(L::BITS - 1);
        (pair[0], carry) = doubled[0].add_carry(low, carry);
        (pair[1], carry) = doubled[1].add_carry(high, carry);
    }
}

#[inline(always)]
fn double<L: Limb>(limb: L, below: L) -> L {
    limb.shl(1).add_carry(below, false).0
}
