//! Transactions of all types (EIP-2718): legacy, 2930, 1559, 4844, 7702.

mod codec;
mod contract;
mod error;
mod json;
mod signature;

#[cfg(test)]
pub(crate) mod tests;

pub(crate) use codec::envelope;
pub use contract::{create_address, create2_address};
pub use error::Error;
pub use json::Given;
pub use signature::SenderError;

use crate::{Address, H256, U256};

/// Type of a transaction; the number is EIP-2718's type byte.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
#[repr(u8)]
pub enum TxType {
    /// Without a type byte.
    #[default]
    Legacy = 0,
    /// EIP-2930.
    AccessList = 1,
    /// EIP-1559.
    DynamicFee = 2,
    /// EIP-4844.
    Blob = 3,
    /// EIP-7702.
    SetCode = 4,
}

/// Entry of an access list: an account and keys of its storage that start warm.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct AccessListItem {
    /// The account.
    pub address: Address,
    /// Keys; 32 bytes each on the wire.
    pub storage_keys: Vec<U256>,
}

/// ECDSA signature over secp256k1. Values out of range can be held: they are refused when the signer is recovered.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Signature {
    /// Parity of R's y coordinate.
    pub odd_y: bool,
    /// x coordinate of R.
    pub r: U256,
    /// The proof.
    pub s: U256,
}

/// EIP-7702: an account's word that it takes another's code.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Authorization {
    /// Chain it is for; 0 for any.
    pub chain_id: U256,
    /// Whose code.
    pub address: Address,
    /// Nonce that the account must have.
    pub nonce: u64,
    /// As on the wire, because a value over 1 makes the authorization void, not the transaction.
    pub y_parity: U256,
    /// x coordinate of R.
    pub r: U256,
    /// The proof.
    pub s: U256,
}

/// A transaction, T in the Yellow Paper (4.2).
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Transaction {
    /// Which of the fields below count.
    pub tx_type: TxType,
    /// EIP-155; always there but in a legacy transaction.
    pub chain_id: Option<u64>,
    /// The sender's nonce.
    pub nonce: u64,
    /// Wei a unit of gas: gasPrice of types 0 and 1 (then [`Self::max_priority_fee`] is the same), maxFeePerGas.
    pub max_fee: U256,
    /// Wei a unit of gas, at most, for the beneficiary.
    pub max_priority_fee: U256,
    /// Units of gas, at most.
    pub gas_limit: u64,
    /// Receiver of the message; none to create a contract.
    pub to: Option<Address>,
    /// Wei.
    pub value: U256,
    /// Input of the message, or the creation's init code.
    pub data: Vec<u8>,
    /// Types 1 to 4.
    pub access_list: Vec<AccessListItem>,
    /// Type 3: wei a unit of blob gas, at most.
    pub max_blob_fee: U256,
    /// Type 3: versioned hashes.
    pub blob_hashes: Vec<H256>,
    /// Type 4.
    pub authorizations: Vec<Authorization>,
    /// Nothing where the sender is given beside the transaction.
    pub signature: Option<Signature>,
}
