//! The places where our NASM text differs from iced's on purpose, each with its reason.

use super::{Difference, without_words};
use emu_core::x86::decode::{NO_REGISTER, Op};

/// All of them; a test fails when one is no longer met.
pub const DIFFERENCES: &[Difference] = &[
    Difference {
        name: "meaningless repeat prefixes",
        why: "REP RET, BND and lock elision hints mean nothing on this processor",
        rewrite: |inst, text| {
            let words = ["rep ", "repne ", "repe ", "bnd ", "xacquire ", "xrelease ", "notrack "];
            (!inst.op.is_string()).then(|| without_words(text, &words))
        },
    },
    Difference {
        name: "branch hints",
        why: "the Pentium 4 introduced them",
        rewrite: |inst, text| (inst.op == Op::Jcc).then(|| without_words(text, &["cs ", "ds "])),
    },
    Difference {
        name: "hints have one operand",
        why: "ModRM.reg of a no-operation is not an operand in the SDM",
        rewrite: |inst, text| {
            let hint = inst.op == Op::Nop && inst.opcode >= 0x0F18;
            hint.then(|| text.rsplit_once(", ").map_or(text, |(front, _)| front).into())
        },
    },
    Difference {
        name: "prefetches have no size",
        why: "they fetch a line",
        rewrite: |inst, text| inst.op.name().starts_with("prefetch").then(|| text.replace(" byte ", " ")),
    },
    Difference {
        name: "SAL",
        why: "member 6 of the shift group does what SHL does",
        rewrite: |inst, text| (inst.op == Op::Shl).then(|| text.replacen("sal ", "shl ", 1)),
    },
    Difference {
        name: "XCHG has ModRM.rm first",
        why: "as the SDM writes it for opcodes 86 and 87",
        rewrite: |inst, text| {
            let swap = matches!(inst.opcode, 0x86 | 0x87);
            let (head, source) = text.split_once(", ")?;
            let (front, destination) = head.rsplit_once(' ')?;
            swap.then(|| format!("{front} {source}, {destination}"))
        },
    },
    Difference {
        name: "selectors are 16-bit registers",
        why: "the SDM gives r/m16; the upper half is not read",
        rewrite: |inst, text| {
            let reads = matches!(inst.op, Op::MovToSeg | Op::Lar | Op::Lsl) && !inst.has_mem();
            let (head, source) = text.rsplit_once(", ")?;
            reads.then(|| format!("{head}, {}", source.trim_start_matches('e')))
        },
    },
    Difference {
        name: "operand size of selector instructions",
        why: "with memory, and where only a selector is read, it has no effect",
        rewrite: |inst, text| {
            let selector = matches!(inst.op, Op::Sldt | Op::Str | Op::Lldt | Op::Ltr | Op::Verr | Op::Verw);
            let selector = selector || matches!(inst.op, Op::Smsw | Op::Lmsw | Op::MovFromSeg | Op::MovToSeg);
            selector.then(|| without_words(text, &["o16 ", "o32 "]))
        },
    },
    Difference {
        name: "operand size of pushed immediates and near jumps",
        why: "the size of the stack slot, or that EIP is cut to 16 bits, shows nowhere else",
        rewrite: |inst, text| {
            let unseen = matches!(inst.opcode, 0x68 | 0xE9 | 0x0F80..=0x0F8F);
            let prefix = if inst.opsize32 { "o32" } else { "o16" };
            (unseen && inst.opsize32 != inst.code32).then(|| format!("{prefix} {text}"))
        },
    },
    Difference {
        name: "NOP with an operand-size prefix",
        why: "it is the same opcode",
        rewrite: |inst, _| (inst.opcode == 0x90 && inst.op == Op::Nop).then(|| "nop".into()),
    },
    Difference {
        name: "size of an address without registers",
        why: "NASM would take the number at the size of the code segment",
        rewrite: |inst, text| {
            let alone = inst.mem.base == NO_REGISTER && inst.mem.index == NO_REGISTER;
            let other = inst.has_mem() && alone && inst.addrsize32 != inst.code32;
            let keyword = if inst.addrsize32 { "[dword " } else { "[word " };
            (other && !text.contains(keyword)).then(|| text.replacen('[', keyword, 1))
        },
    },
    Difference {
        name: "size of a branch target of the other size",
        why: "NASM would take the number at the size of the code segment",
        rewrite: |inst, text| {
            let other = matches!(inst.opcode, 0x9A | 0xE8 | 0xEA) && inst.opsize32 != inst.code32;
            let keyword = if inst.opsize32 { " dword " } else { " word " };
            (other && !text.contains(keyword)).then(|| text.replacen(' ', keyword, 1))
        },
    },
];
