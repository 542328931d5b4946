//! What a statement makes: data and instructions, so many times.

use super::{Assembler, Entry, Pending};
use crate::encode::{Emission, Fixup};
use crate::expression::{Parser, Wrong};
use crate::instruction::{Instruction, Place, Prefixes, Slot, prefix, segment_prefix};
use crate::lexer::Token;
use crate::registers::{SEGMENT, register};
use crate::table::{Code, TABLE};
use crate::{LARGEST_OUTPUT, MOST_STATEMENTS, data, encode, matching, operand};

impl Assembler {
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
                    return Err(Wrong::new(
                        at,
                        format!(
                            "`times {count}`: what comes before is {} bytes too long",
                            count.unsigned_abs()
                        ),
                    ));
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

    pub(super) fn data(
        &self,
        size: u32,
        reserve: bool,
        tokens: &[Token],
        end: usize,
    ) -> Result<Emission, Wrong> {
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

    pub(super) fn instruction(&self, tokens: &[Token], end: usize) -> Result<Instruction, Wrong> {
        let mut parser = Parser::new(tokens, end, self);
        let mut prefixes = Prefixes::default();
        let mut name = None;
        while let Some(token) = parser.peek() {
            let Some(word) = token.keyword() else { break };
            let segment = register(&word)
                .filter(|r| r.flags & SEGMENT != 0)
                .map(|r| (Slot::Segment, segment_prefix(r)));
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

    pub(super) fn unknown_word(&self, word: &str) -> String {
        let shown: String = word.chars().take(40).collect();
        let near = |other: &&str| distance_is_one(word, other);
        match TABLE.names().find(near) {
            Some(other) => format!("there is no instruction `{shown}`: is `{other}` meant?"),
            None => format!(
                "there is no instruction, macro or directive `{shown}` (of instructions, those up to SSE2 in 16- and 32-bit mode are known)"
            ),
        }
    }

    /// Encodes an instruction so many times.
    pub(super) fn assemble(&mut self, instruction: Instruction, count: u64, at: usize) -> Result<(), Wrong> {
        if instruction.name.is_empty() {
            let emission = Emission { bytes: instruction.prefixes.bytes(self.bits), ..Emission::default() };
            return self.emit(emission, count, true, at);
        }
        let mut left = count;
        while left > 0 {
            let place = Place {
                segment: self.at.segment,
                offset: self.at.offset,
                bits: self.bits,
                level: self.level,
                last: self.last,
            };
            let mut copy = instruction.clone();
            copy.settle_address_size(self.bits)?;
            let rows = TABLE.rows(&copy.name).unwrap_or(&[]);
            let row = matching::find(rows, &mut copy, &place)
                .map_err(|message| Wrong::new(instruction.at, message))?;
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
    pub(super) fn emit(
        &mut self,
        emission: Emission,
        count: u64,
        code: bool,
        at: usize,
    ) -> Result<(), Wrong> {
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
            return Err(Wrong::new(
                at,
                "in `absolute` space and structures bytes are only reserved: use resb",
            ));
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
                let moved = |f: &Fixup| Fixup {
                    from: f.from.map(|from| from + (time * emission.length()) as i64),
                    ..*f
                };
                let pending = emission.fixups.iter().map(|f| Pending {
                    segment,
                    at: begin + f.at as u64,
                    fixup: moved(f),
                });
                self.pending.extend(pending);
            }
        }
        let entry =
            Entry { segment, offset: start, length: total, line: self.line.clone(), bits: self.bits, code };
        self.entries.push(entry);
        Ok(())
    }
}

/// True if one letter more, less or other, or two exchanged, make one word the other.
fn distance_is_one(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let same = short.bytes().zip(long.bytes()).take_while(|(x, y)| x == y).count();
    let (short_rest, long_rest) = (&short.as_bytes()[same..], &long.as_bytes()[same..]);
    match long.len() - short.len() {
        0 => {
            let exchanged = short_rest.len() > 1 && short_rest[..2] == [long_rest[1], long_rest[0]];
            short_rest.get(1..) == long_rest.get(1..) || (exchanged && short_rest[2..] == long_rest[2..])
        }
        1 => Some(short_rest) == long_rest.get(1..),
        _ => false,
    }
}
