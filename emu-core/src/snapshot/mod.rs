//! Snapshots: a PC's whole state as a file, and back.
//!
//! A file is refused whole or opened whole, and is trusted in nothing. Layout, numbers little-endian:
//!
//! | at | bytes | what |
//! | --- | --- | --- |
//! | 0 | 8 | [`file::MAGIC`] |
//! | 8 | 2 | version of this layout |
//! | 10 | 1 | kind: 1 is a PC; 3 is a card before a file, see [`card`] |
//! | 11 | 1 | [`Packing`] of the manifest |
//! | 12 | 4 | bytes of the packed manifest |
//! | 16 | 4 | bytes of the manifest |
//! | 20 | 32 | SHA-256 of bytes 0-19 and of the packed manifest |
//! | 52 | | the packed manifest, then batches of packed pages, as the manifest tells |
//!
//! The manifest (see [`manifest`]) has the machine's description, one section for the CPU, the board and each device, with a
//! version each, and says by SHA-256 which 4 KiB page lies where: in memory, and in what the guest wrote to disks. A page
//! of zeros is not there. Beside a parent only what changed is told and carried. So every bit of a file is held by a
//! hash before it is used, and pages can be kept once however many snapshots share them. Equal states have equal ids; their
//! files are equal only where one program wrote both, as a packing may choose otherwise on a host of other words.

pub mod card;
pub mod compare;
mod cut;
mod draft;
mod error;
pub mod file;
mod limits;
pub mod manifest;
mod packing;
mod page;
mod store;
mod versions;

#[cfg(test)]
mod store_tests;
#[cfg(test)]
mod tests;

pub use draft::Draft;
pub use error::SnapshotError;
pub use file::File;
pub use limits::Limits;
pub use packing::Packing;
pub use page::PageId;
pub use store::{Pack, PageStore};

use crate::bus::save_state;
use crate::machine::pages::{PageBytes, Pages};
use crate::machine::{Description, Machine};
use crate::time::Ns;
use cut::Hole;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::rc::Rc;

/// A part of the state: the CPU, the board, or a device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Section {
    pub name: String,
    pub version: u16,
    /// All of its bytes.
    pub bytes: Vec<u8>,
    /// Which of them are pages of disks.
    pub holes: Vec<Hole>,
}

/// A machine's whole state, checked in itself; whether it fits a machine, that machine finds out.
#[derive(Clone, Debug)]
pub struct Snapshot {
    id: PageId,
    description: Description,
    instruction: u64,
    time: Ns,
    sections: Vec<Section>,
    /// Pages of the machine's memory, those of zeros included.
    page_count: u32,
    pages: Pages,
    /// Which page is not zeros, and its id.
    ids: BTreeMap<u32, PageId>,
}

impl Snapshot {
    /// Its name: SHA-256 of all it says. Equal states of equal machines have equal names.
    pub fn id(&self) -> PageId {
        self.id
    }

    /// The machine it is of.
    pub fn description(&self) -> &Description {
        &self.description
    }

    /// Instructions executed.
    pub fn instruction(&self) -> u64 {
        self.instruction
    }

    /// Virtual nanoseconds.
    pub fn time(&self) -> Ns {
        self.time
    }

    /// Pages of memory that are not zeros, and of disks that were written to: each once, with its bytes. For a store that
    /// keeps a page once however many snapshots share it.
    pub fn contents(&self) -> BTreeMap<PageId, Rc<PageBytes>> {
        self.pages().collect()
    }

    /// The same pages in the order of memory and disks, where neighbours are alike and pack well; some more than once.
    pub fn pages(&self) -> impl Iterator<Item = (PageId, Rc<PageBytes>)> {
        let memory = self.ids.iter().filter_map(|(&page, &id)| Some((id, self.pages.shared(page as usize)?)));
        let disks = self.sections.iter().flat_map(|section| {
            section.holes.iter().filter_map(|hole| Some((hole.id, Rc::new(*hole.bytes(&section.bytes)?))))
        });
        memory.chain(disks)
    }

    /// As a file: whole, or beside a parent, which has then to be given when it is read.
    pub fn to_bytes(&self, parent: Option<&Snapshot>) -> Vec<u8> {
        file::encode(self, parent)
    }

    /// As a file that carries no page: for a store that keeps them, and gives them to [`File::unpack_from`].
    pub fn to_manifest(&self) -> Vec<u8> {
        file::encode_manifest(self)
    }

    fn assemble(
        description: Description,
        (instruction, time): (u64, Ns),
        sections: Vec<Section>,
        page_count: u32,
        pages: Pages,
        ids: BTreeMap<u32, PageId>,
    ) -> Self {
        let mut hash = Sha256::new();
        hash.update(save_state(&(&description, instruction, time, page_count)));
        for section in &sections {
            hash.update(save_state(&(&section.name, section.version, section.bytes.len() as u64)));
            let ids: Vec<_> = section.holes.iter().map(|hole| (hole.at, hole.id)).collect();
            hash.update(save_state(&ids));
            cut::rest(&section.bytes, &section.holes).for_each(|part| hash.update(part));
        }
        for (page, id) in &ids {
            hash.update(page.to_le_bytes());
            hash.update(id.0);
        }
        let id = PageId(hash.finalize().into());
        Self { id, description, instruction, time, sections, page_count, pages, ids }
    }
}

impl Machine {
    /// The whole state now. The machine goes on as if nothing had been. Given the snapshot taken before, only pages that
    /// changed since are hashed again.
    pub fn snapshot(&mut self, before: Option<&Snapshot>) -> Snapshot {
        self.draft(before).finish()
    }

    /// Goes to a snapshot of this machine, or of one that is made of the same.
    ///
    /// # Errors
    /// It is of another machine, of a newer engine, or such as no machine can be in; this one is as it was.
    pub fn open(&mut self, snapshot: &Snapshot) -> Result<(), SnapshotError> {
        if let Some(difference) = self.description().difference(&snapshot.description) {
            return Err(SnapshotError::OtherMachine(difference));
        }
        if snapshot.page_count != self.backing_pages() {
            return Err(SnapshotError::Damaged("the number of memory pages"));
        }
        let sections = versions::fit(&snapshot.sections, &self.section_names())?;
        let when = (snapshot.instruction, snapshot.time);
        let moment = self.moment_of(when, sections, snapshot.pages.clone());
        let before = self.moment();
        self.restore(&moment).map_err(SnapshotError::Refused)?;
        if (self.instructions(), self.time()) != when {
            self.restore(&before).map_err(SnapshotError::Refused)?;
            return Err(SnapshotError::Damaged("the position, which is not the CPU's"));
        }
        Ok(())
    }
}
