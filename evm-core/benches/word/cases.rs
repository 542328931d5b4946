//! What is measured: operations on words and hashes, ours and those that revm uses, on operands of several shapes.

// The macro takes closures so that each case has a loop of its own, with the operation inlined.
#![allow(clippy::redundant_closure_call)]

use alloy_primitives::U256 as Ruint;
use evm_core::{U256, keccak, word};
use std::hint::black_box;

/// Operands a batch: more than a branch predictor learns by heart, and little enough for the second-level cache.
pub const BATCH: usize = 512;

/// One operation on operands of one shape, by both implementations.
pub struct Case {
    /// Operation and shape.
    pub name: &'static str,
    ours: fn(u32, &Operands) -> u64,
    theirs: fn(u32, &Operands) -> u64,
    /// Bits of the first, second and third operand.
    bits: [u32; 3],
}

struct Operands {
    ours: [[U256; 3]; BATCH],
    theirs: [[Ruint; 3]; BATCH],
    bytes: Vec<u8>,
}

impl Case {
    /// Performs the operation `rounds` times `BATCH`; the result depends on all results.
    pub fn run(&self, ours: bool, rounds: u32) -> u64 {
        let mut state = 1u64;
        let mut limb = || {
            state = state.wrapping_mul(0x5851_F42D_4C95_7F2D).wrapping_add(0x1405_7B7E_F767_814F);
            (state ^ (state >> 32)).wrapping_mul(0xD6E8_FEB8_6659_FD93)
        };
        let mut operands = Operands {
            ours: [[U256::zero(); 3]; BATCH],
            theirs: [[Ruint::ZERO; 3]; BATCH],
            bytes: (0..1088u32).map(|i| i as u8).collect(),
        };
        for i in 0..BATCH {
            for j in 0..3 {
                // The exact length: the highest bit is set.
                let limbs = [limb(), limb(), limb(), limb() | 1 << 63];
                operands.ours[i][j] = U256(limbs) >> (256 - self.bits[j]) as usize;
                operands.theirs[i][j] = Ruint::from_limbs(operands.ours[i][j].0);
            }
        }
        let run = if ours { self.ours } else { self.theirs };
        run(rounds, black_box(&operands))
    }
}

macro_rules! word {
    ($name:literal, $bits:expr, $ours:expr, $theirs:expr) => {
        Case {
            name: $name,
            bits: $bits,
            ours: |rounds, operands| {
                let mut results = [U256::zero(); BATCH];
                for _ in 0..rounds {
                    for (result, [a, b, c]) in results.iter_mut().zip(&black_box(operands).ours) {
                        let operation: fn(U256, U256, U256) -> U256 = $ours;
                        *result = operation(*a, *b, *c);
                    }
                    black_box(&mut results);
                }
                results.iter().fold(0, |sum, word| sum ^ word.0[0])
            },
            theirs: |rounds, operands| {
                let mut results = [Ruint::ZERO; BATCH];
                for _ in 0..rounds {
                    for (result, [a, b, c]) in results.iter_mut().zip(&black_box(operands).theirs) {
                        let operation: fn(Ruint, Ruint, Ruint) -> Ruint = $theirs;
                        *result = operation(*a, *b, *c);
                    }
                    black_box(&mut results);
                }
                results.iter().fold(0, |sum, word| sum ^ word.as_limbs()[0])
            },
        }
    };
}

macro_rules! hash {
    ($length:literal) => {
        Case {
            name: concat!("keccak256 of ", $length),
            bits: [1; 3],
            ours: |rounds, operands| {
                let mut sum = 0;
                for i in 0..rounds as usize * BATCH {
                    sum ^= keccak::keccak256(&black_box(&operands.bytes)[i % 64..][..$length]).0[0];
                }
                u64::from(sum)
            },
            theirs: |rounds, operands| {
                let mut sum = 0;
                for i in 0..rounds as usize * BATCH {
                    sum ^= alloy_primitives::keccak256(&black_box(&operands.bytes)[i % 64..][..$length])[0];
                }
                u64::from(sum)
            },
        }
    };
}

/// All that is measured.
pub const CASES: &[Case] = &[
    word!("add", [256, 256, 1], |a, b, _| word::add(a, b), |a, b, _| a.wrapping_add(b)),
    word!("sub", [256, 256, 1], |a, b, _| word::sub(a, b), |a, b, _| a.wrapping_sub(b)),
    word!("mul 256", [256, 256, 1], |a, b, _| word::mul(a, b), |a, b, _| a.wrapping_mul(b)),
    word!("mul 128", [128, 128, 1], |a, b, _| word::mul(a, b), |a, b, _| a.wrapping_mul(b)),
    word!("mul 60", [60, 60, 1], |a, b, _| word::mul(a, b), |a, b, _| a.wrapping_mul(b)),
    word!("div 256/255", [256, 255, 1], |a, b, _| word::div(a, b), |a, b, _| a / b),
    word!("div 256/200", [256, 200, 1], |a, b, _| word::div(a, b), |a, b, _| a / b),
    word!("div 256/180", [256, 180, 1], |a, b, _| word::div(a, b), |a, b, _| a / b),
    word!("div 256/128", [256, 128, 1], |a, b, _| word::div(a, b), |a, b, _| a / b),
    word!("div 256/100", [256, 100, 1], |a, b, _| word::div(a, b), |a, b, _| a / b),
    word!("div 256/60", [256, 60, 1], |a, b, _| word::div(a, b), |a, b, _| a / b),
    word!("div 120/60", [120, 60, 1], |a, b, _| word::div(a, b), |a, b, _| a / b),
    word!("div 60/30", [60, 30, 1], |a, b, _| word::div(a, b), |a, b, _| a / b),
    word!("div 256/2^k", [256, 1, 1], |a, _, _| word::div(a, U256([0, 0, 0, 1 << 32])), |a, _, _| a
        / black_box(Ruint::from_limbs([0, 0, 0, 1 << 32]))),
    word!("rem 256/255", [256, 255, 1], |a, b, _| word::rem(a, b), |a, b, _| a % b),
    word!("rem 256/180", [256, 180, 1], |a, b, _| word::rem(a, b), |a, b, _| a % b),
    word!("rem 256/128", [256, 128, 1], |a, b, _| word::rem(a, b), |a, b, _| a % b),
    word!("rem 256/60", [256, 60, 1], |a, b, _| word::rem(a, b), |a, b, _| a % b),
    word!("addmod 254", [254, 254, 254], |a, b, c| word::addmod(a, b, c), |a, b, c| a.add_mod(b, c)),
    word!("addmod 256 160", [256, 256, 160], |a, b, c| word::addmod(a, b, c), |a, b, c| a.add_mod(b, c)),
    word!("addmod 60", [60, 60, 60], |a, b, c| word::addmod(a, b, c), |a, b, c| a.add_mod(b, c)),
    word!("mulmod 256", [256, 256, 256], |a, b, c| word::mulmod(a, b, c), |a, b, c| a.mul_mod(b, c)),
    word!("mulmod 254", [254, 254, 254], |a, b, c| word::mulmod(a, b, c), |a, b, c| a.mul_mod(b, c)),
    word!("mulmod 256 180", [256, 256, 180], |a, b, c| word::mulmod(a, b, c), |a, b, c| a.mul_mod(b, c)),
    word!("mulmod 128", [128, 128, 128], |a, b, c| word::mulmod(a, b, c), |a, b, c| a.mul_mod(b, c)),
    word!("mulmod 60", [60, 60, 60], |a, b, c| word::mulmod(a, b, c), |a, b, c| a.mul_mod(b, c)),
    word!("exp 256^256", [256, 256, 1], |a, b, _| word::exp(a, b), |a, b, _| a.pow(b)),
    word!("exp 256^64", [256, 64, 1], |a, b, _| word::exp(a, b), |a, b, _| a.pow(b)),
    word!("exp 256^8", [256, 8, 1], |a, b, _| word::exp(a, b), |a, b, _| a.pow(b)),
    word!("exp 4^5", [4, 5, 1], |a, b, _| word::exp(a, b), |a, b, _| a.pow(b)),
    word!("exp 2^8", [1, 8, 1], |_, b, _| word::exp(U256([2, 0, 0, 0]), b), |_, b, _| Ruint::from_limbs([
        2, 0, 0, 0
    ])
    .pow(b)),
    hash!(32),
    hash!(64),
    hash!(136),
    hash!(1024),
];
