//! The state after a vector, as recorded and as it has to be on a later CPU.

use super::index::{CS, FLAGS, IP, SP, SS};
use super::{FLAGS_286, Vector, linear};
use std::collections::BTreeMap;

/// IF and TF, which delivery of an exception clears.
const INTERRUPT_AND_TRAP: u16 = 0x300;

/// Registers, memory as far as it is known, the exception raised.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Registers in encoding order; IP behind the HLT.
    pub registers: [u16; 14],
    /// By physical address; whatever is not here is 0.
    pub memory: BTreeMap<u32, u8>,
    /// Vector of the exception.
    pub exception: Option<u8>,
    /// Flags not compared, neither in FLAGS nor where an exception pushed them.
    pub undefined: u16,
}

impl Wanted {
    /// Before the instruction, bits 12-15 of FLAGS as real mode has them.
    pub fn before(v: &Vector) -> Self {
        let mut registers = v.before();
        registers[FLAGS] &= FLAGS_286;
        Self { registers, memory: v.ram.iter().copied().collect(), exception: None, undefined: 0 }
    }

    /// As the 286 had it.
    pub fn recorded(v: &Vector) -> Self {
        let Self { mut registers, mut memory, .. } = Self::before(v);
        for (register, after) in registers.iter_mut().zip(v.regs_after.all()) {
            *register = after.unwrap_or(*register);
        }
        registers[FLAGS] &= FLAGS_286;
        memory.extend(v.ram_after.iter().copied());
        Self { registers, memory, exception: v.exception, undefined: 0 }
    }

    /// A fault that leaves everything as it was but for its delivery.
    pub fn fault(v: &Vector, vector: u8) -> Self {
        let mut wanted = Self::before(v);
        let before = wanted.registers;
        for (i, value) in (1u16..).zip([before[FLAGS], before[CS], before[IP]]) {
            let at = linear(before[SS], before[SP].wrapping_sub(2 * i));
            wanted.memory.extend((at..).zip(value.to_le_bytes()));
        }
        wanted.registers[SP] = before[SP].wrapping_sub(6);
        wanted.registers[FLAGS] &= !INTERRUPT_AND_TRAP;
        wanted.enter(vector);
        wanted
    }

    /// Nothing but IP changes.
    pub fn complete(v: &Vector, len: usize) -> Self {
        let mut wanted = Self::before(v);
        wanted.registers[IP] = wanted.registers[IP].wrapping_add(len as u16 + 1);
        wanted
    }

    /// Goes to the handler of `vector`.
    pub fn enter(&mut self, vector: u8) {
        let at = u32::from(vector) * 4;
        let word = |at: u32| u16::from_le_bytes([self.byte(at), self.byte(at + 1)]);
        (self.registers[CS], self.registers[IP]) = (word(at + 2), word(at).wrapping_add(1));
        self.exception = Some(vector);
    }

    /// A byte of memory.
    pub fn byte(&self, at: u32) -> u8 {
        self.memory.get(&at).copied().unwrap_or(0)
    }

    /// Where an exception pushed FLAGS.
    pub fn pushed_flags(&self) -> Option<u32> {
        self.exception.map(|_| linear(self.registers[SS], self.registers[SP].wrapping_add(4)))
    }

    /// Bits that the recording is compared in: registers, the bytes of memory it names, the exception.
    pub fn bits(v: &Vector) -> u64 {
        let recorded = Self::recorded(v);
        let registers: u32 = recorded
            .registers
            .iter()
            .enumerate()
            .map(|(i, _)| if i == FLAGS { FLAGS_286.count_ones() } else { 16 })
            .sum();
        u64::from(registers) + recorded.memory.len() as u64 * 8 + 8
    }

    /// How many bits of the recording this does not compare, or wants otherwise.
    pub fn masked(&self, v: &Vector) -> u64 {
        let recorded = Self::recorded(v);
        let mut bits = 0;
        for (i, (a, b)) in self.registers.into_iter().zip(recorded.registers).enumerate() {
            let undefined = if i == FLAGS { self.undefined } else { 0 };
            bits += u64::from((a ^ b | undefined).count_ones());
        }
        let addresses: std::collections::BTreeSet<u32> =
            self.memory.keys().chain(recorded.memory.keys()).copied().collect();
        for at in addresses {
            bits += u64::from((self.byte(at) ^ recorded.byte(at)).count_ones());
        }
        if self.pushed_flags().is_some() {
            bits += u64::from(self.undefined.count_ones());
        }
        if self.exception != recorded.exception {
            bits += 8;
        }
        bits
    }
}
