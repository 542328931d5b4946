//! The machine: the list of devices, their wiring, and the loop that brings CPU and virtual time together.

pub mod boot;
mod build;
mod config;
mod description;
mod edit;
mod hash;
mod history;
mod media;
mod moment;
pub mod pages;
pub mod recording;
mod screen;

pub use config::{Config, Error, Kernel, RAM_MAX, RAM_MIN};
pub use description::{Content, Description, Difference, KernelContent};
pub use edit::{Edit, read_register, write_register};
pub use history::{Arrived, Branch, History, Mark, MarkKind, Stamp, drop_output};
pub use media::Medium;
pub use moment::{Moment, RestoreError};
pub use recording::{Parting, PartingSearch, Recording, RecordingError};
pub use screen::{Frame, TextScreen};

use crate::bus::{BlockRequest, Cx, Device, DriveId, Happened, ResetKind};
use crate::devices::apic::Apic;
use crate::devices::ata::Ide;
use crate::devices::fdc::Fdc;
use crate::devices::i8042::Ps2Controller;
use crate::devices::uart16550::Uarts;
use crate::host::Missing;
use crate::mem::Transfer;
use crate::time::{NEVER, Ns};
use crate::x86::cpu::{NS_PER_STEP, attention};
use crate::x86::probe::{Notice, Origin};
use crate::x86::{Engine, Exit, eflags};
use media::Media;
use pages::PageBook;

/// Where a run ends: at whichever comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Until {
    /// Instructions executed in all.
    pub instruction: u64,
    /// Virtual nanoseconds.
    pub time: Ns,
}

impl Until {
    /// At an instruction count.
    pub fn instruction(instruction: u64) -> Self {
        Self { instruction, time: NEVER }
    }

    /// At a virtual time.
    pub fn time(time: Ns) -> Self {
        Self { instruction: u64::MAX, time }
    }
}

/// Why [`Machine::run`] came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// The limit of [`Until`] was reached.
    Limit,
    /// A disk block is missing: supply it and run on. Virtual time stands still.
    NeedsBlock(BlockRequest),
    /// The guest switched the machine off.
    PowerOff,
    /// Triple fault; the state is there to inspect.
    Shutdown,
    /// HLT with interrupts disabled: nothing but a reset or an NMI goes on from here.
    HaltedForever,
    /// The guest wrote this to the exit port.
    ExitPort(u8),
}

/// Something from outside, seen by the machine at the virtual time at which it is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// A key by its set-1 make code (E0xx for extended ones, E11D Pause, E037 Print Screen).
    Key {
        /// The make code.
        code: u16,
        /// Pressed, or released.
        pressed: bool,
    },
    /// Mouse movement in counts, down and right positive, and buttons (bit 0 left, 1 right, 2 middle).
    Mouse {
        /// Right.
        dx: i32,
        /// Down.
        dy: i32,
        /// Wheel steps, towards the user positive.
        wheel: i32,
        /// Buttons held.
        buttons: u8,
    },
    /// Bytes on a serial line.
    Serial {
        /// COM port, 0-3.
        port: u8,
        /// The bytes.
        bytes: Vec<u8>,
    },
    /// The reset button.
    Reset,
    /// A floppy or CD is put into a drive, in place of what may be there, or taken out.
    Medium {
        /// The drive.
        drive: DriveId,
        /// What is in it then.
        medium: Option<Medium>,
        /// As an edit's.
        delivered: bool,
    },
    /// A debugger's edit.
    Edit {
        /// What is changed.
        edit: Edit,
        /// The machine stood before the first instruction of an interrupt's handler, where only a debugger stops: what
        /// is due at that time is delivered before the edit.
        delivered: bool,
    },
}

impl Input {
    /// What users call its kind.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Key { .. } => "key",
            Self::Mouse { .. } => "mouse",
            Self::Serial { .. } => "serial",
            Self::Reset => "reset",
            Self::Medium { .. } => "medium",
            Self::Edit { .. } => "edit",
        }
    }
}

/// What there is for a debugger to look at.
pub(crate) struct News {
    pub notices: Vec<Notice>,
    pub origin: Option<Origin>,
    pub transfers: Vec<Transfer>,
    /// COM port, 0-3, and byte.
    pub sent: Vec<(u8, u8)>,
}

/// A whole PC.
pub struct Machine {
    pub(crate) engine: Engine,
    reset_on_shutdown: bool,
    powered_off: bool,
    /// When the CPU went to sleep with interrupts disabled: after how many steps, at what time.
    last_sleep: (u64, Ns),
    pages: PageBook,
    /// What the machine was made of.
    description: Description,
    /// A hash of that: moments go back only into a machine of the same.
    configuration: u128,
    /// What is in the drives that can be opened.
    media: Media,
    /// What was in them at power-on.
    first_media: Media,
}

/// How long devices go on after the CPU has halted for good: a UART sends what is in its FIFO, 16 characters at 300
/// baud with this machine's faster lines.
const LINGER: Ns = 10_000_000;

impl Machine {
    /// A machine after power-on.
    ///
    /// # Errors
    /// What is wrong with the configuration.
    pub fn new(mut config: Config) -> Result<Self, Error> {
        let reset_on_shutdown = config.reset_on_shutdown;
        let description = Description::of(&config);
        let configuration = description.fingerprint();
        let media = Media::share(&mut config.floppies, &mut config.cdrom);
        let engine = build::engine(config)?;
        Ok(Self {
            engine,
            reset_on_shutdown,
            powered_off: false,
            last_sleep: (0, 0),
            pages: PageBook::default(),
            description,
            configuration,
            first_media: media.clone(),
            media,
        })
    }

    /// Runs until a limit is reached or something needs the host. However a run is cut into calls, the machine goes
    /// through the same states.
    pub fn run(&mut self, until: Until) -> Stop {
        loop {
            if let Some(stop) = self.run_probed(until) {
                return stop;
            }
            self.take_news();
        }
    }

    /// What the probe noticed, who did it, what bus masters moved, and what serial ports sent, since the last call.
    pub(crate) fn take_news(&mut self) -> News {
        let cpu = &mut self.engine.cpu;
        let (notices, origin) = cpu.take_notices();
        let transfers = cpu.bus.cx.mem.take_transfers();
        let sent = cpu.bus.cx.out.serial_tap.as_mut().map_or(Vec::new(), std::mem::take);
        News { notices, origin, transfers, sent }
    }

    /// As [`Machine::run`], but comes back with `None` when there is something for a debugger to look at.
    pub(crate) fn run_probed(&mut self, until: Until) -> Option<Stop> {
        loop {
            if let Some(stop) = self.act_on_signals() {
                return Some(stop);
            }
            let (now, steps) = (self.engine.cpu.now(), self.engine.cpu.steps);
            if steps >= until.instruction || now >= until.time {
                return Some(Stop::Limit);
            }
            if self.engine.cpu.bus.cx.timers.next() <= now {
                self.engine.cpu.bus.run_timers(now);
                self.engine.cpu.attention |= attention::DEVICE | attention::INTERRUPT;
                if self.engine.cpu.bus.cx.has_news() {
                    return None;
                }
                continue;
            }
            let deadline = self.engine.cpu.bus.cx.timers.next();
            let limit = until.instruction.min(self.steps_at(deadline.min(until.time)));
            match self.engine.run(limit, deadline) {
                Exit::Limit | Exit::Device => {}
                Exit::Halt => {
                    if let Some(stop) = self.sleep(until.time) {
                        return Some(stop);
                    }
                }
                Exit::Shutdown if self.reset_on_shutdown => self.reset(),
                Exit::Shutdown => return Some(Stop::Shutdown),
                Exit::Probe => return None,
            }
        }
    }

    /// Executes one instruction (or lets a sleeping CPU wake and execute one).
    pub fn step(&mut self) -> Stop {
        self.run(Until::instruction(self.engine.cpu.steps + 1))
    }

    /// The step count at which virtual time has reached `time`.
    fn steps_at(&self, time: Ns) -> u64 {
        if time == NEVER {
            return u64::MAX;
        }
        time.saturating_sub(self.engine.cpu.time_base).div_ceil(NS_PER_STEP)
    }

    /// The CPU sleeps: virtual time jumps to the next deadline.
    fn sleep(&mut self, until: Ns) -> Option<Stop> {
        let cpu = &mut self.engine.cpu;
        let now = cpu.now();
        let mut wake = cpu.bus.cx.timers.next().min(until);
        if cpu.st.flags.system(eflags::IF) == 0 && !cpu.st.nmi_pending {
            if self.last_sleep.0 != cpu.steps {
                self.last_sleep = (cpu.steps, now);
            }
            let end = self.last_sleep.1.saturating_add(LINGER);
            if now >= end {
                return Some(Stop::HaltedForever);
            }
            wake = wake.min(end);
        }
        if wake == NEVER {
            return Some(Stop::HaltedForever);
        }
        cpu.time_base += wake.saturating_sub(now);
        let base = cpu.time_base;
        if let Some(marks) = &mut cpu.bus.cx.out.marks {
            marks.set_base(base);
        }
        None
    }

    fn act_on_signals(&mut self) -> Option<Stop> {
        if self.powered_off {
            return Some(Stop::PowerOff);
        }
        let signals = &mut self.engine.cpu.bus.cx.signals;
        if let Some(code) = signals.exit.take() {
            return Some(Stop::ExitPort(code));
        }
        if signals.power_off {
            self.powered_off = true;
            return Some(Stop::PowerOff);
        }
        if let Some(request) = signals.needs_block.take() {
            return Some(Stop::NeedsBlock(request));
        }
        match signals.reset.take() {
            Some(ResetKind::Hard) => self.reset(),
            Some(ResetKind::Cpu) => {
                self.engine.cpu.bus.with::<Apic, _>(|apic, cx| apic.init(cx));
                // Else a closed A20 gate would have the reset vector fetched from FFEFFFF0h, where no board has ROM.
                self.engine.cpu.bus.cx.gate_a20(true);
                self.engine.cpu.init();
            }
            None => {}
        }
        None
    }

    /// Presses the reset button. RAM keeps its contents, virtual time goes on.
    pub fn reset(&mut self) {
        self.powered_off = false;
        self.last_sleep = (0, 0);
        let cpu = &mut self.engine.cpu;
        cpu.bus.cx.signals = crate::bus::Signals::default();
        cpu.bus.cx.now = cpu.now();
        cpu.mark_happened(Happened::Reset);
        cpu.bus.cx.mem.set_a20(true);
        cpu.bus.reset();
        cpu.reset();
        self.engine.forget();
    }

    /// Instructions executed since power-on: REP iterations and faults count as one each.
    pub fn instructions(&self) -> u64 {
        self.engine.cpu.steps
    }

    /// Virtual nanoseconds since power-on.
    pub fn time(&self) -> Ns {
        self.engine.cpu.now()
    }

    /// Whether the CPU sleeps in HLT.
    pub fn is_halted(&self) -> bool {
        self.engine.cpu.st.halted
    }

    /// Gives the machine an input now.
    pub fn input(&mut self, input: Input) {
        match input {
            Input::Key { code, pressed } => {
                self.with_device::<Ps2Controller, _>(|d, cx| d.key(cx, code, pressed));
            }
            Input::Mouse { dx, dy, wheel, buttons } => {
                self.with_device::<Ps2Controller, _>(|d, cx| d.mouse(cx, dx, dy, wheel, buttons));
            }
            Input::Serial { port, bytes } => {
                self.with_device::<Uarts, _>(|d, cx| d.receive(cx, usize::from(port & 3), &bytes));
            }
            Input::Reset => self.reset(),
            // Refused now if it was refused then.
            Input::Medium { drive, medium, delivered } => {
                self.deliver_if(delivered);
                drop(self.change_medium(drive, medium));
            }
            Input::Edit { edit, delivered } => {
                self.deliver_if(delivered);
                drop(self.edit(&edit));
            }
        }
    }

    /// Bytes sent on a COM port since the last call.
    pub fn take_serial(&mut self, port: usize) -> Vec<u8> {
        std::mem::take(&mut self.engine.cpu.bus.cx.out.serial[port & 3])
    }

    /// Bytes written to the debug ports since the last call.
    pub fn take_debug(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.engine.cpu.bus.cx.out.debug)
    }

    /// Bytes written to the capture port since the last call.
    pub fn take_captured(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.engine.cpu.bus.cx.out.captured)
    }

    /// Speaker changes since the last call: virtual ns and mHz, 0 for silence.
    pub fn take_speaker(&mut self) -> Vec<(Ns, u64)> {
        std::mem::take(&mut self.engine.cpu.bus.cx.out.speaker)
    }

    /// Calls a device from outside the run loop, at the current time.
    fn with_device<T: Device, R>(&mut self, f: impl FnOnce(&mut T, &mut Cx) -> R) -> R {
        let cpu = &mut self.engine.cpu;
        cpu.bus.cx.now = cpu.now();
        cpu.attention |= attention::DEVICE | attention::INTERRUPT;
        cpu.bus.with(f).expect("every machine has each of these devices")
    }

    /// What the machine is made of now: its drives hold what they hold now.
    pub fn description(&self) -> Description {
        let mut description = self.description.clone();
        for (drive, bytes) in Description::DRIVES.into_iter().zip(&mut description.drives) {
            *bytes = self.drive_len(drive);
        }
        self.media.describe(&mut description);
        description
    }

    /// Tells the machine the SHA-256 of the image in a drive, if the host knows it: snapshots then open over no other.
    pub fn set_image_hash(&mut self, drive: DriveId, sha256: [u8; 32]) {
        match self.medium(drive) {
            Some(medium) => medium.set_sha256(Some(sha256)),
            None => self.description.set_image_hash(drive, Some(sha256)),
        }
    }

    /// What the machine was made of at power-on.
    pub fn made_of(&self) -> Description {
        let mut description = self.description.clone();
        self.first_media.describe(&mut description);
        description
    }

    /// Size in bytes of the image in a drive.
    pub fn drive_len(&self, drive: DriveId) -> Option<u64> {
        let bus = &self.engine.cpu.bus;
        match drive {
            DriveId::Floppy(n) => bus.device::<Fdc>()?.image_len(usize::from(n)),
            DriveId::Disk(n) => bus.device::<Ide>()?.disk_len(usize::from(n)),
            DriveId::CdRom => bus.device::<Ide>()?.cdrom_len(),
        }
    }

    /// Reads a piece of a floppy's or disk's image as the guest sees it, its own writes included. Offset and length are
    /// multiples of 512. False if the drive is empty or read-only by nature.
    ///
    /// # Errors
    /// Bytes that the host has not got yet.
    pub fn export_drive(&mut self, drive: DriveId, offset: u64, buf: &mut [u8]) -> Result<bool, Missing> {
        self.with_device::<Fdc, _>(|d, _| match drive {
            DriveId::Floppy(n) => Some(d.export(usize::from(n), offset, buf)),
            _ => None,
        })
        .unwrap_or_else(|| {
            self.with_device::<Ide, _>(|d, _| match drive {
                DriveId::Disk(n) => d.export(usize::from(n), offset, buf),
                _ => Ok(false),
            })
        })
    }
}
