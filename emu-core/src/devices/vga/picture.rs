//! What is on the screen: nothing, the classic pipeline's picture, or a part of video memory laid out by DISPI.

use super::State;
use super::dispi::Layout;
use super::raster::{self, Raster};
use super::spec::{attr, crtc, seq};
use crate::time::Ns;

/// Size of the picture while the CRTC is not programmed.
const UNPROGRAMMED: (u32, u32) = (720, 400);

/// A picture without its pixels: equal pictures over equal video memory look the same.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Picture {
    pub width: u32,
    pub height: u32,
    /// Shape of the whole picture as the monitor shows it.
    pub aspect: (u32, u32),
    pub content: Content,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Content {
    /// One colour everywhere.
    Blank([u8; 4]),
    Raster(Raster),
    Linear(Linear),
}

impl Picture {
    pub fn of(state: &State, vram: u32, now: Ns) -> Self {
        match state.dispi.layout(vram) {
            Some(layout) => Self::linear(state, layout),
            None => Self::classic(state, vram, now),
        }
    }

    fn linear(state: &State, layout: Layout) -> Self {
        let content = match blank(state) {
            Some(color) => Content::Blank(color),
            None => Content::Linear(Linear::new(state, layout)),
        };
        let (width, height) = (layout.width, layout.height);
        Self { width, height, aspect: (width, height), content }
    }

    fn classic(state: &State, vram: u32, now: Ns) -> Self {
        let raster = Raster::of(state, vram, now);
        let (mut width, mut height) = (raster.width(), raster.lines);
        let stopped =
            state.crtc[crtc::MODE] & crtc::SYNC == 0 || state.seq[seq::RESET] & seq::RUNNING != seq::RUNNING;
        let content = match blank(state).or(stopped.then_some(BLACK)) {
            Some(color) => {
                if width < 64 || height < 64 {
                    (width, height) = UNPROGRAMMED;
                }
                Content::Blank(color)
            }
            None => Content::Raster(raster),
        };
        Self { width, height, aspect: (4, 3), content }
    }
}

const BLACK: [u8; 4] = [0, 0, 0, 0xFF];

/// The colour that covers the screen while the attribute controller or the sequencer shows no picture.
fn blank(state: &State) -> Option<[u8; 4]> {
    if state.seq[seq::CLOCKING] & seq::SCREEN_OFF != 0 {
        Some(BLACK)
    } else if state.attr_index & attr::PAS == 0 {
        Some(if state.dispi.enabled() {
            BLACK
        } else {
            state.dac.rgba(state.attr[attr::OVERSCAN], state.dispi.wide_dac())
        })
    } else {
        None
    }
}

/// A picture that lies in video memory line by line.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Linear {
    layout: Layout,
    palette: Option<Box<[[u8; 4]; 256]>>,
}

impl Linear {
    fn new(state: &State, layout: Layout) -> Self {
        let palette = match layout.bpp {
            4 => {
                let (colors, enabled) = (raster::palette(state, false), state.attr[attr::PLANE_ENABLE]);
                Some(Box::new(std::array::from_fn(|i| colors[i & usize::from(enabled & 15)])))
            }
            8 => Some(raster::palette(state, true)),
            _ => None,
        };
        Self { layout, palette }
    }

    /// The bytes of video memory behind a line, as far as they exist.
    pub fn source<'a>(&self, vram: &'a [u8], line: u32) -> &'a [u8] {
        let l = &self.layout;
        let row = (l.y + line) * l.pitch;
        let (first, bytes) = match l.bpp {
            4 => (row + l.x / 8 * 4, (l.x % 8 + l.width).div_ceil(8) * 4),
            15 => (row + l.x * 2, l.width * 2),
            bpp => (row + l.x * bpp / 8, l.width * bpp / 8),
        };
        let rest = vram.get(first as usize..).unwrap_or_default();
        &rest[..rest.len().min(bytes as usize)]
    }

    /// Offsets in video memory of the bytes behind a pixel.
    pub fn bytes_behind(&self, x: u32, line: u32) -> Vec<u32> {
        let l = &self.layout;
        let (row, x) = ((l.y + line) * l.pitch, l.x + x);
        let (first, bytes) = match l.bpp {
            4 => (row + x / 8 * 4, 4),
            15 => (row + x * 2, 2),
            bpp => (row + x * bpp / 8, bpp / 8),
        };
        (first..first + bytes).collect()
    }

    /// Pixels from the bytes of a line; what the bytes do not cover stays as it is.
    pub fn draw(&self, bytes: &[u8], out: &mut [[u8; 4]]) {
        match (&self.palette, self.layout.bpp) {
            (Some(palette), 4) => {
                let pixels = bytes.as_chunks().0.iter().flat_map(|&planes| raster::planar_pixels(planes));
                for (to, number) in out.iter_mut().zip(pixels.skip(self.layout.x as usize % 8)) {
                    *to = palette[usize::from(number)];
                }
            }
            (Some(palette), _) => {
                for (to, &number) in out.iter_mut().zip(bytes) {
                    *to = palette[usize::from(number)];
                }
            }
            (None, 15) => each(bytes, out, |pixel| from_16(u16::from_le_bytes(pixel), 5)),
            (None, 16) => each(bytes, out, |pixel| from_16(u16::from_le_bytes(pixel), 6)),
            (None, 24) => each(bytes, out, |[b, g, r]| [r, g, b, 0xFF]),
            (None, _) => each(bytes, out, |[b, g, r, _]| [r, g, b, 0xFF]),
        }
    }
}

fn each<const N: usize>(bytes: &[u8], out: &mut [[u8; 4]], pixel: impl Fn([u8; N]) -> [u8; 4]) {
    for (to, &from) in out.iter_mut().zip(bytes.as_chunks().0) {
        *to = pixel(from);
    }
}

/// Red, green and blue of 5, `green_bits` and 5 bits.
fn from_16(pixel: u16, green_bits: u32) -> [u8; 4] {
    let widen = |value: u16, bits: u32| {
        let value = value & ((1 << bits) - 1);
        (value << (8 - bits) | value >> (2 * bits - 8)) as u8
    };
    [widen(pixel >> (5 + green_bits), 5), widen(pixel >> 5, green_bits), widen(pixel, 5), 0xFF]
}
