//! Single-instruction vectors recorded on a real 80286, run through the engine. The format is that of the
//! SingleStepTests project, one JSON object a line.

use emu_core::bus::Bus;
use emu_core::mem::{DIRTY, Memory, PAGE};
use emu_core::x86::regs::{Segment, attr, gpr, seg};
use emu_core::x86::{Cpu, Engine};
use serde::Deserialize;
use std::io::{BufRead, BufReader};
use std::path::Path;

/// RAM of the machine the vectors were recorded on, in bytes.
pub const RAM: u32 = 16 << 20;
/// FLAGS bits that exist in real mode on a 286: bits 12-15 cannot be set there.
pub const FLAGS_286: u16 = 0x0FFF;
/// A vector's instruction repeats at most this often: CX is 16 bits wide.
const MOST_STEPS: u64 = 1 << 16;

/// Registers before; after, only those that changed.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(default)]
pub struct Registers {
    /// AX.
    pub ax: Option<u16>,
    /// BX.
    pub bx: Option<u16>,
    /// CX.
    pub cx: Option<u16>,
    /// DX.
    pub dx: Option<u16>,
    /// CS.
    pub cs: Option<u16>,
    /// SS.
    pub ss: Option<u16>,
    /// DS.
    pub ds: Option<u16>,
    /// ES.
    pub es: Option<u16>,
    /// SP.
    pub sp: Option<u16>,
    /// BP.
    pub bp: Option<u16>,
    /// SI.
    pub si: Option<u16>,
    /// DI.
    pub di: Option<u16>,
    /// IP; after, that behind the HLT that ended the test.
    pub ip: Option<u16>,
    /// FLAGS.
    pub flags: Option<u16>,
}

const NAMES: [&str; 14] =
    ["ax", "cx", "dx", "bx", "sp", "bp", "si", "di", "es", "cs", "ss", "ds", "ip", "flags"];
// Indices in `Registers::all`.
const CX: usize = 1;
const SP: usize = 4;
const SI: usize = 6;
const DI: usize = 7;
const CS: usize = 9;
const SS: usize = 10;
const IP: usize = 12;
const FLAGS: usize = 13;
/// IF and TF, which delivery of an exception clears.
const INTERRUPT_AND_TRAP: u16 = 0x300;

impl Registers {
    /// All in encoding order: general registers, segment registers, IP, FLAGS.
    pub fn all(&self) -> [Option<u16>; 14] {
        [
            self.ax, self.cx, self.dx, self.bx, self.sp, self.bp, self.si, self.di, self.es, self.cs,
            self.ss, self.ds, self.ip, self.flags,
        ]
    }
}

/// One test.
#[derive(Clone, Debug, Deserialize)]
pub struct Vector {
    /// Number in the original file.
    pub i: u32,
    /// Disassembly.
    pub name: String,
    /// The instruction in hexadecimal, with a HLT behind it.
    pub bytes: String,
    /// Registers before.
    pub regs: Registers,
    /// Memory before.
    pub ram: Vec<(u32, u8)>,
    /// Registers after, where changed.
    pub regs_after: Registers,
    /// Memory after, where changed.
    pub ram_after: Vec<(u32, u8)>,
    /// Vector of the exception raised.
    pub exception: Option<u8>,
}

/// ES, CS, SS, DS, LOCK, REPNE, REP.
const PREFIXES: [u8; 7] = [0x26, 0x2E, 0x36, 0x3E, 0xF0, 0xF2, 0xF3];

impl Vector {
    /// The instruction's bytes, without the HLT.
    pub fn code(&self) -> Vec<u8> {
        let digits = self.bytes.strip_suffix("f4").unwrap_or(&self.bytes).as_bytes();
        let byte = |pair: &[u8]| std::str::from_utf8(pair).ok().and_then(|s| u8::from_str_radix(s, 16).ok());
        digits.chunks_exact(2).map_while(byte).collect()
    }

    /// Opcode and, if it has one, ModRM byte behind the prefixes (else what comes there, or FFh).
    pub fn opcode(&self) -> (u8, u8) {
        let code = self.code();
        let at = code.iter().take_while(|b| PREFIXES.contains(b)).count();
        (code.get(at).copied().unwrap_or(0), code.get(at + 1).copied().unwrap_or(0xFF))
    }

    /// Whether a prefix byte stands before the opcode.
    pub fn has_prefix(&self, wanted: u8) -> bool {
        self.code().into_iter().take_while(|b| PREFIXES.contains(b)).any(|b| b == wanted)
    }
}

impl Vector {
    /// The last segment override prefix.
    pub fn segment_override(&self) -> Option<u8> {
        let code = self.code();
        let segments = code.into_iter().take_while(|b| PREFIXES.contains(b));
        segments.filter(|b| matches!(b, 0x26 | 0x2E | 0x36 | 0x3E)).last()
    }
}

/// Reads one `.jsonl.gz` file.
///
/// # Errors
/// What is wrong with it, with the line's number.
pub fn read(path: &Path) -> Result<Vec<Vector>, String> {
    let file = std::fs::File::open(path).map_err(|e| format!("{}: {e}", path.display()))?;
    let lines = BufReader::new(flate2::read::GzDecoder::new(file)).lines();
    lines
        .enumerate()
        .map(|(number, line)| {
            let line = line.map_err(|e| format!("{}: {e}", path.display()))?;
            serde_json::from_str(&line).map_err(|e| format!("{}:{}: {e}", path.display(), number + 1))
        })
        .collect()
}

/// What a CPU of the modelled class does in one test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expect {
    /// As recorded, but for what the fields say.
    Recorded(Leeway),
    /// A fault through this vector that leaves everything as it was but for its delivery.
    Fault(u8),
    /// No fault where the 286 had one: SP stays, and execution does not go on at the 286's handler.
    NoFault,
}

/// Differences from the recording.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Leeway {
    /// Flags not compared, neither in FLAGS nor where an exception pushed them.
    pub undefined: u16,
    /// Another vector than the recorded one is raised.
    pub vector: Option<u8>,
    /// An exception finds SI, DI and CX as before the iteration that failed: up to two elements back.
    pub restarts_string: bool,
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
    /// Runs one vector and compares; the differences, if any, one a line.
    ///
    /// # Errors
    /// The differences.
    pub fn check(&mut self, v: &Vector, expect: Expect) -> Result<(), String> {
        self.set_up(v);
        self.execute();
        let found = match expect {
            Expect::Recorded(leeway) => self.compare(v, leeway),
            Expect::Fault(vector) => self.compare_fault(v, vector),
            Expect::NoFault => self.compare_no_fault(v),
        };
        self.clean(v);
        if found.is_empty() { Ok(()) } else { Err(found.join("\n")) }
    }

    fn set_up(&mut self, v: &Vector) {
        let cpu = &mut self.engine.cpu;
        cpu.reset();
        let before = v.regs.all().map(|r| r.unwrap_or(0));
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
    fn execute(&mut self) {
        let engine = &mut self.engine;
        let start = (engine.cpu.st.seg[usize::from(seg::CS)].selector, engine.cpu.st.eip);
        let first = engine.cpu.steps;
        loop {
            let count = engine.cpu.st.gpr[gpr::ECX];
            let next = engine.cpu.steps + 1;
            engine.run(next, u64::MAX);
            let now = (engine.cpu.st.seg[usize::from(seg::CS)].selector, engine.cpu.st.eip);
            let repeats = now == start && engine.cpu.st.gpr[gpr::ECX] != count;
            if !repeats || next - first > MOST_STEPS {
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

    /// CS and IP in the interrupt table of the test's memory.
    fn handler(&self, vector: u8) -> (u16, u16) {
        let at = usize::from(vector) * 4;
        let word = |at: usize| u16::from_le_bytes([self.expected[at], self.expected[at + 1]]);
        (word(at + 2), word(at))
    }

    fn compare(&mut self, v: &Vector, leeway: Leeway) -> Vec<String> {
        let before = v.regs.all().map(|r| r.unwrap_or(0));
        let after = v.regs_after.all();
        let mut wanted: [u16; 14] = std::array::from_fn(|i| after[i].unwrap_or(before[i]));
        if let Some(vector) = leeway.vector {
            let (cs, ip) = self.handler(vector);
            (wanted[CS], wanted[IP]) = (cs, ip.wrapping_add(1));
        }
        for &(at, value) in &v.ram_after {
            self.expected[at as usize] = value;
        }
        if v.exception.is_some() {
            self.forgive(linear(before[SS], wanted[SP].wrapping_add(4)), leeway.undefined);
        }
        let mut found = Vec::new();
        for (i, value) in self.registers().into_iter().enumerate() {
            let mask = if i == FLAGS { FLAGS_286 & !leeway.undefined } else { u16::MAX };
            let stepped_back = leeway.restarts_string
                && match i {
                    SI | DI => [2, 2u16.wrapping_neg()].contains(&value.wrapping_sub(wanted[i])),
                    CX => matches!(value.wrapping_sub(wanted[i]), 1 | 2),
                    _ => false,
                };
            if (value ^ wanted[i]) & mask != 0 && !stepped_back {
                found.push(difference(i, value, wanted[i], before[i]));
            }
        }
        self.compare_memory(&mut found);
        found
    }

    /// Takes undefined bits of the FLAGS word that was pushed at `at` as they came.
    fn forgive(&mut self, at: usize, undefined: u16) {
        let bits = self.engine.cpu.bus.cx.mem.ram.all();
        for (at, mask) in [at, at + 1].into_iter().zip(undefined.to_le_bytes()) {
            self.expected[at] = self.expected[at] & !mask | bits[at] & mask;
        }
    }

    fn compare_fault(&mut self, v: &Vector, vector: u8) -> Vec<String> {
        let before = v.regs.all().map(|r| r.unwrap_or(0));
        let (cs, ip) = self.handler(vector);
        let pushed = [before[FLAGS] & FLAGS_286, before[CS], before[IP]];
        for (i, value) in (1u16..).zip(pushed) {
            let at = linear(before[SS], before[SP].wrapping_sub(2 * i));
            self.expected[at..][..2].copy_from_slice(&value.to_le_bytes());
        }
        let mut wanted = before;
        wanted[SP] = before[SP].wrapping_sub(6);
        (wanted[CS], wanted[IP]) = (cs, ip.wrapping_add(1));
        wanted[FLAGS] = before[FLAGS] & FLAGS_286 & !INTERRUPT_AND_TRAP;
        let mut found = Vec::new();
        for (i, value) in self.registers().into_iter().enumerate() {
            if value != wanted[i] {
                found.push(difference(i, value, wanted[i], before[i]));
            }
        }
        self.compare_memory(&mut found);
        found
    }

    fn compare_no_fault(&mut self, v: &Vector) -> Vec<String> {
        let before = v.regs.all().map(|r| r.unwrap_or(0));
        let now = self.registers();
        let mut found = Vec::new();
        if now[SP] != before[SP] {
            found.push(difference(SP, now[SP], before[SP], before[SP]));
        }
        let (cs, ip) = self.handler(v.exception.unwrap_or(0));
        if (now[CS], now[IP]) == (cs, ip.wrapping_add(1)) {
            found.push(format!("is at {cs:04X}:{ip:04X} as after the 286's exception"));
        }
        found
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
    fn clean(&mut self, v: &Vector) {
        let mem = &mut self.engine.cpu.bus.cx.mem;
        for &(at, _) in &v.ram_after {
            mem.set_flags(at, DIRTY);
        }
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

fn linear(segment: u16, offset: u16) -> usize {
    (usize::from(segment) << 4) + usize::from(offset)
}

fn difference(register: usize, is: u16, wanted: u16, before: u16) -> String {
    format!("{} {is:04X}, not {wanted:04X} ({before:04X} before)", NAMES[register])
}
