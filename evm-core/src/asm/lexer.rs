//! Words and signs of a line.

/// A place in the text.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Place {
    /// Line, from 1.
    pub line: u32,
    /// Character in the line, from 1.
    pub column: u32,
}

/// What a token is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// A name or mnemonic.
    Word,
    /// `.name`, with its dot.
    Directive,
    /// `$name`, without the sign: a macro's parameter.
    Parameter,
    /// A number, as written.
    Number,
    /// A text, without its quotes, escapes as written.
    Text,
    /// A character, likewise.
    Char,
    /// An operator or other sign.
    Sign,
    /// The end of a line in a macro's body.
    LineEnd,
}

/// A token.
#[derive(Clone, Copy, Debug)]
pub struct Token<'a> {
    /// What it is.
    pub kind: Kind,
    /// How it is written.
    pub text: &'a str,
    /// Where it is written.
    pub at: Place,
    /// Whose names it means: 0 for the program's, else 1 + the index of an expansion.
    pub scope: u32,
}

impl Token<'_> {
    /// True for this sign.
    pub fn is(&self, sign: &str) -> bool {
        self.kind == Kind::Sign && self.text == sign
    }

    /// The token as a message shows it.
    pub fn shown(&self) -> String {
        let (before, after) = match self.kind {
            Kind::Text => ("\"", "\""),
            Kind::Char => ("'", "'"),
            Kind::Parameter => ("$", ""),
            Kind::LineEnd => return "the end of the line".into(),
            _ => ("", ""),
        };
        let short: String = self.text.chars().take(32).collect();
        let dots = if short.len() < self.text.len() { "..." } else { "" };
        format!("`{before}{short}{dots}{after}`")
    }
}

/// Signs of two characters come before those they begin with.
const SIGNS: [&str; 17] =
    ["<<", ">>", "(", ")", ",", ":", "=", "+", "-", "*", "/", "%", "&", "|", "^", "~", "@"];

fn is_name_start(c: char) -> bool {
    c.is_ascii_alphabetic() || c == '_'
}

fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// Length of the run of characters from the start of `text` that are part of a name.
fn name_length(text: &str) -> usize {
    text.find(|c| !is_name(c)).unwrap_or(text.len())
}

/// Length of the text before its closing quote; none if there is none.
fn quoted_length(text: &str, quote: char) -> Option<usize> {
    let mut escaped = false;
    text.find(|c| {
        let ends = c == quote && !escaped;
        escaped = c == '\\' && !escaped;
        ends
    })
}

/// Splits a line without its line end. Comments are left out; `error` is told of what is no token.
pub fn tokens<'a>(line: &'a str, number: u32, mut error: impl FnMut(Place, String)) -> Vec<Token<'a>> {
    let mut found = Vec::new();
    let (mut rest, mut column) = (line, 1);
    while let Some(first) = rest.chars().next() {
        let at = Place { line: number, column };
        if first == ';' || rest.starts_with("//") {
            break;
        }
        let (kind, skip, length, after) = match measure(rest, first) {
            Ok(token) => token,
            Err(message) => {
                error(at, message);
                break;
            }
        };
        if let Some(kind) = kind {
            found.push(Token { kind, text: &rest[skip..skip + length], at, scope: 0 });
        }
        let (taken, left) = rest.split_at(skip + length + after);
        column = column.saturating_add(u32::try_from(taken.chars().count()).unwrap_or(u32::MAX));
        rest = left;
    }
    found
}

/// Kind of the token that `rest` begins with (none for a space), bytes before its text, of its text, and behind it.
fn measure(rest: &str, first: char) -> Result<(Option<Kind>, usize, usize, usize), String> {
    let token = |kind, skip, length, after| Ok((Some(kind), skip, length, after));
    if first.is_whitespace() || first == '\u{FEFF}' {
        return Ok((None, 0, first.len_utf8(), 0));
    }
    if is_name_start(first) {
        return token(Kind::Word, 0, name_length(rest), 0);
    }
    if first.is_ascii_digit() {
        return token(Kind::Number, 0, name_length(rest), 0);
    }
    match first {
        '"' | '\'' => {
            let kind = if first == '"' { Kind::Text } else { Kind::Char };
            match quoted_length(&rest[1..], first) {
                Some(length) => token(kind, 1, length, 1),
                None => Err(format!("the closing {first} is missing on this line")),
            }
        }
        '$' => match name_length(&rest[1..]) {
            0 => token(Kind::Sign, 0, 1, 0),
            length => token(Kind::Parameter, 1, length, 0),
        },
        '.' => match name_length(&rest[1..]) {
            0 => Err("a directive's name was expected after the dot, like .bytes".into()),
            length => token(Kind::Directive, 0, 1 + length, 0),
        },
        _ => match SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
            Some(sign) => token(Kind::Sign, 0, sign.len(), 0),
            None => Err(format!("{first:?} means nothing here; remove it, or put it into quotes")),
        },
    }
}
