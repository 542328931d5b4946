//! Operands of bodies: registers by width, memory, immediates.

use super::Inst;
use crate::x86::access::Int;
use crate::x86::cpu::Cpu;
use crate::x86::exception::Exception;

/// General registers of one width by their number in encodings.
pub trait Reg: Int {
    /// Reads a register.
    fn get(cpu: &Cpu, number: u8) -> Self;
    /// Writes a register; other bytes of the 32-bit one stay.
    fn set(cpu: &mut Cpu, number: u8, value: Self);
}

impl Reg for u8 {
    #[inline(always)]
    fn get(cpu: &Cpu, number: u8) -> u8 {
        (cpu.st.gpr[usize::from(number & 3)] >> ((number & 4) * 2)) as u8
    }
    #[inline(always)]
    fn set(cpu: &mut Cpu, number: u8, value: u8) {
        let shift = (number & 4) * 2;
        let register = &mut cpu.st.gpr[usize::from(number & 3)];
        *register = *register & !(0xFF << shift) | u32::from(value) << shift;
    }
}

impl Reg for u16 {
    #[inline(always)]
    fn get(cpu: &Cpu, number: u8) -> u16 {
        cpu.st.gpr[usize::from(number & 7)] as u16
    }
    #[inline(always)]
    fn set(cpu: &mut Cpu, number: u8, value: u16) {
        let register = &mut cpu.st.gpr[usize::from(number & 7)];
        *register = *register & 0xFFFF_0000 | u32::from(value);
    }
}

impl Reg for u32 {
    #[inline(always)]
    fn get(cpu: &Cpu, number: u8) -> u32 {
        cpu.st.gpr[usize::from(number & 7)]
    }
    #[inline(always)]
    fn set(cpu: &mut Cpu, number: u8, value: u32) {
        cpu.st.gpr[usize::from(number & 7)] = value;
    }
}

/// Where an operand is: chosen when a decoded instruction is bound to its body.
pub trait Source<W: Int> {
    /// Its value.
    fn load(cpu: &mut Cpu, inst: &Inst) -> Result<W, Exception>;
}

/// A place that can be read, written and changed.
pub trait Place<W: Int>: Source<W> {
    /// Stores a value.
    fn store(cpu: &mut Cpu, inst: &Inst, value: W) -> Result<(), Exception>;
    /// Reads, changes, writes back; nothing changes if it cannot be written.
    fn update(cpu: &mut Cpu, inst: &Inst, change: impl FnOnce(&mut Cpu, W) -> W) -> Result<(), Exception>;
}

/// The register `inst.dst`.
pub struct Dst;
/// The register `inst.src`.
pub struct Src;
/// The memory operand.
pub struct Mem;
/// The immediate.
pub struct Imm;

impl<W: Reg> Source<W> for Dst {
    #[inline(always)]
    fn load(cpu: &mut Cpu, inst: &Inst) -> Result<W, Exception> {
        Ok(W::get(cpu, inst.dst))
    }
}

impl<W: Reg> Place<W> for Dst {
    #[inline(always)]
    fn store(cpu: &mut Cpu, inst: &Inst, value: W) -> Result<(), Exception> {
        W::set(cpu, inst.dst, value);
        Ok(())
    }
    #[inline(always)]
    fn update(cpu: &mut Cpu, inst: &Inst, change: impl FnOnce(&mut Cpu, W) -> W) -> Result<(), Exception> {
        let old = W::get(cpu, inst.dst);
        let new = change(cpu, old);
        W::set(cpu, inst.dst, new);
        Ok(())
    }
}

impl<W: Reg> Source<W> for Src {
    #[inline(always)]
    fn load(cpu: &mut Cpu, inst: &Inst) -> Result<W, Exception> {
        Ok(W::get(cpu, inst.src))
    }
}

impl<W: Int> Source<W> for Mem {
    #[inline(always)]
    fn load(cpu: &mut Cpu, inst: &Inst) -> Result<W, Exception> {
        let offset = cpu.ea(inst);
        cpu.read(inst.seg, offset)
    }
}

impl<W: Int> Place<W> for Mem {
    #[inline(always)]
    fn store(cpu: &mut Cpu, inst: &Inst, value: W) -> Result<(), Exception> {
        let offset = cpu.ea(inst);
        cpu.write(inst.seg, offset, value)
    }
    #[inline(always)]
    fn update(cpu: &mut Cpu, inst: &Inst, change: impl FnOnce(&mut Cpu, W) -> W) -> Result<(), Exception> {
        let offset = cpu.ea(inst);
        cpu.update(inst.seg, offset, change)
    }
}

impl<W: Int> Source<W> for Imm {
    #[inline(always)]
    fn load(_cpu: &mut Cpu, inst: &Inst) -> Result<W, Exception> {
        Ok(W::from_u32(inst.imm))
    }
}
