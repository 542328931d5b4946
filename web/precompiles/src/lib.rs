//! The cryptography of precompiled contracts and signatures, for JavaScript: a wasm module of its own, so that a page
//! loads it only when the EVM first asks for it. Results are `undefined` where the input is invalid.

use evm_core::precompiles::{Crypto, Precompile};
use evm_core::{H256, U256};
use evm_precompiles::Native;
use wasm_bindgen::prelude::*;

/// Output of the precompiled contract with the number `which`: its address on the main network.
#[wasm_bindgen]
pub fn run(which: u16, input: &[u8]) -> Option<Vec<u8>> {
    Native.run(Precompile::from_number(which)?, input).ok()
}

/// The 20 bytes of the address that signed `hash` with `r` and `s`, 32 bytes each, big-endian.
#[wasm_bindgen]
pub fn recover(hash: &[u8], odd_y: bool, r: &[u8], s: &[u8]) -> Option<Vec<u8>> {
    let [r, s] = [word(r)?, word(s)?].map(|word| U256::from_big_endian(word.as_bytes()));
    Some(Native.recover(word(hash)?, odd_y, r, s).ok()?.as_bytes().to_vec())
}

/// Signature of `hash` in 85 bytes: whether y is odd (1 byte), r, s (32 each), and the signer's address (20).
#[wasm_bindgen]
pub fn sign(hash: &[u8], secret_key: &[u8]) -> Option<Vec<u8>> {
    let (odd_y, r, s, signer) = Native.sign(word(hash)?, word(secret_key)?).ok()?;
    Some([&[u8::from(odd_y)], &r.to_big_endian()[..], &s.to_big_endian(), signer.as_bytes()].concat())
}

/// 32 bytes; anything else is no word.
fn word(bytes: &[u8]) -> Option<H256> {
    Some(H256(bytes.try_into().ok()?))
}
