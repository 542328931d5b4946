//! The SMBus host controller. No device is on its bus: every transaction ends at once with DEV_ERR.

use super::spec;
use serde::{Deserialize, Serialize};

/// Registers at SMBBA.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct SmBus {
    status: u8,
    control: u8,
    /// HSTCMD, HSTADD, HSTDAT0, HSTDAT1 and the slave's registers, as written.
    registers: [u8; 16],
    block: Vec<u8>,
    block_index: u8,
}

/// Bytes a block transfer can hold.
const BLOCK: usize = 32;

impl SmBus {
    /// Reads a byte register.
    pub fn read(&mut self, offset: u16) -> u8 {
        match offset & 15 {
            0 => self.status,
            2 => {
                self.block_index = 0;
                self.control
            }
            7 => {
                let byte = self.block.get(usize::from(self.block_index)).copied().unwrap_or(0);
                self.step();
                byte
            }
            at => self.registers[usize::from(at)],
        }
    }

    /// Writes a byte register.
    pub fn write(&mut self, offset: u16, value: u8) {
        match offset & 15 {
            0 => self.status &= !(value & spec::SMB_STATUS),
            // Slave status and data only change by traffic, of which there is none.
            1 | 10..=15 => {}
            2 => self.write_control(value),
            7 => {
                self.block.resize(BLOCK, 0);
                if let Some(byte) = self.block.get_mut(usize::from(self.block_index)) {
                    *byte = value;
                }
                self.step();
            }
            at => self.registers[usize::from(at)] = value,
        }
    }

    fn write_control(&mut self, value: u8) {
        self.control = value & !(spec::SMB_START | spec::SMB_KILL);
        if value & spec::SMB_KILL != 0 {
            self.status |= spec::SMB_FAILED;
        } else if value & spec::SMB_START != 0 {
            self.status |= spec::SMB_DEV_ERR;
        }
    }

    fn step(&mut self) {
        self.block_index = (self.block_index + 1) % BLOCK as u8;
    }

    /// Whether it asks for an interrupt.
    pub fn interrupt(&self) -> bool {
        self.control & spec::SMB_INTEREN != 0 && self.status & spec::SMB_STATUS != 0
    }
}
