//! A disk image that arrives in pieces over HTTP: a cache of pages that says `NotYet` until the page was supplied.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use crate::error::Error;
use emu_core::host::{BlockDevice, NotYet};

/// Bytes in a cached page: large enough that one HTTP request serves many sectors.
pub const PAGE: u64 = 64 * 1024;

/// Pages kept per disk (256 MiB). The least recently read goes first; a page that a machine waits for is the most
/// recent, so that it is never the one to go.
pub const PAGES: usize = 4096;

/// The pages of a remote image that are here, shared by the machine's drive and by whoever fetches them.
#[derive(Clone)]
pub struct PageCache(Rc<RefCell<Pages>>);

struct Pages {
    len: u64,
    limit: usize,
    clock: u64,
    pages: BTreeMap<u64, Page>,
}

struct Page {
    last_used: u64,
    bytes: Vec<u8>,
}

impl PageCache {
    /// An empty cache for an image of `len` bytes that keeps `limit` pages.
    pub fn new(len: u64, limit: usize) -> PageCache {
        PageCache(Rc::new(RefCell::new(Pages { len, limit, clock: 0, pages: BTreeMap::new() })))
    }

    /// Takes whole pages that start at `offset`; only the last page of the image may be shorter.
    ///
    /// # Errors
    /// `Error::Supply` when the bytes are not whole pages inside the image; nothing is taken then.
    pub fn supply(&self, offset: u64, bytes: &[u8]) -> Result<(), Error> {
        let pages = &mut *self.0.borrow_mut();
        let end = offset.checked_add(bytes.len() as u64).filter(|end| *end <= pages.len);
        let Some(end) = end else {
            return Err(Error::Supply(format!("{} bytes at {offset} reach past the end", bytes.len())));
        };
        if !offset.is_multiple_of(PAGE) || !(end.is_multiple_of(PAGE) || end == pages.len) {
            return Err(Error::Supply(format!("{} bytes at {offset} are not whole pages", bytes.len())));
        }
        for (index, page) in (offset / PAGE..).zip(bytes.chunks(PAGE as usize)) {
            pages.insert(index, page);
        }
        Ok(())
    }

    /// Whether a drive, or somebody who may put the image into one again, has it.
    pub fn is_shared(&self) -> bool {
        Rc::strong_count(&self.0) > 1
    }

    /// How many pages are here.
    pub fn pages(&self) -> usize {
        self.0.borrow().pages.len()
    }
}

impl Pages {
    fn insert(&mut self, index: u64, bytes: &[u8]) {
        self.clock += 1;
        self.pages.insert(index, Page { last_used: self.clock, bytes: bytes.to_vec() });
        if self.pages.len() > self.limit {
            let oldest = self.pages.iter().min_by_key(|(_, page)| page.last_used).map(|(index, _)| *index);
            oldest.and_then(|index| self.pages.remove(&index));
        }
    }

    fn copy(&mut self, offset: u64, buf: &mut [u8]) -> Result<(), NotYet> {
        let mut at = offset;
        let mut rest = buf;
        while !rest.is_empty() {
            if at >= self.len {
                rest.fill(0);
                return Ok(());
            }
            self.clock += 1;
            let page = self.pages.get_mut(&(at / PAGE)).ok_or(NotYet)?;
            page.last_used = self.clock;
            let here = page.bytes.get((at % PAGE) as usize..).unwrap_or_default();
            let count = here.len().min(rest.len());
            if count == 0 {
                return Err(NotYet);
            }
            let (now, later) = rest.split_at_mut(count);
            now.copy_from_slice(here.get(..count).unwrap_or_default());
            at = at.wrapping_add(count as u64);
            rest = later;
        }
        Ok(())
    }
}

/// The machine's view of a `PageCache`.
pub struct RemoteDisk {
    cache: PageCache,
    read_only: bool,
}

impl RemoteDisk {
    /// A drive that reads what `cache` holds.
    pub fn new(cache: PageCache, read_only: bool) -> RemoteDisk {
        RemoteDisk { cache, read_only }
    }
}

impl BlockDevice for RemoteDisk {
    fn len(&self) -> u64 {
        self.cache.0.borrow().len
    }

    fn read(&mut self, offset: u64, buf: &mut [u8]) -> Result<(), NotYet> {
        self.cache.0.borrow_mut().copy(offset, buf)
    }

    fn read_only(&self) -> bool {
        self.read_only
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEN: u64 = 3 * PAGE + 1024;

    fn image() -> Vec<u8> {
        (0..LEN).map(|at| (at / 512) as u8).collect()
    }

    #[test]
    fn waits_for_every_page_of_a_read() {
        let image = image();
        let cache = PageCache::new(LEN, PAGES);
        let mut disk = RemoteDisk::new(cache.clone(), false);
        let mut buf = [0; 2048];
        let across = PAGE - 1024;
        assert!(disk.read(across, &mut buf).is_err());
        cache.supply(0, &image[..PAGE as usize]).unwrap();
        assert!(disk.read(across, &mut buf).is_err());
        cache.supply(PAGE, &image[PAGE as usize..2 * PAGE as usize]).unwrap();
        assert!(disk.read(across, &mut buf).is_ok());
        assert_eq!(buf[..], image[across as usize..across as usize + 2048]);
    }

    #[test]
    fn the_last_page_may_be_short_and_zeros_follow_it() {
        let image = image();
        let cache = PageCache::new(LEN, PAGES);
        cache.supply(3 * PAGE, &image[3 * PAGE as usize..]).unwrap();
        let mut disk = RemoteDisk::new(cache, false);
        let mut buf = [7; 2048];
        assert!(disk.read(3 * PAGE, &mut buf).is_ok());
        assert_eq!(buf[..1024], image[3 * PAGE as usize..]);
        assert_eq!(buf[1024..], [0; 1024]);
    }

    #[test]
    fn refuses_what_is_not_whole_pages_inside() {
        let cache = PageCache::new(LEN, PAGES);
        assert!(cache.supply(512, &[0; 512]).is_err());
        assert!(cache.supply(0, &[0; 512]).is_err());
        assert!(cache.supply(3 * PAGE, &[0; 2048]).is_err());
        assert!(cache.supply(u64::MAX - 1, &[0; 512]).is_err());
        assert_eq!(cache.pages(), 0);
    }

    #[test]
    fn forgets_the_least_recently_read_page() {
        let image = image();
        let cache = PageCache::new(LEN, 2);
        let mut disk = RemoteDisk::new(cache.clone(), false);
        let mut buf = [0; 512];
        cache.supply(0, &image[..2 * PAGE as usize]).unwrap();
        assert!(disk.read(0, &mut buf).is_ok());
        cache.supply(2 * PAGE, &image[2 * PAGE as usize..3 * PAGE as usize]).unwrap();
        assert_eq!(cache.pages(), 2);
        assert!(disk.read(0, &mut buf).is_ok());
        assert!(disk.read(PAGE, &mut buf).is_err());
        assert!(disk.read(2 * PAGE, &mut buf).is_ok());
    }
}
