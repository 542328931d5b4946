//! The EVM's assembler and disassembler for JavaScript: a wasm module of its own, so that a page loads it only where code
//! is shown or written.

use evm_core::asm::{self, BUILT_IN, Options};
use evm_core::disasm;
use evm_core::fork::Fork;
use evm_core::opcode::operands::operands;
use evm_core::opcode::{OPCODES, Opcode};
use serde_json::json;
use wasm_bindgen::prelude::*;

/// The fork of a name; today's where none is given.
fn fork_named(name: Option<String>) -> Result<Fork, JsError> {
    let Some(name) = name else { return Ok(Fork::LATEST) };
    Fork::by_name(&name).ok_or_else(|| {
        let short: String = name.chars().take(40).collect();
        JsError::new(&format!("no fork is called {short:?}: the names are those from Frontier to Amsterdam"))
    })
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
            "code": hex::encode(&assembled.code),
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

/// KECCAK-256 of some bytes: 32 bytes.
#[wasm_bindgen]
pub fn keccak256(bytes: &[u8]) -> Vec<u8> {
    evm_core::keccak::keccak256(bytes).0.to_vec()
}

/// The assembler's macros: JSON `[{"name", "parameters", "summary"}, ...]`.
#[wasm_bindgen(js_name = builtInMacros)]
pub fn built_in_macros() -> String {
    let shown =
        BUILT_IN.iter().map(|m| json!({ "name": m.name, "parameters": m.parameters, "summary": m.summary }));
    shown.collect::<serde_json::Value>().to_string()
}

/// The instructions that a fork has: JSON `[{"mnemonic", "inputs", "outputs", "immediate", "gas", "since"}, ...]`, in the
/// order of their bytes. The words taken and left are named, the top one first; DUP, SWAP and their like name none. The
/// gas is the constant part of the cost in that fork.
///
/// # Errors
///
/// No fork has that name.
#[wasm_bindgen]
pub fn opcodes(fork: Option<String>) -> Result<String, JsError> {
    let fork = fork_named(fork)?;
    let shown = |opcode: &Opcode| {
        let words = operands(opcode.byte);
        json!({
            "mnemonic": opcode.mnemonic_in(fork),
            "inputs": words.inputs,
            "outputs": words.outputs,
            "immediate": opcode.immediate,
            "gas": opcode.base_gas_in(fork),
            "since": opcode.since.name(),
        })
    };
    let there = OPCODES.iter().flatten().filter(|opcode| opcode.since <= fork);
    Ok(there.map(shown).collect::<serde_json::Value>().to_string())
}
