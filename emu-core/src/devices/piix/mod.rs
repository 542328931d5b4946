//! The PIIX3's ISA bridge: PCI interrupt routing, reset control, and the coprocessor error logic. Its IDE function is
//! `devices::ata`, its power management function `devices::acpi`; ELCR is part of `devices::i8259`.

mod spec;
mod view;

use crate::bus::view::RegisterGroup;
use crate::bus::{
    Bdf, Cx, Device, Field, Line, LineOut, LoadError, PciConfig, ResetKind, Wiring, fields_of, load_state,
    save_state,
};
use crate::time::Ns;
use serde::{Deserialize, Serialize};

/// The ISA bridge, PCI 00:01.0.
pub struct Piix3 {
    isa: Vec<LineOut>,
    irq13: Option<LineOut>,
    ignne: Option<LineOut>,
    state: State,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct State {
    config: PciConfig,
    /// Levels of PIRQA-PIRQD.
    pirq: [bool; 4],
    /// Reset Control register.
    rc: u8,
    /// Level of FERR#.
    ferr: bool,
    /// IGNNE# is held from a write of port F0h until FERR# goes away.
    ignne: bool,
}

impl State {
    fn after_reset() -> Self {
        let mut c =
            PciConfig::new(spec::VENDOR, spec::DEVICE, spec::CLASS, 0, spec::HEADER).with_qemu_subsystem();
        for (register, size, value) in [
            (spec::PCICMD, 2, 0x0007),
            (spec::PCISTS, 2, 0x0200),
            (spec::IORT, 1, 0x4D),
            (spec::XBCS, 2, 0x0003),
            (spec::PIRQRC, 4, 0x8080_8080),
            (spec::TOM, 1, 0x02),
            (spec::MBIRQ0, 1, 0x80),
            (spec::MBDMA0, 2, 0x0C0C),
            (spec::PCSC, 2, 0x0002),
            (spec::SMICNTL, 1, 0x08),
            (spec::FTMR, 1, 0x0F),
        ] {
            c.preset(register, size, value);
        }
        for (register, size, mask) in [
            (spec::PCICMD, 2, 0x0008),
            (spec::IORT, 1, 0xFF),
            (spec::XBCS, 2, 0x01FF),
            (spec::PIRQRC, 4, 0x8F8F_8F8F),
            (spec::TOM, 1, 0xFE),
            (spec::MSTAT, 2, 0x8085),
            (spec::MBIRQ0, 1, 0xEF),
            (spec::MBDMA0, 2, 0x8F8F),
            (spec::PCSC, 2, 0xFFFF),
            (spec::APICBASE, 1, 0x7F),
            (spec::DLC, 1, 0x0F),
            (spec::SMICNTL, 1, 0x1F),
            (spec::SMIEN, 2, 0x00FF),
            (spec::SEE, 4, 0xF8FF_FFFF),
            (spec::FTMR, 1, 0xFF),
            (spec::SMIREQ, 2, 0x00FF),
            (spec::CTLTMR, 1, 0xFF),
            (spec::CTHTMR, 1, 0xFF),
        ] {
            c.allow(register, size, mask);
        }
        Self { config: c, pirq: [false; 4], rc: 0, ferr: false, ignne: false }
    }

    /// ISA interrupts that routed PIRQs hold, one bit each.
    fn routed(&self) -> u32 {
        let mut held = 0;
        for (n, _) in self.pirq.iter().enumerate().filter(|(_, level)| **level) {
            let route = self.config.read(spec::PIRQRC + n as u8, 1);
            if route & spec::PIRQRC_DISABLED == 0 {
                held |= 1 << (route & 0xF) & spec::ROUTABLE;
            }
        }
        held
    }
}

impl Default for Piix3 {
    fn default() -> Self {
        Self::new()
    }
}

impl Piix3 {
    /// An ISA bridge.
    pub fn new() -> Self {
        Self { isa: Vec::new(), irq13: None, ignne: None, state: State::after_reset() }
    }

    fn drive_isa(&self, cx: &mut Cx) {
        let held = self.state.routed();
        for (irq, out) in self.isa.iter().enumerate() {
            cx.lines.set(*out, held >> irq & 1 != 0);
        }
    }

    /// IRQ 13 follows FERR# until port F0h is written; IGNNE# is held from then on.
    fn drive_coprocessor(&self, cx: &mut Cx) {
        let State { ferr, ignne, .. } = self.state;
        if let (Some(irq13), Some(out)) = (self.irq13, self.ignne) {
            cx.lines.set(irq13, ferr && !ignne);
            cx.lines.set(out, ignne);
        }
    }

    fn reset_control(&mut self, cx: &mut Cx, value: u8) {
        let rises = value & !self.state.rc & spec::RC_RCPU != 0;
        self.state.rc = value & (spec::RC_SRST | spec::RC_RCPU);
        if rises {
            let hard = value & spec::RC_SRST != 0;
            cx.signals.reset = Some(if hard { ResetKind::Hard } else { ResetKind::Cpu });
        }
    }
}

impl Device for Piix3 {
    fn name(&self) -> &'static str {
        "82371SB"
    }

    fn wire(&mut self, wiring: &mut Wiring<'_>) {
        wiring.pci(spec::BDF);
        wiring.ports(spec::COPROCESSOR_ERROR, spec::COPROCESSOR_ERROR, 1);
        wiring.ports(spec::RC, spec::RC, 1);
        self.isa = (0..16).map(|irq| wiring.drive(Line::isa(irq))).collect();
        self.irq13 = Some(wiring.drive(Line::isa(13)));
        self.ignne = Some(wiring.drive(Line::IGNNE));
        (0..4).for_each(|n| wiring.listen(Line::pirq(n)));
        wiring.listen(Line::FERR);
    }

    fn reset(&mut self, cx: &mut Cx) {
        self.state = State::after_reset();
        self.state.pirq = std::array::from_fn(|n| cx.lines.level(Line::pirq(n as u8)));
        self.state.ferr = cx.lines.level(Line::FERR);
        self.drive_isa(cx);
        self.drive_coprocessor(cx);
    }

    fn port_read(&mut self, _cx: &mut Cx, port: u16, _size: u8) -> u32 {
        match port {
            spec::RC => u32::from(self.state.rc),
            // The register is write-only.
            _ => 0xFF,
        }
    }

    fn port_write(&mut self, cx: &mut Cx, port: u16, _size: u8, value: u32) {
        match port {
            spec::RC => self.reset_control(cx, value as u8),
            _ if self.state.ferr => {
                self.state.ignne = true;
                self.drive_coprocessor(cx);
            }
            _ => {}
        }
    }

    fn line_changed(&mut self, cx: &mut Cx, line: Line, level: bool) {
        if line == Line::FERR {
            self.state.ferr = level;
            self.state.ignne &= level;
            self.drive_coprocessor(cx);
            return;
        }
        for n in 0..4 {
            if line == Line::pirq(n) {
                self.state.pirq[usize::from(n)] = level;
            }
        }
        self.drive_isa(cx);
    }

    fn pci_read(&mut self, _cx: &mut Cx, _bdf: Bdf, register: u8, size: u8) -> u32 {
        self.state.config.read(register, size)
    }

    fn pci_write(&mut self, cx: &mut Cx, _bdf: Bdf, register: u8, size: u8, value: u32) {
        self.state.config.write(register, size, value);
        self.drive_isa(cx);
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
        "PIIX3 ISA bridge"
    }

    fn view(&self, _cx: &Cx, _now: Ns) -> Vec<RegisterGroup> {
        self.groups()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bus::Bus;
    use crate::mem::Memory;

    /// A PCI device that holds its interrupt pin, and an FPU.
    struct Pins {
        pirq: Vec<LineOut>,
        ferr: Option<LineOut>,
    }

    impl Device for Pins {
        fn name(&self) -> &'static str {
            "pins"
        }
        fn wire(&mut self, wiring: &mut Wiring<'_>) {
            self.pirq = (0..4).map(|n| wiring.drive(Line::pirq(n))).collect();
            self.ferr = Some(wiring.drive(Line::FERR));
        }
        fn reset(&mut self, _cx: &mut Cx) {}
        fn save(&self) -> Vec<u8> {
            Vec::new()
        }
        fn load(&mut self, _cx: &mut Cx, _bytes: &[u8]) -> Result<(), LoadError> {
            Ok(())
        }
    }

    fn machine() -> Bus {
        let mut bus = Bus::new(Memory::new(1 << 20, 0));
        bus.attach(Box::new(Pins { pirq: Vec::new(), ferr: None }));
        bus.attach(Box::new(Piix3::new()));
        bus.reset();
        bus
    }

    fn route(bus: &mut Bus, n: u8, value: u32) {
        bus.port_write(0xCF8, 4, 0x8000_0860);
        bus.port_write(0xCFC + u16::from(n), 1, value);
    }

    fn pirq(bus: &mut Bus, n: usize, level: bool) {
        bus.with::<Pins, _>(|p, cx| cx.lines.set(p.pirq[n], level));
    }

    fn held(bus: &Bus) -> Vec<u8> {
        (0..16).filter(|&irq| bus.cx.lines.level(Line::isa(irq))).collect()
    }

    #[test]
    fn pirqs_reach_the_routed_isa_interrupt_and_share_it() {
        let mut bus = machine();
        pirq(&mut bus, 0, true);
        assert_eq!(held(&bus), []);
        route(&mut bus, 0, 10);
        route(&mut bus, 2, 11);
        assert_eq!(held(&bus), [10]);
        pirq(&mut bus, 2, true);
        assert_eq!(held(&bus), [10, 11]);
        route(&mut bus, 2, 10);
        assert_eq!(held(&bus), [10]);
        pirq(&mut bus, 0, false);
        assert_eq!(held(&bus), [10]);
        pirq(&mut bus, 2, false);
        assert_eq!(held(&bus), []);
    }

    #[test]
    fn reserved_interrupts_cannot_be_routed_to() {
        let mut bus = machine();
        pirq(&mut bus, 1, true);
        for irq in [0, 1, 2, 8, 13] {
            route(&mut bus, 1, irq);
            assert_eq!(held(&bus), [], "82371SB 2.2.9: IRQ {irq} is reserved");
        }
        for irq in [3, 4, 5, 6, 7, 9, 10, 11, 12, 14, 15] {
            route(&mut bus, 1, irq);
            assert_eq!(held(&bus), [irq as u8]);
            route(&mut bus, 1, 0x80 | irq);
            assert_eq!(held(&bus), []);
        }
    }

    #[test]
    fn ferr_raises_irq_13_until_port_f0_and_ignne_ends_with_it() {
        let mut bus = machine();
        let ferr = |bus: &mut Bus, level| {
            bus.with::<Pins, _>(|p, cx| cx.lines.set(p.ferr.unwrap(), level));
        };
        bus.port_write(0xF0, 1, 0);
        assert!(!bus.cx.lines.level(Line::IGNNE), "without FERR# the write does nothing");
        ferr(&mut bus, true);
        assert_eq!((held(&bus), bus.cx.lines.level(Line::IGNNE)), (vec![13], false));
        bus.port_write(0xF0, 1, 0);
        assert_eq!((held(&bus), bus.cx.lines.level(Line::IGNNE)), (vec![], true));
        ferr(&mut bus, false);
        assert_eq!((held(&bus), bus.cx.lines.level(Line::IGNNE)), (vec![], false));
        ferr(&mut bus, true);
        assert_eq!(held(&bus), [13]);
    }

    #[test]
    fn cf9_resets_on_the_rising_bit_as_hard_as_it_was_told() {
        let mut bus = machine();
        bus.port_write(0xCF9, 1, 2);
        assert_eq!((bus.port_read(0xCF9, 1), bus.cx.signals.reset), (2, None));
        bus.port_write(0xCF9, 1, 6);
        assert_eq!(bus.cx.signals.reset.take(), Some(ResetKind::Hard));
        bus.port_write(0xCF9, 1, 0);
        bus.port_write(0xCF9, 1, 4);
        assert_eq!(bus.cx.signals.reset.take(), Some(ResetKind::Cpu));
    }

    #[test]
    fn reset_values_are_the_datasheets() {
        let mut bus = machine();
        let mut at = |register: u32| {
            bus.port_write(0xCF8, 4, 0x8000_0800 | register);
            bus.port_read(0xCFC, 4)
        };
        assert_eq!(at(0x00), 0x7000_8086);
        assert_eq!(at(0x04), 0x0200_0007);
        assert_eq!(at(0x08), 0x0601_0000);
        assert_eq!(at(0x0C), 0x0080_0000);
        assert_eq!(at(0x4C), 0x0003_004D);
        assert_eq!(at(0x60), 0x8080_8080);
        assert_eq!(at(0x2C), 0x1100_1AF4);
    }
}
