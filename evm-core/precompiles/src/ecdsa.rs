//! Signatures on secp256k1 (precompile 01, and those of transactions) and on P-256 (precompile 100, EIP-7951).

use crate::{take_padded, word};
use evm_core::keccak::keccak256;
use evm_core::{Address, H256, U256};
use k256::ecdsa::{RecoveryId, Signature, SigningKey, VerifyingKey};
use p256::ecdsa::signature::hazmat::PrehashVerifier;

/// Precompile 01 (Yellow Paper appendix E): the address that signed, in a word, or nothing.
pub fn ecrecover(input: &[u8]) -> Vec<u8> {
    let mut rest = input;
    let hash: [u8; 32] = take_padded(&mut rest);
    let v: [u8; 32] = take_padded(&mut rest);
    let signature: [u8; 64] = take_padded(&mut rest);
    let odd_y = match v {
        [high @ .., 27 | 28] if high == [0; 31] => v[31] == 28,
        _ => return Vec::new(),
    };
    match recover(&hash, odd_y, &signature) {
        Some(signer) => [&[0; 12], signer.as_bytes()].concat(),
        None => Vec::new(),
    }
}

/// Who signed the 32 bytes of `hash` with `signature`, r and s of 32 bytes each. `None` if they are out of range, or no
/// point has this r.
pub fn recover(hash: &[u8], odd_y: bool, signature: &[u8]) -> Option<Address> {
    let signature = Signature::from_slice(signature).ok()?;
    let key = VerifyingKey::recover_from_prehash(hash, &signature, RecoveryId::new(odd_y, false)).ok()?;
    Some(address(&key))
}

/// RFC 6979's signature of `hash`, with the lower of both s: odd y, r, s and the signer. `None` if the key is no key.
pub fn sign(hash: H256, secret_key: H256) -> Option<(bool, U256, U256, Address)> {
    let key = SigningKey::from_slice(secret_key.as_bytes()).ok()?;
    let (signature, id) = key.sign_prehash_recoverable(hash.as_bytes());
    let (r, s) = signature.split_bytes();
    Some((id.is_y_odd(), U256::from_big_endian(&r), U256::from_big_endian(&s), address(key.verifying_key())))
}

fn address(key: &VerifyingKey) -> Address {
    let point = key.to_sec1_point(false);
    // Uncompressed: a byte 04, then both coordinates.
    Address::from(keccak256(point.as_bytes().get(1..).unwrap_or_default()))
}

/// Precompile 100 (EIP-7951): one in a word if hash, r, s and the public key's coordinates belong together, or nothing.
pub fn p256_verify(input: &[u8]) -> Vec<u8> {
    let verified = input.len() == 160 && p256_verified(&input[..32], &input[32..96], &input[96..]).is_some();
    if verified { word(true) } else { Vec::new() }
}

fn p256_verified(hash: &[u8], signature: &[u8], key: &[u8]) -> Option<()> {
    let signature = p256::ecdsa::Signature::from_slice(signature).ok()?;
    let mut point = [4; 65];
    point[1..].copy_from_slice(key);
    let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(&point).ok()?;
    key.verify_prehash(hash, &signature).ok()
}
