//! The one list of deadlines. Devices are few, so a scan on change beats a heap and keeps ties in a fixed order.

use super::{NEVER, Ns};

/// A timer slot of one device, given out at wiring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimerId(u16);

impl TimerId {
    /// Index of the slot in wiring order.
    pub fn index(self) -> usize {
        usize::from(self.0)
    }
}

/// All deadlines of the machine.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scheduler {
    deadlines: Vec<Ns>,
    next: Ns,
}

impl Scheduler {
    /// No timers yet.
    pub fn new() -> Self {
        Self { deadlines: Vec::new(), next: NEVER }
    }

    /// A new slot, not running.
    pub fn allocate(&mut self) -> TimerId {
        let id = u16::try_from(self.deadlines.len()).expect("a machine has far fewer than 65536 timers");
        self.deadlines.push(NEVER);
        TimerId(id)
    }

    /// Makes the timer due at `at` ([`NEVER`] stops it).
    pub fn set(&mut self, id: TimerId, at: Ns) {
        self.deadlines[id.index()] = at;
        self.next = self.deadlines.iter().copied().min().unwrap_or(NEVER);
    }

    /// Stops the timer.
    pub fn cancel(&mut self, id: TimerId) {
        self.set(id, NEVER);
    }

    /// When the timer is due, [`NEVER`] if it does not run.
    pub fn deadline(&self, id: TimerId) -> Ns {
        self.deadlines[id.index()]
    }

    /// The earliest deadline of all.
    pub fn next(&self) -> Ns {
        self.next
    }

    /// The first timer due at or before `now` (earliest deadline, then wiring order), left running.
    pub fn due(&self, now: Ns) -> Option<TimerId> {
        if self.next > now {
            return None;
        }
        self.deadlines.iter().position(|&at| at == self.next).map(|i| TimerId(i as u16))
    }

    /// All deadlines in wiring order, for snapshots and hashes.
    pub fn deadlines(&self) -> &[Ns] {
        &self.deadlines
    }

    /// Puts back what [`Scheduler::deadlines`] gave. False if the number of timers differs.
    pub fn restore(&mut self, deadlines: &[Ns]) -> bool {
        if deadlines.len() != self.deadlines.len() {
            return false;
        }
        self.deadlines.copy_from_slice(deadlines);
        self.next = deadlines.iter().copied().min().unwrap_or(NEVER);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_earliest_comes_first_and_ties_go_by_wiring_order() {
        let mut s = Scheduler::new();
        let (a, b, c) = (s.allocate(), s.allocate(), s.allocate());
        s.set(c, 5);
        s.set(b, 7);
        s.set(a, 7);
        assert_eq!((s.next(), s.due(4), s.due(5)), (5, None, Some(c)));
        s.cancel(c);
        assert_eq!(s.due(7), Some(a));
        s.cancel(a);
        assert_eq!(s.due(7), Some(b));
        s.cancel(b);
        assert_eq!((s.next(), s.due(u64::MAX - 1)), (NEVER, None));
    }
}
