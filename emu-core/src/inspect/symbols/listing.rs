//! Listings that `nasm -l` writes: line number, offset, bytes, source. Labels come from the source text; offsets count
//! from the start of their section.

use super::{Found, MOST, SymbolError, cut, error};

/// Columns of a line.
struct Row<'a> {
    number: u32,
    /// Offset of its first byte, if it has bytes.
    offset: Option<u32>,
    source: &'a str,
}

/// Where the source text begins: NASM pads number, offset and bytes to so many characters.
const SOURCE_COLUMN: usize = 40;

fn row(line: &str) -> Option<Row<'_>> {
    if !line.is_ascii() && !line.is_char_boundary(SOURCE_COLUMN.min(line.len())) {
        return None;
    }
    let (columns, source) = line.split_at(SOURCE_COLUMN.min(line.len()));
    let mut words = columns.split_ascii_whitespace();
    let number = words.next()?.parse().ok()?;
    let offset = words.next().filter(|w| w.len() == 8).and_then(|w| u32::from_str_radix(w, 16).ok());
    let bytes =
        words.next().is_some_and(|w| w.starts_with(|c: char| c.is_ascii_hexdigit() || c == '[' || c == '('));
    // `<1>` marks macro and include levels.
    let source = source.trim_start();
    let source = source.strip_prefix('<').and_then(|s| s.split_once('>')).map_or(source, |(_, s)| s);
    Some(Row { number, offset: offset.filter(|_| bytes), source: source.trim() })
}

/// The label at the start of a source line: `name:`, or a name before a data directive.
fn label(source: &str) -> Option<&str> {
    let end = source.find(|c: char| !(c.is_alphanumeric() || "_.$@?#~".contains(c)))?;
    let (name, rest) = source.split_at(end);
    let starts = name.starts_with(|c: char| c.is_alphabetic() || "_.$@?".contains(c));
    if !starts {
        return None;
    }
    if rest.starts_with(':') {
        return Some(name);
    }
    let directive = rest.split_ascii_whitespace().next()?.to_ascii_lowercase();
    let is_data =
        ["db", "dw", "dd", "dq", "dt", "resb", "resw", "resd", "resq", "rest"].contains(&directive.as_str());
    is_data.then_some(name)
}

/// `org` of a source line.
fn origin(source: &str) -> Option<u32> {
    let rest = source.trim_start_matches('[').trim_end_matches(']');
    let (word, value) = rest.split_once(|c: char| c.is_ascii_whitespace())?;
    let value = value.split(';').next()?.trim().to_ascii_lowercase().replace('_', "");
    if !word.eq_ignore_ascii_case("org") {
        return None;
    }
    match value.strip_prefix("0x").or(value.strip_suffix('h')) {
        Some(hex) => u32::from_str_radix(hex, 16).ok(),
        None => value.parse().ok(),
    }
}

/// Labels, lines and source text of a listing.
///
/// # Errors
/// If it is none.
pub fn read(text: &str, name: &str) -> Result<Found, SymbolError> {
    let mut found = Found::default();
    let file = name.rsplit('/').next().unwrap_or(name);
    let (mut org, mut global) = (0u32, String::new());
    let mut waiting: Vec<String> = Vec::new();
    let mut last: Option<u32> = None;
    for (n, line) in (1..).zip(text.lines()).filter(|(_, line): &(u32, &str)| !line.trim().is_empty()) {
        let Some(row) = row(line) else {
            return error(format!(
                "{name}: of no known kind. Line {n} is of no NASM listing (made with nasm -l), and no lines of a source file so called are known: {:?}",
                line.chars().take(60).collect::<String>()
            ));
        };
        if !row.source.is_empty() {
            found.texts.entry(row.number).or_insert_with(|| cut(row.source));
        }
        if let Some(at) = origin(row.source) {
            org = at;
        }
        if let Some(label) = label(row.source) {
            let local = label.starts_with('.') && !label.starts_with("..");
            let full = if local { format!("{global}{label}") } else { label.to_owned() };
            if !local {
                global = label.to_owned();
            }
            waiting.push(full);
        }
        let Some(offset) = row.offset else { continue };
        if found.lines.len() + found.symbols.len() + found.texts.len() > MOST {
            return error(format!("{name}: more than {MOST} lines"));
        }
        let address = org.wrapping_add(offset);
        found.symbols.extend(waiting.drain(..).map(|name| (address, 0, name)));
        // Lines that go on have the number of the first, or their own without source.
        if !row.source.is_empty() || last != Some(row.number) {
            found.lines.push((address, file.to_owned(), row.number));
        }
        last = Some(row.number);
    }
    Ok(found)
}
