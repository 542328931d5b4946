//! From a pixel of the picture to the bytes of video memory it is made of, and from a write of the CPU to the bytes it
//! reaches: for those who ask who drew something.

use super::picture::{Content, Picture};
use super::spec::seq;
use super::{State, Vga};
use crate::bus::Cx;
use crate::time::Ns;

/// Offsets in video memory of the bytes behind a pixel. Glyphs, palette and cursor are left out.
fn bytes_behind(state: &State, vram: u32, now: Ns, x: u32, y: u32) -> Option<Vec<u32>> {
    let picture = Picture::of(state, vram, now);
    if x >= picture.width || y >= picture.height {
        return None;
    }
    let mut bytes = match picture.content {
        Content::Blank(_) => return None,
        Content::Raster(raster) => raster.bytes_behind(x, y),
        Content::Linear(linear) => linear.bytes_behind(x, y),
    };
    bytes.retain(|offset| *offset < vram);
    Some(bytes)
}

impl Vga {
    /// Offsets in video memory of the bytes that a pixel of the picture is made of; none where no picture is.
    pub fn pixel_bytes(&self, cx: &Cx, now: Ns, x: u32, y: u32) -> Option<Vec<u32>> {
        bytes_behind(&self.state, cx.mem.vram().1, now, x, y)
    }

    /// Offsets in video memory of the bytes that the graphics controller writes when the CPU writes a byte at this
    /// physical address in the window.
    pub fn window_bytes(&self, cx: &Cx, phys: u32) -> Vec<u32> {
        if !super::in_window(phys) {
            return Vec::new();
        }
        let Some(a) = self.window_address(phys) else { return Vec::new() };
        let cell = self.state.write_cell(a);
        let planes = cell.planes & self.state.seq[seq::MAP_MASK];
        let first = self.backing(cx, cell.address) - cx.mem.vram().0;
        (0..4).filter(|plane| planes >> plane & 1 != 0).map(|plane| first + plane).collect()
    }
}
