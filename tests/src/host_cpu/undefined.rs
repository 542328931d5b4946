//! EFLAGS bits that the manual leaves undefined (SDM vol. 2, "Flags affected").

use super::Test;
use super::forms::{Undefined, forms_of};
use super::keys::Key;
use emu_core::x86::decode::{Operand, decode};
use emu_core::x86::eflags::{AF, CF, OF};

/// Those of a test of a form.
pub fn flags(key: &Key, test: &Test) -> u32 {
    let kind = forms_of(key).first().map_or(Undefined::None, |form| form.undefined);
    let Ok(inst) = decode(&test.code, test.is_code32()) else { return 0 };
    let has_immediate = inst.operands.iter().any(|o| matches!(o, Operand::Imm(_)));
    let count = if has_immediate { inst.imm } else { test.regs[1] } & 31;
    let bits = inst.width.bytes() * 8;
    let of = if count == 1 { 0 } else { OF };
    match kind {
        Undefined::None => 0,
        Undefined::Flags(flags) => flags,
        _ if count == 0 => 0,
        Undefined::Rotate => of,
        Undefined::Shift => AF | of | if count >= bits { CF } else { 0 },
        Undefined::Double => AF | of,
    }
}
