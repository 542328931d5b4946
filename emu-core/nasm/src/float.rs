//! Floating-point numbers (NASM manual, section 3.4.6): exact to the last bit, by whole numbers of any size.

/// A binary format: bits of exponent and fraction, and whether the leading 1 is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Format {
    exponent: u32,
    fraction: u32,
    explicit: bool,
}

impl Format {
    /// Bytes of the format, if data of so many bytes may be floating-point numbers.
    pub fn of_bytes(bytes: u32) -> Option<Self> {
        let (exponent, fraction, explicit) = match bytes {
            1 => (4, 3, false),
            2 => (5, 10, false),
            4 => (8, 23, false),
            8 => (11, 52, false),
            10 => (15, 63, true),
            16 => (15, 112, false),
            _ => return None,
        };
        Some(Self { exponent, fraction, explicit })
    }
}

/// The format that a function in expressions makes: `__float32__` or `__?float32?__`.
pub fn function(name: &str) -> Option<Format> {
    let inner = name.strip_prefix("__")?.strip_suffix("__")?;
    let inner = inner.strip_prefix('?').and_then(|i| i.strip_suffix('?')).unwrap_or(inner);
    match inner {
        "float8" => Format::of_bytes(1),
        "float16" => Format::of_bytes(2),
        "float32" => Format::of_bytes(4),
        "float64" => Format::of_bytes(8),
        _ => None,
    }
}

/// True for the name of a value that is no number: infinity and the two kinds of NaN.
pub fn is_special(name: &str) -> bool {
    special(name).is_some()
}

fn special(name: &str) -> Option<u8> {
    let lower = name.to_ascii_lowercase();
    let inner = lower.strip_prefix("__")?.strip_suffix("__")?;
    let inner = inner.strip_prefix('?').and_then(|i| i.strip_suffix('?')).unwrap_or(inner);
    match inner {
        "infinity" => Some(0),
        "nan" | "qnan" => Some(1),
        "snan" => Some(2),
        _ => None,
    }
}

/// True if `text` is a floating-point number: decimal with a point or exponent, or hexadecimal with `p`.
pub fn is_number(text: &str) -> bool {
    parse(text).is_some()
}

/// A natural number of any size: 32-bit digits, lowest first, without leading zeros.
#[derive(Clone, PartialEq, Debug, Default)]
struct Natural(Vec<u32>);

impl Natural {
    fn multiply_add(&mut self, factor: u32, add: u32) {
        let mut carry = add as u64;
        for digit in &mut self.0 {
            carry += *digit as u64 * factor as u64;
            *digit = carry as u32;
            carry >>= 32;
        }
        if carry != 0 {
            self.0.push(carry as u32);
        }
    }

    fn bits(&self) -> u32 {
        self.0.last().map_or(0, |top| self.0.len() as u32 * 32 - top.leading_zeros())
    }

    fn shift_left(&mut self, count: u32) {
        if self.0.is_empty() {
            return;
        }
        let small = count % 32;
        let mut carry = 0;
        for digit in &mut self.0 {
            let wide = (*digit as u64) << small | carry;
            *digit = wide as u32;
            carry = wide >> 32;
        }
        if carry != 0 {
            self.0.push(carry as u32);
        }
        self.0.splice(0..0, std::iter::repeat_n(0, (count / 32) as usize));
    }

    fn is_at_least(&self, other: &Self) -> bool {
        (self.0.len(), self.0.iter().rev().collect::<Vec<_>>()) >= (other.0.len(), other.0.iter().rev().collect())
    }

    fn subtract(&mut self, other: &Self) {
        let mut borrow = false;
        for (place, digit) in self.0.iter_mut().enumerate() {
            let (first, a) = digit.overflowing_sub(other.0.get(place).copied().unwrap_or(0));
            let (second, b) = first.overflowing_sub(u32::from(borrow));
            (*digit, borrow) = (second, a || b);
        }
        while self.0.last() == Some(&0) {
            self.0.pop();
        }
    }
}

/// A number as written: digits, and the power of their base or of two that they are multiplied by.
struct Written {
    digits: Natural,
    ten: i32,
    two: i32,
}

/// Digits of a number and of its exponent, at most: no format has more.
const MOST_DIGITS: u32 = 6000;

fn parse(text: &str) -> Option<Written> {
    let text = text.to_ascii_lowercase().replace('_', "");
    for (prefix, bits, radix) in [("0x", 4, 16), ("0h", 4, 16), ("$", 4, 16), ("0o", 3, 8), ("0q", 3, 8), ("0b", 1, 2), ("0y", 1, 2)] {
        if let Some(rest) = text.strip_prefix(prefix) {
            let (mantissa, exponent) = split(rest, 'p')?;
            let (digits, fraction) = mantissa_of(mantissa, radix)?;
            return Some(Written { digits, ten: 0, two: exponent - fraction * bits });
        }
    }
    if !text.starts_with(|c: char| c.is_ascii_digit()) || !text.contains(['.', 'e']) {
        return None;
    }
    let (mantissa, exponent) = split(&text, 'e')?;
    let (digits, fraction) = mantissa_of(mantissa, 10)?;
    Some(Written { digits, ten: exponent - fraction, two: 0 })
}

fn split(text: &str, letter: char) -> Option<(&str, i32)> {
    let Some((mantissa, exponent)) = text.split_once(letter) else { return Some((text, 0)) };
    let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let size = digits.trim_start_matches('0').parse::<i32>().map_or(if digits.trim_matches('0').is_empty() { 0 } else { 30000 }, |n| n.min(30000));
    Some((mantissa, if exponent.starts_with('-') { -size } else { size }))
}

/// Digits without point, and how many stand after it.
fn mantissa_of(text: &str, radix: u32) -> Option<(Natural, i32)> {
    let mut digits = Natural::default();
    let (mut point, mut fraction, mut count) = (false, 0, 0);
    for c in text.chars() {
        if c == '.' && !point {
            point = true;
            continue;
        }
        let digit = c.to_digit(radix)?;
        count += 1;
        if count > MOST_DIGITS {
            return None;
        }
        fraction += i32::from(point);
        digits.multiply_add(radix, digit);
        if digits.0.last() == Some(&0) {
            digits.0.pop();
        }
        if digits.0.is_empty() && digit != 0 {
            digits.0.push(digit);
        }
    }
    (count > 0).then_some((digits, fraction))
}

/// The bits of a number, or of a name for infinity or NaN, in a format; none if `text` is neither or if it is too large.
pub fn encode(text: &str, negative: bool, format: Format) -> Option<u128> {
    let width = format.fraction + u32::from(format.explicit);
    let sign = u128::from(negative) << (format.exponent + width);
    let full = (1u128 << format.exponent) - 1;
    if let Some(kind) = special(text) {
        let leading = u128::from(format.explicit) << format.fraction;
        let fraction = match kind {
            0 => 0,
            1 => 1 << (format.fraction - 1),
            _ => 1,
        };
        return Some(sign | full << width | leading | fraction);
    }
    let mut written = parse(text)?;
    if written.digits.0.is_empty() {
        return Some(sign);
    }
    let mut divisor = Natural(vec![1]);
    scale(&mut written, &mut divisor);
    let bits = round(written.digits, divisor, written.two, format)?;
    Some(sign | bits)
}

/// Multiplies by the power of ten, above or below the line.
fn scale(written: &mut Written, divisor: &mut Natural) {
    let target = if written.ten >= 0 { &mut written.digits } else { divisor };
    // Beyond this every format overflows or is zero.
    for _ in 0..written.ten.unsigned_abs().min(12000) {
        target.multiply_add(10, 0);
    }
}

/// `digits / divisor * 2^two` to nearest, ties to even; none on overflow.
fn round(mut digits: Natural, mut divisor: Natural, two: i32, format: Format) -> Option<u128> {
    let bias = (1i32 << (format.exponent - 1)) - 1;
    let mut exponent = digits.bits() as i32 - divisor.bits() as i32 + two;
    // The quotient must lie in 1 .. 2, counted in units of 2^exponent.
    align(&mut digits, &mut divisor, two - exponent);
    if !digits.is_at_least(&divisor) {
        exponent -= 1;
        digits.shift_left(1);
    }
    let lost = (1 - bias - exponent).max(0) as u32;
    if lost > format.fraction + 2 {
        return Some(0);
    }
    let mut fraction = quotient(&mut digits, &divisor, format.fraction + 1 - lost.min(format.fraction + 1));
    let half = if lost > format.fraction + 1 { false } else { round_up(&mut digits, &divisor, fraction) };
    fraction += u128::from(half);
    let width = format.fraction + u32::from(format.explicit);
    if lost > 0 {
        // Subnormal, or the least normal number by rounding up.
        let normal = fraction >> format.fraction;
        return Some(if format.explicit { fraction | normal << width } else { fraction });
    }
    if fraction >> (format.fraction + 1) != 0 {
        fraction >>= 1;
        exponent += 1;
    }
    if exponent > bias {
        return None;
    }
    let stored = (exponent + bias) as u128;
    let fraction = if format.explicit { fraction } else { fraction & ((1 << format.fraction) - 1) };
    Some(stored << width | fraction)
}

fn align(digits: &mut Natural, divisor: &mut Natural, shift: i32) {
    if shift >= 0 { digits.shift_left(shift as u32) } else { divisor.shift_left(shift.unsigned_abs()) }
}

/// The first `count` bits of the quotient; `digits` keeps the rest, doubled.
fn quotient(digits: &mut Natural, divisor: &Natural, count: u32) -> u128 {
    let mut bits = 0;
    for _ in 0..count {
        bits <<= 1;
        if digits.is_at_least(divisor) {
            digits.subtract(divisor);
            bits |= 1;
        }
        digits.shift_left(1);
    }
    bits
}

fn round_up(digits: &mut Natural, divisor: &Natural, fraction: u128) -> bool {
    if !digits.is_at_least(divisor) {
        return false;
    }
    digits.subtract(divisor);
    !digits.0.is_empty() || fraction & 1 != 0
}
