//! The 82077AA floppy disk controller in AT mode, with drives A and B (Intel datasheet 290166).
//!
//! Virtual latencies are fixed and shorter than real ones (see `spec`): half a millisecond a sector, 50 us a step.
//! Sectors are read and written only in [`Device::timer`], so that a machine whose image has not arrived can stop there
//! and call again.
//!
//! Where the hardware would wait for ever, for lack of index pulses (no disk, motor off), a command ends with "missing
//! address mark". Tracks keep the layout of the image: FORMAT TRACK fills the sectors it names and cannot make others;
//! deleted-data marks are kept beside the image and lost when it is exported. A disk can be exchanged at any time. The
//! SCAN commands are those of the 8272A, which the 82077AA no longer documents; PART ID came later and is invalid.

mod command;
mod media;
mod seek;
pub mod spec;
#[cfg(test)]
mod tests;
mod transfer;
mod view;

pub use media::DriveType;

use crate::bus::view::RegisterGroup;
use crate::bus::{Cx, Device, Field, Line, LineOut, LoadError, Wiring, fields_of, load_state, save_state};
use crate::host::{BlockDevice, ImageError, ImageProblem, Missing, Overlay};
use crate::time::{Ns, TimerId};
use media::{FloppyDrive, Medium};
use seek::Seek;
use serde::{Deserialize, Serialize};
use spec::*;
use std::collections::BTreeSet;
use transfer::Work;

const NAMES: [&str; 2] = ["floppy A", "floppy B"];

/// An image, and what a guest wrote to it.
pub type Disk = (Box<dyn BlockDevice>, Overlay);

/// The controller and its drives.
pub struct Fdc {
    drives: [Option<FloppyDrive>; 2],
    wires: Option<Wires>,
    state: State,
}

#[derive(Clone, Copy)]
struct Wires {
    irq: LineOut,
    operation: TimerId,
    seeks: [TimerId; 4],
}

/// What the controller is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Phase {
    /// Held in reset by DOR.
    Off,
    /// Coming out of reset, by the timer.
    Reset,
    /// Takes the bytes of a command.
    Command,
    /// The timer executes a command.
    Execute,
    /// The host moves bytes of a sector (no DMA).
    Transfer,
    /// The host reads the result.
    Result,
}

/// What CONFIGURE sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Configuration {
    implied_seek: bool,
    fifo_off: bool,
    polling_off: bool,
    threshold: u8,
    precompensation_track: u8,
}

impl Default for Configuration {
    fn default() -> Self {
        Self {
            implied_seek: false,
            fifo_off: true,
            polling_off: false,
            threshold: 0,
            precompensation_track: 0,
        }
    }
}

/// State of a drive and its disk.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct DriveState {
    /// Cylinder the heads are over.
    cylinder: u8,
    /// DSKCHG: the disk was taken out since the last step with a disk inside.
    changed: bool,
    /// Sectors, by their number on the medium, that carry a deleted-data mark.
    deleted: BTreeSet<u32>,
    image_len: Option<u64>,
    overlay: Overlay,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct State {
    dor: u8,
    tdr: u8,
    rate: u8,
    phase: Phase,
    /// The controller's INT pin.
    interrupt: bool,
    command: Vec<u8>,
    result: Vec<u8>,
    result_at: u8,
    specify: [u8; 2],
    configuration: Configuration,
    lock: bool,
    perpendicular: u8,
    /// EOT of the last transfer or SC of the last format, for DUMPREG.
    last_eot: u8,
    /// ST0 of each drive that SENSE INTERRUPT STATUS has yet to report.
    pending: [Option<u8>; 4],
    /// Present cylinder numbers: where the controller thinks the heads are.
    cylinders: [u8; 4],
    seeks: [Option<Seek>; 4],
    work: Option<Work>,
    drives: [DriveState; 2],
}

impl State {
    fn new(drives: &[Option<FloppyDrive>; 2]) -> Self {
        let drive = |d: &Option<FloppyDrive>| DriveState {
            cylinder: 0,
            changed: true,
            deleted: BTreeSet::new(),
            image_len: d.as_ref().and_then(image_len),
            overlay: Overlay::default(),
        };
        Self {
            dor: 0,
            tdr: 0,
            rate: 2,
            phase: Phase::Off,
            interrupt: false,
            command: Vec::new(),
            result: Vec::new(),
            result_at: 0,
            specify: [0; 2],
            configuration: Configuration::default(),
            lock: false,
            perpendicular: 0,
            last_eot: 0,
            pending: [None; 4],
            cylinders: [0; 4],
            seeks: [None; 4],
            work: None,
            drives: [drive(&drives[0]), drive(&drives[1])],
        }
    }
}

fn image_len(drive: &FloppyDrive) -> Option<u64> {
    drive.medium.as_ref().map(|m| m.image.len())
}

impl Fdc {
    /// The controller with images in drives A and B. Drive A is always there (1.44 MB if it starts empty), drive B
    /// only with an image. A drive's type is that of the image it starts with.
    ///
    /// # Errors
    /// An image whose size is that of no floppy format.
    pub fn new(images: [Option<Box<dyn BlockDevice>>; 2]) -> Result<Self, ImageError> {
        let [a, b] = images;
        let second = b.map(|image| FloppyDrive::new(NAMES[1], Some(image))).transpose()?;
        let drives = [Some(FloppyDrive::new(NAMES[0], a)?), second];
        let state = State::new(&drives);
        Ok(Self { drives, wires: None, state })
    }

    /// Type of a drive (0 is A), for CMOS register 10h; `None` if there is no such drive.
    pub fn drive_type(&self, drive: usize) -> Option<DriveType> {
        Some(self.drives.get(drive)?.as_ref()?.kind)
    }

    /// Puts a disk into a drive (0 is A) in place of one that may be there, with what a guest wrote to it before, or
    /// takes it out. The guest sees the disk change line. Gives back the former image and what was written to it.
    ///
    /// # Errors
    /// No such drive, or an image whose size is that of no format or of one the drive cannot take; the drive stays as
    /// it was.
    pub fn change_floppy(&mut self, drive: usize, disk: Option<Disk>) -> Result<Option<Disk>, ImageError> {
        let name = NAMES.get(drive).copied().unwrap_or("floppy");
        let Some(unit) = self.drives.get_mut(drive).and_then(Option::as_mut) else {
            return Err(ImageError { drive: name, problem: ImageProblem::NoDrive });
        };
        let (medium, overlay) = match disk {
            Some((image, overlay)) => (Some(unit.accept(name, image)?), overlay),
            None => (None, Overlay::default()),
        };
        let former = std::mem::replace(&mut unit.medium, medium);
        let s = &mut self.state.drives[drive];
        s.changed = true;
        s.deleted.clear();
        s.image_len = image_len(unit);
        let written = std::mem::replace(&mut s.overlay, overlay);
        Ok(former.map(|m| (m.image, written)))
    }

    /// Has a drive hold another image, or none, without the guest's notice: its state is to be loaded next. An image
    /// that does not fit leaves it empty.
    pub fn exchange_image(&mut self, drive: usize, image: Option<Box<dyn BlockDevice>>) {
        let name = NAMES.get(drive).copied().unwrap_or("floppy");
        if let Some(unit) = self.drives.get_mut(drive).and_then(Option::as_mut) {
            unit.medium = image.and_then(|image| unit.accept(name, image).ok());
        }
    }

    /// What the guest wrote to the disk in a drive; `None` if there is no disk.
    pub fn overlay(&self, drive: usize) -> Option<&Overlay> {
        self.drives.get(drive)?.as_ref()?.medium.as_ref()?;
        Some(&self.state.drives[drive].overlay)
    }

    /// Bytes of the image in a drive.
    pub fn image_len(&self, drive: usize) -> Option<u64> {
        image_len(self.drives.get(drive)?.as_ref()?)
    }

    /// Fills `buf` from byte `offset` of the disk in a drive on, as the guest sees it. Offset and length are multiples
    /// of 512. False if there is no disk.
    ///
    /// # Errors
    /// Bytes that the host has not got yet.
    pub fn export(&mut self, drive: usize, offset: u64, buf: &mut [u8]) -> Result<bool, Missing> {
        let unit = self.drives.get_mut(drive).and_then(Option::as_mut);
        let Some(Medium { image, .. }) = unit.and_then(|u| u.medium.as_mut()) else { return Ok(false) };
        self.state.drives[drive].overlay.read(image.as_mut(), offset, buf)?;
        Ok(true)
    }

    fn wake(&self, cx: &mut Cx, delay: Ns) {
        if let Some(w) = self.wires {
            let at = cx.now.saturating_add(delay);
            cx.timers.set(w.operation, at);
        }
    }

    fn update_line(&self, cx: &mut Cx) {
        if let Some(w) = self.wires {
            cx.lines.set(w.irq, self.state.interrupt && self.state.dor & DOR_DMAGATE != 0);
        }
    }

    /// Raises INT with an edge, even if it was up. What polling found after a reset is then forgotten.
    fn raise(&mut self, cx: &mut Cx) {
        self.lower(cx);
        for p in &mut self.state.pending {
            *p = p.filter(|st0| st0 & ST0_POLLING != ST0_POLLING);
        }
        self.state.interrupt = true;
        self.update_line(cx);
    }

    fn lower(&mut self, cx: &mut Cx) {
        self.state.interrupt = false;
        self.update_line(cx);
    }

    fn write_dor(&mut self, cx: &mut Cx, value: u8) {
        let before = std::mem::replace(&mut self.state.dor, value);
        if value & DOR_NRESET == 0 {
            self.software_reset(cx);
            self.state.phase = Phase::Off;
        } else if before & DOR_NRESET == 0 {
            self.state.phase = Phase::Reset;
            self.wake(cx, RESET_NS);
        }
        self.update_line(cx);
    }

    fn write_dsr(&mut self, cx: &mut Cx, value: u8) {
        self.state.rate = value & RATE;
        if value & DSR_RESET != 0 && self.state.phase != Phase::Off {
            self.software_reset(cx);
            self.state.phase = Phase::Reset;
            self.wake(cx, RESET_NS);
        }
    }

    /// What a reset by DOR or DSR clears: all but the parameters of SPECIFY, and of CONFIGURE what LOCK protects.
    fn software_reset(&mut self, cx: &mut Cx) {
        let s = &mut self.state;
        let keep = s.configuration;
        s.configuration = Configuration::default();
        if s.lock {
            s.configuration.fifo_off = keep.fifo_off;
            s.configuration.threshold = keep.threshold;
            s.configuration.precompensation_track = keep.precompensation_track;
        }
        s.perpendicular &= !3;
        s.command.clear();
        s.result.clear();
        (s.pending, s.seeks, s.work, s.interrupt) = ([None; 4], [None; 4], None, false);
        if let Some(w) = self.wires {
            cx.timers.cancel(w.operation);
            w.seeks.iter().for_each(|&t| cx.timers.cancel(t));
        }
        self.update_line(cx);
    }

    /// Timer: ready again. The polling finds all four drives "changed their ready state".
    fn end_reset(&mut self, cx: &mut Cx) {
        self.state.phase = Phase::Command;
        if !self.state.configuration.polling_off {
            self.raise(cx);
            self.state.pending = [0, 1, 2, 3].map(|n| Some(ST0_POLLING | n));
        }
    }

    fn main_status(&self) -> u8 {
        let s = &self.state;
        let seeking = (0..4).filter(|&n| s.seeks[n].is_some()).fold(0, |bits, n| bits | 1 << n);
        let work = s.work.as_ref();
        let ndm = if work.is_some_and(|w| !w.dma) { MSR_NDM } else { 0 };
        seeking
            | match s.phase {
                Phase::Off | Phase::Reset => 0,
                Phase::Command if s.command.is_empty() => MSR_RQM,
                Phase::Command => MSR_RQM | MSR_CB,
                Phase::Execute => MSR_CB | ndm,
                Phase::Transfer if work.is_some_and(Work::to_host) => MSR_RQM | MSR_DIO | MSR_CB | MSR_NDM,
                Phase::Transfer => MSR_RQM | MSR_CB | MSR_NDM,
                Phase::Result => MSR_RQM | MSR_DIO | MSR_CB,
            }
    }

    fn digital_input(&self) -> u8 {
        let n = usize::from(self.state.dor & DOR_SELECT);
        let there = self.drives.get(n).is_some_and(Option::is_some);
        if there && self.state.drives[n].changed { DIR_DSKCHG } else { 0 }
    }

    fn read_fifo(&mut self, cx: &mut Cx) -> u8 {
        match self.state.phase {
            Phase::Result => self.read_result(cx),
            Phase::Transfer => self.read_transfer(cx),
            _ => 0,
        }
    }

    fn read_result(&mut self, cx: &mut Cx) -> u8 {
        self.lower(cx);
        let s = &mut self.state;
        let value = s.result.get(usize::from(s.result_at)).copied().unwrap_or(0);
        s.result_at = s.result_at.wrapping_add(1);
        if usize::from(s.result_at) >= s.result.len() {
            s.result.clear();
            s.phase = Phase::Command;
        }
        value
    }

    fn write_fifo(&mut self, cx: &mut Cx, value: u8) {
        match self.state.phase {
            Phase::Command => self.command_byte(cx, value),
            Phase::Transfer => self.write_transfer(cx, value),
            _ => {}
        }
    }

    /// Offers result bytes.
    fn results(&mut self, bytes: &[u8]) {
        self.state.result = bytes.to_vec();
        self.state.result_at = 0;
        self.state.phase = Phase::Result;
    }
}

impl Device for Fdc {
    fn name(&self) -> &'static str {
        "82077AA"
    }

    fn wire(&mut self, wiring: &mut Wiring<'_>) {
        wiring.ports(FIRST_PORT, FIFO, 1);
        wiring.ports(DIR_CCR, DIR_CCR, 1);
        let irq = wiring.drive(Line::isa(IRQ));
        let operation = wiring.timer();
        self.wires = Some(Wires { irq, operation, seeks: [(); 4].map(|()| wiring.timer()) });
    }

    fn reset(&mut self, cx: &mut Cx) {
        self.software_reset(cx);
        let fresh = State::new(&self.drives);
        self.state = State { drives: self.state.drives.clone(), ..fresh };
        self.update_line(cx);
    }

    fn port_read(&mut self, cx: &mut Cx, port: u16, _size: u8) -> u32 {
        u32::from(match port {
            DOR => self.state.dor,
            TDR => self.state.tdr,
            MSR_DSR => self.main_status(),
            FIFO => self.read_fifo(cx),
            DIR_CCR => self.digital_input(),
            _ => 0xFF,
        })
    }

    fn port_write(&mut self, cx: &mut Cx, port: u16, _size: u8, value: u32) {
        let value = value as u8;
        match port {
            DOR => self.write_dor(cx, value),
            TDR => self.state.tdr = value & 3,
            MSR_DSR => self.write_dsr(cx, value),
            FIFO => self.write_fifo(cx, value),
            DIR_CCR => self.state.rate = value & RATE,
            _ => {}
        }
    }

    fn timer(&mut self, cx: &mut Cx, timer: TimerId) {
        let Some(w) = self.wires else { return };
        if let Some(n) = w.seeks.iter().position(|&t| t == timer) {
            return self.end_seek(cx, n);
        }
        match self.state.phase {
            Phase::Reset => self.end_reset(cx),
            Phase::Execute => self.execute(cx),
            Phase::Off | Phase::Command | Phase::Transfer | Phase::Result => {}
        }
    }

    fn save(&self) -> Vec<u8> {
        save_state(&self.state)
    }

    fn fields(&self, bytes: &[u8]) -> Result<Vec<Field>, LoadError> {
        fields_of::<State>(self.name(), bytes)
    }

    fn load(&mut self, _cx: &mut Cx, bytes: &[u8]) -> Result<(), LoadError> {
        let state: State = load_state(self.name(), bytes)?;
        let drive_fits = |(s, d): (&DriveState, &Option<FloppyDrive>)| {
            let len = d.as_ref().and_then(image_len);
            s.image_len == len && s.overlay.fits(len.unwrap_or(0)) && s.cylinder <= 83
        };
        let sound = state.command.len() < 9 && state.work.as_ref().is_none_or(Work::is_sound);
        if !sound || !state.drives.iter().zip(&self.drives).all(drive_fits) {
            return Err(LoadError { device: self.name() });
        }
        self.state = state;
        Ok(())
    }

    fn title(&self) -> &'static str {
        "82077AA floppy controller"
    }

    fn view(&self, _cx: &Cx, _now: Ns) -> Vec<RegisterGroup> {
        self.groups()
    }
}
