//! A moment of a machine, kept in memory to come back to.

use super::Machine;
use super::media::Media;
use super::pages::Pages;
use crate::bus::{Device, Field, IsaDma, LoadError, Signals, fields_of, load_state, save_state};
use crate::devices::ata::Ide;
use crate::devices::fdc::Fdc;
use crate::host::Overlay;
use crate::time::Ns;
use crate::x86::engine::SavedEngine;
use serde::{Deserialize, Serialize};

/// A machine's whole state at one moment. Moments of one machine share the memory pages that did not change between
/// them.
#[derive(Clone, Debug)]
pub struct Moment {
    /// Instructions executed.
    pub instruction: u64,
    /// Virtual nanoseconds.
    pub time: Ns,
    pub(super) configuration: u128,
    pub(super) sections: Vec<(&'static str, Vec<u8>)>,
    pub(super) pages: Pages,
    /// Floppies and CDs in the drives. A file has none: it opens over those that are there.
    pub(super) media: Media,
}

impl Moment {
    /// Bytes this moment takes beside another one of the same machine: its plain state and the pages they do not share.
    pub fn bytes_beside(&self, other: Option<&Moment>) -> usize {
        let state: usize = self.sections.iter().map(|(_, bytes)| bytes.len()).sum();
        let pages = match other {
            Some(other) => self.pages.bytes_beside(&other.pages),
            None => self.pages.iter().count() * crate::mem::PAGE as usize,
        };
        state + pages
    }

    /// The memory pages.
    pub fn pages(&self) -> &Pages {
        &self.pages
    }

    /// The parts of the state by name: `cpu`, `board`, and each device by its datasheet's name.
    pub fn sections(&self) -> &[(&'static str, Vec<u8>)] {
        &self.sections
    }
}

/// Why a moment was not restored; the machine is as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RestoreError {
    /// It is one of a machine with other memory, firmware, kernel or drives.
    OtherMachine,
    /// A part of it cannot be.
    Broken(LoadError),
}

impl std::fmt::Display for RestoreError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::OtherMachine => f.write_str(
                "the snapshot is of another machine: open it with the same memory size, firmware, kernel and drives",
            ),
            Self::Broken(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for RestoreError {}

/// What is on the board but belongs to no device.
#[derive(Serialize, Deserialize)]
struct Board {
    powered_off: bool,
    last_sleep: (u64, Ns),
    pci_latch: u32,
    a20: bool,
    dma: IsaDma,
    lines: Vec<u32>,
    deadlines: Vec<Ns>,
}

/// The names of the sections that are no device's.
const CPU: &str = "cpu";
const BOARD: &str = "board";

impl Machine {
    /// All that is saved but memory, in a fixed order.
    pub(super) fn sections(&self) -> Vec<(&'static str, Vec<u8>)> {
        let bus = &self.engine.cpu.bus;
        let board = Board {
            powered_off: self.powered_off,
            last_sleep: self.last_sleep,
            pci_latch: bus.pci_latch(),
            a20: bus.cx.mem.a20(),
            dma: bus.cx.dma.clone(),
            lines: bus.cx.lines.levels().to_vec(),
            deadlines: bus.cx.timers.deadlines().to_vec(),
        };
        let own = [(CPU, save_state(&self.engine.save())), (BOARD, save_state(&board))];
        own.into_iter().chain(bus.devices().map(|device| (device.name(), device.save()))).collect()
    }

    /// Keeps this moment. The machine goes on as if nothing had been.
    pub fn moment(&mut self) -> Moment {
        let sections = self.sections();
        let (instruction, time) = (self.instructions(), self.time());
        let cpu = &mut self.engine.cpu;
        let pages = self.pages.copy(&mut cpu.bus.cx.mem);
        // The pages are clean now: writes have to mark them again.
        cpu.tlb.demote(false);
        self.moment_of((instruction, time), sections, pages)
    }

    /// Goes to a moment kept of this machine, or of one with the same configuration. What has left the machine since
    /// (serial output and the like) and was not fetched is dropped.
    ///
    /// # Errors
    /// The moment does not fit; the machine is as it was.
    pub fn restore(&mut self, moment: &Moment) -> Result<(), RestoreError> {
        if moment.configuration != self.configuration {
            return Err(RestoreError::OtherMachine);
        }
        let before = self.moment();
        let restored = self.load(moment);
        if restored.is_err() {
            self.load(&before).expect("a moment just kept fits");
        }
        restored
    }

    /// A moment of this machine from parts kept elsewhere. Nothing of them is checked but by [`Machine::restore`].
    pub(crate) fn moment_of(
        &self,
        (instruction, time): (u64, Ns),
        sections: Vec<(&'static str, Vec<u8>)>,
        pages: Pages,
    ) -> Moment {
        Moment {
            instruction,
            time,
            configuration: self.configuration,
            sections,
            pages,
            media: self.media.clone(),
        }
    }

    /// The names of all sections, in their order.
    pub(crate) fn section_names(&self) -> Vec<&'static str> {
        let devices = self.engine.cpu.bus.devices().map(|device| device.name());
        [CPU, BOARD].into_iter().chain(devices).collect()
    }

    /// The fields of a section by name, its bytes being of this machine or of another one.
    ///
    /// # Errors
    /// There is no such section, or they are none of it.
    pub(crate) fn section_fields(&self, section: &str, bytes: &[u8]) -> Result<Vec<Field>, LoadError> {
        match section {
            CPU => fields_of::<SavedEngine>(CPU, bytes),
            BOARD => fields_of::<Board>(BOARD, bytes),
            _ => {
                let device = self.engine.cpu.bus.devices().find(|device| device.name() == section);
                device.ok_or(LoadError { device: "of that name" })?.fields(bytes)
            }
        }
    }

    /// Pages of the backing store: RAM, video RAM, ROMs.
    pub(crate) fn backing_pages(&self) -> u32 {
        self.engine.cpu.bus.cx.mem.all_flags().len() as u32
    }

    /// What the guest wrote to the disks whose state is in a section, in the order in which it stands there.
    pub(crate) fn overlays(&self, section: &str) -> impl Iterator<Item = &Overlay> {
        let bus = &self.engine.cpu.bus;
        let fdc = bus.device::<Fdc>().filter(|device| device.name() == section);
        let ide = bus.device::<Ide>().filter(|device| device.name() == section);
        let floppies = fdc.into_iter().flat_map(|d| [d.overlay(0), d.overlay(1)]);
        floppies.chain(ide.into_iter().flat_map(|d| [d.overlay(0), d.overlay(1)])).flatten()
    }

    fn load(&mut self, moment: &Moment) -> Result<(), RestoreError> {
        let section = |name: &'static str| {
            let found = moment.sections.iter().find(|(other, _)| *other == name);
            found.map(|(_, bytes)| &bytes[..]).ok_or(LoadError { device: name })
        };
        let broken = |device| RestoreError::Broken(LoadError { device });
        let engine: SavedEngine =
            section(CPU).and_then(|bytes| load_state(CPU, bytes)).map_err(RestoreError::Broken)?;
        let board: Board =
            section(BOARD).and_then(|bytes| load_state(BOARD, bytes)).map_err(RestoreError::Broken)?;
        let lines = board.lines.try_into().map_err(|_| broken(BOARD))?;
        self.exchange_media(&moment.media);
        let bus = &mut self.engine.cpu.bus;
        bus.load_devices(section).map_err(RestoreError::Broken)?;
        if !bus.cx.timers.restore(&board.deadlines) {
            return Err(broken(BOARD));
        }
        bus.cx.lines.restore(&lines);
        bus.set_pci_latch(board.pci_latch);
        bus.cx.dma = board.dma;
        bus.cx.mem.set_a20(board.a20);
        bus.cx.signals = Signals::default();
        bus.cx.out = crate::bus::Outputs::default();
        if !self.pages.restore(&mut bus.cx.mem, &moment.pages) || !self.engine.load(engine) {
            return Err(broken(CPU));
        }
        (self.powered_off, self.last_sleep) = (board.powered_off, board.last_sleep);
        Ok(())
    }
}
