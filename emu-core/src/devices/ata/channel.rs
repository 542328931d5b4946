//! One channel: task file, drive selection, resets, interrupts. The commands are in `disk` and `packet`, the movement of
//! data in `transfer`.

use super::bus_master::BusMaster;
use super::drive::{Drive, Power, Unit};
use super::spec::{self, FLOATING, RESET_NS, cmd, control, device, reg, status};
use super::transfer::Job;
use crate::bus::{Cx, DriveId, LineOut};
use crate::time::{Ns, TimerId};
use serde::{Deserialize, Serialize};

/// What a channel is doing. One drive at a time works on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Phase {
    /// Waits for a command.
    Idle,
    /// SRST is held, or was released and the timer ends the reset.
    Reset,
    /// The timer executes this command.
    Command(u8),
    /// The timer executes the packet.
    Packet,
    /// The host reads the data register.
    In,
    /// The host writes the data register.
    Out,
    /// The timer gets the next block for the host.
    Fetch,
    /// The timer takes the block the host wrote.
    Store,
    /// The bus master moves data, by the timer, whenever it is started.
    Dma,
    /// The timer ends a packet command.
    Finish,
}

/// Volatile state of a channel and its drives.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Channel {
    pub selected: u8,
    pub control: u8,
    /// Level of the interrupt line as it was last driven.
    pub line: bool,
    pub phase: Phase,
    pub job: Job,
    pub bm: BusMaster,
    pub drives: [Drive; 2],
}

impl Channel {
    /// State at power-on.
    pub fn new(units: &[Unit; 2]) -> Self {
        Self {
            selected: 0,
            control: 0,
            line: false,
            phase: Phase::Idle,
            job: Job::default(),
            bm: BusMaster::default(),
            drives: [Drive::new(&units[0]), Drive::new(&units[1])],
        }
    }

    /// The Device register as a drive gives it: the obsolete bits 7 and 5 read 1.
    pub fn device_register(&self, drive: usize) -> u8 {
        self.drives[drive & 1].device & !device::DEV | self.selected << 4 | 0xA0
    }

    /// Whether this state, which may come from anywhere, belongs to these drives and their images.
    pub fn fits(&self, units: &[Unit; 2]) -> bool {
        let drive_fits = |(d, u): (&Drive, &Unit)| {
            d.image_len == u.len() && d.overlay.fits(u.len().unwrap_or(0)) && d.multiple <= spec::MAX_MULTIPLE
        };
        self.selected < 2 && self.job.is_sound() && self.drives.iter().zip(units).all(drive_fits)
    }
}

/// A channel being accessed: its state, its drives' media, and its wires.
pub(super) struct Port<'a> {
    pub cx: &'a mut Cx,
    pub ch: &'a mut Channel,
    pub units: &'a mut [Unit; 2],
    pub number: usize,
    pub irq: LineOut,
    pub timer: TimerId,
    /// PCICMD allows bus mastering.
    pub may_master: bool,
}

impl Port<'_> {
    /// Index of the selected drive.
    pub fn at(&self) -> usize {
        usize::from(self.ch.selected & 1)
    }

    pub fn drive(&mut self) -> &mut Drive {
        &mut self.ch.drives[usize::from(self.ch.selected & 1)]
    }

    pub fn unit(&mut self) -> &mut Unit {
        &mut self.units[usize::from(self.ch.selected & 1)]
    }

    /// Lets the timer act `delay` from now.
    pub fn wake(&mut self, delay: Ns) {
        let at = self.cx.now.saturating_add(delay);
        self.cx.timers.set(self.timer, at);
    }

    /// Reads a register of the command block other than Data.
    pub fn read_register(&mut self, register: u16) -> u8 {
        let Some(value) = self.peek(register) else { return FLOATING };
        if register == reg::COMMAND && !self.units[self.at()].is_absent() {
            self.drive().interrupt = false;
            self.update_line();
        }
        value
    }

    /// Reads Alternate Status, which leaves the interrupt alone.
    pub fn read_alternate_status(&mut self) -> u8 {
        self.peek(reg::COMMAND).unwrap_or(FLOATING)
    }

    /// A register's value, `None` if no drive answers. Device 0 answers for a missing device 1 (ATA/ATAPI-6, 9.16.1):
    /// a disk with its own registers but status 00h, a packet device with 00h throughout, lest a host take its
    /// signature for a second one's. Device 1 never answers for device 0.
    fn peek(&self, register: u16) -> Option<u8> {
        let answering = match (self.at(), self.units[0].is_absent(), self.units[1].is_absent()) {
            (0, false, _) => 0,
            (1, _, false) => 1,
            (1, false, true) if register == reg::COMMAND || self.units[0].is_packet() => return Some(0),
            (1, false, true) => 0,
            _ => return None,
        };
        let d = &self.ch.drives[answering];
        let hob = self.ch.control & control::HOB != 0;
        let pick = |r: super::drive::Fifo| if hob { r.previous } else { r.now };
        Some(match register {
            reg::FEATURES => d.error,
            reg::COUNT => pick(d.count),
            reg::LBA_LOW => pick(d.low),
            reg::LBA_MID => pick(d.mid),
            reg::LBA_HIGH => pick(d.high),
            reg::DEVICE => self.ch.device_register(answering),
            _ => d.status,
        })
    }

    /// Writes a register of the command block other than Data. Both drives take it; while the selected one is busy or
    /// wants data, nothing does but DEVICE RESET.
    pub fn write_register(&mut self, register: u16, value: u8) {
        self.ch.control &= !control::HOB;
        if register == reg::COMMAND {
            return self.command(value);
        }
        let busy = self.drive().status & (status::BSY | status::DRQ) != 0;
        if busy && !self.units[self.at()].is_absent() {
            return;
        }
        for d in &mut self.ch.drives {
            match register {
                reg::FEATURES => d.features.push(value),
                reg::COUNT => d.count.push(value),
                reg::LBA_LOW => d.low.push(value),
                reg::LBA_MID => d.mid.push(value),
                reg::LBA_HIGH => d.high.push(value),
                _ => d.device = value,
            }
        }
        if register == reg::DEVICE {
            self.ch.selected = value >> 4 & 1;
            self.update_line();
        }
    }

    /// Writes Device Control.
    pub fn write_control(&mut self, value: u8) {
        let before = std::mem::replace(&mut self.ch.control, value);
        let (was, is) = (before & control::SRST != 0, value & control::SRST != 0);
        if is && !was {
            self.begin_reset();
        } else if was && !is {
            self.wake(RESET_NS);
        }
        self.update_line();
    }

    fn begin_reset(&mut self) {
        self.ch.phase = Phase::Reset;
        self.ch.job = Job::default();
        self.cx.timers.cancel(self.timer);
        for (d, unit) in self.ch.drives.iter_mut().zip(self.units.iter()) {
            if !unit.is_absent() {
                d.status = status::BSY;
                d.interrupt = false;
            }
        }
    }

    /// Ends a software reset or a diagnostic: signatures, device 0 selected.
    pub fn reset_drives(&mut self) {
        for (d, unit) in self.ch.drives.iter_mut().zip(self.units.iter()) {
            if !unit.is_absent() {
                d.soft_reset(unit);
            }
        }
        self.ch.selected = 0;
        self.ch.phase = Phase::Idle;
        self.update_line();
    }

    fn command(&mut self, code: u8) {
        let at = self.at();
        let absent = self.units[at].is_absent();
        let resets = code == cmd::DEVICE_RESET && self.units[at].is_packet();
        let diagnoses = code == cmd::EXECUTE_DIAGNOSTIC && self.ch.phase == Phase::Idle;
        let busy = self.drive().status & (status::BSY | status::DRQ) != 0 || self.ch.phase != Phase::Idle;
        let deaf = absent || busy || self.drive().power == Power::Sleep;
        if self.ch.phase == Phase::Reset || deaf && !resets && !diagnoses {
            return;
        }
        let (now, number) = (self.cx.now, at as u8);
        self.cx
            .out
            .note_disk(now, if self.units[at].is_packet() { DriveId::CdRom } else { DriveId::Disk(number) });
        self.ch.job = Job::default();
        self.ch.phase = Phase::Command(code);
        for (i, unit) in self.units.iter().enumerate() {
            if i == at || diagnoses && !unit.is_absent() {
                let d = &mut self.ch.drives[i];
                d.interrupt = false;
                d.error = 0;
                d.status = status::BSY | d.status & (status::DRDY | status::DSC);
            }
        }
        self.update_line();
        let delay = if self.units[at].is_packet() { spec::COMMAND_NS } else { super::disk::latency(code) };
        self.wake(delay);
    }

    /// The timer is due.
    pub fn timer(&mut self) {
        let packet = self.unit().is_packet();
        match self.ch.phase {
            Phase::Reset => self.reset_drives(),
            Phase::Command(cmd::EXECUTE_DIAGNOSTIC) => {
                self.reset_drives();
                self.interrupt();
            }
            Phase::Command(code) if packet => self.packet_device_command(code),
            Phase::Command(code) => self.disk_command(code),
            Phase::Packet => self.execute_packet(),
            Phase::Fetch => self.fetch(),
            Phase::Store => self.store_block(),
            Phase::Dma => self.pump(),
            Phase::Finish => self.finish_packet(),
            Phase::Idle | Phase::In | Phase::Out => {}
        }
    }

    /// The selected drive raises its interrupt.
    pub fn interrupt(&mut self) {
        if !self.units[self.at()].is_absent() {
            self.drive().interrupt = true;
        }
        self.update_line();
    }

    /// Drives INTRQ as the selected drive and nIEN say; the bus master notes its rising edge.
    pub fn update_line(&mut self) {
        let level = self.ch.drives[self.at()].interrupt && self.ch.control & control::NIEN == 0;
        if level && !self.ch.line {
            self.ch.bm.interrupt();
        }
        self.ch.line = level;
        self.cx.lines.set(self.irq, level);
    }

    /// Ends a command with this status and error.
    pub fn end(&mut self, status: u8, error: u8) {
        let d = self.drive();
        (d.status, d.error) = (status, error);
        self.ch.phase = Phase::Idle;
        self.ch.job = Job::default();
        self.interrupt();
    }
}
