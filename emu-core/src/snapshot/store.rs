//! Snapshots beside a store that keeps every page once: a manifest for each, and packs of pages that any of them may need.

use super::file::BATCH;
use super::{Packing, PageId, SnapshotError};
use crate::machine::pages::PageBytes;
use crate::mem::PAGE;
use std::collections::BTreeMap;
use std::rc::Rc;

/// Where pages are found that a manifest names but does not carry. What it gives for an id has that SHA-256: packs are
/// checked when they are unpacked.
pub trait PageStore {
    /// The page of this id.
    fn page(&self, id: &PageId) -> Option<Rc<PageBytes>>;
}

impl PageStore for BTreeMap<PageId, Rc<PageBytes>> {
    fn page(&self, id: &PageId) -> Option<Rc<PageBytes>> {
        self.get(id).cloned()
    }
}

/// Pages packed together, as a store keeps them: single ones pack badly, and many small records are slow to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pack {
    /// Which pages, in their order.
    pub ids: Vec<PageId>,
    /// One byte, the number of the [`Packing`], then the packed pages.
    pub bytes: Vec<u8>,
}

impl Pack {
    /// The most pages in one.
    pub const MOST: usize = BATCH;

    /// Packs pages, at most [`Pack::MOST`].
    pub fn of(pages: &[(PageId, Rc<PageBytes>)]) -> Self {
        let plain: Vec<u8> = pages.iter().flat_map(|(_, page)| page.iter().copied()).collect();
        let (packing, packed) = Packing::pack(&plain);
        let mut bytes = Vec::with_capacity(packed.len() + 1);
        bytes.push(packing.number());
        bytes.extend_from_slice(&packed);
        Self { ids: pages.iter().map(|(id, _)| *id).collect(), bytes }
    }

    /// The pages.
    ///
    /// # Errors
    /// They are not what their ids say.
    pub fn unpack(&self) -> Result<Vec<(PageId, Rc<PageBytes>)>, SnapshotError> {
        const DAMAGED: SnapshotError = SnapshotError::Damaged("a stored page");
        let (&packing, packed) = self.bytes.split_first().ok_or(DAMAGED)?;
        let packing = Packing::of_number(packing).ok_or(DAMAGED)?;
        if self.ids.is_empty() || self.ids.len() > Self::MOST {
            return Err(DAMAGED);
        }
        let plain = packing.unpack(packed, self.ids.len() * PAGE as usize).ok_or(DAMAGED)?;
        let pages = self.ids.iter().zip(plain.as_chunks().0).map(|(&id, page)| {
            let page: Rc<PageBytes> = Rc::new(*page);
            if PageId::of(&page) == id { Ok((id, page)) } else { Err(DAMAGED) }
        });
        pages.collect()
    }
}
