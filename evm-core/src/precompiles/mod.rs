//! The precompiled contracts: which there are, what they cost, and the seam to their cryptography.

mod gas;
#[cfg(test)]
mod tests;

pub use gas::{gas, modexp_lengths};

use crate::{Address, H256, U256};
use std::fmt::Debug;

/// A precompiled contract.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Precompile {
    /// 01: signer of a hash.
    EcRecover,
    /// 02.
    Sha256,
    /// 03.
    Ripemd160,
    /// 04.
    Identity,
    /// 05 (EIP-198, 2565, 7823, 7883).
    ModExp,
    /// 06 (EIP-196, 1108): alt_bn128 addition.
    Bn254Add,
    /// 07 (EIP-196, 1108).
    Bn254Mul,
    /// 08 (EIP-197, 1108).
    Bn254Pairing,
    /// 09 (EIP-152).
    Blake2F,
    /// 0A (EIP-4844).
    PointEvaluation,
    /// 0B (EIP-2537).
    Bls12G1Add,
    /// 0C.
    Bls12G1Msm,
    /// 0D.
    Bls12G2Add,
    /// 0E.
    Bls12G2Msm,
    /// 0F.
    Bls12Pairing,
    /// 10.
    Bls12MapFpToG1,
    /// 11.
    Bls12MapFp2ToG2,
    /// 100 (EIP-7951).
    P256Verify,
}

impl Precompile {
    /// All precompiled contracts, in the order of [`Precompile::number`].
    pub const ALL: [Precompile; 18] = [
        Precompile::EcRecover,
        Precompile::Sha256,
        Precompile::Ripemd160,
        Precompile::Identity,
        Precompile::ModExp,
        Precompile::Bn254Add,
        Precompile::Bn254Mul,
        Precompile::Bn254Pairing,
        Precompile::Blake2F,
        Precompile::PointEvaluation,
        Precompile::Bls12G1Add,
        Precompile::Bls12G1Msm,
        Precompile::Bls12G2Add,
        Precompile::Bls12G2Msm,
        Precompile::Bls12Pairing,
        Precompile::Bls12MapFpToG1,
        Precompile::Bls12MapFp2ToG2,
        Precompile::P256Verify,
    ];

    /// The number that stands for this contract outside the engine: its address on the main network.
    pub const fn number(self) -> u16 {
        match self {
            Precompile::P256Verify => 0x100,
            _ => self as u16 + 1,
        }
    }

    /// The contract with this [`Precompile::number`].
    pub fn from_number(number: u16) -> Option<Self> {
        Self::ALL.into_iter().find(|which| which.number() == number)
    }

    /// Its name in EIP-7910.
    pub const fn name(self) -> &'static str {
        match self {
            Precompile::EcRecover => "ECREC",
            Precompile::Sha256 => "SHA256",
            Precompile::Ripemd160 => "RIPEMD160",
            Precompile::Identity => "ID",
            Precompile::ModExp => "MODEXP",
            Precompile::Bn254Add => "BN254_ADD",
            Precompile::Bn254Mul => "BN254_MUL",
            Precompile::Bn254Pairing => "BN254_PAIRING",
            Precompile::Blake2F => "BLAKE2F",
            Precompile::PointEvaluation => "KZG_POINT_EVALUATION",
            Precompile::Bls12G1Add => "BLS12_G1ADD",
            Precompile::Bls12G1Msm => "BLS12_G1MSM",
            Precompile::Bls12G2Add => "BLS12_G2ADD",
            Precompile::Bls12G2Msm => "BLS12_G2MSM",
            Precompile::Bls12Pairing => "BLS12_PAIRING_CHECK",
            Precompile::Bls12MapFpToG1 => "BLS12_MAP_FP_TO_G1",
            Precompile::Bls12MapFp2ToG2 => "BLS12_MAP_FP2_TO_G2",
            Precompile::P256Verify => "P256VERIFY",
        }
    }

    /// Its output for `input`, once its gas is paid. What needs no cryptography is answered here, without `crypto`.
    pub fn run(self, input: &[u8], crypto: &dyn Crypto) -> Result<Vec<u8>, CryptoError> {
        match self {
            Precompile::Identity => Ok(input.to_vec()),
            _ => crypto.run(self, input),
        }
    }
}

/// Why cryptography gave no result.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CryptoError {
    /// The input is malformed: the precompile fails and its gas is gone.
    Invalid,
    /// The module that computes it is not loaded yet: nothing happened, and what was begun can be begun again.
    Unavailable,
}

/// The elliptic curves and hash functions behind the precompiles and behind signatures. A module of its own, so that
/// a page that calls none loads none; `evm-precompiles` is the implementation.
pub trait Crypto: Debug {
    /// Output of a precompile, whose gas has been charged and whose lengths have not been checked.
    fn run(&self, which: Precompile, input: &[u8]) -> Result<Vec<u8>, CryptoError>;

    /// Signer of `hash`; [`CryptoError::Invalid`] if r or s is zero or not below the group's order, or no point fits.
    fn recover(&self, hash: H256, odd_y: bool, r: U256, s: U256) -> Result<Address, CryptoError>;

    /// Deterministic signature (RFC 6979, low s) of `hash` as `(odd_y, r, s)`, and the signer's address;
    /// [`CryptoError::Invalid`] if the key is zero or not below the group's order.
    fn sign(&self, hash: H256, secret_key: H256) -> Result<(bool, U256, U256, Address), CryptoError>;
}
