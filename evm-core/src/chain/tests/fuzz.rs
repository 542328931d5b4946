//! Chain files that somebody broke: an error or a chain, never a panic.

use super::*;

/// xorshift64*: reproducible, and no dependency.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % bound.max(1)
    }
}

/// Whatever the file says, the rules of a chain that was read can be had everywhere.
fn exercise(chain: &ChainConfig, random: &mut Random) {
    for _ in 0..4 {
        let number = 1u64.checked_shl(random.below(65) as u32).unwrap_or(u64::MAX);
        let timestamp = 1u64.checked_shl(random.below(65) as u32).unwrap_or(u64::MAX);
        let position = Position::new(number, timestamp);
        let rules = chain.rules_at(&position);
        assert!(rules.precompiles.is_sorted_by(|a, b| a.0 < b.0));
        assert!(rules.gas.refund_quotient > 0);
        let base_fee = chain.base_fee_at(&position);
        assert!(base_fee.denominator > 0 && base_fee.elasticity > 0);
        assert!(rules.blobs.is_none_or(|blobs| blobs.update_fraction > 0 && blobs.target <= blobs.max));
        let _ = (chain.dao_extra_data(number), chain.is_dao_block(number));
    }
}

const FULL: &str = r#"{"chainId":"0x7","fork":"Cancun","blobSchedule":{"cancun":{"target":1,"max":2,"baseFeeUpdateFraction":3}},
"osakaTime":null,"pragueTime":500,"bpo3Time":7,"changes":[{"since":{"block":10},"opcodes":{"add":["CLZ"],"remove":["SELFDESTRUCT"],
"gas":{"SLOAD":77},"rename":{"ADD":"PLUS"}},"precompiles":{"0x100":"P256VERIFY","0x2":null},"gas":{"coldSlot":1,"refundQuotient":3},
"features":{"rejectEfCode":false},"limits":{"codeSize":1000,"blockSize":null},"blockReward":"5"},
{"since":"prague","baseFee":{"denominator":250,"initial":"0xff"},"blobs":{"target":1,"max":2,"baseFeeUpdateFraction":3}}]}"#;

#[test]
fn broken_texts_are_errors() {
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    let texts: Vec<&str> = PRESETS.iter().map(|(_, text)| *text).chain([FULL]).collect();
    let mut read = 0;
    for _ in 0..20_000 {
        let mut text = texts[random.below(texts.len())].as_bytes().to_vec();
        for _ in 0..=random.below(3) {
            let place = random.below(text.len());
            match random.below(5) {
                0 => text[place] = random.below(256) as u8,
                1 => drop(text.remove(place)),
                2 => text.insert(place, b"0123456789{}[],:\"-x"[random.below(19)]),
                3 => text.truncate(place),
                _ => {
                    let end = (place + random.below(60)).min(text.len());
                    let piece = text[place..end].to_vec();
                    let target = random.below(text.len());
                    text.splice(target..target, piece);
                }
            }
            if text.is_empty() {
                break;
            }
        }
        match ChainConfig::from_json(&String::from_utf8_lossy(&text)) {
            Ok(chain) => {
                read += 1;
                exercise(&chain, &mut random);
            }
            Err(error) => assert!(error.to_string().len() < 2_000, "{error}"),
        }
    }
    assert!(read > 100, "too few chains were read for this to test anything: {read}");
}

#[test]
fn values_of_other_kinds_are_errors() {
    let mut random = Random(0xD1B5_4A32_D192_ED03);
    let spare = [
        json!(null),
        json!(true),
        json!(0),
        json!(-1),
        json!(1.5),
        json!(u64::MAX),
        json!("0x"),
        json!("prague"),
        json!("115792089237316195423570985008687907853269984665640564039457584007913129639935"),
        json!([]),
        json!([1]),
        json!({}),
        json!({"block": 1}),
    ];
    let originals: Vec<Value> = PRESETS
        .iter()
        .map(|(_, text)| *text)
        .chain([FULL])
        .map(|text| serde_json::from_str(text).unwrap())
        .collect();
    for _ in 0..20_000 {
        let mut value = originals[random.below(originals.len())].clone();
        replace(&mut value, &spare[random.below(spare.len())], &mut random);
        if let Ok(chain) = ChainConfig::from_value(&value) {
            exercise(&chain, &mut random);
        }
    }
}

/// Puts `new` somewhere into `value`.
fn replace(value: &mut Value, new: &Value, random: &mut Random) {
    let mut place = value;
    for _ in 0..=random.below(5) {
        let length =
            place.as_object().map_or(0, |object| object.len()) + place.as_array().map_or(0, Vec::len);
        if length == 0 {
            break;
        }
        let chosen = random.below(length);
        place = match place {
            Value::Object(object) => object.values_mut().nth(chosen).expect("chosen below the length"),
            Value::Array(array) => &mut array[chosen],
            _ => unreachable!("it has items"),
        };
    }
    *place = new.clone();
}
