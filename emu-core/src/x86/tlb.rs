//! The software TLB. It is part of the architecture here: entries come and go only by what the guest does, never by
//! how the host slices time, so that stale translations are the same on every run.
//!
//! One entry is a u64: the low half is the tag (linear page address, low bits see below), the high half turns a linear
//! address into a backing-store offset by one addition. Entries whose tag has low bits set never match on the fast
//! path but still translate on the slow one.

use super::regs::State;
use serde::{Deserialize, Serialize};

const BITS: u32 = 12;
const ENTRIES: usize = 1 << BITS;
/// Read, write and execute, each for supervisor and user.
const PLANES: usize = 8;
const SIZE: usize = ENTRIES * PLANES;

/// Nothing there.
const INVALID: u32 = 1;
/// Valid, but each access must take the slow path: clean page, code page, watched.
pub const SLOW: u32 = 2;
/// The high half is a physical page address, not an offset: MMIO or nothing.
pub const PHYS: u32 = 4;

/// What an access wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Access {
    /// Data read.
    Read = 0,
    /// Data write.
    Write = 1,
    /// Instruction fetch.
    Execute = 2,
}

/// A translation found on the slow path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Place {
    /// Byte offset in the backing store.
    Ram(u32),
    /// Physical address outside of it.
    Phys(u64),
}

/// All translations.
pub struct Tlb {
    entries: Box<[u64; SIZE]>,
    global: Box<[bool; SIZE]>,
    used: Vec<u16>,
    /// Pieces of 4 MiB, a bit each, in which large pages were translated: INVLPG drops all of a large page.
    large: [u64; 16],
}

impl Default for Tlb {
    fn default() -> Self {
        let entries = vec![u64::from(INVALID); SIZE].into_boxed_slice();
        let global = vec![false; SIZE].into_boxed_slice();
        Self {
            entries: entries.try_into().unwrap_or_else(|_| Box::new([u64::from(INVALID); SIZE])),
            global: global.try_into().unwrap_or_else(|_| Box::new([false; SIZE])),
            used: Vec::new(),
            large: [0; 16],
        }
    }
}

/// The translations of a snapshot: which accesses need care is left out, as it follows from memory and debug registers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedTlb {
    /// Place in the table, entry, whether it is global; by place.
    entries: Vec<(u16, u64, bool)>,
    large: [u64; 16],
}

impl SavedTlb {
    /// Whether every entry stands where its page belongs and leads into `ram` bytes of backing store that may be read,
    /// `writable` of them also written.
    fn is_sound(&self, ram: u32, writable: u32) -> bool {
        self.entries.iter().all(|&(at, entry, _)| {
            let (at, tag, value) = (usize::from(at), entry as u32, (entry >> 32) as u32);
            let placed = at < SIZE && (tag >> 12) as usize & (ENTRIES - 1) == at & (ENTRIES - 1);
            let room = if at >> (BITS + 1) == Access::Write as usize { writable } else { ram };
            let offset = (tag & !0xFFF).wrapping_add(value);
            let leads = tag & 0xFFF == PHYS || tag & 0xFFF == 0 && value & 0xFFF == 0 && offset < room;
            placed && at >> (BITS + 1) <= Access::Execute as usize && leads
        })
    }
}

#[inline(always)]
fn index(linear: u32, access: Access, user: bool) -> usize {
    let plane = (access as usize) * 2 + usize::from(user);
    (plane << BITS | (linear >> 12) as usize & (ENTRIES - 1)) & (SIZE - 1)
}

impl Tlb {
    /// Fast path: the backing offset of `len` bytes at a linear address, if the entry is there, needs no care, and the
    /// access stays in its page.
    #[inline(always)]
    pub fn hit(&self, linear: u32, len: u32, access: Access, user: bool) -> Option<u32> {
        let entry = self.entries[index(linear, access, user)];
        let last_page = linear.wrapping_add(len - 1) & !0xFFF;
        (entry as u32 == last_page).then(|| linear.wrapping_add((entry >> 32) as u32))
    }

    /// Slow path: the translation of one linear address, and whether it is marked [`SLOW`].
    pub fn find(&self, linear: u32, access: Access, user: bool) -> Option<(Place, bool)> {
        let entry = self.entries[index(linear, access, user)];
        let (tag, value) = (entry as u32, (entry >> 32) as u32);
        if tag & INVALID != 0 || (tag ^ linear) & !0xFFF != 0 {
            return None;
        }
        let place = if tag & PHYS != 0 {
            Place::Phys(u64::from(value) << 12 | u64::from(linear & 0xFFF))
        } else {
            Place::Ram(linear.wrapping_add(value))
        };
        Some((place, tag & SLOW != 0))
    }

    /// Enters a translation of the page of `linear`, which `place` gives for `linear` itself.
    pub fn fill(&mut self, linear: u32, access: Access, user: bool, place: Place, slow: bool, global: bool) {
        let at = index(linear, access, user);
        if self.entries[at] as u32 & INVALID != 0 {
            self.used.push(at as u16);
        }
        let mut tag = linear & !0xFFF;
        let value = match place {
            Place::Ram(offset) => offset.wrapping_sub(linear),
            Place::Phys(phys) => {
                tag |= PHYS;
                (phys >> 12) as u32
            }
        };
        if slow {
            tag |= SLOW;
        }
        self.entries[at] = u64::from(value) << 32 | u64::from(tag);
        self.global[at] = global;
    }

    /// Notes that a translation just entered is part of a page of 2 or 4 MiB.
    pub fn note_large(&mut self, linear: u32) {
        self.large[(linear >> 28) as usize] |= 1 << (linear >> 22 & 63);
    }

    /// Lets the fast path take an entry found by [`Tlb::find`].
    pub fn promote(&mut self, linear: u32, access: Access, user: bool) {
        self.entries[index(linear, access, user)] &= !u64::from(SLOW);
    }

    /// Drops all translations, global ones only if `global`.
    pub fn flush(&mut self, global: bool) {
        if global {
            self.large = [0; 16];
        }
        let (entries, flags) = (&mut self.entries, &self.global);
        self.used.retain(|&at| {
            let at = usize::from(at);
            let keep = !global && flags[at];
            if !keep {
                entries[at] = u64::from(INVALID);
            }
            keep
        });
    }

    /// INVLPG: drops the translations of one page, global or not; of all 4 MiB around it if there were large pages.
    pub fn flush_page(&mut self, linear: u32) {
        if self.large[(linear >> 28) as usize] & 1 << (linear >> 22 & 63) != 0 {
            let entries = &mut self.entries;
            self.used.retain(|&at| {
                let entry = &mut entries[usize::from(at)];
                let keep = (*entry as u32 ^ linear) >> 22 != 0;
                if !keep {
                    *entry = u64::from(INVALID);
                }
                keep
            });
            return;
        }
        for access in [Access::Read, Access::Write, Access::Execute] {
            for user in [false, true] {
                let at = index(linear, access, user);
                if (self.entries[at] as u32 ^ linear) & !0xFFF == 0 {
                    self.entries[at] = u64::from(INVALID);
                    self.used.retain(|&u| usize::from(u) != at);
                }
            }
        }
    }

    /// Sends writes to the backing page of `offset` to the slow path, as it now holds code or is clean again.
    pub fn demote_writes_to(&mut self, offset: u32) {
        for &at in &self.used {
            let at = usize::from(at);
            let entry = self.entries[at];
            let (tag, value) = (entry as u32, (entry >> 32) as u32);
            let is_write = at >> (BITS + 1) == Access::Write as usize;
            if is_write && tag & PHYS == 0 && (tag & !0xFFF).wrapping_add(value) == offset & !0xFFF {
                self.entries[at] |= u64::from(SLOW);
            }
        }
    }

    /// All translations.
    pub fn save(&self) -> SavedTlb {
        let entry = |&at: &u16| {
            let place = usize::from(at);
            (at, self.entries[place] & !u64::from(SLOW), self.global[place])
        };
        let mut entries: Vec<_> = self.used.iter().map(entry).collect();
        entries.sort_unstable();
        SavedTlb { entries, large: self.large }
    }

    /// Puts back what [`Tlb::save`] gave, every access taking the slow path at first; see [`SavedTlb::is_sound`].
    pub fn load(&mut self, saved: &SavedTlb, ram: u32, writable: u32) -> bool {
        if !saved.is_sound(ram, writable) {
            return false;
        }
        self.flush(true);
        for &(at, entry, global) in &saved.entries {
            let place = usize::from(at);
            self.entries[place] = entry | u64::from(SLOW);
            self.global[place] = global;
            self.used.push(at);
        }
        self.large = saved.large;
        true
    }

    /// Sends all writes (or everything, if `all`) to the slow path.
    pub fn demote(&mut self, all: bool) {
        for &at in &self.used {
            let at = usize::from(at);
            if all || at >> (BITS + 1) == Access::Write as usize {
                self.entries[at] |= u64::from(SLOW);
            }
        }
    }
}

/// Whether accesses are made on behalf of user code: what the U/S bit of page tables is held against.
#[inline(always)]
pub fn is_user(state: &State) -> bool {
    state.cpl == 3
}
