//! JavaScript bindings of the assembler: nothing but translation between JavaScript values and `glassbox-nasm`. What has
//! many parts crosses this border as JSON, which JavaScript reads faster than wasm builds objects.

mod error;

use glassbox_nasm::Options;
use serde_json::json;
use wasm_bindgen::prelude::*;

pub use error::{Error, last_panic, start};

/// Assembles a text. `options` is JSON with any of `bits` (16 or 32), `includes` and `defines` (objects of texts by
/// name), or empty. The result is JSON with the fields of `glassbox_nasm::Assembled`, its `code` in hexadecimal digits:
/// `{"code", "origin", "map", "expansions", "symbols", "warnings"}`, or `{"errors": [{"file", "line", "column",
/// "message"}, ...]}`.
///
/// # Errors
///
/// The options are not of this form.
#[wasm_bindgen]
pub fn assemble(text: &str, options: &str) -> Result<String, JsError> {
    Ok(assemble_json(text, options)?)
}

/// What [`assemble`] does, for callers in Rust.
///
/// # Errors
///
/// The options are not of this form.
pub fn assemble_json(text: &str, options: &str) -> Result<String, Error> {
    let options: Options = match options.trim() {
        "" => Options::default(),
        given => serde_json::from_str(given).map_err(|error| Error::Options(error.to_string()))?,
    };
    let result = match glassbox_nasm::assemble(text, &options) {
        Ok(made) => {
            let code = hex(&made.code);
            json!({
                "code": code,
                "origin": made.origin,
                "map": made.map,
                "expansions": made.expansions,
                "symbols": made.symbols,
                "warnings": made.warnings,
            })
        }
        Err(errors) => json!({ "errors": errors }),
    };
    Ok(result.to_string())
}

/// The mnemonics, for completion: JSON `[{"name", "forms", "help"}, ...]` in the order of names.
#[wasm_bindgen]
pub fn mnemonics() -> String {
    json!(glassbox_nasm::mnemonics()).to_string()
}

/// Bytes as hexadecimal digits.
fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .map(|digit| char::from(DIGITS[digit as usize]))
        .collect()
}
