//! How bytes are packed. LZ4 blocks pack at memory speed, so that a save is not noticed; other packings are one more
//! member here.

use serde::{Deserialize, Serialize};

/// A way of packing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Packing {
    /// As they are.
    Stored,
    /// An LZ4 block.
    Lz4,
}

impl Packing {
    /// Packs bytes in the way that makes them smaller.
    pub fn pack(bytes: &[u8]) -> (Packing, Vec<u8>) {
        let packed = lz4_flex::block::compress(bytes);
        if packed.len() < bytes.len() { (Packing::Lz4, packed) } else { (Packing::Stored, bytes.to_vec()) }
    }

    /// The bytes, of which there are `len`; nothing if it is not they that were packed. The caller has checked `len`.
    pub fn unpack(self, packed: &[u8], len: usize) -> Option<Vec<u8>> {
        let bytes = match self {
            Packing::Stored => packed.to_vec(),
            Packing::Lz4 => {
                let mut bytes = vec![0; len];
                let used = lz4_flex::block::decompress_into(packed, &mut bytes).ok()?;
                bytes.truncate(used);
                bytes
            }
        };
        (bytes.len() == len).then_some(bytes)
    }

    /// Its number in a file's header.
    pub fn number(self) -> u8 {
        match self {
            Packing::Stored => 0,
            Packing::Lz4 => 1,
        }
    }

    /// The packing with a number.
    pub fn of_number(number: u8) -> Option<Self> {
        [Packing::Stored, Packing::Lz4].into_iter().find(|packing| packing.number() == number)
    }
}
