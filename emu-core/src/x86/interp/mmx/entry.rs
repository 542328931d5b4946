//! What comes before MMX and SSE instructions, and their operands.

use crate::x86::access::Int;
use crate::x86::cpu::Cpu;
use crate::x86::exception::Exception;
use crate::x86::interp::sse::lanes::Xmm;
use crate::x86::interp::x87::entry::check_pending;
use crate::x86::interp::{Inst, flag};
use crate::x86::regs::{cr0, cr4};

type Done = Result<(), Exception>;

/// Before an MMX instruction (SDM vol. 3A, 12.1): #UD if CR0.EM is set, #NM if CR0.TS is, #MF if an x87 exception is
/// pending.
#[inline(always)]
pub fn enter_mmx(cpu: &mut Cpu) -> Done {
    if cpu.st.cr0 & (cr0::EM | cr0::TS) != 0 || cpu.st.fpu.exception_pending() {
        return enter_mmx_slowly(cpu);
    }
    Ok(())
}

#[cold]
fn enter_mmx_slowly(cpu: &mut Cpu) -> Done {
    if cpu.st.cr0 & cr0::EM != 0 {
        return Err(Exception::UD);
    }
    if cpu.st.cr0 & cr0::TS != 0 {
        return Err(Exception::NM);
    }
    check_pending(cpu)
}

/// Before an SSE instruction (SDM vol. 3A, 13.1): #UD if CR0.EM is set or CR4.OSFXSR is not, #NM if CR0.TS is set.
#[inline(always)]
pub fn enter_sse(cpu: &mut Cpu) -> Done {
    if cpu.st.cr0 & (cr0::EM | cr0::TS) != 0 || cpu.st.cr4 & cr4::OSFXSR == 0 {
        return Err(sse_unavailable(cpu));
    }
    Ok(())
}

#[cold]
fn sse_unavailable(cpu: &Cpu) -> Exception {
    if cpu.st.cr0 & cr0::EM != 0 || cpu.st.cr4 & cr4::OSFXSR == 0 { Exception::UD } else { Exception::NM }
}

/// Before an SSE instruction that also uses an MMX register.
#[inline]
pub fn enter_both(cpu: &mut Cpu) -> Done {
    enter_sse(cpu)?;
    check_pending(cpu)
}

/// The source of an MMX instruction: a register or 64 bits of memory.
#[inline(always)]
pub fn mm_source(cpu: &mut Cpu, inst: &Inst) -> Result<u64, Exception> {
    if inst.has(flag::MEMORY) { read(cpu, inst) } else { Ok(cpu.st.fpu.mmx(inst.src)) }
}

/// The source of an SSE instruction: a register or 128 bits of memory, aligned.
#[inline(always)]
pub fn xmm_source(cpu: &mut Cpu, inst: &Inst) -> Result<Xmm, Exception> {
    if inst.has(flag::MEMORY) { read_aligned(cpu, inst) } else { Ok(xmm(cpu, inst.src)) }
}

/// A scalar source in the low lane: a register or as much memory as `W` is wide.
#[inline(always)]
pub fn scalar_source<W: Int>(cpu: &mut Cpu, inst: &Inst) -> Result<Xmm, Exception> {
    if inst.has(flag::MEMORY) { Ok([read::<W>(cpu, inst)?.to_u64(), 0]) } else { Ok(xmm(cpu, inst.src)) }
}

/// Reads the memory operand.
#[inline(always)]
pub fn read<W: Int>(cpu: &mut Cpu, inst: &Inst) -> Result<W, Exception> {
    let offset = cpu.ea(inst);
    cpu.read(inst.seg, offset)
}

/// Writes the memory operand.
#[inline(always)]
pub fn write<W: Int>(cpu: &mut Cpu, inst: &Inst, value: W) -> Done {
    let offset = cpu.ea(inst);
    cpu.write(inst.seg, offset, value)
}

/// Reads 16 bytes; #GP(0) if their linear address is not a multiple of 16.
#[inline(always)]
pub fn read_aligned(cpu: &mut Cpu, inst: &Inst) -> Result<Xmm, Exception> {
    let offset = cpu.ea(inst);
    check_alignment(cpu, inst, offset)?;
    cpu.read_128(inst.seg, offset)
}

/// Writes 16 bytes; #GP(0) if their linear address is not a multiple of 16.
#[inline(always)]
pub fn write_aligned(cpu: &mut Cpu, inst: &Inst, value: Xmm) -> Done {
    let offset = cpu.ea(inst);
    check_alignment(cpu, inst, offset)?;
    cpu.write_128(inst.seg, offset, value)
}

#[inline(always)]
fn check_alignment(cpu: &Cpu, inst: &Inst, offset: u32) -> Done {
    let linear = cpu.st.seg[usize::from(inst.seg & 7)].base.wrapping_add(offset);
    if linear & 15 != 0 { Err(Exception::GP0) } else { Ok(()) }
}

/// The contents of an XMM register.
#[inline(always)]
pub fn xmm(cpu: &Cpu, number: u8) -> Xmm {
    cpu.st.sse.xmm[usize::from(number & 7)]
}

/// Writes an XMM register.
#[inline(always)]
pub fn set_xmm(cpu: &mut Cpu, number: u8, value: Xmm) {
    cpu.st.sse.xmm[usize::from(number & 7)] = value;
}

/// Writes an MMX register, after the x87 state was made the MMX one.
#[inline(always)]
pub fn set_mm(cpu: &mut Cpu, number: u8, value: u64) {
    cpu.st.fpu.enter_mmx();
    cpu.st.fpu.set_mmx(number, value);
}

/// Writes a 32-bit general register.
#[inline(always)]
pub fn set_gpr(cpu: &mut Cpu, number: u8, value: u32) {
    cpu.st.gpr[usize::from(number & 7)] = value;
}

/// Reads a 32-bit general register or memory operand.
#[inline(always)]
pub fn gpr_source(cpu: &mut Cpu, inst: &Inst) -> Result<u32, Exception> {
    if inst.has(flag::MEMORY) { read(cpu, inst) } else { Ok(cpu.st.gpr[usize::from(inst.src & 7)]) }
}

/// destination = f(destination, source) on MMX registers.
#[inline(always)]
pub fn mm_binary(cpu: &mut Cpu, inst: &Inst, f: impl Fn(u64, u64) -> u64) -> Done {
    enter_mmx(cpu)?;
    let source = mm_source(cpu, inst)?;
    let result = f(cpu.st.fpu.mmx(inst.dst), source);
    set_mm(cpu, inst.dst, result);
    Ok(())
}

/// destination = f(destination, source) on XMM registers.
#[inline(always)]
pub fn xmm_binary(cpu: &mut Cpu, inst: &Inst, f: impl Fn(Xmm, Xmm) -> Xmm) -> Done {
    enter_sse(cpu)?;
    let source = xmm_source(cpu, inst)?;
    let result = f(xmm(cpu, inst.dst), source);
    set_xmm(cpu, inst.dst, result);
    Ok(())
}

/// destination = f(destination, source) on both halves of XMM registers.
#[inline(always)]
pub fn xmm_halves(cpu: &mut Cpu, inst: &Inst, f: impl Fn(u64, u64) -> u64) -> Done {
    xmm_binary(cpu, inst, |a, b| [f(a[0], b[0]), f(a[1], b[1])])
}
