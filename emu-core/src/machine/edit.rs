//! Changes from outside to what only the guest should change: a debugger's edits, as inputs that can be given again.

use super::Machine;
use crate::x86::cpu::attention;
use crate::x86::register_names;

/// An edit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// A register gets these bytes: see [`write_register`](super::write_register).
    Register {
        /// Its name.
        name: String,
        /// Little-endian.
        bytes: Vec<u8>,
    },
    /// Physical memory gets these bytes.
    Memory {
        /// Runs of bytes, each from a physical address on.
        runs: Vec<(u64, Vec<u8>)>,
    },
}

/// A register's bytes by its name, little-endian: see [`register_names::read_register`].
pub fn read_register(machine: &Machine, name: &str) -> Option<Vec<u8>> {
    register_names::read_register(&machine.engine.cpu, name)
}

/// Changes a register: see [`register_names::write_register`].
///
/// # Errors
/// One line: no such register, not so many bytes, or a value that the CPU does not take.
pub fn write_register(machine: &mut Machine, name: &str, bytes: &[u8]) -> Result<(), String> {
    register_names::write_register(&mut machine.engine.cpu, name, bytes)
}

impl Edit {
    /// An edit of single bytes of physical memory.
    pub fn memory(bytes: impl IntoIterator<Item = (u64, u8)>) -> Self {
        let mut runs: Vec<(u64, Vec<u8>)> = Vec::new();
        for (at, byte) in bytes {
            match runs.last_mut() {
                Some((first, run)) if *first + run.len() as u64 == at => run.push(byte),
                _ => runs.push((at, vec![byte])),
            }
        }
        Self::Memory { runs }
    }
}

impl Machine {
    /// Makes an edit.
    ///
    /// # Errors
    /// One line: why a register does not take this. The machine is as it was.
    pub fn edit(&mut self, edit: &Edit) -> Result<(), String> {
        match edit {
            Edit::Register { name, bytes } => super::write_register(self, name, bytes),
            Edit::Memory { runs } => {
                let cpu = &mut self.engine.cpu;
                cpu.before_device();
                for (first, bytes) in runs {
                    for (at, byte) in (*first..).zip(bytes) {
                        cpu.bus.phys_write(at, 1, u32::from(*byte));
                    }
                }
                // As after a bus master's write: blocks of the old code go before the next instruction.
                cpu.attention |= attention::CODE | attention::DEVICE;
                Ok(())
            }
        }
    }

    /// Whether an interrupt was delivered, and the first instruction of its handler is yet to execute.
    pub(super) fn is_before_handler(&self) -> bool {
        self.engine.owes_step()
    }

    /// If so it was, has the interrupt that is due now delivered, and executes nothing of its handler.
    pub(super) fn deliver_if(&mut self, delivered: bool) {
        if !delivered {
            return;
        }
        let until = super::Until::instruction(self.instructions().saturating_add(1));
        self.engine.set_hold(true);
        while !self.is_before_handler() && self.run_probed(until).is_none() {
            self.take_news();
        }
        self.engine.set_hold(false);
    }
}
