//! GDT, LDT, IDT and the real mode's interrupt vectors.

use super::Inspector;
use super::descriptor::{DescriptorView, TASK_GATE};
use super::symbols::Symbols;
use crate::x86::regs::seg;
use crate::x86::segmentation::Descriptor;
use serde::Serialize;

/// Most entries of one answer.
const MOST: u32 = 1024;

/// Which table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// Global descriptors.
    Gdt,
    /// Local descriptors.
    Ldt,
    /// Interrupt descriptors of protected mode.
    Idt,
    /// Interrupt vectors of real mode: four bytes each.
    Ivt,
}

impl Which {
    /// By name: `gdt`, `ldt`, `idt`, `ivt`.
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "gdt" => Self::Gdt,
            "ldt" => Self::Ldt,
            "idt" => Self::Idt,
            "ivt" => Self::Ivt,
            _ => return None,
        })
    }
}

/// A part of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DescriptorTable {
    /// Linear base.
    pub base: u32,
    /// Last valid byte.
    pub limit: u32,
    /// Whole entries within the limit.
    pub count: u32,
    /// Those asked for.
    pub entries: Vec<DescriptorView>,
}

impl Inspector<'_> {
    /// Entries `first..` of a table, at most 1024.
    pub fn descriptor_table(
        &self,
        which: Which,
        first: u32,
        count: u32,
        symbols: &Symbols,
    ) -> DescriptorTable {
        let st = self.state();
        let (base, limit) = match which {
            Which::Gdt => (st.gdtr.base, u32::from(st.gdtr.limit)),
            Which::Ldt => match self.table_of(4) {
                Some(table) => table,
                None => return DescriptorTable { base: 0, limit: 0, count: 0, entries: Vec::new() },
            },
            Which::Idt | Which::Ivt => (st.idtr.base, u32::from(st.idtr.limit)),
        };
        let size = if which == Which::Ivt { 4 } else { 8 };
        let most = if matches!(which, Which::Idt | Which::Ivt) { 256 } else { 8192 };
        let whole = ((u64::from(limit) + 1) / size).min(most) as u32;
        let last = first.saturating_add(count.min(MOST)).min(whole);
        let entries = (first..last)
            .map(|index| self.with_target(self.table_entry(which, base, index), symbols))
            .collect();
        DescriptorTable { base, limit, count: whole, entries }
    }

    /// Where a gate or vector leads, linearly and by name.
    fn with_target(&self, mut view: DescriptorView, symbols: &Symbols) -> DescriptorView {
        let base = match view.kind {
            "vector" => Some(u32::from(view.target_selector) << 4),
            "gate" if view.type_text != TASK_GATE => {
                self.look_up(view.target_selector).filter(|d| d.is_code() && d.present()).map(|d| d.base())
            }
            _ => None,
        };
        view.target_linear = base.map(|base| base.wrapping_add(view.target_offset));
        view.target_symbol = view.target_linear.and_then(|linear| symbols.name_at(linear));
        view
    }

    fn table_entry(&self, which: Which, base: u32, index: u32) -> DescriptorView {
        let size = if which == Which::Ivt { 4 } else { 8 };
        let linear = base.wrapping_add(index * size);
        let selector = match which {
            Which::Gdt => index * 8,
            Which::Ldt => index * 8 + 4,
            Which::Idt | Which::Ivt => index,
        };
        let raw = match self.system_read(linear, size) {
            Ok(raw) => raw,
            Err(fault) => {
                let why = format!("#PF({:04X}): {}", fault.exception.error_code().unwrap_or(0), fault.reason);
                return DescriptorView::absent(index, selector, linear, &why);
            }
        };
        if which == Which::Ivt {
            return vector(index, linear, raw as u32);
        }
        let d = Descriptor { linear, raw };
        let mut view = DescriptorView::of(index, selector, d);
        if raw == 0 || which == Which::Gdt && index == 0 {
            view.kind = "null";
            view.type_text = if raw == 0 { "empty".into() } else { "the null descriptor".into() };
        } else if which == Which::Idt {
            view.faults = self.interrupt_faults(index as u8, d);
        } else {
            view.faults = self.descriptor_faults(selector as u16, d, which == Which::Ldt);
        }
        view
    }

    /// The name under which a segment register that holds `selector` is known, for panes that mark entries in use.
    pub fn registers_with(&self, selector: u16) -> Vec<&'static str> {
        let used = |n: &usize| {
            let s = &self.state().seg[*n];
            s.selector & !3 == selector & !3 && s.attr != 0
        };
        (0..=usize::from(seg::TR)).filter(used).map(|n| super::segment::NAMES[n]).collect()
    }
}

/// An entry of the real mode's table.
fn vector(index: u32, linear: u32, raw: u32) -> DescriptorView {
    DescriptorView {
        hex: format!("{raw:08X}"),
        kind: "vector",
        type_text: "interrupt vector".into(),
        present: true,
        target_selector: (raw >> 16) as u16,
        target_offset: raw & 0xFFFF,
        faults: Vec::new(),
        ..DescriptorView::absent(index, index, linear, "")
    }
}
