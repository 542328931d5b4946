//! Snapshots as files.

use emu_core::bus::DriveId;
use emu_core::snapshot::{File, Limits, Snapshot, SnapshotError};
use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;

use super::drive::drive_of;
use super::run::Pc;
use crate::error::Error;

impl From<SnapshotError> for Error {
    fn from(error: SnapshotError) -> Self {
        Error::Snapshot(error.to_string())
    }
}

/// The last of a whole file and those of changes, each made beside the one before it.
pub(super) fn unpacked(files: Vec<Uint8Array>) -> Result<Snapshot, Error> {
    let mut last: Option<Snapshot> = None;
    for file in files {
        let bytes = file.to_vec();
        let read = File::parse(&bytes, &Limits::default()).and_then(|file| file.unpack(last.as_ref()));
        last = Some(read?);
    }
    last.ok_or(Error::Snapshot("no file was given".into()))
}

#[wasm_bindgen]
impl Pc {
    /// The whole machine as a file. It goes on as if nothing had been.
    pub fn save(&mut self) -> Vec<u8> {
        let snapshot = self.machine.snapshot(self.saved.as_ref());
        let bytes = snapshot.to_bytes(None);
        self.saved = Some(snapshot);
        bytes
    }

    /// What changed since the snapshot that was last saved or opened here, as a file that opens only behind that one's;
    /// the whole machine if there is none.
    #[wasm_bindgen(js_name = saveChanges)]
    pub fn save_changes(&mut self) -> Vec<u8> {
        let before = self.saved.take();
        let snapshot = self.machine.snapshot(before.as_ref());
        let bytes = snapshot.to_bytes(before.as_ref());
        self.saved = Some(snapshot);
        bytes
    }

    /// The name of the snapshot that was last saved or opened here: 64 hexadecimal digits.
    #[wasm_bindgen(getter, js_name = snapshotId)]
    pub fn snapshot_id(&self) -> Option<String> {
        self.saved.as_ref().map(|snapshot| snapshot.id().to_string())
    }

    /// Goes to a saved moment: a whole file, then those of changes, each made beside the one before it. The record of
    /// the past begins anew.
    ///
    /// # Errors
    /// One line that says why not; the machine is as it was.
    pub fn open(&mut self, files: Vec<Uint8Array>) -> Result<(), JsError> {
        let snapshot = unpacked(files)?;
        Ok(self.go_to_snapshot(snapshot)?)
    }

    /// Tells which image is in a drive (`fda`, `hda`, ...) by the 32 bytes of its SHA-256: snapshots then open over no
    /// other.
    ///
    /// # Errors
    /// An unknown drive, or not 32 bytes.
    #[wasm_bindgen(js_name = setImageHash)]
    pub fn set_image_hash(&mut self, drive: &str, sha256: &[u8]) -> Result<(), JsError> {
        let drive: DriveId = drive_of(drive)?;
        let hash = sha256.try_into();
        let hash = hash.map_err(|_| Error::Snapshot("a SHA-256 has 32 bytes".into()))?;
        self.machine.set_image_hash(drive, hash);
        Ok(())
    }
}

impl Pc {
    /// Goes to a snapshot; the record of the past begins anew.
    pub(super) fn go_to_snapshot(&mut self, snapshot: Snapshot) -> Result<(), Error> {
        self.machine.open(&snapshot)?;
        self.saved = Some(snapshot);
        self.search = None;
        self.changed_otherwise();
        Ok(())
    }
}
