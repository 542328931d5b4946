//! Blocks, genesis files and states that somebody broke: an error or a block, never a panic.

use super::*;
use crate::chain::Genesis;
use crate::json::Node;
use serde_json::Value;

/// xorshift64*: reproducible, and no dependency.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % bound.max(1)
    }

    fn word(&mut self) -> U256 {
        let bits = self.below(257);
        let word = U256([0; 4].map(|_: u64| (self.below(1 << 31) as u64) << 33 | self.below(1 << 31) as u64));
        if bits == 0 { U256::zero() } else { word >> (256 - bits) }
    }
}

fn mutate(bytes: &mut Vec<u8>, random: &mut Random) {
    for _ in 0..=random.below(3) {
        let place = random.below(bytes.len());
        match (random.below(4), bytes.len()) {
            (_, 0) => bytes.push(random.below(256) as u8),
            (0, _) => bytes[place] = random.below(256) as u8,
            (1, _) => drop(bytes.remove(place)),
            (2, _) => bytes.insert(place, random.below(256) as u8),
            _ => bytes[place] ^= 1 << random.below(8),
        }
    }
}

/// Bytes changed: most are no RLP any more, and some are another block.
#[test]
fn changed_bytes_are_refused() {
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    for fork in [Fork::Frontier, Fork::Byzantium, Fork::London, Fork::Cancun] {
        let history = of_fork(fork);
        let bytes = with(&history, vec![transfer(0, COINBASE), transfer(1, COINBASE)]).encode();
        let mut decoded = 0;
        for _ in 0..1_500 {
            let mut changed = bytes.clone();
            mutate(&mut changed, &mut random);
            if let Ok(block) = Block::decode(&changed) {
                decoded += 1;
                let accepted = history.clone().import(&block, &K256).is_ok();
                // A header has fields to which nothing else commits: the seal, extra data, with proof of stake the time.
                let same = Block { header: block.header.clone(), ..Block::decode(&bytes).unwrap() };
                assert!(!accepted || block == same);
                assert_eq!(block.encode(), changed);
            }
        }
        assert!(decoded > 100, "too few blocks were decoded for this to test anything: {decoded}");
    }
}

/// Fields of headers set to anything, the parent's too, which a genesis file may have said.
#[test]
fn any_parent_and_any_header_are_compared() {
    let mut random = Random(0xD1B5_4A32_D192_ED03);
    let any = |header: &mut Header, random: &mut Random| match random.below(13) {
        0 => header.number = random.word().low_u64(),
        1 => header.timestamp = random.word().low_u64(),
        2 => header.gas_limit = random.word().low_u64(),
        3 => header.gas_used = random.word().low_u64(),
        4 => header.difficulty = random.word(),
        5 => header.base_fee = Some(random.word()),
        6 => header.excess_blob_gas = Some(random.word().low_u64()),
        7 => header.blob_gas_used = Some(random.word().low_u64()),
        8 => header.base_fee = None,
        9 => header.ommers_hash = H256::zero(),
        10 => header.excess_blob_gas = None,
        11 => header.extra_data = vec![0; random.below(64)],
        _ => {}
    };
    for _ in 0..3_000 {
        let fork = Fork::ALL[random.below(Fork::ALL.len())];
        let plain = of_fork(fork);
        let mut block = Block { header: plain.head().block.header.clone(), ..Block::default() };
        let mut genesis = plain.head().block.header.clone();
        for _ in 0..random.below(4) {
            any(&mut genesis, &mut random);
        }
        block.header.parent_hash = genesis.hash();
        block.header.number = genesis.number.wrapping_add(1);
        block.header.timestamp = genesis.timestamp.wrapping_add(12);
        for _ in 0..random.below(4) {
            any(&mut block.header, &mut random);
        }
        let mut history = History::new(plain.chain().clone(), genesis, world());
        let _ = history.import(&block, &K256).map_err(|error| error.to_string());
    }
}

#[test]
fn changed_genesis_files_and_states_are_refused() {
    let mut random = Random(0xA076_1D64_78BD_642F);
    let text = r#"{"config":{"chainId":5,"fork":"prague"},"nonce":"0x42","gasLimit":5000,"difficulty":"0x400","mixHash":"0x00",
"extraData":"0x1122","alloc":{"0x00000000000000000000000000000000000000aa":{"balance":"12","nonce":1,"code":"0x00","storage":{"0x1":"0x2"}},
"00000000000000000000000000000000000000bb":{"balance":"0x12"}}}"#;
    let mut read = 0;
    for _ in 0..4_000 {
        let mut bytes = text.as_bytes().to_vec();
        mutate(&mut bytes, &mut random);
        let text = String::from_utf8_lossy(&bytes);
        if let Ok(genesis) = Genesis::from_json(&text) {
            read += 1;
            let chain = genesis.chain.clone().unwrap_or_else(|| ChainConfig::of_fork(Fork::LATEST));
            let _ = genesis.header(&chain).hash();
            let dump = genesis.world.to_dump();
            assert_eq!(World::from_json(&Node::root(&dump)), Ok(genesis.world));
        }
        if let Ok(value) = serde_json::from_str::<Value>(&text) {
            let _ = World::from_json(&Node::root(&value));
        }
    }
    assert!(read > 50, "too few files were read for this to test anything: {read}");
}
