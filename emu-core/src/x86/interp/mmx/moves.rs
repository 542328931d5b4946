//! MOVD, MOVQ and their kin between MMX, XMM and general registers and memory; EMMS; masked stores.

use super::entry::{
    enter_both, enter_mmx, enter_sse, gpr_source, mm_source, read, read_aligned, set_gpr, set_mm, set_xmm,
    write, write_aligned, xmm,
};
use crate::x86::cpu::Cpu;
use crate::x86::decode::{Decoded, Op, Operand};
use crate::x86::exception::Exception;
use crate::x86::interp::{Body, Inst, flag};
use crate::x86::tlb::{Access, is_user};

type Done = Result<(), Exception>;

/// The body of a move of integers.
pub fn body(d: &Decoded) -> Option<Body> {
    let memory = |i: usize| matches!(d.operands[i], Operand::Mem(_));
    Some(match (d.op, d.operands[0], d.operands[1]) {
        (Op::Emms, ..) => emms,
        (Op::Movd, Operand::Mm(_), _) => movd_to_mm,
        (Op::Movd, Operand::Xmm(_), _) => movd_to_xmm,
        (Op::Movd, _, Operand::Mm(_)) => movd_from_mm,
        (Op::Movd, ..) => movd_from_xmm,
        (Op::Movq, Operand::Mm(_), _) => movq_to_mm,
        (Op::Movq | Op::Movntq, Operand::Mem(_), Operand::Mm(_)) => movq_from_mm,
        (Op::Movq, Operand::Xmm(_), _) => movq_to_xmm,
        (Op::Movq, ..) => movq_from_xmm,
        (Op::Movdqa, _, _) if memory(0) => store_aligned,
        (Op::Movdqa, _, _) if memory(1) => load_aligned,
        (Op::Movdqu, _, _) if memory(0) => store_unaligned,
        (Op::Movdqu, _, _) if memory(1) => load_unaligned,
        (Op::Movdqa | Op::Movdqu, ..) => copy,
        (Op::Movntdq, ..) => store_aligned,
        (Op::Movq2dq, ..) => movq2dq,
        (Op::Movdq2q, ..) => movdq2q,
        (Op::Maskmovq, ..) => maskmovq,
        (Op::Maskmovdqu, ..) => maskmovdqu,
        _ => return None,
    })
}

fn emms(cpu: &mut Cpu, _inst: &Inst) -> Done {
    enter_mmx(cpu)?;
    (cpu.st.fpu.valid, cpu.st.fpu.top) = (0, 0);
    Ok(())
}

fn movd_to_mm(cpu: &mut Cpu, inst: &Inst) -> Done {
    enter_mmx(cpu)?;
    let value = gpr_source(cpu, inst)?;
    set_mm(cpu, inst.dst, u64::from(value));
    Ok(())
}

fn movd_to_xmm(cpu: &mut Cpu, inst: &Inst) -> Done {
    enter_sse(cpu)?;
    let value = gpr_source(cpu, inst)?;
    set_xmm(cpu, inst.dst, [u64::from(value), 0]);
    Ok(())
}

fn movd_from_mm(cpu: &mut Cpu, inst: &Inst) -> Done {
    enter_mmx(cpu)?;
    let value = cpu.st.fpu.mmx(inst.src) as u32;
    store_dword(cpu, inst, value)?;
    cpu.st.fpu.enter_mmx();
    Ok(())
}

fn movd_from_xmm(cpu: &mut Cpu, inst: &Inst) -> Done {
    enter_sse(cpu)?;
    let value = xmm(cpu, inst.src)[0] as u32;
    store_dword(cpu, inst, value)
}

fn store_dword(cpu: &mut Cpu, inst: &Inst, value: u32) -> Done {
    if inst.has(flag::MEMORY) {
        return write(cpu, inst, value);
    }
    set_gpr(cpu, inst.dst, value);
    Ok(())
}

fn movq_to_mm(cpu: &mut Cpu, inst: &Inst) -> Done {
    enter_mmx(cpu)?;
    let value = mm_source(cpu, inst)?;
    set_mm(cpu, inst.dst, value);
    Ok(())
}

fn movq_from_mm(cpu: &mut Cpu, inst: &Inst) -> Done {
    enter_mmx(cpu)?;
    let value = cpu.st.fpu.mmx(inst.src);
    write(cpu, inst, value)?;
    cpu.st.fpu.enter_mmx();
    Ok(())
}

fn movq_to_xmm(cpu: &mut Cpu, inst: &Inst) -> Done {
    enter_sse(cpu)?;
    let value = if inst.has(flag::MEMORY) { read(cpu, inst)? } else { xmm(cpu, inst.src)[0] };
    set_xmm(cpu, inst.dst, [value, 0]);
    Ok(())
}

fn movq_from_xmm(cpu: &mut Cpu, inst: &Inst) -> Done {
    enter_sse(cpu)?;
    let value = xmm(cpu, inst.src)[0];
    write(cpu, inst, value)
}

/// Loads an XMM register from aligned memory: MOVDQA, MOVAPS, MOVAPD.
pub fn load_aligned(cpu: &mut Cpu, inst: &Inst) -> Done {
    enter_sse(cpu)?;
    let value = read_aligned(cpu, inst)?;
    set_xmm(cpu, inst.dst, value);
    Ok(())
}

/// Stores an XMM register to aligned memory: MOVDQA, MOVAPS, MOVAPD and the non-temporal stores.
pub fn store_aligned(cpu: &mut Cpu, inst: &Inst) -> Done {
    enter_sse(cpu)?;
    let value = xmm(cpu, inst.src);
    write_aligned(cpu, inst, value)
}

/// Loads an XMM register from memory at any address: MOVDQU, MOVUPS, MOVUPD.
pub fn load_unaligned(cpu: &mut Cpu, inst: &Inst) -> Done {
    enter_sse(cpu)?;
    let offset = cpu.ea(inst);
    let value = cpu.read_128(inst.seg, offset)?;
    set_xmm(cpu, inst.dst, value);
    Ok(())
}

/// Stores an XMM register to memory at any address: MOVDQU, MOVUPS, MOVUPD.
pub fn store_unaligned(cpu: &mut Cpu, inst: &Inst) -> Done {
    enter_sse(cpu)?;
    let value = xmm(cpu, inst.src);
    let offset = cpu.ea(inst);
    cpu.write_128(inst.seg, offset, value)
}

/// Copies an XMM register.
pub fn copy(cpu: &mut Cpu, inst: &Inst) -> Done {
    enter_sse(cpu)?;
    let value = xmm(cpu, inst.src);
    set_xmm(cpu, inst.dst, value);
    Ok(())
}

fn movq2dq(cpu: &mut Cpu, inst: &Inst) -> Done {
    enter_both(cpu)?;
    let value = cpu.st.fpu.mmx(inst.src);
    cpu.st.fpu.enter_mmx();
    set_xmm(cpu, inst.dst, [value, 0]);
    Ok(())
}

fn movdq2q(cpu: &mut Cpu, inst: &Inst) -> Done {
    enter_both(cpu)?;
    let value = xmm(cpu, inst.src)[0];
    set_mm(cpu, inst.dst, value);
    Ok(())
}

/// MASKMOVQ: writes the bytes of the first register whose mask bytes in the second (`inst.cc`) have their sign set.
fn maskmovq(cpu: &mut Cpu, inst: &Inst) -> Done {
    enter_mmx(cpu)?;
    let (value, mask) = (cpu.st.fpu.mmx(inst.src), cpu.st.fpu.mmx(inst.cc));
    masked_store(cpu, inst, &value.to_le_bytes(), &mask.to_le_bytes())?;
    cpu.st.fpu.enter_mmx();
    Ok(())
}

/// MASKMOVDQU.
fn maskmovdqu(cpu: &mut Cpu, inst: &Inst) -> Done {
    enter_sse(cpu)?;
    let bytes = |value: [u64; 2]| value.map(u64::to_le_bytes);
    let (value, mask) = (bytes(xmm(cpu, inst.src)), bytes(xmm(cpu, inst.cc)));
    masked_store(cpu, inst, value.as_flattened(), mask.as_flattened())
}

/// Writes the chosen bytes, all or none. Bytes that are not chosen are not checked.
fn masked_store(cpu: &mut Cpu, inst: &Inst, bytes: &[u8], mask: &[u8]) -> Done {
    let offset = cpu.ea(inst);
    let chosen = || bytes.iter().zip(mask).zip(0u32..).filter(|((_, mask), _)| **mask & 0x80 != 0);
    for (_, at) in chosen() {
        let linear = cpu.check_segment(inst.seg, offset.wrapping_add(at) & inst.ea_mask, 1, Access::Write)?;
        cpu.probe_write(linear, 1, is_user(&cpu.st))?;
    }
    for ((byte, _), at) in chosen() {
        cpu.write(inst.seg, offset.wrapping_add(at) & inst.ea_mask, *byte)?;
    }
    Ok(())
}
