//! One 8259A: request, service and mask registers, priorities, and the command words.

use super::spec::*;
use serde::{Deserialize, Serialize};

/// Which initialization command word the data port expects.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Expects {
    /// None: the data port is the interrupt mask (OCW1).
    #[default]
    Ocw1,
    Icw2,
    Icw3,
    Icw4,
}

/// The registers of one chip.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Chip {
    /// Levels of the inputs.
    pub(super) pins: u8,
    pub(super) irr: u8,
    pub(super) isr: u8,
    pub(super) imr: u8,
    /// Inputs that are level triggered.
    pub(super) elcr: u8,
    /// Input of highest priority (0 unless rotated).
    pub(super) highest: u8,
    pub(super) vector_base: u8,
    pub(super) expects: Expects,
    pub(super) icw4_follows: bool,
    pub(super) single: bool,
    pub(super) auto_eoi: bool,
    pub(super) rotate_on_auto_eoi: bool,
    pub(super) special_fully_nested: bool,
    pub(super) special_mask: bool,
    pub(super) read_isr: bool,
    pub(super) poll: bool,
}

impl Chip {
    /// Sets the level of an input. A request must stay high until it is acknowledged: in edge mode too, the falling
    /// input takes its request back (data sheet, "Edge and level triggered modes").
    pub fn set_pin(&mut self, pin: u8, high: bool) {
        let bit = 1 << (pin & 7);
        let rises = high && self.pins & bit == 0;
        if high {
            self.pins |= bit;
        } else {
            self.pins &= !bit;
            self.irr &= !bit;
        }
        if rises || high && self.elcr & bit != 0 {
            self.irr |= bit;
        }
    }

    /// The ELCR half of this chip.
    pub fn elcr(&self) -> u8 {
        self.elcr
    }

    /// Makes inputs level triggered; a high input requests at once.
    pub fn set_elcr(&mut self, value: u8) {
        self.elcr = value;
        self.irr |= self.pins & value;
    }

    /// The request that the INT output stands for: highest priority, unmasked, above everything in service.
    /// `cascade` says which inputs have a slave behind them (for the special fully nested mode).
    pub fn pending(&self, cascade: u8) -> Option<u8> {
        let requested = self.highest_of(self.irr & !self.imr)?;
        let mut serving = self.isr;
        if self.special_mask {
            serving &= !self.imr;
        }
        if self.special_fully_nested {
            serving &= !cascade;
        }
        match self.highest_of(serving) {
            Some(s) if self.rank(s) <= self.rank(requested) => None,
            _ => Some(requested),
        }
    }

    /// Acknowledges input `pin`: it goes into service, or straight out of it with automatic EOI.
    pub fn acknowledge(&mut self, pin: u8) {
        let bit = 1 << (pin & 7);
        if self.elcr & bit == 0 {
            self.irr &= !bit;
        }
        if !self.auto_eoi {
            self.isr |= bit;
        } else if self.rotate_on_auto_eoi {
            self.highest = (pin + 1) & 7;
        }
    }

    /// Vector of an input.
    pub fn vector(&self, pin: u8) -> u8 {
        self.vector_base | pin & 7
    }

    /// Whether the next read is a poll.
    pub fn polled(&self) -> bool {
        self.poll
    }

    /// Reads the command port (`data` false) or the data port. A poll command makes either an acknowledge.
    pub fn read(&mut self, data: bool, cascade: u8) -> u8 {
        if std::mem::take(&mut self.poll) {
            return match self.pending(cascade) {
                Some(pin) => {
                    self.acknowledge(pin);
                    0x80 | pin
                }
                None => 0,
            };
        }
        match (data, self.read_isr) {
            (true, _) => self.imr,
            (false, true) => self.isr,
            (false, false) => self.irr,
        }
    }

    /// Writes the command port.
    pub fn write_command(&mut self, value: u8) {
        if value & ICW1 != 0 {
            self.initialize(value);
        } else if value & OCW3 != 0 {
            self.ocw3(value);
        } else {
            self.ocw2(value);
        }
    }

    /// Writes the data port: the next initialization word, or the mask. ICW3 is not kept: the cascade is soldered, and
    /// the PIIX3 demands its one correct value. LTIM in ICW1 is void too, the ELCR replaces it.
    pub fn write_data(&mut self, value: u8) {
        match self.expects {
            Expects::Ocw1 => self.imr = value,
            Expects::Icw2 => {
                self.vector_base = value & 0xF8;
                self.expects = if self.single { self.after_icw3() } else { Expects::Icw3 };
            }
            Expects::Icw3 => self.expects = self.after_icw3(),
            Expects::Icw4 => {
                self.auto_eoi = value & ICW4_AEOI != 0;
                self.special_fully_nested = value & ICW4_SFNM != 0;
                self.expects = Expects::Ocw1;
            }
        }
    }

    fn after_icw3(&self) -> Expects {
        if self.icw4_follows { Expects::Icw4 } else { Expects::Ocw1 }
    }

    /// ICW1: forgets everything but input levels and ELCR; edges must come anew.
    fn initialize(&mut self, icw1: u8) {
        *self = Self {
            pins: self.pins,
            irr: self.pins & self.elcr,
            elcr: self.elcr,
            vector_base: self.vector_base,
            expects: Expects::Icw2,
            icw4_follows: icw1 & ICW1_IC4 != 0,
            single: icw1 & ICW1_SNGL != 0,
            ..Self::default()
        };
    }

    fn ocw2(&mut self, value: u8) {
        let level = value & 7;
        let served = if value & OCW2_SL != 0 { Some(level) } else { self.served() };
        match value & (OCW2_R | OCW2_SL | OCW2_EOI) {
            0 => self.rotate_on_auto_eoi = false,
            OCW2_R => self.rotate_on_auto_eoi = true,
            v if v & OCW2_EOI != 0 => {
                if let Some(pin) = served {
                    self.isr &= !(1 << pin);
                    if v & OCW2_R != 0 {
                        self.highest = (pin + 1) & 7;
                    }
                }
            }
            v if v & OCW2_R != 0 => self.highest = (level + 1) & 7,
            _ => {}
        }
    }

    /// What a non-specific EOI ends. In special mask mode it passes over masked levels.
    fn served(&self) -> Option<u8> {
        let passed_over = if self.special_mask { self.imr } else { 0 };
        self.highest_of(self.isr & !passed_over)
    }

    fn ocw3(&mut self, value: u8) {
        if value & OCW3_ESMM != 0 {
            self.special_mask = value & OCW3_SMM != 0;
        }
        if value & OCW3_POLL != 0 {
            self.poll = true;
        } else if value & OCW3_RR != 0 {
            self.read_isr = value & OCW3_RIS != 0;
        }
    }

    /// Rank of an input, 0 the highest.
    fn rank(&self, pin: u8) -> u8 {
        pin.wrapping_sub(self.highest) & 7
    }

    fn highest_of(&self, set: u8) -> Option<u8> {
        (0..8).map(|rank| self.highest.wrapping_add(rank) & 7).find(|pin| set & 1 << pin != 0)
    }
}
