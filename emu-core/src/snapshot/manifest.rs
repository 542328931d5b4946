//! What a file says before its pages, as it is written: postcard of [`Manifest`], version 1 of the layout. It never
//! changes: another layout is another struct and another number.

use super::{Packing, PageId};
use crate::machine::Description;
use serde::{Deserialize, Serialize};

/// The manifest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// What wrote it, for people.
    pub engine: String,
    /// The machine.
    pub machine: Description,
    /// Instructions executed.
    pub instruction: u64,
    /// Virtual nanoseconds.
    pub time: u64,
    /// The snapshot beside which this one is told.
    pub parent: Option<PageId>,
    /// CPU, board, devices.
    pub sections: Vec<SectionEntry>,
    /// Pages of the machine's memory, those of zeros included.
    pub page_count: u32,
    /// Pages of memory, or beside a parent those that changed, by rising number.
    pub memory: Vec<MemoryEntry>,
    /// Ids of the pages spoken of, each once: first those that the file carries, in their order.
    pub ids: Vec<PageId>,
    /// How these are packed.
    pub batches: Vec<Batch>,
}

/// A part of the state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SectionEntry {
    /// `cpu`, `board`, or a device's name.
    pub name: String,
    /// Version of its shape.
    pub version: u16,
    /// Its bytes without the pages of disks.
    pub rest: Vec<u8>,
    /// Where these pages are in it, and which they are: places in [`Manifest::ids`].
    pub holes: Vec<(u32, u32)>,
}

/// A page of memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemoryEntry {
    /// Pages between the one before it and this one.
    pub skip: u32,
    /// 0 for zeros, else one more than its place in [`Manifest::ids`].
    pub id: u32,
}

/// Pages packed together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Batch {
    /// How.
    pub packing: Packing,
    /// Bytes in the file.
    pub bytes: u32,
    /// Pages.
    pub pages: u32,
}
