use super::*;
use crate::bus::Bus;
use crate::mem::Memory;

/// Stands in for whatever drives the interrupt lines.
struct Board {
    bus: Bus,
    irqs: Vec<LineOut>,
}

impl Board {
    fn new() -> Self {
        let mut bus = Bus::new(Memory::new(1 << 20, 0));
        bus.attach(Box::new(Pic::new()));
        bus.reset();
        let irqs = (0..16).map(|n| bus.cx.lines.driver(Line::isa(n))).collect();
        let mut board = Self { bus, irqs };
        board.init(0x01, 0x01);
        board
    }

    /// The usual PC initialization: vectors 20h and 28h; all unmasked.
    fn init(&mut self, icw4_master: u32, icw4_slave: u32) {
        for (port, base, icw3, icw4) in [(0x20, 0x20, 4, icw4_master), (0xA0, 0x28, 2, icw4_slave)] {
            self.out(port, 0x11);
            self.out(port + 1, base);
            self.out(port + 1, icw3);
            self.out(port + 1, icw4);
        }
    }

    fn out(&mut self, port: u16, value: u32) {
        self.bus.port_write(port, 1, value);
    }

    fn inb(&mut self, port: u16) -> u32 {
        self.bus.port_read(port, 1)
    }

    fn set(&mut self, irq: usize, level: bool) {
        self.bus.cx.lines.set(self.irqs[irq], level);
        self.bus.settle();
    }

    fn intr(&self) -> bool {
        self.bus.cx.lines.level(Line::PIC_INTR)
    }

    fn ack(&mut self) -> u8 {
        self.bus.acknowledge()
    }
}

#[test]
fn priorities_nest_and_eoi_lets_the_lower_ones_through() {
    let mut b = Board::new();
    b.set(4, true);
    b.set(1, true);
    assert_eq!((b.intr(), b.ack(), b.intr()), (true, 0x21, false));
    b.set(0, true);
    assert_eq!(b.ack(), 0x20);
    b.out(0x20, 0x0B);
    assert_eq!(b.inb(0x20), 0b11);
    b.out(0x20, 0x20);
    assert_eq!((b.inb(0x20), b.intr()), (0b10, false));
    b.out(0x20, 0x61);
    assert_eq!((b.intr(), b.ack()), (true, 0x24));
    b.out(0x20, 0x0A);
    assert_eq!(b.inb(0x20), 0, "acknowledged edges leave the request register");
}

#[test]
fn an_edge_asks_once_a_level_as_long_as_it_is_high() {
    let mut b = Board::new();
    b.out(0x4D0, 0xFF);
    assert_eq!(b.inb(0x4D0), 0xF8);
    b.out(0x4D1, 0xFF);
    assert_eq!(b.inb(0x4D1), 0xDE);
    b.set(1, true);
    assert_eq!(b.ack(), 0x21);
    b.out(0x20, 0x20);
    assert!(!b.intr());
    b.set(5, true);
    assert_eq!(b.ack(), 0x25);
    b.out(0x20, 0x20);
    assert_eq!((b.intr(), b.ack()), (true, 0x25));
    b.set(5, false);
    b.out(0x20, 0x20);
    assert!(!b.intr());
}

#[test]
fn the_slave_speaks_through_input_two() {
    let mut b = Board::new();
    b.set(12, true);
    b.set(8, true);
    assert_eq!(b.ack(), 0x28);
    b.out(0x20, 0x0B);
    b.out(0xA0, 0x0B);
    assert_eq!((b.inb(0x20), b.inb(0xA0)), (4, 1));
    b.out(0xA0, 0x20);
    assert!(!b.intr(), "the master still serves input 2");
    b.out(0x20, 0x20);
    assert_eq!((b.intr(), b.ack()), (true, 0x2C));
    b.out(0xA0, 0x20);
    b.out(0x20, 0x20);
    assert!(!b.intr());
    // IRQ 3 is below the slave's inputs.
    b.set(3, true);
    b.set(14, true);
    assert_eq!(b.ack(), 0x2E);
}

#[test]
fn a_request_that_went_away_is_input_seven_and_not_in_service() {
    let mut b = Board::new();
    b.set(3, true);
    b.set(3, false);
    assert!(!b.intr());
    assert_eq!(b.ack(), 0x27);
    b.out(0x20, 0x0B);
    assert_eq!(b.inb(0x20), 0);
}

#[test]
fn masks_hold_back_but_do_not_forget() {
    let mut b = Board::new();
    b.out(0x21, 0x02);
    b.set(1, true);
    assert!(!b.intr());
    assert_eq!(b.inb(0x20), 2);
    b.out(0x21, 0);
    assert!(b.intr());
    b.out(0xA1, 0xFF);
    assert_eq!(b.inb(0xA1), 0xFF);
}

#[test]
fn automatic_eoi_on_both_chips_loses_no_slave_request() {
    let mut b = Board::new();
    b.init(0x03, 0x03);
    b.set(9, true);
    b.set(10, true);
    assert_eq!((b.ack(), b.intr(), b.ack(), b.intr()), (0x29, true, 0x2A, false));
    b.out(0x20, 0x0B);
    assert_eq!(b.inb(0x20), 0);
}

#[test]
fn rotation_makes_the_last_served_the_lowest() {
    let mut b = Board::new();
    b.set(1, true);
    assert_eq!(b.ack(), 0x21);
    b.out(0x20, 0xA0);
    b.set(1, false);
    b.set(1, true);
    b.set(3, true);
    assert_eq!(b.ack(), 0x23);
    b.out(0x20, 0xE3);
    b.out(0x20, 0xC0 | 5);
    // 6 is now the highest.
    b.set(6, true);
    b.set(0, true);
    assert_eq!(b.ack(), 0x26);
    // Rotate in automatic EOI mode.
    b.init(0x03, 0x01);
    b.out(0x20, 0x80);
    for irq in [1, 4] {
        b.set(irq, false);
        b.set(irq, true);
    }
    assert_eq!(b.ack(), 0x21);
    b.set(1, false);
    b.set(1, true);
    assert_eq!(b.ack(), 0x24, "1 is the lowest after its turn");
    assert_eq!(b.ack(), 0x21);
}

#[test]
fn special_mask_mode_lets_lower_levels_in() {
    let mut b = Board::new();
    b.set(1, true);
    assert_eq!(b.ack(), 0x21);
    b.out(0x21, 0x02);
    b.out(0x20, 0x68);
    b.set(6, true);
    assert_eq!(b.ack(), 0x26);
    b.out(0x20, 0x20);
    b.out(0x20, 0x0B);
    assert_eq!(b.inb(0x20), 2, "a non-specific EOI passes over masked levels in special mask mode");
    b.out(0x20, 0x48);
    b.out(0x20, 0x20);
    assert_eq!(b.inb(0x20), 0);
}

#[test]
fn special_fully_nested_mode_lets_the_slave_interrupt_itself() {
    let mut b = Board::new();
    b.init(0x11, 0x01);
    b.set(12, true);
    assert_eq!(b.ack(), 0x2C);
    b.set(9, true);
    assert_eq!((b.intr(), b.ack()), (true, 0x29));
}

#[test]
fn a_poll_is_an_acknowledge() {
    let mut b = Board::new();
    b.out(0x20, 0x0C);
    assert_eq!(b.inb(0x20), 0);
    b.set(5, true);
    b.out(0x20, 0x0C);
    assert_eq!(b.inb(0x20), 0x85);
    assert!(!b.intr());
    b.out(0x20, 0x0B);
    assert_eq!(b.inb(0x20), 0x20);
    b.set(14, true);
    b.out(0xA0, 0x0C);
    assert_eq!((b.inb(0xA0), b.inb(0xA0)), (0x86, 0));
    assert!(!b.intr());
}

#[test]
fn icw1_forgets_edges_masks_and_service() {
    let mut b = Board::new();
    b.set(4, true);
    b.set(1, true);
    b.ack();
    b.out(0x21, 0xF0);
    b.out(0x20, 0x13);
    b.out(0x21, 0x08);
    b.out(0x21, 0x01);
    assert_eq!((b.inb(0x21), b.intr()), (0, false));
    b.set(4, false);
    b.set(4, true);
    assert_eq!(b.ack(), 0x0C, "single mode expects no ICW3");
}

#[test]
fn the_state_survives_saving() {
    let mut b = Board::new();
    b.set(4, true);
    b.set(8, true);
    b.ack();
    let saved = b.bus.device::<Pic>().unwrap().save();
    let mut other = Board::new();
    let loaded = other.bus.with::<Pic, _>(|p, cx| p.load(cx, &saved)).unwrap();
    assert_eq!(loaded, Ok(()));
    assert_eq!(other.bus.device::<Pic>().unwrap().save(), saved);
    assert!(other.bus.with::<Pic, _>(|p, cx| p.load(cx, &[])).unwrap().is_err());
}
