//! Snapshots beside a store that keeps every page once: a manifest for each, and packs of pages that any of them may need.

use super::file::BATCH;
use super::{Packing, PageId, SnapshotError};
use crate::machine::pages::PageBytes;
use crate::mem::PAGE;
use std::collections::BTreeMap;
use std::rc::Rc;
use xxhash_rust::xxh3::Xxh3;

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
    /// One byte, the number of the [`Packing`]; with [`SUMMED`] in it, eight bytes with the XXH3 of the ids and of what
    /// follows, least significant first; then the packed pages.
    pub bytes: Vec<u8>,
}

/// Pages with their names.
pub type Pages = Vec<(PageId, Rc<PageBytes>)>;

/// In a pack's first byte: a sum follows. Packs of before there were sums lie in people's stores.
const SUMMED: u8 = 0x80;

const DAMAGED: SnapshotError = SnapshotError::Damaged("a stored page");

fn sum_of(ids: &[PageId], packed: &[u8]) -> [u8; 8] {
    let mut sum = Xxh3::new();
    ids.iter().for_each(|id| sum.update(&id.0));
    sum.update(packed);
    sum.digest().to_le_bytes()
}

impl Pack {
    /// The most pages in one.
    pub const MOST: usize = BATCH;

    /// Packs pages, at most [`Pack::MOST`].
    pub fn of(pages: &[(PageId, Rc<PageBytes>)]) -> Self {
        let plain: Vec<u8> = pages.iter().flat_map(|(_, page)| page.iter().copied()).collect();
        let (packing, packed) = Packing::pack(&plain);
        let ids: Vec<_> = pages.iter().map(|(id, _)| *id).collect();
        let bytes = [&[packing.number() | SUMMED], &sum_of(&ids, &packed)[..], &packed].concat();
        Self { ids, bytes }
    }

    /// The pages of a pack that anybody may have made.
    ///
    /// # Errors
    /// They are not what their ids say.
    pub fn unpack(&self) -> Result<Pages, SnapshotError> {
        let pages = self.unpacked()?.1;
        if pages.iter().any(|(id, page)| PageId::of(page) != *id) { Err(DAMAGED) } else { Ok(pages) }
    }

    /// The pages of a pack that [`Pack::of`] made and one's own store kept: its sum shows whether it is still as it was,
    /// in a tenth of the time that the pages' ids take.
    ///
    /// # Errors
    /// It is not.
    pub fn unpack_own(&self) -> Result<Pages, SnapshotError> {
        match self.unpacked()? {
            (true, pages) => Ok(pages),
            (false, _) => self.unpack(),
        }
    }

    /// Whether there was a sum, which is right, and the pages.
    fn unpacked(&self) -> Result<(bool, Pages), SnapshotError> {
        let (&first, mut packed) = self.bytes.split_first().ok_or(DAMAGED)?;
        let summed = first & SUMMED != 0;
        if summed {
            let (sum, rest) = packed.split_first_chunk().ok_or(DAMAGED)?;
            if *sum != sum_of(&self.ids, rest) {
                return Err(DAMAGED);
            }
            packed = rest;
        }
        let packing = Packing::of_number(first & !SUMMED).ok_or(DAMAGED)?;
        if self.ids.is_empty() || self.ids.len() > Self::MOST {
            return Err(DAMAGED);
        }
        let plain = packing.unpack(packed, self.ids.len() * PAGE as usize).ok_or(DAMAGED)?;
        let pages = self.ids.iter().zip(plain.as_chunks().0).map(|(&id, page)| (id, Rc::new(*page)));
        Ok((summed, pages.collect()))
    }
}
