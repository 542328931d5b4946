//! What is wrong with an encoded transaction.

use super::TxType;
use crate::{U256, rlp};
use std::fmt;

/// Why bytes are no transaction. Places are offsets in bytes from the start of what was decoded.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Error {
    /// The RLP is wrong.
    Rlp(rlp::Error),
    /// Nothing where a transaction belongs.
    Empty {
        /// Place.
        at: usize,
    },
    /// A type byte (EIP-2718) that no fork has.
    UnknownType {
        /// Place.
        at: usize,
        /// The byte.
        byte: u8,
    },
    /// A typed transaction in an RLP string, as it is within a block, where it belongs by itself.
    InString {
        /// Place.
        at: usize,
    },
    /// A blob transaction with blobs, commitments and proofs, as it travels before it is in a block.
    BlobSidecar {
        /// Place.
        at: usize,
    },
    /// A transaction without a receiver, of a type that can't create contracts.
    NoReceiver {
        /// Place.
        at: usize,
        /// The type.
        tx_type: TxType,
    },
    /// A legacy signature's v that is none of 27, 28, 35 and above.
    SignatureV {
        /// Place.
        at: usize,
        /// The value.
        v: U256,
    },
    /// A v that names a chain (EIP-155) of a number over 2^64 - 1.
    ChainId {
        /// Place.
        at: usize,
        /// The value.
        v: U256,
    },
    /// A typed transaction's y parity that is neither 0 nor 1.
    YParity {
        /// Place.
        at: usize,
        /// The value.
        parity: U256,
    },
}

impl From<rlp::Error> for Error {
    fn from(error: rlp::Error) -> Self {
        Self::Rlp(error)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Rlp(error) => error.fmt(f),
            Error::Empty { at } => write!(f, "byte {at}: expected a transaction, found nothing"),
            Error::UnknownType { at, byte } => write!(
                f,
                "byte {at}: transaction type 0x{byte:02x} is unknown: expected 0x01 to 0x04, or a list for a legacy \
                 transaction"
            ),
            Error::InString { at } => write!(
                f,
                "byte {at}: a transaction is not in an RLP string when it is by itself: leave out the string's head"
            ),
            Error::BlobSidecar { at } => write!(
                f,
                "byte {at}: a blob transaction with its blobs, commitments and proofs: give only the first item of \
                 this list behind the type byte"
            ),
            Error::NoReceiver { at, tx_type } => {
                write!(f, "byte {at}: to: a transaction of type {} can't create a contract", *tx_type as u8)
            }
            Error::SignatureV { at, v } => {
                write!(f, "byte {at}: v: expected 27, 28, or 35 and above (EIP-155), found {v}")
            }
            Error::ChainId { at, v } => write!(f, "byte {at}: v: names a chain over 2^64 - 1: {v}"),
            Error::YParity { at, parity } => write!(f, "byte {at}: yParity: expected 0 or 1, found {parity}"),
        }
    }
}

impl std::error::Error for Error {}
