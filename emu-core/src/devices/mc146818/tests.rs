use super::*;
use crate::bus::Bus;
use crate::mem::Memory;

/// 2023-11-14 22:13:20 UTC, a Tuesday.
const START: u64 = 1_700_000_000;

fn board() -> Bus {
    let mut bus = Bus::new(Memory::new(1 << 20, 0));
    let mut cmos = [0; 128];
    cmos[0x40] = 0x5A;
    bus.attach(Box::new(Rtc::new(START, &cmos)));
    bus.reset();
    bus
}

fn read(bus: &mut Bus, register: usize) -> u8 {
    bus.port_write(INDEX, 1, register as u32);
    bus.port_read(DATA, 1) as u8
}

fn write(bus: &mut Bus, register: usize, value: u8) {
    bus.port_write(INDEX, 1, register as u32);
    bus.port_write(DATA, 1, u32::from(value));
}

fn irq(bus: &Bus) -> bool {
    bus.cx.lines.level(Line::isa(8))
}

#[test]
fn the_time_goes_on_with_virtual_time() {
    let mut bus = board();
    let time = |bus: &mut Bus| [HOURS, MINUTES, SECONDS].map(|r| read(bus, r));
    assert_eq!(time(&mut bus), [0x22, 0x13, 0x20]);
    assert_eq!(
        [CENTURY, YEAR, MONTH, DAY, DAY_OF_WEEK].map(|r| read(&mut bus, r)),
        [0x20, 0x23, 0x11, 0x14, 3]
    );
    bus.run_timers(SECOND - 1);
    assert_eq!(time(&mut bus), [0x22, 0x13, 0x20]);
    bus.run_timers(41 * SECOND);
    assert_eq!(time(&mut bus), [0x22, 0x14, 0x01]);
    // 12 hours, binary: the formats only say how registers are taken, they are not converted.
    write(&mut bus, B, B_BINARY);
    write(&mut bus, HOURS, 11 | PM);
    write(&mut bus, MINUTES, 59);
    write(&mut bus, SECONDS, 59);
    bus.run_timers(42 * SECOND);
    assert_eq!(time(&mut bus), [12, 0, 0]);
}

#[test]
fn uip_rises_2228_us_before_the_update_ends() {
    let mut bus = board();
    for (now, uip) in [(0, 0), (997_771_999, 0), (997_772_000, 0x80), (999_999_999, 0x80), (SECOND, 0)] {
        bus.run_timers(now);
        assert_eq!(read(&mut bus, A), 0x26 | uip, "at {now}");
    }
    bus.run_timers(2 * SECOND - 1000);
    write(&mut bus, B, B_SET | B_24_HOURS);
    assert_eq!(read(&mut bus, A), 0x26, "no update while SET");
}

#[test]
fn set_freezes_the_time_and_the_divider_reset_starts_half_a_second_early() {
    let mut bus = board();
    write(&mut bus, B, B_SET | B_UIE | B_24_HOURS);
    assert_eq!(read(&mut bus, B), B_SET | B_24_HOURS);
    write(&mut bus, A, 0x76);
    bus.run_timers(10 * SECOND);
    assert_eq!(read(&mut bus, SECONDS), 0x20);
    write(&mut bus, SECONDS, 0x58);
    write(&mut bus, B, B_24_HOURS);
    write(&mut bus, A, 0x26);
    bus.run_timers(10 * SECOND + 499_999_999);
    assert_eq!(read(&mut bus, SECONDS), 0x58);
    bus.run_timers(10 * SECOND + 500_000_000);
    assert_eq!(read(&mut bus, SECONDS), 0x59);
    bus.run_timers(11 * SECOND + 500_000_000);
    assert_eq!(read(&mut bus, SECONDS), 0x00);
}

#[test]
fn periodic_interrupts_come_at_the_selected_rate_once_c_is_read() {
    let mut bus = board();
    read(&mut bus, C);
    write(&mut bus, B, B_24_HOURS | B_PIE);
    let mut count = 0;
    while bus.cx.timers.next() <= SECOND {
        let at = bus.cx.timers.next();
        bus.run_timers(at);
        if irq(&bus) {
            count += 1;
            assert_eq!(at, ns_of_ticks(32 * count, HZ));
            assert_eq!(read(&mut bus, C) & (C_IRQF | C_PF), C_IRQF | C_PF);
            assert!(!irq(&bus));
        }
    }
    assert_eq!(count, 1024);
}

#[test]
fn every_rate_of_the_data_sheet() {
    // Table of periodic rates for the 32.768 kHz time base, in interrupts a second.
    let rates =
        [0, 256, 128, 8192, 4096, 2048, 1024, 512, 256, 128, 64, 32, 16, 8, 4, 2].into_iter().enumerate();
    for (select, hz) in rates {
        let mut bus = board();
        write(&mut bus, A, 0x20 | select as u8);
        read(&mut bus, C);
        let flag_at = |bus: &mut Bus, now: Ns| {
            bus.run_timers(now);
            read(bus, C) & C_PF != 0
        };
        if hz == 0 {
            assert!(!flag_at(&mut bus, SECOND));
            continue;
        }
        let period = ns_of_ticks(32_768 / hz, HZ);
        assert!(!flag_at(&mut bus, period - 1) && flag_at(&mut bus, period), "{hz} Hz");
        assert!(!flag_at(&mut bus, period + 1000));
    }
}

#[test]
fn alarm_matches_the_time_or_dont_care() {
    let mut bus = board();
    for (register, value) in [(SECONDS_ALARM, 0x22), (MINUTES_ALARM, 0xC0), (HOURS_ALARM, 0xFF)] {
        write(&mut bus, register, value);
    }
    write(&mut bus, B, B_24_HOURS | B_AIE);
    bus.run_timers(SECOND);
    assert!(!irq(&bus));
    bus.run_timers(2 * SECOND);
    assert!(irq(&bus));
    assert_eq!(read(&mut bus, C) & (C_IRQF | C_AF), C_IRQF | C_AF);
    bus.run_timers(61 * SECOND);
    assert!(!irq(&bus));
    bus.run_timers(62 * SECOND);
    assert!(irq(&bus));
}

#[test]
fn update_interrupts_come_every_second_and_reset_silences_them() {
    let mut bus = board();
    write(&mut bus, B, B_24_HOURS | B_UIE);
    bus.run_timers(SECOND);
    assert!(irq(&bus));
    assert_eq!(read(&mut bus, C) & C_UF, C_UF);
    bus.run_timers(2 * SECOND);
    assert!(irq(&bus));
    bus.reset();
    assert!(!irq(&bus));
    assert_eq!((read(&mut bus, B), read(&mut bus, C), read(&mut bus, 0x40)), (B_24_HOURS, 0, 0x5A));
    bus.run_timers(3 * SECOND);
    assert_eq!(read(&mut bus, SECONDS), 0x23);
}

#[test]
fn ram_index_and_read_only_registers() {
    let mut bus = board();
    assert_eq!(bus.port_read(INDEX, 1), 0xFF);
    write(&mut bus, 0x7F, 0x77);
    bus.port_write(INDEX, 1, 0xFF);
    assert_eq!(bus.port_read(DATA, 1), 0x77);
    assert!(bus.device::<Rtc>().unwrap().nmi_masked());
    write(&mut bus, D, 0);
    write(&mut bus, A, 0xA6);
    assert_eq!((read(&mut bus, D), read(&mut bus, A)), (D_VRT, 0x26));
}

#[test]
fn a_state_of_the_wrong_size_is_refused() {
    let mut bus = board();
    let saved = bus.device::<Rtc>().unwrap().save();
    assert_eq!(bus.with::<Rtc, _>(|r, cx| r.load(cx, &saved)), Some(Ok(())));
    let short = State { ram: vec![0; 10], ..bus.device::<Rtc>().unwrap().state.clone() };
    assert!(bus.with::<Rtc, _>(|r, cx| r.load(cx, &save_state(&short))).unwrap().is_err());
}
