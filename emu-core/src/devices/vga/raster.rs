//! The classic display pipeline: CRTC address generation, serializers of the graphics controller, and the attribute
//! controller, from registers and planes to colour numbers (IBM PS/2 Video Subsystem, "CRT Controller", "Attribute
//! Controller"). The graphics controller's and sequencer's shift-load bits are stored but have no effect.

use super::spec::{attr, crtc, gc, seq};
use super::timing::Timing;
use super::{State, text};
use crate::time::Ns;

/// How bytes of the planes become pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Characters by a font in plane 2.
    Text,
    /// One bit a plane and pixel.
    Planar,
    /// Two bits a pixel, CGA's way.
    Interleaved,
    /// A byte a pixel.
    Packed,
}

/// The memory address counter's way to a plane address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Addressing {
    doubleword: bool,
    byte: bool,
    chained: bool,
    /// The counter bit that word mode turns into bit 0.
    wrap_bit: u8,
    /// Row scan bit 0 replaces address bit 13.
    cga: bool,
    /// Row scan bit 1 replaces address bit 14.
    hercules: bool,
    /// Character clocks for each count, as a shift.
    count_shift: u8,
}

/// Everything the picture depends on, but video memory.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Raster {
    pub kind: Kind,
    /// Characters a line.
    pub chars: u32,
    /// Pixels of a character (or of one fetch from the planes).
    pub char_width: u32,
    /// Lines of the picture: of scan lines that always look alike, one is shown.
    pub lines: u32,
    /// Scan lines for each line of the picture.
    repeat: u32,
    /// 2 in double scan, else 1.
    scans_a_row_scan: u32,
    /// Row scans a row.
    pub row_scans: u32,
    start: u32,
    row_step: u32,
    preset_row: u32,
    byte_panning: u32,
    panning: u32,
    /// The last scan line before the split.
    line_compare: u32,
    pan_in_split: bool,
    addressing: Addressing,
    plane_enable: u8,
    /// In graphics modes with blinking, the bit that is inverted in this phase.
    blink_invert: u8,
    pub text: text::Style,
    /// Colours of numbers.
    pub palette: Box<[[u8; 4]; 256]>,
}

/// What one line of the picture shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// Memory address counter at the first character.
    pub counter: u32,
    pub row_scan: u32,
    panning: u32,
}

impl Raster {
    pub fn of(s: &State, vram: u32, now: Ns) -> Self {
        let c = &s.crtc;
        let kind = kind(s);
        let timing = Timing::of(s, vram);
        let frame = timing.beam(now).frame;
        let eight = s.seq[seq::CLOCKING] & seq::EIGHT_DOTS != 0;
        let addressing = Addressing::of(s);
        let (row_scans, scans_a_row_scan) = row_scans(c);
        let alike = kind != Kind::Text && !addressing.cga && !addressing.hercules;
        let repeat = scans_a_row_scan * if alike { row_scans } else { 1 };
        let blinking = s.attr[attr::MODE] & attr::BLINK != 0;
        Self {
            kind,
            chars: u32::from(c[crtc::H_DISPLAY]) + 1,
            char_width: match kind {
                Kind::Packed => 4,
                Kind::Text if !eight => 9,
                _ => 8,
            },
            lines: (timing.shown_lines as u32 / repeat).max(1),
            repeat,
            scans_a_row_scan,
            row_scans,
            start: u32::from(c[crtc::START_HIGH]) << 8 | u32::from(c[crtc::START_LOW]),
            row_step: u32::from(c[crtc::OFFSET]) * 2,
            preset_row: u32::from(c[crtc::PRESET_ROW] & 31),
            byte_panning: u32::from(c[crtc::PRESET_ROW] >> 5 & 3),
            panning: panning(kind, eight, s.attr[attr::PANNING]),
            line_compare: line_compare(c),
            pan_in_split: s.attr[attr::MODE] & attr::SPLIT_PANNING == 0,
            addressing,
            plane_enable: s.attr[attr::PLANE_ENABLE] & 15,
            blink_invert: if blinking && frame >> 4 & 1 != 0 { 8 } else { 0 },
            text: text::Style::of(s, frame),
            palette: palette(s, kind == Kind::Packed),
        }
    }

    pub fn width(&self) -> u32 {
        self.chars * self.char_width
    }

    /// Address counter and row scan of a line of the picture.
    pub fn row(&self, line: u32) -> Row {
        let scan_line = line * self.repeat;
        let split = scan_line > self.line_compare;
        let (start, preset, from) =
            if split { (0, 0, self.line_compare + 1) } else { (self.start, self.preset_row, 0) };
        let row_scans = preset + (scan_line - from) / self.scans_a_row_scan;
        let pans = !split || self.pan_in_split;
        let (bytes, panning) = if pans { (self.byte_panning, self.panning) } else { (0, 0) };
        Row {
            counter: start + bytes + row_scans / self.row_scans * self.row_step,
            row_scan: row_scans % self.row_scans,
            panning,
        }
    }

    /// The address counter at a character of a row, 16 bits.
    pub fn counter(&self, row: Row, column: u32) -> u32 {
        row.counter.wrapping_add(column >> self.addressing.count_shift) & 0xFFFF
    }

    /// The four planes' bytes at a counter value.
    pub fn fetch(&self, vram: &[u8], counter: u32, row_scan: u32) -> [u8; 4] {
        planes(vram, self.addressing.plane_address(counter, row_scan))
    }

    /// The colour numbers of one line.
    pub fn draw(&self, vram: &[u8], line: u32, out: &mut Vec<u8>) {
        let row = self.row(line);
        out.clear();
        for column in 0..self.chars + u32::from(row.panning != 0) {
            let counter = self.counter(row, column);
            let bytes = self.fetch(vram, counter, row.row_scan);
            match self.kind {
                Kind::Text => self.draw_character(vram, counter, column, row.row_scan, bytes, out),
                Kind::Planar => out.extend(self.colored(planar_pixels(bytes))),
                Kind::Interleaved => out.extend(self.colored(interleaved_pixels(bytes))),
                Kind::Packed => out.extend(bytes),
            }
        }
        out.drain(..row.panning as usize);
        out.truncate(self.width() as usize);
    }

    /// Offsets in video memory of the bytes behind a pixel: of a character its code and attribute, else what the planes
    /// that are shown have there.
    pub fn bytes_behind(&self, x: u32, line: u32) -> Vec<u32> {
        let row = self.row(line);
        let x = x + row.panning;
        let within = x % self.char_width;
        let first = self.addressing.plane_address(self.counter(row, x / self.char_width), row.row_scan) * 4;
        let shown = |planes: &[u32]| {
            let enabled = planes.iter().filter(|plane| self.plane_enable >> *plane & 1 != 0);
            enabled.map(|plane| first + plane).collect()
        };
        match self.kind {
            Kind::Text => vec![first, first + 1],
            Kind::Packed => vec![first + within],
            Kind::Planar => shown(&[0, 1, 2, 3]),
            // Its two low bits come from the first of these planes, the two high ones from the other.
            Kind::Interleaved => {
                let low = u32::from(within >= 4);
                let pairs = [(low, 0b0011), (low + 2, 0b1100)].into_iter();
                pairs
                    .filter(|(_, bits)| self.plane_enable & bits != 0)
                    .map(|(plane, _)| first + plane)
                    .collect()
            }
        }
    }

    fn colored(&self, pixels: [u8; 8]) -> [u8; 8] {
        pixels.map(|p| p & self.plane_enable ^ self.blink_invert)
    }

    fn draw_character(
        &self,
        vram: &[u8],
        counter: u32,
        column: u32,
        row_scan: u32,
        [character, attribute, ..]: [u8; 4],
        out: &mut Vec<u8>,
    ) {
        let glyph_line = planes(vram, self.text.glyph(character, attribute) + row_scan)[2];
        let lit = self.text.underlined(attribute, row_scan)
            || column >= self.text.cursor_skew
                && self.text.cursor_at(counter.wrapping_sub(self.text.cursor_skew), row_scan);
        let (fore, back) = self.text.colors(attribute);
        let (fore, back) = (fore & self.plane_enable, back & self.plane_enable);
        let bits = if lit { 0xFF } else { glyph_line };
        out.extend((0..8).map(|i| if bits << i & 0x80 != 0 { fore } else { back }));
        if self.char_width == 9 {
            let ninth = lit || self.text.line_graphics && (0xC0..=0xDF).contains(&character) && bits & 1 != 0;
            out.push(if ninth { fore } else { back });
        }
    }
}

impl Addressing {
    fn of(s: &State) -> Self {
        let (mode, underline) = (s.crtc[crtc::MODE], s.crtc[crtc::UNDERLINE]);
        Self {
            doubleword: underline & crtc::DOUBLEWORD != 0,
            byte: mode & crtc::BYTE != 0,
            chained: s.chained4(),
            wrap_bit: if mode & crtc::WRAP != 0 { 15 } else { 13 },
            cga: mode & crtc::NO_CGA == 0,
            hercules: mode & crtc::NO_HERCULES == 0,
            count_shift: match (underline & crtc::COUNT_4 != 0, mode & crtc::COUNT_2 != 0) {
                (true, _) => 2,
                (false, true) => 1,
                (false, false) => 0,
            },
        }
    }

    fn plane_address(&self, counter: u32, row_scan: u32) -> u32 {
        let mut a = if self.doubleword && self.chained || self.byte && !self.doubleword {
            counter
        } else if self.doubleword {
            counter << 2 | counter >> 14 & 3
        } else {
            counter << 1 | counter >> self.wrap_bit & 1
        };
        if self.cga {
            a = a & !(1 << 13) | (row_scan & 1) << 13;
        }
        if self.hercules {
            a = a & !(1 << 14) | (row_scan >> 1 & 1) << 14;
        }
        a & 0xFFFF
    }
}

fn kind(s: &State) -> Kind {
    if s.gc[gc::MISC] & gc::GRAPHICS == 0 {
        Kind::Text
    } else if s.gc[gc::MODE] & gc::SHIFT_256 != 0 {
        Kind::Packed
    } else if s.gc[gc::MODE] & gc::INTERLEAVE != 0 {
        Kind::Interleaved
    } else {
        Kind::Planar
    }
}

/// Row scans a row, and scan lines for each.
fn row_scans(c: &[u8; crtc::COUNT]) -> (u32, u32) {
    let doubled = c[crtc::MAX_SCAN] & crtc::DOUBLE_SCAN != 0;
    (u32::from(c[crtc::MAX_SCAN] & 31) + 1, if doubled { 2 } else { 1 })
}

/// The last scan line before the split: bit 8 is in the overflow register, bit 9 in maximum scan line.
fn line_compare(c: &[u8; crtc::COUNT]) -> u32 {
    let bit8 = u32::from(c[crtc::OVERFLOW] >> 4 & 1);
    let bit9 = u32::from(c[crtc::MAX_SCAN] >> 6 & 1);
    let line = bit9 << 9 | bit8 << 8 | u32::from(c[crtc::LINE_COMPARE]);
    if c[crtc::MODE] & crtc::LINES_2 != 0 { 2 * line + 1 } else { line }
}

/// Pixels that the picture moves left.
fn panning(kind: Kind, eight_dots: bool, register: u8) -> u32 {
    let value = u32::from(register);
    match kind {
        Kind::Packed => value >> 1 & 3,
        Kind::Text if !eight_dots && value < 8 => value + 1,
        _ if value < 8 => value,
        _ => 0,
    }
}

/// The DAC entry behind a 4-bit colour number.
fn dac_index(s: &State, number: usize) -> u8 {
    let select = s.attr[attr::COLOR_SELECT];
    let entry = s.attr[number & 15] & 0x3F;
    let low = if s.attr[attr::MODE] & attr::P54 != 0 { entry & 0x0F | (select & 3) << 4 } else { entry };
    low | (select & 0x0C) << 4
}

/// The colours of all numbers: straight from the DAC, or the attribute controller's sixteen.
pub(super) fn palette(s: &State, direct: bool) -> Box<[[u8; 4]; 256]> {
    let wide = s.dispi.wide_dac();
    Box::new(std::array::from_fn(|i| {
        let index = if direct { i as u8 } else { dac_index(s, i) };
        s.dac.rgba(index, wide)
    }))
}

/// The doubleword of a plane address.
pub(super) fn planes(vram: &[u8], address: u32) -> [u8; 4] {
    vram.get(address as usize * 4..).and_then(|rest| rest.first_chunk()).copied().unwrap_or_default()
}

/// Each bit of a byte in a byte of its own, the highest first in memory.
const SPREAD: [u64; 256] = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let mut bit = 0;
        while bit < 8 {
            table[byte] |= ((byte >> bit & 1) as u64) << (8 * bit);
            bit += 1;
        }
        byte += 1;
    }
    table
};

/// Eight pixels, bit `p` of each from plane `p`.
pub(super) fn planar_pixels(bytes: [u8; 4]) -> [u8; 8] {
    let [a, b, c, d] = bytes.map(|byte| SPREAD[usize::from(byte)]);
    (a | b << 1 | c << 2 | d << 3).to_be_bytes()
}

/// Eight pixels: four from planes 0 and 2, four from planes 1 and 3, two bits of each a pixel.
fn interleaved_pixels([b0, b1, b2, b3]: [u8; 4]) -> [u8; 8] {
    std::array::from_fn(|i| {
        let (low, high) = if i < 4 { (b0, b2) } else { (b1, b3) };
        let shift = 6 - 2 * (i & 3);
        low >> shift & 3 | (high >> shift & 3) << 2
    })
}
