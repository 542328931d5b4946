//! States that tests begin with: a few dozen, so that recorded tests need not repeat them.

use super::float;
use super::{FX, WINDOW, fx};
use crate::Random;

/// Registers and memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Base {
    /// General registers.
    pub regs: [u32; 8],
    /// x87 and SSE registers.
    pub fx: [u8; FX],
    /// The two windows.
    pub data: [[u8; WINDOW]; 2],
}

/// How many there are.
const BASES: u64 = 64;
/// Seed of the first.
const SEED: u64 = 0x5EED;

/// All of them, always the same.
pub fn palette() -> Vec<Base> {
    (0..BASES).map(|i| base(&mut Random::new(SEED + i))).collect()
}

fn base(random: &mut Random) -> Base {
    let mut image = [0; FX];
    for i in 0..8 {
        let (value, _) = float::extended(random, 0);
        image[fx::ST0 + 16 * i..][..10].copy_from_slice(&value);
        random.fill(&mut image[fx::XMM0 + 16 * i..][..16]);
    }
    float::control(random, &mut image);
    let mut data = [[0; WINDOW]; 2];
    data.iter_mut().for_each(|window| random.fill(window));
    Base { regs: std::array::from_fn(|_| random.bits() as u32), fx: image, data }
}
