//! From bytes to a recording. Nothing in them is believed before it was checked.

use super::super::{Content, Description, Edit, Input, KernelContent, RAM_MAX, RAM_MIN, Stamp};
use super::writer::{USUAL_BOOT, part, token};
use super::{Event, MAGIC, MOST_BYTES, MOST_INSTRUCTIONS, MOST_TIME, MediumName, Recording, RecordingError};
use crate::bus::DriveId;
use crate::time::Ns;
use xxhash_rust::xxh3::xxh3_64;

/// Bytes of the checksum.
const SUM: usize = 4;
/// Most bytes of a command line, and of a boot order.
const MOST_TEXT: u64 = 4096;
/// Most bytes of a register's name and value.
const MOST_REGISTER: u64 = 16;
/// Physical addresses have at most 36 bits.
const MOST_ADDRESS: u64 = (1 << 36) - 1;

type Result<T> = std::result::Result<T, RecordingError>;

/// A recording from bytes.
pub(super) fn decode(bytes: &[u8]) -> Result<Recording> {
    most("bytes", bytes.len() as u64, MOST_BYTES as u64)?;
    let [magic @ .., newest] = MAGIC;
    match bytes.strip_prefix(&magic) {
        Some([version, ..]) if *version == newest => {}
        Some([0, ..]) => return Err(RecordingError::Damaged("the version")),
        Some([found, ..]) => return Err(RecordingError::NewerVersion { found: *found, newest }),
        _ => return Err(RecordingError::NoRecording),
    }
    let Some((body, sum)) = bytes.split_last_chunk::<SUM>() else {
        return Err(RecordingError::Damaged("the end is missing"));
    };
    if u32::from_le_bytes(*sum) != xxh3_64(body) as u32 {
        return Err(RecordingError::Damaged("the checksum"));
    }
    let rest = body.get(MAGIC.len()..).ok_or(RecordingError::Damaged("the end is missing"))?;
    let mut input = Reader { rest };
    let recording = input.recording()?;
    if input.rest.is_empty() {
        Ok(recording)
    } else {
        Err(RecordingError::Damaged("something behind the end"))
    }
}

struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    fn recording(&mut self) -> Result<Recording> {
        let description = self.machine()?;
        let instruction = most("instructions", self.number()?, MOST_INSTRUCTIONS)?;
        let end = Stamp { instruction, time: most("nanoseconds", self.number()?, MOST_TIME)? };
        let hash = match self.byte()? {
            0 => None,
            1 => Some(u128::from_le_bytes(self.array()?)),
            _ => return Err(RecordingError::Damaged("the end")),
        };
        // Each input has two bytes at least, so that a false number asks for no memory.
        let count = most("inputs", self.number()?, self.rest.len() as u64 / 2)?;
        let mut inputs = Vec::with_capacity(count as usize);
        let mut last = 0;
        for _ in 0..count {
            let token = self.byte()?;
            last = self.time(last)?;
            inputs.push((last, self.event(token)?));
        }
        if last > end.time {
            return Err(RecordingError::Damaged("an input behind the end"));
        }
        Ok(Recording { description, inputs, end, hash })
    }

    fn byte(&mut self) -> Result<u8> {
        let [byte] = self.array()?;
        Ok(byte)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        let (bytes, rest) =
            self.rest.split_first_chunk().ok_or(RecordingError::Damaged("the end is missing"))?;
        self.rest = rest;
        Ok(*bytes)
    }

    fn number(&mut self) -> Result<u64> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7F);
            if bits << shift >> shift != bits {
                break;
            }
            value |= bits << shift;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(RecordingError::Damaged("a number"))
    }

    fn signed(&mut self) -> Result<i64> {
        let value = self.number()?;
        Ok((value >> 1) as i64 ^ -((value & 1) as i64))
    }

    fn small<T: TryFrom<u64>>(&mut self) -> Result<T> {
        T::try_from(self.number()?).map_err(|_| RecordingError::Damaged("a number"))
    }

    fn run(&mut self, what: &'static str, limit: u64) -> Result<&'a [u8]> {
        let length = most(what, self.number()?, limit)?;
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        let (bytes, rest) =
            self.rest.split_at_checked(length).ok_or(RecordingError::Damaged("the end is missing"))?;
        self.rest = rest;
        Ok(bytes)
    }

    fn text(&mut self, what: &'static str) -> Result<String> {
        let bytes = self.run(what, MOST_TEXT)?;
        String::from_utf8(bytes.to_vec()).map_err(|_| RecordingError::Damaged("a text"))
    }

    fn content(&mut self) -> Result<Content> {
        Ok(Content { bytes: self.number()?, hash: u128::from_le_bytes(self.array()?) })
    }

    fn machine(&mut self) -> Result<Description> {
        let parts = self.byte()?;
        let has = |bit: u8| parts & bit != 0;
        let ram_bytes = most("pages of memory", self.number()?, u64::from(RAM_MAX >> 12))? << 12;
        if ram_bytes < u64::from(RAM_MIN) {
            return Err(RecordingError::Damaged("the size of memory"));
        }
        let (bios, vga_bios) = (self.content()?, self.content()?);
        let rom = if has(part::ROM) { Some((self.small()?, self.content()?)) } else { None };
        let kernel = if has(part::KERNEL) { Some(self.kernel()?) } else { None };
        let exit = if has(part::EXIT_PORT) { Some(self.small()?) } else { None };
        let capture = if has(part::CAPTURE_PORT) { Some(self.small()?) } else { None };
        let boot =
            if has(part::USUAL_BOOT) { USUAL_BOOT.into() } else { self.text("bytes of the boot order")? };
        let (drives, image_hashes) = self.drives()?;
        Ok(Description {
            ram_bytes: ram_bytes as u32,
            bios,
            vga_bios,
            rom,
            kernel,
            drives,
            image_hashes,
            boot,
            reset_on_shutdown: has(part::RESET_ON_SHUTDOWN),
            ports: [exit, capture],
            rtc_unix_seconds: self.signed()?,
        })
    }

    fn kernel(&mut self) -> Result<KernelContent> {
        let (image, initrd) = (self.content()?, self.content()?);
        Ok(KernelContent { image, initrd, command_line: self.text("bytes of the command line")? })
    }

    #[expect(clippy::type_complexity, reason = "two fields of a description")]
    fn drives(&mut self) -> Result<([Option<u64>; 5], [Option<[u8; 32]>; 5])> {
        let bits = self.number()?;
        let mut drives = [None; 5];
        let mut hashes = [None; 5];
        for (_, drive) in drives.iter_mut().enumerate().filter(|(n, _)| bits >> n & 1 != 0) {
            *drive = Some(self.number()?);
        }
        for (_, hash) in hashes.iter_mut().enumerate().filter(|(n, _)| bits >> (n + 5) & 1 != 0) {
            *hash = Some(self.array()?);
        }
        Ok((drives, hashes))
    }

    fn event(&mut self, token: u8) -> Result<Event> {
        let key = token & !token::RELEASED;
        if key < token::KEYS_END {
            return Ok(Event::Input(Input::Key { code: u16::from(key), pressed: token == key }));
        }
        if token == token::INSERT {
            let (drive, delivered) = self.drive()?;
            return Ok(Event::Insert { drive, medium: self.medium()?, delivered });
        }
        self.input(token).map(Event::Input)
    }

    fn input(&mut self, token: u8) -> Result<Input> {
        Ok(match token {
            token::KEY => {
                let value: u32 = self.small()?;
                let code = u16::try_from(value >> 1).map_err(|_| RecordingError::Damaged("a key"))?;
                Input::Key { code, pressed: value & 1 != 0 }
            }
            token::MOUSE => Input::Mouse {
                dx: self.movement()?,
                dy: self.movement()?,
                wheel: self.movement()?,
                buttons: self.byte()?,
            },
            token::SERIAL => {
                let port = self.byte()?;
                Input::Serial { port, bytes: self.run("bytes of an input", MOST_BYTES as u64)?.to_vec() }
            }
            token::RESET => Input::Reset,
            token::EJECT => {
                let (drive, delivered) = self.drive()?;
                Input::Medium { drive, medium: None, delivered }
            }
            token::REGISTER => {
                let delivered = self.flag()?;
                let name = self.run("bytes of a register's name", MOST_REGISTER)?;
                let name = String::from_utf8(name.to_vec()).map_err(|_| RecordingError::Damaged("a text"))?;
                let bytes = self.run("bytes of a register", MOST_REGISTER)?.to_vec();
                Input::Edit { edit: Edit::Register { name, bytes }, delivered }
            }
            token::MEMORY => {
                let delivered = self.flag()?;
                Input::Edit { edit: Edit::Memory { runs: self.runs()? }, delivered }
            }
            _ => return Err(RecordingError::Damaged("an input of no known kind")),
        })
    }

    fn flag(&mut self) -> Result<bool> {
        match self.byte()? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(RecordingError::Damaged("an edit")),
        }
    }

    fn runs(&mut self) -> Result<Vec<(u64, Vec<u8>)>> {
        let count = most("runs of bytes", self.number()?, self.rest.len() as u64 / 2)?;
        let mut runs = Vec::with_capacity(count as usize);
        for _ in 0..count {
            let address = most("as an address", self.number()?, MOST_ADDRESS)?;
            let bytes = self.run("bytes of an edit", MOST_ADDRESS + 1 - address)?;
            runs.push((address, bytes.to_vec()));
        }
        Ok(runs)
    }

    fn drive(&mut self) -> Result<(DriveId, bool)> {
        let value = self.number()?;
        let drive = usize::try_from(value >> 1).ok().and_then(|place| Description::DRIVES.get(place));
        let drive = drive.filter(|drive| !matches!(drive, DriveId::Disk(_)));
        Ok((*drive.ok_or(RecordingError::Damaged("a drive"))?, value & 1 != 0))
    }

    fn medium(&mut self) -> Result<MediumName> {
        let (bytes, flags) = (self.number()?, self.byte()?);
        let sha256 = if flags & 2 != 0 { Some(self.array()?) } else { None };
        Ok(MediumName { bytes, sha256, read_only: flags & 1 != 0 })
    }

    fn movement(&mut self) -> Result<i32> {
        i32::try_from(self.signed()?).map_err(|_| RecordingError::Damaged("a movement"))
    }

    /// What the writer's `time` made.
    fn time(&mut self, last: Ns) -> Result<Ns> {
        let number = self.number()?;
        let value = number >> 1;
        let at = if number & 1 == 0 {
            last.checked_add(value)
        } else {
            let grid = 10u64.pow((value % 9) as u32 + 1);
            (last / grid).checked_add(value / 9).and_then(|at| at.checked_mul(grid))
        };
        let at = at.filter(|at| *at >= last).ok_or(RecordingError::Damaged("a time"))?;
        most("nanoseconds", at, MOST_TIME)
    }
}

fn most(what: &'static str, found: u64, most: u64) -> Result<u64> {
    if found > most { Err(RecordingError::TooLarge { what, found, most }) } else { Ok(found) }
}
