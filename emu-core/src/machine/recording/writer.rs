//! From a recording to bytes.

use super::super::{Content, Description, Edit, Input};
use super::{Event, MAGIC, MediumName, Recording};
use crate::bus::DriveId;
use crate::time::Ns;
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
    /// Drive, as all that follow twice its place in the list, plus one if `delivered`.
    pub const EJECT: u8 = 0x64;
    /// Drive; size; a byte: 1 read-only, 2 the hash follows; SHA-256.
    pub const INSERT: u8 = 0x65;
    /// A byte: 1 if `delivered`; length and text of the name; length and bytes of the value.
    pub const REGISTER: u8 = 0x66;
    /// A byte: 1 if `delivered`; number of runs; each an address, length and bytes.
    pub const MEMORY: u8 = 0x67;
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
    let mut last = 0;
    for (at, event) in &recording.inputs {
        out.event(event, last, *at);
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

    fn event(&mut self, event: &Event, last: Ns, at: Ns) {
        let known = self.known_key(event);
        let token = known.unwrap_or(match event {
            Event::Insert { .. } => token::INSERT,
            Event::Input(Input::Key { .. }) => token::KEY,
            Event::Input(Input::Mouse { .. }) => token::MOUSE,
            Event::Input(Input::Serial { .. }) => token::SERIAL,
            Event::Input(Input::Reset) => token::RESET,
            Event::Input(Input::Medium { .. }) => token::EJECT,
            Event::Input(Input::Edit { edit: Edit::Register { .. }, .. }) => token::REGISTER,
            Event::Input(Input::Edit { edit: Edit::Memory { .. }, .. }) => token::MEMORY,
        });
        self.bytes.push(token);
        self.number(time(last, at));
        match event {
            Event::Insert { drive, medium, delivered } => {
                self.drive(*drive, *delivered);
                self.medium(medium);
            }
            Event::Input(_) if known.is_some() => {}
            Event::Input(input) => self.input(input),
        }
    }

    /// The token of a key that has its own.
    fn known_key(&self, event: &Event) -> Option<u8> {
        let Event::Input(Input::Key { code, pressed }) = event else { return None };
        let code = u8::try_from(*code).ok().filter(|code| *code < token::KEYS_END)?;
        Some(if *pressed { code } else { code | token::RELEASED })
    }

    fn input(&mut self, input: &Input) {
        match input {
            Input::Key { code, pressed } => self.number(u64::from(*code) << 1 | u64::from(*pressed)),
            Input::Mouse { dx, dy, wheel, buttons } => {
                [dx, dy, wheel].into_iter().for_each(|by| self.signed(i64::from(*by)));
                self.bytes.push(*buttons);
            }
            Input::Serial { port, bytes } => {
                self.bytes.push(*port);
                self.run(bytes);
            }
            Input::Reset => {}
            Input::Medium { drive, delivered, .. } => self.drive(*drive, *delivered),
            Input::Edit { edit, delivered } => {
                self.bytes.push(u8::from(*delivered));
                self.edit(edit);
            }
        }
    }

    fn edit(&mut self, edit: &Edit) {
        match edit {
            Edit::Register { name, bytes } => {
                self.run(name.as_bytes());
                self.run(bytes);
            }
            Edit::Memory { runs } => {
                self.number(runs.len() as u64);
                for (address, bytes) in runs {
                    self.number(*address);
                    self.run(bytes);
                }
            }
        }
    }

    fn drive(&mut self, drive: DriveId, delivered: bool) {
        let place = Description::DRIVES.iter().position(|d| *d == drive).unwrap_or_default();
        self.number((place as u64) << 1 | u64::from(delivered));
    }

    fn medium(&mut self, medium: &MediumName) {
        self.number(medium.bytes);
        self.bytes.push(u8::from(medium.read_only) | u8::from(medium.sha256.is_some()) << 1);
        self.bytes.extend(medium.sha256.iter().flatten());
    }
}

/// A time after another one, in the shorter of both ways.
fn time(last: Ns, at: Ns) -> u64 {
    let plain = at.saturating_sub(last) << 1;
    let mut shortest = plain;
    for (digit, grid) in (0..9).map(|digit| (digit, 10u64.pow(digit + 1))) {
        if !at.is_multiple_of(grid) {
            break;
        }
        let steps = at / grid - last / grid;
        shortest = shortest.min((steps * 9 + u64::from(digit)) << 1 | 1);
    }
    shortest
}
