//! Recorded tests as a file: `host-cpu/vectors.bin`, made by `cargo run --release -p glassbox-tests --example
//! record_vectors` on a host with a 32-bit x86 mode.
//!
//! The file is a zlib stream. In it, numbers little-endian:
//!
//! - magic `GBHV`, version (16 bits), number of palette states (16 bits);
//! - each palette state: eight general registers (32 bits each), the FXSAVE image's first 288 bytes, two windows of memory;
//! - until the end, each form: length and bytes of its name ([`Key::name`](super::keys::Key::name)), number of tests (16
//!   bits), the tests.
//!
//! A test is the number of its palette state, patches that make the state before of it, the exception's vector (FFh: none)
//! and with one its error code (16 bits) and CR2 (32 bits), and patches that make the state after of the state before. A
//! state is code (16 bytes), EIP, EFLAGS, whether the instruction repeats (8 bits), CS, SS, DS, ES, FS, GS (16 bits each),
//! the addresses of the two windows (32 bits each), general registers, FXSAVE image, windows; all that is not in the
//! palette is zero there. Patches are pairs of how many bytes to skip and how many bytes follow, both as LEB128, with
//! those bytes, until a pair with no bytes.

use super::palette::Base;
use super::{FX, Outcome, Selectors, Test, WINDOW};
use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use std::io::{Read, Write};

const MAGIC: &[u8; 4] = b"GBHV";
const VERSION: u16 = 1;
/// Length of a state: code, EIP, EFLAGS, repeats, selectors, window addresses, registers.
const REGISTERS: usize = 16 + 4 + 4 + 1 + 12 + 8;
const STATE: usize = REGISTERS + 32 + FX + 2 * WINDOW;
const NO_EXCEPTION: u8 = 0xFF;
/// Equal bytes between differing ones that are not worth a new patch.
const GAP: usize = 2;

/// A test with what the hardware made of it.
pub type Case = (Test, Outcome);

type State = [u8; STATE];

/// Writes a file.
pub struct Writer {
    out: Vec<u8>,
    palette: Vec<State>,
}

impl Writer {
    /// A file without forms.
    pub fn new(palette: &[Base]) -> Self {
        let mut out = MAGIC.to_vec();
        out.extend(VERSION.to_le_bytes());
        out.extend((palette.len() as u16).to_le_bytes());
        let palette: Vec<State> = palette.iter().map(base_state).collect();
        palette.iter().for_each(|state| out.extend(&state[REGISTERS..]));
        Self { out, palette }
    }

    /// Adds a form.
    pub fn form(&mut self, name: &str, cases: &[&Case]) {
        self.out.push(name.len() as u8);
        self.out.extend(name.bytes());
        self.out.extend((cases.len() as u16).to_le_bytes());
        for (test, outcome) in cases {
            let before = before(test);
            self.out.push(test.palette);
            patch(&self.palette[usize::from(test.palette)], &before, &mut self.out);
            match outcome.exception {
                None => self.out.push(NO_EXCEPTION),
                Some((vector, code)) => {
                    self.out.push(vector);
                    self.out.extend(code.to_le_bytes());
                    self.out.extend(outcome.cr2.to_le_bytes());
                }
            }
            patch(&before, &after(test, outcome), &mut self.out);
        }
    }

    /// The file.
    ///
    /// # Errors
    /// None but of the encoder.
    pub fn finish(self) -> std::io::Result<Vec<u8>> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(&self.out)?;
        encoder.finish()
    }
}

/// Reads a file, form by form.
pub struct Reader {
    bytes: Vec<u8>,
    at: usize,
    palette: Vec<State>,
}

impl Reader {
    /// Unpacks it and reads the palette.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn new(file: &[u8]) -> Result<Self, String> {
        let mut bytes = Vec::new();
        ZlibDecoder::new(file).read_to_end(&mut bytes).map_err(|e| e.to_string())?;
        let mut input = Input(&bytes);
        if input.take(4)? != MAGIC || input.u16()? != VERSION {
            return Err("not such a file, or of another version".to_owned());
        }
        let mut palette = Vec::new();
        for _ in 0..input.u16()? {
            let mut state = [0; STATE];
            state[REGISTERS..].copy_from_slice(input.take(STATE - REGISTERS)?);
            palette.push(state);
        }
        let at = bytes.len() - input.0.len();
        Ok(Self { bytes, at, palette })
    }

    /// The next form's name with its cases; `None` at the end.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn form(&mut self) -> Result<Option<(String, Vec<Case>)>, String> {
        let mut input = Input(&self.bytes[self.at..]);
        if input.0.is_empty() {
            return Ok(None);
        }
        let length = input.u8()?;
        let name = String::from_utf8_lossy(input.take(usize::from(length))?).into_owned();
        let count = input.u16()?;
        let cases = (0..count).map(|_| input.case(&self.palette)).collect::<Result<Vec<_>, _>>()?;
        self.at = self.bytes.len() - input.0.len();
        Ok(Some((name, cases)))
    }
}

struct Input<'a>(&'a [u8]);

impl<'a> Input<'a> {
    fn take(&mut self, len: usize) -> Result<&'a [u8], String> {
        let (taken, rest) = self.0.split_at_checked(len).ok_or("the file ends early")?;
        self.0 = rest;
        Ok(taken)
    }

    fn u8(&mut self) -> Result<u8, String> {
        Ok(self.take(1)?[0])
    }

    fn u16(&mut self) -> Result<u16, String> {
        Ok(u16::from(self.u8()?) | u16::from(self.u8()?) << 8)
    }

    fn u32(&mut self) -> Result<u32, String> {
        Ok(u32::from(self.u16()?) | u32::from(self.u16()?) << 16)
    }

    fn number(&mut self) -> Result<usize, String> {
        let mut value = 0;
        for shift in (0..21).step_by(7) {
            let byte = self.u8()?;
            value |= usize::from(byte & 0x7F) << shift;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err("a number is too long".to_owned())
    }

    fn patch(&mut self, state: &mut State) -> Result<(), String> {
        let mut at = 0;
        loop {
            at += self.number()?;
            let len = self.number()?;
            if len == 0 {
                return Ok(());
            }
            let place = state.get_mut(at..at + len).ok_or("a patch beyond the state")?;
            place.copy_from_slice(self.take(len)?);
            at += len;
        }
    }

    fn case(&mut self, palette: &[State]) -> Result<Case, String> {
        let number = self.u8()?;
        let mut state = *palette.get(usize::from(number)).ok_or("no such palette state")?;
        self.patch(&mut state)?;
        let test = test(&state, number);
        let vector = self.u8()?;
        let (exception, cr2) =
            if vector == NO_EXCEPTION { (None, 0) } else { (Some((vector, self.u16()?)), self.u32()?) };
        self.patch(&mut state)?;
        Ok((test, outcome(&state, exception, cr2)))
    }
}

fn put_number(mut value: usize, out: &mut Vec<u8>) {
    while value > 0x7F {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

fn patch(from: &State, to: &State, out: &mut Vec<u8>) {
    let (mut at, mut i) = (0, 0);
    while i < STATE {
        if from[i] == to[i] {
            i += 1;
            continue;
        }
        let (start, mut end) = (i, i + 1);
        while i < STATE && i < end + GAP {
            if from[i] != to[i] {
                end = i + 1;
            }
            i += 1;
        }
        put_number(start - at, out);
        put_number(end - start, out);
        out.extend(&to[start..end]);
        at = end;
    }
    out.extend([0, 0]);
}

/// Fields one after the other.
struct Fields<'a>(&'a mut State, usize);

impl Fields<'_> {
    fn put(&mut self, bytes: &[u8]) {
        self.0[self.1..][..bytes.len()].copy_from_slice(bytes);
        self.1 += bytes.len();
    }
}

fn base_state(base: &Base) -> State {
    let mut state = [0; STATE];
    let mut fields = Fields(&mut state, REGISTERS);
    fields.put(base.regs.map(u32::to_le_bytes).as_flattened());
    fields.put(&base.fx);
    fields.put(base.data.as_flattened());
    state
}

fn before(test: &Test) -> State {
    let mut state = [0; STATE];
    let mut fields = Fields(&mut state, 0);
    fields.put(&test.code);
    fields.put(&test.start.to_le_bytes());
    fields.put(&test.eflags.to_le_bytes());
    fields.put(&[u8::from(test.repeats)]);
    fields.put(test.selectors.all().map(u16::to_le_bytes).as_flattened());
    fields.put(test.window.map(u32::to_le_bytes).as_flattened());
    fields.put(test.regs.map(u32::to_le_bytes).as_flattened());
    fields.put(&test.fx);
    fields.put(test.data.as_flattened());
    state
}

fn after(test: &Test, outcome: &Outcome) -> State {
    before(&Test {
        start: outcome.eip,
        eflags: outcome.eflags,
        selectors: outcome.selectors,
        regs: outcome.regs,
        fx: outcome.fx,
        data: outcome.data,
        ..test.clone()
    })
}

fn test(state: &State, palette: u8) -> Test {
    let mut at = 0;
    let mut take = |len: usize| {
        at += len;
        &state[at - len..at]
    };
    let word = |bytes: &[u8]| bytes.iter().rev().fold(0, |value, byte| value << 8 | u32::from(*byte));
    Test {
        code: take(16).try_into().unwrap_or_default(),
        start: word(take(4)),
        eflags: word(take(4)),
        repeats: take(1)[0] != 0,
        selectors: Selectors::from_all(std::array::from_fn(|_| word(take(2)) as u16)),
        window: std::array::from_fn(|_| word(take(4))),
        regs: std::array::from_fn(|_| word(take(4))),
        fx: take(FX).try_into().unwrap_or([0; FX]),
        data: std::array::from_fn(|_| take(WINDOW).try_into().unwrap_or([0; WINDOW])),
        palette,
    }
}

fn outcome(state: &State, exception: Option<(u8, u16)>, cr2: u32) -> Outcome {
    let Test { start, eflags, selectors, regs, fx, data, .. } = test(state, 0);
    Outcome { regs, eip: start, eflags, exception, cr2, selectors, fx, data }
}
