//! Why a kernel cannot be booted directly: each a line that names the thing and the remedy.

use std::fmt;

/// What is wrong with the kernel, the initrd or the command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BootError {
    /// The kernel file has no bytes.
    EmptyKernel,
    /// Neither a Linux bzImage nor a Multiboot 1 image.
    UnknownFormat,
    /// A bzImage of before boot protocol 2.00.
    TooOld,
    /// The file ends before what its headers promise.
    Truncated {
        /// The part that is cut.
        part: &'static str,
        /// Bytes the file should have at least.
        needed: u64,
        /// Bytes it has.
        has: u64,
    },
    /// A header field holds something that cannot be.
    BadField {
        /// Name of the field, with its structure.
        field: &'static str,
        /// What it holds.
        value: u64,
    },
    /// The image is built for something else than a 32-bit x86 PC.
    WrongMachine,
    /// The kernel needs something of the loader that Multiboot 1 loaders of this kind do not have.
    UnsupportedFeatures {
        /// The Multiboot header's required flags that are unknown.
        flags: u32,
    },
    /// Part of the kernel belongs where there is no RAM, or RAM in use by the firmware.
    OutsideRam {
        /// First physical address.
        start: u64,
        /// Address after the last.
        end: u64,
        /// Bytes of RAM.
        ram: u32,
    },
    /// Kernel and initrd do not fit into RAM together.
    InitrdTooLarge {
        /// Bytes of the initrd.
        size: u64,
        /// Bytes there would be room for.
        room: u64,
    },
    /// The command line is too long.
    CommandLineTooLong {
        /// Bytes it has.
        len: usize,
        /// Bytes the kernel takes.
        limit: usize,
    },
    /// The command line holds a NUL or a line break, which would end it early.
    CommandLineCharacter {
        /// Position of the byte.
        at: usize,
    },
}

impl fmt::Display for BootError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const MIB: u64 = 1 << 20;
        match *self {
            BootError::EmptyKernel => {
                write!(f, "the kernel file is empty: give a bzImage or a Multiboot 1 image")
            }
            BootError::UnknownFormat => write!(
                f,
                "the kernel is neither a Linux bzImage (\"HdrS\" at offset 202h) nor a Multiboot 1 image (1BADB002h \
                 in its first 8 KiB): give one of these, or start a disk image as a disk"
            ),
            BootError::TooOld => {
                write!(
                    f,
                    "the kernel's boot protocol is older than 2.00: give a kernel of Linux 1.3.73 or later"
                )
            }
            BootError::Truncated { part, needed, has } => {
                write!(
                    f,
                    "the kernel file is cut: its {part} needs {needed} bytes, the file has {has}: get it again"
                )
            }
            BootError::BadField { field, value } => {
                write!(
                    f,
                    "the kernel's {field} is {value:#x}, which cannot be: the file is damaged, get it again"
                )
            }
            BootError::WrongMachine => {
                write!(f, "the kernel is not for a 32-bit x86 processor: give one built for i386 to i686")
            }
            BootError::UnsupportedFeatures { flags } => write!(
                f,
                "the kernel's Multiboot header requires unknown features ({flags:#06x}): use a boot loader on a disk"
            ),
            BootError::OutsideRam { start, end, ram } => write!(
                f,
                "the kernel wants memory {start:#x}-{end:#x}, which this machine with {} MiB has not got free: give \
                 the machine more memory",
                u64::from(ram) / MIB
            ),
            BootError::InitrdTooLarge { size, room } => write!(
                f,
                "the initrd has {size} bytes, but beside the kernel there is room for {room}: give the machine more \
                 memory or a smaller initrd"
            ),
            BootError::CommandLineTooLong { len, limit } => {
                write!(f, "the kernel command line has {len} bytes, the kernel takes {limit}: shorten it")
            }
            BootError::CommandLineCharacter { at } => {
                write!(f, "the kernel command line has a NUL or line break at byte {at}: take it out")
            }
        }
    }
}

impl std::error::Error for BootError {}
