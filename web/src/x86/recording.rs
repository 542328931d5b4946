//! Recordings: a run as bytes, and made again.
//!
//! ```ts
//! /** What `readRecording` gives. Sizes in bytes, hashes in hexadecimal digits. */
//! type RecordingInfo = {
//!   ramBytes: number
//!   rtc: number                                    // what the clock said at power-on: seconds since 1970
//!   end: { instruction: number, time: number }
//!   hash: string | null                            // the state hash at the end
//!   inputs: number
//!   drives: { drive: string, bytes: number, sha256: string | null }[]
//!   kernel: { bytes: number, initrdBytes: number, commandLine: string } | null
//! }
//! ```

use std::fmt::Write;

use emu_core::machine::{Description, History, Recording, RecordingError};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::history::Point;
use super::inspect::to_js;
use super::run::Pc;
use crate::error::Error;

impl From<RecordingError> for Error {
    fn from(error: RecordingError) -> Self {
        Error::Recording(error.to_string())
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Info {
    ram_bytes: u32,
    rtc: i64,
    end: Point,
    hash: Option<String>,
    inputs: usize,
    drives: Vec<Drive>,
    kernel: Option<Kernel>,
}

#[derive(Serialize)]
struct Drive {
    drive: &'static str,
    bytes: u64,
    sha256: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Kernel {
    bytes: u64,
    initrd_bytes: u64,
    command_line: String,
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn drives(machine: &Description) -> Vec<Drive> {
    let all = Description::DRIVES.into_iter().zip(machine.drives).zip(machine.image_hashes);
    all.filter_map(|((drive, bytes), hash)| {
        Some(Drive { drive: drive.name(), bytes: bytes?, sha256: hash.map(|hash| hex(&hash)) })
    })
    .collect()
}

/// What a recording says of itself and of the machine it needs: `RecordingInfo`.
///
/// # Errors
/// One line that says why it is none.
#[wasm_bindgen(js_name = readRecording)]
pub fn read_recording(bytes: &[u8]) -> Result<JsValue, JsError> {
    let recording = Recording::parse(bytes).map_err(Error::from)?;
    let machine = recording.description;
    to_js(&Info {
        ram_bytes: machine.ram_bytes,
        rtc: machine.rtc_unix_seconds,
        end: recording.end.into(),
        hash: recording.hash.map(|hash| format!("{hash:032x}")),
        inputs: recording.inputs.len(),
        drives: drives(&machine),
        kernel: machine.kernel.map(|kernel| Kernel {
            bytes: kernel.image.bytes,
            initrd_bytes: kernel.initrd.bytes,
            command_line: kernel.command_line,
        }),
    })
}

#[wasm_bindgen]
impl Pc {
    /// The run from power-on to the present position as a recording: inputs and what they need, no images. With `whole`
    /// it goes on to the furthest point reached.
    ///
    /// # Errors
    /// Nothing is recorded, or not from power-on.
    pub fn recording(&mut self, whole: Option<bool>) -> Result<Vec<u8>, JsError> {
        let history = self
            .history
            .as_ref()
            .ok_or(Error::Recording("nothing is recorded: call record() first".into()))?;
        let recording = match whole {
            Some(true) => Recording::whole(history, &mut self.machine),
            _ => Recording::of(history, &mut self.machine),
        };
        Ok(recording.map_err(Error::from)?.to_bytes())
    }

    /// Gives a machine that has just been powered on the future of a recording: `run` makes it again, and `goTo` comes to
    /// any of its instructions. Recording is on from then, with the budget it had or `budget` bytes.
    ///
    /// # Errors
    /// One line that says why not: no recording, another machine, or one that has run. The machine is as it was.
    pub fn replay(&mut self, bytes: &[u8], budget: Option<usize>) -> Result<(), JsError> {
        let recording = Recording::parse(bytes).map_err(Error::from)?;
        let had = self.history.as_ref().map_or(History::BUDGET, History::budget);
        let history = recording.replay(&mut self.machine, &[], budget.unwrap_or(had)).map_err(Error::from)?;
        self.search = None;
        self.history = Some(history);
        self.replayed = Some(recording);
        Ok(())
    }

    /// Whether the machine stands at the end of the recording that was last given to `replay`, in the state that was
    /// recorded. `goToTime` with its `end.time` goes there. A machine that had ended there is brought to do so again.
    #[wasm_bindgen(js_name = isReplayed)]
    pub fn is_replayed(&mut self) -> bool {
        let (Some(recording), Some(history)) = (&self.replayed, &mut self.history) else { return false };
        recording.is_replayed(history, &mut self.machine)
    }
}
