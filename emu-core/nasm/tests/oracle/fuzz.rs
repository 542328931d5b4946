//! Random programs: expressions, jumps over random distances, data. Seeds are fixed; each is one program.

use glassbox_nasm::{Options, assemble};

use crate::nasm::{compare, demand_none};

/// A small generator (xorshift64*).
struct Random(u64);

impl Random {
    fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) % limit
    }

    fn of<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[self.below(list.len() as u64) as usize]
    }
}

fn expression(random: &mut Random, depth: u32) -> String {
    const SIGNS: [&str; 24] = [
        "+", "-", "*", "/", "//", " % ", " %% ", "<<", ">>", ">>>", "&", "|", "^", "&&", "||", "^^", "=", "==", "<", ">",
        "<=", ">=", "<>", "<=>",
    ];
    match if depth == 0 { 0 } else { random.below(6) } {
        0 | 1 => match random.below(7) {
            0 => format!("{}", random.below(300)),
            1 => format!("0x{:x}", random.below(1 << 31)),
            2 => format!("{:b}b", random.below(64)),
            3 => random.of(&["'a'", "'ab'", "`\\n`", "\"wxyz\"", "1_000", "0q17", "$1f", "0ffh", "5d"]).into(),
            4 => "($-$$)".into(),
            5 => "(here-first)".into(),
            _ => "seven".into(),
        },
        2 => format!("{}({})", random.of(&["-", "~", "!", "+"]), expression(random, depth - 1)),
        3 => format!("({})", expression(random, depth - 1)),
        4 => {
            let [a, b, c] = [0; 3].map(|_| expression(random, depth - 1));
            format!("({a} ? {b} : {c})")
        }
        _ => {
            let a = expression(random, depth - 1);
            let sign = random.of(&SIGNS);
            format!("{a} {sign} {}", expression(random, depth - 1))
        }
    }
}

#[test]
fn random_expressions_are_equal() {
    let mut differences = Vec::new();
    let mut equal = 0;
    for seed in 0..12 {
        let mut random = Random::new(seed);
        let mut text = String::from("first: nop\nseven equ 7\nhere:\n");
        for _ in 0..40 {
            let line = format!("dq {}\n", expression(&mut random, 4));
            // A division by zero stops NASM: such lines are among the errors.
            if assemble(&format!("{text}{line}"), &Options::default()).is_ok() {
                text += &line;
            }
        }
        match compare(&text) {
            Ok(made) => equal += usize::from(made),
            Err(difference) => differences.push(difference),
        }
    }
    demand_none(&differences);
    assert_eq!(equal, 12);
}

/// A program of jumps among labels, with gaps between that put distances near the limits.
fn jumps(seed: u64) -> String {
    let mut random = Random::new(seed);
    let labels = 4 + random.below(30);
    let mut text = format!("bits {}\norg 0x{:x}\n", random.of(&["16", "32"]), random.below(0x8000));
    for label in 0..labels {
        text += &format!("label{label}:\n");
        for _ in 0..random.below(6) {
            let target = random.below(labels);
            let mnemonic = random.of(&["jmp", "jz", "jnle", "call", "jmp near", "jc near", "jmp strict near"]);
            text += &match random.below(9) {
                0 => format!("times {} nop\n", random.below(140)),
                1 => format!("mov ax, label{target}-$$\n"),
                2 => format!("add bx, label{target}-label{}\n", random.below(labels)),
                3 => format!("mov cx, [bx+label{target}-$$]\n"),
                4 => format!("push label{target}-$\nalign {}\n", 1 << random.below(5)),
                5 => format!("times {} jmp label{target}\n", random.below(4)),
                _ => format!("{mnemonic} label{target}\n"),
            };
        }
    }
    text
}

#[test]
fn random_jumps_are_equal() {
    let mut differences = Vec::new();
    let mut equal = 0;
    for seed in 0..250 {
        match compare(&jumps(seed)) {
            Ok(made) => equal += usize::from(made),
            Err(difference) => differences.push(difference),
        }
    }
    demand_none(&differences);
    assert!(equal > 200, "only {equal} programs were assembled");
}

/// Texts of the language's words in no order: nothing may panic or take long.
#[test]
fn nonsense_does_no_harm() {
    const WORDS: [&str; 64] = [
        "mov", "ax", ",", "[", "]", "(", ")", "%macro", "x", "1-*", "%endmacro", "%rep", "9", "%endrep", "%if", "1", "%else",
        "%endif", "\n", "\n", "\n", "%define", "f(a)", "%1", "%{", "}", "%[", "%%y", "%$z", "%push", "%pop", "\"", "'", "`",
        "\\", "times", "-1", "99999999999", "db", "dd", "1.5e9999", "0x", "?", "dup", "struc", "endstruc", "istruc", "at",
        "iend", "align", "0", "section", ".data", "follows=.data", "equ", ":", "$", "$$", "%+", "%rotate", "%exitrep",
        "resb", "%assign", "\u{e9}\u{1F600}",
    ];
    for seed in 0..3000 {
        let mut random = Random::new(seed);
        let mut text = String::new();
        for _ in 0..random.below(60) {
            text += random.of(&WORDS);
            text += random.of(&["", " ", " "]);
        }
        for error in assemble(&text, &Options::default()).err().iter().flatten() {
            assert!(error.line >= 1 && error.column >= 1 && !error.message.is_empty());
        }
    }
}
