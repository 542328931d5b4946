//! The state hash: one number for everything that is saved.

use super::Machine;
use xxhash_rust::xxh3::xxh3_128;

impl Machine {
    /// A hash of the whole state: CPU, translations, memory, devices, time. Equal configurations and inputs give equal
    /// hashes at equal instruction counts, whatever the host does.
    pub fn state_hash(&mut self) -> u128 {
        let cpu = &mut self.engine.cpu;
        let memory = self.pages.hash(&mut cpu.bus.cx.mem);
        // The pages are clean now: writes have to mark them again.
        cpu.tlb.demote(false);
        let mut bytes = memory.to_le_bytes().to_vec();
        for (_, section) in self.sections() {
            bytes.extend(section);
        }
        xxh3_128(&bytes)
    }
}
