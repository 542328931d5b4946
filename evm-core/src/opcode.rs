//! The table of opcodes: Yellow Paper appendix H.2, and the EIPs since.

pub mod deep_stack;
pub mod operands;

use crate::fork::Fork;

/// One opcode.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Opcode {
    /// The byte in the code.
    pub byte: u8,
    /// Today's mnemonic; see [`Opcode::mnemonic_in`].
    pub mnemonic: &'static str,
    /// Words taken from the stack. DUP and SWAP count all the words they need; what DUPN, SWAPN and EXCHANGE need
    /// depends on their immediate, see [`deep_stack::stack_use`].
    pub inputs: u8,
    /// Words put on the stack. DUP and SWAP count the words they leave where they were.
    pub outputs: u8,
    /// Bytes of data that follow in the code. DUPN, SWAPN and EXCHANGE have theirs only where it is a valid one, see
    /// [`Opcode::immediate_before`].
    pub immediate: u8,
    /// Constant part of the gas cost in the fork that introduced the opcode; what depends on operands, memory, state
    /// or access lists comes on top. 0 for SSTORE, whose whole cost depends on state. See [`Opcode::base_gas_in`].
    pub base_gas: u16,
    /// First fork that has the opcode.
    pub since: Fork,
}

const fn op(byte: u8, mnemonic: &'static str, inputs: u8, outputs: u8, base_gas: u16, since: Fork) -> Opcode {
    Opcode { byte, mnemonic, inputs, outputs, immediate: 0, base_gas, since }
}

const fn op_with_immediate(byte: u8, mnemonic: &'static str, outputs: u8, since: Fork) -> Opcode {
    Opcode { byte, mnemonic, inputs: 0, outputs, immediate: 1, base_gas: 3, since }
}

use Fork::{
    Amsterdam, Berlin, Byzantium, Cancun, Constantinople, Frontier, Homestead, Istanbul, London, Osaka,
    Shanghai,
};
use Fork::{Paris, TangerineWhistle};

/// All opcodes but PUSH1-PUSH32, DUP, SWAP and LOG: byte, mnemonic, inputs, outputs, base gas, first fork.
const SINGLE: &[Opcode] = &[
    op(0x00, "STOP", 0, 0, 0, Frontier),
    op(0x01, "ADD", 2, 1, 3, Frontier),
    op(0x02, "MUL", 2, 1, 5, Frontier),
    op(0x03, "SUB", 2, 1, 3, Frontier),
    op(0x04, "DIV", 2, 1, 5, Frontier),
    op(0x05, "SDIV", 2, 1, 5, Frontier),
    op(0x06, "MOD", 2, 1, 5, Frontier),
    op(0x07, "SMOD", 2, 1, 5, Frontier),
    op(0x08, "ADDMOD", 3, 1, 8, Frontier),
    op(0x09, "MULMOD", 3, 1, 8, Frontier),
    op(0x0A, "EXP", 2, 1, 10, Frontier),
    op(0x0B, "SIGNEXTEND", 2, 1, 5, Frontier),
    op(0x10, "LT", 2, 1, 3, Frontier),
    op(0x11, "GT", 2, 1, 3, Frontier),
    op(0x12, "SLT", 2, 1, 3, Frontier),
    op(0x13, "SGT", 2, 1, 3, Frontier),
    op(0x14, "EQ", 2, 1, 3, Frontier),
    op(0x15, "ISZERO", 1, 1, 3, Frontier),
    op(0x16, "AND", 2, 1, 3, Frontier),
    op(0x17, "OR", 2, 1, 3, Frontier),
    op(0x18, "XOR", 2, 1, 3, Frontier),
    op(0x19, "NOT", 1, 1, 3, Frontier),
    op(0x1A, "BYTE", 2, 1, 3, Frontier),
    op(0x1B, "SHL", 2, 1, 3, Constantinople),
    op(0x1C, "SHR", 2, 1, 3, Constantinople),
    op(0x1D, "SAR", 2, 1, 3, Constantinople),
    op(0x1E, "CLZ", 1, 1, 5, Osaka),
    op(0x20, "KECCAK256", 2, 1, 30, Frontier),
    op(0x30, "ADDRESS", 0, 1, 2, Frontier),
    op(0x31, "BALANCE", 1, 1, 20, Frontier),
    op(0x32, "ORIGIN", 0, 1, 2, Frontier),
    op(0x33, "CALLER", 0, 1, 2, Frontier),
    op(0x34, "CALLVALUE", 0, 1, 2, Frontier),
    op(0x35, "CALLDATALOAD", 1, 1, 3, Frontier),
    op(0x36, "CALLDATASIZE", 0, 1, 2, Frontier),
    op(0x37, "CALLDATACOPY", 3, 0, 3, Frontier),
    op(0x38, "CODESIZE", 0, 1, 2, Frontier),
    op(0x39, "CODECOPY", 3, 0, 3, Frontier),
    op(0x3A, "GASPRICE", 0, 1, 2, Frontier),
    op(0x3B, "EXTCODESIZE", 1, 1, 20, Frontier),
    op(0x3C, "EXTCODECOPY", 4, 0, 20, Frontier),
    op(0x3D, "RETURNDATASIZE", 0, 1, 2, Byzantium),
    op(0x3E, "RETURNDATACOPY", 3, 0, 3, Byzantium),
    op(0x3F, "EXTCODEHASH", 1, 1, 400, Constantinople),
    op(0x40, "BLOCKHASH", 1, 1, 20, Frontier),
    op(0x41, "COINBASE", 0, 1, 2, Frontier),
    op(0x42, "TIMESTAMP", 0, 1, 2, Frontier),
    op(0x43, "NUMBER", 0, 1, 2, Frontier),
    op(0x44, "PREVRANDAO", 0, 1, 2, Frontier),
    op(0x45, "GASLIMIT", 0, 1, 2, Frontier),
    op(0x46, "CHAINID", 0, 1, 2, Istanbul),
    op(0x47, "SELFBALANCE", 0, 1, 5, Istanbul),
    op(0x48, "BASEFEE", 0, 1, 2, London),
    op(0x49, "BLOBHASH", 1, 1, 3, Cancun),
    op(0x4A, "BLOBBASEFEE", 0, 1, 2, Cancun),
    op(0x4B, "SLOTNUM", 0, 1, 2, Amsterdam),
    op(0x50, "POP", 1, 0, 2, Frontier),
    op(0x51, "MLOAD", 1, 1, 3, Frontier),
    op(0x52, "MSTORE", 2, 0, 3, Frontier),
    op(0x53, "MSTORE8", 2, 0, 3, Frontier),
    op(0x54, "SLOAD", 1, 1, 50, Frontier),
    op(0x55, "SSTORE", 2, 0, 0, Frontier),
    op(0x56, "JUMP", 1, 0, 8, Frontier),
    op(0x57, "JUMPI", 2, 0, 10, Frontier),
    op(0x58, "PC", 0, 1, 2, Frontier),
    op(0x59, "MSIZE", 0, 1, 2, Frontier),
    op(0x5A, "GAS", 0, 1, 2, Frontier),
    op(0x5B, "JUMPDEST", 0, 0, 1, Frontier),
    op(0x5C, "TLOAD", 1, 1, 100, Cancun),
    op(0x5D, "TSTORE", 2, 0, 100, Cancun),
    op(0x5E, "MCOPY", 3, 0, 3, Cancun),
    op(0x5F, "PUSH0", 0, 1, 2, Shanghai),
    op_with_immediate(deep_stack::DUPN, "DUPN", 1, Amsterdam),
    op_with_immediate(deep_stack::SWAPN, "SWAPN", 0, Amsterdam),
    op_with_immediate(deep_stack::EXCHANGE, "EXCHANGE", 0, Amsterdam),
    op(0xF0, "CREATE", 3, 1, 32000, Frontier),
    op(0xF1, "CALL", 7, 1, 40, Frontier),
    op(0xF2, "CALLCODE", 7, 1, 40, Frontier),
    op(0xF3, "RETURN", 2, 0, 0, Frontier),
    op(0xF4, "DELEGATECALL", 6, 1, 40, Homestead),
    op(0xF5, "CREATE2", 4, 1, 32000, Constantinople),
    op(0xFA, "STATICCALL", 6, 1, 700, Byzantium),
    op(0xFD, "REVERT", 2, 0, 0, Byzantium),
    // Undefined from the start; EIP-141 promises that it stays so.
    op(0xFE, "INVALID", 0, 0, 0, Frontier),
    op(0xFF, "SELFDESTRUCT", 1, 0, 0, Frontier),
];

const PUSH: [&str; 32] = [
    "PUSH1", "PUSH2", "PUSH3", "PUSH4", "PUSH5", "PUSH6", "PUSH7", "PUSH8", "PUSH9", "PUSH10", "PUSH11",
    "PUSH12", "PUSH13", "PUSH14", "PUSH15", "PUSH16", "PUSH17", "PUSH18", "PUSH19", "PUSH20", "PUSH21",
    "PUSH22", "PUSH23", "PUSH24", "PUSH25", "PUSH26", "PUSH27", "PUSH28", "PUSH29", "PUSH30", "PUSH31",
    "PUSH32",
];
const DUP: [&str; 16] = [
    "DUP1", "DUP2", "DUP3", "DUP4", "DUP5", "DUP6", "DUP7", "DUP8", "DUP9", "DUP10", "DUP11", "DUP12",
    "DUP13", "DUP14", "DUP15", "DUP16",
];
const SWAP: [&str; 16] = [
    "SWAP1", "SWAP2", "SWAP3", "SWAP4", "SWAP5", "SWAP6", "SWAP7", "SWAP8", "SWAP9", "SWAP10", "SWAP11",
    "SWAP12", "SWAP13", "SWAP14", "SWAP15", "SWAP16",
];
const LOG: [&str; 5] = ["LOG0", "LOG1", "LOG2", "LOG3", "LOG4"];

/// All opcodes by their byte; nothing where no fork has one.
pub static OPCODES: [Option<Opcode>; 256] = build();

const fn build() -> [Option<Opcode>; 256] {
    let mut table = [None; 256];
    let mut i = 0;
    while i < SINGLE.len() {
        assert!(table[SINGLE[i].byte as usize].is_none(), "opcode given twice");
        table[SINGLE[i].byte as usize] = Some(SINGLE[i]);
        i += 1;
    }
    let mut n = 0;
    while n < 32 {
        let mut push = op(0x60 + n, PUSH[n as usize], 0, 1, 3, Frontier);
        push.immediate = n + 1;
        table[push.byte as usize] = Some(push);
        if n < 16 {
            table[0x80 + n as usize] = Some(op(0x80 + n, DUP[n as usize], n + 1, n + 2, 3, Frontier));
            table[0x90 + n as usize] = Some(op(0x90 + n, SWAP[n as usize], n + 2, n + 2, 3, Frontier));
        }
        if n < 5 {
            let gas = 375 * (1 + n as u16);
            table[0xA0 + n as usize] = Some(op(0xA0 + n, LOG[n as usize], n + 2, 0, gas, Frontier));
        }
        n += 1;
    }
    table
}

/// Changes of base gas after introduction, oldest first: EIP-150, EIP-1884, EIP-2929, since when the base is the
/// warm access and a cold one costs more, and EIP-8038.
const REPRICED: &[(Fork, u8, u16)] = &[
    (TangerineWhistle, 0x31, 400),
    (TangerineWhistle, 0x3B, 700),
    (TangerineWhistle, 0x3C, 700),
    (TangerineWhistle, 0x54, 200),
    (TangerineWhistle, 0xF1, 700),
    (TangerineWhistle, 0xF2, 700),
    (TangerineWhistle, 0xF4, 700),
    (TangerineWhistle, 0xFF, 5000),
    (Istanbul, 0x31, 700),
    (Istanbul, 0x3F, 700),
    (Istanbul, 0x54, 800),
    (Berlin, 0x31, 100),
    (Berlin, 0x3B, 100),
    (Berlin, 0x3C, 100),
    (Berlin, 0x3F, 100),
    (Berlin, 0x54, 100),
    (Berlin, 0xF1, 100),
    (Berlin, 0xF2, 100),
    (Berlin, 0xF4, 100),
    (Berlin, 0xFA, 100),
    (Amsterdam, 0x3B, 200),
    (Amsterdam, 0x3C, 200),
    (Amsterdam, 0xF0, 12_000),
    (Amsterdam, 0xF5, 12_000),
];

impl Opcode {
    /// The opcode with this byte, if `fork` has it.
    pub fn lookup(byte: u8, fork: Fork) -> Option<&'static Opcode> {
        OPCODES[byte as usize].as_ref().filter(|opcode| opcode.since <= fork)
    }

    /// Bytes of data that this opcode has when `next` follows it in the code; past the code's end that is 0. EIP-8024: a
    /// byte that is no valid immediate (JUMPDEST and the PUSHes are none) is the next instruction, so that the same
    /// JUMPDESTs are found as before there were these opcodes.
    pub fn immediate_before(&self, next: u8) -> u8 {
        let invalid = deep_stack::has(self.byte) && deep_stack::stack_use(self.byte, next).is_none();
        if invalid { 0 } else { self.immediate }
    }

    /// Constant part of the gas cost in `fork`; what is said at [`Opcode::base_gas`] holds here too.
    pub fn base_gas_in(&self, fork: Fork) -> u16 {
        let change = REPRICED.iter().rev().find(|(since, byte, _)| *byte == self.byte && *since <= fork);
        change.map_or(self.base_gas, |(_, _, gas)| *gas)
    }

    /// Mnemonic in `fork`: 44 was DIFFICULTY until EIP-4399.
    pub fn mnemonic_in(&self, fork: Fork) -> &'static str {
        if self.byte == 0x44 && fork < Paris { "DIFFICULTY" } else { self.mnemonic }
    }

    /// True if execution does not go on with the next instruction: STOP, JUMP, RETURN, REVERT, INVALID,
    /// SELFDESTRUCT.
    pub fn ends_block(&self) -> bool {
        matches!(self.byte, 0x00 | 0x56 | 0xF3 | 0xFD | 0xFE | 0xFF)
    }
}

#[cfg(test)]
mod tests;
