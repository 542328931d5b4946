//! Mnemonics in any case, today's and former ones.

use std::collections::BTreeMap;

use crate::fork::Fork;
use crate::opcode::{OPCODES, Opcode};

/// Former names, and names of other tools, that texts still have.
const OTHER: [(&str, &str); 4] =
    [("SHA3", "KECCAK256"), ("DIFFICULTY", "PREVRANDAO"), ("SUICIDE", "SELFDESTRUCT"), ("GETPC", "PC")];

/// All opcodes by name.
pub struct Mnemonics(BTreeMap<&'static str, &'static Opcode>);

impl Mnemonics {
    /// Those of all forks.
    pub fn new() -> Self {
        let mut names = BTreeMap::new();
        for opcode in OPCODES.iter().flatten() {
            names.insert(opcode.mnemonic, opcode);
        }
        for (other, name) in OTHER {
            if let Some(opcode) = names.get(name).copied() {
                names.insert(other, opcode);
            }
        }
        Self(names)
    }

    /// The opcode of this name.
    pub fn find(&self, name: &str) -> Option<&'static Opcode> {
        let mut upper = [0; 16];
        let upper = upper.get_mut(..name.len())?;
        upper.copy_from_slice(name.as_bytes());
        upper.make_ascii_uppercase();
        self.0.get(std::str::from_utf8(upper).ok()?).copied()
    }

    /// The mnemonic that differs least from a wrong one, if it is not far off.
    pub fn like(&self, name: &str, fork: Fork) -> Option<&'static str> {
        let name = name.to_ascii_uppercase();
        let there = self.0.iter().filter(|(_, opcode)| opcode.since <= fork).map(|(name, _)| *name);
        nearest(&name, there.chain(["PUSH"]))
    }
}

/// The one of `names` that differs least from a wrong one, if it is not far off.
pub fn nearest<'n>(wrong: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    if wrong.len() > 32 {
        return None;
    }
    let far = 1 + wrong.len() / 4;
    let distances = names.map(|name| (distance(wrong.as_bytes(), name.as_bytes()), name));
    distances.filter(|(distance, _)| *distance <= far).min().map(|(_, name)| name)
}

/// Letters to add, leave out or replace to make one word of the other (Levenshtein).
fn distance(a: &[u8], b: &[u8]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, letter) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, other) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(letter != other);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}
