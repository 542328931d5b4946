//! x87, MMX and SSE operands: around all boundaries of their formats, and near one another, so that sums cancel.

use super::generate::Draft;
use super::palette::Base;
use super::{FX, fx};
use crate::Random;
use emu_core::x86::decode::{Decoded, Op, Operand, Width};

/// Exponent bias of the 80-bit format.
const BIAS: i64 = 16383;
const J: u64 = 1 << 63;
/// ES and B of the status word.
const SUMMARY: u16 = 0x8080;
const EXCEPTIONS: u16 = 0x3F;

/// Significands and 32- and 64-bit patterns are varied by these.
const PATTERNS: [u64; 10] =
    [0, 1, 2, 0x3FF, 0x400, 0x401, 0x7FF, 0x8000_0000, 0x7FFF_FFFF_FFFF_FFFF, 0xFF_FFFF_FFFF];

/// Exponent and significand of numbers that are special to the 80-bit format: zero, denormals, pseudo-denormal, smallest,
/// infinity, NaNs, unsupported ones, largest, one, integers' bounds, pi, the bounds of FYL2XP1.
const EXTENDED: [(u16, u64); 27] = [
    (0, 0),
    (0, 1),
    (0, J - 1),
    (0, J),
    (1, J),
    (1, J + 1),
    (0x7FFF, J),
    (0x7FFF, J | 1),
    (0x7FFF, J | 1 << 62),
    (0x7FFF, J | 1 << 62 | 0x1234),
    (0x7FFF, 0),
    (0x7FFF, 5),
    (0x3FFF, 1),
    (0x7FFE, u64::MAX),
    (0x7FFE, J),
    (0x3FFF, J),
    (0x3FFE, J),
    (0x3FFE, u64::MAX),
    (0x400D, 0xFFFF_0000_0000_0000),
    (0x400E, J),
    (0x401D, 0xFFFF_FFFF_0000_0000),
    (0x401E, J),
    (0x403D, u64::MAX),
    (0x403E, J),
    (0x4000, 0xC90F_DAA2_2168_C235),
    (0x3FFD, 0x95F6_1998_0C43_36F7),
    (0x403E, J | 1),
];

/// An 80-bit number with an exponent about `near`, and that exponent's distance from the bias.
pub fn extended(random: &mut Random, near: i64) -> ([u8; 10], i64) {
    let (exponent, significand) = match random.below(8) {
        0 | 1 => EXTENDED[random.below(EXTENDED.len() as u64) as usize],
        2 => (random.bits() as u16 & 0x7FFF, random.bits()),
        3 => {
            // A small whole number, or one and a half.
            let bits = 1 + random.below(20);
            let value = random.below(1 << bits) * 2 + 1;
            let shift = value.leading_zeros();
            ((BIAS + 62 - i64::from(shift)) as u16, value << shift)
        }
        kind => {
            let exponent = BIAS + near + random.below(5) as i64 - 2;
            let pattern = PATTERNS[random.below(PATTERNS.len() as u64) as usize];
            let significand = if kind < 6 { random.bits() } else { (random.bits() & !0xFFF) ^ pattern };
            (exponent.clamp(0, 0x7FFE) as u16, significand | J)
        }
    };
    let sign = (random.bits() as u16 & 1) << 15;
    let mut bytes = [0; 10];
    bytes[..8].copy_from_slice(&significand.to_le_bytes());
    bytes[8..].copy_from_slice(&(exponent | sign).to_le_bytes());
    (bytes, i64::from(exponent) - BIAS)
}

/// A number of an IEEE format with `mantissa` stored bits in `bits`, about `near`.
fn ieee(random: &mut Random, bits: u32, mantissa: u32, near: i64) -> u64 {
    let exponents = (1u64 << (bits - 1 - mantissa)) - 1;
    let full = (1u64 << mantissa) - 1;
    let pattern = PATTERNS[random.below(PATTERNS.len() as u64) as usize];
    let fraction = match random.below(4) {
        0 => pattern & full,
        1 => full ^ pattern & full,
        _ => random.bits() & full,
    };
    let exponent = match random.below(8) {
        0 => 0,
        1 => exponents,
        2 => random.below(exponents + 1),
        3 => [1, exponents - 1][random.below(2) as usize],
        _ => ((exponents / 2) as i64 + near + random.below(5) as i64 - 2).clamp(0, exponents as i64) as u64,
    };
    let sign = random.bits() & 1;
    sign << (bits - 1) | exponent << mantissa | fraction
}

/// What the lanes of a register hold.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lane {
    Single,
    Double,
    Whole,
}

fn lane(op: Op) -> Lane {
    let name = format!("{op:?}").to_lowercase();
    let source = name.strip_prefix("cvtt").or(name.strip_prefix("cvt"));
    let kind = source.map_or(&name[name.len() - 2..], |source| &source[..2]);
    match kind {
        "ps" | "ss" => Lane::Single,
        "pd" | "sd" => Lane::Double,
        _ => Lane::Whole,
    }
}

/// Sixteen bytes of lanes.
fn vector(random: &mut Random, lane: Lane, near: i64) -> [u8; 16] {
    let lane = match random.below(16) {
        0 => Lane::Whole,
        1 => Lane::Double,
        _ => lane,
    };
    let mut bytes = [0; 16];
    match lane {
        Lane::Single => {
            bytes.chunks_exact_mut(4).for_each(|lane| {
                lane.copy_from_slice(&(ieee(random, 32, 23, near) as u32).to_le_bytes());
            });
        }
        Lane::Double => {
            bytes.chunks_exact_mut(8).for_each(|lane| {
                lane.copy_from_slice(&ieee(random, 64, 52, near).to_le_bytes());
            });
        }
        Lane::Whole => bytes.iter_mut().for_each(|byte| {
            let value = random.bits();
            let edge = [0, 1, 0x7F, 0x80, 0xFF][value as usize % 5];
            *byte = if value >> 32 & 1 == 0 { edge } else { (value >> 8) as u8 };
        }),
    }
    bytes
}

/// Control, status and tag words and MXCSR.
pub fn control(random: &mut Random, image: &mut [u8; FX]) {
    // Mostly all exceptions masked; precision control 1 is reserved.
    let masks = if random.below(4) == 0 { random.bits() as u16 & EXCEPTIONS } else { EXCEPTIONS };
    let precision = [0, 2, 3, 3][random.below(4) as usize];
    let word = masks | 0x40 | precision << 8 | (random.below(4) as u16) << 10;
    let mut status = random.bits() as u16 & 0x7F00;
    if random.below(4) == 0 {
        status |= random.bits() as u16 & 0x7F & if random.below(2) == 0 { masks | 0x40 } else { 0x7F };
    }
    if status & !word & EXCEPTIONS != 0 {
        status |= SUMMARY;
    }
    let tags = if random.below(2) == 0 { 0xFF } else { random.bits() as u8 };
    image[fx::CONTROL..][..2].copy_from_slice(&word.to_le_bytes());
    image[fx::STATUS..][..2].copy_from_slice(&status.to_le_bytes());
    image[fx::TAGS] = tags;
    image[fx::MXCSR..][..4].copy_from_slice(&mxcsr(random).to_le_bytes());
}

fn mxcsr(random: &mut Random) -> u32 {
    let masks = if random.below(4) == 0 { random.bits() as u32 & 0x1F80 } else { 0x1F80 };
    let rounding = (random.below(4) as u32) << 13;
    let modes = if random.below(3) == 0 { random.bits() as u32 & 0x8040 } else { 0 };
    let flags = if random.below(4) == 0 { random.bits() as u32 & 0x3F } else { 0 };
    masks | rounding | modes | flags
}

/// Gives the instruction its operands.
pub fn fill(random: &mut Random, inst: &Decoded, palette: &[Base], d: &mut Draft) {
    if random.below(2) == 0 {
        control(random, &mut d.fx);
    }
    let near = if random.below(3) == 0 { random.below(140) as i64 - 70 } else { 0 };
    let mut numbers = vec![];
    for operand in inst.operands {
        match operand {
            Operand::Xmm(n) => {
                let value = vector(random, lane(inst.op), near);
                d.fx[fx::XMM0 + 16 * usize::from(n)..][..16].copy_from_slice(&value);
            }
            Operand::Mm(n) => {
                let value = vector(random, lane(inst.op), near);
                // The MMX registers are the physical x87 registers.
                let top = d.fx[fx::STATUS + 1] >> 3 & 7;
                let at = fx::ST0 + 16 * usize::from(n.wrapping_sub(top) & 7);
                d.fx[at..][..8].copy_from_slice(&value[..8]);
            }
            Operand::St(n) => numbers.push(n),
            Operand::Mem(width) => memory(random, inst, width, near, palette, d),
            _ => {}
        }
    }
    if matches!(inst.opcode, 0xD8..=0xDF) {
        numbers.extend([0, 1]);
        let mut near = near;
        for n in numbers {
            let (value, exponent) = extended(random, near);
            d.fx[fx::ST0 + 16 * usize::from(n)..][..10].copy_from_slice(&value);
            near = if random.below(4) == 0 { near } else { exponent };
        }
    }
}

fn memory(random: &mut Random, inst: &Decoded, width: Width, near: i64, palette: &[Base], d: &mut Draft) {
    match (inst.op, width) {
        (Op::Fxrstor, _) => {
            let mut image = palette[random.below(palette.len() as u64) as usize].fx;
            control(random, &mut image);
            if random.below(8) == 0 {
                reserve(random, &mut image[fx::MXCSR..]);
            }
            d.poke_operand(&image);
        }
        (Op::Ldmxcsr, _) => {
            let mut value = mxcsr(random).to_le_bytes();
            if random.below(8) == 0 {
                reserve(random, &mut value);
            }
            d.poke_operand(&value);
        }
        (Op::Fldcw, _) => {
            let mut image = [0; FX];
            control(random, &mut image);
            d.poke_operand(&image[fx::CONTROL..][..2]);
        }
        (Op::Fldenv | Op::Frstor, _) => environment(random, d),
        (Op::Fbld, _) => {
            let mut digits = [0; 10];
            let used = random.below(10) as usize;
            digits[..used].iter_mut().for_each(|byte| {
                *byte = (random.below(10) << 4 | random.below(10)) as u8;
            });
            digits[9] = random.bits() as u8 & 0x80;
            d.poke_operand(&digits);
        }
        (_, Width::B10) => d.poke_operand(&extended(random, near).0),
        (op, _) if format!("{op:?}").starts_with("Fi") => {
            let value = (random.bits() >> random.below(64)) as i64;
            let value = if random.below(2) == 0 { value } else { value.wrapping_neg() };
            d.poke_operand(&value.to_le_bytes()[..width.bytes() as usize]);
        }
        (_, Width::B4) if matches!(inst.opcode, 0xD8..=0xDF) => {
            d.poke_operand(&ieee(random, 32, 23, near).to_le_bytes()[..4])
        }
        (_, Width::B8) if matches!(inst.opcode, 0xD8..=0xDF) => {
            d.poke_operand(&ieee(random, 64, 52, near).to_le_bytes())
        }
        (_, Width::B2 | Width::B4 | Width::B8 | Width::B16) => {
            d.poke_operand(&vector(random, lane(inst.op), near)[..width.bytes() as usize])
        }
        _ => {}
    }
}

/// Sets a reserved bit of MXCSR; bit 17 is one that newer AMD CPUs have.
fn reserve(random: &mut Random, bytes: &mut [u8]) {
    let bit = [16, 18, 19, 24, 31][random.below(5) as usize];
    bytes[bit / 8] |= 1 << (bit % 8);
}

/// The x87 environment and, behind it, the registers, as the operand size has it.
fn environment(random: &mut Random, d: &mut Draft) {
    let mut image = [0; FX];
    control(random, &mut image);
    let word = |at: usize| [image[at], image[at + 1]];
    let tags = random.bits() as u16;
    let pointers: [u16; 4] = std::array::from_fn(|_| random.bits() as u16);
    let words = [word(fx::CONTROL), word(fx::STATUS), tags.to_le_bytes()].into_iter();
    let mut bytes: Vec<u8> =
        words.flat_map(|w| w.into_iter().chain([0xFF; 2]).take(if d.wide { 4 } else { 2 })).collect();
    if d.wide {
        // Offset, selector and opcode, offset, selector.
        bytes.extend(pointers[0].to_le_bytes());
        bytes.extend([0x12, 0x34, 0, 0]);
        bytes.extend((pointers[1] & 0x7FF).to_le_bytes());
        bytes.extend(pointers[2].to_le_bytes());
        bytes.extend([0x56, 0x78, 0, 0, 0xFF, 0xFF]);
    } else {
        bytes.extend([pointers[0], 0, pointers[2], 0].map(u16::to_le_bytes).as_flattened());
    }
    for _ in 0..8 {
        bytes.extend(extended(random, 0).0);
    }
    d.poke_operand(&bytes);
}
