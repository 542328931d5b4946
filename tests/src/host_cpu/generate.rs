//! Random single instructions whose memory operands lie where both sides have memory, or a hole.

use super::forms::{Form, Imm, ModRm, Setup, Undefined, forms};
use super::{DATA, Test, WINDOW};
use crate::Random;

/// Where the second window is, which also is the stack of instructions that use one.
const STACK_WINDOW: u32 = DATA + 0x1800;
/// Offset of ESP in it.
const STACK_OFFSET: u32 = 64;
const WINDOW_ACROSS_PAGES: u32 = DATA + 0xFC0;
const WINDOW_AT_READ_ONLY: u32 = DATA + 0x1F80;

const CF: u32 = 1 << 0;
const PF: u32 = 1 << 2;
const AF: u32 = 1 << 4;
const ZF: u32 = 1 << 6;
const SF: u32 = 1 << 7;
const TF: u32 = 1 << 8;
const IF: u32 = 1 << 9;
const DF: u32 = 1 << 10;
const OF: u32 = 1 << 11;
const STATUS: u32 = CF | PF | AF | ZF | SF | OF;
/// Flags that a popped image may have set; NT, AC and ID would disturb the executor itself.
const POPPED: u32 = STATUS | TF | IF | DF | 3 << 12 | 1 << 16 | 1 << 17 | 1 << 19 | 1 << 20;

const ECX: usize = 1;
const EBX: usize = 3;
const ESP: usize = 4;
const EBP: usize = 5;
const ESI: usize = 6;
const EDI: usize = 7;

/// Selectors that load, or whose refusal is the same in both descriptor tables.
const SELECTORS: [u16; 14] = [0, 1, 2, 3, 0x23, 0x28, 0x2B, 0x10, 0x18, 0xFFF8, 0xFFFB, 4, 7, 0x104];
/// Selectors that neither CS nor SS accepts.
const BAD_SELECTORS: [u16; 10] = [0, 1, 3, 0x10, 0x18, 0xFFF8, 0xFFFB, 4, 7, 0x104];
/// Vectors for INT n; 80h would be a system call.
const INTERRUPTS: [u8; 11] = [0, 1, 2, 3, 4, 5, 6, 13, 14, 0x20, 0xFF];
const VALUES: [u32; 16] = [
    0,
    1,
    2,
    0xF,
    0x7F,
    0x80,
    0xFF,
    0x100,
    0x7FFF,
    0x8000,
    0xFFFF,
    0x1_0000,
    0x7FFF_FFFF,
    0x8000_0000,
    0xFFFF_FF80,
    0xFFFF_FFFF,
];

/// Makes tests from a seed.
pub struct Generator {
    random: Random,
    forms: Vec<Form>,
}

/// A test in the making.
struct Draft {
    code: Vec<u8>,
    regs: [u32; 8],
    /// Registers whose value is settled, a bit each.
    pinned: u8,
    target: u32,
    window: u32,
    data: [[u8; WINDOW]; 2],
    wide: bool,
}

impl Generator {
    /// A generator that always makes the same tests of the same seed.
    pub fn new(seed: u64) -> Self {
        Self { random: Random::new(seed), forms: forms() }
    }

    fn below(&mut self, n: u32) -> u32 {
        self.random.below(u64::from(n)) as u32
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len() as u32) as usize]
    }

    fn value(&mut self) -> u32 {
        match self.below(3) {
            0 => self.pick(&VALUES),
            1 => self.random.bits() as u32,
            _ => (self.random.bits() as u32) >> self.below(32),
        }
    }

    /// The next test.
    pub fn test(&mut self) -> Test {
        let index = self.below(self.forms.len() as u32) as usize;
        let form = self.forms[index].clone();
        let mut d = self.draft();
        let repeats = self.prefixes(&form, &mut d);
        self.set_up(&form, &mut d);
        d.code.extend(&form.opcode);
        self.modrm(&form, &mut d);
        self.immediate(&form, &mut d);
        let undefined = undefined(&form, &d);
        assert!(d.code.len() <= 15, "{:02X?}", d.code);
        let mut code = [0x90; 16];
        code[..d.code.len()].copy_from_slice(&d.code);
        let flags = (self.random.bits() as u32) & STATUS;
        let direction = if matches!(form.setup, Setup::String) && self.below(2) == 0 { DF } else { 0 };
        let window = [d.window, STACK_WINDOW];
        Test {
            code,
            regs: d.regs,
            eflags: 2 | IF | flags | direction,
            repeats,
            window,
            data: d.data,
            undefined,
        }
    }

    fn draft(&mut self) -> Draft {
        let regs = std::array::from_fn(|_| self.value());
        let data = std::array::from_fn(|_| std::array::from_fn(|_| self.random.bits() as u8));
        let (window, target) = match self.below(8) {
            0 => (WINDOW_AT_READ_ONLY, DATA + 0x1FF8 + self.below(16)),
            1 => (WINDOW_ACROSS_PAGES, DATA + 0x2000 + self.below(0xFF0)),
            2 => (WINDOW_ACROSS_PAGES, DATA + 0x2FF8 + self.below(64)),
            _ => (WINDOW_ACROSS_PAGES, WINDOW_ACROSS_PAGES + 16 + self.below(96)),
        };
        let mut draft = Draft { code: Vec::new(), regs, pinned: 0, target, window, data, wide: true };
        if self.below(2) == 0 {
            let value = self.value();
            draft.poke(0, target, &value.to_le_bytes());
        }
        draft
    }

    /// Whether there is a repeat prefix.
    fn prefixes(&mut self, form: &Form, d: &mut Draft) -> bool {
        if form.opsize && self.below(3) == 0 {
            d.code.push(0x66);
            d.wide = false;
        }
        if form.segment && self.below(12) == 0 {
            d.code.push(self.pick(&[0x26, 0x2E, 0x36, 0x3E, 0x64]));
        }
        // AMD's VERR and VERW take LOCK, against both makers' manuals.
        if self.below(24) == 0 && form.opcode != [0x0F, 0x00] {
            d.code.push(0xF0);
        }
        let repeats = matches!(form.setup, Setup::String) && self.below(2) == 0;
        if repeats {
            d.code.push(self.pick(&[0xF2, 0xF3]));
            // With a count of 0 some CPUs check the ports of INS and OUTS, others, as the manual has it, do not.
            let io = matches!(form.opcode[..], [0x6C..=0x6F]);
            d.regs[ECX] = self.below(12) + u32::from(io);
        }
        repeats
    }

    fn set_up(&mut self, form: &Form, d: &mut Draft) {
        match form.setup {
            Setup::None => {}
            Setup::Address16 => d.code.push(0x67),
            Setup::Stack => d.stack(),
            Setup::Frame => {
                d.stack();
                d.pin(EBP, STACK_WINDOW + STACK_OFFSET + self.below(32));
            }
            Setup::StackFlags => {
                d.stack();
                let image = self.random.bits() as u32 & POPPED | 2;
                d.poke(1, STACK_WINDOW + STACK_OFFSET, &image.to_le_bytes());
            }
            Setup::StackSelector | Setup::StackBadSelector | Setup::StackFar => self.stack_selectors(form, d),
            Setup::String => {
                d.pin(ESI, d.target.wrapping_add(self.below(8)));
                let window = self.pick(&[d.window, STACK_WINDOW]);
                let di = if self.below(4) == 0 { d.target } else { window + 56 + self.below(16) };
                d.pin(EDI, di);
            }
            Setup::Xlat => {
                let al = d.regs[0] & 0xFF;
                d.pin(EBX, d.target.wrapping_sub(al));
            }
            Setup::Divide => {
                if self.below(2) == 0 {
                    d.regs[2] = self.pick(&[0, 1, u32::MAX]);
                }
            }
            Setup::Selector | Setup::BadSelector | Setup::FarMemory => {}
            Setup::BitString => {}
        }
    }

    fn stack_selectors(&mut self, form: &Form, d: &mut Draft) {
        d.stack();
        let far = matches!(form.setup, Setup::StackFar);
        let selector = match form.setup {
            Setup::StackSelector => self.pick(&SELECTORS),
            _ if far && self.below(3) == 0 => 0x23,
            _ => self.pick(&BAD_SELECTORS),
        };
        let size = if d.wide { 4 } else { 2 };
        let at = STACK_WINDOW + STACK_OFFSET + if far { size } else { 0 };
        d.poke(1, at, &u32::from(selector).to_le_bytes()[..size as usize]);
        let image = self.random.bits() as u32 & POPPED | 2;
        if far {
            d.poke(1, at + size, &image.to_le_bytes()[..size as usize]);
        }
    }

    fn modrm(&mut self, form: &Form, d: &mut Draft) {
        let (reg, registers, memory) = match form.modrm {
            ModRm::None => return,
            ModRm::Any => (self.below(8) as u8, true, true),
            ModRm::Extension(reg) => (reg, true, true),
            ModRm::Memory => (self.below(8) as u8, false, true),
            ModRm::MemoryExtension(reg) => (reg, false, true),
        };
        if matches!(form.setup, Setup::Address16) {
            return self.modrm16(reg, d);
        }
        if matches!(form.setup, Setup::BitString) {
            let number = (self.below(512) as i32 - 256) as u32;
            d.pin(usize::from(reg), number);
        }
        let register = registers && (!memory || self.below(3) == 0);
        let rm = self.below(8) as u8;
        if register {
            d.code.push(0xC0 | reg << 3 | rm);
        } else {
            self.memory(reg, d);
        }
        let selector = match form.setup {
            Setup::Selector => self.pick(&SELECTORS),
            Setup::BadSelector => self.pick(&BAD_SELECTORS),
            Setup::FarMemory => {
                let selector =
                    self.pick(if form.opcode == [0xFF] { &BAD_SELECTORS } else { &SELECTORS[..10] });
                let at = d.target.wrapping_add(if d.wide { 4 } else { 2 });
                return d.poke(0, at, &selector.to_le_bytes());
            }
            _ => return,
        };
        if register {
            d.regs[usize::from(rm)] = d.regs[usize::from(rm)] & 0xFFFF_0000 | u32::from(selector);
        } else {
            d.poke(0, d.target, &selector.to_le_bytes());
        }
    }

    /// Low memory is a hole on both sides.
    fn modrm16(&mut self, reg: u8, d: &mut Draft) {
        let (mode, rm) = (self.below(3) as u8, self.below(8) as u8);
        d.code.push(mode << 6 | reg << 3 | rm);
        let len = match (mode, rm) {
            (0, 6) | (2, _) => 2,
            (1, _) => 1,
            _ => 0,
        };
        for _ in 0..len {
            d.code.push(self.random.bits() as u8);
        }
    }

    /// A memory operand at the draft's target, by whatever registers.
    fn memory(&mut self, reg: u8, d: &mut Draft) {
        let target = d.target;
        let base = self.below(8) as usize;
        let index = [0, 1, 2, 3, 5, 6, 7][self.below(7) as usize];
        let scale = self.below(4) as u8;
        let short = self.random.bits() as i8;
        let free = d.pinned & 1 << base == 0;
        let field = reg << 3;
        match self.below(6) {
            0 if free && base != ESP && base != EBP => {
                d.pin(base, target);
                d.code.push(field | base as u8);
            }
            1 if free && base != ESP => {
                d.pin(base, target.wrapping_sub(short as u32));
                d.code.extend([0x40 | field | base as u8, short as u8]);
            }
            2 if base != ESP => {
                d.pin(base, d.regs[base]);
                d.code.push(0x80 | field | base as u8);
                d.code.extend(target.wrapping_sub(d.regs[base]).to_le_bytes());
            }
            3 => {
                d.pin(base, d.regs[base]);
                d.pin(index, d.regs[index]);
                let sum = d.regs[base].wrapping_add(d.regs[index] << scale);
                d.code.extend([0x84 | field, scale << 6 | (index as u8) << 3 | base as u8]);
                d.code.extend(target.wrapping_sub(sum).to_le_bytes());
            }
            4 if free && base != index => {
                d.pin(index, d.regs[index]);
                let rest = (d.regs[index] << scale).wrapping_add(short as u32);
                d.pin(base, target.wrapping_sub(rest));
                d.code.extend([0x44 | field, scale << 6 | (index as u8) << 3 | base as u8, short as u8]);
            }
            5 => {
                d.pin(index, d.regs[index]);
                d.code.extend([4 | field, scale << 6 | (index as u8) << 3 | 5]);
                d.code.extend(target.wrapping_sub(d.regs[index] << scale).to_le_bytes());
            }
            _ => {
                d.code.push(field | 5);
                d.code.extend(target.to_le_bytes());
            }
        }
    }

    fn immediate(&mut self, form: &Form, d: &mut Draft) {
        let value = self.value();
        let full = if d.wide { 4 } else { 2 };
        match form.imm {
            Imm::None => {}
            Imm::Byte => d.code.push(value as u8),
            // A 16-bit double shift by more than 16 leaves everything undefined.
            Imm::Count => d.code.push(value as u8 & if d.wide { 0xFF } else { 0xEF }),
            // Far: little, as CPUs differ in whether they look at the outer stack before the selector.
            Imm::Word if matches!(form.setup, Setup::StackFar) => {
                d.code.extend((value as u16 & 15).to_le_bytes())
            }
            Imm::Word => d.code.extend((value as u16).to_le_bytes()),
            Imm::Full => d.code.extend(&value.to_le_bytes()[..full]),
            Imm::Enter => {
                let level = if self.below(4) == 0 { self.random.bits() as u8 } else { self.below(6) as u8 };
                d.code.extend([self.below(32) as u8, 0, level]);
            }
            Imm::Offset => d.code.extend(d.target.to_le_bytes()),
            Imm::Far => {
                d.code.extend(&value.to_le_bytes()[..full]);
                let selector = self.pick(&BAD_SELECTORS);
                d.code.extend(selector.to_le_bytes());
            }
            Imm::Interrupt => d.code.push(self.pick(&INTERRUPTS)),
        }
        if form.undefined == Undefined::Double && form.imm == Imm::None && !d.wide {
            // The count is CL.
            d.regs[ECX] &= !0x10;
        }
    }
}

impl Draft {
    fn pin(&mut self, register: usize, value: u32) {
        self.regs[register] = value;
        self.pinned |= 1 << register;
    }

    fn stack(&mut self) {
        self.pin(ESP, STACK_WINDOW + STACK_OFFSET);
    }

    /// Sets bytes of a window, as far as they are in it.
    fn poke(&mut self, window: usize, at: u32, bytes: &[u8]) {
        let start = [self.window, STACK_WINDOW][window];
        for (i, &byte) in (0u32..).zip(bytes) {
            let offset = at.wrapping_add(i).wrapping_sub(start) as usize;
            if let Some(place) = self.data[window].get_mut(offset) {
                *place = byte;
            }
        }
    }
}

/// Undefined flags by SDM vol. 2, "Flags affected".
fn undefined(form: &Form, d: &Draft) -> u32 {
    let count = match form.imm {
        Imm::Byte | Imm::Count => u32::from(*d.code.last().unwrap_or(&0)),
        _ if form.opcode[0] & 0xFE == 0xD0 => 1,
        _ => d.regs[ECX],
    } & 31;
    let bits = match (form.opcode[0] & 1, d.wide) {
        (0, _) => 8,
        (_, false) => 16,
        _ => 32,
    };
    let of = if count == 1 { 0 } else { OF };
    match form.undefined {
        Undefined::None => 0,
        Undefined::Flags(flags) => flags,
        _ if count == 0 => 0,
        Undefined::Rotate => of,
        Undefined::Shift => AF | of | if count >= bits { CF } else { 0 },
        Undefined::Double => AF | of,
    }
}
