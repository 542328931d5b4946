//! Why a block is refused.

use crate::execution::Rejected;
use crate::transaction::SenderError;
use crate::{Address, H256, U256};
use std::fmt::{self, Display, Formatter};

/// Why a block cannot follow on its chain. Nothing of it happens.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum BlockError {
    /// Its parent is not known.
    UnknownParent(H256),
    /// Its parent hash is not the hash of its parent.
    ParentHash,
    /// Its number is not its parent's and one.
    Number {
        /// The block's.
        found: u64,
        /// The parent's.
        parent: u64,
    },
    /// It is not later than its parent.
    Timestamp {
        /// The block's, seconds since 1970.
        found: u64,
        /// The parent's.
        parent: u64,
    },
    /// Its gas limit is out of bounds.
    GasLimit {
        /// The block's.
        found: u64,
        /// The parent's.
        parent: u64,
    },
    /// It says that it used more gas than its limit.
    GasUsedOverLimit,
    /// Its extra data has more than 32 bytes.
    ExtraData(usize),
    /// Its extra data is, or is not, that of the DAO fork (EIP-779).
    DaoExtraData,
    /// Its difficulty does not follow from its parent's.
    Difficulty {
        /// The block's.
        found: U256,
        /// What follows; nothing if that is over 2^256.
        expected: Option<U256>,
    },
    /// Its nonce is not zero, though it needs no proof of work (EIP-3675).
    Nonce,
    /// Its base fee does not follow from its parent's.
    BaseFee {
        /// The block's.
        found: U256,
        /// What follows.
        expected: U256,
    },
    /// Its excess blob gas does not follow from its parent's.
    ExcessBlobGas {
        /// The block's.
        found: u64,
        /// What follows.
        expected: u64,
    },
    /// It says that it used more blob gas than its limit.
    BlobGasOverLimit(u64),
    /// Its fork demands a field that it lacks.
    MissingField(&'static str),
    /// It has a field that its fork does not.
    UnexpectedField(&'static str),
    /// Its RLP is too long (EIP-7934).
    Size {
        /// Bytes.
        found: usize,
        /// Bytes, at most.
        most: usize,
    },
    /// It has more ommers than two, or any with proof of stake.
    TooManyOmmers(usize),
    /// One of its ommers is wrong.
    Ommer {
        /// Which.
        index: usize,
        /// Why.
        problem: OmmerProblem,
    },
    /// A hash, a root or a filter in its header is not what its contents give.
    Commitment {
        /// The header's field.
        field: &'static str,
        /// What the header says (the hash of it, if longer).
        found: H256,
        /// What the contents give.
        expected: H256,
    },
    /// It says that it used other gas than its transactions did.
    GasUsed {
        /// The block's.
        found: u64,
        /// The transactions'.
        expected: u64,
    },
    /// It says that it used other blob gas than its transactions did.
    BlobGasUsed {
        /// The block's.
        found: u64,
        /// The transactions'.
        expected: u64,
    },
    /// Its access list has more accounts and slots than its gas limit allows (EIP-7928).
    AccessListSize {
        /// Accounts and slots.
        items: u64,
        /// Of these, at most.
        most: u64,
    },
    /// The access list that came with it is not of what it accessed and changed (EIP-7928): what differs first.
    AccessList(String),
    /// A transaction has no sender.
    Sender {
        /// Which.
        index: usize,
        /// Why.
        error: SenderError,
    },
    /// A transaction is refused.
    Transaction {
        /// Which.
        index: usize,
        /// Why.
        error: Rejected,
    },
    /// A system contract that the fork needs is not there.
    SystemContractMissing(Address),
    /// A system contract failed.
    SystemContractFailed(Address),
    /// The deposit contract logged something that is laid out as no deposit (EIP-6110).
    DepositEvent,
    /// The module with the cryptography is not loaded: load it and begin again.
    NeedsCrypto,
}

/// What is wrong with an ommer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum OmmerProblem {
    /// The block has it twice.
    Twice,
    /// It is an ancestor.
    Ancestor,
    /// It is an ommer of an ancestor.
    InChain,
    /// It is a sibling of the block.
    Sibling,
    /// Its parent is not among the last seven ancestors.
    UnknownParent,
    /// Its header is wrong.
    Header(Box<BlockError>),
}

impl BlockError {
    /// Name in the exception lists of the execution-spec tests, `BlockException` or `TransactionException`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::UnknownParent(_) | Self::ParentHash => "UNKNOWN_PARENT",
            Self::Number { .. } => "INVALID_BLOCK_NUMBER",
            Self::Timestamp { .. } => "INVALID_BLOCK_TIMESTAMP_OLDER_THAN_PARENT",
            Self::GasLimit { .. } => "INVALID_GASLIMIT",
            Self::GasUsedOverLimit => "INVALID_GAS_USED_ABOVE_LIMIT",
            Self::ExtraData(_) => "EXTRA_DATA_TOO_BIG",
            Self::DaoExtraData => "EXTRA_DATA_INVALID_DAO",
            Self::Difficulty { .. } => "INVALID_DIFFICULTY",
            Self::Nonce | Self::MissingField(_) | Self::UnexpectedField(_) => "INCORRECT_BLOCK_FORMAT",
            Self::BaseFee { .. } => "INVALID_BASEFEE_PER_GAS",
            Self::ExcessBlobGas { .. } => "INCORRECT_EXCESS_BLOB_GAS",
            Self::BlobGasOverLimit(_) => "BLOB_GAS_USED_ABOVE_LIMIT",
            Self::Size { .. } => "RLP_BLOCK_LIMIT_EXCEEDED",
            Self::TooManyOmmers(_) => "TOO_MANY_UNCLES",
            Self::Ommer { problem, .. } => problem.name(),
            Self::Commitment { field, .. } => match *field {
                "ommersHash" => "INVALID_UNCLES_HASH",
                "stateRoot" => "INVALID_STATE_ROOT",
                "transactionsRoot" => "INVALID_TRANSACTIONS_ROOT",
                "receiptsRoot" => "INVALID_RECEIPTS_ROOT",
                "logsBloom" => "INVALID_LOG_BLOOM",
                "withdrawalsRoot" => "INVALID_WITHDRAWALS_ROOT",
                "requestsHash" => "INVALID_REQUESTS",
                "blockAccessListHash" => "INVALID_BAL_HASH",
                _ => "INCORRECT_BLOCK_FORMAT",
            },
            Self::GasUsed { .. } => "INVALID_GAS_USED",
            Self::BlobGasUsed { .. } => "INCORRECT_BLOB_GAS_USED",
            Self::AccessListSize { .. } => "BLOCK_ACCESS_LIST_GAS_LIMIT_EXCEEDED",
            Self::AccessList(_) => "INVALID_BLOCK_ACCESS_LIST",
            Self::Sender { error: SenderError::WrongChain { .. }, .. } => "INVALID_CHAINID",
            Self::Sender { .. } => "INVALID_SIGNATURE_VRS",
            Self::Transaction { error, .. } => error.name(),
            Self::SystemContractMissing(_) => "SYSTEM_CONTRACT_EMPTY",
            Self::SystemContractFailed(_) => "SYSTEM_CONTRACT_CALL_FAILED",
            Self::DepositEvent => "INVALID_DEPOSIT_EVENT_LAYOUT",
            Self::NeedsCrypto => "NEEDS_CRYPTO",
        }
    }
}

impl OmmerProblem {
    fn name(&self) -> &'static str {
        match self {
            Self::Twice | Self::InChain => "UNCLE_IN_CHAIN",
            Self::Ancestor => "UNCLE_IS_ANCESTOR",
            Self::Sibling => "UNCLE_IS_BROTHER",
            Self::UnknownParent => "UNCLE_UNKNOWN_PARENT",
            Self::Header(error) => error.name(),
        }
    }
}

impl Display for BlockError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownParent(hash) => write!(f, "parent {hash:#x} is not known: import it first"),
            Self::ParentHash => f.write_str("parentHash is not the hash of the parent's header"),
            Self::Number { found, parent } => {
                write!(f, "number is {found}, but its parent's is {parent}: it must be one more")
            }
            Self::Timestamp { found, parent } => {
                write!(f, "timestamp is {found}, but its parent's is {parent}: it must be later")
            }
            Self::GasLimit { found, parent } => write!(
                f,
                "gasLimit is {found}, but its parent's is {parent}: it may differ by less than a 1024th and must be \
                 5000 at least"
            ),
            Self::GasUsedOverLimit => f.write_str("gasUsed is over gasLimit"),
            Self::ExtraData(len) => write!(f, "extraData has {len} bytes, at most 32 are allowed"),
            Self::DaoExtraData => f.write_str(
                "extraData must be \"dao-hard-fork\" in the ten blocks from the DAO fork on, and must not be on a \
                 chain that refused it",
            ),
            Self::Difficulty { found, expected: Some(expected) } => {
                write!(f, "difficulty is {found}, but {expected} follows from the parent")
            }
            Self::Difficulty { found, expected: None } => {
                write!(f, "difficulty is {found}, but one over 2^256 follows from the parent")
            }
            Self::Nonce => f.write_str("nonce must be zero with proof of stake"),
            Self::BaseFee { found, expected } => {
                write!(f, "baseFeePerGas is {found}, but {expected} follows from the parent")
            }
            Self::ExcessBlobGas { found, expected } => {
                write!(f, "excessBlobGas is {found}, but {expected} follows from the parent")
            }
            Self::BlobGasOverLimit(most) => write!(f, "blobGasUsed is over the fork's {most}"),
            Self::MissingField(field) => write!(f, "the fork demands {field}: add it"),
            Self::UnexpectedField(field) => write!(f, "the fork has no {field}: remove it, or choose a later fork"),
            Self::Size { found, most } => write!(f, "the block has {found} bytes, at most {most} are allowed"),
            Self::TooManyOmmers(count) => {
                write!(f, "{count} ommers: at most two are allowed, and none with proof of stake")
            }
            Self::Ommer { index, problem } => write!(f, "ommer {index} {problem}"),
            Self::Commitment { field, found, expected } => {
                write!(f, "{field} is {found:#x}, but the block gives {expected:#x}")
            }
            Self::GasUsed { found, expected } => write!(f, "gasUsed is {found}, but it used {expected}"),
            Self::BlobGasUsed { found, expected } => write!(f, "blobGasUsed is {found}, but it used {expected}"),
            Self::AccessListSize { items, most } => {
                write!(f, "the block access list has {items} accounts and slots, at most {most} are allowed")
            }
            Self::AccessList(difference) => write!(f, "the block access list is wrong: {difference}"),
            Self::Sender { index, error } => write!(f, "transaction {index}: {error}"),
            Self::Transaction { index, error } => write!(f, "transaction {index}: {error}"),
            Self::SystemContractMissing(address) => {
                write!(f, "the fork's system contract {address:#x} is not there: put its code into genesis")
            }
            Self::SystemContractFailed(address) => write!(f, "the system contract {address:#x} failed"),
            Self::DepositEvent => f.write_str("the deposit contract logged an event that is laid out as no deposit"),
            Self::NeedsCrypto => {
                f.write_str("the module with the elliptic curves is not loaded: load it, try again")
            }
        }
    }
}

impl Display for OmmerProblem {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Twice => f.write_str("is in the block twice"),
            Self::Ancestor => f.write_str("is an ancestor of the block"),
            Self::InChain => f.write_str("is an ommer of an ancestor already"),
            Self::Sibling => f.write_str("has the block's own parent: it is no ommer"),
            Self::UnknownParent => f.write_str("has no parent among the last seven ancestors"),
            Self::Header(error) => write!(f, "is no valid block: {error}"),
        }
    }
}

impl std::error::Error for BlockError {}
