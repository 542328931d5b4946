//! The registers at PMBA: fixed ACPI events, the PM timer, and the storage around them.

use super::spec::{self, pm1};
use crate::time::{NEVER, Ns, ns_of_ticks, ticks};
use serde::{Deserialize, Serialize};

/// Registers at PMBA, by the datasheet's names.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Pm {
    pub pmsts: u16,
    pub(super) pmen: u16,
    pub(super) pmcntrl: u16,
    /// How often the timer's top bit had changed when the status was last brought up to date.
    pub(super) toggles: u64,
    pub(super) gpsts: u16,
    pub(super) gpen: u16,
    pub(super) pcntrl: u32,
    pub(super) glbsts: u16,
    pub(super) glben: u16,
    pub(super) glbctl: u32,
    pub(super) devctl: u32,
    pub(super) gporeg: u32,
}

/// What a write asks of the machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Suspend {
    /// Soft off (S5).
    Off,
    /// A suspend state, left at once.
    Other,
}

impl Pm {
    pub fn after_reset(now: Ns) -> Self {
        Self {
            pmsts: 0,
            pmen: 0,
            pmcntrl: 0,
            toggles: toggles(now),
            gpsts: 0,
            gpen: 0,
            pcntrl: 0,
            glbsts: 0,
            glben: 0,
            glbctl: 0,
            devctl: 0,
            gporeg: spec::GPOREG_RESET,
        }
    }

    /// Brings TMROF_STS up to `now`.
    pub fn catch_up(&mut self, now: Ns) {
        let toggles = toggles(now);
        if toggles != self.toggles {
            self.toggles = toggles;
            self.pmsts |= pm1::TMROF;
        }
    }

    /// When the SCI may rise by itself next: the next overflow that would be heard, or [`NEVER`].
    pub fn next_event(&self) -> Ns {
        if self.pmen & pm1::TMROF == 0 || self.pmsts & pm1::TMROF != 0 {
            return NEVER;
        }
        ns_of_ticks((self.toggles + 1) << (spec::PM_TIMER_BITS - 1), spec::PM_TIMER_HZ)
    }

    /// Whether these events ask for an SCI.
    pub fn sci(&self) -> bool {
        self.acpi_mode() && self.pmsts & self.pmen & pm1::ENABLE != 0
    }

    /// Whether an ACPI system has taken over (SCI_EN).
    pub fn acpi_mode(&self) -> bool {
        self.pmcntrl & spec::SCI_EN != 0
    }

    /// Whether the system asked to hear of this PMSTS bit.
    pub fn hears(&self, event: u16) -> bool {
        self.acpi_mode() && self.pmen & event != 0
    }

    /// A write to APMC. Firmware's SMI handler would switch SCI_EN; here, without SMM, the chip does.
    pub fn apmc_written(&mut self, value: u8) {
        self.glbsts |= spec::APM_STS;
        match value {
            spec::ACPI_ENABLE => self.pmcntrl |= spec::SCI_EN,
            spec::ACPI_DISABLE => self.pmcntrl &= !spec::SCI_EN,
            _ => {}
        }
    }

    /// Reads 1, 2 or 4 bytes at an offset from PMBA.
    pub fn read(&self, now: Ns, offset: u16, size: u8) -> u32 {
        (0..u16::from(size)).fold(0, |value, i| {
            let at = offset + i;
            let byte = self.dword(now, at & !3) >> (8 * (at & 3)) & 0xFF;
            value | byte << (8 * i)
        })
    }

    fn dword(&self, now: Ns, offset: u16) -> u32 {
        let pair = |low: u16, high: u16| u32::from(low) | u32::from(high) << 16;
        match offset {
            0x00 => pair(self.pmsts, self.pmen),
            0x04 => u32::from(self.pmcntrl),
            0x08 => pm_timer(now),
            0x0C => pair(self.gpsts, self.gpen),
            0x10 => self.pcntrl,
            // PLVL2 and PLVL3 (14h, 15h): the tables offer no C2 or C3, reading them stops nothing.
            0x18 => u32::from(self.glbsts),
            0x20 => u32::from(self.glben),
            0x28 => self.glbctl,
            0x2C => self.devctl,
            0x30 => spec::GPIREG,
            0x34 => self.gporeg,
            _ => 0,
        }
    }

    /// Writes 1, 2 or 4 bytes at an offset from PMBA.
    pub fn write(&mut self, offset: u16, size: u8, value: u32) -> Option<Suspend> {
        let mut suspend = None;
        for (i, byte) in value.to_le_bytes().into_iter().take(usize::from(size)).enumerate() {
            let at = offset + i as u16;
            let shift = 8 * (at & 3);
            suspend = self.write_dword(at & !3, u32::from(byte) << shift, 0xFF << shift).or(suspend);
        }
        suspend
    }

    /// Writes the bits in `mask` of a register.
    fn write_dword(&mut self, offset: u16, value: u32, mask: u32) -> Option<Suspend> {
        let keep = |old: u32| old & !mask | value;
        let (low, low_mask, high_mask) = (value as u16, mask as u16, (mask >> 16) as u16);
        let high = (value >> 16) as u16;
        match offset {
            0x00 => {
                self.pmsts &= !(low & low_mask & pm1::STATUS);
                self.pmen = (self.pmen & !high_mask | high) & pm1::ENABLE;
            }
            0x04 => return self.write_pmcntrl(low, low_mask),
            0x0C => {
                self.gpsts &= !low;
                self.gpen = self.gpen & !high_mask | high;
            }
            0x10 => self.pcntrl = keep(self.pcntrl),
            0x18 => self.glbsts &= !low,
            0x20 => self.glben = self.glben & !low_mask | low,
            0x28 => {
                self.glbctl = keep(self.glbctl) & !spec::BIOS_RLS;
                if value & spec::BIOS_RLS != 0 {
                    self.pmsts |= pm1::GBL;
                }
            }
            0x2C => self.devctl = keep(self.devctl),
            0x34 => self.gporeg = keep(self.gporeg),
            _ => {}
        }
        None
    }

    fn write_pmcntrl(&mut self, value: u16, mask: u16) -> Option<Suspend> {
        self.pmcntrl = (self.pmcntrl & !mask | value) & spec::PMCNTRL_WRITABLE;
        if value & spec::GBL_RLS != 0 {
            self.glbsts |= spec::BIOS_STS;
        }
        if value & spec::SUS_EN == 0 {
            return None;
        }
        let typ = self.pmcntrl >> 10 & 7;
        Some(if typ == 0 { Suspend::Off } else { Suspend::Other })
    }
}

/// Value of the 24-bit PM timer.
fn pm_timer(now: Ns) -> u32 {
    ticks(now, spec::PM_TIMER_HZ) as u32 & ((1 << spec::PM_TIMER_BITS) - 1)
}

/// How often the timer's top bit has changed since time 0.
fn toggles(now: Ns) -> u64 {
    ticks(now, spec::PM_TIMER_HZ) >> (spec::PM_TIMER_BITS - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_event_is_the_first_tick_at_which_the_top_bit_changes() {
        for start in [0, 1, 2_343_000_000, 4_686_000_000, 123_456_789_012] {
            let mut pm = Pm::after_reset(start);
            assert_eq!(pm.next_event(), NEVER);
            pm.write(0x02, 2, 1);
            let at = pm.next_event();
            assert_eq!((pm_timer(at - 1) ^ pm_timer(at)) >> 23, 1);
            pm.catch_up(at - 1);
            assert_eq!(pm.pmsts, 0);
            pm.catch_up(at);
            assert_eq!(pm.pmsts, pm1::TMROF);
            assert_eq!(pm.next_event(), NEVER);
            pm.write(0, 2, 1);
            assert_eq!((pm.pmsts, pm.next_event() > at), (0, true));
        }
    }

    #[test]
    fn the_timer_counts_3_579_545_times_a_second_in_24_bits() {
        let pm = Pm::after_reset(0);
        assert_eq!(pm.read(1_000_000_000, 8, 4), 3_579_545);
        assert_eq!(pm.read(5_000_000_000, 8, 4), 5 * 3_579_545 % (1 << 24));
        assert_eq!(pm.read(1_000_000_000, 9, 1), 3_579_545 >> 8 & 0xFF);
    }
}
