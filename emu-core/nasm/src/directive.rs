//! The assembler's directives (NASM manual, chapters 5, 7 and 8).

use crate::assembler::Assembler;
use crate::expression::{Found, Parser, Scope, Wrong};
use crate::lexer::{self, Kind, Token};
use crate::structure::{Declared, Instance, Location};

/// True for the name of a directive that may begin a line.
pub fn is_directive(word: &str) -> bool {
    matches!(
        word,
        "bits" | "use16" | "use32" | "org" | "section" | "segment" | "absolute" | "struc" | "endstruc" | "istruc" | "at"
            | "iend" | "align" | "alignb" | "sectalign" | "cpu" | "default" | "global" | "extern" | "static"
            | "required" | "common" | "float" | "list" | "map" | "warning" | "debug"
    )
}

/// Names of processors, and the level in the table.
const PROCESSORS: [(&str, u8); 24] = [
    ("8086", 0),
    ("186", 1),
    ("80186", 1),
    ("i186", 1),
    ("286", 2),
    ("80286", 2),
    ("i286", 2),
    ("386", 3),
    ("80386", 3),
    ("i386", 3),
    ("486", 4),
    ("80486", 4),
    ("i486", 4),
    ("586", 5),
    ("pentium", 5),
    ("i586", 5),
    ("686", 6),
    ("p6", 6),
    ("ppro", 6),
    ("pentiumpro", 6),
    ("i686", 6),
    ("p3", 7),
    ("katmai", 7),
    ("p4", 8),
];

impl Assembler {
    /// Does what a directive says; false if `name` is none. `text` ends where its operands end.
    pub(crate) fn directive(&mut self, name: &str, word: &Token, rest: &[Token], text: &str) -> Result<bool, Wrong> {
        if !is_directive(name) {
            return Ok(false);
        }
        let end = text.len();
        match name {
            "bits" => {
                let bits = self.constant(rest, end)?;
                self.set_bits(bits, rest.first().map_or(end, |t| t.at))?;
            }
            "use16" => self.bits = 16,
            "use32" => self.bits = 32,
            "org" => self.org(rest, end)?,
            "section" | "segment" => self.section(text, rest.first().map_or(end, |t| t.at))?,
            "absolute" => {
                let offset = self.constant(rest, end)?;
                self.leave_section();
                self.at = Location { segment: None, offset };
            }
            "struc" => self.begin_structure(word, rest, end)?,
            "endstruc" => self.end_structure(word)?,
            "istruc" => self.begin_instance(word, rest, end)?,
            "at" => self.at_field(word, rest, end)?,
            "iend" => self.end_instance(word)?,
            "align" => self.align(rest, end, "nop")?,
            "alignb" => self.align(rest, end, "resb 1")?,
            "sectalign" => self.section_align(rest, end)?,
            "cpu" => self.processor(rest, end)?,
            "common" => {
                return Err(Wrong::new(word.at, "a flat binary has no common variables: reserve them in section .bss"));
            }
            // Of a flat binary nothing is seen from outside; the others concern listings and 64-bit code.
            _ => {}
        }
        Ok(true)
    }

    fn constant(&self, tokens: &[Token], end: usize) -> Result<i64, Wrong> {
        let mut parser = Parser::new(tokens, end, self);
        let value = parser.constant()?;
        parser.finish()?;
        Ok(value)
    }

    fn set_bits(&mut self, bits: i64, at: usize) -> Result<(), Wrong> {
        self.bits = match bits {
            16 => 16,
            32 => 32,
            64 => return Err(Wrong::new(at, "this processor has no 64-bit mode: `bits` is 16 or 32")),
            _ => return Err(Wrong::new(at, "`bits` is 16 or 32")),
        };
        Ok(())
    }

    fn org(&mut self, rest: &[Token], end: usize) -> Result<(), Wrong> {
        let origin = self.constant(rest, end)?;
        let at = rest.first().map_or(end, |t| t.at);
        if self.sections.origin.is_some_and(|old| old != origin) {
            return Err(Wrong::new(at, "a program has one `org`: this one contradicts it"));
        }
        self.sections.origin = Some(origin);
        Ok(())
    }

    /// Notes how far the current section is, before another begins.
    fn leave_section(&mut self) {
        if let Some(segment) = self.at.segment {
            self.section = segment;
        }
    }

    fn section(&mut self, text: &str, at: usize) -> Result<(), Wrong> {
        let operands = text.get(at..).unwrap_or("");
        let mut words = operands.split_whitespace();
        let Some(name) = words.next() else { return Err(Wrong::new(at, "a section has a name, as `.data`")) };
        let name = name.trim_matches(['\'', '"', '`']);
        let segment = self.sections.named(name).map_err(|message| Wrong::new(at, message))?;
        let rest = operands.trim_start().get(operands.split_whitespace().next().map_or(0, str::len)..).unwrap_or("");
        for attribute in attributes(rest) {
            let place = text.find(attribute.as_str()).unwrap_or(at);
            self.attribute(segment as usize, &attribute, place)?;
        }
        self.section = segment;
        self.at = Location { segment: Some(segment), offset: self.sections.list[segment as usize].length as i64 };
        Ok(())
    }

    fn attribute(&mut self, section: usize, attribute: &str, at: usize) -> Result<(), Wrong> {
        let (name, value) = attribute.split_once('=').unwrap_or((attribute, ""));
        let name = name.to_ascii_lowercase();
        let number = |this: &Self| -> Result<i64, Wrong> {
            let tokens = lexer::tokens(value);
            this.constant(&tokens, value.len()).map_err(|wrong| Wrong::new(at, wrong.message))
        };
        let power = |this: &Self| -> Result<u64, Wrong> {
            let value = number(this)?;
            u64::try_from(value)
                .ok()
                .filter(|v| v.is_power_of_two())
                .ok_or_else(|| Wrong::new(at, "an alignment is a power of two"))
        };
        match name.as_str() {
            "progbits" => self.sections.list[section].nobits = false,
            "nobits" => self.sections.list[section].nobits = true,
            "align" => self.sections.list[section].align = Some(power(self)?),
            "valign" => self.sections.list[section].valign = Some(power(self)?),
            "start" => self.sections.list[section].start = Some(number(self)?),
            "vstart" => self.sections.list[section].vstart = Some(number(self)?),
            "follows" => self.sections.list[section].follows = Some(value.into()),
            "vfollows" => self.sections.list[section].vfollows = Some(value.into()),
            // Of the formats with objects; the flat one passes over them.
            "code" | "data" | "text" | "exec" | "noexec" | "write" | "nowrite" | "alloc" | "noalloc" => {}
            _ => {
                return Err(Wrong::new(
                    at,
                    format!("a section has no attribute `{name}`: there are align, start, follows, vstart, valign, vfollows, progbits, nobits"),
                ));
            }
        }
        Ok(())
    }

    fn section_align(&mut self, rest: &[Token], end: usize) -> Result<(), Wrong> {
        if let Some(word) = rest.first().and_then(Token::keyword)
            && matches!(word.as_str(), "on" | "off")
        {
            self.aligns_sections = word == "on";
            return Ok(());
        }
        let size = self.constant(rest, end)?;
        self.raise_alignment(size, rest.first().map_or(end, |t| t.at))
    }

    fn raise_alignment(&mut self, size: i64, at: usize) -> Result<(), Wrong> {
        let size = u64::try_from(size).ok().filter(|s| s.is_power_of_two() && *s <= 1 << 30);
        let Some(size) = size else { return Err(Wrong::new(at, "an alignment is a power of two")) };
        if let (Some(segment), true) = (self.at.segment, self.aligns_sections) {
            let section = &mut self.sections.list[segment as usize];
            section.align = Some(section.align.unwrap_or(0).max(size));
        }
        Ok(())
    }

    /// `align size, filling`.
    fn align(&mut self, rest: &[Token], end: usize, default: &str) -> Result<(), Wrong> {
        let at = rest.first().map_or(end, |t| t.at);
        let mut parser = Parser::new(rest, end, self);
        let size = parser.constant()?;
        let filling = if parser.take_sign(",") { &rest[parser.position()..] } else { &[] };
        if filling.is_empty() {
            parser.finish()?;
        }
        self.raise_alignment(size, at)?;
        let count = size.wrapping_sub(self.at.offset.rem_euclid(size)) % size;
        let default = lexer::tokens(default);
        let filling = if filling.is_empty() { &default[..] } else { filling };
        self.times(count as u64, filling, end)
    }

    fn begin_structure(&mut self, word: &Token, rest: &[Token], end: usize) -> Result<(), Wrong> {
        let Some(name) = rest.first().filter(|t| matches!(t.kind, Kind::Name(_))) else {
            return Err(Wrong::new(end, "a structure has a name: `struc name`"));
        };
        if self.structure.is_some() {
            return Err(Wrong::new(word.at, "a structure cannot be declared within another"));
        }
        let base = match rest.get(1) {
            Some(comma) if comma.is(",") => self.constant(&rest[2..], end)?,
            Some(other) => return Err(Wrong::new(other.at, "`,` or the end of the line was expected")),
            None => 0,
        };
        self.leave_section();
        self.at = Location { segment: None, offset: base };
        self.define(name, base, None, true)?;
        self.structure = Some(Declared { name: name.text.clone(), base });
        Ok(())
    }

    fn end_structure(&mut self, word: &Token) -> Result<(), Wrong> {
        let Some(structure) = self.structure.take() else {
            return Err(Wrong::new(word.at, "`endstruc` without `struc`"));
        };
        let size = self.at.offset.wrapping_sub(structure.base);
        let name = Token { text: format!("{}_size", structure.name), ..word.clone() };
        self.at = Location { segment: Some(self.section), offset: self.sections.list[self.section as usize].length as i64 };
        self.define(&name, size, None, false)
    }

    fn begin_instance(&mut self, word: &Token, rest: &[Token], end: usize) -> Result<(), Wrong> {
        let [name] = rest else { return Err(Wrong::new(end, "an instance names its structure: `istruc name`")) };
        if self.instance.is_some() {
            return Err(Wrong::new(word.at, "an instance cannot be within another: `iend` is missing"));
        }
        self.instance = Some(Instance { name: name.text.clone(), start: self.at });
        Ok(())
    }

    /// Fills up to a place of the instance with zeros.
    fn fill_to(&mut self, place: i64, at: usize) -> Result<(), Wrong> {
        let Some(instance) = &self.instance else {
            return Err(Wrong::new(at, "`at` and `iend` belong to an `istruc`"));
        };
        let done = self.at.offset.wrapping_sub(instance.start.offset);
        let count = place.wrapping_sub(done);
        if count < 0 {
            if self.last {
                return Err(Wrong::new(at, format!("what comes before in the instance is {} bytes too long", count.unsigned_abs())));
            }
            return Ok(());
        }
        let zero = lexer::tokens("db 0");
        self.times(count as u64, &zero, at)
    }

    fn base_of_instance(&self) -> i64 {
        let name = self.instance.as_ref().map_or("", |i| i.name.as_str());
        match self.symbol(name) {
            Found::Value(base, None) => base,
            _ => 0,
        }
    }

    fn at_field(&mut self, word: &Token, rest: &[Token], end: usize) -> Result<(), Wrong> {
        let mut parser = Parser::new(rest, end, self);
        let place = parser.constant()?;
        let data = if parser.take_sign(",") { &rest[parser.position()..] } else { &[] };
        if data.is_empty() {
            parser.finish()?;
        }
        self.fill_to(place.wrapping_sub(self.base_of_instance()), word.at)?;
        if data.is_empty() { Ok(()) } else { self.repeated(data, end) }
    }

    fn end_instance(&mut self, word: &Token) -> Result<(), Wrong> {
        let name = self.instance.as_ref().map_or(String::new(), |i| format!("{}_size", i.name));
        match self.symbol(&name) {
            Found::Value(size, None) => self.fill_to(size, word.at)?,
            _ => return Err(Wrong::new(word.at, format!("there is no structure with a size `{name}` before this line"))),
        }
        self.instance = None;
        Ok(())
    }

    fn processor(&mut self, rest: &[Token], end: usize) -> Result<(), Wrong> {
        let Some(first) = rest.first() else { return Err(Wrong::new(end, "a processor was expected, as `cpu 386`")) };
        let name = first.text.to_ascii_lowercase();
        if matches!(name.as_str(), "all" | "any" | "default" | "latest" | "x64" | "x86-64") {
            self.level = u8::MAX;
            return Ok(());
        }
        let found = PROCESSORS.iter().find(|(n, _)| *n == name);
        let later = ["willamette", "prescott", "nehalem", "westmere", "sandybridge", "future", "ia64"].contains(&name.as_str());
        self.level = match found {
            Some((_, level)) => *level,
            None if later => 8,
            None => return Err(Wrong::new(first.at, format!("there is no processor `{name}`: from 8086 to p4 they are known"))),
        };
        Ok(())
    }
}

/// The attributes of a section: words between spaces, where parentheses hold together.
fn attributes(text: &str) -> Vec<String> {
    let mut found = vec![String::new()];
    let mut depth = 0;
    for c in text.chars() {
        depth += i32::from(c == '(') - i32::from(c == ')');
        if c.is_whitespace() && depth <= 0 {
            found.push(String::new());
        } else if let Some(last) = found.last_mut() {
            last.push(c);
        }
    }
    found.retain(|word| !word.is_empty());
    found
}
