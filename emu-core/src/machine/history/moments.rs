//! The moments that are kept: where they stand, what they take, which of them go.

use super::{History, Kept};
use crate::machine::Machine;
use crate::mem::PAGE;

/// Instructions between two moments while the machine runs: executed again in less than a tenth of a second.
pub(super) const LIVE_GAP: u64 = 4 << 20;
/// Where much memory changes, moments stand further apart, so that copying costs little beside executing: this for each
/// page of the last one.
const GAP_A_PAGE: u64 = 4 << 10;
/// But no further than this while the machine runs.
const MOST_LIVE_GAP: u64 = 7 << 20;
/// Moments are never closer than this, even where somebody walks back step by step.
pub(super) const LEAST_GAP: u64 = 1 << 15;
/// Nor further apart than this, so that every point is reached in about a second.
const MOST_GAP: u64 = 48 << 20;
/// The distance between moments is this part of the distance to the present.
const GAP_PART: u64 = 16;

impl History {
    /// Where the next moment is due.
    pub(super) fn next_keep(&self, from: u64) -> u64 {
        let last = self.kept.range(..=from).next_back().map_or(0, |(at, _)| *at);
        let next = self.kept.range(from + 1..).next().map_or(u64::MAX, |(at, _)| *at);
        // Where moments stand already none is added.
        if next <= last.saturating_add(MOST_GAP) {
            return u64::MAX;
        }
        let pages = self.kept.get(&last).map_or(0, |kept| kept.bytes as u64 / u64::from(PAGE));
        (last + (pages * GAP_A_PAGE).clamp(LIVE_GAP, MOST_LIVE_GAP)).max(from + 1)
    }

    /// Keeps the present; `focus` is the instruction that others are to be near.
    pub(super) fn keep(&mut self, machine: &mut Machine, focus: u64) {
        let at = machine.instructions();
        if self.kept.contains_key(&at) {
            return;
        }
        let moment = machine.moment();
        self.kept.insert(at, Kept { moment, inputs: self.given, bytes: 0 });
        self.weigh(at);
        self.weigh_after(at);
        self.thin(focus);
    }

    /// Counts the bytes of a moment beside the one before it.
    fn weigh(&mut self, at: u64) {
        let before = self.kept.range(..at).next_back().map(|(_, kept)| &kept.moment);
        let Some(kept) = self.kept.get(&at) else { return };
        let bytes = kept.moment.bytes_beside(before);
        self.bytes = self.bytes - kept.bytes + bytes;
        if let Some(kept) = self.kept.get_mut(&at) {
            kept.bytes = bytes;
        }
    }

    fn weigh_after(&mut self, at: u64) {
        if let Some(next) = self.kept.range(at + 1..).next().map(|(at, _)| *at) {
            self.weigh(next);
        }
    }

    fn drop(&mut self, at: u64) {
        if let Some(kept) = self.kept.remove(&at) {
            self.bytes -= kept.bytes;
            self.weigh_after(at);
        }
    }

    /// Drops moments that stand closer than they need to, then the oldest until the others fit.
    fn thin(&mut self, focus: u64) {
        let places: Vec<u64> = self.kept.keys().copied().collect();
        let mut last = places[0];
        for window in places.windows(2) {
            let [at, next] = [window[0], window[1]];
            // It goes if without it the gap is still small enough for what is nearest to the present.
            let distance = focus.abs_diff(at).min(focus.abs_diff(next));
            if at != places[0] && next - last <= wanted_gap(distance) {
                self.drop(at);
            } else {
                last = at;
            }
        }
        let live = focus >= self.end.instruction;
        while self.bytes > self.budget && self.kept.len() > 2 {
            // What was left goes before what is gone through.
            if self.thin_branches() {
                continue;
            }
            let first = self.kept.keys().next().copied();
            let Some(victim) = (if live { first } else { self.least_wanted(focus) }) else { return };
            self.drop(victim);
        }
    }

    /// The moment that spares least, for its distance from the present; not the first nor the last.
    fn least_wanted(&self, focus: u64) -> Option<u64> {
        let places: Vec<u64> = self.kept.keys().copied().collect();
        let spared = |window: &&[u64]| {
            let distance = u128::from(focus.abs_diff(window[1]).max(LEAST_GAP));
            u128::from(window[2] - window[0]) * u128::from(MOST_GAP) / distance
        };
        places.windows(3).min_by_key(spared).map(|window| window[1])
    }
}

/// The distance between moments at a distance from the present.
pub(super) fn wanted_gap(distance: u64) -> u64 {
    (distance / GAP_PART).clamp(LEAST_GAP, MOST_GAP)
}
