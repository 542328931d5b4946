//! DUPN, SWAPN and EXCHANGE: their immediates (EIP-8024).
//!
//! The byte after the opcode says how deep in the stack. 5B to 7F never do: where code of old has them behind one of
//! these bytes they stay the JUMPDESTs and PUSHes that they were.

/// DUPN `n`: a copy of the `n`th word goes on top.
pub const DUPN: u8 = 0xE6;
/// SWAPN `n`: the top and the word `n` below it change places.
pub const SWAPN: u8 = 0xE7;
/// EXCHANGE `n, m`: the words `n` and `m` below the top change places.
pub const EXCHANGE: u8 = 0xE8;

/// The depths that DUPN and SWAPN can name.
pub const DEPTHS: std::ops::RangeInclusive<u8> = 17..=235;

/// True for the three opcodes.
pub const fn has(byte: u8) -> bool {
    matches!(byte, DUPN | SWAPN | EXCHANGE)
}

/// The depth that DUPN or SWAPN takes from its immediate, one of [`DEPTHS`]; nothing for 5B to 7F.
pub const fn decode_single(immediate: u8) -> Option<u8> {
    match immediate {
        0x5B..=0x7F => None,
        _ => Some(immediate.wrapping_add(145)),
    }
}

/// The immediate for a depth of [`DEPTHS`].
pub const fn encode_single(n: u8) -> Option<u8> {
    match n {
        17..=235 => Some(n.wrapping_sub(145)),
        _ => None,
    }
}

/// The two depths that EXCHANGE takes from its immediate, the lesser first; nothing for 52 to 7F.
pub const fn decode_pair(immediate: u8) -> Option<(u8, u8)> {
    if let 0x52..=0x7F = immediate {
        return None;
    }
    let (q, r) = ((immediate ^ 0x8F) >> 4, (immediate ^ 0x8F) & 0xF);
    // A square of 16 by 16 of which one triangle holds the pairs up to 16, the other those with a deeper second.
    Some(if q < r { (q + 1, r + 1) } else { (r + 1, 29 - q) })
}

/// The immediate for two depths: 1 <= n < m, n + m <= 30 or m <= 16.
pub const fn encode_pair(n: u8, m: u8) -> Option<u8> {
    if n < 1 || n >= m || m > 29 {
        return None;
    }
    let (q, r) = if m <= 16 { (n - 1, m - 1) } else { (29 - m, n - 1) };
    if q > 15 || r > 15 {
        return None;
    }
    let immediate = ((q << 4) | r) ^ 0x8F;
    match decode_pair(immediate) {
        Some((first, second)) if first == n && second == m => Some(immediate),
        _ => None,
    }
}

/// Words that must be on the stack, and words that are there in their stead afterwards; nothing if `immediate` is not
/// valid for `opcode`, and executing it an exceptional halt.
pub const fn stack_use(opcode: u8, immediate: u8) -> Option<(u8, u8)> {
    match opcode {
        DUPN => match decode_single(immediate) {
            Some(n) => Some((n, n + 1)),
            None => None,
        },
        SWAPN => match decode_single(immediate) {
            Some(n) => Some((n + 1, n + 1)),
            None => None,
        },
        EXCHANGE => match decode_pair(immediate) {
            Some((_, m)) => Some((m + 1, m + 1)),
            None => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// EIP-8024, encode_single and encode_pair, in whole numbers as written there.
    fn eips_pair(n: i32, m: i32) -> i32 {
        let (q, r) = if m <= 16 { (n - 1, m - 1) } else { (29 - m, n - 1) };
        (16 * q + r) ^ 143
    }

    #[test]
    fn immediates_of_one_depth() {
        for n in DEPTHS {
            let immediate = ((u32::from(n) + 111) & 0xFF) as u8;
            assert_eq!((encode_single(n), decode_single(immediate)), (Some(immediate), Some(n)));
        }
        assert_eq!((encode_single(16), encode_single(236)), (None, None));
        assert_eq!(
            (0..=255).filter(|x| decode_single(*x).is_none()).collect::<Vec<_>>(),
            Vec::from_iter(0x5B..=0x7F)
        );
    }

    #[test]
    fn immediates_of_two_depths() {
        let mut pairs = 0;
        for (n, m) in (0..=40).flat_map(|n| (0..=40).map(move |m| (n, m))) {
            let wanted = (1..m).contains(&n) && m <= 29 && n + m <= 30;
            let immediate = encode_pair(n, m);
            if wanted {
                assert_eq!(immediate.map(i32::from), Some(eips_pair(n.into(), m.into())), "{n} {m}");
            }
            if let Some(immediate) = immediate {
                assert_eq!(decode_pair(immediate), Some((n, m)));
                assert!(!(0x52..=0x7F).contains(&immediate));
                pairs += 1;
            }
        }
        assert_eq!(pairs, 256 - 46);
    }

    /// The cases of revm's tests of these instructions, and the two ends.
    #[test]
    fn known_immediates() {
        assert_eq!((decode_single(0x80), decode_single(0x00)), (Some(17), Some(145)));
        assert_eq!((decode_single(0xFF), decode_single(0x5A)), (Some(144), Some(235)));
        assert_eq!(decode_pair(0x8E), Some((1, 2)));
        assert_eq!(stack_use(DUPN, 0xFF), Some((144, 145)));
        assert_eq!(stack_use(SWAPN, 0x5A), Some((236, 236)));
        assert_eq!(stack_use(EXCHANGE, 0x8E), Some((3, 3)));
        assert_eq!((stack_use(DUPN, 0x5B), stack_use(0x80, 0x00)), (None, None));
    }
}
