//! Direct boot: a kernel from a file, without a disk to carry it.
//!
//! The firmware runs first, so that its services, tables and memory map are there. An option ROM of ours, first in the
//! boot order, then has the firmware configuration device put all parts in place by DMA, and enters the kernel as the
//! Linux boot protocol or Multiboot 1 ask.

mod elf;
mod error;
mod linux;
mod multiboot;
mod rom;
mod rom_code;

pub use error::BootError;

use crate::devices::fw_cfg::{Items, boot_path};

/// RAM at the top that is left to the firmware's tables (SeaBIOS keeps far less at the time a kernel is booted).
const FIRMWARE_TOP: u32 = 512 << 10;
/// Where RAM begins that the firmware leaves alone.
const HIGH: u64 = 0x10_0000;
/// Name of the option ROM's file.
const ROM_FILE: &str = "genroms/glassbox-boot.bin";
/// The option ROM's place in the file "bootorder".
const ROM_BOOT_PATH: &str = "/rom@genroms/glassbox-boot.bin";

/// What the firmware configuration device must hold for a direct boot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BootItems {
    rom: Vec<u8>,
    data: Vec<(u16, Vec<u8>)>,
}

impl BootItems {
    /// Adds the parts and the option ROM to the items, and makes it what is booted.
    pub fn install(self, items: &mut Items) {
        for (key, bytes) in self.data {
            items.set_owned(key, bytes);
        }
        items.file(ROM_FILE, self.rom).boot_order(&[ROM_BOOT_PATH, boot_path::HALT]);
    }
}

/// Looks through a kernel, and makes what is needed to boot it with `initrd` (empty for none) and `command_line` on a
/// machine with `ram_bytes` of RAM.
///
/// # Errors
/// A [`BootError`] if the kernel is damaged or of another kind, or if something does not fit.
pub fn prepare(
    kernel: &[u8],
    initrd: &[u8],
    command_line: &str,
    ram_bytes: u32,
) -> Result<BootItems, BootError> {
    if kernel.is_empty() {
        return Err(BootError::EmptyKernel);
    }
    if let Some(at) = command_line.bytes().position(|b| matches!(b, 0 | b'\n' | b'\r')) {
        return Err(BootError::CommandLineCharacter { at });
    }
    let line = command_line.as_bytes();
    if linux::is_bzimage(kernel) {
        linux::prepare(kernel, initrd, line, ram_bytes)
    } else if let Some(header) = multiboot::find_header(kernel) {
        multiboot::prepare(kernel, header, initrd, line, ram_bytes)
    } else if linux::is_older(kernel) {
        Err(BootError::TooOld)
    } else {
        Err(BootError::UnknownFormat)
    }
}

/// A little-endian field of a header, or `None` past the end of the file.
fn field<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..at.checked_add(N)?)?.try_into().ok()
}

/// A 16-bit field.
fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    field(bytes, at).map(u16::from_le_bytes)
}

/// A 32-bit field.
fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    field(bytes, at).map(u32::from_le_bytes)
}

/// Puts bytes into an image at a fixed offset of ours.
fn put(image: &mut [u8], at: usize, bytes: &[u8]) {
    if let Some(room) = image.get_mut(at..at + bytes.len()) {
        room.copy_from_slice(bytes);
    }
}

#[cfg(test)]
mod tests;
