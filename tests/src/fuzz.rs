//! Random bytes where a guest's code should be. A machine is all that follows from its seed; none may panic or hang.

mod code;

use crate::guest::{bios_config, boxed};
use crate::random::Random;
use code::Size;
use emu_core::bus::DriveId;
use emu_core::machine::{Config, Input, Machine, Until};
use std::io::Write;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

const RAM: u32 = 1 << 20;
const FLOPPY_BYTES: usize = 1_474_560;
/// Instructions of one machine, not counting what brings it to its random code.
pub const STEPS: u64 = 1_000_000;
/// Instructions that SeaBIOS's self-test and boot take at most.
const POST: u64 = 9_000_000;
/// Virtual time of one piece beyond what its instructions take. Code that sleeps longer is started again.
const NS: u64 = 60_000_000;
/// Instructions between two looks at where the code is.
const PIECE: u64 = STEPS / 64;
/// A machine that takes longer hangs the host, even one that others keep busy.
const LONGEST: Duration = Duration::from_secs(300);
/// How often the same bytes are started before there are fresh ones.
const STARTS: u32 = 8;
/// Fresh bytes of one machine at most.
const LIVES: u32 = 20_000;
/// Lives that a machine leads in the way of its seed; what halts for good that often goes on in RAM.
const LIVES_OF_A_KIND: u32 = 8;
/// How many machines there are between two lines that tell how far a long run is.
const REPORT: u64 = 500;

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

    /// Instructions from reset to the first random one.
    fn way(self) -> u64 {
        match self {
            Self::RealMode => code::way(Size::Bits16),
            Self::ProtectedMode => code::way(Size::Bits32),
            Self::Rom => 0,
            Self::Media | Self::OptionRom => POST,
        }
    }

    /// Starts of the same bytes that are worth it: a ROM's begin at one place, and SeaBIOS's way to them is long.
    fn starts(self) -> u32 {
        match self {
            Self::RealMode | Self::ProtectedMode => STARTS,
            Self::Rom | Self::Media | Self::OptionRom => 1,
        }
    }
}

/// What became of many machines.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// Machines.
    pub machines: u64,
    /// Instructions of all, as [`STEPS`] counts them.
    pub instructions: u64,
    /// Images of random bytes: more than machines, as many halt for good.
    pub lives: u64,
    /// Starts and resets.
    pub starts: u64,
    /// What went wrong, with the seeds.
    pub failures: Vec<String>,
}

fn random_config(random: &mut Random, kind: Kind) -> Config {
    let mut config = if kind.through_bios() { bios_config() } else { Config::new() };
    config.ram_bytes = RAM;
    config.reset_on_shutdown = random.below(8) == 0;
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

/// Whether the code went where there is none, open or empty memory, which it seldom leaves, or is on its way from a
/// reset that it brought about itself: it is better started again.
fn is_lost(machine: &Machine) -> bool {
    let ip = machine.registers().linear_ip;
    let code = machine.read_memory(ip, 8);
    code::is_way(ip) || code.iter().all(|byte| byte.is_none()) || code.iter().all(|&byte| byte == Some(0))
}

/// Runs some instructions; false if the machine stops before or sleeps for too long.
fn advance(machine: &mut Machine, steps: u64) -> bool {
    let end = machine.instructions() + steps;
    machine.run(Until { instruction: end, time: machine.time() + steps * 10 + NS });
    machine.instructions() >= end
}

/// One machine: images of random bytes, one after the other, until their instructions make up [`STEPS`].
struct Run {
    random: Random,
    kind: Kind,
    instructions: u64,
    lives: u32,
    starts: u32,
    pieces: u32,
}

impl Run {
    /// The machine of a seed.
    fn new(seed: u64) -> Self {
        let (random, kind) = (Random::new(seed), Kind::of(seed));
        Self { random, kind, instructions: 0, lives: 0, starts: 0, pieces: 0 }
    }

    fn is_over(&self) -> bool {
        self.instructions >= STEPS
    }

    fn whole(mut self) -> Self {
        while !self.is_over() && self.lives < LIVES {
            self.live();
        }
        self
    }

    /// Makes fresh bytes and runs them until they halt for good or go astray too often.
    fn live(&mut self) {
        self.lives += 1;
        if self.lives > 1 && self.kind.through_bios() || self.lives > LIVES_OF_A_KIND {
            self.kind = [Kind::RealMode, Kind::ProtectedMode][self.random.below(2) as usize];
        }
        let config = random_config(&mut self.random, self.kind);
        let mut machine = Machine::new(config).unwrap_or_else(|e| panic!("no machine: {e}"));
        for start in 0..self.kind.starts() {
            if start > 0 {
                machine.reset();
            }
            self.start(&mut machine);
            if self.is_over() {
                return;
            }
        }
    }

    fn start(&mut self, machine: &mut Machine) {
        self.starts += 1;
        let mut goes_on = advance(machine, self.kind.way());
        while goes_on && !self.is_over() {
            let before = machine.instructions();
            goes_on = advance(machine, PIECE.min(STEPS - self.instructions)) && !is_lost(machine);
            self.instructions += machine.instructions() - before;
            self.pieces += 1;
            if self.pieces.is_multiple_of(4) {
                random_input(&mut self.random, machine);
            }
            if self.pieces.is_multiple_of(16) {
                look(machine);
            }
        }
    }
}

fn message(payload: &(dyn std::any::Any + Send)) -> String {
    let text = payload.downcast_ref::<String>().cloned();
    text.or(payload.downcast_ref::<&str>().map(|s| s.to_string())).unwrap_or_default()
}

/// Says something at once, whatever becomes of what tests print.
fn say(line: &str) {
    writeln!(std::io::stderr(), "{line}").ok();
}

/// Runs the machines of some seeds on all of the host's cores. Failures, and how far it is, go to stderr as they come.
pub fn fuzz(seeds: Range<u64>) -> Outcome {
    let threads = std::thread::available_parallelism().map_or(1, |n| n.get());
    let (next, done) = (AtomicU64::new(seeds.start), AtomicU64::new(0));
    let (begin, count) = (Instant::now(), seeds.end.saturating_sub(seeds.start));
    let worker = || {
        let mut outcome = Outcome::default();
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if !seeds.contains(&seed) {
                return outcome;
            }
            outcome.add(seed);
            let done = 1 + done.fetch_add(1, Ordering::Relaxed);
            if done.is_multiple_of(REPORT) {
                say(&format!("{done} of {count} machines from {} on, {:.0?}", seeds.start, begin.elapsed()));
            }
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
        match catch_unwind(AssertUnwindSafe(|| Run::new(seed).whole())) {
            Ok(run) => {
                if !run.is_over() {
                    self.fail(seed, &format!("executed only {} instructions", run.instructions));
                }
                self.instructions += run.instructions;
                self.lives += u64::from(run.lives);
                self.starts += u64::from(run.starts);
            }
            Err(payload) => self.fail(seed, &format!("panicked: {}", message(&*payload))),
        }
        let took = start.elapsed();
        if took > LONGEST {
            self.fail(seed, &format!("took {took:?}"));
        }
    }

    fn fail(&mut self, seed: u64, what: &str) {
        let failure = format!("seed {seed} ({:?}) {what}", Kind::of(seed));
        say(&failure);
        self.failures.push(failure);
    }

    fn join(mut self, other: Self) -> Self {
        self.machines += other.machines;
        self.instructions += other.instructions;
        self.lives += other.lives;
        self.starts += other.starts;
        self.failures.extend(other.failures);
        self
    }
}
