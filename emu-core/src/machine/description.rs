//! What a machine is made of, for those who have to tell whether another one is made of the same.

use super::config::Config;
use crate::bus::DriveId;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_128;

/// An image, known by its size and a hash. The hash tells images apart that people have; it is none that withstands
/// those who make two images equal on purpose, and need not be: whoever forges a snapshot writes the guest's memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// Size in bytes.
    pub bytes: u64,
    /// XXH3 of 128 bits.
    pub hash: u128,
}

impl Content {
    fn of(image: &[u8]) -> Self {
        Self { bytes: image.len() as u64, hash: xxh3_128(image) }
    }
}

/// A kernel that is booted directly.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KernelContent {
    /// The kernel's image.
    pub image: Content,
    /// Its initial RAM disk or module.
    pub initrd: Content,
    /// Its command line.
    pub command_line: String,
}

/// All that makes a machine what it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Description {
    /// Bytes of RAM.
    pub ram_bytes: u32,
    /// System BIOS.
    pub bios: Content,
    /// VGA BIOS.
    pub vga_bios: Content,
    /// A ROM in place of a BIOS, and its address.
    pub rom: Option<(u32, Content)>,
    /// The kernel that is booted directly.
    pub kernel: Option<KernelContent>,
    /// Bytes of the images in the drives of [`Description::DRIVES`].
    pub drives: [Option<u64>; 5],
    /// SHA-256 of these images, where the host knows it.
    pub image_hashes: [Option<[u8; 32]>; 5],
    /// Boot order and menu, as they reach the firmware.
    pub boot: String,
    /// A triple fault resets the machine.
    pub reset_on_shutdown: bool,
    /// The port that ends a run, and the one whose bytes are collected.
    pub ports: [Option<u16>; 2],
    /// What the clock said at power-on.
    pub rtc_unix_seconds: i64,
}

/// What two machines do not have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Difference {
    /// RAM: bytes here and there.
    Ram(u32, u32),
    /// The system BIOS.
    Bios,
    /// The VGA BIOS.
    VgaBios,
    /// The ROM in place of a BIOS, or its address.
    Rom,
    /// The kernel's image, or whether there is one.
    Kernel,
    /// The initial RAM disk.
    Initrd,
    /// The kernel's command line.
    CommandLine,
    /// The size of the image in a drive: bytes here and there.
    DriveSize(DriveId, Option<u64>, Option<u64>),
    /// The contents of the image in a drive.
    DriveContents(DriveId),
    /// Boot order or boot menu.
    Boot,
    /// What a triple fault does.
    Shutdown,
    /// Exit port or capture port.
    Ports,
}

impl Description {
    /// The drives, in the order of [`Description::drives`].
    pub const DRIVES: [DriveId; 5] =
        [DriveId::Floppy(0), DriveId::Floppy(1), DriveId::Disk(0), DriveId::Disk(1), DriveId::CdRom];

    /// What a configuration makes.
    pub(super) fn of(config: &Config) -> Self {
        let mut drives = [None; 5];
        let images = config.floppies.iter().chain(&config.disks).chain([&config.cdrom]);
        for (bytes, image) in drives.iter_mut().zip(images) {
            *bytes = image.as_ref().map(|image| image.len());
        }
        Self {
            ram_bytes: config.ram_bytes,
            bios: Content::of(&config.bios),
            vga_bios: Content::of(&config.vga_bios),
            rom: config.rom.as_ref().map(|(address, image)| (*address, Content::of(image))),
            kernel: config.kernel.as_ref().map(|kernel| KernelContent {
                image: Content::of(&kernel.image),
                initrd: Content::of(&kernel.initrd),
                command_line: kernel.command_line.clone(),
            }),
            drives,
            image_hashes: [None; 5],
            boot: format!("{:?} {:?}", config.boot_order, config.boot_menu),
            reset_on_shutdown: config.reset_on_shutdown,
            ports: [config.exit_port, config.capture_port],
            rtc_unix_seconds: config.rtc_unix_seconds,
        }
    }

    /// A hash of all of it but the images' contents.
    pub(super) fn fingerprint(&self) -> u128 {
        let plain = Self { image_hashes: [None; 5], ..self.clone() };
        xxh3_128(&crate::bus::save_state(&plain))
    }

    /// Notes the SHA-256 of a drive's image.
    pub(super) fn set_image_hash(&mut self, drive: DriveId, sha256: Option<[u8; 32]>) {
        if let Some(at) = Self::DRIVES.iter().position(|d| *d == drive) {
            self.image_hashes[at] = sha256;
        }
    }

    /// The first thing in which `saved` is another machine than this one. The clock at power-on is none: what it shows
    /// is part of the state.
    pub fn difference(&self, saved: &Self) -> Option<Difference> {
        let kernel = |d: &Self| d.kernel.as_ref().map(|k| k.image);
        let initrd = |d: &Self| d.kernel.as_ref().map(|k| k.initrd);
        let line = |d: &Self| d.kernel.as_ref().map(|k| k.command_line.clone());
        let checks = [
            (self.ram_bytes != saved.ram_bytes, Difference::Ram(self.ram_bytes, saved.ram_bytes)),
            (self.bios != saved.bios, Difference::Bios),
            (self.vga_bios != saved.vga_bios, Difference::VgaBios),
            (self.rom != saved.rom, Difference::Rom),
            (kernel(self) != kernel(saved), Difference::Kernel),
            (initrd(self) != initrd(saved), Difference::Initrd),
            (line(self) != line(saved), Difference::CommandLine),
            (self.boot != saved.boot, Difference::Boot),
            (self.reset_on_shutdown != saved.reset_on_shutdown, Difference::Shutdown),
            (self.ports != saved.ports, Difference::Ports),
        ];
        let found = checks.into_iter().find(|(differs, _)| *differs).map(|(_, difference)| difference);
        found.or_else(|| self.drive_difference(saved))
    }

    fn drive_difference(&self, saved: &Self) -> Option<Difference> {
        Self::DRIVES.into_iter().enumerate().find_map(|(n, drive)| {
            let (here, there) = (self.drives[n], saved.drives[n]);
            if here != there {
                return Some(Difference::DriveSize(drive, here, there));
            }
            match (self.image_hashes[n], saved.image_hashes[n]) {
                (Some(here), Some(there)) if here != there => Some(Difference::DriveContents(drive)),
                _ => None,
            }
        })
    }
}

fn name(drive: DriveId) -> &'static str {
    match drive {
        DriveId::Floppy(0) => "floppy drive A",
        DriveId::Floppy(_) => "floppy drive B",
        DriveId::Disk(0) => "the first hard disk",
        DriveId::Disk(_) => "the second hard disk",
        DriveId::CdRom => "the CD-ROM drive",
    }
}

impl std::fmt::Display for Difference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match *self {
            Self::Ram(here, there) => {
                write!(f, "it has {} KiB of memory, this one {} KiB: choose as much", there >> 10, here >> 10)
            }
            Self::Bios => f.write_str("it has another BIOS: give the same"),
            Self::VgaBios => f.write_str("it has another VGA BIOS: give the same"),
            Self::Rom => f.write_str("it has another ROM: give the same, at the same address"),
            Self::Kernel => f.write_str("it booted another kernel, or none: give the same"),
            Self::Initrd => f.write_str("it booted with another initial RAM disk: give the same"),
            Self::CommandLine => f.write_str("its kernel has another command line: give the same"),
            Self::Boot => f.write_str("it has another boot order: choose the same"),
            Self::Shutdown => f.write_str("a triple fault does something else in it: choose the same"),
            Self::Ports => f.write_str("it has another exit or capture port: choose the same"),
            Self::DriveSize(drive, here, there) => {
                let size = |bytes: Option<u64>| bytes.map_or("nothing".into(), |b| format!("{b} bytes"));
                write!(f, "{} held {}, here {}: give the same image", name(drive), size(there), size(here))
            }
            Self::DriveContents(drive) => {
                write!(f, "{} held another image of that size: give the same", name(drive))
            }
        }
    }
}
