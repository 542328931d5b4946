//! What all statements made together: the image, the map to the source, the symbols.

use super::{Assembler, Entry, LONGEST_SHOWN, Pending};
use crate::expression::Segment;
use crate::labels::Label;
use crate::sections::Placed;
use crate::{Assembled, LARGEST_OUTPUT, Source, Symbol, SymbolKind};

impl Assembler {
    /// Puts the sections together.
    pub(super) fn output(mut self, expansions: Vec<crate::Expansion>) -> Result<Assembled, String> {
        let (placed, origin) = self.sections.place()?;
        self.fix(&placed);
        let filled = |i: &usize| !self.sections.list[*i].nobits;
        let present: Vec<usize> = (0..placed.len()).filter(filled).collect();
        let mut code = Vec::new();
        for section in present {
            let bytes = &self.sections.list[section].bytes;
            if bytes.is_empty() {
                continue;
            }
            let Ok(start) = u64::try_from(placed[section].start.wrapping_sub(origin)) else {
                return Err(format!(
                    "the section {} begins before the output",
                    self.sections.list[section].name
                ));
            };
            let end = start + bytes.len() as u64;
            if end > LARGEST_OUTPUT {
                return Err(format!("the output has more than {LARGEST_OUTPUT} bytes"));
            }
            code.resize(code.len().max(end as usize), 0);
            code[start as usize..end as usize].copy_from_slice(bytes);
        }
        let map = self.map(&placed, origin);
        let symbols = self.symbols(&placed);
        let mut warnings = std::mem::take(&mut self.warnings);
        warnings.sort();
        warnings.dedup();
        Ok(Assembled { code, origin: origin as u64, map, expansions, symbols, warnings })
    }

    pub(super) fn fix(&mut self, placed: &[Placed]) {
        for Pending { segment, at, fixup } in &self.pending {
            let address = |segment: Option<Segment>| segment.map_or(0, |s| placed[s as usize].vstart);
            let own = address(Some(*segment));
            let mut value = fixup.amount.number.wrapping_add(address(fixup.amount.segment));
            if fixup.amount.relative {
                value = value.wrapping_sub(own);
            }
            if let Some(from) = fixup.from {
                value = value.wrapping_sub(own.wrapping_add(from));
            }
            let size = (fixup.size as usize).min(8);
            let bytes = &mut self.sections.list[*segment as usize].bytes;
            if let Some(target) = bytes.get_mut(*at as usize..*at as usize + size) {
                target.copy_from_slice(&value.to_le_bytes()[..size]);
            }
        }
    }

    pub(super) fn map(&self, placed: &[Placed], origin: i64) -> Vec<Source> {
        let mut map: Vec<Source> =
            self.entries.iter().map(|entry| self.source(entry, placed, origin)).collect();
        map.sort_by_key(|source| (source.address, source.offset));
        map
    }

    pub(super) fn source(&self, entry: &Entry, placed: &[Placed], origin: i64) -> Source {
        let place = placed[entry.segment as usize];
        let nobits = self.sections.list[entry.segment as usize].nobits;
        let offset = place.start.wrapping_sub(origin).wrapping_add(entry.offset as i64);
        Source {
            offset: if nobits { None } else { u32::try_from(offset).ok() },
            address: place.vstart.wrapping_add(entry.offset as i64) as u64,
            length: u32::try_from(entry.length).unwrap_or(u32::MAX),
            file: entry.line.file.as_ref().map(|f| f.to_string()),
            line: entry.line.number,
            text: entry.line.text.trim().chars().take(LONGEST_SHOWN).collect(),
            expansion: entry.line.expansion,
            bits: entry.bits,
            code: entry.code,
        }
    }

    pub(super) fn symbols(&self, placed: &[Placed]) -> Vec<Symbol> {
        let symbol = |(name, label): (&String, &Label)| Symbol {
            name: name.clone(),
            value: label.value.wrapping_add(label.segment.map_or(0, |s| placed[s as usize].vstart)) as u64,
            kind: if label.segment.is_some() { SymbolKind::Label } else { SymbolKind::Constant },
            file: label.file.as_ref().map(|f| f.to_string()),
            line: label.line,
        };
        self.labels.all().map(symbol).collect()
    }
}
