//! A disk image that is wholly in memory.

use crate::pc::{BlockDevice, NotYet};

/// An image held as bytes, padded with zeros to a whole number of sectors by whoever made it.
pub struct BytesDisk {
    bytes: Vec<u8>,
    read_only: bool,
}

impl BytesDisk {
    /// Takes the image as it is.
    pub fn new(bytes: Vec<u8>, read_only: bool) -> BytesDisk {
        BytesDisk { bytes, read_only }
    }
}

impl BlockDevice for BytesDisk {
    fn len(&self) -> u64 {
        self.bytes.len() as u64
    }

    /// Reads past the end give zeros.
    fn read(&mut self, offset: u64, buf: &mut [u8]) -> Result<(), NotYet> {
        let start = usize::try_from(offset).unwrap_or(usize::MAX).min(self.bytes.len());
        let available = self.bytes.get(start..).unwrap_or_default();
        let count = available.len().min(buf.len());
        let (here, beyond) = buf.split_at_mut(count);
        here.copy_from_slice(available.get(..count).unwrap_or_default());
        beyond.fill(0);
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
    fn reads_inside_across_and_beyond_the_end() {
        let mut disk = BytesDisk::new((0..=255).cycle().take(1024).collect(), true);
        let mut buf = [9; 512];
        assert!(disk.read(512, &mut buf).is_ok());
        assert_eq!((buf[0], buf[255], buf[511]), (0, 255, 255));
        assert!(disk.read(1000, &mut buf).is_ok());
        assert_eq!((buf[0], buf[23], buf[24]), (232, 255, 0));
        assert!(disk.read(u64::MAX, &mut buf).is_ok());
        assert_eq!(buf, [0; 512]);
    }
}
