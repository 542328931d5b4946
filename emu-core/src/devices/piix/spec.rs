//! Registers of the PIIX3's ISA bridge (Intel 82371SB datasheet, 290550, sections 2.2 and 2.5).

use crate::bus::Bdf;

pub const BDF: Bdf = Bdf::new(1, 0);
pub const VENDOR: u16 = 0x8086;
pub const DEVICE: u16 = 0x7000;
/// ISA bridge.
pub const CLASS: u32 = 0x06_01_00;
/// Multi-function device.
pub const HEADER: u8 = 0x80;

/// PCI Command: I/O, memory, bus master and special cycles always on.
pub const PCICMD: u8 = 0x04;
/// PCI Status: medium DEVSEL#.
pub const PCISTS: u8 = 0x06;
/// ISA I/O Recovery Timer; reset 4Dh.
pub const IORT: u8 = 0x4C;
/// X-Bus Chip Select; reset 0003h.
pub const XBCS: u8 = 0x4E;
/// PIRQ[A:D]# Route Control, four of them; reset 80h.
pub const PIRQRC: u8 = 0x60;
/// PIRQRC: not routed.
pub const PIRQRC_DISABLED: u32 = 0x80;
/// ISA interrupts a PIRQ may be routed to: 3-7, 9-12, 14, 15.
pub const ROUTABLE: u32 = 0b1101_1110_1111_1000;
/// Top of Memory; reset 02h.
pub const TOM: u8 = 0x69;
/// Miscellaneous Status.
pub const MSTAT: u8 = 0x6A;
/// Motherboard Device IRQ Route Control; reset 80h.
pub const MBIRQ0: u8 = 0x70;
/// Motherboard Device DMA Control 0 and 1; reset 0Ch.
pub const MBDMA0: u8 = 0x76;
/// Programmable Chip Select Control; reset 0002h.
pub const PCSC: u8 = 0x78;
/// APIC Base Address Relocation.
pub const APICBASE: u8 = 0x80;
/// Deterministic Latency Control.
pub const DLC: u8 = 0x82;
/// SMI Control; reset 08h.
pub const SMICNTL: u8 = 0xA0;
/// SMI Enable.
pub const SMIEN: u8 = 0xA2;
/// System Event Enable.
pub const SEE: u8 = 0xA4;
/// Fast Off Timer; reset 0Fh.
pub const FTMR: u8 = 0xA8;
/// SMI Request.
pub const SMIREQ: u8 = 0xAA;
/// Clock Scale STPCLK# Low Timer.
pub const CTLTMR: u8 = 0xAC;
/// Clock Scale STPCLK# High Timer.
pub const CTHTMR: u8 = 0xAE;

/// Coprocessor Error register: a write ends IRQ 13 and asserts IGNNE#.
pub const COPROCESSOR_ERROR: u16 = 0xF0;
/// Reset Control register.
pub const RC: u16 = 0xCF9;
/// RC: hard reset, else soft.
pub const RC_SRST: u8 = 0x02;
/// RC: 0 to 1 starts the reset.
pub const RC_RCPU: u8 = 0x04;
