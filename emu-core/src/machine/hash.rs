//! The state hash: one number for everything that is saved, kept up page by page so that it can be taken often.

use super::Machine;
use crate::bus::save_state;
use crate::mem::{DIRTY, Memory, PAGE};
use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed, xxh3_128};

/// Hashes of backing pages; pages never written are zero and contribute nothing.
#[derive(Default)]
pub struct PageHashes {
    pages: Vec<u64>,
    sum: u64,
}

impl PageHashes {
    /// Takes in the pages written since the last call and clears their dirty flags.
    fn update(&mut self, mem: &mut Memory) -> u64 {
        let zero = xxh3_64(&[0; PAGE as usize]);
        self.pages.resize(mem.all_flags().len(), zero);
        for page in 0..self.pages.len() as u32 {
            let offset = page * PAGE;
            if mem.flags(offset) & DIRTY == 0 {
                continue;
            }
            mem.clear_flags(offset, DIRTY);
            let new = xxh3_64(mem.ram.slice(offset, PAGE));
            let old = std::mem::replace(&mut self.pages[page as usize], new);
            if new != old {
                let part = |hash: u64| {
                    if hash == zero { 0 } else { xxh3_64_with_seed(&hash.to_le_bytes(), u64::from(page)) }
                };
                self.sum = self.sum.wrapping_sub(part(old)).wrapping_add(part(new));
            }
        }
        self.sum
    }
}

impl Machine {
    /// A hash of the whole state: CPU, memory, devices, time. Equal configurations and inputs give equal hashes at
    /// equal instruction counts, whatever the host does.
    pub fn state_hash(&mut self) -> u128 {
        let cpu = &mut self.engine.cpu;
        let memory = self.hashes.update(&mut cpu.bus.cx.mem);
        cpu.tlb.demote(false);
        let mut state = cpu.st.clone();
        let flags = state.flags.get();
        state.flags.set(flags);
        let mut bytes = save_state(&state);
        let own = [u64::from(self.powered_off), self.last_sleep.0, self.last_sleep.1];
        let wires = [u64::from(cpu.bus.pci_latch()), u64::from(cpu.bus.cx.mem.a20())];
        for word in [cpu.steps, cpu.now(), memory].into_iter().chain(wires).chain(own) {
            bytes.extend(word.to_le_bytes());
        }
        bytes.extend(save_state(&cpu.bus.cx.dma));
        bytes.extend(save_state(cpu.bus.cx.lines.levels()));
        bytes.extend(save_state(&cpu.bus.cx.timers.deadlines().to_vec()));
        for device in cpu.bus.devices() {
            bytes.extend(device.save());
        }
        xxh3_128(&bytes)
    }
}
