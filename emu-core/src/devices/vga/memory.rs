//! The CPU's window at A0000-BFFFF: what is mapped as RAM, and the graphics controller's way of reading and writing four
//! planes at once where it is not (IBM PS/2 Video Subsystem, "Graphics Controller" and "Sequencer").

use super::spec::{self, gc, seq};
use super::{State, Vga};
use crate::bus::Cx;
use crate::mem::{Layer, Mapping, PAGE, Target};

/// The part of A0000-BFFFF that is decoded: offset from A0000 and size.
fn decoded(state: &State) -> (u32, u32) {
    if state.dispi.packed() {
        return (0, 0x1_0000);
    }
    match state.gc[gc::MISC] >> 2 & 3 {
        0 => (0, 0x2_0000),
        1 => (0, 0x1_0000),
        2 => (0x1_0000, 0x8000),
        _ => (0x1_8000, 0x8000),
    }
}

/// Whether the byte at window address `a` simply is byte `a` of video memory: chain 4 with nothing between CPU and RAM.
fn direct(state: &State) -> bool {
    let g = &state.gc;
    state.dispi.packed()
        || state.chained4()
            && state.seq[seq::MAP_MASK] == 0x0F
            && g[gc::MODE] & (gc::WRITE_MODE | gc::READ_COMPARE) == 0
            && g[gc::ROTATE] == 0
            && g[gc::ENABLE_SET_RESET] == 0
            && g[gc::BIT_MASK] == 0xFF
}

/// Where an access goes: a plane address, and for writes the planes that the address selects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cell {
    pub address: u32,
    pub planes: u8,
}

impl State {
    pub(super) fn chained4(&self) -> bool {
        self.seq[seq::MEMORY] & seq::CHAIN4 != 0 || self.dispi.packed()
    }

    /// In odd/even addressing A0 picks the plane and is replaced by 0, or by A16 where the window is large enough to
    /// have one and the chain bit wants it.
    fn pair_address(&self, a: u32) -> u32 {
        let high = self.gc[gc::MISC] & gc::CHAIN != 0 && decoded(self).1 > 0x1_0000 && a >> 16 & 1 != 0;
        a & !1 | u32::from(high)
    }

    /// `a` is the address in the window with the bank added.
    pub(super) fn write_cell(&self, a: u32) -> Cell {
        if self.chained4() {
            Cell { address: a >> 2, planes: 1 << (a & 3) }
        } else if self.seq[seq::MEMORY] & seq::SEQUENTIAL == 0 {
            Cell { address: self.pair_address(a), planes: if a & 1 == 0 { 0b0101 } else { 0b1010 } }
        } else {
            Cell { address: a, planes: 0x0F }
        }
    }

    /// The plane address and plane that a read in read mode 0 gets its byte from.
    pub(super) fn read_cell(&self, a: u32) -> (u32, u8) {
        let map = self.gc[gc::READ_MAP];
        if self.chained4() {
            (a >> 2, (a & 3) as u8)
        } else if self.gc[gc::MODE] & gc::ODD_EVEN != 0 {
            (self.pair_address(a), map & 2 | (a & 1) as u8)
        } else {
            (a, map)
        }
    }

    /// Read mode 1: a bit is set where all planes that are cared about have the color's bit.
    fn compare(&self, latch: [u8; 4]) -> u8 {
        (0..4)
            .filter(|p| self.gc[gc::DONT_CARE] >> p & 1 != 0)
            .fold(0xFF, |equal, p| equal & !(latch[p] ^ expand(self.gc[gc::COLOR_COMPARE] >> p)))
    }

    /// The bytes that a write of `value` leaves in all four planes, by write mode.
    fn compose(&self, value: u8) -> [u8; 4] {
        let g = &self.gc;
        let rotated = value.rotate_right(u32::from(g[gc::ROTATE] & 7));
        let set_reset = |p: usize| expand(g[gc::SET_RESET] >> p);
        let forced = |p: usize| g[gc::ENABLE_SET_RESET] >> p & 1 != 0;
        match g[gc::MODE] & gc::WRITE_MODE {
            0 => self.merge(|p| if forced(p) { set_reset(p) } else { rotated }, g[gc::BIT_MASK]),
            1 => self.latch,
            2 => self.merge(|p| expand(value >> p), g[gc::BIT_MASK]),
            _ => self.merge(set_reset, rotated & g[gc::BIT_MASK]),
        }
    }

    /// The function unit and the bit mask: `source` against the latches.
    fn merge(&self, source: impl Fn(usize) -> u8, mask: u8) -> [u8; 4] {
        std::array::from_fn(|p| {
            let latch = self.latch[p];
            let combined = match self.gc[gc::ROTATE] >> 3 & 3 {
                0 => source(p),
                1 => source(p) & latch,
                2 => source(p) | latch,
                _ => source(p) ^ latch,
            };
            combined & mask | latch & !mask
        })
    }
}

/// All ones if the lowest bit is set.
fn expand(bit: u8) -> u8 {
    0u8.wrapping_sub(bit & 1)
}

impl Vga {
    /// Places the decoded window in the physical map, as RAM if it may be.
    pub(super) fn map_window(&self, cx: &mut Cx) {
        let s = &self.state;
        if !s.enabled || s.misc & spec::MISC_RAM == 0 && !s.dispi.packed() {
            cx.mem.map.remove(Layer::VgaWindow);
            return;
        }
        let (offset, bytes) = decoded(s);
        let (vram, vram_bytes) = cx.mem.vram();
        let bank = s.dispi.bank_offset();
        let target = if direct(s) && bank + bytes <= vram_bytes {
            Target::Ram(vram + bank)
        } else {
            Target::Mmio(self.id)
        };
        let first = (spec::WINDOW + offset) / PAGE;
        cx.mem.map.place(Layer::VgaWindow, first, bytes / PAGE, Mapping::both(target));
    }

    pub(super) fn window_read(&mut self, cx: &Cx, phys: u32, size: u8) -> u32 {
        (0..u32::from(size))
            .fold(0, |value, i| value | u32::from(self.window_read_byte(cx, phys.wrapping_add(i))) << (8 * i))
    }

    pub(super) fn window_write(&mut self, cx: &mut Cx, phys: u32, size: u8, value: u32) {
        for i in 0..u32::from(size) {
            self.window_write_byte(cx, phys.wrapping_add(i), (value >> (8 * i)) as u8);
        }
    }

    /// The address within the window with the bank added, `None` outside.
    pub(super) fn window_address(&self, phys: u32) -> Option<u32> {
        let (offset, bytes) = decoded(&self.state);
        let a = phys.wrapping_sub(spec::WINDOW + offset);
        (a < bytes).then(|| a + self.state.dispi.bank_offset())
    }

    /// The backing offset of a plane address's doubleword. Classic planes have 64 KiB and wrap; in VBE modes they have a
    /// quarter of video memory.
    pub(super) fn backing(&self, cx: &Cx, address: u32) -> u32 {
        let (vram, bytes) = cx.mem.vram();
        let room = if self.state.dispi.enabled() { bytes } else { bytes.min(spec::CLASSIC_BYTES) };
        vram + address % (room / 4).max(1) * 4
    }

    fn window_read_byte(&mut self, cx: &Cx, phys: u32) -> u8 {
        let Some((latch, value)) = self.read_window(cx, phys) else { return 0xFF };
        self.state.latch = latch;
        value
    }

    /// What the CPU reads in the window, and what that loads into the latches.
    pub(super) fn read_window(&self, cx: &Cx, phys: u32) -> Option<([u8; 4], u8)> {
        let (address, plane) = self.state.read_cell(self.window_address(phys)?);
        let latch: [u8; 4] = cx.mem.ram.read(self.backing(cx, address));
        let compares = self.state.gc[gc::MODE] & gc::READ_COMPARE != 0;
        let value = if compares { self.state.compare(latch) } else { latch[usize::from(plane & 3)] };
        Some((latch, value))
    }

    fn window_write_byte(&mut self, cx: &mut Cx, phys: u32, value: u8) {
        let Some(a) = self.window_address(phys) else { return };
        let cell = self.state.write_cell(a);
        let planes = cell.planes & self.state.seq[seq::MAP_MASK];
        let offset = self.backing(cx, cell.address);
        let composed = self.state.compose(value);
        for (p, byte) in composed.into_iter().enumerate() {
            if planes >> p & 1 != 0 {
                cx.mem.note_write(offset + p as u32, 1);
                cx.mem.ram.write(offset + p as u32, [byte]);
            }
        }
    }
}
