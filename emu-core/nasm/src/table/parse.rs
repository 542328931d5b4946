//! Reads the text of the table.

use std::collections::BTreeMap;

use super::rows_general::{ARITHMETIC, SHIFT};
use super::rows_simd::{MMX_AND_SSE2, SCALAR_AND_PACKED, SHIFTS};
use super::{Ask, Code, Field, Limit, Row};
use crate::registers::*;

type Rows = BTreeMap<String, Vec<Row>>;

/// Names of the conditions, and their numbers.
pub const CONDITIONS: [(&str, u8); 30] = [
    ("o", 0), ("no", 1), ("b", 2), ("c", 2), ("nae", 2), ("ae", 3), ("nb", 3), ("nc", 3), ("e", 4), ("z", 4),
    ("ne", 5), ("nz", 5), ("be", 6), ("na", 6), ("a", 7), ("nbe", 7), ("s", 8), ("ns", 9), ("p", 10), ("pe", 10),
    ("np", 11), ("po", 11), ("l", 12), ("nge", 12), ("ge", 13), ("nl", 13), ("le", 14), ("ng", 14), ("g", 15),
    ("nle", 15),
];

/// A line of the table for one mnemonic.
struct Line<'a> {
    name: String,
    operands: String,
    rest: Vec<&'a str>,
    condition: u8,
}

/// Calls `each` for every row that a line of the table stands for.
fn expand(line: &str, each: &mut dyn FnMut(&Line)) {
    let mut words = line.split_whitespace();
    let (Some(names), Some(operands)) = (words.next(), words.next()) else { return };
    let rest: Vec<&str> = words.collect();
    for name in names.split('/') {
        if let Some(stem) = name.strip_suffix("cc") {
            for (suffix, condition) in CONDITIONS {
                each(&Line { name: format!("{stem}{suffix}"), operands: operands.into(), rest: rest.clone(), condition });
            }
        } else {
            each(&Line { name: name.into(), operands: operands.into(), rest: rest.clone(), condition: 0 });
        }
    }
}

/// The lines of a text, `#` replaced.
fn lines(text: &str) -> impl Iterator<Item = String> {
    text.lines().map(str::trim).filter(|l| !l.is_empty()).flat_map(|line| {
        let sizes: &[&str] = if line.contains('#') { &["16", "32"] } else { &[""] };
        sizes.iter().map(move |size| line.replace('#', size)).collect::<Vec<_>>()
    })
}

/// Adds the rows of a text.
pub fn add_text(rows: &mut Rows, text: &str) {
    for line in lines(text) {
        expand(&line, &mut |line| {
            let row = row(line);
            rows.entry(line.name.clone()).or_default().push(row);
        });
    }
}

/// Mnemonic and operands of the rows of a text.
pub fn forms_of_text(found: &mut Vec<(String, String)>, text: &str) {
    for line in lines(text) {
        expand(&line, &mut |line| found.push((line.name.clone(), line.operands.clone())));
    }
}

/// The texts of families: instructions that differ in a number only.
fn families() -> Vec<String> {
    let mut found = Vec::new();
    for (number, name) in ["add", "or", "adc", "sbb", "and", "sub", "xor", "cmp"].iter().enumerate() {
        let lock = if *name == "cmp" { "" } else { "lock" };
        let mut text = ARITHMETIC.replace("NAME", name).replace("/n", &format!("/{number}")).replace("LOCK", lock);
        for form in 0..6 {
            text = text.replace(&format!("%{form}"), &format!("{:02x}", number * 8 + form));
        }
        found.push(text);
    }
    let shifts =
        [("rol", 0), ("ror", 1), ("rcl", 2), ("rcr", 3), ("shl", 4), ("sal", 4), ("shr", 5), ("sar", 7)];
    for (name, digit) in shifts {
        found.push(SHIFT.replace("NAME", name).replace("/n", &format!("/{digit}")));
    }
    found.extend(simd_families());
    found
}

fn simd_families() -> Vec<String> {
    let mut found = Vec::new();
    let words = |list: &'static str| list.split_whitespace().collect::<Vec<_>>();
    for pair in words(MMX_AND_SSE2).chunks_exact(2) {
        found.push(format!("{0} mm,mmm rm 0f {1} /r q @5\n{0} x,xm rm 66 0f {1} /r o @8", pair[0], pair[1]));
    }
    for group in words(SCALAR_AND_PACKED).chunks_exact(2) {
        let (stem, kinds) = group[0].split_once(':').unwrap_or((group[0], "ps,pd,ss,sd"));
        for kind in kinds.split(',') {
            let (operand, prefix, level) = match kind {
                "ps" => ("xm128", "", 7),
                "pd" => ("xm128", "66", 8),
                "ss" => ("xm32", "f3", 7),
                _ => ("xm64", "f2", 8),
            };
            found.push(scalar_or_packed(stem, kind, group[1], operand, prefix, level));
        }
    }
    for shift in words(SHIFTS).chunks_exact(4) {
        let [name, code, group, digit] = shift else { continue };
        found.push(format!(
            "{name} mm,mmm rm 0f {code} /r q @5\n{name} mm,i mi 0f {group} {digit} ib @5\n\
             {name} x,xm rm 66 0f {code} /r o @8\n{name} x,i mi 66 0f {group} {digit} ib b arg1 @8"
        ));
    }
    found
}

/// The rows of an operation on packed or scalar numbers; comparisons also under the name of each predicate.
fn scalar_or_packed(stem: &str, kind: &str, code: &str, operand: &str, prefix: &str, level: u8) -> String {
    if stem != "cmp" {
        return format!("{stem}{kind} x,{operand} rm {prefix} 0f {code} /r @{level}");
    }
    // NASM takes memory of 16 bytes in CMPSD, of which the processor reads 8.
    let memory = if kind == "sd" { "xm128" } else { operand };
    let mut text = format!("cmp{kind} x,{memory},i8 rmi {prefix} 0f {code} /r ib @{level}\n");
    for (number, name) in ["eq", "lt", "le", "unord", "neq", "nlt", "nle", "ord"].iter().enumerate() {
        text += &format!("cmp{name}{kind} x,{operand} rm {prefix} 0f {code} /r {number:02x} @{level}\n");
    }
    text
}

/// Adds the rows of the families.
pub fn add_families(rows: &mut Rows) {
    for text in families() {
        add_text(rows, &text);
    }
}

/// Mnemonic and operands of the rows of the families.
pub fn forms_of_families(found: &mut Vec<(String, String)>) {
    for text in families() {
        forms_of_text(found, &text);
    }
}

fn row(line: &Line) -> Row {
    let mut row = Row {
        operands: Vec::new(),
        rm: None,
        reg: None,
        code: Vec::new(),
        limit: Limit::None,
        limit_operand: None,
        same_size: None,
        any_size: false,
        lock: false,
        level: 0,
    };
    if line.operands != "-" {
        row.operands = line.operands.split(',').map(ask).collect();
    }
    let mut words = line.rest.iter().copied();
    let roles = if row.operands.is_empty() { "" } else { words.next().unwrap_or("") };
    let mut immediates = Vec::new();
    for (place, role) in roles.bytes().enumerate() {
        let place = place as u8;
        match role {
            b'r' => row.reg = Some(place),
            b'm' => row.rm = Some(place),
            b'b' => (row.reg, row.rm) = (Some(place), Some(place)),
            b'i' => immediates.insert(0, place),
            b'j' => immediates.push(place),
            _ => {}
        }
    }
    for word in words {
        part(&mut row, word, &mut immediates, line.condition);
    }
    if row.operands.iter().any(|o| o.flags & (GENERAL | B32) == GENERAL | B32) || row.code.contains(&Code::OperandSize(32)) {
        row.level = row.level.max(3);
    }
    row
}

/// One word after the roles.
fn part(row: &mut Row, word: &str, immediates: &mut Vec<u8>, condition: u8) {
    if let Some(code) = code(word, immediates, condition) {
        row.code.push(code);
        return;
    }
    match word {
        "same" => row.same_size = Some(row.operands.len()),
        "same2" => row.same_size = Some(2),
        "any" => row.any_size = true,
        "lock" => row.lock = true,
        "b" => row.limit = Limit::Size(B8),
        "w" => row.limit = Limit::Size(B16),
        "d" => row.limit = Limit::Size(B32),
        "q" => row.limit = Limit::Size(B64),
        "o" => row.limit = Limit::Size(B128),
        "mode" => row.limit = Limit::Mode,
        _ => {
            let number = word.bytes().last().map_or(0, |b| b.wrapping_sub(b'0'));
            debug_assert!(word.starts_with("arg") || word.starts_with('@'), "no such word in the table: {word}");
            if word.starts_with("arg") {
                row.limit_operand = Some(number as usize);
            } else {
                row.level = number;
            }
        }
    }
}

fn code(word: &str, immediates: &mut Vec<u8>, condition: u8) -> Option<Code> {
    let mut next = || if immediates.is_empty() { 0 } else { immediates.remove(0) };
    Some(match word {
        "/r" => Code::ModRm(Field::Register),
        "ib" => Code::Imm8(next()),
        "iw" | "i16" => Code::Imm16(next()),
        "id" | "i32" => Code::Imm32(next()),
        "iwd" => Code::ImmWide(next()),
        "offset" => Code::Offset(next()),
        "seg" => Code::SegmentOf(0),
        "rel8" => Code::Rel8(next()),
        "rel" => Code::Rel(next()),
        "o16" => Code::OperandSize(16),
        "o32" => Code::OperandSize(32),
        "a16" => Code::AddressSize(16),
        "a32" => Code::AddressSize(32),
        "wait" => Code::Wait,
        "short?" => Code::IfShort,
        "jlen" => Code::LongJump,
        _ => match (word.strip_prefix('/'), word.get(..2).and_then(|h| u8::from_str_radix(h, 16).ok())) {
            (Some(digit), _) => Code::ModRm(Field::Digit(digit.parse().ok()?)),
            (_, Some(byte)) => match &word[2..] {
                "" => Code::Byte(byte),
                "+r" => Code::PlusRegister(byte),
                "+c" => Code::Byte(byte + condition),
                "^c" => Code::Byte(byte + (condition ^ 1)),
                _ => return None,
            },
            _ => return None,
        },
    })
}

/// What an operand of the table asks for: its name and, after colons, what else it must be.
fn ask(text: &str) -> Ask {
    let mut words = text.split(':');
    let (mut flags, register) = named(words.next().unwrap_or(""));
    for word in words {
        flags |= match word {
            "near" => NEAR,
            "far" => FAR,
            "short" => SHORT,
            "to" => TO,
            _ => COLON,
        };
    }
    Ask { flags, register }
}

fn named(name: &str) -> (Flags, Option<u8>) {
    const SEGMENTS: [&str; 6] = ["es", "cs", "ss", "ds", "fs", "gs"];
    if let Some(number) = SEGMENTS.iter().position(|s| *s == name) {
        return (REGISTER | SEGMENT | B16, Some(number as u8));
    }
    let general = |size| REGISTER | GENERAL | size;
    match name {
        "al" => return (general(B8), Some(0)),
        "cl" => return (general(B8), Some(1)),
        "ax" => return (general(B16), Some(0)),
        "cx" => return (general(B16), Some(1)),
        "dx" => return (general(B16), Some(2)),
        "eax" => return (general(B32), Some(0)),
        "ecx" => return (general(B32), Some(1)),
        "st0" => return (REGISTER | FPU | B80, Some(0)),
        _ => {}
    }
    let stem = name.trim_end_matches(|c: char| c.is_ascii_digit());
    let size = match &name[stem.len()..] {
        "8" => B8,
        "16" => B16,
        "32" => B32,
        "64" => B64,
        "80" => B80,
        "128" => B128,
        _ => 0,
    };
    let kind = match stem {
        "r" => general(0),
        "rn" => general(0) | NOT_EAX,
        "rm" => RM_GENERAL,
        "m" => MEMORY,
        "i" => IMMEDIATE,
        "one" => IMMEDIATE | UNITY,
        "sx" => return (IMMEDIATE | if size == B16 { SIGNED_BYTE_16 } else { SIGNED_BYTE_32 }, None),
        "sized" => return (IMMEDIATE | size | if size == B16 { SIGNED_BYTE_16 } else { SIGNED_BYTE_32 }, None),
        "offs" => MEMORY | MEMORY_OFFSET,
        "sreg" => REGISTER | SEGMENT | B16,
        "cr" => REGISTER | CONTROL | B32,
        "dr" => REGISTER | DEBUG | B32,
        "tr" => REGISTER | TEST | B32,
        "st" => REGISTER | FPU | B80,
        "mm" => REGISTER | MMX | B64,
        "mmm" => RM_MMX,
        "x" => REGISTER | XMM | B128,
        "xm" => RM_XMM,
        _ => {
            debug_assert!(false, "no such operand in the table: {name}");
            0
        }
    };
    (kind | size, None)
}
