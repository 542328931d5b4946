//! Memory operands: ModRM, SIB and displacement that lead to a wanted offset, by whatever registers.

use super::generate::Draft;
use crate::Random;

const ESP: usize = 4;
const EBP: usize = 5;
/// Base and index of the 16-bit forms; 8 for none.
const BASES_16: [(usize, usize); 8] = [(3, 6), (3, 7), (5, 6), (5, 7), (6, 8), (7, 8), (5, 8), (3, 8)];

/// A memory operand at `d.offset()`, 16- or 32-bit as `d` says.
pub fn memory(random: &mut Random, reg: u8, d: &mut Draft) {
    if d.address16 { memory16(random, reg, d) } else { memory32(random, reg, d) }
}

/// A 16-bit memory operand anywhere.
pub fn anywhere16(random: &mut Random, reg: u8, d: &mut Draft) {
    let (mode, rm) = (random.below(3) as u8, random.below(8) as u8);
    d.code.push(mode << 6 | reg << 3 | rm);
    let len = match (mode, rm) {
        (0, 6) | (2, _) => 2,
        (1, _) => 1,
        _ => 0,
    };
    d.code.extend(&random.bits().to_le_bytes()[..len]);
}

fn memory16(random: &mut Random, reg: u8, d: &mut Draft) {
    let offset = d.offset() as u16;
    let rm = random.below(8) as usize;
    let (base, index) = BASES_16[rm];
    let field = reg << 3 | rm as u8;
    let short = random.bits() as i8;
    let other = if index == 8 { 0 } else { d.regs[index] as u16 };
    let free = d.is_free(base);
    match random.below(4) {
        0 => {
            d.code.push(reg << 3 | 6);
            d.code.extend(offset.to_le_bytes());
            return;
        }
        1 if free && rm != 6 => {
            d.pin16(base, offset.wrapping_sub(other));
            d.code.push(field);
        }
        2 if free => {
            d.pin16(base, offset.wrapping_sub(other).wrapping_sub(short as u16));
            d.code.extend([0x40 | field, short as u8]);
        }
        _ => {
            d.pin16(base, d.regs[base] as u16);
            let sum = other.wrapping_add(d.regs[base] as u16);
            d.code.push(0x80 | field);
            d.code.extend(offset.wrapping_sub(sum).to_le_bytes());
        }
    }
    if index != 8 {
        d.pin16(index, other);
    }
}

fn memory32(random: &mut Random, reg: u8, d: &mut Draft) {
    let target = d.offset();
    let base = random.below(8) as usize;
    let index = [0, 1, 2, 3, 5, 6, 7][random.below(7) as usize];
    let scale = random.below(4) as u8;
    let short = random.bits() as i8;
    let free = d.is_free(base);
    let field = reg << 3;
    match random.below(6) {
        0 if free && base != ESP && base != EBP => {
            d.pin(base, target);
            d.code.push(field | base as u8);
        }
        1 if free && base != ESP => {
            d.pin(base, target.wrapping_sub(short as u32));
            d.code.extend([0x40 | field | base as u8, short as u8]);
        }
        2 if base != ESP => {
            d.pin(base, d.regs[base]);
            d.code.push(0x80 | field | base as u8);
            d.code.extend(target.wrapping_sub(d.regs[base]).to_le_bytes());
        }
        3 => {
            d.pin(base, d.regs[base]);
            d.pin(index, d.regs[index]);
            let sum = d.regs[base].wrapping_add(d.regs[index] << scale);
            d.code.extend([0x84 | field, scale << 6 | (index as u8) << 3 | base as u8]);
            d.code.extend(target.wrapping_sub(sum).to_le_bytes());
        }
        4 if free && base != index => {
            d.pin(index, d.regs[index]);
            let rest = (d.regs[index] << scale).wrapping_add(short as u32);
            d.pin(base, target.wrapping_sub(rest));
            d.code.extend([0x44 | field, scale << 6 | (index as u8) << 3 | base as u8, short as u8]);
        }
        5 => {
            d.pin(index, d.regs[index]);
            d.code.extend([4 | field, scale << 6 | (index as u8) << 3 | 5]);
            d.code.extend(target.wrapping_sub(d.regs[index] << scale).to_le_bytes());
        }
        _ => {
            d.code.push(field | 5);
            d.code.extend(target.to_le_bytes());
        }
    }
}
