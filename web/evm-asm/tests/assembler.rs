//! The assembler as JavaScript sees it, in a wasm host.
#![cfg(target_arch = "wasm32")]

use glassbox_evm_asm_web::{assemble, built_in_macros, disassemble, disassemble_text, opcodes};
use serde_json::{Value, json};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

fn parsed(result: Result<String, wasm_bindgen::JsError>) -> Value {
    let Ok(text) = result else { panic!("refused") };
    serde_json::from_str(&text).expect("JSON")
}

#[wasm_bindgen_test]
fn code_and_errors_are_json() {
    let assembled = parsed(assemble("PUSH 0 start: PUSH @start", Some("Prague".into())));
    assert_eq!(assembled["code"], "5f5b6001");
    assert_eq!(assembled["map"][2], json!({ "pc": 2, "line": 1, "column": 15, "expansion": null }));
    let wrong = parsed(assemble("ADD\n FOO", None));
    assert_eq!(
        (wrong["errors"][0]["line"].as_u64(), wrong["errors"][0]["column"].as_u64()),
        (Some(2), Some(2))
    );
    assert!(wrong.get("code").is_none());
}

#[wasm_bindgen_test]
fn listings() {
    assert_eq!(parsed(disassemble(&[0x5B, 0x5F, 0x56], None))["lines"][0]["label"], "L_0000");
    assert!(disassemble_text(&[0x44], Some("London".into())).is_ok_and(|text| text.contains("DIFFICULTY")));
    assert!(
        serde_json::from_str::<Value>(&built_in_macros()).is_ok_and(|list| list[0]["name"] == "return_word")
    );
}

#[wasm_bindgen_test]
fn the_instructions_of_a_fork() {
    let named = |fork: &str, name: &str| {
        let list = parsed(opcodes(Some(fork.into())));
        list.as_array().and_then(|list| list.iter().find(|one| one["mnemonic"] == name).cloned())
    };
    // EIP-2929 made a warm SLOAD cost 100.
    let sload = json!({
        "mnemonic": "SLOAD", "inputs": ["key"], "outputs": ["value"], "immediate": 0, "gas": 100, "since": "Frontier",
    });
    assert_eq!(named("Berlin", "SLOAD"), Some(sload));
    assert_eq!(named("Istanbul", "SLOAD").map(|one| one["gas"].clone()), Some(json!(800)));
    assert!(named("London", "PUSH0").is_none() && named("Shanghai", "PUSH0").is_some());
    assert!(named("London", "DIFFICULTY").is_some() && named("Paris", "DIFFICULTY").is_none());
}

#[wasm_bindgen_test]
fn a_fork_that_is_none_is_named() {
    let error: JsValue = assemble("", Some("Petersberg\n".into())).map(drop).unwrap_err().into();
    let message = shown(&error);
    assert!(message.contains("\"Petersberg\\n\"") && !message.contains('\n'), "{message}");
}

/// The text of a JavaScript Error.
fn shown(error: &JsValue) -> String {
    format!("{error:?}").lines().next().unwrap_or_default().to_string()
}
