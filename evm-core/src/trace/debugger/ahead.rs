//! The execution that makes checkpoints ahead of need.

use super::store::Store;
use super::walk::Walk;
use crate::execution::{Context, Execution, Progress};

/// A second execution of the same transaction. With each step back it goes on a little towards the place of the
/// checkpoint that comes next on the way back.
#[derive(Debug)]
pub(super) struct Ahead {
    execution: Execution,
    position: u64,
    entered: Vec<u64>,
    /// Where it is on its way to.
    target: Option<u64>,
}

impl Ahead {
    /// One that is nowhere yet; `execution` is of the same transaction.
    pub fn new(execution: &Execution) -> Self {
        let mut empty = Execution::default();
        empty.tx.clone_from(&execution.tx);
        Self { execution: empty, position: 0, entered: Vec::new(), target: None }
    }

    /// Goes on towards `target`, so fast that it is there after `steps` calls like this, and makes the checkpoint when
    /// it is. The instructions that it executed.
    pub fn go_on(&mut self, context: &Context<'_>, store: &mut Store, target: u64, steps: u64) -> u64 {
        let from = store.before(target);
        if self.target != Some(target) || self.position < from {
            let Some(checkpoint) = store.get(from) else { return 0 };
            checkpoint.restore(&mut self.execution);
            self.entered.clone_from(&checkpoint.entered);
            self.position = from;
            self.target = Some(target);
        }
        let begun = self.position;
        let left = target - begun;
        let portion = left.div_ceil(steps.max(1)).max(store.portion()).min(left);
        let mut walk = Walk::new(begun, begun + portion, std::mem::take(&mut self.entered));
        let progress = self.execution.resume(context, &mut walk);
        self.position = walk.position;
        self.entered = walk.entered;
        if progress != Progress::Paused {
            // It ran before; only cryptography that went away can hold it up, and then it begins anew.
            self.target = None;
        } else if self.position == target {
            store.keep(target, &self.execution, &self.entered);
            self.target = None;
        }
        self.position - begun
    }
}
