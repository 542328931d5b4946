//! Makes the boot option ROM: the code of `rom_code`, its parameters, and the list of what to load where.

use super::put;
use super::rom_code::{self, ROWS};
use crate::devices::fw_cfg::{DMA_READ, DMA_SELECT, DMA_SKIP, key};

/// Option ROMs are whole blocks.
const BLOCK: usize = 512;

/// Where the ROM goes once everything is in place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// A Linux kernel's real-mode part at this segment, with this stack pointer.
    Linux { segment: u16, stack: u16 },
    /// A Multiboot kernel: entry, segment of the information, and where the memory map's room in it ends.
    Multiboot { entry: u32, info_segment: u16, mmap_end: u16 },
}

/// DMA descriptors for the firmware configuration device.
#[derive(Clone, Debug, Default)]
pub(super) struct LoadList(Vec<u8>);

impl LoadList {
    /// Copies `len` bytes of an item, from `offset` on, to a physical address.
    pub fn copy(&mut self, item: u16, offset: u32, len: u32, to: u32) {
        let select = u32::from(item) << 16 | DMA_SELECT;
        self.descriptor(select | DMA_SKIP, offset, 0);
        self.descriptor(DMA_READ, len, to);
    }

    /// Fills memory with zeros: an item that is not there reads as such.
    pub fn zero(&mut self, to: u32, len: u32) {
        self.descriptor(u32::from(key::INVALID) << 16 | DMA_SELECT | DMA_READ, len, to);
    }

    fn descriptor(&mut self, control: u32, len: u32, to: u32) {
        self.0.extend(control.to_be_bytes());
        self.0.extend(len.to_be_bytes());
        self.0.extend(u64::from(to).to_be_bytes());
    }

    fn count(&self) -> u16 {
        u16::try_from(self.0.len() / 16).unwrap_or(u16::MAX)
    }
}

/// The ROM's bytes, whole blocks with the right checksums.
pub(super) fn build(list: &LoadList, target: Target) -> Vec<u8> {
    let mut rom: Vec<u8> = ROWS.iter().flat_map(|rows| rows.iter()).flat_map(|(_, b)| *b).copied().collect();
    put(&mut rom, rom_code::COUNT, &list.count().to_le_bytes());
    match target {
        Target::Linux { segment, stack } => {
            put(&mut rom, rom_code::REAL_SEGMENT, &segment.to_le_bytes());
            put(&mut rom, rom_code::REAL_STACK, &stack.to_le_bytes());
        }
        Target::Multiboot { entry, info_segment, mmap_end } => {
            put(&mut rom, rom_code::MULTIBOOT, &1u16.to_le_bytes());
            put(&mut rom, rom_code::INFO_SEGMENT, &info_segment.to_le_bytes());
            put(&mut rom, rom_code::MMAP_END, &mmap_end.to_le_bytes());
            put(&mut rom, rom_code::ENTRY, &entry.to_le_bytes());
        }
    }
    rom.extend(&list.0);
    // One byte at least is left for the checksum.
    rom.resize((rom.len() + 1).next_multiple_of(BLOCK), 0);
    let blocks = u8::try_from(rom.len() / BLOCK).unwrap_or(u8::MAX);
    put(&mut rom, rom_code::SIZE, &[blocks]);
    let (pnp, len, checksum) = rom_code::PNP_HEADER;
    let missing = missing(rom.get(pnp..pnp + len).unwrap_or(&[]));
    put(&mut rom, pnp + checksum, &[missing]);
    let last = rom.len() - 1;
    let missing = self::missing(&rom);
    put(&mut rom, last, &[missing]);
    rom
}

/// What is missing to a sum of 0.
fn missing(bytes: &[u8]) -> u8 {
    bytes.iter().fold(0u8, |sum, &b| sum.wrapping_add(b)).wrapping_neg()
}
