//! Ports for what a guest wants to tell us: debug text, an exit code, captured bytes. They keep nothing.

pub mod spec;

use crate::bus::{Cx, Device, LoadError, Wiring};
use spec::{BOCHS, PRESENT, SEABIOS};

/// Debug console on ports E9h and 402h, and, where configured, an exit and a capture port.
#[derive(Default)]
pub struct DebugPort {
    exit: Option<u16>,
    capture: Option<u16>,
}

impl DebugPort {
    /// A write to `exit` ends the run with the low byte as exit code; the bytes written to `capture`, 1, 2 or 4 at a
    /// time, go to `cx.out.captured`. Attach it last: these two ports may lie where another device has its own.
    pub fn new(exit: Option<u16>, capture: Option<u16>) -> Self {
        Self { exit, capture }
    }
}

impl Device for DebugPort {
    fn name(&self) -> &'static str {
        "debug port"
    }

    fn wire(&mut self, wiring: &mut Wiring<'_>) {
        wiring.ports(BOCHS, BOCHS, 1);
        wiring.ports(SEABIOS, SEABIOS, 1);
        for port in [self.exit, self.capture].into_iter().flatten() {
            wiring.ports(port, port, 4);
        }
    }

    fn reset(&mut self, _cx: &mut Cx) {}

    fn port_read(&mut self, _cx: &mut Cx, port: u16, _size: u8) -> u32 {
        if port == BOCHS || port == SEABIOS { u32::from(PRESENT) } else { u32::MAX }
    }

    fn port_write(&mut self, cx: &mut Cx, port: u16, size: u8, value: u32) {
        if self.exit == Some(port) {
            cx.signals.exit = Some(value as u8);
        } else if self.capture == Some(port) {
            cx.out.captured.extend(value.to_le_bytes().iter().take(usize::from(size)));
        } else {
            cx.out.debug.push(value as u8);
        }
    }

    fn save(&self) -> Vec<u8> {
        Vec::new()
    }

    fn load(&mut self, _cx: &mut Cx, bytes: &[u8]) -> Result<(), LoadError> {
        if bytes.is_empty() { Ok(()) } else { Err(LoadError { device: self.name() }) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bus::Bus;
    use crate::mem::Memory;

    #[test]
    fn every_port_leads_where_it_should() {
        let mut bus = Bus::new(Memory::new(1 << 20, 0));
        bus.attach(Box::new(DebugPort::new(Some(0xF4), Some(0x300))));
        bus.reset();
        assert_eq!(
            (bus.port_read(0x402, 1), bus.port_read(0xE9, 1), bus.port_read(0xF4, 1)),
            (0xE9, 0xE9, 0xFF)
        );
        bus.port_write(0x402, 1, 0x41);
        bus.port_write(0xE9, 1, 0x42);
        bus.port_write(0x300, 1, 0x01);
        bus.port_write(0x300, 4, 0x5040_3020);
        bus.port_write(0x300, 2, 0x7060);
        assert_eq!(bus.cx.out.debug, b"AB");
        assert_eq!(bus.cx.out.captured, [0x01, 0x20, 0x30, 0x40, 0x50, 0x60, 0x70]);
        assert_eq!(bus.cx.signals.exit, None);
        bus.port_write(0xF4, 2, 0x1203);
        assert_eq!(bus.cx.signals.exit, Some(3));
        let none = DebugPort::default();
        assert!(none.save().is_empty());
    }
}
