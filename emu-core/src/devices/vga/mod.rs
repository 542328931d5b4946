//! The display adapter: a complete VGA with the Bochs VBE extensions on PCI, as QEMU's `-device VGA`.
//!
//! Video memory is the backing store's `vram`, laid out as in most VGA chips: byte `p` of doubleword `a` is plane `p` at
//! plane address `a`, so that planar, banked and linear views agree. What the CPU can reach without the graphics
//! controller's help (the linear frame buffer, and the window at A0000 in chain 4 with nothing in between) is mapped as
//! RAM; all else goes through [`memory`].
//!
//! One deviation from IBM's chip, shared with its clones and QEMU: chain 4 stores the byte of window address `a` at plane
//! address `a / 4`, not `a & !3`, and doubleword mode of the CRTC shows it there. Programs notice only when they mix
//! chained writes with unchained reads.

mod charset;
mod dac;
mod dispi;
mod edid;
mod memory;
mod pci;
mod picture;
mod pixel;
mod raster;
mod registers;
mod render;
pub mod spec;
mod text;
mod timing;

mod pictures;
#[cfg(test)]
mod tests;
mod view;

pub use render::Frame;
pub use text::TextScreen;

use crate::bus::Line;
use crate::bus::view::{PictureName, PictureView, RegisterGroup};
use crate::bus::{
    Bdf, Cx, Device, Field, LineOut, LoadError, PciConfig, Wiring, fields_of, load_state, save_state,
};
use crate::mem::{DeviceId, Layer, Mapping, PAGE};
use crate::time::{Ns, TimerId};
use dac::Dac;
use dispi::Dispi;
use render::Renderer;
use serde::{Deserialize, Serialize};
use spec::port;

/// What can be chosen of the adapter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Config {
    /// The VGA BIOS: backing offset (of [`Memory::add_rom`](crate::mem::Memory::add_rom)) and size in bytes. It appears
    /// as the PCI function's expansion ROM.
    pub bios: Option<(u32, u32)>,
    /// Jumper: the vertical interrupt reaches IRQ 9 (the AT's IRQ 2). Few boards shipped with it closed, and ACPI uses
    /// the line.
    pub retrace_irq: bool,
}

/// All that the guest can change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct State {
    misc: u8,
    feature: u8,
    enabled: bool,
    seq_index: u8,
    seq: [u8; 8],
    crtc_index: u8,
    crtc: [u8; spec::crtc::COUNT],
    gc_index: u8,
    gc: [u8; 9],
    attr_index: u8,
    attr_data_next: bool,
    attr: [u8; spec::attr::COUNT],
    dac: Dac,
    latch: [u8; 4],
    retrace_pending: bool,
    dispi: Dispi,
    pci: PciConfig,
}

impl State {
    fn power_on() -> Self {
        Self {
            misc: 0,
            feature: 0,
            enabled: true,
            seq_index: 0,
            seq: [0; 8],
            crtc_index: 0,
            crtc: [0; spec::crtc::COUNT],
            gc_index: 0,
            gc: [0; 9],
            attr_index: 0,
            attr_data_next: false,
            attr: [0; spec::attr::COUNT],
            dac: Dac::default(),
            latch: [0; 4],
            retrace_pending: false,
            dispi: Dispi::default(),
            pci: PciConfig::new(0, 0, 0, 0, 0),
        }
    }
}

/// The adapter. `Bus::device_mut::<Vga>()` gives it together with the context that [`Vga::render`] needs.
pub struct Vga {
    config: Config,

    id: DeviceId,
    retrace_timer: Option<TimerId>,
    retrace_line: Option<LineOut>,

    state: State,

    renderer: Renderer,
}

impl Vga {
    /// An adapter, not yet attached.
    pub fn new(config: Config) -> Self {
        Self {
            config,
            id: DeviceId(0),
            retrace_timer: None,
            retrace_line: None,
            state: State::power_on(),
            renderer: Renderer::default(),
        }
    }

    /// The picture on the screen at `cx.now`. Pixels are computed again only where something changed since the last
    /// call; the machine's state does not change.
    pub fn render(&mut self, cx: &Cx) -> &Frame {
        self.renderer.render(&self.state, cx)
    }

    /// The text on the screen, `None` in graphics modes and while the screen is off.
    pub fn text_screen(&self, cx: &Cx) -> Option<TextScreen> {
        text::text_screen(&self.state, cx)
    }

    /// Places everything that follows from the registers in the physical map.
    fn map_all(&self, cx: &mut Cx) {
        cx.mem.map.place(Layer::VgaHole, spec::WINDOW / PAGE, spec::WINDOW_BYTES / PAGE, Mapping::OPEN);
        self.map_window(cx);
        self.map_bars(cx);
    }
}

impl Device for Vga {
    fn name(&self) -> &'static str {
        "vga"
    }

    fn wire(&mut self, wiring: &mut Wiring<'_>) {
        self.id = wiring.id();
        for (first, last) in [
            (port::CRTC_INDEX_MONO, port::CRTC_DATA_MONO),
            (port::STATUS1_MONO, port::STATUS1_MONO),
            (port::ATTR, port::GC_DATA),
            (port::CRTC_INDEX, port::CRTC_DATA),
            (port::STATUS1, port::STATUS1),
        ] {
            wiring.ports(first, last, 1);
        }
        wiring.ports(port::DISPI_INDEX, port::DISPI_DATA_EVEN, 2);
        wiring.pci(spec::pci::BDF);
        self.retrace_timer = Some(wiring.timer());
        self.retrace_line = self.config.retrace_irq.then(|| wiring.drive(Line::isa(9)));
    }

    fn reset(&mut self, cx: &mut Cx) {
        self.state = State::power_on();
        self.state.pci = pci::config_space(cx.mem.vram().1, self.config.bios);
        self.update_retrace_interrupt(cx);
        self.map_all(cx);
    }

    fn port_read(&mut self, cx: &mut Cx, port: u16, size: u8) -> u32 {
        match port {
            port::DISPI_INDEX..=port::DISPI_DATA_EVEN => self.dispi_port_read(cx, port, size),
            _ => u32::from(self.register_read(cx, port)),
        }
    }

    fn port_write(&mut self, cx: &mut Cx, port: u16, size: u8, value: u32) {
        match port {
            port::DISPI_INDEX..=port::DISPI_DATA_EVEN => self.dispi_port_write(cx, port, size, value as u16),
            _ => self.register_write(cx, port, value as u8),
        }
    }

    fn mmio_read(&mut self, cx: &mut Cx, phys: u32, size: u8) -> u32 {
        if in_window(phys) {
            self.window_read(cx, phys, size)
        } else {
            self.block_read(cx, phys % PAGE, size)
        }
    }

    fn mmio_write(&mut self, cx: &mut Cx, phys: u32, size: u8, value: u32) {
        if in_window(phys) {
            self.window_write(cx, phys, size, value);
        } else {
            self.block_write(cx, phys % PAGE, size, value);
        }
    }

    fn timer(&mut self, cx: &mut Cx, _timer: TimerId) {
        self.state.retrace_pending = true;
        self.update_retrace_interrupt(cx);
    }

    fn pci_read(&mut self, _cx: &mut Cx, _bdf: Bdf, register: u8, size: u8) -> u32 {
        self.state.pci.read(register, size)
    }

    fn pci_write(&mut self, cx: &mut Cx, _bdf: Bdf, register: u8, size: u8, value: u32) {
        self.state.pci.write(register, size, value);
        self.map_bars(cx);
    }

    fn save(&self) -> Vec<u8> {
        save_state(&self.state)
    }

    fn fields(&self, bytes: &[u8]) -> Result<Vec<Field>, LoadError> {
        fields_of::<State>(self.name(), bytes)
    }

    fn load(&mut self, cx: &mut Cx, bytes: &[u8]) -> Result<(), LoadError> {
        self.state = load_state("vga", bytes)?;
        self.map_all(cx);
        Ok(())
    }

    fn title(&self) -> &'static str {
        "VGA with Bochs VBE extensions"
    }

    fn view(&self, cx: &Cx, now: Ns) -> Vec<RegisterGroup> {
        self.groups(cx, now)
    }

    fn pictures(&self) -> &'static [PictureName] {
        pictures::NAMES
    }

    fn picture(&self, cx: &Cx, name: &str) -> Option<PictureView> {
        self.named_picture(cx, name)
    }

    fn peek(&self, cx: &Cx, phys: u32) -> Option<u8> {
        if in_window(phys) { self.peek_window(cx, phys) } else { None }
    }
}

fn in_window(phys: u32) -> bool {
    (spec::WINDOW..spec::WINDOW + spec::WINDOW_BYTES).contains(&phys)
}
