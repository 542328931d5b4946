//! The PCI function: configuration space, its base addresses, and the register block in BAR 2 with the layout that
//! QEMU's `VGA` device documents (EDID, the VGA's ports, the DISPI registers, extension registers).

use super::spec::{self, pci::*};
use super::{Vga, edid};
use crate::bus::{Cx, PciConfig};
use crate::mem::{Layer, Mapping, PAGE, Target};

/// Configuration space after reset.
pub(super) fn config_space(vram: u32, bios: Option<(u32, u32)>) -> PciConfig {
    let mut c = PciConfig::new(VENDOR, DEVICE, CLASS, REVISION, 0);
    c.preset(SUBSYSTEM_ID, 4, SUBSYSTEM);
    // I/O space, memory space, bus master: stored, as QEMU does; only memory space means something here.
    c.allow(COMMAND, 2, 0x0007);
    c.preset(BAR0, 4, PREFETCHABLE);
    c.allow(BAR0, 4, size_mask(vram));
    c.allow(BAR2, 4, size_mask(PAGE));
    if let Some((_, bytes)) = bios {
        c.allow(ROM, 4, size_mask(bytes) | ROM_ENABLE);
    }
    c.allow(INTERRUPT_LINE, 1, 0xFF);
    c
}

/// The address bits of a base address that covers `bytes`.
fn size_mask(bytes: u32) -> u32 {
    !(bytes.max(PAGE).checked_next_power_of_two().unwrap_or(1 << 31) - 1)
}

impl Vga {
    /// Places the base addresses in the physical map.
    pub(super) fn map_bars(&self, cx: &mut Cx) {
        let (vram, bytes) = cx.mem.vram();
        self.map_bar(cx, LAYER_BAR0, BAR0, bytes, Mapping::both(Target::Ram(vram)));
        self.map_bar(cx, LAYER_BAR2, BAR2, PAGE, Mapping::both(Target::Mmio(self.id)));
        if let Some((offset, bytes)) = self.config.bios {
            let rom = Mapping { read: Target::Ram(offset), write: Target::Open };
            self.map_bar(cx, LAYER_ROM, ROM, bytes, rom);
        }
    }

    /// Software sizes a base address by writing ones and switches it off by writing 0: neither maps anything.
    fn map_bar(&self, cx: &mut Cx, layer: Layer, register: u8, bytes: u32, mapping: Mapping) {
        let value = self.state.pci.read(register, 4);
        let base = value & size_mask(bytes);
        let decoding = self.state.pci.read(COMMAND, 2) & COMMAND_MEMORY != 0
            && (register != ROM || value & ROM_ENABLE != 0)
            && base != 0
            && base != size_mask(bytes);
        if decoding {
            cx.mem.map.place(layer, base / PAGE, bytes.div_ceil(PAGE), mapping);
        } else {
            cx.mem.map.remove(layer);
        }
    }

    /// Reads the register block at `offset`.
    pub(super) fn block_read(&mut self, cx: &Cx, offset: u32, size: u8) -> u32 {
        if DISPI.contains(&offset) && size >= 2 {
            let vram = cx.mem.vram().1;
            let word =
                |i: u32| u32::from(self.state.dispi.read(((offset - DISPI.start) / 2 + i) as u16, vram));
            return if size == 2 { word(0) } else { word(0) | word(1) << 16 };
        }
        (0..u32::from(size)).fold(0, |value, i| {
            value | u32::from(self.block_read_byte(cx, offset.wrapping_add(i))) << (8 * i)
        })
    }

    fn block_read_byte(&mut self, cx: &Cx, offset: u32) -> u8 {
        let byte_of = |value: u32| (value >> (8 * (offset & 3))) as u8;
        match offset {
            0..EDID_END => edid::EDID.get(offset as usize).copied().unwrap_or(0),
            o if VGA_PORTS.contains(&o) => self.register_read(cx, block_port(o)),
            o if DISPI.contains(&o) => {
                let word = self.state.dispi.read(((o - DISPI.start) / 2) as u16, cx.mem.vram().1);
                word.to_le_bytes()[(o & 1) as usize]
            }
            o if o & !3 == EXTENSION_SIZE => byte_of(8),
            o if o & !3 == BYTE_ORDER => byte_of(LITTLE_ENDIAN),
            _ => 0xFF,
        }
    }

    /// Writes the register block at `offset`. The frame buffer stays little endian whatever is asked for.
    pub(super) fn block_write(&mut self, cx: &mut Cx, offset: u32, size: u8, value: u32) {
        if DISPI.contains(&offset) {
            for i in 0..u32::from(size / 2) {
                let index = (offset - DISPI.start) / 2 + i;
                self.dispi_write(cx, index as u16, (value >> (16 * i)) as u16);
            }
            return;
        }
        for i in 0..u32::from(size) {
            let at = offset.wrapping_add(i);
            if VGA_PORTS.contains(&at) {
                self.register_write(cx, block_port(at), (value >> (8 * i)) as u8);
            }
        }
    }
}

/// The port behind an offset in the register block.
fn block_port(offset: u32) -> u16 {
    spec::port::ATTR + (offset - VGA_PORTS.start) as u16
}
