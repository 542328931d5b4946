use super::*;
use crate::bus::Bus;
use crate::mem::Memory;
use crate::time::Ns;

fn board() -> Bus {
    let mut bus = Bus::new(Memory::new(1 << 20, 0));
    bus.attach(Box::new(Pit::new()));
    bus.reset();
    bus
}

fn run_to(bus: &mut Bus, now: Ns) {
    bus.run_timers(now);
    assert!(bus.cx.timers.next() > now);
}

/// A counter with its gate high, a control word and a count, as after two writes without a clock in between.
fn counter(mode: u8, count: u16) -> Counter {
    let mut c = Counter::default();
    c.set_gate(true);
    c.write_control(0x30 | mode << 1);
    write(&mut c, count);
    c
}

fn write(c: &mut Counter, count: u16) {
    let [low, high] = count.to_le_bytes();
    c.write(low);
    c.write(high);
}

fn read(c: &mut Counter) -> u16 {
    u16::from_le_bytes([c.read(), c.read()])
}

fn trigger(c: &mut Counter) {
    c.set_gate(false);
    c.set_gate(true);
}

/// OUT and the counting element after each of `n` clocks, as the data sheet's figures show them.
fn figure(c: &mut Counter, n: usize) -> (String, Vec<u16>) {
    (0..n)
        .map(|_| {
            c.advance(1);
            (if c.out() { 'H' } else { 'L' }, read(c))
        })
        .unzip()
}

#[test]
fn mode_0_figure_15() {
    let mut c = counter(0, 4);
    assert!(!c.out());
    assert_eq!(figure(&mut c, 7), ("LLLLHHH".into(), vec![4, 3, 2, 1, 0, 0xFFFF, 0xFFFE]));
    let mut c = counter(0, 3);
    c.advance(2);
    c.set_gate(false);
    assert_eq!(figure(&mut c, 2), ("LL".into(), vec![2, 2]));
    c.set_gate(true);
    assert_eq!(figure(&mut c, 3), ("LHH".into(), vec![1, 0, 0xFFFF]));
    // A new count is loaded at the next clock; its first byte alone stops the counting and lowers OUT.
    c.write(2);
    assert!(!c.out());
    assert_eq!(figure(&mut c, 2), ("LL".into(), vec![0xFFFF, 0xFFFF]));
    c.write(0);
    assert_eq!(figure(&mut c, 4), ("LLHH".into(), vec![2, 1, 0, 0xFFFF]));
}

#[test]
fn mode_1_figure_16() {
    let mut c = counter(1, 3);
    assert_eq!((figure(&mut c, 2).0, c.next_change()), ("HH".into(), None));
    trigger(&mut c);
    assert_eq!(figure(&mut c, 5), ("LLLHH".into(), vec![3, 2, 1, 0, 0xFFFF]));
    trigger(&mut c);
    assert_eq!(figure(&mut c, 2), ("LL".into(), vec![3, 2]));
    trigger(&mut c);
    assert_eq!(figure(&mut c, 4), ("LLLH".into(), vec![3, 2, 1, 0]));
    // A new count waits for the next trigger; a low gate does not stop the pulse.
    trigger(&mut c);
    c.advance(1);
    write(&mut c, 4);
    c.set_gate(false);
    assert_eq!(figure(&mut c, 3), ("LLH".into(), vec![2, 1, 0]));
    c.set_gate(true);
    assert_eq!(figure(&mut c, 5), ("LLLLH".into(), vec![4, 3, 2, 1, 0]));
}

#[test]
fn mode_2_figure_17() {
    let mut c = counter(2, 3);
    assert_eq!(figure(&mut c, 7), ("HHLHHLH".into(), vec![3, 2, 1, 3, 2, 1, 3]));
    c.advance(2);
    assert!(!c.out());
    c.set_gate(false);
    assert!(c.out(), "a low gate raises OUT at once");
    assert_eq!(figure(&mut c, 2), ("HH".into(), vec![1, 1]));
    c.set_gate(true);
    assert_eq!(figure(&mut c, 3), ("HHL".into(), vec![3, 2, 1]));
    // A new count takes effect at the end of the cycle.
    c.advance(1);
    write(&mut c, 5);
    assert_eq!(figure(&mut c, 7), ("HLHHHHL".into(), vec![2, 1, 5, 4, 3, 2, 1]));
}

#[test]
fn mode_3_figure_18() {
    let mut c = counter(3, 4);
    assert_eq!(figure(&mut c, 8), ("HHLLHHLL".into(), vec![4, 2, 4, 2, 4, 2, 4, 2]));
    let mut c = counter(3, 5);
    assert_eq!(figure(&mut c, 10), ("HHHLLHHHLL".into(), vec![4, 2, 0, 4, 2, 4, 2, 0, 4, 2]));
    let mut c = counter(3, 4);
    c.advance(3);
    c.set_gate(false);
    assert!(c.out());
    c.advance(5);
    c.set_gate(true);
    assert_eq!(figure(&mut c, 4), ("HHLL".into(), vec![4, 2, 4, 2]));
}

#[test]
fn mode_4_figure_19() {
    let mut c = counter(4, 3);
    assert_eq!(figure(&mut c, 6), ("HHHLHH".into(), vec![3, 2, 1, 0, 0xFFFF, 0xFFFE]));
    write(&mut c, 3);
    c.set_gate(false);
    assert_eq!(figure(&mut c, 2), ("HH".into(), vec![3, 3]));
    c.set_gate(true);
    assert_eq!(figure(&mut c, 4), ("HHLH".into(), vec![2, 1, 0, 0xFFFF]));
}

#[test]
fn mode_5_figure_20() {
    let mut c = counter(5, 3);
    assert_eq!(figure(&mut c, 2).0, "HH");
    trigger(&mut c);
    assert_eq!(figure(&mut c, 6), ("HHHLHH".into(), vec![3, 2, 1, 0, 0xFFFF, 0xFFFE]));
    trigger(&mut c);
    c.advance(2);
    trigger(&mut c);
    assert_eq!(figure(&mut c, 5), ("HHHLH".into(), vec![3, 2, 1, 0, 0xFFFF]));
}

#[test]
fn a_count_of_zero_is_the_whole_range_in_binary_and_bcd() {
    let mut c = counter(0, 0);
    c.advance(65536);
    assert_eq!((c.out(), c.next_change()), (false, Some(1)));
    let mut c = Counter::default();
    c.write_control(0x31);
    c.set_gate(true);
    write(&mut c, 0);
    c.advance(2);
    assert_eq!(read(&mut c), 0x9999);
    c.advance(9999);
    assert!(c.out());
    c.advance(1);
    assert_eq!(read(&mut c), 0x9999);
}

#[test]
fn advancing_at_once_equals_clock_by_clock_and_changes_come_when_foretold() {
    let mut seed = 1u32;
    let mut random = move |n: u32| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (seed >> 8) % n
    };
    for round in 0..800 {
        let mode = (round % 6) as u8;
        let count = 1 + random(if round % 3 == 0 { 6 } else { 300 }) as u16;
        let mut c = Counter::default();
        c.set_gate(random(2) == 1);
        c.write_control(0x30 | mode << 1 | u8::from(random(4) == 0));
        write(&mut c, count);
        for _ in 0..6 {
            match random(6) {
                0 => c.set_gate(false),
                1 => c.set_gate(true),
                2 => trigger(&mut c),
                3 => write(&mut c, 1 + random(9) as u16),
                4 => c.write(random(256) as u8),
                _ => {}
            }
            let n = u64::from(random(700)) + if random(8) == 0 { 140_000 } else { 0 };
            let (mut jumped, mut next, mut out) = (c.clone(), c.next_change(), c.out());
            for _ in 0..n {
                c.advance(1);
                next = next.map(|left| left - 1);
                assert!(c.out() == out || next == Some(0), "OUT changed before its time: {c:?}");
                if next == Some(0) || c.out() != out {
                    (next, out) = (c.next_change(), c.out());
                }
            }
            jumped.advance(n);
            assert_eq!(jumped, c, "after {n} clocks");
        }
    }
}

#[test]
fn the_latch_holds_until_read_and_status_comes_first() {
    let mut c = counter(2, 1000);
    c.latch_status();
    assert_eq!(c.read(), STATUS_OUT | STATUS_NULL_COUNT | 0x34);
    c.advance(1);
    c.latch_count();
    c.advance(10);
    c.latch_count();
    c.latch_status();
    assert_eq!(c.read(), STATUS_OUT | 0x34);
    assert_eq!((read(&mut c), read(&mut c)), (1000, 990));
    let mut c = Counter::default();
    c.set_gate(true);
    c.write_control(0x1E);
    c.write(3);
    c.latch_status();
    assert_eq!((c.read(), c.mode()), (STATUS_OUT | STATUS_NULL_COUNT | 0x1E, 3));
    c.advance(1);
    assert_eq!((c.read(), c.read()), (2, 2), "low byte only");
}

#[test]
fn read_back_latches_several_counters() {
    let mut bus = board();
    for (port, control) in [(0x40, 0x34), (0x41, 0x74)] {
        bus.port_write(0x43, 1, control);
        bus.port_write(port, 1, 0x34);
        bus.port_write(port, 1, 0x12);
    }
    run_to(&mut bus, ns_of_ticks(1, HZ));
    bus.port_write(0x43, 1, 0xD6);
    run_to(&mut bus, ns_of_ticks(100, HZ));
    for port in [0x40, 0x41] {
        assert_eq!((bus.port_read(port, 1), bus.port_read(port, 1)), (0x34, 0x12));
    }
    bus.port_write(0x43, 1, 0xE2);
    assert_eq!(bus.port_read(0x40, 1), 0xB4);
    assert_eq!(bus.port_read(0x43, 1), 0xFF);
}

#[test]
fn out_0_interrupts_at_the_programmed_rate() {
    let mut bus = board();
    bus.port_write(0x43, 1, 0x34);
    bus.port_write(0x40, 1, (1193 & 0xFF) as u32);
    bus.port_write(0x40, 1, 1193 >> 8);
    let mut rises = Vec::new();
    let mut before = bus.cx.lines.level(Line::isa(0));
    while bus.cx.timers.next() < 10_100_000 {
        let at = bus.cx.timers.next();
        bus.run_timers(at);
        let level = bus.cx.lines.level(Line::isa(0));
        if level && !before {
            rises.push(at);
        }
        before = level;
    }
    // Loaded by the first clock, then a rise every 1193 clocks.
    let expected: Vec<Ns> = (1..=10).map(|n| ns_of_ticks(1 + 1193 * n, HZ)).collect();
    assert_eq!(rises, expected);
}

#[test]
fn a_late_touch_shows_every_edge_on_the_line() {
    let mut bus = board();
    bus.port_write(0x43, 1, 0x34);
    bus.port_write(0x40, 1, 100);
    bus.port_write(0x40, 1, 0);
    bus.settle();
    bus.cx.now = ns_of_ticks(1001, HZ);
    let (pit, cx) = bus.device_mut::<Pit>().unwrap();
    pit.catch_up(cx);
    let changes: Vec<bool> = std::iter::from_fn(|| cx.lines.take_change()).map(|(_, level)| level).collect();
    assert_eq!(changes, [false, true].repeat(10));
}

#[test]
fn port_61_gates_counter_2_and_shows_refresh_and_out() {
    let mut bus = board();
    bus.port_write(0x61, 1, 0xFF);
    assert_eq!(bus.port_read(0x61, 1) & 0xCF, 0x0F);
    // Mode 0 as a calibration loop uses it: OUT2 rises N + 1 clocks after the count.
    bus.port_write(0x61, 1, 0x01);
    bus.port_write(0x43, 1, 0xB0);
    bus.port_write(0x42, 1, 0x9C);
    bus.port_write(0x42, 1, 0x2E);
    run_to(&mut bus, ns_of_ticks(0x2E9C, HZ));
    assert_eq!(bus.port_read(0x61, 1) & 0x20, 0);
    run_to(&mut bus, ns_of_ticks(0x2E9D, HZ));
    assert_eq!(bus.port_read(0x61, 1) & 0x20, 0x20);
    let mut toggles = 0;
    let mut before = bus.port_read(0x61, 1) & 0x10;
    for us in 0..1000 {
        run_to(&mut bus, 20_000_000 + us * 1000);
        let now = bus.port_read(0x61, 1) & 0x10;
        toggles += u32::from(now != before);
        before = now;
    }
    assert!((66..=67).contains(&toggles), "1 ms / 15.085 us = 66.3, not {toggles}");
}

#[test]
fn the_speaker_hears_tones_begin_change_and_end() {
    let mut bus = board();
    bus.port_write(0x43, 1, 0xB6);
    bus.port_write(0x42, 1, 0xA9);
    bus.port_write(0x42, 1, 0x04);
    assert!(bus.cx.out.speaker.is_empty());
    run_to(&mut bus, 500);
    bus.port_write(0x61, 1, 3);
    run_to(&mut bus, 900);
    bus.port_write(0x42, 1, 0x54);
    bus.port_write(0x42, 1, 0x02);
    bus.port_write(0x61, 1, 1);
    bus.port_write(0x61, 1, 1);
    assert_eq!(bus.cx.out.speaker, [(500, 1_000_152), (900, 2_001_983), (900, 0)]);
}

#[test]
fn the_state_survives_saving() {
    let mut bus = board();
    bus.port_write(0x43, 1, 0x36);
    bus.port_write(0x40, 1, 7);
    let saved = bus.device::<Pit>().unwrap().save();
    let mut other = board();
    assert_eq!(other.with::<Pit, _>(|p, cx| p.load(cx, &saved)), Some(Ok(())));
    assert_eq!(other.device::<Pit>().unwrap().save(), saved);
}
