//! What a person does to a US keyboard to type a text.

/// Keys without Shift and with it, row by row, and the set-1 make code of the first key of each row.
const ROWS: [(&str, &str, u16); 4] = [
    ("1234567890-=", "!@#$%^&*()_+", 0x02),
    ("qwertyuiop[]", "QWERTYUIOP{}", 0x10),
    ("asdfghjkl;'`", "ASDFGHJKL:\"~", 0x1E),
    ("\\zxcvbnm,./", "|ZXCVBNM<>?", 0x2B),
];
/// Set-1 make code of the left Shift key.
const SHIFT: u16 = 0x2A;

/// Keys that are the same with Shift.
const OTHERS: [(char, u16); 6] =
    [('\n', 0x1C), ('\r', 0x1C), ('\t', 0x0F), ('\x08', 0x0E), ('\x1B', 0x01), (' ', 0x39)];

/// Make code of the key for a character, and whether Shift is held.
fn key_of(c: char) -> Option<(u16, bool)> {
    if let Some(&(_, code)) = OTHERS.iter().find(|(other, _)| *other == c) {
        return Some((code, false));
    }
    for (plain, shifted, first) in ROWS {
        for (keys, shift) in [(plain, false), (shifted, true)] {
            if let Some(at) = keys.chars().position(|k| k == c) {
                return Some((first + at as u16, shift));
            }
        }
    }
    None
}

/// The keys pressed (true) and released to type a text, as set-1 make codes. What no US keyboard types is left out.
pub fn keys_of(text: &str) -> Vec<(u16, bool)> {
    let mut keys = Vec::new();
    for (code, shift) in text.replace("\r\n", "\n").chars().filter_map(key_of) {
        if shift {
            keys.push((SHIFT, true));
        }
        keys.extend([(code, true), (code, false)]);
        if shift {
            keys.push((SHIFT, false));
        }
    }
    keys
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_those_of_the_ibm_enhanced_keyboard() {
        // Scan code set 1 by IBM's table of key numbers: Q 10h, A 1Eh, Z 2Ch, / 35h, = 0Dh, backslash 2Bh.
        for (c, code) in
            [('q', 0x10), ('a', 0x1E), ('z', 0x2C), ('/', 0x35), ('=', 0x0D), ('\\', 0x2B), ('`', 0x29)]
        {
            assert_eq!(key_of(c), Some((code, false)), "{c}");
        }
        assert_eq!(keys_of("A"), [(0x2A, true), (0x1E, true), (0x1E, false), (0x2A, false)]);
    }
}
