//! Memory by linear address, to be read and changed from outside while the machine stands still.

use super::memory;
use crate::inspect::Space;
use crate::machine::Machine;

/// Bytes from a linear address on, as far as there is memory that can be looked at without disturbing a device.
pub fn read_linear(machine: &Machine, linear: u32, len: u32) -> Vec<u8> {
    memory::linear_bytes(machine, linear, len)
}

/// Writes bytes from a linear address on, whatever pages and segments allow; all or none. False where there is no memory
/// to write.
pub fn write_linear(machine: &mut Machine, linear: u32, bytes: &[u8]) -> bool {
    machine.write_memory(Space::Linear, u64::from(linear), bytes).written == bytes.len()
}
