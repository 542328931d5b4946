//! Pages of disks within a section. What a guest wrote to a disk is part of the state of the drive that holds it, and so of
//! its section; pages of it are found there and cut out, so that snapshots share them as they share memory. What is
//! found is equal byte by byte, so that putting it back gives the section that was, whatever else it may have been.

use super::PageId;
use crate::machine::pages::PageBytes;
use crate::mem::PAGE;

const LEN: usize = PAGE as usize;
/// How far behind one page the next begins at most: its number, which sectors it holds, its length.
const NEXT: usize = 16;
/// How far into the section of a drive its first page begins at most.
const FIRST: usize = 64 << 10;

/// A page within a section's bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Hole {
    /// First byte.
    pub at: u32,
    pub id: PageId,
}

impl Hole {
    /// Its bytes in the section.
    pub fn bytes<'a>(&self, section: &'a [u8]) -> Option<&'a PageBytes> {
        section.get(self.at as usize..)?.first_chunk()
    }
}

/// Where these pages are in a section, one after the other, up to the first that is not found.
pub(super) fn find<'a>(section: &[u8], pages: impl Iterator<Item = &'a [u8]>) -> Vec<Hole> {
    let mut holes = Vec::new();
    let mut from = 0;
    for page in pages {
        // Behind the pages of one disk may stand all of another drive's state before its first.
        let near = position(section, page, from, NEXT);
        let Some(at) = near.or_else(|| position(section, page, from, FIRST)) else { break };
        let Some(bytes) = section.get(at..).and_then(|rest| rest.first_chunk()) else { break };
        holes.push(Hole { at: at as u32, id: PageId::of(bytes) });
        from = at + LEN;
    }
    holes
}

fn position(section: &[u8], page: &[u8], from: usize, window: usize) -> Option<usize> {
    let last = section.len().checked_sub(LEN)?;
    (from..=last.min(from.saturating_add(window))).find(|&at| section.get(at..at + LEN) == Some(page))
}

/// What is left of a section without its holes, which do not overlap.
pub(super) fn rest<'a>(section: &'a [u8], holes: &'a [Hole]) -> impl Iterator<Item = &'a [u8]> {
    let ends = holes.iter().map(|hole| hole.at as usize).chain([section.len()]);
    let starts = std::iter::once(0).chain(holes.iter().map(|hole| hole.at as usize + LEN));
    starts.zip(ends).map(|(start, end)| section.get(start..end).unwrap_or(&[]))
}

/// The section again. Nothing if the holes do not lie one after the other within it.
pub(super) fn fill<'a>(rest: &[u8], pages: impl Iterator<Item = (u32, &'a PageBytes)>) -> Option<Vec<u8>> {
    let mut section = Vec::with_capacity(rest.len());
    let mut taken = 0;
    for (at, page) in pages {
        let gap = (at as usize).checked_sub(section.len())?;
        section.extend_from_slice(rest.get(taken..)?.get(..gap)?);
        taken += gap;
        section.extend_from_slice(page);
    }
    section.extend_from_slice(rest.get(taken..)?);
    Some(section)
}
