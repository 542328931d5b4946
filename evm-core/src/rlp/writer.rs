//! Writing items in order.

use super::spec;
use crate::U256;

/// Bytes of an item's head, at most.
pub(crate) const HEAD: usize = 9;

/// Head of an item whose payload has `length` bytes, right-aligned, and where it starts. `short` is the first byte of
/// an empty one.
pub(crate) fn head(short: u8, length: usize) -> ([u8; HEAD], usize) {
    let mut bytes = [0; HEAD];
    if length <= spec::MOST_SHORT {
        bytes[HEAD - 1] = short + length as u8;
        return (bytes, HEAD - 1);
    }
    let length = length as u64;
    bytes[1..].copy_from_slice(&length.to_be_bytes());
    let digits = HEAD - 1 - length.leading_zeros() as usize / 8;
    bytes[HEAD - 1 - digits] = short + spec::MOST_SHORT as u8 + digits as u8;
    (bytes, HEAD - 1 - digits)
}

/// Items encoded one behind the other.
#[derive(Clone, Debug, Default)]
pub struct Writer {
    out: Vec<u8>,
}

impl Writer {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// All that was written.
    pub fn into_bytes(self) -> Vec<u8> {
        self.out
    }

    /// All that was written so far.
    pub fn bytes_so_far(&self) -> &[u8] {
        &self.out
    }

    /// A list of what `items` writes.
    pub fn list(&mut self, items: impl FnOnce(&mut Self)) {
        let start = self.out.len();
        items(self);
        let (head, from) = head(spec::LIST, self.out.len() - start);
        self.out.splice(start..start, head[from..].iter().copied());
    }

    /// A byte string.
    pub fn bytes(&mut self, bytes: &[u8]) {
        if !matches!(bytes, [..=spec::LAST_SINGLE]) {
            let (head, from) = head(spec::STRING, bytes.len());
            self.out.extend_from_slice(&head[from..]);
        }
        self.out.extend_from_slice(bytes);
    }

    /// An integer.
    pub fn u64(&mut self, value: u64) {
        let zeros = value.leading_zeros() as usize / 8;
        self.bytes(&value.to_be_bytes()[zeros..]);
    }

    /// An integer.
    pub fn u256(&mut self, value: U256) {
        let zeros = value.leading_zeros() as usize / 8;
        self.bytes(&value.to_big_endian()[zeros..]);
    }

    /// Bytes that are RLP already, or that stand before it.
    pub fn raw(&mut self, bytes: &[u8]) {
        self.out.extend_from_slice(bytes);
    }
}

/// What `items` writes.
pub(crate) fn encoded(items: impl FnOnce(&mut Writer)) -> Vec<u8> {
    let mut writer = Writer::new();
    items(&mut writer);
    writer.into_bytes()
}

/// A list of what `items` writes.
pub(crate) fn list(items: impl FnOnce(&mut Writer)) -> Vec<u8> {
    encoded(|writer| writer.list(items))
}
