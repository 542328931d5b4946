//! Looking in: traces in the formats of other tools, statistics, explanations, and a debugger that goes backwards.
//! Everything here is an [`Inspector`](crate::inspector::Inspector) or made of one; the engine does not know of it.

pub mod call;
pub mod debugger;
pub mod eip3155;
pub mod error;
pub mod explain;
pub mod gas;
pub mod prestate;
pub mod stats;
pub mod struct_log;

#[cfg(test)]
mod tests;

use crate::fork::Fork;
use crate::opcode::OPCODES;
use crate::{Address, H256, U256, word};

/// A number as JSON-RPC writes quantities: `0x1f`.
pub(crate) fn quantity(value: impl Into<U256>) -> String {
    format!("{:#x}", value.into())
}

/// Bytes as `0x0102`.
pub(crate) fn data(bytes: &[u8]) -> String {
    format!("0x{}", hex::encode(bytes))
}

/// An address in lower case.
pub(crate) fn account(address: &Address) -> String {
    data(&address.0)
}

/// 32 bytes as `0x` and 64 digits.
pub(crate) fn digest(hash: &H256) -> String {
    data(&hash.0)
}

/// A word as `0x` and 64 digits.
pub(crate) fn full_word(value: U256) -> String {
    data(&word::to_be_bytes(value))
}

/// Mnemonic of a byte, whether or not `fork` has it; nothing if no fork has.
pub(crate) fn mnemonic(byte: u8, fork: Fork) -> Option<&'static str> {
    OPCODES[usize::from(byte)].map(|opcode| opcode.mnemonic_in(fork))
}

/// Geth's name of a byte. It has kept DIFFICULTY for 0x44.
pub(crate) fn geth_name(byte: u8) -> String {
    match OPCODES[usize::from(byte)] {
        Some(_) if byte == 0x44 => "DIFFICULTY".into(),
        Some(opcode) => opcode.mnemonic.into(),
        None => format!("opcode {byte:#x} not defined"),
    }
}
