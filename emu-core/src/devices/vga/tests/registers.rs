//! Registers and their ports, by IBM's descriptions.

use super::modes;
use super::{Adapter, Rig};

#[test]
fn after_reset_the_adapter_is_dark_and_at_the_monochrome_ports() {
    let mut rig = Rig::new();
    assert_eq!(rig.inb(0x3CC), 0);
    rig.set(0x3B4, 0x0E, 0x12);
    assert_eq!(rig.get(0x3B4, 0x0E), 0x12);
    assert_eq!(rig.inb(0x3D5), 0xFF);
    assert_eq!(rig.size(), (720, 400));
    assert!(rig.frame().rgba.as_chunks::<4>().0.iter().all(|p| *p == [0, 0, 0, 0xFF]));
}

#[test]
fn the_io_address_bit_moves_crtc_and_status() {
    let mut rig = Rig::new();
    rig.outb(0x3C2, 0x01);
    rig.set(0x3D4, 0x0F, 0x34);
    assert_eq!((rig.get(0x3D4, 0x0F), rig.inb(0x3B5), rig.inb(0x3BA)), (0x34, 0xFF, 0xFF));
    rig.outb(0x3DA, 0xFF);
    assert_eq!(rig.inb(0x3CA), 0x0B);
    rig.outb(0x3C2, 0x00);
    assert_eq!((rig.get(0x3B4, 0x0F), rig.inb(0x3D5), rig.inb(0x3DA)), (0x34, 0xFF, 0xFF));
}

#[test]
fn the_protect_bit_guards_crtc_0_to_7_but_for_line_compare() {
    let mut rig = Rig::new();
    modes::enter(&mut rig, &modes::TEXT_80);
    for (index, value) in modes::TEXT_80.crtc.iter().enumerate().take(8) {
        rig.set(0x3D4, index as u8, !value);
        let expected = if index == 7 { value & !0x10 | !value & 0x10 } else { *value };
        assert_eq!(rig.get(0x3D4, index as u8), expected);
    }
    rig.set(0x3D4, 8, 0x55);
    assert_eq!(rig.get(0x3D4, 8), 0x55);
}

#[test]
fn the_attribute_flip_flop_starts_over_when_status_is_read() {
    let mut rig = Rig::new();
    rig.outb(0x3C2, 1);
    rig.inb(0x3DA);
    rig.outb(0x3C0, 0x31);
    assert_eq!(rig.get(0x3D4, 0x24) >> 7, 1);
    rig.outb(0x3C0, 0xA5);
    assert_eq!((rig.inb(0x3C0), rig.inb(0x3C1)), (0x31, 0xA5));
    rig.outb(0x3C0, 0x02);
    rig.inb(0x3DA);
    rig.outb(0x3C0, 0x03);
    rig.outb(0x3C0, 0x3F);
    rig.inb(0x3DA);
    assert_eq!((rig.get(0x3D4, 0x26), rig.inb(0x3C1)), (0x03, 0x3F));
    rig.outb(0x3C0, 0x02);
    assert_eq!(rig.inb(0x3C1), 0, "the interrupted write of register 2 never happened");
}

#[test]
fn a_word_write_sets_index_and_data() {
    let mut rig = Rig::new();
    rig.outw(0x3CE, 0x5A08);
    assert_eq!((rig.inb(0x3CE), rig.inb(0x3CF), rig.inw(0x3CE)), (8, 0x5A, 0x5A08));
    rig.outb(0x3CE, 0xFA);
    assert_eq!((rig.inb(0x3CE), rig.inb(0x3CF)), (0x0A, 0), "no register 10");
}

#[test]
fn the_dac_has_six_bits_and_counts_on() {
    let mut rig = Rig::new();
    rig.set_dac(254, &[[1, 2, 3], [0xFF, 0x40, 0x7F], [9, 8, 7]]);
    assert_eq!(rig.inb(0x3C8), 1);
    assert_eq!(rig.inb(0x3C7), 0, "ready for writes");
    rig.outb(0x3C7, 254);
    assert_eq!(rig.inb(0x3C7), 3, "ready for reads");
    let seen: Vec<u8> = (0..9).map(|_| rig.inb(0x3C9)).collect();
    assert_eq!(seen, [1, 2, 3, 0x3F, 0, 0x3F, 9, 8, 7]);
}

#[test]
fn an_entry_changes_with_its_third_value_only() {
    let mut rig = Rig::new();
    rig.outb(0x3C8, 5);
    rig.outb(0x3C9, 1);
    rig.outb(0x3C9, 2);
    rig.outb(0x3C8, 6);
    rig.outb(0x3C7, 5);
    assert_eq!([rig.inb(0x3C9), rig.inb(0x3C9), rig.inb(0x3C9)], [0; 3]);
}

#[test]
fn dispi_tells_its_version_memory_and_limits() {
    let mut rig = Rig::new();
    assert_eq!((rig.get_dispi(0), rig.get_dispi(10)), (0xB0C5, 256));
    rig.set_dispi(0, 0xB0C2);
    rig.set_dispi(0, 0xB0C6);
    assert_eq!(rig.get_dispi(0), 0xB0C2);
    rig.set_dispi(4, 0x02);
    assert_eq!([1, 2, 3].map(|i| rig.get_dispi(i)), [2560, 1600, 32]);
    rig.set_dispi(4, 0x00);
    assert_eq!([1, 2, 3].map(|i| rig.get_dispi(i)), [0, 0, 0]);
    rig.outw(0x1CE, 0);
    assert_eq!((rig.inw(0x1D0), rig.inb(0x1CF)), (0xB0C2, 0xC2));
    rig.outw(0x1CE, 0x0777);
    assert_eq!(rig.inw(0x1CF), 0);
}

#[test]
fn enabling_a_vbe_mode_clears_what_it_shows_unless_told_not_to() {
    let mut rig = Rig::new();
    rig.map_frame_buffer();
    for (enable, kept) in [(0x41, 0), (0xC1, 7)] {
        rig.set_dispi(4, 0);
        rig.write(super::FRAME_BUFFER, &[7]);
        rig.write(super::FRAME_BUFFER + 64 * 32 * 4, &[7]);
        for (index, value) in [(1, 64), (2, 32), (3, 32), (4, enable)] {
            rig.set_dispi(index, value);
        }
        assert_eq!(rig.read(super::FRAME_BUFFER), kept);
        assert_eq!(rig.read(super::FRAME_BUFFER + 64 * 32 * 4), 7);
    }
}
