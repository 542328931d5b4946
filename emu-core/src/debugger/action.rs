//! Commands: what each waits for, and when it is done.

use super::arm::is_here;
use super::expression::ExpressionError;
use super::{Address, Debugger, address, memory};
use crate::machine::{Machine, News};
use crate::x86::decode::{Decoded, Op, Rep, decode};
use crate::x86::probe::{Frame, Notice};
use crate::x86::regs::seg;

/// What to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// Runs.
    Continue,
    /// Executes one instruction, or one iteration of a repeated one. A sleeping CPU wakes and executes one.
    Into,
    /// As [`Command::Into`], but interrupts that come meanwhile are run up to their return.
    Single,
    /// As [`Command::Single`], but CALL, INT, LOOP and repeated instructions up to the instruction that follows.
    Over,
    /// Runs until a RET or IRET has left the procedure: the first whose stack pointer is not below today's.
    Out,
    /// The same, but stops before that instruction.
    Return,
    /// Runs to an instruction.
    To(Address),
    /// Runs until the mode or paging changes.
    Mode,
    /// Goes on with the last command that ran out of budget or had to wait.
    Resume,
}

impl Command {
    /// Reads a command: `continue`, `into`, `single`, `over`, `out`, `return`, `to` (with an address as a stop's), `mode`, `resume`.
    ///
    /// # Errors
    /// One line.
    pub fn parse(name: &str, argument: &str) -> Result<Self, String> {
        Ok(match name {
            "continue" => Self::Continue,
            "into" => Self::Into,
            "single" => Self::Single,
            "over" => Self::Over,
            "out" => Self::Out,
            "return" => Self::Return,
            "to" => Self::To(address::address(argument).map_err(|ExpressionError { message, .. }| message)?),
            "mode" => Self::Mode,
            "resume" => Self::Resume,
            _ => return Err(format!("{name:?} is no command")),
        })
    }
}

/// Where a stack is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    linear: u32,
    frame: Frame,
}

/// A command under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Action {
    Continue,
    /// Until the count of instructions.
    Into {
        end: u64,
    },
    /// One instruction of the program itself, up to the count of instructions; interrupts are run through.
    Single {
        end: u64,
        from: Place,
    },
    /// To an address on this stack or above it; then, if `more`, that instruction too.
    Until {
        linear: u32,
        frame: Frame,
        more: bool,
    },
    Return {
        frame: Frame,
        after: bool,
    },
    To(Address),
    Mode,
}

/// What became of a command.
pub(super) enum Progress {
    Done,
    /// It goes on, waiting for what it waited for.
    On,
    /// It waits for something else from now on.
    Changed,
}

fn frame(machine: &Machine) -> Frame {
    let cpu = &machine.engine.cpu;
    Frame { cpl: cpu.st.cpl, ss: cpu.st.seg[usize::from(seg::SS)].selector, sp: cpu.sp() }
}

/// Whether this is the same procedure's frame again, or one that called it. A program that went to another stack meanwhile
/// is taken at its word.
fn is_back(machine: &Machine, then: Frame) -> bool {
    let now = frame(machine);
    now.cpl == then.cpl && (now.ss != then.ss || now.sp >= then.sp)
}

/// The next instruction.
fn instruction(machine: &Machine) -> Option<Decoded> {
    let cpu = &machine.engine.cpu;
    decode(&memory::linear_bytes(machine, cpu.linear_ip(), 15), cpu.code32()).ok()
}

fn returns(inst: &Decoded) -> bool {
    matches!(inst.op, Op::RetNear | Op::RetFar | Op::Iret | Op::Sysexit)
}

/// Instructions that come back to the next one after more than themselves.
fn comes_back(inst: &Decoded) -> bool {
    inst.op.is_string() && inst.rep != Rep::None
        || matches!(
            inst.op,
            Op::CallRel
                | Op::CallInd
                | Op::CallFarPtr
                | Op::CallFarInd
                | Op::Int
                | Op::Int1
                | Op::Int3
                | Op::Into
                | Op::Loop
                | Op::Loope
                | Op::Loopne
        )
}

fn single(machine: &Machine) -> Action {
    let from = Place { linear: machine.engine.cpu.linear_ip(), frame: frame(machine) };
    Action::Single { end: machine.instructions().saturating_add(1), from }
}

impl Action {
    /// What a command is, from here on.
    pub(super) fn begin(machine: &Machine, command: Command) -> Self {
        let next = instruction(machine);
        match command {
            Command::Continue | Command::Resume => Self::Continue,
            Command::Into => Self::Into { end: machine.instructions().saturating_add(1) },
            Command::Single => single(machine),
            Command::Over => match next.filter(comes_back) {
                Some(inst) if !machine.is_halted() => {
                    let linear = machine.engine.cpu.linear_ip().wrapping_add(u32::from(inst.len));
                    Self::Until { linear, frame: frame(machine), more: false }
                }
                _ => single(machine),
            },
            Command::Out if next.as_ref().is_some_and(returns) => single(machine),
            Command::Out => Self::Return { frame: frame(machine), after: true },
            Command::Return => Self::Return { frame: frame(machine), after: false },
            Command::To(address) => Self::To(address),
            Command::Mode => Self::Mode,
        }
    }

    /// The count of instructions at which the machine must stop.
    pub(super) fn end(&self) -> u64 {
        match self {
            Self::Into { end } | Self::Single { end, .. } => *end,
            _ => u64::MAX,
        }
    }
}

impl Debugger {
    /// Whether the command is done by what happened, or has to wait for something else.
    pub(super) fn progress(&mut self, machine: &Machine, news: &News) -> Progress {
        let executes = news.notices.contains(&Notice::Execute);
        let done = match self.action {
            Action::Continue => false,
            Action::Into { end } => machine.instructions() >= end,
            Action::Single { end, .. } if machine.instructions() >= end => true,
            Action::Single { from, .. } => {
                let interrupted = |n: &Notice| matches!(n, Notice::Interrupt { external: true, .. });
                if !news.notices.iter().any(interrupted) {
                    return Progress::On;
                }
                // What woke a sleeping CPU is over when it comes back.
                self.action = Action::Until { linear: from.linear, frame: from.frame, more: !self.slept };
                return Progress::Changed;
            }
            Action::Until { linear, frame, more } => {
                let here = executes && is_here(machine, Address::Linear(linear)) && is_back(machine, frame);
                if here && more {
                    self.action = single(machine);
                    return Progress::Changed;
                }
                here
            }
            Action::Return { frame, after } => {
                let here =
                    executes && is_back(machine, frame) && instruction(machine).as_ref().is_some_and(returns);
                if here && after {
                    self.action = single(machine);
                    return Progress::Changed;
                }
                here
            }
            Action::To(address) => executes && is_here(machine, address),
            Action::Mode => self.entered.differs(super::mode::Mode::of(machine)),
        };
        if done { Progress::Done } else { Progress::On }
    }
}
