//! The PS/2 mouse (IBM PS/2 Technical Reference, "Mouse"), with Microsoft's wheel and five-button extensions.

use super::spec::*;
use crate::time::{NEVER, Ns, SECOND};
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;

/// Button changes remembered until they are reported; quick clicks are not lost.
const CLICKS: usize = 16;

/// When the mouse reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Mode {
    /// By itself.
    Stream,
    /// When asked.
    Remote,
}

/// The mouse's state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Mouse {
    pub(super) id: u8,
    pub(super) mode: Mode,
    pub(super) wrap: bool,
    pub(super) reporting: bool,
    pub(super) scaling_2_1: bool,
    pub(super) resolution: u8,
    pub(super) sample_rate: u8,
    /// The last sample rates set, the latest last.
    pub(super) knock: [u8; 3],
    pub(super) expects: Option<u8>,
    /// The last byte from the host made no sense.
    pub(super) confused: bool,
    pub(super) replies: VecDeque<u8>,
    pub(super) packet: VecDeque<u8>,
    /// The last answer or packet, for a resend.
    pub(super) last_sent: Vec<u8>,
    /// Movement not reported yet; up is positive, a wheel turned down too.
    pub(super) dx: i32,
    pub(super) dy: i32,
    pub(super) dz: i32,
    /// Buttons as last reported, and the changes since.
    pub(super) buttons: u8,
    pub(super) clicks: VecDeque<u8>,
    /// No packet before this.
    pub(super) earliest: Ns,
    pub(super) report_at: Ns,
    pub(super) test_ends: Ns,
}

impl Default for Mouse {
    fn default() -> Self {
        Self {
            id: 0,
            mode: Mode::Stream,
            wrap: false,
            reporting: false,
            scaling_2_1: false,
            resolution: 2,
            sample_rate: 100,
            knock: [0; 3],
            expects: None,
            confused: false,
            replies: VecDeque::new(),
            packet: VecDeque::new(),
            last_sent: Vec::new(),
            dx: 0,
            dy: 0,
            dz: 0,
            buttons: 0,
            clicks: VecDeque::new(),
            earliest: 0,
            report_at: NEVER,
            test_ends: NEVER,
        }
    }
}

impl Mouse {
    /// When something happens by itself.
    pub fn deadline(&self) -> Ns {
        self.report_at.min(self.test_ends)
    }

    /// Whether it has a byte to send.
    pub fn ready(&self) -> bool {
        !self.replies.is_empty() || !self.packet.is_empty()
    }

    /// Whether it streams reports to the host.
    pub fn streams(&self) -> bool {
        self.reporting && self.mode == Mode::Stream && !self.wrap
    }

    /// The next byte it sends.
    pub fn next_byte(&mut self, now: Ns) -> Option<u8> {
        let byte = self.replies.pop_front().or_else(|| self.packet.pop_front());
        self.plan(now);
        byte
    }

    /// Does what is due at `now`.
    pub fn run(&mut self, now: Ns) {
        if self.test_ends <= now {
            *self = Self { buttons: self.buttons, last_sent: vec![TEST_PASSED, 0], ..Self::default() };
            self.replies.extend([TEST_PASSED, 0]);
        }
        if self.report_at <= now {
            let report = self.report(self.scaling_2_1);
            self.packet.extend(&report);
            self.last_sent = report;
            self.earliest = now.saturating_add(SECOND / u64::from(self.sample_rate.max(10)));
        }
        self.plan(now);
    }

    /// It is moved, `dy` and `wheel` downwards, and its buttons are as in bits 0-4 (left, right, middle, fourth, fifth).
    /// While it may not report, movement is forgotten.
    pub fn moved(&mut self, dx: i32, dy: i32, wheel: i32, buttons: u8, now: Ns) {
        let buttons = buttons & 0x1F;
        if self.streams() || self.mode == Mode::Remote {
            let limit = |v: i32| v.clamp(-100_000, 100_000);
            self.dx = limit(self.dx.saturating_add(dx));
            self.dy = limit(self.dy.saturating_sub(dy));
            self.dz = limit(self.dz.saturating_add(wheel));
            if *self.clicks.back().unwrap_or(&self.buttons) != buttons {
                self.clicks.truncate(CLICKS - 1);
                self.clicks.push_back(buttons);
            }
        } else {
            self.clicks.clear();
            self.buttons = buttons;
        }
        self.plan(now);
    }

    /// Sets the deadline of the next report.
    fn plan(&mut self, now: Ns) {
        let wheel = self.dz != 0 && self.id != 0;
        let news = self.dx != 0 || self.dy != 0 || wheel || !self.clicks.is_empty();
        let due = news && self.streams() && self.packet.is_empty();
        self.report_at = if due { self.earliest.max(now) } else { NEVER };
    }

    /// A report of movement and buttons. What does not fit into it is left for the next one, so that the overflow bits
    /// are never needed.
    fn report(&mut self, scaled: bool) -> Vec<u8> {
        self.buttons = self.clicks.pop_front().unwrap_or(self.buttons);
        let limit = if scaled { 127 } else { 255 };
        let x = take(&mut self.dx, -limit, limit);
        let y = take(&mut self.dy, -limit, limit);
        let (x, y) = if scaled { (double(x), double(y)) } else { (x, y) };
        let signs = if x < 0 { 0x10 } else { 0 } | if y < 0 { 0x20 } else { 0 };
        let mut bytes = vec![0x08 | signs | self.buttons & 7, x as u8, y as u8];
        let z = take(&mut self.dz, -8, 7);
        match self.id {
            ID_WHEEL => bytes.push(z as u8),
            ID_FIVE_BUTTONS => bytes.push(z as u8 & 0x0F | (self.buttons & 0x18) << 1),
            _ => {}
        }
        bytes
    }

    fn forget_movement(&mut self) {
        (self.dx, self.dy, self.dz) = (0, 0, 0);
        self.buttons = self.clicks.pop_back().unwrap_or(self.buttons);
        self.clicks.clear();
    }

    fn set_defaults(&mut self) {
        self.mode = Mode::Stream;
        self.reporting = false;
        self.scaling_2_1 = false;
        self.resolution = 2;
        self.sample_rate = 100;
    }

    /// The host sends a byte: a parameter or a command. Either drops the packet being sent, and all but a request for
    /// data forget movement not reported.
    pub fn write(&mut self, byte: u8, now: Ns) {
        self.replies.clear();
        if byte == SEND_AGAIN && !self.wrap {
            self.packet.clear();
            self.replies.extend(&self.last_sent);
        } else {
            self.packet.clear();
            if byte != READ_DATA {
                self.forget_movement();
            }
            let answer = self.answer(byte, now);
            self.replies.extend(&answer);
            self.last_sent = answer;
        }
        self.plan(now);
    }

    fn answer(&mut self, byte: u8, now: Ns) -> Vec<u8> {
        if self.wrap && byte != RESET && byte != RESET_WRAP {
            return vec![byte];
        }
        let understood = match self.expects.take() {
            Some(command) => self.parameter(command, byte).or_else(|| self.command(byte, now)),
            None => self.command(byte, now),
        };
        let was_confused = std::mem::replace(&mut self.confused, understood.is_none());
        understood.unwrap_or_else(|| vec![if was_confused { ERROR } else { RESEND }])
    }

    /// The answer to a command, `None` to one that does not exist.
    fn command(&mut self, byte: u8, now: Ns) -> Option<Vec<u8>> {
        let mut answer = vec![ACK];
        match byte {
            SCALING_1_1 => self.scaling_2_1 = false,
            SCALING_2_1 => self.scaling_2_1 = true,
            SET_RESOLUTION | SET_RATE => self.expects = Some(byte),
            STATUS_REQUEST => answer.extend([self.status(), self.resolution, self.sample_rate]),
            STREAM_MODE => self.mode = Mode::Stream,
            REMOTE_MODE => self.mode = Mode::Remote,
            READ_DATA => answer.extend(self.report(false)),
            WRAP_MODE => self.wrap = true,
            RESET_WRAP => self.wrap = false,
            IDENTIFY => answer.push(self.id),
            ENABLE => self.reporting = true,
            DISABLE => self.reporting = false,
            DEFAULTS => self.set_defaults(),
            RESET => {
                let buttons = self.buttons;
                *self = Self { buttons, test_ends: now.saturating_add(SELF_TEST_NS), ..Self::default() };
            }
            _ => return None,
        }
        Some(answer)
    }

    /// The answer to a parameter, `None` if it cannot be one.
    fn parameter(&mut self, command: u8, value: u8) -> Option<Vec<u8>> {
        match (command, value) {
            (SET_RESOLUTION, 0..=3) => self.resolution = value,
            (SET_RATE, 10..=200) => self.set_sample_rate(value),
            _ => return None,
        }
        Some(vec![ACK])
    }

    fn set_sample_rate(&mut self, rate: u8) {
        self.sample_rate = rate;
        self.knock = [self.knock[1], self.knock[2], rate];
        if self.knock == KNOCK_WHEEL && self.id == 0 {
            self.id = ID_WHEEL;
        } else if self.knock == KNOCK_FIVE_BUTTONS && self.id == ID_WHEEL {
            self.id = ID_FIVE_BUTTONS;
        }
    }

    /// First byte of the status: mode, enabled, scaling; buttons in an order of its own.
    fn status(&self) -> u8 {
        let flag = |on: bool, bit: u8| if on { bit } else { 0 };
        flag(self.mode == Mode::Remote, 0x40)
            | flag(self.reporting, 0x20)
            | flag(self.scaling_2_1, 0x10)
            | flag(self.buttons & 1 != 0, 0x04)
            | flag(self.buttons & 4 != 0, 0x02)
            | flag(self.buttons & 2 != 0, 0x01)
    }
}

/// Takes as much of `v` as lies within the limits.
fn take(v: &mut i32, min: i32, max: i32) -> i32 {
    let part = (*v).clamp(min, max);
    *v -= part;
    part
}

/// Scaling 2:1: small movements are made finer, large ones doubled.
fn double(v: i32) -> i32 {
    let size = match v.abs() {
        small @ 0..=1 => small,
        2 => 1,
        3 => 3,
        4 => 6,
        5 => 9,
        large => 2 * large,
    };
    size * v.signum()
}
