//! Shuffles by an immediate, single words in and out, byte masks.

use super::entry::{enter_mmx, enter_sse, mm_source, read, set_gpr, set_mm, set_xmm, xmm, xmm_source};
use super::{instruction, is_xmm, lanes};
use crate::x86::cpu::Cpu;
use crate::x86::decode::{Decoded, Op};
use crate::x86::exception::Exception;
use crate::x86::interp::sse::lanes::Xmm;
use crate::x86::interp::{Body, Inst, flag};

type Done = Result<(), Exception>;

/// The body of a shuffle, insertion, extraction or mask.
pub fn body(d: &Decoded) -> Option<Body> {
    let xmm = is_xmm(d);
    Some(match d.op {
        Op::Pshufw => pshufw,
        Op::Pshufd => instruction!(shuffle, shuffle_dwords),
        Op::Pshuflw => instruction!(shuffle, |a, order| [lanes::shuffle_words(a[0], order), a[1]]),
        Op::Pshufhw => instruction!(shuffle, |a, order| [a[0], lanes::shuffle_words(a[1], order)]),
        Op::Pinsrw if xmm => insert_xmm,
        Op::Pinsrw => insert_mm,
        Op::Pextrw if xmm => extract_xmm,
        Op::Pextrw => extract_mm,
        Op::Pmovmskb if xmm => mask_xmm,
        Op::Pmovmskb => mask_mm,
        _ => return None,
    })
}

fn pshufw(cpu: &mut Cpu, inst: &Inst) -> Done {
    enter_mmx(cpu)?;
    let source = mm_source(cpu, inst)?;
    set_mm(cpu, inst.dst, lanes::shuffle_words(source, inst.imm as u8));
    Ok(())
}

#[inline(always)]
fn shuffle(cpu: &mut Cpu, inst: &Inst, f: impl Fn(Xmm, u8) -> Xmm) -> Done {
    enter_sse(cpu)?;
    let source = xmm_source(cpu, inst)?;
    set_xmm(cpu, inst.dst, f(source, inst.imm as u8));
    Ok(())
}

/// PSHUFD: each doubleword of the result chosen by two bits of `order`.
pub(super) fn shuffle_dwords(a: Xmm, order: u8) -> Xmm {
    let pick = |i: u8| {
        let from = order >> (2 * i) & 3;
        a[usize::from(from >> 1)] >> (32 * (from & 1)) & 0xFFFF_FFFF
    };
    [pick(0) | pick(1) << 32, pick(2) | pick(3) << 32]
}

/// The word that PINSRW inserts.
fn word_source(cpu: &mut Cpu, inst: &Inst) -> Result<u64, Exception> {
    if inst.has(flag::MEMORY) {
        return Ok(u64::from(read::<u16>(cpu, inst)?));
    }
    Ok(u64::from(cpu.st.gpr[usize::from(inst.src & 7)] as u16))
}

/// `a` with word `position` (0 to 3) replaced.
fn insert(a: u64, position: u32, word: u64) -> u64 {
    let shift = 16 * (position & 3);
    a & !(0xFFFF << shift) | word << shift
}

fn insert_mm(cpu: &mut Cpu, inst: &Inst) -> Done {
    enter_mmx(cpu)?;
    let word = word_source(cpu, inst)?;
    let result = insert(cpu.st.fpu.mmx(inst.dst), inst.imm, word);
    set_mm(cpu, inst.dst, result);
    Ok(())
}

fn insert_xmm(cpu: &mut Cpu, inst: &Inst) -> Done {
    enter_sse(cpu)?;
    let word = word_source(cpu, inst)?;
    let mut value = xmm(cpu, inst.dst);
    let half = &mut value[inst.imm as usize >> 2 & 1];
    *half = insert(*half, inst.imm, word);
    set_xmm(cpu, inst.dst, value);
    Ok(())
}

fn extract_mm(cpu: &mut Cpu, inst: &Inst) -> Done {
    enter_mmx(cpu)?;
    let word = cpu.st.fpu.mmx(inst.src) >> (16 * (inst.imm & 3)) & 0xFFFF;
    cpu.st.fpu.enter_mmx();
    set_gpr(cpu, inst.dst, word as u32);
    Ok(())
}

fn extract_xmm(cpu: &mut Cpu, inst: &Inst) -> Done {
    enter_sse(cpu)?;
    let half = xmm(cpu, inst.src)[inst.imm as usize >> 2 & 1];
    set_gpr(cpu, inst.dst, (half >> (16 * (inst.imm & 3))) as u32 & 0xFFFF);
    Ok(())
}

fn mask_mm(cpu: &mut Cpu, inst: &Inst) -> Done {
    enter_mmx(cpu)?;
    let mask = lanes::pmovmskb(cpu.st.fpu.mmx(inst.src));
    cpu.st.fpu.enter_mmx();
    set_gpr(cpu, inst.dst, mask);
    Ok(())
}

fn mask_xmm(cpu: &mut Cpu, inst: &Inst) -> Done {
    enter_sse(cpu)?;
    let [low, high] = xmm(cpu, inst.src);
    set_gpr(cpu, inst.dst, lanes::pmovmskb(low) | lanes::pmovmskb(high) << 8);
    Ok(())
}
