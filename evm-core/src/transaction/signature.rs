//! Hashes, signatures and signers.

use super::{Authorization, Signature, Transaction, TxType};
use crate::keccak::keccak256;
use crate::precompiles::{Crypto, CryptoError};
use crate::rlp::Writer;
use crate::rules::Rules;
use crate::{Address, H256, U256};
use std::fmt;

/// Numbers of secp256k1 (SEC 2, 2.4.1) and EIP-7702.
mod spec {
    use crate::U256;

    /// Order n of the group.
    pub const ORDER: U256 =
        U256([0xBFD2_5E8C_D036_4141, 0xBAAE_DCE6_AF48_A03B, 0xFFFF_FFFF_FFFF_FFFE, 0xFFFF_FFFF_FFFF_FFFF]);
    /// Half of it, rounded down: s at most, from Homestead on (EIP-2).
    pub const HALF: U256 =
        U256([0xDFE9_2F46_681B_20A0, 0x5D57_6E73_57A4_501D, 0xFFFF_FFFF_FFFF_FFFF, 0x7FFF_FFFF_FFFF_FFFF]);
    /// Before what an authority signs.
    pub const AUTHORIZATION: u8 = 0x05;
}

/// Why a transaction has no sender.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SenderError {
    /// It has no signature.
    Unsigned,
    /// It is for another chain.
    WrongChain {
        /// The chain that it names.
        found: u64,
        /// The chain it would be executed on.
        expected: u64,
    },
    /// A legacy transaction names its chain before EIP-155.
    ReplayProtected,
    /// r or s is zero, or not below the group's order.
    OutOfRange,
    /// s is in the upper half of the group (EIP-2).
    HighS,
    /// No key has made the signature.
    NoSigner,
    /// The module for elliptic curves is not loaded yet.
    Unavailable,
}

impl fmt::Display for SenderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unsigned => f.write_str("the transaction has no signature: sign it, or give its sender beside it"),
            Self::WrongChain { found, expected } => {
                write!(f, "the transaction is for chain {found}, but this is chain {expected}")
            }
            Self::ReplayProtected => f.write_str(
                "the signature names a chain (EIP-155), which it can't before Spurious Dragon: sign it with v 27 or 28",
            ),
            Self::OutOfRange => f.write_str("the signature's r and s must be over 0 and below secp256k1's order"),
            Self::HighS => {
                f.write_str("the signature's s is over half of secp256k1's order, which it can't from Homestead on (EIP-2)")
            }
            Self::NoSigner => f.write_str("the signature fits no public key: its r is no point's x coordinate"),
            Self::Unavailable => f.write_str("the cryptography is not loaded yet: load it and try again"),
        }
    }
}

impl std::error::Error for SenderError {}

impl From<CryptoError> for SenderError {
    fn from(error: CryptoError) -> Self {
        match error {
            CryptoError::Invalid => Self::NoSigner,
            CryptoError::Unavailable => Self::Unavailable,
        }
    }
}

impl Transaction {
    /// The transaction's hash, over its signature too.
    pub fn hash(&self) -> H256 {
        keccak256(&self.encode())
    }

    /// The hash that the sender signs.
    pub fn signing_hash(&self) -> H256 {
        keccak256(&self.unsigned_bytes())
    }

    /// The sender, from the signature.
    ///
    /// # Errors
    /// That the signature is none by these rules, or that `crypto` is unavailable.
    pub fn sender(&self, rules: &Rules, crypto: &dyn Crypto) -> Result<Address, SenderError> {
        let Some(Signature { odd_y, r, s }) = self.signature else { return Err(SenderError::Unsigned) };
        self.check_chain(rules)?;
        let in_range = |word: U256| !word.is_zero() && word < spec::ORDER;
        if !in_range(r) || !in_range(s) {
            return Err(SenderError::OutOfRange);
        }
        if rules.homestead && s > spec::HALF {
            return Err(SenderError::HighS);
        }
        Ok(crypto.recover(self.signing_hash(), odd_y, r, s)?)
    }

    /// EIP-155, 2930: whether the transaction may be executed on the chain of `rules`.
    fn check_chain(&self, rules: &Rules) -> Result<(), SenderError> {
        let found = match (self.chain_id, self.tx_type) {
            (None, TxType::Legacy) => return Ok(()),
            (Some(_), TxType::Legacy) if !rules.replay_protection => {
                return Err(SenderError::ReplayProtected);
            }
            (id, _) => id.unwrap_or(0),
        };
        match rules.chain_id {
            expected if expected == found => Ok(()),
            expected => Err(SenderError::WrongChain { found, expected }),
        }
    }

    /// Signs the transaction, whatever signature it had, and gives the signer.
    ///
    /// # Errors
    /// [`CryptoError::Invalid`] if the key is zero or not below the group's order.
    pub fn sign(&mut self, secret_key: H256, crypto: &dyn Crypto) -> Result<Address, CryptoError> {
        let (odd_y, r, s, signer) = crypto.sign(self.signing_hash(), secret_key)?;
        self.signature = Some(Signature { odd_y, r, s });
        Ok(signer)
    }
}

impl Authorization {
    /// The hash that the authority signs.
    pub fn signing_hash(&self) -> H256 {
        let mut writer = Writer::new();
        writer.raw(&[spec::AUTHORIZATION]);
        writer.list(|writer| self.write_unsigned(writer));
        keccak256(&writer.into_bytes())
    }

    /// The account whose word it is.
    ///
    /// # Errors
    /// [`CryptoError::Invalid`] if it is no one's, and the authorization void; or `crypto` is unavailable.
    pub fn authority(&self, crypto: &dyn Crypto) -> Result<Address, CryptoError> {
        let in_range = |word: U256, most: U256| !word.is_zero() && word <= most;
        if self.y_parity > U256::one() || !in_range(self.r, spec::ORDER - 1) || !in_range(self.s, spec::HALF)
        {
            return Err(CryptoError::Invalid);
        }
        crypto.recover(self.signing_hash(), self.y_parity.bit(0), self.r, self.s)
    }
}
