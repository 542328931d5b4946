//! One 16550A: registers, FIFOs, shift registers and their deadlines.

use super::spec::*;
use crate::time::{NEVER, Ns, SECOND};
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;

/// A received character and its PE, FE and BI bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Received {
    pub(super) byte: u8,
    errors: u8,
}

/// The state of one UART and of the line to its receiver.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Chip {
    pub(super) divisor: u16,
    pub(super) ier: u8,
    pub(super) fcr: u8,
    pub(super) lcr: u8,
    pub(super) mcr: u8,
    pub(super) scratch: u8,
    pub(super) overrun: bool,
    /// Delta bits of the modem status register.
    pub(super) modem_deltas: u8,
    /// Receiver FIFO, or the receiver buffer alone.
    pub(super) rx: VecDeque<Received>,
    /// Transmitter FIFO, or the holding register alone.
    pub(super) tx: VecDeque<u8>,
    /// The transmitter shift register.
    pub(super) shifting: Option<u8>,
    pub(super) thre_interrupt: bool,
    pub(super) timeout_interrupt: bool,
    /// What the other end has sent and the receiver has not got yet.
    pub(super) line: VecDeque<Received>,
    /// When the shift register has sent its character.
    pub(super) tx_done: Ns,
    /// When the next character of `line` is received.
    pub(super) rx_due: Ns,
    /// When the receiver FIFO has been left alone for four characters' time.
    pub(super) timeout: Ns,
}

impl Default for Chip {
    fn default() -> Self {
        Self {
            // Undefined at reset; a PC's BIOS leaves 9600 baud.
            divisor: 12,
            ier: 0,
            fcr: 0,
            lcr: 3,
            mcr: 0,
            scratch: 0,
            overrun: false,
            modem_deltas: 0,
            rx: VecDeque::new(),
            tx: VecDeque::new(),
            shifting: None,
            thre_interrupt: false,
            timeout_interrupt: false,
            line: VecDeque::new(),
            tx_done: NEVER,
            rx_due: NEVER,
            timeout: NEVER,
        }
    }
}

impl Chip {
    /// Hardware reset: everything but what is still on the line.
    pub fn reset(&mut self) {
        *self = Self { line: std::mem::take(&mut self.line), ..Self::default() };
    }

    /// A character's time on the line: start, data, parity and stop bits. A divisor of 0 counts as 1.
    pub fn character(&self, speedup: u32) -> Ns {
        let data = u64::from(self.lcr & 3) + 5;
        let parity = u64::from(self.lcr & LCR_PARITY != 0);
        let half_stops = match (self.lcr & LCR_STOP != 0, data) {
            (false, _) => 2,
            (true, 5) => 3,
            (true, _) => 4,
        };
        let half_bits = 2 * (1 + data + parity) + half_stops;
        let clocks = 8 * half_bits * u64::from(self.divisor.max(1));
        (clocks * SECOND / HZ / u64::from(speedup.max(1))).max(1)
    }

    /// The next thing to happen by itself.
    pub fn deadline(&self) -> Ns {
        self.tx_done.min(self.rx_due).min(self.timeout)
    }

    /// Level of the interrupt as it reaches the ISA bus: OUT2 lets it through, and is off in loopback.
    pub fn interrupt(&self) -> bool {
        self.mcr & (MCR_OUT2 | MCR_LOOP) == MCR_OUT2 && self.pending() != IIR_NONE
    }

    /// Characters that still wait on the line.
    pub fn line_len(&self) -> usize {
        self.line.len()
    }

    /// The other end sends a byte.
    pub fn send(&mut self, byte: u8) {
        self.line.push_back(Received { byte, errors: 0 });
    }

    /// The other end sends a break.
    pub fn send_break(&mut self) {
        self.line.push_back(Received { byte: 0, errors: LSR_BI | LSR_FE });
    }

    fn fifos(&self) -> bool {
        self.fcr & FCR_ENABLE != 0
    }

    fn capacity(&self) -> usize {
        if self.fifos() { FIFO } else { 1 }
    }

    fn loops(&self) -> bool {
        self.mcr & MCR_LOOP != 0
    }

    /// Does everything due at `now`. The byte that went out on the line, if any.
    pub fn run(&mut self, now: Ns, character: Ns) -> Option<u8> {
        if self.timeout <= now {
            self.timeout = NEVER;
            self.timeout_interrupt = true;
        }
        if self.rx_due <= now {
            self.rx_due = NEVER;
            if let Some(received) = self.line.pop_front() {
                self.receive(received, now, character);
            }
            self.listen(now, character);
        }
        if self.tx_done <= now { self.shifted_out(now, character) } else { None }
    }

    fn shifted_out(&mut self, now: Ns, character: Ns) -> Option<u8> {
        self.tx_done = NEVER;
        let byte = self.shifting.take()? & 0xFF >> (3 - (self.lcr & 3));
        self.shift(now, character);
        if self.loops() {
            self.receive(Received { byte, errors: 0 }, now, character);
            return None;
        }
        // While the line is held in a break nothing else can be heard on it.
        (self.lcr & LCR_BREAK == 0).then_some(byte)
    }

    /// Fills an empty shift register.
    fn shift(&mut self, now: Ns, character: Ns) {
        if self.shifting.is_some() {
            return;
        }
        if let Some(byte) = self.tx.pop_front() {
            self.shifting = Some(byte);
            self.tx_done = now.saturating_add(character);
            self.thre_interrupt |= self.tx.is_empty();
        }
    }

    /// Starts the next character from the line. The other end waits while there is no room, as with hardware flow
    /// control: what a person types or pastes is not lost while the guest is busy.
    pub fn listen(&mut self, now: Ns, character: Ns) {
        let room = self.rx.len() < self.capacity() && !self.loops();
        if self.rx_due == NEVER && room && !self.line.is_empty() {
            self.rx_due = now.saturating_add(character);
        }
    }

    fn receive(&mut self, received: Received, now: Ns, character: Ns) {
        if self.rx.len() >= self.capacity() {
            self.overrun = true;
            if self.fifos() {
                return;
            }
            self.rx.clear();
        }
        self.rx.push_back(received);
        self.restart_timeout(now, character);
    }

    fn restart_timeout(&mut self, now: Ns, character: Ns) {
        self.timeout_interrupt = false;
        let waiting = self.fifos() && !self.rx.is_empty();
        self.timeout = if waiting { now.saturating_add(4 * character) } else { NEVER };
    }

    /// The interrupt of highest priority, as in the identification register.
    fn pending(&self) -> u8 {
        let on = |bit: u8| self.ier & bit != 0;
        let trigger = if self.fifos() { TRIGGER[usize::from(self.fcr >> 6)] } else { 1 };
        if on(IER_LINE) && self.errors() != 0 {
            IIR_LINE
        } else if on(IER_DATA) && self.rx.len() >= trigger {
            IIR_DATA
        } else if on(IER_DATA) && self.timeout_interrupt {
            IIR_TIMEOUT
        } else if on(IER_THRE) && self.thre_interrupt {
            IIR_THRE
        } else if on(IER_MODEM) && self.modem_deltas != 0 {
            IIR_MODEM
        } else {
            IIR_NONE
        }
    }

    /// Overrun, and the errors of the oldest character.
    fn errors(&self) -> u8 {
        let oldest = self.rx.front().map_or(0, |r| r.errors);
        oldest | if self.overrun { LSR_OE } else { 0 }
    }

    /// Modem inputs: somebody is always there, or in loopback the outputs themselves.
    fn modem_inputs(&self) -> u8 {
        if !self.loops() {
            return MSR_CTS | MSR_DSR | MSR_DCD;
        }
        [(MCR_RTS, MSR_CTS), (MCR_DTR, MSR_DSR), (MCR_OUT1, MSR_RI), (MCR_OUT2, MSR_DCD)]
            .into_iter()
            .fold(0, |inputs, (out, input)| inputs | if self.mcr & out != 0 { input } else { 0 })
    }

    /// Reads a register.
    pub fn read(&mut self, register: u16, now: Ns, character: Ns) -> u8 {
        let divisor = self.divisor.to_le_bytes();
        match register {
            DATA | IER if self.lcr & LCR_DLAB != 0 => divisor[usize::from(register)],
            DATA => {
                let byte = self.rx.pop_front().map_or(0, |r| r.byte);
                self.restart_timeout(now, character);
                self.listen(now, character);
                byte
            }
            IER => self.ier,
            IIR_FCR => {
                let pending = self.pending();
                self.thre_interrupt &= pending != IIR_THRE;
                pending | if self.fifos() { IIR_FIFOS } else { 0 }
            }
            LCR => self.lcr,
            MCR => self.mcr,
            LSR => self.read_lsr(),
            MSR => std::mem::take(&mut self.modem_deltas) | self.modem_inputs(),
            _ => self.scratch,
        }
    }

    fn read_lsr(&mut self) -> u8 {
        let mut lsr = self.errors();
        for (set, bit) in [
            (!self.rx.is_empty(), LSR_DR),
            (self.tx.is_empty(), LSR_THRE),
            (self.tx.is_empty() && self.shifting.is_none(), LSR_TEMT),
            (self.fifos() && self.rx.iter().any(|r| r.errors != 0), LSR_FIFO_ERROR),
        ] {
            lsr |= if set { bit } else { 0 };
        }
        self.overrun = false;
        if let Some(oldest) = self.rx.front_mut() {
            oldest.errors = 0;
        }
        lsr
    }

    /// Writes a register.
    pub fn write(&mut self, register: u16, value: u8, now: Ns, character: Ns) {
        match register {
            DATA | IER if self.lcr & LCR_DLAB != 0 => {
                let mut bytes = self.divisor.to_le_bytes();
                bytes[usize::from(register)] = value;
                self.divisor = u16::from_le_bytes(bytes);
            }
            DATA => self.write_data(value, now, character),
            IER => {
                let enabled = value & !self.ier;
                self.ier = value & 0x0F;
                self.thre_interrupt |= enabled & IER_THRE != 0 && self.tx.is_empty();
            }
            IIR_FCR => self.write_fcr(value),
            LCR => {
                let breaks = value & !self.lcr & LCR_BREAK != 0;
                self.lcr = value;
                if breaks && self.loops() {
                    self.receive(Received { byte: 0, errors: LSR_BI | LSR_FE }, now, character);
                }
            }
            MCR => self.write_mcr(value & 0x1F),
            LSR | MSR => {}
            _ => self.scratch = value,
        }
        self.listen(now, character);
    }

    fn write_data(&mut self, value: u8, now: Ns, character: Ns) {
        if !self.fifos() {
            self.tx.clear();
        }
        if self.tx.len() < self.capacity() {
            self.tx.push_back(value);
        }
        self.thre_interrupt = false;
        self.shift(now, character);
    }

    fn write_fcr(&mut self, value: u8) {
        let switched = (value ^ self.fcr) & FCR_ENABLE != 0;
        let on = value & FCR_ENABLE != 0;
        if switched || on && value & FCR_CLEAR_RX != 0 {
            self.rx.clear();
            self.timeout = NEVER;
            self.timeout_interrupt = false;
        }
        if (switched || on && value & FCR_CLEAR_TX != 0) && !self.tx.is_empty() {
            self.tx.clear();
            self.thre_interrupt = true;
        }
        // The other bits can only be set together with the enable bit.
        self.fcr = if on { value & !(FCR_CLEAR_RX | FCR_CLEAR_TX) } else { 0 };
    }

    fn write_mcr(&mut self, value: u8) {
        let before = self.modem_inputs();
        self.mcr = value;
        let after = self.modem_inputs();
        self.modem_deltas |= (before ^ after) >> 4 & !MSR_TERI;
        if before & !after & MSR_RI != 0 {
            self.modem_deltas |= MSR_TERI;
        }
        if self.loops() {
            self.rx_due = NEVER;
        }
    }
}
