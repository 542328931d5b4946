//! Machines in random modes, with random code, tables and registers.

use crate::interrupter::Interrupter;
use crate::stream::Streams;
use emu_core::bus::Bus;
use emu_core::mem::Memory;
use emu_core::x86::regs::{Segment, TableRegister, attr, cr0, cr4, seg};
use emu_core::x86::segmentation::Descriptor;
use emu_core::x86::{Cpu, Engine};
use glassbox_tests::Random;

/// Bytes of RAM. Linear addresses lead to it modulo its size, but for odd page-table entries.
pub const RAM: u32 = 1 << 20;

const GDT: u32 = 0x1000;
const IDT: u32 = 0x2000;
const TSS: u32 = 0x3000;
const DIRECTORY: u32 = 0x4000;
const TABLE: u32 = 0x5000;
const POINTERS: u32 = 0x6000;
const PAE_DIRECTORY: u32 = 0x7000;
const PAE_TABLE: u32 = 0x8000;
/// Selector of the TSS, behind the flat segments.
const TSS_SELECTOR: u16 = 0x68;

/// How linear addresses become physical ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Paging {
    Off,
    On,
    Pae,
}

/// What a machine starts in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    Real,
    Virtual8086(Paging),
    Protected { ring: u8, code32: bool, paging: Paging },
}

/// Every mode, ring, code size and kind of paging comes again after so many seeds.
const MODES: u64 = 16;

impl Mode {
    fn of(seed: u64) -> Self {
        let protected = |ring, code32, paging| Self::Protected { ring, code32, paging };
        match seed % MODES {
            0 | 1 => Self::Real,
            2 => Self::Virtual8086(Paging::Off),
            3 => Self::Virtual8086(Paging::On),
            4 => Self::Virtual8086(Paging::Pae),
            5 => protected(0, true, Paging::Off),
            6 => protected(0, false, Paging::Off),
            7 => protected(0, true, Paging::On),
            8 => protected(0, true, Paging::Pae),
            9 => protected(0, false, Paging::Pae),
            10 => protected(1, true, Paging::On),
            11 => protected(2, false, Paging::Off),
            12 => protected(3, true, Paging::Off),
            13 => protected(3, true, Paging::On),
            14 => protected(3, true, Paging::Pae),
            _ => protected(3, false, Paging::On),
        }
    }

    fn code32(self) -> bool {
        matches!(self, Self::Protected { code32: true, .. })
    }
}

/// Memory of the machine of a seed, before there are tables in it.
pub fn memory(seed: u64, streams: &Streams) -> Vec<u8> {
    let mut memory = vec![0; RAM as usize];
    // Every second round of the modes has instructions in its memory, the others bytes.
    let whole = (seed / MODES).is_multiple_of(2);
    streams.fill(&mut memory, Mode::of(seed).code32(), whole, &mut Random::new(seed));
    memory
}

/// The machine of a seed, which has this memory.
pub fn machine(seed: u64, memory: &[u8]) -> Engine {
    let mut bus = Bus::new(Memory::new(RAM, 0));
    bus.attach(Box::new(Interrupter::default()));
    let mut engine = Engine::new(Cpu::new(bus));
    let (mut random, mode) = (Random::new(!seed), Mode::of(seed));
    engine.cpu.bus.cx.mem.ram.slice_mut(0, RAM).copy_from_slice(memory);
    let cpu = &mut engine.cpu;
    for register in &mut cpu.st.gpr[..8] {
        *register = random.bits() as u32 & 0xF_FFFF;
    }
    match mode {
        Mode::Real => real(cpu, &mut random),
        Mode::Virtual8086(paging) => {
            tables(cpu, &mut random, paging);
            enter(cpu, &mut random, 0, true);
            virtual_8086(cpu, &mut random);
        }
        Mode::Protected { ring, code32, paging } => {
            tables(cpu, &mut random, paging);
            enter(cpu, &mut random, ring, code32);
        }
    }
    if random.below(2) == 0 {
        breakpoints(cpu, &mut random);
    }
    // TF in one of five.
    let flags = random.bits() as u32 & 0xCD5 | if random.below(5) == 0 { 0x100 } else { 0 } | 0x200;
    cpu.st.flags.set(cpu.st.flags.get() | flags);
    cpu.update_mode();
    engine
}

fn real(cpu: &mut Cpu, random: &mut Random) {
    let data = attr::P | attr::S | attr::RW | attr::ACCESSED;
    for number in 0..6 {
        cpu.set_segment(number, Segment::real(random.bits() as u16 & 0x7FFF, data));
    }
    cpu.st.idtr.limit = 0x3FF;
    cpu.st.eip = random.bits() as u32 & 0xFFFF;
}

/// Flat segments of a ring: 32-bit code, 16-bit code, data; their descriptors without the privilege level.
const FLAT: [u64; 3] = [0x00CF_9B00_0000_FFFF, 0x008F_9B00_0000_FFFF, 0x00CF_9300_0000_FFFF];

/// Selector of one of the [`FLAT`] segments of a ring.
fn flat(ring: u8, which: u16) -> u16 {
    (1 + 3 * u16::from(ring) + which) << 3 | u16::from(ring)
}

/// A flat segment as it is loaded from the GDT.
fn flat_segment(ring: u8, which: u16) -> Segment {
    let raw = FLAT[usize::from(which)] | u64::from(ring) << 45;
    Descriptor { linear: 0, raw }.segment(flat(ring, which))
}

/// A GDT and IDT of plausible entries, a TSS, and page tables.
fn tables(cpu: &mut Cpu, random: &mut Random, paging: Paging) {
    let mut put = |at: u32, bytes: &[u8]| cpu.bus.cx.mem.write(u64::from(at), bytes);
    for i in 0..64u32 {
        // Code, data, gates and TSSs of all kinds, sizes and levels, with bases and limits in memory.
        let kind = random.below(32) << 40;
        let raw =
            kind | 0x0040_8000_0000_FFFF | random.bits() & 0x008F_6000_00F0_0000 | random.bits() & 0xFF_0000;
        put(GDT + i * 8, &raw.to_le_bytes());
    }
    for ring in 0..4 {
        for (which, raw) in (0u16..).zip(FLAT) {
            let at = GDT + u32::from(flat(ring, which) & !7);
            put(at, &(raw | u64::from(ring) << 45).to_le_bytes());
        }
    }
    for i in 0..256u32 {
        let gate_kind = [0xE, 0xF, 0xE, 0xF, 6, 7, 5, 0xC][random.below(8) as usize];
        let selector = if random.below(4) == 0 { random.bits() & 0x1FF } else { u64::from(flat(0, 0)) };
        let raw = random.bits() & 0x0007_0000_0000_FFFF | 0x8000_0000_0000 | selector << 16;
        put(IDT + i * 8, &(raw | gate_kind << 40 | random.bits() & 0x6000_0000_0000).to_le_bytes());
    }
    for ring in 0..3u8 {
        let at = TSS + 4 + u32::from(ring) * 8;
        put(at, &(random.bits() as u32 & 0xF_FFFC).to_le_bytes());
        put(at + 4, &u32::from(flat(ring, 2)).to_le_bytes());
    }
    cpu.st.gdtr = TableRegister { base: GDT, limit: 0x1FF };
    cpu.st.idtr = TableRegister { base: IDT, limit: 0x7FF };
    cpu.st.seg[usize::from(seg::TR)] = Segment::new(TSS_SELECTOR, TSS, 0x2067, 0x8B);
    cpu.st.cr0 = cr0::PE | cr0::ET | random.bits() as u32 & (cr0::WP | cr0::NE | cr0::AM);
    cpu.st.cr4 = random.bits() as u32 & cr4::ALL & !cr4::PAE;
    match paging {
        Paging::Off => {}
        Paging::On => two_levels(cpu, random),
        Paging::Pae => three_levels(cpu, random),
    }
}

/// Every 4 MiB lead to the same table, one to one over RAM, odd entries among it.
fn two_levels(cpu: &mut Cpu, random: &mut Random) {
    let mut put = |at: u32, value: u32| cpu.bus.cx.mem.write(u64::from(at), &value.to_le_bytes());
    for i in 0..1024u32 {
        let odd = random.below(16) == 0;
        let flags = if odd { random.bits() as u32 & 0x1FF } else { 7 };
        put(TABLE + i * 4, (i % 256) << 12 | flags);
        put(DIRECTORY + i * 4, TABLE | if random.below(8) == 0 { random.bits() as u32 & 0x1FF } else { 7 });
    }
    cpu.st.cr3 = DIRECTORY;
    cpu.st.cr0 |= cr0::PG;
}

/// The same with every 2 MiB, entries of 64 bits, and NX.
fn three_levels(cpu: &mut Cpu, random: &mut Random) {
    let mut put = |at: u32, value: u64| cpu.bus.cx.mem.write(u64::from(at), &value.to_le_bytes());
    for i in 0..4 {
        put(POINTERS + i * 8, u64::from(PAE_DIRECTORY | 1));
    }
    for i in 0..512 {
        let odd = random.below(16) == 0;
        let flags = if odd { random.bits() & 0x8000_0001_0000_01FF } else { 7 };
        put(PAE_TABLE + i * 8, u64::from(i % 256) << 12 | flags);
        let directory = if random.below(8) == 0 { random.bits() & 0x8000_0000_0000_01FF } else { 7 };
        put(PAE_DIRECTORY + i * 8, u64::from(PAE_TABLE) | directory);
    }
    cpu.st.msr.efer = random.bits() & 1 << 11;
    cpu.st.cr3 = POINTERS;
    cpu.st.cr0 |= cr0::PG;
    cpu.st.cr4 |= cr4::PAE;
    cpu.load_pdptes(POINTERS).expect("no reserved bits");
}

/// Flat segments of a ring, and a place to begin at.
fn enter(cpu: &mut Cpu, random: &mut Random, ring: u8, code32: bool) {
    cpu.st.flags.set(random.bits() as u32 & 0x3000);
    cpu.st.eip = random.bits() as u32 & if code32 { 0xF_FFFF } else { 0xFFFF };
    for number in 0..6 {
        let which = if number == seg::CS { u16::from(!code32) } else { 2 };
        cpu.set_segment(number, flat_segment(ring, which));
    }
    cpu.set_cpl(ring);
}

fn virtual_8086(cpu: &mut Cpu, random: &mut Random) {
    let data = attr::P | attr::S | attr::RW | attr::ACCESSED | 3 << attr::DPL_SHIFT;
    for number in 0..6 {
        cpu.set_segment(number, Segment::real(random.bits() as u16 & 0x7FFF, data));
    }
    cpu.st.flags.set(cpu.st.flags.get() | 0x2_0000);
    cpu.st.eip &= 0xFFFF;
    cpu.set_cpl(3);
}

fn breakpoints(cpu: &mut Cpu, random: &mut Random) {
    for number in 0..4 {
        cpu.set_debug_register(number, random.bits() as u32 & 0xF_FFFF);
    }
    cpu.set_debug_register(7, random.bits() as u32 & !(1 << 13));
}
