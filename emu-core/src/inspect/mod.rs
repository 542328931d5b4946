//! Looking into a stopped machine: all that panes show, as plain data. Looking changes nothing: no accessed bit, no
//! translation, no register that reading clears, no count that is hashed. The one exception says so
//! ([`Machine::write_memory`]).

mod address;
mod backwards;
mod code;
mod decimal;
mod descriptor;
mod devices;
mod fault;
mod gate;
mod logs;
pub mod manual;
mod memory;
mod operands;
mod page_tree;
mod paging_bits;
mod registers;
mod search;
mod segment;
mod space;
mod stack;
mod summary;
pub mod symbols;
mod tables;
mod translation;
mod tss;
mod walk;

pub use address::{ParsedAddress, TextError, parse_address};
pub use code::CodeLine;
pub use descriptor::DescriptorView;
pub use devices::{DeviceName, DeviceView};
pub use fault::FaultView;
pub use logs::{InterruptView, LogFilter, LogView, PortView};
pub use memory::{AbsentRun, MemoryView, MemoryWritten, Reason};
pub use operands::OperandView;
pub use page_tree::{PageRange, PageTable};
pub use registers::{AllRegisters, FpuRegister, FpuView, TableView};
pub use search::{MemoryHits, Search};
pub use segment::SegmentDetail;
pub use space::Space;
pub use stack::{StackCell, StackFrame, StackView};
pub use summary::{DisasmLine, Registers, SegmentView};
pub use tables::{DescriptorTable, Which};
pub use translation::{Part, TranslationStep, TranslationView};
pub use tss::{PortRange, TssView};

use crate::machine::Machine;
use crate::x86::regs::State;
use crate::x86::{Cpu, Engine};

/// A look at a stopped engine.
#[derive(Clone, Copy)]
pub struct Inspector<'a> {
    engine: &'a Engine,
}

impl<'a> Inspector<'a> {
    /// Looks at an engine.
    pub fn new(engine: &'a Engine) -> Self {
        Self { engine }
    }

    /// The current privilege level.
    pub fn cpl(&self) -> u8 {
        self.state().cpl
    }

    fn cpu(&self) -> &'a Cpu {
        &self.engine.cpu
    }

    fn state(&self) -> &'a State {
        &self.engine.cpu.st
    }
}

impl Machine {
    /// A look at the machine.
    pub fn inspect(&self) -> Inspector<'_> {
        Inspector::new(&self.engine)
    }
}
