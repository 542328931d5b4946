//! The seam through which the engine is looked into. It costs nothing when absent: [`NoInspector`] compiles away.

use crate::execution::Journal;
use crate::interpreter::{Frame, Halt};
use crate::{Address, U256};

/// What the engine does after an inspector saw something.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Flow {
    /// Goes on.
    Go,
    /// Stops before the instruction; it can be resumed, and then asks again.
    Pause,
}

/// What an inspector sees at an instruction.
#[derive(Debug)]
pub struct View<'a> {
    /// The frame that executes: stack, memory, gas, code.
    pub frame: &'a Frame,
    /// Callers of the frame, outermost first.
    pub callers: &'a [Frame],
    /// Accounts, storage, warmth, logs.
    pub journal: &'a Journal,
    /// The world before the transaction.
    pub world: &'a crate::state::World,
    /// Rules in force.
    pub rules: &'a crate::rules::Rules,
    /// Place of the instruction in the code.
    pub pc: usize,
    /// Its byte.
    pub opcode: u8,
}

/// Sees what happens, in order. Every method does nothing unless it is given a body.
pub trait Inspector {
    /// False: the engine runs its fast programs and calls none of the methods for instructions.
    const ACTIVE: bool = true;

    /// Before an instruction, before anything of it was checked or paid.
    fn step(&mut self, _view: &View<'_>) -> Flow {
        Flow::Go
    }

    /// After an instruction of a frame; with the reason if that ended the frame. For those that enter a frame it comes
    /// before [`Self::enter`], with the gas that the callee got taken off.
    fn step_end(&mut self, _view: &View<'_>, _halt: Option<Halt>) {}

    /// A frame begins: it is the last of `callers` and `frame`. Calls of precompiled contracts, and of accounts without
    /// code, count as frames.
    fn enter(&mut self, _frame: &Frame, _journal: &Journal) {}

    /// The frame last entered ended.
    fn exit(&mut self, _exit: &FrameExit<'_>, _journal: &Journal) {}

    /// SELFDESTRUCT of `address`, which had `value` wei.
    fn selfdestruct(&mut self, _address: Address, _beneficiary: Address, _value: U256) {}
}

/// How a frame ended.
#[derive(Clone, Copy, Debug)]
pub struct FrameExit<'a> {
    /// Why.
    pub halt: Halt,
    /// Gas that it used of what it was given.
    pub gas_used: u64,
    /// Data it returned or reverted with; for a creation the new code.
    pub output: &'a [u8],
    /// Address of the new contract.
    pub created: Option<Address>,
}

/// Looks at nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoInspector;

impl Inspector for NoInspector {
    const ACTIVE: bool = false;
}

/// True where the loop is compiled once for all inspectors that look on, and calls them through a table: the wasm of a
/// page has to be small. Elsewhere each has a loop of its own.
pub(crate) const ONE_LOOP: bool = cfg!(target_arch = "wasm32");

/// What an [`Inspector`] does, in a form that a table can hold.
pub(crate) trait Look {
    fn step(&mut self, view: &View<'_>) -> Flow;
    fn step_end(&mut self, view: &View<'_>, halt: Option<Halt>);
    fn enter(&mut self, frame: &Frame, journal: &Journal);
    fn exit(&mut self, exit: &FrameExit<'_>, journal: &Journal);
    fn selfdestruct(&mut self, address: Address, beneficiary: Address, value: U256);
}

impl<I: Inspector> Look for I {
    fn step(&mut self, view: &View<'_>) -> Flow {
        Inspector::step(self, view)
    }

    fn step_end(&mut self, view: &View<'_>, halt: Option<Halt>) {
        Inspector::step_end(self, view, halt);
    }

    fn enter(&mut self, frame: &Frame, journal: &Journal) {
        Inspector::enter(self, frame, journal);
    }

    fn exit(&mut self, exit: &FrameExit<'_>, journal: &Journal) {
        Inspector::exit(self, exit, journal);
    }

    fn selfdestruct(&mut self, address: Address, beneficiary: Address, value: U256) {
        Inspector::selfdestruct(self, address, beneficiary, value);
    }
}

/// Any inspector that looks on.
pub(crate) struct Any<'a>(pub &'a mut dyn Look);

impl Inspector for Any<'_> {
    fn step(&mut self, view: &View<'_>) -> Flow {
        self.0.step(view)
    }

    fn step_end(&mut self, view: &View<'_>, halt: Option<Halt>) {
        self.0.step_end(view, halt);
    }

    fn enter(&mut self, frame: &Frame, journal: &Journal) {
        self.0.enter(frame, journal);
    }

    fn exit(&mut self, exit: &FrameExit<'_>, journal: &Journal) {
        self.0.exit(exit, journal);
    }

    fn selfdestruct(&mut self, address: Address, beneficiary: Address, value: U256) {
        self.0.selfdestruct(address, beneficiary, value);
    }
}
