//! Text of operands.

use std::fmt::Write;

use super::{default_segment, is_implied_top, is_masked_move, names};
use crate::x86::decode::{Decoded, MemRef, NO_REGISTER, Op, Operand, Seg};
use crate::x86::disasm::operand::Number;

/// Places of the operands that are written, in AT&T's order.
pub fn shown(inst: &Decoded) -> impl Iterator<Item = usize> {
    // ENTER and BOUND are as in Intel's manual.
    let in_order = matches!(inst.op, Op::Enter | Op::Bound);
    (0..3).map(move |place| if in_order { place } else { 2 - place }).filter(|place| is_shown(inst, *place))
}

fn is_shown(inst: &Decoded, place: usize) -> bool {
    match (inst.op, inst.operands[place]) {
        (_, Operand::None) => false,
        (_, Operand::Mem(_)) if is_masked_move(inst) => false,
        (Op::Aam | Op::Aad, _) => inst.imm != 10,
        _ => !is_implied_top(inst, place),
    }
}

/// Appends the operand at `place` of `inst` to `text`.
pub fn write(text: &mut String, inst: &Decoded, place: usize, eip: u32) {
    if matches!(inst.op, Op::CallInd | Op::JmpInd | Op::CallFarInd | Op::JmpFarInd) {
        text.push('*');
    }
    // Writing to a String cannot fail.
    let _ = match inst.operands[place] {
        Operand::Gpr8(n) => write!(text, "%{}", names::general8(n)),
        Operand::Gpr16(n) => write!(text, "%{}", names::general16(n)),
        Operand::Gpr32(n) => write!(text, "%{}", names::general32(n)),
        Operand::Seg(seg) => write!(text, "%{}", names::segment(seg)),
        Operand::Cr(n) => write!(text, "%cr{n}"),
        Operand::Dr(n) => write!(text, "%dr{n}"),
        Operand::St(_) if is_top(inst, place) => write!(text, "%st"),
        Operand::St(n) => write!(text, "%st({n})"),
        Operand::Mm(n) => write!(text, "%mm{n}"),
        Operand::Xmm(n) => write!(text, "%xmm{n}"),
        Operand::Imm(_) => write!(text, "${}", Number(inst.imm)),
        Operand::Imm2 => write!(text, "${}", Number(inst.imm2 as u32)),
        Operand::Rel => write!(text, "{}", Number(inst.target(eip))),
        Operand::FarPtr => write!(text, "${}, ${}", Number(inst.imm2 as u32), Number(inst.imm)),
        Operand::Mem(_) => memory(text, inst),
        Operand::StringSrc(_) => write!(text, "%{}:(%{})", names::segment(inst.mem.seg), pointer(inst, 6)),
        Operand::StringDst(_) => write!(text, "%es:(%{})", pointer(inst, 7)),
        Operand::None => Ok(()),
    };
}

/// True for the one of two x87 registers that is the top by the opcode, not by a number.
fn is_top(inst: &Decoded, place: usize) -> bool {
    let two = matches!(inst.operands[1], Operand::St(_));
    two && !is_implied_top(inst, 0) && place == usize::from(matches!(inst.opcode, 0xDC | 0xDE))
}

/// Name of SI or DI of the address size.
fn pointer(inst: &Decoded, number: u8) -> &'static str {
    if inst.addrsize32 { names::general32(number) } else { names::general16(number) }
}

fn memory(text: &mut String, inst: &Decoded) -> std::fmt::Result {
    let mem = &inst.mem;
    let segment = if inst.op == Op::Xlat { Seg::Ds } else { default_segment(mem) };
    if mem.seg != segment && inst.op != Op::Lea {
        write!(text, "%{}:", names::segment(mem.seg))?;
    }
    if mem.base == NO_REGISTER && mem.index == NO_REGISTER {
        return write!(text, "{}", Number(mem.disp));
    }
    displacement(text, mem)?;
    registers(text, mem)
}

/// A displacement beside registers is signed.
fn displacement(text: &mut String, mem: &MemRef) -> std::fmt::Result {
    match mem.disp as i32 {
        0 => Ok(()),
        1.. => write!(text, "{}", Number(mem.disp)),
        _ => write!(text, "-{}", Number(mem.disp.wrapping_neg())),
    }
}

fn registers(text: &mut String, mem: &MemRef) -> std::fmt::Result {
    let name = if mem.addr16 { names::general16 } else { names::general32 };
    text.push('(');
    if mem.base != NO_REGISTER {
        write!(text, "%{}", name(mem.base))?;
    }
    if mem.index != NO_REGISTER {
        write!(text, ",%{}", name(mem.index))?;
        if mem.scale != 0 {
            write!(text, ",{}", 1 << mem.scale)?;
        }
    }
    text.push(')');
    Ok(())
}
