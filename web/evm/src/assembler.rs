//! Assembler and disassembler.

use evm_core::asm::{self, BUILT_IN, Options};
use evm_core::disasm;
use evm_core::fork::Fork;
use serde_json::json;
use wasm_bindgen::prelude::*;

use crate::error::Error;
use crate::hex;

/// The fork of a name; today's where none is given.
fn fork_named(name: Option<String>) -> Result<Fork, Error> {
    let Some(name) = name else { return Ok(Fork::LATEST) };
    Fork::by_name(&name).ok_or(Error::Fork(name))
}

/// Names of all forks, oldest first.
#[wasm_bindgen]
pub fn forks() -> Vec<String> {
    Fork::ALL.iter().map(|fork| fork.name().to_string()).collect()
}

/// True if a fork has this name; case, spaces, `_` and `-` do not count.
#[wasm_bindgen(js_name = isFork)]
pub fn is_fork(name: &str) -> bool {
    Fork::by_name(name).is_some()
}

/// Assembles a text. JSON: `{"code": HEX, "map": [...], "expansions": [...], "labels": [...]}` with the fields of
/// `evm_core::asm::Assembled`, or `{"errors": [{"line", "column", "message"}, ...]}`.
///
/// # Errors
///
/// No fork has that name.
#[wasm_bindgen]
pub fn assemble(text: &str, fork: Option<String>) -> Result<String, JsError> {
    let fork = fork_named(fork)?;
    let result = match asm::assemble(text, &Options { fork }) {
        Ok(assembled) => json!({
            "code": hex(&assembled.code),
            "map": assembled.map,
            "expansions": assembled.expansions,
            "labels": assembled.labels,
        }),
        Err(errors) => json!({ "errors": errors }),
    };
    Ok(result.to_string())
}

/// Disassembles code to lines and blocks: JSON of `evm_core::disasm::Listing`.
///
/// # Errors
///
/// No fork has that name.
#[wasm_bindgen]
pub fn disassemble(code: &[u8], fork: Option<String>) -> Result<String, JsError> {
    Ok(disasm::listing(code, fork_named(fork)?).to_json())
}

/// Disassembles code to text that [`assemble`] makes the same code of.
///
/// # Errors
///
/// No fork has that name.
#[wasm_bindgen(js_name = disassembleText)]
pub fn disassemble_text(code: &[u8], fork: Option<String>) -> Result<String, JsError> {
    Ok(disasm::text(code, fork_named(fork)?))
}

/// The assembler's macros: JSON `[{"name", "parameters", "summary"}, ...]`.
#[wasm_bindgen(js_name = builtInMacros)]
pub fn built_in_macros() -> String {
    let shown =
        BUILT_IN.iter().map(|m| json!({ "name": m.name, "parameters": m.parameters, "summary": m.summary }));
    shown.collect::<serde_json::Value>().to_string()
}

/// Names of the chains that come along.
#[wasm_bindgen]
pub fn presets() -> Vec<String> {
    evm_core::chain::PRESETS.iter().map(|(name, _)| name.to_string()).collect()
}
