//! Why a recording is not made or not replayed.

use super::super::{Difference, Stamp};
use super::MediumName;

/// Why a recording is not made or not replayed; nothing of it was used. One line each, naming the thing and the remedy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecordingError {
    /// The history begins later.
    NotFromPowerOn(Stamp),
    /// It does not begin as a recording does.
    NoRecording,
    /// Its layout is one that came later.
    NewerVersion {
        /// Its version.
        found: u8,
        /// The newest that is understood.
        newest: u8,
    },
    /// It ends early, has something behind its end, or was changed since it was made.
    Damaged(&'static str),
    /// It asks for more than it may.
    TooLarge {
        /// What.
        what: &'static str,
        /// How much it asks for.
        found: u64,
        /// How much it may.
        most: u64,
    },
    /// It is of another machine.
    OtherMachine(Difference),
    /// The machine was powered on at another time: Unix seconds here and there.
    OtherClock(i64, i64),
    /// The machine has run already.
    NotFresh,
    /// A medium was put into a drive that is not given.
    NeedsMedium(MediumName),
}

impl std::fmt::Display for RecordingError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NotFromPowerOn(at) => write!(
                f,
                "the past is recorded only from instruction {} on: record from power-on, or save the moment",
                at.instruction
            ),
            Self::NoRecording => f.write_str("not a recording: give a file that Glassbox recorded"),
            Self::NewerVersion { found, newest } => write!(
                f,
                "the recording has version {found}, known are those up to {newest}: open it with a newer Glassbox"
            ),
            Self::Damaged(what) => {
                write!(f, "the recording is damaged ({what}): copy or load it again")
            }
            Self::TooLarge { what, found, most } => {
                write!(f, "the recording asks for {found} {what}, allowed are {most}: take another")
            }
            Self::OtherMachine(difference) => write!(f, "the recording is of another machine: {difference}"),
            Self::OtherClock(here, there) => write!(
                f,
                "the recorded machine's clock began at {there} (seconds since 1970), this one's at {here}: set the same"
            ),
            Self::NeedsMedium(MediumName { bytes, .. }) => write!(
                f,
                "an image of {bytes} bytes was put into a drive on the way: give it, or the moment as a snapshot"
            ),
            Self::NotFresh => f.write_str("a recording is replayed from power-on: make a new machine for it"),
        }
    }
}

impl std::error::Error for RecordingError {}
