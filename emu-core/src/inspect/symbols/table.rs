//! What one file tells: names and lines by linear address.

use super::{Found, REACH};
use std::collections::BTreeMap;

/// A symbol.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Symbol {
    /// Its name.
    pub name: String,
    /// Bytes; 0 if unknown.
    pub size: u32,
}

/// Where a line of source begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Line {
    file: u32,
    line: u32,
    /// No code of this sequence from here on.
    end: bool,
}

/// Names and lines of one file.
#[derive(Clone, Debug, Default)]
pub struct Table {
    by_address: BTreeMap<u32, Vec<Symbol>>,
    by_name: BTreeMap<String, u32>,
    files: Vec<String>,
    file_numbers: BTreeMap<String, u32>,
    lines: BTreeMap<u32, Line>,
}

impl Table {
    /// What a parser found, with `base` added to all addresses.
    pub fn new(symbols: Vec<(u32, u32, String)>, lines: Vec<(u32, String, u32)>, base: u32) -> Self {
        let mut table = Self::default();
        for (address, size, name) in symbols {
            let address = address.wrapping_add(base);
            table.by_name.entry(name.clone()).or_insert(address);
            table.by_address.entry(address).or_default().push(Symbol { name, size });
        }
        for (address, file, line) in lines {
            let address = address.wrapping_add(base);
            let file = table.file_number(file);
            let new = Line { file, line, end: line == 0 };
            // Where a sequence ends another may begin.
            if !new.end || !table.lines.contains_key(&address) {
                table.lines.insert(address, new);
            }
        }
        table
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

    /// The symbol that an address is in, and where it begins.
    pub fn at(&self, address: u32) -> Option<(u32, &Symbol)> {
        let (&start, symbols) = self.by_address.range(..=address).next_back()?;
        let offset = address - start;
        let reaches = |s: &&Symbol| if s.size == 0 { offset < REACH } else { offset < s.size };
        symbols.iter().find(reaches).map(|symbol| (start, symbol))
    }

    /// The symbol that begins at an address.
    pub fn exactly_at(&self, address: u32) -> Option<&str> {
        self.by_address.get(&address)?.first().map(|symbol| symbol.name.as_str())
    }

    /// File and line of an address, and whether the line begins there.
    pub fn line_at(&self, address: u32) -> Option<(&str, u32, bool)> {
        let (&start, line) = self.lines.range(..=address).next_back()?;
        let file = self.files.get(line.file as usize).filter(|_| !line.end)?;
        Some((file, line.line, start == address))
    }

    /// Where a symbol begins.
    pub fn named(&self, name: &str) -> Option<u32> {
        self.by_name.get(name).copied()
    }

    /// Names with addresses, in the names' order.
    pub fn names(&self) -> impl Iterator<Item = (&str, u32)> {
        self.by_name.iter().map(|(name, &address)| (name.as_str(), address))
    }

    /// Files that lines are of; an empty name for code of no line.
    pub fn files(&self) -> impl Iterator<Item = &str> {
        self.files.iter().map(String::as_str).filter(|name| !name.is_empty())
    }

    /// The first instruction of a source line: of the line itself, or of the next in the file that has code; and which
    /// line that is.
    pub fn line_address(&self, file: &str, line: u32) -> Option<(u32, u32)> {
        let is_file: Vec<bool> = self.files.iter().map(|name| is_end_of(name, file)).collect();
        let wanted = |l: &Line| !l.end && l.line >= line && is_file.get(l.file as usize) == Some(&true);
        let found =
            self.lines.iter().filter(|(_, l)| wanted(l)).min_by_key(|(address, l)| (l.line, **address));
        found.map(|(&address, l)| (l.line, address))
    }
}

/// Whether a path is a file's name, or ends with it.
pub fn is_end_of(path: &str, name: &str) -> bool {
    path.strip_suffix(name)
        .is_some_and(|before| !name.is_empty() && (before.is_empty() || before.ends_with('/')))
}

/// How much a file adds.
pub fn weight(found: &Found) -> usize {
    found.symbols.len() + found.lines.len() + found.texts.len()
}
