//! What a chain does otherwise than its forks say.

use super::{Activation, BaseFeeRules, BlobParameters, Position};
use crate::fork::Fork;
use crate::opcode::OPCODES;
use crate::precompiles::Precompile;
use crate::rules::{OpRule, Rules};
use crate::{Address, U256};

/// From when on a change holds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Since {
    /// Always.
    Genesis,
    /// From this fork on.
    Fork(Fork),
    /// From a block or time on.
    Activation(Activation),
}

impl Since {
    pub(super) fn is_reached(&self, position: &Position, fork: Fork) -> bool {
        match self {
            Self::Genesis => true,
            Self::Fork(first) => fork >= *first,
            Self::Activation(first) => first.is_reached(position),
        }
    }
}

/// A change of one opcode.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum OpcodeChange {
    /// Defines it before its fork.
    Add(u8),
    /// Makes executing it an exceptional halt.
    Remove(u8),
    /// Sets the constant part of its gas.
    Gas(u8, u16),
    /// Gives it a name. What it does stays.
    Rename(u8, String),
}

/// Prices that a fork has all or none of.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Prices {
    /// There are none.
    None,
    /// There are, and these have other values. Where the fork has none, all others are nothing.
    Some(Vec<(&'static str, u64)>),
}

impl Prices {
    fn apply<T: Default>(
        &self,
        prices: &mut Option<T>,
        field: impl for<'a> Fn(&'a mut T, &str) -> Option<&'a mut u64>,
    ) {
        let Self::Some(changed) = self else {
            *prices = None;
            return;
        };
        let prices = prices.get_or_insert_default();
        for (name, price) in changed {
            if let Some(field) = field(prices, name) {
                *field = *price;
            }
        }
    }
}

/// What changes from some block on. All that is not given stays.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Change {
    /// For people.
    pub name: String,
    /// When it begins.
    pub since: Since,
    /// Opcodes.
    pub opcodes: Vec<OpcodeChange>,
    /// Precompiled contracts: what is at an address, or that nothing is.
    pub precompiles: Vec<(Address, Option<Precompile>)>,
    /// Prices by the names in [`super::fields`].
    pub gas: Vec<(&'static str, u64)>,
    /// EIP-8037: prices of what grows the state, by the names in [`super::fields`].
    pub state_gas: Option<Prices>,
    /// EIP-2780: prices of a transaction's parts, by the names in [`super::fields`].
    pub tx_parts: Option<Prices>,
    /// Rules that hold or not, by the names in [`super::fields`].
    pub features: Vec<(&'static str, bool)>,
    /// Limits by the names in [`super::fields`]; nothing for none.
    pub limits: Vec<(&'static str, Option<u64>)>,
    /// Wei for a block, before proof of stake.
    pub block_reward: Option<U256>,
    /// Blob parameters.
    pub blobs: Option<BlobParameters>,
    /// EIP-1559's parameters.
    pub base_fee: Option<BaseFeeRules>,
}

impl Change {
    /// A change of nothing.
    pub fn new(name: impl Into<String>, since: Since) -> Self {
        Self {
            name: name.into(),
            since,
            opcodes: Vec::new(),
            precompiles: Vec::new(),
            gas: Vec::new(),
            state_gas: None,
            tx_parts: None,
            features: Vec::new(),
            limits: Vec::new(),
            block_reward: None,
            blobs: None,
            base_fee: None,
        }
    }

    /// Changes the rules. Names that [`super::fields`] does not know change nothing.
    pub(super) fn apply(&self, rules: &mut Rules) {
        for opcode in &self.opcodes {
            opcode.apply(rules);
        }
        for (address, which) in &self.precompiles {
            set_precompile(&mut rules.precompiles, *address, *which);
        }
        for (name, price) in &self.gas {
            if let Some(field) = super::fields::gas(&mut rules.gas, name) {
                *field = *price;
            }
        }
        if let Some(prices) = &self.state_gas {
            prices.apply(&mut rules.gas.state, super::fields::state_gas);
        }
        if let Some(prices) = &self.tx_parts {
            prices.apply(&mut rules.gas.tx_parts, super::fields::tx_parts);
        }
        for (name, holds) in &self.features {
            if let Some(field) = super::fields::feature(rules, name) {
                *field = *holds;
            }
        }
        for (name, limit) in &self.limits {
            super::fields::set_limit(rules, name, *limit);
        }
        if let Some(reward) = self.block_reward {
            rules.block_reward = reward;
        }
        if let (Some(own), Some(blobs)) = (&self.blobs, &mut rules.blobs) {
            own.apply(blobs);
        }
    }
}

impl OpcodeChange {
    fn apply(&self, rules: &mut Rules) {
        match self {
            Self::Add(byte) => {
                let byte = usize::from(*byte);
                if let (Some(opcode), false) = (OPCODES[byte], rules.opcodes[byte].defined) {
                    rules.opcodes[byte] = Rules::opcodes_of(opcode.since.max(rules.fork))[byte];
                }
            }
            Self::Remove(byte) => rules.opcodes[usize::from(*byte)] = OpRule::default(),
            Self::Gas(byte, gas) => rules.opcodes[usize::from(*byte)].gas = *gas,
            Self::Rename(..) => {}
        }
    }
}

/// Puts `which` at `address`; the list stays in the order of addresses.
fn set_precompile(list: &mut Vec<(Address, Precompile)>, address: Address, which: Option<Precompile>) {
    match (list.binary_search_by(|(at, _)| at.cmp(&address)), which) {
        (Ok(found), Some(which)) => list[found].1 = which,
        (Ok(found), None) => drop(list.remove(found)),
        (Err(place), Some(which)) => list.insert(place, (address, which)),
        (Err(_), None) => {}
    }
}
