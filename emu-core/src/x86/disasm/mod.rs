//! The disassembler: NASM or AT&T syntax for a decoded instruction.
//!
//! Numbers up to 9 are decimal, others hexadecimal with `0x`. Memory operands always show their size in NASM's syntax,
//! and where no register does in AT&T's. Prefixes without effect on the instruction are not written.

mod att;
mod names;
mod operand;

use super::decode::{Decoded, MemRef, Op, Operand, Rep, Seg, Width};
pub use names::{general8, general16, general32, mnemonic, segment};

/// How instructions are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Syntax {
    /// NASM's, which is Intel's but for details: `mov eax, dword [ebx+4]`.
    #[default]
    Nasm,
    /// AT&T's, that of GNU `as` and `objdump`: `mov 4(%ebx), %eax`.
    Att,
}

impl Syntax {
    /// The syntax called `nasm` or `att`.
    pub fn from_name(name: &str) -> Option<Syntax> {
        match name {
            "nasm" => Some(Syntax::Nasm),
            "att" => Some(Syntax::Att),
            _ => None,
        }
    }
}

/// Text of `inst`, whose first byte is at `eip`, in either syntax; else as [`format()`] has it.
///
/// ```
/// use emu_core::x86::{decode::decode, disasm::{Syntax, format_as}};
/// let inst = decode(&[0x65, 0x8B, 0x44, 0x8B, 0xF0], true).unwrap();
/// assert_eq!(format_as(Syntax::Att, &inst, 0x1000), "mov %gs:-0x10(%ebx,%ecx,4), %eax");
/// ```
pub fn format_as(syntax: Syntax, inst: &Decoded, eip: u32) -> String {
    match syntax {
        Syntax::Nasm => format(inst, eip),
        Syntax::Att => att::format(inst, eip),
    }
}

/// Text of `inst` in NASM's syntax; its first byte is at `eip` (branch targets are absolute). Lower case, no trailing
/// space; `(bad)` for an undefined opcode.
///
/// ```
/// use emu_core::x86::{decode::decode, disasm::format};
/// let inst = decode(&[0x65, 0x8B, 0x44, 0x8B, 0xF0], true).unwrap();
/// assert_eq!(format(&inst, 0x1000), "mov eax, dword [gs:ebx+ecx*4-0x10]");
/// ```
pub fn format(inst: &Decoded, eip: u32) -> String {
    if inst.op == Op::Invalid {
        return mnemonic(inst);
    }
    let mut text = prefixes(inst);
    text.push_str(&mnemonic(inst));
    let mut separator = " ";
    for operand in operand::shown(inst) {
        text.push_str(separator);
        separator = ", ";
        operand::write(&mut text, inst, operand, eip);
    }
    text
}

/// What stands before the mnemonic, each word with a space after it.
fn prefixes(inst: &Decoded) -> String {
    let mut text = String::new();
    if has_implied_memory(inst) {
        if inst.addrsize32 != inst.code32 {
            text.push_str(if inst.addrsize32 { "a32 " } else { "a16 " });
        }
        if has_source(inst) && inst.mem.seg != Seg::Ds {
            text.push_str(names::segment(inst.mem.seg));
            text.push(' ');
        }
    }
    if inst.opsize32 != inst.code32 && names::needs_operand_size(inst) {
        text.push_str(if inst.opsize32 { "o32 " } else { "o16 " });
    }
    push_lock_and_repeat(&mut text, inst);
    text
}

/// The prefixes that both syntaxes call alike, each with a space after it.
fn push_lock_and_repeat(text: &mut String, inst: &Decoded) {
    if inst.lock {
        text.push_str("lock ");
    }
    if inst.op.is_string() {
        text.push_str(match (inst.rep, inst.op) {
            (Rep::None, _) => "",
            (Rep::Rep, Op::Cmps | Op::Scas) => "repe ",
            (Rep::Rep, _) => "rep ",
            (Rep::Repne, _) => "repne ",
        });
    }
}

/// True if the instruction uses memory that is not among the written operands.
fn has_implied_memory(inst: &Decoded) -> bool {
    inst.op.is_string() || matches!(inst.op, Op::Xlat | Op::Maskmovq | Op::Maskmovdqu)
}

/// True if that memory is in a segment that can be overridden: all but the destination of a string instruction.
fn has_source(inst: &Decoded) -> bool {
    inst.operands.iter().any(|operand| matches!(operand, Operand::Mem(_) | Operand::StringSrc(_)))
}

/// Segment used when there is no override.
fn default_segment(mem: &MemRef) -> Seg {
    if mem.base == 5 || (mem.base == 4 && !mem.addr16) { Seg::Ss } else { Seg::Ds }
}

/// Size keyword of a memory operand, or nothing where NASM has none or the instruction has one size only.
fn size_keyword(inst: &Decoded, width: Width) -> &'static str {
    match (inst.op, width) {
        (Op::CallFarInd | Op::JmpFarInd, _) => names::far_size(inst),
        (Op::Les | Op::Lds | Op::Lss | Op::Lfs | Op::Lgs | Op::Bound | Op::Cmpxchg8b, _) => "",
        (_, Width::B1) => "byte ",
        (_, Width::B2) => "word ",
        (_, Width::B4) => "dword ",
        (_, Width::B8) => "qword ",
        (_, Width::B10) => "tword ",
        (_, Width::B16) => "oword ",
        _ => "",
    }
}
