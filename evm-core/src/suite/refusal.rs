//! Why a transaction of a test is not executed.

use crate::execution::Rejected;
use crate::transaction::{self, SenderError};
use std::fmt::{self, Display, Formatter};

/// Why a transaction of a test is not executed.
#[derive(Clone, Debug, PartialEq)]
pub enum Refusal {
    /// A field is too large to be encoded.
    TooLarge(&'static str),
    /// Its bytes are no transaction.
    Bytes(transaction::Error),
    /// It has no sender.
    Sender(SenderError),
    /// The engine refused it.
    Rejected(Rejected),
}

impl Refusal {
    /// A name, that of the execution-spec tests where they have one.
    pub fn name(&self) -> &'static str {
        match self {
            Refusal::TooLarge("nonce") => "NONCE_OVERFLOW",
            Refusal::TooLarge("gasLimit") => "GASLIMIT_OVERFLOW",
            Refusal::TooLarge("value") => "VALUE_OVERFLOW",
            Refusal::TooLarge("gasPrice") => "GASPRICE_OVERFLOW",
            Refusal::TooLarge("maxPriorityFeePerGas") => "PRIORITY_OVERFLOW",
            Refusal::TooLarge(_) => "OVERFLOW",
            Refusal::Bytes(_) => "RLP_INVALID_DATA",
            Refusal::Sender(SenderError::WrongChain { .. }) => "INVALID_CHAINID",
            Refusal::Sender(_) => "INVALID_SIGNATURE_VRS",
            Refusal::Rejected(rejected) => rejected.name(),
        }
    }
}

impl Display for Refusal {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::TooLarge(field) => write!(f, "{field} is too large for a transaction: lower it"),
            Refusal::Bytes(error) => error.fmt(f),
            Refusal::Sender(error) => error.fmt(f),
            Refusal::Rejected(rejected) => rejected.fmt(f),
        }
    }
}
