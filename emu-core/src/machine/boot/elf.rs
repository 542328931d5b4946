//! The parts of a 32-bit ELF file that a boot loader needs (System V ABI, Intel386 supplement).

use super::{BootError, u16_at, u32_at};

/// Bytes of the file and of memory that belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Segment {
    /// Offset in the file.
    pub offset: u32,
    /// Bytes in the file.
    pub file_len: u32,
    /// Physical address.
    pub address: u32,
    /// Bytes in memory; those past the file's are zero.
    pub memory_len: u32,
}

/// Most loadable segments: the boot ROM lists three descriptors for each.
const SEGMENTS_MAX: usize = 64;

const PT_LOAD: u32 = 1;
const ET_EXEC: u16 = 2;
const EM_386: u16 = 3;
const HEADER: usize = 52;
const PROGRAM_HEADER: usize = 32;

/// Whether the file is an ELF file of any kind.
pub(super) fn is_elf(file: &[u8]) -> bool {
    file.starts_with(b"\x7FELF")
}

/// The loadable segments, and the physical address of the entry point.
pub(super) fn read(file: &[u8]) -> Result<(Vec<Segment>, u32), BootError> {
    let has = file.len() as u64;
    let truncated = |part, needed| BootError::Truncated { part, needed, has };
    if file.len() < HEADER {
        return Err(truncated("ELF header", HEADER as u64));
    }
    let word = |at| u16_at(file, at).unwrap_or(0);
    let dword = |at| u32_at(file, at).unwrap_or(0);
    if file.get(4..6) != Some(&[1, 1]) || word(18) != EM_386 {
        return Err(BootError::WrongMachine);
    }
    if word(16) != ET_EXEC {
        return Err(BootError::BadField { field: "ELF e_type", value: word(16).into() });
    }
    let (table, size, count) = (dword(28) as usize, usize::from(word(42)), usize::from(word(44)));
    if count == 0 || size < PROGRAM_HEADER {
        return Err(BootError::BadField { field: "ELF e_phnum or e_phentsize", value: count as u64 });
    }
    let end = table as u64 + (size * count) as u64;
    if end > has {
        return Err(truncated("ELF program header table", end));
    }
    let entry = dword(24);
    let mut physical_entry = None;
    let mut segments = Vec::new();
    for at in (0..count).map(|n| table + n * size).filter(|&at| dword(at) == PT_LOAD && dword(at + 20) != 0) {
        let segment = Segment {
            offset: dword(at + 4),
            file_len: dword(at + 16),
            address: dword(at + 12),
            memory_len: dword(at + 20),
        };
        let file_end = u64::from(segment.offset) + u64::from(segment.file_len);
        if file_end > has {
            return Err(truncated("ELF segment", file_end));
        }
        if segment.file_len > segment.memory_len {
            return Err(BootError::BadField { field: "ELF p_filesz", value: segment.file_len.into() });
        }
        // The entry point is a virtual address.
        let within = entry.wrapping_sub(dword(at + 8));
        if within < segment.memory_len {
            physical_entry = Some(segment.address.wrapping_add(within));
        }
        segments.push(segment);
    }
    if segments.is_empty() || segments.len() > SEGMENTS_MAX {
        return Err(BootError::BadField { field: "number of ELF segments", value: segments.len() as u64 });
    }
    let entry = physical_entry.ok_or(BootError::BadField { field: "ELF e_entry", value: entry.into() })?;
    Ok((segments, entry))
}
