//! What is wrong with an encoding, and where.

use std::fmt;

/// Why RLP was refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Error {
    /// Offset in the input, in bytes, of the item that is wrong.
    pub at: usize,
    /// What was being read.
    pub field: &'static str,
    /// What is wrong with it.
    pub problem: Problem,
}

/// Ways in which RLP is wrong.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Problem {
    /// An item is missing.
    Missing,
    /// The item says that it is longer than what is left.
    Truncated {
        /// Bytes that it says to have behind its head.
        needs: u64,
        /// Bytes that there are.
        has: usize,
    },
    /// A length has fewer bytes than its head says.
    TruncatedLength,
    /// A length that starts with a zero byte.
    LengthWithZero,
    /// The long form for a length of less than 56.
    LengthInLongForm(u64),
    /// A byte under 0x80 in a string of its own.
    SingleByte(u8),
    /// A string where a list belongs.
    NotAList,
    /// A list where a string belongs.
    NotAString,
    /// An integer that starts with a zero byte.
    IntegerWithZero,
    /// An integer that does not fit.
    IntegerTooLong {
        /// Bytes, at most.
        most: usize,
        /// Bytes found.
        found: usize,
    },
    /// A string of another length than its kind has.
    WrongLength {
        /// Bytes it should have.
        expected: usize,
        /// Bytes it has.
        found: usize,
    },
    /// Bytes behind the last item.
    Trailing(usize),
    /// Lists in lists in lists.
    TooDeep(usize),
    /// Well-formed, but wrong in its place; what is wrong.
    Invalid(&'static str),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "byte {}: {}: ", self.at, self.field)?;
        match self.problem {
            Problem::Missing => write!(f, "is missing: the list or input ends here"),
            Problem::Truncated { needs, has } => {
                write!(
                    f,
                    "says that {needs} bytes follow, but {has} do: the input is cut off or its length wrong"
                )
            }
            Problem::TruncatedLength => write!(f, "the input ends within its length"),
            Problem::LengthWithZero => write!(f, "its length starts with a zero byte: leave it out"),
            Problem::LengthInLongForm(length) => {
                write!(f, "its length of {length} belongs into the first byte, as it is less than 56")
            }
            Problem::SingleByte(byte) => {
                write!(f, "0x{byte:02x} is its own encoding: leave out the 0x81 before it")
            }
            Problem::NotAList => write!(f, "expected a list, found a byte string"),
            Problem::NotAString => write!(f, "expected a byte string, found a list"),
            Problem::IntegerWithZero => {
                write!(f, "expected an integer without leading zero bytes (zero is 0x80)")
            }
            Problem::IntegerTooLong { most, found } => {
                write!(f, "expected an integer of at most {most} bytes, found {found}")
            }
            Problem::WrongLength { expected, found } => write!(f, "expected {expected} bytes, found {found}"),
            Problem::Trailing(count) => {
                write!(f, "expected nothing more, found {count} bytes behind the last item")
            }
            Problem::TooDeep(most) => write!(f, "lists are nested more than {most} deep"),
            Problem::Invalid(why) => f.write_str(why),
        }
    }
}

impl std::error::Error for Error {}
