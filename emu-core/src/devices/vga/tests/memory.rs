//! The window and the graphics controller, by IBM's description of the write and read modes.

use super::modes::{self, Mode};
use super::{Adapter, Rig};
use crate::mem::{DIRTY, Mapping, Target};

fn in_mode(mode: &Mode) -> Rig {
    let mut rig = Rig::new();
    modes::enter(&mut rig, mode);
    rig
}

/// The four planes at a plane address.
fn planes(rig: &Rig, address: u32) -> [u8; 4] {
    let (vram, _) = rig.bus.cx.mem.vram();
    rig.bus.cx.mem.ram.read(vram + 4 * address)
}

fn set_planes(rig: &mut Rig, address: u32, bytes: [u8; 4]) {
    let (vram, _) = rig.bus.cx.mem.vram();
    rig.bus.cx.mem.ram.write(vram + 4 * address, bytes);
}

fn window(rig: &Rig) -> Mapping {
    rig.bus.cx.mem.map.resolve(0xA0000)
}

#[test]
fn write_mode_0_rotates_then_sets_then_combines_then_masks() {
    let mut rig = in_mode(&modes::VGA_480);
    set_planes(&mut rig, 5, [0xF0, 0x0F, 0xAA, 0x55]);
    assert_eq!(rig.read(0xA0005), 0xF0);
    rig.set(0x3CE, 3, 0x18 | 1); // XOR, rotate right by 1
    rig.set(0x3CE, 1, 0b0011);
    rig.set(0x3CE, 0, 0b0001); // plane 0 set, plane 1 reset, planes 2 and 3 from the CPU
    rig.set(0x3CE, 8, 0x3C);
    rig.set(0x3C4, 2, 0b0111);
    rig.write(0xA0006, &[0x81]); // rotated: C0h, of which the mask leaves nothing
    assert_eq!(planes(&rig, 6), [0xF0 ^ 0x3C, 0x0F, 0xAA, 0]);
    rig.write(0xA0007, &[0x30]); // rotated: 18h
    assert_eq!(planes(&rig, 7), [0xCC, 0x0F, 0xAA ^ 0x18, 0]);
}

#[test]
fn functions_are_replace_and_or_xor() {
    for (function, expected) in [(0, 0b1100), (1, 0b1000), (2, 0b1110), (3, 0b0110)] {
        let mut rig = in_mode(&modes::VGA_480);
        set_planes(&mut rig, 0, [0b1010; 4]);
        rig.read(0xA0000);
        rig.set(0x3CE, 3, function << 3);
        rig.write(0xA0001, &[0b1100]);
        assert_eq!(planes(&rig, 1), [expected; 4]);
    }
}

#[test]
fn write_mode_1_copies_the_latches() {
    let mut rig = in_mode(&modes::VGA_480);
    set_planes(&mut rig, 100, [1, 2, 3, 4]);
    rig.set(0x3CE, 5, 1);
    rig.set(0x3CE, 8, 0);
    rig.read(0xA0064);
    rig.write(0xA0200, &[0xFF]);
    assert_eq!(planes(&rig, 0x200), [1, 2, 3, 4]);
}

#[test]
fn write_mode_2_spreads_a_colour_under_the_bit_mask() {
    let mut rig = in_mode(&modes::VGA_480);
    set_planes(&mut rig, 0, [0xFF, 0xFF, 0, 0]);
    rig.set(0x3CE, 5, 2);
    rig.set(0x3CE, 8, 0x18);
    rig.read(0xA0000);
    rig.write(0xA0000, &[0b0101]);
    assert_eq!(planes(&rig, 0), [0xFF, 0xE7, 0x18, 0]);
}

#[test]
fn write_mode_3_takes_the_cpu_byte_as_bit_mask() {
    let mut rig = in_mode(&modes::VGA_480);
    set_planes(&mut rig, 0, [0xFF, 0xFF, 0, 0]);
    rig.set(0x3CE, 5, 3);
    rig.set(0x3CE, 0, 0b0110);
    rig.set(0x3CE, 8, 0xF0);
    rig.set(0x3CE, 3, 4);
    rig.read(0xA0000);
    rig.write(0xA0000, &[0x93]); // rotated by 4: 39h, under the mask 30h
    assert_eq!(planes(&rig, 0), [0xCF, 0xFF, 0x30, 0]);
}

#[test]
fn read_mode_1_compares_the_planes_that_are_cared_about() {
    let mut rig = in_mode(&modes::VGA_480);
    set_planes(&mut rig, 0, [0b1100, 0b1010, 0b1111, 0b0001]);
    rig.set(0x3CE, 5, 8);
    rig.set(0x3CE, 2, 0b0101);
    rig.set(0x3CE, 7, 0b0111);
    // An inspector sees the same, and no latch is loaded by that: the others compare what was read before.
    let Target::Mmio(id) = window(&rig).read else { panic!("planes are no plain memory") };
    rig.read(0xA0001);
    assert_eq!(rig.bus.peek(id, 0xA0000), Some(0b0100));
    rig.set(0x3CE, 5, 8 | 1);
    rig.write(0xA0002, &[0]);
    assert_eq!(planes(&rig, 2), [0; 4], "write mode 1 copies the latches");
    rig.set(0x3CE, 5, 8);
    assert_eq!(rig.read(0xA0000), 0b0100);
    rig.set(0x3CE, 7, 0);
    assert_eq!(rig.read(0xA0000), 0xFF);
}

#[test]
fn odd_even_splits_text_into_characters_and_attributes() {
    let mut rig = in_mode(&modes::TEXT_80);
    rig.write(0xB8002, b"A\x1E");
    assert_eq!(planes(&rig, 2), [b'A', 0x1E, 0, 0]);
    assert_eq!([rig.read(0xB8002), rig.read(0xB8003)], [b'A', 0x1E]);
    rig.set(0x3C4, 2, 0x0F);
    rig.write(0xB8002, b"B\x2E");
    assert_eq!(planes(&rig, 2), [b'B', 0x2E, b'B', 0x2E]);
}

#[test]
fn only_the_selected_part_of_the_segment_is_decoded() {
    let mut rig = in_mode(&modes::VGA_480);
    set_planes(&mut rig, 0, [0x11; 4]);
    for (map, first, last) in
        [(0, 0xA0000, 0xBFFFF), (1, 0xA0000, 0xAFFFF), (2, 0xB0000, 0xB7FFF), (3, 0xB8000, 0xBFFFF)]
    {
        rig.set(0x3CE, 6, map << 2 | 1);
        assert_eq!(rig.read(first), 0x11);
        for address in [0xA0000, 0xAFFFF, 0xB0000, 0xB7FFF, 0xB8000, 0xBFFFF] {
            let open = rig.bus.cx.mem.map.resolve(address.into()) == Mapping::OPEN;
            assert_eq!(open, !(first..=last).contains(&address), "map {map}, {address:X}");
        }
    }
    rig.outb(0x3C2, 0xE1);
    assert_eq!(window(&rig), Mapping::OPEN, "RAM disabled by the miscellaneous output register");
    rig.outb(0x3C2, 0xE3);
    rig.outb(0x3C3, 0);
    assert_eq!(window(&rig), Mapping::OPEN, "subsystem disabled");
    assert_eq!(rig.inb(0x3CC), 0xFF);
    rig.outb(0x3C3, 1);
    assert_eq!(rig.inb(0x3CC), 0xE3);
}

#[test]
fn chain_4_is_ram_until_something_stands_between() {
    let mut rig = in_mode(&modes::VGA_256);
    let (vram, _) = rig.bus.cx.mem.vram();
    assert_eq!(window(&rig), Mapping::both(Target::Ram(vram)));
    rig.write(0xA0000, &[1, 2, 3, 4, 5]);
    assert_eq!((planes(&rig, 0), planes(&rig, 1)), ([1, 2, 3, 4], [5, 0, 0, 0]));
    let obstacles = [
        (0x3C4, 2, 0x07),
        (0x3CE, 5, 0x41),
        (0x3CE, 3, 0x08),
        (0x3CE, 1, 1),
        (0x3CE, 8, 0x7F),
        (0x3C4, 4, 6),
    ];
    for (port, index, value) in obstacles {
        let usual = rig.get(port, index);
        rig.set(port, index, value);
        assert!(matches!(window(&rig).write, Target::Mmio(_)), "register {index} of {port:X}");
        rig.set(port, index, usual);
        assert_eq!(window(&rig), Mapping::both(Target::Ram(vram)));
    }
}

#[test]
fn chain_4_through_the_device_gives_the_same_bytes() {
    let mut rig = in_mode(&modes::VGA_256);
    rig.set(0x3C4, 2, 0x0B);
    rig.write(0xA0004, &[1, 2, 3, 4]);
    assert_eq!(planes(&rig, 1), [1, 2, 0, 4]);
    assert_eq!((4..8).map(|i| rig.read(0xA0000 + i)).collect::<Vec<_>>(), [1, 2, 0, 4]);
}

#[test]
fn wide_accesses_are_bytes_in_order() {
    let mut rig = in_mode(&modes::VGA_480);
    rig.bus.phys_write(0xA0010, 4, 0x4433_2211);
    assert_eq!((0x10..0x14).map(|a| planes(&rig, a)[3]).collect::<Vec<_>>(), [0x11, 0x22, 0x33, 0x44]);
    assert_eq!(rig.bus.phys_read(0xA0011, 2), 0x3322);
    assert_eq!(rig.get(0x3D4, 0x22), 0x33, "the latches hold the last byte read");
}

#[test]
fn writes_through_the_device_mark_pages_dirty() {
    let mut rig = in_mode(&modes::VGA_480);
    let (vram, _) = rig.bus.cx.mem.vram();
    assert_eq!(rig.bus.cx.mem.flags(vram + 0x4000) & DIRTY, 0);
    rig.write(0xA1000, &[1]);
    assert_eq!(rig.bus.cx.mem.flags(vram + 0x4000) & DIRTY, DIRTY);
}

#[test]
fn plane_addresses_wrap_at_64_kib() {
    let mut rig = in_mode(&modes::VGA_480);
    rig.set(0x3CE, 6, 0x01);
    rig.write(0xB0003, &[9]);
    assert_eq!(planes(&rig, 3), [9; 4]);
}

#[test]
fn in_vbe_modes_the_window_is_a_bank_of_ram() {
    let mut rig = in_mode(&modes::TEXT_80);
    for (index, value) in [(1, 640), (2, 480), (3, 32), (4, 0x41), (5, 3)] {
        rig.set_dispi(index, value);
    }
    let (vram, _) = rig.bus.cx.mem.vram();
    assert_eq!(window(&rig), Mapping::both(Target::Ram(vram + 0x3_0000)));
    rig.set_dispi(5, 0x105);
    assert_eq!(rig.get_dispi(5), 5, "16 MiB have 256 banks");
    rig.set_dispi(4, 0);
    assert_eq!(window(&rig), Mapping::OPEN, "text modes leave A0000 alone");
}

#[test]
fn a_saved_state_maps_the_same_when_loaded() {
    let mut rig = in_mode(&modes::VGA_256);
    rig.map_frame_buffer();
    let (vga, cx) = rig.vga();
    let saved = crate::bus::Device::save(vga);
    crate::bus::Device::reset(vga, cx);
    assert_eq!(cx.mem.map.resolve(0xA0000), Mapping::OPEN);
    assert_eq!(crate::bus::Device::load(vga, cx, &saved), Ok(()));
    assert_eq!(crate::bus::Device::save(vga), saved);
    let vram = cx.mem.vram().0;
    assert_eq!(cx.mem.map.resolve(0xA0000), Mapping::both(Target::Ram(vram)));
    assert_eq!(cx.mem.map.resolve(super::FRAME_BUFFER.into()), Mapping::both(Target::Ram(vram)));
    assert!(crate::bus::Device::load(vga, cx, &saved[..saved.len() - 1]).is_err());
    assert_eq!(crate::bus::Device::save(vga), saved, "refused whole");
}
