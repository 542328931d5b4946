//! KECCAK-256 and KECCAK-512, the hash functions of the Yellow Paper (not FIPS 202's SHA3: the padding differs).

mod permutation;

use permutation::{State, first_lanes, keccak_f};
use primitive_types::H256;

/// Hash of no bytes: the code hash of an account without code.
pub const EMPTY: H256 = H256([
    0xC5, 0xD2, 0x46, 0x01, 0x86, 0xF7, 0x23, 0x3C, 0x92, 0x7E, 0x7D, 0xB2, 0xDC, 0xC7, 0x03, 0xC0, 0xE5,
    0x00, 0xB6, 0x53, 0xCA, 0x82, 0x27, 0x3B, 0x7B, 0xFA, 0xD8, 0x04, 0x5D, 0x85, 0xA4, 0x70,
]);

/// KECCAK-256 of `bytes`.
pub fn keccak256(bytes: &[u8]) -> H256 {
    H256(squeeze(&absorb_all::<136>(bytes)))
}

/// KECCAK-512 of `bytes`.
pub fn keccak512(bytes: &[u8]) -> [u8; 64] {
    squeeze(&absorb_all::<72>(bytes))
}

/// The state after all of `bytes` and the padding. `RATE` bytes are absorbed between two permutations: 200 less twice the
/// length of the hash.
#[inline(always)]
fn absorb_all<const RATE: usize>(bytes: &[u8]) -> State {
    let mut state = permutation::EMPTY;
    let (blocks, rest) = bytes.as_chunks::<RATE>();
    for block in blocks {
        absorb(&mut state, block);
        keccak_f(&mut state);
    }
    let mut block = [0; RATE];
    block[..rest.len()].copy_from_slice(rest);
    block[rest.len()] = 0x01;
    block[RATE - 1] |= 0x80;
    absorb(&mut state, &block);
    keccak_f(&mut state);
    state
}

/// The first bytes of the state.
#[inline(always)]
fn squeeze<const LENGTH: usize>(state: &State) -> [u8; LENGTH] {
    let mut hash = [0; LENGTH];
    for (bytes, lane) in hash.chunks_exact_mut(8).zip(first_lanes(state)) {
        bytes.copy_from_slice(&lane.to_le_bytes());
    }
    hash
}

/// Adds the lanes of `block` to the first of `state`.
#[inline(always)]
fn absorb(state: &mut State, block: &[u8]) {
    for (lane, bytes) in state.iter_mut().zip(block.as_chunks::<8>().0) {
        *lane ^= u64::from_le_bytes(*bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sha3::Digest;

    #[test]
    fn hash_of_nothing_is_the_yellow_papers() {
        assert_eq!(keccak256(b""), EMPTY);
    }

    #[test]
    fn hashes_of_every_length_up_to_three_blocks_agree_with_sha3() {
        let bytes: Vec<u8> = (0..1000u32).map(|i| (i * i >> 3) as u8).collect();
        for length in (0..420).chain([543, 544, 545, 1000]) {
            let expected: [u8; 32] = sha3::Keccak256::digest(&bytes[..length]).into();
            assert_eq!(keccak256(&bytes[..length]).0, expected, "{length} bytes");
            let expected: [u8; 64] = sha3::Keccak512::digest(&bytes[..length]).into();
            assert_eq!(keccak512(&bytes[..length]), expected, "{length} bytes");
        }
    }
}
