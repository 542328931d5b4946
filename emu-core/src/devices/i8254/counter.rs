//! One counter of the 8254: six modes, advanced by any number of clocks at once.

use super::spec::*;
use serde::{Deserialize, Serialize};

/// How the counter is read and written (RW field of the control word).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Access {
    #[default]
    LowByte,
    HighByte,
    LowThenHigh,
}

/// One counter. `advance(n)` is `n` falling edges of CLK; everything else happens between two of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Counter {
    /// Bits 0-5 of the last control word.
    pub(super) control: u8,
    pub(super) access: Access,
    /// The count register as written.
    pub(super) count: u16,
    /// A whole count was written since the control word.
    pub(super) written: bool,
    /// Low byte written, high byte still to come.
    pub(super) half_written: bool,
    pub(super) low: u8,
    /// The next read gives the high byte.
    pub(super) read_high: bool,
    pub(super) latched_count: Option<u16>,
    pub(super) latched_status: Option<u8>,
    pub(super) null_count: bool,
    pub(super) gate: bool,
    /// The gate rose since the last clock.
    pub(super) triggered: bool,
    /// The next clock loads the counting element without a trigger.
    pub(super) load: bool,
    /// The counting element was loaded since the control word.
    pub(super) counting: bool,
    /// Clocks until the counting element expires, 1 to modulus (mode 3: until the half-cycle ends).
    pub(super) left: u32,
    /// Mode 3: the counting element shows twice this less than twice `left` (1 in the longer half of an odd count).
    pub(super) odd_half: bool,
    /// Modes 4 and 5: nothing expired yet since the load.
    pub(super) armed: bool,
    /// Modes 4 and 5: OUT is low for this one clock.
    pub(super) strobe: bool,
    pub(super) out: bool,
}

impl Counter {
    /// Level of OUT.
    pub fn out(&self) -> bool {
        self.out
    }

    /// Mode 0 to 5.
    pub fn mode(&self) -> u8 {
        match self.control >> 1 & 7 {
            m @ 0..=5 => m,
            m => m & 3,
        }
    }

    fn modulus(&self) -> u32 {
        if self.control & 1 != 0 { 10_000 } else { 65_536 }
    }

    /// The count written, in clocks, 1 to modulus; 0 stands for the modulus. Digits above 9 count as what they weigh.
    pub fn reload(&self) -> u32 {
        let count = u32::from(self.count);
        let value = if self.control & 1 != 0 { from_bcd(count) % 10_000 } else { count };
        if value == 0 { self.modulus() } else { value }
    }

    /// Whether it puts out a continuous wave whose period is [`Counter::reload`] clocks.
    pub fn is_periodic(&self) -> bool {
        matches!(self.mode(), 2 | 3) && self.written
    }

    /// A control word for this counter, other than the latch commands.
    pub fn write_control(&mut self, value: u8) {
        let access = match value >> 4 & 3 {
            1 => Access::LowByte,
            2 => Access::HighByte,
            _ => Access::LowThenHigh,
        };
        let (gate, left, odd_half) = (self.gate, self.left, self.odd_half);
        *self = Self { control: value & 0x3F, access, gate, left, odd_half, ..Self::default() };
        self.left = self.left.min(self.modulus());
        self.null_count = true;
        self.out = self.mode() != 0;
    }

    /// Latches the count, unless an earlier one waits to be read.
    pub fn latch_count(&mut self) {
        if self.latched_count.is_none() {
            self.latched_count = Some(self.element());
        }
    }

    /// Latches the status byte, unless an earlier one waits to be read.
    pub fn latch_status(&mut self) {
        if self.latched_status.is_none() {
            let out = if self.out { STATUS_OUT } else { 0 };
            let null = if self.null_count { STATUS_NULL_COUNT } else { 0 };
            self.latched_status = Some(out | null | self.control);
        }
    }

    /// Reads the data port: latched status, latched count, or the count as it runs.
    pub fn read(&mut self) -> u8 {
        if let Some(status) = self.latched_status.take() {
            return status;
        }
        let [low, high] = self.latched_count.unwrap_or_else(|| self.element()).to_le_bytes();
        let give_high = match self.access {
            Access::LowByte => false,
            Access::HighByte => true,
            Access::LowThenHigh => {
                self.read_high = !self.read_high;
                !self.read_high
            }
        };
        if !self.read_high {
            self.latched_count = None;
        }
        if give_high { high } else { low }
    }

    /// Writes the data port: a count, or half of one. In mode 0 the first half already stops the counting.
    pub fn write(&mut self, value: u8) {
        match self.access {
            Access::LowByte => self.write_count(u16::from(value)),
            Access::HighByte => self.write_count(u16::from(value) << 8),
            Access::LowThenHigh if self.half_written => {
                self.half_written = false;
                self.write_count(u16::from_le_bytes([self.low, value]));
            }
            Access::LowThenHigh => {
                self.half_written = true;
                self.low = value;
                if self.mode() == 0 {
                    self.out = false;
                    self.load = false;
                }
            }
        }
    }

    fn write_count(&mut self, count: u16) {
        self.count = count;
        self.null_count = true;
        match self.mode() {
            0 => {
                self.out = false;
                self.load = true;
            }
            2 | 3 => self.load |= !self.counting,
            4 => self.load = true,
            _ => {}
        }
        self.written = true;
    }

    /// Sets the gate. Rising, it triggers modes 1, 2, 3 and 5 at the next clock; falling, it ends a low OUT at once in
    /// modes 2 and 3.
    pub fn set_gate(&mut self, gate: bool) {
        if gate && !self.gate && matches!(self.mode(), 1 | 2 | 3 | 5) {
            self.triggered = true;
        }
        if !gate && matches!(self.mode(), 2 | 3) {
            self.out = true;
        }
        self.gate = gate;
    }

    /// Whether clocks count down now.
    fn enabled(&self) -> bool {
        let gated = !self.gate && !matches!(self.mode(), 1 | 5);
        self.counting && !gated && !(self.mode() == 0 && self.half_written)
    }

    /// The next clock loads the counting element instead of counting.
    fn loads(&self) -> bool {
        self.written && (self.load || self.triggered)
    }

    /// Clocks until OUT may change by itself: it never does so earlier. `None` if it will stay as it is.
    pub fn next_change(&self) -> Option<u32> {
        if self.loads() || self.strobe {
            return Some(1);
        }
        if !self.enabled() {
            return None;
        }
        match self.mode() {
            0 | 1 => (!self.out).then_some(self.left),
            2 if self.left > 1 => Some(self.left - 1),
            2 => (self.reload() > 1).then_some(1),
            3 => (self.reload() > 1 || !self.out).then_some(self.left),
            _ => self.armed.then_some(self.left),
        }
    }

    /// `n` clocks go by.
    pub fn advance(&mut self, mut n: u64) {
        while n > 0 {
            if self.loads() {
                self.load_element();
                n -= 1;
                continue;
            }
            if self.strobe {
                self.strobe = false;
                self.out = true;
            }
            if !self.enabled() {
                return;
            }
            let left = u64::from(self.left);
            if n < left {
                self.left -= n as u32;
                if self.mode() == 2 && self.left == 1 {
                    self.out = false;
                }
                return;
            }
            n -= left;
            self.expire();
            n = self.skip_cycles(n);
        }
    }

    /// Drops whole cycles, after which the counter is as it was. Right after an expiry only.
    fn skip_cycles(&self, n: u64) -> u64 {
        let cycle = u64::from(if matches!(self.mode(), 2 | 3) { self.reload() } else { self.modulus() });
        let settled = !self.null_count && !self.strobe && !self.armed && !self.load;
        if settled && n > 2 * cycle { n % cycle + cycle } else { n }
    }

    /// A clock loads the count register.
    fn load_element(&mut self) {
        self.load = false;
        self.triggered = false;
        self.counting = true;
        self.null_count = false;
        self.left = self.reload();
        self.strobe = false;
        match self.mode() {
            1 => self.out = false,
            2 => self.out = self.left > 1 || !self.gate,
            3 => {
                self.out = true;
                self.load_half();
            }
            4 | 5 => {
                self.out = true;
                self.armed = true;
            }
            _ => {}
        }
    }

    /// Mode 3: the half-cycle that OUT's level begins. An odd count makes the high half one clock longer; the low half
    /// of a count of 1 (which the data sheet forbids) is left out.
    fn load_half(&mut self) {
        let reload = self.reload();
        if reload == 1 {
            self.out = true;
        }
        self.odd_half = self.out && reload % 2 == 1;
        self.left = reload / 2 + u32::from(self.odd_half);
    }

    /// The counting element runs out.
    fn expire(&mut self) {
        self.left = self.modulus();
        match self.mode() {
            0 | 1 => self.out = true,
            2 => {
                self.null_count = false;
                self.left = self.reload();
                self.out = self.left > 1;
            }
            3 => {
                self.null_count = false;
                self.out = !self.out;
                self.load_half();
            }
            _ if self.armed => {
                self.armed = false;
                self.strobe = true;
                self.out = false;
            }
            _ => {}
        }
    }

    /// The counting element as it is read, in the counter's number system.
    pub fn element(&self) -> u16 {
        let value = match self.mode() {
            3 => self.left.saturating_sub(u32::from(self.odd_half)).wrapping_mul(2),
            _ => self.left,
        } % self.modulus();
        let value = if self.control & 1 != 0 { to_bcd(value) } else { value };
        value as u16
    }
}

fn from_bcd(v: u32) -> u32 {
    (0..4).rev().fold(0, |sum, digit| sum * 10 + (v >> (4 * digit) & 15))
}

fn to_bcd(v: u32) -> u32 {
    (0..4).rev().fold(0, |bcd, digit| (bcd << 4) | (v / 10u32.pow(digit) % 10))
}
