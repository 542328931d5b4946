//! Disks as the guest left them, for saving.

use emu_core::bus::DriveId;
use wasm_bindgen::prelude::*;

use super::drive::drive_of;
use super::run::Pc;
use crate::error::Error;
use crate::host::SECTOR;

/// The most bytes one call gives.
const LARGEST_PIECE: usize = 16 << 20;

#[wasm_bindgen]
impl Pc {
    /// Bytes of the image in a drive, 0 when it is empty.
    ///
    /// # Errors
    /// An unknown drive.
    #[wasm_bindgen(js_name = driveLength)]
    pub fn drive_length(&self, drive: &str) -> Result<f64, JsError> {
        Ok(self.machine.drive_len(drive_of(drive)?).unwrap_or(0) as f64)
    }

    /// A piece of a floppy or hard disk as the guest sees it, what it wrote included: `length` bytes (at most 16 MiB)
    /// from `offset`, both multiples of 512. Nothing when bytes of the image have to come first: see `missingOffset`
    /// and `missingLength`.
    ///
    /// # Errors
    /// An unknown or empty drive, a CD-ROM, or a piece that is not whole sectors inside the image.
    #[wasm_bindgen(js_name = exportDrive)]
    pub fn export_drive(
        &mut self,
        drive: &str,
        offset: f64,
        length: usize,
    ) -> Result<Option<Vec<u8>>, JsError> {
        let id = drive_of(drive)?;
        let start = offset as u64;
        self.check_piece(id, start, length)?;
        let mut piece = vec![0; length];
        match self.machine.export_drive(id, start, &mut piece) {
            Ok(true) => Ok(Some(piece)),
            Ok(false) => Err(Error::Export(format!("{drive} holds nothing that can be saved")).into()),
            Err(missing) => {
                self.missing = (missing.offset, u64::from(missing.len));
                Ok(None)
            }
        }
    }

    /// The first byte that the last `exportDrive` lacked.
    #[wasm_bindgen(getter, js_name = missingOffset)]
    pub fn missing_offset(&self) -> f64 {
        self.missing.0 as f64
    }

    /// How many bytes the last `exportDrive` lacked.
    #[wasm_bindgen(getter, js_name = missingLength)]
    pub fn missing_length(&self) -> f64 {
        self.missing.1 as f64
    }

    fn check_piece(&self, drive: DriveId, offset: u64, length: usize) -> Result<(), Error> {
        let whole = self.machine.drive_len(drive).unwrap_or(0).next_multiple_of(SECTOR);
        let end = offset.saturating_add(length as u64);
        let aligned = offset.is_multiple_of(SECTOR) && (length as u64).is_multiple_of(SECTOR);
        if aligned && length <= LARGEST_PIECE && end <= whole {
            return Ok(());
        }
        Err(Error::Export(format!("{length} bytes at {offset} of {} are no piece of it", drive.name())))
    }
}
