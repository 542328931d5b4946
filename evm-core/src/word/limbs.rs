//! Products of two 64-bit limbs: the step all longer multiplications and divisions are made of.

/// The low and the high half of `a * b`.
#[inline(always)]
pub(super) fn mul(a: u64, b: u64) -> (u64, u64) {
    mul_add2(a, b, 0, 0)
}

/// The low and the high half of `a * b + c`.
#[inline(always)]
pub(super) fn mul_add(a: u64, b: u64, c: u64) -> (u64, u64) {
    mul_add2(a, b, c, 0)
}

/// The low and the high half of `a * b + c + d`.
#[cfg(not(target_arch = "wasm32"))]
#[inline(always)]
pub(super) fn mul_add2(a: u64, b: u64, c: u64, d: u64) -> (u64, u64) {
    a.carrying_mul_add(b, c, d)
}

/// The low and the high half of `a * b + c + d`.
///
/// Wasm has neither an instruction for the high half of a product nor a carry. Products and sums of 32-bit halves,
/// in which nothing can overflow, are twice as fast as what the compiler makes of 128-bit numbers.
#[cfg(target_arch = "wasm32")]
#[inline(always)]
pub(super) fn mul_add2(a: u64, b: u64, c: u64, d: u64) -> (u64, u64) {
    const LOW: u64 = 0xFFFF_FFFF;
    let (a0, a1) = (a & LOW, a >> 32);
    let (b0, b1) = (b & LOW, b >> 32);
    // The highest value of each sum is (2^32 - 1)^2 + 2 * (2^32 - 1) = 2^64 - 1.
    let low = a0 * b0 + (c & LOW) + (d & LOW);
    let middle = a1 * b0 + (low >> 32) + (c >> 32);
    let other = a0 * b1 + (middle & LOW) + (d >> 32);
    ((low & LOW) | (other << 32), a1 * b1 + (middle >> 32) + (other >> 32))
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
    let (_, borrow) = a.0.overflowing_sub(b.0);
    a.1.borrowing_sub(b.1, borrow).1
}

/// Called first where a branch is seldom taken: without it the compiler computes both ways and chooses, which puts
/// the seldom one into the chain of all results to come.
#[cold]
#[inline]
pub(super) fn seldom() {}
