//! Random code that gets far: operands are there, offsets are mostly small, jumps mostly land, and calls go to accounts
//! that exist.

use super::random::Random;
use super::scene::ADDRESSES;
use evm_core::rules::OpRule;

/// Opcodes that take and leave words and nothing else: byte, inputs, outputs.
const SIMPLE: &[(u8, usize, usize)] = &[
    (0x01, 2, 1),
    (0x02, 2, 1),
    (0x03, 2, 1),
    (0x04, 2, 1),
    (0x05, 2, 1),
    (0x06, 2, 1),
    (0x07, 2, 1),
    (0x08, 3, 1),
    (0x09, 3, 1),
    (0x0A, 2, 1),
    (0x0B, 2, 1),
    (0x10, 2, 1),
    (0x11, 2, 1),
    (0x12, 2, 1),
    (0x13, 2, 1),
    (0x14, 2, 1),
    (0x15, 1, 1),
    (0x16, 2, 1),
    (0x17, 2, 1),
    (0x18, 2, 1),
    (0x19, 1, 1),
    (0x1A, 2, 1),
    (0x1B, 2, 1),
    (0x1C, 2, 1),
    (0x1D, 2, 1),
    (0x1E, 1, 1),
    (0x30, 0, 1),
    (0x32, 0, 1),
    (0x33, 0, 1),
    (0x34, 0, 1),
    (0x35, 1, 1),
    (0x36, 0, 1),
    (0x38, 0, 1),
    (0x3A, 0, 1),
    (0x3D, 0, 1),
    (0x40, 1, 1),
    (0x41, 0, 1),
    (0x42, 0, 1),
    (0x43, 0, 1),
    (0x44, 0, 1),
    (0x45, 0, 1),
    (0x46, 0, 1),
    (0x47, 0, 1),
    (0x48, 0, 1),
    (0x49, 1, 1),
    (0x4A, 0, 1),
    (0x4B, 0, 1),
    (0x58, 0, 1),
    (0x59, 0, 1),
    (0x5A, 0, 1),
    (0x5F, 0, 1),
    (0x50, 1, 0),
];

/// Code being written.
pub struct Writer<'a> {
    random: &'a mut Random,
    opcodes: &'a [OpRule; 256],
    code: Vec<u8>,
    /// Words that are on the stack where the code has come to, at least.
    depth: usize,
}

/// Random code of about `statements` statements, of `opcodes` and rarely of others.
pub fn program(random: &mut Random, opcodes: &[OpRule; 256], statements: u64) -> Vec<u8> {
    let mut writer = Writer { random, opcodes, code: Vec::new(), depth: 0 };
    for _ in 0..statements {
        writer.statement();
    }
    writer.end();
    writer.code
}

impl Writer<'_> {
    /// True for an opcode that the fork has, and rarely for another.
    fn has(&mut self, byte: u8) -> bool {
        self.opcodes[usize::from(byte)].defined || self.random.one_in(100)
    }

    fn op(&mut self, byte: u8, inputs: usize, outputs: usize) {
        if !self.has(byte) {
            return;
        }
        while self.depth < inputs {
            self.value();
        }
        self.code.push(byte);
        self.depth = self.depth - inputs + outputs;
    }

    fn push(&mut self, bytes: &[u8]) {
        self.code.push(0x5F + bytes.len() as u8);
        self.code.extend_from_slice(bytes);
        self.depth += 1;
    }

    fn push_small(&mut self, value: u64) {
        let bytes = value.to_be_bytes();
        let first = bytes.iter().position(|byte| *byte != 0).unwrap_or(7);
        self.push(&bytes[first..]);
    }

    fn address(&mut self) {
        let address = *self.random.pick(&ADDRESSES);
        if self.random.one_in(4) {
            let precompile = 1 + self.random.below(0x12);
            let p256 = self.random.one_in(12);
            self.push_small(if p256 { 0x100 } else { precompile });
        } else {
            self.push(&address);
        }
    }

    fn value(&mut self) {
        match self.random.below(10) {
            0..=3 => {
                let value = self.random.below(300);
                self.push_small(value);
            }
            4 => self.push(&[0xFF; 32]),
            5 => {
                let mut bytes = [0; 32];
                let bit = self.random.below(256) as usize;
                bytes[bit / 8] = 1 << (bit % 8);
                self.push(&bytes);
            }
            6 => {
                let len = 1 + self.random.below(32) as usize;
                let bytes = self.random.bytes(len);
                self.push(&bytes);
            }
            7 => self.address(),
            8 if self.depth > 0 => {
                let n = self.random.below(self.depth.min(16) as u64) as u8;
                self.code.push(0x80 + n);
                self.depth += 1;
            }
            _ => {
                let value = self.random.bits() >> self.random.below(64);
                self.push_small(value);
            }
        }
    }

    /// A place in memory or data: mostly small.
    fn offset(&mut self) {
        match self.random.below(300) {
            0 => self.value(),
            1..=10 => {
                let value = self.random.below(20_000);
                self.push_small(value);
            }
            _ => {
                let value = self.random.below(200);
                self.push_small(value);
            }
        }
    }

    fn slot(&mut self) {
        let slot = self.random.below(6);
        self.push_small(slot);
    }

    fn statement(&mut self) {
        if self.depth > 60 {
            self.op(0x50, 1, 0);
        }
        match self.random.below(40) {
            0..=11 => {
                let (byte, inputs, outputs) = *self.random.pick(SIMPLE);
                self.op(byte, inputs, outputs);
            }
            12..=14 => self.value(),
            15 if self.depth > 1 => {
                let n = self.random.below((self.depth - 1).min(16) as u64) as u8;
                self.code.push(0x90 + n);
            }
            15..=17 => self.memory(),
            18 | 19 => self.copy(),
            20..=23 => self.storage(),
            24 => self.look(),
            25 => self.log(),
            26 | 27 => self.jump(),
            28..=32 => self.call(),
            33 | 34 => self.create(),
            35 => self.hash(),
            36 => {
                // What is left undefined, or too much taken from the stack.
                let byte = self.random.bits() as u8;
                if self.random.one_in(20) {
                    self.code.push(byte);
                }
            }
            37 if self.random.one_in(4) => self.back(),
            39 if self.random.one_in(8) => self.deep(),
            38 if self.random.one_in(8) => self.end(),
            _ => self.memory(),
        }
    }

    /// EIP-8024, on a stack that is deep enough, mostly.
    fn deep(&mut self) {
        let byte = *self.random.pick(&[0xE6, 0xE7, 0xE8]);
        let wanted = self.random.below(60) as usize;
        while self.depth < wanted {
            self.value();
        }
        let n = self.random.below(40) as u8;
        self.code.extend_from_slice(&[byte, if byte == 0xE8 { n ^ 0x8F } else { n.wrapping_add(0x80) }]);
        self.depth += usize::from(byte == 0xE6);
    }

    fn memory(&mut self) {
        match self.random.below(3) {
            0 => {
                self.offset();
                self.op(0x51, 1, 1);
            }
            n => {
                self.value();
                self.offset();
                self.op(0x51 + n as u8, 2, 0);
            }
        }
    }

    fn copy(&mut self) {
        let byte = *self.random.pick(&[0x37, 0x39, 0x3E, 0x5E, 0x3C]);
        if byte == 0x3E && self.has(0x3D) && !self.random.one_in(6) {
            // What is there, not more.
            self.op(0x3D, 0, 1);
            self.push_small(0);
        } else {
            self.offset();
            self.offset();
        }
        self.offset();
        if byte == 0x3C {
            self.address();
            self.op(byte, 4, 0);
        } else {
            self.op(byte, 3, 0);
        }
    }

    fn storage(&mut self) {
        let transient = if self.random.one_in(4) { 8 } else { 0 };
        if self.random.one_in(3) {
            self.slot();
            self.op(0x54 + transient, 1, 1);
            return;
        }
        if self.random.one_in(2) {
            let value = self.random.below(3);
            self.push_small(value);
        } else {
            self.value();
        }
        self.slot();
        self.op(0x55 + transient, 2, 0);
    }

    fn look(&mut self) {
        self.address();
        let byte = *self.random.pick(&[0x31, 0x3B, 0x3F]);
        self.op(byte, 1, 1);
    }

    fn log(&mut self) {
        let topics = self.random.below(5) as usize;
        (0..topics).for_each(|_| self.value());
        self.offset();
        self.offset();
        self.op(0xA0 + topics as u8, topics + 2, 0);
    }

    fn hash(&mut self) {
        self.offset();
        self.offset();
        self.op(0x20, 2, 1);
    }

    /// A jump over something, conditional or not.
    fn jump(&mut self) {
        let conditional = self.random.one_in(2);
        if conditional {
            self.value();
        }
        let place = self.code.len() + 1;
        self.push(&[0, 0]);
        if conditional {
            self.op(0x57, 2, 0)
        } else {
            self.op(0x56, 1, 0)
        }
        let depth = self.depth;
        let skipped = self.random.below(3);
        (0..skipped).for_each(|_| self.statement());
        // What was skipped may have changed the stack: only what is there either way counts.
        self.depth = self.depth.min(depth);
        let target = self.code.len() as u16 + u16::from(self.random.one_in(200));
        self.code[place..place + 2].copy_from_slice(&target.to_be_bytes());
        self.code.push(0x5B);
    }

    /// A loop that ends, if the gas does not end first.
    fn back(&mut self) {
        let times = 1 + self.random.below(20);
        self.push_small(times);
        let target = self.code.len() as u16;
        self.code.push(0x5B);
        self.code.extend_from_slice(&[0x60, 1, 0x90, 0x03, 0x80]);
        self.code.extend_from_slice(&[0x61, target.to_be_bytes()[0], target.to_be_bytes()[1], 0x57]);
    }

    fn call(&mut self) {
        let byte = *self.random.pick(&[0xF1, 0xF1, 0xF2, 0xF4, 0xFA]);
        (0..4).for_each(|_| self.offset());
        if byte == 0xF1 || byte == 0xF2 {
            let value = if self.random.one_in(3) { self.random.below(3) } else { 0 };
            self.push_small(value);
        }
        self.address();
        if self.random.one_in(2) {
            self.op(0x5A, 0, 1);
        } else {
            let gas = self.random.below(100_000);
            self.push_small(gas);
        }
        let inputs = if byte == 0xF1 || byte == 0xF2 { 7 } else { 6 };
        self.op(byte, inputs, 1);
    }

    /// A creation from a few bytes of init code put in memory, or from whatever is there.
    fn create(&mut self) {
        if !self.random.one_in(4) {
            let init = self.init_code();
            let mut word = [0; 32];
            word[..init.len()].copy_from_slice(&init);
            self.push(&word);
            self.push_small(0);
            self.op(0x52, 2, 0);
        }
        let salted = self.random.one_in(2);
        if salted {
            let salt = self.random.below(2);
            self.push_small(salt);
        }
        if self.random.one_in(5) {
            self.offset();
        } else {
            self.push_small(32);
        }
        self.push_small(0);
        let value = self.random.below(2);
        self.push_small(value);
        if salted { self.op(0xF5, 4, 1) } else { self.op(0xF0, 3, 1) }
    }

    fn init_code(&mut self) -> Vec<u8> {
        match self.random.below(6) {
            // Returns itself.
            0 => vec![0x60, 0x20, 0x60, 0, 0x60, 0, 0x39, 0x60, 0x20, 0x60, 0, 0xF3],
            // Returns zeros, which is STOP.
            1 => vec![0x60, 0x10, 0x60, 0, 0xF3],
            2 => vec![0x60, 0x10, 0x60, 0, 0xFD],
            3 => vec![0x33, 0xFF],
            // Writes to its storage, and is empty.
            4 => vec![0x60, 1, 0x60, 2, 0x55, 0],
            _ => self.random.bytes(20),
        }
    }

    fn end(&mut self) {
        match self.random.below(8) {
            0 => self.code.push(0x00),
            1 => {
                self.offset();
                self.offset();
                self.op(0xFD, 2, 0);
            }
            2 => {
                self.address();
                self.op(0xFF, 1, 0);
            }
            _ => {
                self.offset();
                self.offset();
                self.op(0xF3, 2, 0);
            }
        }
    }
}
