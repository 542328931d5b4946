//! Ethash, the proof of work until Paris (Yellow Paper, Appendix J): whether a header's mixHash and nonce are a seal of
//! its difficulty. Verified as a light client does, from the cache of the header's epoch alone.

mod cache;

use crate::block::Header;
use crate::keccak::{keccak256, keccak512};
use crate::{H256, U256};
use cache::{Cache, Row, fnv};
use std::fmt::{self, Display, Formatter};

/// Constants of Appendix J.
mod spec {
    /// Blocks that share a cache and a dataset (J_epoch).
    pub const EPOCH: u64 = 30_000;
    /// Bytes of the dataset in the first epoch, and by how many it grows with each (J_datasetinit, J_datasetgrowth).
    pub const DATASET: (u64, u64) = (1 << 30, 1 << 23);
    /// Likewise of the cache (J_cacheinit, J_cachegrowth).
    pub const CACHE: (u64, u64) = (1 << 24, 1 << 17);
    /// Bytes mixed at each access (J_mixbytes).
    pub const MIX: u64 = 128;
    /// Bytes of a row of cache and dataset (J_hashbytes).
    pub const ROW: u64 = 64;
    /// Rows of the cache that a row of the dataset is made of (J_parents).
    pub const PARENTS: u32 = 256;
    /// Rounds by which the cache is made (J_cacherounds).
    pub const CACHE_ROUNDS: u32 = 3;
    /// Accesses to the dataset for one seal (J_accesses).
    pub const ACCESSES: u32 = 64;
    /// Epochs that are verified: ten times as many as mainnet had before its Merge. Later caches would take gigabytes.
    pub const EPOCHS: u64 = 6_000;
}

/// What is wrong with a seal.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SealError {
    /// The mixHash is not that of header and nonce.
    Mix {
        /// The header's.
        found: H256,
        /// What follows from the rest of the header and the nonce.
        expected: H256,
    },
    /// Not enough work for the difficulty.
    Work,
    /// The block's number is beyond all whose caches are made.
    Epoch(u64),
}

impl Display for SealError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            SealError::Mix { found, expected } => {
                write!(f, "mixHash is {found:#x}, but Ethash gives {expected:#x} for this header and nonce")
            }
            SealError::Work => f.write_str("the nonce shows less work than the difficulty demands"),
            SealError::Epoch(number) => {
                write!(f, "block {number} is too late for Ethash: no chain sealed so many blocks with it")
            }
        }
    }
}

/// Verifies seals; keeps the cache of the epoch seen last, 16 MiB and more.
#[derive(Default)]
pub struct Ethash {
    cache: Option<(u64, Cache)>,
}

impl Ethash {
    /// Whether a header has the seal that it needs. The header's own fields are taken as they are.
    ///
    /// # Errors
    /// What is wrong with the seal.
    pub fn verify(&mut self, header: &Header) -> Result<(), SealError> {
        let epoch = header.number / spec::EPOCH;
        if epoch >= spec::EPOCHS {
            return Err(SealError::Epoch(header.number));
        }
        if self.cache.as_ref().is_none_or(|(of, _)| *of != epoch) {
            self.cache = Some((epoch, Cache::new(epoch)));
        }
        let Some((_, cache)) = &self.cache else { unreachable!("it was just made") };
        let (mix, work) = hashimoto(cache, dataset_bytes(epoch), header.hash_unsealed(), header.nonce);
        if mix != header.prev_randao {
            return Err(SealError::Mix { found: header.prev_randao, expected: mix });
        }
        // work * difficulty <= 2^256
        let most = U256::MAX.checked_div(header.difficulty).unwrap_or(U256::MAX);
        if U256::from_big_endian(work.as_bytes()) > most {
            return Err(SealError::Work);
        }
        Ok(())
    }
}

/// The largest size not over that of an epoch whose number of units is a prime (Appendix J.2).
fn size((first, growth): (u64, u64), unit: u64, epoch: u64) -> u64 {
    let mut units = (first + growth * epoch) / unit - 1;
    while !is_prime(units) {
        units -= 2;
    }
    units * unit
}

fn is_prime(number: u64) -> bool {
    number % 2 == 1
        && (3..)
            .step_by(2)
            .take_while(|divisor| divisor * divisor <= number)
            .all(|d| !number.is_multiple_of(d))
}

fn dataset_bytes(epoch: u64) -> u64 {
    size(spec::DATASET, spec::MIX, epoch)
}

/// Words mixed at each access.
const MIX_WORDS: usize = spec::MIX as usize / 4;

/// Mix and hash of a header and a nonce (Appendix J.4), rows of the dataset made as they are needed.
fn hashimoto(cache: &Cache, dataset_bytes: u64, header: H256, nonce: [u8; 8]) -> (H256, H256) {
    let mut start = header.0.to_vec();
    start.extend(nonce.iter().rev());
    let seed = keccak512(&start);
    let first = Row::of(&seed);
    let mut mix = [0; MIX_WORDS];
    for (place, word) in mix.iter_mut().enumerate() {
        *word = first.0[place % first.0.len()];
    }
    let pages = (dataset_bytes / spec::MIX) as u32;
    for access in 0..spec::ACCESSES {
        let page = fnv(access ^ first.0[0], mix[access as usize % MIX_WORDS]) % pages;
        let rows = [cache.dataset_row(2 * page), cache.dataset_row(2 * page + 1)];
        for (word, other) in mix.iter_mut().zip(rows.iter().flat_map(|row| row.0)) {
            *word = fnv(*word, other);
        }
    }
    let mut digest = H256::zero();
    for (bytes, four) in digest.0.chunks_exact_mut(4).zip(mix.chunks_exact(4)) {
        let word = fnv(fnv(fnv(four[0], four[1]), four[2]), four[3]);
        bytes.copy_from_slice(&word.to_le_bytes());
    }
    let mut end = seed.to_vec();
    end.extend(digest.0);
    (digest, keccak256(&end))
}

#[cfg(test)]
mod tests;
