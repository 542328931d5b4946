//! Numbers of expressions: up to 256 bits and a sign.

use crate::U256;

/// A number from -(2^256 - 1) to 2^256 - 1.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Int {
    /// Never with magnitude 0.
    negative: bool,
    magnitude: U256,
}

impl From<U256> for Int {
    fn from(magnitude: U256) -> Self {
        Self { negative: false, magnitude }
    }
}

/// An operator of two numbers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Operator {
    /// `|`, of two's complement with 256 bits, as are all operators of bits.
    Or,
    /// `^`
    Xor,
    /// `&`
    And,
    /// `<<`
    ShiftLeft,
    /// `>>`
    ShiftRight,
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`, towards zero.
    Divide,
    /// `%`, with the sign of the first number.
    Remainder,
}

const TOO_LARGE: &str = "the result has more than 256 bits";

impl Int {
    fn new(negative: bool, magnitude: U256) -> Self {
        Self { negative: negative && !magnitude.is_zero(), magnitude }
    }

    /// `-x`
    pub fn negate(self) -> Self {
        Self::new(!self.negative, self.magnitude)
    }

    /// `~x`: every of the 256 bits the other way round.
    pub fn not(self) -> Result<Self, &'static str> {
        Ok(Self::from(!self.word()?))
    }

    /// Two's complement with 256 bits.
    pub fn word(self) -> Result<U256, &'static str> {
        if !self.negative {
            Ok(self.magnitude)
        } else if self.magnitude > U256::one() << 255 {
            Err("the number is less than -2^255")
        } else {
            Ok(!self.magnitude + U256::one())
        }
    }

    /// The number, if it is not negative and at most `largest`.
    pub fn up_to(self, largest: usize) -> Option<usize> {
        (!self.negative && self.magnitude <= U256::from(largest)).then(|| self.magnitude.as_usize())
    }

    /// Bytes that the number needs: none for 0, 32 if it is negative.
    pub fn bytes_needed(self) -> usize {
        if self.negative { 32 } else { self.magnitude.bits().div_ceil(8) }
    }

    /// The number in `width` bytes (1 to 32), the highest first; a negative one as two's complement of that width.
    pub fn bytes(self, width: usize) -> Option<Vec<u8>> {
        let fits = if self.negative {
            self.magnitude <= U256::one() << (8 * width - 1)
        } else {
            self.magnitude.bits() <= 8 * width
        };
        let word = self.word().ok().filter(|_| fits)?;
        Some(word.to_big_endian()[32 - width..].to_vec())
    }

    fn sum(self, other: Self) -> Result<Self, &'static str> {
        if self.negative == other.negative {
            let magnitude = self.magnitude.checked_add(other.magnitude).ok_or(TOO_LARGE)?;
            return Ok(Self::new(self.negative, magnitude));
        }
        let (large, small) = if self.magnitude >= other.magnitude { (self, other) } else { (other, self) };
        Ok(Self::new(large.negative, large.magnitude - small.magnitude))
    }

    fn shift(self, other: Self, left: bool) -> Result<Self, &'static str> {
        let by = other.up_to(256).ok_or("a shift is by 0 to 256 bits")?;
        if left {
            if self.magnitude.bits() + by > 256 && !self.magnitude.is_zero() {
                return Err(TOO_LARGE);
            }
            return Ok(Self::new(self.negative, if by == 256 { U256::zero() } else { self.magnitude << by }));
        }
        if self.negative {
            return Err(
                "a negative number cannot be shifted to the right: whether its sign moves is not said",
            );
        }
        Ok(Self::from(if by == 256 { U256::zero() } else { self.magnitude >> by }))
    }
}

impl Operator {
    /// What the operator gives.
    pub fn of(self, a: Int, b: Int) -> Result<Int, &'static str> {
        let negative = a.negative != b.negative;
        let product = |magnitude: Option<U256>| magnitude.map(|m| Int::new(negative, m)).ok_or(TOO_LARGE);
        let by_zero = "a division by zero";
        match self {
            Self::Or => Ok(Int::from(a.word()? | b.word()?)),
            Self::Xor => Ok(Int::from(a.word()? ^ b.word()?)),
            Self::And => Ok(Int::from(a.word()? & b.word()?)),
            Self::ShiftLeft => a.shift(b, true),
            Self::ShiftRight => a.shift(b, false),
            Self::Add => a.sum(b),
            Self::Subtract => a.sum(b.negate()),
            Self::Multiply => product(a.magnitude.checked_mul(b.magnitude)),
            Self::Divide => product(Some(a.magnitude.checked_div(b.magnitude).ok_or(by_zero)?)),
            Self::Remainder => Ok(Int::new(a.negative, a.magnitude.checked_rem(b.magnitude).ok_or(by_zero)?)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn int(n: i64) -> Int {
        Int::new(n < 0, U256::from(n.unsigned_abs()))
    }

    #[test]
    fn arithmetic_is_that_of_whole_numbers() {
        let numbers = [-300, -256, -128, -7, -1, 0, 1, 2, 7, 127, 128, 255, 300];
        for (a, b) in numbers.iter().flat_map(|a| numbers.map(|b| (*a, b))) {
            assert_eq!(Operator::Add.of(int(a), int(b)), Ok(int(a + b)));
            assert_eq!(Operator::Subtract.of(int(a), int(b)), Ok(int(a - b)));
            assert_eq!(Operator::Multiply.of(int(a), int(b)), Ok(int(a * b)));
            assert_eq!(Operator::Divide.of(int(a), int(b)).ok(), a.checked_div(b).map(int));
            assert_eq!(Operator::Remainder.of(int(a), int(b)).ok(), a.checked_rem(b).map(int));
            for (operator, low) in [(Operator::And, a & b), (Operator::Or, a | b), (Operator::Xor, a ^ b)] {
                let word = operator.of(int(a), int(b)).unwrap().word().unwrap();
                assert_eq!(word.low_u64() as i64, low);
            }
        }
    }

    #[test]
    fn bounds() {
        let max = Int::from(U256::MAX);
        assert_eq!(Operator::Add.of(max, int(1)), Err(TOO_LARGE));
        assert_eq!(Operator::Multiply.of(max, int(2)), Err(TOO_LARGE));
        assert_eq!(Operator::ShiftLeft.of(int(1), int(256)), Err(TOO_LARGE));
        assert_eq!(Operator::ShiftLeft.of(int(0), int(256)), Ok(int(0)));
        assert_eq!(Operator::ShiftRight.of(max, int(256)), Ok(int(0)));
        assert_eq!(Operator::ShiftRight.of(max, int(255)), Ok(int(1)));
        assert!(Operator::ShiftLeft.of(int(1), int(-1)).is_err());
        assert!(max.negate().word().is_err());
        assert_eq!(int(-1).word(), Ok(U256::MAX));
        assert_eq!(int(0).not(), Ok(max));
    }

    #[test]
    fn bytes_of_a_width() {
        assert_eq!(int(-128).bytes(1), Some(vec![0x80]));
        assert_eq!(int(-129).bytes(1), None);
        assert_eq!(int(255).bytes(1), Some(vec![0xFF]));
        assert_eq!(int(256).bytes(1), None);
        assert_eq!(int(-2).bytes(3), Some(vec![0xFF, 0xFF, 0xFE]));
        assert_eq!(int(-1).bytes(32), Some(vec![0xFF; 32]));
        assert_eq!((int(0).bytes_needed(), int(256).bytes_needed(), int(-1).bytes_needed()), (0, 2, 32));
    }
}
