//! Vectors run through the engine.

use super::differences::{Change, expect};
use super::index::{CS, FLAGS, IP};
use super::wanted::Wanted;
use super::{FLAGS_286, NAMES, RAM, Vector};
use emu_core::bus::Bus;
use emu_core::mem::{DIRTY, Memory, PAGE};
use emu_core::x86::decode::{Rep, decode};
use emu_core::x86::regs::{Segment, attr, gpr, seg};
use emu_core::x86::{Cpu, Engine};

/// A vector's instruction repeats at most this often: CX is 16 bits wide.
const MOST_STEPS: u64 = 1 << 16;

/// What became of a vector.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// Row of [`super::differences::DIFFERENCES`] that decided what had to come of it.
    pub row: Option<usize>,
    /// Bits recorded: registers, bytes of memory, exception.
    pub bits: u64,
    /// Of these, not compared or wanted otherwise.
    pub masked: u64,
    /// The differences, if any, one a line.
    pub found: Vec<String>,
}

/// A machine of RAM alone, used for one vector after the other.
pub struct Bench {
    engine: Engine,
    expected: Vec<u8>,
}

impl Default for Bench {
    fn default() -> Self {
        let bus = Bus::new(Memory::new(RAM, 0));
        Self { engine: Engine::new(Cpu::new(bus)), expected: vec![0; RAM as usize] }
    }
}

impl Bench {
    /// Runs one vector and compares.
    pub fn check(&mut self, v: &Vector) -> Checked {
        let (row, change) = expect(v);
        let bits = Wanted::bits(v);
        self.set_up(v);
        self.execute(v);
        let (masked, found) = match change {
            Change::State(wanted) => (wanted.masked(v), self.compare(&wanted)),
            Change::NotRecorded => (bits, self.compare_not_recorded(v)),
        };
        self.clean();
        Checked { row, bits, masked, found }
    }

    fn set_up(&mut self, v: &Vector) {
        let cpu = &mut self.engine.cpu;
        cpu.reset();
        let before = v.before();
        for (register, &value) in cpu.st.gpr.iter_mut().zip(&before[..8]) {
            *register = u32::from(value);
        }
        let data = attr::P | attr::S | attr::RW | attr::ACCESSED;
        for (number, &value) in (0u8..).zip(&before[8..12]) {
            cpu.set_segment(number, Segment::real(value, data));
        }
        cpu.st.eip = u32::from(before[IP]);
        cpu.st.flags.set(u32::from(before[FLAGS] & FLAGS_286));
        cpu.update_mode();
        for &(at, value) in &v.ram {
            cpu.bus.cx.mem.write(u64::from(at), &[value]);
            self.expected[at as usize] = value;
        }
    }

    /// One instruction: a string instruction with all its repetitions.
    fn execute(&mut self, v: &Vector) {
        let repeated = decode(&v.code(), false).is_ok_and(|i| i.op.is_string() && i.rep != Rep::None);
        let engine = &mut self.engine;
        let start = (engine.cpu.st.seg[usize::from(seg::CS)].selector, engine.cpu.st.eip);
        let first = engine.cpu.steps;
        loop {
            let count = engine.cpu.st.gpr[gpr::ECX];
            let next = engine.cpu.steps + 1;
            engine.run(next, u64::MAX);
            let now = (engine.cpu.st.seg[usize::from(seg::CS)].selector, engine.cpu.st.eip);
            let goes_on = repeated && now == start && engine.cpu.st.gpr[gpr::ECX] != count;
            if !goes_on || next - first > MOST_STEPS {
                return;
            }
        }
    }

    fn registers(&self) -> [u16; 14] {
        let st = &self.engine.cpu.st;
        let mut all: [u16; 14] = std::array::from_fn(|i| match i {
            0..8 => st.gpr[i] as u16,
            8..12 => st.seg[i - 8].selector,
            _ => 0,
        });
        // The HLT that ends each test.
        all[IP] = (st.eip as u16).wrapping_add(u16::from(!st.halted));
        all[FLAGS] = st.flags.get() as u16;
        all
    }

    fn compare(&mut self, wanted: &Wanted) -> Vec<String> {
        for (&at, &value) in &wanted.memory {
            self.expected[at as usize] = value;
        }
        if let Some(at) = wanted.pushed_flags() {
            self.forgive(at as usize, wanted.undefined);
        }
        let mut found = Vec::new();
        for (i, value) in self.registers().into_iter().enumerate() {
            let mask = if i == FLAGS { FLAGS_286 & !wanted.undefined } else { u16::MAX };
            if (value ^ wanted.registers[i]) & mask != 0 {
                found.push(format!("{} {value:04X}, not {:04X}", NAMES[i], wanted.registers[i]));
            }
        }
        self.compare_memory(&mut found);
        for &at in wanted.memory.keys() {
            self.engine.cpu.bus.cx.mem.set_flags(at, DIRTY);
        }
        found
    }

    /// Takes undefined bits of the FLAGS word that was pushed at `at` as they came.
    fn forgive(&mut self, at: usize, undefined: u16) {
        let bits = self.engine.cpu.bus.cx.mem.ram.all();
        for (at, mask) in [at, at + 1].into_iter().zip(undefined.to_le_bytes()) {
            self.expected[at] = self.expected[at] & !mask | bits[at] & mask;
        }
    }

    /// It must not be where the 286's exception led.
    fn compare_not_recorded(&self, v: &Vector) -> Vec<String> {
        let now = self.registers();
        let mut refused = Wanted::before(v);
        refused.enter(v.exception.unwrap_or(0));
        let refused = refused.registers;
        if (now[CS], now[IP]) == (refused[CS], refused[IP]) {
            return vec![format!("is at {:04X}:{:04X} as after the 286's exception", now[CS], now[IP])];
        }
        Vec::new()
    }

    fn compare_memory(&self, found: &mut Vec<String>) {
        let mem = &self.engine.cpu.bus.cx.mem;
        for (number, flags) in (0u32..).zip(&mem.all_flags()[..(RAM / PAGE) as usize]) {
            let at = (number * PAGE) as usize;
            let (is, wanted) = (&mem.ram.all()[at..][..PAGE as usize], &self.expected[at..][..PAGE as usize]);
            if flags & DIRTY == 0 || is == wanted {
                continue;
            }
            for (i, (a, b)) in is.iter().zip(wanted).enumerate().filter(|(_, (a, b))| a != b) {
                found.push(format!("[{:06X}] {a:02X}, not {b:02X}", at + i));
            }
        }
    }

    /// Zeros all that was written.
    fn clean(&mut self) {
        let mem = &mut self.engine.cpu.bus.cx.mem;
        for number in 0..RAM / PAGE {
            let at = number * PAGE;
            if mem.flags(at) & DIRTY != 0 {
                mem.write(u64::from(at), &[0; PAGE as usize]);
                mem.clear_flags(at, DIRTY);
                self.expected[at as usize..][..PAGE as usize].fill(0);
            }
        }
    }
}
