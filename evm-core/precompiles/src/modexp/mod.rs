//! Precompile 05 (EIP-198): modular exponentiation of numbers of any length.
//!
//! An odd modulus takes Montgomery's form ([`odd`]), a power of two is a matter of dropping bits ([`two_power`]), and any
//! other is the product of both, whose remainders are joined again here.

mod exponent;
mod limb;
mod natural;
mod odd;
#[cfg(test)]
mod tests;
mod two_power;

use evm_core::precompiles::{CryptoError, modexp_lengths};
use exponent::Exponent;
use limb::Limb;

/// Bytes of base and modulus, at most. Before EIP-7823 only gas bounds them: to get here with more takes 10^12 of it.
const LARGEST: usize = 1 << 24;

/// What wasm and the processor multiply best.
#[cfg(target_pointer_width = "64")]
type Word = u64;
#[cfg(not(target_pointer_width = "64"))]
type Word = u32;

/// `input`: lengths of base, exponent and modulus (32 bytes each), then the three, big-endian; it is taken to end with
/// zeros. Gives the power's remainder in as many bytes as the modulus has; zero if the modulus is zero.
pub fn run(input: &[u8]) -> Result<Vec<u8>, CryptoError> {
    let [base_length, exponent_length, modulus_length] = modexp_lengths(input);
    if modulus_length.is_zero() {
        return Ok(Vec::new());
    }
    let fitting = |length| usize::try_from(length).ok().filter(|length| *length <= LARGEST);
    let base_length = fitting(base_length).ok_or(CryptoError::Invalid)?;
    let modulus_length = fitting(modulus_length).ok_or(CryptoError::Invalid)?;
    // What is longer than memory has only zeros beyond `input`.
    let exponent_length = usize::try_from(exponent_length).unwrap_or(usize::MAX);

    let operands = input.get(96..).unwrap_or_default();
    let exponent_at = base_length;
    let modulus_at = exponent_at.saturating_add(exponent_length);
    let base = padded(operands, 0, base_length);
    let modulus = padded(operands, modulus_at, modulus_length);
    let given = given(operands, exponent_at, exponent_length);
    let exponent = Exponent::new(given, exponent_length - given.len());
    Ok(modexp::<Word>(&base, &exponent, &modulus))
}

/// Those of the `length` bytes of `operands` from `at` on that there are.
fn given(operands: &[u8], at: usize, length: usize) -> &[u8] {
    let rest = operands.get(at..).unwrap_or_default();
    &rest[..length.min(rest.len())]
}

fn padded(operands: &[u8], at: usize, length: usize) -> Vec<u8> {
    let mut bytes = given(operands, at, length).to_vec();
    bytes.resize(length, 0);
    bytes
}

/// `base` to the power of `exponent`, modulo `modulus`, in as many bytes as that.
fn modexp<L: Limb>(base: &[u8], exponent: &Exponent, modulus: &[u8]) -> Vec<u8> {
    let modulus_limbs = natural::from_be_bytes::<L>(modulus);
    let power = match natural::trailing_zeros(&modulus_limbs) {
        None => Vec::new(),
        Some(_) if modulus_limbs == [L::ONE] => Vec::new(),
        Some(_) if exponent.is_zero() => vec![L::ONE],
        Some(twos) => {
            let base = natural::from_be_bytes(base);
            let odd_part = natural::shift_right(&modulus_limbs, twos);
            if twos == 0 {
                odd::power(&base, exponent, &odd_part)
            } else if odd_part == [L::ONE] {
                two_power::power(&base, exponent, twos)
            } else {
                let by_odd = odd::power(&base, exponent, &odd_part);
                let by_twos = two_power::power(&base, exponent, twos);
                join(&by_odd, &odd_part, &by_twos, twos)
            }
        }
    };
    natural::to_be_bytes(&power, modulus.len())
}

/// The number below `odd` times 2^`twos` that leaves `by_odd` divided by `odd`, and `by_twos` divided by 2^`twos`.
fn join<L: Limb>(by_odd: &[L], odd: &[L], by_twos: &[L], twos: usize) -> Vec<L> {
    let difference = two_power::subtract(by_twos, by_odd, twos);
    let factor = two_power::multiply(&difference, &two_power::inverse(odd, twos), twos);
    let mut joined = natural::multiply(&factor, odd);
    // Below the modulus, so there is no carry out of it.
    natural::add_assign(&mut joined, by_odd);
    joined
}
