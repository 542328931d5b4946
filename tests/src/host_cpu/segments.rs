//! The local descriptor table, the same on both sides.

use super::{CODE, DATA};

/// An entry as modify_ldt takes it (`struct user_desc` of Linux).
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    base: u32,
    /// As the descriptor has it: bytes or pages.
    limit: u32,
    /// D or B.
    wide: bool,
    /// 0 data, 1 expand-down data, 2 code.
    contents: u32,
    /// Data that cannot be written, code that cannot be read.
    restricted: bool,
    pages: bool,
    present: bool,
}

/// Selector of an entry.
const fn selector(index: u16) -> u16 {
    index << 3 | 7
}

/// 16-bit code with a small limit.
pub const CODE16: u16 = selector(1);
/// 32-bit code with a small limit.
pub const CODE32: u16 = selector(2);
/// Data that cannot be written.
pub const READ_ONLY: u16 = selector(7);
/// Data that is not present.
pub const NOT_PRESENT: u16 = selector(9);
/// A stack whose segment ends just above the stack pointer.
pub const SHORT_STACK: u16 = selector(11);
/// Base of a segment.
pub fn base(selector: u16) -> u32 {
    let entry = ENTRIES.get(usize::from(selector >> 3)).copied().flatten();
    if selector & 4 == 0 { 0 } else { entry.map_or(0, |entry| entry.base) }
}

/// What DS, ES, FS and GS may hold.
pub const DATA_SEGMENTS: [u16; 7] =
    [selector(3), selector(4), selector(5), READ_ONLY, selector(10), selector(12), selector(15)];
/// What SS may hold.
pub const STACKS: [u16; 5] = [selector(4), selector(5), selector(6), SHORT_STACK, selector(15)];
/// Those of [`STACKS`] that use SP.
pub const STACKS_16: [u16; 2] = [selector(4), selector(6)];

const PLAIN: Entry = Entry {
    base: DATA,
    limit: 0xFFFF,
    wide: true,
    contents: 0,
    restricted: false,
    pages: false,
    present: true,
};

/// All entries, from number 0 on; `None` is an empty one.
pub const ENTRIES: [Option<Entry>; 16] = [
    None,
    Some(Entry { base: CODE, limit: 0x7F, wide: false, contents: 2, ..PLAIN }),
    Some(Entry { base: CODE, limit: 0x7F, contents: 2, ..PLAIN }),
    // Ends where memory operands are.
    Some(Entry { limit: 0x1003, ..PLAIN }),
    Some(Entry { wide: false, ..PLAIN }),
    // Begins there.
    Some(Entry { limit: 0xFFF, contents: 1, ..PLAIN }),
    // Begins in the stack window.
    Some(Entry { limit: 0x182F, wide: false, contents: 1, ..PLAIN }),
    Some(Entry { restricted: true, ..PLAIN }),
    Some(Entry { limit: 0xF_FFFF, contents: 2, restricted: true, ..PLAIN }),
    Some(Entry { present: false, ..PLAIN }),
    Some(Entry { limit: 0, pages: true, ..PLAIN }),
    // Ends in the stack window.
    Some(Entry { limit: 0x1843, ..PLAIN }),
    Some(Entry { wide: false, contents: 2, ..PLAIN }),
    None,
    None,
    Some(Entry { limit: 0xF_FFFF, ..PLAIN }),
];

impl Entry {
    /// As `struct user_desc`.
    pub fn user_desc(self, number: u32) -> [u32; 4] {
        let bits = u32::from(self.wide)
            | self.contents << 1
            | u32::from(self.restricted) << 3
            | u32::from(self.pages) << 4
            | u32::from(!self.present) << 5
            | 1 << 6;
        [number, self.base, self.limit, bits]
    }

    /// As Linux makes a descriptor of it: ring 3, accessed, available.
    pub fn descriptor(self) -> u64 {
        let kind = 1 | u64::from(!self.restricted) << 1 | u64::from(self.contents) << 2;
        let access = kind | 0x70 | u64::from(self.present) << 7;
        let flags = 1 | u64::from(self.wide) << 2 | u64::from(self.pages) << 3;
        let (base, limit) = (u64::from(self.base), u64::from(self.limit));
        limit & 0xFFFF
            | (base & 0xFF_FFFF) << 16
            | access << 40
            | (limit >> 16 & 0xF) << 48
            | flags << 52
            | (base >> 24) << 56
    }
}
