//! Lines of traces on their way to JavaScript.

use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// Something with a method `write` that takes a trace's lines, many at once.
    pub type LineSink;

    /// Takes lines.
    #[wasm_bindgen(method)]
    pub fn write(this: &LineSink, lines: &str);
}

/// Bytes of lines that are handed over at once.
const CHUNK: usize = 1 << 16;

/// Lines that are not handed over yet.
#[derive(Debug, Default)]
pub struct Lines(String);

impl Lines {
    /// Adds a line; hands over what there is when it is enough.
    pub fn add(&mut self, line: &str, write: impl FnOnce(&str)) {
        self.0.push_str(line);
        self.0.push('\n');
        if self.0.len() >= CHUNK {
            self.flush(write);
        }
    }

    /// Hands over what there is.
    pub fn flush(&mut self, write: impl FnOnce(&str)) {
        if !self.0.is_empty() {
            write(&self.0);
            self.0.clear();
        }
    }
}
