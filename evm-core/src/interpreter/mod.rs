//! The machine of one message: code made ready to run, stack, memory, and the loop that executes.

mod frame;
mod fuse;
pub(crate) mod memory;
mod program;
mod run;
mod stack;
mod state_gas;

pub use frame::{Entry, Frame};
pub use memory::Memory;
pub use program::{Inst, Program};
pub use stack::Stack;
pub use state_gas::StateMeter;

pub(crate) use program::Use;
pub(crate) use run::{Exit, run};

/// Why a frame ended.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Halt {
    /// STOP, or the end of the code.
    Stop,
    /// RETURN.
    Return,
    /// SELFDESTRUCT.
    SelfDestruct,
    /// REVERT: state undone, gas kept.
    Revert,
    /// Gas did not suffice.
    OutOfGas,
    /// Memory would have grown over [`memory::LIMIT`] although there was gas for it: this engine's own limit.
    MemoryLimit,
    /// A byte that is no instruction of the fork.
    InvalidOpcode(u8),
    /// An instruction took more than the stack had.
    StackUnderflow,
    /// The stack would have held more than 1024 words.
    StackOverflow,
    /// A jump to a place that is no JUMPDEST.
    InvalidJump,
    /// A change of state under STATICCALL.
    StaticViolation,
    /// RETURNDATACOPY beyond the end of the data (EIP-211).
    ReturnDataOutOfBounds,
    /// A precompiled contract refused its input.
    PrecompileFailed,
    /// The address of a new contract was taken.
    CreateCollision,
    /// A contract's code was over the limit (EIP-170).
    CodeTooLarge,
    /// A contract's code began with EF (EIP-3541).
    InvalidCode,
    /// Init code was over the limit (EIP-3860).
    InitcodeTooLarge,
    /// The frame was not begun: 1024 others were open.
    TooDeep,
    /// The frame was not begun: the caller had less than the value.
    InsufficientBalance,
    /// The creation was not begun: the creator's nonce can't grow (EIP-2681).
    NonceOverflow,
}

impl Halt {
    /// True if the frame did what it meant to: its changes stay.
    pub fn is_success(self) -> bool {
        matches!(self, Halt::Stop | Halt::Return | Halt::SelfDestruct)
    }

    /// True if the frame was never begun: its gas went back.
    pub fn is_refusal(self) -> bool {
        matches!(self, Halt::TooDeep | Halt::InsufficientBalance | Halt::NonceOverflow)
    }

    /// True for an exceptional halt: changes are undone and all gas is gone.
    pub fn is_error(self) -> bool {
        !self.is_success() && self != Halt::Revert && !self.is_refusal()
    }
}

impl std::fmt::Display for Halt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Halt::Stop => "stopped",
            Halt::Return => "returned",
            Halt::SelfDestruct => "self-destructed",
            Halt::Revert => "execution reverted",
            Halt::OutOfGas => "out of gas",
            Halt::MemoryLimit => "memory over this engine's limit of 1 GiB",
            Halt::InvalidOpcode(byte) => return write!(f, "invalid opcode: {byte:#04x}"),
            Halt::StackUnderflow => "stack underflow",
            Halt::StackOverflow => "stack overflow (more than 1024 words)",
            Halt::InvalidJump => "invalid jump destination",
            Halt::StaticViolation => "state change in a static call",
            Halt::ReturnDataOutOfBounds => "return data out of bounds",
            Halt::PrecompileFailed => "precompiled contract failed",
            Halt::CreateCollision => "contract address already in use",
            Halt::CodeTooLarge => "code over the size limit",
            Halt::InvalidCode => "new code begins with 0xef",
            Halt::InitcodeTooLarge => "init code over the size limit",
            Halt::TooDeep => "more than 1024 nested calls",
            Halt::InsufficientBalance => "insufficient balance for the transfer",
            Halt::NonceOverflow => "nonce at its maximum",
        })
    }
}
