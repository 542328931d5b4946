//! The 16550A (National Semiconductor PC16550D data sheet).

use super::board::Board;
use emu_core::devices::uart16550::Uarts;

const REGISTERS: &str = "RBR, IER, IIR, FCR, LCR, MCR, LSR, MSR, SCR, DL, INTRPT, RX, TX, TSR, line";

fn board() -> Board {
    Board::of(vec![Box::new(Uarts::new())])
}

/// A character of ten bits at 115200 baud.
const CHARACTER: u64 = 86_806;

#[test]
fn the_16550s_name_their_registers() {
    let b = board();
    b.consists_of("16550A", &["COM1", "COM2", "COM3", "COM4"].map(|name| (name, REGISTERS)));
    for (group, base) in [("COM1", 0x3F8), ("COM2", 0x2F8), ("COM3", 0x3E8), ("COM4", 0x2E8)] {
        let names = ["RBR", "IER", "IIR", "LCR", "MCR", "LSR", "MSR", "SCR"];
        let places = names.map(|name| b.register("16550A", group, name).address);
        assert_eq!(places, [0, 1, 2, 3, 4, 5, 6, 7].map(|n| Some(base + n)), "{group}");
    }
    // Table II of the data sheet: MR clears, IIR has bit 0 set, LSR bits 5 and 6. Somebody is at the other end.
    b.shows(
        "16550A",
        "COM1",
        &[
            ("IER", "0"),
            ("IIR", "1 pending=none FIFO=off ID=none"),
            ("FCR", "0 DMA=0 RT=1"),
            ("MCR", "0"),
            ("LSR", "60 THRE TEMT"),
            ("MSR", "B0 CTS DSR DCD"),
            ("RX", "0"),
            ("TX", "0"),
        ],
    );
}

#[test]
fn the_divisor_latch_hides_nothing() {
    let mut b = board();
    b.out(&[(0x3F9, 0x05), (0x3FB, 0x83), (0x3F8, 0x01), (0x3F9, 0x00)]);
    b.shows(
        "16550A",
        "COM1",
        &[("LCR", "83 WLS=8 STB=1 EPS=odd DLAB"), ("DL", "1"), ("IER", "5 ERBFI ELSI"), ("RBR", "0")],
    );
    assert_eq!(b.title("16550A", "COM1", "DL"), "divisor: 115200 baud");
    b.out(&[(0x3F8, 0x80), (0x3F9, 0x01)]);
    b.shows("16550A", "COM1", &[("DL", "180")]);
    assert_eq!(b.title("16550A", "COM1", "DL"), "divisor: 300 baud");
    b.out(&[(0x3FB, 0x7E)]);
    b.shows("16550A", "COM1", &[("LCR", "7E WLS=7 STB=2 (1.5 with 5 data bits) PEN EPS=even SP SB")]);
    b.out(&[(0x3F9, 0xFF), (0x3FC, 0xFF), (0x3FF, 0x5A)]);
    b.shows(
        "16550A",
        "COM1",
        &[
            ("IER", "F ERBFI ETBEI ELSI EDSSI"),
            ("MCR", "1F DTR RTS OUT1 OUT2 LOOP"),
            ("SCR", "5A"),
            // All modem outputs, looped back; RI rose, which is no trailing edge.
            ("MSR", "F0 CTS DSR RI DCD"),
        ],
    );
    b.out(&[(0x3FC, 0x10)]);
    b.shows("16550A", "COM1", &[("MSR", "F DCTS DDSR TERI DDCD")]);
    assert_eq!((b.inb(0x3FE), b.inb(0x3FE)), (0x0F, 0));
}

/// 115200 baud, 8N1, FIFOs on with trigger level 4, all interrupts, looped back.
fn looped() -> Board {
    let mut b = board();
    b.out(&[
        (0x3FB, 0x83),
        (0x3F8, 1),
        (0x3F9, 0),
        (0x3FB, 0x03),
        (0x3FA, 0x4F),
        (0x3FC, 0x10),
        (0x3F9, 0x07),
    ]);
    b.inb(0x3FE);
    b
}

#[test]
fn bytes_are_seen_on_their_way() {
    let mut b = looped();
    b.shows(
        "16550A",
        "COM1",
        &[
            ("FCR", "49 FE DMA=1 RT=4"),
            ("IIR", "C2 pending=pending FIFO=on ID=transmitter empty"),
            ("INTRPT", "0"),
        ],
    );
    assert_eq!(b.inb(0x3FA), 0xC2, "the look left it");
    b.shows("16550A", "COM1", &[("IIR", "C1 pending=none FIFO=on ID=none")]);
    b.out(&[(0x3F8, 0x41), (0x3F8, 0x42), (0x3F8, 0x43)]);
    b.shows("16550A", "COM1", &[("TSR", "41"), ("TX", "2"), ("LSR", "0")]);
    assert_eq!(b.title("16550A", "COM1", "TX"), "in the transmitter: 42 43");
    b.pass(CHARACTER);
    b.shows("16550A", "COM1", &[("TSR", "42"), ("TX", "1"), ("RX", "1"), ("RBR", "41"), ("LSR", "1 DR")]);
    b.pass(2 * CHARACTER);
    b.shows("16550A", "COM1", &[("TX", "0"), ("RX", "3"), ("LSR", "61 DR THRE TEMT")]);
    assert_eq!(b.title("16550A", "COM1", "RX"), "in the receiver: 41 42 43");
    assert_eq!(b.title("16550A", "COM1", "TSR"), "empty");
    // Four characters' time without a read.
    b.pass(4 * CHARACTER);
    b.shows("16550A", "COM1", &[("IIR", "CC pending=pending FIFO=on ID=character timeout")]);
    b.out(&[(0x3F8, 0x44)]);
    b.pass(CHARACTER);
    b.shows("16550A", "COM1", &[("IIR", "C4 pending=pending FIFO=on ID=data received")]);
    assert_eq!(b.inb(0x3F8), 0x41);
    b.shows("16550A", "COM1", &[("RBR", "42"), ("RX", "3")]);
}

#[test]
fn errors_stay_until_software_reads_them() {
    let mut b = board();
    b.out(&[(0x3FB, 0x83), (0x3F8, 1), (0x3F9, 0), (0x3FB, 0x03), (0x3FC, 0x10), (0x3F9, 0x04)]);
    b.out(&[(0x3F8, 0x31)]);
    b.pass(CHARACTER);
    b.out(&[(0x3F8, 0x32)]);
    b.pass(CHARACTER);
    b.shows(
        "16550A",
        "COM1",
        &[("LSR", "63 DR OE THRE TEMT"), ("IIR", "6 pending=pending FIFO=off ID=line error"), ("RBR", "32")],
    );
    assert_eq!(b.inb(0x3FD), 0x63);
    b.shows("16550A", "COM1", &[("LSR", "61 DR THRE TEMT"), ("IIR", "1 pending=none FIFO=off ID=none")]);
    b.out(&[(0x3FC, 0x1F), (0x3FC, 0x0F)]);
    b.inb(0x3FE);
    b.inb(0x3F8);
    b.bus.with::<Uarts, _>(|uarts, cx| uarts.receive_break(cx, 0)).expect("they are attached");
    b.pass(CHARACTER);
    b.shows("16550A", "COM1", &[("LSR", "79 DR FE BI THRE TEMT"), ("INTRPT", "1")]);
}

#[test]
fn what_the_other_end_sent_waits_on_the_line() {
    let mut b = board();
    b.out(&[(0x3FB, 0x83), (0x3F8, 1), (0x3F9, 0), (0x3FB, 0x03), (0x3FC, 0x08), (0x3F9, 0x01)]);
    b.bus.with::<Uarts, _>(|uarts, cx| uarts.receive(cx, 0, b"abc")).expect("they are attached");
    b.shows("16550A", "COM1", &[("line", "3"), ("RX", "0"), ("INTRPT", "0")]);
    b.pass(CHARACTER);
    b.shows("16550A", "COM1", &[("line", "2"), ("RX", "1"), ("RBR", "61"), ("INTRPT", "1")]);
    b.shows("16550A", "COM2", &[("line", "0"), ("RX", "0")]);
}
