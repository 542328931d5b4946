//! The Glassbox EVM: the state transition function of the Yellow Paper as amended by the EIPs, under every fork.
//!
//! Deterministic and without I/O: what runs is a function of a [`state::World`], a [`block::BlockEnv`], a
//! [`transaction::Transaction`] and the [`rules::Rules`] of a fork.

pub mod asm;
pub mod block;
pub mod chain;
pub mod disasm;
pub mod ethash;
pub mod execution;
pub mod fork;
pub mod inspector;
mod instructions;
pub mod interpreter;
pub mod json;
pub mod keccak;
pub mod opcode;
pub mod precompiles;
pub mod rlp;
pub mod rules;
pub mod run;
pub mod state;
pub mod suite;
pub mod t8n;
pub mod trace;
pub mod transaction;
pub mod trie;
pub mod word;

pub use primitive_types::{H160 as Address, H256, U256};
