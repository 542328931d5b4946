//! Applying scalar functions to the lanes of an XMM register, low quadword first.

use crate::x86::access::Int;
use crate::x86::softfloat::{Double, Format, Single};

/// An XMM register or a 128-bit memory operand.
pub type Xmm = [u64; 2];

/// How a format lies in a register.
pub trait Lanes: Format {
    /// Replaces every lane of `a` by `f` of it and the same lane of `b`.
    fn packed(a: Xmm, b: Xmm, f: impl FnMut(u64, u64) -> u64) -> Xmm;
    /// Replaces the lowest lane only.
    fn scalar(a: Xmm, b: Xmm, f: impl FnOnce(u64, u64) -> u64) -> Xmm;
    /// The lowest lane.
    fn lowest(a: Xmm) -> u64;
    /// A scalar memory operand.
    type Memory: Int;
    /// All ones in one lane.
    const ONES: u64;
}

impl Lanes for Single {
    type Memory = u32;

    #[inline]
    fn packed(a: Xmm, b: Xmm, mut f: impl FnMut(u64, u64) -> u64) -> Xmm {
        let mut half = |a: u64, b: u64| {
            let low = f(a & Self::ONES, b & Self::ONES);
            low | f(a >> 32, b >> 32) << 32
        };
        [half(a[0], b[0]), half(a[1], b[1])]
    }

    #[inline]
    fn scalar(a: Xmm, b: Xmm, f: impl FnOnce(u64, u64) -> u64) -> Xmm {
        [a[0] & !Self::ONES | f(a[0] & Self::ONES, b[0] & Self::ONES), a[1]]
    }

    #[inline]
    fn lowest(a: Xmm) -> u64 {
        a[0] & Self::ONES
    }

    const ONES: u64 = 0xFFFF_FFFF;
}

impl Lanes for Double {
    type Memory = u64;

    #[inline]
    fn packed(a: Xmm, b: Xmm, mut f: impl FnMut(u64, u64) -> u64) -> Xmm {
        [f(a[0], b[0]), f(a[1], b[1])]
    }

    #[inline]
    fn scalar(a: Xmm, b: Xmm, f: impl FnOnce(u64, u64) -> u64) -> Xmm {
        [f(a[0], b[0]), a[1]]
    }

    #[inline]
    fn lowest(a: Xmm) -> u64 {
        a[0]
    }

    const ONES: u64 = u64::MAX;
}

/// Two 32-bit values as a quadword.
#[inline]
pub fn join(low: u32, high: u32) -> u64 {
    u64::from(low) | u64::from(high) << 32
}

/// The 32-bit halves of a quadword.
#[inline]
pub fn split(value: u64) -> (u32, u32) {
    (value as u32, (value >> 32) as u32)
}
