//! Raw CD sectors made from their 2048 data bytes: sync pattern, header, EDC and ECC of mode 1 (ECMA-130, clause 14 and
//! annex A), and the parts of them that READ CD selects.

/// Parts of a sector, as in byte 9 of READ CD: sync pattern.
pub(super) const SYNC: u8 = 0x80;
/// Header.
pub(super) const HEADER: u8 = 0x20;
/// User data.
pub(super) const USER_DATA: u8 = 0x10;
/// EDC, zeros and ECC.
pub(super) const EDC_ECC: u8 = 0x08;

const RAW: usize = 2352;
const DATA: usize = 2048;
const EDC_AT: usize = 2064;
const P_AT: usize = 2076;
const Q_AT: usize = 2248;

/// Bytes of a sector's selected parts.
pub(super) fn size(parts: u8) -> usize {
    ranges(parts).map(|r| r.len()).sum()
}

fn ranges(parts: u8) -> impl Iterator<Item = std::ops::Range<usize>> {
    [(SYNC, 0..12), (HEADER, 12..16), (USER_DATA, 16..16 + DATA), (EDC_ECC, EDC_AT..RAW)]
        .into_iter()
        .filter(move |(part, _)| parts & part != 0)
        .map(|(_, range)| range)
}

/// The selected parts of the sectors from `lba` on whose user data are `data`.
pub(super) fn select(parts: u8, lba: u32, data: Vec<u8>) -> Vec<u8> {
    if parts == USER_DATA {
        return data;
    }
    let mut out = Vec::with_capacity(data.len() / DATA * size(parts));
    for (i, sector) in data.chunks_exact(DATA).enumerate() {
        let raw = raw(lba.wrapping_add(i as u32), sector);
        for range in ranges(parts) {
            out.extend_from_slice(&raw[range]);
        }
    }
    out
}

/// Minutes, seconds and frames of a sector; minutes beyond 255 are cut off at 255.
pub(super) fn msf(lba: u32) -> [u8; 3] {
    let frames = u64::from(lba) + 150;
    [(frames / 4500).min(255) as u8, (frames / 75 % 60) as u8, (frames % 75) as u8]
}

fn bcd(n: u8) -> u8 {
    n / 10 % 16 * 16 + n % 10
}

fn raw(lba: u32, data: &[u8]) -> [u8; RAW] {
    let mut s = [0; RAW];
    s[1..11].fill(0xFF);
    s[12..15].copy_from_slice(&msf(lba).map(bcd));
    s[15] = 1;
    s[16..EDC_AT].copy_from_slice(data);
    let edc = edc(&s[..EDC_AT]);
    s[EDC_AT..EDC_AT + 4].copy_from_slice(&edc.to_le_bytes());
    ecc(&mut s);
    s
}

/// CRC of polynomial (x^16 + x^15 + x^2 + 1)(x^16 + x^2 + x + 1), least significant bit first.
fn edc(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0, |crc, &b| {
        (0..8).fold(crc ^ u32::from(b), |c, _| if c & 1 != 0 { c >> 1 ^ 0xD801_8001 } else { c >> 1 })
    })
}

/// Twice a number in GF(2^8) modulo x^8 + x^4 + x^3 + x^2 + 1.
fn double(n: u8) -> u8 {
    n << 1 ^ if n & 0x80 != 0 { 0x1D } else { 0 }
}

/// A number divided by 3 (that is, x + 1) in the same field: multiplied by its inverse.
fn third(n: u8) -> u8 {
    // F4h times 3 is 1
    let (mut product, mut power) = (0, n);
    for bit in 0..8 {
        if 0xF4u8 >> bit & 1 != 0 {
            product ^= power;
        }
        power = double(power);
    }
    product
}

/// The two parity bytes of a code word of which `bytes` are given: the sum of all is 0, and so is the sum of each
/// times 2^(its distance from the end).
fn parity(bytes: impl Iterator<Item = u8>) -> (u8, u8) {
    let (mut sum, mut weighted) = (0, 0);
    for b in bytes {
        sum ^= b;
        weighted = double(weighted) ^ b;
    }
    // p + q = sum and 2p + q = 4 * weighted, where + and - are the same: 3p = sum + 4 * weighted
    let p = third(sum ^ double(double(weighted)));
    (p, p ^ sum)
}

/// P and Q parity over bytes 12 on, which form two planes (even and odd bytes) of 24 rows by 43 columns, P below them.
fn ecc(s: &mut [u8; RAW]) {
    for column in 0..86 {
        let (a, b) = parity((0..24).map(|row| s[12 + column + 86 * row]));
        s[P_AT + column] = a;
        s[P_AT + 86 + column] = b;
    }
    for diagonal in 0..52 {
        let (plane, start) = (diagonal % 2, diagonal / 2);
        let word = |m: usize| 12 + plane + 2 * ((43 * start + 44 * m) % 1118);
        let (a, b) = parity((0..43).map(|m| s[word(m)]));
        s[Q_AT + diagonal] = a;
        s[Q_AT + 52 + diagonal] = b;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sector() -> [u8; RAW] {
        let data: Vec<u8> = (0..DATA).map(|i| (i * i / 3 + 7 * i) as u8).collect();
        raw(123_456, &data)
    }

    /// Product in GF(2^8) modulo 11Dh, bit by bit.
    fn times(a: u8, b: u8) -> u8 {
        let mut product = 0u16;
        for bit in 0..8 {
            product ^= u16::from(a) << bit & if b >> bit & 1 != 0 { 0xFFFF } else { 0 };
        }
        for bit in (8..16).rev() {
            product ^= if product >> bit & 1 != 0 { 0x11D << (bit - 8) } else { 0 };
        }
        product as u8
    }

    /// ECMA-130, annex A: both syndromes of every code word of `len` bytes are 0.
    fn assert_code_word(word: &[u8]) {
        let mut power = 1;
        let mut syndromes = (0, 0);
        for &b in word.iter().rev() {
            syndromes = (syndromes.0 ^ b, syndromes.1 ^ times(power, b));
            power = times(power, 2);
        }
        assert_eq!(syndromes, (0, 0));
    }

    #[test]
    fn all_p_and_q_code_words_are_valid() {
        let s = sector();
        let v = |plane: usize, n: usize| s[12 + 2 * n + plane];
        for plane in 0..2 {
            for np in 0..43 {
                assert_code_word(&(0..26).map(|mp| v(plane, 43 * mp + np)).collect::<Vec<_>>());
            }
            for nq in 0..26 {
                let mut word: Vec<u8> = (0..43).map(|mq| v(plane, (44 * mq + 43 * nq) % 1118)).collect();
                word.extend([v(plane, 43 * 26 + nq), v(plane, 44 * 26 + nq)]);
                assert_code_word(&word);
            }
        }
    }

    /// ECMA-130, 14.3: the EDC's polynomial divides the bits before it and itself, each byte low bit first.
    #[test]
    fn the_edc_divides() {
        let s = sector();
        let polynomial = {
            let (a, b) = (0b1_1000_0000_0000_0101u64, 0b1_0000_0000_0000_0111u64);
            (0..17).filter(|i| b >> i & 1 != 0).fold(0u64, |p, i| p ^ a << i)
        };
        let mut rest = 0u64;
        for byte in &s[..EDC_AT + 4] {
            for bit in 0..8 {
                rest = rest << 1 | u64::from(byte >> bit & 1);
                if rest >> 32 != 0 {
                    rest ^= polynomial;
                }
            }
        }
        assert_eq!(rest, 0);
    }

    #[test]
    fn addresses_count_from_two_seconds() {
        assert_eq!(msf(0), [0, 2, 0]);
        assert_eq!(msf(4499), [1, 1, 74]);
        assert_eq!(msf(u32::MAX), [255, 12, 45], "954437 minutes");
        assert_eq!(sector()[12..16], [0x27, 0x28, 0x06, 1]);
    }
}
