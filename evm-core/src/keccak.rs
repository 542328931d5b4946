//! KECCAK-256, the hash function of the Yellow Paper (not FIPS 202's SHA3-256: the padding differs).

use primitive_types::H256;
use sha3::{Digest, Keccak256};

/// Hash of no bytes: the code hash of an account without code.
pub const EMPTY: H256 = H256([
    0xC5, 0xD2, 0x46, 0x01, 0x86, 0xF7, 0x23, 0x3C, 0x92, 0x7E, 0x7D, 0xB2, 0xDC, 0xC7, 0x03, 0xC0, 0xE5,
    0x00, 0xB6, 0x53, 0xCA, 0x82, 0x27, 0x3B, 0x7B, 0xFA, 0xD8, 0x04, 0x5D, 0x85, 0xA4, 0x70,
]);

/// KECCAK-256 of `bytes`.
pub fn keccak256(bytes: &[u8]) -> H256 {
    H256(Keccak256::digest(bytes).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hash_of_nothing_is_the_yellow_papers() {
        assert_eq!(keccak256(b""), EMPTY);
    }
}
