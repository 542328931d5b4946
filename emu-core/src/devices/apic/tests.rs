use super::*;
use crate::bus::{Bus, ResetKind};
use crate::mem::Memory;
use crate::time::NEVER;

const LOCAL: u64 = 0xFEE0_0000;
const IO: u64 = 0xFEC0_0000;

/// Stands for everything that drives interrupt wires, and for the 8259s.
struct Pins {
    isa: Vec<LineOut>,
    pic: Option<LineOut>,
    nmis: u32,
}

impl Device for Pins {
    fn name(&self) -> &'static str {
        "pins"
    }
    fn wire(&mut self, wiring: &mut Wiring<'_>) {
        self.isa = (0..16).map(|irq| wiring.drive(Line::isa(irq))).collect();
        self.pic = Some(wiring.drive(Line::PIC_INTR));
        wiring.listen(Line::CPU_NMI);
        wiring.pic();
    }
    fn reset(&mut self, _cx: &mut Cx) {}
    fn line_changed(&mut self, _cx: &mut Cx, _line: Line, level: bool) {
        self.nmis += u32::from(level);
    }
    fn acknowledge(&mut self, _cx: &mut Cx) -> Ack {
        Ack::Vector(0x08)
    }
    fn save(&self) -> Vec<u8> {
        Vec::new()
    }
    fn load(&mut self, _cx: &mut Cx, _bytes: &[u8]) -> Result<(), LoadError> {
        Ok(())
    }
}

/// A machine whose local APIC software has enabled, with LINT0 still masked.
fn machine() -> Bus {
    let mut bus = reset_machine();
    bus.phys_write(LOCAL + 0xF0, 4, 0x1FF);
    bus
}

fn reset_machine() -> Bus {
    let mut bus = Bus::new(Memory::new(1 << 20, 0));
    bus.attach(Box::new(Pins { isa: Vec::new(), pic: None, nmis: 0 }));
    bus.attach(Box::new(Apic::new()));
    bus.reset();
    bus
}

fn isa(bus: &mut Bus, irq: usize, level: bool) {
    bus.with::<Pins, _>(|p, cx| cx.lines.set(p.isa[irq], level));
}

fn pic(bus: &mut Bus, level: bool) {
    bus.with::<Pins, _>(|p, cx| cx.lines.set(p.pic.unwrap(), level));
}

fn redirect(bus: &mut Bus, pin: u32, low: u32, destination: u32) {
    for (register, value) in [(0x11 + 2 * pin, destination << 24), (0x10 + 2 * pin, low)] {
        bus.phys_write(IO, 4, register);
        bus.phys_write(IO + 0x10, 4, value);
    }
}

fn entry(bus: &mut Bus, pin: u32) -> u32 {
    bus.phys_write(IO, 4, 0x10 + 2 * pin);
    bus.phys_read(IO + 0x10, 4)
}

/// Sends a vector to the processor itself.
fn send_self(bus: &mut Bus, vector: u32) {
    bus.phys_write(LOCAL + 0x300, 4, 0x4_0000 | vector);
}

fn eoi(bus: &mut Bus) {
    bus.phys_write(LOCAL + 0xB0, 4, 0);
}

#[test]
fn registers_after_reset_are_the_sdms() {
    let mut bus = reset_machine();
    let expected = [
        (0x20, 0),
        (0x30, 0x0005_0014),
        (0x80, 0),
        (0xD0, 0),
        (0xE0, u32::MAX),
        (0xF0, 0xFF),
        (0x280, 0),
        (0x320, 0x1_0000),
        (0x330, 0x1_0000),
        (0x340, 0x1_0000),
        (0x350, 0x1_0000),
        (0x360, 0x1_0000),
        (0x370, 0x1_0000),
        (0x380, 0),
        (0x390, 0),
        (0x3E0, 0),
    ];
    for (offset, value) in expected {
        assert_eq!(bus.phys_read(LOCAL + offset, 4), value, "register {offset:x}");
    }
    bus.phys_write(IO, 4, 1);
    assert_eq!(bus.phys_read(IO + 0x10, 4), 0x0017_0011);
    assert_eq!(entry(&mut bus, 23), 0x1_0000);
}

#[test]
fn a_disabled_apic_lets_the_8259s_through() {
    let mut bus = reset_machine();
    pic(&mut bus, true);
    assert!(bus.intr());
    assert_eq!(bus.acknowledge(), 0x08);
    bus.phys_write(LOCAL + 0xF0, 4, 0x1FF);
    assert!(!bus.intr(), "LINT0 is masked");
    bus.phys_write(LOCAL + 0x350, 4, 0x700);
    assert!(bus.intr());
    assert_eq!(bus.acknowledge(), 0x08);
    bus.phys_write(LOCAL + 0x350, 4, 0x1_0700);
    bus.set_apic_base(0xFEE0_0100);
    assert!(bus.intr());
    assert_eq!(bus.phys_read(LOCAL + 0x30, 4), u32::MAX);
    bus.set_apic_base(0xFED0_0900);
    assert_eq!(bus.phys_read(0xFED0_0030, 4), 0x0005_0014);
    pic(&mut bus, false);
    assert!(!bus.intr());
}

#[test]
fn priorities_nest_and_eoi_ends_the_highest() {
    let mut bus = machine();
    send_self(&mut bus, 0x41);
    assert!(bus.intr());
    assert_eq!(bus.acknowledge(), 0x41);
    assert_eq!(bus.phys_read(LOCAL + 0xA0, 4), 0x40);
    send_self(&mut bus, 0x4F);
    assert!(!bus.intr(), "the same class waits");
    send_self(&mut bus, 0x52);
    assert_eq!(bus.acknowledge(), 0x52);
    assert_eq!(bus.phys_read(LOCAL + 0x120, 4), 1 << 1 | 1 << 18);
    eoi(&mut bus);
    assert!(!bus.intr());
    eoi(&mut bus);
    assert_eq!(bus.acknowledge(), 0x4F);
    eoi(&mut bus);
    assert_eq!((bus.intr(), bus.phys_read(LOCAL + 0xA0, 4)), (false, 0));
    assert_eq!(bus.acknowledge(), 0xFF, "nothing is there any more: the spurious vector");
    assert_eq!(bus.phys_read(LOCAL + 0x170, 4), 0, "which is not in service");
}

#[test]
fn the_task_priority_holds_back_its_class_and_below() {
    let mut bus = machine();
    bus.phys_write(LOCAL + 0x80, 4, 0x50);
    send_self(&mut bus, 0x5F);
    assert!(!bus.intr());
    send_self(&mut bus, 0x60);
    assert!(bus.intr());
    bus.phys_write(LOCAL + 0x80, 4, 0xFF);
    assert!(!bus.intr());
    bus.phys_write(LOCAL + 0x80, 4, 0);
    assert_eq!((bus.acknowledge(), bus.phys_read(LOCAL + 0xA0, 4)), (0x60, 0x60));
}

#[test]
fn an_edge_goes_through_the_io_apic_once() {
    let mut bus = machine();
    redirect(&mut bus, 2, 0x30, 0);
    isa(&mut bus, 0, true);
    assert_eq!(bus.acknowledge(), 0x30);
    eoi(&mut bus);
    assert!(!bus.intr(), "interrupt 0 is on pin 2, and an edge is one interrupt");
    isa(&mut bus, 0, false);
    isa(&mut bus, 0, true);
    assert!(bus.intr());
    redirect(&mut bus, 4, 0x1_0031, 0);
    isa(&mut bus, 4, true);
    redirect(&mut bus, 4, 0x31, 0);
    assert_eq!(bus.acknowledge(), 0x30);
    eoi(&mut bus);
    assert!(!bus.intr(), "82093AA: edges on a masked pin are ignored");
}

#[test]
fn a_level_asks_again_until_it_goes() {
    let mut bus = machine();
    redirect(&mut bus, 10, 0x8055, 0);
    isa(&mut bus, 10, true);
    assert_eq!(entry(&mut bus, 10), 0xC055, "remote IRR");
    assert_eq!(bus.acknowledge(), 0x55);
    assert_eq!(bus.phys_read(LOCAL + 0x180 + 0x20, 4), 1 << 21, "TMR");
    assert!(!bus.intr());
    eoi(&mut bus);
    assert_eq!(bus.acknowledge(), 0x55);
    isa(&mut bus, 10, false);
    eoi(&mut bus);
    assert_eq!((bus.intr(), entry(&mut bus, 10)), (false, 0x8055));
    redirect(&mut bus, 10, 0x1_8055, 0);
    isa(&mut bus, 10, true);
    assert!(!bus.intr());
    redirect(&mut bus, 10, 0x8055, 0);
    assert!(bus.intr(), "a masked level waits");
}

#[test]
fn a_level_nobody_took_is_taken_once_the_apic_is_enabled() {
    let mut bus = reset_machine();
    redirect(&mut bus, 11, 0x8061, 0);
    isa(&mut bus, 11, true);
    assert_eq!((bus.intr(), entry(&mut bus, 11)), (false, 0x8061));
    bus.phys_write(LOCAL + 0xF0, 4, 0x1FF);
    assert_eq!(bus.acknowledge(), 0x61);
}

#[test]
fn destinations_are_physical_flat_or_clustered() {
    let mut bus = machine();
    let mut accepts = |dfr: u32, ldr: u32, low: u32, destination: u32| {
        bus.phys_write(LOCAL + 0xE0, 4, dfr);
        bus.phys_write(LOCAL + 0xD0, 4, ldr << 24);
        redirect(&mut bus, 5, low, destination);
        isa(&mut bus, 5, true);
        isa(&mut bus, 5, false);
        let accepted = bus.intr();
        if accepted {
            bus.acknowledge();
            eoi(&mut bus);
        }
        accepted
    };
    const FLAT: u32 = 0xF000_0000;
    assert!(accepts(FLAT, 0, 0x40, 0) && accepts(FLAT, 0, 0x40, 0xFF) && !accepts(FLAT, 0, 0x40, 1));
    assert!(accepts(FLAT, 0x02, 0x840, 0x03) && !accepts(FLAT, 0x02, 0x840, 0x01));
    assert!(
        accepts(0, 0x12, 0x840, 0x13) && !accepts(0, 0x12, 0x840, 0x23) && !accepts(0, 0x12, 0x840, 0x11)
    );
    assert!(accepts(0, 0x12, 0x840, 0xF2));
    assert!(accepts(FLAT, 0x01, 0x940, 0x01), "lowest priority");
}

#[test]
fn nmi_and_init_messages_reach_the_processor() {
    let mut bus = machine();
    bus.phys_write(LOCAL + 0x300, 4, 0x4400);
    assert_eq!(bus.device::<Pins>().unwrap().nmis, 1);
    redirect(&mut bus, 6, 0x400, 0);
    isa(&mut bus, 6, true);
    assert_eq!(bus.device::<Pins>().unwrap().nmis, 2);
    bus.phys_write(LOCAL + 0x300, 4, 0xC_4500);
    bus.phys_write(LOCAL + 0x300, 4, 0x0_8500);
    bus.phys_write(LOCAL + 0x300, 4, 0xC_4600);
    assert_eq!(bus.cx.signals.reset, None, "others, de-assert, and start-up do nothing");
    bus.phys_write(LOCAL + 0x20, 4, 0x0300_0000);
    bus.phys_write(LOCAL + 0x310, 4, 0x0300_0000);
    bus.phys_write(LOCAL + 0x300, 4, 0x4500);
    assert_eq!(bus.cx.signals.reset, Some(ResetKind::Cpu));
    assert_eq!(bus.phys_read(LOCAL + 0xF0, 4), 0xFF);
    assert_eq!(bus.phys_read(LOCAL + 0x20, 4), 0x0300_0000, "INIT keeps the id");
}

#[test]
fn errors_latch_on_writing_esr_and_can_interrupt() {
    let mut bus = machine();
    bus.phys_write(LOCAL + 0x370, 4, 0xFE);
    send_self(&mut bus, 0x0F);
    assert_eq!(bus.phys_read(LOCAL + 0x280, 4), 0);
    assert_eq!(bus.acknowledge(), 0xFE);
    bus.phys_write(LOCAL + 0x280, 4, 0);
    assert_eq!(bus.phys_read(LOCAL + 0x280, 4), 0x20);
    bus.phys_read(LOCAL + 0x40, 4);
    bus.phys_write(LOCAL + 0x280, 4, 0);
    assert_eq!(bus.phys_read(LOCAL + 0x280, 4), 0x80);
    bus.phys_write(LOCAL + 0x280, 4, 0);
    assert_eq!(bus.phys_read(LOCAL + 0x280, 4), 0);
}

#[test]
fn the_timer_interrupts_once_or_again_and_again() {
    let mut bus = machine();
    bus.phys_write(LOCAL + 0x3E0, 4, 0b1011);
    bus.phys_write(LOCAL + 0x320, 4, 0x20);
    bus.phys_write(LOCAL + 0x380, 4, 1000);
    assert_eq!(bus.cx.timers.next(), 10_000, "1000 cycles of 100 MHz");
    bus.run_timers(9_999);
    assert_eq!((bus.intr(), bus.phys_read(LOCAL + 0x390, 4)), (false, 1));
    bus.run_timers(10_000);
    assert_eq!((bus.acknowledge(), bus.cx.timers.next()), (0x20, NEVER));
    eoi(&mut bus);
    assert_eq!(bus.phys_read(LOCAL + 0x390, 4), 0);
    bus.phys_write(LOCAL + 0x320, 4, 0x2_0020);
    bus.phys_write(LOCAL + 0x380, 4, 500);
    for n in 1..4 {
        let at = bus.cx.timers.next();
        assert_eq!(at, 10_000 + 5_000 * n);
        bus.run_timers(at);
        assert_eq!(bus.acknowledge(), 0x20);
        eoi(&mut bus);
    }
    bus.phys_write(LOCAL + 0x320, 4, 0x3_0020);
    assert_eq!(bus.cx.timers.next(), NEVER);
    bus.cx.now = 27_500;
    assert_eq!(bus.phys_read(LOCAL + 0x390, 4), 250, "a masked timer counts on");
}

#[test]
fn software_disabling_masks_the_local_vector_table() {
    let mut bus = machine();
    bus.phys_write(LOCAL + 0x350, 4, 0x700);
    bus.phys_write(LOCAL + 0xF0, 4, 0xFF);
    assert_eq!(bus.phys_read(LOCAL + 0x350, 4), 0x1_0700);
    bus.phys_write(LOCAL + 0x350, 4, 0x700);
    assert_eq!(bus.phys_read(LOCAL + 0x350, 4), 0x1_0700);
    send_self(&mut bus, 0x41);
    assert!(!bus.intr());
}

#[test]
fn lint0_can_be_fixed_or_nmi() {
    let mut bus = machine();
    bus.phys_write(LOCAL + 0x350, 4, 0x400);
    pic(&mut bus, true);
    assert_eq!((bus.device::<Pins>().unwrap().nmis, bus.intr()), (1, false));
    pic(&mut bus, false);
    bus.phys_write(LOCAL + 0x350, 4, 0x8044);
    pic(&mut bus, true);
    assert_eq!(bus.acknowledge(), 0x44);
    assert_eq!(bus.phys_read(LOCAL + 0x350, 4), 0xC044);
    eoi(&mut bus);
    assert_eq!(bus.acknowledge(), 0x44);
    pic(&mut bus, false);
    eoi(&mut bus);
    assert!(!bus.intr());
    assert_eq!(bus.phys_read(LOCAL + 0x350, 4), 0x8044);
}

#[test]
fn extint_by_the_io_apic_asks_the_8259s() {
    let mut bus = machine();
    redirect(&mut bus, 0, 0x700, 0);
    pic(&mut bus, true);
    assert!(bus.intr());
    assert_eq!(bus.acknowledge(), 0x08);
    pic(&mut bus, false);
    assert!(!bus.intr());
}

#[test]
fn a_saved_apic_goes_on_where_it_was() {
    let mut bus = machine();
    bus.set_apic_base(0xFED0_0900);
    bus.phys_write(0xFED0_00F0, 4, 0x1FF);
    bus.phys_write(0xFED0_0300, 4, 0x4_0077);
    let saved = bus.devices().nth(1).unwrap().save();
    bus.reset();
    let (apic, cx) = bus.device_mut::<Apic>().unwrap();
    apic.load(cx, &saved).unwrap();
    assert!(apic.load(cx, &saved[..4]).is_err());
    assert_eq!(bus.phys_read(0xFED0_0200 + 0x30, 4), 1 << 23);
    assert_eq!(bus.acknowledge(), 0x77);
}

#[test]
fn no_access_does_harm() {
    let mut bus = machine();
    for base in [LOCAL, IO] {
        for offset in 0..0x1000u64 {
            for size in [1, 2, 4] {
                if offset % 0x1000 + u64::from(size) <= 0x1000 {
                    bus.phys_read(base + offset, size);
                    bus.phys_write(base + offset, size, 0xFFFF_FFFF);
                    bus.phys_write(base + offset, size, offset as u32);
                }
            }
        }
    }
    bus.cx.now = 1 << 62;
    bus.phys_read(LOCAL + 0x390, 4);
    for register in 0..256 {
        bus.phys_write(IO, 4, register);
        bus.phys_write(IO + 0x10, 4, 0x0000_8FFF);
        isa(&mut bus, 5, register & 1 != 0);
    }
}
