//! A line of manual for every instruction: what it does, the flags it touches, what it raises. Flags come from the
//! decoder's table, the rest is said here in few words; SDM volume 2 says it in many.
//!
//! In operations `d` is the first operand, `s` the second, `t` the third; `:=` stores, `[x]` is memory.

mod faults;
mod integer;
mod mmx;
mod sse;
mod system;
mod x87;

use super::registers::flag_names;
use crate::x86::decode::{Op, condition_reads};
use serde::Serialize;

/// What the manual says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ManualLine {
    /// As asked for.
    pub mnemonic: String,
    /// In a few words.
    pub title: &'static str,
    /// What it does.
    pub operation: String,
    /// Flags that decide its result.
    pub flags_read: Vec<&'static str>,
    /// Flags it gives a value to.
    pub flags_written: Vec<&'static str>,
    /// Flags it leaves undefined.
    pub flags_undefined: Vec<&'static str>,
    /// Exceptions and their causes.
    pub faults: Vec<&'static str>,
}

/// Title, operation, and what it raises.
type Row = (&'static str, &'static str, faults::Class);

fn row(op: Op) -> Option<Row> {
    integer::row(op)
        .or_else(|| system::row(op))
        .or_else(|| x87::row(op))
        .or_else(|| mmx::row(op))
        .or_else(|| sse::row(op))
}

/// Conditions by their number in opcodes, with what they mean (SDM vol. 1, appendix B).
const CONDITIONS: [(&str, &str); 16] = [
    ("o", "overflow: OF = 1"),
    ("no", "no overflow: OF = 0"),
    ("b", "below, unsigned: CF = 1"),
    ("ae", "above or equal, unsigned: CF = 0"),
    ("e", "equal: ZF = 1"),
    ("ne", "not equal: ZF = 0"),
    ("be", "below or equal, unsigned: CF = 1 or ZF = 1"),
    ("a", "above, unsigned: CF = 0 and ZF = 0"),
    ("s", "negative: SF = 1"),
    ("ns", "not negative: SF = 0"),
    ("p", "parity even: PF = 1"),
    ("np", "parity odd: PF = 0"),
    ("l", "less, signed: SF ≠ OF"),
    ("ge", "greater or equal, signed: SF = OF"),
    ("le", "less or equal, signed: ZF = 1 or SF ≠ OF"),
    ("g", "greater, signed: ZF = 0 and SF = OF"),
];

/// The condition in a mnemonic of an operation that has one.
fn condition(op: Op, mnemonic: &str) -> Option<u8> {
    let rest = mnemonic.strip_prefix(op.name()).filter(|_| matches!(op, Op::Jcc | Op::Setcc | Op::Cmovcc))?;
    CONDITIONS.iter().position(|(name, _)| *name == rest).map(|n| n as u8)
}

/// Whether an operation is written with a mnemonic, as the disassembler does.
fn is_written(op: Op, mnemonic: &str) -> bool {
    match op {
        Op::Jcc | Op::Setcc | Op::Cmovcc => condition(op, mnemonic).is_some(),
        _ if op.is_string() => {
            mnemonic.strip_prefix(op.name()).is_some_and(|size| matches!(size, "b" | "w" | "d"))
        }
        Op::Pusha | Op::Popa | Op::Pushf | Op::Popf | Op::Iret | Op::RetNear | Op::RetFar => {
            mnemonic.strip_prefix(op.name()).is_some_and(|size| matches!(size, "" | "w" | "d"))
        }
        Op::Cbw => matches!(mnemonic, "cbw" | "cwde"),
        Op::Cwd => matches!(mnemonic, "cwd" | "cdq"),
        Op::Jcxz => matches!(mnemonic, "jcxz" | "jecxz"),
        _ => mnemonic == op.name(),
    }
}

/// What the manual says of a mnemonic: a line for each operation that is written so. Without regard to case.
pub fn manual(mnemonic: &str) -> Vec<ManualLine> {
    let mnemonic = mnemonic.trim().to_ascii_lowercase();
    let mut lines: Vec<ManualLine> = Vec::new();
    for &op in Op::ALL.iter().filter(|&&op| is_written(op, &mnemonic)) {
        let Some((title, operation, class)) = row(op) else { continue };
        let mut flags = op.flag_effects();
        let mut operation = operation.to_owned();
        if let Some(cc) = condition(op, &mnemonic) {
            flags.reads |= condition_reads(cc);
            operation = format!("{operation}; {}", CONDITIONS[usize::from(cc)].1);
        }
        lines.push(ManualLine {
            mnemonic: mnemonic.clone(),
            title,
            operation,
            flags_read: flag_names(flags.reads),
            flags_written: flag_names(flags.writes),
            flags_undefined: flag_names(flags.undefines),
            faults: faults::of(class),
        });
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_has_its_line() {
        for &op in Op::ALL {
            let rows = [integer::row(op), system::row(op), x87::row(op), mmx::row(op), sse::row(op)];
            assert_eq!(rows.iter().flatten().count(), 1, "{op:?}");
            let (title, operation, _) = row(op).unwrap();
            assert!(!title.is_empty() && !operation.is_empty(), "{op:?}");
            assert!(title.len() <= 60 && operation.len() <= 160, "{op:?}: too long for a line");
        }
    }

    /// Whatever the disassembler can write, the manual knows.
    #[test]
    fn every_mnemonic_is_found() {
        for code32 in [false, true] {
            for prefix in [&[][..], &[0x66], &[0xF2], &[0xF3]] {
                for first in 0..=255u8 {
                    for second in 0..=255u8 {
                        let bytes: Vec<u8> = [prefix, &[first, second, 0xC1], &[0; 12]]
                            .concat()
                            .into_iter()
                            .take(15)
                            .collect();
                        let Ok(inst) = crate::x86::decode::decode(&bytes, code32) else { continue };
                        let mnemonic = crate::x86::disasm::mnemonic(&inst);
                        let found = manual(&mnemonic);
                        assert!(!found.is_empty(), "{mnemonic}: {:?} {bytes:02X?}", inst.op);
                    }
                }
            }
        }
    }

    #[test]
    fn conditions_are_told() {
        let [line] = &manual("JBE")[..] else { panic!("one line") };
        assert!(line.operation.contains("CF = 1 or ZF = 1"), "{}", line.operation);
        assert_eq!(line.flags_read, ["CF", "ZF"]);
        assert_eq!(manual("movsd").len(), 2, "the string operation and SSE2's move");
        assert!(manual("nonsense").is_empty());
    }
}
