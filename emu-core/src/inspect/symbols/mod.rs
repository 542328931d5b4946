//! Names and source lines of a guest's addresses, from files that people give: ELF, System.map, NASM listings and maps,
//! source texts. They are no part of the machine.

mod elf;
mod leb;
mod line_program;
mod line_table;
mod listing;
mod map;
mod nasm_map;
mod search;
mod table;

pub use search::{NameError, SymbolHit};

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use table::{Table, is_end_of, weight};

/// The largest file.
pub const LARGEST_FILE: usize = 256 << 20;
/// Most symbols, and most lines, of all files together.
const MOST: usize = 1 << 21;
/// A symbol without a size is believed to reach so far.
const REACH: u32 = 1 << 20;
/// Characters of a source line that are shown.
const LONGEST_LINE: usize = 240;

/// Names, lines and source texts by linear address: one table a file. Where two tell of the same address, the file that
/// was loaded last is believed.
#[derive(Clone, Debug, Default)]
pub struct Symbols {
    files: Vec<File>,
}

/// A file that was loaded.
#[derive(Clone, Debug)]
struct File {
    loaded: Loaded,
    table: Table,
    /// Its source lines by number.
    texts: BTreeMap<u32, String>,
    /// What it counts towards the limit.
    weight: usize,
}

/// What a file added.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Loaded {
    /// The file's name.
    pub name: String,
    /// `elf`, `system.map`, `nasm` (a listing), `nasm map`, `source`, `program`.
    pub format: &'static str,
    /// What was added to its addresses.
    pub base: u32,
    /// Symbols.
    pub symbols: usize,
    /// Addresses with a source line.
    pub lines: usize,
    /// Source files its lines are of.
    pub sources: usize,
    /// What was left out, and why.
    pub notes: Vec<String>,
}

/// A program that was assembled here: what its assembler knows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Program {
    /// What its lines are said to be of.
    pub name: String,
    /// Its source.
    pub text: String,
    /// Labels with linear addresses.
    pub labels: Vec<(String, u32)>,
    /// Linear addresses with lines, from 1.
    pub lines: Vec<(u32, u32)>,
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
    /// Source lines by number, of the file itself.
    texts: BTreeMap<u32, String>,
    notes: Vec<String>,
}

/// The lines of a text by number, cut where they are too long to be shown.
fn lines_of(text: &str) -> BTreeMap<u32, String> {
    (1..).zip(text.lines()).map(|(n, line)| (n, cut(line))).collect()
}

/// A path's last part.
fn last_part(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn cut(line: &str) -> String {
    line.trim_end().chars().take(LONGEST_LINE).collect()
}

impl Symbols {
    /// Nothing is known.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds what a file says, in the place of an older one of the same name. `base` is added to its addresses. A text that
    /// is of no known format is taken for source, if lines of a file so called are known.
    ///
    /// # Errors
    /// What is wrong with the file; nothing of it is added then, and what was loaded stays.
    pub fn load(&mut self, name: &str, bytes: &[u8], base: u32) -> Result<Loaded, SymbolError> {
        if bytes.len() > LARGEST_FILE {
            return error(format!("{name}: files with symbols have at most {} MiB", LARGEST_FILE >> 20));
        }
        if bytes.starts_with(b"\x7FELF") {
            return self.add(name, "elf", elf::read(bytes)?, base);
        }
        if bytes.iter().take(4096).any(|&b| b == 0) {
            return error(format!(
                "{name}: not an ELF file and not text: give an ELF file, a System.map, or a listing or map of NASM's"
            ));
        }
        let text = String::from_utf8_lossy(bytes);
        if map::looks_like(&text) {
            self.add(name, "system.map", map::read(&text)?, base)
        } else if nasm_map::looks_like(&text) {
            self.add(name, "nasm map", nasm_map::read(&text)?, base)
        } else if self.knows_lines_of(name) {
            self.add(name, "source", Found { texts: lines_of(&text), ..Found::default() }, 0)
        } else {
            self.add(name, "nasm", listing::read(&text, name)?, base)
        }
    }

    /// Adds what an assembler knows of a program it made.
    ///
    /// # Errors
    /// There is nothing to add, or too much.
    pub fn load_program(&mut self, program: Program) -> Result<Loaded, SymbolError> {
        let Program { name, text, labels, lines } = program;
        let found = Found {
            symbols: labels.into_iter().map(|(name, address)| (address, 0, name)).collect(),
            lines: lines.into_iter().map(|(address, line)| (address, name.clone(), line)).collect(),
            texts: lines_of(&text),
            notes: Vec::new(),
        };
        self.add(&name, "program", found, 0)
    }

    fn add(
        &mut self,
        name: &str,
        format: &'static str,
        found: Found,
        base: u32,
    ) -> Result<Loaded, SymbolError> {
        if weight(&found) == 0 {
            return error(format!("{name}: no symbols and no lines in it: was it stripped?"));
        }
        let others = self.files.iter().filter(|file| file.loaded.name != name);
        let weight = weight(&found);
        if others.map(|file| file.weight).sum::<usize>() + weight > MOST {
            return error(format!("{name}: more than {MOST} symbols and lines in all"));
        }
        self.remove(name);
        let Found { symbols, lines, texts, notes } = found;
        let (symbol_count, line_count) = (symbols.len(), lines.iter().filter(|line| line.2 != 0).count());
        let table = Table::new(symbols, lines, base);
        let loaded = Loaded {
            name: name.to_owned(),
            format,
            base,
            symbols: symbol_count,
            lines: line_count,
            sources: table.files().count(),
            notes,
        };
        self.files.push(File { loaded: loaded.clone(), table, texts, weight });
        Ok(loaded)
    }

    /// Forgets a file; false if there is none so called.
    pub fn remove(&mut self, name: &str) -> bool {
        let before = self.files.len();
        self.files.retain(|file| file.loaded.name != name);
        self.files.len() < before
    }

    /// The files in the order they were loaded.
    pub fn files(&self) -> Vec<&Loaded> {
        self.files.iter().map(|file| &file.loaded).collect()
    }

    /// Whether lines are known of a file with this name at the end of its path.
    fn knows_lines_of(&self, name: &str) -> bool {
        let name = last_part(name);
        let mut others = self.files.iter().filter(|file| file.loaded.format == "elf");
        others.any(|file| file.table.files().any(|path| is_end_of(path, name)))
    }

    /// The tables, the one loaded last first.
    fn newest(&self) -> impl Iterator<Item = &Table> {
        self.files.iter().rev().map(|file| &file.table)
    }

    /// The symbol that an address is in: of those that begin before it, the nearest.
    pub fn at(&self, address: u32) -> Option<SymbolView> {
        let found = self.newest().filter_map(|table| table.at(address));
        let (start, symbol) = found.reduce(|best, other| if other.0 > best.0 { other } else { best })?;
        let offset = address - start;
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
        self.newest().find_map(|table| table.exactly_at(address)).map(str::to_owned)
    }

    /// `file:line` of an address.
    pub fn source_at(&self, address: u32) -> Option<String> {
        let (file, line, _) = self.newest().find_map(|table| table.line_at(address))?;
        Some(format!("{file}:{line}"))
    }

    /// The text of the source line that begins at an address, if its file was given.
    pub fn text_at(&self, address: u32) -> Option<String> {
        let (path, line, begins) = self.newest().find_map(|table| table.line_at(address))?;
        let mut of_file =
            self.files.iter().rev().filter(|file| is_end_of(path, last_part(&file.loaded.name)));
        let text = of_file.find_map(|file| file.texts.get(&line))?;
        begins.then(|| text.trim().to_owned())
    }

    /// Where a symbol begins.
    pub fn named(&self, name: &str) -> Option<u32> {
        self.newest().find_map(|table| table.named(name))
    }

    /// The first instruction of a source line: of the line itself, or of the next in the file that has code. `file` may
    /// be the end of a path.
    pub fn line_address(&self, file: &str, line: u32) -> Option<u32> {
        let found = self.newest().filter_map(|table| table.line_address(file, line));
        found.min_by_key(|(line, _)| *line).map(|(_, address)| address)
    }
}
