//! Searching memory for bytes, of which some may be any, or for text.

use super::{Inspector, Space};
use crate::mem::Target;
use crate::x86::tlb::Access;
use serde::Serialize;

/// Bytes looked at in one piece.
const PIECE: u64 = 1 << 16;
/// Bytes that are there, looked at in one call.
const BUDGET: u64 = 4 << 20;
/// Runs that are not there cost little but not nothing: so many in one call, a page or more each.
const RUNS: usize = 1 << 15;
/// The longest pattern.
const LONGEST: usize = 256;

/// What to look for.
#[derive(Clone, Debug)]
pub struct Search {
    /// Any space.
    pub space: Space,
    /// Where the first hit may begin.
    pub first: u64,
    /// Where the last hit may begin.
    pub last: u64,
    /// The bytes; `None` is any byte that is there.
    pub pattern: Vec<Option<u8>>,
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
        let (mut at, mut budget, mut runs) = (search.first, BUDGET, RUNS);
        while at <= search.last && budget > 0 && runs > 0 {
            runs -= 1;
            // No hit begins where there is nothing.
            let skipped = self.absent_run(search.space, at);
            if skipped > 0 {
                at += skipped;
                continue;
            }
            let starts = (search.last - at).min(PIECE - 1) + 1;
            if !self.search_piece(search, at, starts, &mut found) {
                return found;
            }
            budget = budget.saturating_sub(starts);
            at += starts;
        }
        found.next = (at <= search.last).then_some(at);
        found
    }

    /// For how many bytes from an offset on there is surely nothing to be found.
    fn absent_run(&self, space: Space, at: u64) -> u64 {
        let (place, room) = self.place(space, at, Access::Read);
        let nothing = match place {
            Ok(phys) => self.cpu().bus.cx.mem.map.resolve(phys).read == Target::Open,
            Err(_) => true,
        };
        if nothing { room as u64 } else { 0 }
    }

    /// Looks at so many places where a hit may begin; false if there are hits enough.
    fn search_piece(&self, search: &Search, at: u64, starts: u64, found: &mut MemoryHits) -> bool {
        let len = search.pattern.len();
        let bytes = self.read(search.space, at, starts as usize + len - 1).into_options();
        for (start, window) in (at..).zip(bytes.windows(len)) {
            if !matches(window, &search.pattern, search.fold_case) {
                continue;
            }
            found.hits.push(start);
            if found.hits.len() == search.most {
                found.next = Some(start + 1).filter(|&next| next <= search.last);
                return false;
            }
        }
        true
    }
}

fn matches(window: &[Option<u8>], pattern: &[Option<u8>], fold_case: bool) -> bool {
    window.iter().zip(pattern).all(|(byte, wanted)| match (byte, wanted) {
        (None, _) => false,
        (_, None) => true,
        (Some(byte), Some(wanted)) => byte == wanted || fold_case && byte.eq_ignore_ascii_case(wanted),
    })
}
