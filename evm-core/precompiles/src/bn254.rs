//! Precompiles 06 to 08: addition and multiplication on alt_bn128 (EIP-196), and its pairing (EIP-197).

use crate::{take_padded, word};
use ark_bn254::{Bn254, Fq, Fq2, Fr, G1Affine, G2Affine};
use ark_ec::pairing::Pairing;
use ark_ec::{AffineRepr, CurveGroup};
use ark_ff::{BigInt, One, PrimeField, Zero};
use evm_core::precompiles::CryptoError;

/// Bytes of a pair of points.
const PAIR: usize = 192;

/// Sum of the two points in `input`, which is taken to end with zeros.
pub fn add(input: &[u8]) -> Result<Vec<u8>, CryptoError> {
    let mut rest = input;
    let (a, b) = (g1(&take_padded(&mut rest))?, g1(&take_padded(&mut rest))?);
    Ok(encode(&(a + b).into_affine()))
}

/// The point in `input` times the number after it; `input` is taken to end with zeros.
pub fn mul(input: &[u8]) -> Result<Vec<u8>, CryptoError> {
    let mut rest = input;
    let point = g1(&take_padded(&mut rest))?;
    let scalar = Fr::from_be_bytes_mod_order(&take_padded::<32>(&mut rest));
    Ok(encode(&(point * scalar).into_affine()))
}

/// Whether the product of the pairings of all pairs in `input` is one.
pub fn pairing(input: &[u8]) -> Result<Vec<u8>, CryptoError> {
    let (pairs, rest) = input.as_chunks::<PAIR>();
    if !rest.is_empty() {
        return Err(CryptoError::Invalid);
    }
    let (mut in_g1, mut in_g2) = (Vec::with_capacity(pairs.len()), Vec::with_capacity(pairs.len()));
    for pair in pairs {
        let mut rest = &pair[..];
        let (p, q) = (g1(&take_padded(&mut rest))?, g2(&take_padded(&mut rest))?);
        // With a point at infinity the pairing is one.
        if !p.is_zero() && !q.is_zero() {
            in_g1.push(p);
            in_g2.push(q);
        }
    }
    Ok(word(in_g1.is_empty() || Bn254::multi_pairing(in_g1, in_g2).0.is_one()))
}

/// An element of the base field: 32 bytes, big-endian, below its order.
fn fq(bytes: &[u8; 32]) -> Result<Fq, CryptoError> {
    let (limbs, _) = bytes.as_chunks();
    let limbs = std::array::from_fn(|at| u64::from_be_bytes(limbs[3 - at]));
    Fq::from_bigint(BigInt::new(limbs)).ok_or(CryptoError::Invalid)
}

/// A point: (0, 0) stands for infinity. All points of the curve are in the group.
fn g1(bytes: &[u8; 64]) -> Result<G1Affine, CryptoError> {
    let mut rest = &bytes[..];
    let (x, y) = (fq(&take_padded(&mut rest))?, fq(&take_padded(&mut rest))?);
    if x.is_zero() && y.is_zero() {
        return Ok(G1Affine::zero());
    }
    let point = G1Affine::new_unchecked(x, y);
    if point.is_on_curve() { Ok(point) } else { Err(CryptoError::Invalid) }
}

/// A point over the field's square, whose elements come with the imaginary part first; zeros stand for infinity.
fn g2(bytes: &[u8; 128]) -> Result<G2Affine, CryptoError> {
    let mut rest = &bytes[..];
    let mut fq2 = || {
        let (imaginary, real) = (fq(&take_padded(&mut rest))?, fq(&take_padded(&mut rest))?);
        Ok(Fq2::new(real, imaginary))
    };
    let (x, y) = (fq2()?, fq2()?);
    if x.is_zero() && y.is_zero() {
        return Ok(G2Affine::zero());
    }
    let point = G2Affine::new_unchecked(x, y);
    let in_group = point.is_on_curve() && point.is_in_correct_subgroup_assuming_on_curve();
    if in_group { Ok(point) } else { Err(CryptoError::Invalid) }
}

fn encode(point: &G1Affine) -> Vec<u8> {
    let (x, y) = point.xy().unwrap_or_default();
    let mut output = Vec::with_capacity(64);
    for coordinate in [x, y] {
        output.extend(coordinate.into_bigint().0.iter().rev().flat_map(|limb| limb.to_be_bytes()));
    }
    output
}
