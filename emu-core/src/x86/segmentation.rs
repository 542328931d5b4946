//! Descriptors and segment register loads (SDM vol. 3A, chapters 3 and 5).

use super::cpu::Cpu;
use super::exception::Exception;
use super::regs::gpr::ESP;
use super::regs::{Segment, attr, seg};

/// System descriptor types (the type field with S = 0).
pub mod system {
    /// Available 16-bit TSS.
    pub const TSS16: u8 = 1;
    /// LDT.
    pub const LDT: u8 = 2;
    /// Busy 16-bit TSS.
    pub const TSS16_BUSY: u8 = 3;
    /// 16-bit call gate.
    pub const CALL_GATE16: u8 = 4;
    /// Task gate.
    pub const TASK_GATE: u8 = 5;
    /// 16-bit interrupt gate.
    pub const INTERRUPT_GATE16: u8 = 6;
    /// 16-bit trap gate.
    pub const TRAP_GATE16: u8 = 7;
    /// Available 32-bit TSS.
    pub const TSS32: u8 = 9;
    /// Busy 32-bit TSS.
    pub const TSS32_BUSY: u8 = 0xB;
    /// 32-bit call gate.
    pub const CALL_GATE32: u8 = 0xC;
    /// 32-bit interrupt gate.
    pub const INTERRUPT_GATE32: u8 = 0xE;
    /// 32-bit trap gate.
    pub const TRAP_GATE32: u8 = 0xF;
    /// The bit that makes a TSS busy.
    pub const BUSY: u8 = 2;
}

/// Whether a selector is null: index 0 of the GDT, any RPL.
pub fn is_null(selector: u16) -> bool {
    selector & !3 == 0
}

/// Eight bytes of a descriptor table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Descriptor {
    /// Where it lies.
    pub linear: u32,
    /// The raw bytes.
    pub raw: u64,
}

impl Descriptor {
    /// Attributes as in [`attr`].
    pub fn attr(self) -> u16 {
        (self.raw >> 40) as u16 & 0xF0FF
    }

    /// Type field; with the S bit as bit 4.
    pub fn kind(self) -> u8 {
        (self.raw >> 40) as u8 & 0x1F
    }

    /// Code or data.
    pub fn is_segment(self) -> bool {
        self.attr() & attr::S != 0
    }

    /// Code.
    pub fn is_code(self) -> bool {
        self.is_segment() && self.attr() & attr::CODE != 0
    }

    /// Conforming code.
    pub fn is_conforming(self) -> bool {
        self.is_code() && self.attr() & attr::DC != 0
    }

    /// Data that can be written.
    pub fn is_writable_data(self) -> bool {
        self.is_segment() && self.attr() & attr::CODE == 0 && self.attr() & attr::RW != 0
    }

    /// Descriptor privilege level.
    pub fn dpl(self) -> u8 {
        (self.raw >> 45) as u8 & 3
    }

    /// Present.
    pub fn present(self) -> bool {
        self.attr() & attr::P != 0
    }

    /// Base address of a segment.
    pub fn base(self) -> u32 {
        (self.raw >> 16 & 0xFF_FFFF) as u32 | (self.raw >> 32) as u32 & 0xFF00_0000
    }

    /// Limit in bytes.
    pub fn limit(self) -> u32 {
        let limit = self.raw as u32 & 0xFFFF | (self.raw >> 32) as u32 & 0xF_0000;
        if self.attr() & attr::G != 0 { limit << 12 | 0xFFF } else { limit }
    }

    /// Selector in a gate.
    pub fn gate_selector(self) -> u16 {
        (self.raw >> 16) as u16
    }

    /// Offset in a gate; 16 bits of it in a 16-bit gate.
    pub fn gate_offset(self) -> u32 {
        let low = self.raw as u32 & 0xFFFF;
        if self.kind() & 8 != 0 { low | (self.raw >> 32) as u32 & 0xFFFF_0000 } else { low }
    }

    /// Parameters a call gate copies.
    pub fn gate_parameters(self) -> u32 {
        (self.raw >> 32) as u32 & 31
    }

    /// The segment as a register holds it.
    pub fn segment(self, selector: u16) -> Segment {
        Segment::new(selector, self.base(), self.limit(), self.attr())
    }
}

impl Cpu {
    /// The descriptor of a non-null selector; `None` beyond its table.
    pub fn find_descriptor(&mut self, selector: u16) -> Result<Option<Descriptor>, Exception> {
        let (base, limit) = if selector & 4 != 0 {
            let ldt = &self.st.seg[usize::from(seg::LDTR)];
            if ldt.attr & attr::P == 0 {
                return Ok(None);
            }
            (ldt.base, ldt.limit)
        } else {
            (self.st.gdtr.base, u32::from(self.st.gdtr.limit))
        };
        if u32::from(selector | 7) > limit {
            return Ok(None);
        }
        let linear = base.wrapping_add(u32::from(selector & !7));
        let raw = self.read_system(linear)?;
        Ok(Some(Descriptor { linear, raw }))
    }

    /// The descriptor of a selector, `fault(selector)` if there is none.
    pub fn descriptor(
        &mut self,
        selector: u16,
        fault: fn(u16) -> Exception,
    ) -> Result<Descriptor, Exception> {
        self.find_descriptor(selector)?.ok_or(fault(selector))
    }

    /// Sets the accessed bit in memory, as loading a segment does: by writing the descriptor's upper doubleword.
    pub fn mark_accessed(&mut self, descriptor: &mut Descriptor) -> Result<(), Exception> {
        if descriptor.attr() & attr::ACCESSED == 0 {
            descriptor.raw |= 1 << 40;
            self.write_system(descriptor.linear.wrapping_add(4), (descriptor.raw >> 32) as u32)?;
        }
        Ok(())
    }

    /// MOV, POP or far-pointer load of ES, SS, DS, FS or GS.
    pub fn load_segment(&mut self, number: u8, selector: u16) -> Result<(), Exception> {
        if self.st.real_segments() {
            self.load_real_segment(number, selector);
            return Ok(());
        }
        let segment = if number == seg::SS {
            self.stack_segment(selector, self.st.cpl, Exception::gp)?
        } else {
            self.data_segment(selector)?
        };
        self.set_segment(number, segment);
        Ok(())
    }

    /// As real and virtual-8086 mode load a segment. In real mode limit and size stay as they were ("unreal mode").
    pub fn load_real_segment(&mut self, number: u8, selector: u16) {
        let data = attr::P | attr::S | attr::RW | attr::ACCESSED;
        let segment = if self.st.v86() {
            Segment::real(selector, data | 3 << attr::DPL_SHIFT)
        } else {
            let old = self.st.seg[usize::from(number & 7)];
            // A limit of an unusable or expand-down segment is of no use here.
            let keeps = old.attr & attr::P != 0 && (old.attr & attr::DC == 0 || old.attr & attr::CODE != 0);
            let limit = if keeps { old.limit } else { 0xFFFF };
            Segment::new(selector, u32::from(selector) << 4, limit, data | old.attr & (attr::DB | attr::G))
        };
        self.set_segment(number, segment);
    }

    /// Puts a checked segment into its register.
    pub fn set_segment(&mut self, number: u8, segment: Segment) {
        self.st.seg[usize::from(number & 7)] = segment;
        if number == seg::SS {
            self.st.stack_mask = if segment.is_32() { u32::MAX } else { 0xFFFF };
        }
    }

    /// Checks of a stack segment for privilege level `cpl`; `fault` is #GP for loads, #TS in task and stack switches.
    pub fn stack_segment(
        &mut self,
        selector: u16,
        cpl: u8,
        fault: fn(u16) -> Exception,
    ) -> Result<Segment, Exception> {
        if is_null(selector) {
            return Err(fault(0));
        }
        let mut d = self.descriptor(selector, fault)?;
        let rpl = (selector & 3) as u8;
        if rpl != cpl || d.dpl() != cpl || !d.is_writable_data() {
            return Err(fault(selector));
        }
        if !d.present() {
            return Err(Exception::ss(selector));
        }
        self.mark_accessed(&mut d)?;
        Ok(d.segment(selector))
    }

    fn data_segment(&mut self, selector: u16) -> Result<Segment, Exception> {
        if is_null(selector) {
            return Ok(Segment::null(selector));
        }
        let mut d = self.descriptor(selector, Exception::gp)?;
        let readable = d.is_segment() && (!d.is_code() || d.attr() & attr::RW != 0);
        let rpl = (selector & 3) as u8;
        if !readable || !d.is_conforming() && d.dpl() < rpl.max(self.st.cpl) {
            return Err(Exception::gp(selector));
        }
        if !d.present() {
            return Err(Exception::np(selector));
        }
        self.mark_accessed(&mut d)?;
        Ok(d.segment(selector))
    }

    /// Sets CPL and what follows from it.
    pub fn set_cpl(&mut self, cpl: u8) {
        self.st.cpl = cpl;
        self.update_mode();
    }

    /// After a return to an outer level: data segments that are too privileged for it become null, and null ones
    /// lose their RPL (SDM vol. 2B, RET, end of the return to an outer level).
    pub fn drop_privileged_segments(&mut self) {
        for number in [seg::ES, seg::DS, seg::FS, seg::GS] {
            let s = self.st.seg[usize::from(number)];
            let conforming = s.attr & attr::CODE != 0 && s.attr & attr::DC != 0;
            if s.attr & attr::P == 0 || !conforming && s.dpl() < self.st.cpl {
                self.st.seg[usize::from(number)] = Segment::null(0);
            }
        }
    }
}

/// A stack that is not the current one yet: pushes go to it, the registers change only when all succeeded.
pub struct NewStack {
    /// Its segment.
    pub segment: Segment,
    sp: u32,
    mask: u32,
    user: bool,
}

impl NewStack {
    /// A stack with its pointer, used at privilege level `cpl`.
    pub fn new(segment: Segment, sp: u32, cpl: u8) -> Self {
        let mask = if segment.is_32() { u32::MAX } else { 0xFFFF };
        Self { segment, sp: sp & mask, mask, user: cpl == 3 }
    }

    /// The stack in use.
    pub fn current(cpu: &Cpu) -> Self {
        Self::new(cpu.st.seg[usize::from(seg::SS)], cpu.st.gpr[ESP], cpu.st.cpl)
    }

    /// Whether so many words or doublewords can be pushed; #SS(selector) if they are beyond the limit.
    pub fn room(&self, count: u32, wide: bool) -> Result<(), Exception> {
        let len = if wide { 4 } else { 2 };
        let all = (1..=count).all(|i| fits(&self.segment, self.sp.wrapping_sub(i * len) & self.mask, len));
        if all { Ok(()) } else { Err(Exception::ss(self.segment.selector)) }
    }

    /// Pushes a word or doubleword; #SS(selector) beyond the limit.
    pub fn push(&mut self, cpu: &mut Cpu, wide: bool, value: u32) -> Result<(), Exception> {
        let len = if wide { 4 } else { 2 };
        let sp = self.sp.wrapping_sub(len) & self.mask;
        if !fits(&self.segment, sp, len) {
            return Err(Exception::ss(self.segment.selector));
        }
        let linear = self.segment.base.wrapping_add(sp);
        cpu.write_linear(linear, len, self.user, u64::from(value))?;
        self.sp = sp;
        Ok(())
    }

    /// Makes it the current stack.
    pub fn commit(self, cpu: &mut Cpu) {
        cpu.set_segment(seg::SS, self.segment);
        cpu.set_sp(self.sp);
    }
}

/// Whether `len` bytes at an offset are within a writable segment, expand-down ones included.
fn fits(s: &Segment, offset: u32, len: u32) -> bool {
    let last = u64::from(offset) + u64::from(len) - 1;
    if s.attr & attr::DC != 0 {
        let top = if s.is_32() { u64::from(u32::MAX) } else { 0xFFFF };
        return offset > s.limit && last <= top;
    }
    last < s.write_end
}
