//! RCPPS and RSQRTPS: approximations with a relative error of at most 1.5 * 2^-12, no exceptions.
//!
//! Which of the values within that bound a processor gives is its own affair; here it is the exact function at the
//! middle of the interval that the upper 11 fraction bits leave, cut to 12 fraction bits.

use crate::x86::softfloat::format::{self, Format, Kind, Single};

/// The exponent field and 4096 times the middle of the interval in which the significand lies.
fn interval(bits: u64) -> (i32, u64) {
    let upper = (bits & Single::FRACTION) >> 12;
    (format::exponent::<Single>(bits), 4096 + 2 * upper + 1)
}

/// Packs a significand (bit 23 set) with 12 fraction bits kept.
fn pack(sign: u64, exponent: i32, significand: u64) -> u32 {
    let kept = (significand + (1 << 10)) & !0x7FF;
    let magnitude = ((exponent as u64 - 1) << Single::FRACTION_BITS) + kept;
    (sign | magnitude) as u32
}

/// About 1 / a (RCPPS). Denormals count as zeros; results that would be denormal are zero.
pub fn reciprocal(a: u32) -> u32 {
    let bits = u64::from(a);
    let sign = bits & Single::SIGN;
    match format::kind::<Single>(bits) {
        Kind::Zero | Kind::Denormal => (sign | Single::INFINITY) as u32,
        Kind::Infinity => sign as u32,
        Kind::QuietNan | Kind::SignalingNan => (bits | Single::QUIET) as u32,
        Kind::Normal => {
            let (exponent, middle) = interval(bits);
            let exponent = 2 * Single::BIAS - 1 - exponent;
            if exponent < 1 {
                return sign as u32;
            }
            pack(sign, exponent, (8192 << 23) / middle)
        }
    }
}

/// About 1 / sqrt(a) (RSQRTPS). Denormals count as zeros; negative numbers give the indefinite.
pub fn reciprocal_square_root(a: u32) -> u32 {
    let bits = u64::from(a);
    let sign = bits & Single::SIGN;
    match format::kind::<Single>(bits) {
        Kind::Zero | Kind::Denormal => (sign | Single::INFINITY) as u32,
        Kind::QuietNan | Kind::SignalingNan => (bits | Single::QUIET) as u32,
        _ if sign != 0 => Single::INDEFINITE as u32,
        Kind::Infinity => 0,
        Kind::Normal => {
            let (exponent, middle) = interval(bits);
            let power = exponent - Single::BIAS;
            let odd = power & 1;
            // 2^30 / sqrt(4096 * m * 2^odd) is 2^24 / sqrt(m * 2^odd), between 2^23 and 2^24.
            let significand = ((1u64 << 60) / (middle << odd)).isqrt();
            pack(0, Single::BIAS - 1 - (power - odd) / 2, significand)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOUND: f64 = 1.5 / 4096.0;

    /// The bound of the SDM, over all significands and some exponents.
    #[test]
    fn within_the_error_bound() {
        for exponent in [2u32, 3, 60, 126, 127, 128, 200, 251, 252] {
            for fraction in (0..1 << 23).step_by(97) {
                let bits = exponent << 23 | fraction;
                let exact = f64::from(f32::from_bits(bits));
                let recip = f64::from(f32::from_bits(reciprocal(bits)));
                assert!((recip * exact - 1.0).abs() <= BOUND, "rcp {bits:08X}");
                let root = f64::from(f32::from_bits(reciprocal_square_root(bits)));
                assert!((root * exact.sqrt() - 1.0).abs() <= BOUND, "rsqrt {bits:08X}");
            }
        }
    }

    /// SDM vol. 2, RCPPS and RSQRTPS: zeros, denormals, infinities, NaNs, negative numbers, tiny results.
    #[test]
    fn special_operands() {
        let cases = [
            (0x0000_0000, 0x7F80_0000, 0x7F80_0000),
            (0x8000_0001, 0xFF80_0000, 0xFF80_0000),
            (0x7F80_0000, 0x0000_0000, 0x0000_0000),
            (0xFF80_0000, 0x8000_0000, 0xFFC0_0000),
            (0x7F80_0001, 0x7FC0_0001, 0x7FC0_0001),
            (0xFFC0_0000, 0xFFC0_0000, 0xFFC0_0000),
        ];
        for (a, recip, root) in cases {
            assert_eq!((reciprocal(a), reciprocal_square_root(a)), (recip, root), "{a:08X}");
        }
        assert_eq!(reciprocal(0x7F00_0000), 0);
        assert_eq!(reciprocal_square_root(0xBF80_0000), 0xFFC0_0000);
    }
}
