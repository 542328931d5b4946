//! JavaScript bindings of the Glassbox EVM: nothing but translation between JavaScript values and `evm-core`. What has
//! many parts crosses this border as JSON, which JavaScript reads faster than wasm builds objects.

mod crypto;
mod error;
mod lines;
mod names;
mod session;

pub use crypto::{Loaded, Precompiles, set_precompiles};
pub use error::{Error, last_panic, start};
pub use lines::{LineSink, Lines};
pub use names::{forks, is_fork, presets};
pub use session::{
    EvmSession, Mark, NotReady, Plan, Ready, Session, Survey, Surveyed, Travel, compare, compare_sessions,
};

/// Bytes as hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .map(|digit| char::from(DIGITS[digit as usize]))
        .collect()
}
