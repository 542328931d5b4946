//! Address translation explained: from a segment and an offset to a physical address, each step with what was read on
//! the way, or to the very exception the access would raise.

use super::fault::{Fault, FaultView};
use super::gate::{Through, leads_on};
use super::segment::{Load, NAMES, SegmentDetail, detail, selector_text};
use super::space::{inside, is_stack};
use super::walk::{Denied, Level, Walk};
use super::{Inspector, Space};
use crate::bus::view::RegisterView;
use crate::mem::Target;
use crate::x86::eflags;
use crate::x86::exception::Exception;
use crate::x86::regs::{Segment, attr, cr0};
use crate::x86::segmentation::{Descriptor, is_null};
use crate::x86::tlb::{Access, Place};
use serde::Serialize;

/// The largest operand: what FXSAVE writes.
pub const LARGEST: u32 = 512;
/// The longest instruction (SDM vol. 2A, 2.3.11).
const LONGEST_INSTRUCTION: u32 = 15;

/// One step of an address translation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TranslationStep {
    /// `selector`, `descriptor`, `check`, `linear`, `cr3`, `pdpte`, `pde`, `pte`, `physical`, `tlb`, `target`.
    pub kind: &'static str,
    /// What happens.
    pub text: String,
    /// Where what is read lies: linear for descriptors, physical for page-table entries.
    pub address: Option<u64>,
    /// What was read.
    pub entry: Option<RegisterView>,
    /// A segment as it was found.
    pub segment: Option<SegmentDetail>,
    /// The access may go on.
    pub ok: bool,
}

/// What of an access lies in one page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Part {
    /// Linear address of its first byte.
    pub linear: u32,
    /// Bytes.
    pub length: u32,
    /// Physical address of its first byte, after the A20 gate.
    pub physical: u64,
}

/// A translation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct TranslationView {
    /// In the CPU's order.
    pub steps: Vec<TranslationStep>,
    /// Linear address, once it is known; none too where another task goes on.
    pub linear: Option<u32>,
    /// Physical address after the A20 gate, if the access succeeds.
    pub physical: Option<u64>,
    /// The pages it lies in, as far as they can be reached: two where it crosses from one into the next.
    pub parts: Vec<Part>,
    /// The exception it raises.
    pub fault: Option<FaultView>,
}

impl TranslationView {
    pub(super) fn step(&mut self, kind: &'static str, text: impl Into<String>) -> &mut TranslationStep {
        let at = self.steps.len();
        let step =
            TranslationStep { kind, text: text.into(), address: None, entry: None, segment: None, ok: true };
        self.steps.push(step);
        &mut self.steps[at]
    }

    fn fail(mut self, fault: &Fault) -> Self {
        if let Some(last) = self.steps.last_mut() {
            last.ok = false;
        }
        self.fault = Some(fault.view());
        self
    }
}

/// What an access wants, and who.
#[derive(Clone, Copy)]
struct Wish {
    access: Access,
    size: u32,
    cpl: u8,
}

impl Inspector<'_> {
    /// Explains an access of `size` bytes (1 to [`LARGEST`]; a fetch has at most 15) at privilege level `cpl`. A fetch
    /// from a selector's space is what a far CALL to there leads to, through gates too.
    pub fn translate(
        &self,
        space: Space,
        offset: u64,
        access: Access,
        size: u32,
        cpl: u8,
    ) -> TranslationView {
        let most = if access == Access::Execute { LONGEST_INSTRUCTION } else { LARGEST };
        let wish = Wish { access, size: size.clamp(1, most), cpl: cpl & 3 };
        let mut view = TranslationView::default();
        if space == Space::Physical {
            self.show_target(&mut view, offset, access);
            view.physical = Some(offset);
            return view;
        }
        match self.linear_of(&mut view, space, offset as u32, wish) {
            Ok(Some((linear, wish))) => self.translate_linear(view, linear, wish),
            Ok(None) => view,
            Err(fault) => view.fail(&fault),
        }
    }

    /// The segment's part: the linear address, and who makes the access there. None where another task goes on.
    fn linear_of(
        &self,
        view: &mut TranslationView,
        space: Space,
        offset: u32,
        mut wish: Wish,
    ) -> Result<Option<(u32, Wish)>, Fault> {
        let (segment, offset) = match space {
            Space::Physical | Space::Linear => return Ok(Some((offset, wish))),
            Space::Segment(number) => {
                let segment = self.state().seg[usize::from(number & 7)];
                self.show_register(view, number, &segment);
                (segment, offset)
            }
            Space::Selector(selector) => match self.gate_at(selector, wish) {
                Some(gate) => match self.show_gate(view, selector, gate, wish.cpl)? {
                    Through::Code(segment, offset, cpl) => {
                        wish.cpl = cpl;
                        (segment, offset)
                    }
                    Through::Task => return Ok(None),
                },
                None => (self.show_load(view, selector, offset, wish)?, offset),
            },
        };
        self.check(view, space, &segment, offset, wish).map(|linear| Some((linear, wish)))
    }

    /// The gate or task that a far CALL's selector names, if it is none of a segment.
    fn gate_at(&self, selector: u16, wish: Wish) -> Option<Descriptor> {
        let far = wish.access == Access::Execute && !self.state().real_segments() && !is_null(selector);
        self.find(selector).ok().filter(|&d| far && leads_on(d))
    }

    fn translate_linear(&self, mut view: TranslationView, linear: u32, wish: Wish) -> TranslationView {
        view.linear = Some(linear);
        view.step("linear", format!("linear address {linear:08X}"));
        let within = 0x1000 - (linear & 0xFFF);
        let parts = [
            (linear, wish.size.min(within)),
            (linear.wrapping_add(within), wish.size.saturating_sub(within)),
        ];
        for (linear, length) in parts.into_iter().filter(|part| part.1 > 0) {
            if !view.parts.is_empty() {
                let text = format!(
                    "only {} of {} lie in that page: the access goes on in the next one, at {linear:08X}",
                    within, wish.size
                );
                view.step("linear", text);
            }
            match self.show_page(&mut view, linear, wish) {
                Ok(physical) => view.parts.push(Part { linear, length, physical }),
                Err(fault) => return view.fail(&fault),
            }
        }
        view.physical = view.parts.first().map(|part| part.physical);
        view
    }

    fn show_register(&self, view: &mut TranslationView, number: u8, segment: &Segment) {
        let st = self.state();
        let name = NAMES[usize::from(number & 7)];
        let upper = name.to_uppercase();
        let text = if !st.real_segments() {
            format!("{upper} holds selector {:04X} ({})", segment.selector, selector_text(segment.selector))
        } else if segment.base == u32::from(segment.selector) << 4 {
            format!("{upper} holds {:04X}; the base is 16 times that: {:05X}", segment.selector, segment.base)
        } else {
            format!("{upper} holds {:04X}, but its hidden base is {:08X}", segment.selector, segment.base)
        };
        view.step("selector", text).segment = Some(detail(name, segment, st.real_segments()));
    }

    fn show_load(
        &self,
        view: &mut TranslationView,
        selector: u16,
        offset: u32,
        wish: Wish,
    ) -> Result<Segment, Fault> {
        let real = self.state().real_segments();
        let (name, load) = if wish.access == Access::Execute {
            ("cs", self.code_load(selector, offset, wish.cpl))
        } else {
            ("ds", self.data_load(selector, wish.cpl))
        };
        let Load { descriptor, result } = load;
        let text = if real {
            format!("segment {selector:04X}; the base is 16 times that: {:05X}", u32::from(selector) << 4)
        } else {
            format!("selector {selector:04X}: {}", selector_text(selector))
        };
        view.step("selector", text);
        if let Some(d) = descriptor {
            let step =
                view.step("descriptor", format!("descriptor at linear {:08X}: {:016X}", d.linear, d.raw));
            step.address = Some(u64::from(d.linear));
            step.segment = Some(detail(name, &d.segment(selector), false));
        } else if let Ok(segment) = &result
            && let Some(step) = view.steps.last_mut()
        {
            step.segment = Some(detail(name, segment, real));
        }
        result
    }

    /// The segment's part of an access (SDM vol. 3A, 5.3 to 5.5).
    fn check(
        &self,
        view: &mut TranslationView,
        space: Space,
        s: &Segment,
        offset: u32,
        wish: Wish,
    ) -> Result<u32, Fault> {
        let last = u64::from(offset) + u64::from(wish.size) - 1;
        let what = format!("{} of {} at offset {offset:X}", access_name(wish.access), bytes(wish.size));
        view.step("check", what.clone());
        if wish.access == Access::Execute {
            if last > u64::from(s.limit) {
                let end = if offset > s.limit { "EIP" } else { "EIP is inside, but the last byte at" };
                let beyond = if offset > s.limit { u64::from(offset) } else { last };
                let why = format!("{end} {beyond:X} is beyond CS's limit {:X}", s.limit);
                return Err(Fault::new(Exception::GP0, why, "SDM vol. 3A, 5.3"));
            }
        } else {
            self.check_data(space, s, offset, last, wish.access)?;
        }
        if let Some(step) = view.steps.last_mut() {
            step.text = format!("{what}: inside the segment, and of a kind it allows");
        }
        let linear = s.base.wrapping_add(offset);
        self.check_alignment(linear, wish)?;
        Ok(linear)
    }

    fn check_data(
        &self,
        space: Space,
        s: &Segment,
        offset: u32,
        last: u64,
        access: Access,
    ) -> Result<(), Fault> {
        let code = s.attr & attr::CODE != 0;
        let rw = s.attr & attr::RW != 0;
        let refuse = |exception, why: String, section| Err(Fault::new(exception, why, section));
        if s.attr & attr::P == 0 {
            return refuse(Exception::GP0, "the segment register is null".into(), "SDM vol. 3A, 5.4.1");
        }
        if access == Access::Write && (code || !rw) {
            let why = if code { "code segments cannot be written" } else { "a read-only data segment" };
            return refuse(Exception::GP0, why.into(), "SDM vol. 3A, 5.5");
        }
        if access == Access::Read && code && !rw {
            return refuse(Exception::GP0, "code that is execute-only".into(), "SDM vol. 3A, 5.5");
        }
        let top = u32::try_from(last).unwrap_or(u32::MAX);
        let wraps = last > u64::from(u32::MAX);
        if !wraps && inside(s, offset) && inside(s, top) {
            return Ok(());
        }
        let exception = if is_stack(space) { Exception::SS0 } else { Exception::GP0 };
        let down = !code && s.attr & attr::DC != 0;
        let valid = if down { "an expand-down segment has offsets above" } else { "the limit is" };
        let first = match (inside(s, offset), last > u64::from(offset)) {
            (true, _) => format!("the first byte at offset {offset:X} is inside, but the last"),
            (false, true) => format!("the first byte at offset {offset:X} is outside, the last"),
            (false, false) => "the byte".to_owned(),
        };
        refuse(
            exception,
            format!("{first} at offset {last:X}, and {valid} {:X}", s.limit),
            "SDM vol. 3A, 5.3",
        )
    }

    fn check_alignment(&self, linear: u32, wish: Wish) -> Result<(), Fault> {
        let st = self.state();
        let on = wish.cpl == 3 && st.cr0 & cr0::AM != 0 && st.flags.system(eflags::AC) != 0;
        if on && wish.access != Access::Execute && !linear.is_multiple_of(alignment(wish.size)) {
            let why = format!("{} not aligned, with CR0.AM, EFLAGS.AC and CPL 3", bytes(wish.size));
            return Err(Fault::new(Exception::AC, why, "SDM vol. 3A, 6.15, #AC"));
        }
        Ok(())
    }

    /// One page: the walk, the A20 gate, what lies there.
    fn show_page(&self, view: &mut TranslationView, linear: u32, wish: Wish) -> Result<u64, Fault> {
        let user = wish.cpl == 3;
        let walk = self.walk(linear, wish.access, user);
        self.show_walk(view, &walk, linear);
        let phys = self.page_fault(linear, wish.access, user)?;
        let gated = self.cpu().bus.cx.mem.gate_a20(phys);
        let text = if gated == phys {
            format!("physical address {phys:08X}")
        } else {
            format!("physical address {phys:08X}; the A20 gate is closed and makes it {gated:08X}")
        };
        view.step("physical", text).address = Some(gated);
        self.show_tlb(view, linear, gated, wish);
        self.show_target(view, gated, wish.access);
        Ok(gated)
    }

    fn show_walk(&self, view: &mut TranslationView, walk: &Walk, linear: u32) {
        let st = self.state();
        if st.cr0 & cr0::PG == 0 {
            view.step("linear", "paging is off: the linear address is the physical one");
            return;
        }
        let kind = if self.pae() { "PAE paging" } else { "32-bit paging" };
        view.step("cr3", format!("{kind}; CR3 is {:08X}", st.cr3)).address = Some(u64::from(st.cr3 & !31));
        for entry in &walk.entries {
            let (kind, text) = match entry.level {
                Level::Pdpte => ("pdpte", format!("bits 31-30 choose PDPTE {}", linear >> 30)),
                Level::Pde | Level::LargePde if entry.wide => {
                    ("pde", format!("bits 29-21 choose page-directory entry {:X}", linear >> 21 & 0x1FF))
                }
                Level::Pde | Level::LargePde => {
                    ("pde", format!("bits 31-22 choose page-directory entry {:X}", linear >> 22))
                }
                Level::Pte if entry.wide => {
                    ("pte", format!("bits 20-12 choose page-table entry {:X}", linear >> 12 & 0x1FF))
                }
                Level::Pte => {
                    ("pte", format!("bits 21-12 choose page-table entry {:X}", linear >> 12 & 0x3FF))
                }
            };
            let view_of = self.entry_view(entry);
            let step = view.step(kind, text);
            step.address = (entry.level != Level::Pdpte).then_some(entry.at);
            step.entry = Some(view_of);
        }
    }

    /// Where the TLB still says something else, the CPU goes by the TLB.
    fn show_tlb(&self, view: &mut TranslationView, linear: u32, gated: u64, wish: Wish) {
        let Some((place, _)) = self.cpu().tlb.find(linear, wish.access, wish.cpl == 3) else { return };
        let mapping = self.cpu().bus.cx.mem.map.resolve(gated);
        let target = if wish.access == Access::Write { mapping.write } else { mapping.read };
        let fresh = match target {
            Target::Ram(offset) => Place::Ram(offset),
            _ => Place::Phys(gated),
        };
        if fresh != place {
            view.step("tlb", "the TLB holds an older translation, which the CPU goes by until it is flushed");
        }
    }

    fn show_target(&self, view: &mut TranslationView, phys: u64, access: Access) {
        let bus = &self.cpu().bus;
        let mapping = bus.cx.mem.map.resolve(phys);
        let target = if access == Access::Write { mapping.write } else { mapping.read };
        let ram = u64::from(bus.cx.mem.ram_bytes());
        let text = match (target, mapping.read) {
            (Target::Ram(offset), _) if u64::from(offset) < ram => "RAM".into(),
            (Target::Ram(offset), _) if offset - ram as u32 >= bus.cx.mem.vram().1 => "ROM".into(),
            (Target::Ram(_), _) => "video memory".into(),
            (Target::Mmio(id), _) => {
                format!("the {}", bus.device_of(id).map_or("device", |device| device.title()))
            }
            (Target::Open, Target::Ram(_)) => "ROM: the write has no effect".into(),
            (Target::Open, _) => "nothing answers: reads give all ones".to_owned(),
        };
        view.step("target", text).address = Some(phys);
    }
}

/// What an operand of so many bytes is to be aligned to (SDM vol. 3A, table 6-7).
fn alignment(size: u32) -> u32 {
    match size {
        0..=2 => size.max(1),
        3..=4 => 4,
        5 | 7..=10 => 8,
        11..=16 => 16,
        // Far pointers of 48 bits, and what FSTENV and FSAVE write.
        _ => 4,
    }
}

fn access_name(access: Access) -> &'static str {
    match access {
        Access::Read => "a read",
        Access::Write => "a write",
        Access::Execute => "a fetch",
    }
}

fn bytes(size: u32) -> String {
    if size == 1 { "1 byte".into() } else { format!("{size} bytes") }
}

/// Why a walk ended, in words.
pub(super) fn denied_text(walk: &Walk, access: Access) -> String {
    let last = match walk.entries.last().map(|e| e.level) {
        Some(Level::Pdpte) => "the page-directory-pointer entry",
        Some(Level::Pde | Level::LargePde) => "the page-directory entry",
        _ => "the page-table entry",
    };
    let what = if access == Access::Write { "write" } else { "access" };
    match walk.denied {
        Some(Denied::NotPresent) | None => format!("{last} is not present"),
        Some(Denied::Reserved) => format!("{last} has reserved bits set"),
        Some(Denied::Supervisor) => format!("a user {what} to a page of the supervisor"),
        Some(Denied::ReadOnly) => "a write to a read-only page".into(),
        Some(Denied::NoExecute) => "a fetch from a page with execute-disable".into(),
    }
}
