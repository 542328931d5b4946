//! A set of the 256 interrupt vectors, of which the highest comes first.

use serde::{Deserialize, Serialize};

/// IRR, ISR or TMR.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Vectors([u32; 8]);

impl Vectors {
    /// Register `n` (0-7) of the eight.
    pub fn register(self, n: u32) -> u32 {
        self.0.get(n as usize).copied().unwrap_or(0)
    }

    pub fn contains(self, vector: u8) -> bool {
        self.0[usize::from(vector >> 5)] >> (vector & 31) & 1 != 0
    }

    pub fn set(&mut self, vector: u8, on: bool) {
        let bit = 1 << (vector & 31);
        let register = &mut self.0[usize::from(vector >> 5)];
        *register = if on { *register | bit } else { *register & !bit };
    }

    /// The vector of highest priority.
    pub fn highest(self) -> Option<u8> {
        let n = self.0.iter().rposition(|&r| r != 0)?;
        Some(n as u8 * 32 + (31 - self.0[n].leading_zeros()) as u8)
    }
}
