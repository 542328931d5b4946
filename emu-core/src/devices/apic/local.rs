//! The local APIC of the one processor.

use super::priority::Vectors;
use super::spec::{self, lvt, mode, reg};
use super::timer::Timer;
use crate::time::{NEVER, Ns};
use serde::{Deserialize, Serialize};

/// Volatile state of the local APIC.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Local {
    pub(super) base: u64,
    pub(super) id: u8,
    pub(super) tpr: u8,
    pub(super) ldr: u8,
    pub(super) dfr: u32,
    pub(super) svr: u32,
    pub(super) isr: Vectors,
    pub(super) irr: Vectors,
    pub(super) tmr: Vectors,
    pub(super) esr: u32,
    /// Errors since ESR was last written.
    pub(super) errors: u32,
    pub(super) icr: [u32; 2],
    pub(super) lvt: [u32; lvt::COUNT],
    pub(super) timer: Timer,
    /// Level of the LINT0 pin, the 8259s' output.
    pub(super) lint0: bool,
}

/// What an access does outside the local APIC.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Effects {
    /// A non-maskable interrupt.
    pub nmi: bool,
    /// INIT of the processor.
    pub init: bool,
    /// End of a level-triggered interrupt, told to the I/O APIC.
    pub eoi: Option<u8>,
}

/// An interrupt message on its way to the processor.
#[derive(Clone, Copy, Debug)]
pub(super) struct Message {
    pub mode: u32,
    pub vector: u8,
    pub level: bool,
    pub logical: bool,
    pub destination: u8,
}

impl Local {
    pub fn after_reset(lint0: bool) -> Self {
        Self {
            base: spec::BASE_RESET,
            id: 0,
            tpr: 0,
            ldr: 0,
            dfr: u32::MAX,
            svr: 0xFF,
            isr: Vectors::default(),
            irr: Vectors::default(),
            tmr: Vectors::default(),
            esr: 0,
            errors: 0,
            icr: [0; 2],
            lvt: [spec::MASKED; lvt::COUNT],
            timer: Timer::after_reset(),
            lint0,
        }
    }

    /// The state after INIT: as after reset, but the base and the id stay.
    pub fn init(&mut self) {
        *self = Self { base: self.base, id: self.id, ..Self::after_reset(self.lint0) };
    }

    /// Page of the registers, `None` while globally disabled.
    pub fn page(&self) -> Option<u32> {
        let enabled = self.base & spec::BASE_ENABLE != 0;
        enabled.then_some(((self.base & spec::BASE_ADDRESS) >> 12) as u32)
    }

    /// Writes IA32_APIC_BASE. Global disabling loses all state.
    pub fn set_base(&mut self, value: u64) {
        self.base = value & (spec::BASE_ADDRESS | spec::BASE_ENABLE | spec::BASE_BSP);
        if self.page().is_none() {
            self.init();
        }
    }

    /// Whether it takes interrupts at all: enabled globally and by software.
    pub fn enabled(&self) -> bool {
        self.page().is_some() && self.svr & spec::SVR_ENABLE != 0
    }

    /// Reads a register; offsets are multiples of 16.
    pub fn read(&mut self, now: Ns, offset: u32) -> u32 {
        match offset {
            reg::ID => u32::from(self.id) << 24,
            reg::VERSION => spec::VERSION,
            reg::TPR => u32::from(self.tpr),
            // With one processor arbitration always finds it at its own priority.
            reg::APR | reg::PPR => u32::from(self.ppr()),
            reg::EOI | reg::RRD => 0,
            reg::LDR => u32::from(self.ldr) << 24,
            reg::DFR => self.dfr,
            reg::SVR => self.svr,
            reg::ISR..=0x170 => self.isr.register((offset - reg::ISR) >> 4),
            reg::TMR..=0x1F0 => self.tmr.register((offset - reg::TMR) >> 4),
            reg::IRR..=0x270 => self.irr.register((offset - reg::IRR) >> 4),
            reg::ESR => self.esr,
            reg::ICR_LOW => self.icr[0],
            reg::ICR_HIGH => self.icr[1],
            reg::LVT..=reg::LVT_LAST => self.lvt[lvt_index(offset)],
            reg::TICR => self.timer.initial(),
            reg::TCCR => self.timer.current(now),
            reg::TDCR => self.timer.divide(),
            _ => {
                self.error(spec::ESR_REGISTER);
                0
            }
        }
    }

    /// Writes a register; offsets are multiples of 16.
    pub fn write(&mut self, now: Ns, offset: u32, value: u32) -> Effects {
        let mut effects = Effects::default();
        match offset {
            reg::ID => self.id = (value >> 24) as u8,
            reg::TPR => self.tpr = value as u8,
            reg::EOI => effects.eoi = self.end_of_interrupt(),
            reg::LDR => self.ldr = (value >> 24) as u8,
            reg::DFR => self.dfr = value | spec::DFR_ONES,
            reg::SVR => self.write_svr(value),
            reg::ESR => (self.esr, self.errors) = (self.errors, 0),
            reg::ICR_LOW => {
                self.icr[0] = value & spec::ICR_WRITABLE;
                effects = self.send();
            }
            reg::ICR_HIGH => self.icr[1] = value & 0xFF00_0000,
            reg::LVT..=reg::LVT_LAST => self.write_lvt(lvt_index(offset), value),
            reg::TICR => self.timer.start(now, value),
            reg::TDCR => self.timer.set_divide(now, value),
            // Read-only.
            reg::VERSION | reg::APR | reg::PPR | reg::RRD | reg::TCCR => {}
            reg::ISR..=0x270 => {}
            _ => self.error(spec::ESR_REGISTER),
        }
        effects
    }

    fn write_svr(&mut self, value: u32) {
        self.svr = value & spec::SVR_WRITABLE;
        if self.svr & spec::SVR_ENABLE == 0 {
            self.lvt.iter_mut().for_each(|entry| *entry |= spec::MASKED);
        }
    }

    fn write_lvt(&mut self, n: usize, value: u32) {
        let mut entry = value & lvt::WRITABLE[n];
        if self.svr & spec::SVR_ENABLE == 0 {
            entry |= spec::MASKED;
        }
        if entry & spec::LEVEL != 0 {
            entry |= self.lvt[n] & spec::REMOTE_IRR;
        }
        self.lvt[n] = entry;
        if n == lvt::LINT0 && self.lint0 && entry & spec::LEVEL != 0 {
            self.lint0_fixed_level();
        }
    }

    /// Notes an error and raises the error interrupt.
    fn error(&mut self, bit: u32) {
        self.errors |= bit;
        let entry = self.lvt[lvt::ERROR];
        if self.enabled() && entry & spec::MASKED == 0 && entry & 0xFF >= 16 {
            self.request(entry as u8, false);
        }
    }

    /// Puts a vector into IRR.
    fn request(&mut self, vector: u8, level: bool) {
        self.irr.set(vector, true);
        self.tmr.set(vector, level);
    }

    fn end_of_interrupt(&mut self) -> Option<u8> {
        let vector = self.isr.highest()?;
        self.isr.set(vector, false);
        if !self.tmr.contains(vector) {
            return None;
        }
        let entry = &mut self.lvt[lvt::LINT0];
        if *entry & spec::REMOTE_IRR != 0 && *entry as u8 == vector {
            *entry &= !spec::REMOTE_IRR;
            if self.lint0 {
                self.lint0_fixed_level();
            }
        }
        Some(vector)
    }

    /// Carries out the interrupt command register.
    fn send(&mut self) -> Effects {
        let icr = self.icr[0];
        let message = Message {
            mode: icr >> 8 & 7,
            vector: icr as u8,
            level: false,
            logical: icr & spec::LOGICAL != 0,
            destination: (self.icr[1] >> 24) as u8,
        };
        let by_vector = matches!(message.mode, mode::FIXED | mode::LOWEST);
        if by_vector && message.vector < 16 {
            self.error(spec::ESR_SEND_ILLEGAL);
            return Effects::default();
        }
        // INIT level de-assert only sets arbitration ids.
        let deassert = message.mode == mode::INIT && icr & spec::LEVEL != 0 && icr & spec::ICR_ASSERT == 0;
        let here = match icr >> 18 & 3 {
            0 => self.is_destination(message),
            1 => true,
            2 => true,
            _ => false,
        };
        if deassert || !here { Effects::default() } else { self.accept(message).1 }
    }

    /// Whether a message is for this APIC.
    fn is_destination(&self, m: Message) -> bool {
        if !m.logical {
            return m.destination == 0xFF || m.destination == self.id;
        }
        if self.dfr >> 28 == 0xF {
            return m.destination & self.ldr != 0;
        }
        let cluster = m.destination >> 4;
        (cluster == 0xF || cluster == self.ldr >> 4) && m.destination & self.ldr & 0xF != 0
    }

    /// Takes a message from the I/O APIC if it is for this APIC: whether it was accepted by vector, and what it does.
    pub fn deliver(&mut self, message: Message) -> (bool, Effects) {
        let for_us = self.page().is_some() && self.is_destination(message);
        if for_us { self.accept(message) } else { (false, Effects::default()) }
    }

    fn accept(&mut self, m: Message) -> (bool, Effects) {
        match m.mode {
            mode::FIXED | mode::LOWEST if !self.enabled() => (false, Effects::default()),
            mode::FIXED | mode::LOWEST if m.vector < 16 => {
                self.error(spec::ESR_RECEIVE_ILLEGAL);
                (false, Effects::default())
            }
            mode::FIXED | mode::LOWEST => {
                self.request(m.vector, m.level);
                (true, Effects::default())
            }
            mode::NMI => (false, Effects { nmi: true, ..Effects::default() }),
            mode::INIT => (false, Effects { init: true, ..Effects::default() }),
            // There is no SMM; a start-up message means nothing to a processor that runs.
            _ => (false, Effects::default()),
        }
    }

    /// The LINT0 pin changed.
    pub fn set_lint0(&mut self, level: bool) -> Effects {
        let rose = level && !self.lint0;
        self.lint0 = level;
        let entry = self.lvt[lvt::LINT0];
        if !rose || !self.enabled() || entry & spec::MASKED != 0 {
            return Effects::default();
        }
        match entry >> 8 & 7 {
            mode::FIXED if entry & spec::LEVEL != 0 => self.lint0_fixed_level(),
            mode::FIXED if entry & 0xFF >= 16 => self.request(entry as u8, false),
            mode::NMI => return Effects { nmi: true, ..Effects::default() },
            mode::INIT => return Effects { init: true, ..Effects::default() },
            _ => {}
        }
        Effects::default()
    }

    /// A level-triggered LINT0 by vector asks again after each EOI.
    fn lint0_fixed_level(&mut self) {
        let entry = self.lvt[lvt::LINT0];
        let asks = entry & (spec::MASKED | spec::REMOTE_IRR) == 0 && entry >> 8 & 7 == mode::FIXED;
        if self.enabled() && asks && entry & 0xFF >= 16 {
            self.lvt[lvt::LINT0] |= spec::REMOTE_IRR;
            self.request(entry as u8, true);
        }
    }

    /// Whether the 8259s' request passes through to the processor: by LINT0 as ExtINT, or around a disabled APIC.
    pub fn external(&self) -> bool {
        let entry = self.lvt[lvt::LINT0];
        let passes = !self.enabled() || entry & spec::MASKED == 0 && entry >> 8 & 7 == mode::EXTINT;
        self.lint0 && passes
    }

    /// Processor priority: the higher of the task's and of what is in service.
    fn ppr(&self) -> u8 {
        let in_service = self.isr.highest().unwrap_or(0);
        if self.tpr >> 4 >= in_service >> 4 { self.tpr } else { in_service & 0xF0 }
    }

    /// The vector the processor would be given now.
    pub fn pending(&self) -> Option<u8> {
        let vector = self.irr.highest().filter(|v| v >> 4 > self.ppr() >> 4)?;
        self.enabled().then_some(vector)
    }

    /// Moves the pending vector into service.
    pub fn take(&mut self) -> Option<u8> {
        let vector = self.pending()?;
        self.irr.set(vector, false);
        self.isr.set(vector, true);
        Some(vector)
    }

    /// Vector given when an interrupt went away before it was acknowledged.
    pub fn spurious(&self) -> u8 {
        self.svr as u8
    }

    /// Brings the timer up to `now`.
    pub fn catch_up(&mut self, now: Ns) {
        let entry = self.lvt[lvt::TIMER];
        let expired = self.timer.catch_up(now, entry & spec::PERIODIC != 0);
        if expired && self.enabled() && entry & spec::MASKED == 0 && entry & 0xFF >= 16 {
            self.request(entry as u8, false);
        }
    }

    /// When [`Local::catch_up`] may raise an interrupt next.
    pub fn next_event(&self) -> Ns {
        let heard = self.enabled() && self.lvt[lvt::TIMER] & spec::MASKED == 0;
        if heard { self.timer.expiry() } else { NEVER }
    }
}

fn lvt_index(offset: u32) -> usize {
    ((offset - reg::LVT) >> 4) as usize % lvt::COUNT
}
