use super::*;
use primitive_types::{U256, U512};

/// A generator of words that lie where carries, borrows, signs and quotient estimates go wrong: SplitMix64 chooses
/// the length and the pattern.
struct Words(u64);

impl Words {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn limb(&mut self) -> u64 {
        let limb = self.next();
        match self.next() % 8 {
            0 => 0,
            1 => u64::MAX,
            2 => 1 << (limb % 64),
            3 => u64::MAX << (limb % 64),
            4 => u64::MAX >> (limb % 64),
            _ => limb,
        }
    }

    fn word(&mut self) -> U256 {
        let word = U256([self.limb(), self.limb(), self.limb(), self.limb()]);
        let power = U256::one() << (self.next() % 256) as usize;
        match self.next() % 8 {
            0 => U256::from(self.next() % 4),
            1 => power,
            2 => sub(power, U256::one()),
            3 => add(power, U256::one()),
            4 => neg(power),
            5 => word,
            _ => word >> (self.next() % 256) as usize,
        }
    }
}

/// Calls `check` with 100,000 triples of words.
fn for_words(check: impl Fn(U256, U256, U256)) {
    let mut words = Words(3);
    for _ in 0..100_000 {
        let (a, b) = (words.word(), words.word());
        let c = match words.next() % 8 {
            0 => a,
            1 => add(b, U256::one()),
            2 => sub(a, b),
            _ => words.word(),
        };
        check(a, b, c);
    }
}

fn narrow(wide: U512) -> U256 {
    U256::try_from(wide).expect("a remainder is below its modulus")
}

#[test]
fn sums_products_and_comparisons_agree_with_primitive_types() {
    for_words(|a, b, _| {
        assert_eq!(add_with_carry(a, b), a.overflowing_add(b), "{a:#x} + {b:#x}");
        assert_eq!(sub_with_borrow(a, b), a.overflowing_sub(b), "{a:#x} - {b:#x}");
        assert_eq!(mul(a, b), a.overflowing_mul(b).0, "{a:#x} * {b:#x}");
        assert_eq!(product::square(a), a.overflowing_mul(a).0, "{a:#x} squared");
        assert_eq!(product::full_mul(a, b), a.full_mul(b).0, "{a:#x} * {b:#x} in full");
        assert_eq!((lt(a, b), gt(a, b)), (a < b, a > b), "{a:#x} < {b:#x}");
        assert_eq!(is_zero(a), a == U256::zero());
        assert_eq!(add(neg(a), a), U256::zero());
    });
}

#[test]
fn quotients_and_remainders_agree_with_primitive_types() {
    for_words(|a, b, c| {
        for b in [b, c] {
            let (quotient, remainder) = if b == U256::zero() { Default::default() } else { a.div_mod(b) };
            assert_eq!((div(a, b), rem(a, b)), (quotient, remainder), "{a:#x} / {b:#x}");
        }
    });
}

#[test]
fn quotients_of_nearly_equal_leading_limbs_are_exact() {
    // Dividends q * d + r with r just below d: here Knuth's estimate is most often one too high, or the highest
    // limbs are equal.
    let mut words = Words(4);
    for _ in 0..100_000 {
        let d = words.word();
        let q = words.word() >> (256 - d.leading_zeros()).min(255) as usize;
        let (product, overflow) = q.overflowing_mul(d);
        if overflow || d == U256::zero() {
            continue;
        }
        for r in [d - 1, U256::zero(), U256::one().min(d - 1), d >> 1] {
            if let Some(a) = product.checked_add(r) {
                assert_eq!((div(a, d), rem(a, d)), (q, r), "{a:#x} / {d:#x}");
            }
        }
    }
}

#[test]
fn reciprocals_are_those_of_the_definition() {
    let mut words = Words(5);
    for _ in 0..100_000 {
        let (d0, d1) = (words.limb(), words.limb() | 1 << 63);
        let expected = (u128::MAX / u128::from(d1)) as u64;
        assert_eq!(reciprocal::of_limb(d1), expected, "{d1:#x}");
        let d = U256([d0, d1, 0, 0]);
        let expected = (U256::MAX >> 64) / d;
        assert_eq!(reciprocal::of_two_limbs((d0, d1)), expected.0[0], "{d:#x}");
    }
}

#[test]
fn modular_operations_agree_with_primitive_types() {
    for_words(|a, b, n| {
        let (sum, product) = match n.is_zero() {
            true => (U256::zero(), U256::zero()),
            false => (
                narrow((U512::from(a) + U512::from(b)) % U512::from(n)),
                narrow(a.full_mul(b) % U512::from(n)),
            ),
        };
        assert_eq!(addmod(a, b, n), sum, "({a:#x} + {b:#x}) % {n:#x}");
        assert_eq!(mulmod(a, b, n), product, "({a:#x} * {b:#x}) % {n:#x}");
    });
}

#[test]
fn powers_agree_with_repeated_multiplication() {
    let mut words = Words(6);
    for _ in 0..5_000 {
        let (base, exponent) = (words.word(), words.word());
        for exponent in [exponent, exponent & U256::from(0x1FF)] {
            let mut expected = U256::one();
            for bit in (0..exponent.bits()).rev() {
                expected = expected.overflowing_mul(expected).0;
                if exponent.bit(bit) {
                    expected = expected.overflowing_mul(base).0;
                }
            }
            assert_eq!(exp(base, exponent), expected, "{base:#x} ^ {exponent:#x}");
        }
    }
    for base in [U256::zero(), U256::one(), U256::from(2), U256::MAX] {
        assert_eq!(exp(base, U256::zero()), U256::one());
    }
}

#[test]
fn signed_division_follows_the_yellow_paper() {
    for_words(|a, b, _| {
        // SDIV rounds towards zero and SMOD has the sign of the dividend, so that a = b * SDIV + SMOD.
        let (quotient, remainder) = (sdiv(a, b), smod(a, b));
        if b == U256::zero() {
            assert_eq!((quotient, remainder), (U256::zero(), U256::zero()));
            return;
        }
        assert_eq!(add(mul(quotient, b), remainder), a, "{a:#x} / {b:#x}");
        assert!(remainder == U256::zero() || is_negative(remainder) == is_negative(a), "{a:#x} % {b:#x}");
        assert!(magnitude(remainder) < magnitude(b), "{a:#x} % {b:#x}");
    });
    let minus = |a: u64| neg(U256::from(a));
    assert_eq!(sdiv(minus(7), U256::from(2)), minus(3));
    assert_eq!(smod(minus(7), U256::from(2)), minus(1));
    assert_eq!(smod(U256::from(7), minus(2)), U256::one());
    assert_eq!((sdiv(SIGN_BIT, minus(1)), smod(SIGN_BIT, minus(1))), (SIGN_BIT, U256::zero()));
}

/// The bit `index` of `a`, and the sign above the highest.
fn signed_bit(a: U256, index: usize) -> bool {
    a.bit(index.min(255))
}

/// Whether `result` has for every bit what `expected` says.
fn has_bits(result: U256, expected: impl Fn(usize) -> bool) -> bool {
    (0..256).all(|bit| result.bit(bit) == expected(bit))
}

#[test]
fn shifts_move_every_bit_to_its_place() {
    let mut words = Words(7);
    for round in 0..10_000 {
        let value = words.word();
        let shift = match round % 4 {
            0 => words.word(),
            1 => U256::from(words.next() % 5) * 64,
            _ => U256::from(words.next() % 260),
        };
        let by = if shift < U256::from(256) { shift.as_usize() } else { 256 };
        assert!(has_bits(shl(shift, value), |i| i >= by && value.bit(i - by)), "{value:#x} << {shift}");
        assert!(has_bits(shr(shift, value), |i| i + by < 256 && value.bit(i + by)), "{value:#x} >> {shift}");
        assert!(has_bits(sar(shift, value), |i| signed_bit(value, i + by)), "{value:#x} sar {shift}");
    }
}

#[test]
fn sign_extension_copies_the_sign_of_the_named_byte() {
    let mut words = Words(8);
    for round in 0..10_000 {
        let value = words.word();
        let index = if round % 4 == 0 { words.word() } else { U256::from(words.next() % 34) };
        let sign = if index < U256::from(32) { index.as_usize() * 8 + 7 } else { 255 };
        assert!(has_bits(signextend(index, value), |i| value.bit(i.min(sign))), "{value:#x} from {index}");
    }
}

#[test]
fn bytes_count_from_the_highest() {
    let mut words = Words(9);
    for round in 0..10_000 {
        let value = words.word();
        let bytes = value.to_big_endian();
        assert_eq!(to_be_bytes(value), bytes);
        assert_eq!(from_be_bytes(&bytes), value);
        assert_eq!(from_be_slice(&bytes[round % 33..]), U256::from_big_endian(&bytes[round % 33..]));
        let index = if round % 4 == 0 { words.word() } else { U256::from(words.next() % 40) };
        let expected = if index < U256::from(32) { bytes[index.as_usize()] } else { 0 };
        assert_eq!(byte(index, value), U256::from(expected), "byte {index} of {value:#x}");
        let length = 32 - bytes.iter().take_while(|&&byte| byte == 0).count();
        assert_eq!(byte_len(value) as usize, length);
    }
    assert_eq!(from_be_slice(&[0xFF; 40]), U256::MAX);
}

#[test]
fn comparisons_of_signed_words_order_negative_ones_first() {
    for_words(|a, b, _| {
        let expected = match (is_negative(a), is_negative(b)) {
            (true, false) => true,
            (false, true) => false,
            _ => a < b,
        };
        assert_eq!((slt(a, b), sgt(b, a)), (expected, expected), "{a:#x} {b:#x}");
    });
}

#[test]
fn narrowing_saturates() {
    let limit = U256::from(u64::MAX);
    assert_eq!((to_u64(limit), saturating_u64(limit), fits_u64(limit)), (Some(u64::MAX), u64::MAX, true));
    for wide in [limit + 1, U256::one() << 128, U256::one() << 192, U256::MAX] {
        assert_eq!((to_u64(wide), saturating_u64(wide), fits_u64(wide)), (None, u64::MAX, false));
        assert_eq!(saturating_usize(wide), usize::MAX);
    }
    assert_eq!(saturating_usize(U256::from(7)), 7);
}

#[test]
fn leading_zeros_are_counted() {
    assert_eq!(clz(U256::zero()), U256::from(256));
    for bit in 0..256 {
        let power = U256::one() << bit;
        assert_eq!(clz(power), U256::from(255 - bit));
        assert_eq!(clz(power | (power - 1)), U256::from(255 - bit));
    }
}
