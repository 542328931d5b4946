//! From a recording to bytes.

use super::super::{Content, Description, Input, Stamp};
use super::{MAGIC, Recording};
use crate::x86::cpu::NS_PER_STEP;
use xxhash_rust::xxh3::xxh3_64;

/// Tokens of inputs. Below: a key pressed, by its make code of one byte; with [`RELEASED`]: released.
pub(super) mod token {
    /// Keys below have a token of their own.
    pub const KEYS_END: u8 = 0x60;
    /// Added to the token of a key: it is released.
    pub const RELEASED: u8 = 0x80;
    /// Any other key: twice the make code, plus one if pressed.
    pub const KEY: u8 = 0x60;
    /// dx, dy, wheel as zigzag numbers; buttons, one byte.
    pub const MOUSE: u8 = 0x61;
    /// Port, one byte; number of bytes; the bytes.
    pub const SERIAL: u8 = 0x62;
    /// Nothing more.
    pub const RESET: u8 = 0x63;
}

/// Bits of the byte that says which parts a machine has.
pub(super) mod part {
    pub const ROM: u8 = 1;
    pub const KERNEL: u8 = 2;
    pub const EXIT_PORT: u8 = 4;
    pub const CAPTURE_PORT: u8 = 8;
    pub const RESET_ON_SHUTDOWN: u8 = 16;
    /// Boot order and menu are those of [`super::USUAL_BOOT`].
    pub const USUAL_BOOT: u8 = 32;
}

/// What boot order and menu mostly are, as [`Description`] has them; it may never change.
pub(super) const USUAL_BOOT: &str = "[Floppy, CdRom, Disk] Some(1000)";

/// A recording as bytes.
pub(super) fn encode(recording: &Recording) -> Vec<u8> {
    let mut out = Writer { bytes: MAGIC.to_vec() };
    out.machine(&recording.description);
    out.number(recording.end.instruction);
    out.number(recording.end.time);
    match recording.hash {
        None => out.bytes.push(0),
        Some(hash) => {
            out.bytes.push(1);
            out.bytes.extend(hash.to_le_bytes());
        }
    }
    out.number(recording.inputs.len() as u64);
    let mut last = Stamp::default();
    for (at, input) in &recording.inputs {
        out.input(input, last, *at);
        last = *at;
    }
    let sum = xxh3_64(&out.bytes) as u32;
    out.bytes.extend(sum.to_le_bytes());
    out.bytes
}

struct Writer {
    bytes: Vec<u8>,
}

impl Writer {
    fn number(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.bytes.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.bytes.push(value as u8);
    }

    fn signed(&mut self, value: i64) {
        self.number((value << 1 ^ value >> 63) as u64);
    }

    fn run(&mut self, bytes: &[u8]) {
        self.number(bytes.len() as u64);
        self.bytes.extend(bytes);
    }

    fn content(&mut self, content: &Content) {
        self.number(content.bytes);
        self.bytes.extend(content.hash.to_le_bytes());
    }

    /// Parts there are, RAM, BIOS, VGA BIOS, then: ROM, kernel, ports, boot order, as the parts say; which drives hold
    /// something and of which the hash is known, sizes and hashes of these; the clock.
    fn machine(&mut self, machine: &Description) {
        let [exit, capture] = machine.ports;
        let usual = machine.boot == USUAL_BOOT;
        let parts = [
            (machine.rom.is_some(), part::ROM),
            (machine.kernel.is_some(), part::KERNEL),
            (exit.is_some(), part::EXIT_PORT),
            (capture.is_some(), part::CAPTURE_PORT),
            (machine.reset_on_shutdown, part::RESET_ON_SHUTDOWN),
            (usual, part::USUAL_BOOT),
        ];
        self.bytes.push(parts.into_iter().map(|(there, bit)| if there { bit } else { 0 }).sum());
        self.number(u64::from(machine.ram_bytes >> 12));
        self.content(&machine.bios);
        self.content(&machine.vga_bios);
        if let Some((address, content)) = &machine.rom {
            self.number(u64::from(*address));
            self.content(content);
        }
        if let Some(kernel) = &machine.kernel {
            self.content(&kernel.image);
            self.content(&kernel.initrd);
            self.run(kernel.command_line.as_bytes());
        }
        [exit, capture].into_iter().flatten().for_each(|port| self.number(u64::from(port)));
        if !usual {
            self.run(machine.boot.as_bytes());
        }
        self.drives(machine);
        self.signed(machine.rtc_unix_seconds);
    }

    fn drives(&mut self, machine: &Description) {
        let bits = |there: [bool; 5]| (0..5).map(|n| u64::from(there[n]) << n).sum::<u64>();
        let full = bits(machine.drives.map(|drive| drive.is_some()));
        let known = bits(machine.image_hashes.map(|hash| hash.is_some()));
        self.number(full | known << 5);
        machine.drives.into_iter().flatten().for_each(|bytes| self.number(bytes));
        machine.image_hashes.into_iter().flatten().for_each(|hash| self.bytes.extend(hash));
    }

    fn input(&mut self, input: &Input, last: Stamp, at: Stamp) {
        let short = |code: u16| u8::try_from(code).ok().filter(|code| *code < token::KEYS_END);
        match input {
            Input::Key { code, pressed } => match short(*code) {
                Some(code) => self.begin(if *pressed { code } else { code | token::RELEASED }, last, at),
                None => {
                    self.begin(token::KEY, last, at);
                    self.number(u64::from(*code) << 1 | u64::from(*pressed));
                }
            },
            Input::Mouse { dx, dy, wheel, buttons } => {
                self.begin(token::MOUSE, last, at);
                [dx, dy, wheel].into_iter().for_each(|by| self.signed(i64::from(*by)));
                self.bytes.push(*buttons);
            }
            Input::Serial { port, bytes } => {
                self.begin(token::SERIAL, last, at);
                self.bytes.push(*port);
                self.run(bytes);
            }
            Input::Reset => self.begin(token::RESET, last, at),
        }
    }

    fn begin(&mut self, token: u8, last: Stamp, at: Stamp) {
        self.bytes.push(token);
        let steps = at.instruction.saturating_sub(last.instruction);
        let ns = at.time.saturating_sub(last.time);
        let slept = ns != steps.saturating_mul(NS_PER_STEP);
        self.number(steps << 1 | u64::from(slept));
        if slept {
            self.number(decimal(ns));
        }
    }
}

/// A number of nanoseconds as ten times its mantissa plus its decimal exponent.
fn decimal(ns: u64) -> u64 {
    let mut mantissa = ns;
    let mut exponent = 0;
    while exponent < 9 && mantissa != 0 && mantissa.is_multiple_of(10) {
        mantissa /= 10;
        exponent += 1;
    }
    mantissa * 10 + exponent
}
