//! The assembler and disassembler against pyevmasm's.

use super::*;
use crate::disasm;

/// Statements with ` / ` between them, and code.
const CASES: &str = include_str!("pyevmasm.txt");

#[test]
fn the_same_code_as_pyevmasm() {
    let mut cases = 0;
    for case in CASES.lines().filter(|line| !line.starts_with('#')) {
        let (text, expected) = case.split_once(" | ").expect(case);
        let text = text.replace(" / ", "\n");
        let assembled = at(&text, Fork::Istanbul).unwrap_or_else(|errors| panic!("{text}\n{errors:?}"));
        assert_eq!(hex::encode(&assembled.code), expected, "{text}");
        // One statement a line, each with its place.
        assert_eq!(assembled.map.len(), text.lines().count());
        let instructions: Vec<_> = disasm::instructions(&assembled.code, Fork::Istanbul).collect();
        for (index, (instruction, source)) in instructions.iter().zip(&assembled.map).enumerate() {
            assert_eq!((source.pc as usize, source.line as usize), (instruction.offset, index + 1));
        }
        cases += 1;
    }
    assert!(cases > 190);
}
