//! Video memory as pictures: the four planes, the fonts in plane 2, the palette.

use super::Vga;
use super::spec::crtc;
use super::text::font;
use crate::bus::Cx;
use crate::bus::view::{PictureName, PictureView};

const BLACK: [u8; 4] = [0, 0, 0, 0xFF];
const WHITE: [u8; 4] = [0xFF; 4];
/// Bytes of a classic plane.
const PLANE: u32 = 0x1_0000;
/// Side of a palette entry's square.
const SWATCH: u32 = 8;
/// Row scans a glyph has room for.
const GLYPH: u32 = 32;

/// All pictures there are.
pub(super) const NAMES: &[PictureName] = &[
    PictureName { name: "plane0", title: "plane 0 (characters in text modes)" },
    PictureName { name: "plane1", title: "plane 1 (attributes in text modes)" },
    PictureName { name: "plane2", title: "plane 2 (fonts in text modes)" },
    PictureName { name: "plane3", title: "plane 3" },
    PictureName { name: "font0", title: "font 0" },
    PictureName { name: "font1", title: "font 1" },
    PictureName { name: "font2", title: "font 2" },
    PictureName { name: "font3", title: "font 3" },
    PictureName { name: "font4", title: "font 4" },
    PictureName { name: "font5", title: "font 5" },
    PictureName { name: "font6", title: "font 6" },
    PictureName { name: "font7", title: "font 7" },
    PictureName { name: "palette", title: "DAC palette" },
];

/// A picture whose pixels `color` gives.
fn picture(width: u32, height: u32, color: impl Fn(u32, u32) -> [u8; 4]) -> PictureView {
    let pixels = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
    PictureView { width, height, rgba: pixels.flat_map(|(x, y)| color(x, y)).collect() }
}

impl Vga {
    /// A picture by its name.
    pub(super) fn named_picture(&self, cx: &Cx, name: &str) -> Option<PictureView> {
        let number = |prefix: &str| name.strip_prefix(prefix)?.parse::<u32>().ok();
        if let Some(plane) = number("plane").filter(|&n| n < 4) {
            return Some(self.plane(cx, plane));
        }
        if let Some(font) = number("font").filter(|&n| n < 8) {
            return Some(self.font(cx, font));
        }
        (name == "palette").then(|| self.palette())
    }

    /// Byte of a plane, in the layout that all views share.
    fn plane_byte(&self, cx: &Cx, plane: u32, address: u32) -> u8 {
        let (vram, bytes) = cx.mem.vram();
        let offset = (address % PLANE) * 4 + plane;
        if offset < bytes { cx.mem.ram.read::<1>(vram + offset)[0] } else { 0 }
    }

    /// A plane, one bit a pixel, as wide as the CRTC's rows.
    fn plane(&self, cx: &Cx, plane: u32) -> PictureView {
        let row = match u32::from(self.state.crtc[crtc::OFFSET]) * 2 {
            0 => 80,
            bytes => bytes,
        };
        picture(row * 8, PLANE / row, |x, y| {
            let byte = self.plane_byte(cx, plane, y * row + x / 8);
            if byte >> (7 - x % 8) & 1 != 0 { WHITE } else { BLACK }
        })
    }

    /// A font's 256 glyphs, 16 a row, each 8 by 32.
    fn font(&self, cx: &Cx, number: u32) -> PictureView {
        let first = font(number as u8);
        picture(16 * 8, 16 * GLYPH, |x, y| {
            let glyph = y / GLYPH * 16 + x / 8;
            let byte = self.plane_byte(cx, 2, first + glyph * GLYPH + y % GLYPH);
            if byte >> (7 - x % 8) & 1 != 0 { WHITE } else { BLACK }
        })
    }

    /// The DAC's entries in 16 rows of 16.
    fn palette(&self) -> PictureView {
        let wide = self.state.dispi.wide_dac();
        picture(16 * SWATCH, 16 * SWATCH, |x, y| {
            let [r, g, b] = self.state.dac.entry((y / SWATCH * 16 + x / SWATCH) as u8);
            let [r, g, b] = [r, g, b].map(|v| if wide { v } else { v << 2 | (v >> 4 & 3) });
            [r, g, b, 0xFF]
        })
    }
}
