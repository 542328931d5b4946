//! The built-in macros: the code that they stand for, instruction by instruction.

use super::*;
use crate::disasm::instructions;

/// Instructions as the disassembler shows them.
fn shown(text: &str, fork: Fork) -> String {
    let code = at(text, fork).unwrap_or_else(|errors| panic!("{errors:#?}")).code;
    instructions(&code, fork).map(|i| i.to_string()).collect::<Vec<_>>().join(" ")
}

#[test]
fn results() {
    let latest = Fork::LATEST;
    assert_eq!(shown("%return_word 5", latest), "PUSH1 0x05 PUSH0 MSTORE PUSH1 0x20 PUSH0 RETURN");
    assert_eq!(shown("%return_top", Fork::London), "PUSH1 0x00 MSTORE PUSH1 0x20 PUSH1 0x00 RETURN");
    assert_eq!(shown("%revert_empty", latest), "PUSH0 PUSH0 REVERT");
    assert!(
        at("%revert \"x\"", Fork::Homestead).unwrap_err()[0].message.contains("REVERT came with Byzantium")
    );
}

/// The ABI's encoding of Error(string), as in Solidity's documentation of revert.
#[test]
fn revert_has_the_encoding_of_error_string() {
    for (message, words) in
        [("", 0), ("Not enough Ether provided.", 1), (&"x".repeat(32), 1), (&"y".repeat(33), 2)]
    {
        let code = code(&format!("%revert \"{message}\""));
        let data = format!("08c379a0{:064x}{:064x}{}", 32, message.len(), hex::encode(message));
        let shown = format!("{data:0<0$}", 2 * (68 + 32 * words));
        let before = code.split("08c379a0").next().unwrap_or_default();
        assert!(code[before.len()..].starts_with(&shown), "{code}");
        assert_eq!(code[before.len()..], format!("{data}{}", "00".repeat(32)), "zeros, see below");
        // PUSH1 size, DUP1, PUSH1 place, PUSH0, CODECOPY, PUSH0, REVERT
        assert_eq!(before, format!("60{:02x}8060095f395ffd", 68 + 32 * words));
        assert_eq!(before.len(), 2 * 0x09, "the place of the data");
    }
}

#[test]
fn panic_has_the_encoding_of_panic_uint256() {
    let code = code("%panic 0x11");
    assert_eq!(code, format!("7f4e487b71{}5f52601160045260245ffd", "00".repeat(28)));
}

#[test]
fn conditions() {
    let require = shown("CALLER %require \"no\"", Fork::LATEST);
    assert!(require.starts_with("CALLER PUSH1 0x"), "{require}");
    let nonpayable = "CALLVALUE ISZERO PUSH1 0x08 JUMPI PUSH0 PUSH0 REVERT JUMPDEST";
    assert_eq!(shown("%nonpayable", Fork::LATEST), nonpayable);
    // The JUMPDEST is where the jump goes.
    let code = at("CALLER %require \"no\" STOP", Fork::LATEST);
    assert!(code.is_err(), "arguments go to the end of the line");
    let code = at("CALLER %require \"no\"\nSTOP", Fork::LATEST).unwrap().code;
    assert_eq!(code[code[2] as usize..], [0x5B, 0x00]);
}

#[test]
fn dispatch() {
    let text = "%dispatch \"transfer(address,uint256)\", @transfer, \"totalSupply()\", supply\nINVALID\ntransfer:\nsupply:";
    let expected = "PUSH0 CALLDATALOAD PUSH1 0xe0 SHR DUP1 PUSH4 0xa9059cbb EQ PUSH1 0x1a JUMPI \
                    DUP1 PUSH4 0x18160ddd EQ PUSH1 0x1b JUMPI INVALID JUMPDEST JUMPDEST";
    assert_eq!(shown(text, Fork::LATEST), expected);
    let old = shown("%dispatch \"totalSupply()\", 0", Fork::Byzantium);
    let divided =
        format!("PUSH29 0x01{} PUSH1 0x00 CALLDATALOAD DIV DUP1 PUSH4 0x18160ddd EQ", "00".repeat(28));
    assert!(old.starts_with(&divided), "{old}");
    assert_wrong("%dispatch \"a()\"", "1:2", "pairs");
}

#[test]
fn arguments_mappings_and_events() {
    assert_eq!(shown("%argument 1", Fork::LATEST), "PUSH1 0x24 CALLDATALOAD");
    let mapping = "PUSH0 MSTORE PUSH1 0x03 PUSH1 0x20 MSTORE PUSH1 0x40 PUSH0 KECCAK256";
    assert_eq!(shown("%mapping 3", Fork::LATEST), mapping);
    // The topic of Deposit(uint256).
    let topic = hex::encode(crate::keccak::keccak256(b"Deposit(uint256)"));
    let event = format!("PUSH0 MSTORE PUSH32 0x{topic} PUSH1 0x20 PUSH0 LOG1");
    assert_eq!(shown("%emit_word \"Deposit(uint256)\"", Fork::LATEST), event);
}

#[test]
fn deployed_code_counts_from_its_own_start() {
    let text = "PUSH 1 PUSH 0 SSTORE\n%deploy\nPUSH @end JUMP\nend: STOP";
    assert_eq!(code(text), "60015f55".to_owned() + "600580600d5f395ff3" + "600356" + "5b00");
}

#[test]
fn every_built_in_is_listed_with_its_parameters() {
    for built_in in BUILT_IN {
        let given = built_in.parameters.iter().map(|parameter| match *parameter {
            "message" => "\"m\"",
            "signature" => "\"s()\"",
            _ => "1",
        });
        let given: Vec<_> = given.into_iter().collect();
        let text = format!("%{} {}", built_in.name, given.join(", "));
        assert!(at(&text, Fork::LATEST).is_ok_and(|assembled| !assembled.code.is_empty()), "{text}");
        assert!(at(&text, Fork::Byzantium).is_ok(), "{text}");
        assert!(!built_in.summary.is_empty());
    }
}

/// Every letter of a text is a PUSH (0x61 to 0x7a are PUSH2 to PUSH27): whatever the text, what follows it is code.
#[test]
fn a_text_does_not_swallow_the_label_behind_it() {
    for length in 0..70 {
        for letter in ["a", "w", "z", "\u{7f}"] {
            let text = letter.repeat(length);
            let assembled =
                assemble(&format!("%revert \"{text}\"\nhere:"), &Options::default()).expect("fine");
            let here =
                assembled.labels.iter().find(|label| label.name == "here").expect("defined").pc as usize;
            let mut valid = crate::disasm::jump_destinations(&assembled.code, Fork::LATEST);
            assert!(valid.any(|place| place == here), "{text:?}");
        }
    }
}
