//! The I/O APIC. Its 24 inputs are taken as active high whatever a redirection entry's polarity bit says: the board's
//! wires are never inverted, and firmware and systems disagree about what PCI interrupts are.

use super::local::Message;
use super::spec::{self, mode};
use serde::{Deserialize, Serialize};

/// Volatile state of the I/O APIC.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Io {
    pub(super) select: u8,
    pub(super) id: u8,
    /// Low halves of the redirection table, bits 0-31.
    pub(super) low: [u32; spec::PINS],
    /// Destinations, bits 56-63.
    pub(super) destination: [u8; spec::PINS],
    /// Levels of the pins, one bit each.
    pub(super) levels: u32,
}

impl Io {
    pub fn after_reset(levels: u32) -> Self {
        Self { select: 0, id: 0, low: [spec::MASKED; spec::PINS], destination: [0; spec::PINS], levels }
    }

    /// Reads a register of the page.
    pub fn read(&self, offset: u32) -> u32 {
        match offset {
            spec::IOREGSEL => u32::from(self.select),
            spec::IOWIN => self.register(),
            _ => 0,
        }
    }

    fn register(&self) -> u32 {
        match self.select {
            // Arbitration ids are loaded with the id.
            0 | 2 => u32::from(self.id) << 24,
            1 => spec::IO_VERSION,
            n => {
                let Some((pin, high)) = entry(n) else { return 0 };
                if high { u32::from(self.destination[pin]) << 24 } else { self.low[pin] }
            }
        }
    }

    /// Writes a register of the page: the pin whose entry changed.
    pub fn write(&mut self, offset: u32, value: u32) -> Option<usize> {
        match offset {
            spec::IOREGSEL => self.select = value as u8,
            spec::IOWIN if self.select == 0 => self.id = (value >> 24) as u8 & 0xF,
            spec::IOWIN => {
                let (pin, high) = entry(self.select)?;
                if high {
                    self.destination[pin] = (value >> 24) as u8;
                } else {
                    let kept = if value & spec::LEVEL != 0 { self.low[pin] & spec::REMOTE_IRR } else { 0 };
                    self.low[pin] = value & spec::REDIRECTION_WRITABLE | kept;
                }
                return Some(pin);
            }
            _ => {}
        }
        None
    }

    /// A pin changed: the message of an edge-triggered entry.
    pub fn set_pin(&mut self, pin: usize, level: bool) -> Option<Message> {
        let bit = 1 << pin;
        let rose = level && self.levels & bit == 0;
        self.levels = if level { self.levels | bit } else { self.levels & !bit };
        let low = self.low[pin];
        let sends = rose && low & (spec::MASKED | spec::LEVEL) == 0 && low >> 8 & 7 != mode::EXTINT;
        sends.then(|| self.message(pin))
    }

    /// The message of a level-triggered pin that is high and not waiting for EOI.
    pub fn level_message(&self, pin: usize) -> Option<Message> {
        let low = self.low[pin];
        let sends = self.levels >> pin & 1 != 0
            && low & (spec::MASKED | spec::LEVEL | spec::REMOTE_IRR) == spec::LEVEL
            && low >> 8 & 7 != mode::EXTINT;
        sends.then(|| self.message(pin))
    }

    /// The processor accepted a level-triggered pin's message.
    pub fn accepted(&mut self, pin: usize) {
        self.low[pin] |= spec::REMOTE_IRR;
    }

    /// The processor ended a level-triggered interrupt.
    pub fn end_of_interrupt(&mut self, vector: u8) {
        for low in self.low.iter_mut().filter(|low| **low as u8 == vector) {
            *low &= !spec::REMOTE_IRR;
        }
    }

    /// Whether pin 0, the 8259s' output, is passed on as ExtINT.
    pub fn external(&self) -> bool {
        let low = self.low[0];
        self.levels & 1 != 0 && low & spec::MASKED == 0 && low >> 8 & 7 == mode::EXTINT
    }

    fn message(&self, pin: usize) -> Message {
        let low = self.low[pin];
        Message {
            mode: low >> 8 & 7,
            vector: low as u8,
            level: low & spec::LEVEL != 0,
            logical: low & spec::LOGICAL != 0,
            destination: self.destination[pin],
        }
    }
}

/// Pin of a redirection register, and whether it is the high half.
fn entry(register: u8) -> Option<(usize, bool)> {
    let n = register.checked_sub(0x10)?;
    let pin = usize::from(n / 2);
    (pin < spec::PINS).then_some((pin, n & 1 != 0))
}
