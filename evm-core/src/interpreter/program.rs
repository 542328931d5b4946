//! Code made ready to run: one entry an instruction, with the gas and the stack of a whole block checked at its start.

use super::fuse::{fuse, is_static_jump};
use crate::U256;
use crate::opcode::deep_stack;
use crate::rules::{OpRule, Rules};
use crate::word;

/// Numbers of what a program has beside the opcodes, which keep their bytes. They are those of PUSH1 on, which programs
/// do not have, so that a byte tells all and one table leads to every body.
pub mod extra {
    /// Start of a block: checks stack and gas for all of it.
    pub const BLOCK: u8 = 0x60;
    /// PUSH of a value that fits 64 bits.
    pub const PUSH_SMALL: u8 = 0x61;
    /// PUSH of a value from the program's words.
    pub const PUSH_WORD: u8 = 0x62;
    /// A byte that is no instruction.
    pub const INVALID: u8 = 0x63;
    /// PUSH, JUMP: to `arg`.
    pub const JUMP_TO: u8 = 0x64;
    /// PUSH, JUMPI: to `arg`.
    pub const JUMPI_TO: u8 = 0x65;
    /// ISZERO, PUSH, JUMPI.
    pub const JUMPZ_TO: u8 = 0x66;
    /// DUP1, PUSH, JUMPI.
    pub const JUMPI_KEEP: u8 = 0x67;
    /// LT, PUSH, JUMPI.
    pub const JUMP_LT: u8 = 0x68;
    /// GT, PUSH, JUMPI.
    pub const JUMP_GT: u8 = 0x69;
    /// EQ, PUSH, JUMPI.
    pub const JUMP_EQ: u8 = 0x6a;
    /// LT, ISZERO, PUSH, JUMPI.
    pub const JUMP_GE: u8 = 0x6b;
    /// GT, ISZERO, PUSH, JUMPI.
    pub const JUMP_LE: u8 = 0x6c;
    /// EQ, ISZERO, PUSH, JUMPI.
    pub const JUMP_NE: u8 = 0x6d;
    /// DUP1, PUSH, EQ, PUSH, JUMPI: how compilers look for a function by its selector.
    pub const DISPATCH: u8 = 0x6e;
    /// PUSH, ADD.
    pub const ADD_SMALL: u8 = 0x6f;
    /// PUSH, SWAP1, SUB.
    pub const SUB_SMALL: u8 = 0x70;
    /// PUSH, AND.
    pub const AND_SMALL: u8 = 0x71;
    /// PUSH of a wide value, AND.
    pub const AND_WORD: u8 = 0x72;
    /// PUSH, EQ.
    pub const EQ_SMALL: u8 = 0x73;
    /// PUSH, SHR.
    pub const SHR_SMALL: u8 = 0x74;
    /// PUSH, SHL.
    pub const SHL_SMALL: u8 = 0x75;
    /// PUSH, MLOAD.
    pub const MLOAD_AT: u8 = 0x76;
    /// PUSH, MSTORE.
    pub const MSTORE_AT: u8 = 0x77;
    /// SWAP1, POP.
    pub const NIP: u8 = 0x78;
    /// SWAP1, SUB.
    pub const SWAP_SUB: u8 = 0x79;
    /// DUPn, ADD; n - 1 in `b`.
    pub const DUP_ADD: u8 = 0x7a;
    /// DUPn, SUB; n - 1 in `b`.
    pub const DUP_SUB: u8 = 0x7b;
    /// DUPn, LT; n - 1 in `b`.
    pub const DUP_LT: u8 = 0x7c;
    /// DUPn, GT; n - 1 in `b`.
    pub const DUP_GT: u8 = 0x7d;
    /// DUPn, MLOAD; n - 1 in `b`.
    pub const DUP_MLOAD: u8 = 0x7e;
}

/// An entry of a program.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[repr(C)]
pub struct Inst {
    /// An opcode, or one of [`extra`].
    pub op: u8,
    /// Small operand.
    pub b: u8,
    /// Index of an entry or a word; for [`extra::BLOCK`] words needed (low half) and room needed (high half).
    pub arg: u32,
    /// Value pushed, gas of a block, or place in the code.
    pub imm: u64,
}

/// Code made ready to run under some rules.
#[derive(Clone, Debug, Default)]
pub struct Program {
    /// Entries; the last one is STOP, so that running on finds an end.
    pub insts: Vec<Inst>,
    /// Entry of each byte that is a valid JUMPDEST; 0 elsewhere (entry 0 is never a destination: a block starts it).
    pub destinations: Vec<u32>,
    /// Values of PUSHes that do not fit an entry.
    pub words: Vec<U256>,
    /// Place in the code of each entry. Only of exact programs.
    pub places: Vec<u32>,
}

impl Program {
    /// A program of `code`. An `exact` one is run one instruction at a time, each checked by itself; of others gas and
    /// stack are checked once a block, and common sequences are one entry.
    pub fn new(code: &[u8], rules: &Rules, exact: bool) -> Self {
        build(code, rules, exact)
    }

    /// True for a program that is run one instruction at a time.
    pub fn is_exact(&self) -> bool {
        self.places.len() == self.insts.len()
    }

    /// Entry to go on with after a jump to `place`, if that is a JUMPDEST.
    #[inline(always)]
    pub fn destination(&self, place: U256) -> Option<usize> {
        let [low, a, b, c] = place.0;
        if (a | b | c) != 0 {
            return None;
        }
        match self.destinations.get(usize::try_from(low).unwrap_or(usize::MAX)) {
            Some(&entry) if entry != 0 => Some(entry as usize),
            _ => None,
        }
    }
}

/// True if a block ends after the opcode: it jumps, halts, reads the gas, or touches what outlives the frame, so that
/// what it can see or leave behind does not depend on what follows it.
fn ends_block(byte: u8) -> bool {
    matches!(byte, 0x00 | 0x56 | 0x57 | 0x5A | 0x31 | 0x3B | 0x3C | 0x3F | 0x54 | 0x55 | 0xF0..=0xFF)
}

/// Stack and gas of a block while it is read.
struct Block {
    entry: usize,
    gas: u64,
    depth: i32,
    need: i32,
    room: i32,
}

impl Block {
    fn new(entry: usize) -> Self {
        Self { entry, gas: 0, depth: 0, need: 0, room: 0 }
    }

    fn add(&mut self, gas: u64, inputs: u8, outputs: u8) {
        self.gas += gas;
        self.need = self.need.max(i32::from(inputs) - self.depth);
        self.depth += i32::from(outputs) - i32::from(inputs);
        self.room = self.room.max(self.depth);
    }

    fn close(&self, insts: &mut [Inst]) {
        // Over 1024 either way can't be met; what is over that need not be told apart.
        let (need, room) = (self.need.min(2000) as u32, self.room.clamp(0, 2000) as u32);
        insts[self.entry].arg = need | room << 16;
        insts[self.entry].imm = self.gas;
    }
}

fn build(code: &[u8], rules: &Rules, exact: bool) -> Program {
    let mut program = Program {
        insts: Vec::with_capacity(code.len() + 3),
        destinations: vec![0; code.len()],
        words: Vec::new(),
        places: Vec::new(),
    };
    let start = Inst { op: extra::BLOCK, ..Inst::default() };
    program.insts.push(start);
    if exact {
        program.places.push(0);
    }
    let mut block = Block::new(0);
    let mut jumps = Vec::new();
    let mut at = 0;
    while at < code.len() {
        let byte = code[at];
        let rule = Use::of(rules, code, at);
        if byte == 0x5B && rule.defined {
            // A block that nothing is in yet serves as well.
            if !exact && (block.entry + 1 < program.insts.len() || block.gas != 0 || block.entry == 0) {
                block.close(&mut program.insts);
                block = Block::new(program.insts.len());
                program.insts.push(start);
            }
            program.destinations[at] = program.insts.len() as u32 - u32::from(!exact);
        }
        if exact {
            let inst = read(&mut program, code, at, rule.defined);
            program.insts.push(inst);
            program.places.push(at as u32);
        } else if byte != 0x5B || !rule.defined {
            let inst = read(&mut program, code, at, rule.defined);
            let inst = fuse(&mut program.insts, block.entry + 1, inst);
            if is_static_jump(inst.op) {
                jumps.push(program.insts.len());
            }
            program.insts.push(inst);
        }
        block.add(u64::from(rule.gas), rule.inputs, rule.outputs);
        if !exact && (ends_block(byte) || !rule.defined) {
            block.close(&mut program.insts);
            block = Block::new(program.insts.len());
            program.insts.push(start);
        }
        at += 1 + rule.immediate;
    }
    if !exact {
        block.close(&mut program.insts);
    }
    program.insts.push(Inst { imm: code.len() as u64, ..Inst::default() });
    if exact {
        // After a PUSH whose data the code lacks, that is beyond its end.
        program.places.push(at as u32);
    }
    for jump in jumps {
        let inst = &mut program.insts[jump];
        let place = inst.imm as u32 as usize;
        inst.arg = program.destinations.get(place).copied().unwrap_or(0);
    }
    program
}

/// What an instruction is and needs, its immediate considered.
#[derive(Clone, Copy)]
pub(crate) struct Use {
    /// False: executing it is an exceptional halt.
    pub defined: bool,
    /// Constant gas.
    pub gas: u16,
    /// Words that must be on the stack.
    pub inputs: u8,
    /// Words that are there in their stead afterwards.
    pub outputs: u8,
    /// Bytes of data after it.
    immediate: usize,
}

impl Use {
    /// That of the instruction at `at`.
    pub fn of(rules: &Rules, code: &[u8], at: usize) -> Self {
        let byte = code.get(at).copied().unwrap_or(0);
        let OpRule { defined, gas, inputs, outputs } = rules.opcodes[usize::from(byte)];
        let plain = Self { defined, gas, inputs, outputs, immediate: immediate(byte) };
        if !defined || !deep_stack::has(byte) {
            return plain;
        }
        match deep_stack::stack_use(byte, after(code, at)) {
            Some((inputs, outputs)) => Self { inputs, outputs, immediate: 1, ..plain },
            None => Self { defined: false, ..plain },
        }
    }
}

/// The byte after an opcode; code goes on with zeros.
fn after(code: &[u8], at: usize) -> u8 {
    code.get(at + 1).copied().unwrap_or(0)
}

/// Bytes that a PUSH pushes.
fn immediate(byte: u8) -> usize {
    if (0x60..=0x7F).contains(&byte) { usize::from(byte - 0x5F) } else { 0 }
}

/// The entry for the instruction at `at`.
fn read(program: &mut Program, code: &[u8], at: usize, defined: bool) -> Inst {
    let byte = code[at];
    let place = Inst { op: byte, imm: at as u64, ..Inst::default() };
    match byte {
        _ if !defined => Inst { op: extra::INVALID, b: byte, ..place },
        0x5F => Inst { op: extra::PUSH_SMALL, imm: 0, ..place },
        0x60..=0x7F => {
            let len = immediate(byte);
            let mut bytes = [0; 32];
            for (to, from) in bytes[32 - len..].iter_mut().zip(&code[at + 1..]) {
                *to = *from;
            }
            push(program, word::from_be_bytes(&bytes))
        }
        deep_stack::EXCHANGE => {
            let (n, m) = deep_stack::decode_pair(after(code, at)).unwrap_or_default();
            Inst { b: n, arg: u32::from(m), ..place }
        }
        deep_stack::DUPN | deep_stack::SWAPN => {
            Inst { b: deep_stack::decode_single(after(code, at)).unwrap_or_default(), ..place }
        }
        _ => place,
    }
}

fn push(program: &mut Program, value: U256) -> Inst {
    if value.bits() <= 64 {
        return Inst { op: extra::PUSH_SMALL, imm: value.low_u64(), ..Inst::default() };
    }
    program.words.push(value);
    Inst { op: extra::PUSH_WORD, arg: program.words.len() as u32 - 1, ..Inst::default() }
}
