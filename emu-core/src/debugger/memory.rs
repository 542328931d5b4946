//! Memory as the debugger looks at it: what [`crate::inspect`] shows of it. Video memory is seen as the CPU
//! would read it; a device's registers, which reading could disturb, are not there.

use crate::inspect::Space;
use crate::machine::Machine;

/// Bytes from a linear address on, as far as they are there.
pub fn linear_bytes(machine: &Machine, linear: u32, len: u32) -> Vec<u8> {
    let mut view = machine.inspect().read(Space::Linear, u64::from(linear), len as usize);
    let there = view.absent.first().map_or(view.bytes.len(), |run| run.at);
    view.bytes.truncate(there);
    view.bytes
}

/// Linear base of the segment that a selector names: a paragraph in real and virtual-8086 mode, else as its descriptor
/// says (SDM vol. 3A, 3.4.2). What the CPU holds counts, whatever became of the table.
pub fn segment_base(machine: &Machine, selector: u16) -> Option<u32> {
    let st = &machine.engine.cpu.st;
    let held = st.seg[..6].iter().find(|s| s.selector == selector && s.attr != 0);
    match held.filter(|_| !st.real_segments()) {
        Some(held) => Some(held.base),
        None => machine.inspect().selector_base(selector),
    }
}
