//! Words of a line as the preprocessor sees them: it puts them together again, so white space counts.

use crate::lexer::{continues_name, number_length, starts_name, string_length};

/// What a word is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// White space.
    Space,
    /// A name.
    Name,
    /// A number.
    Number,
    /// A string with its quotes.
    Text,
    /// `%` and what belongs to it: a directive, a parameter, a local name, `%[...]`, `%{...}`.
    Percent,
    /// Any other character.
    Sign,
}

/// A word and where it stood.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Word {
    /// What it is.
    pub kind: Kind,
    /// Its characters.
    pub text: String,
    /// Character in the source line, from 1.
    pub column: u32,
}

impl Word {
    /// A word at a column.
    pub fn new(kind: Kind, text: impl Into<String>, column: u32) -> Self {
        Self { kind, text: text.into(), column }
    }

    /// True for this sign.
    pub fn is(&self, sign: &str) -> bool {
        self.kind == Kind::Sign && self.text == sign
    }
}

/// Takes a line apart. A comment is left out. `column` is that of the first character, and of all if it does not `run`.
pub fn words(line: &str, column: u32, run: bool) -> Vec<Word> {
    let mut found = Vec::new();
    let mut rest = line;
    let mut at = column;
    while let Some(first) = rest.chars().next() {
        if first == ';' {
            break;
        }
        let (kind, length) = word(rest, first);
        let (text, after) = rest.split_at(length);
        found.push(Word::new(kind, text, at));
        if run {
            at = at.saturating_add(text.chars().count() as u32);
        }
        rest = after;
    }
    found
}

fn word(rest: &str, first: char) -> (Kind, usize) {
    let run = |belongs: fn(char) -> bool| rest.find(|c| !belongs(c)).unwrap_or(rest.len());
    let second = rest[first.len_utf8()..].chars().next().unwrap_or(' ');
    match first {
        _ if first.is_whitespace() => (Kind::Space, run(char::is_whitespace)),
        '\'' | '"' | '`' => (Kind::Text, string_length(rest)),
        '%' => percent(rest),
        '$' if second.is_ascii_digit() => (Kind::Number, number_length(rest)),
        '$' if starts_name(second) => (Kind::Name, 1 + rest[1..].find(|c| !continues_name(c)).unwrap_or(rest.len() - 1)),
        '$' if second == '$' => (Kind::Sign, 2),
        _ if first.is_ascii_digit() => (Kind::Number, number_length(rest).max(1)),
        _ if starts_name(first) => (Kind::Name, run(continues_name)),
        _ => (Kind::Sign, first.len_utf8()),
    }
}

/// The word at a `%`; a `%` alone, or two, are operators.
fn percent(rest: &str) -> (Kind, usize) {
    let inner = &rest[1..];
    let second = inner.chars().next().unwrap_or(' ');
    let name = |from: usize| from + rest[from..].find(|c: char| !continues_name(c)).unwrap_or(rest.len() - from);
    match second {
        '[' | '{' => match closing(inner, second, if second == '[' { ']' } else { '}' }) {
            Some(length) => (Kind::Percent, 1 + length),
            None => (Kind::Sign, 1),
        },
        '%' if inner[1..].starts_with(starts_name) => (Kind::Percent, name(2)),
        '%' => (Kind::Sign, 2),
        '$' => {
            let dollars = inner.bytes().take_while(|b| *b == b'$').count();
            (Kind::Percent, name(1 + dollars))
        }
        '?' => (Kind::Percent, if inner.starts_with("??") { 3 } else { 2 }),
        '+' | '-' if inner[1..].starts_with(|c: char| c.is_ascii_digit()) => (Kind::Percent, digits(rest, 2)),
        '+' => (Kind::Percent, 2),
        '*' if inner.starts_with("*??") => (Kind::Percent, 4),
        '*' if inner.starts_with("*?") => (Kind::Percent, 3),
        '!' => (Kind::Percent, name(2)),
        _ if second.is_ascii_digit() => (Kind::Percent, digits(rest, 1)),
        _ if starts_name(second) => (Kind::Percent, name(1)),
        _ => (Kind::Sign, 1),
    }
}

fn digits(rest: &str, from: usize) -> usize {
    from + rest[from..].bytes().take_while(u8::is_ascii_digit).count()
}

/// Bytes to the bracket that closes the one at the start, strings left aside.
fn closing(text: &str, open: char, close: char) -> Option<usize> {
    let mut depth = 0;
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        if matches!(c, '\'' | '"' | '`') {
            at += string_length(&text[at..]);
            continue;
        }
        at += c.len_utf8();
        if c == open {
            depth += 1;
        } else if c == close {
            depth -= 1;
            if depth == 0 {
                return Some(at);
            }
        }
    }
    None
}

/// The words as text.
pub fn joined(words: &[Word]) -> String {
    words.iter().map(|w| w.text.as_str()).collect()
}

/// The words without white space at both ends.
pub fn trimmed(words: &[Word]) -> &[Word] {
    let start = words.iter().position(|w| w.kind != Kind::Space).unwrap_or(words.len());
    let end = words.iter().rposition(|w| w.kind != Kind::Space).map_or(start, |last| last + 1);
    &words[start..end]
}

/// The parts between commas that are in no bracket of the kinds given.
pub fn split(words: &[Word], brackets: &[(&str, &str)]) -> Vec<Vec<Word>> {
    let mut parts = vec![Vec::new()];
    let mut depth = 0u32;
    for word in words {
        if brackets.iter().any(|(open, _)| word.is(open)) {
            depth += 1;
        } else if brackets.iter().any(|(_, close)| word.is(close)) {
            depth = depth.saturating_sub(1);
        }
        if depth == 0 && word.is(",") {
            parts.push(Vec::new());
        } else if let Some(part) = parts.last_mut() {
            part.push(word.clone());
        }
    }
    parts
}
