//! Moves of floating-point values.

use crate::x86::cpu::Cpu;
use crate::x86::decode::{Decoded, Op, Operand};
use crate::x86::exception::Exception;
use crate::x86::interp::mmx::entry::{enter_sse, read, set_gpr, set_xmm, write, xmm};
use crate::x86::interp::mmx::moves::{copy, load_aligned, load_unaligned, store_aligned, store_unaligned};
use crate::x86::interp::{Body, Inst};

type Done = Result<(), Exception>;

/// Where the operands of a move are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Load,
    Store,
    Registers,
}

/// The body of a move.
pub fn body(d: &Decoded) -> Option<Body> {
    let memory = |i: usize| matches!(d.operands[i], Operand::Mem(_));
    let form = match (memory(0), memory(1)) {
        (true, _) => Form::Store,
        (_, true) => Form::Load,
        _ => Form::Registers,
    };
    Some(match (d.op, form) {
        (Op::Movaps | Op::Movapd, Form::Load) => load_aligned,
        (Op::Movaps | Op::Movapd | Op::Movntps | Op::Movntpd, Form::Store) => store_aligned,
        (Op::Movups | Op::Movupd, Form::Load) => load_unaligned,
        (Op::Movups | Op::Movupd, Form::Store) => store_unaligned,
        (Op::Movaps | Op::Movapd | Op::Movups | Op::Movupd, Form::Registers) => copy,
        (Op::Movss, Form::Load) => load_single,
        (Op::Movss, Form::Store) => store_single,
        (Op::Movss, Form::Registers) => merge_single,
        (Op::Movsd, Form::Load) => load_double,
        (Op::Movsd, Form::Store) => store_half::<0>,
        (Op::Movsd, Form::Registers) => merge_half::<0, 0>,
        (Op::Movlps | Op::Movlpd, Form::Load) => load_half::<0>,
        (Op::Movlps | Op::Movlpd, Form::Store) => store_half::<0>,
        (Op::Movhps | Op::Movhpd, Form::Load) => load_half::<1>,
        (Op::Movhps | Op::Movhpd, Form::Store) => store_half::<1>,
        (Op::Movhlps, _) => merge_half::<0, 1>,
        (Op::Movlhps, _) => merge_half::<1, 0>,
        (Op::Movmskps, _) => movmskps,
        (Op::Movmskpd, _) => movmskpd,
        (Op::Movnti, _) => movnti,
        _ => return None,
    })
}

/// MOVSS from memory clears the rest of the register.
fn load_single(cpu: &mut Cpu, inst: &Inst) -> Done {
    enter_sse(cpu)?;
    let value: u32 = read(cpu, inst)?;
    set_xmm(cpu, inst.dst, [u64::from(value), 0]);
    Ok(())
}

fn store_single(cpu: &mut Cpu, inst: &Inst) -> Done {
    enter_sse(cpu)?;
    let value = xmm(cpu, inst.src)[0] as u32;
    write(cpu, inst, value)
}

fn merge_single(cpu: &mut Cpu, inst: &Inst) -> Done {
    const LOW: u64 = 0xFFFF_FFFF;
    enter_sse(cpu)?;
    let ([low, high], source) = (xmm(cpu, inst.dst), xmm(cpu, inst.src)[0]);
    set_xmm(cpu, inst.dst, [low & !LOW | source & LOW, high]);
    Ok(())
}

/// MOVSD from memory clears the rest of the register.
fn load_double(cpu: &mut Cpu, inst: &Inst) -> Done {
    enter_sse(cpu)?;
    let value = read(cpu, inst)?;
    set_xmm(cpu, inst.dst, [value, 0]);
    Ok(())
}

/// Half `HALF` of the destination is loaded, the other stays.
fn load_half<const HALF: usize>(cpu: &mut Cpu, inst: &Inst) -> Done {
    enter_sse(cpu)?;
    let mut value = xmm(cpu, inst.dst);
    value[HALF] = read(cpu, inst)?;
    set_xmm(cpu, inst.dst, value);
    Ok(())
}

fn store_half<const HALF: usize>(cpu: &mut Cpu, inst: &Inst) -> Done {
    enter_sse(cpu)?;
    let value = xmm(cpu, inst.src)[HALF];
    write(cpu, inst, value)
}

/// Half `TO` of the destination becomes half `FROM` of the source.
fn merge_half<const TO: usize, const FROM: usize>(cpu: &mut Cpu, inst: &Inst) -> Done {
    enter_sse(cpu)?;
    let mut value = xmm(cpu, inst.dst);
    value[TO] = xmm(cpu, inst.src)[FROM];
    set_xmm(cpu, inst.dst, value);
    Ok(())
}

fn movmskps(cpu: &mut Cpu, inst: &Inst) -> Done {
    enter_sse(cpu)?;
    let [low, high] = xmm(cpu, inst.src).map(|half| (half >> 31 & 1 | half >> 62 & 2) as u32);
    set_gpr(cpu, inst.dst, low | high << 2);
    Ok(())
}

fn movmskpd(cpu: &mut Cpu, inst: &Inst) -> Done {
    enter_sse(cpu)?;
    let [low, high] = xmm(cpu, inst.src).map(|half| (half >> 63) as u32);
    set_gpr(cpu, inst.dst, low | high << 1);
    Ok(())
}

/// MOVNTI: an integer store that minds none of the FPU's or SSE's switches.
fn movnti(cpu: &mut Cpu, inst: &Inst) -> Done {
    let value = cpu.st.gpr[usize::from(inst.src & 7)];
    write(cpu, inst, value)
}
