//! Products of two 64-bit limbs: the step all longer multiplications and divisions are made of.

/// The low and the high half of `a * b`.
#[cfg(not(target_arch = "wasm32"))]
#[inline(always)]
pub(super) fn mul(a: u64, b: u64) -> (u64, u64) {
    a.carrying_mul(b, 0)
}

/// The low and the high half of `a * b`.
///
/// Wasm has no instruction for the high half, and the compiler's 128-bit product is a call that returns through
/// memory; four products of 32-bit halves are about three times faster.
#[cfg(target_arch = "wasm32")]
#[inline(always)]
pub(super) fn mul(a: u64, b: u64) -> (u64, u64) {
    let (a0, a1) = (a & 0xFFFF_FFFF, a >> 32);
    let (b0, b1) = (b & 0xFFFF_FFFF, b >> 32);
    // Neither sum can overflow: (2^32 - 1)^2 + 2 * (2^32 - 1) is 2^64 - 1.
    let low = a1 * b0 + ((a0 * b0) >> 32);
    let middle = a0 * b1 + (low & 0xFFFF_FFFF);
    (a.wrapping_mul(b), a1 * b1 + (low >> 32) + (middle >> 32))
}

/// The low and the high half of `a * b + c`.
#[inline(always)]
pub(super) fn mul_add(a: u64, b: u64, c: u64) -> (u64, u64) {
    #[cfg(not(target_arch = "wasm32"))]
    return a.carrying_mul(b, c);
    #[cfg(target_arch = "wasm32")]
    {
        let (low, high) = mul(a, b);
        let (low, carry) = low.overflowing_add(c);
        (low, high + u64::from(carry))
    }
}

/// The low and the high half of `a * b + c + d`.
#[inline(always)]
pub(super) fn mul_add2(a: u64, b: u64, c: u64, d: u64) -> (u64, u64) {
    #[cfg(not(target_arch = "wasm32"))]
    return a.carrying_mul_add(b, c, d);
    #[cfg(target_arch = "wasm32")]
    {
        let (low, high) = mul(a, b);
        let (low, first) = low.overflowing_add(c);
        let (low, second) = low.overflowing_add(d);
        (low, high + u64::from(first) + u64::from(second))
    }
}

/// The lowest two limbs of `(a1, a0) + (b1, b0)`, low limb first.
#[inline(always)]
pub(super) fn add2(a: (u64, u64), b: (u64, u64)) -> (u64, u64) {
    let (low, carry) = a.0.overflowing_add(b.0);
    (low, a.1.wrapping_add(b.1).wrapping_add(u64::from(carry)))
}

/// The lowest two limbs of `(a1, a0) - (b1, b0)`, low limb first.
#[inline(always)]
pub(super) fn sub2(a: (u64, u64), b: (u64, u64)) -> (u64, u64) {
    let (low, borrow) = a.0.overflowing_sub(b.0);
    (low, a.1.wrapping_sub(b.1).wrapping_sub(u64::from(borrow)))
}

/// Whether `(a1, a0) < (b1, b0)`, low limb first.
#[inline(always)]
pub(super) fn lt2(a: (u64, u64), b: (u64, u64)) -> bool {
    a.1 < b.1 || (a.1 == b.1 && a.0 < b.0)
}
