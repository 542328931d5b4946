//! Blob parameters of chains (EIP-7840, 7892).

use crate::rules::BlobRules;

/// What a chain can say about blobs fork by fork.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct BlobParameters {
    /// Blobs a block at which the price stays; not over [`Self::max`].
    pub target: u64,
    /// Blobs a block, at most. With 0 there can be no blob, but blocks have the fields for them.
    pub max: u64,
    /// How fast the price changes. Not zero.
    pub update_fraction: u64,
}

impl BlobParameters {
    /// Puts these into the rules of a fork.
    pub(super) fn apply(&self, rules: &mut BlobRules) {
        (rules.target, rules.max, rules.update_fraction) = (self.target, self.max, self.update_fraction);
    }
}

/// Parameters of BPO3 and BPO4, as execution clients have them before a date is set; of other numbers there are none.
pub(super) const fn later(bpo: u8) -> Option<BlobParameters> {
    match bpo {
        3 => Some(BlobParameters { target: 21, max: 32, update_fraction: 20_609_697 }),
        4 => Some(BlobParameters { target: 14, max: 21, update_fraction: 13_739_630 }),
        _ => None,
    }
}
