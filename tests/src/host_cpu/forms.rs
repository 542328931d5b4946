//! How to prepare a test of each opcode: what registers and memory must look like for it to do more than fault, and
//! which flags it leaves undefined. Integer opcodes are listed; x87, MMX and SSE need no preparation but operands.

use super::keys::{Key, Place};
use emu_core::x86::decode::{Op, Operand, Width};
use emu_core::x86::eflags::{AF, CF, OF, PF, SF, ZF};

/// The ModRM byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ModRm {
    /// There is none.
    None,
    /// Any register field, register or memory.
    Any,
    /// The register field is part of the opcode.
    Extension(u8),
    /// Any register field, memory only.
    Memory,
    /// The register field is part of the opcode, memory only.
    MemoryExtension(u8),
}

/// What follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Imm {
    /// Nothing.
    None,
    /// A byte.
    Byte,
    /// The count of a double shift.
    Count,
    /// A word.
    Word,
    /// A word or doubleword.
    Full,
    /// Frame size and level.
    Enter,
    /// The address of the memory operand.
    Offset,
    /// A far pointer.
    Far,
    /// A vector.
    Interrupt,
}

/// What registers and memory must look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setup {
    /// Nothing in particular.
    None,
    /// 16-bit addresses.
    Address16,
    /// ESP points into a window.
    Stack,
    /// ESP and EBP do.
    Frame,
    /// A flags image is on the stack.
    StackFlags,
    /// A selector is on the stack.
    StackSelector,
    /// A far return address is on the stack, flags behind it.
    StackFar,
    /// ESI and EDI point into windows.
    String,
    /// EBX + AL does.
    Xlat,
    /// A dividend that is not always too large.
    Divide,
    /// Bounds that are not always exceeded.
    Bounds,
    /// The operand is a selector.
    Selector,
    /// A far pointer is in memory.
    FarMemory,
    /// The register is a bit number that stays near.
    BitString,
    /// x87, MMX and SSE operands.
    Float,
}

/// Which flags are undefined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Undefined {
    /// None.
    None,
    /// These.
    Flags(u32),
    /// By the count: SHL, SHR, SAR.
    Shift,
    /// By the count: rotates.
    Rotate,
    /// By the count: SHLD, SHRD.
    Double,
}

/// One opcode to test.
#[derive(Clone, Debug)]
pub struct Form {
    /// Opcode bytes.
    pub opcode: Vec<u8>,
    /// Its ModRM byte.
    pub modrm: ModRm,
    /// Its immediate.
    pub imm: Imm,
    /// Preparations.
    pub setup: Setup,
    /// Undefined flags.
    pub undefined: Undefined,
    /// The operand-size prefix may come before it.
    pub opsize: bool,
    /// Segment prefixes may.
    pub segment: bool,
    /// A prefix that is part of the opcode, if it has one.
    pub prefix: Option<u8>,
    /// The operand-size prefix would make another instruction of it.
    pub fixed: bool,
}

impl Form {
    fn new(opcode: impl Into<Vec<u8>>) -> Self {
        Self {
            opcode: opcode.into(),
            modrm: ModRm::None,
            imm: Imm::None,
            setup: Setup::None,
            undefined: Undefined::None,
            opsize: true,
            segment: true,
            prefix: None,
            fixed: false,
        }
    }

    /// ModRM.reg, if the form gives it.
    pub fn reg(&self) -> Option<u8> {
        match self.modrm {
            ModRm::None | ModRm::Any | ModRm::Memory => None,
            ModRm::Extension(reg) | ModRm::MemoryExtension(reg) => Some(reg),
        }
    }

    fn rm(self) -> Self {
        Self { modrm: ModRm::Any, ..self }
    }

    fn ext(self, reg: u8) -> Self {
        Self { modrm: ModRm::Extension(reg), ..self }
    }

    fn memory(self) -> Self {
        Self { modrm: ModRm::Memory, ..self }
    }

    fn memory_ext(self, reg: u8) -> Self {
        Self { modrm: ModRm::MemoryExtension(reg), ..self }
    }

    fn imm(self, imm: Imm) -> Self {
        Self { imm, ..self }
    }

    fn setup(self, setup: Setup) -> Self {
        Self { setup, ..self }
    }

    fn undefined(self, flags: u32) -> Self {
        Self { undefined: Undefined::Flags(flags), ..self }
    }

    fn by_count(self, undefined: Undefined) -> Self {
        Self { undefined, ..self }
    }
}

/// Byte immediate for even opcodes, full for odd ones.
fn by_width(opcode: u8) -> Imm {
    if opcode & 1 == 0 { Imm::Byte } else { Imm::Full }
}

/// The ways to test a form the decoder knows.
pub fn forms_of(key: &Key) -> Vec<Form> {
    let listed = integer().into_iter().filter(|form| {
        let reg = form.reg();
        let memory_only = matches!(form.modrm, ModRm::Memory | ModRm::MemoryExtension(_));
        form.opcode == key.bytes()
            && key.prefix.is_none()
            && (form.modrm == ModRm::None) == (key.place == Place::None)
            && (key.reg == reg || key.reg.is_none() || reg.is_none())
            && !(memory_only && key.place == Place::Register)
    });
    let listed: Vec<Form> = listed.collect();
    if listed.is_empty() { vec![float(key)] } else { listed }
}

/// Without preparation but for operands.
fn float(key: &Key) -> Form {
    let is_x87 = matches!(key.opcode, 0xD8..=0xDF);
    let imm = match key.sample.operands.iter().find(|o| matches!(o, Operand::Imm(_))) {
        Some(Operand::Imm(Width::B1)) => Imm::Byte,
        Some(_) => Imm::Full,
        None => Imm::None,
    };
    let sized = matches!(key.op(), Op::Fldenv | Op::Fnstenv | Op::Fnsave | Op::Frstor);
    let form = Form::new(key.bytes()).imm(imm).setup(Setup::Float);
    Form { opsize: sized, fixed: !is_x87, prefix: key.prefix, ..form }
}

/// All integer opcodes.
fn integer() -> Vec<Form> {
    let mut all = Vec::new();
    arithmetic(&mut all);
    multiplication(&mut all);
    shifts(&mut all);
    bits(&mut all);
    moves(&mut all);
    stack(&mut all);
    control(&mut all);
    segments(&mut all);
    privileged(&mut all);
    all
}

fn arithmetic(all: &mut Vec<Form>) {
    for operation in 0..8u8 {
        let logic = if matches!(operation, 1 | 4 | 6) { AF } else { 0 };
        let first = operation << 3;
        for opcode in first..first + 4 {
            all.push(Form::new([opcode]).rm().undefined(logic));
        }
        for opcode in [first + 4, first + 5] {
            all.push(Form::new([opcode]).imm(by_width(opcode)).undefined(logic));
        }
        for (opcode, imm) in [(0x80, Imm::Byte), (0x81, Imm::Full), (0x82, Imm::Byte), (0x83, Imm::Byte)] {
            all.push(Form::new([opcode]).ext(operation).imm(imm).undefined(logic));
        }
    }
    for opcode in [0x84, 0x85] {
        all.push(Form::new([opcode]).rm().undefined(AF));
    }
    for opcode in [0xA8, 0xA9] {
        all.push(Form::new([opcode]).imm(by_width(opcode)).undefined(AF));
    }
    for opcode in [0xF6, 0xF7] {
        for ext in 0..2 {
            all.push(Form::new([opcode]).ext(ext).imm(by_width(opcode)).undefined(AF));
        }
        for ext in 2..4 {
            all.push(Form::new([opcode]).ext(ext));
        }
    }
    for opcode in [0xFE, 0xFF] {
        all.extend((0..2).map(|ext| Form::new([opcode]).ext(ext)));
    }
    all.extend((0x40..0x50).map(|opcode| Form::new([opcode])));
    all.extend([0x27, 0x2F].map(|opcode| Form::new([opcode]).undefined(OF)));
    all.extend([0x37, 0x3F].map(|opcode| Form::new([opcode]).undefined(OF | SF | ZF | PF)));
    all.extend([0xD4, 0xD5].map(|opcode| Form::new([opcode]).imm(Imm::Byte).undefined(OF | AF | CF)));
    all.extend([0x98, 0x99, 0xF5, 0xF8, 0xF9, 0xFC, 0xFD].map(|opcode| Form::new([opcode])));
    for opcode in [0xB0, 0xB1, 0xC0, 0xC1] {
        all.push(Form::new([0x0F, opcode]).rm());
    }
    all.push(Form { opsize: false, ..Form::new([0x0F, 0xC7]).memory_ext(1) });
}

fn multiplication(all: &mut Vec<Form>) {
    let product = SF | ZF | AF | PF;
    for opcode in [0xF6, 0xF7] {
        for ext in 4..6 {
            all.push(Form::new([opcode]).ext(ext).undefined(product));
        }
        for ext in 6..8 {
            let division = Form::new([opcode]).ext(ext).setup(Setup::Divide);
            // Thrice: half of them end with #DE.
            all.extend(vec![division.undefined(product | CF | OF); 3]);
        }
    }
    all.push(Form::new([0x69]).rm().imm(Imm::Full).undefined(product));
    all.push(Form::new([0x6B]).rm().imm(Imm::Byte).undefined(product));
    all.push(Form::new([0x0F, 0xAF]).rm().undefined(product));
}

fn shifts(all: &mut Vec<Form>) {
    for ext in 0..8 {
        let kind = if ext < 4 { Undefined::Rotate } else { Undefined::Shift };
        for opcode in [0xC0, 0xC1] {
            all.push(Form::new([opcode]).ext(ext).imm(Imm::Byte).by_count(kind));
        }
        for opcode in [0xD0, 0xD1, 0xD2, 0xD3] {
            all.push(Form::new([opcode]).ext(ext).by_count(kind));
        }
    }
    for opcode in [0xA4, 0xAC] {
        all.push(Form::new([0x0F, opcode]).rm().imm(Imm::Count).by_count(Undefined::Double));
        all.push(Form::new([0x0F, opcode + 1]).rm().by_count(Undefined::Double));
    }
}

fn bits(all: &mut Vec<Form>) {
    let tested = OF | SF | AF | PF;
    for opcode in [0xA3, 0xAB, 0xB3, 0xBB] {
        all.push(Form::new([0x0F, opcode]).rm().setup(Setup::BitString).undefined(tested));
    }
    for ext in 4..8 {
        all.push(Form::new([0x0F, 0xBA]).ext(ext).imm(Imm::Byte).undefined(tested));
    }
    for opcode in [0xBC, 0xBD] {
        all.push(Form::new([0x0F, opcode]).rm().undefined(tested | CF));
    }
    for opcode in 0x90..0xA0 {
        all.push(Form::new([0x0F, opcode]).ext(0));
        all.push(Form::new([0x0F, opcode - 0x50]).rm());
    }
}

fn moves(all: &mut Vec<Form>) {
    all.extend((0x86..0x8C).map(|opcode| Form::new([opcode]).rm()));
    all.extend((0x90..0x98).map(|opcode| Form::new([opcode])));
    all.extend((0xA0..0xA4).map(|opcode| Form::new([opcode]).imm(Imm::Offset)));
    all.extend((0xB0..0xB8).map(|opcode| Form::new([opcode]).imm(Imm::Byte)));
    all.extend((0xB8..=0xBF).map(|opcode| Form::new([opcode]).imm(Imm::Full)));
    all.extend([0xC6, 0xC7].map(|opcode| Form::new([opcode]).ext(0).imm(by_width(opcode))));
    all.extend([0x9E, 0x9F, 0xD6].map(|opcode| Form::new([opcode])));
    all.push(Form::new([0xD7]).setup(Setup::Xlat));
    all.push(Form::new([0x8D]).memory());
    for opcode in [0x8B, 0x8D, 0x89, 0x01] {
        all.push(Form::new([opcode]).memory().setup(Setup::Address16));
    }
    for opcode in [0xB6, 0xB7, 0xBE, 0xBF] {
        all.push(Form::new([0x0F, opcode]).rm());
    }
    all.extend((0xC8..=0xCF).map(|opcode| Form { opsize: false, ..Form::new([0x0F, opcode]) }));
    for opcode in [0xA4, 0xA5, 0xA6, 0xA7, 0xAA, 0xAB, 0xAC, 0xAD, 0xAE, 0xAF] {
        // Thrice: with and without REP, one or several pages.
        all.extend(vec![Form::new([opcode]).setup(Setup::String); 3]);
    }
}

fn stack(all: &mut Vec<Form>) {
    let on_stack = |opcode: &[u8]| Form::new(opcode).setup(Setup::Stack);
    all.extend((0x50..0x62).map(|opcode| on_stack(&[opcode])));
    all.push(on_stack(&[0x68]).imm(Imm::Full));
    all.push(on_stack(&[0x6A]).imm(Imm::Byte));
    all.push(on_stack(&[0x8F]).ext(0));
    all.push(on_stack(&[0xFF]).ext(6));
    all.push(on_stack(&[0x9C]));
    all.push(Form::new([0x9D]).setup(Setup::StackFlags));
    all.push(Form::new([0xC8]).setup(Setup::Frame).imm(Imm::Enter));
    all.push(Form::new([0xC9]).setup(Setup::Frame));
    all.extend([0x06, 0x0E, 0x16, 0x1E].map(|opcode| on_stack(&[opcode])));
    all.extend([0xA0, 0xA8].map(|opcode| on_stack(&[0x0F, opcode])));
}

fn control(all: &mut Vec<Form>) {
    let on_stack = |opcode: u8| Form::new([opcode]).setup(Setup::Stack);
    all.extend((0x70..0x80).map(|opcode| Form::new([opcode]).imm(Imm::Byte)));
    all.extend((0x80..0x90).map(|opcode| Form::new([0x0F, opcode]).imm(Imm::Full)));
    all.extend((0xE0..0xE4).map(|opcode| Form::new([opcode]).imm(Imm::Byte)));
    all.push(on_stack(0xE8).imm(Imm::Full));
    all.push(Form::new([0xE9]).imm(Imm::Full));
    all.push(Form::new([0xEB]).imm(Imm::Byte));
    all.push(on_stack(0xC2).imm(Imm::Word));
    all.push(on_stack(0xC3));
    all.push(on_stack(0xFF).ext(2));
    all.push(Form::new([0xFF]).ext(4));
    all.push(Form::new([0x62]).memory().setup(Setup::Bounds));
    all.extend([0xCC, 0xCE].map(|opcode| Form::new([opcode])));
    all.push(Form::new([0xCD]).imm(Imm::Interrupt));
    all.push(Form::new([0x0F, 0x0B]));
}

fn segments(all: &mut Vec<Form>) {
    for number in 0..6 {
        all.push(Form::new([0x8C]).ext(number));
        all.push(Form::new([0x8E]).ext(number).setup(Setup::Selector));
    }
    all.extend([0x07, 0x17, 0x1F].map(|opcode| Form::new([opcode]).setup(Setup::StackSelector)));
    all.extend([0xA1, 0xA9].map(|opcode| Form::new([0x0F, opcode]).setup(Setup::StackSelector)));
    all.extend([0xC4, 0xC5].map(|opcode| Form::new([opcode]).memory().setup(Setup::FarMemory)));
    all.extend([0xB2, 0xB4, 0xB5].map(|opcode| Form::new([0x0F, opcode]).memory().setup(Setup::FarMemory)));
    all.extend([0x9A, 0xEA].map(|opcode| Form::new([opcode]).imm(Imm::Far).setup(Setup::Stack)));
    all.extend([3, 5].map(|ext| Form::new([0xFF]).memory_ext(ext).setup(Setup::FarMemory)));
    all.push(Form::new([0xCA]).imm(Imm::Word).setup(Setup::StackFar));
    all.extend([0xCB, 0xCF].map(|opcode| Form::new([opcode]).setup(Setup::StackFar)));
    for ext in [4, 5] {
        all.push(Form::new([0x0F, 0x00]).ext(ext).setup(Setup::Selector));
    }
    all.extend([0x02, 0x03].map(|opcode| Form::new([0x0F, opcode]).rm().setup(Setup::Selector)));
    all.push(Form::new([0x63]).rm());
}

/// All of these raise #GP(0), or what their operands raise.
fn privileged(all: &mut Vec<Form>) {
    all.extend([0xF4, 0xFA, 0xFB, 0xEC, 0xED, 0xEE, 0xEF].map(|opcode| Form::new([opcode])));
    all.extend([0xE4, 0xE5, 0xE6, 0xE7].map(|opcode| Form::new([opcode]).imm(Imm::Byte)));
    all.extend([0x6C, 0x6D, 0x6E, 0x6F].map(|opcode| Form::new([opcode]).setup(Setup::String)));
    all.extend([0x06, 0x08, 0x09, 0x30, 0x32].map(|opcode| Form::new([0x0F, opcode])));
    all.extend([2, 3].map(|ext| Form::new([0x0F, 0x00]).ext(ext)));
    all.extend([2, 3, 7].map(|ext| Form::new([0x0F, 0x01]).memory_ext(ext)));
    all.push(Form::new([0x0F, 0x01]).ext(6));
    // Nothing to prepare, but a 66 before them changes nothing either.
    all.extend([0x20, 0x21, 0x22, 0x23].map(|opcode| Form::new([0x0F, opcode]).rm()));
    all.extend((0x18..0x20).map(|opcode| Form::new([0x0F, opcode]).rm()));
    all.extend([0xB9, 0xFF].map(|opcode| Form::new([0x0F, opcode]).rm()));
    all.push(Form::new([0x0F, 0xAA]));
}
