//! Moves, exchanges, conversions and the stack.

use super::operand::{Dst, Imm, Mem, Place, Reg, Source, Src};
use super::{Body, Inst, flag};
use crate::x86::access::Int;
use crate::x86::cpu::Cpu;
use crate::x86::decode::{Decoded, Operand, Width};
use crate::x86::eflags::{CF, ZF};
use crate::x86::exception::Exception;
use crate::x86::regs::gpr::{EAX, EBP, EBX, ECX, EDX, ESP, ZERO};
use crate::x86::regs::seg;
use crate::x86::tlb::{Access, is_user};

type Done = Result<(), Exception>;

fn mov<W: Int, D: Place<W>, S: Source<W>>(cpu: &mut Cpu, inst: &Inst) -> Done {
    let value = S::load(cpu, inst)?;
    D::store(cpu, inst, value)
}

fn mov_forms<W: Reg>(d: &Decoded) -> Body {
    match (d.operands[0], d.operands[1]) {
        (Operand::Mem(_), Operand::Imm(_)) => mov::<W, Mem, Imm>,
        (Operand::Mem(_), _) => mov::<W, Mem, Src>,
        (_, Operand::Imm(_)) => mov::<W, Dst, Imm>,
        (_, Operand::Mem(_)) => mov::<W, Dst, Mem>,
        _ => mov::<W, Dst, Src>,
    }
}

/// Body of MOV between general registers, memory and immediates.
pub fn mov_body(d: &Decoded) -> Body {
    match d.width {
        Width::B1 => mov_forms::<u8>(d),
        Width::B2 => mov_forms::<u16>(d),
        _ => mov_forms::<u32>(d),
    }
}

fn extend<To: Reg, From: Reg, S: Source<From>, const SIGNED: bool>(cpu: &mut Cpu, inst: &Inst) -> Done {
    let value = S::load(cpu, inst)?;
    let wide = if SIGNED { value.to_i32() as u32 } else { value.to_u32() };
    To::set(cpu, inst.dst, To::from_u32(wide));
    Ok(())
}

/// Body of MOVZX and MOVSX.
pub fn extend_body<const SIGNED: bool>(d: &Decoded) -> Body {
    let to32 = matches!(d.operands[0], Operand::Gpr32(_));
    match (d.operands[1], to32) {
        (Operand::Mem(Width::B1), false) => extend::<u16, u8, Mem, SIGNED>,
        (Operand::Mem(Width::B1), true) => extend::<u32, u8, Mem, SIGNED>,
        (Operand::Mem(_), false) => extend::<u16, u16, Mem, SIGNED>,
        (Operand::Mem(_), true) => extend::<u32, u16, Mem, SIGNED>,
        (Operand::Gpr8(_), false) => extend::<u16, u8, Src, SIGNED>,
        (Operand::Gpr8(_), true) => extend::<u32, u8, Src, SIGNED>,
        (_, false) => extend::<u16, u16, Src, SIGNED>,
        (_, true) => extend::<u32, u16, Src, SIGNED>,
    }
}

fn lea<W: Reg>(cpu: &mut Cpu, inst: &Inst) -> Done {
    let offset = cpu.ea(inst);
    W::set(cpu, inst.dst, W::from_u32(offset));
    Ok(())
}

/// Body of LEA.
pub fn lea_body(d: &Decoded) -> Body {
    if d.opsize32 { lea::<u32> } else { lea::<u16> }
}

fn xchg<W: Reg, D: Place<W>>(cpu: &mut Cpu, inst: &Inst) -> Done {
    let new = W::get(cpu, inst.src);
    let mut old = new;
    D::update(cpu, inst, |_, value| {
        old = value;
        new
    })?;
    W::set(cpu, inst.src, old);
    Ok(())
}

fn xadd<W: Reg, D: Place<W>>(cpu: &mut Cpu, inst: &Inst) -> Done {
    let addend = W::get(cpu, inst.src);
    let mut old = addend;
    let mut sum = addend;
    D::update(cpu, inst, |_, value| {
        old = value;
        sum = W::from_u32(value.to_u32().wrapping_add(addend.to_u32()));
        sum
    })?;
    // The source first: with both operands the same register the sum is what stays.
    W::set(cpu, inst.src, old);
    if !inst.has(flag::MEMORY) {
        W::set(cpu, inst.dst, sum);
    }
    cpu.st.flags.lazy_add(W::BITS, old.to_u32(), sum.to_u32());
    Ok(())
}

fn cmpxchg<W: Reg, D: Place<W>>(cpu: &mut Cpu, inst: &Inst) -> Done {
    let (accumulator, new) = (W::get(cpu, EAX as u8), W::get(cpu, inst.src));
    let mut old = accumulator;
    // A failed comparison writes the old value back: the page must be writable either way.
    D::update(cpu, inst, |_, value| {
        old = value;
        if value == accumulator { new } else { value }
    })?;
    if old != accumulator {
        W::set(cpu, EAX as u8, old);
    }
    let difference = W::from_u32(accumulator.to_u32().wrapping_sub(old.to_u32()));
    cpu.st.flags.lazy_sub(W::BITS, accumulator.to_u32(), difference.to_u32());
    Ok(())
}

macro_rules! by_destination {
    ($name:ident, $body:ident, $doc:literal) => {
        #[doc = $doc]
        pub fn $name(d: &Decoded) -> Body {
            let memory = matches!(d.operands[0], Operand::Mem(_));
            match (d.width, memory) {
                (Width::B1, false) => $body::<u8, Dst>,
                (Width::B1, true) => $body::<u8, Mem>,
                (Width::B2, false) => $body::<u16, Dst>,
                (Width::B2, true) => $body::<u16, Mem>,
                (_, false) => $body::<u32, Dst>,
                (_, true) => $body::<u32, Mem>,
            }
        }
    };
}
by_destination!(xchg_body, xchg, "Body of XCHG; a memory operand is bound as the destination.");
by_destination!(xadd_body, xadd, "Body of XADD.");
by_destination!(cmpxchg_body, cmpxchg, "Body of CMPXCHG.");

/// CMPXCHG8B.
pub fn cmpxchg8b(cpu: &mut Cpu, inst: &Inst) -> Done {
    let pair = |low: usize, high: usize| {
        move |cpu: &Cpu| u64::from(cpu.st.gpr[low]) | u64::from(cpu.st.gpr[high]) << 32
    };
    let (expected, new) = (pair(EAX, EDX)(cpu), pair(EBX, ECX)(cpu));
    let offset = cpu.ea(inst);
    let mut old = 0u64;
    cpu.update(inst.seg, offset, |_, value: u64| {
        old = value;
        if value == expected { new } else { value }
    })?;
    if old != expected {
        cpu.st.gpr[EAX] = old as u32;
        cpu.st.gpr[EDX] = (old >> 32) as u32;
    }
    cpu.st.flags.put(ZF, if old == expected { ZF } else { 0 });
    Ok(())
}

/// BSWAP. Of a 16-bit register it is undefined: here it becomes 0, as on Pentium class CPUs.
pub fn bswap(cpu: &mut Cpu, inst: &Inst) -> Done {
    if inst.has(flag::OPSIZE32) {
        let value = u32::get(cpu, inst.dst);
        u32::set(cpu, inst.dst, value.swap_bytes());
    } else {
        u16::set(cpu, inst.dst, 0);
    }
    Ok(())
}

fn cmov<W: Reg, S: Source<W>>(cpu: &mut Cpu, inst: &Inst) -> Done {
    // The load is made, and may fault, whatever the condition.
    let value = S::load(cpu, inst)?;
    if cpu.st.flags.condition(inst.cc) {
        W::set(cpu, inst.dst, value);
    }
    Ok(())
}

/// Body of CMOVcc.
pub fn cmov_body(d: &Decoded) -> Body {
    let memory = matches!(d.operands[1], Operand::Mem(_));
    match (d.opsize32, memory) {
        (false, false) => cmov::<u16, Src>,
        (false, true) => cmov::<u16, Mem>,
        (true, false) => cmov::<u32, Src>,
        (true, true) => cmov::<u32, Mem>,
    }
}

fn setcc<D: Place<u8>>(cpu: &mut Cpu, inst: &Inst) -> Done {
    let value = u8::from(cpu.st.flags.condition(inst.cc));
    D::store(cpu, inst, value)
}

/// Body of SETcc.
pub fn setcc_body(d: &Decoded) -> Body {
    if matches!(d.operands[0], Operand::Mem(_)) { setcc::<Mem> } else { setcc::<Dst> }
}

/// XLAT.
pub fn xlat(cpu: &mut Cpu, inst: &Inst) -> Done {
    let offset = cpu.st.gpr[EBX].wrapping_add(u32::from(u8::get(cpu, 0))) & inst.ea_mask;
    let value: u8 = cpu.read(inst.seg, offset)?;
    u8::set(cpu, 0, value);
    Ok(())
}

fn push<W: Int, S: Source<W>>(cpu: &mut Cpu, inst: &Inst) -> Done {
    let value = S::load(cpu, inst)?;
    cpu.push(value)
}

/// Body of PUSH of a general register, memory or an immediate.
pub fn push_body(d: &Decoded) -> Body {
    match (d.operands[0], d.opsize32) {
        (Operand::Imm(_), false) => push::<u16, Imm>,
        (Operand::Imm(_), true) => push::<u32, Imm>,
        (Operand::Mem(_), false) => push::<u16, Mem>,
        (Operand::Mem(_), true) => push::<u32, Mem>,
        (_, false) => push::<u16, Src>,
        (_, true) => push::<u32, Src>,
    }
}

fn pop_register<W: Reg>(cpu: &mut Cpu, inst: &Inst) -> Done {
    // POP ESP: the popped value wins over the increment.
    let value: W = cpu.pop()?;
    W::set(cpu, inst.dst, value);
    Ok(())
}

fn pop_memory<W: Int>(cpu: &mut Cpu, inst: &Inst) -> Done {
    let before = cpu.st.gpr[ESP];
    let value: W = cpu.pop()?;
    // An address with ESP in it uses the incremented one.
    let offset = cpu.ea(inst);
    cpu.write(inst.seg, offset, value).inspect_err(|_| cpu.st.gpr[ESP] = before)
}

/// Body of POP to a general register or memory.
pub fn pop_body(d: &Decoded) -> Body {
    match (matches!(d.operands[0], Operand::Mem(_)), d.opsize32) {
        (false, false) => pop_register::<u16>,
        (false, true) => pop_register::<u32>,
        (true, false) => pop_memory::<u16>,
        (true, true) => pop_memory::<u32>,
    }
}

/// In real and virtual-8086 mode these stack pointers are #GP, not #SS (SDM vol. 2B, PUSHA).
const REFUSED_BY_PUSHA: [u32; 5] = [7, 9, 11, 13, 15];

fn pusha<W: Reg>(cpu: &mut Cpu, _inst: &Inst) -> Done {
    let top = cpu.sp();
    if REFUSED_BY_PUSHA.contains(&top) && (!cpu.st.protected() || cpu.st.v86()) {
        return Err(Exception::GP0);
    }
    let mask = cpu.st.stack_mask;
    let lowest = top.wrapping_sub(8 * W::BYTES) & mask;
    // All or nothing: the farthest write is probed before the first is made.
    let probe = cpu.check_segment(seg::SS, lowest, W::BYTES, Access::Write)?;
    cpu.probe_write(probe, W::BYTES, is_user(&cpu.st))?;
    let values: [W; 8] = std::array::from_fn(|number| W::get(cpu, number as u8));
    for (i, value) in (1u32..).zip(values) {
        cpu.write(seg::SS, top.wrapping_sub(i * W::BYTES) & mask, value)?;
    }
    cpu.set_sp(lowest);
    Ok(())
}

/// Body of PUSHA.
pub fn pusha_body(d: &Decoded) -> Body {
    if d.opsize32 { pusha::<u32> } else { pusha::<u16> }
}

fn popa<W: Reg>(cpu: &mut Cpu, _inst: &Inst) -> Done {
    let top = cpu.sp();
    let mut values = [W::from_u32(0); 8];
    for (i, value) in (0u32..).zip(values.iter_mut()) {
        *value = cpu.read(seg::SS, top.wrapping_add(i * W::BYTES) & cpu.st.stack_mask)?;
    }
    for (number, value) in values.into_iter().rev().enumerate() {
        if number != ESP {
            W::set(cpu, number as u8, value);
        }
    }
    cpu.set_sp(top.wrapping_add(8 * W::BYTES));
    Ok(())
}

/// Body of POPA.
pub fn popa_body(d: &Decoded) -> Body {
    if d.opsize32 { popa::<u32> } else { popa::<u16> }
}

/// CBW, CWDE.
pub fn cbw(cpu: &mut Cpu, inst: &Inst) -> Done {
    if inst.has(flag::OPSIZE32) {
        cpu.st.gpr[EAX] = u16::get(cpu, 0).to_i32() as u32;
    } else {
        let value = u8::get(cpu, 0).to_i32() as u16;
        u16::set(cpu, 0, value);
    }
    Ok(())
}

/// CWD, CDQ.
pub fn cwd(cpu: &mut Cpu, inst: &Inst) -> Done {
    if inst.has(flag::OPSIZE32) {
        cpu.st.gpr[EDX] = (cpu.st.gpr[EAX] as i32 >> 31) as u32;
    } else {
        let value = (u16::get(cpu, 0).to_i32() >> 31) as u16;
        u16::set(cpu, EDX as u8, value);
    }
    Ok(())
}

fn enter<W: Reg>(cpu: &mut Cpu, inst: &Inst) -> Done {
    let (size, level) = (inst.imm & 0xFFFF, inst.imm2 & 31);
    let before = cpu.st.gpr[ESP];
    let mask = cpu.st.stack_mask;
    let result = enter_frames::<W>(cpu, level, mask).and_then(|frame| {
        let sp = cpu.sp().wrapping_sub(size) & mask;
        // The manual has a write at the new top of stack checked before anything is committed.
        let linear = cpu.check_segment(seg::SS, sp, W::BYTES, Access::Write)?;
        cpu.probe_write(linear, W::BYTES, is_user(&cpu.st))?;
        Ok((frame, sp))
    });
    match result {
        Ok((frame, sp)) => {
            W::set(cpu, EBP as u8, W::from_u32(frame));
            cpu.set_sp(sp);
            Ok(())
        }
        Err(exception) => {
            cpu.st.gpr[ESP] = before;
            Err(exception)
        }
    }
}

/// Pushes EBP and the display of enclosing frames; the new frame pointer.
fn enter_frames<W: Reg>(cpu: &mut Cpu, level: u16, mask: u32) -> Result<u32, Exception> {
    let ebp = W::get(cpu, EBP as u8);
    cpu.push(ebp)?;
    let frame = cpu.st.gpr[ESP];
    let mut outer = cpu.st.gpr[EBP];
    for _ in 1..level {
        outer = outer.wrapping_sub(W::BYTES);
        let pointer: W = cpu.read(seg::SS, outer & mask)?;
        cpu.push(pointer)?;
    }
    if level > 0 {
        cpu.push(W::from_u32(frame))?;
    }
    Ok(frame)
}

/// Body of ENTER.
pub fn enter_body(d: &Decoded) -> Body {
    if d.opsize32 { enter::<u32> } else { enter::<u16> }
}

fn leave<W: Reg>(cpu: &mut Cpu, _inst: &Inst) -> Done {
    let frame = cpu.st.gpr[EBP] & cpu.st.stack_mask;
    let value: W = cpu.read(seg::SS, frame)?;
    cpu.set_sp(frame.wrapping_add(W::BYTES));
    W::set(cpu, EBP as u8, value);
    Ok(())
}

/// Body of LEAVE.
pub fn leave_body(d: &Decoded) -> Body {
    if d.opsize32 { leave::<u32> } else { leave::<u16> }
}

/// SALC (undocumented): AL = CF ? FFh : 0.
pub fn salc(cpu: &mut Cpu, _inst: &Inst) -> Done {
    let value = if cpu.st.flags.cf() { 0xFF } else { 0 };
    u8::set(cpu, 0, value);
    Ok(())
}

/// LAHF.
pub fn lahf(cpu: &mut Cpu, _inst: &Inst) -> Done {
    let value = cpu.st.flags.get() as u8;
    u8::set(cpu, 4, value);
    Ok(())
}

/// SAHF.
pub fn sahf(cpu: &mut Cpu, _inst: &Inst) -> Done {
    let value = u32::from(u8::get(cpu, 4));
    cpu.st.flags.put(crate::x86::eflags::STATUS & 0xFF | CF, value);
    Ok(())
}

/// NOP, PAUSE, prefetches, fences: nothing.
pub fn nop(cpu: &mut Cpu, _inst: &Inst) -> Done {
    debug_assert_eq!(cpu.st.gpr[ZERO], 0);
    Ok(())
}
