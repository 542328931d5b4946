//! Requests to the consensus layer (EIP-7685), as a header commits to them.

use crate::H256;
use crate::precompiles::{Crypto, CryptoError, Precompile};

/// Hash of no requests: SHA-256 of nothing.
pub const NO_REQUESTS: H256 = H256([
    0xE3, 0xB0, 0xC4, 0x42, 0x98, 0xFC, 0x1C, 0x14, 0x9A, 0xFB, 0xF4, 0xC8, 0x99, 0x6F, 0xB9, 0x24, 0x27,
    0xAE, 0x41, 0xE4, 0x64, 0x9B, 0x93, 0x4C, 0xA4, 0x95, 0x99, 0x1B, 0x78, 0x52, 0xB8, 0x55,
]);

/// Hash of `requests`, each a type byte with the data of all requests of that type, in the order of types: SHA-256 of
/// their SHA-256 hashes. Those without data do not count.
///
/// # Errors
/// Those of `crypto`, which is not asked where nothing is requested.
pub fn requests_hash(requests: &[Vec<u8>], crypto: &dyn Crypto) -> Result<H256, CryptoError> {
    let mut hashes = Vec::new();
    for request in requests.iter().filter(|request| request.len() > 1) {
        hashes.extend(crypto.run(Precompile::Sha256, request)?);
    }
    if hashes.is_empty() {
        return Ok(NO_REQUESTS);
    }
    let hash = crypto.run(Precompile::Sha256, &hashes)?;
    hash.try_into().map(H256).map_err(|_| CryptoError::Invalid)
}
