//! Where two runs part: bisected by state hashes. Machines made of the same that were in different states are not in equal
//! ones later, as each counts what it did; so the first difference is found in the logarithm of the run's length.

use crate::machine::{Arrived, History, Machine, RestoreError, Stop};

/// A run: a machine and its past, or a replay's future.
pub type Run<'a> = (&'a mut Machine, &'a mut History);

/// What a search has found out so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parting {
    /// Not yet: between these two instructions.
    Searching {
        /// The last instruction before which both are known to be equal.
        equal: u64,
        /// The first before which they are known to differ.
        differ: u64,
    },
    /// Both runs are in equal states after `equal` instructions, and differ after one more.
    At {
        /// Instructions.
        equal: u64,
    },
    /// They are equal as far as the shorter one goes: so many instructions.
    Nowhere {
        /// Instructions.
        end: u64,
    },
    /// They differ from their beginning.
    FromTheStart,
    /// One of them cannot go on: a disk block is missing.
    Stopped(Stop),
}

/// A search for the parting of two runs, in steps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartingSearch {
    equal: Option<u64>,
    differ: Option<u64>,
    start: u64,
    end: u64,
    hash: Option<u128>,
}

impl PartingSearch {
    /// A search through what both histories reach.
    pub fn new(a: &History, b: &History) -> Self {
        let start = a.start().instruction.max(b.start().instruction);
        let end = a.end().instruction.min(b.end().instruction).max(start);
        Self { equal: None, differ: None, start, end, hash: None }
    }

    /// The instruction to look at next: the start, the end, then halves.
    fn probe(&self) -> Option<u64> {
        match (self.equal, self.differ) {
            (None, None) => Some(self.start),
            (None, Some(_)) => None,
            (Some(equal), None) => (equal < self.end).then_some(self.end),
            (Some(equal), Some(differ)) => (differ - equal > 1).then(|| equal + (differ - equal) / 2),
        }
    }

    /// What is known.
    pub fn known(&self) -> Parting {
        match (self.equal, self.differ) {
            _ if self.probe().is_some() => Parting::Searching {
                equal: self.equal.unwrap_or(self.start),
                differ: self.differ.unwrap_or(self.end + 1),
            },
            (None, _) => Parting::FromTheStart,
            (Some(equal), Some(_)) => Parting::At { equal },
            (Some(end), None) => Parting::Nowhere { end },
        }
    }

    /// Searches on, executing at most about `steps` instructions in each machine before it tells what is known. When all
    /// is, the machines stand where they last were looked at.
    ///
    /// # Errors
    /// None as long as all that the machines did went through their histories.
    pub fn search(&mut self, a: Run, b: Run, steps: u64) -> Result<Parting, RestoreError> {
        let Some(at) = self.probe() else { return Ok(self.known()) };
        let hash = match self.hash {
            Some(hash) => hash,
            None => match look(a, at, steps)? {
                Ok(hash) => hash,
                Err(Arrived::Stopped(stop)) => return Ok(Parting::Stopped(stop)),
                Err(_) => return Ok(self.known()),
            },
        };
        // Kept until the other machine is there too.
        self.hash = Some(hash);
        match look(b, at, steps)? {
            Ok(other) if other == hash => self.equal = Some(at),
            Ok(_) => self.differ = Some(at),
            Err(Arrived::Stopped(stop)) => return Ok(Parting::Stopped(stop)),
            Err(_) => return Ok(self.known()),
        }
        self.hash = None;
        Ok(self.known())
    }
}

/// The state hash of a run at an instruction, or why it is not there yet. A false recording may end before: it differs
/// there from one that does not.
fn look((machine, history): Run, at: u64, steps: u64) -> Result<Result<u128, Arrived>, RestoreError> {
    Ok(match history.go_to(machine, at, steps)? {
        Arrived::There | Arrived::Stopped(Stop::PowerOff | Stop::Shutdown | Stop::HaltedForever) => {
            Ok(machine.state_hash())
        }
        other => Err(other),
    })
}
