//! The Bochs VBE extensions (DISPI): 16-bit registers behind ports 1CEh and 1CFh that set a resolution, a depth and a
//! part of video memory to show.

use super::Vga;
use super::spec::{dispi::*, port};
use crate::bus::Cx;
use crate::mem::PAGE;
use serde::{Deserialize, Serialize};

/// Registers and index.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Dispi {
    pub(super) index: u16,
    pub(super) regs: [u16; COUNT],
}

impl Default for Dispi {
    fn default() -> Self {
        let mut regs = [0; COUNT];
        regs[ID] = ID5;
        Self { index: 0, regs }
    }
}

/// What the registers mean while enabled, always within video memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Layout {
    pub width: u32,
    pub height: u32,
    /// 4, 8, 15, 16, 24 or 32.
    pub bpp: u32,
    /// Pixels a line in memory.
    pub virtual_width: u32,
    pub x: u32,
    pub y: u32,
    /// Bytes a line in memory.
    pub pitch: u32,
}

impl Dispi {
    /// Whether the extended mode is on.
    pub fn enabled(&self) -> bool {
        self.regs[ENABLE] & ENABLED != 0
    }

    /// Whether the extended mode is on with pixels of whole bytes, which the graphics controller leaves alone.
    pub fn packed(&self) -> bool {
        self.enabled() && self.regs[BPP] != 4
    }

    /// Whether DAC entries have 8 bits.
    pub fn wide_dac(&self) -> bool {
        self.regs[ENABLE] & DAC_8BIT != 0
    }

    /// First address of the bank that the window shows, in bytes of video memory (of a plane, in planar modes).
    pub fn bank_offset(&self) -> u32 {
        if self.enabled() { u32::from(self.regs[BANK]) << 16 } else { 0 }
    }

    /// The layout on the screen, `None` while disabled. Values that do not fit are moved to the nearest that do, like
    /// QEMU does; software reads them back.
    pub fn layout(&self, vram: u32) -> Option<Layout> {
        if !self.enabled() {
            return None;
        }
        let bpp = match self.regs[BPP] {
            bpp @ (4 | 8 | 15 | 16 | 24 | 32) => u32::from(bpp),
            _ => 8,
        };
        let bits = if bpp == 15 { 16 } else { bpp };
        let width = u32::from((self.regs[XRES] & !7).clamp(8, MAX_XRES));
        let virtual_width = u32::from((self.regs[VIRT_WIDTH] & !7).min(2 * MAX_XRES)).max(width);
        let pitch = virtual_width * bits / 8;
        let room = (vram / pitch).max(1);
        let height = u32::from(self.regs[YRES].clamp(1, MAX_YRES)).min(room);
        let mut x = u32::from(self.regs[X_OFFSET].min(2 * MAX_XRES));
        let mut y = u32::from(self.regs[Y_OFFSET]);
        let end = |x: u32, y: u32| (x * bits).div_ceil(8) + (y + height) * pitch;
        if end(x, y) > vram {
            y = 0;
        }
        if end(x, y) > vram {
            x = 0;
        }
        Some(Layout { width, height, bpp, virtual_width, x, y, pitch })
    }

    /// Writes back what [`Dispi::layout`] made of the registers.
    fn settle(&mut self, vram: u32) {
        if let Some(l) = self.layout(vram) {
            for (register, value) in [
                (XRES, l.width),
                (YRES, l.height),
                (BPP, l.bpp),
                (VIRT_WIDTH, l.virtual_width),
                (VIRT_HEIGHT, vram / l.pitch),
                (X_OFFSET, l.x),
                (Y_OFFSET, l.y),
            ] {
                self.regs[register] = u16::try_from(value).unwrap_or(u16::MAX);
            }
        }
    }

    /// Reads a register; those that do not exist give 0.
    pub fn read(&self, index: u16, vram: u32) -> u16 {
        let capabilities = self.regs[ENABLE] & GET_CAPS != 0;
        match usize::from(index) {
            XRES if capabilities => MAX_XRES,
            YRES if capabilities => MAX_YRES,
            BPP if capabilities => MAX_BPP,
            MEMORY_64K => u16::try_from(vram >> 16).unwrap_or(u16::MAX),
            i => self.regs.get(i).copied().unwrap_or(0),
        }
    }

    /// Writes a register. True if video memory is to be cleared as far as the new layout shows it.
    fn write(&mut self, index: u16, value: u16, vram: u32) -> bool {
        let index = usize::from(index);
        match index {
            ID if (ID0..=ID5).contains(&value) => self.regs[ID] = value,
            BANK => self.regs[BANK] = (u32::from(value) % (vram >> 16).max(1)) as u16,
            ENABLE => return self.enable(value, vram),
            XRES | YRES | BPP | VIRT_WIDTH | X_OFFSET | Y_OFFSET => {
                self.regs[index] = value;
                self.settle(vram);
            }
            _ => {}
        }
        false
    }

    fn enable(&mut self, value: u16, vram: u32) -> bool {
        let turned_on = value & ENABLED != 0 && !self.enabled();
        self.regs[ENABLE] = value;
        if turned_on {
            self.regs[VIRT_WIDTH..=Y_OFFSET].fill(0);
            self.settle(vram);
        } else if value & ENABLED == 0 {
            self.regs[BANK] = 0;
        }
        turned_on && value & NO_CLEAR == 0
    }
}

impl Vga {
    pub(super) fn dispi_port_read(&self, cx: &Cx, port: u16, size: u8) -> u32 {
        let value = match port {
            port::DISPI_INDEX => self.state.dispi.index,
            _ => self.state.dispi.read(self.state.dispi.index, cx.mem.vram().1),
        };
        if size == 1 { u32::from(value & 0xFF) } else { u32::from(value) }
    }

    pub(super) fn dispi_port_write(&mut self, cx: &mut Cx, port: u16, size: u8, value: u16) {
        match port {
            port::DISPI_INDEX => self.state.dispi.index = value,
            // A byte has no register to go to: data are words.
            _ if size == 1 => {}
            _ => self.dispi_write(cx, self.state.dispi.index, value),
        }
    }

    pub(super) fn dispi_write(&mut self, cx: &mut Cx, index: u16, value: u16) {
        let (offset, bytes) = cx.mem.vram();
        if self.state.dispi.write(index, value, bytes)
            && let Some(layout) = self.state.dispi.layout(bytes)
        {
            let len = (layout.height * layout.pitch).min(bytes);
            cx.mem.ram.slice_mut(offset, len).fill(0);
            for page in (0..len).step_by(PAGE as usize) {
                cx.mem.note_write(offset + page, PAGE.min(len - page));
            }
        }
        self.map_window(cx);
        self.update_retrace_interrupt(cx);
    }
}
