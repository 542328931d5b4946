//! Precompiles 0B to 11 (EIP-2537): BLS12-381's additions, sums of multiples, pairing, and maps from its base fields.

use crate::{take_padded, word};
use ark_bls12_381::{Bls12_381, Fq, Fq2, Fr, g1, g2};
use ark_ec::hashing::curve_maps::wb::{WBConfig, WBMap};
use ark_ec::hashing::map_to_curve_hasher::MapToCurve;
use ark_ec::pairing::Pairing;
use ark_ec::short_weierstrass::{Affine, Projective, SWCurveConfig};
use ark_ec::{AffineRepr, CurveGroup, VariableBaseMSM};
use ark_ff::{AdditiveGroup, BigInt, BigInteger, Field, One, PrimeField, Zero};
use evm_core::precompiles::CryptoError;

/// Bytes of a scalar.
const SCALAR: usize = 32;
/// Bits of the windows in which [`interleaved`] reads scalars.
const WINDOW: usize = 5;
/// From this many points on, sorting them into buckets is faster than a table for each.
const BUCKETS_FROM: usize = 160;

/// Sum of two points on the curve over the base field.
pub fn g1_add(input: &[u8]) -> Result<Vec<u8>, CryptoError> {
    add::<g1::Config>(input)
}

/// Sum of multiples of points in G1.
pub fn g1_msm(input: &[u8]) -> Result<Vec<u8>, CryptoError> {
    msm::<g1::Config>(input)
}

/// Sum of two points on the curve over the base field's square.
pub fn g2_add(input: &[u8]) -> Result<Vec<u8>, CryptoError> {
    add::<g2::Config>(input)
}

/// Sum of multiples of points in G2.
pub fn g2_msm(input: &[u8]) -> Result<Vec<u8>, CryptoError> {
    msm::<g2::Config>(input)
}

/// Whether the product of the pairings of all pairs in `input`, at least one, is one.
pub fn pairing(input: &[u8]) -> Result<Vec<u8>, CryptoError> {
    let (mut in_g1, mut in_g2) = (Vec::new(), Vec::new());
    for item in items(input, 2 * (Fq::BYTES + Fq2::BYTES))? {
        let mut rest = item;
        let (p, q) = (member::<g1::Config>(&mut rest)?, member::<g2::Config>(&mut rest)?);
        // With a point at infinity the pairing is one.
        if !p.is_zero() && !q.is_zero() {
            in_g1.push(p);
            in_g2.push(q);
        }
    }
    Ok(word(in_g1.is_empty() || Bls12_381::multi_pairing(in_g1, in_g2).0.is_one()))
}

/// The point of G1 that an element of the base field stands for.
pub fn map_fp_to_g1(input: &[u8]) -> Result<Vec<u8>, CryptoError> {
    map::<g1::Config>(input)
}

/// The point of G2 that an element of the base field's square stands for.
pub fn map_fp2_to_g2(input: &[u8]) -> Result<Vec<u8>, CryptoError> {
    map::<g2::Config>(input)
}

/// A curve whose coordinates have an encoding.
trait Curve: SWCurveConfig<BaseField: Coordinate, ScalarField = Fr> + WBConfig {}
impl Curve for g1::Config {}
impl Curve for g2::Config {}

/// An element of a base field, as EIP-2537 encodes it.
trait Coordinate: Field {
    /// Its length.
    const BYTES: usize;
    /// The next element in `rest`, which is left with what follows it.
    fn decode(rest: &mut &[u8]) -> Result<Self, CryptoError>;
    /// Appends it to `output`.
    fn encode(&self, output: &mut Vec<u8>);
}

impl Coordinate for Fq {
    const BYTES: usize = 64;

    /// 16 zeros, then 48 bytes, big-endian, below the field's order.
    fn decode(rest: &mut &[u8]) -> Result<Self, CryptoError> {
        if take_padded::<16>(rest) != [0; 16] {
            return Err(CryptoError::Invalid);
        }
        fq(&take_padded(rest))
    }

    fn encode(&self, output: &mut Vec<u8>) {
        output.extend([0; 16]);
        output.extend(self.into_bigint().0.iter().rev().flat_map(|limb| limb.to_be_bytes()));
    }
}

impl Coordinate for Fq2 {
    const BYTES: usize = 128;

    /// The real part, then the imaginary one.
    fn decode(rest: &mut &[u8]) -> Result<Self, CryptoError> {
        let real = Fq::decode(rest)?;
        Ok(Fq2::new(real, Fq::decode(rest)?))
    }

    fn encode(&self, output: &mut Vec<u8>) {
        self.c0.encode(output);
        self.c1.encode(output);
    }
}

/// `bytes`, big-endian, as an element of the base field, if they are below its order.
pub fn fq(bytes: &[u8; 48]) -> Result<Fq, CryptoError> {
    let (limbs, _) = bytes.as_chunks();
    let limbs = std::array::from_fn(|at| u64::from_be_bytes(limbs[5 - at]));
    Fq::from_bigint(BigInt::new(limbs)).ok_or(CryptoError::Invalid)
}

/// The items of `size` bytes that `input` is made of: at least one, and all whole.
fn items(input: &[u8], size: usize) -> Result<std::slice::ChunksExact<'_, u8>, CryptoError> {
    let items = input.chunks_exact(size);
    if input.is_empty() || !items.remainder().is_empty() { Err(CryptoError::Invalid) } else { Ok(items) }
}

/// The next point in `rest`: on the curve, or zeros for infinity.
fn point<P: Curve>(rest: &mut &[u8]) -> Result<Affine<P>, CryptoError> {
    let (x, y) = (P::BaseField::decode(rest)?, P::BaseField::decode(rest)?);
    if x == P::BaseField::ZERO && y == P::BaseField::ZERO {
        return Ok(Affine::zero());
    }
    let point = Affine::new_unchecked(x, y);
    if point.is_on_curve() { Ok(point) } else { Err(CryptoError::Invalid) }
}

/// The next point in `rest`, which is in the group.
fn member<P: Curve>(rest: &mut &[u8]) -> Result<Affine<P>, CryptoError> {
    let point = point(rest)?;
    if point.is_in_correct_subgroup_assuming_on_curve() { Ok(point) } else { Err(CryptoError::Invalid) }
}

fn encode<P: Curve>(point: Affine<P>) -> Vec<u8> {
    let (x, y) = point.xy().unwrap_or_default();
    let mut output = Vec::with_capacity(2 * P::BaseField::BYTES);
    x.encode(&mut output);
    y.encode(&mut output);
    output
}

fn add<P: Curve>(input: &[u8]) -> Result<Vec<u8>, CryptoError> {
    if input.len() != 4 * P::BaseField::BYTES {
        return Err(CryptoError::Invalid);
    }
    let mut rest = input;
    let (a, b) = (point::<P>(&mut rest)?, point::<P>(&mut rest)?);
    Ok(encode((a + b).into_affine()))
}

fn msm<P: Curve>(input: &[u8]) -> Result<Vec<u8>, CryptoError> {
    let (mut points, mut scalars) = (Vec::new(), Vec::new());
    for item in items(input, 2 * P::BaseField::BYTES + SCALAR)? {
        let mut rest = item;
        let point = member::<P>(&mut rest)?;
        // The group's order times a point is infinity, so any number may be reduced by it.
        let scalar = Fr::from_be_bytes_mod_order(&take_padded::<SCALAR>(&mut rest));
        if !point.is_zero() {
            points.push(point);
            scalars.push(scalar);
        }
    }
    let sum = match &points[..] {
        [point] => *point * scalars[0],
        few if few.len() < BUCKETS_FROM => interleaved(few, &scalars),
        many => Projective::<P>::msm_unchecked(many, &scalars),
    };
    Ok(encode(sum.into_affine()))
}

/// Sum of multiples by Straus's method: the doublings are done once for all points, and each point is added where its
/// scalar's non-adjacent form has a digit.
fn interleaved<P: Curve>(points: &[Affine<P>], scalars: &[Fr]) -> Projective<P> {
    const ODD_MULTIPLES: usize = 1 << (WINDOW - 2);
    let mut multiples = Vec::with_capacity(points.len() * ODD_MULTIPLES);
    for point in points {
        let twice = point.into_group().double();
        let odd = std::iter::successors(Some(point.into_group()), |last| Some(*last + twice));
        multiples.extend(odd.take(ODD_MULTIPLES));
    }
    let multiples = Projective::normalize_batch(&multiples);
    // All digits are odd or zero.
    let digits = scalars.iter().map(|scalar| scalar.into_bigint().find_wnaf(WINDOW).unwrap_or_default());
    let digits: Vec<Vec<i64>> = digits.collect();
    let mut sum = Projective::zero();
    for at in (0..digits.iter().map(Vec::len).max().unwrap_or(0)).rev() {
        sum.double_in_place();
        for (digits, multiples) in digits.iter().zip(multiples.chunks_exact(ODD_MULTIPLES)) {
            match digits.get(at) {
                Some(digit) if *digit > 0 => sum += multiples[*digit as usize / 2],
                Some(digit) if *digit < 0 => sum -= multiples[digit.unsigned_abs() as usize / 2],
                _ => {}
            }
        }
    }
    sum
}

fn map<P: Curve>(input: &[u8]) -> Result<Vec<u8>, CryptoError> {
    if input.len() != P::BaseField::BYTES {
        return Err(CryptoError::Invalid);
    }
    let element = P::BaseField::decode(&mut &*input)?;
    let mapped = WBMap::<P>::map_to_curve(element).map_err(|_| CryptoError::Invalid)?;
    // Where the isogeny has a pole its image is infinity; arkworks gets (0, 0) there, which is not on the curve.
    let mapped = if mapped.is_on_curve() { mapped } else { Affine::zero() };
    Ok(encode(mapped.clear_cofactor()))
}
