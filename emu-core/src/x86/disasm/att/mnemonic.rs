//! Mnemonics with their size letters.

use super::names;
use crate::x86::decode::{Decoded, Op, Operand, Width};

/// Mnemonic of `inst` as GNU `as` has it: `movl`, `jne`, `cwtl`, `lret`, ...
pub fn mnemonic(inst: &Decoded) -> String {
    match inst.op {
        Op::Cbw => return if inst.opsize32 { "cwtl" } else { "cbtw" }.into(),
        Op::Cwd => return if inst.opsize32 { "cltd" } else { "cwtd" }.into(),
        Op::Movzx => return format!("movz{}", extension(inst)),
        Op::Movsx => return format!("movs{}", extension(inst)),
        _ => {}
    }
    let mut text = String::from(stem(inst));
    text.push_str(suffix(inst));
    text
}

/// The name without a size.
fn stem(inst: &Decoded) -> &'static str {
    match inst.op {
        Op::Jcc | Op::Setcc | Op::Cmovcc => names::conditional(inst.op, inst.cc),
        Op::CallFarPtr | Op::CallFarInd => "lcall",
        Op::JmpFarPtr | Op::JmpFarInd => "ljmp",
        Op::RetFar => "lret",
        Op::Jcxz if inst.addrsize32 => "jecxz",
        Op::Xlat => "xlat",
        Op::Fwait => "fwait",
        Op::Fstpnce => "fstp",
        _ if matches!(inst.operands[0], Operand::St(_)) && matches!(inst.opcode, 0xDC | 0xDE) => {
            swapped(inst.op)
        }
        _ => inst.op.name(),
    }
}

/// The name of a subtraction or division that writes `%st(i)`.
fn swapped(op: Op) -> &'static str {
    match op {
        Op::Fsub => "fsubr",
        Op::Fsubr => "fsub",
        Op::Fsubp => "fsubrp",
        Op::Fsubrp => "fsubp",
        Op::Fdiv => "fdivr",
        Op::Fdivr => "fdiv",
        Op::Fdivp => "fdivrp",
        Op::Fdivrp => "fdivp",
        _ => op.name(),
    }
}

/// Letters of source and destination of MOVZX and MOVSX.
fn extension(inst: &Decoded) -> String {
    let byte = matches!(inst.operands[1], Operand::Gpr8(_) | Operand::Mem(Width::B1));
    format!("{}{}", if byte { "b" } else { "w" }, if inst.opsize32 { "l" } else { "w" })
}

fn suffix(inst: &Decoded) -> &'static str {
    match inst.op {
        Op::Movs | Op::Cmps | Op::Ins | Op::Outs => letter(inst.width),
        Op::Loop | Op::Loope | Op::Loopne => other(inst.addrsize32, inst.code32),
        Op::Fldenv | Op::Fnstenv | Op::Frstor | Op::Fnsave => match other(inst.opsize32, inst.code32) {
            "w" => "s",
            letter => letter,
        },
        _ if has_own_size(inst) => other(inst.opsize32, inst.code32),
        _ => match memory_width(inst) {
            Some(width) => memory_suffix(inst, width),
            None => "",
        },
    }
}

/// Letter of an operand or address size that is not that of the code segment.
fn other(size32: bool, code32: bool) -> &'static str {
    match (size32 == code32, size32) {
        (true, _) => "",
        (false, true) => "l",
        (false, false) => "w",
    }
}

/// True where the operand size is that of the code segment unless the mnemonic says otherwise.
fn has_own_size(inst: &Decoded) -> bool {
    match inst.op {
        Op::Push => matches!(inst.operands[0], Operand::Imm(_)),
        Op::PushSeg | Op::PopSeg | Op::Pusha | Op::Popa | Op::Pushf | Op::Popf => true,
        Op::Iret | Op::RetNear | Op::RetFar | Op::Leave | Op::Enter => true,
        Op::CallRel | Op::CallFarPtr | Op::JmpFarPtr | Op::CallFarInd | Op::JmpFarInd => true,
        Op::Sgdt | Op::Sidt | Op::Lgdt | Op::Lidt => true,
        _ => false,
    }
}

fn memory_width(inst: &Decoded) -> Option<Width> {
    inst.operands.iter().find_map(|operand| match operand {
        Operand::Mem(width) => Some(*width),
        _ => None,
    })
}

/// Letter for a memory operand that no register beside it gives a size.
fn memory_suffix(inst: &Decoded, width: Width) -> &'static str {
    match inst.op {
        Op::Add
        | Op::Or
        | Op::Adc
        | Op::Sbb
        | Op::And
        | Op::Sub
        | Op::Xor
        | Op::Cmp
        | Op::Mov
        | Op::Test
        | Op::Bt
        | Op::Bts
        | Op::Btr
        | Op::Btc => match inst.operands[1] {
            Operand::Imm(_) => letter(width),
            _ => "",
        },
        Op::Imul if inst.operands[1] != Operand::None => "",
        Op::Inc | Op::Dec | Op::Not | Op::Neg | Op::Mul | Op::Imul | Op::Div | Op::Idiv => letter(width),
        Op::Rol | Op::Ror | Op::Rcl | Op::Rcr | Op::Shl | Op::Shr | Op::Sar => letter(width),
        Op::Push | Op::Pop | Op::CallInd | Op::JmpInd | Op::Nop => letter(width),
        Op::Cvtsi2ss | Op::Cvtsi2sd => letter(width),
        Op::Fild
        | Op::Fist
        | Op::Fistp
        | Op::Fiadd
        | Op::Fisub
        | Op::Fisubr
        | Op::Fimul
        | Op::Fidiv
        | Op::Fidivr
        | Op::Ficom
        | Op::Ficomp => integer_letter(width),
        Op::Fld
        | Op::Fst
        | Op::Fstp
        | Op::Fadd
        | Op::Fsub
        | Op::Fsubr
        | Op::Fmul
        | Op::Fdiv
        | Op::Fdivr
        | Op::Fcom
        | Op::Fcomp => real_letter(width),
        _ => "",
    }
}

fn letter(width: Width) -> &'static str {
    match width {
        Width::B1 => "b",
        Width::B2 => "w",
        _ => "l",
    }
}

/// Letter of an integer that the x87 reads or writes.
fn integer_letter(width: Width) -> &'static str {
    match width {
        Width::B2 => "s",
        Width::B8 => "ll",
        _ => "l",
    }
}

/// Letter of a real number that the x87 reads or writes.
fn real_letter(width: Width) -> &'static str {
    match width {
        Width::B4 => "s",
        Width::B10 => "t",
        _ => "l",
    }
}
