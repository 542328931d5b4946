//! A device that interrupts the CPU at places that follow from what it does.

use emu_core::bus::{Ack, Cx, Device, Line, LineOut, LoadError, Wiring};

/// Any port access asks for an interrupt, whose vector follows from the number of accesses so far; every eighth is an
/// NMI.
#[derive(Default)]
pub struct Interrupter {
    intr: Option<LineOut>,
    nmi: Option<LineOut>,
    accesses: u32,
}

impl Interrupter {
    fn access(&mut self, cx: &mut Cx) {
        self.accesses = self.accesses.wrapping_add(1);
        if let (Some(intr), Some(nmi)) = (self.intr, self.nmi) {
            cx.lines.set(intr, true);
            if self.accesses.is_multiple_of(8) {
                cx.lines.pulse(nmi);
            }
        }
    }
}

impl Device for Interrupter {
    fn name(&self) -> &'static str {
        "interrupter"
    }
    fn wire(&mut self, wiring: &mut Wiring<'_>) {
        wiring.ports(0, 0xFFFF, 4);
        wiring.pic();
        self.intr = Some(wiring.drive(Line::CPU_INTR));
        self.nmi = Some(wiring.drive(Line::CPU_NMI));
    }
    fn reset(&mut self, _cx: &mut Cx) {}
    fn port_read(&mut self, cx: &mut Cx, port: u16, _size: u8) -> u32 {
        self.access(cx);
        self.accesses.wrapping_mul(0x9E37_79B9) ^ u32::from(port) ^ cx.now as u32
    }
    fn port_write(&mut self, cx: &mut Cx, _port: u16, _size: u8, _value: u32) {
        self.access(cx);
    }
    fn acknowledge(&mut self, cx: &mut Cx) -> Ack {
        if let Some(intr) = self.intr {
            cx.lines.set(intr, false);
        }
        Ack::Vector(self.accesses as u8)
    }
    fn save(&self) -> Vec<u8> {
        Vec::new()
    }
    fn load(&mut self, _cx: &mut Cx, _bytes: &[u8]) -> Result<(), LoadError> {
        Ok(())
    }
}
