//! Why a transaction cannot be part of a block.

use crate::{Address, U256};

/// Why a transaction is refused: nothing of it happens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rejected {
    /// The fork has no transactions of this type (0 to 4).
    TypeNotSupported(u8),
    /// It is for another chain.
    WrongChain {
        /// The chain it names.
        named: u64,
        /// The chain that executes.
        chain: u64,
    },
    /// Its gas limit is over what the block has left.
    OverBlockGasLimit {
        /// The transaction's.
        limit: u64,
        /// The block's.
        block: u64,
    },
    /// EIP-7825.
    OverGasCap {
        /// The transaction's.
        limit: u64,
        /// The fork's.
        cap: u64,
    },
    /// Its gas limit is below what it costs before anything executes.
    IntrinsicGas {
        /// The transaction's.
        limit: u64,
        /// What it takes.
        needed: u64,
    },
    /// EIP-7623: its gas limit is below the least that its data costs.
    FloorGas {
        /// The transaction's.
        limit: u64,
        /// What it takes.
        needed: u64,
    },
    /// Its greatest fee is below the base fee.
    FeeBelowBase {
        /// The transaction's, wei a unit.
        fee: U256,
        /// The block's.
        base: U256,
    },
    /// Its priority fee is over its greatest fee.
    PriorityOverFee,
    /// The nonce was used already.
    NonceTooLow {
        /// The transaction's.
        nonce: u64,
        /// The account's.
        account: u64,
    },
    /// Nonces before it were not used.
    NonceTooHigh {
        /// The transaction's.
        nonce: u64,
        /// The account's.
        account: u64,
    },
    /// The account has no nonces left.
    NonceIsMax,
    /// EIP-3607: the sender is a contract.
    SenderHasCode(Address),
    /// Greatest fee and value together are over 2^256.
    FeeOverflow,
    /// The sender can't pay fee and value.
    InsufficientFunds {
        /// Wei needed.
        needed: U256,
        /// Wei there.
        balance: U256,
    },
    /// EIP-3860.
    InitcodeTooLarge {
        /// Bytes.
        len: usize,
        /// Bytes, at most.
        most: usize,
    },
    /// A blob transaction without blobs.
    NoBlobs,
    /// More blobs than a block, or a transaction, may have.
    TooManyBlobs {
        /// Blobs.
        blobs: u64,
        /// Blobs, at most.
        most: u64,
    },
    /// A versioned hash does not begin with 01.
    BlobVersion(u8),
    /// Its greatest blob fee is below the block's.
    BlobFeeTooLow {
        /// The transaction's, wei a unit.
        fee: U256,
        /// The block's.
        base: U256,
    },
    /// A blob or set-code transaction that creates.
    MustNotCreate(u8),
    /// EIP-7702: no authorizations.
    NoAuthorizations,
    /// The module with the cryptography is not loaded: load it and begin again.
    NeedsCrypto,
}

impl Rejected {
    /// Name in the exception lists of the execution-spec tests.
    pub fn name(&self) -> &'static str {
        match self {
            Rejected::TypeNotSupported(1) => "TYPE_1_TX_PRE_FORK",
            Rejected::TypeNotSupported(2) => "TYPE_2_TX_PRE_FORK",
            Rejected::TypeNotSupported(3) => "TYPE_3_TX_PRE_FORK",
            Rejected::TypeNotSupported(_) => "TYPE_4_TX_PRE_FORK",
            Rejected::WrongChain { .. } => "INVALID_CHAINID",
            Rejected::OverBlockGasLimit { .. } => "GAS_ALLOWANCE_EXCEEDED",
            Rejected::OverGasCap { .. } => "GAS_LIMIT_EXCEEDS_MAXIMUM",
            Rejected::IntrinsicGas { .. } => "INTRINSIC_GAS_TOO_LOW",
            Rejected::FloorGas { .. } => "INTRINSIC_GAS_BELOW_FLOOR_GAS_COST",
            Rejected::FeeBelowBase { .. } => "INSUFFICIENT_MAX_FEE_PER_GAS",
            Rejected::PriorityOverFee => "PRIORITY_GREATER_THAN_MAX_FEE_PER_GAS",
            Rejected::NonceTooLow { .. } => "NONCE_MISMATCH_TOO_LOW",
            Rejected::NonceTooHigh { .. } => "NONCE_MISMATCH_TOO_HIGH",
            Rejected::NonceIsMax => "NONCE_IS_MAX",
            Rejected::SenderHasCode(_) => "SENDER_NOT_EOA",
            Rejected::FeeOverflow => "GASLIMIT_PRICE_PRODUCT_OVERFLOW",
            Rejected::InsufficientFunds { .. } => "INSUFFICIENT_ACCOUNT_FUNDS",
            Rejected::InitcodeTooLarge { .. } => "INITCODE_SIZE_EXCEEDED",
            Rejected::NoBlobs => "TYPE_3_TX_ZERO_BLOBS",
            Rejected::TooManyBlobs { .. } => "TYPE_3_TX_BLOB_COUNT_EXCEEDED",
            Rejected::BlobVersion(_) => "TYPE_3_TX_INVALID_BLOB_VERSIONED_HASH",
            Rejected::BlobFeeTooLow { .. } => "INSUFFICIENT_MAX_FEE_PER_BLOB_GAS",
            Rejected::MustNotCreate(3) => "TYPE_3_TX_CONTRACT_CREATION",
            Rejected::MustNotCreate(_) => "TYPE_4_TX_CONTRACT_CREATION",
            Rejected::NoAuthorizations => "TYPE_4_EMPTY_AUTHORIZATION_LIST",
            Rejected::NeedsCrypto => "NEEDS_CRYPTO",
        }
    }
}

impl std::fmt::Display for Rejected {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Rejected::TypeNotSupported(kind) => {
                write!(f, "transactions of type {kind} do not exist in this fork: choose a later fork")
            }
            Rejected::WrongChain { named, chain } => {
                write!(f, "chainId is {named}, but this is chain {chain}: sign it for this chain")
            }
            Rejected::OverBlockGasLimit { limit, block } => {
                write!(f, "gas limit {limit} is over the {block} that the block has left: lower it")
            }
            Rejected::OverGasCap { limit, cap } => {
                write!(f, "gas limit {limit} is over this fork's {cap} a transaction: lower it")
            }
            Rejected::IntrinsicGas { limit, needed } => {
                write!(
                    f,
                    "gas limit {limit} is below the {needed} that it costs before it executes: raise it"
                )
            }
            Rejected::FloorGas { limit, needed } => {
                write!(f, "gas limit {limit} is below the {needed} that its data costs at least: raise it")
            }
            Rejected::FeeBelowBase { fee, base } => {
                write!(
                    f,
                    "it pays at most {fee} wei a unit of gas, but the base fee is {base}: raise maxFeePerGas"
                )
            }
            Rejected::PriorityOverFee => f.write_str("maxPriorityFeePerGas is over maxFeePerGas: lower it"),
            Rejected::NonceTooLow { nonce, account } | Rejected::NonceTooHigh { nonce, account } => {
                write!(f, "nonce is {nonce}, but the sender's next is {account}: use that")
            }
            Rejected::NonceIsMax => f.write_str("the sender's nonce is 2^64-1: it can send nothing more"),
            Rejected::SenderHasCode(address) => {
                write!(f, "sender {address:?} is a contract: only an account without code can send")
            }
            Rejected::FeeOverflow => f.write_str("gas limit times fee is over 2^256: lower the fee"),
            Rejected::InsufficientFunds { needed, balance } => {
                write!(f, "fee and value are up to {needed} wei, but the sender has {balance}: lower them")
            }
            Rejected::InitcodeTooLarge { len, most } => {
                write!(f, "init code has {len} bytes, at most {most} are allowed: split the contract")
            }
            Rejected::NoBlobs => f.write_str("a blob transaction needs at least one versioned hash"),
            Rejected::TooManyBlobs { blobs, most } => write!(f, "{blobs} blobs, at most {most} are allowed"),
            Rejected::BlobVersion(version) => {
                write!(f, "a versioned hash begins with {version:#04x}, only 0x01 is defined")
            }
            Rejected::BlobFeeTooLow { fee, base } => {
                write!(
                    f,
                    "it pays at most {fee} wei a unit of blob gas, but the price is {base}: raise maxFeePerBlobGas"
                )
            }
            Rejected::MustNotCreate(kind) => {
                write!(f, "a transaction of type {kind} cannot create a contract: give it a receiver")
            }
            Rejected::NoAuthorizations => {
                f.write_str("a set-code transaction needs at least one authorization")
            }
            Rejected::NeedsCrypto => {
                f.write_str("the module with the elliptic curves is not loaded: load it, try again")
            }
        }
    }
}

impl std::error::Error for Rejected {}
