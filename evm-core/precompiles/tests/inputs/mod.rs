//! Inputs that precompiled contracts accept, made with the libraries' own types, and what damages them.

use ark_bls12_381 as bls12;
use ark_bn254 as bn254;
use ark_ec::short_weierstrass::{Affine, SWCurveConfig};
use ark_ec::{AffineRepr, CurveGroup, PrimeGroup};
use ark_ff::{BigInteger, Field, MontFp, PrimeField};
use evm_core::H256;
use evm_core::precompiles::Crypto;
use evm_precompiles::Native;
use p256::ecdsa::signature::hazmat::PrehashSigner;
use sha2::{Digest, Sha256};

/// A sequence of numbers that look random (xorshift64*).
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    pub fn below(&mut self, bound: usize) -> usize {
        (self.next() >> 16) as usize % bound.max(1)
    }

    pub fn bytes(&mut self, length: usize) -> Vec<u8> {
        (0..length).map(|_| (self.next() >> 56) as u8).collect()
    }

    /// One of the faults that inputs have.
    pub fn damage(&mut self, input: &mut Vec<u8>) {
        let at = self.below(input.len());
        match self.below(8) {
            0 => input.truncate(at),
            1 => {
                let more = 1 + self.below(40);
                input.extend(self.bytes(more));
            }
            2 if !input.is_empty() => input[at] = 0,
            3 if !input.is_empty() => {
                let to = (at + 32).min(input.len());
                input[at..to].fill(0xFF);
            }
            4 if !input.is_empty() => {
                let from = at / 32 * 32;
                let to = (from + 32).min(input.len());
                input[from..to].fill(0);
            }
            // A coordinate and the field's order have the same remainder.
            5 => add_at(input, at / 32 * 32 + 32, &bn254::Fq::MODULUS.to_bytes_be()),
            6 => add_at(input, at / 64 * 64 + 64, &bls12::Fq::MODULUS.to_bytes_be()),
            _ if !input.is_empty() => input[at] ^= 1 << self.below(8),
            _ => {}
        }
    }

    fn number<F: PrimeField>(&mut self) -> F {
        match self.below(8) {
            0 => F::zero(),
            1 => F::one(),
            2 => -F::one(),
            _ => F::from_be_bytes_mod_order(&self.bytes(64)),
        }
    }

    /// 32 bytes of any value.
    fn scalar(&mut self) -> Vec<u8> {
        match self.below(6) {
            0 => vec![0; 32],
            1 => vec![0xFF; 32],
            2 => [vec![0; 31], vec![self.below(4) as u8]].concat(),
            _ => self.bytes(32),
        }
    }
}

/// Adds `number`, big-endian, to the bytes of `input` that end before `end`.
fn add_at(input: &mut [u8], end: usize, number: &[u8]) {
    let mut carry = 0;
    let Some(bytes) = input.get_mut(..end) else { return };
    for (byte, add) in bytes.iter_mut().rev().zip(number.iter().rev()) {
        let sum = u16::from(*byte) + u16::from(*add) + carry;
        *byte = sum as u8;
        carry = sum >> 8;
    }
}

/// ECREC: a signature, now and then of the other one of both s.
pub fn signed(random: &mut Random) -> Vec<u8> {
    let hash = H256::from_slice(&random.bytes(32));
    let key = H256::from_slice(&random.bytes(32));
    let Ok((odd_y, r, s, _)) = Native.sign(hash, key) else { return random.bytes(128) };
    let mut input = hash.as_bytes().to_vec();
    input.extend([0; 31]);
    input.push(27 + u8::from(odd_y));
    input.extend(r.to_big_endian());
    match random.below(8) {
        0 => input.extend((!s).to_big_endian()),
        1 => input.extend([0; 32]),
        // r as s, and nothing where r was: r counts up.
        2 => input.extend(r.to_big_endian()),
        _ => input.extend(s.to_big_endian()),
    }
    input
}

/// P256VERIFY: a signature and its key.
pub fn p256_signed(random: &mut Random) -> Vec<u8> {
    let hash = random.bytes(32);
    let Ok(key) = p256::ecdsa::SigningKey::from_slice(&random.bytes(32)) else { return hash };
    let signature: p256::ecdsa::Signature = key.sign_prehash(&hash).unwrap();
    let point = key.verifying_key().to_sec1_point(false);
    [&hash, &signature.to_bytes()[..], &point.as_bytes()[1..]].concat()
}

/// MODEXP: all lengths up to a hundred bytes and some longer, odd and even moduli.
pub fn modexp(random: &mut Random) -> Vec<u8> {
    let length = |random: &mut Random| match random.below(30) {
        0..3 => 0,
        3..10 => 1 + random.below(3),
        10..14 => 32,
        14..28 => random.below(100),
        28 => random.below(500),
        _ => 1020 + random.below(8),
    };
    let lengths = [length(random), length(random).min(130), length(random)];
    let mut input = Vec::new();
    for length in lengths {
        input.extend([0; 30]);
        input.extend((length as u16).to_be_bytes());
    }
    for length in lengths {
        let mut operand = random.bytes(length);
        let zeros = random.below(length + 1);
        match random.below(6) {
            0 => operand[..zeros].fill(0),
            1 | 2 => operand[length - zeros..].fill(0),
            3 => operand[..zeros].fill(0xFF),
            _ => {}
        }
        input.extend(operand);
    }
    input
}

fn field_bytes<F: PrimeField>(element: &F, length: usize) -> Vec<u8> {
    let bytes = element.into_bigint().to_bytes_be();
    [vec![0; length - bytes.len()], bytes].concat()
}

/// A point, now and then one that no multiple of the generator is.
fn point<P: SWCurveConfig>(random: &mut Random) -> Affine<P> {
    if random.below(8) == 0 {
        for _ in 0..20 {
            let x = P::BaseField::from_random_bytes(&random.bytes(96)).unwrap_or_default();
            if let Some(point) = Affine::get_point_from_x_unchecked(x, random.below(2) == 0) {
                return point;
            }
        }
    }
    member(random)
}

fn member<P: SWCurveConfig>(random: &mut Random) -> Affine<P> {
    let scalar: P::ScalarField = random.number();
    (Affine::<P>::generator() * scalar).into_affine()
}

fn bn254_g1(point: &bn254::G1Affine) -> Vec<u8> {
    let (x, y) = point.xy().unwrap_or_default();
    [field_bytes(&x, 32), field_bytes(&y, 32)].concat()
}

fn bn254_g2(point: &bn254::G2Affine) -> Vec<u8> {
    let (x, y) = point.xy().unwrap_or_default();
    [x.c1, x.c0, y.c1, y.c0].iter().flat_map(|part| field_bytes(part, 32)).collect()
}

/// BN254_ADD and BN254_MUL: points, of which the second is a number too.
pub fn bn254_points(random: &mut Random) -> Vec<u8> {
    let a: bn254::G1Affine = member(random);
    let b: bn254::G1Affine = match random.below(5) {
        0 => a,
        1 => -a,
        _ => member(random),
    };
    if random.below(3) == 0 {
        return [bn254_g1(&a), random.scalar(), random.scalar()].concat();
    }
    [bn254_g1(&a), bn254_g1(&b)].concat()
}

/// BN254_PAIRING: pairs whose product is one half of the time.
pub fn bn254_pairs(random: &mut Random) -> Vec<u8> {
    let mut input = Vec::new();
    for _ in 0..random.below(3) {
        let (p, q): (bn254::G1Affine, bn254::G2Affine) = (member(random), point(random));
        let factor: bn254::Fr = random.number();
        let other = (-p * factor, q);
        input.extend([bn254_g1(&(p * factor).into_affine()), bn254_g2(&q)].concat());
        if random.below(3) > 0 {
            input.extend([bn254_g1(&other.0.into_affine()), bn254_g2(&other.1)].concat());
        }
    }
    input
}

fn bls12_g1(point: &bls12::G1Affine) -> Vec<u8> {
    let (x, y) = point.xy().unwrap_or_default();
    [field_bytes(&x, 64), field_bytes(&y, 64)].concat()
}

fn bls12_g2(point: &bls12::G2Affine) -> Vec<u8> {
    let (x, y) = point.xy().unwrap_or_default();
    [x.c0, x.c1, y.c0, y.c1].iter().flat_map(|part| field_bytes(part, 64)).collect()
}

fn bls12_point(random: &mut Random, g2: bool) -> Vec<u8> {
    if g2 { bls12_g2(&point(random)) } else { bls12_g1(&point(random)) }
}

/// BLS12_G1ADD, BLS12_G2ADD.
pub fn bls12_points(random: &mut Random, g2: bool) -> Vec<u8> {
    let a = bls12_point(random, g2);
    if random.below(5) == 0 {
        return [&a[..], &a].concat();
    }
    [a, bls12_point(random, g2)].concat()
}

/// BLS12_G1MSM, BLS12_G2MSM.
pub fn bls12_multiples(random: &mut Random, g2: bool) -> Vec<u8> {
    let count = match random.below(12) {
        0 => 20 + random.below(20),
        _ => random.below(5),
    };
    // Most with members only, else longer ones hardly ever succeed.
    let members = random.below(3) > 0;
    (0..count)
        .flat_map(|_| {
            let point = match (members, g2) {
                (false, _) => bls12_point(random, g2),
                (true, false) => bls12_g1(&member(random)),
                (true, true) => bls12_g2(&member(random)),
            };
            [point, random.scalar()].concat()
        })
        .collect()
}

/// BLS12_PAIRING_CHECK: pairs whose product is one half of the time.
pub fn bls12_pairs(random: &mut Random) -> Vec<u8> {
    let mut input = Vec::new();
    for _ in 0..random.below(3) {
        let (p, q): (bls12::G1Affine, bls12::G2Affine) = (member(random), point(random));
        let factor: bls12::Fr = random.number();
        input.extend([bls12_g1(&p), bls12_g2(&(q * factor).into_affine())].concat());
        if random.below(3) > 0 {
            input.extend([bls12_g1(&(-p * factor).into_affine()), bls12_g2(&q)].concat());
        }
    }
    input
}

/// BLS12_MAP_FP_TO_G1, BLS12_MAP_FP2_TO_G2: elements.
pub fn bls12_elements(random: &mut Random, count: usize) -> Vec<u8> {
    (0..count).flat_map(|_| field_bytes(&random.number::<bls12::Fq>(), 64)).collect()
}

/// KZG_POINT_EVALUATION: openings of constant and of linear polynomials, for which the ceremony's first points are enough;
/// a proof is the constant quotient's commitment.
pub fn kzg_openings(random: &mut Random) -> Vec<u8> {
    let tau_g1 = tau_g1();
    let (constant, slope, z): (bls12::Fr, bls12::Fr, bls12::Fr) =
        (random.number(), random.number(), random.number());
    let one = bls12::G1Projective::generator();
    let commitment = (one * constant + tau_g1 * slope).into_affine();
    let proof = (one * slope).into_affine();
    let mut y = constant + slope * z;
    if random.below(5) == 0 {
        y += random.number::<bls12::Fr>();
    }
    let commitment = compressed(&commitment);
    let mut input = Sha256::digest(&commitment).to_vec();
    input[0] = 1;
    input.extend(field_bytes(&z, 32));
    input.extend(field_bytes(&y, 32));
    input.extend(commitment);
    input.extend(compressed(&proof));
    if random.below(3) == 0 {
        // The flags and the highest bits of a point, and its hash made to fit.
        let at = if random.below(2) == 0 { 96 } else { 144 };
        input[at] = (random.next() >> 56) as u8;
        let hash = Sha256::digest(&input[96..144]);
        input[1..32].copy_from_slice(&hash[1..]);
    }
    input
}

/// The second point of g1_monomial in the consensus specification's trusted_setup_4096.json.
fn tau_g1() -> bls12::G1Affine {
    bls12::G1Affine::new_unchecked(
        MontFp!(
            "2038584291601249434984409539198492841609633406112864517571019759342654017622122184447849017174534083640255689280641"
        ),
        MontFp!(
            "3673727104618498269005138607465546397690909408338562584797607440094717812721980555552175437973321843523559830942393"
        ),
    )
}

fn compressed(point: &bls12::G1Affine) -> Vec<u8> {
    let Some((x, y)) = point.xy() else { return [vec![0xC0], vec![0; 47]].concat() };
    let mut bytes = field_bytes(&x, 48);
    bytes[0] |= if y > -y { 0xA0 } else { 0x80 };
    bytes
}
