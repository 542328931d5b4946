//! Drives by the names users know: `fda`, `fdb`, `hda`, `hdb`, `cdrom`.

use std::collections::BTreeMap;

use emu_core::bus::DriveId;
use emu_core::host::{BlockDevice, MemoryImage};
use js_sys::Function;

use crate::error::Error;
use crate::host::callback::{CallbackDisk, Failure};
use crate::host::disk_size;
use crate::host::remote::{PAGES, PageCache, RemoteDisk};

/// The drive of a name.
///
/// # Errors
/// `Error::Drive` for any other name.
pub fn drive_of(name: &str) -> Result<DriveId, Error> {
    match name {
        "fda" => Ok(DriveId::Floppy(0)),
        "fdb" => Ok(DriveId::Floppy(1)),
        "hda" => Ok(DriveId::Disk(0)),
        "hdb" => Ok(DriveId::Disk(1)),
        "cdrom" => Ok(DriveId::CdRom),
        _ => Err(Error::Drive(name.into())),
    }
}

/// What of the images stays within reach of JavaScript once the machine owns the drives.
#[derive(Default)]
pub struct Images {
    /// By drive and number of the medium, as the machine may go back to one that was taken out.
    caches: BTreeMap<(&'static str, u32), PageCache>,
    failure: Failure,
    /// Media put in since power-on.
    media: u32,
}

impl Images {
    /// An image given whole, padded with zeros to whole sectors.
    ///
    /// # Errors
    /// `Error::DiskSize` when it is empty.
    pub fn bytes(&mut self, mut bytes: Vec<u8>, read_only: bool) -> Result<Box<dyn BlockDevice>, Error> {
        if bytes.is_empty() {
            return Err(Error::DiskSize(0.0));
        }
        bytes.resize(bytes.len().next_multiple_of(crate::host::SECTOR as usize), 0);
        Ok(Box::new(if read_only { MemoryImage::protected(bytes) } else { MemoryImage::new(bytes) }))
    }

    /// An image read by a JavaScript function; see `CallbackDisk`.
    ///
    /// # Errors
    /// `Error::DiskSize` when `len` is not whole sectors.
    pub fn callback(
        &mut self,
        read: Function,
        len: f64,
        read_only: bool,
    ) -> Result<Box<dyn BlockDevice>, Error> {
        let len = disk_size(len)?;
        Ok(Box::new(CallbackDisk::new(read, len, read_only, self.failure.clone())))
    }

    /// An image whose pages are supplied when the machine asks for them.
    ///
    /// # Errors
    /// `Error::DiskSize` when `len` is not whole sectors.
    pub fn remote(
        &mut self,
        drive: DriveId,
        len: f64,
        read_only: bool,
    ) -> Result<Box<dyn BlockDevice>, Error> {
        let cache = PageCache::new(disk_size(len)?, PAGES);
        self.caches.retain(|_, cache| cache.is_shared());
        self.caches.insert((drive.name(), self.media), cache.clone());
        Ok(Box::new(RemoteDisk::new(cache, read_only)))
    }

    /// Another medium is about to be made, for a machine that is on; its number.
    pub fn next_number(&mut self) -> u32 {
        self.media += 1;
        self.media
    }

    /// Pages of a remote image, the medium of this number in its drive, have come.
    ///
    /// # Errors
    /// `Error::Supply` when the drive is not remote or the bytes are not whole pages of it.
    pub fn supply(&self, drive: DriveId, number: u32, offset: f64, bytes: &[u8]) -> Result<(), Error> {
        let (cache, drive) = (self.caches.get(&(drive.name(), number)), drive.name());
        let cache = cache.ok_or_else(|| Error::Supply(format!("drive {drive:?} holds no remote image")))?;
        cache.supply(offset as u64, bytes)
    }

    /// The reason of the last failed read by a JavaScript function, once.
    pub fn take_failure(&self) -> Option<String> {
        self.failure.borrow_mut().take()
    }
}
