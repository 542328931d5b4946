//! The arithmetic of the EVM's 256-bit words (Yellow Paper, appendix H.2) on [`U256`].
//!
//! Operands come in stack order: the first parameter is the top of the stack. Nothing here can fail: division by
//! zero is zero, results wrap modulo 2^256.

mod division;
mod exponentiation;
mod limbs;
mod modular;
mod product;
mod reciprocal;
#[cfg(test)]
mod tests;

pub use exponentiation::exp;
pub use modular::{addmod, mulmod};
pub use product::mul;

use primitive_types::U256;

/// The word whose only bit is the sign: -2^255.
pub const SIGN_BIT: U256 = U256([0, 0, 0, 1 << 63]);

/// ADD: `a + b` modulo 2^256.
#[inline]
pub fn add(a: U256, b: U256) -> U256 {
    add_with_carry(a, b).0
}

/// `a + b` modulo 2^256, and whether the sum is 2^256 or more.
#[inline]
pub fn add_with_carry(a: U256, b: U256) -> (U256, bool) {
    let (r0, carry) = a.0[0].overflowing_add(b.0[0]);
    let (r1, carry) = a.0[1].carrying_add(b.0[1], carry);
    let (r2, carry) = a.0[2].carrying_add(b.0[2], carry);
    let (r3, carry) = a.0[3].carrying_add(b.0[3], carry);
    (U256([r0, r1, r2, r3]), carry)
}

/// SUB: `a - b` modulo 2^256.
#[inline]
pub fn sub(a: U256, b: U256) -> U256 {
    sub_with_borrow(a, b).0
}

/// `a - b` modulo 2^256, and whether `a` is less than `b`.
#[inline]
pub fn sub_with_borrow(a: U256, b: U256) -> (U256, bool) {
    let (r0, borrow) = a.0[0].overflowing_sub(b.0[0]);
    let (r1, borrow) = a.0[1].borrowing_sub(b.0[1], borrow);
    let (r2, borrow) = a.0[2].borrowing_sub(b.0[2], borrow);
    let (r3, borrow) = a.0[3].borrowing_sub(b.0[3], borrow);
    (U256([r0, r1, r2, r3]), borrow)
}

/// Two's complement: `-a` modulo 2^256.
#[inline]
pub fn neg(a: U256) -> U256 {
    sub(U256::zero(), a)
}

/// DIV: the quotient of `a / b`, rounded down; zero if `b` is zero.
#[inline]
pub fn div(a: U256, b: U256) -> U256 {
    division::div_rem(a, b).0
}

/// MOD: the remainder of `a / b`; zero if `b` is zero.
#[inline]
pub fn rem(a: U256, b: U256) -> U256 {
    division::div_rem(a, b).1
}

/// SDIV: the quotient of the signed words `a / b`, rounded towards zero; zero if `b` is zero, and -2^255 / -1 = -2^255.
pub fn sdiv(a: U256, b: U256) -> U256 {
    let quotient = div(magnitude(a), magnitude(b));
    if is_negative(a) == is_negative(b) { quotient } else { neg(quotient) }
}

/// SMOD: the remainder of the signed words `a / b`, with the sign of `a`; zero if `b` is zero.
pub fn smod(a: U256, b: U256) -> U256 {
    let remainder = rem(magnitude(a), magnitude(b));
    if is_negative(a) { neg(remainder) } else { remainder }
}

/// SIGNEXTEND: `value` with the sign of its byte `index` (0 is the lowest) copied into all higher bits; unchanged
/// if `index` is 31 or more.
#[inline]
pub fn signextend(index: U256, value: U256) -> U256 {
    if index >= U256::from(31) {
        return value;
    }
    let shift = U256::from(248 - 8 * index.0[0]);
    sar(shift, shl(shift, value))
}

/// LT: whether `a < b`, unsigned.
#[inline]
pub fn lt(a: U256, b: U256) -> bool {
    sub_with_borrow(a, b).1
}

/// GT: whether `a > b`, unsigned.
#[inline]
pub fn gt(a: U256, b: U256) -> bool {
    lt(b, a)
}

/// SLT: whether `a < b`, both two's complement.
#[inline]
pub fn slt(a: U256, b: U256) -> bool {
    lt(a ^ SIGN_BIT, b ^ SIGN_BIT)
}

/// SGT: whether `a > b`, both two's complement.
#[inline]
pub fn sgt(a: U256, b: U256) -> bool {
    slt(b, a)
}

/// ISZERO: whether all bits of `a` are clear.
#[inline]
pub fn is_zero(a: U256) -> bool {
    a.0[0] | a.0[1] | a.0[2] | a.0[3] == 0
}

/// Whether `a` is less than zero in two's complement.
#[inline]
pub fn is_negative(a: U256) -> bool {
    (a.0[3] as i64) < 0
}

/// The distance of the signed word `a` from zero; of -2^255 it is 2^255, which only the unsigned word can hold.
#[inline]
fn magnitude(a: U256) -> U256 {
    if is_negative(a) { neg(a) } else { a }
}

/// BYTE: the byte `index` of `value`, where 0 is the *highest*; zero if `index` is 32 or more.
#[inline]
pub fn byte(index: U256, value: U256) -> U256 {
    match to_u64(index) {
        Some(index @ 0..32) => U256::from((value.0[3 - index as usize / 8] >> (56 - index % 8 * 8)) & 0xFF),
        _ => U256::zero(),
    }
}

/// SHL: `value` shifted left by `shift` bits; zero if `shift` is 256 or more.
#[inline]
pub fn shl(shift: U256, value: U256) -> U256 {
    if !lt(shift, U256([256, 0, 0, 0])) {
        return U256::zero();
    }
    let shift = shift.0[0];
    let U256([a0, a1, a2, a3]) = value;
    let [a0, a1, a2, a3] = if shift & 128 != 0 { [0, 0, a0, a1] } else { [a0, a1, a2, a3] };
    let [a0, a1, a2, a3] = if shift & 64 != 0 { [0, a0, a1, a2] } else { [a0, a1, a2, a3] };
    let shift = shift & 63;
    let from_below = |low: u64| low >> 1 >> (63 - shift);
    U256([
        a0 << shift,
        (a1 << shift) | from_below(a0),
        (a2 << shift) | from_below(a1),
        (a3 << shift) | from_below(a2),
    ])
}

/// SHR: `value` shifted right by `shift` bits, filled with zeros; zero if `shift` is 256 or more.
#[inline]
pub fn shr(shift: U256, value: U256) -> U256 {
    shr_with(0, shift, value)
}

/// `value` shifted right by `shift` bits, filled with those of `fill` (all clear or all set).
#[inline(always)]
fn shr_with(fill: u64, shift: U256, value: U256) -> U256 {
    if !lt(shift, U256([256, 0, 0, 0])) {
        return U256([fill; 4]);
    }
    let shift = shift.0[0];
    let U256([a0, a1, a2, a3]) = value;
    let [a0, a1, a2, a3] = if shift & 128 != 0 { [a2, a3, fill, fill] } else { [a0, a1, a2, a3] };
    let [a0, a1, a2, a3] = if shift & 64 != 0 { [a1, a2, a3, fill] } else { [a0, a1, a2, a3] };
    let shift = shift & 63;
    let from_above = |high: u64| high << 1 << (63 - shift);
    U256([
        (a0 >> shift) | from_above(a1),
        (a1 >> shift) | from_above(a2),
        (a2 >> shift) | from_above(a3),
        (a3 >> shift) | from_above(fill),
    ])
}

/// SAR: `value` shifted right by `shift` bits, filled with its sign; 0 or -1 if `shift` is 256 or more.
#[inline]
pub fn sar(shift: U256, value: U256) -> U256 {
    shr_with((value.0[3] as i64 >> 63) as u64, shift, value)
}

/// CLZ (EIP-7939): how many bits above the highest set bit of `a` are clear; 256 if `a` is zero.
#[inline]
pub fn clz(a: U256) -> U256 {
    U256::from(a.leading_zeros())
}

/// How many bytes `a` takes without its leading zeros, 0 for zero: what EXP pays for its exponent.
#[inline]
pub fn byte_len(a: U256) -> u32 {
    32 - a.leading_zeros() / 8
}

/// The word whose big-endian bytes are `bytes`.
#[inline]
pub fn from_be_bytes(bytes: &[u8; 32]) -> U256 {
    U256::from_big_endian(bytes)
}

/// The 32 big-endian bytes of `a`.
#[inline]
pub fn to_be_bytes(a: U256) -> [u8; 32] {
    a.to_big_endian()
}

/// The word whose big-endian bytes are `bytes`, with zeros before them; of more than 32 bytes the last 32 count.
#[inline]
pub fn from_be_slice(bytes: &[u8]) -> U256 {
    let mut padded = [0; 32];
    let bytes = &bytes[bytes.len().saturating_sub(32)..];
    padded[32 - bytes.len()..].copy_from_slice(bytes);
    from_be_bytes(&padded)
}

/// Whether `a` is below 2^64.
#[inline]
pub fn fits_u64(a: U256) -> bool {
    a.0[1] | a.0[2] | a.0[3] == 0
}

/// `a` if it is below 2^64.
#[inline]
pub fn to_u64(a: U256) -> Option<u64> {
    fits_u64(a).then_some(a.0[0])
}

/// `a`, or 2^64 - 1 if it is more than that.
#[inline]
pub fn saturating_u64(a: U256) -> u64 {
    if fits_u64(a) { a.0[0] } else { u64::MAX }
}

/// `a`, or the highest `usize` if it is more than that.
#[inline]
pub fn saturating_usize(a: U256) -> usize {
    usize::try_from(saturating_u64(a)).unwrap_or(usize::MAX)
}
