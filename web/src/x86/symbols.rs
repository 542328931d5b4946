//! Names and source lines of the guest's addresses. The shapes of all answers are in `inspect.d.ts`.

use emu_core::inspect::symbols::{Loaded, Program, SymbolError, Symbols};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::inspect::to_js;
use super::run::Pc;

/// The most names of one answer.
const MOST_NAMES: usize = 1000;

#[derive(Serialize)]
#[serde(untagged)]
enum SymbolsLoaded {
    Loaded(Loaded),
    Error { error: String },
}

impl From<Result<Loaded, SymbolError>> for SymbolsLoaded {
    fn from(result: Result<Loaded, SymbolError>) -> Self {
        match result {
            Ok(loaded) => Self::Loaded(loaded),
            Err(error) => Self::Error { error: error.to_string() },
        }
    }
}

#[wasm_bindgen]
impl Pc {
    /// Adds a file with symbols. Stops on symbols go to where those are now.
    ///
    /// # Errors
    /// None in practice: what is wrong with the file is in the answer.
    #[wasm_bindgen(js_name = loadSymbols, unchecked_return_type = "SymbolsLoaded")]
    pub fn load_symbols(&mut self, name: &str, bytes: &[u8], base: u32) -> Result<JsValue, JsError> {
        let loaded = self.symbols.load(name, bytes, base);
        self.debugger.rename_stops(&mut self.machine, &self.symbols);
        to_js(&SymbolsLoaded::from(loaded))
    }

    /// Adds what an assembler knows of the program that this machine boots.
    ///
    /// # Errors
    /// The argument is no such object.
    #[wasm_bindgen(js_name = loadProgram, unchecked_return_type = "SymbolsLoaded")]
    pub fn load_program(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "ProgramSymbols")] program: JsValue,
    ) -> Result<JsValue, JsError> {
        let program: Program = serde_wasm_bindgen::from_value(program)
            .map_err(|error| JsError::new(&format!("a program's symbols: {error}")))?;
        let loaded = self.symbols.load_program(program);
        self.debugger.rename_stops(&mut self.machine, &self.symbols);
        to_js(&SymbolsLoaded::from(loaded))
    }

    /// Has the symbols of a machine that is switched off: this is the same one, started again.
    #[wasm_bindgen(js_name = takeSymbols)]
    pub fn take_symbols(&mut self, from: &mut Pc) {
        self.symbols = std::mem::take(&mut from.symbols);
    }

    /// The files with symbols.
    ///
    /// # Errors
    /// None in practice: conversion of plain data.
    #[wasm_bindgen(js_name = symbolFiles, unchecked_return_type = "SymbolFile[]")]
    pub fn symbol_files(&self) -> Result<JsValue, JsError> {
        to_js(&self.symbols.files())
    }

    /// Forgets a file with symbols.
    #[wasm_bindgen(js_name = removeSymbols)]
    pub fn remove_symbols(&mut self, name: &str) -> bool {
        self.symbols.remove(name)
    }

    /// Forgets all symbols.
    #[wasm_bindgen(js_name = clearSymbols)]
    pub fn clear_symbols(&mut self) {
        self.symbols = Symbols::new();
    }

    /// The symbol that a linear address is in.
    ///
    /// # Errors
    /// None in practice: conversion of plain data.
    #[wasm_bindgen(js_name = symbolAt, unchecked_return_type = "SymbolView | null")]
    pub fn symbol_at(&self, linear: u32) -> Result<JsValue, JsError> {
        to_js(&self.symbols.at(linear))
    }

    /// Linear address of a symbol.
    ///
    /// # Errors
    /// None in practice: conversion of plain data.
    #[wasm_bindgen(js_name = symbolNamed, unchecked_return_type = "number | null")]
    pub fn symbol_named(&self, name: &str) -> Result<JsValue, JsError> {
        to_js(&self.symbols.named(name))
    }

    /// Symbols with a text in their name.
    ///
    /// # Errors
    /// None in practice: conversion of plain data.
    #[wasm_bindgen(js_name = searchSymbols, unchecked_return_type = "SymbolHit[]")]
    pub fn search_symbols(&self, text: &str, most: usize) -> Result<JsValue, JsError> {
        to_js(&self.symbols.search(text, most.min(MOST_NAMES)))
    }

    /// Linear address of a source line.
    ///
    /// # Errors
    /// None in practice: conversion of plain data.
    #[wasm_bindgen(js_name = lineAddress, unchecked_return_type = "number | null")]
    pub fn line_address(&self, file: &str, line: u32) -> Result<JsValue, JsError> {
        to_js(&self.symbols.line_address(file, line))
    }
}
