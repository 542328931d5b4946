//! Prices in gas (Yellow Paper appendix G, and the EIPs since) beside the constant ones of the opcodes.

/// How SSTORE is paid.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Sstore {
    /// EIP-1283, 2200: what counts is the change since the transaction began. False: each write counts.
    pub net: bool,
    /// EIP-2200: with no more gas left than this SSTORE fails.
    pub sentry: Option<u64>,
    /// A write that changes nothing, or a slot already written to.
    pub noop: u64,
    /// EIP-8038: the price of a cold slot has the warm access in it.
    pub cold_covers_warm: bool,
    /// A zero becomes something.
    pub set: u64,
    /// Something becomes something else or zero.
    pub reset: u64,
    /// Given back where something becomes zero.
    pub clear_refund: u64,
}

/// EIP-2780: what a transaction pays by what it does.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct TxParts {
    /// For a recipient other than the sender.
    pub recipient: u64,
    /// For value that such a recipient gets.
    pub value: u64,
    /// For the first write to the account of an authority.
    pub account_write: u64,
}

/// EIP-8037: prices of what grows the state, apart from those of execution.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct StateGas {
    /// An account.
    pub new_account: u64,
    /// A word of storage.
    pub slot: u64,
    /// Each byte of a contract's code.
    pub code_byte: u64,
    /// EIP-7702: a delegation.
    pub delegation: u64,
}

/// Prices in gas.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Gas {
    /// A word of memory; the square of words over 512 comes on top.
    pub memory_word: u64,
    /// EXP, each byte of the exponent.
    pub exp_byte: u64,
    /// KECCAK256, each word.
    pub keccak_word: u64,
    /// Copies, each word.
    pub copy_word: u64,
    /// LOG, each byte of data.
    pub log_byte: u64,
    /// SSTORE.
    pub sstore: Sstore,
    /// EIP-2929: the first touch of an account costs this altogether.
    pub cold_account: u64,
    /// EIP-2929: the first touch of a storage slot costs this altogether.
    pub cold_slot: u64,
    /// EIP-2929: any later touch.
    pub warm: u64,
    /// A call that transfers value.
    pub call_value: u64,
    /// Gas that a call with value gives the callee for nothing.
    pub call_stipend: u64,
    /// A call that makes an account.
    pub new_account: u64,
    /// SELFDESTRUCT that makes an account.
    pub selfdestruct_new_account: u64,
    /// Given back for SELFDESTRUCT.
    pub selfdestruct_refund: u64,
    /// Each byte of code that a creation leaves.
    pub code_byte: u64,
    /// EIP-8037: each word of code that a creation leaves.
    pub code_word: u64,
    /// EIP-3860: each word of init code.
    pub initcode_word: u64,
    /// A transaction.
    pub tx: u64,
    /// A transaction that creates.
    pub tx_create: u64,
    /// A zero byte of a transaction's data.
    pub tx_zero_byte: u64,
    /// Another byte of a transaction's data.
    pub tx_byte: u64,
    /// An address in an access list.
    pub access_list_address: u64,
    /// A key in an access list.
    pub access_list_key: u64,
    /// EIP-7702: an authorization.
    pub authorization: u64,
    /// EIP-7702: given back where the authority exists.
    pub authorization_refund: u64,
    /// EIP-2780: more for what a transaction does than [`Self::tx`].
    pub tx_parts: Option<TxParts>,
    /// EIP-7623: each token of data (a byte that is not zero is four) in the least that a transaction pays.
    pub floor_token: u64,
    /// Tokens of a zero byte there; EIP-7976: four.
    pub floor_zero_byte: u64,
    /// EIP-7981: tokens of a byte of the access list there.
    pub floor_access_list_byte: u64,
    /// What is given back is at most this part of what was used.
    pub refund_quotient: u64,
    /// EIP-8037; nothing: state costs what execution says.
    pub state: Option<StateGas>,
    /// alt_bn128 addition.
    pub bn254_add: u64,
    /// alt_bn128 multiplication.
    pub bn254_mul: u64,
    /// alt_bn128 pairing, constant part.
    pub bn254_pairing: u64,
    /// alt_bn128 pairing, each pair.
    pub bn254_pair: u64,
    /// secp256r1: EIP-7951, and RIP-7212 with another price.
    pub p256_verify: u64,
}

impl Gas {
    /// What SSTORE pays more where the slot is cold.
    pub fn cold_sstore(&self) -> u64 {
        self.cold_slot.saturating_sub(if self.sstore.cold_covers_warm { self.warm } else { 0 })
    }
}
