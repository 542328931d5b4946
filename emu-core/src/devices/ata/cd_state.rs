//! Volatile state of the CD-ROM drive beyond its registers: tray, sense data, events, mode parameters.

use serde::{Deserialize, Serialize};

/// Sense key, additional sense code and its qualifier (MMC-3, annex on sense codes).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Sense {
    pub key: u8,
    pub asc: u8,
    pub ascq: u8,
}

impl Sense {
    pub const NONE: Sense = Sense::new(0, 0, 0);
    pub const NO_MEDIUM_TRAY_CLOSED: Sense = Sense::new(2, 0x3A, 1);
    pub const NO_MEDIUM_TRAY_OPEN: Sense = Sense::new(2, 0x3A, 2);
    pub const PARAMETER_LIST_LENGTH: Sense = Sense::new(5, 0x1A, 0);
    pub const INVALID_OPCODE: Sense = Sense::new(5, 0x20, 0);
    pub const LBA_OUT_OF_RANGE: Sense = Sense::new(5, 0x21, 0);
    pub const INVALID_FIELD: Sense = Sense::new(5, 0x24, 0);
    pub const INVALID_PARAMETER: Sense = Sense::new(5, 0x26, 0);
    pub const SAVING_NOT_SUPPORTED: Sense = Sense::new(5, 0x39, 0);
    pub const REMOVAL_PREVENTED: Sense = Sense::new(5, 0x53, 2);
    pub const ILLEGAL_MODE_FOR_TRACK: Sense = Sense::new(5, 0x64, 0);
    pub const MEDIUM_CHANGED: Sense = Sense::new(6, 0x28, 0);
    pub const POWER_ON: Sense = Sense::new(6, 0x29, 0);

    const fn new(key: u8, asc: u8, ascq: u8) -> Self {
        Self { key, asc, ascq }
    }
}

/// Media events of GET EVENT STATUS NOTIFICATION.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum MediaEvent {
    #[default]
    None = 0,
    EjectRequest = 1,
    NewMedia = 2,
    Removal = 3,
}

/// Where a drive keeps what it has to tell, and what it was told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct CdState {
    pub tray_open: bool,
    /// PREVENT ALLOW MEDIUM REMOVAL.
    pub locked: bool,
    pub sense: Sense,
    /// A unit attention not reported yet.
    pub attention: Option<Sense>,
    pub event: MediaEvent,
    /// Where the head is: the sector after the last one read.
    pub position: u32,
    /// Current speed in kB/s.
    pub speed: u16,
    /// Current values of the changeable mode pages, after their two header bytes.
    pub error_recovery: [u8; 6],
    pub audio_control: [u8; 14],
}

/// Page 01h after power-on: five retries.
pub(super) const ERROR_RECOVERY: [u8; 6] = [0, 5, 0, 0, 0, 0];
/// Page 0Eh after power-on: immediate, channels 0 and 1 to ports 0 and 1 at full volume.
pub(super) const AUDIO_CONTROL: [u8; 14] = [4, 0, 0, 0, 0, 0, 1, 0xFF, 2, 0xFF, 0, 0, 0, 0];
/// Fastest speed: 40 times 176.4 kB/s.
pub(super) const MAX_SPEED: u16 = 7056;

impl Default for CdState {
    fn default() -> Self {
        Self {
            tray_open: false,
            locked: false,
            sense: Sense::NONE,
            attention: Some(Sense::POWER_ON),
            event: MediaEvent::None,
            position: 0,
            speed: MAX_SPEED,
            error_recovery: ERROR_RECOVERY,
            audio_control: AUDIO_CONTROL,
        }
    }
}

impl CdState {
    /// After a hardware reset: only the tray stays as it is.
    pub fn reset(&self) -> Self {
        Self { tray_open: self.tray_open, ..Self::default() }
    }

    /// The disc left, or was hidden by the opening tray.
    pub fn removed(&mut self) {
        self.event = MediaEvent::Removal;
        self.locked = false;
        self.attention = None;
        self.position = 0;
    }

    /// A disc is there that was not there before.
    pub fn inserted(&mut self) {
        self.tray_open = false;
        self.event = MediaEvent::NewMedia;
        self.attention = Some(Sense::MEDIUM_CHANGED);
        self.position = 0;
    }
}
