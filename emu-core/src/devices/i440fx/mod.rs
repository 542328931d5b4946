//! The 82441FX host bridge: shadow RAM (PAM), SMRAM, and the BIOS ROM behind them.
//!
//! System management mode does not exist in this machine. SeaBIOS skips its SMM set-up because the PIIX4's APMC enable
//! bit reads as set after reset (see `devices::acpi`); SMRAM itself can still be opened over the VGA window by D_OPEN.

mod rom;
mod spec;

pub use rom::{BiosRom, RomError};

use crate::bus::view::RegisterGroup;
use crate::bus::{
    Bdf, Cx, Device, Field, LoadError, PciConfig, ResetKind, Wiring, fields_of, load_state, save_state,
};
use crate::mem::{Layer, Mapping, PAGE, Target};
use crate::time::Ns;
use serde::{Deserialize, Serialize};

/// The host bridge, PCI 00:00.0.
pub struct HostBridge {
    bios: Option<BiosRom>,
    state: State,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct State {
    config: PciConfig,
}

impl State {
    fn power_on() -> Self {
        let mut c =
            PciConfig::new(spec::VENDOR, spec::DEVICE, spec::CLASS, spec::REVISION, 0).with_qemu_subsystem();
        for (register, size, value) in [
            (spec::PCICMD, 2, spec::PCICMD_RESET),
            (spec::PCISTS, 2, spec::PCISTS_RESET),
            (spec::DRAMC, 1, 0x01),
            (spec::DRAMT, 1, 0x10),
            (spec::DRB0, 4, 0x0101_0101),
            (spec::DRB0 + 4, 4, 0x0101_0101),
            (spec::CLT, 1, 0x10),
            (spec::SMRAM, 1, 0x02),
        ] {
            c.preset(register, size, value);
        }
        for (register, size, mask) in [
            (spec::PCICMD, 2, spec::PCICMD_WRITABLE),
            (spec::MLT, 1, 0xF8),
            (spec::PMCCFG, 2, 0xFF77),
            (spec::DETURBO, 1, 0xFF),
            (spec::DBC, 1, 0xE3),
            (spec::AXC, 1, 0x82),
            (spec::DRT, 2, 0xFFFF),
            (spec::DRAMC, 1, 0x7F),
            (spec::DRAMT, 1, 0xFF),
            (spec::PAM0, 1, 0x30),
            (spec::PAM0 + 1, 2, 0x3333),
            (spec::PAM0 + 3, 4, 0x3333_3333),
            (spec::DRB0, 4, u32::MAX),
            (spec::DRB0 + 4, 4, u32::MAX),
            (spec::FDHC, 1, 0xC0),
            (spec::MTT, 2, 0xF8F8),
            (spec::SMRAM, 1, 0x78),
            (spec::ERRCMD, 1, 0xFF),
            (spec::TRC, 1, 0x0F),
        ] {
            c.allow(register, size, mask);
        }
        Self { config: c }
    }
}

impl HostBridge {
    /// A host bridge with a BIOS ROM, or none where the machine starts from something else.
    pub fn new(bios: Option<BiosRom>) -> Self {
        Self { bios, state: State::power_on() }
    }

    /// Places everything that follows from the configuration registers.
    fn map_all(&self, cx: &mut Cx) {
        if let Some(bios) = self.bios {
            let pages = bios.size / PAGE;
            let mapping = Mapping { read: Target::Ram(bios.offset), write: Target::Open };
            cx.mem.map.place(Layer::Rom, (u32::MAX / PAGE + 1) - pages, pages, mapping);
        }
        for segment in 0..=12 {
            self.map_segment(cx, segment);
        }
        self.map_smram(cx);
    }

    /// Maps shadow segment 0-11 (16 KiB each from C0000h) or 12 (64 KiB at F0000h).
    fn map_segment(&self, cx: &mut Cx, segment: u8) {
        let (first, pages) = if segment == 12 { (0xF0, 16) } else { (0xC0 + 4 * u32::from(segment), 4) };
        let nibble = self.pam(segment);
        let dram = Target::Ram(first * PAGE);
        let rom = match self.bios {
            Some(bios) => bios.below_1_mib(first * PAGE, pages * PAGE),
            None => Target::Open,
        };
        let mapping = Mapping {
            read: if nibble & spec::PAM_RE != 0 { dram } else { rom },
            write: if nibble & spec::PAM_WE != 0 { dram } else { Target::Open },
        };
        cx.mem.map.place(Layer::Pam(segment), first, pages, mapping);
    }

    /// The attribute nibble of a segment. PAM0 holds F0000h in its high nibble; PAM1 starts at C0000h.
    fn pam(&self, segment: u8) -> u32 {
        if segment == 12 {
            return self.state.config.read(spec::PAM0, 1) >> 4;
        }
        let both = self.state.config.read(spec::PAM0 + 1 + segment / 2, 1);
        both >> (4 * (segment & 1)) & 0xF
    }

    fn map_smram(&self, cx: &mut Cx) {
        let smram = self.state.config.read(spec::SMRAM, 1);
        let open = smram & (spec::D_OPEN | spec::G_SMRAME) == spec::D_OPEN | spec::G_SMRAME
            && smram & spec::D_CLS == 0;
        if open {
            let dram = Mapping::both(Target::Ram(0xA_0000));
            cx.mem.map.place(Layer::Smram, 0xA0, 0x20, dram);
        } else {
            cx.mem.map.remove(Layer::Smram);
        }
    }

    /// SMRAM control after a write: the lock closes the window and freezes the register until reset.
    fn smram_written(&mut self, cx: &mut Cx) {
        let c = &mut self.state.config;
        let value = c.read(spec::SMRAM, 1);
        if value & spec::D_LCK != 0 {
            c.preset(spec::SMRAM, 1, value & !spec::D_OPEN);
            c.allow(spec::SMRAM, 1, spec::D_CLS);
        }
        self.map_smram(cx);
    }
}

impl Device for HostBridge {
    fn name(&self) -> &'static str {
        "82441FX"
    }

    fn wire(&mut self, wiring: &mut Wiring<'_>) {
        wiring.pci(spec::BDF);
    }

    fn reset(&mut self, cx: &mut Cx) {
        self.state = State::power_on();
        self.map_all(cx);
    }

    fn pci_read(&mut self, _cx: &mut Cx, _bdf: Bdf, register: u8, size: u8) -> u32 {
        self.state.config.read(register, size)
    }

    fn pci_write(&mut self, cx: &mut Cx, _bdf: Bdf, register: u8, size: u8, value: u32) {
        let before = self.state.config.read(spec::TRC, 1);
        self.state.config.write(register, size, value);
        let touched = |r: u8| (register..=register.saturating_add(size - 1)).contains(&r);
        for pam in (spec::PAM0..=spec::PAM6).filter(|&r| touched(r)) {
            let first = if pam == spec::PAM0 { 12 } else { 2 * (pam - spec::PAM0 - 1) };
            self.map_segment(cx, first);
            if first != 12 {
                self.map_segment(cx, first + 1);
            }
        }
        if touched(spec::SMRAM) {
            self.smram_written(cx);
        }
        let trc = self.state.config.read(spec::TRC, 1);
        if trc & !before & spec::TRC_RCPU != 0 {
            let hard = trc & spec::TRC_SRST != 0;
            cx.signals.reset = Some(if hard { ResetKind::Hard } else { ResetKind::Cpu });
        }
    }

    fn save(&self) -> Vec<u8> {
        save_state(&self.state)
    }

    fn fields(&self, bytes: &[u8]) -> Result<Vec<Field>, LoadError> {
        fields_of::<State>(self.name(), bytes)
    }

    fn load(&mut self, cx: &mut Cx, bytes: &[u8]) -> Result<(), LoadError> {
        self.state = load_state(self.name(), bytes)?;
        self.map_all(cx);
        Ok(())
    }

    fn title(&self) -> &'static str {
        "82441FX host bridge"
    }

    fn view(&self, _cx: &Cx, _now: Ns) -> Vec<RegisterGroup> {
        self.groups()
    }
}

#[cfg(test)]
mod tests;
mod view;
