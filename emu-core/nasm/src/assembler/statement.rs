//! What one line says: labels, directives, repetitions.

use super::Assembler;
use crate::expression::{Parser, Segment, Value, Wrong};
use crate::instruction::prefix;
use crate::labels::{Defined, Label};
use crate::lexer::{Kind, Token};
use crate::registers::{SEGMENT, register};
use crate::table::TABLE;
use crate::{data, lexer};

impl Assembler {
    /// The current line.
    pub(super) fn statement(&mut self) {
        let line = self.line.clone();
        let tokens = lexer::tokens(&line.text);
        if tokens.is_empty() {
            return;
        }
        if let Err(wrong) = self.read(&tokens, &line.text) {
            self.fail(wrong);
        }
    }

    pub(super) fn read(&mut self, tokens: &[Token], text: &str) -> Result<(), Wrong> {
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
            self.check_label(label, tokens, rest)?;
            self.define(label, self.at.offset, self.at.segment, true)?;
        }
        let Some(first) = rest.first() else { return Ok(()) };
        match first.keyword() {
            Some(word) if self.directive(&word, first, &rest[1..], text)? => Ok(()),
            _ => self.repeated(rest, text.len()),
        }
    }

    /// The label at the start and what follows it.
    pub(super) fn label<'a>(&self, tokens: &'a [Token]) -> (Option<&'a Token>, &'a [Token]) {
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

    /// A name without a colon before what is no statement was meant to be one itself.
    pub(super) fn check_label(&self, label: &Token, tokens: &[Token], rest: &[Token]) -> Result<(), Wrong> {
        let colon = tokens.len() != rest.len() + 1;
        let begins = rest.first().is_none_or(|t| {
            let register = t.keyword().and_then(|k| register(&k)).is_some_and(|r| r.flags & SEGMENT == 0);
            !register && t.keyword().is_some_and(|k| self.is_reserved(&k))
        });
        if colon || begins {
            Ok(())
        } else {
            Err(Wrong::new(label.at, self.unknown_word(&label.text.to_ascii_lowercase())))
        }
    }

    /// True for what begins a statement and so is no label.
    pub(super) fn is_reserved(&self, word: &str) -> bool {
        TABLE.rows(word).is_some()
            || prefix(word).is_some()
            || data::statement(word).is_some()
            || crate::directive::is_directive(word)
            || matches!(word, "times" | "equ" | "incbin")
            || register(word).is_some()
    }

    /// Defines a symbol.
    pub(crate) fn define(
        &mut self,
        name: &Token,
        value: i64,
        segment: Option<Segment>,
        label: bool,
    ) -> Result<(), Wrong> {
        let new =
            Label { value, segment, pass: self.pass, file: self.line.file.clone(), line: self.line.number };
        match self.labels.define(&name.text, new) {
            Defined::Same => {}
            Defined::Changed => self.changes += 1,
            Defined::Twice(line) => {
                return Err(Wrong::new(
                    name.at,
                    format!("`{}` is defined on line {line} already, and differently", name.text),
                ));
            }
        }
        if label {
            self.labels.set_latest(&name.text);
        }
        Ok(())
    }

    pub(super) fn equate(
        &mut self,
        label: &Token,
        word: &Token,
        rest: &[Token],
        end: usize,
    ) -> Result<(), Wrong> {
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
}
