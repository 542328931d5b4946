//! A snapshot made piece by piece: the machine is copied at once, and goes on while the copy is named page by page.

use super::cut;
use super::{PageId, Section, Snapshot, versions};
use crate::machine::pages::Pages;
use crate::machine::{Description, Machine};
use crate::time::Ns;
use std::collections::BTreeMap;

/// A copy of a machine whose pages have not all been hashed yet.
#[derive(Debug)]
pub struct Draft {
    description: Description,
    when: (u64, Ns),
    sections: Vec<Section>,
    page_count: u32,
    pages: Pages,
    ids: BTreeMap<u32, PageId>,
    /// Pages still to be hashed, the last first.
    left: Vec<usize>,
}

impl Machine {
    /// Copies the whole state as it is now; the machine may go on at once. Given the snapshot taken before, only pages
    /// that changed since are hashed.
    pub fn draft(&mut self, before: Option<&Snapshot>) -> Draft {
        let moment = self.moment();
        let sections = moment.sections().iter().map(|(name, bytes)| {
            let disks = self.overlays(name).flat_map(|o| o.changed_pages().map(|(_, _, bytes)| bytes));
            let (version, holes) = (versions::current(name), cut::find(bytes, disks));
            Section { name: (*name).into(), version, bytes: bytes.clone(), holes }
        });
        let sections = sections.collect();
        let page_count = self.backing_pages();
        let pages = moment.pages().clone();
        let (ids, mut left) = match before.filter(|before| before.page_count == page_count) {
            None => (BTreeMap::new(), pages.iter().map(|(page, _)| page).collect::<Vec<_>>()),
            Some(before) => (before.ids.clone(), pages.differing(&before.pages)),
        };
        left.reverse();
        let when = (moment.instruction, moment.time);
        Draft { description: self.description(), when, sections, page_count, pages, ids, left }
    }
}

impl Draft {
    /// Hashes at most so many pages more; true when none is left.
    pub fn hash(&mut self, most: usize) -> bool {
        for page in self.left.split_off(self.left.len().saturating_sub(most)).into_iter().rev() {
            match self.pages.get(page) {
                Some(bytes) => self.ids.insert(page as u32, PageId::of(bytes)),
                None => self.ids.remove(&(page as u32)),
            };
        }
        self.left.is_empty()
    }

    /// The snapshot; what has not been hashed is now.
    pub fn finish(mut self) -> Snapshot {
        self.hash(usize::MAX);
        Snapshot::assemble(self.description, self.when, self.sections, self.page_count, self.pages, self.ids)
    }
}
