//! The JSON that the page reads.

use glassbox_nasm_web::{assemble_json, mnemonics};
use serde_json::{Value, json};

fn made(text: &str, options: &str) -> Value {
    serde_json::from_str(&assemble_json(text, options).expect("options")).expect("JSON")
}

#[test]
fn code_map_and_symbols_come_as_json() {
    let made = made("org 0x7c00\nstart: inc eax\n", "");
    assert_eq!((&made["code"], &made["origin"]), (&json!("6640"), &json!(0x7C00)));
    let map = &made["map"][0];
    assert_eq!((&map["offset"], &map["address"], &map["line"], &map["length"]), (&json!(0), &json!(0x7C00), &json!(2), &json!(2)));
    assert_eq!(made["symbols"][0], json!({"name": "start", "value": 0x7C00, "kind": "label", "file": null, "line": 2}));
}

#[test]
fn options_choose_mode_includes_and_macros() {
    let options = r#"{"bits": 32, "includes": {"a.inc": "inc eax\n"}, "defines": {"N": "2"}}"#;
    assert_eq!(made("%include 'a.inc'\ntimes N nop\n", options)["code"], json!("409090"));
    assert!(assemble_json("", "{\"bit\": 32}").is_err());
    assert!(assemble_json("", "[").is_err());
}

#[test]
fn errors_have_line_and_column() {
    let errors = &made("nop\n mvo ax, 5\n", "")["errors"];
    assert_eq!((&errors[0]["line"], &errors[0]["column"]), (&json!(2), &json!(2)));
}

#[test]
fn mnemonics_have_forms_and_help() {
    let all: Vec<Value> = serde_json::from_str(&mnemonics()).expect("JSON");
    let lea = all.iter().find(|m| m["name"] == "lea").expect("lea");
    assert_eq!(lea["forms"][0], json!("r16, m"));
    assert!(all.iter().all(|m| !m["help"].as_str().expect("a text").is_empty()));
}
