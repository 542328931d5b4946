//! Pictures that are made on our adapter and on QEMU's by the same accesses.

use super::modes::{self, Mode};
use super::{Adapter, FRAME_BUFFER, Numbers};

/// A picture: how it is made, and how many high bits of colours QEMU and we agree on by design (QEMU widens 6-bit DAC
/// values by doubling the lowest bit where we repeat the highest).
pub(super) struct Scenario {
    pub name: &'static str,
    pub make: fn(&mut dyn Adapter),
    pub color_bits: u32,
}

const fn scenario(name: &'static str, make: fn(&mut dyn Adapter), color_bits: u32) -> Scenario {
    Scenario { name, make, color_bits }
}

pub(super) const ALL: &[Scenario] = &[
    scenario("text 80x25", text_80, 6),
    scenario("text 40x25 of two fonts", text_40, 6),
    scenario("text 80x50 scrolled", text_80x50, 6),
    scenario("text monochrome", text_mono, 6),
    scenario("CGA four colours", |a| random_window(a, &modes::CGA_4, 0xB8000, 0x4000), 6),
    scenario("CGA two colours", |a| random_window(a, &modes::CGA_2, 0xB8000, 0x4000), 6),
    scenario("EGA 320x200", |a| random_planes(a, &modes::EGA_320), 6),
    scenario("EGA 640x200", |a| random_planes(a, &modes::EGA_640), 6),
    scenario("EGA 640x350", |a| random_planes(a, &modes::EGA_350), 6),
    scenario("VGA 640x480 split", planar_split, 6),
    scenario("VGA 640x480 by all write modes", planar_writes, 6),
    scenario("VGA color select", color_select, 6),
    scenario("mode 13h", |a| random_window(a, &modes::VGA_256, 0xA0000, 0x10000), 6),
    scenario("mode X scrolled and split", mode_x, 6),
    scenario("VBE 4", vbe_4, 6),
    scenario("VBE 8", |a| vbe(a, 8, 0x41), 6),
    scenario("VBE 8 wide DAC", |a| vbe(a, 8, 0x61), 8),
    scenario("VBE 15", |a| vbe(a, 15, 0x41), 5),
    scenario("VBE 16", |a| vbe(a, 16, 0x41), 8),
    scenario("VBE 24", |a| vbe(a, 24, 0x41), 8),
    scenario("VBE 32", |a| vbe(a, 32, 0x41), 8),
    scenario("VBE 8 by banks", vbe_banked, 6),
];

fn random_palette(a: &mut dyn Adapter, seed: u32) {
    let values = Numbers(seed).bytes(768);
    a.set_dac(0, values.as_chunks().0);
}

/// Enters a mode with unlike colours everywhere.
fn start(a: &mut dyn Adapter, mode: &Mode) {
    modes::enter(a, mode);
    random_palette(a, 0x1234_5678);
}

/// Loads glyphs into plane 2 the way a BIOS does: sequential, window at A0000.
fn load_font(a: &mut dyn Adapter, mode: &Mode, offset: u32, seed: u32) {
    for (port, index, value) in [(0x3C4, 2, 4), (0x3C4, 4, 7), (0x3CE, 4, 2), (0x3CE, 5, 0), (0x3CE, 6, 4)] {
        a.set(port, index, value);
    }
    a.write(0xA0000 + offset, &Numbers(seed).bytes(0x2000));
    for (port, index, value) in [
        (0x3C4, 2, mode.seq[2]),
        (0x3C4, 4, mode.seq[4]),
        (0x3CE, 4, 0),
        (0x3CE, 5, mode.gc[5]),
        (0x3CE, 6, mode.gc[6]),
    ] {
        a.set(port, index, value);
    }
}

/// Random characters with some attributes, but not B0h-BFh, whose ninth dot QEMU repeats and IBM does not.
fn random_text(a: &mut dyn Adapter, window: u32, cells: u32, attributes: &[u8]) {
    let mut numbers = Numbers(cells);
    let bytes: Vec<u8> = (0..cells)
        .flat_map(|_| {
            let character = numbers.byte();
            let attribute = attributes[numbers.below(attributes.len() as u32) as usize];
            [if character >> 4 == 0xB { character ^ 0x60 } else { character }, attribute]
        })
        .collect();
    a.write(window, &bytes);
}

const ALL_ATTRIBUTES: [u8; 256] = {
    let mut all = [0; 256];
    let mut i = 0;
    while i < 256 {
        all[i] = i as u8;
        i += 1;
    }
    all
};

fn text_80(a: &mut dyn Adapter) {
    start(a, &modes::TEXT_80);
    load_font(a, &modes::TEXT_80, 0, 77);
    random_text(a, 0xB8000, 80 * 25, &ALL_ATTRIBUTES);
    a.set_attr(0x10, 0x04);
    cursor(a, 80 * 7 + 33, 3, 9);
}

fn cursor(a: &mut dyn Adapter, at: u16, first: u8, last: u8) {
    let [high, low] = at.to_be_bytes();
    for (index, value) in [(0x0A, first), (0x0B, last), (0x0E, high), (0x0F, low)] {
        a.set(0x3D4, index, value);
    }
}

fn text_40(a: &mut dyn Adapter) {
    start(a, &modes::TEXT_40);
    load_font(a, &modes::TEXT_40, 0x4000, 78);
    load_font(a, &modes::TEXT_40, 0xA000, 79);
    a.set(0x3C4, 1, 0x09); // 8 dots: QEMU has no 9 in this mode
    a.set_attr(0x13, 0);
    a.set(0x3C4, 3, 0b01_1001); // map B (attribute bit 3 clear) is font 5, map A font 2
    random_text(a, 0xB8000, 40 * 25, &ALL_ATTRIBUTES);
    a.set_attr(0x10, 0x00);
    a.set(0x3D4, 0x0A, 0x20);
    load_font(a, &modes::TEXT_40, 0x6000, 80);
    load_font(a, &modes::TEXT_40, 0x8000, 81);
}

fn text_80x50(a: &mut dyn Adapter) {
    start(a, &modes::TEXT_80);
    load_font(a, &modes::TEXT_80, 0, 82);
    random_text(a, 0xB8000, 0x4000, &ALL_ATTRIBUTES);
    a.set_attr(0x10, 0x00);
    // 8 dots, 8 lines, 100 words a row, from cell 333 on.
    for (port, index, value) in
        [(0x3C4, 1, 0x01), (0x3D4, 0x09, 0x47), (0x3D4, 0x13, 50), (0x3D4, 0x0C, 1), (0x3D4, 0x0D, 77)]
    {
        a.set(port, index, value);
    }
    a.set_attr(0x13, 0);
    a.set(0x3D4, 0x0A, 0x20);
}

fn text_mono(a: &mut dyn Adapter) {
    start(a, &modes::TEXT_MONO);
    load_font(a, &modes::TEXT_MONO, 0, 83);
    random_text(a, 0xB0000, 80 * 25, &[0x07, 0x0F, 0x70, 0x00]);
    a.set(0x3B4, 0x0A, 0x20);
}

fn random_window(a: &mut dyn Adapter, mode: &Mode, window: u32, bytes: u32) {
    start(a, mode);
    a.write(window, &Numbers(window + bytes).bytes(bytes as usize));
}

/// Fills all of the classic 256 KiB.
fn random_planes(a: &mut dyn Adapter, mode: &Mode) {
    start(a, mode);
    fill_planes(a);
}

fn fill_planes(a: &mut dyn Adapter) {
    for plane in 0..4 {
        a.set(0x3C4, 2, 1 << plane);
        a.write(0xA0000, &Numbers(900 + plane).bytes(0x10000));
    }
}

fn planar_split(a: &mut dyn Adapter) {
    random_planes(a, &modes::VGA_480);
    // Rows of 52 words from address 4321h on, below line 300 from address 0.
    for (index, value) in
        [(0x13, 52), (0x0C, 0x43), (0x0D, 0x21), (0x18, 300u16 as u8), (0x07, 0x3E), (0x09, 0)]
    {
        a.set(0x3D4, index, value);
    }
}

/// Random single accesses with random registers of the graphics controller; reads load the latches.
fn planar_writes(a: &mut dyn Adapter) {
    random_planes(a, &modes::VGA_480);
    random_accesses(a, 85, 20_000);
}

/// What the reads gave.
pub(super) fn random_accesses(a: &mut dyn Adapter, seed: u32, count: u32) -> Vec<u8> {
    let mut numbers = Numbers(seed);
    let mut seen = Vec::new();
    for _ in 0..count {
        let address = 0xA0000 + numbers.below(80 * 480);
        match numbers.below(8) {
            0..3 => seen.push(a.read(address)),
            3..6 => a.write(address, &[numbers.byte()]),
            6 => a.set(0x3C4, 2, numbers.byte()),
            _ => {
                let index = numbers.below(9) as u8;
                let value = numbers.byte();
                match index {
                    5 => a.set(0x3CE, 5, value & 0x0B),
                    6 => {}
                    _ => a.set(0x3CE, index, value),
                }
            }
        }
    }
    seen
}

fn color_select(a: &mut dyn Adapter) {
    random_planes(a, &modes::VGA_480);
    a.set_attr(0x10, 0x81);
    a.set_attr(0x14, 0x09);
    a.set_attr(0x12, 0x0B);
}

fn mode_x(a: &mut dyn Adapter) {
    random_planes(a, &modes::MODE_X);
    for (index, value) in [(0x13, 44), (0x0C, 0x51), (0x0D, 0x07), (0x18, 0x5F), (0x07, 0x3E), (0x09, 0x01)] {
        a.set(0x3D4, index, value);
    }
}

fn vbe_mode(a: &mut dyn Adapter, bpp: u16, enable: u16) {
    for (index, value) in [(4, 0), (1, 648), (2, 301), (3, bpp), (4, enable), (6, 704), (8, 24), (9, 7)] {
        a.set_dispi(index, value);
    }
}

fn vbe(a: &mut dyn Adapter, bpp: u16, enable: u16) {
    start(a, &modes::VGA_256);
    a.map_frame_buffer();
    vbe_mode(a, bpp, enable);
    random_palette(a, 0x8765_4321);
    let bytes = 704 * 310 * u32::from(bpp).div_ceil(8);
    a.write(FRAME_BUFFER, &Numbers(bytes).bytes(bytes as usize));
}

fn vbe_4(a: &mut dyn Adapter) {
    start(a, &modes::VGA_480);
    a.map_frame_buffer();
    vbe_mode(a, 4, 0x01);
    // Not by the window: QEMU forgets the map mask in this mode.
    a.write(FRAME_BUFFER, &Numbers(4).bytes(704 / 2 * 310));
}

fn vbe_banked(a: &mut dyn Adapter) {
    start(a, &modes::VGA_256);
    vbe_mode(a, 8, 0x01);
    for bank in 0..4 {
        a.set_dispi(5, bank);
        a.write(0xA0000, &Numbers(u32::from(bank) + 1).bytes(0x10000));
    }
}
