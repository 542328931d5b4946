//! Bytes of texts and numbers as they are written.

use super::int::Int;
use crate::U256;

/// The bytes of a text between quotes, with its escapes: `\n \r \t \0 \\ \" \' \xHH \u{H...}`.
pub fn text_bytes(text: &str) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        bytes.extend_from_slice(&rest.as_bytes()[..at]);
        rest = escape(&rest[at + 1..], &mut bytes)?;
    }
    bytes.extend_from_slice(rest.as_bytes());
    Ok(bytes)
}

/// Adds what the escape that `rest` begins with stands for; gives what follows it.
fn escape<'a>(rest: &'a str, bytes: &mut Vec<u8>) -> Result<&'a str, String> {
    let wrong = || "escapes are \\n \\r \\t \\0 \\\\ \\\" \\' \\xHH and \\u{H}".to_string();
    let mut chars = rest.chars();
    let plain = match chars.next().ok_or_else(wrong)? {
        'n' => b'\n',
        'r' => b'\r',
        't' => b'\t',
        '0' => 0,
        c @ ('\\' | '"' | '\'') => c as u8,
        'x' => {
            let digits = chars.as_str().get(..2).ok_or_else(wrong)?;
            bytes.extend(hex::decode(digits).map_err(|_| wrong())?);
            return Ok(&chars.as_str()[2..]);
        }
        'u' => {
            let inner = chars.as_str().strip_prefix('{').ok_or_else(wrong)?;
            let (digits, after) = inner.split_once('}').ok_or_else(wrong)?;
            let all_hex = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_hexdigit());
            let code = if all_hex { u32::from_str_radix(digits, 16).ok() } else { None };
            let c = code.and_then(char::from_u32).ok_or_else(wrong)?;
            bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
            return Ok(after);
        }
        _ => return Err(wrong()),
    };
    bytes.push(plain);
    Ok(chars.as_str())
}

/// The number that up to 32 bytes are, the first the highest.
pub fn number_of(bytes: &[u8]) -> Option<Int> {
    (bytes.len() <= 32).then(|| Int::from(U256::from_big_endian(bytes)))
}

/// Digits and radix of a number.
fn digits(text: &str) -> (&str, u32) {
    let prefix = |letters: [&str; 2]| letters.into_iter().find_map(|letter| text.strip_prefix(letter));
    if let Some(digits) = prefix(["0x", "0X"]) {
        (digits, 16)
    } else if let Some(digits) = prefix(["0b", "0B"]) {
        (digits, 2)
    } else {
        (text, 10)
    }
}

/// A number as written: `12`, `0x0c`, `0b1100`.
pub fn number(text: &str) -> Result<Int, String> {
    let (digits, radix) = digits(text);
    let mut value = U256::zero();
    let mut any = false;
    for c in digits.chars().filter(|c| *c != '_') {
        let digit = c.to_digit(radix).ok_or_else(|| {
            let kind = match radix {
                16 => "hexadecimal (0-9, a-f)",
                2 => "binary (0, 1)",
                _ => "decimal (hexadecimal starts with 0x)",
            };
            format!("{c:?} is no digit of a number that is {kind}")
        })?;
        let shifted = value.checked_mul(U256::from(radix));
        value =
            shifted.and_then(|v| v.checked_add(digit.into())).ok_or("the number has more than 256 bits")?;
        any = true;
    }
    if any { Ok(Int::from(value)) } else { Err("digits were expected".into()) }
}

/// The bytes of a hexadecimal number as written, leading zeros and all; nothing if it is not hexadecimal.
pub fn hex_bytes(text: &str) -> Option<Result<Vec<u8>, String>> {
    let (digits, 16) = digits(text) else { return None };
    let digits: String = digits.chars().filter(|c| *c != '_').collect();
    Some(hex::decode(&digits).map_err(|error| match error {
        hex::FromHexError::OddLength => format!("{} digits: bytes have two digits each", digits.len()),
        _ => "0x and pairs of hexadecimal digits were expected".into(),
    }))
}
