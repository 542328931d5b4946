//! Instructions with random operands for every encoding that iced's encoder knows and our CPU has.

use super::FEATURES;
use crate::random::Random;
use iced_x86::{Code, Encoder, Instruction, OpCodeOperandKind as Kind, OpKind, Register};

/// One of iced's encodings in code of one size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Form {
    /// The encoding.
    pub code: Code,
    /// 16 or 32.
    pub bits: u32,
}

/// Encodings that iced counts among the features our CPU has, and that the CPU does not have all the same.
const ABSENT: &[(Code, &str)] = &[
    (Code::Popw_CS, "POP CS was 0F on the 8086 and 8088 only"),
    (Code::Reservednop_rm16_r16_0F0D, "0F 0D came with 64-bit processors"),
    (Code::Reservednop_rm32_r32_0F0D, "0F 0D came with 64-bit processors"),
    (Code::Ud0, "UD0 has a ModRM byte in the SDM; this one is AMD's without"),
];

/// All forms of a Pentium III with SSE2 outside 64-bit mode.
pub fn forms() -> Vec<Form> {
    let ours = |code: &Code| {
        let info = code.op_code();
        let known = code.cpuid_features().iter().all(|feature| FEATURES.contains(feature));
        // FSTCW and its like are two instructions: FWAIT and FNSTCW.
        info.is_instruction() && known && !info.fwait() && !ABSENT.iter().any(|(absent, _)| absent == code)
    };
    let sizes = |code: Code| [16, 32].into_iter().map(move |bits| Form { code, bits });
    let is_there = |form: &Form| form.code.op_code().is_available_in_mode(form.bits);
    Code::values().filter(ours).flat_map(sizes).filter(is_there).collect()
}

impl Form {
    /// An instruction of this form with random operands; nothing if iced cannot encode them.
    pub fn encode(self, random: &mut Random) -> Option<Vec<u8>> {
        let mut instruction = Instruction::default();
        instruction.set_code(self.code);
        let address_bits = self.address_bits(random);
        for (n, kind) in (0u32..).zip(self.code.op_code().op_kinds()) {
            set_operand(&mut instruction, n, *kind, address_bits, random);
        }
        prefixes(&mut instruction, random);
        let mut encoder = Encoder::new(self.bits);
        let length = encoder.encode(&instruction, u64::from(super::EIP)).ok()?;
        let bytes = encoder.take_buffer();
        (length == bytes.len()).then_some(bytes)
    }

    /// Size of addresses: that of the code more often than the other, where the encoding leaves the choice.
    fn address_bits(self, random: &mut Random) -> u32 {
        match self.code.op_code().address_size() {
            0 if random.below(4) == 0 => 48 - self.bits,
            0 => self.bits,
            fixed => fixed,
        }
    }
}

/// What may stand in front of any instruction of its kind.
fn prefixes(instruction: &mut Instruction, random: &mut Random) {
    let info = instruction.code().op_code();
    let in_memory = instruction.op_count() != 0 && instruction.op0_kind() == OpKind::Memory;
    instruction.set_has_lock_prefix(info.can_use_lock_prefix() && in_memory && random.below(2) == 0);
    instruction.set_has_rep_prefix(info.can_use_rep_prefix() && random.below(3) == 0);
    let repne = info.can_use_repne_prefix() && !instruction.has_rep_prefix() && random.below(3) == 0;
    instruction.set_has_repne_prefix(repne);
    if random.below(4) == 0 {
        instruction.set_segment_prefix(pick(SEGMENTS, random));
    }
}

const SEGMENTS: &[Register] =
    &[Register::ES, Register::CS, Register::SS, Register::DS, Register::FS, Register::GS];

fn pick<T: Copy>(list: &[T], random: &mut Random) -> T {
    list[random.below(list.len() as u64) as usize]
}

/// The register of a class with a random number.
fn any(first: Register, count: u64, random: &mut Random) -> Register {
    first + random.below(count) as u32
}

fn set_register(instruction: &mut Instruction, n: u32, register: Register) {
    instruction.set_op_kind(n, OpKind::Register);
    instruction.set_op_register(n, register);
}

fn set_operand(instruction: &mut Instruction, n: u32, kind: Kind, address_bits: u32, random: &mut Random) {
    if let Some(register) = fixed_register(kind) {
        return set_register(instruction, n, register);
    }
    if let Some((first, count, or_memory)) = register_class(kind) {
        if or_memory && random.below(2) == 0 {
            return set_memory(instruction, n, address_bits, random);
        }
        return set_register(instruction, n, any(first, count, random));
    }
    match kind {
        Kind::mem => set_memory(instruction, n, address_bits, random),
        Kind::mem_offs => set_offset(instruction, n, address_bits, random),
        Kind::seg_reg => {
            let load = instruction.code().op_code().op_kinds()[0] == Kind::seg_reg;
            let register = pick(SEGMENTS, random);
            // CS cannot be loaded.
            set_register(
                instruction,
                n,
                if load && register == Register::CS { Register::SS } else { register },
            );
        }
        Kind::cr_reg => {
            set_register(
                instruction,
                n,
                pick(&[Register::CR0, Register::CR2, Register::CR3, Register::CR4], random),
            );
        }
        Kind::seg_rSI | Kind::es_rDI | Kind::seg_rDI => {
            instruction.set_op_kind(n, string_kind(kind, address_bits));
        }
        Kind::seg_rBX_al => {
            instruction.set_op_kind(n, OpKind::Memory);
            instruction.set_memory_base(if address_bits == 16 { Register::BX } else { Register::EBX });
            instruction.set_memory_index(Register::AL);
        }
        _ => set_immediate(instruction, n, kind, random),
    }
}

fn string_kind(kind: Kind, address_bits: u32) -> OpKind {
    match (kind, address_bits) {
        (Kind::seg_rSI, 16) => OpKind::MemorySegSI,
        (Kind::seg_rSI, _) => OpKind::MemorySegESI,
        (Kind::seg_rDI, 16) => OpKind::MemorySegDI,
        (Kind::seg_rDI, _) => OpKind::MemorySegEDI,
        (_, 16) => OpKind::MemoryESDI,
        _ => OpKind::MemoryESEDI,
    }
}

fn fixed_register(kind: Kind) -> Option<Register> {
    Some(match kind {
        Kind::al => Register::AL,
        Kind::cl => Register::CL,
        Kind::ax => Register::AX,
        Kind::dx => Register::DX,
        Kind::eax => Register::EAX,
        Kind::es => Register::ES,
        Kind::cs => Register::CS,
        Kind::ss => Register::SS,
        Kind::ds => Register::DS,
        Kind::fs => Register::FS,
        Kind::gs => Register::GS,
        Kind::st0 => Register::ST0,
        _ => return None,
    })
}

/// First register of the class, how many there are, and whether memory will do as well.
fn register_class(kind: Kind) -> Option<(Register, u64, bool)> {
    Some(match kind {
        Kind::r8_or_mem => (Register::AL, 8, true),
        Kind::r16_or_mem => (Register::AX, 8, true),
        Kind::r32_or_mem => (Register::EAX, 8, true),
        Kind::mm_or_mem => (Register::MM0, 8, true),
        Kind::xmm_or_mem => (Register::XMM0, 8, true),
        Kind::r8_reg | Kind::r8_opcode => (Register::AL, 8, false),
        Kind::r16_reg | Kind::r16_rm | Kind::r16_opcode => (Register::AX, 8, false),
        Kind::r32_reg | Kind::r32_rm | Kind::r32_opcode => (Register::EAX, 8, false),
        Kind::mm_reg | Kind::mm_rm => (Register::MM0, 8, false),
        Kind::xmm_reg | Kind::xmm_rm => (Register::XMM0, 8, false),
        Kind::dr_reg => (Register::DR0, 8, false),
        Kind::sti_opcode => (Register::ST0, 8, false),
        _ => return None,
    })
}

/// A displacement that fills one, two or four bytes, or none.
fn displacement(random: &mut Random) -> u32 {
    match random.below(5) {
        0 => 0,
        1 => random.bits() as i8 as u32,
        2 => random.bits() as u16 as u32,
        3 => [0x7F, 0x80, 0xFFFF_FF80, 0xFFFF_FF7F, 0x7FFF, 0x8000, 0xFFFF, 9, 10][random.below(9) as usize],
        _ => random.bits() as u32,
    }
}

fn set_memory(instruction: &mut Instruction, n: u32, address_bits: u32, random: &mut Random) {
    instruction.set_op_kind(n, OpKind::Memory);
    if address_bits == 16 {
        set_memory_16(instruction, random);
    } else {
        set_memory_32(instruction, random);
    }
}

fn set_memory_16(instruction: &mut Instruction, random: &mut Random) {
    use Register::{BP, BX, DI, None, SI};
    const PAIRS: [(Register, Register); 9] = [
        (BX, SI),
        (BX, DI),
        (BP, SI),
        (BP, DI),
        (SI, None),
        (DI, None),
        (BP, None),
        (BX, None),
        (None, None),
    ];
    let (base, index) = pick(&PAIRS, random);
    let displacement = displacement(random) as u16;
    instruction.set_memory_base(base);
    instruction.set_memory_index(index);
    instruction.set_memory_displacement64(u64::from(displacement));
    let size = match (base, displacement as i16) {
        (None, _) => 2,
        (BP, 0) if index == None => 1,
        (_, 0) => 0,
        (_, -128..128) => 1,
        _ => 2,
    };
    instruction.set_memory_displ_size(size);
}

fn set_memory_32(instruction: &mut Instruction, random: &mut Random) {
    let base = if random.below(8) == 0 { Register::None } else { any(Register::EAX, 8, random) };
    let index = any(Register::EAX, 8, random);
    let index = if index == Register::ESP || random.below(2) == 0 { Register::None } else { index };
    let displacement = displacement(random);
    instruction.set_memory_base(base);
    instruction.set_memory_index(index);
    if index != Register::None {
        instruction.set_memory_index_scale(1 << random.below(4));
    }
    instruction.set_memory_displacement64(u64::from(displacement));
    let size = match (base, displacement as i32) {
        (Register::None, _) => 4,
        (Register::EBP, 0) => 1,
        (_, 0) => 0,
        (_, -128..128) => 1,
        _ => 4,
    };
    instruction.set_memory_displ_size(size);
}

fn set_offset(instruction: &mut Instruction, n: u32, address_bits: u32, random: &mut Random) {
    instruction.set_op_kind(n, OpKind::Memory);
    let mask = if address_bits == 16 { 0xFFFF } else { u32::MAX };
    instruction.set_memory_displacement64(u64::from(displacement(random) & mask));
    instruction.set_memory_displ_size(address_bits / 8);
}

fn set_immediate(instruction: &mut Instruction, n: u32, kind: Kind, random: &mut Random) {
    let value = displacement(random);
    let near = super::EIP.wrapping_add(random.bits() as i8 as u32);
    let (kind, value) = match kind {
        Kind::imm8 if n == 1 && instruction.op0_kind() == OpKind::Immediate16 => {
            instruction.set_op_kind(n, OpKind::Immediate8_2nd);
            return instruction.set_immediate8_2nd(value as u8);
        }
        Kind::imm8 => (OpKind::Immediate8, value & 0xFF),
        Kind::imm8_const_1 => (OpKind::Immediate8, 1),
        Kind::imm8sex16 => (OpKind::Immediate8to16, value as i8 as u32),
        Kind::imm8sex32 => (OpKind::Immediate8to32, value as i8 as u32),
        Kind::imm16 => (OpKind::Immediate16, value & 0xFFFF),
        Kind::imm32 => (OpKind::Immediate32, value),
        Kind::br16_1 => (OpKind::NearBranch16, near & 0xFFFF),
        Kind::br32_1 => (OpKind::NearBranch32, near),
        Kind::br16_2 => (OpKind::NearBranch16, value & 0xFFFF),
        Kind::br32_4 => (OpKind::NearBranch32, value),
        Kind::farbr2_2 => (OpKind::FarBranch16, value & 0xFFFF),
        Kind::farbr4_2 => (OpKind::FarBranch32, value),
        other => panic!("{:?} has an operand {other:?}", instruction.code()),
    };
    instruction.set_op_kind(n, kind);
    match kind {
        OpKind::NearBranch16 => instruction.set_near_branch16(value as u16),
        OpKind::NearBranch32 => instruction.set_near_branch32(value),
        OpKind::FarBranch16 => {
            instruction.set_far_branch16(value as u16);
            instruction.set_far_branch_selector(random.bits() as u16);
        }
        OpKind::FarBranch32 => {
            instruction.set_far_branch32(value);
            instruction.set_far_branch_selector(random.bits() as u16);
        }
        OpKind::Immediate8to16 => instruction.set_immediate8to16(value as i16),
        OpKind::Immediate8to32 => instruction.set_immediate8to32(value as i32),
        OpKind::Immediate16 => instruction.set_immediate16(value as u16),
        OpKind::Immediate32 => instruction.set_immediate32(value),
        _ => instruction.set_immediate8(value as u8),
    }
}
