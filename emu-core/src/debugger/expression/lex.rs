//! Words, numbers and operators of an expression.

use super::ExpressionError;

/// A token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Token {
    /// In lower case.
    Name(String),
    Number(u32),
    Symbol(&'static str),
    End,
}

/// Longer ones first.
const SYMBOLS: [&str; 24] = [
    "||", "&&", "==", "!=", "<=", ">=", "<<", ">>", "|", "^", "&", "<", ">", "+", "-", "*", "/", "%", "!",
    "~", "(", ")", "[", "]",
];

/// All tokens with their columns; the last is [`Token::End`].
pub fn tokens(text: &str) -> Result<Vec<(Token, usize)>, ExpressionError> {
    let chars: Vec<char> = text.chars().collect();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(&c) = chars.get(at) {
        let rest = &chars[at..];
        let (token, len) = match c {
            c if c.is_whitespace() => {
                at += 1;
                continue;
            }
            '0'..='9' => number(rest, at)?,
            'a'..='z' | 'A'..='Z' | '_' => {
                let name = word(rest);
                let len = name.len();
                (Token::Name(name.to_ascii_lowercase()), len)
            }
            '\'' => character(rest, at)?,
            ':' => (Token::Symbol(":"), 1),
            _ => match SYMBOLS.iter().find(|s| s.chars().eq(rest.iter().take(s.len()).copied())) {
                Some(symbol) => (Token::Symbol(symbol), symbol.len()),
                None => return ExpressionError::at(at, format!("{c:?} means nothing here")),
            },
        };
        found.push((token, at));
        at += len;
    }
    found.push((Token::End, at));
    Ok(found)
}

fn word(rest: &[char]) -> String {
    rest.iter().take_while(|c| c.is_ascii_alphanumeric() || **c == '_').collect()
}

fn number(rest: &[char], at: usize) -> Result<(Token, usize), ExpressionError> {
    let word = word(rest);
    let lower = word.to_ascii_lowercase();
    let (digits, radix) = if let Some(hex) = lower.strip_prefix("0x") {
        (hex, 16)
    } else if let Some(hex) = lower.strip_suffix('h') {
        (hex, 16)
    } else if let Some(binary) = lower.strip_prefix("0b") {
        (binary, 2)
    } else {
        (lower.as_str(), 10)
    };
    if digits.is_empty() || !digits.chars().all(|c| c.is_digit(radix)) {
        return ExpressionError::at(at, format!("{word} is no number"));
    }
    match u32::from_str_radix(digits, radix) {
        Ok(value) => Ok((Token::Number(value), word.len())),
        Err(_) => ExpressionError::at(at, format!("{word} has more than 32 bits")),
    }
}

fn character(rest: &[char], at: usize) -> Result<(Token, usize), ExpressionError> {
    match rest {
        ['\'', c, '\'', ..] if c.is_ascii() => Ok((Token::Number(*c as u32), 3)),
        _ => ExpressionError::at(at, "a character is one of ASCII between two '"),
    }
}
