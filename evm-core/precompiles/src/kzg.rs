//! Precompile 0A (EIP-4844): a KZG commitment to a polynomial, opened at a point.

use crate::bls12::fq;
use crate::hash::sha256;
use crate::take_padded;
use ark_bls12_381::{Bls12_381, Fq, Fq2, Fr, G1Affine, G2Affine};
use ark_ec::bls12::G2Prepared as Prepared;
use ark_ec::pairing::Pairing;
use ark_ec::{AffineRepr, CurveGroup};
use ark_ff::{BigInt, MontFp, One, PrimeField};
use evm_core::precompiles::CryptoError;
use std::sync::LazyLock;

type G2Prepared = Prepared<ark_bls12_381::Config>;

/// The first byte of a versioned hash.
const VERSION: u8 = 1;
/// Elements of a blob, the first word of the output.
const FIELD_ELEMENTS_PER_BLOB: u64 = 4096;

/// The secret number of the KZG ceremony of 2023 times the generator of G2: the second point of g2_monomial in the
/// consensus specification's trusted_setup_4096.json.
const TAU_G2: G2Affine = G2Affine::new_unchecked(TAU_G2_X, TAU_G2_Y);
const TAU_G2_X: Fq2 = Fq2::new(
    MontFp!(
        "3749701713850085193403383609513386037494151572263731328608276629425322978272408394373143740944003571525027436289778"
    ),
    MontFp!(
        "3347537128081568434923729147580015899756771550835613107520576615563260658656019591232316627827007503930666726825842"
    ),
);
const TAU_G2_Y: Fq2 = Fq2::new(
    MontFp!(
        "194392958648403190675529552496435226424111592982833162118538452666741235889530674000225873281133418439621742897817"
    ),
    MontFp!(
        "3447898402727835650716129438012169492682148398295533958400255525306573911008434577489634554212211450783070687991119"
    ),
);

/// `input`: the commitment's versioned hash (32 bytes), the point and the value there (32 each), the commitment and the
/// proof (48 each). Gives the two constants of EIP-4844 if the proof holds.
pub fn point_evaluation(input: &[u8]) -> Result<Vec<u8>, CryptoError> {
    if input.len() != 192 {
        return Err(CryptoError::Invalid);
    }
    let mut rest = input;
    let versioned_hash: [u8; 32] = take_padded(&mut rest);
    let (z, y) = (fr(&take_padded(&mut rest))?, fr(&take_padded(&mut rest))?);
    let commitment: [u8; 48] = take_padded(&mut rest);
    let mut hash = sha256(&commitment);
    hash[0] = VERSION;
    if hash != versioned_hash {
        return Err(CryptoError::Invalid);
    }
    let (commitment, proof) = (compressed(&commitment)?, compressed(&take_padded(&mut rest))?);
    if !opens(commitment, z, y, proof) {
        return Err(CryptoError::Invalid);
    }
    let mut output = vec![0; 32];
    output[24..].copy_from_slice(&FIELD_ELEMENTS_PER_BLOB.to_be_bytes());
    output.extend(Fr::MODULUS.0.iter().rev().flat_map(|limb| limb.to_be_bytes()));
    Ok(output)
}

/// Whether `proof` shows that the polynomial behind `commitment` has the value `y` at `z`:
/// e(commitment - y, 1) = e(proof, tau - z), with z moved to the other side so that both points of G2 are constant.
fn opens(commitment: G1Affine, z: Fr, y: Fr, proof: G1Affine) -> bool {
    static CONSTANT: LazyLock<[G2Prepared; 2]> =
        LazyLock::new(|| [G2Affine::generator().into(), TAU_G2.into()]);
    let left = (proof * z - G1Affine::generator() * y + commitment).into_affine();
    Bls12_381::multi_pairing([-left, proof], CONSTANT.iter().cloned()).0.is_one()
}

/// A number below the order of the group: 32 bytes, big-endian.
fn fr(bytes: &[u8; 32]) -> Result<Fr, CryptoError> {
    let (limbs, _) = bytes.as_chunks();
    let limbs = std::array::from_fn(|at| u64::from_be_bytes(limbs[3 - at]));
    Fr::from_bigint(BigInt::new(limbs)).ok_or(CryptoError::Invalid)
}

/// A point of G1 in 48 bytes: x, big-endian, with three flags in front: compressed, infinity, and which y.
fn compressed(bytes: &[u8; 48]) -> Result<G1Affine, CryptoError> {
    let [is_compressed, is_infinity, larger_y] = [0x80, 0x40, 0x20].map(|flag| bytes[0] & flag != 0);
    let mut x = *bytes;
    x[0] &= 0x1F;
    if !is_compressed || is_infinity && (larger_y || x != [0; 48]) {
        return Err(CryptoError::Invalid);
    }
    if is_infinity {
        return Ok(G1Affine::zero());
    }
    let x: Fq = fq(&x)?;
    let (smaller, larger) = G1Affine::get_ys_from_x_unchecked(x).ok_or(CryptoError::Invalid)?;
    let point = G1Affine::new_unchecked(x, if larger_y { larger } else { smaller });
    if point.is_in_correct_subgroup_assuming_on_curve() { Ok(point) } else { Err(CryptoError::Invalid) }
}
