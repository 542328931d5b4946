//! Moves of segment registers, and the instructions that inspect descriptors.

use super::operand::{Dst, Mem, Place, Reg, Source, Src};
use super::{Body, Inst};
use crate::x86::cpu::{Cpu, attention};
use crate::x86::decode::{Decoded, Operand};
use crate::x86::eflags::ZF;
use crate::x86::exception::Exception;
use crate::x86::regs::gpr::ESP;
use crate::x86::regs::{attr, seg};
use crate::x86::segmentation::{Descriptor, is_null, system};

type Done = Result<(), Exception>;

fn load(cpu: &mut Cpu, number: u8, selector: u16) -> Done {
    cpu.load_segment(number, selector)?;
    if number == seg::SS {
        // Interrupts and debug exceptions wait for the instruction after, which loads ESP.
        cpu.st.shadow = true;
        cpu.st.shadow_ss = true;
        cpu.attention |= attention::INTERRUPT;
    }
    Ok(())
}

fn mov_to_seg<S: Source<u16>>(cpu: &mut Cpu, inst: &Inst) -> Done {
    let selector = S::load(cpu, inst)?;
    load(cpu, inst.dst, selector)
}

/// Body of MOV Sreg, r/m16.
pub fn mov_to_seg_body(d: &Decoded) -> Body {
    if matches!(d.operands[1], Operand::Mem(_)) { mov_to_seg::<Mem> } else { mov_to_seg::<Src> }
}

fn mov_from_seg_register<W: Reg>(cpu: &mut Cpu, inst: &Inst) -> Done {
    let selector = cpu.st.seg[usize::from(inst.src & 7)].selector;
    W::set(cpu, inst.dst, W::from_u32(u32::from(selector)));
    Ok(())
}

fn mov_from_seg_memory(cpu: &mut Cpu, inst: &Inst) -> Done {
    let selector = cpu.st.seg[usize::from(inst.src & 7)].selector;
    <Mem as Place<u16>>::store(cpu, inst, selector)
}

/// Body of MOV r/m, Sreg.
pub fn mov_from_seg_body(d: &Decoded) -> Body {
    match d.operands[0] {
        Operand::Mem(_) => mov_from_seg_memory,
        Operand::Gpr32(_) => mov_from_seg_register::<u32>,
        _ => mov_from_seg_register::<u16>,
    }
}

fn push_seg<W: Reg>(cpu: &mut Cpu, inst: &Inst) -> Done {
    let selector = cpu.st.seg[usize::from(inst.dst & 7)].selector;
    cpu.push(W::from_u32(u32::from(selector)))
}

/// Body of PUSH Sreg.
pub fn push_seg_body(d: &Decoded) -> Body {
    if d.opsize32 { push_seg::<u32> } else { push_seg::<u16> }
}

fn pop_seg<W: Reg>(cpu: &mut Cpu, inst: &Inst) -> Done {
    let before = cpu.st.gpr[ESP];
    let selector: W = cpu.pop()?;
    let after = cpu.st.gpr[ESP];
    // The pointer moves in the old stack segment's size, also when SS itself is loaded.
    load(cpu, inst.dst, selector.to_u32() as u16).inspect_err(|_| cpu.st.gpr[ESP] = before)?;
    cpu.st.gpr[ESP] = after;
    Ok(())
}

/// Body of POP Sreg.
pub fn pop_seg_body(d: &Decoded) -> Body {
    if d.opsize32 { pop_seg::<u32> } else { pop_seg::<u16> }
}

/// The descriptor of a selector if LAR, LSL, VERR or VERW may see it: there, and of sufficient privilege.
fn visible(cpu: &mut Cpu, selector: u16) -> Result<Option<Descriptor>, Exception> {
    if is_null(selector) {
        return Ok(None);
    }
    let rpl = (selector & 3) as u8;
    let cpl = cpu.st.cpl;
    let found = cpu.find_descriptor(selector)?;
    Ok(found.filter(|d| d.is_conforming() || d.dpl() >= rpl.max(cpl)))
}

fn need_protected_segments(cpu: &Cpu) -> Done {
    if cpu.st.real_segments() { Err(Exception::UD) } else { Ok(()) }
}

fn lar<W: Reg, S: Source<u16>>(cpu: &mut Cpu, inst: &Inst) -> Done {
    need_protected_segments(cpu)?;
    let selector = S::load(cpu, inst)?;
    let known = |d: &Descriptor| {
        d.is_segment()
            || matches!(
                d.kind(),
                system::TSS16
                    | system::LDT
                    | system::TSS16_BUSY
                    | system::CALL_GATE16
                    | system::TASK_GATE
                    | system::TSS32
                    | system::TSS32_BUSY
                    | system::CALL_GATE32
            )
    };
    let found = visible(cpu, selector)?.filter(known);
    if let Some(d) = found {
        W::set(cpu, inst.dst, W::from_u32((d.raw >> 32) as u32 & 0x00F0_FF00));
    }
    cpu.st.flags.put(ZF, if found.is_some() { ZF } else { 0 });
    Ok(())
}

fn lsl<W: Reg, S: Source<u16>>(cpu: &mut Cpu, inst: &Inst) -> Done {
    need_protected_segments(cpu)?;
    let selector = S::load(cpu, inst)?;
    let known = |d: &Descriptor| {
        let tss_or_ldt =
            matches!(d.kind() & !system::BUSY, system::TSS16 | system::TSS32) || d.kind() == system::LDT;
        d.is_segment() || tss_or_ldt
    };
    let found = visible(cpu, selector)?.filter(known);
    if let Some(d) = found {
        W::set(cpu, inst.dst, W::from_u32(d.limit()));
    }
    cpu.st.flags.put(ZF, if found.is_some() { ZF } else { 0 });
    Ok(())
}

fn verify<S: Source<u16>, const WRITE: bool>(cpu: &mut Cpu, inst: &Inst) -> Done {
    need_protected_segments(cpu)?;
    let selector = S::load(cpu, inst)?;
    let fits = |d: &Descriptor| {
        if WRITE {
            d.is_writable_data()
        } else {
            d.is_segment() && (!d.is_code() || d.attr() & attr::RW != 0)
        }
    };
    let found = visible(cpu, selector)?.is_some_and(|d| fits(&d));
    cpu.st.flags.put(ZF, if found { ZF } else { 0 });
    Ok(())
}

macro_rules! inspect_body {
    ($name:ident, $body:ident, $doc:literal) => {
        #[doc = $doc]
        pub fn $name(d: &Decoded) -> Body {
            match (d.opsize32, matches!(d.operands[1], Operand::Mem(_))) {
                (false, false) => $body::<u16, Src>,
                (false, true) => $body::<u16, Mem>,
                (true, false) => $body::<u32, Src>,
                (true, true) => $body::<u32, Mem>,
            }
        }
    };
}
inspect_body!(lar_body, lar, "Body of LAR.");
inspect_body!(lsl_body, lsl, "Body of LSL.");

/// Body of VERR (`WRITE` false) and VERW.
pub fn verify_body<const WRITE: bool>(d: &Decoded) -> Body {
    if matches!(d.operands[0], Operand::Mem(_)) { verify::<Mem, WRITE> } else { verify::<Src, WRITE> }
}

fn arpl<D: Place<u16>>(cpu: &mut Cpu, inst: &Inst) -> Done {
    need_protected_segments(cpu)?;
    let rpl = u16::get(cpu, inst.src) & 3;
    // Hardware looks whether it may write only where it has to (SDM vol. 2A, ARPL, does not say so).
    let old = D::load(cpu, inst)?;
    let raise = old & 3 < rpl;
    if raise {
        D::store(cpu, inst, old & !3 | rpl)?;
    }
    cpu.st.flags.put(ZF, if raise { ZF } else { 0 });
    Ok(())
}

/// Body of ARPL.
pub fn arpl_body(d: &Decoded) -> Body {
    if matches!(d.operands[0], Operand::Mem(_)) { arpl::<Mem> } else { arpl::<Dst> }
}
