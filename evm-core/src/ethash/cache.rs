//! The cache of an epoch, and the rows of the dataset that are made of it.

use super::{size, spec};
use crate::H256;
use crate::keccak::{keccak256, keccak512};

/// 64 bytes as little-endian words.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Row(pub [u32; 16]);

impl Row {
    pub fn of(bytes: &[u8; 64]) -> Self {
        let mut words = [0; 16];
        for (word, bytes) in words.iter_mut().zip(bytes.as_chunks::<4>().0) {
            *word = u32::from_le_bytes(*bytes);
        }
        Self(words)
    }

    /// KECCAK-512 of the row.
    fn hashed(&self) -> Self {
        let mut bytes = [0; 64];
        for (bytes, word) in bytes.chunks_exact_mut(4).zip(self.0) {
            bytes.copy_from_slice(&word.to_le_bytes());
        }
        Self::of(&keccak512(&bytes))
    }

    fn zip(&self, other: &Row, with: impl Fn(u32, u32) -> u32) -> Self {
        Self(std::array::from_fn(|place| with(self.0[place], other.0[place])))
    }
}

/// The mixing function, after Fowler, Noll and Vo (Appendix J.3.4).
pub(super) fn fnv(one: u32, other: u32) -> u32 {
    one.wrapping_mul(0x0100_0193) ^ other
}

pub(super) struct Cache {
    rows: Vec<Row>,
}

impl Cache {
    /// Appendix J.3.2: a chain of hashes, then rounds of RandMemoHash.
    pub fn new(epoch: u64) -> Self {
        let seed = (0..epoch).fold(H256::zero(), |seed, _| keccak256(seed.as_bytes()));
        let count = (cache_bytes(epoch) / spec::ROW) as usize;
        let first = Row::of(&keccak512(seed.as_bytes()));
        let mut rows: Vec<Row> =
            std::iter::successors(Some(first), |row| Some(row.hashed())).take(count).collect();
        for _ in 0..spec::CACHE_ROUNDS {
            for place in 0..count {
                let before = rows[(place + count - 1) % count];
                let other = rows[rows[place].0[0] as usize % count];
                rows[place] = before.zip(&other, |one, other| one ^ other).hashed();
            }
        }
        Self { rows }
    }

    /// A row of the dataset (Appendix J.3.3).
    pub fn dataset_row(&self, place: u32) -> Row {
        let count = self.rows.len();
        let mut mix = self.rows[place as usize % count];
        mix.0[0] ^= place;
        mix = mix.hashed();
        for parent in 0..spec::PARENTS {
            let from = fnv(place ^ parent, mix.0[parent as usize % 16]) as usize % count;
            mix = mix.zip(&self.rows[from], fnv);
        }
        mix.hashed()
    }
}

pub(super) fn cache_bytes(epoch: u64) -> u64 {
    size(spec::CACHE, spec::ROW, epoch)
}
