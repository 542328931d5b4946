//! The browser's and Node's side of the machine's host traits: disk images (those in memory are
//! `emu_core::host::MemoryImage`).

pub mod callback;
pub mod remote;

use crate::error::Error;

/// Bytes in a sector, the unit of every disk image.
pub const SECTOR: u64 = 512;

/// Checks a size that JavaScript gave as a number, and gives it as bytes.
///
/// # Errors
/// `Error::DiskSize` when it is not a positive whole number of sectors below 2^53.
pub fn disk_size(bytes: f64) -> Result<u64, Error> {
    const LARGEST_EXACT: f64 = 9_007_199_254_740_992.0;
    if !(bytes.is_finite() && bytes.fract() == 0.0 && bytes > 0.0 && bytes < LARGEST_EXACT) {
        return Err(Error::DiskSize(bytes));
    }
    let size = bytes as u64;
    if size.is_multiple_of(SECTOR) { Ok(size) } else { Err(Error::DiskSize(bytes)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_whole_sectors() {
        assert_eq!(disk_size(512.0), Ok(512));
        assert_eq!(disk_size(1_474_560.0), Ok(1_474_560));
        for bad in [0.0, -512.0, 513.0, 512.5, f64::NAN, f64::INFINITY, 1e300] {
            assert!(disk_size(bad).is_err(), "{bad} was accepted");
        }
    }
}
