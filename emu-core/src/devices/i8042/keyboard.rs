//! The keyboard: scan codes, typematic repeat and commands (IBM PS/2 Technical Reference, "Keyboards"). After a hardware
//! reset it scans in set 2 and, unlike a real one after power-on, does not announce itself with AAh.

use super::scancodes::{self, MAKE_BREAK_KEYS, MAKE_ONLY_KEYS, Modifiers, PAUSE};
use super::spec::*;
use crate::time::{NEVER, Ns, SECOND};
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;

/// A set of set 3 codes.
pub(super) type CodeSet = [u64; 4];

/// The keyboard's state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Keyboard {
    pub(super) scan_code_set: u8,
    pub(super) scanning: bool,
    pub(super) leds: u8,
    pub(super) typematic: u8,
    /// A command that waits for its parameter.
    pub(super) expects: Option<u8>,
    pub(super) replies: VecDeque<u8>,
    pub(super) codes: VecDeque<u8>,
    pub(super) last_sent: u8,
    /// Keys held down, in the order they were pressed.
    pub(super) held: Vec<u16>,
    pub(super) repeating: Option<u16>,
    pub(super) repeat_at: Ns,
    /// When a reset's self test ends.
    pub(super) test_ends: Ns,
    /// Set 3: keys that send no break code, and keys that do not repeat.
    pub(super) without_break: CodeSet,
    pub(super) without_repeat: CodeSet,
}

impl Default for Keyboard {
    fn default() -> Self {
        let mut keyboard = Self {
            scan_code_set: 2,
            scanning: true,
            leds: 0,
            typematic: DEFAULT_TYPEMATIC,
            expects: None,
            replies: VecDeque::new(),
            codes: VecDeque::new(),
            last_sent: 0,
            held: Vec::new(),
            repeating: None,
            repeat_at: NEVER,
            test_ends: NEVER,
            without_break: [0; 4],
            without_repeat: [0; 4],
        };
        keyboard.set_defaults();
        keyboard
    }
}

impl Keyboard {
    /// Scroll Lock, Num Lock, Caps Lock in bits 0-2.
    pub fn leds(&self) -> u8 {
        self.leds
    }

    /// When something happens by itself.
    pub fn deadline(&self) -> Ns {
        self.repeat_at.min(self.test_ends)
    }

    /// Whether it has a byte to send.
    pub fn ready(&self) -> bool {
        !self.replies.is_empty() || !self.codes.is_empty()
    }

    /// The next byte it sends: answers go before scan codes.
    pub fn next_byte(&mut self) -> Option<u8> {
        let byte = self.replies.pop_front().or_else(|| self.codes.pop_front())?;
        if byte != SEND_AGAIN {
            self.last_sent = byte;
        }
        Some(byte)
    }

    /// Does what is due at `now`.
    pub fn run(&mut self, now: Ns) {
        if self.test_ends <= now {
            self.test_ends = NEVER;
            self.set_defaults();
            self.scanning = true;
            self.replies.push_back(TEST_PASSED);
        }
        if self.repeat_at <= now {
            self.repeat_at = now.saturating_add(self.repeat_period());
            // A host that has not fetched the last one gets no more: repeats are not worth an overrun.
            if let Some(key) = self.repeating
                && self.codes.is_empty()
                && self.scanning
            {
                self.queue_key(key, true);
            }
        }
    }

    /// A key goes down or up. What a held key sends again, and a release of a key that was not down, is ignored.
    pub fn key(&mut self, key: u16, pressed: bool, now: Ns) {
        if !scancodes::is_key(key) || self.held.contains(&key) == pressed {
            return;
        }
        if pressed {
            self.press(key, now);
            self.held.push(key);
        } else {
            self.held.retain(|&k| k != key);
            if self.repeating == Some(key) {
                self.stop_repeating();
            }
            if self.scanning {
                self.queue_key(key, false);
            }
        }
    }

    fn press(&mut self, key: u16, now: Ns) {
        self.stop_repeating();
        if !self.scanning {
            return;
        }
        self.queue_key(key, true);
        let repeats = match (self.scan_code_set, scancodes::set_3(key)) {
            (3, Some(code)) => !contains(&self.without_repeat, code),
            _ => key != PAUSE,
        };
        if repeats {
            self.repeating = Some(key);
            self.repeat_at = now.saturating_add(self.repeat_delay());
        }
    }

    fn stop_repeating(&mut self) {
        self.repeating = None;
        self.repeat_at = NEVER;
    }

    /// 250 ms to 1 s.
    fn repeat_delay(&self) -> Ns {
        u64::from((self.typematic >> 5 & 3) + 1) * SECOND / 4
    }

    /// (8 + A) * 2^B / 240 seconds.
    fn repeat_period(&self) -> Ns {
        let (a, b) = (u64::from(self.typematic & 7), self.typematic >> 3 & 3);
        ((8 + a) << b) * SECOND / 240
    }

    fn modifiers(&self) -> Modifiers {
        let any = |keys: [u16; 2]| self.held.iter().any(|held| keys.contains(held));
        Modifiers { ctrl: any([0x1D, 0xE01D]), shift: any([0x2A, 0x36]), alt: any([0x38, 0xE038]) }
    }

    /// Queues what the key sends, whole or not at all: where there is no room, an overrun code says so.
    fn queue_key(&mut self, key: u16, pressed: bool) {
        let bytes = if self.scan_code_set == 3 {
            self.set_3_sequence(key, pressed)
        } else {
            scancodes::sequence(self.scan_code_set, key, pressed, self.modifiers())
        };
        if self.codes.len() + bytes.len() <= KEYBOARD_BUFFER {
            self.codes.extend(bytes);
            return;
        }
        let overrun = if self.scan_code_set == 1 { 0xFF } else { 0x00 };
        if self.codes.back() != Some(&overrun) {
            self.codes.push_back(overrun);
        }
    }

    fn set_3_sequence(&self, key: u16, pressed: bool) -> Vec<u8> {
        match scancodes::set_3(key) {
            Some(code) if pressed => vec![code],
            Some(code) if !contains(&self.without_break, code) => vec![0xF0, code],
            _ => Vec::new(),
        }
    }

    fn set_defaults(&mut self) {
        self.scan_code_set = 2;
        self.leds = 0;
        self.typematic = DEFAULT_TYPEMATIC;
        self.stop_repeating();
        self.codes.clear();
        (self.without_break, self.without_repeat) = ([u64::MAX; 4], [0; 4]);
        for code in MAKE_BREAK_KEYS {
            put(&mut self.without_break, code, false);
            put(&mut self.without_repeat, code, true);
        }
        for code in MAKE_ONLY_KEYS {
            put(&mut self.without_repeat, code, true);
        }
    }

    /// The host sends a byte: a parameter, or a command, which also takes the place of a parameter.
    pub fn write(&mut self, byte: u8, now: Ns) {
        self.replies.clear();
        if let Some(command) = self.expects.take()
            && self.parameter(command, byte)
        {
            return;
        }
        self.command(byte, now);
    }

    fn command(&mut self, byte: u8, now: Ns) {
        match byte {
            ECHO => return self.replies.push_back(ECHO),
            SEND_AGAIN => return self.replies.push_back(self.last_sent),
            SET_LEDS | SCAN_CODE_SET | SET_RATE | KEY_TYPEMATIC..=KEY_MAKE => self.expects = Some(byte),
            IDENTIFY => {
                self.codes.clear();
                self.replies.push_back(ACK);
                return self.replies.extend(KEYBOARD_ID);
            }
            ENABLE => {
                self.codes.clear();
                self.scanning = true;
            }
            DISABLE => {
                self.set_defaults();
                self.scanning = false;
            }
            DEFAULTS => self.set_defaults(),
            ALL_TYPEMATIC..=ALL_TYPEMATIC_MAKE_BREAK => self.set_all_key_types(byte),
            RESET => {
                self.codes.clear();
                self.stop_repeating();
                self.scanning = false;
                self.test_ends = now.saturating_add(SELF_TEST_NS);
            }
            _ => return self.replies.push_back(RESEND),
        }
        self.replies.push_back(ACK);
    }

    /// Takes a parameter; false if it cannot be one.
    fn parameter(&mut self, command: u8, value: u8) -> bool {
        match (command, value) {
            (SET_LEDS, 0..=0x7F) => self.leds = value & 7,
            (SET_RATE, 0..=0x7F) => self.typematic = value,
            (SCAN_CODE_SET, 0) => {
                self.replies.extend([ACK, self.scan_code_set]);
                return true;
            }
            (SCAN_CODE_SET, 1..=3) => {
                self.scan_code_set = value;
                self.codes.clear();
                self.stop_repeating();
            }
            (KEY_TYPEMATIC..=KEY_MAKE, 0..=0xEC) => {
                put(&mut self.without_break, value, command != KEY_MAKE_BREAK);
                put(&mut self.without_repeat, value, command != KEY_TYPEMATIC);
                // More keys may follow, until the next command.
                self.expects = Some(command);
            }
            _ => return false,
        }
        self.replies.push_back(ACK);
        true
    }

    fn set_all_key_types(&mut self, command: u8) {
        let all = |on: bool| if on { [u64::MAX; 4] } else { [0; 4] };
        self.codes.clear();
        self.without_break = all(matches!(command, ALL_TYPEMATIC | ALL_MAKE));
        self.without_repeat = all(matches!(command, ALL_MAKE_BREAK | ALL_MAKE));
    }
}

fn contains(set: &CodeSet, code: u8) -> bool {
    set[usize::from(code >> 6)] >> (code & 63) & 1 != 0
}

fn put(set: &mut CodeSet, code: u8, member: bool) {
    let bit = 1 << (code & 63);
    let word = &mut set[usize::from(code >> 6)];
    *word = if member { *word | bit } else { *word & !bit };
}
