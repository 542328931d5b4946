//! Moving the heads: SEEK, RELATIVE SEEK, RECALIBRATE and the implied seek (82077AA datasheet, sections 5.2.1-5.2.6).
//! All four drives can be on their way at the same time.

use super::spec::*;
use super::{Fdc, Phase};
use crate::bus::Cx;
use crate::time::Ns;
use serde::{Deserialize, Serialize};

/// A seek on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Seek {
    /// Cylinder number to arrive at.
    target: u8,
    recalibrates: bool,
    head: u8,
}

impl Seek {
    /// Cylinder number it is on its way to.
    pub(super) fn target(&self) -> u8 {
        self.target
    }
}

impl Fdc {
    /// RECALIBRATE.
    pub(super) fn recalibrate(&mut self, cx: &mut Cx, drive: u8) {
        let n = usize::from(drive & 3);
        let from = self.state.drives.get(n).map_or(0, |d| d.cylinder);
        let seek = Seek { target: 0, recalibrates: true, head: 0 };
        self.begin_seek(cx, n, seek, from.min(RECALIBRATE_STEPS));
    }

    /// SEEK; `select` has the drive and the head.
    pub(super) fn seek(&mut self, cx: &mut Cx, select: u8, target: u8) {
        let n = usize::from(select & 3);
        let steps = target.abs_diff(self.state.cylinders[n]);
        self.begin_seek(cx, n, Seek { target, recalibrates: false, head: select >> 2 & 1 }, steps);
    }

    /// RELATIVE SEEK: by `count` cylinders towards the spindle (`inwards`) or away from it.
    pub(super) fn relative_seek(&mut self, cx: &mut Cx, select: u8, count: u8, inwards: bool) {
        let from = self.state.cylinders[usize::from(select & 3)];
        let target = if inwards { from.wrapping_add(count) } else { from.wrapping_sub(count) };
        let n = usize::from(select & 3);
        // a number that wraps is still so many steps in that direction
        self.step(n, if inwards { i16::from(count) } else { -i16::from(count) });
        self.state.cylinders[n] = target;
        self.begin_seek(cx, n, Seek { target, recalibrates: false, head: select >> 2 & 1 }, count);
    }

    fn begin_seek(&mut self, cx: &mut Cx, n: usize, seek: Seek, steps: u8) {
        self.state.seeks[n] = Some(seek);
        self.state.pending[n] = None;
        self.state.phase = Phase::Command;
        if let Some(w) = self.wires {
            let at = cx.now.saturating_add(seek_time(steps));
            cx.timers.set(w.seeks[n], at);
        }
    }

    /// Timer: the heads have arrived.
    pub(super) fn end_seek(&mut self, cx: &mut Cx, n: usize) {
        let Some(seek) = self.state.seeks[n].take() else { return };
        let mut st0 = ST0_SE | seek.head << 2 | n as u8;
        if seek.recalibrates {
            self.step(n, -i16::from(RECALIBRATE_STEPS));
            if !self.at_track_0(n) {
                st0 |= ST0_ABNORMAL | ST0_EC;
            }
        } else {
            self.step(n, i16::from(seek.target) - i16::from(self.state.cylinders[n]));
        }
        self.state.cylinders[n] = seek.target;
        self.raise(cx);
        self.state.pending[n] = Some(st0);
    }

    /// Steps to the cylinder of a data command, if CONFIGURE asked for that; how long it takes, `None` if nothing moves.
    pub(super) fn implied_seek(&mut self, select: u8, target: u8) -> Option<Ns> {
        let n = usize::from(select & 3);
        let from = self.state.cylinders[n];
        if !self.state.configuration.implied_seek || from == target {
            return None;
        }
        self.step(n, i16::from(target) - i16::from(from));
        self.state.cylinders[n] = target;
        Some(seek_time(target.abs_diff(from)))
    }

    /// Moves the heads of a drive, inwards if positive. A step with a disk inside clears the disk change line.
    fn step(&mut self, n: usize, steps: i16) {
        let Some(Some(drive)) = self.drives.get(n) else { return };
        let s = &mut self.state.drives[n];
        let before = i16::from(s.cylinder);
        let last = i16::from(drive.kind.cylinders()) - 1;
        s.cylinder = before.saturating_add(steps).clamp(0, last) as u8;
        let pulses = if steps < 0 { before > 0 } else { steps > 0 };
        if pulses && drive.medium.is_some() {
            s.changed = false;
        }
    }

    /// The drive's track 0 sensor.
    pub(super) fn at_track_0(&self, n: usize) -> bool {
        self.drives.get(n).is_some_and(Option::is_some) && self.state.drives[n].cylinder == 0
    }
}

fn seek_time(steps: u8) -> Ns {
    SEEK_NS + STEP_NS * u64::from(steps)
}
