//! DWARF's line tables, versions 2 to 5: headers and file names (DWARF 4, 6.2.4; DWARF 5, 6.2.4). The programs in them
//! are run in `line_program`.

use super::Found;
use super::leb::Reader;
use super::line_program::{Header, run};

/// Forms of DWARF 5's file entries.
mod form {
    pub const BLOCK2: u64 = 0x03;
    pub const BLOCK4: u64 = 0x04;
    pub const DATA2: u64 = 0x05;
    pub const DATA4: u64 = 0x06;
    pub const DATA8: u64 = 0x07;
    pub const STRING: u64 = 0x08;
    pub const BLOCK: u64 = 0x09;
    pub const BLOCK1: u64 = 0x0A;
    pub const DATA1: u64 = 0x0B;
    pub const STRP: u64 = 0x0E;
    pub const UDATA: u64 = 0x0F;
    pub const DATA16: u64 = 0x1E;
    pub const LINE_STRP: u64 = 0x1F;
}
/// DW_LNCT_path and DW_LNCT_directory_index.
const PATH: u64 = 1;
const DIRECTORY: u64 = 2;
/// Files and directories of a unit at most.
const MOST_FILES: u64 = 1 << 16;

/// Where strings of DWARF 5 are.
#[derive(Clone, Copy)]
struct Texts<'a> {
    line: &'a [u8],
    other: &'a [u8],
}

/// Runs the line programs of all units. What is damaged is left out, with a note.
pub fn read(section: &[u8], line_texts: &[u8], texts: &[u8], found: &mut Found) {
    let texts = Texts { line: line_texts, other: texts };
    let mut r = Reader::new(section);
    while !r.is_done() {
        let at = r.position();
        let Some(unit) = r.u32().and_then(|len| r.take(len as usize)) else {
            found.notes.push(format!("the line table is damaged at {at:#x}: what follows is left out"));
            return;
        };
        if let Err(why) = read_unit(unit, texts, found) {
            found.notes.push(format!("lines of the unit at {at:#x} are left out: {why}"));
        }
    }
}

fn read_unit(unit: &[u8], texts: Texts<'_>, found: &mut Found) -> Result<(), &'static str> {
    const SHORT: &str = "it ends within its header";
    let mut r = Reader::new(unit);
    let version = r.u16().ok_or(SHORT)?;
    if !(2..=5).contains(&version) {
        return Err("only DWARF 2 to 5 are known");
    }
    if version == 5 && (r.u8().ok_or(SHORT)?, r.u8().ok_or(SHORT)?) != (4, 0) {
        return Err("addresses are not 32 bits");
    }
    let header_length = r.u32().ok_or(SHORT)? as usize;
    let program_at = r.position().saturating_add(header_length);
    let minimum_length = r.u8().ok_or(SHORT)?;
    if version >= 4 {
        r.u8().ok_or(SHORT)?;
    }
    r.u8().ok_or(SHORT)?;
    let line_base = r.u8().ok_or(SHORT)? as i8;
    let line_range = r.u8().ok_or(SHORT)?;
    let opcode_base = r.u8().ok_or(SHORT)?;
    let lengths = r.take(usize::from(opcode_base.saturating_sub(1))).ok_or(SHORT)?.to_vec();
    let files = if version == 5 { files_5(&mut r, texts) } else { files_2(&mut r) }
        .ok_or("its file names are damaged")?;
    let header = Header {
        minimum_length: u32::from(minimum_length),
        line_base: i64::from(line_base),
        line_range: i64::from(line_range),
        opcode_base,
        lengths,
        first_file: u64::from(version < 5),
        files,
    };
    let program = unit.get(program_at..).ok_or(SHORT)?;
    run(&header, program, found)
}

fn joined(directory: Option<&String>, name: String) -> String {
    match directory {
        Some(directory) if !name.starts_with('/') && !directory.is_empty() => format!("{directory}/{name}"),
        _ => name,
    }
}

/// Directories and files of versions 2 to 4: directory 0 is where it was compiled, which is not told here.
fn files_2(r: &mut Reader<'_>) -> Option<Vec<String>> {
    let mut directories = vec![String::new()];
    loop {
        let name = r.text()?;
        if name.is_empty() {
            break;
        }
        directories.push(name);
    }
    let mut files = Vec::new();
    loop {
        let name = r.text()?;
        if name.is_empty() {
            return Some(files);
        }
        let directory = r.uleb()?;
        // Time and size of the file.
        r.uleb()?;
        r.uleb()?;
        files.push(joined(directories.get(usize::try_from(directory).ok()?), name));
    }
}

/// Directories and files of version 5, each list with a description of its columns.
fn files_5(r: &mut Reader<'_>, texts: Texts<'_>) -> Option<Vec<String>> {
    let directories: Vec<String> = entries(r, texts)?.into_iter().map(|(name, _)| name).collect();
    let files = entries(r, texts)?;
    // Directory 0 is where it was compiled: names stay short without it.
    let directory = |n: u64| usize::try_from(n).ok().filter(|&n| n != 0).and_then(|n| directories.get(n));
    Some(files.into_iter().map(|(name, n)| joined(directory(n), name)).collect())
}

fn entries(r: &mut Reader<'_>, texts: Texts<'_>) -> Option<Vec<(String, u64)>> {
    let columns = r.u8()?;
    let mut format = Vec::new();
    for _ in 0..columns {
        format.push((r.uleb()?, r.uleb()?));
    }
    let count = r.uleb()?;
    if count > MOST_FILES || columns == 0 && count != 0 {
        return None;
    }
    let mut found = Vec::new();
    for _ in 0..count {
        let (mut name, mut directory) = (String::new(), 0);
        for &(content, form) in &format {
            let value = value(r, form, texts)?;
            match (content, value) {
                (PATH, Value::Text(text)) => name = text,
                (DIRECTORY, Value::Number(number)) => directory = number,
                _ => {}
            }
        }
        found.push((name, directory));
    }
    Some(found)
}

enum Value {
    Text(String),
    Number(u64),
    Other,
}

fn value(r: &mut Reader<'_>, form: u64, texts: Texts<'_>) -> Option<Value> {
    let text_at = |table: &[u8], at: u32| {
        let mut r = Reader::new(table);
        r.seek(at as usize);
        r.text().map(Value::Text)
    };
    let skip = |r: &mut Reader<'_>, len: u64| r.take(usize::try_from(len).ok()?).map(|_| Value::Other);
    match form {
        form::STRING => r.text().map(Value::Text),
        form::LINE_STRP => r.u32().and_then(|at| text_at(texts.line, at)),
        form::STRP => r.u32().and_then(|at| text_at(texts.other, at)),
        form::UDATA => r.uleb().map(Value::Number),
        form::DATA1 => r.number(1).map(Value::Number),
        form::DATA2 => r.number(2).map(Value::Number),
        form::DATA4 => r.number(4).map(Value::Number),
        form::DATA8 => r.number(8).map(Value::Number),
        form::DATA16 => skip(r, 16),
        form::BLOCK => r.uleb().and_then(|len| skip(r, len)),
        form::BLOCK1 => r.number(1).and_then(|len| skip(r, len)),
        form::BLOCK2 => r.number(2).and_then(|len| skip(r, len)),
        form::BLOCK4 => r.number(4).and_then(|len| skip(r, len)),
        _ => None,
    }
}
