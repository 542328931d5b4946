//! Why a snapshot is not opened.

use super::PageId;
use crate::machine::{Difference, RestoreError};

/// Why a snapshot is not opened; nothing of it was used. One line each, naming the thing and the remedy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SnapshotError {
    /// It does not begin as a snapshot does.
    NoSnapshot,
    /// It is one of something other than a PC.
    Kind(u8),
    /// Its layout is one that came later.
    NewerFormat {
        /// Its version.
        found: u16,
        /// The newest that is understood.
        newest: u16,
    },
    /// It ends early, or goes on after its end: bytes found and expected.
    Length {
        /// Bytes there are.
        found: u64,
        /// Bytes there have to be.
        expected: u64,
    },
    /// Something in it was changed since it was made.
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
    /// It tells only what changed since another snapshot, which is not the one given.
    NeedsParent(PageId),
    /// A part of the state has a version that came later.
    NewerSection {
        /// Which part.
        name: String,
        /// Its version.
        found: u16,
        /// The newest that is understood.
        newest: u16,
    },
    /// A part of the state is missing.
    MissingSection(&'static str),
    /// It has a part that this machine has not.
    UnknownSection(String),
    /// It is of another machine.
    OtherMachine(Difference),
    /// The machine cannot be in such a state.
    Refused(RestoreError),
}

impl std::fmt::Display for SnapshotError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        const NEWER: &str = "open it with a newer Glassbox";
        match self {
            Self::NoSnapshot => f.write_str("not a snapshot: give a file that Glassbox saved"),
            Self::Kind(kind) => write!(f, "a snapshot of kind {kind}, not of a PC: {NEWER}"),
            Self::NewerFormat { found, newest } => {
                write!(f, "the snapshot has format {found}, known are those up to {newest}: {NEWER}")
            }
            Self::Length { found, expected } => {
                write!(f, "the snapshot has {found} bytes instead of {expected}: copy or load the file again")
            }
            Self::Damaged(what) => {
                write!(f, "the snapshot is damaged ({what}): copy or load the file again")
            }
            Self::TooLarge { what, found, most } => {
                write!(f, "the snapshot asks for {found} {what}, allowed are {most}: take another")
            }
            Self::NeedsParent(id) => {
                write!(f, "the snapshot tells what changed since snapshot {id}: give that one too")
            }
            Self::NewerSection { name, found, newest } => {
                write!(
                    f,
                    "the snapshot's part {name} has version {found}, known are those up to {newest}: {NEWER}"
                )
            }
            Self::MissingSection(name) => write!(f, "the snapshot has no part {name}: take another"),
            Self::UnknownSection(name) => {
                let name: String = name.chars().filter(|c| !c.is_control()).take(40).collect();
                write!(f, "the snapshot has a part {name} that this machine has not: {NEWER}")
            }
            Self::OtherMachine(difference) => write!(f, "the snapshot is of another machine: {difference}"),
            Self::Refused(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for SnapshotError {}
