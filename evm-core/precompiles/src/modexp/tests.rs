//! Against the definition, computed digit by digit in another way, with both sizes of limbs.

use super::exponent::Exponent;
use super::{modexp, natural, run};
use evm_core::U256;
use evm_core::precompiles::CryptoError;
use primitive_reference::power;

/// Powers by squaring and subtracting, on bytes.
mod primitive_reference {
    use evm_core::U256;

    /// `base`^`exponent` modulo `modulus`, all below 2^128.
    pub fn power(base: u128, exponent: u128, modulus: u128) -> u128 {
        let modulus = U256::from(modulus);
        let mut result = U256::one() % modulus;
        for bit in (0..128).rev() {
            result = result * result % modulus;
            if exponent >> bit & 1 != 0 {
                result = result * U256::from(base) % modulus;
            }
        }
        result.low_u128()
    }
}

/// A sequence of numbers that look random (xorshift64*).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    /// Bytes with runs of zeros and ones, where carries go far.
    fn bytes(&mut self, length: usize) -> Vec<u8> {
        (0..length)
            .map(|_| match self.next() >> 60 {
                0..=4 => 0xFF,
                5..=9 => 0,
                _ => self.next() as u8,
            })
            .collect()
    }
}

fn both_limbs(base: &[u8], exponent: &[u8], modulus: &[u8]) -> Vec<u8> {
    let exponent = Exponent::new(exponent, 0);
    let narrow = modexp::<u32>(base, &exponent, modulus);
    assert_eq!(narrow, modexp::<u64>(base, &exponent, modulus), "{base:x?} {exponent:x?} {modulus:x?}");
    narrow
}

#[test]
fn small_powers_are_the_definitions() {
    for modulus in 1..=40u8 {
        for base in 0..=20u8 {
            let mut expected = 1 % modulus;
            for exponent in 0..=20u8 {
                assert_eq!(both_limbs(&[base], &[exponent], &[modulus]), [expected]);
                expected = (u16::from(expected) * u16::from(base) % u16::from(modulus)) as u8;
            }
        }
    }
}

#[test]
fn powers_of_two_limbs_are_the_definitions() {
    let mut numbers = Numbers(1);
    for _ in 0..3000 {
        let mut number = || {
            let length = 1 + numbers.next() as usize % 16;
            let mut bytes = [0; 16];
            bytes[16 - length..].copy_from_slice(&numbers.bytes(length));
            bytes
        };
        let (base, exponent, modulus) = (number(), number(), number());
        if modulus == [0; 16] {
            continue;
        }
        let [b, e, m] = [base, exponent, modulus].map(u128::from_be_bytes);
        assert_eq!(both_limbs(&base, &exponent, &modulus), power(b, e, m).to_be_bytes(), "{b:x} {e:x} {m:x}");
    }
}

/// Multiplying out: (a * b) mod m by exponents of one, and a^(x + y) = a^x * a^y, for long numbers.
#[test]
fn long_powers_follow_the_laws_of_powers() {
    let mut numbers = Numbers(2);
    for round in 0..200 {
        let length = 1 + numbers.next() as usize % 70;
        let mut modulus = numbers.bytes(length);
        // Every third is a multiple of some power of two.
        if round % 3 == 0 {
            let zeros = numbers.next() as usize % length;
            modulus[length - zeros..].fill(0);
        }
        let base_length = numbers.next() as usize % 90;
        let base = numbers.bytes(base_length);
        let (x, y) = (numbers.next() >> 8, numbers.next() >> 8);
        let power = |exponent: u64| both_limbs(&base, &exponent.to_be_bytes(), &modulus);
        let limbs = |bytes: &[u8]| natural::from_be_bytes::<u32>(bytes);
        let modulus_limbs = limbs(&modulus);
        if modulus_limbs.is_empty() {
            continue;
        }
        let product = natural::multiply(&limbs(&power(x)), &limbs(&power(y)));
        let product = natural::remainder(&product, &modulus_limbs);
        assert_eq!(natural::to_be_bytes(&product, length), power(x + y), "{base:x?} {x} {y} {modulus:x?}");
    }
}

/// The quotient times the divisor and the rest make the dividend: here with a quotient that is known.
#[test]
fn remainders_of_known_quotients() {
    let mut numbers = Numbers(3);
    for _ in 0..5000 {
        let [divisor_length, quotient_length] = [0; 2].map(|_| 1 + numbers.next() as usize % 40);
        let divisor = natural::from_be_bytes::<u32>(&numbers.bytes(divisor_length));
        let quotient = natural::from_be_bytes::<u32>(&numbers.bytes(quotient_length));
        let Some(highest) = divisor.last() else { continue };
        // The greatest rest but for its highest limb, which is smaller than the divisor's.
        let mut rest = vec![u32::MAX; divisor.len()];
        rest[divisor.len() - 1] = highest - 1;
        let mut dividend = natural::multiply(&divisor, &quotient);
        assert!(!natural::add_assign(&mut dividend, &rest));
        if dividend.len() >= divisor.len() {
            assert_eq!(natural::remainder(&dividend, &divisor), rest);
        }
    }
}

fn call(lengths: [U256; 3], operands: &[u8]) -> Result<Vec<u8>, CryptoError> {
    let mut input: Vec<u8> = lengths.iter().flat_map(|length| length.to_big_endian()).collect();
    input.extend(operands);
    run(&input)
}

#[test]
fn operands_that_are_not_given_are_zero() {
    // 2^0x0300 mod 0x10001: 2^16 is -1, so 2^768 is one.
    assert_eq!(call([1, 2, 3].map(U256::from), &[2, 3, 0, 1, 0, 1]), Ok(vec![0, 0, 1]));
    // The modulus's last bytes are missing: modulo 0x10000.
    assert_eq!(call([1, 1, 3].map(U256::from), &[3, 2, 1]), Ok(vec![0, 0, 9]));
    // No modulus at all.
    assert_eq!(call([1, 1, 3].map(U256::from), &[3, 2]), Ok(vec![0; 3]));
    assert_eq!(run(&[]), Ok(vec![]));
    // 0^0 is one.
    assert_eq!(call([0, 0, 1].map(U256::from), &[7]), Ok(vec![1]));
}

#[test]
fn absurd_lengths_take_no_memory() {
    let huge = U256::MAX;
    assert_eq!(call([U256::zero(), huge, U256::zero()], &[]), Ok(vec![]));
    assert_eq!(call([huge, U256::one(), U256::one()], &[]), Err(CryptoError::Invalid));
    assert_eq!(call([U256::one(), U256::one(), huge], &[]), Err(CryptoError::Invalid));
    // The exponent reaches beyond all memory, and so the modulus is zero.
    assert_eq!(call([U256::one(), huge, U256::one()], &[3, 1]), Ok(vec![0]));
}

/// Exponents whose end is not given are as long as they say they are.
#[test]
fn counted_zeros_count() {
    let mut numbers = Numbers(4);
    for modulus in [vec![0xFF; 9], vec![0x80; 9], numbers.bytes(20), [vec![1], vec![0; 20]].concat()] {
        for base in [vec![2], vec![3], numbers.bytes(7), vec![0xFE; 12]] {
            let counted = Exponent::new(&[5, 1], 3);
            let written = Exponent::new(&[0, 5, 1, 0, 0, 0], 0);
            assert_eq!(modexp::<u64>(&base, &counted, &modulus), modexp::<u32>(&base, &written, &modulus));
        }
    }
}
