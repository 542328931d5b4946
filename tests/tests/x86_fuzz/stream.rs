//! Random code: bytes among which the opcodes that matter come more often, or instructions of every form that iced-x86
//! can encode.

use glassbox_tests::Random;
use glassbox_tests::iced::{Form, forms};

/// Prefixes, string instructions, branches, port accesses, segment loads, two-byte opcodes.
const LIKELY: [u8; 40] = [
    0x0F, 0x66, 0x67, 0xF0, 0xF2, 0xF3, 0x26, 0x2E, 0x36, 0x3E, 0x64, 0x65, 0xA4, 0xA5, 0xA6, 0xA7, 0xAA,
    0xAB, 0xAC, 0xAE, 0x6C, 0x6E, 0xE4, 0xE6, 0xEC, 0xEE, 0xCF, 0xCD, 0xCB, 0x9D, 0xFB, 0x17, 0x8E, 0xEB,
    0x74, 0xE8, 0xC3, 0xFF, 0x89, 0x8B,
];
/// Instructions kept of each form.
const KEPT: usize = 12;

/// Encoded instructions for 16- and 32-bit code.
pub struct Streams([Vec<Vec<u8>>; 2]);

impl Streams {
    /// Some instructions of every form.
    pub fn new() -> Self {
        let mut random = Random::new(0);
        let mut of_size = |bits| {
            let same_size = |form: &Form| form.bits == bits;
            let several = forms().into_iter().filter(same_size).flat_map(|form| [form; KEPT]);
            several.filter_map(|form| form.encode(&mut random)).collect()
        };
        Self([of_size(16), of_size(32)])
    }

    /// Fills memory: with instructions one after the other if `whole`, else with bytes.
    pub fn fill(&self, memory: &mut [u8], code32: bool, whole: bool, random: &mut Random) {
        if !whole {
            random.fill(memory);
            for _ in 0..memory.len() / 16 {
                let at = random.below(memory.len() as u64) as usize;
                memory[at] = LIKELY[random.below(LIKELY.len() as u64) as usize];
            }
            return;
        }
        let pool = &self.0[usize::from(code32)];
        let mut at = 0;
        while at < memory.len() {
            let code = &pool[random.below(pool.len() as u64) as usize];
            let length = code.len().min(memory.len() - at);
            memory[at..at + length].copy_from_slice(&code[..length]);
            at += length;
        }
    }
}
