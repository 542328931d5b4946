//! Descriptors and gates in words (SDM vol. 3A, 3.4.5, 3.5, 6.11).

use super::Inspector;
use super::segment::selector_text;
use crate::x86::regs::attr;
use crate::x86::segmentation::{Descriptor, is_null, system};
use serde::Serialize;

/// An entry of a descriptor or interrupt table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DescriptorView {
    /// Number of the entry.
    pub index: u32,
    /// Selector with RPL 0, or vector.
    pub selector: u32,
    /// Linear address.
    pub address: u32,
    /// Raw, the highest byte first; empty where it cannot be read.
    pub hex: String,
    /// `segment`, `system`, `gate`, `vector`, `null`, `absent`.
    pub kind: &'static str,
    /// In words.
    #[serde(rename = "type")]
    pub type_text: String,
    /// Base of a segment.
    pub base: u32,
    /// Limit of a segment in bytes.
    pub limit: u32,
    /// Descriptor privilege level.
    pub dpl: u8,
    /// P.
    pub present: bool,
    /// D or B.
    pub big: bool,
    /// G.
    pub granular: bool,
    /// Where a gate leads.
    pub target_selector: u16,
    /// Where a gate leads.
    pub target_offset: u32,
    /// Where a gate leads linearly; none for task gates, and where its segment cannot be read.
    pub target_linear: Option<u32>,
    /// The symbol there.
    pub target_symbol: Option<String>,
    /// What using it raises, with reasons.
    pub faults: Vec<String>,
}

/// A type field with S as bit 4, in words.
pub(super) fn type_text(kind: u8, big: bool) -> String {
    if u16::from(kind) & attr::S == 0 {
        return system_text(kind).into();
    }
    let bit = |mask: u16| u16::from(kind) & mask != 0;
    let accessed = if bit(attr::ACCESSED) { ", accessed" } else { "" };
    if bit(attr::CODE) {
        let size = if big { "32-bit" } else { "16-bit" };
        let reads = if bit(attr::RW) { "execute/read" } else { "execute only" };
        let conforming = if bit(attr::DC) { ", conforming" } else { "" };
        return format!("{size} code, {reads}{conforming}{accessed}");
    }
    let writes = if bit(attr::RW) { "read/write" } else { "read only" };
    let down = if bit(attr::DC) { ", expand-down" } else { "" };
    format!("data, {writes}{down}{accessed}")
}

/// What a gate to a task is called.
pub(super) const TASK_GATE: &str = "task gate";

/// A system type in words (SDM vol. 3A, table 3-2).
fn system_text(kind: u8) -> &'static str {
    match kind & 0xF {
        system::TSS16 => "16-bit TSS, available",
        system::LDT => "LDT",
        system::TSS16_BUSY => "16-bit TSS, busy",
        system::CALL_GATE16 => "16-bit call gate",
        system::TASK_GATE => TASK_GATE,
        system::INTERRUPT_GATE16 => "16-bit interrupt gate",
        system::TRAP_GATE16 => "16-bit trap gate",
        system::TSS32 => "32-bit TSS, available",
        system::TSS32_BUSY => "32-bit TSS, busy",
        system::CALL_GATE32 => "32-bit call gate",
        system::INTERRUPT_GATE32 => "32-bit interrupt gate",
        system::TRAP_GATE32 => "32-bit trap gate",
        _ => "reserved type",
    }
}

fn is_gate(kind: u8) -> bool {
    use system::*;
    matches!(
        kind,
        CALL_GATE16
            | TASK_GATE
            | INTERRUPT_GATE16
            | TRAP_GATE16
            | CALL_GATE32
            | INTERRUPT_GATE32
            | TRAP_GATE32
    )
}

impl DescriptorView {
    /// An entry of which nothing is known.
    pub(super) fn absent(index: u32, selector: u32, address: u32, why: &str) -> Self {
        Self {
            index,
            selector,
            address,
            hex: String::new(),
            kind: "absent",
            type_text: String::new(),
            base: 0,
            limit: 0,
            dpl: 0,
            present: false,
            big: false,
            granular: false,
            target_selector: 0,
            target_offset: 0,
            target_linear: None,
            target_symbol: None,
            faults: vec![why.into()],
        }
    }

    /// A descriptor, without what using it would raise.
    pub(super) fn of(index: u32, selector: u32, d: Descriptor) -> Self {
        let gate = is_gate(d.kind());
        let kind = match (d.is_segment(), gate) {
            (true, _) => "segment",
            (false, true) => "gate",
            (false, false) => "system",
        };
        let big = d.attr() & attr::DB != 0;
        Self {
            hex: format!("{:016X}", d.raw),
            kind,
            type_text: type_text(d.kind(), big),
            base: if gate { 0 } else { d.base() },
            limit: if gate { 0 } else { d.limit() },
            dpl: d.dpl(),
            present: d.present(),
            big: big && !gate,
            granular: d.attr() & attr::G != 0 && !gate,
            target_selector: if gate { d.gate_selector() } else { 0 },
            target_offset: if gate && d.kind() != system::TASK_GATE { d.gate_offset() } else { 0 },
            faults: Vec::new(),
            ..Self::absent(index, selector, d.linear, "")
        }
    }
}

impl Inspector<'_> {
    /// What a GDT's or LDT's entry would raise at the current privilege level: loaded as data, jumped to, or used for
    /// what it is for.
    pub(super) fn descriptor_faults(&self, selector: u16, d: Descriptor, in_ldt: bool) -> Vec<String> {
        let code = |name: &str| format!("{name}({:04X})", selector & !3);
        let mut faults = Vec::new();
        let kind = d.kind();
        if !d.present() {
            faults.push(format!("{}: P is 0", code("#NP")));
        }
        if d.is_segment() {
            let cpl = self.state().cpl;
            if !d.is_conforming() && d.dpl() < cpl {
                faults.push(format!("{}: DPL {} is below CPL {cpl}", code("#GP"), d.dpl()));
            }
            return faults;
        }
        match kind {
            system::LDT | system::TSS16 | system::TSS16_BUSY | system::TSS32 | system::TSS32_BUSY
                if in_ldt =>
            {
                faults.push(format!("{}: this type must be in the GDT", code("#GP")));
            }
            system::TSS16_BUSY | system::TSS32_BUSY => {
                faults.push(format!("{}: CALL, JMP or LTR to a task that is busy", code("#GP")));
            }
            system::CALL_GATE16 | system::CALL_GATE32 => faults.extend(self.gate_target_faults(d, false)),
            system::TASK_GATE => faults.extend(self.task_faults(d.gate_selector())),
            system::LDT | system::TSS16 | system::TSS32 => {}
            _ => faults.push(format!("{}: a type that a GDT or LDT cannot have", code("#GP"))),
        }
        if matches!(kind & !system::BUSY, system::TSS16 | system::TSS32) {
            let least = if kind & 8 != 0 { 0x67 } else { 0x2B };
            if d.limit() < least {
                faults.push(format!("{}: a TSS needs a limit of {least:X} at least", code("#TS")));
            }
        }
        faults
    }

    /// What a gate in the IDT would raise when its event comes now.
    pub(super) fn interrupt_faults(&self, vector: u8, d: Descriptor) -> Vec<String> {
        use system::*;
        let code = u16::from(vector) << 3 | 2;
        let kind = d.kind();
        if !matches!(kind, TASK_GATE | INTERRUPT_GATE16 | TRAP_GATE16 | INTERRUPT_GATE32 | TRAP_GATE32) {
            return vec![format!("#GP({code:04X}): no interrupt, trap or task gate")];
        }
        let mut faults = Vec::new();
        let cpl = self.state().cpl;
        if d.dpl() < cpl {
            faults.push(format!("#GP({code:04X}) from INT n: DPL {} is below CPL {cpl}", d.dpl()));
        }
        if !d.present() {
            faults.push(format!("#NP({code:04X}): P is 0"));
        } else if kind == TASK_GATE {
            faults.extend(self.task_faults(d.gate_selector()));
        } else {
            faults.extend(self.gate_target_faults(d, true));
        }
        faults
    }

    /// What is wrong with the code segment behind a gate.
    fn gate_target_faults(&self, gate: Descriptor, interrupt: bool) -> Vec<String> {
        let selector = gate.gate_selector();
        if is_null(selector) {
            return vec!["#GP(0): the gate's selector is null".into()];
        }
        let fault = |name: &str, why: &str| {
            vec![format!("{name}({:04X}): {} {why}", selector & !3, selector_text(selector & !3))]
        };
        let Some(d) = self.look_up(selector) else { return fault("#GP", "is beyond its table") };
        let st = self.state();
        if !d.is_code() {
            return fault("#GP", "is no code segment");
        }
        if d.dpl() > st.cpl {
            return fault("#GP", "has a DPL above CPL");
        }
        if interrupt && st.v86() && (d.dpl() != 0 || d.is_conforming()) {
            return fault("#GP", "must be non-conforming with DPL 0 in virtual-8086 mode");
        }
        if !d.present() {
            return fault("#NP", "is not present");
        }
        if gate.gate_offset() > d.limit() {
            return vec!["#GP(0): the gate's offset is beyond the code segment's limit".into()];
        }
        Vec::new()
    }

    fn task_faults(&self, selector: u16) -> Vec<String> {
        let fault = |name: &str, why: &str| vec![format!("{name}({:04X}): {why}", selector & !3)];
        if is_null(selector) || selector & 4 != 0 {
            return fault("#GP", "a task gate needs a selector of the GDT");
        }
        match self.look_up(selector) {
            None => fault("#GP", "the task gate's selector is beyond the GDT"),
            Some(d)
                if d.is_segment() || !matches!(d.kind() & !system::BUSY, system::TSS16 | system::TSS32) =>
            {
                fault("#GP", "the task gate leads to no TSS")
            }
            Some(d) if d.kind() & system::BUSY != 0 => fault("#GP", "the task gate leads to a busy TSS"),
            Some(d) if !d.present() => fault("#NP", "the TSS is not present"),
            Some(_) => Vec::new(),
        }
    }

    /// The descriptor of a selector, if it is in its table and can be read.
    pub(super) fn look_up(&self, selector: u16) -> Option<Descriptor> {
        let (base, limit) = self.table_of(selector)?;
        if u32::from(selector | 7) > limit {
            return None;
        }
        let linear = base.wrapping_add(u32::from(selector & !7));
        Some(Descriptor { linear, raw: self.system_read(linear, 8).ok()? })
    }

    /// Linear base of the code or data segment that a selector names, whatever it may be loaded into and by whom; none if
    /// its descriptor is not there or not present.
    pub fn selector_base(&self, selector: u16) -> Option<u32> {
        if self.state().real_segments() {
            return Some(u32::from(selector) << 4);
        }
        let found = self.look_up(selector).filter(|_| !is_null(selector))?;
        (found.is_segment() && found.present()).then(|| found.base())
    }

    /// Base and limit of the table that a selector is of; `None` for the LDT while there is none.
    pub(super) fn table_of(&self, selector: u16) -> Option<(u32, u32)> {
        let st = self.state();
        if selector & 4 == 0 {
            return Some((st.gdtr.base, u32::from(st.gdtr.limit)));
        }
        let ldt = &st.seg[usize::from(crate::x86::regs::seg::LDTR)];
        (ldt.attr & attr::P != 0).then_some((ldt.base, ldt.limit))
    }
}
