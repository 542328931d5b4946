//! The CPU as instruction bodies see it: state, translations, the bus, and the flags by which the run loop is called.

use super::counts::Counts;
use super::event_log::{EventLogs, PortEvent};
use super::exception::Exception;
use super::interp::Inst;
use super::probe::Probe;
use super::regs::{State, cr0, gpr, seg};
use super::tlb::{Access, Place, Tlb};
use crate::bus::{Bus, Happened, Line, LineOut};
use crate::time::Ns;

/// Virtual nanoseconds one instruction takes: 100 million instructions a second.
pub const NS_PER_STEP: Ns = 10;

/// Reasons for the run loop to look up; see [`Cpu::attention`].
pub mod attention {
    /// INTR, NMI, IF or the shadow may have changed.
    pub const INTERRUPT: u32 = 1 << 0;
    /// A device was accessed: signals, deadlines and the memory map may have changed.
    pub const DEVICE: u32 = 1 << 1;
    /// Writes hit pages that hold code.
    pub const CODE: u32 = 1 << 2;
    /// TF, execution breakpoints or pending debug conditions: one instruction at a time.
    pub const DEBUG: u32 = 1 << 3;
    /// HLT or shutdown.
    pub const HALT: u32 = 1 << 4;
    /// A debugger noticed what it waits for.
    pub const PROBE: u32 = 1 << 5;
    /// Everything that has to do with the machine itself.
    pub const ALL: u32 = INTERRUPT | DEVICE | CODE | DEBUG | HALT;
}

/// CPU, memory and devices in one place.
pub struct Cpu {
    /// What is saved.
    pub st: State,
    /// Translations.
    pub tlb: Tlb,
    /// Memory and devices.
    pub bus: Bus,
    /// Bits of [`attention`]: a body sets one to have the block end after it.
    pub attention: u32,
    /// Instructions executed before the current block. REP iterations count as one each, so do faults.
    pub steps: u64,
    /// The run stops at this count.
    pub limit: u64,
    /// Position in the current block.
    pub position: u32,
    /// REP iterations of the current instruction beyond the first.
    pub extra_steps: u64,
    /// Virtual time at step 0 as it were: moves ahead when the CPU sleeps.
    pub time_base: Ns,
    /// EIP of the current code page's first byte (may wrap).
    pub code_base: u32,
    /// Every access must take the slow path: data breakpoints or alignment checks are on.
    pub force_slow: bool,
    /// Alignment checks are on: CR0.AM, EFLAGS.AC, CPL 3.
    pub align_check: bool,
    /// Changes when translations are dropped.
    pub tlb_version: u32,
    /// The current instruction delivered an interrupt or exception itself.
    pub delivered: bool,
    /// Counts how often each instruction runs, while it is there. No part of the state.
    pub counts: Option<Box<Counts>>,
    /// Keeps the last events, while it is there. No part of the state.
    pub logs: Option<Box<EventLogs>>,
    /// EIP of the I/O instruction being executed.
    pub(super) io_eip: u32,
    pub(super) prepared: [Place; 2],
    pub(super) ferr: LineOut,
    /// What a debugger waits for. Not part of the state.
    pub probe: Probe,
    /// The probe watches memory.
    pub(super) probe_data: bool,
}

impl Cpu {
    /// A CPU after power-up on a bus.
    pub fn new(mut bus: Bus) -> Self {
        let ferr = bus.cx.lines.driver(Line::FERR);
        Self {
            st: State::reset(),
            tlb: Tlb::default(),
            bus,
            attention: attention::ALL,
            steps: 0,
            limit: 0,
            position: 0,
            extra_steps: 0,
            time_base: 0,
            code_base: 0,
            force_slow: false,
            align_check: false,
            tlb_version: 0,
            delivered: false,
            counts: None,
            logs: None,
            io_eip: 0,
            prepared: [Place::Phys(0); 2],
            ferr,
            probe: Probe::default(),
            probe_data: false,
        }
    }

    /// RESET#: like power-up, but time goes on and the FPU registers are as after power-up too.
    pub fn reset(&mut self) {
        let tsc_offset = self.st.tsc_offset;
        self.st = State { tsc_offset, ..State::reset() };
        self.flush_tlb(true);
        self.update_mode();
        super::interp::x87::entry::drive_ferr(self);
        self.attention = attention::ALL;
        self.bus.set_apic_base(self.st.msr.apic_base);
    }

    /// INIT#: as RESET#, but the FPU, SSE and model-specific registers and CR0.CD/NW keep their values
    /// (SDM vol. 3A, table 9-1).
    pub fn init(&mut self) {
        let fresh = State::reset();
        let caching = self.st.cr0 & (cr0::CD | cr0::NW);
        self.st = State {
            cr0: fresh.cr0 & !(cr0::CD | cr0::NW) | caching,
            fpu: self.st.fpu.clone(),
            sse: self.st.sse.clone(),
            msr: self.st.msr.clone(),
            tsc_offset: self.st.tsc_offset,
            ..fresh
        };
        self.flush_tlb(true);
        self.update_mode();
        self.attention = attention::ALL;
    }

    /// Drops all translations, global ones only if `global`.
    pub fn flush_tlb(&mut self, global: bool) {
        self.tlb.flush(global);
        self.tlb_version = self.tlb_version.wrapping_add(1);
    }

    /// Drops the translation of one page.
    pub fn flush_tlb_page(&mut self, linear: u32) {
        self.tlb.flush_page(linear);
        self.tlb_version = self.tlb_version.wrapping_add(1);
    }

    /// Steps executed up to the current instruction.
    pub fn now_steps(&self) -> u64 {
        self.steps + u64::from(self.position) + self.extra_steps
    }

    /// Virtual time of the current instruction.
    pub fn now(&self) -> Ns {
        self.time_base + self.now_steps() * NS_PER_STEP
    }

    /// Time stamp counter: virtual nanoseconds plus what WRMSR made of it.
    pub fn tsc(&self) -> u64 {
        self.now().wrapping_add(self.st.tsc_offset)
    }

    /// To be called before any device is: gives it the time.
    #[inline]
    pub fn before_device(&mut self) {
        self.bus.cx.now = self.now();
    }

    /// To be called after a device was: the run loop looks at what it did.
    #[inline]
    pub fn after_device(&mut self) {
        self.attention |= attention::DEVICE | attention::INTERRUPT;
    }

    /// Has the run loop drop blocks that were written to.
    #[inline]
    pub fn notice_code_writes(&mut self) {
        if self.bus.cx.mem.has_code_writes() {
            self.attention |= attention::CODE;
        }
    }

    /// Reads an I/O port at the current time.
    pub fn port_in(&mut self, port: u16, size: u8) -> u32 {
        self.before_device();
        let value = self.bus.port_read(port, size);
        self.after_device();
        self.probe_port(port, size, false, value);
        self.log_port(port, size, value, false);
        value
    }

    /// Writes an I/O port at the current time.
    pub fn port_out(&mut self, port: u16, size: u8, value: u32) {
        self.before_device();
        self.bus.port_write(port, size, value);
        self.after_device();
        self.probe_port(port, size, true, value);
        self.log_port(port, size, value, true);
    }

    fn log_port(&mut self, port: u16, size: u8, value: u32, write: bool) {
        let (instruction, time) = (self.now_steps(), self.now());
        let (code, eip) = (self.st.seg[usize::from(seg::CS)], self.io_eip);
        let (cs, base) = (code.selector, code.base);
        let Some(log) = self.logs.as_mut().and_then(|logs| logs.ports.as_mut()) else { return };
        log.push(PortEvent { instruction, time, port, size, value, write, cs, eip, base });
    }

    /// EIP of the instruction being executed.
    #[inline(always)]
    pub fn eip_of(&self, inst: &Inst) -> u32 {
        self.code_base.wrapping_add(u32::from(inst.start))
    }

    /// EIP after the instruction being executed; not cut to 16 bits.
    #[inline(always)]
    pub fn next_eip(&self, inst: &Inst) -> u32 {
        self.code_base.wrapping_add(u32::from(inst.end))
    }

    /// Mask of instruction pointers by CS.D.
    #[inline]
    pub fn code32(&self) -> bool {
        self.st.seg[usize::from(seg::CS)].is_32()
    }

    /// Effective address of a memory operand.
    #[inline(always)]
    pub fn ea(&self, inst: &Inst) -> u32 {
        let base = self.st.gpr[usize::from(inst.base & 15)];
        let index = self.st.gpr[usize::from(inst.index & 15)];
        base.wrapping_add(index << (inst.scale & 31)).wrapping_add(inst.disp) & inst.ea_mask
    }

    /// The stack pointer under SS.B's mask.
    #[inline(always)]
    pub fn sp(&self) -> u32 {
        self.st.gpr[gpr::ESP] & self.st.stack_mask
    }

    /// Sets the stack pointer under SS.B's mask; upper bits of ESP stay with a 16-bit stack.
    #[inline(always)]
    pub fn set_sp(&mut self, value: u32) {
        let mask = self.st.stack_mask;
        self.st.gpr[gpr::ESP] = self.st.gpr[gpr::ESP] & !mask | value & mask;
    }

    /// Pushes; ESP moves only if the write succeeds.
    #[inline(always)]
    pub fn push<W: super::access::Int>(&mut self, value: W) -> Result<(), Exception> {
        let sp = self.sp().wrapping_sub(W::BYTES) & self.st.stack_mask;
        self.write(seg::SS, sp, value)?;
        self.set_sp(sp);
        Ok(())
    }

    /// Pops; ESP moves only if the read succeeds.
    #[inline(always)]
    pub fn pop<W: super::access::Int>(&mut self) -> Result<W, Exception> {
        let sp = self.sp();
        let value = self.read(seg::SS, sp)?;
        self.set_sp(sp.wrapping_add(W::BYTES));
        Ok(value)
    }

    /// Recomputes everything that follows from CPL, CR0, EFLAGS.AC and DR7. To be called when one of them changes.
    pub fn update_mode(&mut self) {
        self.align_check =
            self.st.cpl == 3 && self.st.cr0 & cr0::AM != 0 && self.st.flags.system(super::eflags::AC) != 0;
        let slow = self.align_check || self.has_data_breakpoints();
        if slow && !self.force_slow {
            self.tlb.demote(true);
        }
        self.force_slow = slow;
        self.st.stack_mask = if self.st.seg[usize::from(seg::SS)].is_32() { u32::MAX } else { 0xFFFF };
        self.attention |= attention::INTERRUPT | attention::DEBUG;
        self.probe_mode();
        if self.bus.cx.out.marks.is_some() {
            self.mark_mode();
        }
    }

    /// The mode as [`Happened::Mode`] has it.
    pub fn mode_number(&self) -> u8 {
        let protected = u8::from(self.st.protected());
        protected | u8::from(self.st.v86()) << 1 | u8::from(self.st.cr0 & cr0::PG != 0) << 2
    }

    fn mark_mode(&mut self) {
        let mode = self.mode_number();
        let changed = self.bus.cx.out.marks.as_ref().is_some_and(|marks| marks.mode() != mode);
        let now = if changed { self.now() } else { 0 };
        if changed && let Some(marks) = &mut self.bus.cx.out.marks {
            marks.note_mode(mode, now);
        }
    }

    /// Notes what happens, if a record is kept.
    #[inline]
    pub fn mark_happened(&mut self, happened: Happened) {
        if self.bus.cx.out.marks.is_some() {
            let now = self.now();
            if let Some(marks) = &mut self.bus.cx.out.marks {
                marks.note(happened, now);
            }
        }
    }

    /// Data breakpoints: notes the debug condition, delivered after the instruction (SDM vol. 3B, 17.2).
    #[inline]
    pub(super) fn watch(&mut self, linear: u32, len: u32, access: Access) {
        if self.force_slow {
            self.watch_data(linear, len, access == Access::Write);
        }
    }
}
