//! Precompile 09 (EIP-152): BLAKE2b's compression function F with any number of rounds (RFC 7693, section 3.2).

use evm_core::precompiles::CryptoError;

/// The fractional parts of the square roots of the first eight primes.
const IV: [u64; 8] = [
    0x6A09_E667_F3BC_C908,
    0xBB67_AE85_84CA_A73B,
    0x3C6E_F372_FE94_F82B,
    0xA54F_F53A_5F1D_36F1,
    0x510E_527F_ADE6_82D1,
    0x9B05_688C_2B3E_6C1F,
    0x1F83_D9AB_FB41_BD6B,
    0x5BE0_CD19_137E_2179,
];

/// Which words of the message each round mixes in.
const SIGMA: [[usize; 16]; 10] = [
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
    [14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3],
    [11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4],
    [7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8],
    [9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13],
    [2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9],
    [12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11],
    [13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10],
    [6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5],
    [10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0],
];

/// `input`: rounds (4 bytes, big-endian), state (64), message (128), offset (16), all little-endian, and whether this is
/// the last block (1). Gives the new state.
pub fn run(input: &[u8]) -> Result<Vec<u8>, CryptoError> {
    let input: &[u8; 213] = input.try_into().map_err(|_| CryptoError::Invalid)?;
    let last = match input[212] {
        0 => false,
        1 => true,
        _ => return Err(CryptoError::Invalid),
    };
    let [r0, r1, r2, r3, words @ ..] = input;
    let (words, _) = words.as_chunks::<8>();
    let word = |at: usize| u64::from_le_bytes(words[at]);
    let state = std::array::from_fn(word);
    let message = std::array::from_fn(|at| word(8 + at));
    let rounds = u32::from_be_bytes([*r0, *r1, *r2, *r3]);
    let state = compress(rounds, state, &message, [word(24), word(25)], last);
    Ok(state.into_iter().flat_map(u64::to_le_bytes).collect())
}

fn compress(rounds: u32, state: [u64; 8], message: &[u64; 16], offset: [u64; 2], last: bool) -> [u64; 8] {
    let mut v = [0; 16];
    v[..8].copy_from_slice(&state);
    v[8..].copy_from_slice(&IV);
    v[12] ^= offset[0];
    v[13] ^= offset[1];
    if last {
        v[14] = !v[14];
    }
    let mut left = rounds;
    while left >= 10 {
        // Not a loop: with each order of the message's words written out, none is looked up.
        round(&mut v, message, &SIGMA[0]);
        round(&mut v, message, &SIGMA[1]);
        round(&mut v, message, &SIGMA[2]);
        round(&mut v, message, &SIGMA[3]);
        round(&mut v, message, &SIGMA[4]);
        round(&mut v, message, &SIGMA[5]);
        round(&mut v, message, &SIGMA[6]);
        round(&mut v, message, &SIGMA[7]);
        round(&mut v, message, &SIGMA[8]);
        round(&mut v, message, &SIGMA[9]);
        left -= 10;
    }
    for sigma in &SIGMA[..left as usize] {
        round(&mut v, message, sigma);
    }
    std::array::from_fn(|at| state[at] ^ v[at] ^ v[at + 8])
}

#[inline(always)]
fn round(v: &mut [u64; 16], m: &[u64; 16], s: &[usize; 16]) {
    mix(v, [0, 4, 8, 12], m[s[0]], m[s[1]]);
    mix(v, [1, 5, 9, 13], m[s[2]], m[s[3]]);
    mix(v, [2, 6, 10, 14], m[s[4]], m[s[5]]);
    mix(v, [3, 7, 11, 15], m[s[6]], m[s[7]]);
    mix(v, [0, 5, 10, 15], m[s[8]], m[s[9]]);
    mix(v, [1, 6, 11, 12], m[s[10]], m[s[11]]);
    mix(v, [2, 7, 8, 13], m[s[12]], m[s[13]]);
    mix(v, [3, 4, 9, 14], m[s[14]], m[s[15]]);
}

/// The function G.
#[inline(always)]
fn mix(v: &mut [u64; 16], [a, b, c, d]: [usize; 4], x: u64, y: u64) {
    v[a] = v[a].wrapping_add(v[b]).wrapping_add(x);
    v[d] = (v[d] ^ v[a]).rotate_right(32);
    v[c] = v[c].wrapping_add(v[d]);
    v[b] = (v[b] ^ v[c]).rotate_right(24);
    v[a] = v[a].wrapping_add(v[b]).wrapping_add(y);
    v[d] = (v[d] ^ v[a]).rotate_right(16);
    v[c] = v[c].wrapping_add(v[d]);
    v[b] = (v[b] ^ v[c]).rotate_right(63);
}
