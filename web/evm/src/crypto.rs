//! The cryptography of the second wasm module, as JavaScript hands it over.

use std::cell::RefCell;

use evm_core::precompiles::{Crypto, CryptoError, Precompile};
use evm_core::{Address, H256, U256};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// The module `precompiles`.
    pub type Precompiles;

    #[wasm_bindgen(method)]
    fn run(this: &Precompiles, which: u16, input: &[u8]) -> Option<Vec<u8>>;

    #[wasm_bindgen(method)]
    fn recover(this: &Precompiles, hash: &[u8], odd_y: bool, r: &[u8], s: &[u8]) -> Option<Vec<u8>>;

    #[wasm_bindgen(method)]
    fn sign(this: &Precompiles, hash: &[u8], secret_key: &[u8]) -> Option<Vec<u8>>;
}

thread_local! {
    static MODULE: RefCell<Option<Precompiles>> = const { RefCell::new(None) };
}

/// Hands over the module `precompiles`, with `run`, `recover` and `sign`. Until then whatever needs one of these gives
/// `undefined`, and is to be begun again.
#[wasm_bindgen(js_name = setPrecompiles)]
pub fn set_precompiles(module: Precompiles) {
    MODULE.with(|slot| *slot.borrow_mut() = Some(module));
}

/// That module, or none yet.
#[derive(Clone, Copy, Debug)]
pub struct Loaded;

impl Loaded {
    fn with<T>(self, ask: impl FnOnce(&Precompiles) -> Option<T>) -> Result<T, CryptoError> {
        MODULE.with(|slot| match &*slot.borrow() {
            None => Err(CryptoError::Unavailable),
            Some(module) => ask(module).ok_or(CryptoError::Invalid),
        })
    }
}

impl Crypto for Loaded {
    fn run(&self, which: Precompile, input: &[u8]) -> Result<Vec<u8>, CryptoError> {
        self.with(|module| module.run(which.number(), input))
    }

    fn recover(&self, hash: H256, odd_y: bool, r: U256, s: U256) -> Result<Address, CryptoError> {
        self.with(|module| {
            let signer = module.recover(&hash.0, odd_y, &r.to_big_endian(), &s.to_big_endian())?;
            Some(Address(signer.try_into().ok()?))
        })
    }

    fn sign(&self, hash: H256, secret_key: H256) -> Result<(bool, U256, U256, Address), CryptoError> {
        self.with(|module| {
            let signature = module.sign(&hash.0, &secret_key.0)?;
            let (odd_y, rest) = signature.split_first()?;
            let (r, rest) = rest.split_at_checked(32)?;
            let (s, signer) = rest.split_at_checked(32)?;
            let signer = Address(signer.try_into().ok()?);
            Some((*odd_y != 0, U256::from_big_endian(r), U256::from_big_endian(s), signer))
        })
    }
}
