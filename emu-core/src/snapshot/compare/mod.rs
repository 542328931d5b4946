//! Two moments side by side: what is other in one than in the other, by the names that each part has.

mod bytes;
mod shell;
mod state;

#[cfg(test)]
mod tests;

pub use bytes::{ByteRun, ByteRuns};
pub use shell::{RowChange, ScreenChange};
pub use state::{Change, Changes};

use super::{Snapshot, SnapshotError};
use crate::machine::Difference;
use serde::Serialize;
use shell::Shell;

/// What two moments do not have in common. Of each list only a beginning is told, and how long it would be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Differences {
    /// In what the machines themselves differ, if they do.
    pub machine: Option<String>,
    /// Instructions executed, of the first and the second.
    pub instructions: [u64; 2],
    /// Virtual nanoseconds.
    pub times: [u64; 2],
    /// The CPU's registers by gdb's names, `cs_base` and the like.
    pub registers: Vec<Change>,
    /// RAM, by physical address.
    pub memory: ByteRuns,
    /// Video RAM, by offset.
    pub video_memory: ByteRuns,
    /// What the CPU has beside its registers, the board, and each device: what differs in it, by the names of its fields.
    pub devices: Vec<Changes>,
    /// Sectors of disks and floppies that the guest wrote to.
    pub disks: Vec<Sectors>,
    /// The picture.
    pub screen: Option<ScreenChange>,
}

/// Sectors that the guest wrote differently to a medium.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Sectors {
    /// The controller and the drive's place in it, by the name of its field.
    pub drive: String,
    /// The first of them, by number.
    pub first: Vec<u64>,
    /// How many there are.
    pub count: u64,
}

impl Differences {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        let Self { machine, instructions, times, registers, memory, video_memory, devices, disks, screen } =
            self;
        machine.is_none()
            && instructions[0] == instructions[1]
            && times[0] == times[1]
            && registers.is_empty()
            && memory.bytes == 0
            && video_memory.bytes == 0
            && devices.is_empty()
            && disks.is_empty()
            && screen.is_none()
    }
}

/// Compares two moments, of one machine or of two with equally much RAM.
///
/// # Errors
/// They have not equally much RAM, one is of a newer engine, or such as no machine can be in.
pub fn compare(a: &Snapshot, b: &Snapshot) -> Result<Differences, SnapshotError> {
    let (one, other) = (a.description(), b.description());
    if one.ram_bytes != other.ram_bytes {
        let difference = Difference::Ram(one.ram_bytes, other.ram_bytes);
        return Err(SnapshotError::OtherMachine(difference));
    }
    let mut shell = Shell::new(one.ram_bytes)?;
    let looks = [shell.look(a)?, shell.look(b)?];
    let (devices, disks) = state::compare(&shell, a, b)?;
    let (ram, video) = shell.pages();
    let [first, second] = &looks;
    Ok(Differences {
        machine: one.difference(other).map(|difference| difference.to_string()),
        instructions: [a.instruction(), b.instruction()],
        times: [a.time(), b.time()],
        registers: state::registers(&first.registers, &second.registers),
        memory: bytes::compare(a, b, ram),
        video_memory: bytes::compare(a, b, video),
        devices,
        disks,
        screen: shell::compare(first, second),
    })
}
