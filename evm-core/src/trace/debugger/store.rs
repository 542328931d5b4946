//! Which checkpoints are kept.

use super::checkpoint::Checkpoint;
use crate::execution::Execution;
use std::collections::BTreeMap;

/// Distance of coarse checkpoints at first, in instructions.
pub(super) const FIRST_GAP: u64 = 1 << 15;
/// Distance of fine checkpoints, at least.
const FINEST: u64 = 1 << 10;
/// Fine checkpoints, at most; and how many of them stay when memory is short.
const FINE: usize = 6;
const FINE_AT_LEAST: usize = 3;
/// Bytes that are copied or compared in the time of one instruction.
const BYTES_A_STEP: u64 = 64;
/// Fine distances between the checkpoints that a search leaves, and hence between a position and the one before it.
const ROLLING: u64 = 16;
/// No distance grows beyond this.
const WIDEST: u64 = 1 << 40;

/// Which fine checkpoints an execution leaves behind it. Coarse ones it always does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Keep {
    /// None.
    Coarse,
    /// Those from which steps back from where it is to stop are short.
    BeforeTarget,
    /// The same, where it may stop anywhere.
    OnTheWay,
}

/// Checkpoints by position. The coarse ones, at multiples of a distance, cover the whole execution as far as it was
/// seen; a few fine ones stand just before the present position.
#[derive(Debug)]
pub(super) struct Store {
    budget: usize,
    gap: u64,
    coarse: BTreeMap<u64, Checkpoint>,
    /// Distance of the fine ones: executing that much takes less time than going back to a checkpoint.
    distance: u64,
    fine: BTreeMap<u64, Checkpoint>,
    bytes: usize,
}

impl Store {
    pub fn new(budget: usize, gap: u64) -> Self {
        let gap = gap.clamp(1, WIDEST).next_power_of_two();
        let (coarse, fine) = (BTreeMap::new(), BTreeMap::new());
        Self { budget, gap, coarse, distance: FINEST.min(gap), fine, bytes: 0 }
    }

    pub fn bytes(&self) -> usize {
        self.bytes
    }

    pub fn len(&self) -> usize {
        self.coarse.len() + self.fine.len()
    }

    pub fn get(&self, position: u64) -> Option<&Checkpoint> {
        self.fine.get(&position).or_else(|| self.coarse.get(&position))
    }

    /// Position of the last checkpoint not after `position`. There is always one: that at 0 is never dropped.
    pub fn before(&self, position: u64) -> u64 {
        let last = |list: &BTreeMap<u64, Checkpoint>| list.range(..=position).next_back().map(|(at, _)| *at);
        last(&self.coarse).max(last(&self.fine)).unwrap_or(0)
    }

    /// True if a position is so near after a checkpoint that it is reached from there in the time of a step.
    pub fn reaches(&self, position: u64) -> bool {
        position - self.before(position) <= self.rolling()
    }

    /// Where execution towards `to` is to start so that the fine checkpoints before `to` are there when it arrives.
    pub fn start(&self, to: u64) -> u64 {
        self.before(self.first_fine(to))
    }

    /// First of the fine checkpoints that are to stand before `to`: a whole distance below the last, so that after any
    /// jump there are as many steps back in which to make the next ([`Self::wanted`]).
    fn first_fine(&self, to: u64) -> u64 {
        (to / self.distance * self.distance).saturating_sub(self.distance)
    }

    /// The checkpoint that steps back from `position` will need after the one that is before it, if it is not there;
    /// and how many steps back it takes until then.
    pub fn wanted(&self, position: u64) -> Option<(u64, u64)> {
        let last = self.before(position);
        let below = self.before(last.checked_sub(1)?);
        let target = (last - 1) / self.distance * self.distance;
        (target > below).then_some((target, position - last + 1))
    }

    /// True if from `position` on steps back are cheap, with what there is and what can be made on the way.
    pub fn is_ready(&self, position: u64) -> bool {
        let share = |(target, steps): (u64, u64)| (target - self.before(target)) / steps;
        let near = position - self.before(position) <= 2 * self.distance;
        near && self.wanted(position).is_none_or(|wanted| share(wanted) <= self.portion())
    }

    /// Distance of the fine ones that are made where it is not known how far it goes.
    fn rolling(&self) -> u64 {
        self.distance.saturating_mul(ROLLING)
    }

    /// Instructions that a step back may well execute ahead of need.
    pub fn portion(&self) -> u64 {
        self.distance / 4
    }

    /// Where execution from `position` towards `to` is to pause next for a checkpoint.
    pub fn next(&self, position: u64, to: u64, keep: Keep) -> u64 {
        let after = |of: u64| (position / of + 1).saturating_mul(of);
        let coarse = after(self.gap);
        let fine = after(self.distance).max(self.first_fine(to));
        match keep {
            Keep::Coarse => coarse,
            Keep::BeforeTarget => coarse.min(fine),
            Keep::OnTheWay => coarse.min(fine).min(after(self.rolling())),
        }
    }

    /// True if [`Self::next`] meant this place for a checkpoint, and there is none.
    pub fn wants(&self, position: u64, to: u64, keep: Keep) -> bool {
        let fine = position >= self.first_fine(to) && position.is_multiple_of(self.distance);
        let wanted = match keep {
            Keep::Coarse => false,
            Keep::BeforeTarget => fine,
            Keep::OnTheWay => fine || position.is_multiple_of(self.rolling()),
        };
        (wanted || position.is_multiple_of(self.gap)) && self.get(position).is_none()
    }

    /// A checkpoint of the execution, which shares what it can with the nearest that is kept.
    pub fn copy(&self, position: u64, execution: &Execution, entered: &[u64]) -> Checkpoint {
        let below = self.before(position);
        let after = |list: &BTreeMap<u64, Checkpoint>| list.range(position..).next().map(|(at, _)| *at);
        let above = after(&self.coarse).into_iter().chain(after(&self.fine)).min();
        let nearest = above.filter(|at| at - position < position - below).unwrap_or(below);
        Checkpoint::new(execution, entered, self.get(nearest))
    }

    /// Keeps a checkpoint of the execution.
    pub fn keep(&mut self, position: u64, execution: &Execution, entered: &[u64]) {
        if self.get(position).is_some() {
            return;
        }
        let checkpoint = self.copy(position, execution, entered);
        let steps = checkpoint.bytes() as u64 / BYTES_A_STEP;
        self.bytes += checkpoint.own_bytes();
        let list = if position.is_multiple_of(self.gap) { &mut self.coarse } else { &mut self.fine };
        list.insert(position, checkpoint);
        // Making checkpoints takes at most about as long as what is between them.
        while self.gap < steps && self.gap < WIDEST {
            self.widen(position);
        }
        self.distance = (steps / 8).next_power_of_two().max(FINEST).min(self.gap);
        self.thin(position);
    }

    fn forget(&mut self, checkpoint: Option<Checkpoint>) {
        self.bytes -= checkpoint.map_or(0, |checkpoint| checkpoint.own_bytes()).min(self.bytes);
    }

    /// Drops the fine one that is farthest from the position.
    fn drop_farthest(&mut self, position: u64) {
        let farthest = self.fine.keys().copied().max_by_key(|at| at.abs_diff(position));
        let dropped = farthest.and_then(|at| self.fine.remove(&at));
        self.forget(dropped);
    }

    /// Doubles the distance of the coarse ones. Of those that have to go the ones near the position become fine.
    fn widen(&mut self, position: u64) {
        self.gap *= 2;
        let odd: Vec<u64> = self.coarse.keys().copied().filter(|at| !at.is_multiple_of(self.gap)).collect();
        for at in odd {
            let Some(checkpoint) = self.coarse.remove(&at) else { continue };
            if at.abs_diff(position) <= 2 * self.distance {
                self.fine.insert(at, checkpoint);
            } else {
                self.forget(Some(checkpoint));
            }
        }
    }

    /// Drops checkpoints until they fit.
    fn thin(&mut self, position: u64) {
        while self.fine.len() > FINE {
            self.drop_farthest(position);
        }
        while self.bytes > self.budget {
            if self.fine.len() > FINE_AT_LEAST {
                self.drop_farthest(position);
            } else if self.coarse.len() > 2 && self.gap < WIDEST {
                self.widen(position);
            } else {
                return;
            }
        }
    }
}
