//! The assembler against byte code written by hand from the Yellow Paper's opcodes, and its messages.

use super::*;

mod built_in;
mod hostile;
mod peer;

fn at(text: &str, fork: Fork) -> Result<Assembled, Vec<Error>> {
    assemble(text, &Options { fork })
}

/// The code in hexadecimal.
fn code(text: &str) -> String {
    match at(text, Fork::LATEST) {
        Ok(assembled) => hex::encode(assembled.code),
        Err(errors) => panic!("{text}\n{errors:#?}"),
    }
}

/// What is wrong, each as `line:column: message`.
fn wrong(text: &str) -> Vec<String> {
    at(text, Fork::LATEST).expect_err(text).iter().map(Error::to_string).collect()
}

fn assert_wrong(text: &str, place: &str, part: &str) {
    let errors = wrong(text);
    assert!(
        errors.iter().any(|error| error.starts_with(&format!("{place}: ")) && error.contains(part)),
        "{text}\n{errors:#?}\nhas no {place} ... {part}"
    );
}

#[test]
fn instructions_in_any_case_and_several_a_line() {
    assert_eq!(code("add MUL Sub ; DIV\n// MOD\n\tSTOP\r\n"), "01020300");
    assert_eq!(code("\u{FEFF}CALLER"), "33");
    assert_eq!(code(""), "");
    assert_eq!(code("SHA3 difficulty SUICIDE INVALID"), "2044fffe");
}

#[test]
fn pushes_of_the_shortest_size() {
    for (text, expected) in [
        ("PUSH 0", "5f"),
        ("PUSH 1", "6001"),
        ("PUSH 255", "60ff"),
        ("PUSH 256", "610100"),
        ("PUSH 0x0001", "6001"),
        ("PUSH 0b1_0000_0001", "610101"),
        ("PUSH 1_000_000", "620f4240"),
        ("PUSH 'a'", "6061"),
        ("PUSH '\\n'", "600a"),
        ("PUSH \"abc\"", "62616263"),
        ("PUSH1 0", "6000"),
        ("PUSH2 1", "610001"),
        ("PUSH2 -2", "61fffe"),
        ("PUSH1 -128", "6080"),
    ] {
        assert_eq!(code(text), expected, "{text}");
    }
    assert_eq!(code("PUSH -1"), format!("7f{}", "ff".repeat(32)));
    assert_eq!(code("PUSH ~0"), format!("7f{}", "ff".repeat(32)));
    assert_eq!(code(&format!("PUSH 0x{}", "ff".repeat(32))), format!("7f{}", "ff".repeat(32)));
    assert_eq!(hex::encode(at("PUSH 0", Fork::Paris).unwrap().code), "6000");
}

#[test]
fn expressions_have_the_usual_precedence() {
    for (text, value) in [
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("10 - 4 - 3", 3),
        ("1 << 4 | 2", 18),
        ("1 << 2 + 1", 8),
        ("7 & 3 ^ 1 | 8", 10),
        ("100 / 7 % 4", 2),
        ("- -5", 5),
        ("2 - -3", 5),
        ("+4", 4),
        ("0xff & ~0xf", 0xF0),
        ("len(\"a\\x00\\u{e9}\")", 4),
        ("'a' + 1", 98),
    ] {
        assert_eq!(code(&format!("PUSH1 {text}")), format!("60{value:02x}"), "{text}");
    }
    // The selector of ERC-20's transfer, and the hash of the empty text.
    assert_eq!(code("PUSH selector(\"transfer(address,uint256)\")"), "63a9059cbb");
    let empty = "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470";
    assert_eq!(code("PUSH keccak256(\"\")"), format!("7f{empty}"));
    assert_eq!(code("PUSH left(\"ab\")"), format!("7f6162{}", "00".repeat(30)));
}

#[test]
fn labels_before_and_after_their_use() {
    assert_eq!(code("start: PUSH @start JUMP"), "5b5f56");
    assert_eq!(code("PUSH1 1\nstart: PUSH start JUMP"), "60015b600256");
    assert_eq!(code("PUSH @end JUMP INVALID end:"), "600456fe5b");
    assert_eq!(code("PUSH2 end JUMP end:"), "610004565b");
    assert_eq!(code("PUSH data PUSH 2 .label data .bytes 0x0102"), "60046002".to_owned() + "0102");
    assert_eq!(code("STOP PUSH $ PUSH codesize()"), "0060016005");
}

/// Pushing a label behind 255 bytes takes two bytes, which moves the label.
#[test]
fn sizes_of_pushes_settle() {
    for (fill, expected) in [(252, "60ff"), (253, "610101"), (254, "610102")] {
        // PUSH1 and JUMP are three bytes.
        let text = format!("PUSH @end JUMP .fill {fill} end:");
        assert_eq!(&code(&text)[..expected.len()], expected, "{fill}");
    }
    // Each of these labels is one byte further than its PUSH would allow if the others were short.
    let mut text: String = (0..100).map(|n| format!("PUSH @l{n} POP\n")).collect();
    text.extend((0..100).map(|n| format!("l{n}:\n")));
    let assembled = at(&text, Fork::LATEST).unwrap();
    assert_eq!(assembled.code.len(), 100 * 4 + 100);
    for (n, push) in assembled.code[..400].chunks(4).enumerate() {
        let target = u16::from_be_bytes([push[1], push[2]]);
        assert_eq!((push[0], target as usize), (0x61, 400 + n));
    }
}

#[test]
fn data() {
    assert_eq!(code(".bytes 0x0001, \"ab\", 7, 'c', (1 + 1), -1"), "00016162076302ff");
    assert_eq!(code(".string \"h\\\"i\", \"\\x80\""), "68226980");
    assert_eq!(code(".bytes4 1, -1, @here .label here"), "00000001ffffffff0000000c");
    assert_eq!(code(".fill 3 ADD"), "00000001");
    assert_eq!(code(".fill 2, 0xfe"), "fefe");
    assert_eq!(code(".bytes32 1"), format!("{:064x}", 1));
}

#[test]
fn constants() {
    assert_eq!(code(".const A = 2\n.const B = A * 3\nPUSH B PUSH1 A"), "60066002");
    assert_eq!(
        code("PUSH SIZE\n.label from\n.string \"abc\"\n.label to\n.const SIZE = to - from"),
        "6003616263"
    );
    assert_wrong(".const A = B\n.const B = 1", "1:12", "`B` is used before it is defined");
    assert_wrong(".const A = A", "1:12", "`A` is used before it is defined");
    assert_wrong(".fill end\nend:", "1:1", "cannot depend on places");
}

#[test]
fn deep_stack_instructions() {
    let amsterdam = |text| at(text, Fork::Amsterdam).map(|assembled| hex::encode(assembled.code));
    assert_eq!(
        amsterdam("DUPN 17 SWAPN 145 EXCHANGE 1 2 EXCHANGE 1, 2 slotnum").unwrap(),
        "e680e700e88ee88e4b"
    );
    assert!(amsterdam("DUPN 16").unwrap_err()[0].message.contains("17 to 235"));
    assert!(amsterdam("EXCHANGE 2 2").unwrap_err()[0].message.contains("1 <= n < m"));
    assert_wrong("ADD DUPN 17", "1:5", "DUPN came with Amsterdam, and this is for BPO2");
}

#[test]
fn origins() {
    let text = "PUSH @a JUMP a: .label code .origin STOP b: PUSH @b PUSH @code PUSH $";
    assert_eq!(code(text), "6003565b".to_owned() + "005b6001" + "6004" + "6006");
}

#[test]
fn macros() {
    assert_eq!(
        code(".macro twice x\nPUSH $x\nDUP1 ADD\n.end\n%twice 3\n%twice 1 + 1"),
        "600380016002".to_owned() + "8001"
    );
    // An argument is one operand.
    assert_eq!(code(".macro m x\nPUSH $x * 2\n.end\n%m 1 + 2"), "6006");
    assert_eq!(
        code(
            ".macro do op, a, b\nPUSH $a PUSH $b $op\n.end\n%do ADD, (1, 2)[..]"
                .replace("(1, 2)[..]", "1, 2")
                .as_str()
        ),
        "6001600201"
    );
}

#[test]
fn names_in_macros_are_their_own() {
    let text = ".macro spin\nagain: PUSH @again JUMP\n.end\n%spin\n%spin\nagain: PUSH @again";
    assert_eq!(code(text), "5b5f56".to_owned() + "5b600356" + "5b6007");
    // An argument means the names of where it is written; a label can be given.
    let text = ".macro go to\nto: PUSH $to JUMP\n.end\n.macro mark name\n$name:\n.end\n%go to\n%mark to";
    assert_eq!(code(text), "5b600456".to_owned() + "5b");
}

#[test]
fn places_of_statements() {
    let text = "PUSH1 1\n  .macro two\n ADD\n   MUL\n.end\nlast: %two\n%return_top\nSTOP";
    let assembled = at(text, Fork::LATEST).unwrap();
    let places: Vec<_> = assembled.map.iter().map(|s| (s.pc, s.line, s.column, s.expansion)).collect();
    assert_eq!(places[..4], [(0, 1, 1, None), (2, 6, 1, None), (3, 3, 2, Some(0)), (4, 4, 4, Some(0))]);
    assert_eq!(places[4], (5, 7, 2, Some(1)));
    assert_eq!(
        assembled.expansions[1],
        Expansion { name: "return_top".into(), line: 7, column: 2, parent: None }
    );
    assert_eq!(assembled.source(1), Some(&assembled.map[0]));
    assert_eq!(assembled.source(assembled.code.len() as u32), None);
    let label = &assembled.labels[0];
    assert_eq!((label.name.as_str(), label.pc, label.jumpdest, label.line), ("last", 2, true, 6));
}

#[test]
fn messages_name_the_place_and_what_was_expected() {
    for (text, place, part) in [
        ("ADDD", "1:1", "`ADDD` is no instruction; did you mean ADD?"),
        ("\n  PUSH1", "2:8", "a number, a name, a text or `(` was expected, not the end of the line"),
        ("PUSH1 256", "1:1", "does not fit in PUSH1: PUSH2 does"),
        ("PUSH1 -129", "1:1", "does not fit in PUSH1: PUSH2 does"),
        ("PUSH1 @nowhere", "1:8", "`nowhere` is not defined"),
        ("start: PUSH strat", "1:13", "did you mean `start`?"),
        ("a:\na:", "2:1", "`a` was defined on line 1 already"),
        ("PUSH 0x", "1:6", "digits were expected"),
        ("PUSH 12ab", "1:6", "is no digit of a number that is decimal"),
        ("PUSH 1 +", "1:9", "was expected, not the end of the line"),
        ("PUSH (1", "1:8", "`)` was expected"),
        ("PUSH 1 / 0", "1:8", "a division by zero"),
        ("PUSH 1 / (a - a)\na:", "1:1", "a division by zero"),
        ("PUSH \"abc", "1:6", "the closing \" is missing"),
        (
            "ADD 5",
            "1:5",
            "an instruction, a label with its colon, a directive or %macro was expected, not `5`",
        ),
        ("ADD ?", "1:5", "means nothing here"),
        (".byte 1", "1:1", "did you mean .bytes?"),
        (".bytes33 1", "1:1", "1 to 32 bytes"),
        (".bytes 0x123", "1:8", "3 digits: bytes have two digits each"),
        (".bytes 256", "1:1", "does not fit in one byte"),
        (".bytes 1 2", "1:10", "`,` was expected, not `2`"),
        (".const = 1", "1:8", "the constant's name was expected"),
        (".const X 1", "1:10", "`=` was expected"),
        ("%nothing", "1:2", "no macro is called %nothing"),
        ("%revrt \"x\"", "1:2", "did you mean %revert?"),
        ("%revert", "1:2", "%revert takes 1 (message), not 0"),
        ("%revert 5", "1:9", "a text in quotes was expected"),
        (".macro x\nADD", "1:1", ".end is missing"),
        (".end", "1:1", "no macro is open"),
        (".macro a b c\n.end", "1:12", "`,` was expected"),
        (".macro a x\nPUSH $y\n.end\n%a 1", "2:6", "`$y` is no parameter here (in %a, used on line 4)"),
        ("PUSH len(x)", "1:10", "a text in quotes was expected"),
        ("PUSH size(\"x\")", "1:6", "no function is called `size`"),
        ("PUSH selector(\"transfer\")", "1:15", "a signature"),
        ("return_top", "1:1", "the macro is used as %return_top"),
        ("PUSH \"123456789012345678901234567890123\"", "1:6", "33 bytes"),
        ("PUSH 'ab'", "1:6", "one character"),
        ("PUSH \"\\q\"", "1:6", "escapes are"),
    ] {
        assert_wrong(text, place, part);
    }
    assert!(at("CLZ", Fork::Prague).unwrap_err()[0].message.contains("CLZ came with Osaka"));
}

#[test]
fn all_errors_are_found_in_the_order_of_lines() {
    let text = "FOO\nPUSH1 999\nPUSH @none\nBAR\nADD";
    let lines: Vec<_> = at(text, Fork::LATEST).unwrap_err().iter().map(|error| error.line).collect();
    assert_eq!(lines, [1, 2, 3, 4]);
    let lines: Vec<_> =
        at("PUSH1 999\nPUSH1 -999", Fork::LATEST).unwrap_err().iter().map(|e| e.line).collect();
    assert_eq!(lines, [1, 2]);
}
