//! Where two access lists differ, in words.

use super::{AccountAccess, BlockAccessList, Written};
use crate::U256;
use std::fmt::Display;

impl BlockAccessList {
    /// What differs first between this list, which came with a block, and what the block did.
    pub fn difference(&self, expected: &Self) -> Option<String> {
        for (index, pair) in self.0.iter().zip(&expected.0).enumerate() {
            let (found, expected) = pair;
            if let Some(difference) = found.difference(expected) {
                return Some(format!("account {index}: {difference}"));
            }
        }
        let index = self.0.len().min(expected.0.len());
        match (self.0.get(index), expected.0.get(index)) {
            (Some(extra), _) => {
                Some(format!("account {index}: {:#x}, which the block did not access", extra.address))
            }
            (_, Some(missing)) => Some(format!("account {index}: {:#x} is missing", missing.address)),
            _ => None,
        }
    }
}

impl AccountAccess {
    fn difference(&self, expected: &Self) -> Option<String> {
        let address = self.address;
        if address < expected.address {
            return Some(format!("{address:#x}, which the block did not access"));
        }
        if address > expected.address {
            return Some(format!("{:#x} is missing", expected.address));
        }
        let number = |value: &U256| format!("{value:#x}");
        let slots = |account: &Self| -> Vec<(U256, u64, U256)> {
            let changes = account.storage_changes.iter();
            changes.flat_map(|(slot, all)| all.iter().map(|one| (*slot, one.index, one.value))).collect()
        };
        let slot =
            |(slot, index, value): &(U256, u64, U256)| format!("slot {slot:#x} to {value:#x} at {index}");
        let part = first(&slots(self), &slots(expected), "storage", slot)
            .or_else(|| first(&self.storage_reads, &expected.storage_reads, "storage read", number))
            .or_else(|| first_change(&self.balance_changes, &expected.balance_changes, "balance", number))
            .or_else(|| first_change(&self.nonce_changes, &expected.nonce_changes, "nonce", u64::to_string))
            .or_else(|| {
                let show = |code: &Vec<u8>| format!("{} bytes of code", code.len());
                first_change(&self.code_changes, &expected.code_changes, "code", show)
            });
        // Lists that are equal but for empty lists of changes in them.
        let part = part.or_else(|| (self != expected).then(|| "a slot without changes".to_owned()));
        part.map(|part| format!("{address:#x}: {part}"))
    }
}

fn first_change<T: PartialEq>(
    found: &[Written<T>],
    expected: &[Written<T>],
    what: &str,
    show: impl Fn(&T) -> String,
) -> Option<String> {
    first(found, expected, what, |change| format!("{} at {}", show(&change.value), change.index))
}

/// The first of two lists' items that differ.
fn first<T: PartialEq>(
    found: &[T],
    expected: &[T],
    what: &str,
    show: impl Fn(&T) -> String,
) -> Option<String> {
    let same = found.iter().zip(expected).take_while(|(one, other)| one == other).count();
    let nothing = || "nothing".to_owned();
    let (found, expected) = (found.get(same), expected.get(same));
    if found.is_none() && expected.is_none() {
        return None;
    }
    let (found, expected) = (found.map_or_else(nothing, &show), expected.map_or_else(nothing, &show));
    Some(told(what, found, expected))
}

fn told(what: &str, found: impl Display, expected: impl Display) -> String {
    format!("{what} {found}, but the block gives {expected}")
}
