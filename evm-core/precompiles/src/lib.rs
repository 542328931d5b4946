//! The cryptography behind Ethereum's precompiled contracts and signatures: RustCrypto's curves and hash functions,
//! arkworks' pairings, and modular exponentiation and BLAKE2b's F of its own. A crate of its own, so that a page that
//! calls none of it loads none of it.
//!
//! Any input gives an output or [`CryptoError::Invalid`]; nothing panics.

mod blake2f;
mod bls12;
mod bn254;
mod ecdsa;
mod hash;
mod kzg;
mod modexp;

use evm_core::precompiles::{Crypto, CryptoError, Precompile};
use evm_core::{Address, H256, U256};

/// All precompiled contracts and signatures, computed right here.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Native;

impl Crypto for Native {
    fn run(&self, which: Precompile, input: &[u8]) -> Result<Vec<u8>, CryptoError> {
        match which {
            Precompile::EcRecover => Ok(ecdsa::ecrecover(input)),
            Precompile::Sha256 => Ok(hash::sha256(input)),
            Precompile::Ripemd160 => Ok(hash::ripemd160(input)),
            Precompile::Identity => Ok(input.to_vec()),
            Precompile::ModExp => modexp::run(input),
            Precompile::Bn254Add => bn254::add(input),
            Precompile::Bn254Mul => bn254::mul(input),
            Precompile::Bn254Pairing => bn254::pairing(input),
            Precompile::Blake2F => blake2f::run(input),
            Precompile::PointEvaluation => kzg::point_evaluation(input),
            Precompile::Bls12G1Add => bls12::g1_add(input),
            Precompile::Bls12G1Msm => bls12::g1_msm(input),
            Precompile::Bls12G2Add => bls12::g2_add(input),
            Precompile::Bls12G2Msm => bls12::g2_msm(input),
            Precompile::Bls12Pairing => bls12::pairing(input),
            Precompile::Bls12MapFpToG1 => bls12::map_fp_to_g1(input),
            Precompile::Bls12MapFp2ToG2 => bls12::map_fp2_to_g2(input),
            Precompile::P256Verify => Ok(ecdsa::p256_verify(input)),
        }
    }

    fn recover(&self, hash: H256, odd_y: bool, r: U256, s: U256) -> Result<Address, CryptoError> {
        let mut signature = [0; 64];
        signature[..32].copy_from_slice(&r.to_big_endian());
        signature[32..].copy_from_slice(&s.to_big_endian());
        ecdsa::recover(&hash.0, odd_y, &signature).ok_or(CryptoError::Invalid)
    }

    fn sign(&self, hash: H256, secret_key: H256) -> Result<(bool, U256, U256, Address), CryptoError> {
        ecdsa::sign(hash, secret_key).ok_or(CryptoError::Invalid)
    }
}

/// The next `N` bytes of `rest`, which is left with those after them; zeros where it has no more.
fn take_padded<const N: usize>(rest: &mut &[u8]) -> [u8; N] {
    let mut bytes = [0; N];
    let given = rest.len().min(N);
    let (head, tail) = rest.split_at(given);
    bytes[..given].copy_from_slice(head);
    *rest = tail;
    bytes
}

/// The output of a contract that answers yes or no: a word.
fn word(yes: bool) -> Vec<u8> {
    let mut word = vec![0; 32];
    word[31] = yes.into();
    word
}
