//! Power management as the PIIX4's function 3 does it, with the ports SeaBIOS's own ACPI tables name. There is no system
//! management mode: what SMM firmware would do on a write to APMC (switching to ACPI and back) the chip does itself.

mod pm1;
mod smbus;
mod spec;

use crate::bus::view::RegisterGroup;
use crate::bus::{
    Bdf, Cx, Device, Field, Line, LineOut, LoadError, PciConfig, Wiring, fields_of, load_state, save_state,
};
use crate::mem::DeviceId;
use crate::time::{Ns, TimerId};
use pm1::{Pm, Suspend};
use serde::{Deserialize, Serialize};
use smbus::SmBus;

/// The power management function, PCI 00:01.3.
pub struct Piix4Pm {
    wiring: Option<Wires>,
    state: State,
}

struct Wires {
    id: DeviceId,
    sci: LineOut,
    overflow: TimerId,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct State {
    config: PciConfig,
    pm: Pm,
    smbus: SmBus,
    /// GPE0 status and enable bits; nothing in this machine sets a status.
    gpe0: [u8; 4],
    apmc: u8,
    apms: u8,
    /// First port of the PM and SMBus windows while they are decoded.
    pm_window: Option<u16>,
    smb_window: Option<u16>,
}

impl State {
    fn after_reset(now: Ns) -> Self {
        let mut c =
            PciConfig::new(spec::VENDOR, spec::DEVICE, spec::CLASS, spec::REVISION, 0).with_qemu_subsystem();
        c.preset(spec::PCISTS, 2, 0x0280);
        c.preset(spec::INTPN, 1, 1);
        c.preset(spec::PMBA, 4, 1);
        c.preset(spec::SMBBA, 4, 1);
        c.preset(spec::DEVACTB, 4, spec::APMC_EN);
        spec::DEVRES.iter().for_each(|&(register, value)| c.preset(register, 1, value));
        c.allow(spec::PCICMD, 2, spec::IOSE);
        c.allow(spec::INTLN, 1, 0xFF);
        c.allow(spec::PMBA, 4, 0xFFC0);
        (spec::CNTA..spec::PMREGMISC).for_each(|register| c.allow(register, 1, 0xFF));
        c.allow(spec::PMREGMISC, 1, 0x01);
        c.allow(spec::SMBBA, 4, 0xFFF0);
        c.allow(spec::SMBHSTCFG, 1, 0x0F);
        c.allow(spec::SMBSLVC, 2, 0xFFFF);
        c.allow(spec::SMBREV - 1, 1, 0xFF);
        Self {
            config: c,
            pm: Pm::after_reset(now),
            smbus: SmBus::default(),
            gpe0: [0; 4],
            apmc: 0,
            apms: 0,
            pm_window: None,
            smb_window: None,
        }
    }

    fn wanted_pm_window(&self) -> Option<u16> {
        let base = self.config.read(spec::PMBA, 2) as u16 & !(spec::PM_PORTS - 1);
        (self.config.read(spec::PMREGMISC, 1) & 1 != 0 && base != 0).then_some(base)
    }

    fn wanted_smb_window(&self) -> Option<u16> {
        let base = self.config.read(spec::SMBBA, 2) as u16 & !(spec::SMB_PORTS - 1);
        let enabled = self.config.read(spec::PCICMD, 1) & spec::IOSE != 0
            && self.config.read(spec::SMBHSTCFG, 1) & 1 != 0;
        (enabled && base != 0).then_some(base)
    }

    fn smb_interrupt(&self) -> bool {
        const BY_IRQ_9: u32 = 0b1000;
        self.config.read(spec::SMBHSTCFG, 1) & 0x0E == BY_IRQ_9 && self.smbus.interrupt()
    }

    fn gpe(&self) -> bool {
        let [s0, s1, e0, e1] = self.gpe0;
        s0 & e0 != 0 || s1 & e1 != 0
    }
}

/// Offset of `port` in a window of `len` ports, if the window is there and holds it.
fn within(window: Option<u16>, len: u16, port: u16) -> Option<u16> {
    window.and_then(|base| port.checked_sub(base)).filter(|&offset| offset < len)
}

/// Takes the ports of a window that no other device decodes, so that a window laid over another device's ports does not
/// take them away for good.
fn claim(cx: &mut Cx, id: DeviceId, base: u16, len: u16, width: u8) {
    for port in base..=base | (len - 1) {
        let (owner, _) = cx.ports.owner(port);
        if owner.is_none_or(|o| o == id) && !FIXED.iter().any(|f| (f.0..=f.1).contains(&port)) {
            cx.ports.map(port, port, width, id);
        }
    }
}

impl Default for Piix4Pm {
    fn default() -> Self {
        Self::new()
    }
}

impl Piix4Pm {
    /// A power management function.
    pub fn new() -> Self {
        Self { wiring: None, state: State::after_reset(0) }
    }

    /// Presses the power button. True if the guest's system will hear of it; false if it runs without ACPI, where the
    /// host may want to switch off by force.
    pub fn press_power_button(&mut self, cx: &mut Cx) -> bool {
        self.state.pm.pmsts |= spec::pm1::PWRBTN;
        self.update(cx);
        self.state.pm.hears(spec::pm1::PWRBTN)
    }

    /// Drives the SCI and sets the overflow timer from the registers.
    fn update(&mut self, cx: &mut Cx) {
        let Some(wires) = &self.wiring else { return };
        self.state.pm.catch_up(cx.now);
        let sci = self.state.pm.sci()
            || self.state.pm.acpi_mode() && self.state.gpe()
            || self.state.smb_interrupt();
        cx.lines.set(wires.sci, sci);
        cx.timers.set(wires.overflow, self.state.pm.next_event());
    }

    /// Moves the port windows to where the configuration wants them.
    fn map_windows(&mut self, cx: &mut Cx) {
        let Some(wires) = &self.wiring else { return };
        let (pm, smb) = (self.state.wanted_pm_window(), self.state.wanted_smb_window());
        for (had, wanted, len) in
            [(self.state.pm_window, pm, spec::PM_PORTS), (self.state.smb_window, smb, spec::SMB_PORTS)]
        {
            if let Some(base) = had.filter(|_| had != wanted) {
                let free = |port: &u16| !FIXED.iter().any(|f| (f.0..=f.1).contains(port));
                (base..=base | (len - 1)).filter(free).for_each(|p| cx.ports.unmap(p, p, wires.id));
            }
        }
        if let Some(base) = pm {
            claim(cx, wires.id, base, spec::PM_PORTS, 4);
        }
        if let Some(base) = smb {
            claim(cx, wires.id, base, spec::SMB_PORTS, 1);
        }
        (self.state.pm_window, self.state.smb_window) = (pm, smb);
    }

    fn suspend(&mut self, cx: &mut Cx, kind: Suspend) {
        match kind {
            Suspend::Off => cx.signals.power_off = true,
            // The tables offer no such state. The machine falls asleep and is woken in the same instant.
            Suspend::Other => self.state.pm.pmsts |= spec::pm1::WAK,
        }
    }

    fn fixed_read(&self, port: u16, size: u8) -> u32 {
        match port {
            spec::APMC => u32::from(self.state.apmc),
            spec::APMS => u32::from(self.state.apms),
            spec::GPE0..=spec::GPE0_LAST => {
                u32::from(self.state.gpe0.get(usize::from(port - spec::GPE0)).copied().unwrap_or(0))
            }
            spec::CPU_HOTPLUG => 1,
            spec::CPU_HOTPLUG..=spec::CPU_HOTPLUG_LAST | spec::PCI_HOTPLUG..=spec::PCI_HOTPLUG_LAST => 0,
            _ => u32::MAX >> (32 - 8 * u32::from(size.clamp(1, 4))),
        }
    }

    fn fixed_write(&mut self, port: u16, value: u8) {
        match port {
            spec::APMC => {
                self.state.apmc = value;
                self.state.pm.apmc_written(value);
            }
            spec::APMS => self.state.apms = value,
            spec::GPE0..=spec::GPE0_LAST => {
                let at = usize::from(port - spec::GPE0);
                if let Some(register) = self.state.gpe0.get_mut(at) {
                    *register = if at < 2 { *register & !value } else { value };
                }
            }
            // Nothing can be ejected.
            _ => {}
        }
    }
}

/// Ports that are always decoded: first, last, width.
const FIXED: [(u16, u16, u8); 4] = [
    (spec::APMC, spec::APMS, 1),
    (spec::GPE0, spec::GPE0_LAST, 1),
    (spec::PCI_HOTPLUG, spec::PCI_HOTPLUG_LAST, 4),
    (spec::CPU_HOTPLUG, spec::CPU_HOTPLUG_LAST, 1),
];

impl Device for Piix4Pm {
    fn name(&self) -> &'static str {
        "82371AB power management"
    }

    fn wire(&mut self, wiring: &mut Wiring<'_>) {
        wiring.pci(spec::BDF);
        for (first, last, width) in FIXED {
            wiring.ports(first, last, width);
        }
        wiring.listen(Line::isa(8));
        self.wiring =
            Some(Wires { id: wiring.id(), sci: wiring.drive(Line::isa(9)), overflow: wiring.timer() });
    }

    fn reset(&mut self, cx: &mut Cx) {
        let (pm_window, smb_window) = (self.state.pm_window, self.state.smb_window);
        self.state = State { pm_window, smb_window, ..State::after_reset(cx.now) };
        self.map_windows(cx);
        self.update(cx);
    }

    fn port_read(&mut self, cx: &mut Cx, port: u16, size: u8) -> u32 {
        if FIXED.iter().any(|f| (f.0..=f.1).contains(&port)) {
            return self.fixed_read(port, size);
        }
        // Byte by byte where the windows overlap: SMBus lies over PM, as it was mapped last.
        if let Some(offset) = within(self.state.smb_window, spec::SMB_PORTS, port) {
            return u32::from(self.state.smbus.read(offset));
        }
        match within(self.state.pm_window, spec::PM_PORTS, port) {
            Some(offset) => {
                self.update(cx);
                self.state.pm.read(cx.now, offset, size)
            }
            None => u32::MAX,
        }
    }

    fn port_write(&mut self, cx: &mut Cx, port: u16, size: u8, value: u32) {
        self.state.pm.catch_up(cx.now);
        if FIXED.iter().any(|f| (f.0..=f.1).contains(&port)) {
            self.fixed_write(port, value as u8);
        } else if let Some(offset) = within(self.state.smb_window, spec::SMB_PORTS, port) {
            self.state.smbus.write(offset, value as u8);
        } else if let Some(offset) = within(self.state.pm_window, spec::PM_PORTS, port)
            && let Some(kind) = self.state.pm.write(offset, size, value)
        {
            self.suspend(cx, kind);
        }
        self.update(cx);
    }

    fn timer(&mut self, cx: &mut Cx, _timer: TimerId) {
        self.update(cx);
    }

    fn line_changed(&mut self, cx: &mut Cx, _line: Line, level: bool) {
        // The RTC's interrupt: its alarm can wake a sleeping system.
        if level {
            self.state.pm.pmsts |= spec::pm1::RTC;
            self.update(cx);
        }
    }

    fn pci_read(&mut self, _cx: &mut Cx, _bdf: Bdf, register: u8, size: u8) -> u32 {
        self.state.config.read(register, size)
    }

    fn pci_write(&mut self, cx: &mut Cx, _bdf: Bdf, register: u8, size: u8, value: u32) {
        self.state.config.write(register, size, value);
        self.map_windows(cx);
        self.update(cx);
    }

    fn save(&self) -> Vec<u8> {
        save_state(&self.state)
    }

    fn fields(&self, bytes: &[u8]) -> Result<Vec<Field>, LoadError> {
        fields_of::<State>(self.name(), bytes)
    }

    fn load(&mut self, cx: &mut Cx, bytes: &[u8]) -> Result<(), LoadError> {
        let state: State = load_state(self.name(), bytes)?;
        if (state.pm_window, state.smb_window) != (state.wanted_pm_window(), state.wanted_smb_window()) {
            return Err(LoadError { device: self.name() });
        }
        let (pm_window, smb_window) = (self.state.pm_window, self.state.smb_window);
        self.state = State { pm_window, smb_window, ..state };
        self.map_windows(cx);
        Ok(())
    }

    fn title(&self) -> &'static str {
        "PIIX4 power management"
    }

    fn view(&self, _cx: &Cx, now: Ns) -> Vec<RegisterGroup> {
        self.groups(now)
    }
}

#[cfg(test)]
mod tests;
mod view;
