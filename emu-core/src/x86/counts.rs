//! How often each instruction ran, for those who look: no part of the machine's state. While it is on, the engine executes
//! one instruction at a time; while it is off, nothing is done.

use crate::mem::PAGE;
use std::collections::BTreeMap;

/// Pages with counts at most, 32 KiB each.
const MOST_PAGES: usize = 1024;

/// Counts by linear address. Each iteration of a repeated instruction is one, as in the machine's own count; an
/// instruction that faults counts too.
#[derive(Debug, Default)]
pub struct Counts {
    pages: BTreeMap<u32, Vec<u64>>,
    total: u64,
}

impl Counts {
    /// Nothing has run.
    pub fn new() -> Self {
        Self::default()
    }

    /// The instruction at a linear address is about to run.
    pub fn note(&mut self, linear: u32) {
        self.total += 1;
        let number = linear / PAGE;
        if !self.pages.contains_key(&number) && self.pages.len() >= MOST_PAGES {
            return;
        }
        let page = self.pages.entry(number).or_insert_with(|| vec![0; PAGE as usize]);
        if let Some(count) = page.get_mut((linear % PAGE) as usize) {
            *count += 1;
        }
    }

    /// How often the instruction at a linear address ran. Of programs on more than 1024 pages only those on the first
    /// 1024 are counted.
    pub fn of(&self, linear: u32) -> u64 {
        self.pages
            .get(&(linear / PAGE))
            .and_then(|page| page.get((linear % PAGE) as usize))
            .copied()
            .unwrap_or(0)
    }

    /// Instructions in all.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// The addresses that ran most often, most often first; of equals the lower address.
    pub fn hottest(&self, most: usize) -> Vec<(u32, u64)> {
        let mut all: Vec<(u32, u64)> = Vec::new();
        if most == 0 {
            return all;
        }
        for (&number, page) in &self.pages {
            let ran = (0u32..).zip(page).filter(|(_, count)| **count != 0);
            all.extend(ran.map(|(at, &count)| (number * PAGE + at, count)));
        }
        all.sort_by_key(|&(linear, count)| (u64::MAX - count, linear));
        all.truncate(most);
        all
    }
}
