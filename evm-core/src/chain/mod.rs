//! A chain as data: its id, when which fork begins, and what it does otherwise than the forks say.
#![doc = include_str!("format.md")]

mod blobs;
mod change;
mod fields;
mod genesis;
mod json;
mod names;
mod networks;
mod presets;
mod schedule;
#[cfg(test)]
mod tests;

pub use blobs::BlobParameters;
pub use change::{Change, OpcodeChange, Prices, Since};
pub use genesis::Genesis;
pub use networks::NetworkError;
pub use presets::PRESETS;
pub use schedule::{Activation, Position, Schedule};

use crate::fork::Fork;
use crate::rules::Rules;
use crate::{Address, U256};

/// Deposit contract of the main network (EIP-6110).
pub const DEPOSIT_CONTRACT: Address = Address(hex_literal(b"00000000219ab540356cbb839cbe05303d7705fa"));

/// EIP-1559's parameters.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BaseFeeRules {
    /// Gas limit over the gas at which the fee stays. Not zero.
    pub elasticity: u64,
    /// A block's fee differs from its parent's by at most this part. Not zero.
    pub denominator: u64,
    /// Wei a unit of gas in the first block that has a base fee.
    pub initial: U256,
}

impl Default for BaseFeeRules {
    fn default() -> Self {
        Self { elasticity: 2, denominator: 8, initial: U256::from(1_000_000_000) }
    }
}

/// A chain: which rules hold at which of its blocks.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ChainConfig {
    /// For people.
    pub name: String,
    /// EIP-155's.
    pub chain_id: u64,
    /// When forks begin.
    pub schedule: Schedule,
    /// EIP-779: the DAO fork, where the schedule has it, moves the ether. False: the chain is one of those that refused.
    pub dao_support: bool,
    /// Ethash's rules of difficulty hold before proof of stake. False where blocks are sealed otherwise (Clique): then
    /// any difficulty does.
    pub ethash: bool,
    /// Whose logs are deposits (EIP-6110).
    pub deposit_contract: Address,
    /// Seconds from a block to the next, where they are fixed.
    pub slot_seconds: u64,
    /// EIP-1559's parameters, before any change.
    pub base_fee: BaseFeeRules,
    /// EIP-7840: blob parameters by the fork they begin with. If there are none, the main network's hold.
    pub blobs: Vec<(Fork, BlobParameters)>,
    /// What else differs, in the order of application.
    pub changes: Vec<Change>,
}

impl ChainConfig {
    /// The chain on which `fork` holds from genesis on, with chain id 1.
    pub fn of_fork(fork: Fork) -> Self {
        Self::with_schedule(names::name(fork), Schedule::from_genesis(fork))
    }

    fn with_schedule(name: &str, schedule: Schedule) -> Self {
        Self {
            name: name.into(),
            chain_id: 1,
            schedule,
            dao_support: true,
            ethash: true,
            deposit_contract: DEPOSIT_CONTRACT,
            slot_seconds: 12,
            base_fee: BaseFeeRules::default(),
            blobs: Vec::new(),
            changes: Vec::new(),
        }
    }

    /// Makes these the blob parameters of every fork that has blobs.
    pub fn set_blobs(&mut self, parameters: BlobParameters) {
        self.blobs = vec![(Fork::Cancun, parameters)];
        for change in &mut self.changes {
            change.blobs = None;
        }
    }

    /// The fork in force. Of forks that begin together the latest counts.
    pub fn fork_at(&self, position: &Position) -> Fork {
        self.schedule.fork_at(position)
    }

    /// The rules in force.
    pub fn rules_at(&self, position: &Position) -> Rules {
        let fork = self.fork_at(position);
        let mut rules = Rules::of(fork);
        rules.chain_id = self.chain_id;
        if let (Some(blobs), Some(own)) = (&mut rules.blobs, self.blobs_of(fork)) {
            own.apply(blobs);
        }
        for change in self.changes_at(position, fork) {
            change.apply(&mut rules);
        }
        rules
    }

    /// EIP-1559's parameters in force.
    pub fn base_fee_at(&self, position: &Position) -> &BaseFeeRules {
        let changes = self.changes_at(position, self.fork_at(position));
        changes.filter_map(|change| change.base_fee.as_ref()).last().unwrap_or(&self.base_fee)
    }

    /// Mnemonic of an opcode where this chain calls it something else.
    pub fn mnemonic_at(&self, position: &Position, byte: u8) -> Option<&str> {
        let names = self.changes_at(position, self.fork_at(position)).flat_map(|change| &change.opcodes);
        names
            .filter_map(|opcode| match opcode {
                OpcodeChange::Rename(of, name) if *of == byte => Some(name.as_str()),
                _ => None,
            })
            .last()
    }

    /// Whether extra data must be (true) or must not be (false) `dao-hard-fork`, in the ten blocks from the DAO fork on
    /// (EIP-779).
    pub fn dao_extra_data(&self, number: u64) -> Option<bool> {
        let first = self.dao_block()?;
        (number >= first && number - first < 10).then_some(self.dao_support)
    }

    /// True in the block at whose beginning the DAO's ether moves (EIP-779).
    pub fn is_dao_block(&self, number: u64) -> bool {
        self.dao_support && self.dao_block() == Some(number)
    }

    fn dao_block(&self) -> Option<u64> {
        match self.schedule.activation(Fork::DaoFork) {
            // A chain that has the fork from genesis on is one where it never happened.
            Some(Activation::Block(first)) if *first > 0 => Some(*first),
            _ => None,
        }
    }

    /// This chain's own blob parameters at `fork`: those of the last fork up to it that has some.
    fn blobs_of(&self, fork: Fork) -> Option<&BlobParameters> {
        let given = self.blobs.iter().filter(|(since, _)| *since <= fork);
        given.max_by_key(|(since, _)| *since).map(|(_, blobs)| blobs)
    }

    fn changes_at<'c, 'p>(
        &'c self,
        position: &'p Position,
        fork: Fork,
    ) -> impl Iterator<Item = &'c Change> + use<'c, 'p> {
        self.changes.iter().filter(move |change| change.since.is_reached(position, fork))
    }
}

/// Bytes of an address's 40 hexadecimal digits.
pub(crate) const fn hex_literal(digits: &[u8; 40]) -> [u8; 20] {
    let mut bytes = [0; 20];
    let mut i = 0;
    while i < 40 {
        let nibble = match digits[i] {
            digit @ b'0'..=b'9' => digit - b'0',
            digit @ b'a'..=b'f' => digit - b'a' + 10,
            _ => panic!("not a hexadecimal digit"),
        };
        bytes[i / 2] = bytes[i / 2] << 4 | nibble;
        i += 1;
    }
    bytes
}
