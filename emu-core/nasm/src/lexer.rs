//! Tokens of a preprocessed line: numbers, strings, names, signs (NASM manual, section 3.4).

use crate::float;

/// What a token is.
#[derive(Clone, PartialEq, Debug)]
pub enum Kind {
    /// A name or keyword; true if a `$` in front says that it is a name.
    Name(bool),
    /// An integer, modulo 2^64.
    Number(u64),
    /// A floating-point number, as written.
    Float,
    /// A string with escapes replaced.
    Text(Vec<u8>),
    /// An operator or separator.
    Sign,
    /// Something that is no token; the message says why.
    Bad(&'static str),
}

/// A token and where it is.
#[derive(Clone, PartialEq, Debug)]
pub struct Token {
    /// What it is.
    pub kind: Kind,
    /// Its characters; of a name without the leading `$`.
    pub text: String,
    /// Place of its first byte in the line.
    pub at: usize,
}

impl Token {
    /// True for this operator or separator.
    pub fn is(&self, sign: &str) -> bool {
        self.kind == Kind::Sign && self.text == sign
    }

    /// The name in lower case, if it could be a keyword.
    pub fn keyword(&self) -> Option<String> {
        (self.kind == Kind::Name(false)).then(|| self.text.to_ascii_lowercase())
    }
}

/// True for what a name may begin with.
pub fn starts_name(c: char) -> bool {
    c.is_ascii_alphabetic() || matches!(c, '_' | '.' | '?' | '@') || !c.is_ascii()
}

/// True for what a name may go on with.
pub fn continues_name(c: char) -> bool {
    starts_name(c) || c.is_ascii_digit() || matches!(c, '$' | '#' | '~')
}

/// Signs of several characters, longest first.
const SIGNS: [&str; 17] =
    ["<<<", ">>>", "<=>", "<<", ">>", "//", "%%", "<=", ">=", "<>", "!=", "==", "&&", "||", "^^", "$$", "::"];

/// Takes a line apart. A `;` outside strings ends it.
pub fn tokens(line: &str) -> Vec<Token> {
    let mut found = Vec::new();
    let mut rest = line;
    loop {
        rest = rest.trim_start();
        let at = line.len() - rest.len();
        let Some(first) = rest.chars().next() else { return found };
        if first == ';' {
            return found;
        }
        let (kind, text, length) = token(rest, first);
        found.push(Token { kind, text, at });
        rest = &rest[length..];
    }
}

fn token(rest: &str, first: char) -> (Kind, String, usize) {
    if matches!(first, '\'' | '"' | '`') {
        let length = string_length(rest);
        return (text_kind(&rest[..length]), rest[..length].into(), length);
    }
    let second = rest[first.len_utf8()..].chars().next().unwrap_or(' ');
    if first.is_ascii_digit() || (first == '$' && second.is_ascii_digit()) {
        let length = number_length(rest);
        let text = &rest[..length];
        return (number_kind(text), text.into(), length);
    }
    if starts_name(first) || (first == '$' && starts_name(second)) {
        let escaped = first == '$';
        let skip = usize::from(escaped);
        let name: String = rest[skip..].chars().take_while(|c| continues_name(*c)).collect();
        let length = name.len() + skip;
        return (Kind::Name(escaped), name, length);
    }
    if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
        return (Kind::Sign, (*sign).into(), sign.len());
    }
    (Kind::Sign, first.into(), first.len_utf8())
}

/// Bytes of the string at the start of `rest`, with its quotes; to the end of the line if it is not closed.
pub fn string_length(rest: &str) -> usize {
    let mut chars = rest.char_indices();
    let Some((_, quote)) = chars.next() else { return 0 };
    let mut escaped = false;
    for (at, c) in chars {
        if escaped {
            escaped = false;
        } else if quote == '`' && c == '\\' {
            escaped = true;
        } else if c == quote {
            return at + 1;
        }
    }
    rest.len()
}

fn text_kind(quoted: &str) -> Kind {
    let quote = quoted.as_bytes()[0];
    if quoted.len() < 2 || quoted.as_bytes()[quoted.len() - 1] != quote || string_length(quoted) != quoted.len() {
        return Kind::Bad("the string has no closing quote on its line");
    }
    Kind::Text(unquote(quoted))
}

/// Bytes of a quoted string.
pub fn unquote(quoted: &str) -> Vec<u8> {
    let inner = quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or("");
    if quoted.starts_with('`') { unescape(inner) } else { inner.as_bytes().to_vec() }
}

/// Replaces C's escapes, as a backquoted string has them.
fn unescape(inner: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = inner;
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        let Some(escape) = rest.chars().next().filter(|_| c == '\\') else {
            push_char(&mut out, c);
            continue;
        };
        rest = &rest[escape.len_utf8()..];
        let (most, radix) = match escape {
            'x' => (2, 16),
            'u' => (4, 16),
            'U' => (8, 16),
            '0'..='7' => (2, 8),
            _ => {
                push_char(&mut out, simple_escape(escape));
                continue;
            }
        };
        let count = rest.chars().take(most).take_while(|c| c.is_digit(radix)).count();
        let mut value = u32::from_str_radix(&rest[..count], radix).unwrap_or(0);
        rest = &rest[count..];
        if let Some(first) = escape.to_digit(8) {
            value += first << (3 * count);
        }
        match escape {
            'u' | 'U' => push_char(&mut out, char::from_u32(value).unwrap_or('\u{FFFD}')),
            'x' if count == 0 => out.push(b'x'),
            _ => out.push(value as u8),
        }
    }
    out
}

fn push_char(out: &mut Vec<u8>, c: char) {
    out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
}

fn simple_escape(c: char) -> char {
    match c {
        'a' => '\x07',
        'b' => '\x08',
        't' => '\t',
        'n' => '\n',
        'v' => '\x0B',
        'f' => '\x0C',
        'r' => '\r',
        'e' => '\x1B',
        other => other,
    }
}

/// Bytes of the number at the start of `rest`: digits, letters, points, and the sign of an exponent.
pub fn number_length(rest: &str) -> usize {
    let lower = rest.as_bytes();
    let hexadecimal = matches!(lower.get(..2), Some([b'0', b'x' | b'X' | b'h' | b'H'])) || rest.starts_with('$');
    let mut length = usize::from(rest.starts_with('$'));
    let mut plain = true;
    while let Some(&byte) = lower.get(length) {
        let exponent = if hexadecimal { matches!(byte, b'p' | b'P') } else { plain && matches!(byte, b'e' | b'E') };
        if exponent && matches!(lower.get(length + 1), Some(b'+' | b'-')) {
            length += 2;
        } else if byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.') {
            length += 1;
        } else {
            break;
        }
        plain &= byte.is_ascii_digit() || matches!(byte, b'_' | b'.');
    }
    length
}

fn number_kind(text: &str) -> Kind {
    if let Some(value) = integer(text) {
        return Kind::Number(value);
    }
    if float::is_number(text) { Kind::Float } else { Kind::Bad("this is no number: digits do not fit its base") }
}

/// Value of an integer in any of NASM's notations, modulo 2^64.
pub fn integer(text: &str) -> Option<u64> {
    let lower = text.to_ascii_lowercase();
    let (digits, radix) = notation(&lower)?;
    let mut value = 0u64;
    let mut any = false;
    for c in digits.chars().filter(|c| *c != '_') {
        value = value.wrapping_mul(radix as u64).wrapping_add(c.to_digit(radix)? as u64);
        any = true;
    }
    any.then_some(value)
}

/// Digits and base of a number: by `$` or `0x` in front or a letter behind.
fn notation(text: &str) -> Option<(&str, u32)> {
    let radix = |letter: u8| match letter {
        b'x' | b'h' => Some(16),
        b'd' | b't' => Some(10),
        b'o' | b'q' => Some(8),
        b'b' | b'y' => Some(2),
        _ => None,
    };
    if let Some(digits) = text.strip_prefix('$') {
        return Some((digits, 16));
    }
    let bytes = text.as_bytes();
    let last = *bytes.last()?;
    // `0b1h` is hexadecimal: the letter behind has the last word where what is before it are its digits.
    if last == b'h' || last == b'x' {
        return Some((&text[..text.len() - 1], 16));
    }
    if bytes.len() > 2 && bytes[0] == b'0' && let Some(base) = radix(bytes[1]) {
        return Some((&text[2..], base));
    }
    match radix(last) {
        Some(base) => Some((&text[..text.len() - 1], base)),
        None => Some((text, 10)),
    }
}

/// A string used as a number: its first eight bytes, the first one lowest.
pub fn text_value(bytes: &[u8]) -> u64 {
    bytes.iter().take(8).rev().fold(0, |value, byte| value << 8 | *byte as u64)
}
