//! Signatures on secp256k1 (precompile 01, and those of transactions) and on P-256 (precompile 100, EIP-7951).

use crate::{take_padded, word};
use evm_core::keccak::keccak256;
use evm_core::{Address, H256, U256};
use k256::ecdsa::{Signature, SigningKey};
use k256::elliptic_curve::PrimeField;
use k256::elliptic_curve::group::Group;
use k256::elliptic_curve::ops::{MulByGeneratorVartime, Reduce};
use k256::elliptic_curve::point::DecompressPoint;
use k256::elliptic_curve::sec1::ToSec1Point;
use k256::{AffinePoint, FieldBytes, ProjectivePoint, Scalar};
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
/// point has this r. SEC 1, section 4.1.6.
pub fn recover(hash: &[u8; 32], odd_y: bool, signature: &[u8; 64]) -> Option<Address> {
    // Nothing here is secret, so all may take as long as the numbers say.
    let (r, s) = Signature::from_slice(signature).ok()?.split_scalars();
    let point = AffinePoint::decompress(&r.to_repr(), u8::from(odd_y).into()).into_option()?;
    let hash = <Scalar as Reduce<FieldBytes>>::reduce(&(*hash).into());
    let inverse = r.invert_vartime().into_option()?;
    let (of_generator, of_point) = (-(inverse * hash), inverse * *s);
    let key = ProjectivePoint::mul_by_generator_and_mul_add_vartime(&of_generator, &of_point, &point.into());
    if key.is_identity().into() { None } else { Some(address(&key.to_affine())) }
}

/// RFC 6979's signature of `hash`, with the lower of both s: odd y, r, s and the signer. `None` if the key is no key.
pub fn sign(hash: H256, secret_key: H256) -> Option<(bool, U256, U256, Address)> {
    let key = SigningKey::from_slice(secret_key.as_bytes()).ok()?;
    let (signature, id) = key.sign_prehash_recoverable(hash.as_bytes());
    let (r, s) = signature.split_bytes();
    Some((
        id.is_y_odd(),
        U256::from_big_endian(&r),
        U256::from_big_endian(&s),
        address(key.verifying_key().as_affine()),
    ))
}

fn address(key: &AffinePoint) -> Address {
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
