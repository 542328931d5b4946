//! Prices against the tables and examples in the EIPs. `evm-precompiles` compares them with another implementation.

use super::*;
use crate::fork::Fork;
use crate::rules::Rules;

fn price(which: Precompile, input: &[u8], fork: Fork) -> Option<u64> {
    gas(which, input, &Rules::of(fork))
}

/// MODEXP's input with these lengths before `operands`.
fn modexp_input(lengths: [U256; 3], operands: &[u8]) -> Vec<u8> {
    let mut input: Vec<u8> = lengths.iter().flat_map(U256::to_big_endian).collect();
    input.extend_from_slice(operands);
    input
}

fn modexp_price(lengths: [u64; 3], operands: &[u8], fork: Fork) -> Option<u64> {
    price(Precompile::ModExp, &modexp_input(lengths.map(U256::from), operands), fork)
}

#[test]
fn numbers_are_addresses_and_lead_back() {
    for which in Precompile::ALL {
        assert_eq!(Precompile::from_number(which.number()), Some(which));
    }
    let rules = Rules::of(Fork::Osaka);
    for (address, which) in &rules.precompiles {
        assert_eq!(*address, Address::from_low_u64_be(which.number().into()), "{which:?}");
    }
    assert_eq!(rules.precompiles.len(), Precompile::ALL.len());
    assert_eq!(Precompile::from_number(0), None);
    assert_eq!(Precompile::from_number(0x12), None);
}

#[test]
fn hashes_cost_by_words() {
    for (length, words) in [(0, 0), (1, 1), (32, 1), (33, 2), (64, 2)] {
        let input = vec![0; length];
        assert_eq!(price(Precompile::Sha256, &input, Fork::Frontier), Some(60 + 12 * words));
        assert_eq!(price(Precompile::Ripemd160, &input, Fork::Frontier), Some(600 + 120 * words));
        assert_eq!(price(Precompile::Identity, &input, Fork::Frontier), Some(15 + 3 * words));
    }
}

#[test]
fn bn254_is_cheaper_since_istanbul() {
    for (fork, add, mul, pairing) in
        [(Fork::Byzantium, 500, 40_000, 260_000), (Fork::Istanbul, 150, 6_000, 113_000)]
    {
        assert_eq!(price(Precompile::Bn254Add, &[], fork), Some(add));
        assert_eq!(price(Precompile::Bn254Mul, &[], fork), Some(mul));
        assert_eq!(price(Precompile::Bn254Pairing, &[0; 384], fork), Some(pairing));
    }
}

#[test]
fn blake2f_costs_its_rounds_and_takes_one_length() {
    let mut input = [0; 213];
    input[..4].copy_from_slice(&[0, 0, 1, 12]);
    assert_eq!(price(Precompile::Blake2F, &input, Fork::Istanbul), Some(268));
    assert_eq!(price(Precompile::Blake2F, &input[..212], Fork::Istanbul), None);
    assert_eq!(price(Precompile::Blake2F, &[0; 214], Fork::Istanbul), None);
    assert_eq!(price(Precompile::Blake2F, &[], Fork::Istanbul), None);
}

/// Sums in EIP-2537's table, at its ends and beyond.
#[test]
fn bls12_sums_are_discounted() {
    let g1 = |count: usize| price(Precompile::Bls12G1Msm, &vec![0; 160 * count], Fork::Prague);
    let g2 = |count: usize| price(Precompile::Bls12G2Msm, &vec![0; 288 * count], Fork::Prague);
    assert_eq!([g1(1), g1(2), g1(128)], [Some(12_000), Some(22_776), Some(797_184)]);
    assert_eq!([g2(1), g2(2), g2(3)], [Some(22_500), Some(45_000), Some(62_302)]);
    assert_eq!(g1(200), Some(200 * 12_000 * 519 / 1000));
    assert_eq!(g2(200), Some(200 * 22_500 * 524 / 1000));
    assert_eq!(price(Precompile::Bls12Pairing, &[0; 768], Fork::Prague), Some(102_900));
}

/// Examples of EIP-198: 3^(2^256-2^32-978) mod (2^256-2^32-977), and a base of 2^256-1 bytes.
#[test]
fn modexp_examples_of_eip_198() {
    let mut operands = vec![3];
    operands.extend([0xFF; 27]);
    operands.extend([0xFE, 0xFF, 0xFF, 0xFC, 0x2E]);
    operands.extend([0xFF; 27]);
    operands.extend([0xFE, 0xFF, 0xFF, 0xFC, 0x2F]);
    assert_eq!(modexp_price([1, 32, 32], &operands, Fork::Byzantium), Some(13_056));
    assert_eq!(modexp_price([1, 32, 32], &operands, Fork::Berlin), Some(1_360));
    assert_eq!(modexp_price([1, 32, 32], &operands, Fork::Osaka), Some(4_080));

    let huge = modexp_input([U256::zero(), U256::from(32), U256::MAX], &[0xFF; 32]);
    assert_eq!(price(Precompile::ModExp, &huge, Fork::Byzantium), None);
}

/// nagydani-1-square of EIP-2565 and EIP-7883: 64 bytes, exponent 2; and the least prices.
#[test]
fn modexp_prices_by_fork() {
    let mut operands = vec![0xFF; 64];
    operands.push(2);
    operands.extend([0xFF; 64]);
    assert_eq!(modexp_price([64, 1, 64], &operands, Fork::Byzantium), Some(204));
    assert_eq!(modexp_price([64, 1, 64], &operands, Fork::Berlin), Some(200));
    assert_eq!(modexp_price([64, 1, 64], &operands, Fork::Osaka), Some(500));
    for (fork, least) in [(Fork::Byzantium, 0), (Fork::Berlin, 200), (Fork::Osaka, 500)] {
        assert_eq!(price(Precompile::ModExp, &[], fork), Some(least));
    }
}

#[test]
fn modexp_of_any_length_is_priced_without_overflow() {
    let lengths = [0, 1, 31, 32, 33, 64, 1024, 1025, u64::MAX / 8, u64::MAX].map(U256::from);
    let lengths = [&lengths[..], &[U256::from(1) << 64, U256::MAX >> 4, U256::MAX]].concat();
    for fork in [Fork::Byzantium, Fork::Berlin, Fork::Osaka] {
        for &base in &lengths {
            for &exponent in &lengths {
                for &modulus in &lengths {
                    let input = modexp_input([base, exponent, modulus], &[0xFF; 3]);
                    let cost = price(Precompile::ModExp, &input, fork);
                    let too_long = [base, exponent, modulus].into_iter().max() > Some(U256::from(1024));
                    if fork == Fork::Osaka {
                        assert_eq!(cost.is_none(), too_long);
                    } else if base.is_zero() && modulus.is_zero() {
                        assert!(cost.is_some(), "nothing to multiply costs nothing, whatever the exponent");
                    }
                }
            }
        }
    }
}

#[test]
fn modexp_exponents_head_lies_behind_the_base() {
    // The base's 31 bytes, and of the exponent one: the missing ones are zero, and its highest bit is set.
    let mut operands = vec![0; 31];
    operands.push(0x80);
    assert_eq!(modexp_price([31, 2, 0], &operands, Fork::Osaka), Some(500));
    assert_eq!(modexp_price([31, 64, 0], &operands, Fork::Osaka), Some(16 * (16 * 32 + 255)));
    assert_eq!(modexp_price([31, 64, 0], &operands, Fork::Byzantium), Some(31 * 31 * (8 * 32 + 255) / 20));
}
