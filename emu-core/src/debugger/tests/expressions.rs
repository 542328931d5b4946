//! The language of conditions.

use super::programs::{poke, real_machine};
use super::*;
use crate::debugger::{check_expression, evaluate, read_linear, write_linear};

fn value(text: &str) -> i64 {
    let mut machine = real_machine();
    let st = &mut machine.engine.cpu.st;
    st.gpr[0] = 0x8765_43FF;
    st.gpr[7] = 0x0010;
    st.seg[3].base = 0x600;
    st.seg[3].selector = 0x60;
    st.flags.set(0x41);
    poke(&mut machine, 0x610, &[0x11, 0x22, 0x33, 0x84]);
    evaluate(&machine, text).unwrap_or_else(|e| panic!("{text}: {e:?}")).value
}

/// Values as gcc -m32 computes them with `unsigned eax = 0x876543FF`.
#[test]
fn values_are_those_of_c() {
    let cases = [
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("10 - 4 - 3", 3),
        ("1 << 3 + 1", 16),
        ("7 & 3 == 3", 1),
        ("1 | 6 ^ 3 & 2", 5),
        ("5 > 3 > 1", 0),
        ("1 || 0 && 0", 1),
        ("!5 + ~0", -1),
        ("-7 / 2", -3),
        ("-7 % 3", -1),
        ("-8 >> 1", -4),
        ("eax", 0x8765_43FF),
        ("eax == -2023406593", 1),
        ("eax < 0", 0),
        ("int(eax) < 0", 1),
        ("int(eax) / 1000", -2_023_406),
        ("eax / 1000", 2_271_560),
        ("eax >> 28", 8),
        ("int(eax) >> 28", -8),
        ("-1 < eax", 0),
        ("-1 > 1", 0),
        ("unsigned(-1) > 1", 1),
        ("char(al)", -1),
        ("short(ax)", 0x43FF),
        ("al", 255),
        ("ah", 0x43),
        ("0xffffffff", 0xFFFF_FFFF),
        ("0FFh + 0b101 + 'A'", 325),
        ("1 << 33", 2),
        ("2147483647 + 1", -2_147_483_648),
        ("cf + zf * 2 + sf * 4", 3),
        ("0 && byte[0xfffff000]", 0),
        ("1 || 1 / 0", 1),
    ];
    for (text, wanted) in cases {
        assert_eq!(value(text), wanted, "{text}");
    }
}

#[test]
fn memory_by_linear_physical_and_segmented_addresses() {
    let cases = [
        ("byte[0x610]", 0x11),
        ("word[0x610 + 1]", 0x3322),
        ("dword[ds:edi]", 0x8433_2211),
        ("int(dword[ds:di]) < 0", 1),
        ("byte[es:di] == 0x11", 0),
        ("word[phys:0x612]", 0x8433),
        ("byte[0x61:0]", 0x11),
        ("byte[60h : byte[0x610] - 1]", 0x11),
    ];
    for (text, wanted) in cases {
        assert_eq!(value(text), wanted, "{text}");
    }
}

#[test]
fn errors_say_where() {
    let cases = [
        ("", 0),
        ("1 +", 3),
        ("1 2", 2),
        ("eax = 5", 4),
        ("(1", 2),
        ("byte[1", 6),
        ("byte 1", 5),
        ("nonsense + 1", 0),
        ("1 + 0x1g", 4),
        ("4294967296", 0),
        ("1 + 'ab'", 4),
        ("2 # 3", 2),
        ("int 3", 4),
        ("é", 0),
    ];
    for (text, column) in cases {
        assert_eq!(check_expression(text).expect_err(text).column, column, "{text}");
    }
    let machine = real_machine();
    for (text, column) in [("1 / 0", 2), ("1 + word[0xfffffff]", 4), ("vector", 0)] {
        assert_eq!(evaluate(&machine, text).expect_err(text).column, column, "{text}");
    }
    assert!(check_expression(&"(".repeat(900)).is_err());
    assert!(check_expression(&"-".repeat(900)).is_err());
    assert!(check_expression(&"1+".repeat(5000)).is_err());
    assert!(check_expression(&format!("1{}", "+1".repeat(450))).is_ok());
}

/// Random tokens and characters in a row are values or errors, never a panic.
#[test]
fn no_text_breaks_it() {
    let machine = real_machine();
    let mut bench = Bench::new(real_machine());
    let words = [
        "eax",
        "al",
        "byte[",
        "dword[",
        "]",
        "(",
        ")",
        ":",
        "ds:",
        "phys:",
        "+",
        "-",
        "*",
        "/",
        "%",
        "<<",
        ">>",
        "==",
        "!",
        "~",
        "&&",
        "||",
        "0",
        "1",
        "0xffffffff",
        "80000000h",
        "int(",
        "char(",
        "value",
        "'a'",
        " ",
        "{",
        "}",
        "é",
        "cr3",
        "\u{0}",
        "&",
        "9999999999",
        "0b2",
        "-2147483648",
    ];
    let mut seed = 0x2545_F491_4F6C_DD1Du64;
    let mut random = |below: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        (seed % below as u64) as usize
    };
    let mut good = 0;
    for _ in 0..50_000 {
        let text: String = (0..random(12)).map(|_| words[random(words.len())]).collect();
        let result = evaluate(&machine, &text);
        if let Err(error) = &result {
            assert!(
                error.column <= text.chars().count() && !error.message.contains('\n'),
                "{text:?}: {error:?}"
            );
        }
        good += usize::from(result.is_ok());
        if random(50) == 0 {
            let spec =
                StopSpec { log: text.clone(), condition: text.clone(), at: text, ..stop("execute", "") };
            let _ = bench.debugger.set_stops(&mut bench.machine, vec![spec]);
        }
    }
    assert!(good > 500, "{good}");
}

/// Video memory is seen as the CPU would read it, by conditions as by panes, and edited as the CPU would write it.
#[test]
fn planes_of_video_memory_are_seen_and_edited() {
    let mut machine = real_machine();
    // The window is open; planes without chaining, all written, no bit masked.
    machine.engine.cpu.port_out(0x3C2, 1, 0x63);
    for (port, value) in [(0x3C4, 0x0604), (0x3C4, 0x0F02), (0x3CE, 0xFF08), (0x3CE, 0x0005), (0x3CE, 0x0506)]
    {
        machine.engine.cpu.port_out(port, 2, value);
    }
    assert!(write_linear(&mut machine, 0xA_0000, &[0x5A, 0xC3]));
    let before = machine.state_hash();
    assert_eq!(read_linear(&machine, 0xA_0000, 2), [0x5A, 0xC3]);
    assert_eq!(evaluate(&machine, "word[0xa0000]").map(|v| v.value), Ok(0xC35A));
    assert_eq!(evaluate(&machine, "byte[phys:0xa0001]").map(|v| v.value), Ok(0xC3));
    assert_eq!(machine.state_hash(), before, "looking loads no latch");
    // A device's registers are not looked at.
    assert!(evaluate(&machine, "byte[phys:0xfec00000]").is_err());
    assert!(!write_linear(&mut machine, 0xFEC0_0000, &[0]));
    assert!(!write_linear(&mut machine, 0xF_FFF0, &[0]), "ROM");
}
