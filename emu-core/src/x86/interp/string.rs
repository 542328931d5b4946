//! String instructions. With a REP prefix one call does as many iterations as the budget allows; each counts as one
//! step, and the instruction can be interrupted between any two.

use super::operand::Reg;
use super::{Body, Inst, flag};
use crate::mem::Ram;
use crate::x86::access::Int;
use crate::x86::cpu::{Cpu, attention};
use crate::x86::decode::{Decoded, Rep, Width};
use crate::x86::eflags::{DF, RF};
use crate::x86::exception::Exception;
use crate::x86::regs::gpr::{EAX, ECX, EDI, EDX, ESI};
use crate::x86::regs::seg;
use crate::x86::tlb::{Access, is_user};

type Done = Result<(), Exception>;

/// One string operation.
pub trait StringOp {
    /// Whether REPE and REPNE look at ZF.
    const COMPARES: bool = false;
    /// Moves (E)SI.
    const SOURCE: bool;
    /// Moves (E)DI.
    const DESTINATION: bool;
    /// One iteration at source offset `si` and destination offset `di`.
    fn once<W: Reg>(cpu: &mut Cpu, inst: &Inst, si: u32, di: u32) -> Done;
    /// Does up to `most` iterations at once where memory is plain and the direction is up; how many.
    fn bulk<W: Reg>(_cpu: &mut Cpu, _inst: &Inst, _si: u32, _di: u32, _most: u32) -> u32 {
        0
    }
}

/// How many `W` fit from a linear address to the end of its page.
fn room<W: Int>(linear: u32) -> u32 {
    (4096 - (linear & 0xFFF)) / W::BYTES
}

/// Backing offset of a run of at least two elements that the fast path may touch directly, and how many there are.
fn run<W: Int>(cpu: &Cpu, seg: u8, offset: u32, access: Access, most: u32, mask: u32) -> Option<(u32, u32)> {
    let s = &cpu.st.seg[usize::from(seg & 7)];
    let end = if access == Access::Write { s.write_end } else { s.read_end };
    let end = end.min(u64::from(mask) + 1);
    let allowed = end.checked_sub(u64::from(offset))? / u64::from(W::BYTES);
    let linear = s.base.wrapping_add(offset);
    let count = u64::from(most.min(room::<W>(linear))).min(allowed) as u32;
    let at = cpu.tlb.hit(linear, W::BYTES, access, is_user(&cpu.st))?;
    (count >= 2).then_some((at, count))
}

/// MOVS.
pub struct Movs;
impl StringOp for Movs {
    const SOURCE: bool = true;
    const DESTINATION: bool = true;
    #[inline(always)]
    fn once<W: Reg>(cpu: &mut Cpu, inst: &Inst, si: u32, di: u32) -> Done {
        let value: W = cpu.read(inst.seg, si)?;
        cpu.write(seg::ES, di, value)
    }
    fn bulk<W: Reg>(cpu: &mut Cpu, inst: &Inst, si: u32, di: u32, most: u32) -> u32 {
        let Some((from, count)) = run::<W>(cpu, inst.seg, si, Access::Read, most, inst.ea_mask) else {
            return 0;
        };
        let Some((to, count)) = run::<W>(cpu, seg::ES, di, Access::Write, count, inst.ea_mask) else {
            return 0;
        };
        let ram = &mut cpu.bus.cx.mem.ram;
        let len = count * W::BYTES;
        if to.wrapping_sub(from) < len && to != from {
            // The destination overlaps the source ahead of it: element by element repeats the pattern.
            copy_pattern::<W>(ram, from, to, count);
        } else {
            ram.copy_within(from, to, len);
        }
        count
    }
}

fn copy_pattern<W: Int>(ram: &mut Ram, from: u32, to: u32, count: u32) {
    for i in 0..count {
        W::load(ram, from + i * W::BYTES).store(ram, to + i * W::BYTES);
    }
}

/// STOS.
pub struct Stos;
impl StringOp for Stos {
    const SOURCE: bool = false;
    const DESTINATION: bool = true;
    #[inline(always)]
    fn once<W: Reg>(cpu: &mut Cpu, _inst: &Inst, _si: u32, di: u32) -> Done {
        let value = W::get(cpu, EAX as u8);
        cpu.write(seg::ES, di, value)
    }
    fn bulk<W: Reg>(cpu: &mut Cpu, inst: &Inst, _si: u32, di: u32, most: u32) -> u32 {
        let Some((to, count)) = run::<W>(cpu, seg::ES, di, Access::Write, most, inst.ea_mask) else {
            return 0;
        };
        let value = W::get(cpu, EAX as u8);
        let part = cpu.bus.cx.mem.ram.slice_mut(to, count * W::BYTES);
        for element in part.chunks_exact_mut(W::BYTES as usize) {
            element.copy_from_slice(&value.to_u64().to_le_bytes()[..W::BYTES as usize]);
        }
        count
    }
}

/// LODS.
pub struct Lods;
impl StringOp for Lods {
    const SOURCE: bool = true;
    const DESTINATION: bool = false;
    #[inline(always)]
    fn once<W: Reg>(cpu: &mut Cpu, inst: &Inst, si: u32, _di: u32) -> Done {
        let value: W = cpu.read(inst.seg, si)?;
        W::set(cpu, EAX as u8, value);
        Ok(())
    }
}

fn compare<W: Reg>(cpu: &mut Cpu, a: W, b: W) {
    let difference = W::from_u32(a.to_u32().wrapping_sub(b.to_u32()));
    cpu.st.flags.lazy_sub(W::BITS, a.to_u32(), difference.to_u32());
}

/// CMPS.
pub struct Cmps;
impl StringOp for Cmps {
    const COMPARES: bool = true;
    const SOURCE: bool = true;
    const DESTINATION: bool = true;
    #[inline(always)]
    fn once<W: Reg>(cpu: &mut Cpu, inst: &Inst, si: u32, di: u32) -> Done {
        let a: W = cpu.read(inst.seg, si)?;
        let b: W = cpu.read(seg::ES, di)?;
        compare(cpu, a, b);
        Ok(())
    }
}

/// SCAS.
pub struct Scas;
impl StringOp for Scas {
    const COMPARES: bool = true;
    const SOURCE: bool = false;
    const DESTINATION: bool = true;
    #[inline(always)]
    fn once<W: Reg>(cpu: &mut Cpu, _inst: &Inst, _si: u32, di: u32) -> Done {
        let a = W::get(cpu, EAX as u8);
        let b: W = cpu.read(seg::ES, di)?;
        compare(cpu, a, b);
        Ok(())
    }
}

/// INS.
pub struct Ins;
impl StringOp for Ins {
    const SOURCE: bool = false;
    const DESTINATION: bool = true;
    fn once<W: Reg>(cpu: &mut Cpu, inst: &Inst, _si: u32, di: u32) -> Done {
        let port = u16::get(cpu, EDX as u8);
        cpu.check_io(port, W::BYTES as u8)?;
        // Nothing may be read from the device that then cannot be stored.
        let linear = cpu.check_segment(seg::ES, di, W::BYTES, Access::Write)?;
        cpu.prepare_write(linear, W::BYTES, is_user(&cpu.st))?;
        cpu.io_eip = cpu.eip_of(inst);
        let value = cpu.port_in(port, W::BYTES as u8);
        cpu.write_prepared(linear, W::BYTES, u64::from(value));
        Ok(())
    }
}

/// OUTS.
pub struct Outs;
impl StringOp for Outs {
    const SOURCE: bool = true;
    const DESTINATION: bool = false;
    fn once<W: Reg>(cpu: &mut Cpu, inst: &Inst, si: u32, _di: u32) -> Done {
        let port = u16::get(cpu, EDX as u8);
        cpu.check_io(port, W::BYTES as u8)?;
        let value: W = cpu.read(inst.seg, si)?;
        cpu.io_eip = cpu.eip_of(inst);
        cpu.port_out(port, W::BYTES as u8, value.to_u32());
        Ok(())
    }
}

#[inline(always)]
fn step<W: Int>(cpu: &Cpu) -> u32 {
    if cpu.st.flags.system(DF) != 0 { W::BYTES.wrapping_neg() } else { W::BYTES }
}

#[inline(always)]
fn advance<O: StringOp>(cpu: &mut Cpu, by: u32, mask: u32) {
    if O::SOURCE {
        let si = &mut cpu.st.gpr[ESI];
        *si = *si & !mask | si.wrapping_add(by) & mask;
    }
    if O::DESTINATION {
        let di = &mut cpu.st.gpr[EDI];
        *di = *di & !mask | di.wrapping_add(by) & mask;
    }
}

fn single<O: StringOp, W: Reg>(cpu: &mut Cpu, inst: &Inst) -> Done {
    let mask = inst.ea_mask;
    let (si, di) = (cpu.st.gpr[ESI] & mask, cpu.st.gpr[EDI] & mask);
    O::once::<W>(cpu, inst, si, di)?;
    advance::<O>(cpu, step::<W>(cpu), mask);
    Ok(())
}

fn repeated<O: StringOp, W: Reg>(cpu: &mut Cpu, inst: &Inst) -> Done {
    let mask = inst.ea_mask;
    let budget = cpu.limit - cpu.steps - u64::from(cpu.position);
    let mut done = 0u64;
    let up = cpu.st.flags.system(DF) == 0;
    loop {
        let count = cpu.st.gpr[ECX] & mask;
        if count == 0 {
            break;
        }
        if done >= budget || done > 0 && cpu.attention != 0 {
            // Out of time: come back to this instruction.
            cpu.st.eip = cpu.eip_of(inst);
            cpu.extra_steps = done - 1;
            // What comes between two iterations saves RF, so that a breakpoint on the instruction is hit once, not at each of
            // them (SDM vol. 3B, 17.3.1.1).
            cpu.st.flags.put(RF, RF);
            cpu.attention |= attention::DEBUG;
            cpu.pass_suspended();
            return Ok(());
        }
        let (si, di) = (cpu.st.gpr[ESI] & mask, cpu.st.gpr[EDI] & mask);
        let most = (budget - done).min(u64::from(count)) as u32;
        let bulk = if up && most > 1 { O::bulk::<W>(cpu, inst, si, di, most) } else { 0 };
        if bulk == 0 {
            if let Err(exception) = O::once::<W>(cpu, inst, si, di) {
                cpu.extra_steps = done;
                return Err(exception);
            }
            advance::<O>(cpu, step::<W>(cpu), mask);
        } else {
            advance::<O>(cpu, bulk * W::BYTES, mask);
        }
        let iterations = bulk.max(1);
        done += u64::from(iterations);
        cpu.extra_steps = done;
        let left = count - iterations;
        cpu.st.gpr[ECX] = cpu.st.gpr[ECX] & !mask | left;
        if O::COMPARES && cpu.st.flags.zf() == inst.has(flag::REPNE) {
            break;
        }
    }
    cpu.extra_steps = done.saturating_sub(1);
    cpu.st.eip = cpu.next_eip(inst);
    Ok(())
}

/// Body of a string operation, with or without REP.
pub fn string_body<O: StringOp>(d: &Decoded) -> Body {
    match (d.width, d.rep != Rep::None) {
        (Width::B1, false) => single::<O, u8>,
        (Width::B1, true) => repeated::<O, u8>,
        (Width::B2, false) => single::<O, u16>,
        (Width::B2, true) => repeated::<O, u16>,
        (_, false) => single::<O, u32>,
        (_, true) => repeated::<O, u32>,
    }
}
