//! Tests against IBM's and VESA's documents, and pixel by pixel against QEMU.

mod golden;
mod memory;
mod modes;
mod pci;
mod pictures;
#[cfg(unix)]
mod qemu;
mod registers;
mod scenarios;
mod text;
mod timing;

use super::{Config, Frame, Vga};
use crate::bus::Bus;
use crate::devices::bench::Numbers;
use crate::mem::Memory;
use crate::time::Ns;

const RAM: u32 = 1 << 20;
const VRAM: u32 = 16 << 20;
/// Where tests map the linear frame buffer.
const FRAME_BUFFER: u32 = 0xE000_0000;

/// What a test can do to an adapter, ours or another.
trait Adapter {
    fn outb(&mut self, port: u16, value: u8);
    fn outw(&mut self, port: u16, value: u16);
    fn outl(&mut self, port: u16, value: u32);
    fn inb(&mut self, port: u16) -> u8;
    fn inw(&mut self, port: u16) -> u16;
    fn write(&mut self, address: u32, bytes: &[u8]);
    fn read(&mut self, address: u32) -> u8;

    /// Writes an indexed register.
    fn set(&mut self, index_port: u16, index: u8, value: u8) {
        self.outb(index_port, index);
        self.outb(index_port + 1, value);
    }

    /// Reads an indexed register.
    fn get(&mut self, index_port: u16, index: u8) -> u8 {
        self.outb(index_port, index);
        self.inb(index_port + 1)
    }

    fn set_attr(&mut self, index: u8, value: u8) {
        self.inb(0x3DA);
        self.outb(0x3C0, index | 0x20);
        self.outb(0x3C0, value);
    }

    fn set_dispi(&mut self, index: u16, value: u16) {
        self.outw(0x1CE, index);
        self.outw(0x1CF, value);
    }

    fn get_dispi(&mut self, index: u16) -> u16 {
        self.outw(0x1CE, index);
        self.inw(0x1CF)
    }

    fn set_dac(&mut self, first: u8, colors: &[[u8; 3]]) {
        self.outb(0x3C8, first);
        for value in colors.as_flattened() {
            self.outb(0x3C9, *value);
        }
    }

    /// Maps the linear frame buffer.
    fn map_frame_buffer(&mut self) {
        for (register, value) in [(0x10, FRAME_BUFFER), (0x04, 0x0002)] {
            self.outl(0xCF8, 0x8000_1000 | register);
            self.outl(0xCFC, value);
        }
    }
}

/// Our adapter on a bus of its own.
struct Rig {
    bus: Bus,
}

impl Rig {
    fn new() -> Self {
        Self::with(Config::default(), Memory::new(RAM, VRAM))
    }

    fn with(config: Config, memory: Memory) -> Self {
        let mut bus = Bus::new(memory);
        bus.attach(Box::new(Vga::new(config)));
        bus.reset();
        Self { bus }
    }

    fn vga(&mut self) -> (&mut Vga, &mut crate::bus::Cx) {
        self.bus.device_mut::<Vga>().expect("attached")
    }

    fn frame(&mut self) -> &Frame {
        let (vga, cx) = self.vga();
        vga.render(cx)
    }

    fn set_now(&mut self, now: Ns) {
        self.bus.run_timers(now);
    }

    /// Red, green and blue of a pixel of the frame.
    fn pixel(&mut self, x: u32, y: u32) -> [u8; 3] {
        let frame = self.frame();
        assert!(x < frame.width && y < frame.height, "{x},{y} in {}x{}", frame.width, frame.height);
        let at = 4 * (y * frame.width + x) as usize;
        assert_eq!(frame.rgba[at + 3], 0xFF);
        [frame.rgba[at], frame.rgba[at + 1], frame.rgba[at + 2]]
    }

    fn size(&mut self) -> (u32, u32) {
        let frame = self.frame();
        (frame.width, frame.height)
    }
}

impl Adapter for Rig {
    fn outb(&mut self, port: u16, value: u8) {
        self.bus.port_write(port, 1, value.into());
    }

    fn outw(&mut self, port: u16, value: u16) {
        self.bus.port_write(port, 2, value.into());
    }

    fn outl(&mut self, port: u16, value: u32) {
        self.bus.port_write(port, 4, value);
    }

    fn inb(&mut self, port: u16) -> u8 {
        self.bus.port_read(port, 1) as u8
    }

    fn inw(&mut self, port: u16) -> u16 {
        self.bus.port_read(port, 2) as u16
    }

    fn write(&mut self, address: u32, bytes: &[u8]) {
        for (at, &byte) in (u64::from(address)..).zip(bytes) {
            self.bus.phys_write(at, 1, byte.into());
        }
    }

    fn read(&mut self, address: u32) -> u8 {
        self.bus.phys_read(address.into(), 1) as u8
    }
}
