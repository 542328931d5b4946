//! 80-bit values in decimal: exactly rounded, by whole numbers only.

use crate::x86::softfloat::{Class, F80};

/// Digits that tell any two neighbouring 80-bit values apart.
const DIGITS: usize = 21;
const BILLION: u64 = 1_000_000_000;

/// A natural number, 32 bits a limb, the lowest first.
#[derive(Clone)]
struct Natural(Vec<u32>);

impl Natural {
    fn shifted(value: u64, bits: u32) -> Self {
        let mut limbs = vec![0; bits as usize / 32];
        let wide = u128::from(value) << (bits % 32);
        limbs.extend((0..3).map(|i| (wide >> (32 * i)) as u32));
        Self(limbs)
    }

    fn multiply(&mut self, factor: u32) {
        let mut carry = 0;
        for limb in &mut self.0 {
            let product = u64::from(*limb) * u64::from(factor) + carry;
            *limb = product as u32;
            carry = product >> 32;
        }
        if carry != 0 {
            self.0.push(carry as u32);
        }
    }

    /// Divides; the remainder.
    fn divide(&mut self, divisor: u64) -> u64 {
        let mut rest = 0;
        for limb in self.0.iter_mut().rev() {
            let value = rest << 32 | u64::from(*limb);
            *limb = (value / divisor) as u32;
            rest = value % divisor;
        }
        while self.0.last() == Some(&0) {
            self.0.pop();
        }
        rest
    }

    /// The value over 2^bits, cut, and whether anything was cut off.
    fn shift_right(&self, bits: u32) -> (Self, bool) {
        let (limbs, rest) = (bits as usize / 32, bits % 32);
        let cut = self.0.iter().take(limbs).any(|&l| l != 0)
            || self.0.get(limbs).is_some_and(|&l| l & ((1u32 << rest) - 1) != 0);
        let high = |i: usize| u64::from(self.0.get(i).copied().unwrap_or(0));
        let out = (limbs..self.0.len()).map(|i| ((high(i) | high(i + 1) << 32) >> rest) as u32).collect();
        (Self(out), cut)
    }

    fn digits(mut self) -> String {
        let mut groups = Vec::new();
        while !self.0.is_empty() {
            groups.push(self.divide(BILLION));
        }
        let mut text = groups.pop().map_or_else(|| "0".into(), |first| first.to_string());
        groups.iter().rev().for_each(|group| text.push_str(&format!("{group:09}")));
        text.trim_start_matches('0').to_owned()
    }
}

/// Digits of a positive value, and the power of ten of the first; `exact` if none were cut off.
fn expand(value: F80) -> (String, i32, bool) {
    let exponent = value.exponent().max(1) - F80::BIAS - 63;
    if exponent >= 0 {
        let digits = Natural::shifted(value.significand, exponent as u32).digits();
        let power = digits.len() as i32 - 1;
        return (digits, power, true);
    }
    // So many decimal places that all digits that matter are before the point.
    let bits = exponent.unsigned_abs();
    let places = if bits <= 128 { bits } else { bits * 302 / 1000 + DIGITS as u32 + 4 };
    let mut scaled = Natural::shifted(value.significand, 0);
    for _ in 0..places / 9 {
        scaled.multiply(BILLION as u32);
    }
    scaled.multiply(10u32.pow(places % 9));
    let (whole, cut) = scaled.shift_right(bits);
    let digits = whole.digits();
    let power = digits.len() as i32 - 1 - places as i32;
    (digits, power, !cut)
}

/// Rounds to `DIGITS`, half to even. True if the carry made one digit more.
fn round(digits: &mut Vec<u8>, exact: bool) -> bool {
    if digits.len() <= DIGITS {
        return false;
    }
    let tail = digits.split_off(DIGITS);
    let rest = tail[1..].iter().any(|&d| d != b'0') || !exact;
    let odd = digits.last().is_some_and(|d| d & 1 != 0);
    let up = tail[0] > b'5' || tail[0] == b'5' && (rest || odd);
    if !up {
        return false;
    }
    for digit in digits.iter_mut().rev() {
        if *digit != b'9' {
            *digit += 1;
            return false;
        }
        *digit = b'0';
    }
    digits.insert(0, b'1');
    digits.truncate(DIGITS);
    true
}

/// A value in decimal with up to 21 significant digits, trailing zeros left out.
pub fn decimal(value: F80) -> String {
    let sign = if value.is_negative() { "-" } else { "" };
    match value.class() {
        Class::Zero => return format!("{sign}0"),
        Class::Infinity => return format!("{sign}inf"),
        Class::QuietNan | Class::SignalingNan => return "nan".into(),
        Class::Unsupported => return "unsupported".into(),
        Class::Normal | Class::Denormal => {}
    }
    let (digits, mut power, exact) = expand(value.absolute());
    let mut digits = digits.into_bytes();
    power += i32::from(round(&mut digits, exact));
    while digits.len() > 1 && digits.last() == Some(&b'0') {
        digits.pop();
    }
    let digits: String = digits.into_iter().map(char::from).collect();
    format!("{sign}{}", place_point(&digits, power))
}

/// Digits with a point where a reader expects it, or an exponent.
fn place_point(digits: &str, power: i32) -> String {
    match power {
        -5..=-1 => format!("0.{}{digits}", "0".repeat((-power - 1) as usize)),
        0..=20 => {
            let whole = power as usize + 1;
            if digits.len() <= whole {
                format!("{digits}{}", "0".repeat(whole - digits.len()))
            } else {
                format!("{}.{}", &digits[..whole], &digits[whole..])
            }
        }
        _ if digits.len() == 1 => format!("{digits}e{power}"),
        _ => format!("{}.{}e{power}", &digits[..1], &digits[1..]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::x86::softfloat::expand_f64;

    /// Values whose decimal text the literature gives.
    #[test]
    fn known_values() {
        for (value, text) in [
            (F80::ONE, "1"),
            (F80::zero(true), "-0"),
            (F80::INFINITY.negated(), "-inf"),
            (F80::INDEFINITE, "nan"),
            (F80::new(0x4000, 0xC90F_DAA2_2168_C235), "3.14159265358979323851"),
            (F80::new(0x3FFB, 0xCCCC_CCCC_CCCC_CCCD), "0.100000000000000000001"),
            (F80::new(0x7FFE, u64::MAX), "1.18973149535723176502e4932"),
            (F80::new(1, 1 << 63), "3.36210314311209350626e-4932"),
            (F80::new(0, 1), "3.64519953188247460253e-4951"),
            (F80::new(0x403E, 0xFFFF_FFFF_FFFF_FFFF), "18446744073709551615"),
            (F80::new(0x3FFE, F80::J_BIT), "0.5"),
        ] {
            assert_eq!(decimal(value), text);
        }
    }

    /// Against the standard library, for values it can hold: every text reads back as the same number.
    #[test]
    fn doubles_read_back() {
        let mut seed = 0x1234_5678_9ABC_DEF1u64;
        for _ in 0..3000 {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            let wanted = f64::from_bits(seed);
            if wanted.is_finite() {
                let text = decimal(expand_f64(seed).0);
                assert_eq!(text.parse::<f64>().map(f64::to_bits), Ok(seed), "{wanted:e} as {text}");
            }
        }
    }
}
