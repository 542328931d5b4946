//! Text of operands.

use std::fmt::Write;

use super::{default_segment, names, size_keyword};
use crate::x86::decode::{Decoded, MemRef, NO_REGISTER, Op, Operand};

/// Operands that are written; the others follow from the mnemonic.
pub fn shown(inst: &Decoded) -> impl Iterator<Item = Operand> {
    (0..3).filter(|place| is_shown(inst, *place)).map(|place| inst.operands[place])
}

fn is_shown(inst: &Decoded, place: usize) -> bool {
    match (inst.op, inst.operands[place]) {
        (_, Operand::None) => false,
        (Op::Movs | Op::Cmps | Op::Scas | Op::Lods | Op::Stos | Op::Ins | Op::Outs, _) => false,
        (Op::Xlat, _) => false,
        (Op::Maskmovq | Op::Maskmovdqu, Operand::Mem(_)) => false,
        (Op::Aam | Op::Aad, _) => inst.imm != 10,
        // Of two x87 registers one is the top; only the other is written.
        (_, Operand::St(_)) if matches!(inst.operands[1], Operand::St(_)) => {
            place == usize::from(!writes_other_register(inst))
        }
        _ => true,
    }
}

/// True for the operations on two x87 registers that write the one that is not the top: DC and DE. The comparisons
/// there are aliases of those in D8.
fn writes_other_register(inst: &Decoded) -> bool {
    matches!(inst.opcode, 0xDC | 0xDE) && !matches!(inst.op, Op::Fcom | Op::Fcomp)
}

/// Appends `operand` of `inst` to `text`.
pub fn write(text: &mut String, inst: &Decoded, operand: Operand, eip: u32) {
    // Writing to a String cannot fail.
    let _ = match operand {
        Operand::Gpr8(n) => write!(text, "{}", names::general8(n)),
        Operand::Gpr16(n) => write!(text, "{}", names::general16(n)),
        Operand::Gpr32(n) => write!(text, "{}", names::general32(n)),
        Operand::Seg(seg) => write!(text, "{}", names::segment(seg)),
        Operand::Cr(n) => write!(text, "cr{n}"),
        Operand::Dr(n) => write!(text, "dr{n}"),
        Operand::St(n) => write!(text, "{}st{n}", destination(inst)),
        Operand::Mm(n) => write!(text, "mm{n}"),
        Operand::Xmm(n) => write!(text, "xmm{n}"),
        Operand::Imm(_) => write!(text, "{}", Number(inst.imm)),
        Operand::Imm2 => write!(text, "{}", Number(inst.imm2 as u32)),
        Operand::Rel => branch(text, inst, eip),
        Operand::FarPtr => far_pointer(text, inst),
        Operand::Mem(width) => {
            text.push_str(size_keyword(inst, width));
            memory(text, inst)
        }
        Operand::None | Operand::StringSrc(_) | Operand::StringDst(_) => Ok(()),
    };
}

/// NASM says `to` where an x87 operation that could go both ways writes the register that is not the top.
fn destination(inst: &Decoded) -> &'static str {
    if inst.opcode == 0xDC && writes_other_register(inst) { "to " } else { "" }
}

fn branch(text: &mut String, inst: &Decoded, eip: u32) -> std::fmt::Result {
    if inst.op == Op::CallRel && inst.opsize32 != inst.code32 {
        text.push_str(if inst.opsize32 { "dword " } else { "word " });
    }
    write!(text, "{}", Number(inst.target(eip)))?;
    if matches!(inst.op, Op::Loop | Op::Loope | Op::Loopne) && inst.addrsize32 != inst.code32 {
        text.push_str(if inst.addrsize32 { ", ecx" } else { ", cx" });
    }
    Ok(())
}

fn far_pointer(text: &mut String, inst: &Decoded) -> std::fmt::Result {
    if inst.opsize32 != inst.code32 {
        text.push_str(if inst.opsize32 { "dword " } else { "word " });
    }
    write!(text, "{}:{}", Number(inst.imm2 as u32), Number(inst.imm))
}

fn memory(text: &mut String, inst: &Decoded) -> std::fmt::Result {
    let mem = &inst.mem;
    text.push('[');
    if mem.base == NO_REGISTER && mem.index == NO_REGISTER && mem.addr16 == inst.code32 {
        text.push_str(if mem.addr16 { "word " } else { "dword " });
    }
    if mem.seg != default_segment(mem) && inst.op != Op::Lea {
        write!(text, "{}:", names::segment(mem.seg))?;
    }
    let registers = address_registers(text, mem)?;
    displacement(text, mem, registers)?;
    text.push(']');
    Ok(())
}

/// Writes base and index; true if there is one.
fn address_registers(text: &mut String, mem: &MemRef) -> Result<bool, std::fmt::Error> {
    let name = if mem.addr16 { names::general16 } else { names::general32 };
    if mem.base != NO_REGISTER {
        text.push_str(name(mem.base));
    }
    if mem.index != NO_REGISTER {
        let plus = if mem.base != NO_REGISTER { "+" } else { "" };
        write!(text, "{plus}{}", name(mem.index))?;
        // Without a base even the factor 1 tells: EBP as an index does not imply the stack segment.
        if mem.scale != 0 || mem.base == NO_REGISTER {
            write!(text, "*{}", 1 << mem.scale)?;
        }
    }
    Ok(mem.base != NO_REGISTER || mem.index != NO_REGISTER)
}

/// A displacement beside registers is signed; alone it is an address.
fn displacement(text: &mut String, mem: &MemRef, beside_registers: bool) -> std::fmt::Result {
    match (beside_registers, mem.disp as i32) {
        (false, _) => write!(text, "{}", Number(mem.disp)),
        (true, 0) => Ok(()),
        (true, 1..) => write!(text, "+{}", Number(mem.disp)),
        (true, _) => write!(text, "-{}", Number(mem.disp.wrapping_neg())),
    }
}

/// A number as it is written: digits below ten look the same in every base.
pub struct Number(pub u32);

impl std::fmt::Display for Number {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.0 < 10 { write!(f, "{}", self.0) } else { write!(f, "{:#x}", self.0) }
    }
}
