//! The frame for the host, drawn again only where it changed. None of this is state of the machine: what was drawn last is
//! remembered beside it and compared, because linear writes do not pass the device.

use super::State;
use super::picture::{Content, Linear, Picture};
use super::raster::Raster;
use super::spec::CLASSIC_BYTES;
use crate::bus::Cx;

/// A picture of the screen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frame {
    /// Pixels a line. Pixels are not square in classic modes: scale the whole to `aspect`.
    pub width: u32,
    /// Lines.
    pub height: u32,
    /// Width and height of the whole picture as the monitor shows it, as a ratio: 4:3 in classic modes, square pixels in
    /// VBE modes.
    pub aspect: (u32, u32),
    /// Red, green, blue and FFh of each pixel, line by line from the top left.
    pub rgba: Vec<u8>,
    /// Something changed since the frame before.
    pub dirty: bool,
}

/// The last frame and what it was made of.
#[derive(Default)]
pub(super) struct Renderer {
    frame: Frame,
    picture: Option<Picture>,
    source: Vec<u8>,
    numbers: Vec<u8>,
}

impl Renderer {
    pub fn render(&mut self, state: &State, cx: &Cx) -> &Frame {
        let (offset, bytes) = cx.mem.vram();
        let vram = cx.mem.ram.slice(offset, bytes);
        let picture = Picture::of(state, bytes, cx.now);
        let anew = self.picture.as_ref() != Some(&picture);
        if anew {
            self.prepare(&picture);
        }
        let changed = match &picture.content {
            Content::Blank(color) => anew && self.fill(*color),
            Content::Raster(raster) => self.draw_raster(raster, vram),
            Content::Linear(linear) => self.draw_linear(linear, vram, anew),
        };
        self.frame.dirty = anew || changed;
        self.picture = Some(picture);
        &self.frame
    }

    fn prepare(&mut self, picture: &Picture) {
        let f = &mut self.frame;
        (f.width, f.height, f.aspect) = (picture.width, picture.height, picture.aspect);
        f.rgba.resize(4 * picture.width as usize * picture.height as usize, 0xFF);
        self.source.clear();
    }

    fn fill(&mut self, color: [u8; 4]) -> bool {
        self.frame.rgba.as_chunks_mut().0.fill(color);
        true
    }

    fn draw_raster(&mut self, raster: &Raster, vram: &[u8]) -> bool {
        let classic = &vram[..vram.len().min(CLASSIC_BYTES as usize)];
        if self.source == classic {
            return false;
        }
        self.source.clear();
        self.source.extend_from_slice(classic);
        let lines = self.frame.rgba.chunks_exact_mut(4 * self.frame.width as usize);
        for (line, pixels) in (0..).zip(lines) {
            raster.draw(classic, line, &mut self.numbers);
            for (to, &number) in pixels.as_chunks_mut().0.iter_mut().zip(&self.numbers) {
                *to = raster.palette[usize::from(number)];
            }
        }
        true
    }

    fn draw_linear(&mut self, linear: &Linear, vram: &[u8], anew: bool) -> bool {
        let mut changed = false;
        let mut before = 0;
        let lines = self.frame.rgba.chunks_exact_mut(4 * self.frame.width as usize);
        for (line, pixels) in (0..).zip(lines) {
            let bytes = linear.source(vram, line);
            let end = before + bytes.len();
            if anew {
                self.source.extend_from_slice(bytes);
            } else if self.source.get(before..end) == Some(bytes) {
                before = end;
                continue;
            } else if let Some(seen) = self.source.get_mut(before..end) {
                seen.copy_from_slice(bytes);
            }
            linear.draw(bytes, pixels.as_chunks_mut().0);
            before = end;
            changed = true;
        }
        changed
    }
}
