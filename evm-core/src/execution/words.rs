//! Hash tables keyed by addresses and words. Their order is never looked at, so that nothing depends on it.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// A table with [`WordHasher`].
pub type WordMap<K, V> = HashMap<K, V, BuildHasherDefault<WordHasher>>;

/// A multiplicative hash over 64-bit words: keys are hashes or small numbers already. The same on every host.
#[derive(Clone, Copy, Debug, Default)]
pub struct WordHasher(u64);

const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;

impl WordHasher {
    #[inline(always)]
    fn mix(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(23) ^ word).wrapping_mul(FACTOR);
    }
}

impl Hasher for WordHasher {
    #[inline(always)]
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.mix(u64::from_le_bytes(*word));
        }
        if !rest.is_empty() {
            let mut last = [0; 8];
            last[..rest.len()].copy_from_slice(rest);
            self.mix(u64::from_le_bytes(last));
        }
    }

    #[inline(always)]
    fn write_u64(&mut self, word: u64) {
        self.mix(word);
    }

    #[inline(always)]
    fn write_usize(&mut self, word: usize) {
        self.mix(word as u64);
    }

    #[inline(always)]
    fn finish(&self) -> u64 {
        // The table looks at the high and the low bits.
        let hash = self.0;
        hash ^ hash >> 32
    }
}
