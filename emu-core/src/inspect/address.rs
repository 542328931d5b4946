//! Addresses as people type them: `ds:1234`, `es:di+4`, `10:c0001000`, `phys a0000`, `esp+8`, `main`, `boot.c:12`.
//!
//! Numbers are hexadecimal, with or without `0x` or `h`. A register stands for its value, a symbol for its address; a word
//! that is a symbol and a number, as `add`, is the symbol: `0xadd` is the number.

use super::Inspector;
use super::Space;
use super::symbols::Symbols;
use crate::x86::eflags;
use crate::x86::regs::seg;
use serde::Serialize;

/// Where an address was understood to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParsedAddress {
    /// Its space.
    pub space: Space,
    /// Its offset there.
    pub offset: u64,
}

/// A text that was not understood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TextError {
    /// Characters before the place at fault.
    pub column: usize,
    /// Characters at fault.
    pub length: usize,
    /// What is wrong, and what would be right.
    pub message: String,
}

/// The longest text.
const LONGEST: usize = 1000;
const GENERAL: [&str; 8] = ["eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi"];

/// A word, number or sign with its place in characters.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Token {
    column: usize,
    text: String,
}

impl Token {
    fn error(&self, message: impl Into<String>) -> TextError {
        TextError { column: self.column, length: self.text.chars().count().max(1), message: message.into() }
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '.' | '$' | '@' | '?')
}

fn tokens(text: &str) -> Result<Vec<Token>, TextError> {
    let mut found: Vec<Token> = Vec::new();
    let mut joins = false;
    for (column, c) in text.chars().enumerate() {
        if c.is_whitespace() {
            joins = false;
            continue;
        }
        let word = is_word(c);
        if !word && !matches!(c, ':' | '+' | '-') {
            let message = format!("{c:?} is no part of an address: try ds:1234, es:di+4 or linear esp");
            return Err(TextError { column, length: 1, message });
        }
        match found.last_mut() {
            Some(last) if word && joins => last.text.push(c),
            _ => found.push(Token { column, text: c.into() }),
        }
        joins = word;
    }
    Ok(found)
}

/// Understands an address by the registers as they are.
///
/// # Errors
/// What is wrong, and where.
pub fn parse_address(
    inspector: Inspector<'_>,
    text: &str,
    symbols: &Symbols,
) -> Result<ParsedAddress, TextError> {
    let end = Token { column: text.chars().count(), text: String::new() };
    if end.column > LONGEST {
        return Err(TextError { column: LONGEST, length: 1, message: "the address is too long".into() });
    }
    if symbols.is_line(text)
        && let Ok(linear) = symbols.place(text)
    {
        return Ok(ParsedAddress { space: Space::Linear, offset: u64::from(linear) });
    }
    let tokens = tokens(text)?;
    let colon = tokens.iter().position(|t| t.text == ":");
    let (space, rest) = match (colon, tokens.first()) {
        (Some(0), Some(first)) => {
            return Err(first.error("a segment register or a selector belongs before the colon"));
        }
        (Some(at), Some(first)) => {
            if at > 1 {
                return Err(tokens[1].error("one segment register or selector belongs before the colon"));
            }
            let space = Space::from_name(&first.text).ok_or_else(|| {
                first.error(format!("{:?} is no segment register and no selector", first.text))
            })?;
            (space, &tokens[2..])
        }
        (None, Some(first)) => match first.text.to_ascii_lowercase().as_str() {
            "linear" | "lin" => (Space::Linear, &tokens[1..]),
            "physical" | "phys" => (Space::Physical, &tokens[1..]),
            _ => (Space::Linear, &tokens[..]),
        },
        (_, None) => return Err(end.error("type an address: ds:1234, es:di+4, phys a0000 or a symbol")),
    };
    let offset = sum(inspector, rest, &end, symbols)?;
    // Offsets and linear addresses wrap; physical ones have 36 bits.
    let mask = if space == Space::Physical { 0xF_FFFF_FFFF } else { 0xFFFF_FFFF };
    Ok(ParsedAddress { space, offset: offset & mask })
}

/// Terms with signs before them.
fn sum(inspector: Inspector<'_>, tokens: &[Token], end: &Token, symbols: &Symbols) -> Result<u64, TextError> {
    let mut value = 0u64;
    let mut sign: Option<&Token> = None;
    let mut expects_term = true;
    for token in tokens {
        match (token.text.as_str(), expects_term) {
            (":", _) => return Err(token.error("one colon is enough")),
            ("+" | "-", false) => (sign, expects_term) = (Some(token), true),
            ("-", true) if sign.is_none() => sign = Some(token),
            ("+" | "-", true) => return Err(token.error("a number, register or symbol belongs here")),
            (_, false) => return Err(token.error("+ or - belongs before this")),
            (_, true) => {
                let one = term(inspector, token, symbols)?;
                let minus = sign.is_some_and(|s| s.text == "-");
                value = if minus { value.wrapping_sub(one) } else { value.wrapping_add(one) };
                expects_term = false;
            }
        }
    }
    if expects_term { Err(end.error("a number, register or symbol belongs here")) } else { Ok(value) }
}

fn term(inspector: Inspector<'_>, token: &Token, symbols: &Symbols) -> Result<u64, TextError> {
    let word = token.text.to_ascii_lowercase();
    if let Some(value) = register(inspector, &word) {
        return Ok(u64::from(value));
    }
    if let Some(address) = symbols.named(&token.text) {
        return Ok(u64::from(address));
    }
    let digits = word.strip_prefix("0x").or(word.strip_suffix('h')).unwrap_or(&word);
    if digits.chars().all(|c| c.is_ascii_hexdigit()) && !digits.is_empty() {
        return u64::from_str_radix(digits, 16).ok().filter(|&v| v < 1 << 36).ok_or_else(|| {
            token.error("the number is too large: physical addresses have 36 bits, others 32")
        });
    }
    Err(token.error(symbols.unknown(&token.text)))
}

/// A register's value by its name.
fn register(inspector: Inspector<'_>, name: &str) -> Option<u32> {
    let st = inspector.state();
    if let Some(n) = GENERAL.iter().position(|&r| r == name) {
        return Some(st.gpr[n]);
    }
    if let Some(n) = GENERAL.iter().position(|&r| &r[1..] == name) {
        return Some(st.gpr[n] & 0xFFFF);
    }
    Some(match name {
        "eip" => st.eip,
        "ip" => st.eip & 0xFFFF,
        "cr2" => st.cr2,
        "cr3" => st.cr3,
        "gdtr" => st.gdtr.base,
        "idtr" => st.idtr.base,
        "ldtr" => st.seg[usize::from(seg::LDTR)].base,
        "tr" => st.seg[usize::from(seg::TR)].base,
        "eflags" => st.flags.get() & eflags::ALL,
        _ => return None,
    })
}
