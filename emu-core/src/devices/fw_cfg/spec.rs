//! Ports, keys and the DMA descriptor of the firmware configuration device (QEMU's docs/specs/fw_cfg).

use crate::time::Ns;

/// Selector, 16 bits.
pub const SELECTOR: u16 = 0x510;
/// Data, one byte of the selected item after the other.
pub const DATA: u16 = 0x511;
/// Address of a DMA descriptor, 64 bits big-endian; the last byte starts the operation.
pub const DMA: u16 = 0x514;
/// Last port of the DMA address.
pub const DMA_LAST: u16 = 0x51B;

/// What the DMA address reads as.
pub const DMA_SIGNATURE: [u8; 8] = *b"QEMU CFG";

/// Item keys.
pub mod key {
    /// "QEMU".
    pub const SIGNATURE: u16 = 0x00;
    /// Feature bits.
    pub const ID: u16 = 0x01;
    /// 16 bytes.
    pub const UUID: u16 = 0x02;
    /// Bytes of RAM, u64.
    pub const RAM_SIZE: u16 = 0x03;
    /// 1 without a display, u16.
    pub const NOGRAPHIC: u16 = 0x04;
    /// Processors now, u16.
    pub const NB_CPUS: u16 = 0x05;
    /// Number of NUMA nodes, u64, and more if not 0.
    pub const NUMA: u16 = 0x0D;
    /// Whether the firmware offers its boot menu, u16.
    pub const BOOT_MENU: u16 = 0x0E;
    /// Limit of APIC ids, u16.
    pub const MAX_CPUS: u16 = 0x0F;
    /// Protected-mode kernel.
    pub const KERNEL_DATA: u16 = 0x11;
    /// Initial RAM disk.
    pub const INITRD_DATA: u16 = 0x12;
    /// Command line with its final NUL.
    pub const CMDLINE_DATA: u16 = 0x15;
    /// Real-mode part of the kernel.
    pub const SETUP_DATA: u16 = 0x18;
    /// Directory of named files.
    pub const FILE_DIR: u16 = 0x19;
    /// Key of the first named file.
    pub const FILE_FIRST: u16 = 0x20;
    /// Strings for the SMBIOS tables.
    pub const SMBIOS_ENTRIES: u16 = 0x8001;
    /// ISA interrupt 0 is on I/O APIC pin 2, u32.
    pub const IRQ0_OVERRIDE: u16 = 0x8002;
    /// No item: reads as zeros.
    pub const INVALID: u16 = 0xFFFF;
}

/// ID: the data port works.
pub const ID_TRADITIONAL: u32 = 1;
/// ID: the DMA interface works.
pub const ID_DMA: u32 = 2;

/// DMA control: the operation failed (set by the device).
pub const DMA_ERROR: u32 = 0x01;
/// DMA control: copy item bytes to memory.
pub const DMA_READ: u32 = 0x02;
/// DMA control: pass over item bytes.
pub const DMA_SKIP: u32 = 0x04;
/// DMA control: first select the key in bits 16-31.
pub const DMA_SELECT: u32 = 0x08;
/// DMA control: copy memory to the item (no item here is writable).
pub const DMA_WRITE: u32 = 0x10;

/// Longest name of a file, without its NUL.
pub const NAME_MAX: usize = 55;

/// Transfers up to this many bytes are over when the port write is.
pub const AT_ONCE: u32 = 4096;
/// Longer ones go on in pieces of this many bytes,
pub const PIECE: u32 = 65536;
/// each taking this long: 4 bytes a nanosecond, so that no instruction of a guest costs the host more than a piece.
pub const PIECE_TIME: Ns = 16_384;
