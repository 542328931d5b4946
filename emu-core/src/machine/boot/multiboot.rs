//! Multiboot 1 images, ELF or with addresses in the header (Multiboot specification 0.6.96, chapter 3).

use super::elf::{self, Segment};
use super::rom::{self, LoadList, Target};
use super::{BootError, BootItems, FIRMWARE_TOP, HIGH, put, rom_code, u32_at};
use crate::devices::fw_cfg::key;

/// The Multiboot header, wherever it is.
mod header {
    pub const MAGIC: u32 = 0x1BAD_B002;
    /// Searched for in this much of the file.
    pub const WITHIN: usize = 8192;
    /// Required features that are understood: page-aligned modules, memory information, video mode.
    pub const KNOWN: u32 = 0x0007;
    /// Features that must be understood.
    pub const REQUIRED: u32 = 0xFFFF;
    /// The header holds addresses.
    pub const ADDRESSES: u32 = 1 << 16;
    /// Bytes with the address fields.
    pub const LEN: usize = 32;
}

/// The Multiboot information structure.
mod info {
    /// Flags: memory, command line, memory map, loader name; with modules bit 3, frame buffer bit 12.
    pub const FLAGS: u32 = 1 << 0 | 1 << 2 | 1 << 6 | 1 << 9 | 1 << 12;
    pub const FLAG_MODULES: u32 = 1 << 3;
    pub const CMDLINE: usize = 16;
    pub const MODS_COUNT: usize = 20;
    pub const MODS_ADDR: usize = 24;
    pub const MMAP_ADDR: usize = 48;
    pub const BOOT_LOADER_NAME: usize = 64;
    pub const FRAMEBUFFER_ADDR: usize = 88;
    pub const FRAMEBUFFER_PITCH: usize = 96;
    pub const FRAMEBUFFER_WIDTH: usize = 100;
    pub const FRAMEBUFFER_HEIGHT: usize = 104;
    pub const FRAMEBUFFER_BPP: usize = 108;
    pub const FRAMEBUFFER_TYPE: usize = 109;
    pub const EGA_TEXT: u8 = 2;
    /// After the structure and the GDT register's image: the module, then the memory map, then strings.
    pub const MODULE: usize = 140;
    pub const MMAP_ENTRIES: usize = 40;
    pub const STRINGS: usize = super::rom_code::INFO_MMAP + 24 * MMAP_ENTRIES;
}

/// Low memory that images may use: above the BIOS's data and stack, below its extended data.
const LOW: std::ops::Range<u64> = 0x8000..0x9_0000;
/// Longest command line.
const COMMAND_LINE_MAX: usize = 4095;
const LOADER_NAME: &[u8] = b"Glassbox";
const MODULE_NAME: &[u8] = b"initrd";

/// Offset of the Multiboot header, a dword boundary in the first 8 KiB.
pub(super) fn find_header(kernel: &[u8]) -> Option<usize> {
    (0..kernel.len().min(header::WITHIN)).step_by(4).find(|&at| {
        let dword = |n: usize| u32_at(kernel, at + 4 * n);
        match (dword(0), dword(1), dword(2)) {
            (Some(header::MAGIC), Some(flags), Some(checksum)) => {
                header::MAGIC.wrapping_add(flags).wrapping_add(checksum) == 0
            }
            _ => false,
        }
    })
}

/// Checks everything and makes the items.
pub(super) fn prepare(
    kernel: &[u8],
    header_at: usize,
    initrd: &[u8],
    command_line: &[u8],
    ram_bytes: u32,
) -> Result<BootItems, BootError> {
    let flags = u32_at(kernel, header_at + 4).unwrap_or(0);
    let unknown = flags & header::REQUIRED & !header::KNOWN;
    if unknown != 0 {
        return Err(BootError::UnsupportedFeatures { flags: unknown });
    }
    if command_line.len() > COMMAND_LINE_MAX {
        return Err(BootError::CommandLineTooLong { len: command_line.len(), limit: COMMAND_LINE_MAX });
    }
    let (segments, entry) = if flags & header::ADDRESSES != 0 {
        by_header(kernel, header_at)?
    } else if elf::is_elf(kernel) {
        elf::read(kernel)?
    } else {
        return Err(BootError::BadField {
            field: "Multiboot flags (no addresses, and no ELF file)",
            value: flags.into(),
        });
    };
    let ceiling = u64::from(ram_bytes.saturating_sub(FIRMWARE_TOP));
    for &segment in &segments {
        check_room(segment, ceiling, ram_bytes)?;
    }
    let module_at = place_module(&segments, initrd, ceiling)?;
    let module = (module_at, module_at + initrd.len() as u32);
    let blank = information(0, command_line, module);
    let info_at = place_information(&segments, blank.len() as u64).ok_or(BootError::OutsideRam {
        start: LOW.start,
        end: LOW.end,
        ram: ram_bytes,
    })?;

    let mut list = LoadList::default();
    for s in &segments {
        list.copy(key::KERNEL_DATA, s.offset, s.file_len, s.address);
        list.zero(s.address + s.file_len, s.memory_len - s.file_len);
    }
    if !initrd.is_empty() {
        list.copy(key::INITRD_DATA, 0, initrd.len() as u32, module_at);
    }
    list.copy(key::CMDLINE_DATA, 0, blank.len() as u32, info_at);
    let target = Target::Multiboot {
        entry,
        info_segment: (info_at >> 4) as u16,
        // The code counts from the first entry's base, 4 bytes into it.
        mmap_end: info::STRINGS as u16 + 4,
    };
    let data = vec![
        (key::KERNEL_DATA, kernel.to_vec()),
        (key::INITRD_DATA, initrd.to_vec()),
        (key::CMDLINE_DATA, information(info_at, command_line, module)),
    ];
    Ok(BootItems { rom: rom::build(&list, target), data })
}

/// Segment and entry of an image whose header holds addresses.
fn by_header(kernel: &[u8], at: usize) -> Result<(Vec<Segment>, u32), BootError> {
    let has = kernel.len() as u64;
    if kernel.len() < at + header::LEN {
        let needed = (at + header::LEN) as u64;
        return Err(BootError::Truncated { part: "Multiboot header", needed, has });
    }
    let dword = |n: usize| u32_at(kernel, at + 4 * n).unwrap_or(0);
    let (header_addr, load, load_end, bss_end, entry) = (dword(3), dword(4), dword(5), dword(6), dword(7));
    let bad = |field, value: u32| Err(BootError::BadField { field, value: value.into() });
    let Some(offset) = header_addr.checked_sub(load).and_then(|ahead| (at as u32).checked_sub(ahead)) else {
        return bad("Multiboot load_addr", load);
    };
    let rest = u32::try_from(kernel.len() - offset as usize).unwrap_or(u32::MAX);
    let file_len = match load_end {
        0 => rest,
        end if end < load => return bad("Multiboot load_end_addr", end),
        end => end - load,
    };
    if file_len > rest {
        let needed = u64::from(offset) + u64::from(file_len);
        return Err(BootError::Truncated { part: "Multiboot image", needed, has });
    }
    let memory_len = match bss_end {
        0 => file_len,
        end if end < load || end - load < file_len => return bad("Multiboot bss_end_addr", end),
        end => end - load,
    };
    if entry.wrapping_sub(load) >= memory_len {
        return bad("Multiboot entry_addr", entry);
    }
    Ok((vec![Segment { offset, file_len, address: load, memory_len }], entry))
}

/// A segment must lie where the firmware leaves RAM alone.
fn check_room(segment: Segment, ceiling: u64, ram: u32) -> Result<(), BootError> {
    let start = u64::from(segment.address);
    let end = start + u64::from(segment.memory_len);
    let fits = (start >= HIGH && end <= ceiling) || (start >= LOW.start && end <= LOW.end);
    if fits { Ok(()) } else { Err(BootError::OutsideRam { start, end, ram }) }
}

/// The module's address: the first page after the image.
fn place_module(segments: &[Segment], initrd: &[u8], ceiling: u64) -> Result<u32, BootError> {
    let ends = segments.iter().map(|s| u64::from(s.address) + u64::from(s.memory_len));
    let at = ends.max().unwrap_or(0).max(HIGH).next_multiple_of(4096);
    let size = initrd.len() as u64;
    if size != 0 && at + size > ceiling {
        return Err(BootError::InitrdTooLarge { size, room: ceiling.saturating_sub(at) });
    }
    Ok(if size == 0 { 0 } else { at as u32 })
}

/// Low memory for the information that no segment uses.
fn place_information(segments: &[Segment], len: u64) -> Option<u32> {
    let ends = segments.iter().map(|s| u64::from(s.address) + u64::from(s.memory_len));
    let candidates = std::iter::once(LOW.start).chain(ends).map(|at| at.next_multiple_of(16));
    let free = |at: &u64| {
        let end = at + len;
        let clear = |s: &Segment| {
            let start = u64::from(s.address);
            end <= start || *at >= start + u64::from(s.memory_len)
        };
        *at >= LOW.start && end <= LOW.end && segments.iter().all(clear)
    };
    candidates.filter(free).min().map(|at| at as u32)
}

/// The information as far as it is known before the BIOS is asked for its memory map.
fn information(at: u32, command_line: &[u8], module: (u32, u32)) -> Vec<u8> {
    let mut block = vec![0; info::STRINGS];
    let mut string = |text: &[u8]| {
        let start = at + block.len() as u32;
        block.extend_from_slice(text);
        block.push(0);
        start.to_le_bytes()
    };
    let (line, loader, name) = (string(command_line), string(LOADER_NAME), string(MODULE_NAME));
    let address = |offset: usize| (at + offset as u32).to_le_bytes();
    put(&mut block, info::CMDLINE, &line);
    put(&mut block, info::BOOT_LOADER_NAME, &loader);
    put(&mut block, info::MMAP_ADDR, &address(rom_code::INFO_MMAP));
    let mut flags = info::FLAGS;
    if module.0 != 0 {
        flags |= info::FLAG_MODULES;
        put(&mut block, info::MODS_COUNT, &1u32.to_le_bytes());
        put(&mut block, info::MODS_ADDR, &address(info::MODULE));
        put(&mut block, info::MODULE, &module.0.to_le_bytes());
        put(&mut block, info::MODULE + 4, &module.1.to_le_bytes());
        put(&mut block, info::MODULE + 8, &name);
    }
    // The firmware leaves the screen in 80 x 25 text; that is also the answer to a wish for a video mode.
    put(&mut block, info::FRAMEBUFFER_ADDR, &0xB_8000u64.to_le_bytes());
    put(&mut block, info::FRAMEBUFFER_PITCH, &160u32.to_le_bytes());
    put(&mut block, info::FRAMEBUFFER_WIDTH, &80u32.to_le_bytes());
    put(&mut block, info::FRAMEBUFFER_HEIGHT, &25u32.to_le_bytes());
    put(&mut block, info::FRAMEBUFFER_BPP, &[16]);
    put(&mut block, info::FRAMEBUFFER_TYPE, &[info::EGA_TEXT]);
    put(&mut block, 0, &flags.to_le_bytes());
    block
}
