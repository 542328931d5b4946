//! EIP-3155: a line of JSON for each instruction, and a summary.
//!
//! Two dialects. [`Dialect::Revm`] is what revm 43's `TracerEip3155` writes, byte for byte, after this normalisation of
//! both sides, in lines whose `error` is an exceptional halt (not `Stop`, `Return`, `SelfDestruct`, `Revert`):
//! - `gasCost` is left out: how much was taken of what could not be paid depends on the order of checks;
//! - `error` `MemoryOOG`, `MemoryLimitOOG`, `InvalidOperandOOG`, `ReentrancySentryOOG` count as `OutOfGas`, and
//!   `CallNotAllowedInsideStatic` as `StateChangeDuringStaticCall`; where an instruction breaks two rules at once
//!   (too little gas in a static call, say), either name;
//! - in the summary `gasUsed` is left out: revm's has no price of deposited code, and all gas where nothing executed;
//!   and so is `output` of a transaction that failed without a revert: revm's may be code that was refused.
//!
//! Under Amsterdam also:
//! - `gasCost` of a CREATE or CREATE2 that is refused (too deep, too poor, nonce at its end) is left out: revm's is
//!   without the gas that a frame would have been given; it comes back at once, so that `gas` of the next line is equal;
//! - of a transaction whose gas does not pay for the state that it begins with (EIP-8037: no frame is entered) revm
//!   prints nothing; here it has its summary.
//!
//! `reservoir` and `stateGas` are EIP-8037's, before the instruction: state gas set aside, and state gas that the frame
//! and its finished callees paid so far.
//!
//! [`Dialect::Standard`] is the EIP's text, as geth has it: `memSize` and `refund` are numbers, `refund` is that of the
//! whole transaction, `error` is only there for errors, and there are no fields of EIP-8037.

use super::{data, error, full_word, mnemonic};
use crate::execution::Executed;
use crate::fork::Fork;
use crate::inspector::{Flow, Inspector, View};
use crate::interpreter::Halt;
use crate::opcode::OPCODES;
use std::fmt::Write;

/// Which of the two ways to write; see the [module](self).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Dialect {
    /// As revm 43.
    #[default]
    Revm,
    /// As the EIP.
    Standard,
}

/// What the lines have.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Options {
    /// How it is written.
    pub dialect: Dialect,
    /// With the memory; makes long lines.
    pub memory: bool,
    /// With the data that the last callee returned; EIP-3155 has the field, but most tracers leave it empty.
    pub return_data: bool,
}

/// Writes the lines, each without its line feed, to a sink.
pub struct Eip3155<'a> {
    options: Options,
    sink: &'a mut dyn FnMut(&str),
    line: String,
    /// Of the line being made, what comes after `gasCost`.
    tail: String,
    /// Before `gasCost`, in revm's dialect.
    state: String,
    /// After `error`.
    memory: String,
    gas: u64,
}

impl std::fmt::Debug for Eip3155<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Eip3155").field("options", &self.options).finish_non_exhaustive()
    }
}

impl<'a> Eip3155<'a> {
    /// A tracer that hands each line to `sink`.
    pub fn new(options: Options, sink: &'a mut dyn FnMut(&str)) -> Self {
        let [line, tail, state, memory] = std::array::from_fn(|_| String::new());
        Self { options, sink, line, tail, state, memory, gas: 0 }
    }

    /// The summary, when the transaction has ended. The state root is not known here, and written as zeros where the
    /// caller gives none.
    pub fn summary(&mut self, executed: &Executed, fork: Fork, state_root: Option<crate::H256>) {
        let root = full_word(crate::word::from_be_bytes(&state_root.unwrap_or_default().0));
        let (output, used) = (data(&executed.output), executed.gas_used);
        let pass = executed.halt.is_success();
        let name = revm_fork_name(fork);
        (self.sink)(&format!(
            r#"{{"stateRoot":"{root}","output":"{output}","gasUsed":"{used:#x}","pass":{pass},"fork":"{name}"}}"#
        ));
    }

    fn revm(&self) -> bool {
        self.options.dialect == Dialect::Revm
    }

    /// What is known before the instruction executes. Writing to a string can't fail.
    fn begin(&mut self, view: &View<'_>) -> std::fmt::Result {
        let frame = view.frame;
        self.gas = frame.gas;
        let (line, tail) = (&mut self.line, &mut self.tail);
        line.clear();
        tail.clear();
        write!(line, r#"{{"pc":{},"depth":{}"#, view.pc, frame.depth + 1)?;
        if let Some(name) = name(view.opcode, view.rules.fork, self.options.dialect) {
            write!(line, r#","opName":"{name}""#)?;
        }
        write!(line, r#","op":{},"gas":"{:#x}""#, view.opcode, frame.gas)?;
        let (reservoir, spent) = (frame.state_gas.reservoir, frame.state_gas.spent.max(0));
        self.state.clear();
        write!(self.state, r#","reservoir":"{reservoir:#x}","stateGas":"{spent:#x}""#)?;
        tail.push_str(r#","stack":["#);
        for (n, word) in frame.stack.words().iter().enumerate() {
            write!(tail, r#"{}"{word:#x}""#, if n == 0 { "" } else { "," })?;
        }
        let returned = if self.options.return_data { &frame.return_data[..] } else { &[] };
        write!(tail, r#"],"returnData":"0x{}""#, hex::encode(returned))?;
        let size = frame.memory.len();
        match self.options.dialect {
            // A negative count is written as what its bits are.
            Dialect::Revm => write!(tail, r#","refund":"{:#x}","memSize":"{size:#x}""#, frame.refund as u64),
            Dialect::Standard => write!(tail, r#","refund":{},"memSize":{size}"#, total_refund(view)),
        }
    }

    fn end(&mut self, view: &View<'_>, halt: Option<Halt>) -> std::fmt::Result {
        let revm = self.revm();
        let cost = self.gas.saturating_sub(view.frame.gas);
        if revm {
            self.line.push_str(&self.state);
        }
        write!(self.line, r#","gasCost":"{cost:#x}"{}"#, self.tail)?;
        match halt {
            Some(halt) if revm => write!(self.line, r#","error":"{}""#, revm_name(halt, view.opcode))?,
            Some(halt) if halt.is_error() => {
                let text = error::geth_step_error(view, halt).unwrap_or_default();
                write!(self.line, r#","error":"{text}""#)?;
            }
            _ => {}
        }
        Ok(())
    }
}

/// The refund counter of the whole transaction.
pub(crate) fn total_refund(view: &View<'_>) -> u64 {
    let callers: i64 = view.callers.iter().map(|frame| frame.refund).sum();
    (callers + view.frame.refund).max(0) as u64
}

impl Inspector for Eip3155<'_> {
    fn step(&mut self, view: &View<'_>) -> Flow {
        let _ = self.begin(view);
        if self.options.memory {
            self.memory = format!(r#","memory":"{}""#, data(view.frame.memory.bytes()));
        }
        Flow::Go
    }

    fn step_end(&mut self, view: &View<'_>, halt: Option<Halt>) {
        let _ = self.end(view, halt);
        self.line.push_str(&self.memory);
        self.line.push('}');
        (self.sink)(&self.line);
    }
}

fn name(byte: u8, fork: Fork, dialect: Dialect) -> Option<&'static str> {
    match dialect {
        // revm has one name for each byte, whatever the fork.
        Dialect::Revm if byte == 0x44 => Some("DIFFICULTY"),
        _ => mnemonic(byte, fork),
    }
}

/// revm's name for the end of an instruction.
fn revm_name(halt: Halt, opcode: u8) -> &'static str {
    match halt {
        Halt::Stop => "Stop",
        Halt::Return => "Return",
        Halt::SelfDestruct => "SelfDestruct",
        Halt::Revert => "Revert",
        Halt::OutOfGas => "OutOfGas",
        Halt::MemoryLimit => "MemoryLimitOOG",
        Halt::InvalidOpcode(0xFE) => "InvalidFEOpcode",
        Halt::InvalidOpcode(byte) if OPCODES[usize::from(byte)].is_some() => "NotActivated",
        Halt::InvalidOpcode(_) => "OpcodeNotFound",
        Halt::StackUnderflow => "StackUnderflow",
        Halt::StackOverflow => "StackOverflow",
        Halt::InvalidJump => "InvalidJump",
        Halt::StaticViolation if opcode == 0xF1 => "CallNotAllowedInsideStatic",
        Halt::StaticViolation => "StateChangeDuringStaticCall",
        Halt::ReturnDataOutOfBounds => "OutOfOffset",
        Halt::PrecompileFailed => "PrecompileError",
        Halt::CreateCollision => "CreateCollision",
        Halt::CodeTooLarge => "CreateContractSizeLimit",
        Halt::InvalidCode => "CreateContractStartingWithEF",
        Halt::InitcodeTooLarge => "CreateInitCodeSizeLimit",
        Halt::TooDeep => "CallTooDeep",
        Halt::InsufficientBalance => "OutOfFunds",
        Halt::NonceOverflow => "NonceOverflow",
    }
}

/// revm's name of a fork. It has none for those that change no instruction, nor for Constantinople.
pub(crate) fn revm_fork_name(fork: Fork) -> &'static str {
    match fork {
        Fork::Frontier => "Frontier",
        Fork::Homestead | Fork::DaoFork => "Homestead",
        Fork::TangerineWhistle => "Tangerine",
        Fork::SpuriousDragon => "Spurious",
        Fork::Byzantium => "Byzantium",
        Fork::Constantinople => "Constantinople",
        Fork::Petersburg => "Petersburg",
        Fork::Istanbul | Fork::MuirGlacier => "Istanbul",
        Fork::Berlin => "Berlin",
        Fork::London | Fork::ArrowGlacier | Fork::GrayGlacier => "London",
        Fork::Paris => "Merge",
        Fork::Shanghai => "Shanghai",
        Fork::Cancun => "Cancun",
        Fork::Prague => "Prague",
        Fork::Osaka | Fork::Bpo1 | Fork::Bpo2 => "Osaka",
        Fork::Amsterdam => "Amsterdam",
    }
}
