//! Paging: the walk of the tables in memory and what it lets pass (SDM vol. 3A, chapter 4).

use super::cpu::Cpu;
use super::exception::{Exception, vector};
use super::regs::{cr0, cr4};
use super::tlb::{Access, Place};
use crate::mem::{CODE, DIRTY, Target};

/// Bits of page-table entries, and of the page fault's error code.
pub mod spec {
    /// Present.
    pub const P: u64 = 1 << 0;
    /// Writable.
    pub const RW: u64 = 1 << 1;
    /// User.
    pub const US: u64 = 1 << 2;
    /// Accessed.
    pub const A: u64 = 1 << 5;
    /// Dirty.
    pub const D: u64 = 1 << 6;
    /// Page size.
    pub const PS: u64 = 1 << 7;
    /// Global.
    pub const G: u64 = 1 << 8;
    /// Execute disable (PAE).
    pub const NX: u64 = 1 << 63;
    /// Physical address bits of this CPU.
    pub const MAXPHYADDR: u32 = 36;
    /// PAE entry bits that must be zero: MAXPHYADDR to 62.
    pub const PAE_RESERVED: u64 = (1 << 63) - (1 << MAXPHYADDR);
    /// PDPTE bits that must be zero.
    pub const PDPTE_RESERVED: u64 = PAE_RESERVED | NX | 0x1E6;
    /// Address bits of a PAE entry.
    pub const PAE_ADDRESS: u64 = (1 << MAXPHYADDR) - (1 << 12);
    /// IA32_EFER.NXE.
    pub const NXE: u64 = 1 << 11;
    /// Error code: the page was present.
    pub const CODE_P: u16 = 1 << 0;
    /// Error code: a write.
    pub const CODE_W: u16 = 1 << 1;
    /// Error code: in user mode.
    pub const CODE_U: u16 = 1 << 2;
    /// Error code: a reserved bit was set.
    pub const CODE_RSVD: u16 = 1 << 3;
    /// Error code: an instruction fetch.
    pub const CODE_I: u16 = 1 << 4;
}
use spec::*;

/// An entry on the way, where it is and how wide.
#[derive(Clone, Copy)]
struct Entry {
    at: u64,
    value: u64,
    wide: bool,
}

/// Result of a walk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Translation {
    /// Physical address, before the A20 gate.
    pub phys: u64,
    /// Stays over a CR3 load.
    pub global: bool,
    /// Part of a page of 2 or 4 MiB.
    pub large: bool,
}

impl Cpu {
    /// Translates one linear address, sets A and D bits, or makes the page fault (and sets CR2).
    pub fn walk(&mut self, linear: u32, access: Access, user: bool) -> Result<Translation, Exception> {
        if self.st.cr0 & cr0::PG == 0 {
            return Ok(Translation { phys: u64::from(linear), global: false, large: false });
        }
        self.walk_tables(linear, access, user).map_err(|code| {
            self.st.cr2 = linear;
            let nx_on = self.st.cr4 & cr4::PAE != 0 && self.st.msr.efer & NXE != 0;
            let mut code = code;
            code |= if access == Access::Write { CODE_W } else { 0 };
            code |= if user { CODE_U } else { 0 };
            code |= if access == Access::Execute && nx_on { CODE_I } else { 0 };
            Exception::code(vector::PF, code)
        })
    }

    fn walk_tables(&mut self, linear: u32, access: Access, user: bool) -> Result<Translation, u16> {
        let pae = self.st.cr4 & cr4::PAE != 0;
        let directory = if pae { self.pae_directory(linear)? } else { self.legacy_directory(linear)? };
        let large = directory.value & PS != 0 && (pae || self.st.cr4 & cr4::PSE != 0);
        if large {
            let (offset_bits, reserved) = if pae { (21, 0x1F_E000) } else { (22, 0x3F_E000) };
            if directory.value & reserved != 0 {
                return Err(CODE_P | CODE_RSVD);
            }
            self.check(directory.value, access, user)?;
            self.mark(directory, access == Access::Write);
            let within = (1u64 << offset_bits) - 1;
            let base = directory.value & PAE_ADDRESS & !within;
            let found = self.translation(base | u64::from(linear) & within, directory.value);
            return Ok(Translation { large: true, ..found });
        }
        let index = if pae { linear >> 12 & 0x1FF } else { linear >> 12 & 0x3FF };
        let table = self.read_entry(directory.value & PAE_ADDRESS, index, pae)?;
        // Writable and user only if both say so; not executable if either says so.
        let combined = directory.value & table.value & (RW | US) | (directory.value | table.value) & NX;
        self.check(combined, access, user)?;
        self.mark(directory, false);
        self.mark(table, access == Access::Write);
        Ok(self.translation(table.value & PAE_ADDRESS | u64::from(linear & 0xFFF), table.value))
    }

    fn translation(&self, phys: u64, leaf: u64) -> Translation {
        Translation { phys, global: leaf & G != 0 && self.st.cr4 & cr4::PGE != 0, large: false }
    }

    fn legacy_directory(&mut self, linear: u32) -> Result<Entry, u16> {
        self.read_entry(u64::from(self.st.cr3 & !0xFFF), linear >> 22, false)
    }

    fn pae_directory(&mut self, linear: u32) -> Result<Entry, u16> {
        let pdpte = self.st.pdpte[(linear >> 30) as usize];
        if pdpte & P == 0 {
            return Err(0);
        }
        self.read_entry(pdpte & PAE_ADDRESS, linear >> 21 & 0x1FF, true)
    }

    fn read_entry(&mut self, table: u64, index: u32, wide: bool) -> Result<Entry, u16> {
        let at = table + u64::from(index) * if wide { 8 } else { 4 };
        let value = if wide { self.read_phys_u64(at) } else { u64::from(self.read_phys_u32(at)) };
        if value & P == 0 {
            return Err(0);
        }
        let reserved = match (wide, self.st.msr.efer & NXE != 0) {
            (false, _) => 0,
            (true, true) => PAE_RESERVED,
            (true, false) => PAE_RESERVED | NX,
        };
        if value & reserved != 0 { Err(CODE_P | CODE_RSVD) } else { Ok(Entry { at, value, wide }) }
    }

    fn check(&self, rights: u64, access: Access, user: bool) -> Result<(), u16> {
        let read_only = rights & RW == 0;
        let denied = user && rights & US == 0
            || access == Access::Write && read_only && (user || self.st.cr0 & cr0::WP != 0)
            || access == Access::Execute && rights & NX != 0;
        if denied { Err(CODE_P) } else { Ok(()) }
    }

    fn mark(&mut self, entry: Entry, dirty: bool) {
        let wanted = entry.value | A | if dirty { D } else { 0 };
        if wanted == entry.value {
            return;
        }
        let at = self.bus.cx.mem.gate_a20(entry.at);
        let bytes = wanted.to_le_bytes();
        self.bus.cx.mem.write(at, &bytes[..if entry.wide { 8 } else { 4 }]);
        self.notice_code_writes();
        self.probe_masters();
    }

    /// Reads a doubleword of physical memory as the CPU's own table walks do.
    pub fn read_phys_u32(&self, phys: u64) -> u32 {
        let phys = self.bus.cx.mem.gate_a20(phys);
        // Main memory above 1 MiB is never covered by anything.
        if phys >= 0x10_0000 && phys + 4 <= u64::from(self.bus.cx.mem.ram_bytes()) {
            return u32::from_le_bytes(self.bus.cx.mem.ram.read(phys as u32));
        }
        let mut b = [0; 4];
        self.bus.cx.mem.peek(phys, &mut b);
        u32::from_le_bytes(b)
    }

    fn read_phys_u64(&self, phys: u64) -> u64 {
        u64::from(self.read_phys_u32(phys)) | u64::from(self.read_phys_u32(phys + 4)) << 32
    }

    /// Loads the four PDPTEs from CR3 for PAE paging; #GP(0) if a present one has reserved bits set.
    pub fn load_pdptes(&mut self, cr3: u32) -> Result<(), Exception> {
        let mut loaded = [0; 4];
        for (i, entry) in loaded.iter_mut().enumerate() {
            *entry = self.read_phys_u64(u64::from(cr3 & !31) + 8 * i as u64);
            if *entry & P != 0 && *entry & PDPTE_RESERVED != 0 {
                return Err(Exception::GP0);
            }
        }
        self.st.pdpte = loaded;
        Ok(())
    }

    /// Where a linear address leads, from the TLB or by a walk that fills it.
    pub fn locate(&mut self, linear: u32, access: Access, user: bool) -> Result<Place, Exception> {
        if let Some((place, slow)) = self.tlb.find(linear, access, user) {
            if slow && access == Access::Write {
                self.try_promote(linear, place, user);
            } else if slow && !self.force_slow && !self.page_probed(linear, access, place) {
                self.tlb.promote(linear, access, user);
            }
            return Ok(place);
        }
        let found = self.walk(linear, access, user)?;
        let phys = self.bus.cx.mem.gate_a20(found.phys);
        let mapping = self.bus.cx.mem.map.resolve(phys);
        let target = if access == Access::Write { mapping.write } else { mapping.read };
        let place = match target {
            Target::Ram(offset) => Place::Ram(offset),
            Target::Mmio(_) | Target::Open => Place::Phys(phys),
        };
        let slow = access == Access::Write || self.force_slow || self.page_probed(linear, access, place);
        self.tlb.fill(linear, access, user, place, slow, found.global);
        if found.large {
            self.tlb.note_large(linear);
        }
        if access == Access::Write {
            self.try_promote(linear, place, user);
        }
        Ok(place)
    }

    /// A write entry may take the fast path once its page is dirty, if it holds no code and nobody watches.
    fn try_promote(&mut self, linear: u32, place: Place, user: bool) {
        let Place::Ram(offset) = place else { return };
        let flags = self.bus.cx.mem.flags(offset);
        if flags & CODE == 0 && !self.force_slow && !self.page_probed(linear, Access::Write, place) {
            if flags & DIRTY == 0 {
                self.bus.cx.mem.set_flags(offset, DIRTY);
            }
            self.tlb.promote(linear, Access::Write, user);
        }
    }
}
