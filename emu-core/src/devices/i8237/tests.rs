use super::*;
use crate::bus::Bus;
use crate::mem::Memory;

fn board() -> Bus {
    let mut bus = Bus::new(Memory::new(1 << 20, 0));
    bus.attach(Box::new(DmaController::new()));
    bus.reset();
    bus
}

fn out(bus: &mut Bus, writes: &[(u16, u32)]) {
    for &(port, value) in writes {
        bus.port_write(port, 1, value);
    }
}

/// The cascade as a BIOS opens it.
const CASCADE: [(u16, u32); 2] = [(0xD6, 0xC0), (0xD4, 0x00)];

#[test]
fn a_floppy_read_as_a_bios_programs_it() {
    let mut bus = board();
    out(&mut bus, &CASCADE);
    out(&mut bus, &[(0x0A, 6), (0x0C, 0), (0x04, 0x00), (0x04, 0x7C), (0x0C, 0), (0x05, 0xFF), (0x05, 0x01)]);
    out(&mut bus, &[(0x0B, 0x46), (0x81, 0x00), (0x0A, 2)]);
    assert!(bus.cx.dma.ready(2));
    let sector = [0x55; 512];
    let done = bus.cx.dma.write_memory(&mut bus.cx.mem, 2, &sector);
    assert_eq!((done.bytes, done.terminal_count), (512, true));
    assert_eq!(bus.phys_read(0x7DFE, 4), 0x5555);
    assert_eq!((bus.port_read(0x08, 1), bus.port_read(0x08, 1)), (0x04, 0x00));
    assert_eq!((bus.port_read(0x05, 1), bus.port_read(0x05, 1)), (0xFF, 0xFF));
    assert_eq!((bus.port_read(0x04, 1), bus.port_read(0x04, 1)), (0x00, 0x7E));
    assert_eq!(bus.port_read(0x0F, 1) & 0xF, 0xF);
}

#[test]
fn the_second_controller_answers_two_ports_apart() {
    let mut bus = board();
    out(&mut bus, &[(0xD8, 0), (0xC4, 0x34), (0xC4, 0x12), (0xC6, 0x78), (0xC6, 0x56), (0x8B, 0xAB)]);
    out(&mut bus, &[(0xD6, 0x49), (0xDE, 0b1101)]);
    let c = bus.cx.dma.channels[5];
    assert_eq!((c.address, c.count, c.page, c.mode, c.masked), (0x1234, 0x5678, 0xAB, 0x48, false));
    assert_eq!(bus.port_read(0xDE, 1) & 0xF, 0b1101);
    out(&mut bus, &[(0xDC, 0)]);
    assert_eq!(bus.port_read(0xDE, 1) & 0xF, 0);
    out(&mut bus, &[(0xD2, 5), (0xDA, 0)]);
    assert_eq!((bus.port_read(0xDE, 1) & 0xF, bus.port_read(0xD0, 1)), (0xF, 0));
    assert_eq!(bus.cx.dma.channels[5].address, 0x1234, "master clear leaves addresses alone");
}

#[test]
fn every_page_register_is_where_the_board_has_it() {
    let mut bus = board();
    for (port, channel) in
        [(0x87, 0), (0x83, 1), (0x81, 2), (0x82, 3), (0x8F, 4), (0x8B, 5), (0x89, 6), (0x8A, 7)]
    {
        bus.port_write(port, 1, 0x10 + channel as u32);
        assert_eq!(u32::from(bus.cx.dma.channels[channel].page), 0x10 + channel as u32);
        assert_eq!(bus.port_read(port, 1), 0x10 + channel as u32);
    }
    out(&mut bus, &[(0x80, 0xA5), (0x8E, 0x11)]);
    assert_eq!((bus.port_read(0x80, 1), bus.port_read(0x8E, 1), bus.port_read(0x84, 1)), (0xA5, 0x11, 0));
    assert_eq!(bus.device::<DmaController>().unwrap().post_code(), 0xA5);
}

#[test]
fn requests_show_in_the_status_until_cleared() {
    let mut bus = board();
    out(&mut bus, &[(0x09, 0x05)]);
    assert_eq!((bus.port_read(0x08, 1), bus.port_read(0x08, 1)), (0x20, 0x20));
    out(&mut bus, &[(0x09, 0x01)]);
    assert_eq!(bus.port_read(0x08, 1), 0);
}
