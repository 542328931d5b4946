//! Operands as iced decodes them against ours, field by field and not by their text.

use emu_core::x86::decode::{Decoded, NO_REGISTER, Op, Operand, Seg};
use iced_x86::{Instruction, OpKind, Register};

/// What differs between the operands of `ours` and `theirs`, if anything does.
pub fn difference(ours: &Decoded, theirs: &Instruction) -> Option<String> {
    let mut expected: Vec<String> = (0..theirs.op_count()).map(|n| iced_operand(theirs, n)).collect();
    if ours.op == Op::Nop && ours.opcode >= 0x0F00 {
        // ModRM.reg of a hint is no operand in the SDM.
        expected.truncate(1);
    }
    if ours.op == Op::Nop && ours.opcode == 0x90 {
        expected.clear();
    }
    let got: Vec<String> =
        ours.operands.iter().filter(|o| **o != Operand::None).map(|o| our_operand(ours, *o)).collect();
    let same = got.len() == expected.len()
        && got
            .iter()
            .zip(&expected)
            .all(|(got, expected)| got == expected || is_selector(ours, got, expected));
    (!same).then(|| format!("{:?} has {got:?}, in iced {expected:?}", theirs.code()))
}

/// Selectors are 16-bit registers for us; iced takes the operand size where the manual says r32/m16.
fn is_selector(ours: &Decoded, got: &str, expected: &str) -> bool {
    let reads =
        matches!(ours.op, Op::MovToSeg | Op::Lar | Op::Lsl | Op::Lldt | Op::Ltr | Op::Verr | Op::Verw)
            || matches!(ours.op, Op::Lmsw | Op::Arpl);
    reads && format!("e{got}") == expected
}

fn iced_operand(theirs: &Instruction, n: u32) -> String {
    match theirs.op_kind(n) {
        OpKind::Register => register(theirs.op_register(n)),
        OpKind::NearBranch16 => format!("{:x}", theirs.near_branch16()),
        OpKind::NearBranch32 => format!("{:x}", theirs.near_branch32()),
        OpKind::FarBranch16 => format!("{:x}:{:x}", theirs.far_branch_selector(), theirs.far_branch16()),
        OpKind::FarBranch32 => format!("{:x}:{:x}", theirs.far_branch_selector(), theirs.far_branch32()),
        OpKind::Immediate8_2nd => format!("{:x}", theirs.immediate8_2nd()),
        OpKind::Immediate8 => format!("{:x}", theirs.immediate8()),
        OpKind::Immediate16 => format!("{:x}", theirs.immediate16()),
        OpKind::Immediate32 => format!("{:x}", theirs.immediate32()),
        OpKind::Immediate8to16 => format!("{:x}", theirs.immediate8to16() as u16),
        OpKind::Immediate8to32 => format!("{:x}", theirs.immediate8to32() as u32),
        OpKind::MemorySegSI => format!("{}:si", register(theirs.memory_segment())),
        OpKind::MemorySegESI => format!("{}:esi", register(theirs.memory_segment())),
        OpKind::MemorySegDI => format!("{}:di", register(theirs.memory_segment())),
        OpKind::MemorySegEDI => format!("{}:edi", register(theirs.memory_segment())),
        OpKind::MemoryESDI => "es:di".into(),
        OpKind::MemoryESEDI => "es:edi".into(),
        OpKind::Memory => iced_memory(theirs),
        other => format!("{other:?}"),
    }
}

fn register(register: Register) -> String {
    format!("{register:?}").to_lowercase()
}

/// `segment:base+index*scale+displacement`, the displacement cut to the size of an address.
fn iced_memory(theirs: &Instruction) -> String {
    let (base, index) = (theirs.memory_base(), theirs.memory_index());
    let small = theirs.memory_displ_size() == 2 || [base, index].iter().any(|r| r.is_gpr16());
    let displacement = theirs.memory_displacement64() as u32 & if small { 0xFFFF } else { u32::MAX };
    if index == Register::AL {
        return format!("{}:{}", register(theirs.memory_segment()), register(base));
    }
    // A scale without an index means nothing.
    let scale = if index == Register::None { 1 } else { theirs.memory_index_scale() };
    format!(
        "{}:{}+{}*{scale}+{displacement:x}",
        register(theirs.memory_segment()),
        register(base),
        register(index)
    )
}

fn our_operand(ours: &Decoded, operand: Operand) -> String {
    const BYTES: [&str; 8] = ["al", "cl", "dl", "bl", "ah", "ch", "dh", "bh"];
    let pointer = |number| general(number, !ours.addrsize32);
    match operand {
        Operand::Gpr8(n) => BYTES[usize::from(n)].into(),
        Operand::Gpr16(n) => general(n, true),
        Operand::Gpr32(n) => general(n, false),
        Operand::Seg(seg) => segment(seg),
        Operand::Cr(n) => format!("cr{n}"),
        Operand::Dr(n) => format!("dr{n}"),
        Operand::St(n) => format!("st{n}"),
        Operand::Mm(n) => format!("mm{n}"),
        Operand::Xmm(n) => format!("xmm{n}"),
        Operand::Imm(_) => format!("{:x}", ours.imm),
        Operand::Imm2 => format!("{:x}", ours.imm2),
        Operand::Rel => format!("{:x}", ours.target(super::EIP)),
        Operand::FarPtr => format!("{:x}:{:x}", ours.imm2, ours.imm),
        Operand::StringSrc(_) => format!("{}:{}", segment(ours.mem.seg), pointer(6)),
        Operand::StringDst(_) => format!("es:{}", pointer(7)),
        Operand::Mem(_) if matches!(ours.op, Op::Xlat | Op::Maskmovq | Op::Maskmovdqu) => {
            format!("{}:{}", segment(ours.mem.seg), pointer(ours.mem.base))
        }
        Operand::Mem(_) => our_memory(ours),
        Operand::None => String::new(),
    }
}

fn our_memory(ours: &Decoded) -> String {
    let mem = &ours.mem;
    let name = |n: u8| if n == NO_REGISTER { "none".into() } else { general(n, mem.addr16) };
    let displacement = mem.disp & if mem.addr16 { 0xFFFF } else { u32::MAX };
    format!("{}:{}+{}*{}+{displacement:x}", segment(mem.seg), name(mem.base), name(mem.index), 1 << mem.scale)
}

fn general(number: u8, small: bool) -> String {
    const NAMES: [&str; 8] = ["eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi"];
    NAMES[usize::from(number)][usize::from(small)..].into()
}

fn segment(seg: Seg) -> String {
    format!("{seg:?}").to_lowercase()
}
