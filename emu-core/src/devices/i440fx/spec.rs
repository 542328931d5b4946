//! Registers of the 82441FX PCI and memory controller (Intel 440FX PCIset datasheet, 290549, section 3.2).

use crate::bus::Bdf;

pub const BDF: Bdf = Bdf::new(0, 0);
pub const VENDOR: u16 = 0x8086;
pub const DEVICE: u16 = 0x1237;
/// Host bridge.
pub const CLASS: u32 = 0x06_00_00;
pub const REVISION: u8 = 2;

/// PCI Command Register: memory space and bus master always on, SERR# enable and parity changeable.
pub const PCICMD: u8 = 0x04;
pub const PCICMD_RESET: u32 = 0x0006;
pub const PCICMD_WRITABLE: u32 = 0x0140;
/// PCI Status Register: fast back-to-back, medium DEVSEL#.
pub const PCISTS: u8 = 0x06;
pub const PCISTS_RESET: u32 = 0x0280;
/// Master Latency Timer.
pub const MLT: u8 = 0x0D;

/// PMC Configuration.
pub const PMCCFG: u8 = 0x50;
/// Deturbo Counter.
pub const DETURBO: u8 = 0x52;
/// DBX Buffer Control.
pub const DBC: u8 = 0x53;
/// Auxiliary Control.
pub const AXC: u8 = 0x54;
/// DRAM Row Type.
pub const DRT: u8 = 0x55;
/// DRAM Control; reset 01h.
pub const DRAMC: u8 = 0x57;
/// DRAM Timing; reset 10h.
pub const DRAMT: u8 = 0x58;
/// Programmable Attribute Map 0-6, one nibble a segment.
pub const PAM0: u8 = 0x59;
/// Last Programmable Attribute Map register.
pub const PAM6: u8 = 0x5F;
/// Bits of a PAM nibble: reads go to DRAM.
pub const PAM_RE: u32 = 1;
/// Bits of a PAM nibble: writes go to DRAM.
pub const PAM_WE: u32 = 2;
/// DRAM Row Boundary 0-7; reset 01h.
pub const DRB0: u8 = 0x60;
/// Fixed DRAM Hole Control.
pub const FDHC: u8 = 0x68;
/// Multi-Transaction Timer.
pub const MTT: u8 = 0x70;
/// CPU Latency Timer; reset 10h.
pub const CLT: u8 = 0x71;
/// System Management RAM Control; reset 02h.
pub const SMRAM: u8 = 0x72;
/// SMRAM at A0000-BFFFF open to all accesses.
pub const D_OPEN: u32 = 0x40;
/// SMRAM closed to data accesses.
pub const D_CLS: u32 = 0x20;
/// SMRAM locked until reset.
pub const D_LCK: u32 = 0x10;
/// SMRAM exists at all.
pub const G_SMRAME: u32 = 0x08;
/// Error Command.
pub const ERRCMD: u8 = 0x90;
/// Turbo Reset Control.
pub const TRC: u8 = 0x93;
/// TRC: the next reset is a hard one.
pub const TRC_SRST: u32 = 0x02;
/// TRC: 0 to 1 starts the reset.
pub const TRC_RCPU: u32 = 0x04;
