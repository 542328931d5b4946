//! Exponents, read from their highest bit down.

/// An exponent, big-endian. Zeros that follow it in the call's data, and no memory holds, are only counted.
#[derive(Clone, Copy, Debug)]
pub struct Exponent<'a> {
    /// Without leading zeros.
    bytes: &'a [u8],
    /// How many zero bytes follow.
    zeros: usize,
}

impl<'a> Exponent<'a> {
    /// `bytes` with `zeros` zero bytes after them.
    pub fn new(bytes: &'a [u8], zeros: usize) -> Self {
        let first = bytes.iter().position(|byte| *byte != 0).unwrap_or(bytes.len());
        Self { bytes: &bytes[first..], zeros }
    }

    pub fn is_zero(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Its lowest `bits` bits and up to 7 more.
    pub fn low(&self, bits: usize) -> Self {
        let bytes = bits.div_ceil(8);
        let zeros = self.zeros.min(bytes);
        let first = self.bytes.len() - self.bytes.len().min(bytes - zeros);
        Self::new(&self.bytes[first..], zeros)
    }

    /// Its value if that fits.
    pub fn value(&self) -> Option<usize> {
        if self.is_zero() {
            return Some(0);
        }
        let shift = u32::try_from(self.zeros).ok()?.checked_mul(8)?;
        let mut value = 0usize;
        for byte in self.bytes {
            value = value.checked_mul(256)? | usize::from(*byte);
        }
        let shifted = value.checked_shl(shift)?;
        (shifted >> shift == value).then_some(shifted)
    }

    /// Bits from the highest set one down, without those of the counted zeros.
    fn stored_bits(&self) -> usize {
        let unused = self.bytes.first().map_or(0, |byte| byte.leading_zeros() as usize);
        self.bytes.len() * 8 - unused
    }

    /// Bit `at` of the stored ones, counted from the lowest.
    fn bit(&self, at: usize) -> bool {
        self.bytes[self.bytes.len() - 1 - at / 8] >> (at % 8) & 1 != 0
    }

    /// Raises to this power, which isn't zero, with a sliding window over its bits. `base` is what is raised; `square`
    /// squares what its argument holds; `multiply` multiplies its first argument by its second.
    pub fn raise<N: Clone>(
        &self,
        base: N,
        mut square: impl FnMut(&mut N),
        mut multiply: impl FnMut(&mut N, &N),
    ) -> N {
        let bits = self.stored_bits();
        let width = window(bits);
        // Odd powers: base, base^3, base^5 ...
        let mut powers = vec![base.clone()];
        if width > 1 {
            let mut squared = base;
            square(&mut squared);
            for at in 0..(1usize << (width - 1)) - 1 {
                let mut next = powers[at].clone();
                multiply(&mut next, &squared);
                powers.push(next);
            }
        }
        let mut result: Option<N> = None;
        let mut left = bits;
        while left > 0 {
            if !self.bit(left - 1) {
                result.iter_mut().for_each(&mut square);
                left -= 1;
                continue;
            }
            // From here down to the last set bit within the width, whose value is odd.
            let lowest = (left.saturating_sub(width)..left).find(|at| self.bit(*at)).unwrap_or(left - 1);
            let value = (lowest..left).rev().fold(0, |value, at| value << 1 | usize::from(self.bit(at)));
            let power = &powers[value >> 1];
            match &mut result {
                None => result = Some(power.clone()),
                Some(result) => {
                    (lowest..left).for_each(|_| square(result));
                    multiply(result, power);
                }
            }
            left = lowest;
        }
        let mut result = result.unwrap_or_else(|| powers[0].clone());
        for _ in 0..self.zeros {
            (0..8).for_each(|_| square(&mut result));
        }
        result
    }
}

/// Width of the window at which the fewest multiplications are needed for an exponent of `bits` bits.
fn window(bits: usize) -> usize {
    match bits {
        0..=23 => 1,
        24..=79 => 3,
        80..=239 => 4,
        240..=671 => 5,
        _ => 6,
    }
}
