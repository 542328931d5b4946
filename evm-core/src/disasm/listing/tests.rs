//! Listings of code written by hand.

use super::*;

fn statements(code: &[u8], fork: Fork) -> Vec<String> {
    let text = text(code, fork);
    text.lines().skip(1).map(|line| line.split("; ").next().unwrap_or("").trim().to_string()).collect()
}

#[test]
fn jumps_and_data_have_labels() {
    let code =
        [0x60, 0x0B, 0x56, 0x60, 0x02, 0x60, 0x0F, 0x5F, 0x39, 0x00, 0xFE, 0x5B, 0x61, 0x00, 0x0B, 0xAA];
    assert_eq!(
        statements(&code, Fork::Osaka),
        ["PUSH1 @L_000b", "JUMP", ".bytes 0x6002600f5f3900fe", "L_000b:", "PUSH2 @L_000b", ".bytes 0xaa"]
    );
    let code = [0x60, 0x02, 0x60, 0x08, 0x5F, 0x39, 0x00, 0xAA, 0xBB, 0xCC];
    let expected =
        ["PUSH1 0x02", "PUSH1 @data_0008", "PUSH0", "CODECOPY", "STOP", ".bytes 0xaa", ".label data_0008"];
    assert_eq!(statements(&code, Fork::Osaka)[..7], expected);
}

#[test]
fn what_has_no_mnemonic_is_bytes() {
    assert_eq!(statements(&[0x5F], Fork::Paris), [".bytes 0x5f"]);
    assert_eq!(statements(&[0x63, 0xAA], Fork::Paris), [".bytes 0x63aa"]);
    assert_eq!(statements(&[0x60, 0x01, 0xE6], Fork::Amsterdam), ["PUSH1 0x01", ".bytes 0xe6"]);
    assert_eq!(statements(&[0xE6, 0x80], Fork::Amsterdam), ["DUPN 17"]);
    let text = text(&[0xE7, 0x5B], Fork::Amsterdam);
    assert!(text.contains(".bytes 0xe7") && text.contains("INVALID_SWAPN"), "{text}");
    // The undefined byte halts, and nothing pushes the place of the JUMPDEST.
    assert_eq!(statements(&[0x44, 0xFE], Fork::London), ["DIFFICULTY", "INVALID"]);
}

#[test]
fn json_has_the_same_lines() {
    let listing = listing(&[0x5F, 0x56], Fork::Osaka);
    let json: serde_json::Value = serde_json::from_str(&listing.to_json()).unwrap();
    assert_eq!(json["size"], 2);
    assert_eq!(json["fork"], "Osaka");
    assert_eq!(json["lines"][1]["text"], "JUMP");
    assert_eq!(json["lines"][1]["gas"], 8);
    assert_eq!(json["blocks"][0]["jump"], "wrong");
    let listing = super::listing(&[0x5B, 0x5F, 0x56], Fork::Osaka);
    let json: serde_json::Value = serde_json::from_str(&listing.to_json()).unwrap();
    assert_eq!(json["blocks"][0]["jump"]["to"], 0);
}
