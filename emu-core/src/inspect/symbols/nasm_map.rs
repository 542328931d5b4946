//! Maps that `nasm -f bin` writes where the source has `[map symbols]` or `[map all]`: labels by section, at their
//! virtual addresses, `org` and `vstart` included.

use super::{Found, MOST, SymbolError, error};

/// The first words of such a map.
const TITLE: &str = "- NASM Map file -";

/// Whether a text is such a map.
pub fn looks_like(text: &str) -> bool {
    text.trim_start().starts_with(TITLE)
}

/// Labels of a map.
///
/// # Errors
/// It has no symbols in it, or too many.
pub fn read(text: &str) -> Result<Found, SymbolError> {
    let mut found = Found::default();
    let mut in_symbols = false;
    for line in text.lines() {
        if line.starts_with('-') {
            let title = line.trim_matches(['-', ' ']);
            in_symbols = if line.starts_with("---- ") { in_symbols } else { title == "Symbols" };
            continue;
        }
        // Constants have a value and a name; labels their place in the file's memory, their address, and a name.
        let words: Vec<&str> = line.split_ascii_whitespace().collect();
        if let (true, [_, address, name]) = (in_symbols, words.as_slice())
            && let Ok(address) = u32::from_str_radix(address, 16)
        {
            if found.symbols.len() >= MOST {
                return error(format!("more than {MOST} symbols"));
            }
            found.symbols.push((address, 0, (*name).to_owned()));
        }
    }
    if found.symbols.is_empty() {
        return error("the map tells no symbols: [map symbols] in the source has NASM write them");
    }
    Ok(found)
}
