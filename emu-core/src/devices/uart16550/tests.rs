use super::*;
use crate::bus::Bus;
use crate::mem::Memory;
use spec::*;

const COM1: u16 = 0x3F8;
/// 115200 baud, 10 bits: 86 805 ns a character.
const FAST: Ns = 86_805;

fn board() -> Bus {
    let mut bus = Bus::new(Memory::new(1 << 20, 0));
    bus.attach(Box::new(Uarts::new()));
    bus.reset();
    out(&mut bus, LCR, 0x83);
    out(&mut bus, DATA, 1);
    out(&mut bus, IER, 0);
    out(&mut bus, LCR, 0x03);
    bus
}

fn out(bus: &mut Bus, register: u16, value: u32) {
    bus.port_write(COM1 + register, 1, value);
}

fn inb(bus: &mut Bus, register: u16) -> u8 {
    bus.port_read(COM1 + register, 1) as u8
}

fn irq4(bus: &Bus) -> bool {
    bus.cx.lines.level(Line::isa(4))
}

fn receive(bus: &mut Bus, bytes: &[u8]) {
    bus.with::<Uarts, _>(|u, cx| u.receive(cx, 0, bytes));
}

fn run_for(bus: &mut Bus, ns: Ns) {
    let to = bus.cx.now + ns;
    bus.run_timers(to);
}

#[test]
fn characters_take_the_time_of_their_bits() {
    let mut bus = board();
    // (LCR, divisor, ns): 8N1 and 7E2 at 115200; 5N1.5 at 50 baud; 8N1 at 9600.
    for (lcr, divisor, ns) in
        [(0x03u32, 1u32, 86_805u64), (0x1E, 1, 95_486), (0x04, 2304, 150_000_000), (0x03, 12, 1_041_666)]
    {
        for (register, value) in [(LCR, 0x80), (DATA, divisor & 0xFF), (IER, divisor >> 8), (LCR, lcr)] {
            out(&mut bus, register, value);
        }
        out(&mut bus, DATA, 0x41);
        assert_eq!(inb(&mut bus, LSR), LSR_THRE, "the shift register took it");
        run_for(&mut bus, ns - 1);
        assert!(bus.cx.out.serial[0].is_empty());
        run_for(&mut bus, 1);
        assert_eq!(std::mem::take(&mut bus.cx.out.serial[0]).len(), 1);
        assert_eq!(inb(&mut bus, LSR), LSR_THRE | LSR_TEMT);
    }
}

#[test]
fn linux_and_seabios_find_a_16550a() {
    let mut bus = board();
    // SeaBIOS: IER holds 02h and IIR says "holding register empty".
    out(&mut bus, IER, 2);
    assert_eq!((inb(&mut bus, IER), inb(&mut bus, IIR_FCR) & 0x3F), (2, 2));
    // Linux autoconfig: IER keeps 4 bits, loopback shows the modem outputs, IIR shows working FIFOs.
    out(&mut bus, IER, 0);
    assert_eq!(inb(&mut bus, IER), 0);
    out(&mut bus, IER, 0xFF);
    assert_eq!(inb(&mut bus, IER), 0x0F);
    out(&mut bus, MCR, 0x1A);
    assert_eq!(inb(&mut bus, MSR) & 0xF0, 0x90);
    out(&mut bus, MCR, 0xFF);
    assert_eq!(inb(&mut bus, MCR), 0x1F);
    out(&mut bus, MCR, 0);
    out(&mut bus, IER, 0);
    out(&mut bus, IIR_FCR, 1);
    assert_eq!(inb(&mut bus, IIR_FCR), 0xC1);
    out(&mut bus, IIR_FCR, 0);
    assert_eq!(inb(&mut bus, IIR_FCR), 0x01);
    out(&mut bus, 7, 0xA5);
    assert_eq!(inb(&mut bus, 7), 0xA5);
}

#[test]
fn sixteen_bytes_go_out_in_order_and_thre_tells_when() {
    let mut bus = board();
    out(&mut bus, MCR, 8);
    out(&mut bus, IIR_FCR, 7);
    out(&mut bus, IER, 2);
    assert!(irq4(&bus));
    for byte in 0..17 {
        out(&mut bus, DATA, byte);
    }
    assert!(!irq4(&bus));
    assert_eq!(inb(&mut bus, LSR), 0);
    // The seventeenth went in after the first had moved to the shift register; an eighteenth is lost.
    out(&mut bus, DATA, 99);
    run_for(&mut bus, 16 * FAST - 1);
    assert!(!irq4(&bus));
    run_for(&mut bus, 1);
    assert_eq!((irq4(&bus), inb(&mut bus, IIR_FCR)), (true, 0xC2));
    assert_eq!((irq4(&bus), inb(&mut bus, IIR_FCR)), (false, 0xC1));
    run_for(&mut bus, FAST);
    assert_eq!(bus.cx.out.serial[0], (0..17).collect::<Vec<u8>>());
    // The kernel's test for a lost THRE interrupt: switching it on again asks again.
    out(&mut bus, IER, 0);
    out(&mut bus, IER, 2);
    assert_eq!(inb(&mut bus, IIR_FCR), 0xC2);
}

#[test]
fn received_bytes_trigger_and_the_rest_times_out() {
    let mut bus = board();
    out(&mut bus, MCR, 8);
    out(&mut bus, IIR_FCR, 0x41);
    out(&mut bus, IER, 1);
    receive(&mut bus, b"hello");
    run_for(&mut bus, 4 * FAST - 1);
    assert!(!irq4(&bus));
    run_for(&mut bus, 1);
    assert_eq!((irq4(&bus), inb(&mut bus, IIR_FCR)), (true, 0xC4));
    for expected in b"hel" {
        assert_eq!(inb(&mut bus, DATA), *expected);
    }
    assert!(!irq4(&bus));
    run_for(&mut bus, FAST);
    run_for(&mut bus, 4 * FAST - 1);
    assert!(!irq4(&bus));
    run_for(&mut bus, 1);
    assert_eq!((irq4(&bus), inb(&mut bus, IIR_FCR)), (true, 0xCC));
    assert_eq!((inb(&mut bus, DATA), irq4(&bus), inb(&mut bus, DATA)), (b'l', false, b'o'));
    assert_eq!(inb(&mut bus, LSR) & LSR_DR, 0);
    run_for(&mut bus, 10 * FAST);
    assert!(!irq4(&bus));
}

#[test]
fn the_other_end_waits_while_there_is_no_room() {
    for (fcr, room) in [(1, 16), (0, 1)] {
        let mut bus = board();
        out(&mut bus, IIR_FCR, fcr);
        let text: Vec<u8> = (0..40).collect();
        receive(&mut bus, &text);
        run_for(&mut bus, 100 * FAST);
        assert_eq!(bus.device::<Uarts>().unwrap().waiting(0), 40 - room);
        let mut got = Vec::new();
        while inb(&mut bus, LSR) & LSR_DR != 0 {
            got.push(inb(&mut bus, DATA));
            run_for(&mut bus, 2 * FAST);
        }
        assert_eq!(got, text);
    }
}

#[test]
fn loopback_returns_bytes_overruns_and_modem_deltas() {
    let mut bus = board();
    out(&mut bus, MCR, 0x10);
    assert_eq!(inb(&mut bus, MSR), 0x0B, "leaving CTS, DSR and DCD behind is a change of each");
    out(&mut bus, DATA, 0x55);
    run_for(&mut bus, FAST);
    out(&mut bus, DATA, 0x66);
    run_for(&mut bus, FAST);
    assert!(bus.cx.out.serial[0].is_empty());
    assert_eq!(inb(&mut bus, LSR), LSR_DR | LSR_OE | LSR_THRE | LSR_TEMT);
    assert_eq!((inb(&mut bus, LSR) & LSR_OE, inb(&mut bus, DATA)), (0, 0x66));
    out(&mut bus, MCR, 0x14);
    assert_eq!(inb(&mut bus, MSR), MSR_RI);
    out(&mut bus, MCR, 0x10);
    assert_eq!((inb(&mut bus, MSR), inb(&mut bus, MSR)), (MSR_TERI, 0));
    // In a FIFO it is the new byte that is lost.
    out(&mut bus, IIR_FCR, 1);
    for byte in 0..16 {
        out(&mut bus, DATA, byte);
    }
    run_for(&mut bus, 16 * FAST);
    out(&mut bus, DATA, 77);
    run_for(&mut bus, FAST);
    assert_eq!(inb(&mut bus, LSR) & LSR_OE, LSR_OE);
    let got: Vec<u8> = (0..17).map(|_| inb(&mut bus, DATA)).collect();
    assert_eq!(got[..16], (0..16).collect::<Vec<u8>>());
}

#[test]
fn a_break_is_a_zero_with_an_error_at_its_place() {
    let mut bus = board();
    out(&mut bus, MCR, 8);
    out(&mut bus, IIR_FCR, 0x01);
    out(&mut bus, IER, 5);
    receive(&mut bus, b"a");
    bus.with::<Uarts, _>(|u, cx| u.receive_break(cx, 0));
    run_for(&mut bus, 2 * FAST);
    assert_eq!(inb(&mut bus, IIR_FCR), 0xC4);
    assert_eq!(inb(&mut bus, LSR) & 0x9E, LSR_FIFO_ERROR);
    assert_eq!((inb(&mut bus, DATA), inb(&mut bus, IIR_FCR)), (b'a', 0xC6));
    assert_eq!(inb(&mut bus, LSR) & 0x9E, LSR_FIFO_ERROR | LSR_BI | LSR_FE);
    assert_eq!((inb(&mut bus, IIR_FCR), inb(&mut bus, DATA)), (0xC4, 0));
}

#[test]
fn interrupts_go_by_priority_and_need_out2() {
    let mut bus = board();
    out(&mut bus, IER, 0x0F);
    receive(&mut bus, b"x");
    run_for(&mut bus, FAST);
    out(&mut bus, MCR, 0x11);
    out(&mut bus, MCR, 0x00);
    assert!(!irq4(&bus), "OUT2 is off");
    out(&mut bus, MCR, 0x08);
    assert!(irq4(&bus));
    assert_eq!(inb(&mut bus, IIR_FCR), IIR_DATA);
    inb(&mut bus, DATA);
    assert_eq!((inb(&mut bus, IIR_FCR), inb(&mut bus, IIR_FCR)), (IIR_THRE, IIR_MODEM));
    inb(&mut bus, MSR);
    assert_eq!((inb(&mut bus, IIR_FCR), irq4(&bus)), (IIR_NONE, false));
}

#[test]
fn four_uarts_two_lines() {
    let mut bus = board();
    for (n, (port, irq)) in [(0x3F8, 4), (0x2F8, 3), (0x3E8, 4), (0x2E8, 3)].into_iter().enumerate() {
        bus.port_write(port + MCR, 1, 8);
        bus.port_write(port + IER, 1, 2);
        assert!(bus.cx.lines.level(Line::isa(irq)));
        bus.port_write(port, 1, 0x30 + n as u32);
        bus.port_write(port + IER, 1, 0);
        assert!(!bus.cx.lines.level(Line::isa(irq)));
    }
    run_for(&mut bus, 2_000_000);
    assert_eq!(bus.cx.out.serial, [b"0", b"1", b"2", b"3"].map(|b| b.to_vec()));
    let saved = bus.device::<Uarts>().unwrap().save();
    assert_eq!(bus.with::<Uarts, _>(|u, cx| u.load(cx, &saved)), Some(Ok(())));
}

#[test]
fn a_speedup_divides_every_time() {
    let mut bus = Bus::new(Memory::new(1 << 20, 0));
    bus.attach(Box::new(Uarts::with_speedup(8)));
    bus.reset();
    out(&mut bus, DATA, 0x41);
    assert_eq!(bus.cx.timers.next(), 1_041_666 / 8);
}
