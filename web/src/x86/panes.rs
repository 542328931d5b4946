//! What the first panes ask: registers, memory, code. Shapes in `inspect.d.ts`.

use emu_core::inspect::manual::manual;
use emu_core::inspect::symbols::Symbols;
use emu_core::inspect::{AbsentRun, Search, Space, parse_address};
use emu_core::x86::tlb::Access;
use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::inspect::to_js;
use super::run::Pc;

/// The most bytes of one view of memory.
const MOST_BYTES: usize = 1 << 16;
const MOST_LINES: usize = 500;
const MOST_HITS: usize = 1000;

fn space_of(name: &str) -> Result<Space, JsError> {
    Space::from_name(name).ok_or_else(|| JsError::new(&format!("{name} is no address space")))
}

#[derive(Serialize)]
struct Refused<'a, E> {
    error: &'a E,
}

#[derive(Serialize)]
struct Found {
    space: String,
    offset: u64,
}

#[derive(Serialize)]
struct Bytes<'a> {
    bytes: &'a [u8],
    absent: &'a [AbsentRun],
}

#[wasm_bindgen]
impl Pc {
    /// `AllRegisters`.
    ///
    /// # Errors
    /// None in practice: conversion of plain data.
    #[wasm_bindgen(js_name = allRegisters)]
    pub fn all_registers(&self) -> Result<JsValue, JsError> {
        to_js(&self.machine.inspect().registers())
    }

    /// `MemoryView`.
    ///
    /// # Errors
    /// There is no such space.
    #[wasm_bindgen(js_name = readSpace)]
    pub fn read_space(&self, space: &str, offset: f64, length: usize) -> Result<JsValue, JsError> {
        let view = self.machine.inspect().read(space_of(space)?, offset as u64, length.min(MOST_BYTES));
        to_js(&Bytes { bytes: &view.bytes, absent: &view.absent })
    }

    /// `MemoryWritten`.
    ///
    /// # Errors
    /// There is no such space.
    #[wasm_bindgen(js_name = writeSpace)]
    pub fn write_space(&mut self, space: &str, offset: f64, bytes: &[u8]) -> Result<JsValue, JsError> {
        to_js(&self.machine.write_memory(space_of(space)?, offset as u64, bytes))
    }

    /// `MemoryHits`.
    ///
    /// # Errors
    /// There is no such space.
    #[wasm_bindgen(js_name = searchMemory)]
    pub fn search_memory(
        &self,
        space: &str,
        first: f64,
        last: f64,
        pattern: &[u8],
        fold_case: bool,
        most: usize,
    ) -> Result<JsValue, JsError> {
        let (first, last) = (first as u64, last as u64);
        let search = Search {
            space: space_of(space)?,
            first,
            last,
            pattern: pattern.to_vec(),
            fold_case,
            most: most.min(MOST_HITS),
        };
        to_js(&self.machine.inspect().search(&search))
    }

    /// `ParsedAddress`.
    ///
    /// # Errors
    /// None in practice: conversion of plain data.
    #[wasm_bindgen(js_name = parseAddress)]
    pub fn parse_address(&self, text: &str) -> Result<JsValue, JsError> {
        match parse_address(self.machine.inspect(), text, |_| None) {
            Ok(found) => to_js(&Found { space: found.space.name(), offset: found.offset }),
            Err(error) => to_js(&Refused { error: &error }),
        }
    }

    /// `TranslationView`.
    ///
    /// # Errors
    /// There is no such space or kind of access.
    pub fn translate(
        &self,
        space: &str,
        offset: f64,
        access: &str,
        size: u32,
        cpl: i32,
    ) -> Result<JsValue, JsError> {
        let access = match access {
            "read" => Access::Read,
            "write" => Access::Write,
            "execute" => Access::Execute,
            _ => return Err(JsError::new(&format!("{access} is no kind of access"))),
        };
        let look = self.machine.inspect();
        let cpl = u8::try_from(cpl).unwrap_or_else(|_| look.registers().cpl);
        to_js(&look.translate(space_of(space)?, offset as u64, access, size, cpl))
    }

    /// `CodeLine[]`.
    ///
    /// # Errors
    /// None in practice: conversion of plain data.
    pub fn code(&self, linear: u32, before: usize, after: usize) -> Result<JsValue, JsError> {
        let symbols = Symbols::new();
        to_js(&self.machine.inspect().code(linear, before.min(MOST_LINES), after.min(MOST_LINES), &symbols))
    }

    /// `ManualLine[]`.
    ///
    /// # Errors
    /// None in practice: conversion of plain data.
    pub fn manual(&self, mnemonic: &str) -> Result<JsValue, JsError> {
        to_js(&manual(mnemonic))
    }
}
