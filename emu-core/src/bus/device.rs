//! The device trait and the wiring a device asks for when it is attached.

use super::view::{PictureName, PictureView, RegisterGroup};
use super::{Bdf, Cx, Field, FieldValue, Line, LineOut};
use crate::mem::DeviceId;
use crate::time::{Ns, TimerId};
use serde::{Serialize, de::DeserializeOwned};
use std::any::Any;

/// Answer to an interrupt acknowledge cycle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ack {
    /// The interrupt's vector.
    Vector(u8),
    /// The local APIC passes the cycle on to the 8259s (ExtINT).
    External,
}

/// A saved state that does not fit the device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoadError {
    /// Which device refused it.
    pub device: &'static str,
}

impl std::fmt::Display for LoadError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the saved state of device {} cannot be read: take another snapshot", self.device)
    }
}

impl std::error::Error for LoadError {}

/// Bytes of a device's `State`.
pub fn save_state<S: Serialize>(state: &S) -> Vec<u8> {
    postcard::to_allocvec(state).expect("plain data always serializes")
}

/// A `State` from bytes of [`save_state`].
pub fn load_state<S: DeserializeOwned>(device: &'static str, bytes: &[u8]) -> Result<S, LoadError> {
    postcard::from_bytes(bytes).map_err(|_| LoadError { device })
}

/// A device on the bus. Sizes of accesses are 1, 2 or 4 bytes, values are in the low bits; a device is never asked for
/// more than the width it registered its ports with.
pub trait Device: Any {
    /// Its name as the datasheet gives it, unique in a machine.
    fn name(&self) -> &'static str;

    /// Asks for ports, lines and timers. Called once.
    fn wire(&mut self, wiring: &mut Wiring<'_>);

    /// Back to the state after a hardware reset: timers cancelled or set, lines driven anew, memory and port mappings
    /// placed as they are after reset. Also called once before the machine first runs.
    fn reset(&mut self, cx: &mut Cx);

    /// The CPU reads a port.
    fn port_read(&mut self, _cx: &mut Cx, _port: u16, _size: u8) -> u32 {
        u32::MAX
    }

    /// The CPU writes a port.
    fn port_write(&mut self, _cx: &mut Cx, _port: u16, _size: u8, _value: u32) {}

    /// The CPU reads memory mapped to the device.
    fn mmio_read(&mut self, _cx: &mut Cx, _phys: u32, _size: u8) -> u32 {
        u32::MAX
    }

    /// The CPU writes memory mapped to the device.
    fn mmio_write(&mut self, _cx: &mut Cx, _phys: u32, _size: u8, _value: u32) {}

    /// One of its timers is due; `cx.now` is its deadline. The timer has stopped.
    fn timer(&mut self, _cx: &mut Cx, _timer: TimerId) {}

    /// A line it listens to changed its level.
    fn line_changed(&mut self, _cx: &mut Cx, _line: Line, _level: bool) {}

    /// Interrupt acknowledge (the 8259 pair and the APIC only).
    fn acknowledge(&mut self, _cx: &mut Cx) -> Ack {
        Ack::External
    }

    /// IA32_APIC_BASE was written (the APIC only).
    fn apic_base_written(&mut self, _cx: &mut Cx, _value: u64) {}

    /// Configuration space read of one of its functions; never crosses a dword.
    fn pci_read(&mut self, _cx: &mut Cx, _bdf: Bdf, _register: u8, _size: u8) -> u32 {
        u32::MAX
    }

    /// Configuration space write of one of its functions; never crosses a dword.
    fn pci_write(&mut self, _cx: &mut Cx, _bdf: Bdf, _register: u8, _size: u8, _value: u32) {}

    /// Its volatile state as bytes: `save_state(&self.state)`.
    fn save(&self) -> Vec<u8>;

    /// Restores what [`Device::save`] gave, including memory and port mappings that follow from it (lines and timers
    /// are restored by the bus). Refuses whole what cannot be.
    fn load(&mut self, cx: &mut Cx, bytes: &[u8]) -> Result<(), LoadError>;

    /// The fields of what [`Device::save`] gave, here or in another machine: `fields_of::<State>` where there is one.
    ///
    /// # Errors
    /// The bytes are none of its state.
    fn fields(&self, bytes: &[u8]) -> Result<Vec<Field>, LoadError> {
        let state = Field { path: "state".into(), value: FieldValue::Bytes(bytes.to_vec()) };
        Ok(if bytes.is_empty() { Vec::new() } else { vec![state] })
    }

    /// What it is, in a few words, for those who look.
    fn title(&self) -> &'static str {
        self.name()
    }

    /// Its registers at virtual time `now` (`cx.now` is that of the last access), as the datasheet draws them. Nothing is
    /// touched: no latch, no flag that reading clears.
    fn view(&self, _cx: &Cx, _now: Ns) -> Vec<RegisterGroup> {
        Vec::new()
    }

    /// Pictures of its memory that [`Device::picture`] gives.
    fn pictures(&self) -> &'static [PictureName] {
        &[]
    }

    /// A picture by its name.
    fn picture(&self, _cx: &Cx, _name: &str) -> Option<PictureView> {
        None
    }

    /// The byte that reading its memory at a physical address would give, where that is memory rather than registers.
    fn peek(&self, _cx: &Cx, _phys: u32) -> Option<u8> {
        None
    }
}

/// What a device asks for when it is attached.
pub struct Wiring<'a> {
    id: DeviceId,
    cx: &'a mut Cx,
    wired: Wired,
}

/// The bus's part of the wiring.
#[derive(Default)]
pub(super) struct Wired {
    pub timers: usize,
    pub listens: Vec<Line>,
    pub pci: Vec<Bdf>,
    pub is_apic: bool,
    pub is_pic: bool,
}

impl<'a> Wiring<'a> {
    pub(super) fn new(id: DeviceId, cx: &'a mut Cx) -> Self {
        Self { id, cx, wired: Wired::default() }
    }

    pub(super) fn finish(self) -> Wired {
        self.wired
    }

    /// The device's own id, for mappings it places later.
    pub fn id(&self) -> DeviceId {
        self.id
    }

    /// Takes ports `first..=last`; wider accesses than `width` bytes (1, 2, 4) are split.
    pub fn ports(&mut self, first: u16, last: u16, width: u8) {
        self.cx.ports.map(first, last, width, self.id);
    }

    /// A timer.
    pub fn timer(&mut self) -> TimerId {
        self.wired.timers += 1;
        self.cx.timers.allocate()
    }

    /// The right to drive a line, wired-OR with its other drivers.
    pub fn drive(&mut self, line: Line) -> LineOut {
        self.cx.lines.driver(line)
    }

    /// Wants to hear of changes of a line.
    pub fn listen(&mut self, line: Line) {
        self.wired.listens.push(line);
    }

    /// Is a PCI function.
    pub fn pci(&mut self, bdf: Bdf) {
        self.wired.pci.push(bdf);
    }

    /// Is the local APIC: asked first in acknowledge cycles, told of IA32_APIC_BASE.
    pub fn apic(&mut self) {
        self.wired.is_apic = true;
    }

    /// Is the 8259 pair: answers acknowledge cycles that the APIC passes on.
    pub fn pic(&mut self) {
        self.wired.is_pic = true;
    }
}
