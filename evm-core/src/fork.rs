//! The protocol upgrades of Ethereum, in the order in which they came.

/// An upgrade of the protocol, named as in the execution specifications (EELS). Later ones compare greater.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[repr(u8)]
pub enum Fork {
    /// The launch.
    Frontier,
    /// EIP-2, 7 (DELEGATECALL), 8.
    Homestead,
    /// The irregular state change after The DAO; no change to the EVM.
    DaoFork,
    /// EIP-150: input and output of state priced anew.
    TangerineWhistle,
    /// EIP-155, 160, 161, 170.
    SpuriousDragon,
    /// EIP-140 (REVERT), 211 (RETURNDATA), 214 (STATICCALL), precompiles.
    Byzantium,
    /// EIP-145 (shifts), 1014 (CREATE2), 1052 (EXTCODEHASH), 1283.
    Constantinople,
    /// Constantinople without EIP-1283; on the main network both came at once.
    Petersburg,
    /// EIP-1344 (CHAINID), 1884 (SELFBALANCE, prices), 2200.
    Istanbul,
    /// Difficulty bomb only.
    MuirGlacier,
    /// EIP-2929: warm and cold access; 2930.
    Berlin,
    /// EIP-1559, 3198 (BASEFEE), 3529, 3541.
    London,
    /// Difficulty bomb only.
    ArrowGlacier,
    /// Difficulty bomb only.
    GrayGlacier,
    /// Proof of stake; EIP-4399 (PREVRANDAO).
    Paris,
    /// EIP-3651, 3855 (PUSH0), 3860, 4895.
    Shanghai,
    /// EIP-1153 (TLOAD, TSTORE), 4844 (BLOBHASH), 5656 (MCOPY), 6780, 7516 (BLOBBASEFEE).
    Cancun,
    /// EIP-2537, 7623, 7702.
    Prague,
    /// EIP-7823, 7825, 7883, 7939 (CLZ), 7951.
    Osaka,
    /// Blob parameters only (EIP-7892): target 10, at most 15 blobs a block.
    Bpo1,
    /// Blob parameters only: target 14, at most 21 blobs a block. The main network today.
    Bpo2,
    /// Experimental: EIP-8024, 7843, 8037, 8038, 2780, 7976, 7981, 7954, 7708, 8246, 7778, 7928.
    Amsterdam,
}

impl Fork {
    /// All forks, oldest first.
    pub const ALL: [Fork; 22] = [
        Fork::Frontier,
        Fork::Homestead,
        Fork::DaoFork,
        Fork::TangerineWhistle,
        Fork::SpuriousDragon,
        Fork::Byzantium,
        Fork::Constantinople,
        Fork::Petersburg,
        Fork::Istanbul,
        Fork::MuirGlacier,
        Fork::Berlin,
        Fork::London,
        Fork::ArrowGlacier,
        Fork::GrayGlacier,
        Fork::Paris,
        Fork::Shanghai,
        Fork::Cancun,
        Fork::Prague,
        Fork::Osaka,
        Fork::Bpo1,
        Fork::Bpo2,
        Fork::Amsterdam,
    ];

    /// The main network today, and what is taken where nobody chose.
    pub const LATEST: Fork = Fork::Bpo2;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forks_are_in_order() {
        assert!(Fork::ALL.is_sorted());
        assert!(Fork::ALL.contains(&Fork::LATEST));
    }
}
