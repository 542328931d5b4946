//! What a machine is made of, and what can be wrong with that.

use crate::devices::mc146818::cmos::BootDevice;
use crate::host::{BlockDevice, ImageError};
use crate::machine::boot::BootError;

/// A kernel to boot directly: a bzImage or a Multiboot 1 image.
#[derive(Clone, Debug, Default)]
pub struct Kernel {
    /// The image.
    pub image: Vec<u8>,
    /// Initial RAM disk, or the one module of a Multiboot kernel; may be empty.
    pub initrd: Vec<u8>,
    /// Command line.
    pub command_line: String,
}

/// Everything that makes a machine. Two machines with equal configurations and inputs go through equal states.
pub struct Config {
    /// Bytes of RAM, 1 MiB to 2 GiB, a multiple of 4 KiB.
    pub ram_bytes: u32,
    /// System BIOS, mapped to the end of the first MiB and of 4 GiB; a multiple of 64 KiB up to 256 KiB.
    pub bios: Vec<u8>,
    /// VGA BIOS; may be empty.
    pub vga_bios: Vec<u8>,
    /// A ROM at a physical address in place of a BIOS.
    pub rom: Option<(u32, Vec<u8>)>,
    /// Where to boot from, first one first.
    pub boot_order: Vec<BootDevice>,
    /// For how many virtual milliseconds SeaBIOS offers its boot menu (Escape opens it); `None` for not at all. Without
    /// meaning for a `kernel`.
    pub boot_menu: Option<u32>,
    /// Boot this instead.
    pub kernel: Option<Kernel>,
    /// What the clock says at power-on.
    pub rtc_unix_seconds: i64,
    /// A triple fault resets the machine instead of stopping it.
    pub reset_on_shutdown: bool,
    /// A byte written to this port ends the run.
    pub exit_port: Option<u16>,
    /// Bytes written to this port are collected for the host.
    pub capture_port: Option<u16>,
    /// Floppies in drives A and B.
    pub floppies: [Option<Box<dyn BlockDevice>>; 2],
    /// Hard disks: primary master and slave.
    pub disks: [Option<Box<dyn BlockDevice>>; 2],
    /// The CD in the drive (secondary master).
    pub cdrom: Option<Box<dyn BlockDevice>>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            ram_bytes: 64 << 20,
            bios: Vec::new(),
            vga_bios: Vec::new(),
            rom: None,
            boot_order: vec![BootDevice::Floppy, BootDevice::CdRom, BootDevice::Disk],
            boot_menu: Some(1000),
            kernel: None,
            // 2026-01-01 00:00:00 UTC: a fixed date, so that runs repeat.
            rtc_unix_seconds: 1_767_225_600,
            reset_on_shutdown: false,
            exit_port: None,
            capture_port: None,
            floppies: [None, None],
            disks: [None, None],
            cdrom: None,
        }
    }
}

/// Least RAM.
pub const RAM_MIN: u32 = 1 << 20;
/// Most RAM.
pub const RAM_MAX: u32 = 2 << 30;

impl Config {
    /// The defaults: 64 MiB, no firmware, no media.
    pub fn new() -> Self {
        Self::default()
    }

    /// Checks what the constructors of devices do not.
    pub(super) fn check(&self) -> Result<(), Error> {
        if !(RAM_MIN..=RAM_MAX).contains(&self.ram_bytes) || !self.ram_bytes.is_multiple_of(4096) {
            return Err(Error::Ram(self.ram_bytes));
        }
        match &self.rom {
            Some((address, image)) => check_rom(*address, image),
            None => check_bios(&self.bios, &self.vga_bios),
        }
    }
}

fn check_bios(bios: &[u8], vga_bios: &[u8]) -> Result<(), Error> {
    if bios.is_empty() || bios.len() > 256 << 10 || !bios.len().is_multiple_of(64 << 10) {
        return Err(Error::Bios(bios.len()));
    }
    // The reset vector must hold a jump; an image of FFh or 00h is none.
    let vector = &bios[bios.len() - 16..];
    if vector.iter().all(|&b| b == vector[0]) {
        return Err(Error::BiosVector);
    }
    if !vga_bios.is_empty() && (vga_bios.len() > 64 << 10 || !vga_bios.starts_with(&[0x55, 0xAA])) {
        return Err(Error::VgaBios);
    }
    Ok(())
}

fn check_rom(address: u32, image: &[u8]) -> Result<(), Error> {
    let fits = u64::from(address) + image.len() as u64 <= 1 << 32;
    if image.is_empty() || image.len() > 2 << 20 || !address.is_multiple_of(4096) || !fits {
        return Err(Error::Rom(address, image.len()));
    }
    Ok(())
}

/// Why there is no machine. One line each, naming the thing and the remedy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// RAM size out of range.
    Ram(u32),
    /// The host has not got so much memory.
    OutOfMemory(u32),
    /// BIOS image of an impossible size.
    Bios(usize),
    /// BIOS image without code at the reset vector.
    BiosVector,
    /// VGA BIOS image that is no option ROM.
    VgaBios,
    /// ROM that does not fit where it should go.
    Rom(u32, usize),
    /// A disk, floppy or CD image.
    Image(ImageError),
    /// The kernel.
    Boot(BootError),
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Ram(bytes) => write!(
                f,
                "memory: {bytes} bytes are not between 1 MiB and 2 GiB in steps of 4 KiB: choose another size"
            ),
            Self::OutOfMemory(bytes) => {
                write!(f, "memory: the host cannot give {bytes} bytes: choose less or close other programs")
            }
            Self::Bios(len) => write!(
                f,
                "bios: {len} bytes are not a BIOS image of 64 to 256 KiB in steps of 64 KiB: give SeaBIOS's bios-256k.bin"
            ),
            Self::BiosVector => {
                write!(
                    f,
                    "bios: there is no code at the reset vector (last 16 bytes): give SeaBIOS's bios-256k.bin"
                )
            }
            Self::VgaBios => write!(
                f,
                "vgabios: not an option ROM (55 AA, at most 64 KiB): give SeaBIOS's vgabios-stdvga.bin"
            ),
            Self::Rom(address, len) => write!(
                f,
                "rom: {len} bytes at {address:08X} do not fit: give 1 byte to 2 MiB at a multiple of 1000h below 4 GiB"
            ),
            Self::Image(e) => e.fmt(f),
            Self::Boot(e) => e.fmt(f),
        }
    }
}

impl std::error::Error for Error {}

impl From<ImageError> for Error {
    fn from(e: ImageError) -> Self {
        Self::Image(e)
    }
}

impl From<BootError> for Error {
    fn from(e: BootError) -> Self {
        Self::Boot(e)
    }
}
