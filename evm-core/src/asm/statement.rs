//! Statements.

use super::data;
use super::expression::{Cursor, Wrong};
use super::int::Int;
use super::lexer::{Kind, Token};
use super::program::{Item, Program};
use super::{LARGEST_CODE, mnemonic};
use crate::opcode::deep_stack;

const DIRECTIVES: [&str; 8] =
    [".bytes", ".string", ".fill", ".label", ".const", ".origin", ".macro", ".bytes32"];

impl<'a> Program<'a> {
    /// Reads the statements of a line. After an error the rest of the line is left out.
    pub(super) fn line(&mut self, tokens: &[Token<'a>], depth: u32) {
        let mut cursor = Cursor::new(tokens);
        while cursor.peek().is_some() {
            if let Err(wrong) = self.statement(&mut cursor, depth) {
                self.error(wrong);
                return;
            }
        }
    }

    fn statement(&mut self, cursor: &mut Cursor<'_, 'a>, depth: u32) -> Result<(), Wrong> {
        let Some(token) = cursor.peek() else { return Ok(()) };
        match (token.kind, token.text) {
            (Kind::Word, _) => {
                cursor.take();
                if cursor.take_sign(":") {
                    let symbol = self.name(token, true)?;
                    self.add(Item::Label { symbol, jumpdest: true }, token.at);
                    return Ok(());
                }
                self.instruction(token, cursor)
            }
            (Kind::Directive, _) => {
                cursor.take();
                self.directive(token, cursor)
            }
            (Kind::Sign, "%") => {
                cursor.take();
                self.use_macro(cursor, depth)
            }
            (Kind::Parameter, name) => {
                Err((token.at, format!("`${name}` is no parameter of a macro that this stands in")))
            }
            _ => Err(cursor.expected("an instruction, a label with its colon, a directive or %macro")),
        }
    }

    fn instruction(&mut self, token: Token<'a>, cursor: &mut Cursor<'_, 'a>) -> Result<(), Wrong> {
        if token.text.eq_ignore_ascii_case("PUSH") {
            let value = self.pool.parse(cursor, self.expansion)?;
            self.add(Item::Push { value, size: 0, fixed: false }, token.at);
            return Ok(());
        }
        let Some(opcode) = self.mnemonics.find(token.text) else {
            let hint = match self.mnemonics.like(token.text, self.fork) {
                _ if self.macros.contains_key(token.text) => {
                    format!("; the macro is used as %{}", token.text)
                }
                Some(like) => format!("; did you mean {like}?"),
                None => "; a label ends with a colon".into(),
            };
            return Err((token.at, format!("{} is no instruction{hint}", token.shown())));
        };
        if opcode.since > self.fork {
            let (since, fork) = (opcode.since, self.fork);
            let message =
                format!("{} came with {}, and this is for {}", opcode.mnemonic, since.name(), fork.name());
            return Err((token.at, message));
        }
        let item = match opcode.byte {
            deep_stack::EXCHANGE => {
                let first = self.pool.parse(cursor, self.expansion)?;
                cursor.take_sign(",");
                Item::Exchange { first, second: self.pool.parse(cursor, self.expansion)? }
            }
            byte if deep_stack::has(byte) => {
                Item::Deep { byte, depth: self.pool.parse(cursor, self.expansion)? }
            }
            _ if opcode.immediate > 0 => {
                let value = self.pool.parse(cursor, self.expansion)?;
                Item::Push { value, size: opcode.immediate, fixed: true }
            }
            byte => Item::Byte(byte),
        };
        self.add(item, token.at);
        Ok(())
    }

    fn directive(&mut self, token: Token<'a>, cursor: &mut Cursor<'_, 'a>) -> Result<(), Wrong> {
        let name = token.text.to_ascii_lowercase();
        match name.as_str() {
            ".bytes" => self.list(cursor, |program, cursor| program.bytes(token, cursor)),
            ".string" => self.list(cursor, |program, cursor| program.string(token, cursor)),
            ".label" => {
                let name = cursor.need_name("the label's name")?;
                let symbol = self.name(name, true)?;
                self.add(Item::Label { symbol, jumpdest: false }, token.at);
                Ok(())
            }
            ".const" => {
                let name = cursor.need_name("the constant's name")?;
                cursor.need_sign("=")?;
                let value = self.pool.parse(cursor, self.expansion)?;
                let symbol = self.name(name, false)?;
                self.add(Item::Const { symbol, value }, token.at);
                Ok(())
            }
            ".fill" => {
                let count = self.pool.parse(cursor, self.expansion)?;
                let byte = match cursor.take_sign(",") {
                    true => Some(self.pool.parse(cursor, self.expansion)?),
                    false => None,
                };
                self.add(Item::Fill { count, byte }, token.at);
                Ok(())
            }
            ".origin" => {
                self.add(Item::Origin, token.at);
                Ok(())
            }
            ".end" => Err((token.at, "no macro is open that .end could end".into())),
            ".macro" => {
                Err((token.at, ".macro must be the first word of its line, outside of macros".into()))
            }
            _ => match name.strip_prefix(".bytes").map(str::parse) {
                Some(Ok(width @ 1..=32)) => self.list(cursor, |program, cursor| {
                    let value = program.pool.parse(cursor, program.expansion)?;
                    program.add(Item::Number { value, width }, token.at);
                    Ok(())
                }),
                Some(_) => Err((token.at, format!("{}: a number has 1 to 32 bytes", token.shown()))),
                None => {
                    let like = mnemonic::nearest(&name, DIRECTIVES.into_iter());
                    let hint = like.map_or(String::new(), |like| format!("; did you mean {like}?"));
                    Err((token.at, format!("{} is no directive{hint}", token.shown())))
                }
            },
        }
    }

    /// One or more parts with commas between them.
    fn list(
        &mut self,
        cursor: &mut Cursor<'_, 'a>,
        mut part: impl FnMut(&mut Self, &mut Cursor<'_, 'a>) -> Result<(), Wrong>,
    ) -> Result<(), Wrong> {
        part(self, cursor)?;
        let starts_statement =
            |token: &Token| matches!(token.kind, Kind::Word | Kind::Directive) || token.is("%");
        while cursor.peek().is_some_and(|token| !starts_statement(&token)) {
            cursor.need_sign(",")?;
            part(self, cursor)?;
        }
        Ok(())
    }

    /// Text or hexadecimal digits as they are written, else a number that is one byte.
    fn bytes(&mut self, token: Token<'a>, cursor: &mut Cursor<'_, 'a>) -> Result<(), Wrong> {
        let literal = cursor.peek().and_then(|part| match part.kind {
            Kind::Text => Some((part, data::text_bytes(part.text))),
            Kind::Number => data::hex_bytes(part.text).map(|bytes| (part, bytes)),
            _ => None,
        });
        let Some((part, bytes)) = literal else {
            let value = self.pool.parse(cursor, self.expansion)?;
            self.add(Item::Number { value, width: 1 }, token.at);
            return Ok(());
        };
        cursor.take();
        if let Some(sign) = cursor.peek().filter(|next| !next.is(",")) {
            let message =
                format!("a comma was expected, not {}: parentheses make it an expression", sign.shown());
            return Err((sign.at, message));
        }
        self.add_data(token, &bytes.map_err(|message| (part.at, message))?)
    }

    fn string(&mut self, token: Token<'a>, cursor: &mut Cursor<'_, 'a>) -> Result<(), Wrong> {
        match cursor.peek() {
            Some(part) if part.kind == Kind::Text => {
                cursor.take();
                let bytes = data::text_bytes(part.text).map_err(|message| (part.at, message))?;
                self.add_data(token, &bytes)
            }
            _ => Err(cursor.expected("a text in quotes")),
        }
    }

    fn add_data(&mut self, token: Token<'a>, bytes: &[u8]) -> Result<(), Wrong> {
        if self.data.len() + bytes.len() > LARGEST_CODE {
            return Err((token.at, format!("the data is more than {LARGEST_CODE} bytes")));
        }
        let start = self.data.len() as u32;
        self.data.extend_from_slice(bytes);
        self.add(Item::Data { start, end: self.data.len() as u32 }, token.at);
        Ok(())
    }
}

/// The name of a PUSH of a size.
pub fn push_name(size: usize) -> String {
    format!("PUSH{size}")
}

/// Why a value is no byte count of `.fill`.
pub fn fill_count(value: Int) -> Result<usize, String> {
    value.up_to(LARGEST_CODE).ok_or_else(|| format!("a count from 0 to {LARGEST_CODE} was expected"))
}
