//! Packed integer operations on one quadword: an MMX register, or either half of an XMM register.

/// Applies `f` to the bytes of two quadwords.
#[inline(always)]
fn bytes(a: u64, b: u64, f: impl Fn(u8, u8) -> u8) -> u64 {
    let (mut a, b) = (a.to_le_bytes(), b.to_le_bytes());
    a.iter_mut().zip(b).for_each(|(a, b)| *a = f(*a, b));
    u64::from_le_bytes(a)
}

/// Applies `f` to the words of two quadwords.
#[inline(always)]
fn words(a: u64, b: u64, f: impl Fn(u16, u16) -> u16) -> u64 {
    (0..4).fold(0, |sum, i| sum | u64::from(f((a >> (16 * i)) as u16, (b >> (16 * i)) as u16)) << (16 * i))
}

/// Applies `f` to the doublewords of two quadwords.
#[inline(always)]
fn dwords(a: u64, b: u64, f: impl Fn(u32, u32) -> u32) -> u64 {
    u64::from(f(a as u32, b as u32)) | u64::from(f((a >> 32) as u32, (b >> 32) as u32)) << 32
}

/// Defines operations by what they do to one element of each operand.
macro_rules! elementwise {
    ($( $doc:literal $name:ident $lanes:ident |$a:ident, $b:ident| $result:expr; )*) => { $(
        #[doc = $doc]
        #[inline]
        pub fn $name(a: u64, b: u64) -> u64 {
            $lanes(a, b, |$a, $b| $result)
        }
    )* };
}

elementwise! {
    "PADDB" paddb bytes |a, b| a.wrapping_add(b);
    "PADDW" paddw words |a, b| a.wrapping_add(b);
    "PADDD" paddd dwords |a, b| a.wrapping_add(b);
    "PADDSB" paddsb bytes |a, b| (a as i8).saturating_add(b as i8) as u8;
    "PADDSW" paddsw words |a, b| (a as i16).saturating_add(b as i16) as u16;
    "PADDUSB" paddusb bytes |a, b| a.saturating_add(b);
    "PADDUSW" paddusw words |a, b| a.saturating_add(b);
    "PSUBB" psubb bytes |a, b| a.wrapping_sub(b);
    "PSUBW" psubw words |a, b| a.wrapping_sub(b);
    "PSUBD" psubd dwords |a, b| a.wrapping_sub(b);
    "PSUBSB" psubsb bytes |a, b| (a as i8).saturating_sub(b as i8) as u8;
    "PSUBSW" psubsw words |a, b| (a as i16).saturating_sub(b as i16) as u16;
    "PSUBUSB" psubusb bytes |a, b| a.saturating_sub(b);
    "PSUBUSW" psubusw words |a, b| a.saturating_sub(b);
    "PMULLW" pmullw words |a, b| a.wrapping_mul(b);
    "PMULHW" pmulhw words |a, b| ((i32::from(a as i16) * i32::from(b as i16)) >> 16) as u16;
    "PMULHUW" pmulhuw words |a, b| ((u32::from(a) * u32::from(b)) >> 16) as u16;
    "PCMPEQB" pcmpeqb bytes |a, b| if a == b { 0xFF } else { 0 };
    "PCMPEQW" pcmpeqw words |a, b| if a == b { 0xFFFF } else { 0 };
    "PCMPEQD" pcmpeqd dwords |a, b| if a == b { u32::MAX } else { 0 };
    "PCMPGTB" pcmpgtb bytes |a, b| if a as i8 > b as i8 { 0xFF } else { 0 };
    "PCMPGTW" pcmpgtw words |a, b| if a as i16 > b as i16 { 0xFFFF } else { 0 };
    "PCMPGTD" pcmpgtd dwords |a, b| if a as i32 > b as i32 { u32::MAX } else { 0 };
    "PAVGB" pavgb bytes |a, b| ((u16::from(a) + u16::from(b) + 1) >> 1) as u8;
    "PAVGW" pavgw words |a, b| ((u32::from(a) + u32::from(b) + 1) >> 1) as u16;
    "PMAXUB" pmaxub bytes |a, b| a.max(b);
    "PMINUB" pminub bytes |a, b| a.min(b);
    "PMAXSW" pmaxsw words |a, b| (a as i16).max(b as i16) as u16;
    "PMINSW" pminsw words |a, b| (a as i16).min(b as i16) as u16;
}

/// Defines operations on whole quadwords.
macro_rules! whole {
    ($( $doc:literal $name:ident |$a:ident, $b:ident| $result:expr; )*) => { $(
        #[doc = $doc]
        #[inline]
        pub fn $name($a: u64, $b: u64) -> u64 {
            $result
        }
    )* };
}

whole! {
    "PADDQ" paddq |a, b| a.wrapping_add(b);
    "PSUBQ" psubq |a, b| a.wrapping_sub(b);
    "PAND" pand |a, b| a & b;
    "PANDN" pandn |a, b| !a & b;
    "POR" por |a, b| a | b;
    "PXOR" pxor |a, b| a ^ b;
    "PMULUDQ" pmuludq |a, b| (a & 0xFFFF_FFFF) * (b & 0xFFFF_FFFF);
}

/// PMADDWD: products of signed words, added in pairs. (-32768)^2 twice wraps to 80000000h.
#[inline]
pub fn pmaddwd(a: u64, b: u64) -> u64 {
    let product = |x: u32, y: u32| i32::from(x as i16) * i32::from(y as i16);
    dwords(a, b, |x, y| product(x, y).wrapping_add(product(x >> 16, y >> 16)) as u32)
}

/// PSADBW: the sum of absolute differences of eight bytes, as a quadword.
#[inline]
pub fn psadbw(a: u64, b: u64) -> u64 {
    a.to_le_bytes().iter().zip(b.to_le_bytes()).map(|(a, b)| u64::from(a.abs_diff(b))).sum()
}

/// PMOVMSKB: the sign bits of eight bytes.
#[inline]
pub fn pmovmskb(a: u64) -> u32 {
    (0..8).fold(0, |mask, i| mask | ((a >> (8 * i + 7)) as u32 & 1) << i)
}

/// PACKSSWB: the eight signed words of a, then b, as signed bytes with saturation.
#[inline]
pub fn packsswb(a: u64, b: u64) -> u64 {
    pack_words(a, b, |word| word.clamp(-128, 127) as u8)
}

/// PACKUSWB: the eight signed words of a, then b, as unsigned bytes with saturation.
#[inline]
pub fn packuswb(a: u64, b: u64) -> u64 {
    pack_words(a, b, |word| word.clamp(0, 255) as u8)
}

#[inline(always)]
fn pack_words(a: u64, b: u64, narrow: impl Fn(i16) -> u8) -> u64 {
    let half = |x: u64| (0..4).fold(0, |sum, i| sum | u64::from(narrow((x >> (16 * i)) as i16)) << (8 * i));
    half(a) | half(b) << 32
}

/// PACKSSDW: the four signed doublewords of a, then b, as signed words with saturation.
#[inline]
pub fn packssdw(a: u64, b: u64) -> u64 {
    let narrow = |x: u64| u64::from((x as i32).clamp(-32768, 32767) as u16);
    narrow(a) | narrow(a >> 32) << 16 | narrow(b) << 32 | narrow(b >> 32) << 48
}

/// Interleaves the elements of `width` bits of two 32-bit values, those of a below.
#[inline(always)]
fn interleave(a: u64, b: u64, width: u32) -> u64 {
    let mask = (1u64 << width) - 1;
    (0..32 / width).fold(0, |sum, i| {
        let at = i * width;
        sum | (a >> at & mask) << (2 * at) | (b >> at & mask) << (2 * at + width)
    })
}

/// PUNPCKLBW of quadwords: the low four bytes of each.
#[inline]
pub fn punpcklbw(a: u64, b: u64) -> u64 {
    interleave(a, b, 8)
}

/// PUNPCKLWD of quadwords: the low two words of each.
#[inline]
pub fn punpcklwd(a: u64, b: u64) -> u64 {
    interleave(a, b, 16)
}

/// PUNPCKLDQ of quadwords: the low doubleword of each.
#[inline]
pub fn punpckldq(a: u64, b: u64) -> u64 {
    a & 0xFFFF_FFFF | b << 32
}

/// PUNPCKHBW of quadwords: the high four bytes of each.
#[inline]
pub fn punpckhbw(a: u64, b: u64) -> u64 {
    interleave(a >> 32, b >> 32, 8)
}

/// PUNPCKHWD of quadwords: the high two words of each.
#[inline]
pub fn punpckhwd(a: u64, b: u64) -> u64 {
    interleave(a >> 32, b >> 32, 16)
}

/// PUNPCKHDQ of quadwords: the high doubleword of each.
#[inline]
pub fn punpckhdq(a: u64, b: u64) -> u64 {
    a >> 32 | b >> 32 << 32
}

/// PSHUFW, and either half of PSHUFLW and PSHUFHW: each word of the result chosen by two bits of `order`.
#[inline]
pub fn shuffle_words(a: u64, order: u8) -> u64 {
    (0..4).fold(0, |sum, i| sum | (a >> (16 * (order >> (2 * i) & 3)) & 0xFFFF) << (16 * i))
}

/// Defines shifts by what they do to one element, the count being below its width.
macro_rules! shifts {
    ($( $doc:literal $name:ident $lanes:ident $bits:literal |$a:ident, $count:ident| $result:expr, beyond $beyond:expr; )*) => { $(
        #[doc = $doc]
        #[inline]
        pub fn $name(a: u64, count: u64) -> u64 {
            if count < $bits {
                let $count = count as u32;
                $lanes(a, 0, |$a, _| $result)
            } else {
                $lanes(a, 0, $beyond)
            }
        }
    )* };
}

#[inline(always)]
fn qword(a: u64, b: u64, f: impl Fn(u64, u64) -> u64) -> u64 {
    f(a, b)
}

shifts! {
    "PSLLW" psllw words 16 |a, n| a << n, beyond |_, _| 0;
    "PSLLD" pslld dwords 32 |a, n| a << n, beyond |_, _| 0;
    "PSLLQ" psllq qword 64 |a, n| a << n, beyond |_, _| 0;
    "PSRLW" psrlw words 16 |a, n| a >> n, beyond |_, _| 0;
    "PSRLD" psrld dwords 32 |a, n| a >> n, beyond |_, _| 0;
    "PSRLQ" psrlq qword 64 |a, n| a >> n, beyond |_, _| 0;
    "PSRAW: a count beyond 15 leaves the sign everywhere" psraw words 16
        |a, n| (a as i16 >> n) as u16, beyond |a, _| (a as i16 >> 15) as u16;
    "PSRAD: a count beyond 31 leaves the sign everywhere" psrad dwords 32
        |a, n| (a as i32 >> n) as u32, beyond |a, _| (a as i32 >> 31) as u32;
}
