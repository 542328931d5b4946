//! The digits that long numbers are made of.

use std::fmt::Debug;

/// A digit of a long number. 64 bits are best where the processor multiplies them to 128, 32 elsewhere.
pub trait Limb: Copy + Ord + Debug {
    /// Its size.
    const BITS: usize;
    /// 0.
    const ZERO: Self;
    /// 1.
    const ONE: Self;

    /// Big-endian value of at most `BITS` / 8 bytes.
    fn from_be_bytes(bytes: &[u8]) -> Self;
    /// Its lowest bits.
    fn low_byte(self) -> u8;
    /// `self` + `other` + `carry` as sum and carry.
    fn add_carry(self, other: Self, carry: bool) -> (Self, bool);
    /// `self` - `other` - `borrow` as difference and borrow.
    fn sub_borrow(self, other: Self, borrow: bool) -> (Self, bool);
    /// `self` * `factor` + `a` + `b` as low and high half: it always fits.
    fn mul_add(self, factor: Self, a: Self, b: Self) -> (Self, Self);
    /// Product without its high half.
    fn wrapping_mul(self, other: Self) -> Self;
    /// Negative, modulo 2^`BITS`.
    fn wrapping_neg(self) -> Self;
    /// The two digits `high`, `self` divided by `divisor`, which is greater than `high`: quotient and remainder.
    fn divide(self, high: Self, divisor: Self) -> (Self, Self);
    /// Shift to the left; by `BITS` or more gives zero.
    fn shl(self, by: usize) -> Self;
    /// Shift to the right; by `BITS` or more gives zero.
    fn shr(self, by: usize) -> Self;
    /// Zero bits above the highest one.
    fn leading_zeros(self) -> usize;
    /// Zero bits below the lowest one.
    fn trailing_zeros(self) -> usize;
}

macro_rules! limb {
    ($limb:ty, $wide:ty) => {
        impl Limb for $limb {
            const BITS: usize = <$limb>::BITS as usize;
            const ZERO: Self = 0;
            const ONE: Self = 1;

            #[inline(always)]
            fn from_be_bytes(bytes: &[u8]) -> Self {
                bytes.iter().fold(0, |value, byte| value << 8 | <$limb>::from(*byte))
            }

            #[inline(always)]
            fn low_byte(self) -> u8 {
                self as u8
            }

            #[inline(always)]
            fn add_carry(self, other: Self, carry: bool) -> (Self, bool) {
                let (sum, first) = self.overflowing_add(other);
                let (sum, second) = sum.overflowing_add(carry.into());
                (sum, first | second)
            }

            #[inline(always)]
            fn sub_borrow(self, other: Self, borrow: bool) -> (Self, bool) {
                let (difference, first) = self.overflowing_sub(other);
                let (difference, second) = difference.overflowing_sub(borrow.into());
                (difference, first | second)
            }

            #[inline(always)]
            fn mul_add(self, factor: Self, a: Self, b: Self) -> (Self, Self) {
                let wide = <$wide>::from(self) * <$wide>::from(factor) + <$wide>::from(a) + <$wide>::from(b);
                (wide as $limb, (wide >> <$limb>::BITS) as $limb)
            }

            #[inline(always)]
            fn wrapping_mul(self, other: Self) -> Self {
                <$limb>::wrapping_mul(self, other)
            }

            #[inline(always)]
            fn wrapping_neg(self) -> Self {
                <$limb>::wrapping_neg(self)
            }

            #[inline(always)]
            fn divide(self, high: Self, divisor: Self) -> (Self, Self) {
                let wide = <$wide>::from(high) << <$limb>::BITS | <$wide>::from(self);
                let divisor = <$wide>::from(divisor);
                ((wide / divisor) as $limb, (wide % divisor) as $limb)
            }

            #[inline(always)]
            fn shl(self, by: usize) -> Self {
                self.checked_shl(by as u32).unwrap_or(0)
            }

            #[inline(always)]
            fn shr(self, by: usize) -> Self {
                self.checked_shr(by as u32).unwrap_or(0)
            }

            #[inline(always)]
            fn leading_zeros(self) -> usize {
                <$limb>::leading_zeros(self) as usize
            }

            #[inline(always)]
            fn trailing_zeros(self) -> usize {
                <$limb>::trailing_zeros(self) as usize
            }
        }
    };
}

limb!(u32, u64);
limb!(u64, u128);
