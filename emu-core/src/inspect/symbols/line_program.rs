//! The machine that a line table's program runs on (DWARF 4, 6.2.2 and 6.2.5).

use super::leb::Reader;
use super::{Found, MOST};

/// What a unit's header says.
pub struct Header {
    /// Bytes of the shortest instruction.
    pub minimum_length: u32,
    /// Line advance of the first special opcode.
    pub line_base: i64,
    /// How many line advances special opcodes have.
    pub line_range: i64,
    /// The first special opcode.
    pub opcode_base: u8,
    /// Operands of the standard opcodes, from 1 on.
    pub lengths: Vec<u8>,
    /// Number of the first file.
    pub first_file: u64,
    /// Files.
    pub files: Vec<String>,
}

const COPY: u8 = 1;
const ADVANCE_PC: u8 = 2;
const ADVANCE_LINE: u8 = 3;
const SET_FILE: u8 = 4;
const CONST_ADD_PC: u8 = 8;
const FIXED_ADVANCE_PC: u8 = 9;
const END_SEQUENCE: u8 = 1;
const SET_ADDRESS: u8 = 2;

struct Machine<'a> {
    header: &'a Header,
    address: u32,
    line: i64,
    file: u64,
    /// File and line of the last row, to leave repeated ones out.
    last: Option<(u64, i64)>,
}

/// Runs a program; its rows go to `found`.
///
/// # Errors
/// Why the rest of it is left out.
pub fn run(header: &Header, program: &[u8], found: &mut Found) -> Result<(), &'static str> {
    if header.line_range == 0 || header.opcode_base == 0 {
        return Err("its header is damaged");
    }
    let mut machine = Machine { header, address: 0, line: 1, file: 1, last: None };
    let mut r = Reader::new(program);
    while let Some(opcode) = r.u8() {
        machine.step(opcode, &mut r, found).ok_or("its program is damaged")?;
        if found.lines.len() > MOST {
            return Err("there are too many lines");
        }
    }
    Ok(())
}

impl Machine<'_> {
    fn step(&mut self, opcode: u8, r: &mut Reader<'_>, found: &mut Found) -> Option<()> {
        let header = self.header;
        if opcode >= header.opcode_base {
            let adjusted = i64::from(opcode - header.opcode_base);
            self.advance((adjusted / header.line_range) as u32);
            self.line = self.line.wrapping_add(header.line_base + adjusted % header.line_range);
            self.row(found);
            return Some(());
        }
        match opcode {
            0 => return self.extended(r, found),
            COPY => self.row(found),
            ADVANCE_PC => {
                let by = r.uleb()?;
                self.advance(by as u32);
            }
            ADVANCE_LINE => self.line = self.line.wrapping_add(r.sleb()?),
            SET_FILE => self.file = r.uleb()?,
            CONST_ADD_PC => self.advance((i64::from(255 - header.opcode_base) / header.line_range) as u32),
            FIXED_ADVANCE_PC => self.address = self.address.wrapping_add(u32::from(r.u16()?)),
            // Columns, statements, blocks, and what later versions add.
            _ => {
                let operands = header.lengths.get(usize::from(opcode) - 1).copied().unwrap_or(0);
                for _ in 0..operands {
                    r.uleb()?;
                }
            }
        }
        Some(())
    }

    fn extended(&mut self, r: &mut Reader<'_>, found: &mut Found) -> Option<()> {
        let len = usize::try_from(r.uleb()?).ok()?;
        let mut body = Reader::new(r.take(len)?);
        match body.u8() {
            Some(END_SEQUENCE) => {
                found.lines.push((self.address, String::new(), 0));
                (self.address, self.line, self.file, self.last) = (0, 1, 1, None);
            }
            Some(SET_ADDRESS) => self.address = body.u32()?,
            _ => {}
        }
        Some(())
    }

    fn advance(&mut self, operations: u32) {
        self.address = self.address.wrapping_add(operations.wrapping_mul(self.header.minimum_length));
    }

    fn row(&mut self, found: &mut Found) {
        if self.last == Some((self.file, self.line)) {
            return;
        }
        let index = self.file.checked_sub(self.header.first_file).and_then(|n| usize::try_from(n).ok());
        let file = index.and_then(|n| self.header.files.get(n));
        // Line 0 is code of no line.
        if let (Some(file), Ok(line)) = (file, u32::try_from(self.line)) {
            found.lines.push((self.address, if line == 0 { String::new() } else { file.clone() }, line));
            self.last = Some((self.file, self.line));
        }
    }
}
