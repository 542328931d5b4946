//! The networks of Ethereum's test suites: a fork, or two with the place where the second begins.

use super::{Activation, ChainConfig, Change, Schedule, Since, blobs};
use crate::U256;
use crate::fork::Fork;
use std::fmt::{self, Display, Formatter};

/// A name of a network that is none.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NetworkError(String);

impl Display for NetworkError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "no network \"{}\": write a fork, such as \"Cancun\", or two, such as \"BerlinToLondonAt5\", \
             \"ShanghaiToCancunAtTime15k\" or \"ArrowGlacierToParisAtDiffC0000\"",
            self.0
        )
    }
}

impl std::error::Error for NetworkError {}

impl ChainConfig {
    /// The chain of this name in the test suites: a fork from genesis on, or `XToYAtN` (block N), `XToYAtTimeN` (time
    /// stamp N; a trailing `k` means thousands), `XToYAtDiffN` (terminal total difficulty N, hexadecimal).
    pub fn of_network(name: &str) -> Result<Self, NetworkError> {
        let network = match Stage::by_name(name) {
            Some(stage) => Some(stage.chain(name)),
            None => transition(name),
        };
        network.ok_or_else(|| NetworkError(name.chars().take(64).collect()))
    }
}

/// A fork, or a change of blob parameters after the last one that is named as a fork.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd)]
struct Stage {
    fork: Fork,
    bpo: u8,
}

impl Stage {
    fn by_name(name: &str) -> Option<Self> {
        let bpo = match name.to_ascii_lowercase().as_str() {
            "bpo3" => 3,
            "bpo4" => 4,
            _ => return Some(Self { fork: Fork::by_name(name)?, bpo: 0 }),
        };
        Some(Self { fork: Fork::Bpo2, bpo })
    }

    fn chain(self, name: &str) -> ChainConfig {
        let mut chain = ChainConfig::with_schedule(name, Schedule::from_genesis(self.fork));
        chain.changes.extend(self.change(Since::Genesis));
        chain
    }

    fn change(self, since: Since) -> Option<Change> {
        let blobs = blobs::later(self.bpo)?;
        Some(Change { blobs: Some(blobs), ..Change::new(format!("bpo{}", self.bpo), since) })
    }
}

fn transition(name: &str) -> Option<ChainConfig> {
    let (forks, at) = name.split_once("At")?;
    let (first, second) = forks.split_once("To")?;
    let (first, second) = (Stage::by_name(first)?, Stage::by_name(second)?);
    if first >= second {
        return None;
    }
    let then = if let Some(time) = at.strip_prefix("Time") {
        Activation::Timestamp(decimal(time)?)
    } else if let Some(difficulty) = at.strip_prefix("Diff") {
        let digits = difficulty.strip_prefix("0x").unwrap_or(difficulty);
        Activation::TotalDifficulty {
            terminal: U256::from(u64::from_str_radix(digits, 16).ok()?),
            block: None,
        }
    } else {
        Activation::Block(decimal(at)?)
    };
    let mut chain = first.chain(name);
    chain.schedule = Schedule::two(first.fork, second.fork, then.clone());
    chain.changes.extend(second.change(Since::Activation(then)));
    Some(chain)
}

fn decimal(text: &str) -> Option<u64> {
    match text.strip_suffix('k') {
        Some(thousands) => thousands.parse::<u64>().ok()?.checked_mul(1_000),
        None => text.parse().ok(),
    }
}
