//! Segments: what a register holds, and what loading a selector would make of it.

use super::Inspector;
use super::descriptor::type_text;
use super::fault::Fault;
use crate::x86::exception::Exception;
use crate::x86::regs::{Segment, attr, seg};
use crate::x86::segmentation::{Descriptor, is_null};
use crate::x86::tlb::Access;
use serde::Serialize;

/// A segment register with its hidden part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SegmentDetail {
    /// `es` to `gs`, `ldtr`, `tr`.
    pub name: &'static str,
    /// Visible selector.
    pub selector: u16,
    /// The selector taken apart; empty in real and virtual-8086 mode.
    #[serde(rename = "selectorText")]
    pub selector_text: String,
    /// Linear base.
    pub base: u32,
    /// Limit in bytes.
    pub limit: u32,
    /// Descriptor bits 40-55.
    pub attributes: u16,
    /// Type in words.
    #[serde(rename = "type")]
    pub kind: String,
    /// Descriptor privilege level.
    pub dpl: u8,
    /// P.
    pub present: bool,
    /// G.
    pub granular: bool,
    /// D or B.
    pub big: bool,
    /// Offsets that are inside.
    pub range: String,
}

/// Names of the segment registers in encoding order.
pub(super) const NAMES: [&str; 8] = ["es", "cs", "ss", "ds", "fs", "gs", "ldtr", "tr"];

/// A selector taken apart.
pub(super) fn selector_text(selector: u16) -> String {
    let table = if selector & 4 != 0 { "LDT" } else { "GDT" };
    let null = if is_null(selector) { ", null" } else { "" };
    format!("{table} {}, RPL {}{null}", selector >> 3, selector & 3)
}

/// Offsets that a segment has.
fn range(s: &Segment) -> String {
    let down = s.attr & attr::S != 0 && s.attr & attr::CODE == 0 && s.attr & attr::DC != 0;
    if s.attr & attr::P == 0 {
        return String::new();
    }
    if !down {
        return format!("0-{:X}", s.limit);
    }
    let top = if s.is_32() { u32::MAX } else { 0xFFFF };
    match s.limit.checked_add(1).filter(|&first| first <= top) {
        Some(first) => format!("{first:X}-{top:X}"),
        None => String::new(),
    }
}

/// A segment in full.
pub(super) fn detail(name: &'static str, s: &Segment, real: bool) -> SegmentDetail {
    let usable = s.attr & attr::P != 0;
    SegmentDetail {
        name,
        selector: s.selector,
        selector_text: if real { String::new() } else { selector_text(s.selector) },
        base: s.base,
        limit: s.limit,
        attributes: s.attr,
        kind: if usable { type_text(s.kind(), s.is_32()) } else { "unusable".into() },
        dpl: s.dpl(),
        present: usable,
        granular: s.attr & attr::G != 0,
        big: s.is_32(),
        range: range(s),
    }
}

/// What loading a selector found.
#[derive(Clone, Debug)]
pub struct Load {
    /// The entry, where the table has one and it can be read.
    pub descriptor: Option<Descriptor>,
    /// The register's new contents, or why it is not loaded.
    pub result: Result<Segment, Fault>,
}

const LOADS: &str = "SDM vol. 3A, 5.6";
const JUMPS: &str = "SDM vol. 3A, 5.8.1";

impl Inspector<'_> {
    /// Bytes at a linear address read as the CPU reads system structures: at most 8, with supervisor rights.
    pub(super) fn system_read(&self, linear: u32, len: u32) -> Result<u64, Fault> {
        let mut value = 0;
        for i in (0..len).rev() {
            value = value << 8 | u64::from(self.system_byte(linear, i)?);
        }
        Ok(value)
    }

    /// Byte `i` of a structure. The first page is asked first, as the CPU does.
    fn system_byte(&self, linear: u32, i: u32) -> Result<u8, Fault> {
        self.page_fault(linear, Access::Read, false)?;
        let phys = self.page_fault(linear.wrapping_add(i), Access::Read, false);
        let phys = phys.map_err(|fault| Fault { cr2: Some(linear.wrapping_add(i) & !0xFFF), ..fault })?;
        Ok(self.physical_byte(self.cpu().bus.cx.mem.gate_a20(phys)).unwrap_or(0xFF))
    }

    /// Where a linear address leads, or the page fault.
    pub(super) fn page_fault(&self, linear: u32, access: Access, user: bool) -> Result<u64, Fault> {
        let walk = self.walk(linear, access, user);
        walk.result.map_err(|code| Fault {
            exception: Exception::code(crate::x86::exception::vector::PF, code),
            cr2: Some(linear),
            reason: super::translation::denied_text(&walk, access),
            section: "SDM vol. 3A, 4.7",
        })
    }

    /// The descriptor of a non-null selector.
    pub(super) fn find(&self, selector: u16) -> Result<Descriptor, Fault> {
        let beyond = |why: &str| Fault::new(Exception::gp(selector), why, "SDM vol. 3A, 3.5.1");
        let (base, limit) =
            self.table_of(selector).ok_or_else(|| beyond("the selector is of the LDT, and there is none"))?;
        if u32::from(selector | 7) > limit {
            return Err(beyond("the selector's index is beyond the table's limit"));
        }
        let linear = base.wrapping_add(u32::from(selector & !7));
        Ok(Descriptor { linear, raw: self.system_read(linear, 8)? })
    }

    /// Loading a segment marks its descriptor as accessed, which is a write of its upper doubleword.
    pub(super) fn mark(&self, d: Descriptor) -> Result<Descriptor, Fault> {
        if d.attr() & attr::ACCESSED == 0 {
            let (first, last) = (d.linear.wrapping_add(4), d.linear.wrapping_add(7) & !0xFFF);
            self.page_fault(first, Access::Write, false)?;
            if first & !0xFFF != last {
                self.page_fault(last, Access::Write, false)?;
            }
        }
        Ok(Descriptor { raw: d.raw | 1 << 40, ..d })
    }

    fn real_load(&self, selector: u16, old: &Segment) -> Segment {
        let data = attr::P | attr::S | attr::RW | attr::ACCESSED;
        if self.state().v86() {
            return Segment::real(selector, data | 3 << attr::DPL_SHIFT);
        }
        let keeps = old.attr & attr::P != 0 && (old.attr & attr::DC == 0 || old.attr & attr::CODE != 0);
        let limit = if keeps { old.limit } else { 0xFFFF };
        Segment::new(selector, u32::from(selector) << 4, limit, data | old.attr & (attr::DB | attr::G))
    }

    /// What MOV DS makes of a selector at privilege level `cpl`.
    pub fn data_load(&self, selector: u16, cpl: u8) -> Load {
        if self.state().real_segments() {
            let segment = self.real_load(selector, &self.state().seg[usize::from(seg::DS)]);
            return Load { descriptor: None, result: Ok(segment) };
        }
        if is_null(selector) {
            return Load { descriptor: None, result: Ok(Segment::null(selector)) };
        }
        self.checked_load(selector, |d| {
            let refuse = |why: &str| Err(Fault::new(Exception::gp(selector), why, LOADS));
            let readable = d.is_segment() && (!d.is_code() || d.attr() & attr::RW != 0);
            if !d.is_segment() {
                return refuse("a system descriptor is no data segment");
            }
            if !readable {
                return refuse("code that is execute-only cannot be read as data");
            }
            if !d.is_conforming() && d.dpl() < ((selector & 3) as u8).max(cpl) {
                return refuse("DPL is below the larger of RPL and CPL: too privileged a segment");
            }
            if !d.present() {
                return Err(Fault::new(Exception::np(selector), "the descriptor's P is 0", LOADS));
            }
            Ok(())
        })
    }

    /// What a far jump to an offset in a code segment makes of its selector at privilege level `cpl`. Call gates and
    /// tasks, through which a far jump leads elsewhere, are no code segments.
    pub fn code_load(&self, selector: u16, offset: u32, cpl: u8) -> Load {
        if self.state().real_segments() {
            let segment = self.real_load(selector, &self.state().seg[usize::from(seg::CS)]);
            return Load { descriptor: None, result: Ok(segment) };
        }
        if is_null(selector) {
            let fault = Fault::new(Exception::GP0, "a null selector cannot be loaded into CS", JUMPS);
            return Load { descriptor: None, result: Err(fault) };
        }
        let mut load = self.checked_load(selector, |d| {
            let refuse = |why: &str| Err(Fault::new(Exception::gp(selector), why, JUMPS));
            if !d.is_code() {
                return refuse("the descriptor is no code segment");
            }
            let rpl = (selector & 3) as u8;
            if d.is_conforming() && d.dpl() > cpl {
                return refuse("conforming code with a DPL above CPL");
            }
            if !d.is_conforming() && d.dpl() != cpl {
                return refuse("non-conforming code whose DPL is not CPL");
            }
            if !d.is_conforming() && rpl > cpl {
                return refuse("non-conforming code, and RPL is above CPL");
            }
            if !d.present() {
                return Err(Fault::new(Exception::np(selector), "the descriptor's P is 0", JUMPS));
            }
            if offset > d.limit() {
                let why = format!("EIP {offset:X} is beyond the code segment's limit {:X}", d.limit());
                return Err(Fault::new(Exception::GP0, why, JUMPS));
            }
            Ok(())
        });
        if let Ok(segment) = &mut load.result {
            segment.selector = selector & !3 | u16::from(cpl);
        }
        load
    }

    fn checked_load(&self, selector: u16, check: impl Fn(Descriptor) -> Result<(), Fault>) -> Load {
        let descriptor = match self.find(selector) {
            Ok(descriptor) => descriptor,
            Err(fault) => return Load { descriptor: None, result: Err(fault) },
        };
        let result = check(descriptor).and_then(|()| self.mark(descriptor)).map(|d| d.segment(selector));
        Load { descriptor: Some(descriptor), result }
    }
}
