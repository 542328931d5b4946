//! JavaScript bindings of the Glassbox EVM: nothing but translation between JavaScript values and `evm-core`. What has
//! many parts crosses this border as JSON, which JavaScript reads faster than wasm builds objects.

mod assembler;
mod error;

pub use assembler::{assemble, built_in_macros, disassemble, disassemble_text, forks, is_fork};
pub use error::{last_panic, start};
