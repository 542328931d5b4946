//! Constants of ATA/ATAPI-6 (T13 1410D), SFF-8020i / MMC-3, the PIIX3 (82371SB) IDE function and the Bus Master
//! Programming Interface for IDE ATA Controllers, revision 1.0.

use crate::time::Ns;

/// PCI registers of the PIIX3's IDE function (82371SB datasheet, section 2.3).
pub mod pci {
    /// Command register.
    pub const PCICMD: u8 = 0x04;
    /// PCICMD: I/O space enable.
    pub const IOSE: u32 = 1 << 0;
    /// PCICMD: bus master enable.
    pub const BME: u32 = 1 << 2;
    /// Status register: fast back-to-back capable, medium DEVSEL timing.
    pub const PCISTS: u8 = 0x06;
    /// Master latency timer.
    pub const MLT: u8 = 0x0D;
    /// Bus master interface base address.
    pub const BMIBA: u8 = 0x20;
    /// IDE timing of the primary channel; the secondary's is 2 further on.
    pub const IDETIM: u8 = 0x40;
    /// IDETIM: the channel's ports are decoded.
    pub const IDE_DECODE: u32 = 1 << 15;
    /// Slave IDE timing.
    pub const SIDETIM: u8 = 0x44;
}

/// Command block ports of both channels.
pub const COMMAND_BLOCK: [u16; 2] = [0x1F0, 0x170];
/// Control block port (alternate status, device control) of both channels.
pub const CONTROL_BLOCK: [u16; 2] = [0x3F6, 0x376];
/// ISA interrupts of both channels.
pub const IRQ: [u8; 2] = [14, 15];
/// Bytes of bus master registers for both channels.
pub const BM_PORTS: u16 = 16;

/// Command block registers by their offset.
pub mod reg {
    /// Data.
    pub const DATA: u16 = 0;
    /// Error (read), Features (write).
    pub const FEATURES: u16 = 1;
    /// Sector Count; Interrupt Reason of packet devices.
    pub const COUNT: u16 = 2;
    /// LBA Low, Sector Number.
    pub const LBA_LOW: u16 = 3;
    /// LBA Mid, Cylinder Low, Byte Count Low.
    pub const LBA_MID: u16 = 4;
    /// LBA High, Cylinder High, Byte Count High.
    pub const LBA_HIGH: u16 = 5;
    /// Device, Drive/Head.
    pub const DEVICE: u16 = 6;
    /// Status (read), Command (write).
    pub const COMMAND: u16 = 7;
}

/// Status register bits.
pub mod status {
    /// Busy.
    pub const BSY: u8 = 0x80;
    /// Device ready.
    pub const DRDY: u8 = 0x40;
    /// Device fault.
    pub const DF: u8 = 0x20;
    /// Seek complete (obsolete since ATA-4, still expected by BIOSes); Service of packet devices.
    pub const DSC: u8 = 0x10;
    /// Data request.
    pub const DRQ: u8 = 0x08;
    /// Error; Check of packet devices.
    pub const ERR: u8 = 0x01;
}

/// Error register bits.
pub mod error {
    /// Aborted.
    pub const ABRT: u8 = 0x04;
    /// Address not found.
    pub const IDNF: u8 = 0x10;
    /// Write protected.
    pub const WP: u8 = 0x40;
    /// Diagnostic code: no error.
    pub const DIAGNOSTIC_PASSED: u8 = 0x01;
}

/// Device Control register bits.
pub mod control {
    /// Interrupts disabled.
    pub const NIEN: u8 = 0x02;
    /// Software reset.
    pub const SRST: u8 = 0x04;
    /// Reads give the previous contents of the 48-bit registers.
    pub const HOB: u8 = 0x80;
}

/// Device register bits.
pub mod device {
    /// Device 1 is selected.
    pub const DEV: u8 = 0x10;
    /// The address is an LBA.
    pub const LBA: u8 = 0x40;
}

/// Interrupt Reason bits of packet devices.
pub mod reason {
    /// Command packet (1) or data (0).
    pub const COD: u8 = 0x01;
    /// To the host (1) or to the device (0).
    pub const IO: u8 = 0x02;
}

/// Bus master registers of a channel by their offset.
pub mod bm {
    /// Command.
    pub const BMIC: u16 = 0;
    /// Status.
    pub const BMIS: u16 = 2;
    /// Descriptor table pointer, four bytes.
    pub const BMIDTP: u16 = 4;
    /// BMIC: start.
    pub const SSBM: u8 = 0x01;
    /// BMIC: the bus master writes memory (a read of the disk).
    pub const RWCON: u8 = 0x08;
    /// BMIS: active.
    pub const ACTIVE: u8 = 0x01;
    /// BMIS: error.
    pub const ERROR: u8 = 0x02;
    /// BMIS: the device interrupted.
    pub const INTERRUPT: u8 = 0x04;
    /// BMIS: devices 0 and 1 can do DMA, as software noted it.
    pub const DMA_CAPABLE: u8 = 0x60;
}

/// ATA commands.
pub mod cmd {
    #![allow(missing_docs)]
    pub const NOP: u8 = 0x00;
    pub const DEVICE_RESET: u8 = 0x08;
    pub const RECALIBRATE: u8 = 0x10;
    pub const RECALIBRATE_LAST: u8 = 0x1F;
    pub const READ_SECTORS: u8 = 0x20;
    pub const READ_SECTORS_NORETRY: u8 = 0x21;
    pub const READ_SECTORS_EXT: u8 = 0x24;
    pub const READ_DMA_EXT: u8 = 0x25;
    pub const READ_MULTIPLE_EXT: u8 = 0x29;
    pub const WRITE_SECTORS: u8 = 0x30;
    pub const WRITE_SECTORS_NORETRY: u8 = 0x31;
    pub const WRITE_SECTORS_EXT: u8 = 0x34;
    pub const WRITE_DMA_EXT: u8 = 0x35;
    pub const WRITE_MULTIPLE_EXT: u8 = 0x39;
    pub const WRITE_VERIFY: u8 = 0x3C;
    pub const VERIFY: u8 = 0x40;
    pub const VERIFY_NORETRY: u8 = 0x41;
    pub const VERIFY_EXT: u8 = 0x42;
    pub const SEEK: u8 = 0x70;
    pub const SEEK_LAST: u8 = 0x7F;
    pub const EXECUTE_DIAGNOSTIC: u8 = 0x90;
    pub const INITIALIZE_PARAMETERS: u8 = 0x91;
    pub const PACKET: u8 = 0xA0;
    pub const IDENTIFY_PACKET: u8 = 0xA1;
    pub const SMART: u8 = 0xB0;
    pub const READ_MULTIPLE: u8 = 0xC4;
    pub const WRITE_MULTIPLE: u8 = 0xC5;
    pub const SET_MULTIPLE: u8 = 0xC6;
    pub const READ_DMA: u8 = 0xC8;
    pub const READ_DMA_NORETRY: u8 = 0xC9;
    pub const WRITE_DMA: u8 = 0xCA;
    pub const WRITE_DMA_NORETRY: u8 = 0xCB;
    pub const STANDBY_IMMEDIATE_OLD: u8 = 0x94;
    pub const IDLE_IMMEDIATE_OLD: u8 = 0x95;
    pub const STANDBY_OLD: u8 = 0x96;
    pub const IDLE_OLD: u8 = 0x97;
    pub const CHECK_POWER_OLD: u8 = 0x98;
    pub const SLEEP_OLD: u8 = 0x99;
    pub const STANDBY_IMMEDIATE: u8 = 0xE0;
    pub const IDLE_IMMEDIATE: u8 = 0xE1;
    pub const STANDBY: u8 = 0xE2;
    pub const IDLE: u8 = 0xE3;
    pub const CHECK_POWER: u8 = 0xE5;
    pub const SLEEP: u8 = 0xE6;
    pub const FLUSH: u8 = 0xE7;
    pub const FLUSH_EXT: u8 = 0xEA;
    pub const IDENTIFY: u8 = 0xEC;
    pub const SET_FEATURES: u8 = 0xEF;
}

/// Subcommands of SET FEATURES.
pub mod feature {
    #![allow(missing_docs)]
    pub const WRITE_CACHE_ON: u8 = 0x02;
    pub const TRANSFER_MODE: u8 = 0x03;
    pub const LOOK_AHEAD_OFF: u8 = 0x55;
    pub const KEEP_SETTINGS: u8 = 0x66;
    pub const WRITE_CACHE_OFF: u8 = 0x82;
    pub const LOOK_AHEAD_ON: u8 = 0xAA;
    pub const DEFAULT_SETTINGS: u8 = 0xCC;
}

/// Subcommands of SMART and the key that unlocks them (in LBA Mid and High).
pub mod smart {
    #![allow(missing_docs)]
    pub const ENABLE: u8 = 0xD8;
    pub const DISABLE: u8 = 0xD9;
    pub const RETURN_STATUS: u8 = 0xDA;
    pub const KEY: (u8, u8) = (0x4F, 0xC2);
}

/// Bytes of a disk sector.
pub const SECTOR: u64 = 512;
/// Most sectors of a READ/WRITE MULTIPLE block.
pub const MAX_MULTIPLE: u8 = 16;
/// Sectors a disk's buffer takes at a time in DMA transfers (64 KiB).
pub const DMA_SECTORS: u32 = 128;
/// Bytes of a CD's data sector.
pub const CD_SECTOR: u64 = 2048;
/// Sectors the CD-ROM drive's buffer takes at a time (32 KiB).
pub const CD_BLOCK: u32 = 16;
/// Heads and sectors per track of the default translation.
pub const DEFAULT_CHS: (u8, u8) = (16, 63);
/// Sectors that 28-bit addresses reach.
pub const LBA28_SECTORS: u64 = 1 << 28;
/// Sectors that 48-bit addresses reach.
pub const LBA48_SECTORS: u64 = 1 << 48;
/// Byte Count signature of packet devices (LBA Mid, LBA High).
pub const PACKET_SIGNATURE: (u8, u8) = (0x14, 0xEB);
/// What an empty channel gives: nothing drives the lines, and the host pulls DD7 down so that BSY reads 0.
pub const FLOATING: u8 = 0x7F;

/// Virtual time from a command that touches no medium to its end.
pub const COMMAND_NS: Ns = 2_000;
/// Virtual time from a read or write command to its first data.
pub const DISK_ACCESS_NS: Ns = 50_000;
/// Virtual time from a packet that reads the disc to its first data.
pub const CD_ACCESS_NS: Ns = 100_000;
/// Virtual time between blocks of a PIO transfer (they come from the drive's buffer).
pub const NEXT_BLOCK_NS: Ns = 1_000;
/// Virtual time of a DMA transfer, per byte (200 MB/s).
pub const DMA_BYTE_NS: Ns = 5;
/// Virtual time from a reset to the end of BSY.
pub const RESET_NS: Ns = 20_000;
