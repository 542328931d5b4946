//! Names and source lines of a guest's addresses, from files that people give: ELF, System.map, NASM listings. They are
//! no part of the machine.

mod elf;
mod leb;
mod line_program;
mod line_table;
mod listing;
mod map;

use serde::Serialize;
use std::collections::BTreeMap;

/// The largest file.
pub const LARGEST_FILE: usize = 256 << 20;
/// Most symbols, and most lines, of all files together.
const MOST: usize = 1 << 21;
/// A symbol without a size is believed to reach so far.
const REACH: u32 = 1 << 20;

/// A symbol.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Symbol {
    name: String,
    size: u32,
}

/// Where a line of source begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Line {
    file: u32,
    line: u32,
    /// No code of this sequence from here on.
    end: bool,
}

/// Names and lines by linear address.
#[derive(Clone, Debug, Default)]
pub struct Symbols {
    by_address: BTreeMap<u32, Vec<Symbol>>,
    by_name: BTreeMap<String, u32>,
    files: Vec<String>,
    file_numbers: BTreeMap<String, u32>,
    lines: BTreeMap<u32, Line>,
    count: usize,
}

/// What a file added.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Loaded {
    /// `elf`, `system.map`, `nasm`.
    pub format: &'static str,
    /// Symbols.
    pub symbols: usize,
    /// Addresses with a source line.
    pub lines: usize,
    /// What was left out, and why.
    pub notes: Vec<String>,
}

/// A symbol near an address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SymbolView {
    /// Name.
    pub name: String,
    /// Where it begins.
    pub address: u32,
    /// From there to the address asked for.
    pub offset: u32,
    /// Bytes; 0 if unknown.
    pub size: u32,
    /// `file:line` of the address asked for.
    pub source: Option<String>,
}

/// A file that was not understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SymbolError(pub String);

impl std::fmt::Display for SymbolError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for SymbolError {}

fn error<T>(text: impl Into<String>) -> Result<T, SymbolError> {
    Err(SymbolError(text.into()))
}

/// What a parser found in a file, before any of it is believed.
#[derive(Default)]
struct Found {
    /// Address, size, name.
    symbols: Vec<(u32, u32, String)>,
    /// Address, file, line; a line of 0 ends a sequence.
    lines: Vec<(u32, String, u32)>,
    notes: Vec<String>,
}

impl Symbols {
    /// Nothing is known.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds what a file says. `base` is added to the addresses of a NASM listing.
    ///
    /// # Errors
    /// What is wrong with the file; nothing of it is added then.
    pub fn load(&mut self, name: &str, bytes: &[u8], base: u32) -> Result<Loaded, SymbolError> {
        if bytes.len() > LARGEST_FILE {
            return error(format!("{name}: files with symbols have at most {} MiB", LARGEST_FILE >> 20));
        }
        let (format, found) = if bytes.starts_with(b"\x7FELF") {
            ("elf", elf::read(bytes)?)
        } else if bytes.iter().take(4096).any(|&b| b == 0) {
            return error(format!(
                "{name}: not an ELF file and not text: give an ELF file, a System.map or a NASM listing"
            ));
        } else {
            let text = String::from_utf8_lossy(bytes);
            if map::looks_like(&text) {
                ("system.map", map::read(&text)?)
            } else {
                ("nasm", listing::read(&text, name, base)?)
            }
        };
        if found.symbols.is_empty() && found.lines.is_empty() {
            return error(format!("{name}: no symbols and no lines in it: was it stripped?"));
        }
        if self.count + found.symbols.len() + found.lines.len() > MOST {
            return error(format!("{name}: more than {MOST} symbols and lines in all"));
        }
        self.count += found.symbols.len() + found.lines.len();
        Ok(self.take(format, found))
    }

    fn take(&mut self, format: &'static str, found: Found) -> Loaded {
        let Found { symbols, lines, notes } = found;
        let loaded = Loaded {
            format,
            symbols: symbols.len(),
            lines: lines.iter().filter(|line| line.2 != 0).count(),
            notes,
        };
        for (address, size, name) in symbols {
            self.by_name.entry(name.clone()).or_insert(address);
            self.by_address.entry(address).or_default().push(Symbol { name, size });
        }
        for (address, file, line) in lines {
            let file = self.file_number(file);
            let new = Line { file, line, end: line == 0 };
            // Where a sequence ends another may begin.
            if !new.end || !self.lines.contains_key(&address) {
                self.lines.insert(address, new);
            }
        }
        loaded
    }

    fn file_number(&mut self, name: String) -> u32 {
        if let Some(&number) = self.file_numbers.get(&name) {
            return number;
        }
        let number = self.files.len() as u32;
        self.files.push(name.clone());
        self.file_numbers.insert(name, number);
        number
    }

    /// The symbol that an address is in.
    pub fn at(&self, address: u32) -> Option<SymbolView> {
        let (&start, symbols) = self.by_address.range(..=address).next_back()?;
        let offset = address - start;
        let reaches = |s: &&Symbol| if s.size == 0 { offset < REACH } else { offset < s.size };
        let symbol = symbols.iter().find(reaches)?;
        let source = self.source_at(address);
        Some(SymbolView { name: symbol.name.clone(), address: start, offset, size: symbol.size, source })
    }

    /// `name` or `name+offset` of an address.
    pub fn name_at(&self, address: u32) -> Option<String> {
        let view = self.at(address)?;
        Some(if view.offset == 0 { view.name } else { format!("{}+{:#x}", view.name, view.offset) })
    }

    /// The symbol that begins at an address.
    pub fn exactly_at(&self, address: u32) -> Option<String> {
        self.by_address.get(&address)?.first().map(|symbol| symbol.name.clone())
    }

    /// `file:line` of an address.
    pub fn source_at(&self, address: u32) -> Option<String> {
        let (_, line) = self.lines.range(..=address).next_back()?;
        let file = self.files.get(line.file as usize).filter(|_| !line.end)?;
        Some(format!("{file}:{}", line.line))
    }

    /// Where a symbol begins.
    pub fn named(&self, name: &str) -> Option<u32> {
        self.by_name.get(name).copied()
    }

    /// Names that begin with `prefix`, in order.
    pub fn like(&self, prefix: &str, most: usize) -> Vec<String> {
        let from = self.by_name.range(prefix.to_owned()..);
        from.take_while(|(name, _)| name.starts_with(prefix))
            .take(most)
            .map(|(name, _)| name.clone())
            .collect()
    }

    /// The first instruction of a source line: of the line itself, or of the next in the file that has code. `file` may
    /// be the end of a path.
    pub fn line_address(&self, file: &str, line: u32) -> Option<u32> {
        let fits = |name: &str| {
            name == file || name.ends_with(file) && name[..name.len() - file.len()].ends_with('/')
        };
        let is_file: Vec<bool> = self.files.iter().map(|name| fits(name)).collect();
        let wanted = |l: &Line| !l.end && l.line >= line && is_file.get(l.file as usize) == Some(&true);
        let found =
            self.lines.iter().filter(|(_, l)| wanted(l)).min_by_key(|(address, l)| (l.line, **address));
        found.map(|(&address, _)| address)
    }
}
