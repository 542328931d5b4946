//! The first look into the machine: text screen, registers, memory, disassembly, state hash. What panes ask for is in
//! `look`.

use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::run::Pc;

#[derive(Serialize)]
struct Text {
    rows: Vec<String>,
    cursor: Option<(u32, u32)>,
}

pub(super) fn to_js(value: &impl Serialize) -> Result<JsValue, JsError> {
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    value.serialize(&serializer).map_err(|error| JsError::new(&error.to_string()))
}

#[wasm_bindgen]
impl Pc {
    /// `{rows: string[], cursor: [column, row] | null}` in a text mode, else `null`.
    ///
    /// # Errors
    /// None in practice: conversion of plain data.
    #[wasm_bindgen(js_name = textScreen)]
    pub fn text_screen(&self) -> Result<JsValue, JsError> {
        let text = self.machine.text_screen();
        to_js(&text.map(|text| Text { rows: text.rows, cursor: text.cursor }))
    }

    /// The architectural registers as a plain object.
    ///
    /// # Errors
    /// None in practice: conversion of plain data.
    pub fn registers(&self) -> Result<JsValue, JsError> {
        to_js(&self.machine.registers())
    }

    /// `{address, eip, bytes, text}[]` of `count` (at most 1000) instructions from a linear address.
    ///
    /// # Errors
    /// None in practice: conversion of plain data.
    pub fn disassemble(&mut self, linear: u32, count: usize) -> Result<JsValue, JsError> {
        to_js(&self.machine.disassemble(linear, count.min(1000)))
    }

    /// `length` (at most 1 MiB) bytes from a linear address: an array of numbers, `null` where no page is mapped.
    ///
    /// # Errors
    /// None in practice: conversion of plain data.
    #[wasm_bindgen(js_name = readMemory)]
    pub fn read_memory(&mut self, linear: u32, length: usize) -> Result<JsValue, JsError> {
        to_js(&self.machine.read_memory(linear, length.min(1 << 20)))
    }

    /// The hash of the whole state, 32 hexadecimal digits.
    #[wasm_bindgen(js_name = stateHash)]
    pub fn state_hash(&mut self) -> String {
        format!("{:032x}", self.machine.state_hash())
    }
}
