//! The local APIC's timer, counting down at the bus clock over the divider.

use super::spec;
use crate::time::{NEVER, Ns};
use serde::{Deserialize, Serialize};

/// Count, divider, and when the count reaches zero next.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Timer {
    initial: u32,
    divide: u32,
    /// [`NEVER`] while it stands still.
    expiry: Ns,
}

impl Timer {
    pub fn after_reset() -> Self {
        Self { initial: 0, divide: 0, expiry: NEVER }
    }

    /// Nanoseconds of one count: bits 0, 1 and 3 of the divide configuration choose 2, 4, ... 128, 1.
    fn tick(&self) -> Ns {
        let code = self.divide & 3 | self.divide >> 1 & 4;
        spec::BUS_CYCLE << ((code + 1) & 7)
    }

    pub fn initial(&self) -> u32 {
        self.initial
    }

    pub fn divide(&self) -> u32 {
        self.divide
    }

    /// Writes the initial count, which starts the count (0 stops it).
    pub fn start(&mut self, now: Ns, initial: u32) {
        self.initial = initial;
        self.expiry = if initial == 0 { NEVER } else { now.saturating_add(u64::from(initial) * self.tick()) };
    }

    /// Writes the divide configuration; a running count goes on from where it is at the new rate.
    pub fn set_divide(&mut self, now: Ns, value: u32) {
        let left = self.current(now);
        self.divide = value & 0xB;
        if self.expiry != NEVER {
            self.expiry = now.saturating_add(u64::from(left) * self.tick());
        }
    }

    /// The current count.
    pub fn current(&self, now: Ns) -> u32 {
        if self.expiry == NEVER {
            return 0;
        }
        let left = self.expiry.saturating_sub(now).div_ceil(self.tick());
        u32::try_from(left).unwrap_or(u32::MAX)
    }

    /// When it expires next.
    pub fn expiry(&self) -> Ns {
        self.expiry
    }

    /// Brings the count up to `now`; whether it expired on the way.
    pub fn catch_up(&mut self, now: Ns, periodic: bool) -> bool {
        if self.expiry > now {
            return false;
        }
        let period = u64::from(self.initial) * self.tick();
        let over = now - self.expiry;
        self.expiry =
            if periodic && period != 0 { now.saturating_add(period - over % period) } else { NEVER };
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn divide_configurations_are_the_sdms() {
        let table =
            [(0b0000, 2), (0b0001, 4), (0b0010, 8), (0b0011, 16), (0b1000, 32), (0b1001, 64), (0b1010, 128)];
        for (code, divider) in table.into_iter().chain([(0b1011, 1)]) {
            let mut t = Timer::after_reset();
            t.set_divide(0, code);
            assert_eq!(t.tick(), 10 * divider, "code {code:04b}");
        }
    }

    #[test]
    fn the_count_and_the_expiry_agree_tick_by_tick() {
        for (divide, periodic) in [(0b1011, true), (0b0000, false), (0b0011, true)] {
            let mut t = Timer::after_reset();
            t.set_divide(3, divide);
            t.start(3, 5);
            let tick = t.tick();
            let mut expiries = Vec::new();
            let mut previous = t.current(3);
            for now in 3..3 + 14 * tick {
                let due = t.expiry();
                let count_before = t.current(now);
                if t.catch_up(now, periodic) {
                    assert_eq!((due, count_before), (now, 0));
                    expiries.push(now);
                }
                let count = t.current(now);
                assert!(count == previous || count + 1 == previous || count == 5);
                previous = count;
            }
            let expected: Vec<Ns> =
                if periodic { vec![3 + 5 * tick, 3 + 10 * tick] } else { vec![3 + 5 * tick] };
            assert_eq!(expiries, expected);
            assert_eq!(t.expiry() == NEVER, !periodic);
        }
    }

    #[test]
    fn late_catching_up_keeps_the_phase() {
        let mut t = Timer::after_reset();
        t.set_divide(0, 0b1011);
        t.start(0, 100);
        assert!(t.catch_up(3456, true));
        assert_eq!(t.expiry(), 4000);
        t.start(5000, 0);
        assert!(!t.catch_up(u64::MAX - 1, true));
    }
}
