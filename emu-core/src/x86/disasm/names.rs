//! Mnemonics and register names.

use crate::x86::decode::{Decoded, Op, Operand, Seg, Width};

/// Mnemonics of conditional operations, by the condition.
const JUMPS: [&str; 16] =
    ["jo", "jno", "jb", "jae", "je", "jne", "jbe", "ja", "js", "jns", "jp", "jnp", "jl", "jge", "jle", "jg"];
const SETS: [&str; 16] = [
    "seto", "setno", "setb", "setae", "sete", "setne", "setbe", "seta", "sets", "setns", "setp", "setnp",
    "setl", "setge", "setle", "setg",
];
const MOVES: [&str; 16] = [
    "cmovo", "cmovno", "cmovb", "cmovae", "cmove", "cmovne", "cmovbe", "cmova", "cmovs", "cmovns", "cmovp",
    "cmovnp", "cmovl", "cmovge", "cmovle", "cmovg",
];

/// Names of the 32-bit general registers; without the first letter, of the 16-bit ones.
const GENERAL: [&str; 8] = ["eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi"];
const BYTE: [&str; 8] = ["al", "cl", "dl", "bl", "ah", "ch", "dh", "bh"];

/// Name of a 32-bit general register.
pub fn general32(number: u8) -> &'static str {
    GENERAL[number as usize & 7]
}

/// Name of a 16-bit general register.
pub fn general16(number: u8) -> &'static str {
    &general32(number)[1..]
}

/// Name of an 8-bit general register.
pub fn general8(number: u8) -> &'static str {
    BYTE[number as usize & 7]
}

/// Name of a segment register.
pub fn segment(seg: Seg) -> &'static str {
    ["es", "cs", "ss", "ds", "fs", "gs"][seg as usize]
}

/// Mnemonic of a conditional operation.
pub fn conditional(op: Op, cc: u8) -> &'static str {
    let names = match op {
        Op::Jcc => &JUMPS,
        Op::Setcc => &SETS,
        _ => &MOVES,
    };
    names[cc as usize & 15]
}

/// Mnemonic of `inst` as NASM writes it, with condition and size: `jne`, `movsb`, `cwde`, `pushfw`, ...
pub fn mnemonic(inst: &Decoded) -> String {
    let name = inst.op.name();
    let suffix = match inst.op {
        Op::Jcc | Op::Setcc | Op::Cmovcc => return conditional(inst.op, inst.cc).into(),
        Op::Movs | Op::Cmps | Op::Scas | Op::Lods | Op::Stos | Op::Ins | Op::Outs => match inst.width {
            Width::B1 => "b",
            Width::B2 => "w",
            _ => "d",
        },
        Op::Pusha | Op::Popa | Op::Pushf | Op::Popf | Op::Iret | Op::RetNear | Op::RetFar => other_size(inst),
        Op::Cbw if inst.opsize32 => return "cwde".into(),
        Op::Cwd if inst.opsize32 => return "cdq".into(),
        Op::Jcxz if inst.addrsize32 => return "jecxz".into(),
        _ => "",
    };
    let mut text = String::from(name);
    text.push_str(suffix);
    text
}

/// Size letter of an operation whose operand size is not that of the code segment.
fn other_size(inst: &Decoded) -> &'static str {
    match (inst.opsize32 == inst.code32, inst.opsize32) {
        (true, _) => "",
        (false, true) => "d",
        (false, false) => "w",
    }
}

/// Keyword before the address of an indirect far branch.
pub fn far_size(inst: &Decoded) -> &'static str {
    match (inst.opsize32 == inst.code32, inst.opsize32) {
        (true, _) => "far ",
        (false, true) => "dword far ",
        (false, false) => "word far ",
    }
}

/// True if an operand-size prefix must be written in front, because it matters and nothing else in the text shows it.
pub fn needs_operand_size(inst: &Decoded) -> bool {
    match inst.op {
        Op::Push => matches!(inst.operands[0], Operand::Imm(_)),
        Op::PushSeg | Op::PopSeg | Op::Enter | Op::Leave => true,
        Op::Jcc | Op::JmpRel | Op::Loop | Op::Loope | Op::Loopne | Op::Jcxz => true,
        Op::Sgdt | Op::Sidt | Op::Lgdt | Op::Lidt => true,
        Op::Fldenv | Op::Fnstenv | Op::Frstor | Op::Fnsave => true,
        _ => false,
    }
}
