//! Code as text for the assembler, and as lines for a page.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde::Serialize;

use super::Instruction;
use super::flow::{Block, BlockKind, Flow};
use crate::fork::Fork;
use crate::opcode::deep_stack;

/// Bytes of data on a line.
const DATA_LINE: usize = 32;
/// Where comments start.
const COMMENT_COLUMN: usize = 40;

/// A line of a listing.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Line {
    /// Place of its first byte in the code.
    pub pc: usize,
    /// Its bytes in hexadecimal.
    pub bytes: String,
    /// Label of the place, if something refers to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// The statement for the assembler; empty for a JUMPDEST that is all in its label.
    pub text: String,
    /// Place of the code that the statement refers to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refers_to: Option<usize>,
    /// Constant part of the instruction's gas; nothing for data and what is undefined.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gas: Option<u16>,
    /// What else there is to say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// Code, line by line.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Listing {
    /// The fork whose instructions they are.
    pub fork: String,
    /// Bytes of the code.
    pub size: usize,
    /// All lines in the order of the code.
    pub lines: Vec<Line>,
    /// All blocks in the order of the code.
    pub blocks: Vec<Block>,
}

/// Disassembles `code`.
pub fn listing(code: &[u8], fork: Fork) -> Listing {
    let flow = Flow::of(code, fork);
    let labels = labels(&flow);
    let mut lines = Vec::new();
    let mut next = 0;
    for block in &flow.blocks {
        let start = next;
        next += flow.instructions[start..].partition_point(|instruction| instruction.offset < block.end);
        match block.kind {
            BlockKind::Code => {
                let instructions = &flow.instructions[start..next];
                lines.extend(instructions.iter().map(|instruction| line(instruction, &flow, &labels)));
            }
            kind => data_lines(code, block, kind, &labels, &mut lines),
        }
    }
    Listing { fork: fork.name().into(), size: code.len(), lines, blocks: flow.blocks }
}

/// Disassembles `code` to text that [`crate::asm::assemble`] makes the same code of, in the same fork.
pub fn text(code: &[u8], fork: Fork) -> String {
    listing(code, fork).to_text()
}

impl Listing {
    /// Text for the assembler, with places in comments.
    pub fn to_text(&self) -> String {
        let mut text = format!("; {} bytes, {}\n", self.size, self.fork);
        for line in &self.lines {
            let is_jumpdest = line.text.is_empty();
            let mut statement = match &line.label {
                Some(label) if is_jumpdest => format!("{label}:"),
                Some(label) => format!(".label {label}\n    {}", line.text),
                None => format!("    {}", line.text),
            };
            let width = statement.rsplit('\n').next().map_or(0, str::len);
            statement.extend(std::iter::repeat_n(' ', COMMENT_COLUMN.saturating_sub(width).max(1)));
            let _ = write!(text, "{statement}; {:04x}", line.pc);
            if let Some(note) = &line.note {
                let _ = write!(text, " {note}");
            }
            text.push('\n');
        }
        text
    }

    /// JSON: the fields of [`Listing`].
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// Names of the places that are referred to: JUMPDESTs of code, and places in data that are copied.
fn labels(flow: &Flow) -> BTreeMap<usize, String> {
    let mut labels = BTreeMap::new();
    let mut instructions = flow.instructions.iter().peekable();
    for block in &flow.blocks {
        if block.kind != BlockKind::Code {
            let copied = flow.copied.range(block.start..block.end);
            labels.extend(copied.map(|place| (*place, format!("data_{place:04x}"))));
        }
        while let Some(instruction) = instructions.next_if(|instruction| instruction.offset < block.end) {
            if block.kind == BlockKind::Code && instruction.byte == 0x5B {
                labels.insert(instruction.offset, format!("L_{:04x}", instruction.offset));
            }
        }
    }
    labels
}

fn line(instruction: &Instruction, flow: &Flow, labels: &BTreeMap<usize, String>) -> Line {
    let pc = instruction.offset;
    let bytes = hex::encode([&[instruction.byte], instruction.data].concat());
    let target = flow.references.get(&pc).copied().filter(|target| labels.contains_key(target));
    let whole = instruction.opcode.filter(|_| instruction.missing == 0);
    let (text, note) = match whole {
        None => (format!(".bytes 0x{bytes}"), Some(why_bytes(instruction))),
        Some(_) if instruction.byte == 0x5B && labels.contains_key(&pc) => (String::new(), None),
        Some(opcode) => match target.and_then(|target| labels.get(&target)) {
            Some(label) if opcode.immediate > 0 => (format!("{} @{label}", opcode.mnemonic), None),
            _ => (instruction.to_string(), None),
        },
    };
    let gas = instruction.opcode.map(|opcode| opcode.base_gas_in(instruction.fork));
    Line { pc, bytes, label: labels.get(&pc).cloned(), text, refers_to: target, gas, note }
}

/// Why an instruction cannot be written with its mnemonic.
fn why_bytes(instruction: &Instruction) -> String {
    if let Some(opcode) = instruction.opcode {
        return format!("{}, cut off by the end of the code", opcode.mnemonic);
    }
    let deep = deep_stack::has(instruction.byte) && instruction.fork >= Fork::Amsterdam;
    match instruction.byte {
        deep_stack::DUPN if deep => "INVALID_DUPN: no valid immediate follows".into(),
        deep_stack::SWAPN if deep => "INVALID_SWAPN: no valid immediate follows".into(),
        deep_stack::EXCHANGE if deep => "INVALID_EXCHANGE: no valid immediate follows".into(),
        _ => "undefined".into(),
    }
}

/// Data, cut where there are labels.
fn data_lines(
    code: &[u8],
    block: &Block,
    kind: BlockKind,
    labels: &BTreeMap<usize, String>,
    lines: &mut Vec<Line>,
) {
    let mut pc = block.start;
    while pc < block.end {
        let label = labels.range(pc + 1..block.end).next().map_or(block.end, |(place, _)| *place);
        let end = label.min(pc + DATA_LINE);
        let bytes = hex::encode(&code[pc..end]);
        let note = (pc == block.start).then(|| match kind {
            BlockKind::Metadata => "metadata of the compiler".to_string(),
            _ => "nothing leads here".to_string(),
        });
        let text = format!(".bytes 0x{bytes}");
        lines.push(Line {
            pc,
            bytes,
            label: labels.get(&pc).cloned(),
            text,
            refers_to: None,
            gas: None,
            note,
        });
        pc = end;
    }
}

#[cfg(test)]
mod tests;
