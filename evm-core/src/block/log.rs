//! Logs: what contracts leave for those outside, and their bloom filter.

use crate::keccak::keccak256;
use crate::rlp::{self, Error, Problem, Reader, Writer};
use crate::{Address, H256};
use std::fmt;

/// A log entry (Yellow Paper 4.3.1).
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Log {
    /// The account that logged.
    pub address: Address,
    /// What to find it by, at most four.
    pub topics: Vec<H256>,
    /// The rest.
    pub data: Vec<u8>,
}

impl Log {
    /// Writes the entry.
    pub fn write(&self, writer: &mut Writer) {
        writer.list(|writer| {
            writer.bytes(self.address.as_bytes());
            writer.list(|writer| self.topics.iter().for_each(|topic| writer.bytes(topic.as_bytes())));
            writer.bytes(&self.data);
        });
    }

    /// Reads an entry.
    pub fn read(reader: &mut Reader<'_>) -> Result<Self, Error> {
        let mut fields = reader.list("log")?;
        let address = fields.address("log address")?;
        let mut list = fields.list("log topics")?;
        let mut topics = Vec::new();
        while !list.is_empty() {
            if topics.len() == MOST_TOPICS {
                return Err(list.error("log topics", Problem::Trailing(list.rest().len())));
            }
            topics.push(list.h256("log topic")?);
        }
        let data = fields.bytes("log data")?.to_vec();
        fields.end("log")?;
        Ok(Self { address, topics, data })
    }
}

/// LOG4 has the most.
const MOST_TOPICS: usize = 4;

/// KECCAK-256 of the RLP of `logs`: what state tests compare.
pub fn logs_hash(logs: &[Log]) -> H256 {
    keccak256(&rlp::list(|writer| logs.iter().for_each(|log| log.write(writer))))
}

/// Bloom filter of 2048 bits over the addresses and topics of logs (equations 29 to 32).
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Bloom(pub [u8; 256]);

impl Bloom {
    /// Filter of all `logs`.
    pub fn of<'a>(logs: impl IntoIterator<Item = &'a Log>) -> Self {
        let mut bloom = Self::default();
        for log in logs {
            bloom.add(log.address.as_bytes());
            log.topics.iter().for_each(|topic| bloom.add(topic.as_bytes()));
        }
        bloom
    }

    /// Adds an address or topic: sets three bits, which the first three pairs of bytes of its hash choose.
    pub fn add(&mut self, item: &[u8]) {
        for bit in Self::bits(item) {
            self.0[255 - bit / 8] |= 1 << (bit % 8);
        }
    }

    /// Whether an address or topic can have been added.
    pub fn may_contain(&self, item: &[u8]) -> bool {
        Self::bits(item).into_iter().all(|bit| self.0[255 - bit / 8] >> (bit % 8) & 1 != 0)
    }

    fn bits(item: &[u8]) -> [usize; 3] {
        let hash = keccak256(item);
        [0, 2, 4].map(|at| usize::from(u16::from_be_bytes([hash[at], hash[at + 1]]) & 0x7FF))
    }

    /// Adds all that is in `other`.
    pub fn merge(&mut self, other: &Self) {
        self.0.iter_mut().zip(other.0).for_each(|(byte, theirs)| *byte |= theirs);
    }
}

impl Default for Bloom {
    fn default() -> Self {
        Self([0; 256])
    }
}

impl fmt::Debug for Bloom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "0x{}", hex::encode(self.0))
    }
}
