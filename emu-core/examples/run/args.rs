//! The command line.

use crate::Outcome;
use emu_core::devices::mc146818::cmos::BootDevice;
use emu_core::machine::{RAM_MAX, RAM_MIN};
use std::collections::BTreeSet;

const MIB: u32 = 1 << 20;

/// Text to type once another was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Typed {
    pub text: String,
    pub after: Option<String>,
}

/// What a run is asked to do.
#[derive(Clone, Debug)]
pub struct Options {
    pub memory: u32,
    pub bios: Option<String>,
    pub vgabios: Option<String>,
    pub floppies: [Option<String>; 2],
    pub disks: [Option<String>; 2],
    pub cdrom: Option<String>,
    pub boot_order: Vec<BootDevice>,
    pub kernel: Option<String>,
    pub initrd: Option<String>,
    pub append: String,
    pub rom: Option<(u32, String)>,
    pub serial: String,
    pub typed: Vec<Typed>,
    pub until: Option<String>,
    pub until_screen: Option<String>,
    pub max_instructions: Option<u64>,
    pub exit_port: Option<u16>,
    pub capture: Option<(u16, String)>,
    pub open: Option<String>,
    pub save: Option<String>,
    pub screenshot: Option<String>,
    pub screen_text: bool,
    pub state_hash: bool,
    pub stats: bool,
}

/// What the command line asks for.
#[derive(Clone, Debug)]
pub enum Command {
    Help,
    Run(Box<Options>),
}

/// The boot order that begins with the drive of that letter.
fn boot_order(first: char) -> Option<Vec<BootDevice>> {
    let all = [('a', BootDevice::Floppy), ('c', BootDevice::Disk), ('d', BootDevice::CdRom)];
    let chosen = all.iter().find(|(letter, _)| *letter == first)?.1;
    let others = all.iter().map(|&(_, device)| device).filter(|&device| device != chosen);
    Some(std::iter::once(chosen).chain(others).collect())
}

impl Default for Options {
    fn default() -> Self {
        Self {
            memory: 64 * MIB,
            bios: None,
            vgabios: None,
            floppies: [None, None],
            disks: [None, None],
            cdrom: None,
            boot_order: boot_order('a').unwrap_or_default(),
            kernel: None,
            initrd: None,
            append: String::new(),
            rom: None,
            serial: "stdio".into(),
            typed: Vec::new(),
            until: None,
            until_screen: None,
            max_instructions: None,
            exit_port: None,
            capture: None,
            open: None,
            save: None,
            screenshot: None,
            screen_text: false,
            state_hash: false,
            stats: false,
        }
    }
}

/// A hexadecimal number, with 0x before or h behind if one likes.
fn hex(text: &str, flag: &str, largest: u32) -> Outcome<u32> {
    let digits = text.strip_prefix("0x").or(text.strip_prefix("0X")).unwrap_or(text);
    let digits = digits.strip_suffix(['h', 'H']).unwrap_or(digits);
    let number = digits.bytes().all(|b| b.is_ascii_hexdigit()).then(|| u32::from_str_radix(digits, 16));
    match number {
        Some(Ok(value)) if value <= largest => Ok(value),
        _ => Err(format!("{flag}: {text} is not a hexadecimal number up to {largest:X}")),
    }
}

fn hex_and_file(text: &str, flag: &str, largest: u32) -> Outcome<(u32, String)> {
    match text.split_once(':') {
        Some((number, file)) if !number.is_empty() && !file.is_empty() => {
            Ok((hex(number, flag, largest)?, file.into()))
        }
        _ => Err(format!("{flag}: give HEX:FILE, not {text}")),
    }
}

fn port(value: u32) -> u16 {
    (value & 0xFFFF) as u16
}

/// Replaces the escapes of `--type`; what is none stays as it is.
pub fn unescape(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        let sequence = &rest[at + 1..];
        let hex =
            sequence.strip_prefix('x').and_then(|s| s.get(..2)).and_then(|d| u8::from_str_radix(d, 16).ok());
        let plain = sequence.chars().next().and_then(|c| "nrtbe\\".find(c));
        let (value, used) = match (hex, plain) {
            (Some(byte), _) => (char::from(byte), 3),
            (None, Some(i)) => (['\n', '\r', '\t', '\x08', '\x1B', '\\'][i], 1),
            (None, None) => ('\\', 0),
        };
        out.push(value);
        rest = &sequence[used..];
    }
    out + rest
}

fn memory(value: &str) -> Outcome<u32> {
    let most = RAM_MAX / MIB;
    match value.parse::<u32>() {
        Ok(mb) if (RAM_MIN / MIB..=most).contains(&mb) => Ok(mb * MIB),
        _ => Err(format!("--memory: give whole megabytes from 1 to {most}")),
    }
}

impl Options {
    /// Takes a flag that has a value; false if there is no such flag.
    fn with_value(&mut self, flag: &str, value: String) -> Outcome<bool> {
        match flag {
            "--memory" => self.memory = memory(&value)?,
            "--bios" => self.bios = Some(value),
            "--vgabios" => self.vgabios = Some(value),
            "--fda" => self.floppies[0] = Some(value),
            "--fdb" => self.floppies[1] = Some(value),
            "--hda" => self.disks[0] = Some(value),
            "--hdb" => self.disks[1] = Some(value),
            "--cdrom" => self.cdrom = Some(value),
            "--kernel" => self.kernel = Some(value),
            "--initrd" => self.initrd = Some(value),
            "--append" => self.append = value,
            "--rom" => self.rom = Some(hex_and_file(&value, flag, u32::MAX)?),
            "--serial" => self.serial = value,
            "--until" => self.until = Some(unescape(&value)),
            "--until-screen" => self.until_screen = Some(unescape(&value)),
            "--open" => self.open = Some(value),
            "--save" => self.save = Some(value),
            "--screenshot" => self.screenshot = Some(value),
            "--exit-port" => self.exit_port = Some(port(hex(&value, flag, 0xFFFF)?)),
            "--capture-port" => {
                let (number, file) = hex_and_file(&value, flag, 0xFFFF)?;
                self.capture = Some((port(number), file));
            }
            "--type" => self.typed.push(Typed { text: unescape(&value), after: None }),
            _ => return self.with_checked_value(flag, &value),
        }
        Ok(true)
    }

    fn with_checked_value(&mut self, flag: &str, value: &str) -> Outcome<bool> {
        match flag {
            "--boot" => {
                let mut letters = value.chars();
                let order = letters.next().and_then(boot_order).filter(|_| letters.next().is_none());
                let help = || format!("{flag}: give a (floppy), c (disk) or d (CD-ROM), not {value}");
                self.boot_order = order.ok_or_else(help)?;
            }
            "--max-instructions" => {
                let count = value.parse().ok().filter(|&count: &u64| count > 0);
                self.max_instructions = Some(count.ok_or(format!("{flag}: give a whole number from 1"))?);
            }
            "--type-after" => match self.typed.last_mut() {
                Some(typed) if typed.after.is_none() => typed.after = Some(unescape(value)),
                _ => return Err(format!("{flag}: must follow the --type it belongs to")),
            },
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn alone(&mut self, flag: &str) -> bool {
        match flag {
            "--screen-text" => self.screen_text = true,
            "--state-hash" => self.state_hash = true,
            "--stats" => self.stats = true,
            _ => return false,
        }
        true
    }

    fn check_together(&self) -> Outcome<()> {
        if self.kernel.is_none() && self.initrd.is_some() {
            return Err("--initrd: needs --kernel".into());
        }
        if self.kernel.is_none() && !self.append.is_empty() {
            return Err("--append: needs --kernel".into());
        }
        if self.rom.is_some() && (self.bios.is_some() || self.kernel.is_some()) {
            return Err("--rom: stands instead of a BIOS; leave --bios and --kernel away".into());
        }
        for (flag, text) in [("--until", &self.until), ("--until-screen", &self.until_screen)] {
            if text.as_deref() == Some("") {
                return Err(format!("{flag}: give a text"));
            }
        }
        Ok(())
    }
}

/// Reads the words of the command line. The word `run` may come first, as in the terminal version.
pub fn parse(words: Vec<String>) -> Outcome<Command> {
    if words.iter().any(|word| word == "--help" || word == "-h") {
        return Ok(Command::Help);
    }
    let mut options = Options::default();
    let mut seen = BTreeSet::new();
    let skip = usize::from(words.first().is_some_and(|word| word == "run"));
    let mut words = words.into_iter().skip(skip);
    while let Some(word) = words.next() {
        let (flag, value) = match word.split_once('=') {
            Some((flag, value)) if word.starts_with("--") => (flag.to_string(), Some(value.to_string())),
            _ => (word.clone(), None),
        };
        if !flag.starts_with("--type") && !seen.insert(flag.clone()) {
            return Err(format!("{flag}: given twice"));
        }
        if value.is_none() && options.alone(&flag) {
            continue;
        }
        let missing = value.is_none() && words.len() == 0;
        let value = value.or_else(|| words.next()).unwrap_or_default();
        // A flag without its value is tried with one that each flag takes or names in its complaint.
        match options.with_value(&flag, value) {
            Ok(false) => return Err(format!("{word}: unknown; --help lists the flags")),
            _ if missing => return Err(format!("{flag}: needs a value")),
            taken => taken?,
        };
    }
    options.check_together()?;
    Ok(Command::Run(Box::new(options)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::help::HELP;

    fn options(line: &str) -> Outcome<Options> {
        match parse(line.split_whitespace().map(String::from).collect())? {
            Command::Run(options) => Ok(*options),
            Command::Help => Err("help".into()),
        }
    }

    #[test]
    fn every_flag_of_the_help_is_known() {
        for flag in HELP.split(|c: char| !c.is_ascii_lowercase() && c != '-').filter(|w| w.starts_with("--"))
        {
            let failure = options(flag).err().unwrap_or_default();
            assert!(!failure.contains("unknown"), "{failure}");
        }
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (line, expected) in [
            ("--colour", "--colour: unknown"),
            ("--memory 0", "--memory: give whole megabytes from 1 to 2048"),
            ("--memory 2049", "--memory"),
            ("--memory", "--memory: needs a value"),
            ("--boot x", "--boot: give a (floppy)"),
            ("--boot ac", "--boot: give a (floppy)"),
            ("--fda a --fda b", "--fda: given twice"),
            ("--exit-port 10000", "--exit-port: 10000 is not a hexadecimal number up to FFFF"),
            ("--capture-port e9", "--capture-port: give HEX:FILE"),
            ("--rom +1:a", "--rom: +1 is not"),
            ("--initrd a", "--initrd: needs --kernel"),
            ("--type-after a", "--type-after: must follow"),
            ("--max-instructions 0", "--max-instructions: give a whole number"),
            ("--stats=1", "--stats=1: unknown"),
            ("--until=", "--until: give a text"),
        ] {
            let failure = options(line).err().unwrap_or_default();
            assert!(failure.starts_with(expected), "{line}: {failure}");
        }
    }

    #[test]
    fn values_come_as_the_next_word_or_behind_an_equals_sign() {
        let o =
            options("run --memory 128 --hda=a.img --rom 0xFFFF0000:a:b --boot d --exit-port F4h").unwrap();
        assert_eq!((o.memory, o.disks[0].as_deref(), o.exit_port), (128 << 20, Some("a.img"), Some(0xF4)));
        assert_eq!(o.rom, Some((0xFFFF_0000, "a:b".into())));
        assert_eq!(o.boot_order, [BootDevice::CdRom, BootDevice::Floppy, BootDevice::Disk]);
    }

    #[test]
    fn escapes_of_typed_text() {
        assert_eq!(unescape(r"a\n\x41\\n\q\x4"), "a\nA\\n\\q\\x4");
        let o = options(r"--type a --type-after b --type c").unwrap();
        assert_eq!(o.typed[0], Typed { text: "a".into(), after: Some("b".into()) });
        assert_eq!(o.typed[1], Typed { text: "c".into(), after: None });
    }
}
