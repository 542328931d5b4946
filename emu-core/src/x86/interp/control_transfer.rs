//! Near branches, calls and returns. Far ones are in `far`.

use super::operand::{Mem, Reg, Source, Src};
use super::{Body, Inst, flag};
use crate::x86::access::Int;
use crate::x86::cpu::Cpu;
use crate::x86::decode::{Decoded, Operand};
use crate::x86::exception::Exception;
use crate::x86::regs::gpr::{ECX, ESP};
use crate::x86::regs::seg;

type Done = Result<(), Exception>;

impl Cpu {
    /// Jumps within CS; #GP(0) beyond its limit.
    #[inline(always)]
    pub fn jump_near(&mut self, eip: u32) -> Done {
        if eip > self.st.seg[usize::from(seg::CS)].limit {
            return Err(Exception::GP0);
        }
        self.st.eip = eip;
        Ok(())
    }

    /// Target of a relative branch: with a 16-bit operand size cut to 16 bits.
    #[inline(always)]
    fn relative(&self, inst: &Inst) -> u32 {
        let target = self.code_base.wrapping_add(inst.imm);
        if inst.has(flag::OPSIZE32) { target } else { target & 0xFFFF }
    }
}

fn jcc<const CC: u8>(cpu: &mut Cpu, inst: &Inst) -> Done {
    if cpu.st.flags.condition(CC) {
        let target = cpu.relative(inst);
        cpu.jump_near(target)
    } else {
        cpu.st.eip = cpu.next_eip(inst);
        Ok(())
    }
}

/// Body of Jcc.
pub fn jcc_body(d: &Decoded) -> Body {
    const BODIES: [Body; 16] = [
        jcc::<0>, jcc::<1>, jcc::<2>, jcc::<3>, jcc::<4>, jcc::<5>, jcc::<6>, jcc::<7>, jcc::<8>, jcc::<9>,
        jcc::<10>, jcc::<11>, jcc::<12>, jcc::<13>, jcc::<14>, jcc::<15>,
    ];
    BODIES[usize::from(d.cc & 15)]
}

/// JMP rel.
pub fn jmp_rel(cpu: &mut Cpu, inst: &Inst) -> Done {
    let target = cpu.relative(inst);
    cpu.jump_near(target)
}

fn jmp_ind<W: Int, S: Source<W>>(cpu: &mut Cpu, inst: &Inst) -> Done {
    let target = S::load(cpu, inst)?.to_u32();
    cpu.jump_near(target)
}

/// Body of JMP r/m.
pub fn jmp_ind_body(d: &Decoded) -> Body {
    match (matches!(d.operands[0], Operand::Mem(_)), d.opsize32) {
        (false, false) => jmp_ind::<u16, Src>,
        (false, true) => jmp_ind::<u32, Src>,
        (true, false) => jmp_ind::<u16, Mem>,
        (true, true) => jmp_ind::<u32, Mem>,
    }
}

#[inline(always)]
fn call_to<W: Int>(cpu: &mut Cpu, inst: &Inst, target: u32) -> Done {
    // The limit is checked before the return address is pushed.
    if target > cpu.st.seg[usize::from(seg::CS)].limit {
        return Err(Exception::GP0);
    }
    let back = cpu.next_eip(inst);
    cpu.push(W::from_u32(back))?;
    cpu.st.eip = target;
    Ok(())
}

fn call_rel<W: Int>(cpu: &mut Cpu, inst: &Inst) -> Done {
    let target = cpu.relative(inst);
    call_to::<W>(cpu, inst, target)
}

/// Body of CALL rel.
pub fn call_rel_body(d: &Decoded) -> Body {
    if d.opsize32 { call_rel::<u32> } else { call_rel::<u16> }
}

fn call_ind<W: Int, S: Source<W>>(cpu: &mut Cpu, inst: &Inst) -> Done {
    let target = S::load(cpu, inst)?.to_u32();
    call_to::<W>(cpu, inst, target)
}

/// Body of CALL r/m.
pub fn call_ind_body(d: &Decoded) -> Body {
    match (matches!(d.operands[0], Operand::Mem(_)), d.opsize32) {
        (false, false) => call_ind::<u16, Src>,
        (false, true) => call_ind::<u32, Src>,
        (true, false) => call_ind::<u16, Mem>,
        (true, true) => call_ind::<u32, Mem>,
    }
}

fn ret<W: Int>(cpu: &mut Cpu, inst: &Inst) -> Done {
    let before = cpu.st.gpr[ESP];
    let target: W = cpu.pop()?;
    if let Err(exception) = cpu.jump_near(target.to_u32()) {
        cpu.st.gpr[ESP] = before;
        return Err(exception);
    }
    let sp = cpu.sp().wrapping_add(inst.imm & 0xFFFF);
    cpu.set_sp(sp);
    Ok(())
}

/// Body of RET near; the immediate is 0 for the plain form.
pub fn ret_body(d: &Decoded) -> Body {
    if d.opsize32 { ret::<u32> } else { ret::<u16> }
}

/// LOOP, LOOPE (`WANT` 1), LOOPNE (`WANT` 0); `WANT` 2 does not look at ZF.
fn loop_while<const WANT: u8>(cpu: &mut Cpu, inst: &Inst) -> Done {
    let mask = inst.ea_mask;
    let count = cpu.st.gpr[ECX].wrapping_sub(1) & mask;
    let taken = count != 0 && (WANT == 2 || u8::from(cpu.st.flags.zf()) == WANT);
    branch(cpu, inst, taken)?;
    cpu.st.gpr[ECX] = cpu.st.gpr[ECX] & !mask | count;
    Ok(())
}

fn branch(cpu: &mut Cpu, inst: &Inst, taken: bool) -> Done {
    if taken {
        let target = cpu.relative(inst);
        return cpu.jump_near(target);
    }
    cpu.st.eip = cpu.next_eip(inst);
    Ok(())
}

/// LOOP.
pub const LOOP: Body = loop_while::<2>;
/// LOOPE.
pub const LOOPE: Body = loop_while::<1>;
/// LOOPNE.
pub const LOOPNE: Body = loop_while::<0>;

/// JCXZ, JECXZ.
pub fn jcxz(cpu: &mut Cpu, inst: &Inst) -> Done {
    let taken = cpu.st.gpr[ECX] & inst.ea_mask == 0;
    branch(cpu, inst, taken)
}

fn bound<W: Reg>(cpu: &mut Cpu, inst: &Inst) -> Done {
    let index = W::get(cpu, inst.dst).to_i32();
    let offset = cpu.ea(inst);
    let low: W = cpu.read(inst.seg, offset)?;
    let high: W = cpu.read(inst.seg, offset.wrapping_add(W::BYTES) & inst.ea_mask)?;
    if index < low.to_i32() || index > high.to_i32() { Err(Exception::BR) } else { Ok(()) }
}

/// Body of BOUND.
pub fn bound_body(d: &Decoded) -> Body {
    if d.opsize32 { bound::<u32> } else { bound::<u16> }
}
