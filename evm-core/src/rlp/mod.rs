//! RLP, the serialisation of the Yellow Paper (appendix B): byte strings and lists of items.
//!
//! Reading is strict: every item has one encoding, and others are refused with their place. What is read has a shape
//! that the caller knows, so that nothing recurses by the input's will.

mod error;
mod reader;
mod writer;

#[cfg(test)]
mod tests;

pub use error::{Error, Problem};
pub use reader::{Reader, check};
pub use writer::Writer;
pub(crate) use writer::{HEAD, encoded, head, list};

/// Bounds and offsets of the first byte of an item (Yellow Paper, equations 188 to 193).
pub(crate) mod spec {
    /// Up to here a byte is its own encoding.
    pub const LAST_SINGLE: u8 = 0x7F;
    /// Plus length: a string of up to [`MOST_SHORT`] bytes.
    pub const STRING: u8 = 0x80;
    /// Plus length of the length: a longer string.
    pub const LONG_STRING: u8 = 0xB7;
    /// Plus length: a list of up to [`MOST_SHORT`] bytes.
    pub const LIST: u8 = 0xC0;
    /// Plus length of the length: a longer list.
    pub const LONG_LIST: u8 = 0xF7;
    /// Bytes of payload, at most, of the short forms.
    pub const MOST_SHORT: usize = 55;
}
