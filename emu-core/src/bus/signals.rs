//! What a device asks of the machine, and what leaves the machine.

use super::{Happened, Marks};

/// How far a reset goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResetKind {
    /// The CPU alone (INIT#: keyboard controller, port 92h).
    Cpu,
    /// CPU and devices (RST#: port CF9h, ACPI reset).
    Hard,
}

/// A drive of the machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DriveId {
    /// Floppy drive 0 or 1 (A, B).
    Floppy(u8),
    /// Hard disk 0 or 1.
    Disk(u8),
    /// The CD-ROM drive.
    CdRom,
}

impl DriveId {
    /// What users call it: `fda`, `hdb`, `cdrom`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Floppy(0) => "fda",
            Self::Floppy(_) => "fdb",
            Self::Disk(0) => "hda",
            Self::Disk(_) => "hdb",
            Self::CdRom => "cdrom",
        }
    }
}

/// Bytes of an image that the host has not got yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlockRequest {
    /// Which drive's image.
    pub drive: DriveId,
    /// First byte wanted.
    pub offset: u64,
    /// How many bytes.
    pub len: u32,
}

/// Requests to the machine, looked at after each access.
#[derive(Clone, Debug, Default)]
pub struct Signals {
    /// Reset the CPU or everything.
    pub reset: Option<ResetKind>,
    /// ACPI S5 was entered.
    pub power_off: bool,
    /// The A20 gate moved (`Memory::set_a20` was called): translations are stale.
    pub a20_changed: bool,
    /// A timer handler cannot go on without these bytes; it will be called again.
    pub needs_block: Option<BlockRequest>,
    /// The guest wrote this to the exit port.
    pub exit: Option<u8>,
}

impl Signals {
    /// Whether there is anything to act on.
    pub fn any(&self) -> bool {
        self.reset.is_some()
            || self.power_off
            || self.a20_changed
            || self.needs_block.is_some()
            || self.exit.is_some()
    }
}

/// Bytes that left the machine and wait to be fetched. Not part of the state.
#[derive(Clone, Debug, Default)]
pub struct Outputs {
    /// Bytes sent by COM1-COM4.
    pub serial: [Vec<u8>; 4],
    /// Bytes written to the debug ports 402h and E9h.
    pub debug: Vec<u8>,
    /// Bytes written to the capture port.
    pub captured: Vec<u8>,
    /// Speaker changes: virtual ns and frequency in mHz, 0 when silent.
    pub speaker: Vec<(u64, u64)>,
    /// While somebody listens, what COM1-COM4 send, as port 0-3 and byte.
    pub serial_tap: Option<Vec<(u8, u8)>>,
    /// While somebody keeps a record, what happened when.
    pub marks: Option<Box<Marks>>,
}

impl Outputs {
    /// Begins or ends listening to what COM1-COM4 send.
    pub fn listen_serial(&mut self, on: bool) {
        self.serial_tap = on.then(|| self.serial_tap.take().unwrap_or_default());
    }

    /// A drive was given a command.
    pub fn note_disk(&mut self, now: u64, drive: DriveId) {
        if let Some(marks) = &mut self.marks
            && let Some(number) = Marks::DRIVES.iter().position(|d| *d == drive)
        {
            marks.note(Happened::Disk(number as u8), now);
        }
    }

    /// A byte leaves the machine by COM1-COM4 (`port` 0-3).
    pub fn send_serial(&mut self, port: usize, byte: u8) {
        self.serial[port & 3].push(byte);
        if let Some(tap) = &mut self.serial_tap {
            tap.push((port as u8 & 3, byte));
        }
    }
}
