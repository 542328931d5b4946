//! What the guest wrote to an image. The image itself is never changed: writes are kept here, in sparse 4 KiB pages that
//! know which of their 512-byte sectors they hold, so that a write never has to wait for bytes of the image.

use super::BlockDevice;
use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::BTreeMap;
use std::fmt;

const PAGE: u64 = 4096;
const SECTOR: u64 = 512;

/// Bytes of the image that the host has not got yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Missing {
    /// First byte.
    pub offset: u64,
    /// How many, a multiple of 512.
    pub len: u32,
}

/// The overlay has reached [`Overlay::MAX_BYTES`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Full;

/// Guest writes laid over an image: part of the state of the drive that holds the image.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overlay {
    pages: BTreeMap<u64, Page>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Page {
    /// Bit n: sector n of the page was written.
    present: u8,
    bytes: PageBytes,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct PageBytes(Box<[u8; PAGE as usize]>);

impl Overlay {
    /// Most bytes of pages one overlay holds, so that a guest cannot use up the host's memory. A drive reports a
    /// write fault beyond it.
    pub const MAX_BYTES: u64 = 1 << 30;

    /// Whether the guest wrote nothing.
    pub fn is_empty(&self) -> bool {
        self.pages.is_empty()
    }

    /// Bytes of memory the pages take.
    pub fn bytes(&self) -> u64 {
        self.pages.len() as u64 * PAGE
    }

    /// Whether every page lies within an image of `len` bytes, and some sector of each is held.
    pub fn fits(&self, len: u64) -> bool {
        self.pages.iter().all(|(&n, p)| n < len.div_ceil(PAGE) && p.present != 0)
            && self.bytes() <= Self::MAX_BYTES
    }

    /// Fills `buf` from byte `offset` on with what the guest sees. Offset and length are multiples of 512.
    ///
    /// # Errors
    /// The first run of bytes that is neither here nor in the image yet; `buf` is then partly filled.
    pub fn read(&self, image: &mut dyn BlockDevice, offset: u64, buf: &mut [u8]) -> Result<(), Missing> {
        let sectors = buf.len() as u64 / SECTOR;
        let first = offset / SECTOR;
        let mut at = 0;
        while at < sectors {
            let held = self.sector(first + at);
            let run = self.run(first + at, sectors - at, held.is_some());
            let (from, to) = ((at * SECTOR) as usize, ((at + run) * SECTOR) as usize);
            let part = &mut buf[from..to];
            if held.is_some() {
                for (i, out) in part.chunks_exact_mut(SECTOR as usize).enumerate() {
                    out.copy_from_slice(self.sector(first + at + i as u64).unwrap_or(&[0; SECTOR as usize]));
                }
            } else {
                let offset = (first + at) * SECTOR;
                let len = (run * SECTOR) as u32;
                image.read(offset, part).map_err(|_| Missing { offset, len })?;
            }
            at += run;
        }
        Ok(())
    }

    /// Keeps `data` for byte `offset` on. Offset and length are multiples of 512.
    ///
    /// # Errors
    /// [`Full`] once a new page would exceed [`Overlay::MAX_BYTES`]; the sectors before it are kept.
    pub fn write(&mut self, offset: u64, data: &[u8]) -> Result<(), Full> {
        self.write_within(offset, data, Self::MAX_BYTES)
    }

    fn write_within(&mut self, offset: u64, data: &[u8], most: u64) -> Result<(), Full> {
        for (i, sector) in data.chunks_exact(SECTOR as usize).enumerate() {
            let at = offset + i as u64 * SECTOR;
            if !self.pages.contains_key(&(at / PAGE)) && self.bytes() + PAGE > most {
                return Err(Full);
            }
            let page = self.pages.entry(at / PAGE).or_insert_with(Page::new);
            page.set(at % PAGE / SECTOR, sector);
        }
        Ok(())
    }

    /// The pages the guest wrote to, in order: page number, which of its 8 sectors are held (bit 0 the first), its
    /// 4096 bytes (0 where no sector is held).
    pub fn changed_pages(&self) -> impl Iterator<Item = (u64, u8, &[u8])> {
        self.pages.iter().map(|(&n, p)| (n, p.present, &p.bytes.0[..]))
    }

    /// Puts back a page that [`Overlay::changed_pages`] gave; false if it has not 4096 bytes or holds no sector.
    pub fn restore_page(&mut self, number: u64, present: u8, bytes: &[u8]) -> bool {
        let Ok(bytes) = <Box<[u8; PAGE as usize]>>::try_from(bytes.to_vec().into_boxed_slice()) else {
            return false;
        };
        if present != 0 {
            self.pages.insert(number, Page { present, bytes: PageBytes(bytes) });
        }
        present != 0
    }

    /// A written sector, by its number on the medium.
    fn sector(&self, number: u64) -> Option<&[u8; SECTOR as usize]> {
        let page = self.pages.get(&(number / (PAGE / SECTOR)))?;
        let within = number % (PAGE / SECTOR);
        if page.present >> within & 1 == 0 {
            return None;
        }
        page.bytes.0.get((within * SECTOR) as usize..)?.first_chunk()
    }

    /// How many of `most` sectors from `first` on are all held, or all not.
    fn run(&self, first: u64, most: u64, held: bool) -> u64 {
        if !held && self.pages.range(first / 8..=(first + most) / 8).next().is_none() {
            return most;
        }
        (1..most).find(|&i| self.sector(first + i).is_some() != held).unwrap_or(most)
    }
}

impl Page {
    fn new() -> Self {
        Self { present: 0, bytes: PageBytes(Box::new([0; PAGE as usize])) }
    }

    fn set(&mut self, sector: u64, data: &[u8]) {
        let from = (sector * SECTOR) as usize;
        self.bytes.0[from..from + SECTOR as usize].copy_from_slice(data);
        self.present |= 1 << sector;
    }
}

impl Serialize for PageBytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0[..])
    }
}

impl<'de> Deserialize<'de> for PageBytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_bytes(PageVisitor)
    }
}

struct PageVisitor;

impl Visitor<'_> for PageVisitor {
    type Value = PageBytes;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{PAGE} bytes")
    }

    fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<PageBytes, E> {
        let page =
            <[u8; PAGE as usize]>::try_from(bytes).map_err(|_| E::invalid_length(bytes.len(), &self))?;
        Ok(PageBytes(Box::new(page)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::{MemoryImage, NotYet};

    /// An image of which only some 4 KiB pages have arrived.
    struct Arriving {
        bytes: Vec<u8>,
        here: Vec<bool>,
    }

    impl BlockDevice for Arriving {
        fn len(&self) -> u64 {
            self.bytes.len() as u64
        }

        fn read(&mut self, offset: u64, buf: &mut [u8]) -> Result<(), NotYet> {
            let from = offset as usize;
            let pages = from / 4096..(from + buf.len()).div_ceil(4096);
            if !self.here[pages].iter().all(|&h| h) {
                return Err(NotYet);
            }
            buf.copy_from_slice(&self.bytes[from..from + buf.len()]);
            Ok(())
        }
    }

    fn numbered(len: usize) -> Vec<u8> {
        (0..len).map(|i| (i / 512) as u8 ^ i as u8).collect()
    }

    /// Every mix of written and unwritten sectors reads as a plain array that got the same writes.
    #[test]
    fn reads_agree_with_a_plain_array() {
        let mut plain = numbered(64 * 512);
        let mut image = MemoryImage::new(plain.clone());
        let mut o = Overlay::default();
        let mut seed = 12345u32;
        for _ in 0..400 {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let first = (seed >> 8) as usize % 64;
            let count = 1 + (seed >> 20) as usize % 12;
            let range = first * 512..(first + count).min(64) * 512;
            if seed >> 31 == 0 {
                let data = vec![(seed >> 16) as u8; range.len()];
                plain[range.clone()].copy_from_slice(&data);
                assert_eq!(o.write(range.start as u64, &data), Ok(()));
            }
            let mut back = vec![0xEE; range.len()];
            assert_eq!(o.read(&mut image, range.start as u64, &mut back), Ok(()));
            assert_eq!(back, plain[range]);
        }
        let mut all = vec![0; plain.len()];
        assert_eq!(o.read(&mut image, 0, &mut all), Ok(()));
        assert_eq!(all, plain);
    }

    #[test]
    fn written_sectors_need_no_image_and_the_missing_run_is_named() {
        let mut image = Arriving { bytes: numbered(4 * 4096), here: vec![false; 4] };
        let mut o = Overlay::default();
        o.write(512, &[5; 512]).unwrap();
        o.write(4096, &[6; 4096]).unwrap();
        let mut buf = [0; 4096];
        assert_eq!(o.read(&mut image, 4096, &mut buf), Ok(()));
        assert_eq!(buf, [6; 4096]);
        assert_eq!(o.read(&mut image, 512, &mut buf[..512]), Ok(()));
        assert_eq!(o.read(&mut image, 0, &mut buf), Err(Missing { offset: 0, len: 512 }));
        image.here[0] = true;
        assert_eq!(o.read(&mut image, 0, &mut buf), Ok(()));
        assert_eq!((buf[0], buf[512], buf[1024]), (0, 5, 2));
        let mut long = vec![0; 3 * 4096];
        assert_eq!(o.read(&mut image, 4096, &mut long), Err(Missing { offset: 8192, len: 8192 }));
    }

    #[test]
    fn a_limit_stops_new_pages_but_not_old_ones() {
        let mut o = Overlay::default();
        assert_eq!(o.write_within(0, &[1; 8192], 8192), Ok(()));
        assert_eq!(o.write_within(8192, &[1; 512], 8192), Err(Full));
        assert_eq!(o.write_within(4096, &[2; 512], 8192), Ok(()));
        assert_eq!(o.bytes(), 8192);
    }

    #[test]
    fn it_is_saved_and_restored_whole_or_refused() {
        let mut o = Overlay::default();
        o.write(512, &[5; 1024]).unwrap();
        o.write(1 << 30, &[9; 512]).unwrap();
        let bytes = postcard::to_allocvec(&o).unwrap();
        assert_eq!(postcard::from_bytes::<Overlay>(&bytes), Ok(o.clone()));
        assert!(postcard::from_bytes::<Overlay>(&bytes[..bytes.len() - 1]).is_err());
        assert!(o.fits((1 << 30) + 1) && !o.fits(1 << 30));
        let mut again = Overlay::default();
        for (n, present, page) in o.changed_pages() {
            assert!(again.restore_page(n, present, page));
        }
        assert_eq!(again, o);
        assert!(!again.restore_page(0, 1, &[0; 512]));
    }
}
