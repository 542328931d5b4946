//! The 8254 (Intel 8254 data sheet; port 61h as in the 82371SB) and the MC146818A (Motorola data sheet).

use super::board::Board;
use emu_core::devices::i8254::Pit;
use emu_core::devices::mc146818::{Rtc, cmos};

fn pit() -> Board {
    Board::of(vec![Box::new(Pit::new())])
}

const MS: u64 = 1_000_000;

#[test]
fn the_8254_names_its_registers() {
    let b = pit();
    let registers = "status, CR, CE, OL, status latch, next read, next write, GATE, OUT";
    let counters = ["counter 0", "counter 1", "counter 2"].map(|counter| (counter, registers));
    b.consists_of("8254", &[counters[0], counters[1], counters[2], ("system", "port 61h")]);
    b.shows("8254", "counter 0", &[("GATE", "1"), ("CR", "0")]);
    b.shows("8254", "counter 2", &[("GATE", "0")]);
    assert_eq!(b.register("8254", "counter 2", "CE").address, Some(0x42));
}

#[test]
fn a_count_is_seen_on_its_way() {
    let mut b = pit();
    // Counter 0, low byte then high, mode 2, binary.
    b.out(&[(0x43, 0x34)]);
    b.shows(
        "8254",
        "counter 0",
        &[
            ("status", "F4 BCD=binary M=2: rate generator RW=low byte, then high NULL OUT"),
            ("next write", "0 byte=low"),
            ("OUT", "1"),
        ],
    );
    b.out(&[(0x40, 0x9C)]);
    b.shows("8254", "counter 0", &[("next write", "1 byte=high"), ("CR", "0")]);
    assert!(b.title("8254", "counter 0", "next write").contains("9Ch"));
    b.out(&[(0x40, 0x2E)]);
    b.shows("8254", "counter 0", &[("next write", "0 byte=low"), ("CR", "2E9C")]);
    // 1193182 Hz / 11932.
    assert_eq!(b.title("8254", "counter 0", "CR"), "count written: 99.998 Hz");
    // 1193 clocks: one loads, 1192 count.
    b.pass(MS);
    b.shows(
        "8254",
        "counter 0",
        &[
            ("status", "B4 BCD=binary M=2: rate generator RW=low byte, then high OUT"),
            ("CE", "29F4"),
            ("OL", "29F4"),
        ],
    );
    assert_eq!(b.title("8254", "counter 0", "OL"), "follows CE: nothing latched");
}

#[test]
fn latches_hold_until_they_are_read() {
    let mut b = pit();
    b.out(&[(0x43, 0x34), (0x40, 0x9C), (0x40, 0x2E)]);
    b.pass(MS);
    b.out(&[(0x43, 0x00)]);
    b.pass(MS);
    b.shows("8254", "counter 0", &[("OL", "29F4"), ("CE", "254B"), ("next read", "0 byte=low")]);
    assert_eq!(b.title("8254", "counter 0", "OL"), "count latched, to be read");
    assert_eq!(b.inb(0x40), 0xF4);
    b.shows("8254", "counter 0", &[("OL", "29F4"), ("next read", "1 byte=high")]);
    assert_eq!(b.inb(0x40), 0x29);
    b.shows("8254", "counter 0", &[("OL", "254B"), ("next read", "0 byte=low")]);
    // Read-back of the status alone; it stays as it was latched.
    b.out(&[(0x43, 0xE2), (0x43, 0x30)]);
    b.shows(
        "8254",
        "counter 0",
        &[("status", "70 BCD=binary M=0: interrupt on terminal count RW=low byte, then high NULL")],
    );
    b.out(&[(0x43, 0xE2)]);
    b.shows("8254", "counter 0", &[("status latch", "70")]);
    assert_eq!(b.title("8254", "counter 0", "status latch"), "status latched, to be read before the count");
    b.out(&[(0x40, 0x10), (0x40, 0x00)]);
    b.pass(MS);
    b.shows("8254", "counter 0", &[("status latch", "70"), ("OUT", "1")]);
    assert_eq!(b.inb(0x40), 0x70);
    b.shows("8254", "counter 0", &[("status latch", "B0")]);
}

#[test]
fn digits_single_bytes_and_a_count_of_zero() {
    let mut b = pit();
    // Counter 2: mode 3 in BCD, 1000; gate and speaker by port 61h.
    b.out(&[(0x61, 0x03), (0x43, 0xB7), (0x42, 0x00), (0x42, 0x10)]);
    b.shows(
        "8254",
        "counter 2",
        &[
            ("status", "F7 BCD=decimal digits M=3: square wave RW=low byte, then high NULL OUT"),
            ("CR", "1000"),
            ("GATE", "1"),
        ],
    );
    assert_eq!(b.title("8254", "counter 2", "CR"), "count written: 1193.182 Hz");
    b.pass(MS);
    // 1193 clocks: one loads 1000, 500 end the high half, 500 the low one, 192 more count by two.
    b.shows("8254", "counter 2", &[("CE", "616"), ("OUT", "1")]);
    let port = b.register("8254", "system", "port 61h");
    assert_eq!((port.get() & 0xEF, port.address), (0x23, Some(0x61)));
    let names: Vec<_> = port.bits.iter().filter(|f| f.from != 4 && f.value == 1).map(|f| &*f.name).collect();
    assert_eq!(names, ["GATE2", "SPKR", "OUT2"]);
    assert_eq!(u64::from(b.inb(0x61)), b.value("8254", "system", "port 61h"));
    // Counter 1: high byte only; counter 0: 0 stands for 65536.
    b.out(&[(0x43, 0x64), (0x43, 0x36), (0x40, 0), (0x40, 0)]);
    b.shows("8254", "counter 1", &[("next write", "1 byte=high"), ("next read", "1 byte=high")]);
    b.shows("8254", "counter 0", &[("CR", "0")]);
    assert_eq!(b.title("8254", "counter 0", "CR"), "count written: 18.206 Hz");
}

/// 2001-09-09 01:46:40 UTC, a Sunday.
const BILLION: u64 = 1_000_000_000;

fn rtc() -> Board {
    Board::of(vec![Box::new(Rtc::new(BILLION, &cmos::for_machine(&cmos::Equipment::default())))])
}

#[test]
fn the_clock_tells_the_time_as_its_bytes() {
    let b = rtc();
    let names = "seconds, seconds alarm, minutes, minutes alarm, hours, hours alarm, day of week, day, month, year, century";
    let cmos = (0x0E..128).map(|n| format!("CMOS {n:02X}")).collect::<Vec<_>>().join(", ");
    let control = "A, B, C, D, index, NMI mask";
    b.consists_of("MC146818A", &[("clock", names), ("control", control), ("CMOS RAM", &cmos)]);
    b.shows(
        "MC146818A",
        "clock",
        &[
            ("seconds", "40"),
            ("minutes", "46"),
            ("hours", "1"),
            ("day of week", "1"),
            ("day", "9"),
            ("month", "9"),
            ("year", "1"),
            ("century", "20"),
        ],
    );
    b.shows(
        "MC146818A",
        "control",
        &[
            ("A", "26 RS=1024 Hz DV=32.768 kHz: runs"),
            ("B", "2 24/12=24 DM=BCD"),
            ("C", "0"),
            ("D", "80 VRT"),
        ],
    );
}

#[test]
fn flags_of_the_clock_stay_until_software_reads_them() {
    let mut b = rtc();
    b.pass(999 * MS);
    b.shows("MC146818A", "control", &[("A", "A6 RS=1024 Hz DV=32.768 kHz: runs UIP"), ("C", "40 PF")]);
    b.pass(MS);
    b.shows("MC146818A", "control", &[("A", "26 RS=1024 Hz DV=32.768 kHz: runs"), ("C", "50 UF PF")]);
    b.shows("MC146818A", "clock", &[("seconds", "41")]);
    b.out(&[(0x70, 0x8B), (0x71, 0x73)]);
    b.shows(
        "MC146818A",
        "control",
        &[
            ("index", "B"),
            ("NMI mask", "1"),
            ("B", "73 DSE 24/12=24 DM=BCD UIE AIE PIE"),
            ("C", "D0 UF PF IRQF"),
        ],
    );
    // The alarm of the next second.
    b.out(&[(0x70, 1), (0x71, 0x42), (0x70, 3), (0x71, 0xC0), (0x70, 5), (0x71, 0xFF)]);
    b.shows("MC146818A", "clock", &[("seconds alarm", "42"), ("minutes alarm", "C0"), ("hours alarm", "FF")]);
    b.pass(1000 * MS);
    b.shows("MC146818A", "control", &[("C", "F0 UF AF PF IRQF"), ("NMI mask", "0")]);
    b.out(&[(0x70, 0x0C)]);
    assert_eq!(b.inb(0x71), 0xF0);
    b.shows("MC146818A", "control", &[("C", "0")]);
    // SET stops updates, and clears UIE; square wave, binary, 12 hours.
    b.out(&[(0x70, 0x0B), (0x71, 0x9C), (0x70, 0x0A), (0x71, 0x7F)]);
    b.shows("MC146818A", "control", &[("B", "8C 24/12=12 DM=binary SQWE SET"), ("A", "7F RS=2 Hz DV=reset")]);
}

#[test]
fn cmos_bytes_are_at_their_index() {
    let mut b = rtc();
    b.out(&[(0x70, 0x5A), (0x71, 0xC3)]);
    let byte = b.register("MC146818A", "CMOS RAM", "CMOS 5A");
    assert_eq!((byte.get(), byte.address, byte.width), (0xC3, Some(0x5A), 8));
    b.bus.reset();
    b.shows("MC146818A", "CMOS RAM", &[("CMOS 5A", "C3")]);
}
