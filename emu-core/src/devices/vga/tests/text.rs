//! The screen as text.

use super::{Adapter, Rig, modes};

fn screen(text: &[u8]) -> Rig {
    let mut rig = Rig::new();
    modes::enter(&mut rig, &modes::TEXT_80);
    let cells: Vec<u8> = text.iter().flat_map(|c| [*c, 0x1F]).collect();
    rig.write(0xB8000, &cells);
    rig
}

fn read(rig: &mut Rig) -> Option<super::super::TextScreen> {
    let (vga, cx) = rig.vga();
    vga.text_screen(cx)
}

#[test]
fn characters_are_code_page_437() {
    let all: Vec<u8> = (0..=255).collect();
    let text = read(&mut screen(&all)).expect("a text mode");
    assert_eq!((text.columns, text.rows.len(), text.attributes.len()), (80, 25, 2000));
    assert!(text.rows.iter().all(|row| row.chars().count() == 80));
    let joined: String = text.rows.concat();
    let at = |i| joined.chars().nth(i);
    // From the Unicode consortium's table CP437.TXT and IBM's graphic characters (GCGID) of the codes below 20h.
    for (code, character) in [
        (0x00, ' '),
        (0x01, '\u{263A}'),
        (0x0D, '\u{266A}'),
        (0x10, '\u{25BA}'),
        (0x1F, '\u{25BC}'),
        (0x41, 'A'),
        (0x7F, '\u{2302}'),
        (0x80, '\u{C7}'),
        (0x9B, '\u{A2}'),
        (0xB0, '\u{2591}'),
        (0xC4, '\u{2500}'),
        (0xDB, '\u{2588}'),
        (0xE1, '\u{DF}'),
        (0xFE, '\u{25A0}'),
        (0xFF, '\u{A0}'),
    ] {
        assert_eq!(at(code), Some(character), "{code:02X}");
    }
    assert_eq!((text.attributes[0], text.attributes[255], text.attributes[256]), (0x1F, 0x1F, 0));
}

#[test]
fn rows_follow_the_cell_height_and_the_start_address() {
    let mut rig = screen(b"first");
    rig.write(0xB8000 + 160, b"s\x07e\x07c\x07");
    rig.set(0x3D4, 9, 0x47);
    let text = read(&mut rig).expect("a text mode");
    assert_eq!((text.rows.len(), text.rows[1].trim_end()), (50, "sec"));
    rig.set(0x3D4, 0x0D, 80);
    let text = read(&mut rig).expect("a text mode");
    assert_eq!(text.rows[0].trim_end(), "sec");
}

#[test]
fn a_split_and_a_scrolled_row_are_rows_of_their_own() {
    let mut rig = screen(b"top of memory");
    rig.write(0xB8000 + 160 * 40, b"s\x07c\x07r\x07");
    // Row 40 on top, from its row scan 5 on; line compare 199 (bits 8 and 9 in registers 7 and 9).
    for (index, value) in [(0x0C, 0x0C), (0x0D, 0x80), (8, 5), (7, 0x0F), (9, 0x0F), (0x18, 199)] {
        rig.set(0x3D4, index, value);
    }
    let text = read(&mut rig).expect("a text mode");
    // 11 row scans of the first row, 11 rows of 16, 13 of the next: 200 lines; then 12.5 rows from address 0.
    assert_eq!(text.rows.len(), 13 + 13);
    assert_eq!((text.rows[0].trim_end(), text.rows[13].trim_end()), ("scr", "top of memory"));
}

#[test]
fn the_cursor_is_where_its_registers_say() {
    let mut rig = screen(b"");
    rig.set(0x3D4, 0x0F, 165);
    assert_eq!(read(&mut rig).expect("text").cursor, Some((5, 2)));
    rig.set(0x3D4, 0x0A, 0x2D);
    assert_eq!(read(&mut rig).expect("text").cursor, None);
    rig.set(0x3D4, 0x0A, 0x0D);
    rig.set(0x3D4, 0x0E, 0x40);
    assert_eq!(read(&mut rig).expect("text").cursor, None);
}

#[test]
fn there_is_no_text_in_graphics_or_on_a_dark_screen() {
    let mut rig = screen(b"x");
    rig.set(0x3C4, 1, 0x20);
    assert_eq!(read(&mut rig), None);
    modes::enter(&mut rig, &modes::VGA_256);
    assert_eq!(read(&mut rig), None);
    modes::enter(&mut rig, &modes::TEXT_80);
    assert!(read(&mut rig).is_some());
    rig.set_dispi(4, 1);
    assert_eq!(read(&mut rig), None);
}
