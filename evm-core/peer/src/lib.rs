//! The same programs through the Glassbox EVM and through revm.

pub mod cases;
#[cfg(not(target_arch = "wasm32"))]
pub mod fuzz;
pub mod glassbox;
pub mod peer;
#[cfg(not(target_arch = "wasm32"))]
pub mod snailtracer;
pub mod walks;
#[cfg(target_arch = "wasm32")]
mod wasm;
