//! Two moments side by side, and where two runs part.
//!
//! ```ts
//! /** What `compareMoments` gives; each pair is of the first and the second moment. Lists are cut: `count` tells. */
//! type Differences = {
//!   machine: string | null                         // in what the machines themselves differ
//!   instructions: [number, number]
//!   times: [number, number]                        // virtual ns
//!   registers: Change[]
//!   memory: ByteRuns                               // RAM, by physical address
//!   videoMemory: ByteRuns                          // by offset
//!   devices: { name: string, first: Change[], count: number }[]      // 'cpu', 'board', '8259A', ...
//!   disks: { drive: string, first: number[], count: number }[]       // sectors
//!   screen: null
//!     | { kind: 'text', rows: { row: number, texts: [string, string] }[], cells: number,
//!         cursors: [[number, number] | null, [number, number] | null] }
//!     | { kind: 'pixels', count: number, within: [number, number, number, number] }   // left, top, width, height
//!     | { kind: 'mode', modes: [string, string] }
//! }
//! type Change = { name: string, values: [string, string] }
//! type ByteRuns = { first: { at: number, length: number, bytes: [number[], number[]] }[], count: number, bytes: number }
//!
//! /** What `RunParting.search` gives. */
//! type Parting =
//!   | { kind: 'searching', equal: number, differ: number }   // ask again
//!   | { kind: 'at', equal: number }       // equal after so many instructions, different after one more
//!   | { kind: 'nowhere', end: number }    // equal as far as the shorter one goes
//!   | { kind: 'fromTheStart' }
//!   | { kind: 'stopped' }                 // a disk block is missing: see requestDrive of both
//! ```

use emu_core::machine::{Parting, PartingSearch, RestoreError};
use emu_core::snapshot::compare::compare;
use js_sys::Uint8Array;
use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::inspect::to_js;
use super::run::Pc;
use super::snapshot::unpacked;
use crate::error::Error;

/// In what two moments differ: `Differences`. Each is given as for `Pc.open`: a whole file, then those of changes.
///
/// # Errors
/// One line that says which file cannot be read, or why the moments cannot be compared.
#[wasm_bindgen(js_name = compareMoments)]
pub fn compare_moments(first: Vec<Uint8Array>, second: Vec<Uint8Array>) -> Result<JsValue, JsError> {
    let named = |which: &str, error: Error| Error::Snapshot(format!("the {which} moment: {error}"));
    let first = unpacked(first).map_err(|error| named("first", error))?;
    let second = unpacked(second).map_err(|error| named("second", error))?;
    to_js(&compare(&first, &second).map_err(Error::from)?)
}

#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "camelCase")]
enum View {
    Searching { equal: u64, differ: u64 },
    At { equal: u64 },
    Nowhere { end: u64 },
    FromTheStart,
    Stopped,
}

/// A search for the first instruction after which two recorded or replayed machines differ.
#[wasm_bindgen]
pub struct RunParting {
    search: PartingSearch,
}

fn unrecorded() -> Error {
    Error::Recording("nothing is recorded: call record() or replay() first".into())
}

#[wasm_bindgen]
impl RunParting {
    /// A search through what both reach.
    ///
    /// # Errors
    /// One of them records nothing.
    #[wasm_bindgen(constructor)]
    pub fn new(first: &Pc, second: &Pc) -> Result<RunParting, JsError> {
        let (Some(a), Some(b)) = (&first.history, &second.history) else { return Err(unrecorded().into()) };
        Ok(RunParting { search: PartingSearch::new(a, b) })
    }

    /// Searches on, by at most about `steps` instructions in each machine: `Parting`. The machines are moved through
    /// their past; where they stand in the end is where they were last looked at.
    ///
    /// # Errors
    /// One of them records nothing.
    pub fn search(&mut self, first: &mut Pc, second: &mut Pc, steps: u64) -> Result<JsValue, JsError> {
        (first.search, second.search) = (None, None);
        let (Some(a), Some(b)) = (&mut first.history, &mut second.history) else {
            return Err(unrecorded().into());
        };
        let known = self.search.search((&mut first.machine, a), (&mut second.machine, b), steps);
        let known = known.map_err(|error: RestoreError| Error::Machine(error.to_string()))?;
        to_js(&match known {
            Parting::Searching { equal, differ } => View::Searching { equal, differ },
            Parting::At { equal } => View::At { equal },
            Parting::Nowhere { end } => View::Nowhere { end },
            Parting::FromTheStart => View::FromTheStart,
            Parting::Stopped(_) => View::Stopped,
        })
    }
}
