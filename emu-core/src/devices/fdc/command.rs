//! Commands: their lengths, and those without an execution phase (82077AA datasheet, table 5-1).

use super::spec::*;
use super::transfer::{Operation, Scan};
use super::{Configuration, Fdc, Phase};
use crate::bus::Cx;

/// A command by its first byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Command {
    Transfer(Operation),
    Specify,
    SenseDriveStatus,
    Recalibrate,
    SenseInterruptStatus,
    DumpRegisters,
    Seek,
    RelativeSeek,
    Version,
    Perpendicular,
    Configure,
    Lock,
    Invalid,
}

/// The command and its number of bytes.
fn decode(byte: u8) -> (Command, usize) {
    use Operation::*;
    let transfer = |operation, len| (Command::Transfer(operation), len);
    match byte {
        0x03 => return (Command::Specify, 3),
        0x04 => return (Command::SenseDriveStatus, 2),
        0x07 => return (Command::Recalibrate, 2),
        0x08 => return (Command::SenseInterruptStatus, 1),
        0x0E => return (Command::DumpRegisters, 1),
        0x0F => return (Command::Seek, 3),
        0x8F | 0xCF => return (Command::RelativeSeek, 3),
        0x10 => return (Command::Version, 1),
        0x12 => return (Command::Perpendicular, 2),
        0x13 => return (Command::Configure, 4),
        0x14 | 0x94 => return (Command::Lock, 1),
        _ => {}
    }
    // the rest have MT (bit 7), MFM (bit 6) and SK (bit 5), not all of them all
    match (byte & 0x1F, byte & 0x80 != 0, byte & 0x20 != 0) {
        (0x02, false, false) => transfer(ReadTrack, 9),
        (0x05, _, false) => transfer(Write { deleted: false }, 9),
        (0x06, _, _) => transfer(Read { deleted: false }, 9),
        (0x09, _, false) => transfer(Write { deleted: true }, 9),
        (0x0A, false, false) => transfer(ReadId, 2),
        (0x0C, _, _) => transfer(Read { deleted: true }, 9),
        (0x0D, false, false) => transfer(Format, 6),
        (0x11, _, _) => transfer(Compare(Scan::Equal), 9),
        (0x16, _, _) => transfer(Verify, 9),
        (0x19, _, _) => transfer(Compare(Scan::LowOrEqual), 9),
        (0x1D, _, _) => transfer(Compare(Scan::HighOrEqual), 9),
        _ => (Command::Invalid, 1),
    }
}

impl Fdc {
    /// A byte of a command; the last one starts it.
    pub(super) fn command_byte(&mut self, cx: &mut Cx, value: u8) {
        self.state.command.push(value);
        let (command, len) = decode(self.state.command[0]);
        if self.state.command.len() >= len {
            let mut bytes = [0; 9];
            bytes[..len].copy_from_slice(&self.state.command[..len]);
            self.state.command.clear();
            self.dispatch(cx, command, &bytes);
        }
    }

    fn dispatch(&mut self, cx: &mut Cx, command: Command, b: &[u8; 9]) {
        match command {
            Command::Transfer(operation) => self.begin(cx, operation, b),
            Command::Specify => {
                self.state.specify = [b[1], b[2]];
                self.done();
            }
            Command::SenseDriveStatus => {
                let st3 = self.status_3(b[1]);
                self.results(&[st3]);
            }
            Command::Recalibrate => self.recalibrate(cx, b[1]),
            Command::SenseInterruptStatus => self.sense_interrupt(cx),
            Command::DumpRegisters => self.dump_registers(),
            Command::Seek => self.seek(cx, b[1], b[2]),
            Command::RelativeSeek => self.relative_seek(cx, b[1], b[2], b[0] & 0x40 != 0),
            Command::Version => self.results(&[VERSION]),
            Command::Perpendicular => self.perpendicular(b[1]),
            Command::Configure => self.configure(b[2], b[3]),
            Command::Lock => {
                self.state.lock = b[0] & 0x80 != 0;
                self.results(&[u8::from(self.state.lock) << 4]);
            }
            Command::Invalid => self.results(&[ST0_INVALID]),
        }
    }

    /// Ends a command that has no result.
    fn done(&mut self) {
        self.state.phase = Phase::Command;
    }

    /// SENSE INTERRUPT STATUS: the drive with the lowest number that has something to report.
    fn sense_interrupt(&mut self, cx: &mut Cx) {
        self.lower(cx);
        match self.state.pending.iter().position(Option::is_some) {
            Some(n) => {
                let st0 = self.state.pending[n].take().unwrap_or(ST0_INVALID);
                let cylinder = self.state.cylinders[n];
                self.results(&[st0, cylinder]);
            }
            None => self.results(&[ST0_INVALID]),
        }
    }

    fn status_3(&self, select: u8) -> u8 {
        let n = usize::from(select & 3);
        let mut st3 = ST3_ONES | select & 7;
        if self.at_track_0(n) {
            st3 |= ST3_T0;
        }
        // without a disk the sensor sees no covered hole
        if let Some(Some(drive)) = self.drives.get(n)
            && drive.medium.as_ref().is_none_or(|m| m.image.read_only())
        {
            st3 |= ST3_WP;
        }
        st3
    }

    fn dump_registers(&mut self) {
        let s = &self.state;
        let [a, b, c, d] = s.cylinders;
        let lock = u8::from(s.lock) << 7 | s.perpendicular & 0x3F;
        let [first, second] = s.specify;
        let (mode, track) = (mode_bits(&s.configuration), s.configuration.precompensation_track);
        let last = s.last_eot;
        self.results(&[a, b, c, d, first, second, last, lock, mode, track]);
    }

    /// PERPENDICULAR MODE: the drive bits change only with OW set.
    fn perpendicular(&mut self, value: u8) {
        const OVERWRITE: u8 = 0x80;
        let p = &mut self.state.perpendicular;
        *p = if value & OVERWRITE != 0 { value & 0x3F } else { *p & 0x3C | value & 3 };
        self.done();
    }

    fn configure(&mut self, mode: u8, precompensation_track: u8) {
        self.state.configuration = Configuration {
            implied_seek: mode & 0x40 != 0,
            fifo_off: mode & 0x20 != 0,
            polling_off: mode & 0x10 != 0,
            threshold: mode & 15,
            precompensation_track,
        };
        self.done();
    }
}

fn mode_bits(c: &Configuration) -> u8 {
    u8::from(c.implied_seek) << 6 | u8::from(c.fifo_off) << 5 | u8::from(c.polling_off) << 4 | c.threshold
}
