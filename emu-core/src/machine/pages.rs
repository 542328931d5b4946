//! Memory page by page: what changed since it was last hashed or copied, and copies that moments share.

use crate::mem::{DIRTY, Memory, PAGE};
use std::rc::Rc;
use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

/// The bytes of a page.
pub type PageBytes = [u8; PAGE as usize];

/// Pages of a chunk: what moments share above single pages, so that a moment costs little beside what changed.
const CHUNK: usize = 64;

/// A page: none for one of zeros.
type Slot = Option<Rc<PageBytes>>;

/// A copy of all backing pages at some moment. Copies made one after the other share what did not change.
#[derive(Clone, Debug, Default)]
pub struct Pages {
    chunks: Vec<Rc<[Slot; CHUNK]>>,
}

impl Pages {
    /// A copy made elsewhere, of `count` pages: page numbers below that, with their bytes; all others are zeros.
    pub fn of(count: usize, pages: impl IntoIterator<Item = (usize, Rc<PageBytes>)>) -> Self {
        let mut all = Self::zeros(count);
        pages.into_iter().for_each(|(page, bytes)| all.set(page, Some(bytes)));
        all
    }

    fn zeros(pages: usize) -> Self {
        let chunk = Rc::new([const { None }; CHUNK]);
        Self { chunks: vec![chunk; pages.div_ceil(CHUNK)] }
    }

    /// A page's bytes; nothing for a page of zeros.
    pub fn get(&self, page: usize) -> Option<&PageBytes> {
        self.slot(page).map(|bytes| &**bytes)
    }

    /// A page's bytes, shared; nothing for a page of zeros.
    pub fn shared(&self, page: usize) -> Option<Rc<PageBytes>> {
        self.slot(page).cloned()
    }

    fn slot(&self, page: usize) -> Option<&Rc<PageBytes>> {
        self.chunks.get(page / CHUNK)?[page % CHUNK].as_ref()
    }

    fn set(&mut self, page: usize, slot: Slot) {
        if let Some(chunk) = self.chunks.get_mut(page / CHUNK) {
            Rc::make_mut(chunk)[page % CHUNK] = slot;
        }
    }

    /// Numbers of the pages that are other copies here than there; equal bytes may be among them.
    pub fn differing(&self, other: &Self) -> Vec<usize> {
        let chunks = self.chunks.iter().zip(&other.chunks).enumerate();
        chunks
            .filter(|(_, (a, b))| !Rc::ptr_eq(a, b))
            .flat_map(|(n, (a, b))| {
                let same = |(a, b): (&Slot, &Slot)| match (a, b) {
                    (Some(a), Some(b)) => Rc::ptr_eq(a, b),
                    (a, b) => a.is_none() && b.is_none(),
                };
                let differs = move |at: &usize| !same((&a[*at], &b[*at]));
                (0..CHUNK).filter(differs).map(move |at| n * CHUNK + at)
            })
            .collect()
    }

    /// Bytes of the pages that are not shared with `other`.
    pub fn bytes_beside(&self, other: &Self) -> usize {
        let own = self.differing(other).into_iter().filter(|page| self.slot(*page).is_some());
        own.count() * PAGE as usize
    }

    /// Pages that are not all zeros, by number.
    pub fn iter(&self) -> impl Iterator<Item = (usize, &PageBytes)> {
        let pages = self.chunks.iter().flat_map(|chunk| chunk.iter()).enumerate();
        pages.filter_map(|(page, slot)| Some((page, &**slot.as_ref()?)))
    }
}

/// What happened to a page since.
const UNHASHED: u8 = 1;
const UNCOPIED: u8 = 2;

/// Follows the machine's memory.
#[derive(Default)]
pub struct PageBook {
    /// Hash of each page.
    hashes: Vec<u64>,
    /// Their sum, each hashed with its place.
    sum: u64,
    /// The last copy.
    copy: Pages,
    changed: Vec<u8>,
}

impl PageBook {
    /// Takes in the pages written since the last call, and clears their dirty flags: the caller sends writes to the slow
    /// path, which sets them again.
    fn sweep(&mut self, mem: &mut Memory) {
        let pages = mem.all_flags().len();
        if self.hashes.len() != pages {
            self.hashes = vec![xxh3_64(&[0; PAGE as usize]); pages];
            self.copy = Pages::zeros(pages);
            self.changed = vec![0; pages];
        }
        for page in 0..pages {
            if mem.all_flags()[page] & DIRTY != 0 {
                mem.clear_flags(page as u32 * PAGE, DIRTY);
                self.changed[page] = UNHASHED | UNCOPIED;
            }
        }
    }

    fn take(&mut self, what: u8) -> Vec<usize> {
        let found = self.changed.iter_mut().enumerate().filter(|(_, changed)| **changed & what != 0);
        found
            .map(|(page, changed)| {
                *changed &= !what;
                page
            })
            .collect()
    }

    /// A hash of all pages. A page of zeros contributes nothing.
    pub fn hash(&mut self, mem: &mut Memory) -> u64 {
        self.sweep(mem);
        let zero = xxh3_64(&[0; PAGE as usize]);
        for page in self.take(UNHASHED) {
            let new = xxh3_64(bytes(mem, page));
            let old = std::mem::replace(&mut self.hashes[page], new);
            let part = |hash: u64| {
                if hash == zero { 0 } else { xxh3_64_with_seed(&hash.to_le_bytes(), page as u64) }
            };
            if new != old {
                self.sum = self.sum.wrapping_sub(part(old)).wrapping_add(part(new));
            }
        }
        self.sum
    }

    /// A copy of all pages; it shares with the copy before what did not change.
    pub fn copy(&mut self, mem: &mut Memory) -> Pages {
        self.sweep(mem);
        for page in self.take(UNCOPIED) {
            let now = bytes(mem, page);
            let before: &[u8] = self.copy.get(page).map_or(&[0; PAGE as usize], |bytes| bytes);
            if now != before {
                let zero = now.iter().all(|byte| *byte == 0);
                let copied = <PageBytes>::try_from(now).ok().filter(|_| !zero);
                self.copy.set(page, copied.map(Rc::new));
            }
        }
        self.copy.clone()
    }

    /// Puts a copy back. False if it is of another memory; then nothing changed.
    pub fn restore(&mut self, mem: &mut Memory, pages: &Pages) -> bool {
        self.sweep(mem);
        if pages.chunks.len() != self.copy.chunks.len() {
            return false;
        }
        let mut others = self.copy.differing(pages);
        others.extend(self.take(UNCOPIED));
        for page in others {
            let target = mem.ram.slice_mut(page as u32 * PAGE, PAGE);
            match pages.get(page) {
                Some(bytes) => target.copy_from_slice(bytes),
                None => target.fill(0),
            }
            self.changed[page] = UNHASHED;
        }
        self.copy = pages.clone();
        true
    }
}

fn bytes(mem: &Memory, page: usize) -> &[u8] {
    mem.ram.slice(page as u32 * PAGE, PAGE)
}
