//! Code by itself, as `glassbox evm run` runs it.

use evm_core::run::{self, Request};
use wasm_bindgen::prelude::*;

use crate::{Error, Loaded};
use glassbox_evm_web::{LineSink, Lines};

/// Runs code: `request` is the JSON of `evm_core::run::Request::from_json`. Gives the JSON of its report, with the state
/// if `with_state`, and under `trace` what was traced; lines of EIP-3155 go to `sink`. `undefined`: load the module
/// `precompiles`, and begin again, with lines again.
///
/// # Errors
/// The request makes no sense: the part, its place, the remedy.
#[wasm_bindgen(js_name = runCode)]
pub fn run_code(request: &str, with_state: bool, sink: Option<LineSink>) -> Result<Option<String>, JsError> {
    let request = Request::from_json(request).map_err(|error| Error::Told(error.to_string()))?;
    let mut lines = Lines::default();
    let mut take = |line: &str| {
        let Some(sink) = &sink else { return };
        lines.add(line, |lines| sink.write(lines));
    };
    let Ok(report) = run::run(&request, &Loaded, &mut take) else { return Ok(None) };
    if let Some(sink) = &sink {
        lines.flush(|lines| sink.write(lines));
    }
    let mut text = report.to_json(with_state).to_string();
    if let Some(trace) = &report.trace {
        // JSON already, and deeper than a parser may go.
        text.pop();
        text.push_str(r#","trace":"#);
        text.push_str(trace);
        text.push('}');
    }
    Ok(Some(text))
}
