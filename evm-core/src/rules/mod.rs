//! What a fork is: data. Rules, prices and opcodes that a chain configuration can vary; nothing else in the engine
//! asks which fork it runs.

mod forks;
mod gas;

pub use gas::{Gas, Sstore, StateGas, TxParts};

use crate::fork::Fork;
use crate::opcode::OPCODES;
use crate::precompiles::Precompile;
use crate::transaction::TxType;
use crate::{Address, U256};

/// An opcode as a fork has it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct OpRule {
    /// False: executing it is an exceptional halt.
    pub defined: bool,
    /// Constant part of its gas.
    pub gas: u16,
    /// Words it takes from the stack; see [`crate::opcode::Opcode::inputs`].
    pub inputs: u8,
    /// Words it puts there.
    pub outputs: u8,
}

/// EIP-4844's market for blob gas, as EIP-7840 schedules it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct BlobRules {
    /// Blobs a block at which the price stays.
    pub target: u64,
    /// Blobs a block, at most.
    pub max: u64,
    /// How fast the price changes: baseFeeUpdateFraction.
    pub update_fraction: u64,
    /// EIP-7594: blobs a transaction, at most.
    pub max_per_tx: Option<u64>,
    /// EIP-7918: the price of a blob is at least that of this much execution gas over [`GAS_PER_BLOB`].
    pub base_cost: Option<u64>,
}

/// Blob gas of one blob.
pub const GAS_PER_BLOB: u64 = 1 << 17;

/// How the costs of MODEXP are computed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ModExpPrice {
    /// EIP-198.
    Byzantium,
    /// EIP-2565.
    Berlin,
    /// EIP-7883, with EIP-7823's bound of 1024 bytes an operand.
    Osaka,
}

/// The rules in force at a block of a chain.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rules {
    /// The fork they began as. For names and messages only.
    pub fork: Fork,
    /// EIP-155, and the CHAINID opcode.
    pub chain_id: u64,
    /// Prices.
    pub gas: Gas,
    /// Opcodes by byte.
    pub opcodes: [OpRule; 256],
    /// Precompiled contracts, in the order of addresses.
    pub precompiles: Vec<(Address, Precompile)>,
    /// Price of MODEXP.
    pub modexp: ModExpPrice,
    /// The highest type of transaction there is.
    pub tx_types: TxType,
    /// EIP-2: a transaction's s is in the lower half, and a creation that can't pay for its code fails (before it left
    /// an account without code).
    pub homestead: bool,
    /// EIP-150: a call may take all but one 64th of the gas, rather than fail when it asks for more than there is.
    pub keep_64th: bool,
    /// EIP-155: signatures may name the chain.
    pub replay_protection: bool,
    /// EIP-161: a touched empty account goes; a contract starts with nonce 1; only value makes a new account cost.
    pub state_clearing: bool,
    /// EIP-170: bytes of a contract's code, at most.
    pub max_code_size: Option<usize>,
    /// EIP-658: a receipt has a status rather than a state root.
    pub receipt_status: bool,
    /// EIP-100: ommers of the parent raise the difficulty.
    pub ommer_difficulty: bool,
    /// EIP-2929: what a transaction touches first costs more.
    pub access_costs: bool,
    /// EIP-1559: blocks have a base fee, which is burnt.
    pub base_fee: bool,
    /// EIP-3541: no new code begins with EF.
    pub reject_ef_code: bool,
    /// EIP-3607: a sender has no code.
    pub reject_code_senders: bool,
    /// EIP-3675, 4399: blocks have no difficulty and no reward.
    pub proof_of_stake: bool,
    /// EIP-3651: the beneficiary starts warm.
    pub warm_coinbase: bool,
    /// EIP-3860: bytes of init code, at most.
    pub max_initcode_size: Option<usize>,
    /// EIP-4895: blocks have withdrawals.
    pub withdrawals: bool,
    /// EIP-4788: the parent beacon block's root is kept by a system contract.
    pub beacon_root: bool,
    /// EIP-4844.
    pub blobs: Option<BlobRules>,
    /// EIP-6780: SELFDESTRUCT deletes only what the same transaction created.
    pub selfdestruct_same_tx: bool,
    /// EIP-7702: an account can delegate to another's code.
    pub delegation: bool,
    /// EIP-2935: block hashes are kept by a system contract.
    pub history_contract: bool,
    /// EIP-7685, 6110, 7002, 7251: blocks have requests to the consensus layer.
    pub requests: bool,
    /// EIP-7825: gas limit of a transaction, at most; with EIP-8037 only the part of it that pays for execution.
    pub tx_gas_cap: Option<u64>,
    /// EIP-7934: bytes of a block's RLP, at most.
    pub max_block_size: Option<usize>,
    /// Wei that a block's beneficiary gets for it; an ommer's and its includer's share derive from it.
    pub block_reward: U256,
    /// Blocks by which the difficulty bomb is delayed (EIP-649, 1234, 2384, 3554, 4345, 5133).
    pub bomb_delay: u64,
    /// EIP-7708: ether that moves leaves a log.
    pub transfer_logs: bool,
    /// EIP-8246: what SELFDESTRUCT deletes keeps its balance.
    pub keep_destroyed_balance: bool,
    /// EIP-7778: refunds do not lessen the gas that a block uses.
    pub gas_before_refunds: bool,
    /// EIP-7928: a block's header has the hash of a list of all that the block accesses and changes.
    pub block_access_lists: bool,
    /// EIP-7843: a block's header has its slot.
    pub slot_numbers: bool,
}

impl Rules {
    /// The rules of `fork` on the main network, chain 1.
    pub fn of(fork: Fork) -> Self {
        forks::rules(fork)
    }

    /// The opcodes that `fork` has.
    pub fn opcodes_of(fork: Fork) -> [OpRule; 256] {
        std::array::from_fn(|byte| match OPCODES[byte] {
            // INVALID is named, but it is no instruction.
            Some(op) if op.since <= fork && op.byte != 0xFE => {
                OpRule { defined: true, gas: op.base_gas_in(fork), inputs: op.inputs, outputs: op.outputs }
            }
            _ => OpRule::default(),
        })
    }

    /// The precompiled contract at `address`.
    pub fn precompile(&self, address: &Address) -> Option<Precompile> {
        // Most addresses are no precompile's, and that is seen by their first half.
        if address.0[..16] != [0; 16]
            && self.precompiles.last().is_none_or(|(last, _)| last.0[..16] == [0; 16])
        {
            return None;
        }
        let found = self.precompiles.binary_search_by(|(at, _)| at.cmp(address)).ok()?;
        Some(self.precompiles[found].1)
    }
}
