//! Code of an account, with its hash.

use crate::keccak::{self, keccak256};
use crate::{Address, H256};
use std::sync::{Arc, OnceLock};

/// Byte code that never changes, and its KECCAK-256, computed when it is first asked for.
#[derive(Clone, Default)]
pub struct Code {
    bytes: Box<[u8]>,
    hash: OnceLock<H256>,
}

impl Code {
    /// Code of these bytes.
    pub fn new(bytes: impl Into<Box<[u8]>>) -> Arc<Self> {
        Arc::new(Self { bytes: bytes.into(), hash: OnceLock::new() })
    }

    /// The bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// KECCAK-256 of the bytes.
    pub fn hash(&self) -> H256 {
        *self.hash.get_or_init(|| if self.bytes.is_empty() { keccak::EMPTY } else { keccak256(&self.bytes) })
    }

    /// True for the code of an account without code.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// EIP-7702: the account whose code runs instead, if this is a delegation designator (EF0100 and an address).
    pub fn delegation(&self) -> Option<Address> {
        let target = self.bytes.strip_prefix(&[0xEF, 0x01, 0x00])?;
        (target.len() == 20).then(|| Address::from_slice(target))
    }

    /// EIP-7702: the designator that delegates to `target`.
    pub fn delegating_to(target: Address) -> Arc<Self> {
        Self::new([&[0xEF, 0x01, 0x00], target.as_bytes()].concat())
    }
}

impl PartialEq for Code {
    fn eq(&self, other: &Self) -> bool {
        self.bytes == other.bytes
    }
}

impl Eq for Code {}

impl std::fmt::Debug for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "0x{}", hex::encode(&self.bytes))
    }
}
