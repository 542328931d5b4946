//! SHA-256 of the host, to compare guests' with.

use sha2::{Digest, Sha256};

/// The hash as the program `sha256sum` prints it.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
