//! Reading items in order.

use super::error::{Error, Problem};
use super::spec;
use crate::{Address, H256, U256};

/// Items not read yet: of the whole input, or of a list. Every reading method takes the name of what it reads, for
/// errors.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    rest: &'a [u8],
    at: usize,
}

/// Head of an item, which is well-formed.
struct Head {
    is_list: bool,
    /// Bytes before the payload; none of a byte that is its own encoding.
    length: usize,
    payload: usize,
}

impl<'a> Reader<'a> {
    /// All items in `input`.
    pub fn new(input: &'a [u8]) -> Self {
        Self::within(input, 0)
    }

    /// All items in `input`, which is at offset `at` of what errors count offsets in.
    pub fn within(input: &'a [u8], at: usize) -> Self {
        Self { rest: input, at }
    }

    /// Offset of the next item in bytes.
    pub fn offset(&self) -> usize {
        self.at
    }

    /// True when no item is left.
    pub fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// Whether there is a next item and it is a list.
    pub fn next_is_list(&self) -> bool {
        self.rest.first().is_some_and(|&first| first >= spec::LIST)
    }

    /// What is left, encoded.
    pub fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// An error about the next item.
    pub fn error(&self, field: &'static str, problem: Problem) -> Error {
        Error { at: self.at, field, problem }
    }

    fn head(&self, field: &'static str) -> Result<Head, Error> {
        let Some(&first) = self.rest.first() else { return Err(self.error(field, Problem::Missing)) };
        let (is_list, length, payload) = match first {
            ..=spec::LAST_SINGLE => return Ok(Head { is_list: false, length: 0, payload: 1 }),
            spec::STRING..=spec::LONG_STRING => (false, 1, u64::from(first - spec::STRING)),
            spec::LIST..=spec::LONG_LIST => (true, 1, u64::from(first - spec::LIST)),
            _ => {
                let is_list = first > spec::LONG_LIST;
                let digits = first - if is_list { spec::LONG_LIST } else { spec::LONG_STRING };
                (is_list, 1 + usize::from(digits), self.long_length(field, digits.into())?)
            }
        };
        let has = self.rest.len() - length;
        match usize::try_from(payload) {
            Ok(payload) if payload <= has => {
                if let (false, 1, [byte @ ..=spec::LAST_SINGLE]) =
                    (is_list, length, &self.rest[1..][..payload])
                {
                    return Err(self.error(field, Problem::SingleByte(*byte)));
                }
                Ok(Head { is_list, length, payload })
            }
            _ => Err(self.error(field, Problem::Truncated { needs: payload, has })),
        }
    }

    /// The length that follows the first byte, in 1 to 8 bytes.
    fn long_length(&self, field: &'static str, digits: usize) -> Result<u64, Error> {
        let Some(bytes) = self.rest.get(1..1 + digits) else {
            return Err(self.error(field, Problem::TruncatedLength));
        };
        let length = bytes.iter().fold(0u64, |sum, &byte| sum << 8 | u64::from(byte));
        if bytes[0] == 0 {
            Err(self.error(field, Problem::LengthWithZero))
        } else if length <= spec::MOST_SHORT as u64 {
            Err(self.error(field, Problem::LengthInLongForm(length)))
        } else {
            Ok(length)
        }
    }

    /// Takes `count` bytes, which there are.
    fn take(&mut self, count: usize) -> &'a [u8] {
        let (taken, rest) = self.rest.split_at(count);
        self.rest = rest;
        self.at += count;
        taken
    }

    /// Items of the next item, a list.
    pub fn list(&mut self, field: &'static str) -> Result<Reader<'a>, Error> {
        let head = self.head(field)?;
        if !head.is_list {
            return Err(self.error(field, Problem::NotAList));
        }
        self.take(head.length);
        let at = self.at;
        Ok(Reader { rest: self.take(head.payload), at })
    }

    /// The next item, a byte string.
    pub fn bytes(&mut self, field: &'static str) -> Result<&'a [u8], Error> {
        let head = self.head(field)?;
        if head.is_list {
            return Err(self.error(field, Problem::NotAString));
        }
        self.take(head.length);
        Ok(self.take(head.payload))
    }

    /// The next item with its head, whatever it is. What is in a list is not looked at.
    pub fn encoded(&mut self, field: &'static str) -> Result<&'a [u8], Error> {
        let head = self.head(field)?;
        Ok(self.take(head.length + head.payload))
    }

    /// The next item, a string of `N` bytes.
    pub fn array<const N: usize>(&mut self, field: &'static str) -> Result<[u8; N], Error> {
        let before = *self;
        let bytes = self.bytes(field)?;
        let wrong = Problem::WrongLength { expected: N, found: bytes.len() };
        bytes.try_into().map_err(|_| before.error(field, wrong))
    }

    /// The next item, an address.
    pub fn address(&mut self, field: &'static str) -> Result<Address, Error> {
        self.array(field).map(Address::from)
    }

    /// The next item, an address, or nothing where its string is empty.
    pub fn optional_address(&mut self, field: &'static str) -> Result<Option<Address>, Error> {
        if self.rest.first() == Some(&spec::STRING) {
            self.take(1);
            return Ok(None);
        }
        self.address(field).map(Some)
    }

    /// The next item, a hash.
    pub fn h256(&mut self, field: &'static str) -> Result<H256, Error> {
        self.array(field).map(H256::from)
    }

    /// The next item, an integer in at most `most` bytes, as its digits.
    fn integer(&mut self, field: &'static str, most: usize) -> Result<&'a [u8], Error> {
        let before = *self;
        let bytes = self.bytes(field)?;
        if bytes.first() == Some(&0) {
            Err(before.error(field, Problem::IntegerWithZero))
        } else if bytes.len() > most {
            Err(before.error(field, Problem::IntegerTooLong { most, found: bytes.len() }))
        } else {
            Ok(bytes)
        }
    }

    /// The next item, an integer under 2^8.
    pub fn u8(&mut self, field: &'static str) -> Result<u8, Error> {
        Ok(self.integer(field, 1)?.first().copied().unwrap_or(0))
    }

    /// The next item, an integer under 2^64.
    pub fn u64(&mut self, field: &'static str) -> Result<u64, Error> {
        Ok(self.integer(field, 8)?.iter().fold(0, |sum, &byte| sum << 8 | u64::from(byte)))
    }

    /// The next item, an integer under 2^256.
    pub fn u256(&mut self, field: &'static str) -> Result<U256, Error> {
        Ok(U256::from_big_endian(self.integer(field, 32)?))
    }

    /// Refuses items that are left. `field` names the list.
    pub fn end(&self, field: &'static str) -> Result<(), Error> {
        match self.rest.len() {
            0 => Ok(()),
            count => Err(self.error(field, Problem::Trailing(count))),
        }
    }
}

/// Whether `input` is one item that is well-formed down to its last string, with lists at most `most_depth` deep.
pub fn check(input: &[u8], most_depth: usize) -> Result<(), Error> {
    const FIELD: &str = "item";
    let mut reader = Reader::new(input);
    reader.encoded(FIELD)?;
    reader.end(FIELD)?;
    let mut open = vec![Reader::new(input)];
    while let Some(innermost) = open.last_mut() {
        if innermost.is_empty() {
            open.pop();
        } else if !innermost.next_is_list() {
            innermost.bytes(FIELD)?;
        } else {
            let before = *innermost;
            let list = innermost.list(FIELD)?;
            if open.len() > most_depth {
                return Err(before.error(FIELD, Problem::TooDeep(most_depth)));
            }
            open.push(list);
        }
    }
    Ok(())
}
