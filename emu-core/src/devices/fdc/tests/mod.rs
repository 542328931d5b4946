//! The controller driven through a bus, as BIOSes and operating systems do it. Facts from the 82077AA datasheet.

mod control;
mod hostile;
mod transfers;

use super::*;
use crate::bus::{BlockRequest, Bus, DriveId};
use crate::devices::bench::{Driven, Remote, memory, pattern};
use crate::host::MemoryImage;
use crate::mem::Memory;

const BUFFER: u32 = 0x2_0000;

/// A machine with nothing but memory and the floppy controller.
struct Rig {
    bus: Bus,
}

const D1440: usize = 1_474_560;

impl Driven for Rig {
    fn bus(&mut self) -> &mut Bus {
        &mut self.bus
    }
}

impl Rig {
    /// A controller out of reset, motors on, data rate 500 kb/s, DMA on, after the four SENSE INTERRUPTs.
    fn with(images: [Option<Box<dyn BlockDevice>>; 2]) -> Self {
        let mut rig = Self::cold(images);
        rig.outb(DOR, 0x3C);
        rig.idle();
        for _ in 0..4 {
            rig.command(&[0x08]);
            rig.result();
        }
        rig.outb(DIR_CCR, 0);
        rig.command(&[0x03, 0xAF, 0x02]);
        rig
    }

    fn cold(images: [Option<Box<dyn BlockDevice>>; 2]) -> Self {
        let mut bus = Bus::new(Memory::new(1 << 20, 0));
        let Ok(fdc) = Fdc::new(images) else { panic!("the images are good") };
        bus.attach(Box::new(fdc));
        bus.reset();
        bus.cx.dma.channels[4].mode = 0xC0;
        bus.cx.dma.channels[4].masked = false;
        Self { bus }
    }

    fn a(len: usize) -> Self {
        Self::with([memory(len), None])
    }

    fn irq(&self) -> bool {
        self.bus.cx.lines.level(Line::isa(6))
    }

    /// Writes the bytes of a command as the datasheet has it: each only with RQM set and DIO clear.
    fn command(&mut self, bytes: &[u8]) {
        for &b in bytes {
            assert_eq!(self.inb(MSR_DSR) & 0xC0, MSR_RQM, "before {b:02X}h of {bytes:X?}");
            self.outb(FIFO, b);
        }
    }

    /// Reads all bytes of a result.
    fn result(&mut self) -> Vec<u8> {
        let mut bytes = Vec::new();
        while self.inb(MSR_DSR) & (MSR_RQM | MSR_DIO | MSR_CB) == MSR_RQM | MSR_DIO | MSR_CB {
            bytes.push(self.inb(FIFO));
        }
        bytes
    }

    /// Executes a command to its interrupt; the result.
    fn run(&mut self, bytes: &[u8]) -> Vec<u8> {
        self.command(bytes);
        self.idle();
        assert!(self.irq(), "{bytes:X?}");
        let result = self.result();
        assert!(!self.irq(), "reading the result lowers INT");
        result
    }

    /// Seeks and gives ST0 and PCN.
    fn seek(&mut self, bytes: &[u8]) -> Vec<u8> {
        self.command(bytes);
        self.idle();
        assert!(self.irq());
        self.command(&[0x08]);
        assert!(!self.irq());
        self.result()
    }

    /// Programs DMA channel 2 for `len` bytes at [`BUFFER`]: single mode, towards memory or from it.
    fn dma(&mut self, to_memory: bool, len: usize) {
        let c = &mut self.bus.cx.dma.channels[2];
        c.mode = if to_memory { 0x46 } else { 0x4A };
        (c.page, c.address, c.base_address) = ((BUFFER >> 16) as u8, BUFFER as u16, BUFFER as u16);
        (c.count, c.base_count) = ((len - 1) as u16, (len - 1) as u16);
        (c.masked, c.terminal_count) = (false, false);
    }

    fn peek(&self, len: usize) -> Vec<u8> {
        let mut buf = vec![0; len];
        self.bus.cx.mem.read(u64::from(BUFFER), &mut buf);
        buf
    }

    fn poke(&mut self, data: &[u8]) {
        self.bus.cx.mem.write(u64::from(BUFFER), data);
    }

    fn export(&mut self, offset: u64, len: usize) -> Vec<u8> {
        let mut buf = vec![0; len];
        assert_eq!(self.bus.with::<Fdc, _>(|d, _| d.export(0, offset, &mut buf)), Some(Ok(true)));
        buf
    }

    fn change(&mut self, image: Option<Box<dyn BlockDevice>>) -> Option<Disk> {
        let disk = image.map(|i| (i, Overlay::default()));
        self.bus.with::<Fdc, _>(|d, _| d.change_floppy(0, disk).map_err(|e| e.to_string())).unwrap().unwrap()
    }
}

/// Byte offset of a sector of a 1.44 MB disk.
fn at(c: usize, h: usize, r: usize) -> usize {
    ((c * 2 + h) * 18 + r - 1) * 512
}

/// The sector of a 1.44 MB disk.
fn sectors(c: usize, h: usize, r: usize, count: usize) -> Vec<u8> {
    pattern(D1440)[at(c, h, r)..][..count * 512].to_vec()
}
