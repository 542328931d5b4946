//! The screen: its picture, and the video memory behind it.

use super::Machine;
use crate::devices::vga::Vga;
pub use crate::devices::vga::{Frame, TextScreen};
use crate::mem::Target;

impl Machine {
    /// The window through which video memory is reached from the first MiB: physical address and bytes.
    pub const VIDEO_WINDOW: (u64, u64) = (0xA_0000, 0x2_0000);

    /// The picture on the screen.
    pub fn render(&mut self) -> Option<&Frame> {
        let now = self.engine.cpu.now();
        let (vga, cx) = self.engine.cpu.bus.device_mut::<Vga>()?;
        cx.now = now;
        Some(vga.render(cx))
    }

    /// The text screen, if a text mode is set.
    pub fn text_screen(&self) -> Option<TextScreen> {
        let bus = &self.engine.cpu.bus;
        bus.device::<Vga>()?.text_screen(&bus.cx)
    }

    /// Where video memory begins in the backing store.
    pub fn video_memory(&self) -> u32 {
        self.engine.cpu.bus.cx.mem.vram().0
    }

    /// Bytes of video memory.
    pub fn video_bytes(&self) -> u32 {
        self.engine.cpu.bus.cx.mem.vram().1
    }

    /// The bytes of video memory, by their offsets, that a pixel of the picture is made of: of a character its code and
    /// attribute, of planes the byte of each that is shown. None where no picture is.
    pub fn pixel_bytes(&self, x: u32, y: u32) -> Option<Vec<u32>> {
        let bus = &self.engine.cpu.bus;
        bus.device::<Vga>()?.pixel_bytes(&bus.cx, self.time(), x, y)
    }

    /// Whether a write to these physical addresses, as video memory is mapped and the adapter programmed now, reaches one
    /// of these bytes of video memory.
    pub fn video_written(&self, first: u64, length: u64, offsets: &[u32]) -> bool {
        let bus = &self.engine.cpu.bus;
        let (vram, _) = bus.cx.mem.vram();
        (first..first.saturating_add(length)).any(|at| match bus.cx.mem.map.resolve(at).write {
            Target::Ram(offset) => offset.checked_sub(vram).is_some_and(|offset| offsets.contains(&offset)),
            Target::Mmio(_) => bus.device::<Vga>().is_some_and(|vga| {
                let reached = u32::try_from(at).map_or(Vec::new(), |at| vga.window_bytes(&bus.cx, at));
                reached.iter().any(|offset| offsets.contains(offset))
            }),
            Target::Open => false,
        })
    }
}
