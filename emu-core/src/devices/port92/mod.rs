//! Port 92h: fast A20 gate and fast CPU reset.

pub mod spec;
mod view;

use crate::bus::view::RegisterGroup;
use crate::bus::{Cx, Device, Field, LoadError, ResetKind, Wiring, fields_of, load_state, save_state};
use crate::time::Ns;
use serde::{Deserialize, Serialize};
use spec::{FAST_A20, FAST_RESET, PORT};

/// System control port A. The other bits read back as written.
#[derive(Default)]
pub struct Port92 {
    state: State,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct State {
    /// As last written; the A20 bit is read from the gate.
    latch: u8,
}

impl Port92 {
    /// The port, with the gate as it stands.
    pub fn new() -> Self {
        Self::default()
    }
}

impl Device for Port92 {
    fn name(&self) -> &'static str {
        "port 92h"
    }

    fn wire(&mut self, wiring: &mut Wiring<'_>) {
        wiring.ports(PORT, PORT, 1);
    }

    /// A hardware reset opens the gate: firmware starts at the top of the address space.
    fn reset(&mut self, cx: &mut Cx) {
        self.state = State::default();
        cx.gate_a20(true);
    }

    fn port_read(&mut self, cx: &mut Cx, _port: u16, _size: u8) -> u32 {
        let a20 = if cx.mem.a20() { FAST_A20 } else { 0 };
        u32::from(self.state.latch & !FAST_A20 | a20)
    }

    fn port_write(&mut self, cx: &mut Cx, _port: u16, _size: u8, value: u32) {
        let value = value as u8;
        if value & !self.state.latch & FAST_RESET != 0 {
            cx.signals.reset = cx.signals.reset.or(Some(ResetKind::Cpu));
        }
        self.state.latch = value;
        cx.gate_a20(value & FAST_A20 != 0);
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
        "system control port A"
    }

    fn view(&self, cx: &Cx, _now: Ns) -> Vec<RegisterGroup> {
        self.groups(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bus::Bus;
    use crate::mem::Memory;

    #[test]
    fn the_gate_follows_bit_1_and_a_reset_needs_an_edge() {
        let mut bus = Bus::new(Memory::new(1 << 20, 0));
        bus.attach(Box::new(Port92::new()));
        bus.reset();
        assert_eq!(bus.port_read(0x92, 1), 0x02);
        bus.port_write(0x92, 1, 0x00);
        assert!(!bus.cx.mem.a20() && bus.cx.signals.a20_changed && bus.cx.signals.reset.is_none());
        bus.cx.gate_a20(true);
        assert_eq!(bus.port_read(0x92, 1), 0x02, "somebody else moved the gate");
        bus.port_write(0x92, 1, 0x03);
        assert_eq!(bus.cx.signals.reset.take(), Some(ResetKind::Cpu));
        bus.port_write(0x92, 1, 0x03);
        assert_eq!(bus.cx.signals.reset, None);
        bus.port_write(0x92, 1, 0x02);
        bus.port_write(0x92, 1, 0x01);
        assert_eq!((bus.cx.signals.reset, bus.port_read(0x92, 1)), (Some(ResetKind::Cpu), 0x01));
        bus.reset();
        assert!(bus.cx.mem.a20());
    }
}
