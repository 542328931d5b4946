//! Futures beside the present one. Whoever changes something in the past goes into another future from there on; the one
//! there was stays as a branch, to come back to, until it is thrown away.

use super::{History, Kept, Stamp};
use crate::bus::Marks;
use crate::machine::{Input, Machine, RestoreError};
use crate::x86::cpu::NS_PER_STEP;
use std::collections::BTreeMap;

/// Branches kept at most; the oldest of those from which none parts goes first.
const MOST: usize = 64;

/// A branch, as it is told of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Branch {
    /// Its name, which it keeps.
    pub id: u32,
    /// The branch it parts from; none where that is the present future.
    pub parent: Option<u32>,
    /// Where it parts.
    pub from: Stamp,
    /// How far it reached.
    pub end: Stamp,
    /// Inputs given in it.
    pub inputs: usize,
}

/// What is kept of a future that was left.
pub(super) struct Line {
    id: u32,
    /// What it parts from.
    parent: u32,
    from: Stamp,
    /// Inputs given before it parts.
    shared: usize,
    /// The machine where it parts.
    root: Kept,
    future: Future,
}

/// What a future has beyond where it parts.
pub(super) struct Future {
    inputs: Vec<(Stamp, Input)>,
    kept: BTreeMap<u64, Kept>,
    marks: Marks,
    end: Stamp,
}

impl Line {
    /// Bytes that its moments take.
    pub(super) fn bytes(&self) -> usize {
        self.root.bytes + self.future.kept.values().map(|kept| kept.bytes).sum::<usize>()
    }

    /// Whether another line that parts from the same one does so at its own parting or before.
    fn parts_after(&self, other: &Line) -> bool {
        other.shared <= self.shared && other.from <= self.from
    }
}

impl History {
    /// The futures that were left for others, in the order of their names.
    pub fn branches(&self) -> Vec<Branch> {
        let told = |line: &Line| Branch {
            id: line.id,
            parent: Some(line.parent).filter(|parent| *parent != self.branch),
            from: line.from,
            end: line.future.end,
            inputs: line.future.inputs.len(),
        };
        let mut branches: Vec<_> = self.branches.iter().map(told).collect();
        branches.sort_by_key(|branch| branch.id);
        branches
    }

    /// The name of the future that is gone into.
    pub fn branch(&self) -> u32 {
        self.branch
    }

    /// The machine as it is now, if a future parts here from the one there was.
    pub(super) fn parting(&mut self, machine: &mut Machine) -> Option<Kept> {
        if !self.is_past(machine) {
            return None;
        }
        let here = Stamp::of(machine);
        // Between an interrupt and its handler the machine is not what a moment kept there is.
        let kept = self.kept.get(&here.instruction).filter(|kept| {
            kept.inputs == self.given && kept.moment.time == here.time && !machine.is_before_handler()
        });
        Some(kept.cloned().unwrap_or_else(|| {
            let moment = machine.moment();
            Kept { moment, inputs: self.given, bytes: 0 }
        }))
    }

    /// Goes into another future than the one there was, which stays as a branch.
    pub(super) fn leave(&mut self, root: Option<Kept>, machine: &Machine) {
        let Some(root) = root else { return };
        let from = Stamp::of(machine);
        let new = self.named;
        self.named += 1;
        let (inputs, kept, marks) = (Vec::new(), BTreeMap::new(), Marks::new(NS_PER_STEP));
        self.exchange(new, from, root, Future { inputs, kept, marks, end: from });
        if self.branches.len() > MOST {
            let parent = |id: u32| self.branches.iter().any(|line| line.parent == id);
            let oldest = self.branches.iter().map(|line| line.id).filter(|id| !parent(*id)).min();
            self.branches.retain(|line| Some(line.id) != oldest);
        }
        self.count();
    }

    /// What lies beyond a point of the present future is a branch from now on, and another one takes its place.
    fn exchange(&mut self, id: u32, from: Stamp, root: Kept, future: Future) {
        let shared = root.inputs;
        let old = Line { id: self.branch, parent: id, from, shared, root, future: self.cut(from, shared) };
        // Those that part before are the new one's; those that part beyond stay with the old.
        let present = self.branch;
        for line in self.branches.iter_mut().filter(|line| line.parent == present && old.parts_after(line)) {
            line.parent = id;
        }
        if self.kept.is_empty() {
            self.kept.insert(from.instruction, old.root.clone());
        }
        self.branches.push(old);
        self.inputs.extend(future.inputs);
        self.kept.extend(future.kept);
        self.marks.append(future.marks);
        (self.branch, self.end) = (id, future.end);
    }

    /// Takes from the present future what lies beyond a point.
    pub(super) fn cut(&mut self, from: Stamp, shared: usize) -> Future {
        let mut kept = self.kept.split_off(&(from.instruction + 1));
        // Inputs may have been given at this very instruction before one was kept at it.
        if self.kept.get(&from.instruction).is_some_and(|kept| kept.inputs > shared)
            && let Some(later) = self.kept.remove(&from.instruction)
        {
            kept.insert(from.instruction, later);
        }
        let inputs = self.inputs.split_off(shared.min(self.inputs.len()));
        let marks = self.marks.split_off((from.instruction, from.time));
        Future { inputs, kept, marks, end: self.end }
    }

    /// Goes into a future that was left before; the present one becomes a branch. The machine goes to where they part,
    /// unless it is before that. False if there is no such branch.
    ///
    /// # Errors
    /// None as long as all that happened went through here.
    pub fn switch_branch(&mut self, machine: &mut Machine, id: u32) -> Result<bool, RestoreError> {
        let Some(at) = self.branches.iter().position(|line| line.id == id) else { return Ok(false) };
        let parent = self.branches[at].parent;
        if parent != self.branch && !self.switch_branch(machine, parent)? {
            return Ok(false);
        }
        let Some(at) = self.branches.iter().position(|line| line.id == id) else { return Ok(false) };
        let (from, shared) = (self.branches[at].from, self.branches[at].shared);
        if Stamp::of(machine) > from || self.given > shared || machine.is_before_handler() {
            machine.restore(&self.branches[at].root.moment)?;
            self.given = shared;
            self.late.clear();
        }
        let Line { root, future, .. } = self.branches.remove(at);
        self.exchange(id, from, root, future);
        self.count();
        Ok(true)
    }

    /// Throws a branch away. Those that part from it stay: the one that parts last takes over what leads to it. False if
    /// there is no such branch.
    pub fn drop_branch(&mut self, id: u32) -> bool {
        let Some(at) = self.branches.iter().position(|line| line.id == id) else { return false };
        let mut dropped = self.branches.remove(at);
        let heirs = self.branches.iter_mut().filter(|line| line.parent == id);
        if let Some(heir) = heirs.max_by_key(|line| (line.shared, line.from)) {
            let (name, parting) = (heir.id, heir.from);
            let (before, beyond) = (&mut dropped.future, &mut heir.future);
            before.inputs.truncate(heir.shared - dropped.shared);
            before.kept.split_off(&(parting.instruction + 1));
            before.kept.retain(|_, kept| kept.inputs <= heir.shared);
            before.kept.insert(parting.instruction, heir.root.clone());
            before.inputs.append(&mut beyond.inputs);
            before.kept.append(&mut beyond.kept);
            before.marks.split_off((parting.instruction, parting.time));
            before.marks.append(std::mem::replace(&mut beyond.marks, Marks::new(NS_PER_STEP)));
            before.end = beyond.end;
            (heir.from, heir.shared, heir.root, heir.future) =
                (dropped.from, dropped.shared, dropped.root, dropped.future);
            heir.parent = dropped.parent;
            for line in self.branches.iter_mut().filter(|line| line.parent == id) {
                line.parent = name;
            }
        }
        self.count();
        true
    }

    /// Weighs all moments again: others lie beside them now.
    pub(super) fn count(&mut self) {
        let mut before = None;
        let mut bytes = 0;
        for kept in self.kept.values_mut() {
            kept.bytes = kept.moment.bytes_beside(before);
            bytes += kept.bytes;
            before = Some(&kept.moment);
        }
        for line in &mut self.branches {
            // Nearest to it in what is kept of the present future, if there is something.
            let trunk = self.kept.range(..=line.from.instruction).next_back().or(self.kept.iter().next());
            line.root.bytes = line.root.moment.bytes_beside(trunk.map(|(_, kept)| &kept.moment));
            let mut before = &line.root.moment;
            for kept in line.future.kept.values_mut() {
                kept.bytes = kept.moment.bytes_beside(Some(before));
                before = &kept.moment;
            }
            bytes += line.bytes();
        }
        self.bytes = bytes;
    }

    /// Drops the largest moment of a branch, not where it parts: it can be made again from there. False if there is none.
    pub(super) fn thin_branches(&mut self) -> bool {
        let largest = self
            .branches
            .iter()
            .enumerate()
            .flat_map(|(n, line)| line.future.kept.iter().map(move |(at, kept)| (kept.bytes, n, *at)));
        let Some((_, n, at)) = largest.max() else { return false };
        self.branches[n].future.kept.remove(&at);
        self.count();
        true
    }
}
