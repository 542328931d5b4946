//! Names that users choose from.

use evm_core::fork::Fork;
use wasm_bindgen::prelude::*;

/// Names of all forks, oldest first.
#[wasm_bindgen]
pub fn forks() -> Vec<String> {
    Fork::ALL.iter().map(|fork| fork.name().to_string()).collect()
}

/// True if a fork has this name; case, spaces, `_` and `-` do not count.
#[wasm_bindgen(js_name = isFork)]
pub fn is_fork(name: &str) -> bool {
    Fork::by_name(name).is_some()
}

/// Names of the chains that come along.
#[wasm_bindgen]
pub fn presets() -> Vec<String> {
    evm_core::chain::PRESETS.iter().map(|(name, _)| name.to_string()).collect()
}
