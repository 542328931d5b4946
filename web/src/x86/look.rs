//! What the debugger's panes ask for. The shapes of all answers are in `inspect.d.ts`, which goes into the module's own
//! declarations.

use emu_core::bus::view::PictureView;
use emu_core::inspect::{
    AbsentRun, LogFilter, MemoryView, MemoryWritten, Search, Space, TextError, Which, parse_address,
};
use emu_core::x86::tlb::Access;
use js_sys::{Object, Reflect, Uint8Array};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::inspect::to_js;
use super::run::Pc;
use crate::error::Error;

#[wasm_bindgen(typescript_custom_section)]
const SHAPES: &'static str = include_str!("inspect.d.ts");

/// The most bytes one `readSpace` gives.
const LARGEST_READ: usize = 64 << 10;
/// The most hits one search gives.
const MOST_HITS: usize = 1000;
/// The most lines of a list.
const MOST_LINES: usize = 1000;

fn space(name: &str) -> Result<Space, JsError> {
    Space::from_name(name).ok_or_else(|| {
        JsError::new(&format!(
            "no address space is called {name:?}: use linear, physical, es, cs, ss, ds, fs, gs or a selector"
        ))
    })
}

fn access(name: &str) -> Result<Access, JsError> {
    match name {
        "read" => Ok(Access::Read),
        "write" => Ok(Access::Write),
        "execute" => Ok(Access::Execute),
        _ => Err(JsError::new(&format!("no access is called {name:?}: use read, write or execute"))),
    }
}

/// An object with its bytes as a `Uint8Array`, which is what a pane wants of many.
fn with_bytes(object: JsValue, key: &str, bytes: &[u8]) -> Result<JsValue, JsError> {
    let object = Object::from(object);
    Reflect::set(&object, &key.into(), &Uint8Array::from(bytes))
        .map_err(|_| JsError::new("the answer could not be made"))?;
    Ok(object.into())
}

#[derive(Serialize)]
struct Absent {
    absent: Vec<AbsentRun>,
}

#[derive(Serialize)]
struct Size {
    width: u32,
    height: u32,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Parsed {
    Address { space: String, offset: u64 },
    Error { error: TextError },
}

#[derive(Serialize)]
struct Count {
    linear: u32,
    count: u64,
    symbol: Option<String>,
}

#[derive(Serialize)]
struct Hottest {
    on: bool,
    total: u64,
    lines: Vec<Count>,
}

fn filter(value: JsValue) -> Result<LogFilter, JsError> {
    if value.is_undefined() || value.is_null() {
        return Ok(LogFilter::default());
    }
    serde_wasm_bindgen::from_value(value).map_err(|error| JsError::new(&format!("the log's filter: {error}")))
}

/// A JavaScript number as an address: whole, not negative.
fn address(value: f64) -> u64 {
    value as u64
}

#[wasm_bindgen]
impl Pc {
    /// All registers, bit by bit.
    ///
    /// # Errors
    /// None in practice: conversion of plain data.
    #[wasm_bindgen(js_name = allRegisters, unchecked_return_type = "AllRegisters")]
    pub fn all_registers(&self) -> Result<JsValue, JsError> {
        to_js(&self.machine.inspect().registers())
    }

    /// Bytes of an address space, and what of them is absent and why.
    ///
    /// # Errors
    /// There is no such space.
    #[wasm_bindgen(js_name = readSpace, unchecked_return_type = "MemoryView")]
    pub fn read_space(&self, name: &str, offset: f64, length: usize) -> Result<JsValue, JsError> {
        let view = self.machine.inspect().read(space(name)?, address(offset), length.min(LARGEST_READ));
        let MemoryView { bytes, absent } = view;
        with_bytes(to_js(&Absent { absent })?, "bytes", &bytes)
    }

    /// Edits memory: all bytes or none.
    ///
    /// # Errors
    /// There is no such space.
    #[wasm_bindgen(js_name = writeSpace, unchecked_return_type = "MemoryWritten")]
    pub fn write_space(&mut self, name: &str, offset: f64, bytes: &[u8]) -> Result<JsValue, JsError> {
        let space = space(name)?;
        let bytes = &bytes[..bytes.len().min(LARGEST_READ)];
        let written = match self.machine.memory_edit(space, address(offset), bytes) {
            Err(absent) => MemoryWritten { written: 0, absent },
            Ok(edit) => {
                self.edit(edit).map_err(Error::Machine)?;
                MemoryWritten { written: bytes.len(), absent: Vec::new() }
            }
        };
        to_js(&written)
    }

    /// Searches memory, a piece at a time. Where the pattern has more than 255 any byte will do.
    ///
    /// # Errors
    /// There is no such space.
    #[wasm_bindgen(js_name = searchMemory, unchecked_return_type = "MemoryHits")]
    pub fn search_memory(
        &self,
        name: &str,
        first: f64,
        last: f64,
        pattern: &[u16],
        fold_case: bool,
        most: usize,
    ) -> Result<JsValue, JsError> {
        let search = Search {
            space: space(name)?,
            first: address(first),
            last: address(last),
            pattern: pattern.iter().map(|&byte| u8::try_from(byte).ok()).collect(),
            fold_case,
            most: most.min(MOST_HITS),
        };
        to_js(&self.machine.inspect().search(&search))
    }

    /// Understands an address as it is typed.
    ///
    /// # Errors
    /// None in practice: what is wrong with the text is in the answer.
    #[wasm_bindgen(js_name = parseAddress, unchecked_return_type = "ParsedAddress")]
    pub fn parse_address(&self, text: &str) -> Result<JsValue, JsError> {
        let parsed = parse_address(self.machine.inspect(), text, &self.symbols);
        to_js(&match parsed {
            Ok(parsed) => Parsed::Address { space: parsed.space.name(), offset: parsed.offset },
            Err(error) => Parsed::Error { error },
        })
    }

    /// Explains an access to an address.
    ///
    /// # Errors
    /// There is no such space or kind of access.
    #[wasm_bindgen(unchecked_return_type = "TranslationView")]
    pub fn translate(
        &self,
        name: &str,
        offset: f64,
        kind: &str,
        size: u32,
        cpl: i32,
    ) -> Result<JsValue, JsError> {
        let look = self.machine.inspect();
        let cpl = u8::try_from(cpl).unwrap_or_else(|_| look.cpl());
        to_js(&look.translate(space(name)?, address(offset), access(kind)?, size, cpl))
    }

    /// Entries of the GDT, LDT, IDT or of the real mode's vectors.
    ///
    /// # Errors
    /// There is no such table.
    #[wasm_bindgen(js_name = descriptorTable, unchecked_return_type = "DescriptorTable")]
    pub fn descriptor_table(&self, which: &str, first: u32, count: u32) -> Result<JsValue, JsError> {
        let which = Which::from_name(which).ok_or_else(|| {
            JsError::new(&format!("no table is called {which:?}: use gdt, ldt, idt or ivt"))
        })?;
        to_js(&self.machine.inspect().descriptor_table(which, first, count, &self.symbols))
    }

    /// A task state segment.
    ///
    /// # Errors
    /// None in practice: conversion of plain data.
    #[wasm_bindgen(unchecked_return_type = "TssView | null")]
    pub fn tss(&self, selector: u16) -> Result<JsValue, JsError> {
        to_js(&self.machine.inspect().tss(selector))
    }

    /// A paging structure.
    ///
    /// # Errors
    /// None in practice: conversion of plain data.
    #[wasm_bindgen(js_name = pageTable, unchecked_return_type = "PageTable")]
    pub fn page_table(&self, node: &str, first: usize, count: usize) -> Result<JsValue, JsError> {
        to_js(&self.machine.inspect().page_table(node, first, count))
    }

    /// Code before and after a linear address, in NASM's syntax unless another is named.
    ///
    /// # Errors
    /// There is no such syntax.
    #[wasm_bindgen(unchecked_return_type = "CodeLine[]")]
    pub fn code(
        &self,
        linear: u32,
        before: usize,
        after: usize,
        #[wasm_bindgen(unchecked_optional_param_type = "Syntax")] syntax: Option<String>,
    ) -> Result<JsValue, JsError> {
        let name = syntax.as_deref().unwrap_or("nasm");
        let syntax =
            Syntax::from_name(name).ok_or_else(|| JsError::new(&format!("there is no syntax {name}")))?;
        to_js(&self.machine.inspect().code_in(syntax, linear, before, after, &self.symbols))
    }

    /// What the manual says of a mnemonic.
    ///
    /// # Errors
    /// None in practice: conversion of plain data.
    #[wasm_bindgen(unchecked_return_type = "ManualLine[]")]
    pub fn manual(&self, mnemonic: &str) -> Result<JsValue, JsError> {
        to_js(&emu_core::inspect::manual::manual(mnemonic))
    }

    /// Counts how often each instruction runs, from 0 on, or stops counting.
    #[wasm_bindgen(js_name = setCounting)]
    pub fn set_counting(&mut self, on: bool) {
        self.machine.set_counting(on);
    }

    /// The instructions that ran most often.
    ///
    /// # Errors
    /// None in practice: conversion of plain data.
    #[wasm_bindgen(unchecked_return_type = "Hottest")]
    pub fn hottest(&self, count: usize) -> Result<JsValue, JsError> {
        let (total, lines) = self.machine.inspect().hottest(count.min(MOST_LINES));
        let line = |(linear, count)| Count { linear, count, symbol: self.symbols.name_at(linear) };
        let lines = lines.into_iter().map(line).collect();
        to_js(&Hottest { on: self.machine.inspect().counting(), total, lines })
    }

    /// Switches the event logs.
    #[wasm_bindgen(js_name = setEventLogs)]
    pub fn set_event_logs(&mut self, interrupts: bool, ports: bool, capacity: usize) {
        self.machine.set_event_logs(interrupts, ports, capacity);
    }

    /// Interrupts and exceptions.
    ///
    /// # Errors
    /// The filter is none.
    #[wasm_bindgen(js_name = interruptLog, unchecked_return_type = "EventLog<InterruptEvent>")]
    pub fn interrupt_log(
        &self,
        #[wasm_bindgen(unchecked_param_type = "LogFilter")] wanted: JsValue,
    ) -> Result<JsValue, JsError> {
        to_js(&self.machine.inspect().interrupt_log(&filter(wanted)?, &self.symbols))
    }

    /// Accesses to I/O ports.
    ///
    /// # Errors
    /// The filter is none.
    #[wasm_bindgen(js_name = portLog, unchecked_return_type = "EventLog<PortEvent>")]
    pub fn port_log(
        &self,
        #[wasm_bindgen(unchecked_param_type = "LogFilter")] wanted: JsValue,
    ) -> Result<JsValue, JsError> {
        to_js(&self.machine.inspect().port_log(&filter(wanted)?, &self.symbols))
    }

    /// The stack from its top on.
    ///
    /// # Errors
    /// None in practice: conversion of plain data.
    #[wasm_bindgen(unchecked_return_type = "StackView")]
    pub fn stack(&self, cells: usize) -> Result<JsValue, JsError> {
        to_js(&self.machine.inspect().stack(cells, &self.symbols))
    }

    /// The devices.
    ///
    /// # Errors
    /// None in practice: conversion of plain data.
    #[wasm_bindgen(unchecked_return_type = "DeviceName[]")]
    pub fn devices(&self) -> Result<JsValue, JsError> {
        to_js(&self.machine.inspect().devices())
    }

    /// A device's registers.
    ///
    /// # Errors
    /// None in practice: conversion of plain data.
    #[wasm_bindgen(unchecked_return_type = "DeviceView | null")]
    pub fn device(&self, name: &str) -> Result<JsValue, JsError> {
        to_js(&self.machine.inspect().device(name))
    }

    /// A picture of a device's memory.
    ///
    /// # Errors
    /// None in practice: conversion of plain data.
    #[wasm_bindgen(js_name = devicePicture, unchecked_return_type = "DevicePicture | null")]
    pub fn device_picture(&self, device: &str, picture: &str) -> Result<JsValue, JsError> {
        let Some(found) = self.machine.inspect().device_picture(device, picture) else {
            return Ok(JsValue::NULL);
        };
        let PictureView { width, height, rgba } = found;
        with_bytes(to_js(&Size { width, height })?, "rgba", &rgba)
    }
}
