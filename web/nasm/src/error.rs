//! The one place where host errors become JavaScript errors, and where a panic leaves its message.

use std::cell::RefCell;
use std::fmt;

use wasm_bindgen::prelude::*;

thread_local! {
    static LAST_PANIC: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// What is wrong with what JavaScript asked for.
#[derive(Clone, Debug, PartialEq)]
pub enum Error {
    /// The options are no JSON, or have other fields.
    Options(String),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Options(why) => {
                write!(f, "the options are JSON with bits, includes and defines, each of which may be left out: {why}")
            }
        }
    }
}

impl std::error::Error for Error {}

/// Installs the panic hook; called when the module starts.
#[wasm_bindgen(start)]
pub fn start() {
    std::panic::set_hook(Box::new(|info| {
        LAST_PANIC.with(|slot| {
            if let Ok(mut slot) = slot.try_borrow_mut() {
                *slot = Some(info.to_string());
            }
        });
    }));
}

/// The message of the panic that ended this module, if one did: a trap itself carries no text.
#[wasm_bindgen(js_name = lastPanic)]
pub fn last_panic() -> Option<String> {
    LAST_PANIC.with(|slot| slot.try_borrow().ok().and_then(|message| message.clone()))
}
