//! Sizes, places and bytes of statements.
//!
//! The size of a PUSH depends on places, and places on sizes. Sizes only ever grow, so that passes over the program
//! come to an end: where none changed.

use super::expression::{Expression, Surroundings};
use super::int::Int;
use super::program::{Item, Program, Statement};
use super::statement::{fill_count, push_name};
use super::{Assembled, LARGEST_CODE, Label, Source};
use crate::U256;
use crate::fork::Fork;
use crate::opcode::deep_stack;

const PUSH0: u8 = 0x5F;
const JUMPDEST: u8 = 0x5B;

/// After so many passes a PUSH that grows gets all the bytes that a place can need, ...
const PASSES_OF_PLACES: u32 = 16;
/// ... and after so many, every PUSH of a place gets all bytes that there are.
const PASSES_OF_WORDS: u32 = 24;
/// Then sizes cannot change any more, and places follow in one pass and constants in another.
const MOST_PASSES: u32 = 32;

/// Assembles a program. If it has errors already, only those are added that do not follow from them.
pub fn lay_out(program: &mut Program) -> Assembled {
    let Some(growing) = check_order(program).filter(|_| !program.has_too_many_errors()) else {
        return Assembled::default();
    };
    let mut layout = Layout {
        values: vec![Int::default(); program.symbols.len()],
        places: vec![0; program.symbols.len()],
        size: 0,
        changed: true,
        pass: 0,
        growing,
    };
    while layout.changed {
        layout.pass(program);
        if layout.pass > MOST_PASSES {
            let at = program.statements.last().map(|last| last.at).unwrap_or_default();
            program.error((at, "the sizes of PUSHes do not settle: give them, as in PUSH2 @label".into()));
            return Assembled::default();
        }
        if layout.size > LARGEST_CODE {
            let at = program.statements.last().map(|last| last.at).unwrap_or_default();
            program.error((at, format!("the code is more than {LARGEST_CODE} bytes")));
            return Assembled::default();
        }
    }
    let code = layout.emit(program);
    Assembled { labels: labels(program, &layout), ..code }
}

/// Which symbols depend on places; nothing if that is not well-founded. Constants know only those before them, and counts no places, else
/// nothing would say which of several solutions is meant.
fn check_order(program: &mut Program) -> Option<Vec<bool>> {
    let mut depends = vec![false; program.symbols.len()];
    let mut wrong = Vec::new();
    for (index, statement) in program.statements.iter().enumerate() {
        let (value, what) = match statement.item {
            Item::Label { symbol, .. } => {
                depends[symbol as usize] = true;
                continue;
            }
            Item::Const { value, symbol } => (value, Some(symbol)),
            Item::Fill { count, .. } => (count, None),
            _ => continue,
        };
        for name in program.pool.names_of(value) {
            let Some(symbol) = name.symbol.map(|symbol| &program.symbols[symbol as usize]) else { continue };
            if !symbol.is_label && symbol.statement as usize >= index {
                let message = format!("`{}` is used before it is defined: move its .const up", symbol.name);
                wrong.push((statement.expansion, name.token.at, message));
            }
        }
        let places = program.pool.has_place(value)
            || program
                .pool
                .symbols(value)
                .any(|s| depends[s as usize] || program.symbols[s as usize].is_label);
        match what {
            Some(symbol) => depends[symbol as usize] = places,
            None if places => {
                let message = "how often .fill repeats cannot depend on places of the code".to_string();
                wrong.push((statement.expansion, statement.at, message));
            }
            None => {}
        }
    }
    let is_right = wrong.is_empty();
    for (expansion, at, message) in wrong {
        program.expansion = expansion;
        program.error((at, message));
    }
    program.expansion = None;
    is_right.then_some(depends)
}

struct Layout {
    /// Values of symbols in the last pass.
    values: Vec<Int>,
    /// Places of labels in the whole code.
    places: Vec<u32>,
    /// Bytes of the code in the last pass.
    size: usize,
    /// True if the last pass gave other values or sizes than the one before.
    changed: bool,
    pass: u32,
    /// Symbols whose values depend on places.
    growing: Vec<bool>,
}

/// Where a statement is.
struct Spot {
    pc: usize,
    origin: usize,
}

impl Spot {
    fn here(&self) -> u32 {
        u32::try_from(self.pc - self.origin).unwrap_or(u32::MAX)
    }
}

impl Layout {
    fn evaluate(&self, program: &Program, value: Expression, spot: &Spot) -> Result<Int, String> {
        let code_size = u32::try_from(self.size).unwrap_or(u32::MAX);
        let around = Surroundings { values: &self.values, here: spot.here(), code_size };
        program.pool.evaluate(value, &around).map_err(str::to_string)
    }

    fn set(&mut self, symbol: u32, value: Int) {
        let old = std::mem::replace(&mut self.values[symbol as usize], value);
        self.changed |= old != value;
    }

    /// Gives every symbol its place or value, and every PUSH its size. Errors wait until nothing changes any more.
    fn pass(&mut self, program: &mut Program) {
        self.pass += 1;
        self.changed = false;
        let mut spot = Spot { pc: 0, origin: 0 };
        for index in 0..program.statements.len() {
            let item = program.statements[index].item;
            match item {
                Item::Label { symbol, .. } => {
                    self.places[symbol as usize] = u32::try_from(spot.pc).unwrap_or(u32::MAX);
                    self.set(symbol, Int::from(U256::from(spot.here())));
                }
                Item::Const { symbol, value } => {
                    let value = self.evaluate(program, value, &spot).unwrap_or_default();
                    self.set(symbol, value);
                }
                Item::Push { value, size, fixed: false } => {
                    let wanted = self.push_size(program, value, size, &spot);
                    if wanted > size {
                        program.statements[index].item = Item::Push { value, size: wanted, fixed: false };
                        self.changed = true;
                    }
                }
                Item::Origin => spot.origin = spot.pc,
                _ => {}
            }
            spot.pc += self.bytes(program, &program.statements[index].item, &spot);
            if spot.pc > LARGEST_CODE {
                break;
            }
        }
        self.changed |= self.size != spot.pc;
        self.size = spot.pc;
    }

    fn push_size(&self, program: &Program, value: Expression, size: u8, spot: &Spot) -> u8 {
        let number = self.evaluate(program, value, spot).unwrap_or_default();
        let needed = (number.bytes_needed() as u8).max(u8::from(program.fork < Fork::Shanghai));
        let settled = self.is_settled(program, value);
        if settled || self.pass <= PASSES_OF_PLACES {
            needed
        } else if self.pass > PASSES_OF_WORDS {
            32
        } else if needed > size {
            needed.max(3)
        } else {
            size
        }
    }

    /// True if the value does not depend on places and all its names are known.
    fn is_settled(&self, program: &Program, value: Expression) -> bool {
        let is_settled = |symbol: Option<u32>| symbol.is_some_and(|symbol| !self.growing[symbol as usize]);
        !program.pool.has_place(value) && program.pool.names_of(value).all(|name| is_settled(name.symbol))
    }

    fn is_settled_item(&self, program: &Program, item: &Item) -> bool {
        let is_settled = |value| self.is_settled(program, value);
        match *item {
            Item::Push { value, .. } | Item::Number { value, .. } | Item::Const { value, .. } => {
                is_settled(value)
            }
            Item::Deep { depth, .. } => is_settled(depth),
            Item::Exchange { first, second } => is_settled(first) && is_settled(second),
            Item::Fill { count, byte } => is_settled(count) && byte.is_none_or(is_settled),
            Item::Byte(_) | Item::Data { .. } | Item::Label { .. } | Item::Origin => true,
        }
    }

    fn bytes(&self, program: &Program, item: &Item, spot: &Spot) -> usize {
        match *item {
            Item::Byte(_) => 1,
            Item::Push { size, .. } => 1 + size as usize,
            Item::Deep { .. } | Item::Exchange { .. } => 2,
            Item::Data { start, end } => (end - start) as usize,
            Item::Number { width, .. } => width as usize,
            Item::Fill { count, .. } => self.evaluate(program, count, spot).and_then(fill_count).unwrap_or(0),
            Item::Label { jumpdest, .. } => usize::from(jumpdest),
            Item::Const { .. } | Item::Origin => 0,
        }
    }

    fn emit(&self, program: &mut Program) -> Assembled {
        let places_are_right = program.is_right();
        let mut assembled = Assembled::default();
        let mut origin = 0;
        for index in 0..program.statements.len() {
            let statement = program.statements[index];
            let spot = Spot { pc: assembled.code.len(), origin };
            if let Item::Origin = statement.item {
                origin = spot.pc;
            }
            let pc = spot.pc as u32;
            if !places_are_right && !self.is_settled_item(program, &statement.item) {
                continue;
            }
            if let Err(message) = self.emit_one(program, &statement, &spot, &mut assembled.code) {
                program.expansion = statement.expansion;
                program.error((statement.at, message));
                // Places of what follows do not matter any more, but its errors do.
                let wanted = spot.pc + self.bytes(program, &statement.item, &spot);
                assembled.code.resize(wanted, 0);
            }
            if assembled.code.len() > spot.pc {
                let (line, column, expansion) = (statement.at.line, statement.at.column, statement.expansion);
                assembled.map.push(Source { pc, line, column, expansion });
            }
        }
        program.expansion = None;
        assembled
    }

    fn emit_one(
        &self,
        program: &Program,
        statement: &Statement,
        spot: &Spot,
        code: &mut Vec<u8>,
    ) -> Result<(), String> {
        match statement.item {
            Item::Byte(byte) => code.push(byte),
            Item::Push { value, size, fixed } => {
                let value = self.evaluate(program, value, spot)?;
                let width = size as usize;
                let bytes = if width == 0 { Some(Vec::new()) } else { value.bytes(width) };
                let bytes = bytes.ok_or_else(|| does_not_fit(value, width, fixed))?;
                code.push(PUSH0 + size);
                code.extend(bytes);
            }
            Item::Deep { byte, depth } => {
                let depth = self.evaluate(program, depth, spot)?.up_to(255);
                let immediate = depth.and_then(|n| deep_stack::encode_single(n as u8));
                code.extend([byte, immediate.ok_or("a depth from 17 to 235 was expected")?]);
            }
            Item::Exchange { first, second } => {
                let n = self.evaluate(program, first, spot)?.up_to(255);
                let m = self.evaluate(program, second, spot)?.up_to(255);
                let immediate = n.zip(m).and_then(|(n, m)| deep_stack::encode_pair(n as u8, m as u8));
                let wanted = "two depths n and m were expected, 1 <= n < m, with n + m <= 30 or m <= 16";
                code.extend([deep_stack::EXCHANGE, immediate.ok_or(wanted)?]);
            }
            Item::Data { start, end } => code.extend_from_slice(&program.data[start as usize..end as usize]),
            Item::Number { value, width } => {
                let value = self.evaluate(program, value, spot)?;
                let bytes = value.bytes(width.into());
                code.extend(bytes.ok_or_else(|| match width {
                    1 => "the number does not fit in one byte; .bytes2 and the like have more".to_string(),
                    _ => format!("the number does not fit in {width} bytes"),
                })?);
            }
            Item::Fill { count, byte } => {
                let count = fill_count(self.evaluate(program, count, spot)?)?;
                let byte = match byte {
                    Some(byte) => self.evaluate(program, byte, spot)?.bytes(1),
                    None => Some(vec![0]),
                };
                let byte = byte.ok_or("the number to repeat does not fit in one byte")?;
                code.extend(std::iter::repeat_n(byte[0], count));
            }
            Item::Label { jumpdest: true, .. } => code.push(JUMPDEST),
            Item::Const { value, .. } => {
                self.evaluate(program, value, spot)?;
            }
            Item::Label { .. } | Item::Origin => {}
        }
        Ok(())
    }
}

fn does_not_fit(value: Int, width: usize, fixed: bool) -> String {
    let needed = (1..=32).find(|width| value.bytes(*width).is_some());
    match needed {
        Some(needed) if fixed => {
            format!(
                "the number does not fit in {}: {} does, as does PUSH",
                push_name(width),
                push_name(needed)
            )
        }
        _ => "the number does not fit in 256 bits".into(),
    }
}

fn labels(program: &Program, layout: &Layout) -> Vec<Label> {
    let found = program.statements.iter().filter_map(|statement| match statement.item {
        Item::Label { symbol, jumpdest } => Some((symbol as usize, jumpdest)),
        _ => None,
    });
    found
        .map(|(index, jumpdest)| {
            let symbol = &program.symbols[index];
            Label {
                name: symbol.name.into(),
                pc: layout.places[index],
                value: layout.values[index].up_to(LARGEST_CODE).unwrap_or(0) as u32,
                jumpdest,
                line: symbol.at.line,
                expansion: symbol.expansion,
            }
        })
        .collect()
}
