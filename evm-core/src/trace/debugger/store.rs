//! Which checkpoints are kept.

use super::checkpoint::Checkpoint;
use crate::execution::Execution;
use std::collections::BTreeMap;

/// Distance of checkpoints at first, in instructions.
const FIRST_GAP: u64 = 1 << 15;
/// Coarse checkpoints, at most.
const COARSE: usize = 256;
/// Between two coarse checkpoints near the position there are up to this many less one.
const FINE: u64 = 32;
/// Bytes that are copied or compared in the time of one instruction.
const BYTES_A_STEP: u64 = 64;

/// Checkpoints by position. The coarse ones, at multiples of a distance, cover the whole execution as far as it was
/// seen; the others stand between two or three of them, near the present position.
#[derive(Debug)]
pub(super) struct Store {
    budget: usize,
    gap: u64,
    /// Distance of the fine ones.
    fine: u64,
    checkpoints: BTreeMap<u64, Checkpoint>,
    bytes: usize,
}

impl Store {
    pub fn new(budget: usize) -> Self {
        Self { budget, gap: FIRST_GAP, fine: FIRST_GAP / FINE, checkpoints: BTreeMap::new(), bytes: 0 }
    }

    pub fn bytes(&self) -> usize {
        self.bytes
    }

    pub fn len(&self) -> usize {
        self.checkpoints.len()
    }

    pub fn get(&self, position: u64) -> Option<&Checkpoint> {
        self.checkpoints.get(&position)
    }

    /// Position of the last checkpoint not after `position`. There is always one: that at 0 is never dropped.
    pub fn before(&self, position: u64) -> u64 {
        self.checkpoints.range(..=position).next_back().map_or(0, |(at, _)| *at)
    }

    /// Where execution from `position` towards `to` is to pause next for a checkpoint.
    pub fn next(&self, position: u64, to: u64) -> u64 {
        let multiple = |of: u64| (position / of + 1).saturating_mul(of);
        let coarse = multiple(self.gap);
        // Near the end of the way fine ones are wanted.
        let near = to.saturating_sub(self.gap) / self.fine * self.fine;
        if position >= near { multiple(self.fine) } else { coarse.min(near.max(position + 1)) }
    }

    /// True if a checkpoint is wanted here, on the way towards `to`.
    pub fn wants(&self, position: u64, to: u64) -> bool {
        let near = to.saturating_sub(position) <= self.gap;
        (position.is_multiple_of(self.gap) || near && position.is_multiple_of(self.fine))
            && !self.checkpoints.contains_key(&position)
    }

    /// Keeps a checkpoint of the execution; `focus` is the position that others are to be near.
    pub fn keep(&mut self, position: u64, execution: &Execution, entered: &[u64], focus: u64) {
        if self.checkpoints.contains_key(&position) {
            return;
        }
        let earlier = self.checkpoints.range(..position).next_back().map(|(_, earlier)| earlier);
        let checkpoint = Checkpoint::new(execution, entered, earlier);
        let steps = checkpoint.bytes() as u64 / BYTES_A_STEP;
        self.bytes += checkpoint.own_bytes();
        self.checkpoints.insert(position, checkpoint);
        // Making checkpoints takes at most about as long as what is between them.
        while self.gap < steps && self.gap < 1 << 40 {
            self.gap *= 2;
        }
        self.fine = (self.gap / FINE).max((steps * 2).next_power_of_two()).min(self.gap);
        self.thin(position, focus);
    }

    fn drop(&mut self, position: u64) {
        if let Some(checkpoint) = self.checkpoints.remove(&position) {
            self.bytes = self.bytes.saturating_sub(checkpoint.own_bytes());
        }
    }

    /// Drops the fine ones that are far from the position, then every second coarse one, until they are few enough and
    /// fit.
    fn thin(&mut self, position: u64, focus: u64) {
        let focus = focus.min(position.saturating_add(self.gap));
        let near = focus.saturating_sub(2 * self.gap)..=focus.saturating_add(self.gap);
        let far: Vec<u64> =
            self.checkpoints.keys().copied().filter(|at| at % self.gap != 0 && !near.contains(at)).collect();
        far.into_iter().for_each(|at| self.drop(at));
        loop {
            let coarse = self.checkpoints.keys().filter(|at| *at % self.gap == 0).count();
            if coarse <= COARSE && self.bytes <= self.budget {
                return;
            }
            let fine = self.checkpoints.keys().copied().filter(|at| at % self.gap != 0 && *at != position);
            let victim = if coarse > COARSE { None } else { fine.max_by_key(|at| at.abs_diff(position)) };
            match victim {
                Some(at) => self.drop(at),
                None if self.checkpoints.len() <= 2 || self.gap >= 1 << 40 => return,
                None => {
                    self.gap *= 2;
                    let odd = |at: &u64| at % self.gap == self.gap / 2 && *at != position;
                    let odd: Vec<u64> = self.checkpoints.keys().copied().filter(odd).collect();
                    odd.into_iter().for_each(|at| self.drop(at));
                }
            }
        }
    }
}
