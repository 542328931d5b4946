//! The IDE function driven through a bus, as BIOSes and operating systems do it. Facts from ATA/ATAPI-6, MMC-3, the
//! 82371SB datasheet and the bus master specification.

mod atapi;
mod dma;
mod hostile;
mod pio;
mod registers;

use super::spec::{bm, cmd, control, reg, status};
use super::*;
use crate::bus::{BlockRequest, Bus, DriveId, Line};
use crate::devices::bench::{Driven, Remote, memory, pattern};
use crate::host::MemoryImage;
use crate::mem::Memory;

const BM_BASE: u16 = 0xC000;
const READY: u8 = status::DRDY | status::DSC;

/// A machine with nothing but memory and the IDE function.
struct Rig {
    bus: Bus,
}

impl Driven for Rig {
    fn bus(&mut self) -> &mut Bus {
        &mut self.bus
    }
}

impl Rig {
    fn with(disks: [Option<Box<dyn BlockDevice>>; 2], cdrom: Option<Box<dyn BlockDevice>>) -> Self {
        let mut bus = Bus::new(Memory::new(4 << 20, 0));
        let Ok(ide) = Ide::new(disks, cdrom, true) else { panic!("the images are good") };
        bus.attach(Box::new(ide));
        bus.reset();
        let mut rig = Self { bus };
        rig.configure();
        rig
    }

    /// One disk of `sectors` sectors.
    fn disk(sectors: usize) -> Self {
        Self::with([memory(sectors * 512), None], None)
    }

    /// What SeaBIOS sets up: decoding of both channels, bus master at C000h.
    fn configure(&mut self) {
        self.config(0x40, 0x8000_8000);
        self.config(0x20, u32::from(BM_BASE));
        self.config(0x04, 5);
    }

    fn config(&mut self, register: u32, value: u32) {
        self.bus.port_write(0xCF8, 4, 0x8000_0900 | register);
        self.bus.port_write(0xCFC, 4, value);
    }

    fn config_read(&mut self, register: u32) -> u32 {
        self.bus.port_write(0xCF8, 4, 0x8000_0900 | register);
        self.bus.port_read(0xCFC, 4)
    }

    /// Waits for BSY to clear, as a polling driver does; the status.
    fn wait(&mut self, channel: usize) -> u8 {
        self.idle();
        let s = self.inb(CONTROL_BLOCK[channel]);
        assert_eq!(s & status::BSY, 0, "still busy");
        s
    }

    fn irq(&self, channel: usize) -> bool {
        self.bus.cx.lines.level(Line::isa(IRQ[channel]))
    }

    /// Writes the task file with a 28-bit address and the command.
    fn command(&mut self, code: u8, device: u8, lba: u32, count: u8) {
        let base = COMMAND_BLOCK[0];
        self.outb(base + reg::DEVICE, 0xE0 | device << 4 | (lba >> 24) as u8 & 15);
        self.outb(base + reg::COUNT, count);
        self.outb(base + reg::LBA_LOW, lba as u8);
        self.outb(base + reg::LBA_MID, (lba >> 8) as u8);
        self.outb(base + reg::LBA_HIGH, (lba >> 16) as u8);
        self.outb(base + reg::COMMAND, code);
    }

    /// Writes the task file twice, as 48-bit commands want it.
    fn command_ext(&mut self, code: u8, lba: u64, count: u16) {
        let base = COMMAND_BLOCK[0];
        self.outb(base + reg::DEVICE, 0x40);
        for shift in [24, 0] {
            self.outb(base + reg::COUNT, if shift == 0 { count as u8 } else { (count >> 8) as u8 });
            for (i, r) in [reg::LBA_LOW, reg::LBA_MID, reg::LBA_HIGH].into_iter().enumerate() {
                self.outb(base + r, (lba >> (shift + 8 * i)) as u8);
            }
        }
        self.outb(base + reg::COMMAND, code);
    }

    /// Reads `bytes` from the data register in words, as INSW does.
    fn data(&mut self, channel: usize, bytes: usize) -> Vec<u8> {
        (0..bytes / 2)
            .flat_map(|_| (self.bus.port_read(COMMAND_BLOCK[channel], 2) as u16).to_le_bytes())
            .collect()
    }

    fn put_data(&mut self, channel: usize, bytes: &[u8]) {
        for w in bytes.chunks(2) {
            let value = u32::from(w[0]) | u32::from(*w.get(1).unwrap_or(&0)) << 8;
            self.bus.port_write(COMMAND_BLOCK[channel], 2, value);
        }
    }

    fn identify(&mut self) -> Vec<u16> {
        self.command(cmd::IDENTIFY, 0, 0, 0);
        assert_eq!(self.wait(0), READY | status::DRQ);
        let data = self.data(0, 512);
        data.chunks(2).map(|b| u16::from_le_bytes([b[0], b[1]])).collect()
    }

    fn export(&mut self, disk: usize, offset: u64, len: usize) -> Vec<u8> {
        let mut buf = vec![0; len];
        let read = self.bus.with::<Ide, _>(|d, _| d.export(disk, offset, &mut buf));
        assert_eq!(read, Some(Ok(true)));
        buf
    }
}
