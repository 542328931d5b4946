use super::*;
use crate::bus::Bus;
use crate::mem::Memory;
use crate::time::NEVER;

/// A machine set up as SeaBIOS does it: PM registers at B000h, SMBus at B100h.
fn machine() -> Bus {
    let mut bus = Bus::new(Memory::new(1 << 20, 0));
    bus.attach(Box::new(Piix4Pm::new()));
    bus.reset();
    config(&mut bus, 0x40, 4, 0xB001);
    config(&mut bus, 0x80, 1, 1);
    config(&mut bus, 0x90, 4, 0xB101);
    config(&mut bus, 0xD2, 1, 9);
    config(&mut bus, 0x04, 2, 0x103);
    bus
}

fn config(bus: &mut Bus, register: u8, size: u8, value: u32) {
    bus.port_write(0xCF8, 4, 0x8000_0B00 | u32::from(register & 0xFC));
    bus.port_write(0xCFC + u16::from(register & 3), size, value);
}

fn read_config(bus: &mut Bus, register: u8) -> u32 {
    bus.port_write(0xCF8, 4, 0x8000_0B00 | u32::from(register & 0xFC));
    bus.port_read(0xCFC, 4)
}

fn sci(bus: &Bus) -> bool {
    bus.cx.lines.level(Line::isa(9))
}

#[test]
fn configuration_after_reset_is_what_firmware_expects() {
    let mut bus = machine();
    bus.reset();
    assert_eq!(read_config(&mut bus, 0x00), 0x7113_8086);
    assert_eq!(read_config(&mut bus, 0x08), 0x0680_0003);
    assert_eq!(read_config(&mut bus, 0x3C), 0x0000_0100);
    assert_eq!(read_config(&mut bus, 0x40), 1);
    assert_eq!(read_config(&mut bus, 0x58) & 0x0200_0000, 0x0200_0000, "SMM set-up is skipped");
    assert_eq!(read_config(&mut bus, 0x5C) >> 24, 0x10, "no parallel port");
    assert_eq!(read_config(&mut bus, 0x64) >> 24 & 0x88, 0x88, "COM1 and COM2");
}

#[test]
fn the_windows_follow_their_base_registers() {
    let mut bus = machine();
    bus.cx.now = 1_000_000_000;
    assert_eq!(bus.port_read(0xB008, 4), 3_579_545);
    config(&mut bus, 0x40, 4, 0x601);
    assert_eq!((bus.port_read(0xB008, 4), bus.port_read(0x608, 4)), (u32::MAX, 3_579_545));
    let saved = bus.devices().next().unwrap().save();
    config(&mut bus, 0x80, 1, 0);
    assert_eq!(bus.port_read(0x608, 4), u32::MAX);
    let (pm, cx) = bus.device_mut::<Piix4Pm>().unwrap();
    pm.load(cx, &saved).unwrap();
    assert_eq!(bus.port_read(0x608, 4), 3_579_545);
    assert_eq!(bus.port_read(0xB100, 1), 0);
}

#[test]
fn acpi_mode_is_entered_and_left_through_the_smi_command_port() {
    let mut bus = machine();
    assert_eq!(bus.port_read(0xB004, 2) & 1, 0);
    bus.port_write(0xB2, 1, 0xF1);
    assert_eq!(bus.port_read(0xB004, 2) & 1, 1);
    assert_eq!(bus.port_read(0xB2, 1), 0xF1);
    bus.port_write(0xB2, 1, 0xF0);
    assert_eq!(bus.port_read(0xB004, 2) & 1, 0);
    bus.port_write(0xB3, 1, 0x5A);
    assert_eq!(bus.port_read(0xB3, 1), 0x5A);
}

#[test]
fn timer_overflow_interrupts_when_enabled_and_clears_by_writing_one() {
    let mut bus = machine();
    bus.port_write(0xB2, 1, 0xF1);
    bus.port_write(0xB002, 2, 1);
    let at = bus.cx.timers.next();
    assert_eq!(at, 2_343_484_438, "2^23 ticks of 3.579545 MHz, rounded up");
    bus.run_timers(at);
    assert!(sci(&bus));
    assert_eq!(bus.port_read(0xB000, 2), 1);
    bus.port_write(0xB000, 2, 0);
    assert!(sci(&bus));
    bus.port_write(0xB000, 2, 1);
    assert!(!sci(&bus) && bus.cx.timers.next() > at);
    bus.port_write(0xB002, 2, 0);
    assert_eq!(bus.cx.timers.next(), NEVER);
    bus.cx.now = 2 * at;
    assert_eq!(bus.port_read(0xB000, 4), 1, "the status is set without the enable bit too");
    assert!(!sci(&bus));
}

#[test]
fn the_power_button_is_heard_in_acpi_mode_only() {
    let mut bus = machine();
    bus.port_write(0xB002, 2, 0x100);
    assert_eq!(bus.with::<Piix4Pm, _>(|pm, cx| pm.press_power_button(cx)), Some(false));
    assert!(!sci(&bus));
    bus.port_write(0xB2, 1, 0xF1);
    assert!(sci(&bus));
    bus.port_write(0xB000, 2, 0x100);
    assert!(!sci(&bus));
    assert_eq!(bus.with::<Piix4Pm, _>(|pm, cx| pm.press_power_button(cx)), Some(true));
    assert!(sci(&bus));
}

#[test]
fn s5_switches_off_and_other_states_wake_at_once() {
    let mut bus = machine();
    bus.port_write(0xB004, 2, 0x2401);
    assert!(!bus.cx.signals.power_off);
    assert_eq!(bus.port_read(0xB000, 2), 0x8000);
    assert_eq!(bus.port_read(0xB004, 2), 0x0401, "SUS_EN reads 0");
    bus.port_write(0xB004, 2, 0x0001);
    assert!(!bus.cx.signals.power_off);
    bus.port_write(0xB004, 2, 0x2001);
    assert!(bus.cx.signals.power_off);
}

#[test]
fn global_lock_releases_reach_the_other_side() {
    let mut bus = machine();
    bus.port_write(0xB004, 2, 0x0004);
    assert_eq!((bus.port_read(0xB004, 2), bus.port_read(0xB018, 2) & 1), (0, 1));
    bus.port_write(0xB028, 4, 2);
    assert_eq!((bus.port_read(0xB028, 4), bus.port_read(0xB000, 2)), (0, 0x20));
}

#[test]
fn the_smbus_is_empty() {
    let mut bus = machine();
    for address in 0..128 {
        bus.port_write(0xB104, 1, address << 1 | 1);
        bus.port_write(0xB102, 1, 0x48);
        assert_eq!(bus.port_read(0xB100, 1), 0x04);
        bus.port_write(0xB100, 1, 0x1E);
        assert_eq!(bus.port_read(0xB100, 1), 0);
    }
    bus.port_write(0xB102, 1, 0x49);
    assert!(sci(&bus), "SMBHSTCFG says IRQ 9");
    bus.port_write(0xB100, 1, 0x04);
    assert!(!sci(&bus));
}

#[test]
fn hot_plug_ports_tell_of_one_processor_and_no_removable_slot() {
    let mut bus = machine();
    assert_eq!(bus.port_read(0xAF00, 1), 1);
    assert_eq!(bus.port_read(0xAF00, 4), 1);
    assert_eq!(bus.port_read(0xAE0C, 4), 0);
    bus.port_write(0xAFE2, 2, 0xFFFF);
    assert_eq!(bus.port_read(0xAFE0, 4), 0xFFFF_0000);
}

#[test]
fn a_window_laid_over_another_device_does_not_take_its_ports() {
    let mut bus = machine();
    bus.cx.ports.map(0x640, 0x641, 1, DeviceId(9));
    config(&mut bus, 0x40, 4, 0x641);
    assert_eq!(bus.cx.ports.owner(0x641).0, Some(DeviceId(9)));
    assert_ne!(bus.cx.ports.owner(0x642).0, None);
    config(&mut bus, 0x40, 4, 0xB001);
    assert_eq!(bus.cx.ports.owner(0x641).0, Some(DeviceId(9)));
    assert_eq!(bus.cx.ports.owner(0x642).0, None);
}

#[test]
fn windows_may_lie_anywhere() {
    let mut bus = machine();
    for base in (0..0x1_0000u32).step_by(64) {
        config(&mut bus, 0x40, 4, base);
        config(&mut bus, 0x90, 4, base ^ 0xFFF0);
        for offset in 0..64 {
            let port = (base + offset) as u16;
            bus.port_read(port, 4);
            bus.port_write(port, 2, 0);
        }
    }
    config(&mut bus, 0x40, 4, 0xB001);
    assert_eq!(bus.port_read(0xAF00, 1), 1);
    bus.port_write(0xB2, 1, 0xF1);
    assert_eq!(bus.port_read(0xB004, 2) & 1, 1);
}
