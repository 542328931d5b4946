//! Genesis blocks of networks.

use super::*;
use crate::chain::{Genesis, PRESETS};
use serde_json::{Value, json};

/// Sepolia's genesis (eth-clients/sepolia, `metadata/genesis.json`), with the preset as its `config`.
fn sepolia() -> Value {
    let config: Value = serde_json::from_str(PRESETS[1].1).unwrap();
    let million = "0xD3C21BCECCEDA1000000";
    let rich = "0x52B7D2DCC80CD2E4000000";
    json!({
        "config": config,
        "alloc": {
            "0xa2A6d93439144FFE4D27c9E088dCD8b783946263": {"balance": million},
            "0xBc11295936Aa79d594139de1B2e12629414F3BDB": {"balance": million},
            "0x7cF5b79bfe291A67AB02b393E456cCc4c266F753": {"balance": million},
            "0xaaec86394441f915bce3e6ab399977e9906f3b69": {"balance": million},
            "0xF47CaE1CF79ca6758Bfc787dbD21E6bdBe7112B8": {"balance": million},
            "0xd7eDDB78ED295B3C9629240E8924fb8D8874ddD8": {"balance": million},
            "0x8b7F0977Bb4f0fBE7076FA22bC24acA043583F5e": {"balance": million},
            "0xe2e2659028143784d557bcec6ff3a0721048880a": {"balance": million},
            "0xd9a5179f091d85051d3c982785efd1455cec8699": {"balance": million},
            "0xbeef32ca5b9a198d27B4e02F4c70439fE60356Cf": {"balance": million},
            "0x0000006916a87b82333f4245046623b23794c65c": {"balance": "0x84595161401484A000000"},
            "0xb21c33de1fab3fa15499c62b59fe0cc3250020d1": {"balance": rich},
            "0x10F5d45854e038071485AC9e402308cF80D2d2fE": {"balance": rich},
            "0xd7d76c58b3a519e9fA6Cc4D22dC017259BC49F1E": {"balance": rich},
            "0x799D329e5f583419167cD722962485926E338F4a": {"balance": "0xDE0B6B3A7640000"},
        },
        "coinbase": "0x0000000000000000000000000000000000000000",
        "difficulty": "0x20000",
        "extraData": "0x5365706f6c69612c20417468656e732c204174746963612c2047726565636521",
        "gasLimit": "0x1c9c380",
        "nonce": "0x000000000000000",
        "mixhash": "0x0000000000000000000000000000000000000000000000000000000000000000",
        "parentHash": "0x0000000000000000000000000000000000000000000000000000000000000000",
        "timestamp": "0x6159af19",
    })
}

#[test]
fn genesis_of_sepolia_has_its_hash() {
    let genesis = Genesis::from_json(&sepolia().to_string()).unwrap();
    let chain = genesis.chain.clone().unwrap();
    assert_eq!(chain.chain_id, 11_155_111);
    let expected = "25a5cc106eea7138acab33231d7160d69cb777ee0c2c553fcddf5138993e6dd9";
    assert_eq!(genesis.header(&chain).hash(), expected.parse().unwrap());
}

/// The main network's is too large to come along: GLASSBOX_MAINNET_GENESIS names the file. Block 1 is known by its state
/// root.
#[test]
fn genesis_of_the_main_network_has_its_hash_and_block_1_follows() {
    let Ok(path) = std::env::var("GLASSBOX_MAINNET_GENESIS") else { return };
    let genesis = Genesis::from_json(&std::fs::read_to_string(path).unwrap()).unwrap();
    let chain = ChainConfig::preset("mainnet").unwrap();
    let header = genesis.header(&chain);
    let hash = "d4e56740f876aef8c010b86a40d5f56745a118d0906a34e69aec8c0db1cb8fa3";
    assert_eq!(header.hash(), hash.parse().unwrap());
    let mut history = History::new(chain, header, genesis.world);
    let header = Header { timestamp: 1_438_269_988, ..Header::default() };
    let mut block = child(&history, history.head().block.hash, Block { header, ..Block::default() });
    block.header.coinbase = "05a56e2d52c817161883f50c441c3228cfe54d9f".parse().unwrap();
    let root = "d67e4d450343046425ae4271474353857ab860dbc0a1dde64b41b5cd3a532bf3";
    block.header.state_root = root.parse().unwrap();
    history.import(&block, &K256).unwrap();
}

#[test]
fn fields_of_forks_follow_from_the_chain() {
    let genesis = |fork: &str| {
        let chain = ChainConfig::of_network(fork).unwrap();
        Genesis::from_json(r#"{"alloc": {}}"#).unwrap().header(&chain)
    };
    let (old, new) = (genesis("Berlin"), genesis("Prague"));
    assert_eq!((old.difficulty, old.gas_limit, old.base_fee), (131_072.into(), 4_712_388, None));
    assert_eq!((new.difficulty, new.base_fee), (U256::zero(), Some(GWEI.into())));
    assert_eq!((new.excess_blob_gas, new.requests_hash), (Some(0), Some(NO_REQUESTS)));
    assert_eq!(new.withdrawals_root, Some(withdrawals_root(&[])));
}

#[test]
fn errors_name_the_place() {
    for (text, expected) in [
        ("{}", "$: the key \"alloc\" is missing"),
        (r#"{"alloc": {"x": {}}}"#, "$.alloc.x: this key is no address"),
        (r#"{"alloc": {}, "gaslimit": 1}"#, "did you mean \"gasLimit\"?"),
        (r#"{"alloc": {}, "config": {"chainId": "x"}}"#, "$.config.chainId: expected a whole number"),
        (r#"{"alloc": {}, "nonce": "0x10000000000000000"}"#, "$.nonce: expected a whole number below 2^64"),
        ("{", "not JSON: EOF while parsing"),
    ] {
        let error = Genesis::from_json(text).expect_err(text).to_string();
        assert!(error.contains(expected), "{error}\nlacks: {expected}");
    }
}
