//! ELF files for the 386: their symbol table, and where their line table is (System V ABI, chapter 4).

use super::leb::Reader;
use super::{Found, SymbolError, error, line_table};

const SHT_SYMTAB: u32 = 2;
const SHT_NOBITS: u32 = 8;
const SHF_COMPRESSED: u32 = 0x800;
const SHN_UNDEF: u16 = 0;
const SHN_ABS: u16 = 0xFFF1;
const EM_386: u16 = 3;
const ET_REL: u16 = 1;
/// Symbol types that name code or data: none, object, function.
const MOST_SYMBOL_TYPE: u8 = 2;

/// A section's header.
#[derive(Clone, Copy)]
struct Section<'a> {
    name: u32,
    kind: u32,
    flags: u32,
    link: u32,
    data: &'a [u8],
}

struct Elf<'a> {
    sections: Vec<Section<'a>>,
    names: usize,
}

fn headers(bytes: &[u8]) -> Result<Elf<'_>, SymbolError> {
    let short = || SymbolError("the ELF file ends within its headers".into());
    if bytes.get(4..6) != Some(&[1, 1]) {
        return error("an ELF file for another machine: 32-bit little-endian for the 386 is needed");
    }
    let mut r = Reader::new(bytes);
    r.seek(16);
    let (kind, machine) = (r.u16().ok_or_else(short)?, r.u16().ok_or_else(short)?);
    if machine != EM_386 {
        return error(format!("an ELF file for machine {machine}: the 386 is 3"));
    }
    if kind == ET_REL {
        return error("an object file has no addresses yet: give the linked file");
    }
    r.seek(32);
    let start = r.u32().ok_or_else(short)? as usize;
    r.seek(46);
    let (size, count, names) =
        (r.u16().ok_or_else(short)?, r.u16().ok_or_else(short)?, r.u16().ok_or_else(short)?);
    if size < 40 {
        return error(format!("section headers of {size} bytes: 40 are needed"));
    }
    let mut sections = Vec::with_capacity(usize::from(count));
    for n in 0..usize::from(count) {
        let at = start.checked_add(n * usize::from(size)).ok_or_else(short)?;
        sections.push(
            section(bytes, at)
                .ok_or_else(|| SymbolError(format!("section {n} of the ELF file lies outside of it")))?,
        );
    }
    Ok(Elf { sections, names: usize::from(names) })
}

fn section(bytes: &[u8], at: usize) -> Option<Section<'_>> {
    let mut r = Reader::new(bytes);
    r.seek(at);
    let (name, kind, flags) = (r.u32()?, r.u32()?, r.u32()?);
    let _address = r.u32()?;
    let (offset, size, link) = (r.u32()? as usize, r.u32()? as usize, r.u32()?);
    let data = if kind == SHT_NOBITS { &[][..] } else { bytes.get(offset..offset.checked_add(size)?)? };
    Some(Section { name, kind, flags, link, data })
}

impl<'a> Elf<'a> {
    fn named(&self, name: &str) -> Option<Section<'a>> {
        let names = self.sections.get(self.names)?.data;
        self.sections.iter().copied().find(|s| string(names, s.name).as_deref() == Some(name))
    }
}

fn string(table: &[u8], at: u32) -> Option<String> {
    let mut r = Reader::new(table);
    r.seek(at as usize);
    r.text()
}

/// Symbols and lines of an ELF file.
///
/// # Errors
/// What is wrong with it.
pub fn read(bytes: &[u8]) -> Result<Found, SymbolError> {
    let elf = headers(bytes)?;
    let mut found = Found::default();
    for table in elf.sections.iter().filter(|s| s.kind == SHT_SYMTAB) {
        let names = elf.sections.get(table.link as usize).map_or(&[][..], |s| s.data);
        symbols(table.data, names, &mut found);
    }
    if let Some(line) = elf.named(".debug_line") {
        let texts = [".debug_line_str", ".debug_str"].map(|name| elf.named(name).map_or(&[][..], |s| s.data));
        if line.flags & SHF_COMPRESSED != 0 {
            found.notes.push(
                "compressed debug sections are not read: link with --compress-debug-sections=none".into(),
            );
        } else {
            line_table::read(line.data, texts[0], texts[1], &mut found);
        }
    }
    Ok(found)
}

fn symbols(table: &[u8], names: &[u8], found: &mut Found) {
    for row in table.chunks_exact(16) {
        let mut r = Reader::new(row);
        let (Some(name), Some(value), Some(size), Some(info), Some(_), Some(section)) =
            (r.u32(), r.u32(), r.u32(), r.u8(), r.u8(), r.u16())
        else {
            continue;
        };
        if info & 0xF > MOST_SYMBOL_TYPE || matches!(section, SHN_UNDEF | SHN_ABS) {
            continue;
        }
        if let Some(name) = string(names, name).filter(|name| !name.is_empty()) {
            found.symbols.push((value, size, name));
        }
    }
}
