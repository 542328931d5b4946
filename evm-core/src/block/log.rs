//! Logs.

use crate::{Address, H256};

/// A log entry, O in the Yellow Paper (4.3.1).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Log {
    /// Account that logged.
    pub address: Address,
    /// At most four.
    pub topics: Vec<H256>,
    /// Any bytes.
    pub data: Vec<u8>,
}
