//! Which of many recorded tests are worth keeping.

use super::archive::Case;
use super::fx;
use emu_core::x86::decode::{Operand, decode};
use std::collections::BTreeSet;

/// What a test shows: sizes, kind of operand, how it ended, flags, x87 and SSE exceptions and modes.
type Feature = (u8, u32);

fn features((test, outcome): &Case) -> Vec<Feature> {
    let mut found = Vec::new();
    let Ok(inst) = decode(&test.code, test.is_code32()) else { return found };
    let memory = inst.operands.iter().any(|o| matches!(o, Operand::Mem(_)));
    let sizes = u32::from(inst.opsize32) | u32::from(inst.addrsize32) << 1 | u32::from(memory) << 2;
    let fault =
        outcome.exception.map_or(0xFFFF, |(vector, code)| u32::from(vector) << 8 | u32::from(code) & 0xFF);
    let word = |image: &[u8], at: usize| u32::from(image[at]) | u32::from(image[at + 1]) << 8;
    let (status, mxcsr) = (word(&outcome.fx, fx::STATUS), word(&outcome.fx, fx::MXCSR));
    found.push((0, sizes << 16 | fault));
    found.push((
        1,
        sizes << 16 | u32::from(inst.seg_override.map_or(7, |s| s as u8)) << 1 | u32::from(inst.lock),
    ));
    if outcome.exception.is_none() {
        // Each flag by itself, with each size.
        for bit in [0, 2, 4, 6, 7, 10, 11] {
            found.push((2, sizes << 16 | bit << 1 | outcome.eflags >> bit & 1));
        }
        let (control, rounding) = (word(&test.fx, fx::CONTROL), word(&test.fx, fx::MXCSR));
        for bit in [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 14] {
            found.push((3, (control >> 8 & 15) << 16 | bit << 1 | status >> bit & 1));
        }
        for bit in 0..6 {
            found.push((4, (rounding >> 13 | rounding >> 6 & 1) << 16 | bit << 1 | mxcsr >> bit & 1));
        }
    }
    found
}

/// At most `count` of the cases: those that show something new first, then others, evenly.
pub fn thin(cases: &[Case], count: usize) -> Vec<&Case> {
    let mut seen = BTreeSet::new();
    let mut kept = BTreeSet::new();
    for (i, case) in cases.iter().enumerate() {
        let is_new = features(case).into_iter().fold(false, |any, feature| seen.insert(feature) || any);
        if is_new && kept.len() < count {
            kept.insert(i);
        }
    }
    for i in (0..cases.len()).step_by((cases.len() / count.max(1)).max(1)) {
        if kept.len() < count {
            kept.insert(i);
        }
    }
    kept.into_iter().map(|i| &cases[i]).collect()
}
