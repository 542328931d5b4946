//! Text modes: what a character and its attribute look like, and the screen as text.

use super::State;
use super::charset::CP437;
use super::picture::{Content, Picture};
use super::raster::Kind;
use super::spec::{attr, crtc, seq};
use crate::bus::Cx;

/// Registers that only text modes use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Style {
    /// Plane addresses of the fonts of characters with attribute bit 3 clear and set.
    fonts: [u32; 2],
    underline: u32,
    pub line_graphics: bool,
    blinking: bool,
    /// Blinking characters are not seen in this phase.
    hidden: bool,
    /// Counter value of the cursor's cell, and its first and last row scan.
    cursor: u32,
    cursor_scans: (u32, u32),
    cursor_on: bool,
    /// The cursor is not seen in this phase.
    cursor_hidden: bool,
    /// Characters that the cursor is shown further right.
    pub cursor_skew: u32,
}

impl Style {
    /// The cursor is seen for 8 frames of 16, blinking characters for 16 of 32.
    pub fn of(s: &State, frame: u64) -> Self {
        let c = &s.crtc;
        let map = s.seq[seq::CHAR_MAP];
        let scans = (u32::from(c[crtc::CURSOR_START] & 31), u32::from(c[crtc::CURSOR_END] & 31));
        Self {
            fonts: [font(map & 3 | map >> 2 & 4), font(map >> 2 & 3 | map >> 3 & 4)],
            underline: u32::from(c[crtc::UNDERLINE] & 31),
            line_graphics: s.attr[attr::MODE] & attr::LINE_GRAPHICS != 0,
            blinking: s.attr[attr::MODE] & attr::BLINK != 0,
            hidden: frame >> 4 & 1 != 0,
            cursor: u32::from(c[crtc::CURSOR_HIGH]) << 8 | u32::from(c[crtc::CURSOR_LOW]),
            cursor_scans: scans,
            cursor_on: c[crtc::CURSOR_START] & crtc::CURSOR_OFF == 0 && scans.0 <= scans.1,
            cursor_hidden: frame >> 3 & 1 != 0,
            cursor_skew: u32::from(c[crtc::CURSOR_END] >> 5 & 3),
        }
    }

    /// Plane address of the first line of a glyph.
    pub fn glyph(&self, character: u8, attribute: u8) -> u32 {
        self.fonts[usize::from(attribute >> 3 & 1)] + u32::from(character) * 32
    }

    /// Numbers of the foreground and background colours now.
    pub fn colors(&self, attribute: u8) -> (u8, u8) {
        let (fore, back) = (attribute & 15, attribute >> 4);
        if !self.blinking {
            return (fore, back);
        }
        let back = back & 7;
        if attribute & 0x80 != 0 && self.hidden { (back, back) } else { (fore, back) }
    }

    /// Whether the attribute underlines, on this row scan: foreground 1 on background 0, as on the monochrome adapter.
    pub fn underlined(&self, attribute: u8, row_scan: u32) -> bool {
        attribute & 0x77 == 0x01 && row_scan == self.underline
    }

    /// Whether the cursor is seen now at a counter value and row scan.
    pub fn cursor_at(&self, counter: u32, row_scan: u32) -> bool {
        self.cursor_on
            && !self.cursor_hidden
            && counter & 0xFFFF == self.cursor
            && (self.cursor_scans.0..=self.cursor_scans.1).contains(&row_scan)
    }
}

/// Plane address of font 0-7: the first four are 16 KiB apart, the others 8 KiB behind them.
pub(super) fn font(select: u8) -> u32 {
    u32::from(select & 3) << 14 | u32::from(select >> 2 & 1) << 13
}

/// The screen in a text mode.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextScreen {
    /// Characters a row.
    pub columns: u32,
    /// Each row as Unicode, `columns` characters of code page 437, whatever font is loaded.
    pub rows: Vec<String>,
    /// The attributes of all cells, row by row.
    pub attributes: Vec<u8>,
    /// Column and row of the cursor if it is on and within the screen, in whichever phase it blinks.
    pub cursor: Option<(u32, u32)>,
}

/// The text on the screen, `None` in graphics modes and while the screen is off.
pub(super) fn text_screen(state: &State, cx: &Cx) -> Option<TextScreen> {
    let (offset, bytes) = cx.mem.vram();
    let vram = cx.mem.ram.slice(offset, bytes);
    let Content::Raster(raster) = Picture::of(state, bytes, cx.now).content else { return None };
    if raster.kind != Kind::Text {
        return None;
    }
    let mut screen =
        TextScreen { columns: raster.chars, rows: Vec::new(), attributes: Vec::new(), cursor: None };
    let mut last = None;
    for row in (0..raster.lines).map(|line| raster.row(line)) {
        if last.replace(row).is_some_and(|l| l.counter == row.counter && l.row_scan < row.row_scan) {
            continue;
        }
        let at = screen.rows.len() as u32;
        let mut characters = String::new();
        for column in 0..raster.chars {
            let counter = raster.counter(row, column);
            let [character, attribute, ..] = raster.fetch(vram, counter, row.row_scan);
            characters.push(CP437[usize::from(character)]);
            screen.attributes.push(attribute);
            if raster.text.cursor_on && counter == raster.text.cursor {
                screen.cursor.get_or_insert((column, at));
            }
        }
        screen.rows.push(characters);
    }
    Some(screen)
}
