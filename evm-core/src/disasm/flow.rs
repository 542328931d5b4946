//! Basic blocks, where their jumps go, and what no jump reaches.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::{Instruction, instructions};
use crate::U256;
use crate::fork::Fork;
use crate::opcode::deep_stack;

const CODECOPY: u8 = 0x39;
const JUMP: u8 = 0x56;
const JUMPI: u8 = 0x57;
const PC: u8 = 0x58;
const JUMPDEST: u8 = 0x5B;

/// What the bytes of a block are.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum BlockKind {
    /// Instructions that are executed if their block is entered.
    Code,
    /// Bytes that nothing leads to: see [`Flow::of`].
    Data,
    /// The CBOR record that Solidity and Vyper leave behind their code.
    Metadata,
}

/// Where the jump at the end of a block goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Jump {
    /// The block does not end with a jump.
    None,
    /// To this place, which is a JUMPDEST.
    To(usize),
    /// To a place that is no JUMPDEST: an exceptional halt.
    Wrong,
    /// To a place that the block finds on the stack, as at the end of a function.
    Given,
    /// To a place that is computed or loaded.
    Computed,
}

/// Bytes that are executed one after the other.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Block {
    /// Place of the first byte.
    pub start: usize,
    /// Place behind the last byte.
    pub end: usize,
    /// What it is.
    pub kind: BlockKind,
    /// Where its jump goes.
    pub jump: Jump,
    /// True if execution can go on with the next block.
    pub falls_through: bool,
}

/// How code hangs together.
#[derive(Clone, Debug)]
pub struct Flow<'a> {
    /// All instructions from the start; those of data have no meaning.
    pub instructions: Vec<Instruction<'a>>,
    /// All blocks in the order of the code.
    pub blocks: Vec<Block>,
    /// PUSHes whose value is used as a place of the code, and the place: by a jump of the same block, by CODECOPY, or
    /// (of two bytes and more) because there is a JUMPDEST.
    pub references: BTreeMap<usize, usize>,
    /// The places that CODECOPY copies from, as far as they are known.
    pub copied: BTreeSet<usize>,
}

/// A word of the stack as a block knows it.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Word {
    /// It was there before.
    Given,
    /// A PUSH at this place put it there.
    Pushed(usize, U256),
    Computed,
}

/// The stack above what a block found there.
#[derive(Default)]
struct Stack(Vec<Word>);

impl Stack {
    fn pop(&mut self) -> Word {
        self.0.pop().unwrap_or(Word::Given)
    }

    /// Index of the `n`th word from the top (1: the top), which is put there if the block did not touch it yet.
    fn index(&mut self, n: usize) -> usize {
        if n > self.0.len() {
            let missing = n - self.0.len();
            self.0.splice(0..0, std::iter::repeat_n(Word::Given, missing));
        }
        self.0.len() - n
    }

    fn copy(&mut self, n: usize) {
        let index = self.index(n);
        self.0.push(self.0[index]);
    }

    fn swap(&mut self, n: usize, m: usize) {
        let (a, b) = (self.index(n), self.index(m));
        // The second may have put words below the first.
        let a = a.max(self.0.len() - n);
        self.0.swap(a, b);
    }
}

/// Value of a PUSH.
fn pushed(instruction: &Instruction) -> Option<U256> {
    let is_push = matches!(instruction.byte, 0x5F..=0x7F) && instruction.opcode.is_some();
    is_push.then(|| {
        let mut word = [0; 32];
        let start = 32 - instruction.data.len() - instruction.missing;
        word[start..start + instruction.data.len()].copy_from_slice(instruction.data);
        U256::from_big_endian(&word)
    })
}

impl<'a> Flow<'a> {
    /// How `code` hangs together in `fork`.
    ///
    /// A block is reached from the block before it, if that goes on; and as a JUMPDEST, if its place is pushed anywhere
    /// in reached code, or if reached code has a jump to a computed place (then every JUMPDEST is). What is not reached
    /// is taken for data; only code that jumps to places from memory or storage, and that puts them there in one block
    /// and jumps in another, is taken for data wrongly.
    pub fn of(code: &'a [u8], fork: Fork) -> Self {
        let instructions: Vec<_> = instructions(code, fork).collect();
        let mut flow =
            Self { instructions, blocks: Vec::new(), references: BTreeMap::new(), copied: BTreeSet::new() };
        let jumpdests = flow.instructions.iter().filter(|i| i.byte == JUMPDEST);
        let targets: Vec<usize> = jumpdests.map(|i| i.offset).collect();
        let ranges = flow.ranges();
        let mut found = Vec::with_capacity(ranges.len());
        for range in &ranges {
            found.push(examine(&flow.instructions[range.clone()], &targets, code.len()));
        }
        let reached = reach(&found, &targets);
        let metadata = metadata_start(code);
        for (examined, reached) in found.into_iter().zip(reached) {
            let mut block = examined.block;
            if reached {
                flow.references.extend(examined.references);
                flow.copied.extend(examined.copied);
                flow.blocks.push(block);
                continue;
            }
            (block.jump, block.falls_through) = (Jump::None, false);
            flow.add_data(block, metadata);
        }
        flow
    }

    /// Adds a block that is not reached: to the data before it if there is some, and in two where metadata starts.
    fn add_data(&mut self, block: Block, metadata: Option<usize>) {
        let cut = metadata.filter(|at| *at < block.end).map_or(block.end, |at| at.max(block.start));
        for (start, end, kind) in [(block.start, cut, BlockKind::Data), (cut, block.end, BlockKind::Metadata)]
        {
            match self.blocks.last_mut() {
                _ if start == end => {}
                Some(last) if last.kind == kind => last.end = end,
                _ => self.blocks.push(Block { start, end, kind, ..block.clone() }),
            }
        }
    }

    /// Instructions of each block.
    fn ranges(&self) -> Vec<std::ops::Range<usize>> {
        let mut ranges = Vec::new();
        let mut start = 0;
        for (index, instruction) in self.instructions.iter().enumerate() {
            if instruction.byte == JUMPDEST && start < index {
                ranges.push(start..index);
                start = index;
            }
            let ends = instruction.opcode.is_none_or(|opcode| opcode.ends_block());
            if ends || instruction.byte == JUMPI {
                ranges.push(start..index + 1);
                start = index + 1;
            }
        }
        if start < self.instructions.len() {
            ranges.push(start..self.instructions.len());
        }
        ranges
    }
}

/// What one block does.
struct Examined {
    block: Block,
    references: Vec<(usize, usize)>,
    copied: Vec<usize>,
    /// JUMPDESTs whose places it pushes.
    pushed: Vec<usize>,
    /// True if it knows its own place, and so may compute others.
    has_pc: bool,
}

/// What one block does. `targets` are all JUMPDESTs in order.
fn examine(block: &[Instruction], targets: &[usize], length: usize) -> Examined {
    let last = block.last();
    let mut found = Examined {
        block: Block {
            start: block.first().map_or(0, |first| first.offset),
            end: last.map_or(0, |last| last.offset + last.size()),
            kind: BlockKind::Code,
            jump: Jump::None,
            falls_through: last.is_some_and(|last| last.opcode.is_some_and(|opcode| !opcode.ends_block())),
        },
        references: Vec::new(),
        copied: Vec::new(),
        pushed: Vec::new(),
        has_pc: false,
    };
    found.block.falls_through &= found.block.end < length;
    let is_target = |place: &usize| targets.binary_search(place).is_ok();
    let place = |value: U256| (value <= U256::from(length)).then(|| value.as_usize());
    let mut stack = Stack::default();
    for instruction in block {
        let Some(opcode) = instruction.opcode else { break };
        let immediate = instruction.data.first().copied().unwrap_or(0);
        if let Some(value) = pushed(instruction) {
            stack.0.push(Word::Pushed(instruction.offset, value));
            if let Some(target) = place(value).filter(is_target) {
                found.pushed.push(target);
                if instruction.data.len() > 1 {
                    found.references.push((instruction.offset, target));
                }
            }
            continue;
        }
        match instruction.byte {
            0x80..=0x8F => stack.copy(instruction.byte as usize - 0x7F),
            0x90..=0x9F => stack.swap(1, instruction.byte as usize - 0x8E),
            deep_stack::DUPN => stack.copy(deep_stack::decode_single(immediate).unwrap_or(1).into()),
            deep_stack::SWAPN => {
                stack.swap(1, 1 + deep_stack::decode_single(immediate).unwrap_or(1) as usize)
            }
            deep_stack::EXCHANGE => {
                let (n, m) = deep_stack::decode_pair(immediate).unwrap_or((1, 2));
                stack.swap(n as usize + 1, m as usize + 1);
            }
            JUMP | JUMPI => {
                let target = stack.pop();
                found.block.jump = match target {
                    Word::Given => Jump::Given,
                    Word::Computed => Jump::Computed,
                    Word::Pushed(push, value) => match place(value).filter(is_target) {
                        Some(to) => {
                            found.references.push((push, to));
                            Jump::To(to)
                        }
                        None => Jump::Wrong,
                    },
                };
            }
            CODECOPY => {
                let (_, from, _) = (stack.pop(), stack.pop(), stack.pop());
                if let Word::Pushed(push, value) = from
                    && let Some(from) = place(value).filter(|from| *from < length)
                {
                    found.references.push((push, from));
                    found.copied.push(from);
                }
            }
            _ => {
                found.has_pc |= instruction.byte == PC;
                for _ in 0..opcode.inputs {
                    stack.pop();
                }
                stack.0.extend((0..opcode.outputs).map(|_| Word::Computed));
            }
        }
    }
    found
}

/// Which blocks are reached, as [`Flow::of`] has it.
fn reach(blocks: &[Examined], targets: &[usize]) -> Vec<bool> {
    let at = |target: &usize| blocks.binary_search_by_key(target, |found| found.block.start).ok();
    let mut reached = vec![false; blocks.len()];
    let mut open: Vec<usize> = (0..blocks.len().min(1)).collect();
    let mut all = false;
    while let Some(index) = open.pop() {
        if std::mem::replace(&mut reached[index], true) {
            continue;
        }
        let found = &blocks[index];
        if found.block.falls_through && index + 1 < blocks.len() {
            open.push(index + 1);
        }
        open.extend(found.pushed.iter().filter_map(at));
        if !all && (found.has_pc || found.block.jump == Jump::Computed) {
            all = true;
            open.extend(targets.iter().filter_map(at));
        }
    }
    reached
}

/// Where the record of a compiler starts: a CBOR map that ends with its own length in two bytes.
fn metadata_start(code: &[u8]) -> Option<usize> {
    let (rest, length) = code.split_last_chunk::<2>()?;
    let start = rest.len().checked_sub(u16::from_be_bytes(*length) as usize)?;
    let record = &rest[start..];
    // Maps of one to four entries, whose first key is a text of four or five bytes.
    let is_map = matches!(record, [0xA1..=0xA4, 0x64..=0x65, ..]);
    let has = |key: &[u8]| record.windows(key.len()).any(|window| window == key);
    (is_map && (has(b"solc") || has(b"ipfs") || has(b"bzzr") || has(b"vyper"))).then_some(start)
}

#[cfg(test)]
mod tests;
