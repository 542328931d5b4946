//! Random code and random machine states: nothing panics, and however a run is cut into slices it goes through the
//! same states.

use emu_core::bus::{Ack, Bus, Cx, Device, Line, LineOut, LoadError, Wiring};
use emu_core::mem::Memory;
use emu_core::x86::regs::{Segment, TableRegister, attr, cr0, cr4, seg};
use emu_core::x86::segmentation::Descriptor;
use emu_core::x86::{Cpu, Engine, Exit};
use glassbox_tests::Random;

const RAM: u32 = 1 << 20;
const ROUNDS: u64 = 500;
const STEPS: u64 = 2000;

/// Any port access asks for an interrupt, whose vector follows from the number of accesses so far; every eighth is an
/// NMI.
#[derive(Default)]
struct Interrupter {
    intr: Option<LineOut>,
    nmi: Option<LineOut>,
    accesses: u32,
}

impl Interrupter {
    fn access(&mut self, cx: &mut Cx) {
        self.accesses = self.accesses.wrapping_add(1);
        if let (Some(intr), Some(nmi)) = (self.intr, self.nmi) {
            cx.lines.set(intr, true);
            if self.accesses.is_multiple_of(8) {
                cx.lines.pulse(nmi);
            }
        }
    }
}

impl Device for Interrupter {
    fn name(&self) -> &'static str {
        "interrupter"
    }
    fn wire(&mut self, wiring: &mut Wiring<'_>) {
        wiring.ports(0, 0xFFFF, 4);
        wiring.pic();
        self.intr = Some(wiring.drive(Line::CPU_INTR));
        self.nmi = Some(wiring.drive(Line::CPU_NMI));
    }
    fn reset(&mut self, _cx: &mut Cx) {}
    fn port_read(&mut self, cx: &mut Cx, port: u16, _size: u8) -> u32 {
        self.access(cx);
        self.accesses.wrapping_mul(0x9E37_79B9) ^ u32::from(port) ^ cx.now as u32
    }
    fn port_write(&mut self, cx: &mut Cx, _port: u16, _size: u8, _value: u32) {
        self.access(cx);
    }
    fn acknowledge(&mut self, cx: &mut Cx) -> Ack {
        if let Some(intr) = self.intr {
            cx.lines.set(intr, false);
        }
        Ack::Vector(self.accesses as u8)
    }
    fn save(&self) -> Vec<u8> {
        Vec::new()
    }
    fn load(&mut self, _cx: &mut Cx, _bytes: &[u8]) -> Result<(), LoadError> {
        Ok(())
    }
}

/// A machine with memory of random bytes, the more likely opcodes more often.
fn machine(seed: u64) -> Engine {
    let mut bus = Bus::new(Memory::new(RAM, 0));
    bus.attach(Box::new(Interrupter::default()));
    let mut engine = Engine::new(Cpu::new(bus));
    let mut random = Random::new(seed);
    let bytes = engine.cpu.bus.cx.mem.ram.slice_mut(0, RAM);
    random.fill(bytes);
    for _ in 0..RAM / 16 {
        let at = random.below(u64::from(RAM)) as usize;
        bytes[at] = LIKELY[random.below(LIKELY.len() as u64) as usize];
    }
    let cpu = &mut engine.cpu;
    for register in &mut cpu.st.gpr[..8] {
        *register = random.bits() as u32 & 0xF_FFFF;
    }
    match seed % 5 {
        0 => real(cpu, &mut random),
        kind => protected(cpu, &mut random, kind),
    }
    if seed % 16 >= 8 {
        breakpoints(cpu, &mut random);
    }
    let flags = random.bits() as u32 & 0xCD5 | if seed.is_multiple_of(5) { 0x100 } else { 0 } | 0x200;
    cpu.st.flags.set(cpu.st.flags.get() | flags);
    cpu.update_mode();
    engine
}

/// Prefixes, string instructions, branches, port accesses, segment loads, two-byte opcodes.
const LIKELY: [u8; 40] = [
    0x0F, 0x66, 0x67, 0xF0, 0xF2, 0xF3, 0x26, 0x2E, 0x36, 0x3E, 0x64, 0x65, 0xA4, 0xA5, 0xA6, 0xA7, 0xAA,
    0xAB, 0xAC, 0xAE, 0x6C, 0x6E, 0xE4, 0xE6, 0xEC, 0xEE, 0xCF, 0xCD, 0xCB, 0x9D, 0xFB, 0x17, 0x8E, 0xEB,
    0x74, 0xE8, 0xC3, 0xFF, 0x89, 0x8B,
];

fn real(cpu: &mut Cpu, random: &mut Random) {
    let data = attr::P | attr::S | attr::RW | attr::ACCESSED;
    for number in 0..6 {
        cpu.set_segment(number, Segment::real(random.bits() as u16 & 0x7FFF, data));
    }
    cpu.st.idtr.limit = 0x3FF;
    cpu.st.eip = random.bits() as u32 & 0xFFFF;
}

/// Protected mode with a GDT and IDT of plausible entries, and page tables for some. `kind`: 1 ring 0 without paging,
/// 2 ring 3 with paging, 3 virtual-8086 mode with paging, 4 ring 0 with PAE and NX.
fn protected(cpu: &mut Cpu, random: &mut Random, kind: u64) {
    const GDT: u32 = 0x1000;
    const IDT: u32 = 0x2000;
    const TSS: u32 = 0x3000;
    const DIRECTORY: u32 = 0x4000;
    const TABLE: u32 = 0x5000;
    let mut put = |at: u32, bytes: &[u8]| cpu.bus.cx.mem.write(u64::from(at), bytes);
    for i in 0..64u32 {
        // Code, data, gates and TSSs of all kinds, sizes and levels, with bases and limits in memory.
        let kind = random.below(32) << 40;
        let raw =
            kind | 0x0040_8000_0000_FFFF | random.bits() & 0x008F_6000_00F0_0000 | random.bits() & 0xFF_0000;
        put(GDT + i * 8, &raw.to_le_bytes());
    }
    let flat =
        [0x00CF_9B00_0000_FFFFu64, 0x00CF_9300_0000_FFFF, 0x00CF_FB00_0000_FFFF, 0x00CF_F300_0000_FFFF];
    for (i, raw) in (1u32..).zip(flat) {
        put(GDT + i * 8, &raw.to_le_bytes());
    }
    for i in 0..256u32 {
        let gate_kind = [0xE, 0xF, 0xE, 0xF, 6, 7, 5, 0xC][random.below(8) as usize];
        let selector = if random.below(4) == 0 { random.bits() & 0x1FF } else { 8 };
        let raw = random.bits() & 0x0007_0000_0000_FFFF | 0x8000_0000_0000 | selector << 16;
        put(IDT + i * 8, &(raw | gate_kind << 40 | random.bits() & 0x6000_0000_0000).to_le_bytes());
    }
    for level in 0..3 {
        put(TSS + 4 + level * 8, &(random.bits() as u32 & 0xF_FFFC).to_le_bytes());
        put(TSS + 8 + level * 8, &0x10u32.to_le_bytes());
    }
    for i in 0..1024u32 {
        let odd = random.below(16) == 0;
        let flags = if odd { random.bits() as u32 & 0x1FF } else { 7 };
        put(TABLE + i * 4, &((i % 256) << 12 | flags).to_le_bytes());
        let directory = TABLE | if random.below(8) == 0 { random.bits() as u32 & 0x1FF } else { 7 };
        put(DIRECTORY + i * 4, &directory.to_le_bytes());
    }
    cpu.st.gdtr = TableRegister { base: GDT, limit: 0x1FF };
    cpu.st.idtr = TableRegister { base: IDT, limit: 0x7FF };
    cpu.st.seg[usize::from(seg::TR)] = Segment::new(0x28, TSS, 0x2067, 0x8B);
    cpu.st.cr0 = cr0::PE | cr0::ET | if kind == 1 { 0 } else { cr0::PG } | random.bits() as u32 & cr0::WP;
    cpu.st.cr3 = DIRECTORY;
    cpu.st.cr4 = random.bits() as u32 & cr4::ALL & !cr4::PAE;
    cpu.st.flags.set(random.bits() as u32 & 0x3000);
    cpu.st.eip = random.bits() as u32 & 0xF_FFFF;
    let user = kind == 2;
    let (code, data) = if user { (0x1B, 0x23) } else { (8, 0x10) };
    let segment = |i: u16| Descriptor { linear: 0, raw: flat[usize::from(i / 8 - 1)] }.segment(i);
    for number in 0..6 {
        cpu.set_segment(number, segment(if number == seg::CS { code } else { data }));
    }
    cpu.set_cpl(if user { 3 } else { 0 });
    match kind {
        3 => virtual_8086(cpu, random),
        4 => pae(cpu, random),
        _ => {}
    }
}

/// Every 2 MiB lead to the same table, one to one over RAM, odd entries among it.
fn pae(cpu: &mut Cpu, random: &mut Random) {
    const POINTERS: u32 = 0x6000;
    const DIRECTORY: u32 = 0x7000;
    const TABLE: u32 = 0x8000;
    let mut put = |at: u32, value: u64| cpu.bus.cx.mem.write(u64::from(at), &value.to_le_bytes());
    for i in 0..4 {
        put(POINTERS + i * 8, u64::from(DIRECTORY | 1));
    }
    for i in 0..512 {
        let odd = random.below(16) == 0;
        let flags = if odd { random.bits() & 0x8000_0001_0000_01FF } else { 7 };
        put(TABLE + i * 8, u64::from(i % 256) << 12 | flags);
        let directory = if random.below(8) == 0 { random.bits() & 0x8000_0000_0000_01FF } else { 7 };
        put(DIRECTORY + i * 8, u64::from(TABLE) | directory);
    }
    cpu.st.msr.efer = random.bits() & 1 << 11;
    cpu.st.cr3 = POINTERS;
    cpu.st.cr4 |= cr4::PAE;
    cpu.load_pdptes(POINTERS).expect("no reserved bits");
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

/// Runs to `steps` in slices as given by `slice`; the last exit.
fn run(engine: &mut Engine, steps: u64, mut slice: impl FnMut() -> u64) -> Exit {
    loop {
        let limit = (engine.cpu.steps + slice()).min(steps);
        let exit = engine.run(limit, u64::MAX);
        match exit {
            Exit::Limit if engine.cpu.steps >= steps => return exit,
            Exit::Limit | Exit::Probe => {}
            Exit::Device => engine.cpu.bus.cx.signals = Default::default(),
            Exit::Halt | Exit::Shutdown => return exit,
        }
    }
}

fn assert_same(a: &Engine, b: &Engine, seed: u64) {
    assert_eq!(a.cpu.steps, b.cpu.steps, "steps, seed {seed}");
    assert_eq!(a.cpu.st, b.cpu.st, "state, seed {seed}");
    let differs = a.cpu.bus.cx.mem.ram.all().iter().zip(b.cpu.bus.cx.mem.ram.all()).position(|(a, b)| a != b);
    assert_eq!(differs, None, "memory, seed {seed}");
}

#[test]
fn slices_do_not_matter() {
    let mut executed = 0;
    let mut ends = [0; 3];
    for seed in 0..ROUNDS {
        let (mut whole, mut ones, mut some) = (machine(seed), machine(seed), machine(seed));
        let mut random = Random::new(seed);
        let exit = run(&mut whole, STEPS, || STEPS);
        assert_eq!(run(&mut ones, STEPS, || 1), exit, "seed {seed}");
        assert_same(&whole, &ones, seed);
        assert_eq!(run(&mut some, STEPS, || 1 + random.below(50)), exit, "seed {seed}");
        assert_same(&whole, &some, seed);
        executed += whole.cpu.steps;
        ends[match exit {
            Exit::Halt => 0,
            Exit::Shutdown => 1,
            _ => 2,
        }] += 1;
    }
    println!("{executed} steps, three times; halted, shut down, ran on: {ends:?}");
    assert!(executed > ROUNDS * STEPS / 4, "most of the random code dies early: {executed} steps");
}
