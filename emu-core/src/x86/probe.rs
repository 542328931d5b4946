//! What a debugger waits for, and what was noticed of it. Nothing here is part of the machine's state: with or without
//! a probe, and however often it has the run loop come back, the machine goes through the same states.
//!
//! Hooks stand only where the slow path was taken already. Execution: an instruction whose address ends in the 12 bits of
//! one waited for is always decoded as the head of a block that the fast look-up does not find. Data: translations of
//! watched pages never reach the fast path.

use super::cpu::{Cpu, attention};
use super::exception::Exception;
use super::paging::spec::{PAE_ADDRESS, PS};
use super::register_names::Watched;
use super::regs::{cr0, cr4, seg};
use super::tlb::{Access, Place};
use crate::mem::PAGE;

/// Notices kept between two looks; what one instruction does beyond them is not reported.
const MOST_NOTICES: usize = 256;

/// What the addresses of watched memory are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WatchedSpace {
    /// Linear addresses.
    Linear,
    /// Physical addresses.
    Physical,
    /// Offsets in the backing store, wherever they are mapped.
    Backing,
}

/// Memory to be watched: bytes `first..=last`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DataRange {
    /// First byte.
    pub first: u64,
    /// Last byte.
    pub last: u64,
    /// What these are.
    pub space: WatchedSpace,
    /// Reads are of interest.
    pub reads: bool,
    /// Writes are of interest.
    pub writes: bool,
}

impl DataRange {
    fn overlaps(&self, first: u64, last: u64) -> bool {
        first <= self.last && self.first <= last
    }
}

/// A range of ports to be watched, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PortRange {
    /// First port.
    pub first: u16,
    /// Last port.
    pub last: u16,
}

/// The frame whose return is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Privilege level.
    pub cpl: u8,
    /// Stack segment.
    pub ss: u16,
    /// A return with the stack pointer here or above it leaves the frame.
    pub sp: u32,
}

/// What is waited for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Linear addresses of instructions, in order.
    pub linear: Vec<u32>,
    /// Physical addresses of instructions.
    pub physical: Vec<u64>,
    /// CS and EIP of instructions.
    pub segmented: Vec<(u16, u32)>,
    /// Linear bases that a selector of `segmented` may have: low 12 bits.
    pub bases: Vec<(u16, u32)>,
    /// Returns out of this frame.
    pub returns: Option<Frame>,
    /// Memory.
    pub data: Vec<DataRange>,
    /// Ports.
    pub ports: Vec<PortRange>,
    /// Interrupts and exceptions.
    pub vectors: bool,
    /// Changes of mode and privilege.
    pub modes: bool,
    /// Writes to control registers.
    pub controls: bool,
    /// Registers whose changes are noticed. All goes by single steps then.
    pub registers: Vec<Watched>,
}

/// Something that happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    /// The next instruction is one that is waited for.
    Execute,
    /// An access to watched memory by the current instruction.
    Data {
        /// Linear address.
        linear: u32,
        /// Physical address.
        physical: Option<u64>,
        /// Bytes.
        len: u32,
        /// Written, or read.
        write: bool,
        /// What was read or written.
        value: u64,
    },
    /// An access to a watched port.
    Port {
        /// Its number.
        port: u16,
        /// Bytes.
        size: u8,
        /// Written, or read.
        write: bool,
        /// What was read or written.
        value: u32,
    },
    /// An interrupt was delivered.
    Interrupt {
        /// Its vector.
        vector: u8,
        /// From outside, not by INT n.
        external: bool,
    },
    /// An exception was raised.
    Exception {
        /// The vector.
        vector: u8,
        /// The error code.
        error: Option<u16>,
    },
    /// The mode or the privilege level may have changed.
    Mode,
    /// A watched register is another than before.
    Register {
        /// Which of those that are watched.
        which: Watched,
        /// Its value before.
        from: u128,
        /// Its value now.
        to: u128,
    },
    /// A control register was written.
    Control {
        /// Its number.
        register: u8,
        /// Its old value.
        from: u32,
        /// Its new value.
        to: u32,
    },
}

/// The instruction that was under way at the first notice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// CS as it was.
    pub cs: u16,
    /// CS's base as it was.
    pub base: u32,
    /// EIP of the instruction, once it is done.
    pub eip: Option<u32>,
}

fn backing_of(place: Place) -> Option<u64> {
    match place {
        Place::Ram(offset) => Some(u64::from(offset)),
        Place::Phys(_) => None,
    }
}

/// The probe itself.
#[derive(Debug, Default)]
pub struct Probe {
    wanted: Wanted,
    /// Low 12 bits of addresses that an instruction waited for may have, a bit each; `None` if none is.
    heads: Option<Box<[u64; 64]>>,
    /// Instruction count and linear address at which execution was noticed already, or was to be passed over.
    passed: Option<(u64, u32)>,
    notices: Vec<Notice>,
    origin: Option<Origin>,
    /// Values of the registers watched, before the instruction under way.
    values: Vec<u128>,
}

impl Probe {
    /// Whether registers are watched.
    #[inline]
    pub fn on_registers(&self) -> bool {
        !self.wanted.registers.is_empty()
    }

    /// What is waited for.
    pub fn wanted(&self) -> &Wanted {
        &self.wanted
    }

    /// Whether returns are waited for: they too are heads of blocks then.
    pub fn wants_returns(&self) -> bool {
        self.wanted.returns.is_some()
    }

    /// Whether an instruction at this offset in its page may be waited for.
    pub fn is_head(&self, at: u32) -> bool {
        self.heads.as_ref().is_some_and(|heads| heads[(at % PAGE / 64) as usize] >> (at % 64) & 1 != 0)
    }

    /// Whether any execution is waited for.
    #[inline]
    pub fn on_execution(&self) -> bool {
        self.heads.is_some()
    }

    /// Whether anything was noticed.
    pub fn has_notices(&self) -> bool {
        !self.notices.is_empty()
    }

    fn note(&mut self, notice: Notice) {
        if self.notices.len() < MOST_NOTICES {
            self.notices.push(notice);
        }
    }

    fn find_heads(wanted: &Wanted) -> Option<Box<[u64; 64]>> {
        let linear = wanted.linear.iter().copied();
        let physical = wanted.physical.iter().map(|&p| p as u32);
        let segmented = wanted.segmented.iter().flat_map(|&(selector, eip)| {
            // Real mode, a base at a page, and those the selector is known to have.
            let known = wanted.bases.iter().filter(move |b| b.0 == selector).map(|b| b.1);
            known.chain([u32::from(selector) << 4, 0]).map(move |base| base.wrapping_add(eip))
        });
        let mut heads = None;
        for address in linear.chain(physical).chain(segmented) {
            let bits = heads.get_or_insert_with(|| Box::new([0u64; 64]));
            bits[(address % PAGE / 64) as usize] |= 1 << (address % 64);
        }
        if wanted.returns.is_some() {
            heads.get_or_insert_with(|| Box::new([0; 64]));
        }
        heads
    }
}

impl Cpu {
    /// Sets what is waited for. True if decoded code must be dropped.
    pub fn set_probe(&mut self, wanted: Wanted) -> bool {
        let heads = Probe::find_heads(&wanted);
        let stale = heads != self.probe.heads || self.probe.wants_returns() != wanted.returns.is_some();
        if wanted.data != self.probe.wanted.data {
            self.tlb.demote(true);
        }
        self.bus.cx.mem.log_masters(!wanted.data.is_empty());
        self.probe_data = !wanted.data.is_empty();
        if !wanted.registers.is_empty() {
            // Has the run loop look up before the next block.
            self.attention |= attention::DEBUG;
        }
        self.probe.wanted = wanted;
        self.probe.heads = heads;
        stale
    }

    /// Has the instruction that comes next executed even if it is waited for.
    pub fn pass_probe(&mut self) {
        self.probe.passed = Some((self.steps, self.linear_ip()));
    }

    /// A repeated instruction was interrupted between two iterations: its next is not another execution of it.
    #[inline]
    pub fn pass_suspended(&mut self) {
        if self.probe.on_execution() {
            self.probe.passed = Some((self.now_steps() + 1, self.linear_ip()));
        }
    }

    /// Remembers the registers that are watched, and where the next instruction is.
    #[cold]
    pub(super) fn before_step(&mut self) -> Origin {
        let values = self.probe.wanted.registers.iter().map(|watched| watched.value(self)).collect();
        self.probe.values = values;
        let cs = &self.st.seg[usize::from(seg::CS)];
        Origin { cs: cs.selector, base: cs.base, eip: Some(self.st.eip) }
    }

    /// Notices which of them are others now.
    #[cold]
    pub(super) fn after_step(&mut self, origin: Origin) {
        let watched = self.probe.wanted.registers.iter().zip(&self.probe.values);
        let changed: Vec<Notice> = watched
            .map(|(which, from)| (*which, *from, which.value(self)))
            .filter(|(_, from, to)| from != to)
            .map(|(which, from, to)| Notice::Register { which, from, to })
            .collect();
        if !changed.is_empty() {
            self.probe.origin.get_or_insert(origin);
            changed.into_iter().for_each(|notice| self.probe.note(notice));
            self.attention |= attention::PROBE;
        }
    }

    /// Linear address of the next instruction.
    pub fn linear_ip(&self) -> u32 {
        self.st.seg[usize::from(seg::CS)].base.wrapping_add(self.st.eip)
    }

    /// What was noticed since the last call, and by which instruction.
    pub fn take_notices(&mut self) -> (Vec<Notice>, Option<Origin>) {
        self.attention &= !attention::PROBE;
        (std::mem::take(&mut self.probe.notices), self.probe.origin.take())
    }

    #[cold]
    fn notice(&mut self, notice: Notice) {
        let cs = &self.st.seg[usize::from(seg::CS)];
        let here = Origin { cs: cs.selector, base: cs.base, eip: None };
        self.probe.origin.get_or_insert(here);
        self.probe.note(notice);
        self.attention |= attention::PROBE;
    }

    /// Completes the origin of notices with the EIP of the instruction that is done.
    #[cold]
    pub fn sign_notices(&mut self, eip: u32) {
        if let Some(origin) = &mut self.probe.origin {
            origin.eip.get_or_insert(eip);
        }
    }

    /// Whether the next instruction is waited for; notices it, once. Nothing is fetched for that, as a fetch may leave
    /// traces in page tables.
    #[cold]
    pub fn probe_execution(&mut self) -> bool {
        let linear = self.linear_ip();
        let here = (self.steps, linear);
        if self.probe.passed == Some(here) || !self.executes_wanted(linear) {
            return false;
        }
        self.probe.passed = Some(here);
        self.probe.note(Notice::Execute);
        self.attention |= attention::PROBE;
        true
    }

    fn executes_wanted(&self, linear: u32) -> bool {
        let wanted = &self.probe.wanted;
        let segmented = |&(selector, eip): &(u16, u32)| {
            self.st.eip == eip && self.st.seg[usize::from(seg::CS)].selector == selector
        };
        wanted.linear.binary_search(&linear).is_ok()
            || wanted.segmented.iter().any(segmented)
            || wanted.returns.is_some_and(|frame| self.may_leave(frame))
            || wanted.physical.iter().any(|&p| (p as u32 ^ linear).is_multiple_of(PAGE))
                && self.peek_gated(linear).is_some_and(|phys| wanted.physical.contains(&phys))
    }

    fn may_leave(&self, frame: Frame) -> bool {
        self.st.cpl == frame.cpl
            && self.st.seg[usize::from(seg::SS)].selector == frame.ss
            && self.sp() >= frame.sp
    }

    /// Physical address behind a linear one after the A20 gate.
    fn peek_gated(&self, linear: u32) -> Option<u64> {
        self.peek(linear).map(|phys| self.bus.cx.mem.gate_a20(phys))
    }

    /// Physical address of a linear one by the tables in memory, before the A20 gate; without rights, and without marking
    /// anything.
    pub fn peek(&self, linear: u32) -> Option<u64> {
        if self.st.cr0 & cr0::PG == 0 {
            return Some(u64::from(linear));
        }
        let pae = self.st.cr4 & cr4::PAE != 0;
        let entry = |table: u64, index: u32| {
            let at = table + u64::from(index) * if pae { 8 } else { 4 };
            let high = if pae { u64::from(self.read_phys_u32(at + 4)) << 32 } else { 0 };
            Some(u64::from(self.read_phys_u32(at)) | high).filter(|entry| entry & 1 != 0)
        };
        let (table, bits) = if pae {
            (Some(self.st.pdpte[(linear >> 30) as usize]).filter(|e| e & 1 != 0)? & PAE_ADDRESS, 21)
        } else {
            (u64::from(self.st.cr3 & !0xFFF), 22)
        };
        let directory = entry(table, if pae { linear >> 21 & 0x1FF } else { linear >> 22 })?;
        if directory & PS != 0 && (pae || self.st.cr4 & cr4::PSE != 0) {
            let within = (1u64 << bits) - 1;
            return Some(directory & PAE_ADDRESS & !within | u64::from(linear) & within);
        }
        let mask = if pae { 0x1FF } else { 0x3FF };
        Some(entry(directory & PAE_ADDRESS, linear >> 12 & mask)? & PAE_ADDRESS | u64::from(linear & 0xFFF))
    }

    /// Whether accesses of a page must stay on the slow path.
    #[inline]
    pub(super) fn page_probed(&self, linear: u32, access: Access, place: Place) -> bool {
        self.probe_data && access != Access::Execute && self.page_watched(linear, place)
    }

    #[cold]
    fn page_watched(&self, linear: u32, place: Place) -> bool {
        let first = u64::from(linear & !0xFFF);
        let physical = || self.physical_of(linear, place).map(|p| p & !0xFFF);
        self.probe.wanted.data.iter().any(|range| {
            let page = match range.space {
                WatchedSpace::Linear => Some(first),
                WatchedSpace::Physical => physical(),
                WatchedSpace::Backing => backing_of(place).map(|at| at & !0xFFF),
            };
            page.is_some_and(|page| range.overlaps(page, page + u64::from(PAGE) - 1))
        })
    }

    fn physical_of(&self, linear: u32, place: Place) -> Option<u64> {
        match place {
            Place::Phys(phys) => Some(phys),
            Place::Ram(_) => self.peek_gated(linear),
        }
    }

    /// An access on the slow path that stays within its page.
    #[inline]
    pub(super) fn probe_data(&mut self, linear: u32, len: u32, place: Place, access: Access, value: u64) {
        if self.probe_data {
            self.notice_data(linear, len, place, access == Access::Write, value);
        }
    }

    #[cold]
    fn notice_data(&mut self, linear: u32, len: u32, place: Place, write: bool, value: u64) {
        let physical = self.physical_of(linear, place);
        let hit = self.probe.wanted.data.iter().any(|range| {
            let first = match range.space {
                WatchedSpace::Linear => Some(u64::from(linear)),
                WatchedSpace::Physical => physical,
                WatchedSpace::Backing => backing_of(place),
            };
            let kind = if write { range.writes } else { range.reads };
            kind && first.is_some_and(|first| range.overlaps(first, first + u64::from(len) - 1))
        });
        if hit {
            self.notice(Notice::Data { linear, physical, len, write, value });
        }
    }

    /// A bus master, or the page walk, may have touched watched memory.
    #[inline]
    pub(super) fn probe_masters(&mut self) {
        if self.probe_data {
            self.attention |= attention::PROBE;
        }
    }

    /// A port access.
    #[inline]
    pub(super) fn probe_port(&mut self, port: u16, size: u8, write: bool, value: u32) {
        if !self.probe.wanted.ports.is_empty() {
            let last = port.saturating_add(u16::from(size) - 1);
            if self.probe.wanted.ports.iter().any(|range| port <= range.last && range.first <= last) {
                self.notice(Notice::Port { port, size, write, value });
            }
        }
    }

    /// An interrupt that was delivered.
    pub(super) fn probe_interrupt(&mut self, vector: u8, external: bool) {
        if self.probe.wanted.vectors {
            self.notice(Notice::Interrupt { vector, external });
        }
    }

    /// An exception about to be delivered; EIP is that of its instruction (after it, for a trap).
    pub(super) fn probe_exception(&mut self, exception: Exception) {
        if self.probe.wanted.vectors {
            self.notice(Notice::Exception { vector: exception.vector(), error: exception.error_code() });
            self.sign_notices(self.st.eip);
        }
    }

    /// Something that the mode follows from changed.
    #[inline]
    pub(super) fn probe_mode(&mut self) {
        if self.probe.wanted.modes {
            self.notice(Notice::Mode);
        }
    }

    /// A control register was written.
    #[inline]
    pub(super) fn probe_control(&mut self, register: u8, from: u32, to: u32) {
        if self.probe.wanted.controls {
            self.notice(Notice::Control { register, from, to });
        }
    }
}
