//! AT&T syntax, as GNU `as` reads it and `objdump` prints it: sources first, registers with `%`, immediates with `$`,
//! addresses as `displacement(base,index,scale)`, and a size letter on the mnemonic where no register tells the size.
//!
//! FSUB, FSUBR, FDIV and FDIVR on `%st(i)` have each other's name, as in the assembler of AT&T's Unix and ever since.

mod mnemonic;
mod operand;

use super::{default_segment, names};
use crate::x86::decode::{Decoded, NO_REGISTER, Op, Operand, Seg};

/// Text of `inst`, whose first byte is at `eip`.
pub fn format(inst: &Decoded, eip: u32) -> String {
    let mut text = prefixes(inst);
    text.push_str(&mnemonic::mnemonic(inst));
    let mut separator = " ";
    for place in operand::shown(inst) {
        text.push_str(separator);
        separator = ", ";
        operand::write(&mut text, inst, place, eip);
    }
    text
}

/// What stands before the mnemonic, each word with a space after it.
fn prefixes(inst: &Decoded) -> String {
    let mut text = String::new();
    if needs_data_size(inst) {
        text.push_str(if inst.opsize32 { "data32 " } else { "data16 " });
    }
    if needs_address_size(inst) {
        text.push_str(if inst.addrsize32 { "addr32 " } else { "addr16 " });
    }
    if is_masked_move(inst) && inst.mem.seg != Seg::Ds {
        text.push_str(names::segment(inst.mem.seg));
        text.push(' ');
    }
    super::push_lock_and_repeat(&mut text, inst);
    text
}

/// True for branches within the segment whose mnemonic has no size letter; the target is cut to their size.
fn needs_data_size(inst: &Decoded) -> bool {
    let branches = matches!(inst.op, Op::Jcc | Op::JmpRel | Op::Loop | Op::Loope | Op::Loopne | Op::Jcxz);
    branches && inst.opsize32 != inst.code32
}

/// True if neither a register nor the mnemonic shows the size of an address.
fn needs_address_size(inst: &Decoded) -> bool {
    let alone = inst.mem.base == NO_REGISTER && inst.mem.index == NO_REGISTER;
    let unseen = is_masked_move(inst) || (inst.has_mem() && alone);
    unseen && inst.addrsize32 != inst.code32
}

/// MASKMOVQ and MASKMOVDQU: their memory is not among the written operands.
fn is_masked_move(inst: &Decoded) -> bool {
    matches!(inst.op, Op::Maskmovq | Op::Maskmovdqu)
}

/// True for the top of the x87 stack in comparisons and exchanges, which name only the other register.
fn is_implied_top(inst: &Decoded, place: usize) -> bool {
    let with_top = matches!(inst.op, Op::Fcom | Op::Fcomp | Op::Fucom | Op::Fucomp | Op::Fxch);
    with_top && place == 0 && matches!(inst.operands[1], Operand::St(_))
}
