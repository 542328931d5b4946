//! The bus master of one channel: its registers, and the walk along its table of physical region descriptors
//! (Bus Master Programming Interface for IDE ATA Controllers, sections 1.2 and 2).

use super::spec::bm;
use crate::mem::Memory;
use serde::{Deserialize, Serialize};

const END_OF_TABLE: u8 = 0x80;

/// Registers, and where in the table a transfer stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct BusMaster {
    command: u8,
    status: u8,
    table: u32,
    next: u32,
    region: u32,
    left: u32,
    last: bool,
}

impl BusMaster {
    /// A register byte, `offset` 0-7.
    pub fn read(&self, offset: u16) -> u8 {
        match offset {
            bm::BMIC => self.command,
            bm::BMIS => self.status,
            bm::BMIDTP..=7 => self.table.to_le_bytes()[usize::from(offset & 3)],
            _ => 0,
        }
    }

    /// Writes a register byte.
    pub fn write(&mut self, offset: u16, value: u8) {
        match offset {
            bm::BMIC => self.write_command(value),
            bm::BMIS => {
                let cleared = value & (bm::INTERRUPT | bm::ERROR);
                let kept = self.status & !cleared & !bm::DMA_CAPABLE;
                self.status = kept | value & bm::DMA_CAPABLE;
            }
            bm::BMIDTP..=7 => {
                let mut bytes = self.table.to_le_bytes();
                bytes[usize::from(offset & 3)] = value;
                self.table = u32::from_le_bytes(bytes) & !3;
            }
            _ => {}
        }
    }

    fn write_command(&mut self, value: u8) {
        let started = value & !self.command & bm::SSBM != 0;
        self.command = value & (bm::SSBM | bm::RWCON);
        if started {
            self.status |= bm::ACTIVE;
            (self.next, self.left, self.last) = (self.table, 0, false);
        } else if value & bm::SSBM == 0 {
            self.status &= !bm::ACTIVE;
        }
    }

    /// Whether it would move data now, towards memory or from it.
    pub fn runs(&self, to_memory: bool) -> bool {
        self.status & bm::ACTIVE != 0 && (self.command & bm::RWCON != 0) == to_memory
    }

    /// The device raised its interrupt line.
    pub fn interrupt(&mut self) {
        self.status |= bm::INTERRUPT;
    }

    /// The device is done; a table used up to its very end makes the master inactive.
    pub fn finish(&mut self) {
        if self.left == 0 && self.last {
            self.status &= !bm::ACTIVE;
        }
    }

    /// Stores bytes into memory; how many the table had room for. When it has no more, the master becomes inactive.
    pub fn write_memory(&mut self, mem: &mut Memory, data: &[u8]) -> usize {
        let mut done = 0;
        while done < data.len() {
            let Some((at, len)) = self.take(mem, data.len() - done) else { break };
            mem.write(at, &data[done..done + len]);
            done += len;
        }
        done
    }

    /// Fetches bytes from memory; how many the table had.
    pub fn read_memory(&mut self, mem: &Memory, buf: &mut [u8]) -> usize {
        let mut done = 0;
        while done < buf.len() {
            let Some((at, len)) = self.take(mem, buf.len() - done) else { break };
            mem.read(at, &mut buf[done..done + len]);
            done += len;
        }
        done
    }

    /// The next piece of memory, at most `most` bytes.
    fn take(&mut self, mem: &Memory, most: usize) -> Option<(u64, usize)> {
        if self.left == 0 {
            if self.last {
                self.status &= !bm::ACTIVE;
                return None;
            }
            self.fetch(mem);
        }
        let len = most.min(self.left as usize);
        let at = u64::from(self.region);
        self.region = self.region.wrapping_add(len as u32);
        self.left -= len as u32;
        Some((at, len))
    }

    /// Loads a descriptor: region base, byte count (0 is 64 KiB; bit 0 of both is 0), end-of-table bit.
    fn fetch(&mut self, mem: &Memory) {
        let mut d = [0; 8];
        mem.read(u64::from(self.next), &mut d);
        self.next = self.next.wrapping_add(8);
        self.region = u32::from_le_bytes([d[0], d[1], d[2], d[3]]) & !1;
        let count = u32::from(u16::from_le_bytes([d[4], d[5]]) & !1);
        self.left = if count == 0 { 0x1_0000 } else { count };
        self.last = d[7] & END_OF_TABLE != 0;
    }
}
