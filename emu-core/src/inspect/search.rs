//! Searching memory for bytes or text.

use super::{Inspector, Space};
use serde::Serialize;

/// Bytes looked at in one piece.
const PIECE: usize = 1 << 16;
/// Bytes that are there, looked at in one call.
const BUDGET: usize = 16 << 20;
/// Pages that are not there cost little but not nothing: so many pieces in one call.
const PIECES: usize = 1 << 12;
/// The longest pattern.
const LONGEST: usize = 256;

/// What to look for.
#[derive(Clone, Debug)]
pub struct Search {
    /// `Space::Linear` or `Space::Physical`, or any other.
    pub space: Space,
    /// Where the first hit may begin.
    pub first: u64,
    /// Where the last hit may begin.
    pub last: u64,
    /// The bytes.
    pub pattern: Vec<u8>,
    /// ASCII letters of either case are equal.
    pub fold_case: bool,
    /// At most so many hits.
    pub most: usize,
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct MemoryHits {
    /// Where the pattern begins.
    pub hits: Vec<u64>,
    /// Where to go on; `None` when the range is done.
    pub next: Option<u64>,
}

impl Inspector<'_> {
    /// Looks for a pattern, until the range is done, there are hits enough, or the budget is used up.
    pub fn search(&self, search: &Search) -> MemoryHits {
        let mut found = MemoryHits::default();
        let len = search.pattern.len();
        if len == 0 || len > LONGEST || search.most == 0 {
            return found;
        }
        let (mut at, mut budget) = (search.first, BUDGET);
        for _ in 0..PIECES {
            if at > search.last || budget == 0 {
                break;
            }
            let starts = (search.last - at).min(PIECE as u64 - 1) as usize + 1;
            let view = self.read(search.space, at, starts + len - 1);
            budget =
                budget.saturating_sub(view.bytes.len() - view.absent.iter().map(|r| r.length).sum::<usize>());
            let bytes = view.into_options();
            for (start, window) in bytes.windows(len).enumerate() {
                if matches(window, &search.pattern, search.fold_case) {
                    found.hits.push(at + start as u64);
                    if found.hits.len() == search.most {
                        found.next = Some(at + start as u64 + 1).filter(|&next| next <= search.last);
                        return found;
                    }
                }
            }
            at += starts as u64;
        }
        found.next = (at <= search.last).then_some(at);
        found
    }
}

fn matches(window: &[Option<u8>], pattern: &[u8], fold_case: bool) -> bool {
    window.iter().zip(pattern).all(|(byte, wanted)| {
        byte.is_some_and(|b| b == *wanted || fold_case && b.eq_ignore_ascii_case(wanted))
    })
}
