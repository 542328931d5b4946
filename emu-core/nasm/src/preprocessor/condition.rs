//! Conditional assembly (NASM manual, section 4.4).

use super::single::text_of;
use super::token::{Kind, Word, split, trimmed};
use super::{Facts, Preprocessor};
use crate::expression::Parser;
use crate::lexer;
use crate::preprocessor::token::joined;

/// Where a condition stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum State {
    /// Its lines are read.
    Yes,
    /// No branch was taken yet.
    NotYet,
    /// A branch was taken before.
    Done,
    /// The whole of it is left out.
    Never,
}

impl Preprocessor<'_> {
    /// True if lines are read, not left out.
    pub(super) fn emitting(&self) -> bool {
        self.frames.last().and_then(|f| f.conditions.last()).is_none_or(|state| *state == State::Yes)
    }

    /// Handles `%if...`, `%elif...`, `%else` and `%endif`; false if `name` is none of them.
    pub(super) fn conditional(&mut self, name: &str, rest: &[Word], scope: &dyn Facts) -> bool {
        if let Some(test) = name.strip_prefix("if") {
            let state = if !self.emitting() {
                State::Never
            } else if self.holds(test, rest, scope) {
                State::Yes
            } else {
                State::NotYet
            };
            if let Some(frame) = self.frames.last_mut() {
                frame.conditions.push(state);
            }
            return true;
        }
        let test = name.strip_prefix("elif");
        if test.is_none() && name != "else" && name != "endif" {
            return false;
        }
        let Some(state) = self.frames.last_mut().and_then(|f| f.conditions.pop()) else {
            self.error(format!("`%{name}` belongs to no `%if`"));
            return true;
        };
        let next = match (state, test) {
            _ if name == "endif" => return true,
            (State::Yes | State::Done, _) => State::Done,
            (State::Never, _) => State::Never,
            (State::NotYet, None) => State::Yes,
            (State::NotYet, Some(test)) if self.holds(test, rest, scope) => State::Yes,
            (State::NotYet, _) => State::NotYet,
        };
        if let Some(frame) = self.frames.last_mut() {
            frame.conditions.push(next);
        }
        true
    }

    /// True if the condition holds; `test` is what follows `if` in the directive's name.
    fn holds(&mut self, test: &str, rest: &[Word], scope: &dyn Facts) -> bool {
        match self.test(test, rest, scope) {
            Some(value) => value,
            None => match test.strip_prefix('n').and_then(|test| self.test(test, rest, scope)) {
                Some(value) => !value,
                None => {
                    self.error(format!("there is no condition `%if{test}`"));
                    false
                }
            },
        }
    }

    /// None if there is no such test.
    fn test(&mut self, test: &str, rest: &[Word], scope: &dyn Facts) -> Option<bool> {
        let rest = trimmed(rest);
        Some(match test {
            "" => {
                let value = self.expand(rest, scope).and_then(|line| self.number(&line, scope));
                value.is_some_and(|value| value != 0)
            }
            "def" => rest.iter().filter(|w| w.kind != Kind::Space).any(|w| {
                let name = self.local_name(w, scope);
                self.single.is_defined(&name)
            }),
            "macro" => self.names_macro(rest),
            "ctx" => {
                let wanted = joined(rest);
                self.contexts.last().is_some_and(|(name, _)| *name == wanted)
            }
            "env" => false,
            "idn" | "idni" => self.identical(rest, test == "idni", scope),
            "id" | "num" | "str" | "token" | "empty" => {
                let line = self.expand(rest, scope).unwrap_or_default();
                is_kind(test, trimmed(&line))
            }
            _ => return None,
        })
    }

    /// `name`, or `name` and a number of parameters.
    fn names_macro(&mut self, rest: &[Word]) -> bool {
        let Ok(wanted) = super::multi::declaration(&with_count(rest), true) else { return false };
        let list = self.multi.get(&wanted.name.to_ascii_lowercase());
        let any = rest.len() < 2;
        list.is_some_and(|list| {
            list.iter().any(|m| {
                let named = !m.exact || m.name == wanted.name;
                let least = m.most.is_none_or(|most| m.greedy || wanted.least <= most);
                let most = wanted.most.is_none_or(|most| most >= m.least);
                named && (any || (least && most))
            })
        })
    }

    fn identical(&mut self, rest: &[Word], any_case: bool, scope: &dyn Facts) -> bool {
        let line = self.expand(rest, scope).unwrap_or_default();
        let parts = split(&line, &[("{", "}")]);
        let [first, second] = &parts[..] else {
            self.error("`%ifidn` compares two texts with a comma between them");
            return false;
        };
        let plain = |words: &[Word]| -> Vec<Vec<u8>> {
            let bare = match trimmed(words) {
                [open, inner @ .., close] if open.is("{") && close.is("}") => inner,
                words => words,
            };
            bare.iter()
                .filter(|w| w.kind != Kind::Space)
                .map(|w| text_of(w).unwrap_or_else(|| w.text.clone().into_bytes()))
                .map(|text| if any_case { text.to_ascii_lowercase() } else { text })
                .collect()
        };
        plain(first) == plain(second)
    }

    /// The value of an expression in a directive.
    pub(super) fn number(&mut self, line: &[Word], scope: &dyn Facts) -> Option<i64> {
        let made = self.finish(trimmed(line));
        let tokens = lexer::tokens(&made.text);
        let mut parser = Parser::new(&tokens, made.text.len(), scope);
        match parser.constant().and_then(|value| parser.finish().map(|()| value)) {
            Ok(value) => Some(value),
            Err(wrong) => {
                self.column = made.column(wrong.at);
                self.error(wrong.message);
                None
            }
        }
    }
}

fn with_count(rest: &[Word]) -> Vec<Word> {
    let mut line = rest.to_vec();
    if rest.len() < 2 {
        line.extend([Word::new(Kind::Space, " ", 1), Word::new(Kind::Number, "0", 1)]);
    }
    line
}

fn is_kind(test: &str, line: &[Word]) -> bool {
    match (test, line) {
        ("empty", line) => line.is_empty(),
        ("token", [_]) => true,
        ("id", [word]) => word.kind == Kind::Name && !word.text.starts_with('$'),
        ("str", [word]) => word.kind == Kind::Text,
        ("num", [word]) => word.kind == Kind::Number,
        ("num", [sign, rest @ ..]) if sign.is("-") || sign.is("+") => {
            matches!(trimmed(rest), [word] if word.kind == Kind::Number)
        }
        _ => false,
    }
}
