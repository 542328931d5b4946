//! The pair of 8259A interrupt controllers of a PC, and the edge/level control registers of the chipset.

mod chip;
pub mod spec;
#[cfg(test)]
mod tests;
mod view;

use crate::bus::view::RegisterGroup;
use crate::bus::{
    Ack, Cx, Device, Field, Line, LineOut, LoadError, Wiring, fields_of, load_state, save_state,
};
use crate::time::Ns;
use chip::Chip;
use serde::{Deserialize, Serialize};
use spec::{CASCADE, ELCR, ELCR_WRITABLE, MASTER, SLAVE};

/// Inputs of the master that have a slave behind them.
const CASCADES: [u8; 2] = [1 << CASCADE, 0];

/// Master and slave. Listens to the ISA interrupt lines and drives [`Line::PIC_INTR`].
#[derive(Default)]
pub struct Pic {
    intr: Option<LineOut>,
    state: State,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct State {
    /// Master, slave.
    chips: [Chip; 2],
}

impl Pic {
    /// Both chips, not initialized.
    pub fn new() -> Self {
        Self::default()
    }

    /// Lets the slave's INT reach the master and the master's reach the CPU.
    fn update(&mut self, cx: &mut Cx) {
        let [master, slave] = &mut self.state.chips;
        master.set_pin(CASCADE, slave.pending(CASCADES[1]).is_some());
        let high = master.pending(CASCADES[0]).is_some();
        if let Some(intr) = self.intr {
            cx.lines.set(intr, high);
        }
    }

    /// INT falls with every acknowledge cycle, so that a slave with more to say gives the master a new edge.
    fn slave_acknowledged(&mut self) {
        self.state.chips[0].set_pin(CASCADE, false);
    }

    /// Chip and whether it is the data port.
    fn decode(port: u16) -> Option<(usize, bool)> {
        match port & !1 {
            MASTER => Some((0, port & 1 != 0)),
            SLAVE => Some((1, port & 1 != 0)),
            _ => None,
        }
    }
}

impl Device for Pic {
    fn name(&self) -> &'static str {
        "8259A"
    }

    fn wire(&mut self, wiring: &mut Wiring<'_>) {
        wiring.ports(MASTER, MASTER + 1, 1);
        wiring.ports(SLAVE, SLAVE + 1, 1);
        wiring.ports(ELCR, ELCR + 1, 1);
        wiring.pic();
        for irq in (0..16).filter(|&irq| irq != CASCADE) {
            wiring.listen(Line::isa(irq));
        }
        self.intr = Some(wiring.drive(Line::PIC_INTR));
    }

    fn reset(&mut self, cx: &mut Cx) {
        self.state = State::default();
        for irq in (0..16).filter(|&irq| irq != CASCADE) {
            let high = cx.lines.level(Line::isa(irq));
            self.state.chips[usize::from(irq / 8)].set_pin(irq & 7, high);
        }
        self.update(cx);
    }

    fn port_read(&mut self, cx: &mut Cx, port: u16, _size: u8) -> u32 {
        let Some((chip, data)) = Self::decode(port) else {
            return u32::from(self.state.chips[usize::from(port & 1)].elcr());
        };
        if chip == 1 && self.state.chips[1].polled() {
            self.slave_acknowledged();
        }
        let value = self.state.chips[chip].read(data, CASCADES[chip]);
        self.update(cx);
        u32::from(value)
    }

    fn port_write(&mut self, cx: &mut Cx, port: u16, _size: u8, value: u32) {
        let value = value as u8;
        match Self::decode(port) {
            Some((chip, true)) => self.state.chips[chip].write_data(value),
            Some((chip, false)) => self.state.chips[chip].write_command(value),
            None => {
                let chip = usize::from(port & 1);
                self.state.chips[chip].set_elcr(value & ELCR_WRITABLE[chip]);
            }
        }
        self.update(cx);
    }

    fn line_changed(&mut self, cx: &mut Cx, line: Line, level: bool) {
        let irq = line.index() as u8;
        if let Some(chip) = self.state.chips.get_mut(usize::from(irq / 8)) {
            chip.set_pin(irq & 7, level);
            self.update(cx);
        }
    }

    fn acknowledge(&mut self, cx: &mut Cx) -> Ack {
        let [master, slave] = &mut self.state.chips;
        // Nobody there any more: input 7's vector, without taking it into service (the "default IR7").
        let vector = match master.pending(CASCADES[0]) {
            None => master.vector(7),
            Some(CASCADE) => {
                master.acknowledge(CASCADE);
                let pin = slave.pending(CASCADES[1]);
                if let Some(pin) = pin {
                    slave.acknowledge(pin);
                }
                let vector = slave.vector(pin.unwrap_or(7));
                self.slave_acknowledged();
                vector
            }
            Some(pin) => {
                master.acknowledge(pin);
                master.vector(pin)
            }
        };
        self.update(cx);
        Ack::Vector(vector)
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
        "two 8259A interrupt controllers"
    }

    fn view(&self, _cx: &Cx, _now: Ns) -> Vec<RegisterGroup> {
        self.groups()
    }
}
