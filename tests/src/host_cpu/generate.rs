//! Random single instructions whose memory operands lie where both sides have memory, or a hole.

use super::float;
use super::forms::{Form, Imm, Setup, Undefined, forms_of};
use super::keys::{Key, Place};
use super::palette::{Base, palette};
use super::segments::{
    CODE16, CODE32, DATA_SEGMENTS, NOT_PRESENT, READ_ONLY, SHORT_STACK, STACKS, STACKS_16,
};
use super::{CODE, DATA, FX, Selectors, Test, USER_CODE, USER_DATA, WINDOW, operand};
use crate::Random;
use emu_core::x86::decode::{Operand, Width, decode};
use emu_core::x86::eflags::{DF, IF, STATUS, TF};

/// Where the second window is, which also is the stack of instructions that use one.
const STACK_WINDOW: u32 = DATA + 0x1800;
/// Offset of ESP in it.
const STACK_OFFSET: u32 = 64;
const WINDOW_ACROSS_PAGES: u32 = DATA + 0xFC0;
const WINDOW_AT_READ_ONLY: u32 = DATA + 0x2000 - WINDOW as u32;

/// Flags that a popped image may have set; NT, AC and ID would disturb the executor itself.
const POPPED: u32 = STATUS | TF | IF | DF | 3 << 12 | 1 << 16 | 1 << 17 | 1 << 19 | 1 << 20;

const ECX: usize = 1;
const EBX: usize = 3;
const ESP: usize = 4;
const EBP: usize = 5;
const ESI: usize = 6;
const EDI: usize = 7;

/// Selectors that load, or whose refusal is the same in both descriptor tables.
const SELECTORS: [u16; 17] =
    [0, 1, 2, 3, 0x23, 0x28, 0x2B, 0x10, 0x18, 0xFFF8, 0xFFFB, 4, 7, 0x104, NOT_PRESENT, READ_ONLY, CODE16];
/// Selectors that neither CS nor SS accepts.
const BAD_SELECTORS: [u16; 12] = [0, 1, 3, 0x10, 0x18, 0xFFF8, 0xFFFB, 4, 7, 0x104, NOT_PRESENT, READ_ONLY];
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
    palette: Vec<Base>,
    key: Key,
    forms: Vec<Form>,
}

/// A test in the making.
pub struct Draft {
    /// The instruction so far.
    pub code: Vec<u8>,
    /// General registers.
    pub regs: [u32; 8],
    /// The operand size is 32 bits.
    pub wide: bool,
    /// The address size is 16 bits.
    pub address16: bool,
    /// Registers whose value is settled, a bit each.
    pinned: u8,
    target: u32,
    window: u32,
    data: [[u8; WINDOW]; 2],
    /// x87 and SSE registers.
    pub fx: [u8; FX],
    palette: u8,
    /// Base of DS, ES and SS.
    base: u32,
    selectors: Selectors,
    /// The code segment is a 32-bit one.
    code32: bool,
}

impl Generator {
    /// A generator of tests of one form, always the same of the same seed.
    pub fn new(key: &Key, seed: u64) -> Self {
        Self { random: Random::new(seed), palette: palette(), key: key.clone(), forms: forms_of(key) }
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
        let number = self.below(self.forms.len() as u32) as usize;
        let form = self.forms[number].clone();
        let mut d = self.draft();
        let repeats = self.prefixes(&form, &mut d);
        self.set_up(&form, &mut d);
        d.code.extend(&form.opcode);
        self.modrm(&form, &mut d);
        self.immediate(&form, &mut d);
        if form.setup == Setup::Float
            && let Ok(inst) = decode(&d.code, d.code32)
        {
            float::fill(&mut self.random, &inst, &self.palette, &mut d);
        }
        assert!(d.code.len() <= 15, "{:02X?}", d.code);
        let mut code = [0x90; 16];
        code[..d.code.len()].copy_from_slice(&d.code);
        let flags = (self.random.bits() as u32) & STATUS;
        let direction = if matches!(form.setup, Setup::String) && self.below(2) == 0 { DF } else { 0 };
        let window = [d.window, STACK_WINDOW];
        let flat = d.selectors.cs == USER_CODE;
        Test {
            code,
            start: if flat { CODE } else { 0 },
            selectors: d.selectors,
            regs: d.regs,
            eflags: 2 | IF | flags | direction,
            repeats,
            window,
            fx: d.fx,
            data: d.data,
            palette: d.palette,
        }
    }

    fn draft(&mut self) -> Draft {
        let palette = self.below(self.palette.len() as u32) as usize;
        let Base { mut regs, fx, data } = self.palette[palette].clone();
        for register in &mut regs {
            if self.below(2) == 0 {
                *register = self.value();
            }
        }
        let (window, target) = match self.below(8) {
            0 => (WINDOW_AT_READ_ONLY, DATA + 0x1FF8 + self.below(16)),
            1 => (WINDOW_ACROSS_PAGES, DATA + 0x2000 + self.below(0xFF0)),
            2 => (WINDOW_ACROSS_PAGES, DATA + 0x2FF8 + self.below(64)),
            _ => (WINDOW_ACROSS_PAGES, WINDOW_ACROSS_PAGES + 16 + self.below(96)),
        };
        let mut draft = Draft {
            code: Vec::new(),
            regs,
            wide: true,
            address16: false,
            pinned: 0,
            target,
            window,
            data,
            fx,
            palette: palette as u8,
            base: 0,
            selectors: Selectors { cs: USER_CODE, ss: USER_DATA, ds: USER_DATA, es: USER_DATA, fs: 0, gs: 0 },
            code32: true,
        };
        if self.below(2) == 0 {
            self.segments(&mut draft);
        }
        if self.below(2) == 0 {
            let value = self.value();
            draft.poke(0, target, &value.to_le_bytes());
        }
        draft
    }

    /// Segments of the LDT: with limits near the windows, 16-bit ones, expand-down ones.
    fn segments(&mut self, d: &mut Draft) {
        let cs = self.pick(&[USER_CODE, CODE16, CODE16, CODE32]);
        d.selectors = Selectors {
            cs,
            ss: self.pick(&STACKS),
            ds: self.pick(&DATA_SEGMENTS),
            es: self.pick(&DATA_SEGMENTS),
            fs: self.pick(&DATA_SEGMENTS),
            gs: self.pick(&DATA_SEGMENTS),
        };
        d.base = DATA;
        d.code32 = cs != CODE16;
        (d.wide, d.address16) = (d.code32, !d.code32);
    }

    /// Whether there is a repeat prefix.
    fn prefixes(&mut self, form: &Form, d: &mut Draft) -> bool {
        // Without the prefix all is 32 bits in forms that a 16-bit operand size makes undefined.
        if form.opsize && self.below(3) == 0 || !form.opsize && !d.wide && !form.fixed {
            d.code.push(0x66);
            d.wide = !d.wide;
        }
        d.code.extend(form.prefix);
        if d.base != 0 && form.setup != Setup::Address16 && self.below(4) == 0 {
            d.code.push(0x67);
            d.address16 = !d.address16;
        }
        if form.segment && self.below(12) == 0 {
            d.code.push(self.pick(&[0x26, 0x2E, 0x36, 0x3E, 0x64, 0x65]));
        }
        // AMD's VERR and VERW take LOCK, against both makers' manuals, and to MOV of control registers it gives another
        // meaning.
        if self.below(24) == 0 && !matches!(form.opcode[..], [0x0F, 0x00 | 0x20 | 0x22]) {
            d.code.push(0xF0);
        }
        let repeats = matches!(form.setup, Setup::String) && self.below(2) == 0;
        if repeats {
            d.code.push(self.pick(&[0xF2, 0xF3]));
            // With a count of 0 some CPUs check the ports of INS and OUTS, others, as the manual has it, do not.
            let io = matches!(form.opcode[..], [0x6C..=0x6F]);
            let count = self.below(12) + u32::from(io);
            d.regs[ECX] = if d.address16 { d.regs[ECX] & 0xFFFF_0000 | count } else { count };
        }
        repeats
    }

    fn set_up(&mut self, form: &Form, d: &mut Draft) {
        match form.setup {
            Setup::None => {}
            Setup::Address16 if d.address16 => {}
            Setup::Address16 => {
                d.code.push(0x67);
                d.address16 = true;
            }
            Setup::Stack => d.stack(),
            Setup::Frame => {
                d.stack();
                d.pin(EBP, STACK_WINDOW - d.base + STACK_OFFSET + self.below(32));
            }
            Setup::StackFlags => {
                d.stack();
                let image = self.random.bits() as u32 & POPPED | 2;
                d.poke(1, STACK_WINDOW + STACK_OFFSET, &image.to_le_bytes());
            }
            Setup::StackSelector | Setup::StackFar => self.stack_selectors(form, d),
            Setup::String => {
                let si = d.offset().wrapping_add(self.below(8));
                let window = self.pick(&[d.window, STACK_WINDOW]);
                let di = if self.below(4) == 0 { d.target } else { window + 56 + self.below(16) };
                d.pin_address(ESI, si);
                d.pin_address(EDI, di - d.base);
            }
            Setup::Xlat => {
                let al = d.regs[0] & 0xFF;
                d.pin_address(EBX, d.offset().wrapping_sub(al));
            }
            Setup::Divide => {
                if self.below(2) == 0 {
                    d.regs[2] = self.pick(&[0, 1, u32::MAX]);
                }
            }
            Setup::Bounds => {
                let bounds: [i32; 2] = self.pick(&[[i32::MIN, i32::MAX], [-1000, 1000], [0, 0x7FFF], [0, 0]]);
                let [low, high] = bounds.map(i32::to_le_bytes);
                let words = [[low[0], low[3], high[0], high[3]], [low[0], low[1], high[0], high[1]]];
                if d.wide {
                    d.poke_operand([low, high].as_flattened());
                } else {
                    d.poke_operand(&words[self.below(2) as usize]);
                }
            }
            Setup::Selector | Setup::FarMemory | Setup::BitString => {}
            Setup::Float => self.align(d),
        }
    }

    /// Aligns most operands that have to be, and points (E)DI to that of MASKMOVQ.
    fn align(&mut self, d: &mut Draft) {
        let width = self.key.sample.operands.into_iter().find_map(|operand| match operand {
            Operand::Mem(width) => Some(width),
            _ => None,
        });
        if matches!(width, Some(Width::B16 | Width::B512)) && self.below(8) != 0 {
            d.target &= !15;
        }
        if self.key.place == Place::Register && width.is_some() {
            d.pin_address(EDI, d.offset());
        }
    }

    fn stack_selectors(&mut self, form: &Form, d: &mut Draft) {
        // CPUs differ in whether RETF looks at the outer stack before the selector: no stack that ends there.
        if d.selectors.ss == SHORT_STACK {
            d.selectors.ss = STACKS_16[0];
        }
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
        let (place, rm) = (self.key.place, self.key.rm);
        if place == Place::None {
            return;
        }
        let reg = self.key.reg.unwrap_or_else(|| form.reg().unwrap_or(self.below(8) as u8));
        let register = place == Place::Register;
        if matches!(form.setup, Setup::Address16) && !register {
            return operand::anywhere16(&mut self.random, reg, d);
        }
        if matches!(form.setup, Setup::BitString) {
            let number = (self.below(512) as i32 - 256) as u32;
            d.pin(usize::from(reg), number);
        }
        let rm = rm.unwrap_or(self.below(8) as u8);
        if register {
            d.code.push(0xC0 | reg << 3 | rm);
        } else {
            operand::memory(&mut self.random, reg, d);
        }
        let selector = match form.setup {
            Setup::Selector => self.pick(&SELECTORS),
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
            Imm::Offset if d.address16 => d.code.extend((d.offset() as u16).to_le_bytes()),
            Imm::Offset => d.code.extend(d.offset().to_le_bytes()),
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
    /// Offset of the memory operand in DS, ES or SS.
    pub fn offset(&self) -> u32 {
        self.target - self.base
    }

    /// Whether a register may still be set.
    pub fn is_free(&self, register: usize) -> bool {
        self.pinned & 1 << register == 0
    }

    /// Sets a register for good.
    pub fn pin(&mut self, register: usize, value: u32) {
        self.regs[register] = value;
        self.pinned |= 1 << register;
    }

    /// Sets the low half of a register, all of it for good.
    pub fn pin16(&mut self, register: usize, value: u16) {
        self.pin(register, self.regs[register] & 0xFFFF_0000 | u32::from(value));
    }

    /// Sets as much of a register as the address size uses.
    fn pin_address(&mut self, register: usize, value: u32) {
        if self.address16 { self.pin16(register, value as u16) } else { self.pin(register, value) }
    }

    fn stack(&mut self) {
        let offset = STACK_WINDOW - self.base + STACK_OFFSET;
        // The upper half of ESP means nothing on a 16-bit stack.
        if STACKS_16.contains(&self.selectors.ss) {
            self.pin16(ESP, offset as u16)
        } else {
            self.pin(ESP, offset)
        }
    }

    /// Sets bytes of the memory operand, as far as they are in its window.
    pub fn poke_operand(&mut self, bytes: &[u8]) {
        self.poke(0, self.target, bytes);
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
