//! JavaScript bindings of the Glassbox engines: nothing but translation between JavaScript values and the engines'
//! façades. One call crosses this border per run slice, never per instruction; pictures are read in place from wasm
//! memory.

pub mod error;
pub mod host;
pub mod x86;
