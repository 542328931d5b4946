//! Ethereum's test suites.

use evm_core::suite::{self, Failure, Selection, Verdict};
use serde_json::{Value, json};
use wasm_bindgen::prelude::*;

use crate::{Error, Loaded};
use glassbox_evm_web::{LineSink, Lines};

/// Runs the cases of a test file's text; with `as_blocks` every state test once more as a block. JSON: `{"passed",
/// "failed", "cases"}`, where `cases` are those that failed, or with `all` every one: `{"name", "fork", "index", "pass", "error", "text"}`, the last two only of those that failed.
/// `undefined`: load the module `precompiles`, and begin again.
///
/// # Errors
/// The text is no JSON, or no object of cases.
#[wasm_bindgen(js_name = runTests)]
pub fn run_tests(
    text: &str,
    fork: Option<String>,
    filter: Option<String>,
    as_blocks: bool,
    all: bool,
) -> Result<Option<String>, JsError> {
    let selection = Selection { fork, filter, as_blocks };
    let (mut passed, mut failed, mut unavailable) = (0u32, 0u32, false);
    let mut cases = Vec::new();
    let mut report = |verdict: Verdict| {
        unavailable |= matches!(verdict.failure, Some(Failure::NeedsCrypto));
        let pass = verdict.failure.is_none();
        if pass {
            passed += 1
        } else {
            failed += 1
        }
        if all || !pass {
            cases.push(shown(&verdict));
        }
    };
    suite::run(text, &selection, &Loaded, &mut report).map_err(|error| Error::Told(error.to_string()))?;
    if unavailable {
        return Ok(None);
    }
    Ok(Some(json!({"passed": passed, "failed": failed, "cases": cases}).to_string()))
}

/// Runs the cases of a test file's text and hands what the transactions of state tests do to `sink`, as lines of
/// EIP-3155. Gives the number of these transactions. The module `precompiles` must be loaded.
///
/// # Errors
/// The text is no JSON, or no object of cases.
#[wasm_bindgen(js_name = traceTests)]
pub fn trace_tests(
    text: &str,
    fork: Option<String>,
    filter: Option<String>,
    sink: &LineSink,
) -> Result<usize, JsError> {
    let selection = Selection { fork, filter, as_blocks: false };
    let mut lines = Lines::default();
    let mut take = |line: &str| lines.add(line, |lines| sink.write(lines));
    let traced = suite::run_traced(text, &selection, &Loaded, &mut |_| (), &mut take);
    let count = traced.map_err(|error| Error::Told(error.to_string()))?;
    lines.flush(|lines| sink.write(lines));
    Ok(count)
}

fn shown(verdict: &Verdict) -> Value {
    let Verdict { case, fork, index, failure } = verdict;
    let mut object = json!({"name": case, "fork": fork, "index": index, "pass": failure.is_none()});
    if let Some(failure) = failure {
        object["error"] = failure.to_string().into();
        object["text"] = verdict.to_string().into();
    }
    object
}
