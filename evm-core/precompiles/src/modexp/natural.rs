//! Natural numbers as slices of limbs, the lowest first.

use super::limb::Limb;

/// Big-endian `bytes`, without leading zeros: none for zero.
pub fn from_be_bytes<L: Limb>(bytes: &[u8]) -> Vec<L> {
    let mut limbs: Vec<L> = bytes.rchunks(L::BITS / 8).map(L::from_be_bytes).collect();
    trim(&mut limbs);
    limbs
}

/// The lowest `length` bytes of `limbs`, big-endian.
pub fn to_be_bytes<L: Limb>(limbs: &[L], length: usize) -> Vec<u8> {
    let mut bytes: Vec<u8> =
        limbs.iter().flat_map(|limb| (0..L::BITS / 8).map(|at| limb.shr(at * 8).low_byte())).collect();
    bytes.resize(length, 0);
    bytes.reverse();
    bytes
}

/// Takes away zeros at the high end.
pub fn trim<L: Limb>(limbs: &mut Vec<L>) {
    let length = limbs.iter().rposition(|limb| *limb != L::ZERO).map_or(0, |last| last + 1);
    limbs.truncate(length);
}

/// How often 2 divides `limbs`; `None` for zero.
pub fn trailing_zeros<L: Limb>(limbs: &[L]) -> Option<usize> {
    let at = limbs.iter().position(|limb| *limb != L::ZERO)?;
    Some(at * L::BITS + limbs[at].trailing_zeros())
}

/// `limbs` / 2^`by`, trimmed.
pub fn shift_right<L: Limb>(limbs: &[L], by: usize) -> Vec<L> {
    let (whole, bits) = (by / L::BITS, by % L::BITS);
    let limbs = limbs.get(whole..).unwrap_or_default();
    let above = limbs.iter().copied().skip(1).chain([L::ZERO]);
    // For no bits the shift to the left is by all of them, and gives zero.
    let mut shifted: Vec<L> =
        limbs.iter().zip(above).map(|(low, high)| or(low.shr(bits), high.shl(L::BITS - bits))).collect();
    trim(&mut shifted);
    shifted
}

/// Of two numbers that have no bit in common.
#[inline(always)]
fn or<L: Limb>(a: L, b: L) -> L {
    a.add_carry(b, false).0
}

/// `limbs` * 2^`bits`, `bits` fewer than a limb's, with one limb more.
fn shift_left_bits<L: Limb>(limbs: &[L], bits: usize) -> Vec<L> {
    let below = [L::ZERO].into_iter().chain(limbs.iter().copied());
    let above = limbs.iter().copied().chain([L::ZERO]);
    below.zip(above).map(|(low, high)| or(high.shl(bits), low.shr(L::BITS - bits))).collect()
}

/// `to` += `limbs` * `factor`, over the length of `limbs`, which is that of `to`; returns the limb carried out.
#[inline(always)]
pub fn add_product<L: Limb>(to: &mut [L], limbs: &[L], factor: L) -> L {
    let mut carry = L::ZERO;
    let (to_fours, to_rest) = to.as_chunks_mut::<4>();
    let (fours, rest) = limbs.as_chunks::<4>();
    for (to, limbs) in to_fours.iter_mut().zip(fours) {
        (to[0], carry) = limbs[0].mul_add(factor, to[0], carry);
        (to[1], carry) = limbs[1].mul_add(factor, to[1], carry);
        (to[2], carry) = limbs[2].mul_add(factor, to[2], carry);
        (to[3], carry) = limbs[3].mul_add(factor, to[3], carry);
    }
    for (to, limb) in to_rest.iter_mut().zip(rest) {
        (*to, carry) = limb.mul_add(factor, *to, carry);
    }
    carry
}

/// `to` -= `limbs` * `factor`; returns the limb borrowed, to be taken from the next.
#[inline(always)]
fn subtract_product<L: Limb>(to: &mut [L], limbs: &[L], factor: L) -> L {
    let (mut carry, mut borrow) = (L::ZERO, false);
    for (to, limb) in to.iter_mut().zip(limbs) {
        let low;
        (low, carry) = limb.mul_add(factor, L::ZERO, carry);
        (*to, borrow) = to.sub_borrow(low, borrow);
    }
    carry.add_carry(L::ZERO, borrow).0
}

/// `to` += `limbs`, which has no more of them; returns the carry out of `to`.
pub fn add_assign<L: Limb>(to: &mut [L], limbs: &[L]) -> bool {
    let mut carry = false;
    let (low, high) = to.split_at_mut(limbs.len());
    for (to, limb) in low.iter_mut().zip(limbs) {
        (*to, carry) = to.add_carry(*limb, carry);
    }
    for to in high {
        if !carry {
            break;
        }
        (*to, carry) = to.add_carry(L::ZERO, carry);
    }
    carry
}

/// `to` -= `limbs`, of the same length; returns the borrow.
pub fn subtract_assign<L: Limb>(to: &mut [L], limbs: &[L]) -> bool {
    let mut borrow = false;
    for (to, limb) in to.iter_mut().zip(limbs) {
        (*to, borrow) = to.sub_borrow(*limb, borrow);
    }
    borrow
}

/// Whether `a` < `b`, of the same length.
pub fn is_less<L: Limb>(a: &[L], b: &[L]) -> bool {
    a.iter().rev().lt(b.iter().rev())
}

/// `a` * `b`, in as many limbs as both have.
pub fn multiply<L: Limb>(a: &[L], b: &[L]) -> Vec<L> {
    let mut product = vec![L::ZERO; a.len() + b.len()];
    for (at, factor) in a.iter().enumerate() {
        let carry = add_product(&mut product[at..at + b.len()], b, *factor);
        product[at + b.len()] = carry;
    }
    product
}

/// Remainder of `dividend` divided by `divisor`, which is trimmed and not zero; in as many limbs as that. Knuth, The Art
/// of Computer Programming 4.3.1, algorithm D.
pub fn remainder<L: Limb>(dividend: &[L], divisor: &[L]) -> Vec<L> {
    let length = divisor.len();
    let shift = divisor[length - 1].leading_zeros();
    let mut divisor = shift_left_bits(divisor, shift);
    divisor.truncate(length);
    let mut rest = shift_left_bits(dividend, shift);
    if rest.len() <= length {
        rest.resize(length + 1, L::ZERO);
    }
    let highest = divisor[length - 1];
    let second = if length > 1 { divisor[length - 2] } else { L::ZERO };
    for at in (0..rest.len() - length).rev() {
        let window = &mut rest[at..=at + length];
        let third = if length > 1 { window[length - 2] } else { L::ZERO };
        let quotient = guess(window[length], window[length - 1], third, highest, second);
        if quotient == L::ZERO {
            continue;
        }
        let borrowed = subtract_product(&mut window[..length], &divisor, quotient);
        let (top, borrow) = window[length].sub_borrow(borrowed, false);
        window[length] = top;
        if borrow {
            // The guess was one too many.
            let carry = add_assign(&mut window[..length], &divisor);
            window[length] = window[length].add_carry(L::ZERO, carry).0;
        }
    }
    rest.truncate(length);
    let mut low = shift_right(&rest, shift);
    low.resize(length, L::ZERO);
    low
}

/// The next digit of a quotient or one more than it, from the highest limbs of rest and divisor.
fn guess<L: Limb>(top: L, next: L, third: L, highest: L, second: L) -> L {
    let (mut quotient, mut left) = if top >= highest {
        // The digit is at most the greatest there is; what is left of the two limbs with that.
        let (left, carry) = next.add_carry(highest, false);
        if carry {
            return L::ONE.wrapping_neg();
        }
        (L::ONE.wrapping_neg(), left)
    } else {
        next.divide(top, highest)
    };
    loop {
        let (low, high) = quotient.mul_add(second, L::ZERO, L::ZERO);
        if (high, low) <= (left, third) {
            return quotient;
        }
        quotient = quotient.sub_borrow(L::ONE, false).0;
        let carry;
        (left, carry) = left.add_carry(highest, false);
        if carry {
            return quotient;
        }
    }
}
