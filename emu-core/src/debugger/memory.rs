//! Memory as the debugger looks at it: no rights, no marks, no devices disturbed.

use crate::machine::Machine;
use crate::mem::Target;
use crate::x86::regs::seg;

/// The byte at a physical address, if RAM or ROM is there.
pub fn physical_byte(machine: &Machine, phys: u64) -> Option<u8> {
    let mem = &machine.engine.cpu.bus.cx.mem;
    match mem.map.resolve(phys).read {
        Target::Ram(offset) => Some(mem.ram.read::<1>(offset)[0]),
        _ => None,
    }
}

/// The byte at a linear address, if a page with RAM or ROM is there.
pub fn linear_byte(machine: &Machine, linear: u32) -> Option<u8> {
    let cpu = &machine.engine.cpu;
    let phys = cpu.bus.cx.mem.gate_a20(cpu.peek(linear)?);
    physical_byte(machine, phys)
}

/// Bytes from a linear address on, as far as they are there.
pub fn linear_bytes(machine: &Machine, linear: u32, len: u32) -> Vec<u8> {
    (0..len).map_while(|i| linear_byte(machine, linear.wrapping_add(i))).collect()
}

/// Descriptor bits P and S: present, and code or data.
const PRESENT_SEGMENT: u64 = 0x9 << 44;

/// Linear base of the segment that a selector names: a paragraph in real and virtual-8086 mode, else as its descriptor
/// says (SDM vol. 3A, 3.4.2).
pub fn segment_base(machine: &Machine, selector: u16) -> Option<u32> {
    let st = &machine.engine.cpu.st;
    if st.real_segments() {
        return Some(u32::from(selector) << 4);
    }
    // What the CPU holds counts, whatever became of the table.
    if let Some(held) = st.seg[..6].iter().find(|s| s.selector == selector && s.attr != 0) {
        return Some(held.base);
    }
    let ldtr = st.seg[usize::from(seg::LDTR)];
    let (base, limit) =
        if selector & 4 != 0 { (ldtr.base, ldtr.limit) } else { (st.gdtr.base, u32::from(st.gdtr.limit)) };
    let at = u32::from(selector & !7);
    if at == 0 && selector & 4 == 0 || at + 7 > limit {
        return None;
    }
    let bytes = linear_bytes(machine, base.wrapping_add(at), 8);
    let descriptor = u64::from_le_bytes(bytes.try_into().ok()?);
    if descriptor & PRESENT_SEGMENT != PRESENT_SEGMENT {
        return None;
    }
    Some((descriptor >> 16) as u32 & 0xFF_FFFF | (descriptor >> 32) as u32 & 0xFF00_0000)
}
