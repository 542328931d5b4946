//! Packed shifts by a register, memory or immediate count.

use super::entry::{enter_mmx, enter_sse, mm_binary, set_mm, set_xmm, xmm, xmm_binary};
use super::{instruction, is_xmm, lanes};
use crate::x86::cpu::Cpu;
use crate::x86::decode::{Decoded, Op, Operand};
use crate::x86::exception::Exception;
use crate::x86::interp::sse::lanes::Xmm;
use crate::x86::interp::{Body, Inst};

type Done = Result<(), Exception>;

/// The body of a packed shift.
pub fn body(d: &Decoded) -> Option<Body> {
    let immediate = matches!(d.operands[1], Operand::Imm(_));
    macro_rules! by_op {
        ($($op:ident $name:ident)*) => {
            match (d.op, is_xmm(d), immediate) {
                $(
                    (Op::$op, false, false) => instruction!(mm_binary, lanes::$name),
                    (Op::$op, false, true) => instruction!(mm_immediate, lanes::$name),
                    (Op::$op, true, false) => instruction!(xmm_by_operand, lanes::$name),
                    (Op::$op, true, true) => instruction!(xmm_immediate, |a, n| a.map(|half| lanes::$name(half, n))),
                )*
                (Op::Pslldq, ..) => instruction!(xmm_immediate, shift_left_bytes),
                (Op::Psrldq, ..) => instruction!(xmm_immediate, shift_right_bytes),
                _ => return None,
            }
        };
    }
    Some(by_op! {
        Psllw psllw Pslld pslld Psllq psllq
        Psrlw psrlw Psrld psrld Psrlq psrlq
        Psraw psraw Psrad psrad
    })
}

#[inline(always)]
fn mm_immediate(cpu: &mut Cpu, inst: &Inst, f: impl Fn(u64, u64) -> u64) -> Done {
    enter_mmx(cpu)?;
    let result = f(cpu.st.fpu.mmx(inst.dst), u64::from(inst.imm & 0xFF));
    set_mm(cpu, inst.dst, result);
    Ok(())
}

#[inline(always)]
fn xmm_immediate(cpu: &mut Cpu, inst: &Inst, f: impl Fn(Xmm, u64) -> Xmm) -> Done {
    enter_sse(cpu)?;
    let result = f(xmm(cpu, inst.dst), u64::from(inst.imm & 0xFF));
    set_xmm(cpu, inst.dst, result);
    Ok(())
}

/// The count is the low quadword of the source.
#[inline(always)]
fn xmm_by_operand(cpu: &mut Cpu, inst: &Inst, f: impl Fn(u64, u64) -> u64) -> Done {
    xmm_binary(cpu, inst, |a, count| a.map(|half| f(half, count[0])))
}

/// PSLLDQ.
pub(super) fn shift_left_bytes(a: Xmm, count: u64) -> Xmm {
    split(join(a).checked_shl(8 * count as u32).unwrap_or(0))
}

/// PSRLDQ.
pub(super) fn shift_right_bytes(a: Xmm, count: u64) -> Xmm {
    split(join(a).checked_shr(8 * count as u32).unwrap_or(0))
}

fn join(a: Xmm) -> u128 {
    u128::from(a[0]) | u128::from(a[1]) << 64
}

fn split(value: u128) -> Xmm {
    [value as u64, (value >> 64) as u64]
}
