//! Physical memory: one backing store for RAM, video RAM and ROMs, the map from physical pages to it, and page flags.

mod map;
mod ram;

pub use map::{DeviceId, Layer, Mapping, PhysMap, Target};
pub use ram::Ram;

use std::cell::RefCell;

/// Bytes in a page of physical memory, and the grain of the map, of dirty tracking and of code tracking.
pub const PAGE: u32 = 4096;

/// Backing store set aside for ROM images, in bytes.
pub const ROM_AREA: u32 = 4 << 20;

/// The page was written since its flag was last cleared.
pub const DIRTY: u8 = 1;
/// Decoded code exists for the page: writes must be seen by the code cache.
pub const CODE: u8 = 2;

/// Physical memory as the CPU and bus masters see it.
pub struct Memory {
    /// The bytes: RAM, then video RAM, then ROMs.
    pub ram: Ram,
    /// Which physical page is what.
    pub map: PhysMap,
    flags: Vec<u8>,
    ram_bytes: u32,
    vram_bytes: u32,
    rom_used: u32,
    a20: bool,
    /// For each backing page, which of its 64 pieces of 64 bytes hold decoded code.
    code: Vec<u64>,
    code_writes: Vec<(u32, u32)>,
    /// What bus masters do, while somebody wants to know. Not part of the state.
    masters: Option<RefCell<Vec<Transfer>>>,
}

/// A range of physical memory that a bus master moved, or that the CPU marked in page tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transfer {
    /// Physical address of the first byte.
    pub first: u64,
    /// Physical address of the last byte.
    pub last: u64,
    /// Written, or read.
    pub write: bool,
}

/// Transfers kept until somebody asks.
const MOST_TRANSFERS: usize = 1 << 16;

impl Memory {
    /// Memory of `ram_bytes` of RAM (a multiple of 4096) mapped from 0 up, and `vram_bytes` of unmapped video RAM.
    /// Panics if the host has not got so much; see [`Memory::try_new`].
    pub fn new(ram_bytes: u32, vram_bytes: u32) -> Self {
        Self::try_new(ram_bytes, vram_bytes).expect("memory for a small machine")
    }

    /// As [`Memory::new`], or `None` if the host has not got so much.
    pub fn try_new(ram_bytes: u32, vram_bytes: u32) -> Option<Self> {
        let total = ram_bytes + vram_bytes + ROM_AREA;
        let mut map = PhysMap::new();
        map.place(Layer::Ram, 0, ram_bytes / PAGE, Mapping::both(Target::Ram(0)));
        Some(Self {
            ram: Ram::new(total as usize)?,
            map,
            flags: vec![0; (total / PAGE) as usize],
            ram_bytes,
            vram_bytes,
            rom_used: 0,
            a20: true,
            code: vec![0; (total / PAGE) as usize],
            code_writes: Vec::new(),
            masters: None,
        })
    }

    /// Bytes of RAM.
    pub fn ram_bytes(&self) -> u32 {
        self.ram_bytes
    }

    /// Offset of video RAM in the backing store, and its size in bytes.
    pub fn vram(&self) -> (u32, u32) {
        (self.ram_bytes, self.vram_bytes)
    }

    /// Copies a ROM image into the backing store, padded to a page with FFh; the backing offset, or `None` when the
    /// ROM area is full.
    pub fn add_rom(&mut self, image: &[u8]) -> Option<u32> {
        let len = u32::try_from(image.len()).ok()?.checked_next_multiple_of(PAGE)?;
        if len > ROM_AREA - self.rom_used {
            return None;
        }
        let offset = self.ram_bytes + self.vram_bytes + self.rom_used;
        self.rom_used += len;
        let room = self.ram.slice_mut(offset, len);
        room.fill(0xFF);
        room[..image.len()].copy_from_slice(image);
        Some(offset)
    }

    /// Whether address line A20 is driven (true) or forced to 0.
    pub fn a20(&self) -> bool {
        self.a20
    }

    /// Drives the A20 gate; the caller tells the CPU to drop its translations.
    pub fn set_a20(&mut self, on: bool) {
        self.a20 = on;
    }

    /// The physical address after the A20 gate, which the CPU's accesses pass and bus masters' do not.
    pub fn gate_a20(&self, phys: u64) -> u64 {
        if self.a20 { phys } else { phys & !(1 << 20) }
    }

    /// Flags of the page that holds the backing offset: [`DIRTY`], [`CODE`].
    pub fn flags(&self, offset: u32) -> u8 {
        self.flags[(offset / PAGE) as usize]
    }

    /// Sets flags of the page that holds the backing offset.
    pub fn set_flags(&mut self, offset: u32, flags: u8) {
        self.flags[(offset / PAGE) as usize] |= flags;
    }

    /// Clears flags of the page that holds the backing offset.
    pub fn clear_flags(&mut self, offset: u32, flags: u8) {
        self.flags[(offset / PAGE) as usize] &= !flags;
    }

    /// Flags of all backing pages in order.
    pub fn all_flags(&self) -> &[u8] {
        &self.flags
    }

    /// Notes a write of `len` bytes (at least one) within one backing page: marks it dirty and, if it hits decoded code,
    /// queues the write for the code cache.
    pub fn note_write(&mut self, offset: u32, len: u32) {
        let page = (offset / PAGE) as usize;
        let flags = &mut self.flags[page];
        *flags |= DIRTY;
        if *flags & CODE != 0 && self.code[page] & pieces(offset, len) != 0 {
            self.code_writes.push((offset, len));
        }
    }

    /// Marks `len` bytes (at least one) within one backing page as holding decoded code. True if the page held none
    /// before.
    pub fn mark_code(&mut self, offset: u32, len: u32) -> bool {
        let page = (offset / PAGE) as usize;
        let fresh = self.flags[page] & CODE == 0;
        self.flags[page] |= CODE;
        self.code[page] |= pieces(offset, len);
        fresh
    }

    /// Sets which pieces of 64 bytes of a backing page still hold decoded code.
    pub fn set_code(&mut self, offset: u32, pieces: u64) {
        let page = (offset / PAGE) as usize;
        self.code[page] = pieces;
        if pieces == 0 {
            self.flags[page] &= !CODE;
        }
    }

    /// A write that hit decoded code and was not taken yet, as (backing offset, length).
    pub fn take_code_write(&mut self) -> Option<(u32, u32)> {
        self.code_writes.pop()
    }

    /// Whether [`Memory::take_code_write`] would give anything.
    pub fn has_code_writes(&self) -> bool {
        !self.code_writes.is_empty()
    }

    /// Begins or ends noting what bus masters do.
    pub fn log_masters(&mut self, on: bool) {
        self.masters = on.then(|| self.masters.take().unwrap_or_default());
    }

    /// Whether bus masters did anything since the last [`Memory::take_transfers`].
    pub fn has_transfers(&self) -> bool {
        self.masters.as_ref().is_some_and(|log| !log.borrow().is_empty())
    }

    /// What bus masters did since the last call.
    pub fn take_transfers(&mut self) -> Vec<Transfer> {
        self.masters.as_ref().map_or(Vec::new(), |log| log.take())
    }

    fn note_transfer(&self, phys: u64, len: usize, write: bool) {
        if let Some(log) = &self.masters
            && let Some(more) = (len as u64).checked_sub(1)
        {
            let mut log = log.borrow_mut();
            if log.len() < MOST_TRANSFERS {
                log.push(Transfer { first: phys, last: phys.wrapping_add(more), write });
            }
        }
    }

    /// Reads physical memory as a bus master does; what is not RAM or ROM reads as FFh.
    pub fn read(&self, phys: u64, buf: &mut [u8]) {
        self.note_transfer(phys, buf.len(), false);
        self.peek(phys, buf);
    }

    /// As [`Memory::read`], unnoticed.
    pub fn peek(&self, phys: u64, buf: &mut [u8]) {
        for_pages(phys, buf.len(), |phys, range| {
            let part = &mut buf[range];
            match self.map.resolve(phys).read {
                Target::Ram(offset) => part.copy_from_slice(self.ram.slice(offset, part.len() as u32)),
                _ => part.fill(0xFF),
            }
        });
    }

    /// Writes physical memory as a bus master does; what is not RAM swallows the bytes.
    pub fn write(&mut self, phys: u64, data: &[u8]) {
        self.note_transfer(phys, data.len(), true);
        for_pages(phys, data.len(), |phys, range| {
            let part = &data[range];
            if let Target::Ram(offset) = self.map.resolve(phys).write {
                self.note_write(offset, part.len() as u32);
                self.ram.slice_mut(offset, part.len() as u32).copy_from_slice(part);
            }
        });
    }
}

/// The pieces of 64 bytes of a page that `len` bytes touch.
fn pieces(offset: u32, len: u32) -> u64 {
    let first = offset % PAGE / 64;
    let last = (offset % PAGE + len.max(1) - 1).min(PAGE - 1) / 64;
    (u64::MAX >> (63 - last)) & (u64::MAX << first)
}

/// Cuts `len` bytes from `phys` on into pieces that stay within a page: `f(physical address, range of the buffer)`.
fn for_pages(phys: u64, len: usize, mut f: impl FnMut(u64, std::ops::Range<usize>)) {
    let mut done = 0;
    while done < len {
        let at = phys.wrapping_add(done as u64);
        let room = (u64::from(PAGE) - at % u64::from(PAGE)) as usize;
        let piece = room.min(len - done);
        f(at, done..done + piece);
        done += piece;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bus_masters_cross_pages_and_miss_what_is_not_there() {
        let mut m = Memory::new(2 * PAGE, PAGE);
        m.write(u64::from(PAGE) - 2, &[1, 2, 3, 4]);
        let mut back = [0; 4];
        m.read(u64::from(PAGE) - 2, &mut back);
        assert_eq!(back, [1, 2, 3, 4]);
        m.write(2 * u64::from(PAGE) - 1, &[9, 9]);
        m.read(2 * u64::from(PAGE) - 1, &mut back);
        assert_eq!(back, [9, 0xFF, 0xFF, 0xFF]);
        assert_eq!(m.flags(0) & DIRTY, DIRTY);
    }

    #[test]
    fn writes_that_hit_code_are_queued() {
        let mut m = Memory::new(2 * PAGE, 0);
        m.write(5, &[1]);
        assert!(!m.has_code_writes());
        assert!(m.mark_code(PAGE + 120, 20));
        assert!(!m.mark_code(PAGE, 1));
        m.write(u64::from(PAGE) + 192, &[1, 2]);
        assert!(!m.has_code_writes());
        m.write(u64::from(PAGE) + 191, &[1]);
        assert_eq!(m.take_code_write(), Some((PAGE + 191, 1)));
        m.set_code(PAGE, 0);
        assert_eq!((m.take_code_write(), m.flags(PAGE)), (None, DIRTY));
        m.write(u64::from(PAGE) + 130, &[1, 2]);
        assert!(!m.has_code_writes());
    }

    #[test]
    fn a_rom_is_read_but_not_written() {
        let mut m = Memory::new(PAGE, 0);
        let offset = m.add_rom(&[7; 10]).unwrap();
        m.map.place(Layer::Rom, 0xF_0000, 1, Mapping { read: Target::Ram(offset), write: Target::Open });
        m.write(0xF000_0000, &[1]);
        let mut b = [0; 11];
        m.read(0xF000_0000, &mut b);
        assert_eq!(b, [7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 0xFF]);
        assert!(m.add_rom(&vec![0; ROM_AREA as usize]).is_none());
    }
}
