//! Names that one looks for, or nearly remembers; and places that are told by a name.

use super::Symbols;
use super::table::is_end_of;
use serde::Serialize;
use std::collections::BTreeSet;

/// The longest name that is compared with others.
const LONGEST: usize = 200;
/// Letters that may be wrong in a name that is nearly right.
const WRONG: usize = 2;
/// Names that an error tells.
const NEAR: usize = 3;

/// A symbol that was looked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SymbolHit {
    /// Name.
    pub name: String,
    /// Linear address.
    pub address: u32,
}

/// A text that names no place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameError {
    /// Characters before the place at fault.
    pub column: usize,
    /// What is wrong, and what is nearly so called.
    pub message: String,
}

impl Symbols {
    /// Symbols with a text in their name, in either case: first those that begin with it, each part by name. An empty
    /// text gives all.
    pub fn search(&self, text: &str, most: usize) -> Vec<SymbolHit> {
        let wanted = text.trim().to_lowercase();
        let mut found = [BTreeSet::new(), BTreeSet::new()];
        for (name, address) in self.newest().flat_map(|table| table.names()) {
            let lower = name.to_lowercase();
            let part = usize::from(!lower.starts_with(&wanted));
            if part == 1 && !lower.contains(&wanted) {
                continue;
            }
            found[part].insert((name, address));
            if found[part].len() > most {
                found[part].pop_last();
            }
        }
        let hit = |(name, address): (&str, u32)| SymbolHit { name: name.into(), address };
        found.into_iter().flatten().take(most).map(hit).collect()
    }

    /// Names that somebody who wrote this one may have meant, the nearest first.
    pub fn near(&self, name: &str, most: usize) -> Vec<String> {
        let wanted: Vec<char> = name.to_lowercase().chars().take(LONGEST).collect();
        let text: String = wanted.iter().collect();
        let mut found = BTreeSet::new();
        for (name, _) in self.newest().flat_map(|table| table.names()) {
            let lower = name.to_lowercase();
            let other: Vec<char> = lower.chars().take(LONGEST).collect();
            let allowed = WRONG.min(wanted.len() / 2);
            let wrong = wrong_letters(&wanted, &other, allowed)
                .or_else(|| (wanted.len() > 1 && lower.contains(&text)).then_some(WRONG + 1));
            if let Some(wrong) = wrong {
                found.insert((wrong, other.len(), name));
                if found.len() > most {
                    found.pop_last();
                }
            }
        }
        found.into_iter().map(|(_, _, name)| name.to_owned()).collect()
    }

    /// The place that a text names: `main`, `main+4`, `main-0x10`, `boot.c:12`; numbers after a sign are hexadecimal, those
    /// of lines decimal.
    ///
    /// # Errors
    /// What is not known, with names that are nearly so.
    pub fn place(&self, text: &str) -> Result<u32, NameError> {
        let indent = text.chars().take_while(|c| c.is_whitespace()).count();
        let text = text.trim();
        if let Some(address) = self.named(text) {
            return Ok(address);
        }
        if let Some((file, line)) = text.rsplit_once(':')
            && let Ok(line) = line.trim().parse()
        {
            return self.line_place(file.trim(), line, indent);
        }
        // A sign may be part of a name, but then the name alone would have been known.
        let split = text.rfind(['+', '-']).filter(|&at| at > 0);
        let (name, offset) = match split {
            Some(at) => (text[..at].trim_end(), offset(text, at, indent)?),
            None => (text, 0),
        };
        match self.named(name) {
            Some(address) => Ok(address.wrapping_add(offset)),
            None => Err(NameError { column: indent, message: self.unknown(name) }),
        }
    }

    /// Whether a text is a line, as `boot.c:12`, of a file that lines are known of.
    pub fn is_line(&self, text: &str) -> bool {
        let Some((file, line)) = text.rsplit_once(':') else { return false };
        let file = file.trim();
        let known = || self.newest().flat_map(|table| table.files()).any(|path| is_end_of(path, file));
        line.trim().bytes().all(|b| b.is_ascii_digit()) && known()
    }

    /// What to say of a name that nobody knows.
    pub fn unknown(&self, name: &str) -> String {
        let near = self.near(name, NEAR);
        if !near.is_empty() {
            return format!("{name:?} is no known symbol: did you mean {}?", near.join(", "));
        }
        let why = if self.files.is_empty() { ": no symbols are loaded" } else { "" };
        format!("{name:?} is no number and no known symbol{why}")
    }

    fn line_place(&self, file: &str, line: u32, column: usize) -> Result<u32, NameError> {
        if let Some(address) = self.line_address(file, line) {
            return Ok(address);
        }
        let known = self.newest().flat_map(|table| table.files()).any(|path| is_end_of(path, file));
        let message = if known {
            format!("no code is known of line {line} of {file} or after it")
        } else {
            format!("no lines are known of a file {file:?}")
        };
        Err(NameError { column, message })
    }
}

/// What follows a name: a sign and a number.
fn offset(text: &str, at: usize, indent: usize) -> Result<u32, NameError> {
    let (sign, word) = text[at..].split_at(1);
    let word = word.trim().to_ascii_lowercase();
    let digits = word.strip_prefix("0x").or(word.strip_suffix('h')).unwrap_or(&word);
    let value =
        u32::from_str_radix(digits, 16).ok().filter(|_| !digits.starts_with('+')).ok_or_else(|| {
            let column = indent + text[..=at].chars().count();
            NameError { column, message: format!("{word:?} is no hexadecimal number") }
        })?;
    Ok(if sign == "-" { value.wrapping_neg() } else { value })
}

/// How many letters to change, add or leave out to make one word of the other, if that is `most` or fewer.
fn wrong_letters(one: &[char], other: &[char], most: usize) -> Option<usize> {
    if one.len().abs_diff(other.len()) > most {
        return None;
    }
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in one.iter().enumerate() {
        let mut diagonal = i;
        row[0] = i + 1;
        for (j, b) in other.iter().enumerate() {
            let changed = diagonal + usize::from(a != b);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(diagonal + 1);
        }
        if row.iter().all(|&wrong| wrong > most) {
            return None;
        }
    }
    row.last().copied().filter(|&wrong| wrong <= most)
}
