//! Addresses of new contracts.

use crate::keccak::keccak256;
use crate::{Address, U256};

/// Address of the contract that `sender` creates with its `nonce`: the end of KECCAK(RLP([sender, nonce])).
pub fn create_address(sender: &Address, nonce: u64) -> Address {
    let bytes = nonce.to_be_bytes();
    let nonce = &bytes[bytes.iter().position(|byte| *byte != 0).unwrap_or(8)..];
    let mut rlp = vec![0, 0x94];
    rlp.extend_from_slice(&sender.0);
    match nonce {
        [small] if *small < 0x80 => rlp.push(*small),
        _ => {
            rlp.push(0x80 + nonce.len() as u8);
            rlp.extend_from_slice(nonce);
        }
    }
    rlp[0] = 0xC0 + (rlp.len() - 1) as u8;
    Address::from_slice(&keccak256(&rlp)[12..])
}

/// Address of the contract that `sender` creates with `salt` from `init` code (EIP-1014).
pub fn create2_address(sender: &Address, salt: &U256, init: &[u8]) -> Address {
    let parts = [&[0xFF], &sender.0[..], &crate::word::to_be_bytes(*salt), &keccak256(init).0].concat();
    Address::from_slice(&keccak256(&parts)[12..])
}
