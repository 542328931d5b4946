//! Texts that mean no good: an error or code, never a panic, and never more than the limits.

use super::*;
use crate::disasm;

/// A generator of numbers that are the same in every run (splitmix64).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }
}

const WORDS: &[&str] = &[
    "ADD",
    "PUSH",
    "PUSH1",
    "PUSH32",
    "JUMP",
    "DUPN",
    "EXCHANGE",
    "a",
    "b",
    "@",
    "@a",
    "a:",
    "b:",
    "$",
    "$a",
    "$b",
    ".bytes",
    ".bytes2",
    ".bytes32",
    ".string",
    ".fill",
    ".const",
    ".label",
    ".origin",
    ".macro",
    ".end",
    "%",
    "%a",
    "%b",
    "%revert",
    "%dispatch",
    "%deploy",
    "%require",
    "(",
    ")",
    ",",
    ":",
    "=",
    "+",
    "-",
    "*",
    "/",
    "<<",
    ">>",
    "&",
    "|",
    "^",
    "~",
    "0",
    "1",
    "7",
    "256",
    "-1",
    "0x",
    "0x00ff",
    "0b1",
    "99999999",
    "\"x\"",
    "\"",
    "'",
    "'c'",
    "\\",
    "\"\\u{110000}\"",
    "\"f(uint256)\"",
    "len(",
    "selector(",
    "codesize()",
    "é",
    "\u{2028}",
    ";",
    "//",
    "\n",
    "\n",
    "\n",
    "\n.macro a b\n",
    "\n.end\n",
    "\n.const a =",
    "\t",
    "\0",
];

/// Words that belong to the language in no order, and mutilated programs.
#[test]
fn random_texts_give_code_or_errors_in_them() {
    let mut random = Random(7843);
    for round in 0..30_000 {
        let length = 1 + random.below(40);
        let mut text = String::new();
        for _ in 0..length {
            text += WORDS[random.below(WORDS.len())];
            text += ["", " ", " "][random.below(3)];
        }
        let fork = Fork::ALL[random.below(Fork::ALL.len())];
        match at(&text, fork) {
            Ok(assembled) => {
                assert!(assembled.code.len() <= LARGEST_CODE);
                assert!(assembled.map.is_sorted_by_key(|source| source.pc));
            }
            Err(errors) => {
                assert!(!errors.is_empty() && errors.len() <= MOST_ERRORS, "{round}");
                let lines = text.lines().count() as u32;
                assert!(errors.iter().all(|e| (1..=lines.max(1)).contains(&e.line)), "{text:?} {errors:?}");
            }
        }
    }
}

#[test]
fn mutilated_programs_give_code_or_errors() {
    let program = ".const A = 1 << 8\n.macro m x, y\nPUSH $x + $y\nl: PUSH @l JUMPI\n.end\n%deploy\n%nonpayable\n\
        %dispatch \"a()\", @a, \"b(uint256)\", @b\n%revert \"no such function\"\na: %m 1, 2\nb: %argument 0\n%m A, (3)\n\
        .bytes 0x0102, \"é\", 'c'\n.bytes2 @a, @b\n.fill A, 7";
    assert!(at(program, Fork::LATEST).is_ok_and(|assembled| assembled.code.len() > 256));
    let mut random = Random(1);
    for _ in 0..10_000 {
        let mut bytes = program.as_bytes().to_vec();
        for _ in 0..1 + random.below(4) {
            let place = random.below(bytes.len());
            match random.below(3) {
                0 => bytes[place] = random.next() as u8,
                1 => drop(bytes.drain(place..(place + random.below(8)).min(bytes.len()))),
                _ => bytes.insert(place, b"()\"'%$@.,:0\n"[random.below(12)]),
            }
        }
        let _ = at(&String::from_utf8_lossy(&bytes), Fork::LATEST);
    }
}

#[test]
fn macros_end() {
    assert_wrong(".macro a\n%a\n.end\n%a", "2:2", "more than 64 deep");
    // Each use doubles: 2^63 in all.
    assert_wrong(".macro a\n%a\n%a\n.end\n%a", "2:2", "deep");
    let mut text = ".macro a0 x\nPUSH $x\n.end\n".to_string();
    for n in 1..40 {
        text += &format!(".macro a{n} x\n%a{} $x + $x\n.end\n", n - 1);
    }
    let errors = at(&(text + "%a39 1"), Fork::LATEST).unwrap_err();
    assert!(errors[0].message.contains("macros stand for more than"), "{errors:?}");
    let mut text = ".macro a0\nADD\n.end\n".to_string();
    for n in 1..40 {
        text += &format!(".macro a{n}\n%a{0}\n%a{0}\n.end\n", n - 1);
    }
    let errors = at(&(text + "%a39"), Fork::LATEST).unwrap_err();
    assert!(errors[0].message.contains("macros stand for more than"), "{errors:?}");
}

#[test]
fn code_and_text_are_bounded() {
    assert_wrong(".fill 1048577", "1:1", "a count from 0 to 1048576");
    assert_wrong(".fill 1048576\nADD", "2:1", "more than 1048576 bytes");
    assert_wrong(".fill 1048576\n.fill 1048576", "2:1", "more than 1048576 bytes");
    assert_eq!(at(".fill 1048575 + 1", Fork::LATEST).unwrap().code.len(), LARGEST_CODE);
    assert_wrong(&" ".repeat(LARGEST_TEXT + 1), "1:1", "bytes");
    assert!(at(&"ADD ".repeat(LARGEST_TEXT / 4), Fork::LATEST).is_ok());
    assert_eq!(wrong(&"?\n".repeat(1000)).len(), MOST_ERRORS);
    assert_wrong(&format!("PUSH {}1", "(".repeat(100_000)), "1:71", "within one another");
    assert_wrong(&format!("PUSH {}1", "-".repeat(100_000)), "1:71", "within one another");
    assert_eq!(code(&format!("PUSH 0{}", "+1".repeat(200_000))), "62030d40");
}

/// Every PUSH grows because the one behind it grew: many passes, and an end.
#[test]
fn sizes_settle_in_bounded_time() {
    let mut text = String::new();
    for n in 0..3000 {
        text += &format!("PUSH (@l{} - @l{n}) << 8 * (@l{} - @l{n} - 1)\nl{n}:\n", n + 1, n + 1);
    }
    text += "l3000: PUSH @l3000";
    let _ = at(&text, Fork::LATEST);
}

/// What disassembles assembles to the same bytes.
#[test]
fn disassembled_code_comes_back() {
    let mut random = Random(8024);
    for round in 0..3000 {
        let length = random.below(if round % 100 == 0 { 3000 } else { 120 });
        let common = [0x5B, 0x56, 0x57, 0x60, 0x61, 0x00, 0xE6, 0xE8, 0xFE, 0x80, 0x5F];
        let mut byte = || match random.below(3) {
            0 => random.next() as u8,
            _ => common[random.below(common.len())],
        };
        let bytes: Vec<u8> = (0..length).map(|_| byte()).collect();
        let fork = Fork::ALL[round % Fork::ALL.len()];
        let text = disasm::text(&bytes, fork);
        let again = at(&text, fork).unwrap_or_else(|errors| panic!("{text}\n{errors:?}"));
        assert_eq!(hex::encode(again.code), hex::encode(&bytes), "{fork:?}\n{text}");
    }
}
