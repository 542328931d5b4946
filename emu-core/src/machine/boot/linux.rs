//! Linux bzImages and zImages, by the kernel's Documentation/arch/x86/boot.rst, protocol 2.00 to 2.15.

use super::rom::{self, LoadList, Target};
use super::{BootError, BootItems, FIRMWARE_TOP, HIGH, put, u16_at, u32_at};
use crate::devices::fw_cfg::key;

/// Fields of the setup header, by their names in the protocol.
mod setup {
    pub const SETUP_SECTS: usize = 0x1F1;
    pub const SYSSIZE: usize = 0x1F4;
    pub const VID_MODE: usize = 0x1FA;
    pub const BOOT_FLAG: usize = 0x1FE;
    pub const HEADER: usize = 0x202;
    pub const VERSION: usize = 0x206;
    pub const TYPE_OF_LOADER: usize = 0x210;
    pub const LOADFLAGS: usize = 0x211;
    pub const CODE32_START: usize = 0x214;
    pub const RAMDISK_IMAGE: usize = 0x218;
    pub const RAMDISK_SIZE: usize = 0x21C;
    pub const HEAP_END_PTR: usize = 0x224;
    pub const CMD_LINE_PTR: usize = 0x228;
    pub const INITRD_ADDR_MAX: usize = 0x22C;
    pub const KERNEL_ALIGNMENT: usize = 0x230;
    pub const CMDLINE_SIZE: usize = 0x238;
    pub const PREF_ADDRESS: usize = 0x258;
    pub const INIT_SIZE: usize = 0x260;
    /// Up to here the header of any protocol version this code reads.
    pub const END: usize = 0x264;
    /// Before protocol 2.02 the command line is announced at these two places.
    pub const CMD_LINE_MAGIC: usize = 0x20;
    pub const CMD_LINE_OFFSET: usize = 0x22;

    pub const LOADED_HIGH: u8 = 0x01;
    pub const CAN_USE_HEAP: u8 = 0x80;
    /// Boot loader without an assigned number.
    pub const UNDEFINED_LOADER: u8 = 0xFF;
}

/// Where zImages are loaded, and where their real-mode part must be.
const LOW_KERNEL: u32 = 0x1_0000;
const OLD_REAL: u32 = 0x9_0000;
/// Where newer kernels' real-mode part and command line go.
const NEW_REAL: u32 = 0x1_0000;
const NEW_COMMAND_LINE: u32 = 0x2_0000;
/// The old command line lies between the heap and the BIOS's data.
const OLD_COMMAND_LINE: u32 = 0x9_9800;
/// Most bytes of a real-mode part: below this come heap and stack.
const SETUP_MAX: u32 = 0x8000;

/// Whether the file says that it is one: its protocol may still be wrong.
pub(super) fn is_bzimage(kernel: &[u8]) -> bool {
    kernel.get(setup::HEADER..setup::HEADER + 4) == Some(b"HdrS")
}

/// Whether it may be a kernel from before the setup header had a version, or a boot sector.
pub(super) fn is_older(kernel: &[u8]) -> bool {
    u16_at(kernel, setup::BOOT_FLAG) == Some(0xAA55) && matches!(kernel.get(setup::SETUP_SECTS), Some(4))
}

/// What the setup header says.
struct Header {
    version: u16,
    loaded_high: bool,
    setup_bytes: u32,
    /// Room the kernel needs from its load address or preferred address on: first address and the one after the last.
    needs: (u64, u64),
    initrd_max: u32,
    command_line_max: usize,
}

impl Header {
    fn read(kernel: &[u8]) -> Result<Header, BootError> {
        let has = kernel.len() as u64;
        let truncated = |part, needed| BootError::Truncated { part, needed, has };
        if kernel.len() < setup::END {
            return Err(truncated("setup header", setup::END as u64));
        }
        let word = |at| u16_at(kernel, at).unwrap_or(0);
        let dword = |at| u32_at(kernel, at).unwrap_or(0);
        let boot_flag = word(setup::BOOT_FLAG);
        if boot_flag != 0xAA55 {
            return Err(BootError::BadField {
                field: "boot_flag (offset 1feh)",
                value: u64::from(boot_flag),
            });
        }
        let version = word(setup::VERSION);
        if version < 0x200 {
            return Err(BootError::TooOld);
        }
        if version >> 8 > 2 {
            return Err(BootError::BadField {
                field: "protocol version (offset 206h)",
                value: version.into(),
            });
        }
        let sectors = match kernel[setup::SETUP_SECTS] {
            0 => 4,
            n => u32::from(n),
        };
        let setup_bytes = (sectors + 1) * 512;
        if setup_bytes > SETUP_MAX {
            return Err(BootError::BadField { field: "setup_sects (offset 1f1h)", value: sectors.into() });
        }
        // Before 2.04 the field was 16 bits wide and did not tell the size of large kernels. It counts paragraphs, the
        // last of which need not be whole.
        let paragraphs = if version >= 0x204 { u64::from(dword(setup::SYSSIZE)) } else { 0 };
        let promised = (paragraphs * 16).saturating_sub(15).max(1);
        let whole = u64::from(setup_bytes) + promised;
        if has < whole {
            return Err(truncated("protected-mode code", whole));
        }
        let loaded_high = kernel[setup::LOADFLAGS] & setup::LOADED_HIGH != 0;
        let payload = has - u64::from(setup_bytes);
        let load = if loaded_high { HIGH } else { LOW_KERNEL.into() };
        let mut needs = (load, load + payload);
        if version >= 0x20A && loaded_high {
            let preferred =
                u64::from(dword(setup::PREF_ADDRESS)) | u64::from(dword(setup::PREF_ADDRESS + 4)) << 32;
            let alignment = u64::from(dword(setup::KERNEL_ALIGNMENT)).max(1);
            let run = load.next_multiple_of(alignment).max(preferred);
            needs.1 = needs.1.max(run.saturating_add(dword(setup::INIT_SIZE).into()));
        }
        Ok(Header {
            version,
            loaded_high,
            setup_bytes,
            needs,
            initrd_max: if version >= 0x203 { dword(setup::INITRD_ADDR_MAX) } else { 0x37FF_FFFF },
            command_line_max: match version {
                0x206.. => dword(setup::CMDLINE_SIZE) as usize,
                _ => 255,
            },
        })
    }

    /// Whether the real-mode part may lie anywhere, and the command line is given by a pointer.
    fn is_new(&self) -> bool {
        self.version >= 0x202 && self.loaded_high
    }

    /// Where the real-mode part goes, its heap ends, and the command line goes.
    fn real_mode(&self) -> (u32, u16, u32) {
        if self.is_new() {
            (NEW_REAL, 0xE000, NEW_COMMAND_LINE)
        } else {
            (OLD_REAL, 0x9800, OLD_COMMAND_LINE)
        }
    }

    /// Room for the command line and its NUL between where it starts and the next thing.
    fn command_line_room(&self) -> usize {
        if self.is_new() { 0x1_0000 } else { 0x9_F000 - OLD_COMMAND_LINE as usize }
    }

    /// Where the kernel must end below: the firmware's tables, or the real-mode part of a kernel that is loaded low.
    fn ceiling(&self, ram_bytes: u32) -> u64 {
        if self.loaded_high { ram_bytes.saturating_sub(FIRMWARE_TOP).into() } else { OLD_REAL.into() }
    }
}

/// Checks everything and makes the items.
pub(super) fn prepare(
    kernel: &[u8],
    initrd: &[u8],
    command_line: &[u8],
    ram_bytes: u32,
) -> Result<BootItems, BootError> {
    let header = Header::read(kernel)?;
    let (start, end) = header.needs;
    if end > header.ceiling(ram_bytes) {
        return Err(BootError::OutsideRam { start, end, ram: ram_bytes });
    }
    let limit = header.command_line_max.min(header.command_line_room() - 1);
    if command_line.len() > limit {
        return Err(BootError::CommandLineTooLong { len: command_line.len(), limit });
    }
    let initrd_at = place_initrd(&header, initrd, ram_bytes)?;
    let (mut setup_part, system) =
        (kernel[..header.setup_bytes as usize].to_vec(), &kernel[header.setup_bytes as usize..]);
    patch(&mut setup_part, &header, command_line, (initrd_at, initrd.len() as u32));
    let mut line = command_line.to_vec();
    line.push(0);

    let (real, heap_end, line_at) = header.real_mode();
    let mut list = LoadList::default();
    list.copy(key::SETUP_DATA, 0, header.setup_bytes, real);
    list.copy(key::KERNEL_DATA, 0, system.len() as u32, start as u32);
    list.copy(key::CMDLINE_DATA, 0, line.len() as u32, line_at);
    if !initrd.is_empty() {
        list.copy(key::INITRD_DATA, 0, initrd.len() as u32, initrd_at);
    }
    let rom = rom::build(&list, Target::Linux { segment: (real >> 4) as u16, stack: heap_end });
    let data = vec![
        (key::SETUP_DATA, setup_part),
        (key::KERNEL_DATA, system.to_vec()),
        (key::CMDLINE_DATA, line),
        (key::INITRD_DATA, initrd.to_vec()),
    ];
    Ok(BootItems { rom, data })
}

/// The initrd's address: as high as the kernel can reach and the firmware leaves free. 0 without initrd.
fn place_initrd(header: &Header, initrd: &[u8], ram_bytes: u32) -> Result<u32, BootError> {
    const PAGE: u64 = 4096;
    if initrd.is_empty() {
        return Ok(0);
    }
    let size = initrd.len() as u64;
    let top =
        u64::from(ram_bytes.saturating_sub(FIRMWARE_TOP)).min(u64::from(header.initrd_max) + 1) / PAGE * PAGE;
    let lowest = header.needs.1.max(HIGH).next_multiple_of(PAGE);
    let at = top.saturating_sub(size) / PAGE * PAGE;
    if at < lowest {
        return Err(BootError::InitrdTooLarge { size, room: top.saturating_sub(lowest) });
    }
    Ok(at as u32)
}

/// Fills in what the protocol asks of a boot loader.
fn patch(setup_part: &mut [u8], header: &Header, command_line: &[u8], initrd: (u32, u32)) {
    let (real, heap_end, line_at) = header.real_mode();
    put(setup_part, setup::TYPE_OF_LOADER, &[setup::UNDEFINED_LOADER]);
    put(setup_part, setup::VID_MODE, &video_mode(command_line).to_le_bytes());
    put(setup_part, setup::RAMDISK_IMAGE, &initrd.0.to_le_bytes());
    put(setup_part, setup::RAMDISK_SIZE, &initrd.1.to_le_bytes());
    put(setup_part, setup::CODE32_START, &(header.needs.0 as u32).to_le_bytes());
    if header.version >= 0x201 {
        let flags = setup_part[setup::LOADFLAGS] | setup::CAN_USE_HEAP;
        put(setup_part, setup::LOADFLAGS, &[flags]);
        put(setup_part, setup::HEAP_END_PTR, &(heap_end - 0x200).to_le_bytes());
    }
    if header.version >= 0x202 {
        put(setup_part, setup::CMD_LINE_PTR, &line_at.to_le_bytes());
    } else {
        put(setup_part, setup::CMD_LINE_MAGIC, &0xA33Fu16.to_le_bytes());
        put(setup_part, setup::CMD_LINE_OFFSET, &((line_at - real) as u16).to_le_bytes());
    }
}

/// The video mode of `vga=` on the command line, which is the boot loader's to obey: a number, or one of three names.
fn video_mode(command_line: &[u8]) -> u16 {
    const NORMAL: u16 = 0xFFFF;
    let line = String::from_utf8_lossy(command_line);
    let Some(value) = line.split_ascii_whitespace().filter_map(|word| word.strip_prefix("vga=")).next_back()
    else {
        return NORMAL;
    };
    match value {
        "normal" => NORMAL,
        "ext" => 0xFFFE,
        "ask" => 0xFFFD,
        _ => match value.strip_prefix("0x") {
            Some(hex) => u16::from_str_radix(hex, 16).unwrap_or(NORMAL),
            None => value.parse().unwrap_or(NORMAL),
        },
    }
}
