//! Memory, byte by byte where pages differ.

use super::super::Snapshot;
use crate::mem::PAGE;
use serde::Serialize;
use std::collections::BTreeSet;
use std::ops::Range;

/// Runs told at most.
const MOST_RUNS: usize = 256;
/// Bytes of a run told at most.
const MOST_BYTES: usize = 16;
/// Equal bytes between two that differ are part of the run up to this number.
const GAP: u64 = 4;

/// Bytes that differ, one after the other but for a few.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ByteRun {
    /// Where the first is.
    pub at: u64,
    /// From there to the last: bytes.
    pub length: u64,
    /// The first of them, in the first and the second moment.
    pub bytes: [Vec<u8>; 2],
}

/// All runs of a memory.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ByteRuns {
    /// The first of them.
    pub first: Vec<ByteRun>,
    /// How many there are.
    pub count: u64,
    /// Bytes that differ.
    pub bytes: u64,
}

impl ByteRuns {
    fn add(&mut self, last: &mut Option<u64>, at: u64, pair: [u8; 2]) {
        self.bytes += 1;
        let goes_on = last.is_some_and(|last| at - last <= GAP);
        *last = Some(at);
        if !goes_on {
            self.count += 1;
            if self.first.len() < MOST_RUNS {
                self.first.push(ByteRun { at, length: 1, bytes: pair.map(|byte| vec![byte]) });
            }
        } else if self.count as usize == self.first.len()
            && let Some(run) = self.first.last_mut()
        {
            run.length = at - run.at + 1;
        }
    }
}

/// The bytes in which some pages of two moments differ, counted from the first of these pages.
pub(super) fn compare(a: &Snapshot, b: &Snapshot, pages: Range<u32>) -> ByteRuns {
    let numbers: BTreeSet<u32> =
        a.ids.range(pages.clone()).chain(b.ids.range(pages.clone())).map(|(n, _)| *n).collect();
    let mut runs = ByteRuns::default();
    let mut last = None;
    let zeros = [0; PAGE as usize];
    for number in numbers.into_iter().filter(|number| a.ids.get(number) != b.ids.get(number)) {
        let [one, other] = [a, b].map(|snapshot| snapshot.pages.get(number as usize).unwrap_or(&zeros));
        let start = u64::from(number - pages.start) * u64::from(PAGE);
        for (at, pair) in (start..).zip(one.iter().zip(other)) {
            if pair.0 != pair.1 {
                runs.add(&mut last, at, [*pair.0, *pair.1]);
            }
        }
    }
    let byte = |snapshot: &Snapshot, at: u64| {
        let page = u64::from(pages.start) + at / u64::from(PAGE);
        snapshot.pages.get(page as usize).map_or(0, |bytes| bytes[(at % u64::from(PAGE)) as usize])
    };
    for run in &mut runs.first {
        let told = run.length.min(MOST_BYTES as u64);
        run.bytes = [a, b].map(|snapshot| (run.at..run.at + told).map(|at| byte(snapshot, at)).collect());
    }
    runs
}
