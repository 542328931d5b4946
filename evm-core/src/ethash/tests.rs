//! Against mainnet's own blocks, whose hashes everyone knows.

use super::cache::cache_bytes;
use super::*;
use crate::Address;
use crate::block::{NO_OMMERS, transactions_root};

fn h256(hex: &str) -> H256 {
    H256::from_slice(&hex::decode(hex).expect("hexadecimal"))
}

/// Mainnet's block 1.
fn first() -> Header {
    let empty = transactions_root(&[]);
    Header {
        parent_hash: h256("d4e56740f876aef8c010b86a40d5f56745a118d0906a34e69aec8c0db1cb8fa3"),
        ommers_hash: NO_OMMERS,
        coinbase: Address::from_slice(
            &hex::decode("05a56e2d52c817161883f50c441c3228cfe54d9f").expect("hexadecimal"),
        ),
        state_root: h256("d67e4d450343046425ae4271474353857ab860dbc0a1dde64b41b5cd3a532bf3"),
        transactions_root: empty,
        receipts_root: empty,
        difficulty: 17_171_480_576u64.into(),
        number: 1,
        gas_limit: 5_000,
        timestamp: 1_438_269_988,
        extra_data: hex::decode("476574682f76312e302e302f6c696e75782f676f312e342e32").expect("hexadecimal"),
        prev_randao: h256("969b900de27b6ac6a67742365dd65f55a0526c41fd18e1b16f1a1215c2e66f59"),
        nonce: [0x53, 0x9B, 0xD4, 0x97, 0x9F, 0xEF, 0x1E, 0xC4],
        ..Header::default()
    }
}

#[test]
fn mainnets_first_block_is_sealed() {
    let header = first();
    let hash = h256("88e96d4537bea4d9c05d12549907b32561d3bf31f45aae734cdc119f13406cb6");
    assert_eq!(header.hash(), hash, "the header is mainnet's");
    let mut ethash = Ethash::default();
    assert_eq!(ethash.verify(&header), Ok(()));

    let other = Header { nonce: [0x53, 0x9B, 0xD4, 0x97, 0x9F, 0xEF, 0x1E, 0xC5], ..header.clone() };
    let Err(SealError::Mix { expected, .. }) = ethash.verify(&other) else {
        panic!("another nonce, another mix")
    };
    // With the mix that belongs to it, what is wrong is that a nonce at random shows no work.
    assert_eq!(ethash.verify(&Header { prev_randao: expected, ..other }), Err(SealError::Work));
    let changed = Header { gas_used: 1, ..header.clone() };
    assert!(matches!(ethash.verify(&changed), Err(SealError::Mix { .. })), "the seal is of the whole header");
    let late = Header { number: u64::MAX, ..header };
    assert_eq!(ethash.verify(&late), Err(SealError::Epoch(u64::MAX)));
}

/// The first sizes of the tables that the wiki's specification of Ethash ends with.
#[test]
fn sizes_are_the_specifications() {
    assert_eq!([0, 1, 2].map(cache_bytes), [16_776_896, 16_907_456, 17_039_296]);
    assert_eq!([0, 1, 2].map(dataset_bytes), [1_073_739_904, 1_082_130_304, 1_090_514_816]);
}
