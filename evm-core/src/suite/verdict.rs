//! What became of a case.

use super::{Difference, Refusal, Refused};
use crate::H256;
use crate::chain::NetworkError;
use crate::interpreter::Halt;
use crate::json::JsonError;
use crate::transaction::{self, SenderError};
use std::fmt::{self, Display, Formatter};

/// A case and what became of it.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// Its name in the file.
    pub case: String,
    /// The fork or network, as the test calls it; empty where it has none.
    pub fork: String,
    /// Which of the case's entries: `data`, `gas` and `value` of a state test.
    pub index: String,
    /// Why it failed; nothing if it passed.
    pub failure: Option<Failure>,
}

impl Verdict {
    pub(super) fn failed(case: &str, failure: Failure) -> Self {
        Self { case: case.into(), fork: String::new(), index: String::new(), failure: Some(failure) }
    }
}

impl Display for Verdict {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.case)?;
        for part in [&self.fork, &self.index] {
            if !part.is_empty() {
                write!(f, ", {part}")?;
            }
        }
        match &self.failure {
            None => f.write_str(": passed"),
            Some(failure) => write!(f, ": {failure}"),
        }
    }
}

/// Why a case failed.
#[derive(Clone, Debug)]
pub enum Failure {
    /// The test makes no sense.
    Malformed(JsonError),
    /// It is for a fork that nobody knows.
    Network(NetworkError),
    /// Its transaction was not executed but should have been; with what differs then.
    Refused(Refusal, Option<Difference>),
    /// Its transaction, or block, should have been refused.
    NotRefused {
        /// Why it should have been.
        expected: String,
    },
    /// It was refused for another reason than the test's.
    RefusedOtherwise {
        /// The test's.
        expected: String,
        /// The reason.
        found: Refusal,
    },
    /// The state afterwards.
    State {
        /// The first difference.
        difference: Difference,
        /// How execution ended, where it began.
        halt: Option<Halt>,
    },
    /// The state's root, where the test has no state to compare, or one of another root.
    Root {
        /// The test's.
        expected: H256,
        /// Ours.
        found: H256,
        /// How execution ended, where it began.
        halt: Option<Halt>,
    },
    /// The hash of the logs.
    Logs {
        /// The test's.
        expected: H256,
        /// Ours.
        found: H256,
        /// Our logs, shortened.
        logs: String,
    },
    /// The bytes of the transaction can't be read.
    Bytes(transaction::Error),
    /// The bytes are another transaction than the test's fields.
    OtherBytes {
        /// The field that differs.
        field: &'static str,
    },
    /// The signature's signer is not the test's sender.
    Sender(Result<crate::Address, SenderError>),
    /// VM test: gas left.
    Gas {
        /// The test's.
        expected: u64,
        /// Ours.
        found: u64,
    },
    /// VM test: the output.
    Output {
        /// The test's.
        expected: Vec<u8>,
        /// Ours.
        found: Vec<u8>,
    },
    /// VM test: how execution ended.
    Ended {
        /// Whether it should have failed.
        should_fail: bool,
        /// How it ended.
        halt: Halt,
    },
    /// VM test: a call or creation.
    Call {
        /// Which.
        index: usize,
        /// The test's; empty if there should be none.
        expected: String,
        /// Ours; empty if there is none.
        found: String,
    },
    /// The genesis block of a block test.
    Genesis(Refused),
    /// A valid block was refused.
    BlockRefused {
        /// Which, from 0.
        index: usize,
        /// Why.
        error: Refused,
        /// Where the state differs, if the test has the state after this block.
        difference: Option<Difference>,
    },
    /// An invalid block was taken.
    BlockNotRefused {
        /// Which, from 0.
        index: usize,
        /// Why it should have been refused.
        expected: String,
    },
    /// A block has another hash than the test says.
    BlockHash {
        /// Which, from 0.
        index: usize,
        /// The test's.
        expected: H256,
        /// Ours.
        found: H256,
    },
    /// Another block than the test's is the head.
    Head {
        /// The test's: hash, and number if it is a block that was taken.
        expected: (H256, Option<u64>),
        /// Ours.
        found: (H256, u64),
    },
    /// A state test's transaction in a block of its own does something else, though it passes by itself.
    AsBlock {
        /// What.
        problem: String,
    },
    /// A transaction's or block's processing needs cryptography that is not loaded.
    NeedsCrypto,
}

impl Display for Failure {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let ending = |halt: &Option<Halt>| halt.map_or(String::new(), |halt| format!(" (execution: {halt})"));
        match self {
            Failure::Malformed(error) => write!(f, "malformed test: {error}"),
            Failure::Network(error) => write!(f, "{error}"),
            Failure::Refused(refusal, difference) => {
                write!(f, "error: refused, though it is valid: {refusal}")?;
                difference.as_ref().map_or(Ok(()), |difference| write!(f, "; {difference}"))
            }
            Failure::NotRefused { expected } => write!(f, "error: accepted, but expected {expected}"),
            Failure::RefusedOtherwise { expected, found } => {
                write!(f, "error: expected {expected}, found {}: {found}", found.name())
            }
            Failure::State { difference, halt } => write!(f, "{difference}{}", ending(halt)),
            Failure::Root { expected, found, halt } => {
                write!(f, "state root: expected {expected:#x}, found {found:#x}{}", ending(halt))
            }
            Failure::Logs { expected, found, logs } => {
                write!(f, "hash of the logs: expected {expected:#x}, found {found:#x} of {logs}")
            }
            Failure::Bytes(error) => write!(f, "txbytes: {error}"),
            Failure::OtherBytes { field } => {
                write!(f, "txbytes: {field} differs from the test's transaction")
            }
            Failure::Sender(Ok(signer)) => {
                write!(f, "txbytes: signed by {signer:#x}, not by the test's sender")
            }
            Failure::Sender(Err(error)) => write!(f, "txbytes: {error}"),
            Failure::Gas { expected, found } => write!(f, "gas left: expected {expected}, found {found}"),
            Failure::Output { expected, found } => {
                write!(f, "output: expected 0x{}, found 0x{}", hex::encode(expected), hex::encode(found))
            }
            Failure::Ended { should_fail: true, halt } => {
                write!(f, "error: execution should have failed: {halt}")
            }
            Failure::Ended { should_fail: false, halt } => write!(f, "error: {halt}"),
            Failure::Call { index, expected, found } => {
                let show = |text: &str| if text.is_empty() { "none".to_owned() } else { text.to_owned() };
                write!(f, "call {index}: expected {}, found {}", show(expected), show(found))
            }
            Failure::Genesis(error) => write!(f, "error: genesis block: {error}"),
            Failure::BlockRefused { index, error, difference } => {
                write!(f, "error: block {index} is refused, though it is valid: {error}")?;
                difference.as_ref().map_or(Ok(()), |difference| write!(f, "; {difference}"))
            }
            Failure::BlockNotRefused { index, expected } => {
                write!(f, "error: block {index} is taken, but expected {expected}")
            }
            Failure::BlockHash { index, expected, found } => {
                write!(f, "hash of block {index}: expected {expected:#x}, found {found:#x}")
            }
            Failure::Head { expected: (expected, number), found: (found, height) } => {
                let number = number.map_or("not taken".into(), |number| format!("number {number}"));
                write!(f, "head: expected {expected:#x} ({number}), found {found:#x} (number {height})")
            }
            Failure::AsBlock { problem } => write!(f, "in a block of its own: {problem}"),
            Failure::NeedsCrypto => f.write_str("error: it needs cryptography that is not loaded: load it"),
        }
    }
}
