//! What one message call or creation holds while it runs.

use super::{Memory, Program, Stack, StateMeter};
use crate::state::Code;
use crate::{Address, U256};
use std::rc::Rc;
use std::sync::Arc;

/// How a frame came to be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Entry {
    /// CALL, or a transaction's message.
    Call,
    /// CALLCODE.
    CallCode,
    /// DELEGATECALL.
    DelegateCall,
    /// STATICCALL.
    StaticCall,
    /// CREATE, or a transaction that creates.
    Create,
    /// CREATE2.
    Create2,
}

impl Entry {
    /// True for creations.
    pub fn is_create(self) -> bool {
        matches!(self, Entry::Create | Entry::Create2)
    }

    /// Mnemonic of the instruction that enters so.
    pub fn mnemonic(self) -> &'static str {
        match self {
            Entry::Call => "CALL",
            Entry::CallCode => "CALLCODE",
            Entry::DelegateCall => "DELEGATECALL",
            Entry::StaticCall => "STATICCALL",
            Entry::Create => "CREATE",
            Entry::Create2 => "CREATE2",
        }
    }
}

/// A message being executed: the machine state μ and the environment I of the Yellow Paper (9.3, 9.4).
#[derive(Clone, Debug)]
pub struct Frame {
    /// How it was entered.
    pub entry: Entry,
    /// Account whose storage and balance it acts on.
    pub address: Address,
    /// Its entry in the journal.
    pub(crate) account: u32,
    /// Account whose code was called; for a delegation that of the delegating account.
    pub code_address: Address,
    /// Who called.
    pub caller: Address,
    /// Wei that CALLVALUE tells.
    pub value: U256,
    /// Data of the message; empty for creations.
    pub input: Vec<u8>,
    /// What runs.
    pub code: Arc<Code>,
    pub(crate) program: Rc<Program>,
    /// Next entry of the program.
    pub(crate) ip: usize,
    /// μs.
    pub stack: Stack,
    /// μm.
    pub memory: Memory,
    /// Gas left.
    pub gas: u64,
    /// EIP-8037: state gas.
    pub state_gas: StateMeter,
    /// Gas that the frame was given.
    pub gas_limit: u64,
    /// Sum of refunds granted so far in the frame and its finished callees; can be negative.
    pub refund: i64,
    /// Output of the last callee.
    pub return_data: Vec<u8>,
    /// True if state may not change.
    pub is_static: bool,
    /// 0 for the transaction's own message.
    pub depth: u16,
    /// State gas that the caller paid for this frame: goes back to it if the frame fails.
    pub(crate) state_price: u64,
    /// Place in the caller's memory for the output, and its size.
    pub(crate) output_at: (usize, usize),
    /// Length of the journal's undo list, and of the logs, when it began.
    pub(crate) checkpoint: (usize, usize),
}

impl Frame {
    /// Place in the code of the instruction that is next. Only in frames that run under an inspector.
    pub fn pc(&self) -> usize {
        self.program.places.get(self.ip).map_or(0, |place| *place as usize)
    }

    /// Takes gas; false if there is too little.
    #[inline(always)]
    pub(crate) fn charge(&mut self, gas: u64) -> Result<(), super::Halt> {
        self.gas = self.gas.checked_sub(gas).ok_or(super::Halt::OutOfGas)?;
        Ok(())
    }

    /// Takes state gas.
    pub(crate) fn charge_state(&mut self, price: u64) -> Result<(), super::Halt> {
        self.state_gas.charge(&mut self.gas, price)
    }
}
