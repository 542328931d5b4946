//! What the precompiled contracts cost.

use super::Precompile;
use crate::U256;
use crate::rules::{ModExpPrice, Rules};

/// EIP-2537: bytes of a G1 point with its scalar, a G2 point with its scalar, and a pair of both points.
const BLS12_G1_MSM_ITEM: usize = 160;
const BLS12_G2_MSM_ITEM: usize = 288;
const BLS12_PAIRING_ITEM: usize = 384;
/// EIP-197: bytes of a pair of points.
const BN254_PAIRING_ITEM: usize = 192;
/// EIP-152: bytes of the only input that BLAKE2F takes.
const BLAKE2F_INPUT: usize = 213;
/// EIP-7823: bytes of each operand of MODEXP, at most.
const MODEXP_LARGEST_OPERAND: u64 = 1024;

/// EIP-2537: thousandths of the price of `k` multiplications that a sum of `k` in G1 costs, `k` from 1 to 128 and more.
const BLS12_G1_MSM_DISCOUNT: [u16; 128] = [
    1000, 949, 848, 797, 764, 750, 738, 728, 719, 712, 705, 698, 692, 687, 682, 677, 673, 669, 665, 661, 658,
    654, 651, 648, 645, 642, 640, 637, 635, 632, 630, 627, 625, 623, 621, 619, 617, 615, 613, 611, 609, 608,
    606, 604, 603, 601, 599, 598, 596, 595, 593, 592, 591, 589, 588, 586, 585, 584, 582, 581, 580, 579, 577,
    576, 575, 574, 573, 572, 570, 569, 568, 567, 566, 565, 564, 563, 562, 561, 560, 559, 558, 557, 556, 555,
    554, 553, 552, 551, 550, 549, 548, 547, 547, 546, 545, 544, 543, 542, 541, 540, 540, 539, 538, 537, 536,
    536, 535, 534, 533, 532, 532, 531, 530, 529, 528, 528, 527, 526, 525, 525, 524, 523, 522, 522, 521, 520,
    520, 519,
];
/// The same in G2.
const BLS12_G2_MSM_DISCOUNT: [u16; 128] = [
    1000, 1000, 923, 884, 855, 832, 812, 796, 782, 770, 759, 749, 740, 732, 724, 717, 711, 704, 699, 693,
    688, 683, 679, 674, 670, 666, 663, 659, 655, 652, 649, 646, 643, 640, 637, 634, 632, 629, 627, 624, 622,
    620, 618, 615, 613, 611, 609, 607, 606, 604, 602, 600, 598, 597, 595, 593, 592, 590, 589, 587, 586, 584,
    583, 582, 580, 579, 578, 576, 575, 574, 573, 571, 570, 569, 568, 567, 566, 565, 563, 562, 561, 560, 559,
    558, 557, 556, 555, 554, 553, 552, 552, 551, 550, 549, 548, 547, 546, 545, 545, 544, 543, 542, 541, 541,
    540, 539, 538, 537, 537, 536, 535, 535, 534, 533, 532, 532, 531, 530, 530, 529, 528, 528, 527, 526, 526,
    525, 524, 524,
];

/// Gas that `which` takes for `input`. `None`: it fails, or costs more than any amount of gas; what was given is gone.
/// Other faults of the input are found when it runs.
pub fn gas(which: Precompile, input: &[u8], rules: &Rules) -> Option<u64> {
    Some(match which {
        Precompile::EcRecover => 3_000,
        Precompile::Sha256 => 60 + 12 * words(input),
        Precompile::Ripemd160 => 600 + 120 * words(input),
        Precompile::Identity => 15 + 3 * words(input),
        Precompile::ModExp => return modexp(input, rules.modexp),
        Precompile::Bn254Add => rules.gas.bn254_add,
        Precompile::Bn254Mul => rules.gas.bn254_mul,
        Precompile::Bn254Pairing => {
            let pairs = rules.gas.bn254_pair.checked_mul(items(input, BN254_PAIRING_ITEM))?;
            return rules.gas.bn254_pairing.checked_add(pairs);
        }
        Precompile::Blake2F => {
            let rounds = input.first_chunk().filter(|_| input.len() == BLAKE2F_INPUT)?;
            u64::from(u32::from_be_bytes(*rounds))
        }
        Precompile::PointEvaluation => 50_000,
        Precompile::Bls12G1Add => 375,
        Precompile::Bls12G1Msm => {
            multiplications(items(input, BLS12_G1_MSM_ITEM), 12_000, &BLS12_G1_MSM_DISCOUNT)
        }
        Precompile::Bls12G2Add => 600,
        Precompile::Bls12G2Msm => {
            multiplications(items(input, BLS12_G2_MSM_ITEM), 22_500, &BLS12_G2_MSM_DISCOUNT)
        }
        Precompile::Bls12Pairing => 37_700 + 32_600 * items(input, BLS12_PAIRING_ITEM),
        Precompile::Bls12MapFpToG1 => 5_500,
        Precompile::Bls12MapFp2ToG2 => 23_800,
        Precompile::P256Verify => rules.gas.p256_verify,
    })
}

fn words(input: &[u8]) -> u64 {
    items(input, 32) + u64::from(!input.len().is_multiple_of(32))
}

fn items(input: &[u8], size: usize) -> u64 {
    (input.len() / size) as u64
}

fn multiplications(count: u64, each: u64, discount: &[u16; 128]) -> u64 {
    let Some(last) = count.checked_sub(1) else { return 0 };
    count * each * u64::from(discount[last.min(127) as usize]) / 1000
}

/// EIP-198: lengths of MODEXP's base, exponent and modulus, which follow each other from byte 96 on. What is missing
/// from `input` is zero.
pub fn modexp_lengths(input: &[u8]) -> [U256; 3] {
    [0, 32, 64].map(|at| U256::from_big_endian(&padded(input, at)))
}

/// 32 bytes of `input` from `at` on, with zeros where it has no more.
fn padded(input: &[u8], at: usize) -> [u8; 32] {
    let mut bytes = [0; 32];
    let rest = input.get(at..).unwrap_or_default();
    let given = rest.len().min(32);
    bytes[..given].copy_from_slice(&rest[..given]);
    bytes
}

fn modexp(input: &[u8], price: ModExpPrice) -> Option<u64> {
    let [base, exponent, modulus] = modexp_lengths(input);
    let largest = base.max(modulus);
    if price == ModExpPrice::Osaka && largest.max(exponent) > U256::from(MODEXP_LARGEST_OPERAND) {
        return None;
    }
    // The square of anything longer is over 2^64 whatever it is divided by.
    let largest = u64::try_from(largest).ok()?;
    let (each_byte, divisor, least) = match price {
        ModExpPrice::Byzantium => (8, 20, 0),
        ModExpPrice::Berlin => (8, 3, 200),
        ModExpPrice::Osaka => (16, 1, 500),
    };
    let complexity = multiplication_complexity(largest, price);
    if complexity.is_zero() {
        return Some(least);
    }
    // The base's length is at most `largest`, and lies in no input when it doesn't fit.
    let head_at = usize::try_from(base.low_u64()).unwrap_or(usize::MAX).saturating_add(96);
    let iterations = iterations(exponent, U256::from_big_endian(&padded(input, head_at)), each_byte)?;
    let cost = complexity.checked_mul(iterations)? / divisor;
    Some(u64::try_from(cost).ok()?.max(least))
}

/// EIP-198, 2565, 7883: what a multiplication of numbers of `length` bytes costs.
fn multiplication_complexity(length: u64, price: ModExpPrice) -> U256 {
    let x = U256::from(length);
    let words = U256::from(length.div_ceil(8));
    match price {
        ModExpPrice::Byzantium if length <= 64 => x * x,
        ModExpPrice::Byzantium if length <= 1024 => x * x / 4 + x * 96 - 3_072,
        ModExpPrice::Byzantium => x * x / 16 + x * 480 - 199_680,
        ModExpPrice::Berlin => words * words,
        ModExpPrice::Osaka if length <= 32 => U256::from(16),
        ModExpPrice::Osaka => words * words * 2,
    }
}

/// EIP-198's adjusted exponent length, at least 1: for each byte after the first 32 `each_byte`, and the position of the
/// highest bit in those. `following` are the 32 bytes where the exponent begins.
fn iterations(length: U256, following: U256, each_byte: u64) -> Option<U256> {
    let thirty_two = U256::from(32);
    let (head, tail) = if length <= thirty_two {
        // A shift by 256 bits gives zero.
        (following >> ((thirty_two - length) * 8), U256::zero())
    } else {
        (following, (length - thirty_two).checked_mul(U256::from(each_byte))?)
    };
    let highest_bit = U256::from(head.bits().saturating_sub(1));
    Some(tail.checked_add(highest_bit)?.max(U256::one()))
}
