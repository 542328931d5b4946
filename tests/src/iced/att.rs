//! The places where our AT&T text differs from iced's on purpose, each with its reason.

use super::{Difference, without_words};
use emu_core::x86::decode::{NO_REGISTER, Op};

/// All of them; a test fails when one is no longer met.
pub const DIFFERENCES: &[Difference] = &[
    Difference {
        name: "size of an address without registers",
        why: "GNU as would take the number at the size of the code segment",
        rewrite: |inst, text| {
            let alone = inst.mem.base == NO_REGISTER && inst.mem.index == NO_REGISTER;
            let other = inst.has_mem() && alone && inst.addrsize32 != inst.code32;
            let word = if inst.addrsize32 { "addr32 " } else { "addr16 " };
            (other && !text.contains(word)).then(|| format!("{word}{text}"))
        },
    },
    Difference {
        name: "no index: no comma",
        why: "GNU as has no index that is none; the scale beside it means nothing",
        rewrite: |inst, text| inst.has_mem().then(|| text.replace(",)", ")")),
    },
    Difference {
        name: "string operands show their segments",
        why: "as objdump does: one of the two cannot be overridden, and this tells which",
        rewrite: |inst, text| {
            let bare = |text: String, register: &str, segment: &str| {
                let overridden = text.contains(&format!(":({register})"));
                if overridden {
                    text
                } else {
                    text.replace(&format!("({register})"), &format!("{segment}:({register})"))
                }
            };
            let text = ["%edi", "%di"].into_iter().fold(text.to_string(), |text, r| bare(text, r, "%es"));
            let text = ["%esi", "%si"].into_iter().fold(text, |text, r| bare(text, r, "%ds"));
            inst.op.is_string().then_some(text)
        },
    },
    Difference {
        name: "branch hints",
        why: "the Pentium 4 introduced them",
        rewrite: |inst, text| {
            (inst.op == Op::Jcc).then(|| text.replacen(",pn", "", 1).replacen(",pt", "", 1))
        },
    },
    Difference {
        name: "meaningless prefixes",
        why: "REP RET, BND, NOTRACK and lock elision hints mean nothing on this processor",
        rewrite: |inst, text| {
            let words = ["rep ", "repne ", "repe ", "bnd ", "xacquire ", "xrelease ", "notrack "];
            (!inst.op.is_string()).then(|| without_words(text, &words))
        },
    },
    Difference {
        name: "data16 before LOOP and JCXZ",
        why: "as before the other branches; iced has it as a byte of data",
        rewrite: |inst, text| {
            let word = if inst.opsize32 { "data32 " } else { "data16 " };
            text.contains(".byte").then(|| text.replace(".byte 0x66; ", word))
        },
    },
    Difference {
        name: "extension of a word to a word",
        why: "movzww and movsww, in objdump's way; iced has Intel's name with a suffix",
        rewrite: |_, text| {
            let extends = text.contains("movzxw") || text.contains("movsxw");
            extends.then(|| text.replace("movzxw", "movzww").replace("movsxw", "movsww"))
        },
    },
    Difference {
        name: "hints have one operand",
        why: "ModRM.reg of a no-operation is not an operand in the SDM",
        rewrite: |inst, text| {
            let two = inst.op == Op::Nop && inst.opcode >= 0x0F18 && text.contains(", ");
            let (front, memory) = text.split_once(", ")?;
            let name = front.split(" %").next()?;
            let letter = match (inst.has_mem(), inst.opsize32) {
                (false, _) => "",
                (true, false) => "w",
                (true, true) => "l",
            };
            two.then(|| format!("{name}{letter} {memory}"))
        },
    },
    Difference {
        name: "NOP with an operand-size prefix",
        why: "it is the same opcode",
        rewrite: |inst, _| (inst.opcode == 0x90 && inst.op == Op::Nop).then(|| "nop".into()),
    },
    Difference {
        name: "SAL",
        why: "member 6 of the shift group does what SHL does",
        rewrite: |inst, text| (inst.op == Op::Shl).then(|| text.replacen("sal", "shl", 1)),
    },
    Difference {
        name: "selectors are 16-bit registers",
        why: "the SDM gives r/m16; the upper half is not read",
        rewrite: |inst, text| {
            let reads = matches!(inst.op, Op::MovToSeg | Op::Lar | Op::Lsl) && !inst.has_mem();
            let (source, rest) = text.split_once(", ")?;
            reads.then(|| format!("{}, {rest}", source.replacen("%e", "%", 1)))
        },
    },
];
