use super::*;
use crate::precompiles::Precompile;
use crate::rules::{GAS_PER_BLOB, StateGas, TxParts};
use serde_json::{Value, json};

mod fuzz;

fn preset(name: &str) -> ChainConfig {
    let (_, text) = PRESETS.iter().find(|(each, _)| *each == name).expect("a preset");
    ChainConfig::from_json(text).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn at(chain: &ChainConfig, number: u64, timestamp: u64) -> Fork {
    chain.fork_at(&Position::new(number, timestamp))
}

fn refused(value: &Value) -> String {
    ChainConfig::from_value(value).expect_err("refused").to_string()
}

#[test]
fn presets_are_read() {
    for (name, _) in PRESETS {
        assert_eq!(preset(name).name, name);
        assert_eq!(ChainConfig::preset(name), Some(preset(name)));
    }
    assert_eq!(ChainConfig::preset("rinkeby"), None);
    let ids = PRESETS.map(|(name, _)| preset(name).chain_id);
    assert_eq!(ids, [1, 11_155_111, 560_048, 901]);
}

#[test]
fn blocks_of_the_main_network_have_their_forks() {
    let chain = preset("mainnet");
    assert_eq!(at(&chain, 0, 1_438_269_973), Fork::Frontier);
    assert_eq!(at(&chain, 1_149_999, 1_457_981_342), Fork::Frontier);
    assert_eq!(at(&chain, 1_150_000, 1_457_981_393), Fork::Homestead);
    assert_eq!(at(&chain, 1_920_000, 1_469_020_840), Fork::DaoFork);
    assert_eq!(at(&chain, 7_280_000, 1_551_383_524), Fork::Petersburg);
    assert_eq!(at(&chain, 12_965_000, 1_628_166_822), Fork::London);
    assert_eq!(at(&chain, 15_537_393, 1_663_224_162), Fork::GrayGlacier);
    assert_eq!(at(&chain, 15_537_394, 1_663_224_179), Fork::Paris);
    assert_eq!(at(&chain, 17_034_869, 1_681_338_443), Fork::Paris);
    assert_eq!(at(&chain, 17_034_870, 1_681_338_455), Fork::Shanghai);
    assert_eq!(at(&chain, u64::MAX, u64::MAX), Fork::LATEST);
}

/// Since the Beacon chain's genesis a slot lasts 12 s and an epoch 32 slots; the epochs are those of the consensus
/// layer's configuration files.
#[test]
fn forks_of_proof_of_stake_start_at_their_epochs() {
    use Fork::{Bpo1, Bpo2, Cancun, Osaka, Prague, Shanghai};
    let networks = [
        ("mainnet", 1_606_824_023, [194_048, 269_568, 364_032, 411_392, 412_672, 419_072]),
        ("sepolia", 1_655_733_600, [56_832, 132_608, 222_464, 272_640, 274_176, 275_712]),
        ("hoodi", 1_742_213_400, [0, 0, 2_048, 50_688, 52_480, 54_016]),
    ];
    for (name, genesis, epochs) in networks {
        let chain = preset(name);
        for (fork, epoch) in [Shanghai, Cancun, Prague, Osaka, Bpo1, Bpo2].into_iter().zip(epochs) {
            let time = if epoch == 0 { 0 } else { genesis + epoch * 32 * 12 };
            assert_eq!(
                chain.schedule.activation(fork),
                Some(&Activation::Timestamp(time)),
                "{name} {fork:?}"
            );
        }
    }
}

#[test]
fn presets_of_networks_follow_the_forks_rules() {
    for name in ["mainnet", "sepolia", "hoodi"] {
        let chain = preset(name);
        for (fork, when) in chain.schedule.forks() {
            if let Activation::Timestamp(time) = when {
                let mut rules = chain.rules_at(&Position::new(20_000_000, *time));
                assert_eq!(rules.chain_id, chain.chain_id);
                rules.chain_id = 1;
                if *time > 0 {
                    assert_eq!(rules, Rules::of(*fork), "{name} {fork:?}");
                }
            }
        }
        assert_eq!(chain.base_fee, BaseFeeRules::default());
    }
}

#[test]
fn total_difficulty_decides_where_it_is_known() {
    let chain = preset("mainnet");
    let terminal = U256::from_dec_str("58750000000000000000000").unwrap();
    let mut position = Position { number: 15_537_394, timestamp: 1, total_difficulty: Some(terminal - 1) };
    assert_eq!(chain.fork_at(&position), Fork::GrayGlacier);
    position = Position { number: 15_537_000, timestamp: 1, total_difficulty: Some(terminal) };
    assert_eq!(chain.fork_at(&position), Fork::Paris);
}

#[test]
fn a_rollup_differs_as_its_preset_says() {
    let chain = preset("op-like");
    let position = Position::new(1, 1);
    let rules = chain.rules_at(&position);
    assert_eq!((rules.fork, chain.slot_seconds), (Fork::Cancun, 2));
    assert_eq!(rules.precompile(&Address::from_low_u64_be(0x100)), Some(Precompile::P256Verify));
    assert_eq!(rules.blobs.map(|blobs| blobs.max * GAS_PER_BLOB), Some(0));
    assert_eq!(chain.base_fee_at(&position).denominator, 250);
    // RIP-7212's price, half of EIP-7951's.
    let price = |rules: &Rules| crate::precompiles::gas(Precompile::P256Verify, &[], rules);
    assert_eq!((price(&rules), price(&Rules::of(Fork::Osaka))), (Some(3_450), Some(6_900)));
}

#[test]
fn prices_that_come_as_a_whole_are_changed_added_or_lifted() {
    let rules = |fork: &str, changes: Value| {
        let file = json!({"chainId": 1, "fork": fork, "changes": [changes]});
        ChainConfig::from_value(&file).unwrap().rules_at(&Position::new(1, 1)).gas
    };
    let amsterdam = Rules::of(Fork::Amsterdam).gas;
    let own = rules("amsterdam", json!({"stateGas": {"slot": 5}, "transactionParts": {"value": 6}}));
    assert_eq!(own.state, amsterdam.state.map(|state| StateGas { slot: 5, ..state }));
    assert_eq!(own.tx_parts, amsterdam.tx_parts.map(|parts| TxParts { value: 6, ..parts }));
    let without = rules("amsterdam", json!({"stateGas": false, "transactionParts": false}));
    assert_eq!((without.state, without.tx_parts), (None, None));
    let early = rules("osaka", json!({"stateGas": {"codeByte": 7}}));
    assert_eq!(early.state, Some(StateGas { code_byte: 7, ..StateGas::default() }));
    assert_eq!(early.tx_parts, None);
}

#[test]
fn geths_genesis_file_is_read_as_its_config() {
    let chain = ChainConfig::from_value(&json!({
        "config": {
            "chainId": 1337, "homesteadBlock": 0, "eip150Block": 0, "eip150Hash": "0x00", "eip155Block": 0,
            "eip158Block": 0, "byzantiumBlock": 0, "constantinopleBlock": 0, "petersburgBlock": 0,
            "istanbulBlock": 0, "berlinBlock": 0, "londonBlock": 0, "terminalTotalDifficulty": 0,
            "terminalTotalDifficultyPassed": true, "shanghaiTime": 0, "cancunTime": 100, "ethash": {},
        },
        "nonce": "0x0", "alloc": {},
    }))
    .unwrap();
    assert_eq!((at(&chain, 0, 99), at(&chain, 0, 100)), (Fork::Shanghai, Fork::Cancun));
}

#[test]
fn petersburg_begins_with_constantinople_unless_told_otherwise() {
    let mut config = json!({
        "chainId": 1, "homesteadBlock": 0, "eip150Block": 0, "eip158Block": 0, "byzantiumBlock": 0,
        "constantinopleBlock": 7,
    });
    let chain = ChainConfig::from_value(&config).unwrap();
    assert_eq!((at(&chain, 6, 0), at(&chain, 7, 0)), (Fork::Byzantium, Fork::Petersburg));
    config["petersburgBlock"] = json!(9);
    let chain = ChainConfig::from_value(&config).unwrap();
    assert_eq!((at(&chain, 8, 0), at(&chain, 9, 0)), (Fork::Constantinople, Fork::Petersburg));
}

#[test]
fn a_fork_from_genesis_can_be_followed_by_later_ones() {
    let chain = ChainConfig::from_value(&json!({"chainId": 5, "fork": "prague", "osakaTime": 50})).unwrap();
    assert_eq!((at(&chain, 0, 0), at(&chain, 0, 50)), (Fork::Prague, Fork::Osaka));
    assert!(refused(&json!({"chainId": 5, "fork": "prague", "cancunTime": 5})).contains("$.cancunTime"));
    assert!(ChainConfig::from_value(&json!({"chainId": 5, "fork": "prague", "cancunTime": 0})).is_ok());
}

#[test]
fn changes_take_effect_when_they_say() {
    let chain = ChainConfig::from_value(&json!({
        "chainId": "0x7", "fork": "Cancun",
        "changes": [
            {
                "since": {"block": 10},
                "opcodes": {
                    "add": ["CLZ"], "remove": ["SELFDESTRUCT", "0x44"], "gas": {"SLOAD": 77},
                    "rename": {"ADD": "PLUS"},
                },
                "precompiles": {"0x100": "P256VERIFY", "0x2": null},
                "gas": {"coldSlot": 1},
                "features": {"rejectEfCode": false},
                "limits": {"codeSize": 1000, "initcodeSize": null},
            },
            {"since": {"time": 500}, "baseFee": {"denominator": 250}, "blobs": {"target": 1, "max": 2, "baseFeeUpdateFraction": 3}},
            {"since": "prague", "gas": {"coldSlot": 2}},
        ],
    }))
    .unwrap();
    let (plain, own) =
        (Rules { chain_id: 7, ..Rules::of(Fork::Cancun) }, chain.rules_at(&Position::new(10, 0)));
    assert_eq!(chain.rules_at(&Position::new(9, 0)), plain);
    assert_eq!(own.opcodes[0x1E], Rules::of(Fork::Osaka).opcodes[0x1E]);
    assert!(!own.opcodes[0xFF].defined && !own.opcodes[0x44].defined);
    assert_eq!(own.opcodes[0x54].gas, 77);
    assert_eq!(own.precompile(&Address::from_low_u64_be(0x100)), Some(Precompile::P256Verify));
    assert_eq!(own.precompile(&Address::from_low_u64_be(2)), None);
    assert!(own.precompiles.is_sorted());
    assert_eq!((own.gas.cold_slot, own.reject_ef_code), (1, false));
    assert_eq!((own.max_code_size, own.max_initcode_size), (Some(1000), None));
    assert_eq!(chain.mnemonic_at(&Position::new(10, 0), 1), Some("PLUS"));
    assert_eq!(chain.mnemonic_at(&Position::new(9, 0), 1), None);
    assert_eq!(chain.base_fee_at(&Position::new(0, 499)).denominator, 8);
    assert_eq!(chain.base_fee_at(&Position::new(0, 500)).denominator, 250);
    assert_eq!(chain.rules_at(&Position::new(0, 500)).blobs.map(|blobs| blobs.max), Some(2));
}

#[test]
fn every_name_of_a_field_names_one() {
    let rules = &mut Rules::of(Fork::Amsterdam);
    for (list, set) in [
        (fields::GAS, 0),
        (fields::FEATURES, 1),
        (fields::LIMITS, 2),
        (fields::STATE_GAS, 3),
        (fields::TX_PARTS, 4),
    ] {
        for name in list {
            let before = rules.clone();
            match set {
                0 => *fields::gas(&mut rules.gas, name).unwrap() += 1,
                1 => *fields::feature(rules, name).unwrap() ^= true,
                3 => *fields::state_gas(rules.gas.state.as_mut().unwrap(), name).unwrap() += 1,
                4 => *fields::tx_parts(rules.gas.tx_parts.as_mut().unwrap(), name).unwrap() += 1,
                _ => fields::set_limit(rules, name, Some(12_345)),
            }
            assert_ne!(*rules, before, "{name}");
        }
    }
    // All but SSTORE's three that are no prices, and Amsterdam's two groups, which are there or not: 3, 4 and 5 words.
    assert_eq!(fields::GAS.len(), std::mem::size_of::<crate::rules::Gas>() / 8 - 12);
    assert_eq!(fields::STATE_GAS.len(), std::mem::size_of::<StateGas>() / 8);
    assert_eq!(fields::TX_PARTS.len(), std::mem::size_of::<TxParts>() / 8);
}

#[test]
fn errors_name_place_and_remedy() {
    let base = |key: &str, value: Value| {
        let mut config = json!({"chainId": 1});
        config[key] = value;
        config
    };
    for (config, expected) in [
        (json!({}), "$: the key \"chainId\" is missing; add it"),
        (json!({"config": {}}), "$.config: the key \"chainId\" is missing; add it"),
        (json!([]), "$: expected an object {...}, found an array"),
        (base("homesteadblock", json!(1)), "did you mean \"homesteadBlock\"?"),
        (base("homesteadBlock", json!("soon")), "$.homesteadBlock: expected a whole number below 2^64"),
        (base("homesteadBlock", json!(-1)), "found -1"),
        (
            base("eip150Block", json!(5)),
            "$.eip150Block: TangerineWhistle needs Homestead before it; add \"homesteadBlock\"",
        ),
        (base("fork", json!("Atlantis")), "$.fork: expected the name of a fork, one of: Frontier, Homestead"),
        (base("cancunTime", json!(1)), "$.cancunTime: Cancun needs Homestead before it"),
        (
            base("blobSchedule", json!({"london": {"target": 1, "max": 2, "baseFeeUpdateFraction": 3}})),
            "$.blobSchedule.london: this key is no fork with blobs",
        ),
        (
            base("blobSchedule", json!({"cancun": {"target": 3, "max": 2, "baseFeeUpdateFraction": 3}})),
            "$.blobSchedule.cancun.target: expected a number up to \"max\", which is 2, found 3",
        ),
        (
            base("blobSchedule", json!({"cancun": {"target": 3, "max": 6, "baseFeeUpdateFraction": 0}})),
            "baseFeeUpdateFraction: expected a whole number from 1",
        ),
        (base("baseFee", json!({"denominator": 0})), "$.baseFee.denominator: expected a whole number from 1"),
        (base("bpo5Time", json!(9)), "$: \"blobSchedule\" lacks an entry \"bpo5\"; add it"),
        (base("verkleTime", json!(9)), "$.verkleTime: expected null"),
        (
            base("changes", json!([{"since": "never"}])),
            "$.changes[0].since: expected the name of a fork, {\"block\": N}",
        ),
        (base("changes", json!([{"since": {}}])), "$.changes[0].since: give either \"block\" or \"time\""),
        (
            base("changes", json!([{"opcodes": {"add": ["CLS"]}}])),
            "$.changes[0].opcodes.add[0]: no fork has an opcode \"CLS\"",
        ),
        (
            base("changes", json!([{"opcodes": {"gas": {"ADD": 65536}}}])),
            "$.changes[0].opcodes.gas.ADD: expected gas up to 65535, found 65536",
        ),
        (
            base("changes", json!([{"opcodes": {"rename": {"ADD": "a b"}}}])),
            "rename.ADD: expected a mnemonic",
        ),
        (
            base("changes", json!([{"precompiles": {"0x1": "ECRECOVER"}}])),
            "$.changes[0].precompiles[\"0x1\"]: expected null for no precompile, or one of: ECREC,",
        ),
        (base("changes", json!([{"precompiles": {"one": "ID"}}])), "precompiles.one: this key is no address"),
        (
            base("changes", json!([{"gas": {"refundQuotient": 0}}])),
            "gas.refundQuotient: expected a whole number from 1 on",
        ),
        (
            base("changes", json!([{"gas": {"sload": 0}}])),
            "gas.sload: nothing is called so here; use one of: memoryWord,",
        ),
        (
            base("changes", json!([{"stateGas": true}])),
            "changes[0].stateGas: expected false, or an object of prices, found true",
        ),
        (
            base("changes", json!([{"transactionParts": {"slot": 1}}])),
            "transactionParts.slot: nothing is called so here; use one of: recipient, value, accountWrite",
        ),
        (
            base("changes", json!([{"features": {"delegation": 1}}])),
            "features.delegation: expected true or false, found 1",
        ),
        (
            base("changes", json!([{"blockReward": format!("0x1{}", "0".repeat(32))}])),
            "blockReward: expected wei, below 2^128",
        ),
    ] {
        let text = refused(&config);
        assert!(text.contains(expected), "{text}\nlacks: {expected}");
    }
}

#[test]
fn forks_out_of_order_are_refused() {
    let text = include_str!("presets/mainnet.json");
    for (from, to, expected) in [
        (
            "\"byzantiumBlock\": 4370000",
            "\"byzantiumBlock\": 2674999",
            "$.byzantiumBlock: Byzantium cannot begin before SpuriousDragon (\"eip155Block\")",
        ),
        (
            "\"eip158Block\": 2675000",
            "\"eip158Block\": 2675001",
            "$.eip158Block: SpuriousDragon begins as a whole",
        ),
        (
            "\"cancunTime\": 1710338135",
            "\"cancunTime\": 1681338454",
            "$.cancunTime: Cancun cannot begin before Shanghai",
        ),
        (
            "\"cancunTime\": 1710338135",
            "\"cancunTime\": null",
            "$.pragueTime: Prague needs Cancun before it; add \"cancunTime\"",
        ),
        ("\"londonBlock\": 12965000,", "", "London before it; add \"londonBlock\""),
    ] {
        let changed = text.replace(from, to);
        assert_ne!(changed, text);
        let error = ChainConfig::from_json(&changed).expect_err(to).to_string();
        assert!(error.contains(expected), "{error}\nlacks: {expected}");
    }
}

#[test]
fn networks_of_test_suites_are_forks_and_transitions() {
    for (name, fork) in [
        ("EIP150", Fork::TangerineWhistle),
        ("EIP158", Fork::SpuriousDragon),
        ("ConstantinopleFix", Fork::Petersburg),
        ("Merge", Fork::Paris),
        ("BPO2", Fork::Bpo2),
        ("gray-glacier", Fork::GrayGlacier),
    ] {
        assert_eq!(at(&ChainConfig::of_network(name).unwrap(), 0, 0), fork);
    }
    for fork in Fork::ALL {
        assert_eq!(at(&ChainConfig::of_network(fork.name()).unwrap(), 0, 0), fork);
    }
    for (name, before, then, time) in [
        ("FrontierToHomesteadAt5", Fork::Frontier, Fork::Homestead, false),
        ("HomesteadToDaoAt5", Fork::Homestead, Fork::DaoFork, false),
        ("HomesteadToEIP150At5", Fork::Homestead, Fork::TangerineWhistle, false),
        ("EIP158ToByzantiumAt5", Fork::SpuriousDragon, Fork::Byzantium, false),
        ("ByzantiumToConstantinopleFixAt5", Fork::Byzantium, Fork::Petersburg, false),
        ("BerlinToLondonAt5", Fork::Berlin, Fork::London, false),
        ("ShanghaiToCancunAtTime15k", Fork::Shanghai, Fork::Cancun, true),
        ("BPO1ToBPO2AtTime15k", Fork::Bpo1, Fork::Bpo2, true),
    ] {
        let chain = ChainConfig::of_network(name).unwrap();
        let (last, first) = if time { ((99, 14_999), (99, 15_000)) } else { ((4, 99), (5, 99)) };
        assert_eq!((at(&chain, last.0, last.1), at(&chain, first.0, first.1)), (before, then), "{name}");
    }
    let chain = ChainConfig::of_network("ArrowGlacierToParisAtDiffC0000").unwrap();
    let after =
        |total: u64| chain.fork_at(&Position { total_difficulty: Some(total.into()), ..Position::new(5, 5) });
    assert_eq!((after(0xBFFFF), after(0xC0000)), (Fork::ArrowGlacier, Fork::Paris));
    for name in [
        "",
        "Atlantis",
        "LondonToBerlinAt5",
        "BerlinToLondonAt",
        "ShanghaiToCancunAtTime",
        "BerlinToBerlinAt5",
    ] {
        assert!(ChainConfig::of_network(name).unwrap_err().to_string().contains("no network"), "{name}");
    }
}

#[test]
fn blob_parameters_beyond_the_last_fork_are_changes() {
    let mut chain = ChainConfig::of_network("BPO2ToBPO3AtTime15k").unwrap();
    let max =
        |chain: &ChainConfig, time| chain.rules_at(&Position::new(1, time)).blobs.map(|blobs| blobs.max);
    assert_eq!((max(&chain, 14_999), max(&chain, 15_000)), (Some(21), Some(32)));
    let schedule = json!({
        "BPO2": {"target": "0x01", "max": "0x02", "baseFeeUpdateFraction": "0x03"},
        "BPO3": {"target": "0x04", "max": "0x05", "baseFeeUpdateFraction": "0x06"},
    });
    chain.set_blob_schedule(&crate::json::Node::root(&schedule)).unwrap();
    assert_eq!((max(&chain, 14_999), max(&chain, 15_000)), (Some(2), Some(5)));
    let file = json!({"chainId": 1, "fork": "bpo2", "bpo3Time": 50, "bpo5Time": 60,
        "blobSchedule": {"bpo5": {"target": 1, "max": 7, "baseFeeUpdateFraction": 9}}});
    let chain = ChainConfig::from_value(&file).unwrap();
    assert_eq!((max(&chain, 49), max(&chain, 50), max(&chain, 60)), (Some(21), Some(32), Some(7)));
}

#[test]
fn the_dao_fork_is_one_only_where_it_happened() {
    let chain = ChainConfig::of_network("HomesteadToDaoAt5").unwrap();
    assert!(chain.is_dao_block(5) && !chain.is_dao_block(4) && !chain.is_dao_block(6));
    let extra = [4, 5, 14, 15].map(|number| chain.dao_extra_data(number));
    assert_eq!(extra, [None, Some(true), Some(true), None]);
    assert!(!ChainConfig::of_fork(Fork::Berlin).is_dao_block(0));
    assert!(preset("mainnet").is_dao_block(1_920_000));
}
