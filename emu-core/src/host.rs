//! What the machine needs from its host, and in-memory versions of it.

mod image;
mod overlay;

pub use image::{ImageError, ImageProblem};
pub use overlay::{Full, Missing, Overlay};

/// The host has not got these bytes yet: stop the machine, fetch them, run on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotYet;

/// A disk, floppy or CD image. Guest writes never reach it: they go to an overlay in the machine.
pub trait BlockDevice {
    /// Size in bytes.
    fn len(&self) -> u64;

    /// Whether there is no byte at all.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Fills `buf` from byte `offset` on (both multiples of 512, within `len` rounded up; bytes past the end are 0).
    fn read(&mut self, offset: u64, buf: &mut [u8]) -> Result<(), NotYet>;

    /// Whether the guest sees a write-protected medium.
    fn read_only(&self) -> bool {
        false
    }
}

/// An image held whole in memory.
pub struct MemoryImage {
    bytes: Vec<u8>,
    read_only: bool,
}

impl MemoryImage {
    /// An image the guest may write to (in the overlay).
    pub fn new(bytes: Vec<u8>) -> Self {
        Self { bytes, read_only: false }
    }

    /// A write-protected image.
    pub fn protected(bytes: Vec<u8>) -> Self {
        Self { bytes, read_only: true }
    }
}

impl BlockDevice for MemoryImage {
    fn len(&self) -> u64 {
        self.bytes.len() as u64
    }

    fn read(&mut self, offset: u64, buf: &mut [u8]) -> Result<(), NotYet> {
        let from = usize::try_from(offset).unwrap_or(usize::MAX).min(self.bytes.len());
        let part = &self.bytes[from..self.bytes.len().min(from.saturating_add(buf.len()))];
        buf[..part.len()].copy_from_slice(part);
        buf[part.len()..].fill(0);
        Ok(())
    }

    fn read_only(&self) -> bool {
        self.read_only
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn past_its_end_an_image_reads_zero() {
        let mut image = MemoryImage::new(vec![7; 600]);
        let mut buf = [1; 1024];
        assert_eq!(image.read(512, &mut buf), Ok(()));
        assert!(buf[..88].iter().all(|&b| b == 7) && buf[88..].iter().all(|&b| b == 0));
        assert_eq!(image.read(1 << 40, &mut buf), Ok(()));
        assert_eq!(buf, [0; 1024]);
    }
}
