//! Random bytes where a guest's code should be. A machine is all that follows from its seed; none may panic or hang.

mod code;

use crate::guest::{bios_config, boxed};
use crate::random::Random;
use code::Size;
use emu_core::bus::DriveId;
use emu_core::machine::{Config, Input, Machine, Stop, Until};
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

const RAM: u32 = 1 << 20;
const FLOPPY_BYTES: usize = 1_474_560;
/// Instructions of one machine, SeaBIOS's not counted.
const STEPS: u64 = 1_000_000;
/// Instructions that SeaBIOS's self-test and boot take at most.
const POST: u64 = 9_000_000;
/// Virtual time of one machine, beyond what its instructions take: for those that mostly sleep.
const NS: u64 = 60_000_000;
/// Pieces that a run is cut into.
const PIECES: u64 = 64;
/// A machine that takes longer hangs the host.
const LONGEST: Duration = Duration::from_secs(60);
/// Resets after which a machine that halts for good again and again is left alone.
const RESETS: u32 = 30;

/// How random bytes come to be executed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// As a boot sector is left by a BIOS: real mode, at 7C00h; no BIOS is there.
    RealMode,
    /// At the same place in 32-bit protected mode.
    ProtectedMode,
    /// A ROM that begins at the reset vector.
    Rom,
    /// A floppy, a disk and a CD, booted by SeaBIOS.
    Media,
    /// The display adapter's option ROM, found and called by SeaBIOS.
    OptionRom,
}

impl Kind {
    /// Most machines start without the 7 million instructions of SeaBIOS.
    fn of(seed: u64) -> Self {
        match seed % 100 {
            0 => Self::Media,
            1 => Self::OptionRom,
            2..=7 => Self::Rom,
            n if n % 2 == 0 => Self::RealMode,
            _ => Self::ProtectedMode,
        }
    }

    fn through_bios(self) -> bool {
        matches!(self, Self::Media | Self::OptionRom)
    }
}

/// What became of many machines.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// Machines.
    pub machines: u64,
    /// Machines that executed all their instructions.
    pub whole: u64,
    /// Instructions of all.
    pub instructions: u64,
    /// Resets after the CPU had halted for good.
    pub resets: u64,
    /// What went wrong, with the seeds.
    pub failures: Vec<String>,
}

fn random_config(random: &mut Random, kind: Kind) -> Config {
    let mut config = if kind.through_bios() { bios_config() } else { Config::new() };
    config.ram_bytes = RAM;
    config.reset_on_shutdown = true;
    config.boot_menu = None;
    match kind {
        Kind::RealMode => config.rom = Some((0xFFFF_0000, code::rom(random, Size::Bits16))),
        Kind::ProtectedMode => config.rom = Some((0xFFFF_0000, code::rom(random, Size::Bits32))),
        Kind::Rom => config.rom = Some((0xFFFF_0000, code::bytes(random, 0x1_0000, Size::Bits16))),
        Kind::Media => {}
        Kind::OptionRom => config.vga_bios = code::option_rom(random),
    }
    // Drives to hit: by SeaBIOS, or by ports.
    if kind == Kind::Media || random.below(8) == 0 {
        config.floppies[0] = Some(boxed(code::boot_disk(random, FLOPPY_BYTES)));
        config.disks[0] = Some(boxed(code::boot_disk(random, 1 << 20)));
        config.cdrom = Some(boxed(code::boot_cd(random)));
        let first = random.below(3) as usize;
        config.boot_order.rotate_left(first);
    }
    config
}

fn random_input(random: &mut Random, machine: &mut Machine) {
    machine.input(match random.below(3) {
        0 => Input::Key { code: random.bits() as u16, pressed: random.below(2) == 0 },
        1 => {
            let [dx, dy, wheel] = [0; 3].map(|_: i32| random.bits() as i32);
            Input::Mouse { dx, dy, wheel, buttons: random.bits() as u8 }
        }
        _ => Input::Serial { port: random.bits() as u8, bytes: vec![random.bits() as u8; 40] },
    });
}

/// Everything a person can look at.
fn look(machine: &mut Machine) {
    machine.render();
    machine.text_screen();
    machine.state_hash();
    let registers = machine.registers();
    machine.disassemble(registers.linear_ip, 20);
    for port in 0..4 {
        machine.take_serial(port);
    }
    machine.take_debug();
    machine.take_speaker();
    machine.export_drive(DriveId::Disk(0), 0, &mut [0; 4096]).ok();
}

/// Whether the code went where there is none, open or empty memory, which it seldom leaves: it is better started again,
/// at another place.
fn is_lost(machine: &Machine) -> bool {
    let code = machine.read_memory(machine.registers().linear_ip, 8);
    code.iter().all(|byte| byte.is_none()) || code.iter().all(|&byte| byte == Some(0))
}

/// Runs the machine of a seed; whether it executed all its instructions, how many, and how often it was reset.
fn run(seed: u64) -> (bool, u64, u32) {
    let mut random = Random::new(seed);
    let kind = Kind::of(seed);
    let config = random_config(&mut random, kind);
    let mut machine = Machine::new(config).unwrap_or_else(|e| panic!("no machine: {e}"));
    let steps = STEPS + if kind.through_bios() { POST } else { 0 };
    let mut resets = 0;
    for piece in 1..=PIECES {
        let until = Until { instruction: steps * piece / PIECES, time: machine.time() + steps * 10 + NS };
        while machine.instructions() < until.instruction && machine.time() < until.time {
            match machine.run(until) {
                Stop::Limit => {}
                _ if resets >= RESETS => break,
                _ => {
                    resets += 1;
                    machine.reset();
                }
            }
        }
        if piece % 4 == 0 {
            random_input(&mut random, &mut machine);
        }
        if piece % 16 == 0 {
            look(&mut machine);
        }
        if resets < RESETS && is_lost(&machine) {
            resets += 1;
            machine.reset();
        }
    }
    (machine.instructions() >= steps, machine.instructions(), resets)
}

fn message(payload: &(dyn std::any::Any + Send)) -> String {
    let text = payload.downcast_ref::<String>().cloned();
    text.or(payload.downcast_ref::<&str>().map(|s| s.to_string())).unwrap_or_default()
}

/// Runs the machines of some seeds on all of the host's cores.
pub fn fuzz(seeds: Range<u64>) -> Outcome {
    let threads = std::thread::available_parallelism().map_or(1, |n| n.get());
    let next = AtomicU64::new(seeds.start);
    let worker = || {
        let mut outcome = Outcome::default();
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if !seeds.contains(&seed) {
                return outcome;
            }
            outcome.add(seed);
        }
    };
    let parts = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(worker)).collect();
        workers.into_iter().map(|w| w.join().expect("panics are caught")).collect::<Vec<_>>()
    });
    parts.into_iter().fold(Outcome::default(), Outcome::join)
}

impl Outcome {
    /// Runs the machine of a seed.
    fn add(&mut self, seed: u64) {
        let start = Instant::now();
        self.machines += 1;
        let kind = Kind::of(seed);
        match catch_unwind(AssertUnwindSafe(|| run(seed))) {
            Ok((whole, instructions, resets)) => {
                self.whole += u64::from(whole);
                self.instructions += instructions;
                self.resets += u64::from(resets);
            }
            Err(payload) => {
                self.failures.push(format!("seed {seed} ({kind:?}) panicked: {}", message(&*payload)));
            }
        }
        let took = start.elapsed();
        if took > LONGEST {
            self.failures.push(format!("seed {seed} ({kind:?}) took {took:?}"));
        }
    }

    fn join(mut self, other: Self) -> Self {
        self.machines += other.machines;
        self.whole += other.whole;
        self.instructions += other.instructions;
        self.resets += other.resets;
        self.failures.extend(other.failures);
        self
    }
}
