//! Task state segments, of 16 and 32 bits (SDM vol. 3A, 8.2.1 and 8.6).

use super::Inspector;
use super::segment::selector_text;
use crate::bus::view::RegisterView;
use crate::x86::regs::{attr, seg};
use crate::x86::segmentation::system;
use serde::Serialize;

/// A TSS.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TssView {
    /// Its selector.
    pub selector: u16,
    /// Linear base.
    pub base: u32,
    /// Last valid byte.
    pub limit: u32,
    /// 16 or 32.
    pub width: u8,
    /// The busy bit.
    pub busy: bool,
    /// Fields in order of their offset, which is their address.
    pub fields: Vec<RegisterView>,
    /// Ports that the permission map opens.
    pub ports: Vec<PortRange>,
    /// What is worth knowing of it.
    pub notes: Vec<String>,
}

/// Ports from `first` to `last`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct PortRange {
    /// First port.
    pub first: u16,
    /// Last port.
    pub last: u16,
}

/// Offset, width, name, title.
type Row = (u32, u8, &'static str, &'static str);

const FIELDS_32: &[Row] = &[
    (0x00, 16, "link", "selector of the task before"),
    (0x04, 32, "ESP0", "stack for CPL 0"),
    (0x08, 16, "SS0", "stack for CPL 0"),
    (0x0C, 32, "ESP1", "stack for CPL 1"),
    (0x10, 16, "SS1", "stack for CPL 1"),
    (0x14, 32, "ESP2", "stack for CPL 2"),
    (0x18, 16, "SS2", "stack for CPL 2"),
    (0x1C, 32, "CR3", "page tables"),
    (0x20, 32, "EIP", "where it goes on"),
    (0x24, 32, "EFLAGS", "flags"),
    (0x28, 32, "EAX", ""),
    (0x2C, 32, "ECX", ""),
    (0x30, 32, "EDX", ""),
    (0x34, 32, "EBX", ""),
    (0x38, 32, "ESP", ""),
    (0x3C, 32, "EBP", ""),
    (0x40, 32, "ESI", ""),
    (0x44, 32, "EDI", ""),
    (0x48, 16, "ES", ""),
    (0x4C, 16, "CS", ""),
    (0x50, 16, "SS", ""),
    (0x54, 16, "DS", ""),
    (0x58, 16, "FS", ""),
    (0x5C, 16, "GS", ""),
    (0x60, 16, "LDT", "selector of its LDT"),
    (0x64, 16, "T", "bit 0: #DB when it is switched to"),
    (0x66, 16, "I/O map", "offset of the I/O permission bits"),
];

const FIELDS_16: &[Row] = &[
    (0x00, 16, "link", "selector of the task before"),
    (0x02, 16, "SP0", "stack for CPL 0"),
    (0x04, 16, "SS0", "stack for CPL 0"),
    (0x06, 16, "SP1", "stack for CPL 1"),
    (0x08, 16, "SS1", "stack for CPL 1"),
    (0x0A, 16, "SP2", "stack for CPL 2"),
    (0x0C, 16, "SS2", "stack for CPL 2"),
    (0x0E, 16, "IP", "where it goes on"),
    (0x10, 16, "FLAGS", "flags"),
    (0x12, 16, "AX", ""),
    (0x14, 16, "CX", ""),
    (0x16, 16, "DX", ""),
    (0x18, 16, "BX", ""),
    (0x1A, 16, "SP", ""),
    (0x1C, 16, "BP", ""),
    (0x1E, 16, "SI", ""),
    (0x20, 16, "DI", ""),
    (0x22, 16, "ES", ""),
    (0x24, 16, "CS", ""),
    (0x26, 16, "SS", ""),
    (0x28, 16, "DS", ""),
    (0x2A, 16, "LDT", "selector of its LDT"),
];

const LEAST_32: u32 = 0x67;
const LEAST_16: u32 = 0x2B;

impl Inspector<'_> {
    /// The TSS of a selector, or with 0 that of the task register.
    pub fn tss(&self, selector: u16) -> Option<TssView> {
        let (selector, base, limit, kind) = if selector & !3 == 0 {
            let tr = &self.state().seg[usize::from(seg::TR)];
            if tr.attr & attr::P == 0 {
                return None;
            }
            (tr.selector, tr.base, tr.limit, tr.kind())
        } else {
            let d = self.look_up(selector).filter(|_| selector & 4 == 0)?;
            (selector, d.base(), d.limit(), d.kind())
        };
        if !matches!(kind & !system::BUSY, system::TSS16 | system::TSS32) {
            return None;
        }
        let wide = kind & 8 != 0;
        let mut notes = Vec::new();
        let rows = if wide { FIELDS_32 } else { FIELDS_16 };
        let fields = rows.iter().filter_map(|row| self.tss_field(base, limit, row)).collect();
        let least = if wide { LEAST_32 } else { LEAST_16 };
        if limit < least {
            notes.push(format!("switching to it raises #TS: the limit is below {least:X}"));
        }
        let ports = if wide { self.open_ports(base, limit, &mut notes) } else { Vec::new() };
        let width = if wide { 32 } else { 16 };
        Some(TssView { selector, base, limit, width, busy: kind & system::BUSY != 0, fields, ports, notes })
    }

    fn tss_field(&self, base: u32, limit: u32, &(offset, width, name, title): &Row) -> Option<RegisterView> {
        let len = u32::from(width / 8);
        if offset + len - 1 > limit {
            return None;
        }
        let value = self.system_read(base.wrapping_add(offset), len).ok()?;
        let is_selector = matches!(name, "ES" | "CS" | "SS" | "DS" | "FS" | "GS");
        let title = if is_selector { selector_text(value as u16) } else { title.into() };
        Some(RegisterView::new(name, title, width, value).at(offset))
    }

    /// Ports whose bits in the I/O permission map are clear (SDM vol. 1, 18.5.2).
    fn open_ports(&self, base: u32, limit: u32, notes: &mut Vec<String>) -> Vec<PortRange> {
        let Ok(map) = self.system_read(base.wrapping_add(0x66), 2) else { return Vec::new() };
        let map = map as u32;
        if limit < LEAST_32 || map + 1 > limit {
            notes.push("no I/O permission map: with CPL above IOPL all ports raise #GP(0)".into());
            return Vec::new();
        }
        // The CPU reads two bytes for every check, so the last byte of the limit opens nothing.
        let bytes = (limit - map).min(0x2000);
        let mut ranges: Vec<PortRange> = Vec::new();
        for at in 0..bytes {
            let Ok(bits) = self.system_read(base.wrapping_add(map + at), 1) else { break };
            for port in (0..8).filter(|bit| bits >> bit & 1 == 0).map(|bit| (at * 8 + bit) as u16) {
                match ranges.last_mut() {
                    Some(last) if last.last.checked_add(1) == Some(port) => last.last = port,
                    _ => ranges.push(PortRange { first: port, last: port }),
                }
            }
        }
        ranges
    }
}
