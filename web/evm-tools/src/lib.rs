//! The EVM's bindings with what only the terminal needs: a wasm module of its own, so that the page's stays small. All
//! that `glassbox-evm-web` has is in it too.

mod lines;
mod run;
mod suite;
mod transition;

pub use glassbox_evm_asm_web::{assemble, built_in_macros, disassemble, disassemble_text};
pub use glassbox_evm_web::{Error, Loaded};
pub use run::run_code;
pub use suite::{run_tests, trace_tests};
pub use transition::{member_of, transition};
