//! Data: DB and its like, RESB and its like (NASM manual, section 3.2).

use crate::encode::Emission;
use crate::expression::{Parser, Segment, Wrong};
use crate::float::{self, Format};
use crate::lexer::{Kind, Token};
use crate::operand;
use crate::LARGEST_OUTPUT;

/// Lists within lists, at most.
const DEEPEST: u32 = 20;

/// Bytes of an item of a data statement, and whether it only reserves.
pub fn statement(name: &str) -> Option<(u32, bool)> {
    let (stem, reserve) = match name.strip_prefix("res") {
        Some(stem) => (stem, true),
        None => (name.strip_prefix('d')?, false),
    };
    let size = match stem {
        "b" => 1,
        "w" => 2,
        "d" => 4,
        "q" => 8,
        "t" => 10,
        "o" | "dq" => 16,
        _ => return None,
    };
    (stem != "dq" || !reserve).then_some((size, reserve))
}

/// Reads the operands of a data statement whose items have `size` bytes.
///
/// # Errors
/// What is no data.
pub fn define(parser: &mut Parser, size: u32, own: Option<Segment>) -> Result<Emission, Wrong> {
    let mut out = Emission::default();
    list(parser, size, own, &mut out, 0)?;
    parser.finish()?;
    Ok(out)
}

fn list(parser: &mut Parser, size: u32, own: Option<Segment>, out: &mut Emission, depth: u32) -> Result<(), Wrong> {
    loop {
        if depth == 0 && parser.at_end() {
            // A comma at the end is allowed.
            return Ok(());
        }
        item(parser, size, own, out, depth)?;
        if out.bytes.len() as u64 > LARGEST_OUTPUT {
            return Err(Wrong::new(parser.place(), format!("more than {LARGEST_OUTPUT} bytes of data")));
        }
        if !parser.take_sign(",") {
            return Ok(());
        }
    }
}

fn item(parser: &mut Parser, size: u32, own: Option<Segment>, out: &mut Emission, depth: u32) -> Result<(), Wrong> {
    if depth > DEEPEST {
        return Err(Wrong::new(parser.place(), "too many lists in one another"));
    }
    let ends = |t: Option<&Token>| t.is_none_or(|t| t.is(",") || t.is(")"));
    let Some(token) = parser.peek() else { return Err(parser.expected("a value")) };
    if token.is("?") {
        parser.take();
        out.bytes.resize(out.bytes.len() + size as usize, 0);
        return Ok(());
    }
    if let Kind::Text(bytes) = &token.kind
        && ends(parser.peek_second())
    {
        parser.take();
        out.bytes.extend_from_slice(bytes);
        let whole = out.bytes.len() - bytes.len() + bytes.len().next_multiple_of(size as usize);
        out.bytes.resize(whole, 0);
        return Ok(());
    }
    if token.is("%") && parser.peek_second().is_some_and(|t| t.is("(")) {
        parser.take();
        parser.take();
        return group(parser, size, own, out, depth);
    }
    if let Some(text) = wide_text(parser)? {
        out.bytes.extend_from_slice(&text);
        let whole = out.bytes.len() - text.len() + text.len().next_multiple_of(size as usize);
        out.bytes.resize(whole, 0);
        return Ok(());
    }
    if let Some(()) = floating(parser, size, out)? {
        return Ok(());
    }
    let at = parser.place();
    let value = parser.expression()?;
    if parser.take_keyword("dup") {
        if !value.is_simple() {
            return Err(Wrong::new(at, "how often data is repeated must be a number known before this line"));
        }
        return repeat(parser, size, own, out, depth, value.number, at);
    }
    if size > 8 {
        return Err(Wrong::new(at, "an item of this size is a floating-point number or a string: use dq for integers"));
    }
    let amount = operand::amount(&value, at, own)?;
    out.number(size as u8, amount, at);
    Ok(())
}

fn group(parser: &mut Parser, size: u32, own: Option<Segment>, out: &mut Emission, depth: u32) -> Result<(), Wrong> {
    list(parser, size, own, out, depth + 1)?;
    if parser.take_sign(")") { Ok(()) } else { Err(parser.expected("`,` or `)`")) }
}

fn repeat(
    parser: &mut Parser,
    size: u32,
    own: Option<Segment>,
    out: &mut Emission,
    depth: u32,
    count: i64,
    at: usize,
) -> Result<(), Wrong> {
    let mut once = Emission::default();
    parser.take_sign("%");
    if parser.take_sign("(") {
        group(parser, size, own, &mut once, depth)?;
    } else {
        item(parser, size, own, &mut once, depth + 1)?;
    }
    let count = u64::try_from(count).map_err(|_| Wrong::new(at, "data cannot be repeated less than 0 times"))?;
    let more = count.checked_mul(once.bytes.len() as u64 + once.fixups.len() as u64);
    if more.is_none_or(|more| more > LARGEST_OUTPUT) || out.bytes.len() as u64 > LARGEST_OUTPUT {
        return Err(Wrong::new(at, format!("more than {LARGEST_OUTPUT} bytes of data")));
    }
    out.warnings.append(&mut once.warnings);
    if once.bytes.is_empty() {
        return Ok(());
    }
    for _ in 0..count {
        let start = out.bytes.len();
        out.fixups.extend(once.fixups.iter().map(|f| crate::encode::Fixup { at: f.at + start, ..*f }));
        out.bytes.extend_from_slice(&once.bytes);
    }
    Ok(())
}

/// `__utf16__('text')` and `__utf32__('text')`, with the order of bytes `le` or `be` behind.
fn wide_text(parser: &mut Parser) -> Result<Option<Vec<u8>>, Wrong> {
    let Some(name) = parser.peek().and_then(Token::keyword) else { return Ok(None) };
    let inner = name.trim_matches('_').trim_matches('?');
    let (wide, big) = match inner {
        "utf16" | "utf16le" => (false, false),
        "utf16be" => (false, true),
        "utf32" | "utf32le" => (true, false),
        "utf32be" => (true, true),
        _ => return Ok(None),
    };
    if !name.starts_with("__") {
        return Ok(None);
    }
    parser.take();
    let open = parser.take_sign("(");
    let Some(Kind::Text(bytes)) = parser.take().map(|t| &t.kind) else { return Err(parser.expected("a string")) };
    if open && !parser.take_sign(")") {
        return Err(parser.expected("`)`"));
    }
    let text = String::from_utf8_lossy(bytes);
    let mut out = Vec::new();
    if wide {
        for c in text.chars() {
            out.extend(if big { (c as u32).to_be_bytes() } else { (c as u32).to_le_bytes() });
        }
    } else {
        for unit in text.encode_utf16() {
            out.extend(if big { unit.to_be_bytes() } else { unit.to_le_bytes() });
        }
    }
    Ok(Some(out))
}

/// A floating-point number with its sign.
fn floating(parser: &mut Parser, size: u32, out: &mut Emission) -> Result<Option<()>, Wrong> {
    let start = parser.position();
    let negative = parser.take_sign("-");
    if !negative {
        parser.take_sign("+");
    }
    let token = parser.peek();
    let is = token.is_some_and(|t| t.kind == Kind::Float || float::is_special(&t.text));
    let Some(token) = token.filter(|_| is) else {
        parser.back_to(start);
        return Ok(None);
    };
    let format = Format::of_bytes(size)
        .ok_or_else(|| Wrong::new(token.at, "floating-point numbers are for dw, dd, dq and dt"))?;
    let bits = float::encode(&token.text, negative, format)
        .ok_or_else(|| Wrong::new(token.at, "the number is too large for this format"))?;
    parser.take();
    out.bytes.extend_from_slice(&bits.to_le_bytes()[..(size as usize).min(16)]);
    Ok(Some(()))
}
