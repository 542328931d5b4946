//! The passes, and what one statement does.

use std::rc::Rc;

use crate::data;
use crate::encode::{self, Emission, Fixup};
use crate::expression::{Found, Parser, Scope, Segment, Value, Wrong};
use crate::instruction::{Instruction, Place, Prefixes, Slot, prefix, segment_prefix};
use crate::labels::{Defined, Label, Labels};
use crate::lexer::{self, Kind, Token};
use crate::matching;
use crate::operand;
use crate::preprocessor::{Facts, Line, Preprocessor, Texts};
use crate::registers::{SEGMENT, register};
use crate::sections::{Placed, Sections};
use crate::structure::{Declared, Instance, Location};
use crate::table::{Code, TABLE};
use crate::{
    Assembled, Diagnostic, LARGEST_OUTPUT, LARGEST_TEXT, MOST_ERRORS, MOST_STATEMENTS, Options, Source, Symbol, SymbolKind,
};

/// Passes, at most. NASM too gives up on texts whose labels never rest.
const MOST_PASSES: u32 = 400;
/// Characters of a statement that the map shows.
const LONGEST_SHOWN: usize = 200;

/// A statement that made or reserved bytes.
struct Entry {
    segment: Segment,
    offset: u64,
    length: u64,
    line: Rc<Line>,
    bits: u8,
    code: bool,
}

/// A number to be put in once sections have addresses.
struct Pending {
    segment: Segment,
    at: u64,
    fixup: Fixup,
}

/// The state of the assembler.
pub struct Assembler {
    pub(crate) labels: Labels,
    pub(crate) sections: Sections,
    /// Where the next byte goes.
    pub(crate) at: Location,
    /// The section to go back to from `absolute` space.
    pub(crate) section: Segment,
    pub(crate) structure: Option<Declared>,
    pub(crate) instance: Option<Instance>,
    /// `align` also aligns the section.
    pub(crate) aligns_sections: bool,
    pub(crate) bits: u8,
    /// The processor that `cpu` allows.
    pub(crate) level: u8,
    pass: u32,
    /// True in the pass that makes the output.
    pub(crate) last: bool,
    changes: u64,
    line: Rc<Line>,
    statements: u64,
    errors: Vec<Diagnostic>,
    warnings: Vec<Diagnostic>,
    entries: Vec<Entry>,
    pending: Vec<Pending>,
    stopped: bool,
}

impl Scope for Assembler {
    fn symbol(&self, name: &str) -> Found {
        self.labels.find(name, self.pass == 1)
    }

    fn here(&self) -> (i64, Option<Segment>) {
        (self.at.offset, self.at.segment)
    }
}

impl Facts for Assembler {
    fn bits(&self) -> u8 {
        self.bits
    }

    fn section_line(&self) -> String {
        format!("[section {}]", self.sections.list[self.section as usize].name)
    }

    fn pass(&self) -> u32 {
        self.pass
    }
}

/// Assembles a text; see [`crate::assemble`].
///
/// # Errors
/// What is wrong with the text.
pub fn assemble(source: &str, options: &Options) -> Result<Assembled, Vec<Diagnostic>> {
    let refuse = |message: String| vec![Diagnostic { file: None, line: 1, column: 1, message }];
    if options.bits != 16 && options.bits != 32 {
        return Err(refuse(format!("a program is for 16 or 32 bits, not {}", options.bits)));
    }
    if options.includes.values().map(String::len).chain([source.len()]).any(|length| length > LARGEST_TEXT) {
        return Err(refuse(format!("a text has more than {LARGEST_TEXT} bytes")));
    }
    let texts = Texts::new(source, options);
    let mut assembler = Assembler::new();
    loop {
        assembler.start_pass(options.bits);
        let expansions = assembler.run(&texts, options)?;
        let settled = assembler.changes == 0;
        if assembler.last && settled {
            return assembler.output(expansions).map_err(|message| refuse(message));
        }
        if assembler.pass >= MOST_PASSES || assembler.last {
            return Err(refuse("the labels find no rest: the size of something depends on itself".into()));
        }
        assembler.last = settled;
    }
}

impl Assembler {
    fn new() -> Self {
        Self {
            labels: Labels::default(),
            sections: Sections::new(),
            at: Location { segment: Some(0), offset: 0 },
            section: 0,
            structure: None,
            instance: None,
            aligns_sections: true,
            bits: 16,
            level: u8::MAX,
            pass: 0,
            last: false,
            changes: 0,
            line: Rc::default(),
            statements: 0,
            errors: Vec::new(),
            warnings: Vec::new(),
            entries: Vec::new(),
            pending: Vec::new(),
            stopped: false,
        }
    }

    fn start_pass(&mut self, bits: u8) {
        self.labels.start_pass();
        self.sections.start_pass();
        self.at = Location { segment: Some(0), offset: 0 };
        self.section = 0;
        (self.structure, self.instance, self.aligns_sections) = (None, None, true);
        (self.bits, self.level) = (bits, u8::MAX);
        self.pass += 1;
        self.changes = 0;
    }

    /// One pass.
    fn run(&mut self, texts: &Texts, options: &Options) -> Result<Vec<crate::Expansion>, Vec<Diagnostic>> {
        let mut preprocessor = Preprocessor::new(texts, options, self.last);
        while let Some(line) = preprocessor.next_line(self) {
            self.statements += 1;
            self.line = Rc::new(line);
            if self.statements > MOST_STATEMENTS {
                self.stop(format!("more than {MOST_STATEMENTS} statements in all passes: does the text repeat itself without end?"));
            } else {
                self.statement();
            }
            if self.stopped || self.errors.len() >= MOST_ERRORS {
                break;
            }
        }
        if let Some(open) = self.structure.take() {
            self.fail(Wrong::new(0, format!("the structure `{}` is not closed: `endstruc` is missing", open.name)));
        }
        self.warnings.append(&mut preprocessor.warnings);
        self.errors.append(&mut preprocessor.errors);
        if self.errors.is_empty() {
            return Ok(preprocessor.expansions);
        }
        let mut errors = std::mem::take(&mut self.errors);
        errors.sort();
        errors.dedup();
        errors.truncate(MOST_ERRORS);
        Err(errors)
    }

    fn diagnostic(&self, wrong: Wrong) -> Diagnostic {
        Diagnostic {
            file: self.line.file.as_ref().map(|f| f.to_string()),
            line: self.line.number,
            column: self.line.column(wrong.at),
            message: wrong.message,
        }
    }

    pub(crate) fn fail(&mut self, wrong: Wrong) {
        if self.errors.len() < MOST_ERRORS {
            let error = self.diagnostic(wrong);
            self.errors.push(error);
        }
    }

    fn stop(&mut self, message: String) {
        self.fail(Wrong::new(0, message));
        self.stopped = true;
    }

    pub(crate) fn warn(&mut self, wrong: Wrong) {
        if self.last && self.warnings.len() < MOST_ERRORS {
            let warning = self.diagnostic(wrong);
            self.warnings.push(warning);
        }
    }

    /// The current line.
    fn statement(&mut self) {
        let line = self.line.clone();
        let tokens = lexer::tokens(&line.text);
        if tokens.is_empty() {
            return;
        }
        if let Err(wrong) = self.read(&tokens, &line.text) {
            self.fail(wrong);
        }
    }

    fn read(&mut self, tokens: &[Token], text: &str) -> Result<(), Wrong> {
        if let [open, name, inner @ ..] = tokens
            && open.is("[")
            && let Kind::Name(_) = name.kind
        {
            let Some((close, inner)) = inner.split_last().filter(|(close, _)| close.is("]")) else {
                return Err(Wrong::new(text.len(), "`]` is missing after the directive"));
            };
            let directive = name.text.to_ascii_lowercase();
            if self.directive(&directive, name, inner, &text[..close.at])? {
                return Ok(());
            }
            return Err(Wrong::new(name.at, format!("there is no directive `{directive}`")));
        }
        let (label, rest) = self.label(tokens);
        if let Some(label) = label {
            if let Some(word) = rest.first().filter(|t| t.keyword().is_some_and(|k| k == "equ")) {
                return self.equate(label, word, &rest[1..], text.len());
            }
            self.define(label, self.at.offset, self.at.segment, true)?;
        }
        let Some(first) = rest.first() else { return Ok(()) };
        match first.keyword() {
            Some(word) if self.directive(&word, first, &rest[1..], text)? => Ok(()),
            _ => self.repeated(rest, text.len()),
        }
    }

    /// The label at the start and what follows it.
    fn label<'a>(&self, tokens: &'a [Token]) -> (Option<&'a Token>, &'a [Token]) {
        let (first, rest) = match tokens {
            [first, rest @ ..] => (first, rest),
            [] => return (None, tokens),
        };
        let Kind::Name(escaped) = first.kind else { return (None, tokens) };
        if rest.first().is_some_and(|t| t.is(":")) {
            return (Some(first), &rest[1..]);
        }
        if !escaped && self.is_reserved(&first.text.to_ascii_lowercase()) {
            return (None, tokens);
        }
        (Some(first), rest)
    }

    /// True for what begins a statement and so is no label.
    fn is_reserved(&self, word: &str) -> bool {
        TABLE.rows(word).is_some()
            || prefix(word).is_some()
            || data::statement(word).is_some()
            || crate::directive::is_directive(word)
            || matches!(word, "times" | "equ" | "incbin")
            || register(word).is_some()
    }

    /// Defines a symbol.
    pub(crate) fn define(&mut self, name: &Token, value: i64, segment: Option<Segment>, label: bool) -> Result<(), Wrong> {
        let new = Label { value, segment, pass: self.pass, file: self.line.file.clone(), line: self.line.number };
        match self.labels.define(&name.text, new) {
            Defined::Same => {}
            Defined::Changed => self.changes += 1,
            Defined::Twice(line) => {
                return Err(Wrong::new(name.at, format!("`{}` is defined on line {line} already, and differently", name.text)));
            }
        }
        if label {
            self.labels.set_latest(&name.text);
        }
        Ok(())
    }

    fn equate(&mut self, label: &Token, word: &Token, rest: &[Token], end: usize) -> Result<(), Wrong> {
        let mut parser = Parser::new(rest, end, self);
        let at = parser.place();
        let value = parser.expression()?;
        parser.finish()?;
        // What is not known yet counts as 0 until another pass.
        let value = if value.unknown != 0 { Value::number(0) } else { value };
        let segment = value
            .segment()
            .map_err(|()| Wrong::new(at.max(word.at), "`equ` gives a name to a number or an address"))?;
        self.define(label, value.number, segment, false)
    }

    /// `times` and the statement after it.
    pub(crate) fn repeated(&mut self, tokens: &[Token], end: usize) -> Result<(), Wrong> {
        let mut rest = tokens;
        let mut count = 1;
        while rest.first().and_then(Token::keyword).is_some_and(|word| word == "times") {
            let mut parser = Parser::new(&rest[1..], end, self);
            let at = parser.place();
            count = parser.constant()?;
            let passed = parser.position() + 1;
            if count < 0 {
                if self.last {
                    return Err(Wrong::new(at, format!("`times {count}`: what comes before is {} bytes too long", count.unsigned_abs())));
                }
                count = 0;
            }
            rest = &rest[passed..];
        }
        if rest.is_empty() && count != 1 {
            return Ok(());
        }
        self.times(count as u64, rest, end)
    }

    /// A statement, so many times.
    pub(crate) fn times(&mut self, count: u64, tokens: &[Token], end: usize) -> Result<(), Wrong> {
        let Some(first) = tokens.first() else { return Ok(()) };
        let word = first.keyword().unwrap_or_default();
        if word == "incbin" {
            return Err(Wrong::new(first.at, "there are no files here to include: write the bytes with db"));
        }
        if let Some((size, reserve)) = data::statement(&word) {
            let emission = self.data(size, reserve, &tokens[1..], end)?;
            return self.emit(emission, count, false, first.at);
        }
        let instruction = self.instruction(tokens, end)?;
        self.assemble(instruction, count, first.at)
    }

    fn data(&self, size: u32, reserve: bool, tokens: &[Token], end: usize) -> Result<Emission, Wrong> {
        let mut parser = Parser::new(tokens, end, self);
        if !reserve {
            if tokens.is_empty() {
                return Err(parser.expected("data"));
            }
            return data::define(&mut parser, size, self.at.segment);
        }
        let at = parser.place();
        let value = parser.expression()?;
        parser.finish()?;
        let known = value.is_simple() || value.is_just_unknown();
        let count = if known { u64::try_from(value.number).ok() } else { None };
        let reserved = count.filter(|_| known).and_then(|count| count.checked_mul(size as u64));
        match reserved {
            Some(reserved) => Ok(Emission { reserved, ..Emission::default() }),
            None => Err(Wrong::new(at, "how much is reserved must be a number from 0 on")),
        }
    }

    fn instruction(&self, tokens: &[Token], end: usize) -> Result<Instruction, Wrong> {
        let mut parser = Parser::new(tokens, end, self);
        let mut prefixes = Prefixes::default();
        let mut name = None;
        while let Some(token) = parser.peek() {
            let Some(word) = token.keyword() else { break };
            let segment = register(&word).filter(|r| r.flags & SEGMENT != 0).map(|r| (Slot::Segment, segment_prefix(r)));
            if let Some((slot, new)) = prefix(&word).or(segment) {
                if prefixes.get(slot).is_some_and(|old| old != new) {
                    return Err(Wrong::new(token.at, format!("`{word}` contradicts another prefix")));
                }
                prefixes.set(slot, new);
                parser.take();
                continue;
            }
            name = Some((word, token.at));
            parser.take();
            break;
        }
        let alone = parser.at_end() && prefixes != Prefixes::default();
        let (name, at) = match name {
            Some(name) => name,
            None if alone => (String::new(), tokens[0].at),
            None => return Err(parser.expected("an instruction")),
        };
        if !name.is_empty() && TABLE.rows(&name).is_none() {
            return Err(Wrong::new(at, self.unknown_word(&name)));
        }
        let operands = operand::operands(&mut parser, self.at.segment)?;
        let mut instruction = Instruction { name, at, prefixes, operands, address_bits: self.bits };
        instruction.take_overrides()?;
        Ok(instruction)
    }

    fn unknown_word(&self, word: &str) -> String {
        let shown: String = word.chars().take(40).collect();
        let near = |other: &&str| distance_is_one(word, other);
        match TABLE.names().find(near) {
            Some(other) => format!("there is no instruction `{shown}`: is `{other}` meant?"),
            None => format!("there is no instruction, macro or directive `{shown}` (of instructions, those up to SSE2 in 16- and 32-bit mode are known)"),
        }
    }

    /// Encodes an instruction so many times.
    fn assemble(&mut self, instruction: Instruction, count: u64, at: usize) -> Result<(), Wrong> {
        if instruction.name.is_empty() {
            let emission = Emission { bytes: instruction.prefixes.bytes(self.bits), ..Emission::default() };
            return self.emit(emission, count, true, at);
        }
        let mut left = count;
        while left > 0 {
            let place =
                Place { segment: self.at.segment, offset: self.at.offset, bits: self.bits, level: self.level, last: self.last };
            let mut copy = instruction.clone();
            copy.settle_address_size(self.bits)?;
            let rows = TABLE.rows(&copy.name).unwrap_or(&[]);
            let row = matching::find(rows, &mut copy, &place).map_err(|message| Wrong::new(instruction.at, message))?;
            let emission = encode::encode(row, &mut copy, &place)?;
            let moves = row.code.iter().any(|c| matches!(c, Code::Rel(_) | Code::Rel8(_)));
            let times = if moves { 1 } else { left };
            self.emit(emission, times, true, at)?;
            left -= times;
            self.statements += 1;
            if self.statements > MOST_STATEMENTS {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Puts bytes at the current place so many times.
    fn emit(&mut self, emission: Emission, count: u64, code: bool, at: usize) -> Result<(), Wrong> {
        let Some(total) = emission.length().checked_mul(count).filter(|total| *total <= 1 << 40) else {
            return Err(Wrong::new(at, "this is more memory than addresses reach"));
        };
        if self.last {
            for warning in &emission.warnings {
                self.warn(warning.clone());
            }
        }
        let offset = self.at.offset;
        self.at.offset = offset.wrapping_add(total as i64);
        let Some(segment) = self.at.segment else {
            if emission.bytes.is_empty() {
                return Ok(());
            }
            return Err(Wrong::new(at, "in `absolute` space and structures bytes are only reserved: use resb"));
        };
        let section = &mut self.sections.list[segment as usize];
        let start = section.length;
        section.length = start + total;
        if section.nobits && !emission.bytes.is_empty() {
            self.warn(Wrong::new(at, "this section only reserves memory: its bytes are left out"));
            return Ok(());
        }
        let section = &mut self.sections.list[segment as usize];
        if !section.nobits && section.length > LARGEST_OUTPUT {
            self.stop(format!("the output has more than {LARGEST_OUTPUT} bytes"));
            return Ok(());
        }
        if !self.last || total == 0 {
            return Ok(());
        }
        if !section.nobits {
            for time in 0..count {
                let begin = section.bytes.len() as u64;
                section.bytes.extend_from_slice(&emission.bytes);
                section.bytes.resize(section.bytes.len() + emission.reserved as usize, 0);
                let moved = |f: &Fixup| Fixup { from: f.from.map(|from| from + (time * emission.length()) as i64), ..*f };
                let pending = emission.fixups.iter().map(|f| Pending { segment, at: begin + f.at as u64, fixup: moved(f) });
                self.pending.extend(pending);
            }
        }
        let entry = Entry { segment, offset: start, length: total, line: self.line.clone(), bits: self.bits, code };
        self.entries.push(entry);
        Ok(())
    }

    /// Puts the sections together.
    fn output(mut self, expansions: Vec<crate::Expansion>) -> Result<Assembled, String> {
        let placed = self.sections.place()?;
        self.fix(&placed);
        let filled = |i: &usize| !self.sections.list[*i].nobits;
        let present: Vec<usize> = (0..placed.len()).filter(filled).collect();
        let origin = present.iter().map(|i| placed[*i].start).min().unwrap_or(0);
        let mut code = Vec::new();
        for section in present {
            let bytes = &self.sections.list[section].bytes;
            if bytes.is_empty() {
                continue;
            }
            let start = placed[section].start.abs_diff(origin);
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

    fn fix(&mut self, placed: &[Placed]) {
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

    fn map(&self, placed: &[Placed], origin: i64) -> Vec<Source> {
        let mut map: Vec<Source> = self.entries.iter().map(|entry| self.source(entry, placed, origin)).collect();
        map.sort_by_key(|source| (source.address, source.offset));
        map
    }

    fn source(&self, entry: &Entry, placed: &[Placed], origin: i64) -> Source {
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

    fn symbols(&self, placed: &[Placed]) -> Vec<Symbol> {
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

/// True if one letter more, less or other makes one word the other.
fn distance_is_one(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let same = short.bytes().zip(long.bytes()).take_while(|(x, y)| x == y).count();
    let (short_rest, long_rest) = (&short.as_bytes()[same..], &long.as_bytes()[same..]);
    match long.len() - short.len() {
        0 => short_rest.len() == 1 || short_rest.get(1..) == long_rest.get(1..),
        1 => Some(short_rest) == long_rest.get(1..),
        _ => false,
    }
}
