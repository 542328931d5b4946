//! What QEMU does not draw, by IBM's descriptions: panning, preset row scan, blinking, underline, skew, blanking; and
//! when frames are drawn again.

use super::modes::{self, Mode};
use super::{Adapter, FRAME_BUFFER, Rig};
use crate::time::SECOND;

/// A colour for each DAC entry that tells which it is.
fn color(entry: u8) -> [u8; 3] {
    [entry & 0x0F, entry >> 4, 1].map(|v| v << 2)
}

fn in_mode(mode: &Mode) -> Rig {
    let mut rig = Rig::new();
    modes::enter(&mut rig, mode);
    let entries: Vec<[u8; 3]> = (0..=255).map(|i| [i & 15, i >> 4, 1]).collect();
    rig.set_dac(0, &entries);
    // Attribute palette: number = DAC entry.
    for i in 0..16 {
        rig.set_attr(i, i);
    }
    rig
}

/// Text on which glyph line `l` of character `c` is the byte `c`, only its lowest bit on line 0.
fn text_mode() -> Rig {
    let mut rig = in_mode(&modes::TEXT_80);
    for (port, index, value) in [(0x3C4, 2, 4), (0x3C4, 4, 6), (0x3CE, 5, 0), (0x3CE, 6, 4)] {
        rig.set(port, index, value);
    }
    let font: Vec<u8> =
        (0..=255u8).flat_map(|c| (0..32).map(move |l| if l == 0 { c & 1 } else { c })).collect();
    rig.write(0xA0000, &font);
    for (port, index, value) in [(0x3C4, 2, 3), (0x3C4, 4, 2), (0x3CE, 5, 0x10), (0x3CE, 6, 0x0E)] {
        rig.set(port, index, value);
    }
    rig.set(0x3D4, 0x0A, 0x20);
    rig
}

fn cell(rig: &mut Rig, column: u32, row: u32, character: u8, attribute: u8) {
    rig.write(0xB8000 + 2 * (80 * row + column), &[character, attribute]);
}

/// Time at which a frame starts, in 400-line modes.
fn frame_start(frame: u64) -> u64 {
    (frame * 900 * 449 * SECOND).div_ceil(28_322_000)
}

#[test]
fn sizes_and_shapes_are_natural() {
    for (mode, size) in [
        (&modes::TEXT_80, (720, 400)),
        (&modes::TEXT_40, (360, 400)),
        (&modes::CGA_4, (320, 200)),
        (&modes::CGA_2, (640, 200)),
        (&modes::EGA_320, (320, 200)),
        (&modes::EGA_640, (640, 200)),
        (&modes::EGA_MONO, (640, 350)),
        (&modes::EGA_350, (640, 350)),
        (&modes::VGA_480, (640, 480)),
        (&modes::VGA_256, (320, 200)),
        (&modes::MODE_X, (320, 240)),
    ] {
        let mut rig = in_mode(mode);
        assert_eq!((rig.size(), rig.frame().aspect), (size, (4, 3)));
    }
    let mut rig = in_mode(&modes::VGA_256);
    for (index, value) in [(1, 1600), (2, 1200), (3, 32), (4, 0x41)] {
        rig.set_dispi(index, value);
    }
    assert_eq!((rig.size(), rig.frame().aspect), ((1600, 1200), (1600, 1200)));
}

#[test]
fn the_ninth_dot_repeats_the_eighth_for_line_graphics_only() {
    let mut rig = text_mode();
    for (column, character) in [0xBF, 0xC1, 0xDF, 0xE1].into_iter().enumerate() {
        cell(&mut rig, column as u32, 0, character, 0x17);
    }
    let ninth = [0, 1, 2, 3].map(|column| rig.pixel(9 * column + 8, 0));
    assert_eq!(ninth, [color(1), color(7), color(7), color(1)]);
    rig.set_attr(0x10, 0x08);
    assert_eq!(rig.pixel(9 + 8, 0), color(1));
}

#[test]
fn text_pans_by_dots_and_rows_by_preset_row_scan() {
    let mut rig = text_mode();
    cell(&mut rig, 0, 0, 0x80, 0x17);
    cell(&mut rig, 79, 0, 0x01, 0x17);
    cell(&mut rig, 0, 1, 0xFF, 0x16); // shown past the end of row 0 when it is panned
    assert_eq!((rig.pixel(0, 1), rig.pixel(1, 1)), (color(7), color(1)));
    rig.set_attr(0x13, 0); // 9-dot characters: 8 is no shift, 0 is one dot
    assert_eq!((rig.pixel(0, 1), rig.pixel(711, 1), rig.pixel(717, 1)), (color(1), color(1), color(7)));
    assert_eq!(rig.pixel(719, 1), color(6));
    rig.set_attr(0x13, 8);
    rig.set(0x3D4, 8, 3);
    assert_eq!((rig.pixel(0, 12), rig.pixel(7, 13), rig.pixel(0, 14)), (color(7), color(6), color(6)));
    rig.set(0x3D4, 8, 0x20);
    assert_eq!(rig.pixel(78 * 9 + 7, 1), color(7), "byte panning moves by a character");
}

#[test]
fn graphics_pan_by_pixels() {
    let mut rig = in_mode(&modes::VGA_480);
    rig.write(0xA0000, &[0b0000_1000, 0, 0]);
    rig.write(0xA0050, &[0x80]);
    assert_eq!(rig.pixel(4, 0), color(15));
    rig.set_attr(0x13, 3);
    assert_eq!((rig.pixel(1, 0), rig.pixel(637, 0), rig.pixel(638, 0)), (color(15), color(15), color(0)));
    let mut rig = in_mode(&modes::VGA_256);
    rig.write(0xA0000, &[1, 2, 3, 4, 5]);
    rig.set_attr(0x13, 6);
    assert_eq!((rig.pixel(0, 0), rig.pixel(1, 0)), (color(4), color(5)));
}

#[test]
fn panning_may_stop_at_the_split() {
    let mut rig = in_mode(&modes::VGA_480);
    rig.write(0xA0000, &[0x80]);
    for (index, value) in [(0x0D, 80), (0x18, 99), (7, 0x2E), (9, 0)] {
        rig.set(0x3D4, 0x11, 0x0C);
        rig.set(0x3D4, index, value);
    }
    assert_eq!((rig.pixel(0, 99), rig.pixel(0, 100)), (color(0), color(15)));
    rig.set_attr(0x13, 1);
    assert_eq!(rig.pixel(0, 100), color(0));
    rig.set_attr(0x10, 0x21);
    assert_eq!(rig.pixel(0, 100), color(15));
}

#[test]
fn blinking_characters_hide_every_other_16_frames() {
    let mut rig = text_mode();
    cell(&mut rig, 0, 0, 0xFF, 0xA4);
    assert_eq!(rig.pixel(0, 1), color(4));
    rig.bus.cx.now = frame_start(16) - 1;
    assert_eq!(rig.pixel(0, 1), color(4));
    rig.bus.cx.now = frame_start(16);
    assert_eq!(rig.pixel(0, 1), color(2));
    rig.bus.cx.now = frame_start(32);
    assert_eq!(rig.pixel(0, 1), color(4));
    rig.set_attr(0x10, 0x04);
    cell(&mut rig, 0, 0, 0x00, 0xA4);
    assert_eq!(rig.pixel(0, 1), color(10), "without blinking the bit makes backgrounds bright");
}

/// Mode 0Fh's palette shows what blinking does in graphics: numbers 4 and 0Ch differ, 1 and 9 do not.
#[test]
fn in_graphics_blinking_inverts_the_highest_bit() {
    let mut rig = Rig::new();
    modes::enter(&mut rig, &modes::EGA_MONO);
    rig.set_dac(0, &[[0; 3]; 64]);
    rig.set_dac(0x08, &[[0x20; 3]]);
    rig.set_dac(0x18, &[[0x3F; 3]]);
    for (plane, byte) in [(1, 0b1010_0000), (4, 0b0110_0000)] {
        rig.set(0x3C4, 2, plane);
        rig.write(0xA0000, &[byte]);
    }
    let row = |rig: &mut Rig| [0, 1, 2, 3].map(|x| rig.pixel(x, 0)[0]);
    assert_eq!(row(&mut rig), [0x82, 0xFF, 0xFF, 0], "video, blinking, intensified, black");
    rig.bus.cx.now = 16 * SECOND / 70 + SECOND / 100;
    assert_eq!(row(&mut rig), [0x82, 0, 0xFF, 0]);
}

#[test]
fn the_cursor_has_a_shape_a_skew_and_blinks() {
    let mut rig = text_mode();
    cell(&mut rig, 0, 0, 0, 0x17);
    cell(&mut rig, 1, 0, 0, 0x17);
    for (index, value) in [(0x0A, 13), (0x0B, 14), (0x0E, 0), (0x0F, 0)] {
        rig.set(0x3D4, index, value);
    }
    let lines = |rig: &mut Rig, x| [12, 13, 14, 15].map(|y| rig.pixel(x, y) == color(7));
    assert_eq!(lines(&mut rig, 0), [false, true, true, false]);
    assert_eq!(lines(&mut rig, 8), [false, true, true, false], "nine dots wide");
    assert_eq!(lines(&mut rig, 9), [false; 4]);
    rig.set(0x3D4, 0x0B, 14 | 1 << 5);
    assert_eq!((lines(&mut rig, 0), lines(&mut rig, 9)), ([false; 4], [false, true, true, false]));
    rig.bus.cx.now = frame_start(8);
    assert_eq!(lines(&mut rig, 9), [false; 4]);
    rig.bus.cx.now = frame_start(16);
    assert_eq!(lines(&mut rig, 9), [false, true, true, false]);
    rig.set(0x3D4, 0x0A, 15);
    assert_eq!(lines(&mut rig, 9), [false; 4], "start behind end: no cursor");
}

#[test]
fn attribute_1_is_underlined_where_the_crtc_says() {
    let mut rig = text_mode();
    rig.set(0x3D4, 0x14, 13);
    for (column, attribute) in [0x01, 0x09, 0x81, 0x07, 0x11].into_iter().enumerate() {
        cell(&mut rig, column as u32, 0, 0, attribute);
    }
    let at = |rig: &mut Rig, y| [0, 1, 2, 3, 4].map(|column| rig.pixel(9 * column + 4, y));
    assert_eq!(at(&mut rig, 13), [color(1), color(9), color(1), color(0), color(1)]);
    assert_eq!(at(&mut rig, 12), [color(0), color(0), color(0), color(0), color(1)]);
}

#[test]
fn colour_planes_can_be_switched_off() {
    let mut rig = in_mode(&modes::VGA_480);
    rig.write(0xA0000, &[0xFF]);
    rig.set_attr(0x12, 0x05);
    assert_eq!(rig.pixel(0, 0), color(5));
}

#[test]
fn the_pel_mask_applies_to_every_entry() {
    let mut rig = in_mode(&modes::VGA_256);
    rig.write(0xA0000, &[0xFF]);
    rig.outb(0x3C6, 0x3C);
    assert_eq!(rig.pixel(0, 0), color(0x3C));
}

#[test]
fn start_addresses_wrap_at_64_kib() {
    let mut rig = in_mode(&modes::VGA_480);
    rig.write(0xA0000, &[0x80]);
    rig.set(0x3D4, 0x0C, 0xFF);
    rig.set(0x3D4, 0x0D, 0xFF);
    assert_eq!((rig.pixel(0, 0), rig.pixel(8, 0)), (color(0), color(15)));
}

/// A doubleword-mode picture of unchained memory shows every fourth address, as the CRTC's address rotation says.
#[test]
fn doubleword_mode_without_chain_4_strides() {
    let mut rig = in_mode(&modes::VGA_256);
    rig.set(0x3C4, 4, 0x06);
    rig.set(0x3C4, 2, 0x01);
    rig.write(0xA0000, &[1, 2, 3, 4, 5, 6, 7, 8]);
    assert_eq!([0, 4, 8].map(|x| rig.pixel(x, 0)), [color(1), color(5), color(0)]);
}

#[test]
fn a_screen_that_is_off_shows_one_colour() {
    let mut rig = in_mode(&modes::VGA_256);
    rig.write(0xA0000, &[9; 64]);
    rig.set_attr(0x11, 0x21);
    assert_eq!(rig.pixel(0, 0), color(9));
    rig.inb(0x3DA);
    rig.outb(0x3C0, 0x00);
    assert_eq!(
        (rig.pixel(0, 0), rig.size()),
        (color(0x21), (320, 200)),
        "overscan while the CPU has the palette"
    );
    rig.outb(0x3C0, 0x00);
    rig.inb(0x3DA);
    rig.outb(0x3C0, 0x20);
    for (port, index, off, on) in [(0x3C4, 1, 0x21, 0x01), (0x3D4, 0x17, 0x23, 0xA3), (0x3C4, 0, 1, 3)] {
        rig.set(port, index, off);
        assert_eq!(rig.pixel(0, 0), [0; 3]);
        rig.set(port, index, on);
        assert_eq!(rig.pixel(0, 0), color(9));
    }
}

#[test]
fn a_frame_is_dirty_when_something_seen_changed() {
    let mut rig = text_mode();
    assert!(rig.frame().dirty);
    assert!(!rig.frame().dirty);
    cell(&mut rig, 3, 3, 0xFF, 0x07);
    assert!(rig.frame().dirty);
    assert!(!rig.frame().dirty);
    rig.set_dac(7, &[[1, 1, 1]]);
    assert!(rig.frame().dirty);
    rig.map_frame_buffer();
    for (index, value) in [(1, 640), (2, 480), (3, 32), (4, 0x41)] {
        rig.set_dispi(index, value);
    }
    assert!(rig.frame().dirty);
    assert!(!rig.frame().dirty);
    rig.write(FRAME_BUFFER + 4 * (640 * 100 + 7), &[3, 2, 1]);
    assert!(rig.frame().dirty);
    assert_eq!((rig.pixel(7, 100), rig.pixel(8, 100)), ([1, 2, 3], [0; 3]));
    assert!(!rig.frame().dirty);
    rig.write(FRAME_BUFFER + 4 * 640 * 480, &[1]);
    assert!(!rig.frame().dirty, "behind the picture");
    rig.set_dispi(9, 1);
    assert!(rig.frame().dirty);
    assert_eq!(rig.pixel(7, 99), [1, 2, 3]);
}

/// What is drawn in parts is what is drawn at once.
#[test]
fn drawing_changes_equals_drawing_anew() {
    let mut rig = in_mode(&modes::VGA_256);
    rig.map_frame_buffer();
    for (index, value) in [(1, 64), (2, 48), (3, 24), (4, 0x41), (6, 80), (8, 5), (9, 2)] {
        rig.set_dispi(index, value);
    }
    let mut numbers = super::Numbers(11);
    for _ in 0..50 {
        let bytes = numbers.bytes(200);
        rig.write(FRAME_BUFFER + numbers.below(80 * 55 * 3), &bytes);
        let mut frame = rig.frame().clone();
        rig.vga().0.renderer = Default::default();
        frame.dirty = true; // some writes are behind the picture
        assert_eq!(*rig.frame(), frame);
    }
}

/// No values of registers can make drawing panic.
#[test]
fn any_registers_can_be_drawn() {
    let mut numbers = super::Numbers(12);
    let mut rig = in_mode(&modes::VGA_256);
    rig.map_frame_buffer();
    for _ in 0..400 {
        for _ in 0..20 {
            let port = [0x3C4, 0x3CE, 0x3D4][numbers.below(3) as usize];
            rig.set(port, numbers.below(26) as u8, numbers.byte());
            rig.set_attr(numbers.below(21) as u8, numbers.byte());
        }
        rig.set(0x3C4, 0, 3);
        rig.set(0x3D4, 0x11, 0);
        rig.set_dispi(numbers.below(11) as u16, numbers.next() as u16);
        if numbers.below(3) != 0 {
            rig.set_dispi(4, 0);
        }
        rig.write(0xA0000 + numbers.below(0x20000), &[numbers.byte()]);
        rig.read(0xA0000 + numbers.below(0x20000));
        let frame = rig.frame();
        assert_eq!(frame.rgba.len(), 4 * (frame.width * frame.height) as usize);
        let (vga, cx) = rig.vga();
        vga.text_screen(cx);
    }
}
