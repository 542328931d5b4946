//! Virtual time: integer nanoseconds derived from executed instructions, and the scheduler of device deadlines.
//!
//! The clock itself is the CPU's step counter; see `Bus::now`. Devices convert nanoseconds to their own ticks with
//! [`ticks`] and [`ns_of_ticks`], which are exact in integers.

mod scheduler;

pub use scheduler::{Scheduler, TimerId};

/// Virtual nanoseconds since power-on.
pub type Ns = u64;

/// Nanoseconds in a second.
pub const SECOND: Ns = 1_000_000_000;

/// A deadline that never comes.
pub const NEVER: Ns = Ns::MAX;

/// How many whole ticks of a clock of `hz` have passed at time `now`.
pub fn ticks(now: Ns, hz: u64) -> u64 {
    (u128::from(now) * u128::from(hz) / u128::from(SECOND)) as u64
}

/// The earliest time at which [`ticks`] of a clock of `hz` has reached `count`; [`NEVER`] if out of range.
pub fn ns_of_ticks(count: u64, hz: u64) -> Ns {
    let ns = (u128::from(count) * u128::from(SECOND)).div_ceil(u128::from(hz));
    Ns::try_from(ns).unwrap_or(NEVER)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_and_their_times_are_inverse() {
        for hz in [1_193_182, 3_579_545, 32_768, 1_000_000_000] {
            for count in [0, 1, 2, 3, 1000, 123_456_789] {
                let at = ns_of_ticks(count, hz);
                assert_eq!(ticks(at, hz), count);
                assert!(at == 0 || ticks(at - 1, hz) < count);
            }
        }
    }
}
