//! Four 16550A UARTs: COM1 to COM4.
//!
//! Characters take their time on the line, by the divisor and the frame format, in virtual time. Bytes appear in
//! `cx.out.serial` when their last stop bit is sent.

mod chip;
pub mod spec;
#[cfg(test)]
mod tests;
mod view;

use crate::bus::view::RegisterGroup;
use crate::bus::{Cx, Device, Field, Line, LineOut, LoadError, Wiring, fields_of, load_state, save_state};
use crate::time::{Ns, TimerId};
use chip::Chip;
use serde::{Deserialize, Serialize};
use spec::{IRQS, PORTS};

/// COM1 to COM4, numbered 0-3.
pub struct Uarts {
    speedup: u32,
    wires: Option<[(LineOut, TimerId); 4]>,
    state: State,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct State {
    chips: [Chip; 4],
}

impl Default for Uarts {
    fn default() -> Self {
        Self::new()
    }
}

impl Uarts {
    /// Four UARTs whose characters take the time their baud rate says.
    pub fn new() -> Self {
        Self::with_speedup(1)
    }

    /// Four UARTs whose characters take a `speedup`th of the time their baud rate says (0 counts as 1): a kernel's
    /// boot messages at 115200 baud are seconds of virtual time in which it only waits.
    pub fn with_speedup(speedup: u32) -> Self {
        Self { speedup, wires: None, state: State::default() }
    }

    /// The other end of COM1-COM4 (`port` 0-3) sends bytes. They wait their turn and arrive at line speed.
    pub fn receive(&mut self, cx: &mut Cx, port: usize, bytes: &[u8]) {
        self.act(cx, port, |chip, now, character| {
            bytes.iter().for_each(|&byte| chip.send(byte));
            chip.listen(now, character);
        });
    }

    /// The other end of COM1-COM4 (`port` 0-3) sends a break.
    pub fn receive_break(&mut self, cx: &mut Cx, port: usize) {
        self.act(cx, port, |chip, now, character| {
            chip.send_break();
            chip.listen(now, character);
        });
    }

    /// How many bytes given to [`Uarts::receive`] the UART has not taken yet.
    pub fn waiting(&self, port: usize) -> usize {
        self.state.chips.get(port).map_or(0, Chip::line_len)
    }

    /// Lets `f` act on a chip at (now, time of a character), then sets its line and deadline.
    fn act<R>(&mut self, cx: &mut Cx, n: usize, f: impl FnOnce(&mut Chip, Ns, Ns) -> R) -> Option<R> {
        let chip = self.state.chips.get_mut(n)?;
        let character = chip.character(self.speedup);
        let result = f(chip, cx.now, character);
        if let Some((line, timer)) = self.wires.and_then(|wires| wires.get(n).copied()) {
            cx.lines.set(line, chip.interrupt());
            cx.timers.set(timer, chip.deadline());
        }
        Some(result)
    }

    fn chip_at(port: u16) -> Option<usize> {
        PORTS.iter().position(|&first| port & !7 == first)
    }
}

impl Device for Uarts {
    fn name(&self) -> &'static str {
        "16550A"
    }

    fn wire(&mut self, wiring: &mut Wiring<'_>) {
        for first in PORTS {
            wiring.ports(first, first + 7, 1);
        }
        self.wires = Some(IRQS.map(|irq| (wiring.drive(Line::isa(irq)), wiring.timer())));
    }

    fn reset(&mut self, cx: &mut Cx) {
        for n in 0..4 {
            self.act(cx, n, |chip, now, character| {
                chip.reset();
                chip.listen(now, character);
            });
        }
    }

    fn port_read(&mut self, cx: &mut Cx, port: u16, _size: u8) -> u32 {
        let Some(n) = Self::chip_at(port) else { return u32::MAX };
        self.act(cx, n, |chip, now, character| chip.read(port & 7, now, character))
            .map_or(u32::MAX, u32::from)
    }

    fn port_write(&mut self, cx: &mut Cx, port: u16, _size: u8, value: u32) {
        if let Some(n) = Self::chip_at(port) {
            self.act(cx, n, |chip, now, character| chip.write(port & 7, value as u8, now, character));
        }
    }

    fn timer(&mut self, cx: &mut Cx, timer: TimerId) {
        let Some(n) = self.wires.and_then(|wires| wires.iter().position(|w| w.1 == timer)) else { return };
        if let Some(Some(byte)) = self.act(cx, n, |chip, now, character| chip.run(now, character)) {
            cx.out.send_serial(n, byte);
        }
    }

    fn save(&self) -> Vec<u8> {
        save_state(&self.state)
    }

    fn fields(&self, bytes: &[u8]) -> Result<Vec<Field>, LoadError> {
        fields_of::<State>(self.name(), bytes)
    }

    fn load(&mut self, _cx: &mut Cx, bytes: &[u8]) -> Result<(), LoadError> {
        self.state = load_state(self.name(), bytes)?;
        Ok(())
    }

    fn title(&self) -> &'static str {
        "four 16550A serial ports"
    }

    fn view(&self, _cx: &Cx, now: Ns) -> Vec<RegisterGroup> {
        self.groups(now)
    }
}
