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
//! | inputs | their number, then each: a token of one byte, its time, its values |
//! | checksum | 4 bytes: the low half of XXH3-64 of all before |
//!
//! An instruction begins at one virtual time and no other does then, so that the time of an input tells all. It is twice
//! the nanoseconds since the one before; or, since hosts like round numbers, one more than twice a number whose quotient
//! by 9 tells the steps on a grid since, and whose remainder tells the grid: tens of nanoseconds, hundreds, and so on.

mod error;
mod parting;
mod reader;
mod writer;

#[cfg(test)]
mod tests;

pub use error::RecordingError;
pub use parting::{Parting, PartingSearch};

use super::{Description, History, Input, Machine, Medium, Stamp, Stop, Until};
use crate::bus::DriveId;
use crate::host::BlockDevice;
use crate::time::Ns;

/// How a recording begins; the last byte is the version.
pub const MAGIC: [u8; 4] = *b"GBR\x01";

/// Most bytes of a recording.
pub const MOST_BYTES: usize = 64 << 20;
/// Most instructions and nanoseconds: no stamp lies beyond.
const MOST_INSTRUCTIONS: u64 = 1 << 53;
const MOST_TIME: u64 = 1 << 60;

/// A medium that is put into a drive: what it has to be, whoever has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MediumName {
    /// Size in bytes.
    pub bytes: u64,
    /// SHA-256 of its image, if it was known.
    pub sha256: Option<[u8; 32]>,
    /// Whether the guest sees it protected.
    pub read_only: bool,
}

impl MediumName {
    fn of(medium: &Medium) -> Self {
        Self { bytes: medium.len(), sha256: medium.sha256(), read_only: medium.read_only() }
    }

    /// Whether a medium may be the one: nothing that is known of both differs.
    fn is(&self, medium: &Medium) -> bool {
        let hashes = self.sha256.zip(medium.sha256());
        (self.bytes, self.read_only) == (medium.len(), medium.read_only())
            && hashes.is_none_or(|(wanted, found)| wanted == found)
    }
}

/// What came from outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// An input that is whole in itself: any but a medium put in.
    Input(Input),
    /// A medium was put into a drive; as [`Input::Medium`].
    Insert {
        /// The drive.
        drive: DriveId,
        /// The medium.
        medium: MediumName,
        /// As an edit's.
        delivered: bool,
    },
}

impl Event {
    fn of(input: &Input) -> Self {
        match input {
            Input::Medium { drive, medium: Some(medium), delivered } => {
                Self::Insert { drive: *drive, medium: MediumName::of(medium), delivered: *delivered }
            }
            other => Self::Input(other.clone()),
        }
    }

    fn input(&self, media: &[Medium]) -> Result<Input, RecordingError> {
        match self {
            Self::Input(input) => Ok(input.clone()),
            Self::Insert { drive, medium: name, delivered } => {
                let medium = media.iter().find(|medium| name.is(medium)).cloned();
                let medium = Some(medium.ok_or(RecordingError::NeedsMedium(*name))?);
                Ok(Input::Medium { drive: *drive, medium, delivered: *delivered })
            }
        }
    }
}

/// A run from power-on to an end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recording {
    /// What was powered on.
    pub description: Description,
    /// What came from outside, and at what virtual time: in this order, never before the one before it nor behind the end.
    pub inputs: Vec<(Ns, Event)>,
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
        Self::begun(history, machine, history.given(), end, hash)
    }

    /// The run up to the furthest point reached, wherever the machine stands now.
    ///
    /// # Errors
    /// The history does not reach back to power-on.
    pub fn whole(history: &History, machine: &mut Machine) -> Result<Self, RecordingError> {
        if !history.is_past(machine) {
            return Self::of(history, machine);
        }
        Self::begun(history, machine, history.inputs(), history.end(), None)
    }

    fn begun(
        history: &History,
        machine: &Machine,
        inputs: &[(Stamp, Input)],
        end: Stamp,
        hash: Option<u128>,
    ) -> Result<Self, RecordingError> {
        if history.began() != Stamp::default() {
            return Err(RecordingError::NotFromPowerOn(history.began()));
        }
        let inputs = inputs.iter().map(|(at, input)| (at.time, Event::of(input))).collect();
        Ok(Self { description: machine.made_of(), inputs, end, hash })
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

    /// Whether the machine, gone to the end of its replay ([`History::go_to_time`]), is what was recorded. A machine that
    /// had ended there (halted for good, say) is brought to do so again. Without a hash there is nothing to tell.
    pub fn is_replayed(&self, history: &mut History, machine: &mut Machine) -> bool {
        if Stamp::of(machine) != self.end {
            return false;
        }
        history.give_due(machine);
        let Some(hash) = self.hash.filter(|hash| *hash != machine.state_hash()) else { return true };
        // What is due at that very time happens before a machine ends, but not before a journey does.
        let before = machine.moment();
        let Stamp { instruction, time } = self.end;
        let stop = machine.run(Until { instruction: instruction + 1, time: time + 1 });
        let ended = stop != Stop::Limit && Stamp::of(machine) == self.end;
        if ended && machine.state_hash() == hash {
            return true;
        }
        let _ = machine.restore(&before);
        false
    }

    /// The past of a machine just powered on that has this run as its future: running on makes it again, and
    /// [`History::go_to`] comes to any of its instructions. `budget` as in [`History::new`]; `media` are those that were
    /// put into drives on the way.
    ///
    /// # Errors
    /// The machine is another, or has run; or a medium is missing.
    pub fn replay(
        &self,
        machine: &mut Machine,
        media: &[Medium],
        budget: usize,
    ) -> Result<History, RecordingError> {
        self.check(machine)?;
        let inputs = self.inputs.iter().map(|(at, event)| Ok((*at, event.input(media)?)));
        Ok(History::with_future(machine, budget, inputs.collect::<Result<_, _>>()?, self.end))
    }
}
