//! Task switches by TSS (SDM vol. 3A, chapter 8).

use super::cpu::Cpu;
use super::eflags::{self, NT, VM};
use super::exception::Exception;
use super::regs::{Segment, attr, cr0, cr4, seg};
use super::segmentation::{Descriptor, is_null, system};

type Done = Result<(), Exception>;

/// What starts a task switch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Switch {
    /// JMP to a TSS or task gate.
    Jump,
    /// CALL to a TSS or task gate.
    Call,
    /// IRET with NT set.
    Return,
    /// An interrupt or exception through a task gate.
    Interrupt,
}

/// A TSS's dynamic fields, independent of its width.
#[derive(Clone, Copy, Default)]
struct Image {
    cr3: Option<u32>,
    eip: u32,
    eflags: u32,
    gpr: [u32; 8],
    /// ES CS SS DS FS GS.
    selectors: [u16; 6],
    ldt: u16,
    trap: bool,
}

const LEAST_LIMIT_32: u32 = 0x67;
const LEAST_LIMIT_16: u32 = 0x2B;
/// Last bytes of what a switch saves: GS, and DS of the 16-bit TSS.
const LAST_SAVED_32: u32 = 0x5F;
const LAST_SAVED_16: u32 = 0x29;

impl Cpu {
    /// Switches to the task of a TSS selector. `back` is the EIP to save in the old TSS, `error` an error code to push
    /// on the new stack.
    pub fn switch_task(&mut self, selector: u16, how: Switch, back: u32, error: Option<u32>) -> Done {
        // Only an IRET blames the TSS for a bad selector; the others came through a checked reference or gate.
        let fault = if how == Switch::Return { Exception::ts } else { Exception::gp };
        if is_null(selector) || selector & 4 != 0 {
            return Err(fault(selector));
        }
        let d = self.descriptor(selector, fault)?;
        let wanted_busy = how == Switch::Return;
        let is_tss = !d.is_segment() && matches!(d.kind() & !system::BUSY, system::TSS16 | system::TSS32);
        if !is_tss || (d.kind() & system::BUSY != 0) != wanted_busy {
            return Err(fault(selector));
        }
        if !d.present() {
            return Err(Exception::np(selector));
        }
        let wide = d.kind() & 8 != 0;
        if d.limit() < if wide { LEAST_LIMIT_32 } else { LEAST_LIMIT_16 } {
            return Err(Exception::ts(selector));
        }
        let old = self.st.seg[usize::from(seg::TR)];
        // Nothing is saved beyond the end of the old TSS, which LTR did not look at.
        if old.limit < if old.kind() & 8 != 0 { LAST_SAVED_32 } else { LAST_SAVED_16 } {
            return Err(Exception::ts(old.selector));
        }
        let new = self.read_tss(d.base(), wide)?;
        self.probe_tss(d)?;
        self.leave_task(how, back)?;
        self.enter_task(d, selector, how, new, error)
    }

    /// The last point where the old task may still fault: what will be written must be writable.
    fn probe_tss(&mut self, new: Descriptor) -> Done {
        let old = self.st.seg[usize::from(seg::TR)];
        self.probe_write(old.base, if old.kind() & 8 != 0 { 0x60 } else { 0x2A }, false)?;
        self.probe_write(new.base(), 2, false)?;
        let table = self.st.gdtr.base;
        self.probe_write(new.linear, 8, false)?;
        self.probe_write(table.wrapping_add(u32::from(old.selector & !7)), 8, false)
    }

    fn read_tss(&mut self, base: u32, wide: bool) -> Result<Image, Exception> {
        let mut image = Image::default();
        let at = |offset: u32| base.wrapping_add(offset);
        if wide {
            image.cr3 = Some(self.read_system(at(0x1C))?);
            image.eip = self.read_system(at(0x20))?;
            image.eflags = self.read_system(at(0x24))?;
            for (i, value) in (0u32..).zip(image.gpr.iter_mut()) {
                *value = self.read_system(at(0x28 + 4 * i))?;
            }
            for (i, value) in (0u32..).zip(image.selectors.iter_mut()) {
                *value = self.read_system(at(0x48 + 4 * i))?;
            }
            image.ldt = self.read_system(at(0x60))?;
            image.trap = self.read_system::<u16>(at(0x64))? & 1 != 0;
        } else {
            image.eip = u32::from(self.read_system::<u16>(at(0x0E))?);
            image.eflags = u32::from(self.read_system::<u16>(at(0x10))?);
            for (i, value) in (0u32..).zip(image.gpr.iter_mut()) {
                // The 16-bit TSS leaves the upper halves undefined; CPUs set them.
                *value = u32::from(self.read_system::<u16>(at(0x12 + 2 * i))?) | 0xFFFF_0000;
            }
            for (i, value) in (0u32..).zip(image.selectors.iter_mut().take(4)) {
                *value = self.read_system(at(0x22 + 2 * i))?;
            }
            image.ldt = self.read_system(at(0x2A))?;
        }
        Ok(image)
    }

    /// Saves the registers in the current TSS and, where the old task is done, frees it.
    fn leave_task(&mut self, how: Switch, back: u32) -> Done {
        let tr = self.st.seg[usize::from(seg::TR)];
        let mut flags = self.st.flags.get();
        if how == Switch::Return {
            flags &= !NT;
        }
        let registers: [u32; 8] = std::array::from_fn(|i| self.st.gpr[i]);
        let selectors: [u16; 6] = std::array::from_fn(|i| self.st.seg[i].selector);
        let at = |offset: u32| tr.base.wrapping_add(offset);
        if tr.kind() & 8 != 0 {
            self.write_system(at(0x20), back)?;
            self.write_system(at(0x24), flags)?;
            for (i, value) in (0u32..).zip(registers) {
                self.write_system(at(0x28 + 4 * i), value)?;
            }
            for (i, value) in (0u32..).zip(selectors) {
                self.write_system(at(0x48 + 4 * i), value)?;
            }
        } else {
            self.write_system(at(0x0E), back as u16)?;
            self.write_system(at(0x10), flags as u16)?;
            for (i, value) in (0u32..).zip(registers) {
                self.write_system(at(0x12 + 2 * i), value as u16)?;
            }
            for (i, value) in (0u32..).zip(selectors).take(4) {
                self.write_system(at(0x22 + 2 * i), value)?;
            }
        }
        if matches!(how, Switch::Jump | Switch::Return) {
            self.set_busy(tr.selector, false)?;
        }
        Ok(())
    }

    fn set_busy(&mut self, selector: u16, busy: bool) -> Done {
        let linear = self.st.gdtr.base.wrapping_add(u32::from(selector & !7) + 5);
        let kind: u8 = self.read_system(linear)?;
        let new = if busy { kind | system::BUSY } else { kind & !system::BUSY };
        self.write_system(linear, new)
    }

    fn enter_task(
        &mut self,
        d: Descriptor,
        selector: u16,
        how: Switch,
        new: Image,
        error: Option<u32>,
    ) -> Done {
        let nested = matches!(how, Switch::Call | Switch::Interrupt);
        let old = self.st.seg[usize::from(seg::TR)].selector;
        if nested {
            self.write_system(d.base(), old)?;
        }
        if how != Switch::Return {
            self.set_busy(selector, true)?;
        }
        let busy = d.attr() | u16::from(system::BUSY);
        self.st.seg[usize::from(seg::TR)] = Segment::new(selector, d.base(), d.limit(), busy);
        self.st.cr0 |= cr0::TS;
        // From here on the new task is the one that faults.
        self.load_task_cr3(&new);
        let flags = if nested { new.eflags | NT } else { new.eflags };
        self.st.flags.set(flags);
        self.st.eip = new.eip;
        for (i, value) in new.gpr.into_iter().enumerate() {
            self.st.gpr[i] = value;
        }
        self.st.dr[7] &= !0x155;
        let result = self.begin_task(&new, d, error);
        self.update_mode();
        if new.trap {
            self.st.debug_pending |= super::debug::DR6_BT;
        }
        result.map_err(Exception::in_new_task)
    }

    /// What the new task itself may fault on.
    fn begin_task(&mut self, new: &Image, d: Descriptor, error: Option<u32>) -> Done {
        self.load_task_segments(new)?;
        self.update_mode();
        if let Some(code) = error {
            if d.kind() & 8 != 0 { self.push(code)? } else { self.push(code as u16)? }
        }
        if self.st.eip > self.st.seg[usize::from(seg::CS)].limit {
            return Err(Exception::GP0);
        }
        Ok(())
    }

    fn load_task_cr3(&mut self, new: &Image) {
        let Some(cr3) = new.cr3.filter(|_| self.st.cr0 & cr0::PG != 0) else { return };
        if self.st.cr4 & cr4::PAE != 0 && self.load_pdptes(cr3).is_err() {
            return;
        }
        if self.st.cr3 != cr3 {
            self.probe_control(3, self.st.cr3, cr3);
            self.st.cr3 = cr3;
            self.flush_tlb(false);
        }
    }

    /// Loads LDTR and segment registers; until all is checked they hold unusable segments with the new selectors.
    fn load_task_segments(&mut self, new: &Image) -> Done {
        for (i, &selector) in new.selectors.iter().enumerate() {
            self.st.seg[i] = Segment::null(selector);
        }
        self.st.seg[usize::from(seg::LDTR)] = Segment::null(new.ldt);
        let v86 = self.st.flags.system(VM) != 0;
        self.set_cpl(if v86 { 3 } else { (new.selectors[1] & 3) as u8 });
        self.load_task_ldt(new.ldt)?;
        if v86 {
            let data = attr::P | attr::S | attr::RW | attr::ACCESSED | 3 << attr::DPL_SHIFT;
            for (number, &selector) in (0u8..).zip(&new.selectors) {
                self.set_segment(number, Segment::real(selector, data));
            }
            return Ok(());
        }
        self.load_task_code(new.selectors[1])?;
        let stack = self.stack_segment(new.selectors[2], self.st.cpl, Exception::ts)?;
        self.set_segment(seg::SS, stack);
        for number in [seg::ES, seg::DS, seg::FS, seg::GS] {
            let selector = new.selectors[usize::from(number)];
            self.load_segment(number, selector).map_err(|e| match e.vector() {
                super::exception::vector::GP => Exception::ts(selector),
                _ => e,
            })?;
        }
        Ok(())
    }

    fn load_task_ldt(&mut self, selector: u16) -> Done {
        if is_null(selector) {
            return Ok(());
        }
        if selector & 4 != 0 {
            return Err(Exception::ts(selector));
        }
        let d = self.descriptor(selector, Exception::ts)?;
        if d.kind() != system::LDT || !d.present() {
            return Err(Exception::ts(selector));
        }
        self.st.seg[usize::from(seg::LDTR)] = d.segment(selector);
        Ok(())
    }

    fn load_task_code(&mut self, selector: u16) -> Done {
        if is_null(selector) {
            return Err(Exception::ts(selector));
        }
        let mut d = self.descriptor(selector, Exception::ts)?;
        let fits = if d.is_conforming() { d.dpl() <= self.st.cpl } else { d.dpl() == self.st.cpl };
        if !d.is_code() || !fits {
            return Err(Exception::ts(selector));
        }
        if !d.present() {
            return Err(Exception::np(selector));
        }
        self.mark_accessed(&mut d)?;
        self.st.seg[usize::from(seg::CS)] = d.segment(selector);
        Ok(())
    }

    /// Whether the current privilege may access `size` ports from `port` on: by CPL and IOPL, else by the TSS's I/O
    /// permission bitmap. #GP(0) if not. Also notes I/O breakpoints.
    pub fn check_io(&mut self, port: u16, size: u8) -> Done {
        if self.st.protected() && (self.st.v86() || self.st.cpl > self.st.flags.iopl()) {
            self.check_io_bitmap(port, size)?;
        }
        if self.force_slow {
            self.watch_io(port, size);
        }
        Ok(())
    }

    fn check_io_bitmap(&mut self, port: u16, size: u8) -> Done {
        let tr = self.st.seg[usize::from(seg::TR)];
        if tr.attr & attr::P == 0 || tr.kind() & 8 == 0 || tr.limit < LEAST_LIMIT_32 {
            return Err(Exception::GP0);
        }
        let base = u32::from(self.read_system::<u16>(tr.base.wrapping_add(0x66))?);
        let at = base + u32::from(port / 8);
        // Two bytes are always read, so that an access may straddle them.
        if at + 1 > tr.limit {
            return Err(Exception::GP0);
        }
        let bits: u16 = self.read_system(tr.base.wrapping_add(at))?;
        let mask = ((1u16 << size) - 1) << (port % 8);
        if bits & mask == 0 { Ok(()) } else { Err(Exception::GP0) }
    }

    /// EFLAGS as the views show it.
    pub fn eflags(&self) -> u32 {
        self.st.flags.get() & eflags::ALL | eflags::FIXED
    }
}
