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

/// When a fork takes effect.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Activation {
    /// From this block number on.
    Block(u64),
    /// From the first block with this time stamp (seconds since 1970) on.
    Timestamp(u64),
    /// Not planned yet.
    Never,
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

    /// First block, or time, on the main network.
    pub const fn mainnet(self) -> Activation {
        match self {
            Fork::Frontier => Activation::Block(0),
            Fork::Homestead => Activation::Block(1_150_000),
            Fork::DaoFork => Activation::Block(1_920_000),
            Fork::TangerineWhistle => Activation::Block(2_463_000),
            Fork::SpuriousDragon => Activation::Block(2_675_000),
            Fork::Byzantium => Activation::Block(4_370_000),
            Fork::Constantinople | Fork::Petersburg => Activation::Block(7_280_000),
            Fork::Istanbul => Activation::Block(9_069_000),
            Fork::MuirGlacier => Activation::Block(9_200_000),
            Fork::Berlin => Activation::Block(12_244_000),
            Fork::London => Activation::Block(12_965_000),
            Fork::ArrowGlacier => Activation::Block(13_773_000),
            Fork::GrayGlacier => Activation::Block(15_050_000),
            Fork::Paris => Activation::Block(15_537_394),
            Fork::Shanghai => Activation::Timestamp(1_681_338_455),
            Fork::Cancun => Activation::Timestamp(1_710_338_135),
            Fork::Prague => Activation::Timestamp(1_746_612_311),
            Fork::Osaka => Activation::Timestamp(1_764_798_551),
            Fork::Bpo1 => Activation::Timestamp(1_765_290_071),
            Fork::Bpo2 => Activation::Timestamp(1_767_747_671),
            Fork::Amsterdam => Activation::Never,
        }
    }

    /// The fork in force at a block of the main network. Of forks that start together the latest counts.
    pub fn at_mainnet(block: u64, timestamp: u64) -> Fork {
        let started = |fork: &Fork| match fork.mainnet() {
            Activation::Block(first) => block >= first,
            Activation::Timestamp(first) => timestamp >= first,
            Activation::Never => false,
        };
        Fork::ALL.into_iter().rev().find(started).unwrap_or(Fork::Frontier)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forks_are_in_order() {
        assert!(Fork::ALL.is_sorted());
        assert!(Fork::ALL.contains(&Fork::LATEST));
    }

    /// Since the Beacon chain's genesis (time 1606824023) a slot lasts 12 s and an epoch 32 slots.
    #[test]
    fn forks_of_proof_of_stake_start_at_their_epochs() {
        for (fork, epoch) in [
            (Fork::Shanghai, 194_048),
            (Fork::Cancun, 269_568),
            (Fork::Prague, 364_032),
            (Fork::Osaka, 411_392),
            (Fork::Bpo1, 412_672),
            (Fork::Bpo2, 419_072),
        ] {
            assert_eq!(fork.mainnet(), Activation::Timestamp(1_606_824_023 + epoch * 32 * 12));
        }
    }

    #[test]
    fn blocks_of_the_main_network_have_their_forks() {
        assert_eq!(Fork::at_mainnet(0, 1_438_269_973), Fork::Frontier);
        assert_eq!(Fork::at_mainnet(1_149_999, 1_457_981_342), Fork::Frontier);
        assert_eq!(Fork::at_mainnet(1_150_000, 1_457_981_393), Fork::Homestead);
        assert_eq!(Fork::at_mainnet(7_280_000, 1_551_383_524), Fork::Petersburg);
        assert_eq!(Fork::at_mainnet(12_965_000, 1_628_166_822), Fork::London);
        assert_eq!(Fork::at_mainnet(17_034_869, 1_681_338_443), Fork::Paris);
        assert_eq!(Fork::at_mainnet(17_034_870, 1_681_338_455), Fork::Shanghai);
        assert_eq!(Fork::at_mainnet(u64::MAX, u64::MAX), Fork::LATEST);
    }
}
