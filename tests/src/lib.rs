//! Helpers for the tests that cross crates.
//!
//! [`Guest`] is a system to boot, found in the manifest that set-up writes; [`Pc`] is a machine that runs it, with all it
//! said so far. What the tests of `tests/tests` share is here and nowhere else.

pub mod determinism;
pub mod fuzz;
mod guest;
pub mod host_cpu;
pub mod iced;
mod keyboard;
mod pc;
mod random;
mod sha256;
pub mod system;
pub mod vectors;

pub use guest::{Files, Guest, bios_config, boxed, firmware, guests_folder};
pub use keyboard::keys_of;
pub use pc::{Limit, Pc};
pub use random::Random;
pub use sha256::sha256;
