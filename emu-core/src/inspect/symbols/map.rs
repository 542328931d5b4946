//! System.map, and what `nm` prints: address, type letter, name.

use super::{Found, MOST, SymbolError, error};

fn row(line: &str) -> Option<(u64, char, &str)> {
    let mut words = line.split_ascii_whitespace();
    let (address, kind, name) = (words.next()?, words.next()?, words.next()?);
    let address = u64::from_str_radix(address, 16).ok().filter(|_| address.len() >= 8)?;
    let kind = kind.chars().next().filter(|c| kind.len() == 1 && (c.is_ascii_alphabetic() || *c == '?'))?;
    Some((address, kind, name))
}

/// Whether the first line that is not empty has such a row.
pub fn looks_like(text: &str) -> bool {
    text.lines().find(|line| !line.trim().is_empty()).is_some_and(|line| row(line).is_some())
}

/// Symbols of a System.map.
///
/// # Errors
/// The line that is no row.
pub fn read(text: &str) -> Result<Found, SymbolError> {
    let mut found = Found::default();
    for (number, line) in (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()) {
        let Some((address, kind, name)) = row(line) else {
            return error(format!(
                "line {number} is not \"address type name\": {:?}",
                line.chars().take(60).collect::<String>()
            ));
        };
        let Ok(address) = u32::try_from(address) else {
            return error(format!(
                "line {number}: address {address:x} has more than 32 bits: a 64-bit kernel's map?"
            ));
        };
        if found.symbols.len() >= MOST {
            return error(format!("more than {MOST} symbols"));
        }
        // Absolute ones are numbers, not places.
        if !matches!(kind, 'A' | 'a' | 'U' | 'w' | 'v') {
            found.symbols.push((address, 0, name.into()));
        }
    }
    Ok(found)
}
