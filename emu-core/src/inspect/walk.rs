//! The walk through the page tables, step by step and without a mark left behind: what [`Cpu::walk`] does, told.
//!
//! [`Cpu::walk`]: crate::x86::Cpu::walk

use super::Inspector;
use crate::x86::paging::spec::*;
use crate::x86::regs::{cr0, cr4};
use crate::x86::tlb::Access;

/// Which structure an entry is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// A page-directory-pointer entry, as loaded with CR3.
    Pdpte,
    /// A page-directory entry that leads to a table.
    Pde,
    /// A page-directory entry that maps a page of 2 or 4 MiB.
    LargePde,
    /// A page-table entry.
    Pte,
}

/// An entry that was looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What it is.
    pub level: Level,
    /// Physical address, before the A20 gate; index of the register for a PDPTE.
    pub at: u64,
    /// Contents.
    pub value: u64,
    /// Eight bytes (PAE), not four.
    pub wide: bool,
}

/// What stopped a walk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Denied {
    /// The last entry's P is 0.
    NotPresent,
    /// The last entry has reserved bits set.
    Reserved,
    /// User code, and an entry is the supervisor's.
    Supervisor,
    /// A write, and an entry is read-only.
    ReadOnly,
    /// A fetch, and an entry has XD set.
    NoExecute,
}

/// A walk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Walk {
    /// Entries in the order they are read.
    pub entries: Vec<Entry>,
    /// Physical address before the A20 gate, or the page fault's error code.
    pub result: Result<u64, u16>,
    /// Why there is a fault.
    pub denied: Option<Denied>,
    /// Where the tables lead whatever the rights, if they lead anywhere.
    pub reached: Option<u64>,
}

impl Walk {
    /// After a walk that ended at an entry which maps nothing: for how many bytes from a linear address on that entry
    /// speaks.
    pub(super) fn absent_from(&self, linear: u32) -> usize {
        let span = match self.entries.last() {
            Some(Entry { level: Level::Pdpte, .. }) => 1u64 << 30,
            Some(Entry { level: Level::Pde | Level::LargePde, wide: true, .. }) => 1 << 21,
            Some(Entry { level: Level::Pde | Level::LargePde, wide: false, .. }) => 1 << 22,
            _ => u64::from(crate::mem::PAGE),
        };
        (span - u64::from(linear) % span) as usize
    }
}

impl Inspector<'_> {
    /// Whether execute-disable bits count.
    pub(super) fn nx_enabled(&self) -> bool {
        self.state().cr4 & cr4::PAE != 0 && self.state().msr.efer & NXE != 0
    }

    /// Whether PAE paging is what paging would be.
    pub(super) fn pae(&self) -> bool {
        self.state().cr4 & cr4::PAE != 0
    }

    /// An entry of a paging structure in memory.
    pub(super) fn entry(&self, at: u64, wide: bool) -> u64 {
        let low = u64::from(self.cpu().read_phys_u32(at));
        if wide { low | u64::from(self.cpu().read_phys_u32(at + 4)) << 32 } else { low }
    }

    /// Bits of an entry that must be zero.
    pub(super) fn reserved_bits(&self, level: Level, wide: bool) -> u64 {
        let in_all = match (wide, self.nx_enabled()) {
            (false, _) => 0,
            (true, true) => PAE_RESERVED,
            (true, false) => PAE_RESERVED | NX,
        };
        match (level, wide) {
            (Level::Pdpte, _) => PDPTE_RESERVED,
            (Level::LargePde, true) => in_all | 0x1F_E000,
            (Level::LargePde, false) => 0x3F_E000,
            _ => in_all,
        }
    }

    /// Follows the tables for one linear address.
    pub fn walk(&self, linear: u32, access: Access, user: bool) -> Walk {
        let mut walk = Walk { entries: Vec::new(), result: Err(0), denied: None, reached: None };
        if self.state().cr0 & cr0::PG == 0 {
            walk.reached = Some(u64::from(linear));
            walk.result = Ok(u64::from(linear));
            return walk;
        }
        walk.denied = self.follow(&mut walk, linear, access, user);
        walk.result = match (walk.denied, walk.reached) {
            (None, Some(phys)) => Ok(phys),
            (denied, _) => Err(self.error_code(denied, access, user)),
        };
        walk
    }

    /// The page fault's error code (SDM vol. 3A, 4.7).
    fn error_code(&self, denied: Option<Denied>, access: Access, user: bool) -> u16 {
        let mut code = match denied {
            Some(Denied::NotPresent) | None => 0,
            Some(Denied::Reserved) => CODE_P | CODE_RSVD,
            Some(_) => CODE_P,
        };
        code |= if access == Access::Write { CODE_W } else { 0 };
        code |= if user { CODE_U } else { 0 };
        code | if access == Access::Execute && self.nx_enabled() { CODE_I } else { 0 }
    }

    fn follow(&self, walk: &mut Walk, linear: u32, access: Access, user: bool) -> Option<Denied> {
        let pae = self.pae();
        let table = if pae {
            let index = linear >> 30;
            let value = self.state().pdpte[index as usize];
            walk.entries.push(Entry { level: Level::Pdpte, at: u64::from(index), value, wide: true });
            if value & P == 0 {
                return Some(Denied::NotPresent);
            }
            value & PAE_ADDRESS
        } else {
            u64::from(self.state().cr3 & !0xFFF)
        };
        let at = if pae { u64::from(linear >> 21 & 0x1FF) * 8 } else { u64::from(linear >> 22) * 4 };
        let directory = self.read_entry(walk, table + at, Level::Pde);
        if let Some(denied) = self.unusable(directory) {
            return Some(denied);
        }
        if directory.level == Level::LargePde {
            let within = if pae { 0x1F_FFFF } else { 0x3F_FFFF };
            walk.reached = Some(directory.value & PAE_ADDRESS & !within | u64::from(linear) & within);
            return self.refused(directory.value, access, user);
        }
        let index =
            if pae { u64::from(linear >> 12 & 0x1FF) * 8 } else { u64::from(linear >> 12 & 0x3FF) * 4 };
        let entry = self.read_entry(walk, (directory.value & PAE_ADDRESS) + index, Level::Pte);
        if let Some(denied) = self.unusable(entry) {
            return Some(denied);
        }
        walk.reached = Some(entry.value & PAE_ADDRESS | u64::from(linear & 0xFFF));
        let both = directory.value & entry.value & (RW | US) | (directory.value | entry.value) & NX;
        self.refused(both, access, user)
    }

    fn read_entry(&self, walk: &mut Walk, at: u64, level: Level) -> Entry {
        let wide = self.pae();
        let value = self.entry(at, wide);
        let large = level == Level::Pde && value & PS != 0 && (wide || self.state().cr4 & cr4::PSE != 0);
        let entry = Entry { level: if large { Level::LargePde } else { level }, at, value, wide };
        walk.entries.push(entry);
        entry
    }

    fn unusable(&self, entry: Entry) -> Option<Denied> {
        if entry.value & P == 0 {
            return Some(Denied::NotPresent);
        }
        (entry.value & self.reserved_bits(entry.level, entry.wide) != 0).then_some(Denied::Reserved)
    }

    fn refused(&self, rights: u64, access: Access, user: bool) -> Option<Denied> {
        let protects = user || self.state().cr0 & cr0::WP != 0;
        if user && rights & US == 0 {
            Some(Denied::Supervisor)
        } else if access == Access::Write && rights & RW == 0 && protects {
            Some(Denied::ReadOnly)
        } else if access == Access::Execute && rights & NX != 0 {
            Some(Denied::NoExecute)
        } else {
            None
        }
    }
}
