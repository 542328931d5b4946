//! Addresses of contracts that transactions and instructions create.

use crate::keccak::keccak256;
use crate::rlp;
use crate::{Address, H256, U256};

/// Address of the contract that `creator` makes by a transaction, or by CREATE, when it has this nonce (equation 88).
pub fn create_address(creator: Address, nonce: u64) -> Address {
    let encoded = rlp::list(|writer| {
        writer.bytes(creator.as_bytes());
        writer.u64(nonce);
    });
    last_20(keccak256(&encoded))
}

/// Address of the contract that `creator` makes by CREATE2 (EIP-1014), from the hash of the init code.
pub fn create2_address(creator: Address, salt: U256, init_code_hash: H256) -> Address {
    let mut bytes = [0; 1 + 20 + 32 + 32];
    bytes[0] = 0xFF;
    bytes[1..21].copy_from_slice(creator.as_bytes());
    bytes[21..53].copy_from_slice(&salt.to_big_endian());
    bytes[53..].copy_from_slice(init_code_hash.as_bytes());
    last_20(keccak256(&bytes))
}

fn last_20(hash: H256) -> Address {
    Address::from_slice(&hash[12..])
}
