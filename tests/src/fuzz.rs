//! Random bytes where a guest's code should be. A machine is all that follows from its seed; none may panic or hang.

mod code;

use crate::guest::{bios_config, boxed};
use crate::random::Random;
use code::Size;
use emu_core::bus::DriveId;
use emu_core::machine::{Config, Input, Machine, Stop, Until};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

const RAM: u32 = 1 << 20;
const FLOPPY_BYTES: usize = 1_474_560;
/// Instructions of one machine, SeaBIOS's not counted.
const STEPS: u64 = 1_000_000;
/// Instructions that SeaBIOS's self-test and boot take at most.
const POST: u64 = 14_000_000;
/// Virtual time of one machine, beyond what its instructions take: for those that mostly sleep.
const NS: u64 = 60_000_000;
/// Pieces that a run is cut into, with inputs in between.
const PIECES: u64 = 4;
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
        match seed % 50 {
            0 => Self::Media,
            1 => Self::OptionRom,
            2..=5 => Self::Rom,
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
        random_input(&mut random, &mut machine);
        look(&mut machine);
    }
    (machine.instructions() >= steps, machine.instructions(), resets)
}

fn message(payload: &(dyn std::any::Any + Send)) -> String {
    let text = payload.downcast_ref::<String>().cloned();
    text.or(payload.downcast_ref::<&str>().map(|s| s.to_string())).unwrap_or_default()
}

/// Runs the machines of some seeds.
pub fn fuzz(seeds: impl Iterator<Item = u64>) -> Outcome {
    let mut outcome = Outcome::default();
    for seed in seeds {
        let start = Instant::now();
        outcome.machines += 1;
        match catch_unwind(AssertUnwindSafe(|| run(seed))) {
            Ok((whole, instructions, resets)) => {
                outcome.whole += u64::from(whole);
                outcome.instructions += instructions;
                outcome.resets += u64::from(resets);
            }
            Err(payload) => outcome.failures.push(format!(
                "seed {seed} ({:?}) panicked: {}",
                Kind::of(seed),
                message(&*payload)
            )),
        }
        let took = start.elapsed();
        if took > LONGEST {
            outcome.failures.push(format!("seed {seed} ({:?}) took {took:?}", Kind::of(seed)));
        } else if took > Duration::from_secs(2) {
            eprintln!("seed {seed} ({:?}) took {took:?}", Kind::of(seed));
        }
    }
    outcome
}
