//! The BIOS ROM: all of it ends at 4 GiB, its last 128 KiB also at 1 MiB.

use crate::mem::{Memory, PAGE, ROM_AREA, Target};

/// The segment at F0000h, the least a BIOS occupies.
const SEGMENT: u32 = 0x1_0000;

/// A BIOS image in the backing store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BiosRom {
    /// Offset in the backing store, a multiple of a page.
    pub(super) offset: u32,
    /// Bytes, whole pages.
    pub(super) size: u32,
}

/// Why a BIOS image cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RomError {
    /// The file has no bytes.
    Empty,
    /// The file does not fit into what is left of the ROM area.
    TooLarge {
        /// Bytes of the file.
        size: usize,
    },
}

impl std::fmt::Display for RomError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            RomError::Empty => write!(f, "the BIOS image is empty: give SeaBIOS's bios-256k.bin or bios.bin"),
            RomError::TooLarge { size } => write!(
                f,
                "the BIOS image has {size} bytes, more than the {} KiB there are for ROMs: give a smaller one",
                ROM_AREA / 1024
            ),
        }
    }
}

impl std::error::Error for RomError {}

impl BiosRom {
    /// Puts a BIOS image into the ROM area. The end of the image is what the CPU starts from, so an image that is not
    /// as large as the segment F0000h-FFFFFh, or not whole pages, is padded in front.
    pub fn load(mem: &mut Memory, image: &[u8]) -> Result<BiosRom, RomError> {
        if image.is_empty() {
            return Err(RomError::Empty);
        }
        let too_large = RomError::TooLarge { size: image.len() };
        if image.len() > ROM_AREA as usize {
            return Err(too_large);
        }
        let size = (image.len() as u32).next_multiple_of(PAGE).max(SEGMENT);
        let mut padded = vec![0xFF; size as usize - image.len()];
        padded.extend_from_slice(image);
        let offset = mem.add_rom(&padded).ok_or(too_large)?;
        Ok(BiosRom { offset, size })
    }

    /// What reads of a segment below 1 MiB see while it is not shadowed: E0000h and up the ROM's end, else nothing.
    pub(super) fn below_1_mib(self, first: u32, len: u32) -> Target {
        const TOP: u32 = 0x10_0000;
        let from_top = TOP - first;
        let whole = from_top <= self.size.min(0x2_0000) && len <= from_top;
        if whole { Target::Ram(self.offset + self.size - from_top) } else { Target::Open }
    }
}
