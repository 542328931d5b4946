//! Recordings: what a run needs to be made again. A machine is a function of what it is made of and of its inputs, so a
//! description of the one and the list of the others, stamped, say all; a run of minutes with a person at the keyboard
//! takes a few bytes for each key.
//!
//! As bytes, numbers being LEB128 varints unless a width is given:
//!
//! | what | how |
//! | --- | --- |
//! | [`MAGIC`] | 4 bytes, the last of which is the version of this layout |
//! | the machine | see [`writer`]: sizes and hashes of what is in it, never the images themselves |
//! | the end | instruction, time, and the state hash there: 16 bytes behind a 1, or a 0 |
//! | inputs | their number, then each: a token of one byte, the stamp as a distance from the one before, its values |
//! | checksum | 4 bytes: the low half of XXH3-64 of all before |
//!
//! A stamp's distance is twice the instructions, plus one if the CPU slept on the way; then the nanoseconds follow, as a
//! decimal mantissa and exponent in one number, since hosts like round ones. While it is awake time tells nothing new.

mod error;
mod reader;
mod writer;

#[cfg(test)]
mod tests;

pub use error::RecordingError;

use super::{Description, History, Input, Machine, Stamp};

/// How a recording begins; the last byte is the version.
pub const MAGIC: [u8; 4] = *b"GBR\x01";

/// Most bytes of a recording.
pub const MOST_BYTES: usize = 64 << 20;
/// Most instructions and nanoseconds: no stamp lies beyond.
const MOST_INSTRUCTIONS: u64 = 1 << 53;
const MOST_TIME: u64 = 1 << 60;

/// A run from power-on to an end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recording {
    /// What was powered on.
    pub description: Description,
    /// What came from outside, and when: in this order, never before the one before it nor behind the end.
    pub inputs: Vec<(Stamp, Input)>,
    /// How far it goes.
    pub end: Stamp,
    /// The state hash there, if it was taken.
    pub hash: Option<u128>,
}

impl Recording {
    /// The run up to the machine's present position, with its state hash.
    ///
    /// # Errors
    /// The history does not reach back to power-on.
    pub fn of(history: &History, machine: &mut Machine) -> Result<Self, RecordingError> {
        let end = Stamp::of(machine);
        let hash = Some(machine.state_hash());
        Self::begun(history, machine, history.given().to_vec(), end, hash)
    }

    /// The run up to the furthest point reached, wherever the machine stands now.
    ///
    /// # Errors
    /// The history does not reach back to power-on.
    pub fn whole(history: &History, machine: &mut Machine) -> Result<Self, RecordingError> {
        if !history.is_past(machine) {
            return Self::of(history, machine);
        }
        Self::begun(history, machine, history.inputs().to_vec(), history.end(), None)
    }

    fn begun(
        history: &History,
        machine: &Machine,
        inputs: Vec<(Stamp, Input)>,
        end: Stamp,
        hash: Option<u128>,
    ) -> Result<Self, RecordingError> {
        if history.began() != Stamp::default() {
            return Err(RecordingError::NotFromPowerOn(history.began()));
        }
        Ok(Self { description: machine.made_of().clone(), inputs, end, hash })
    }

    /// As bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        writer::encode(self)
    }

    /// Reads bytes.
    ///
    /// # Errors
    /// They are no recording, of a later version, damaged, or too many; nothing of them was used.
    pub fn parse(bytes: &[u8]) -> Result<Self, RecordingError> {
        reader::decode(bytes)
    }

    /// Whether it can be made again on this machine: one that is made of the same and has done nothing yet.
    ///
    /// # Errors
    /// What stands against it.
    pub fn check(&self, machine: &Machine) -> Result<(), RecordingError> {
        if Stamp::of(machine) != Stamp::default() {
            return Err(RecordingError::NotFresh);
        }
        let (here, there) = (machine.made_of(), &self.description);
        if let Some(difference) = here.difference(there) {
            return Err(RecordingError::OtherMachine(difference));
        }
        if here.rtc_unix_seconds != there.rtc_unix_seconds {
            return Err(RecordingError::OtherClock(here.rtc_unix_seconds, there.rtc_unix_seconds));
        }
        Ok(())
    }

    /// The past of a machine just powered on that has this run as its future: running on makes it again, and
    /// [`History::go_to`] comes to any of its instructions. `budget` as in [`History::new`].
    ///
    /// # Errors
    /// The machine is another, or has run.
    pub fn replay(&self, machine: &mut Machine, budget: usize) -> Result<History, RecordingError> {
        self.check(machine)?;
        Ok(History::with_future(machine, budget, self.inputs.clone(), self.end))
    }
}
