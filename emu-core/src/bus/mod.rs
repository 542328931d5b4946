//! The bus: what devices and the CPU see of each other. Ports and MMIO lead to devices; devices reach memory, lines,
//! timers, DMA and the outside through [`Cx`] and never each other.

mod device;
mod dma;
mod fields;
mod lines;
mod marks;
mod pci;
mod pci_view;
mod ports;
mod signals;
pub mod view;

pub use device::{Ack, Device, LoadError, Wiring, load_state, save_state};
pub use dma::{DmaChannel, DmaResult, IsaDma};
pub use fields::{Field, FieldValue, fields_of};
pub use lines::{Line, LineOut, Lines};
pub use marks::{Happened, Mark, Marks};
pub use pci::{Bdf, PciConfig};
pub use ports::PortMap;
pub use signals::{BlockRequest, DriveId, Outputs, ResetKind, Signals};

use crate::mem::{DeviceId, Memory, Target};
use crate::time::{Ns, Scheduler, TimerId};
use pci::PciAddress;

/// Everything a device may touch while it is being called.
pub struct Cx {
    /// Virtual time of this access.
    pub now: Ns,
    /// Physical memory.
    pub mem: Memory,
    /// Who owns which I/O port.
    pub ports: PortMap,
    /// Interrupt and other wires.
    pub lines: Lines,
    /// Deadlines.
    pub timers: Scheduler,
    /// The ISA DMA controllers' channels.
    pub dma: IsaDma,
    /// What the machine must act on once the access is over.
    pub signals: Signals,
    /// What leaves the machine.
    pub out: Outputs,
}

impl Cx {
    /// Moves the A20 gate. There is one, with two handles (port 92h and the keyboard controller's output port): as on
    /// the i440FX boards QEMU models, whoever moved it last has its way, and both read back where it stands.
    pub fn gate_a20(&mut self, open: bool) {
        if self.mem.a20() != open {
            self.mem.set_a20(open);
            self.signals.a20_changed = true;
        }
    }
}

impl Cx {
    /// Whether there is something for a debugger to look at: bytes moved by bus masters, or sent by serial ports.
    pub fn has_news(&self) -> bool {
        self.mem.has_transfers() || self.out.serial_tap.as_ref().is_some_and(|tap| !tap.is_empty())
    }
}

/// All devices and what connects them.
pub struct Bus {
    /// What devices share.
    pub cx: Cx,
    devices: Vec<Box<dyn Device>>,
    timer_owner: Vec<DeviceId>,
    listeners: Vec<Vec<DeviceId>>,
    pci_slots: Vec<(Bdf, DeviceId)>,
    pci_address: PciAddress,
    apic: Option<DeviceId>,
    pic: Option<DeviceId>,
}

impl Bus {
    /// A bus with memory and nothing else on it.
    pub fn new(mem: Memory) -> Self {
        Self {
            cx: Cx {
                now: 0,
                mem,
                ports: PortMap::new(),
                lines: Lines::new(),
                timers: Scheduler::new(),
                dma: IsaDma::default(),
                signals: Signals::default(),
                out: Outputs::default(),
            },
            devices: Vec::new(),
            timer_owner: Vec::new(),
            listeners: vec![Vec::new(); Line::COUNT],
            pci_slots: Vec::new(),
            pci_address: PciAddress::default(),
            apic: None,
            pic: None,
        }
    }

    /// Adds a device: asks for its wiring and gives it its place.
    pub fn attach(&mut self, mut device: Box<dyn Device>) -> DeviceId {
        let id =
            DeviceId(u8::try_from(self.devices.len() + 1).expect("a machine has fewer than 255 devices"));
        let mut wiring = Wiring::new(id, &mut self.cx);
        device.wire(&mut wiring);
        let wired = wiring.finish();
        self.timer_owner.extend(std::iter::repeat_n(id, wired.timers));
        for line in wired.listens {
            self.listeners[line.index()].push(id);
        }
        self.pci_slots.extend(wired.pci.into_iter().map(|bdf| (bdf, id)));
        if wired.is_apic {
            self.apic = Some(id);
        }
        if wired.is_pic {
            self.pic = Some(id);
        }
        self.devices.push(device);
        id
    }

    /// A device by its type, for the machine's own dealings with it (rendering, inputs).
    pub fn device<T: Device>(&self) -> Option<&T> {
        self.devices.iter().find_map(|d| (&**d as &dyn std::any::Any).downcast_ref())
    }

    /// A device by its type with the context it needs to act on.
    pub fn device_mut<T: Device>(&mut self) -> Option<(&mut T, &mut Cx)> {
        let cx = &mut self.cx;
        self.devices
            .iter_mut()
            .find_map(|d| (&mut **d as &mut dyn std::any::Any).downcast_mut())
            .map(|d| (d, cx))
    }

    /// Calls `f` on a device found by type, then lets line changes spread.
    pub fn with<T: Device, R>(&mut self, f: impl FnOnce(&mut T, &mut Cx) -> R) -> Option<R> {
        let (device, cx) = self.device_mut::<T>()?;
        let result = f(device, cx);
        self.settle();
        Some(result)
    }

    /// All devices in wiring order.
    pub fn devices(&self) -> impl Iterator<Item = &dyn Device> {
        self.devices.iter().map(|d| &**d)
    }

    /// Restores every device from the section that has its name. Line changes this causes are told to nobody: lines and
    /// timers are restored after it.
    ///
    /// # Errors
    /// The first device that refuses, or has no section; those before it are restored.
    pub fn load_devices<'a>(
        &mut self,
        section: impl Fn(&'static str) -> Result<&'a [u8], LoadError>,
    ) -> Result<(), LoadError> {
        for device in &mut self.devices {
            device.load(&mut self.cx, section(device.name())?)?;
        }
        Ok(())
    }

    /// The byte of a device's memory at a physical address, where it is memory rather than registers.
    pub fn peek(&self, id: DeviceId, phys: u32) -> Option<u8> {
        self.devices.get(self.index(id))?.peek(&self.cx, phys)
    }

    /// The device that has an id.
    pub fn device_of(&self, id: DeviceId) -> Option<&dyn Device> {
        self.devices.get(self.index(id)).map(|d| &**d)
    }

    fn index(&self, id: DeviceId) -> usize {
        usize::from(id.0) - 1
    }

    /// Reads an I/O port. `size` is 1, 2 or 4 bytes; nothing there gives all ones.
    pub fn port_read(&mut self, port: u16, size: u8) -> u32 {
        if let Some((reg, addressed)) = self.pci_data_port(port, size) {
            return self.pci_read(addressed, reg, size);
        }
        if self.pci_address.owns(port, size) {
            return self.pci_address.get();
        }
        let (owner, width) = self.cx.ports.owner(port);
        if width != 0 && size > width {
            return self.split_read(port, size, width);
        }
        match owner {
            Some(id) => {
                let at = self.index(id);
                let value = self.devices[at].port_read(&mut self.cx, port, size);
                self.settle();
                value & mask(size)
            }
            None if size > 1 => self.split_read(port, size, size / 2),
            None => 0xFF,
        }
    }

    /// Writes an I/O port; `size` is 1, 2 or 4 bytes.
    pub fn port_write(&mut self, port: u16, size: u8, value: u32) {
        let value = value & mask(size);
        if let Some((reg, addressed)) = self.pci_data_port(port, size) {
            return self.pci_write(addressed, reg, size, value);
        }
        if self.pci_address.owns(port, size) {
            return self.pci_address.set(value);
        }
        let (owner, width) = self.cx.ports.owner(port);
        if width != 0 && size > width {
            return self.split_write(port, size, width, value);
        }
        match owner {
            Some(id) => {
                let at = self.index(id);
                self.devices[at].port_write(&mut self.cx, port, size, value);
                self.settle();
            }
            None if size > 1 => self.split_write(port, size, size / 2, value),
            None => {}
        }
    }

    fn split_read(&mut self, port: u16, size: u8, part: u8) -> u32 {
        (0..size / part).fold(0, |value, i| {
            let piece = self.port_read(port.wrapping_add(u16::from(i * part)), part);
            value | piece << (8 * i * part)
        })
    }

    fn split_write(&mut self, port: u16, size: u8, part: u8, value: u32) {
        for i in 0..size / part {
            self.port_write(port.wrapping_add(u16::from(i * part)), part, value >> (8 * i * part));
        }
    }

    /// Reads a device's memory-mapped register at a physical address; `size` is 1, 2 or 4 bytes.
    pub fn mmio_read(&mut self, id: DeviceId, phys: u32, size: u8) -> u32 {
        let at = self.index(id);
        let value = self.devices[at].mmio_read(&mut self.cx, phys, size);
        self.settle();
        value & mask(size)
    }

    /// Writes a device's memory-mapped register at a physical address; `size` is 1, 2 or 4 bytes.
    pub fn mmio_write(&mut self, id: DeviceId, phys: u32, size: u8, value: u32) {
        let at = self.index(id);
        self.devices[at].mmio_write(&mut self.cx, phys, size, value & mask(size));
        self.settle();
    }

    /// Reads a physical address by whatever it leads to, `size` 1, 2 or 4 bytes within a page.
    pub fn phys_read(&mut self, phys: u64, size: u8) -> u32 {
        match self.cx.mem.map.resolve(phys).read {
            Target::Mmio(id) => self.mmio_read(id, phys as u32, size),
            _ => {
                let mut b = [0; 4];
                self.cx.mem.read(phys, &mut b[..usize::from(size)]);
                u32::from_le_bytes(b)
            }
        }
    }

    /// Writes a physical address by whatever it leads to, `size` 1, 2 or 4 bytes within a page.
    pub fn phys_write(&mut self, phys: u64, size: u8, value: u32) {
        match self.cx.mem.map.resolve(phys).write {
            Target::Mmio(id) => self.mmio_write(id, phys as u32, size, value),
            _ => self.cx.mem.write(phys, &value.to_le_bytes()[..usize::from(size)]),
        }
    }

    /// Runs the handlers of all timers due at `now`. Stops early when a handler asks for a missing disk block; it is
    /// called again, at the same virtual time, once the block is there.
    pub fn run_timers(&mut self, now: Ns) {
        while let Some(timer) = self.cx.timers.due(now) {
            self.cx.now = self.cx.timers.deadline(timer);
            self.cx.timers.cancel(timer);
            self.fire(timer);
            if self.cx.signals.needs_block.is_some() {
                let again = self.cx.now;
                self.cx.timers.set(timer, again);
                break;
            }
        }
        self.cx.now = now;
    }

    fn fire(&mut self, timer: TimerId) {
        let at = self.index(self.timer_owner[timer.index()]);
        self.devices[at].timer(&mut self.cx, timer);
        self.settle();
    }

    /// Tells listeners of every line change, until nothing changes any more.
    pub fn settle(&mut self) {
        while let Some((line, level)) = self.cx.lines.take_change() {
            for i in 0..self.listeners[line.index()].len() {
                let at = self.index(self.listeners[line.index()][i]);
                self.devices[at].line_changed(&mut self.cx, line, level);
            }
        }
    }

    /// Level of the CPU's INTR pin.
    #[inline]
    pub fn intr(&self) -> bool {
        self.cx.lines.level(Line::CPU_INTR)
    }

    /// The CPU's interrupt acknowledge cycle: the vector, from the local APIC or through it from the 8259s.
    pub fn acknowledge(&mut self) -> u8 {
        let mut ack = Ack::External;
        if let Some(id) = self.apic {
            let at = self.index(id);
            ack = self.devices[at].acknowledge(&mut self.cx);
        }
        if ack == Ack::External
            && let Some(id) = self.pic
        {
            let at = self.index(id);
            ack = self.devices[at].acknowledge(&mut self.cx);
        }
        self.settle();
        match ack {
            Ack::Vector(v) => v,
            Ack::External => 0xFF,
        }
    }

    /// The CPU wrote IA32_APIC_BASE.
    pub fn set_apic_base(&mut self, value: u64) {
        if let Some(id) = self.apic {
            let at = self.index(id);
            self.devices[at].apic_base_written(&mut self.cx, value);
            self.settle();
        }
    }

    /// Resets every device (a hardware reset, not power-on: CMOS and images stay).
    pub fn reset(&mut self) {
        self.pci_address = PciAddress::default();
        self.cx.dma = IsaDma::default();
        for at in 0..self.devices.len() {
            self.devices[at].reset(&mut self.cx);
        }
        self.settle();
    }

    fn pci_data_port(&self, port: u16, size: u8) -> Option<(u8, Bdf)> {
        let offset = port.checked_sub(pci::CONFIG_DATA).filter(|&o| o < 4 && o + u16::from(size) <= 4)?;
        let (bdf, register) = self.pci_address.target()?;
        Some((register + offset as u8, bdf))
    }

    fn pci_slot(&self, bdf: Bdf) -> Option<usize> {
        self.pci_slots.iter().find(|(b, _)| *b == bdf).map(|(_, id)| self.index(*id))
    }

    fn pci_read(&mut self, bdf: Bdf, reg: u8, size: u8) -> u32 {
        let Some(at) = self.pci_slot(bdf) else { return mask(size) };
        self.devices[at].pci_read(&mut self.cx, bdf, reg, size) & mask(size)
    }

    fn pci_write(&mut self, bdf: Bdf, reg: u8, size: u8, value: u32) {
        if let Some(at) = self.pci_slot(bdf) {
            self.devices[at].pci_write(&mut self.cx, bdf, reg, size, value);
            self.settle();
        }
    }

    /// The configuration address latch (port CF8h), for snapshots.
    pub fn pci_latch(&self) -> u32 {
        self.pci_address.get()
    }

    /// Restores the configuration address latch.
    pub fn set_pci_latch(&mut self, value: u32) {
        self.pci_address.set(value);
    }
}

fn mask(size: u8) -> u32 {
    u32::MAX >> (32 - 8 * u32::from(size.clamp(1, 4)))
}
