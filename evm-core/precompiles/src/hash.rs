//! Hash functions: precompiles 02 and 03.

use ripemd::Ripemd160;
use sha2::{Digest, Sha256};

/// SHA-256 (FIPS 180-4) of `input`: 32 bytes.
pub fn sha256(input: &[u8]) -> Vec<u8> {
    Sha256::digest(input).to_vec()
}

/// RIPEMD-160 of `input`, after 12 zeros: 32 bytes.
pub fn ripemd160(input: &[u8]) -> Vec<u8> {
    let mut output = vec![0; 32];
    output[12..].copy_from_slice(&Ripemd160::digest(input));
    output
}
