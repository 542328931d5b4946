//! Lines of traces of several transactions on their way to JavaScript.

use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// Something with a method `write` that takes the place of a transaction, its hash, and lines of its trace.
    pub type TraceSink;

    #[wasm_bindgen(method, js_name = write)]
    pub(crate) fn write_of(this: &TraceSink, index: usize, hash: &str, lines: &str);
}
