//! Packed arithmetic, comparison, logic, packing and unpacking.

use super::entry::{enter_mmx, mm_binary, read, set_mm, xmm_binary, xmm_halves};
use super::{instruction, is_xmm, lanes};
use crate::x86::cpu::Cpu;
use crate::x86::decode::{Decoded, Op, Operand};
use crate::x86::exception::Exception;
use crate::x86::interp::{Body, Inst};

/// The body of a packed integer operation of two operands.
pub fn body(d: &Decoded) -> Option<Body> {
    arith_body(d).or_else(|| pack_body(d))
}

/// Operations that take quadword by quadword.
fn arith_body(d: &Decoded) -> Option<Body> {
    macro_rules! by_op {
        ($($op:ident $name:ident)*) => {
            match (d.op, is_xmm(d)) {
                $(
                    (Op::$op, false) => Some(instruction!(mm_binary, lanes::$name)),
                    (Op::$op, true) => Some(instruction!(xmm_halves, lanes::$name)),
                )*
                _ => None,
            }
        };
    }
    by_op! {
        Paddb paddb Paddw paddw Paddd paddd Paddq paddq
        Paddsb paddsb Paddsw paddsw Paddusb paddusb Paddusw paddusw
        Psubb psubb Psubw psubw Psubd psubd Psubq psubq
        Psubsb psubsb Psubsw psubsw Psubusb psubusb Psubusw psubusw
        Pmullw pmullw Pmulhw pmulhw Pmulhuw pmulhuw Pmuludq pmuludq Pmaddwd pmaddwd
        Pcmpeqb pcmpeqb Pcmpeqw pcmpeqw Pcmpeqd pcmpeqd
        Pcmpgtb pcmpgtb Pcmpgtw pcmpgtw Pcmpgtd pcmpgtd
        Pand pand Pandn pandn Por por Pxor pxor
        Pavgb pavgb Pavgw pavgw Pmaxsw pmaxsw Pmaxub pmaxub Pminsw pminsw Pminub pminub
        Psadbw psadbw
    }
}

/// Operations that move elements between the halves of XMM registers. Packing takes the first operand for the lower
/// half of its result; unpacking the low halves fills the result from them.
fn pack_body(d: &Decoded) -> Option<Body> {
    macro_rules! pack {
        ($name:ident) => {
            if is_xmm(d) {
                instruction!(xmm_binary, |a, b| [lanes::$name(a[0], a[1]), lanes::$name(b[0], b[1])])
            } else {
                instruction!(mm_binary, lanes::$name)
            }
        };
    }
    macro_rules! unpack_low {
        ($low:ident $high:ident) => {
            if is_xmm(d) {
                instruction!(xmm_binary, |a, b| [lanes::$low(a[0], b[0]), lanes::$high(a[0], b[0])])
            } else if matches!(d.operands[1], Operand::Mem(_)) {
                instruction!(mm_low, lanes::$low)
            } else {
                instruction!(mm_binary, lanes::$low)
            }
        };
    }
    macro_rules! unpack_high {
        ($low:ident $high:ident) => {
            if is_xmm(d) {
                instruction!(xmm_binary, |a, b| [lanes::$low(a[1], b[1]), lanes::$high(a[1], b[1])])
            } else {
                instruction!(mm_binary, lanes::$high)
            }
        };
    }
    Some(match d.op {
        Op::Packsswb => pack!(packsswb),
        Op::Packuswb => pack!(packuswb),
        Op::Packssdw => pack!(packssdw),
        Op::Punpcklbw => unpack_low!(punpcklbw punpckhbw),
        Op::Punpcklwd => unpack_low!(punpcklwd punpckhwd),
        Op::Punpckldq => unpack_low!(punpckldq punpckhdq),
        Op::Punpcklqdq => instruction!(xmm_binary, |a, b| [a[0], b[0]]),
        Op::Punpckhbw => unpack_high!(punpcklbw punpckhbw),
        Op::Punpckhwd => unpack_high!(punpcklwd punpckhwd),
        Op::Punpckhdq => unpack_high!(punpckldq punpckhdq),
        Op::Punpckhqdq => instruction!(xmm_binary, |a, b| [a[1], b[1]]),
        _ => return None,
    })
}

/// The MMX form that unpacks low halves reads only 32 bits of memory.
#[inline(always)]
fn mm_low(cpu: &mut Cpu, inst: &Inst, f: impl Fn(u64, u64) -> u64) -> Result<(), Exception> {
    enter_mmx(cpu)?;
    let source: u32 = read(cpu, inst)?;
    let result = f(cpu.st.fpu.mmx(inst.dst), u64::from(source));
    set_mm(cpu, inst.dst, result);
    Ok(())
}
