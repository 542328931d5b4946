//! The PIIX3's IDE function (82371SB, PCI 00:01.1) with up to two ATA disks on the primary channel and an ATAPI CD-ROM
//! drive as the secondary's device 0.
//!
//! Virtual latencies are fixed (see `spec`): 50 us to the first data of a disk command, 100 us for the disc, 1 us
//! between PIO blocks, 5 ns a byte of DMA. Media are read only in [`Device::timer`], so that a machine whose image has
//! not arrived can stop there and call again.
//!
//! Deliberately absent: Ultra DMA in the controller (the PIIX3 has none; the drives say they could), queued commands,
//! security, the host protected area, audio.

mod bus_master;
mod cd_sector;
mod cd_state;
mod channel;
mod disk;
mod drive;
mod identify;
mod mmc;
mod mode;
mod packet;
pub mod spec;
#[cfg(test)]
mod tests;
mod toc;
mod transfer;
mod view;

use crate::bus::view::RegisterGroup;
use crate::bus::{
    Bdf, Cx, Device, Field, LineOut, LoadError, PciConfig, Wiring, fields_of, load_state, save_state,
};
use crate::host::{BlockDevice, ImageError, ImageProblem, Missing, Overlay};
use crate::mem::DeviceId;
use crate::time::{Ns, TimerId};
use channel::{Channel, Port};
use drive::Unit;
use serde::{Deserialize, Serialize};
use spec::{BM_PORTS, COMMAND_BLOCK, CONTROL_BLOCK, IRQ, pci};

/// Where the function sits on the PCI bus.
pub const BDF: Bdf = Bdf::new(1, 1);

const DISK_NAMES: [&str; 2] = ["hard disk 0", "hard disk 1"];
const CD_NAME: &str = "CD-ROM";

/// The IDE function and its drives.
pub struct Ide {
    units: [[Unit; 2]; 2],
    wires: Option<Wires>,
    state: State,
}

#[derive(Clone, Copy)]
struct Wires {
    id: DeviceId,
    irq: [LineOut; 2],
    timer: [TimerId; 2],
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct State {
    pci: PciConfig,
    channels: [Channel; 2],
}

fn pci_config() -> PciConfig {
    let mut c = PciConfig::new(0x8086, 0x7010, 0x01_01_80, 0, 0);
    c.preset(pci::PCISTS, 2, 0x0280);
    c.allow(pci::PCICMD, 2, pci::IOSE | pci::BME);
    c.allow(pci::MLT, 1, 0xF0);
    c.preset(pci::BMIBA, 4, 1);
    // The PIIX3 has 16 bits here; firmware sizes I/O BARs by all 32, and QEMU gives it them.
    c.allow(pci::BMIBA, 4, 0xFFFF_FFF0);
    c.allow(pci::IDETIM, 4, 0xFFFF_FFFF);
    c.allow(pci::SIDETIM, 1, 0xFF);
    c
}

impl Ide {
    /// The function with disks as primary device 0 and 1, and a CD-ROM drive (with `cdrom` in it, or empty) as
    /// secondary device 0. An image given as `cdrom` implies the drive.
    ///
    /// # Errors
    /// An image that is empty, has no whole number of sectors (512 bytes; 2048 of a CD), or is larger than 128 PiB
    /// (8 TiB of a CD).
    pub fn new(
        disks: [Option<Box<dyn BlockDevice>>; 2],
        cdrom: Option<Box<dyn BlockDevice>>,
        has_cdrom_drive: bool,
    ) -> Result<Self, ImageError> {
        for (image, name) in disks.iter().zip(DISK_NAMES) {
            if let Some(image) = image {
                check(name, image.len(), spec::SECTOR, spec::LBA48_SECTORS)?;
            }
        }
        if let Some(image) = &cdrom {
            check(CD_NAME, image.len(), spec::CD_SECTOR, u64::from(u32::MAX))?;
        }
        let secondary = if has_cdrom_drive || cdrom.is_some() { Unit::CdRom(cdrom) } else { Unit::Absent };
        let units = [disks.map(|d| d.map_or(Unit::Absent, Unit::Disk)), [secondary, Unit::Absent]];
        let channels = [Channel::new(&units[0]), Channel::new(&units[1])];
        Ok(Self { units, wires: None, state: State { pci: pci_config(), channels } })
    }

    /// Puts a disc in, in place of one that may be there and even if the guest locked the tray, and closes the tray.
    /// The guest sees a unit attention and a new-media event. Gives the former image back.
    ///
    /// # Errors
    /// No CD-ROM drive in this machine, or an image that is empty or no whole number of 2048-byte sectors; the drive
    /// stays as it was.
    pub fn insert_cdrom(
        &mut self,
        cx: &mut Cx,
        image: Box<dyn BlockDevice>,
    ) -> Result<Option<Box<dyn BlockDevice>>, ImageError> {
        check(CD_NAME, image.len(), spec::CD_SECTOR, u64::from(u32::MAX))?;
        let former = self.swap_disc(cx, Some(image))?;
        self.state.channels[1].drives[0].cd.inserted();
        Ok(former)
    }

    /// Takes the disc out and leaves the tray open. If the guest locked it and `force` is false, the guest is only
    /// told that somebody pressed the button. Gives the image back.
    ///
    /// # Errors
    /// No CD-ROM drive in this machine.
    pub fn eject_cdrom(
        &mut self,
        cx: &mut Cx,
        force: bool,
    ) -> Result<Option<Box<dyn BlockDevice>>, ImageError> {
        if self.state.channels[1].drives[0].cd.locked && !force {
            self.state.channels[1].drives[0].cd.event = cd_state::MediaEvent::EjectRequest;
            return Ok(None);
        }
        let former = self.swap_disc(cx, None)?;
        let cd = &mut self.state.channels[1].drives[0].cd;
        if former.is_some() {
            cd.removed();
        }
        cd.tray_open = true;
        Ok(former)
    }

    /// Exchanges the image; a transfer that still reads the old one ends with "medium changed" or "no medium".
    fn swap_disc(
        &mut self,
        cx: &mut Cx,
        image: Option<Box<dyn BlockDevice>>,
    ) -> Result<Option<Box<dyn BlockDevice>>, ImageError> {
        let len = image.as_ref().map(|i| i.len());
        let Unit::CdRom(slot) = &mut self.units[1][0] else {
            return Err(ImageError { drive: CD_NAME, problem: ImageProblem::NoDrive });
        };
        let former = std::mem::replace(slot, image);
        self.state.channels[1].drives[0].image_len = len;
        if let Some(mut port) = self.port(cx, 1) {
            port.medium_left();
        }
        Ok(former)
    }

    /// Has the CD-ROM drive hold another image, or none, without the guest's notice: its state is to be loaded next.
    pub fn exchange_cdrom(&mut self, image: Option<Box<dyn BlockDevice>>) {
        if let Unit::CdRom(slot) = &mut self.units[1][0] {
            *slot = image;
        }
    }

    /// What the guest wrote to a disk (0 or 1); `None` if there is no such disk.
    pub fn overlay(&self, disk: usize) -> Option<&Overlay> {
        let unit = self.units[0].get(disk)?;
        (!unit.is_absent()).then(|| &self.state.channels[0].drives[disk].overlay)
    }

    /// Fills `buf` from byte `offset` of a disk (0 or 1) on, as the guest sees it: for exporting the image piece by
    /// piece. Offset and length are multiples of 512. False if there is no such disk.
    ///
    /// # Errors
    /// Bytes that the host has not got yet.
    pub fn export(&mut self, disk: usize, offset: u64, buf: &mut [u8]) -> Result<bool, Missing> {
        let Some(Unit::Disk(image)) = self.units[0].get_mut(disk) else { return Ok(false) };
        self.state.channels[0].drives[disk].overlay.read(image.as_mut(), offset, buf)?;
        Ok(true)
    }

    /// Bytes of the image in a disk drive (0 or 1).
    pub fn disk_len(&self, disk: usize) -> Option<u64> {
        self.units[0].get(disk)?.len()
    }

    /// Bytes of the image in the CD-ROM drive.
    pub fn cdrom_len(&self) -> Option<u64> {
        self.units[1][0].len()
    }

    /// A channel with what belongs to it; `None` before the device is attached.
    fn port<'a>(&'a mut self, cx: &'a mut Cx, number: usize) -> Option<Port<'a>> {
        let wires = self.wires?;
        let may_master = self.state.pci.read(pci::PCICMD, 1) & pci::BME != 0;
        Some(Port {
            cx,
            ch: &mut self.state.channels[number],
            units: &mut self.units[number],
            number,
            irq: wires.irq[number],
            timer: wires.timer[number],
            may_master,
        })
    }

    /// First port of the bus master registers; 0 where none are decoded, as for an address beyond the I/O space.
    fn master_base(&self) -> u16 {
        u16::try_from(self.state.pci.read(pci::BMIBA, 4) & !15).unwrap_or(0)
    }

    /// Claims or frees the ports that the configuration space decodes.
    fn map_ports(&self, cx: &mut Cx, on: bool) {
        let Some(Wires { id, .. }) = self.wires else { return };
        let enabled = on && self.state.pci.read(pci::PCICMD, 1) & pci::IOSE != 0;
        for channel in 0..2 {
            let timing = self.state.pci.read(pci::IDETIM + 2 * channel as u8, 2);
            let decoded = enabled && timing & pci::IDE_DECODE != 0;
            let (first, control) = (COMMAND_BLOCK[channel], CONTROL_BLOCK[channel]);
            claim(cx, id, first, first, 4, decoded);
            claim(cx, id, first + 1, first + 7, 1, decoded);
            claim(cx, id, control, control, 1, decoded);
        }
        let base = self.master_base();
        if base != 0 {
            claim(cx, id, base, base + (BM_PORTS - 1), 4, enabled);
        }
    }

    /// Which channel's register a port is.
    fn decode(&self, port: u16) -> Option<(usize, Register)> {
        for channel in 0..2 {
            let offset = port.wrapping_sub(COMMAND_BLOCK[channel]);
            if offset < 8 {
                return Some((channel, Register::Command(offset)));
            }
            if port == CONTROL_BLOCK[channel] {
                return Some((channel, Register::Control));
            }
        }
        let offset = port.wrapping_sub(self.master_base());
        (offset < BM_PORTS).then_some((usize::from(offset / 8), Register::Master(offset % 8)))
    }

    fn read_byte(&mut self, cx: &mut Cx, port: u16) -> u8 {
        let Some((channel, register)) = self.decode(port) else { return 0xFF };
        let Some(mut p) = self.port(cx, channel) else { return 0xFF };
        match register {
            Register::Command(spec::reg::DATA) => p.read_data(1) as u8,
            Register::Command(r) => p.read_register(r),
            Register::Control => p.read_alternate_status(),
            Register::Master(r) => p.ch.bm.read(r),
        }
    }

    fn write_byte(&mut self, cx: &mut Cx, port: u16, value: u8) {
        let Some((channel, register)) = self.decode(port) else { return };
        let Some(mut p) = self.port(cx, channel) else { return };
        match register {
            Register::Command(spec::reg::DATA) => p.write_data(1, u32::from(value)),
            Register::Command(r) => p.write_register(r, value),
            Register::Control => p.write_control(value),
            Register::Master(r) => {
                p.ch.bm.write(r, value);
                p.kick();
            }
        }
    }
}

/// A register of a channel.
enum Register {
    Command(u16),
    Control,
    Master(u16),
}

/// Takes the ports nobody else has, or gives up those that are ours: a base address that software puts over another
/// device's ports does not take them away.
fn claim(cx: &mut Cx, id: DeviceId, first: u16, last: u16, width: u8, on: bool) {
    for port in first..=last {
        if !on {
            cx.ports.unmap(port, port, id);
        } else if cx.ports.owner(port).0.is_none() {
            cx.ports.map(port, port, width, id);
        }
    }
}

fn check(drive: &'static str, len: u64, sector: u64, most: u64) -> Result<(), ImageError> {
    ImageError::check_sectors(drive, len, sector)?;
    if len / sector > most {
        return Err(ImageError {
            drive,
            problem: ImageProblem::TooLarge { len, most: most.saturating_mul(sector) },
        });
    }
    Ok(())
}

impl Device for Ide {
    fn name(&self) -> &'static str {
        "82371SB IDE"
    }

    fn wire(&mut self, wiring: &mut Wiring<'_>) {
        use crate::bus::Line;
        wiring.pci(BDF);
        let irq = IRQ.map(|irq| wiring.drive(Line::isa(irq)));
        let timer = [wiring.timer(), wiring.timer()];
        self.wires = Some(Wires { id: wiring.id(), irq, timer });
    }

    fn reset(&mut self, cx: &mut Cx) {
        self.map_ports(cx, false);
        self.state.pci = pci_config();
        for number in 0..2 {
            let Some(p) = self.port(cx, number) else { return };
            let drives = std::mem::replace(p.ch, Channel::new(p.units)).drives;
            p.ch.drives = drives;
            for (d, unit) in p.ch.drives.iter_mut().zip(p.units.iter()) {
                d.hard_reset(unit);
            }
            p.cx.timers.cancel(p.timer);
            p.cx.lines.set(p.irq, false);
        }
        self.map_ports(cx, true);
    }

    fn port_read(&mut self, cx: &mut Cx, port: u16, size: u8) -> u32 {
        if let Some(channel) = COMMAND_BLOCK.iter().position(|&p| p == port) {
            return self.port(cx, channel).map_or(u32::MAX, |mut p| p.read_data(size));
        }
        (0..u16::from(size))
            .fold(0, |v, i| v | u32::from(self.read_byte(cx, port.wrapping_add(i))) << (8 * i))
    }

    fn port_write(&mut self, cx: &mut Cx, port: u16, size: u8, value: u32) {
        if let Some(channel) = COMMAND_BLOCK.iter().position(|&p| p == port) {
            if let Some(mut p) = self.port(cx, channel) {
                p.write_data(size, value);
            }
            return;
        }
        for i in 0..u16::from(size) {
            self.write_byte(cx, port.wrapping_add(i), (value >> (8 * i)) as u8);
        }
    }

    fn timer(&mut self, cx: &mut Cx, timer: TimerId) {
        let Some(wires) = self.wires else { return };
        if let Some(number) = wires.timer.iter().position(|&t| t == timer)
            && let Some(mut p) = self.port(cx, number)
        {
            p.timer();
        }
    }

    fn pci_read(&mut self, _cx: &mut Cx, _bdf: Bdf, register: u8, size: u8) -> u32 {
        self.state.pci.read(register, size)
    }

    fn pci_write(&mut self, cx: &mut Cx, _bdf: Bdf, register: u8, size: u8, value: u32) {
        self.map_ports(cx, false);
        self.state.pci.write(register, size, value);
        self.map_ports(cx, true);
        for number in 0..2 {
            if let Some(mut p) = self.port(cx, number) {
                p.kick();
            }
        }
    }

    fn save(&self) -> Vec<u8> {
        save_state(&self.state)
    }

    fn fields(&self, bytes: &[u8]) -> Result<Vec<Field>, LoadError> {
        fields_of::<State>(self.name(), bytes)
    }

    fn load(&mut self, cx: &mut Cx, bytes: &[u8]) -> Result<(), LoadError> {
        let state: State = load_state(self.name(), bytes)?;
        let fits = state.channels.iter().zip(&self.units).all(|(ch, units)| ch.fits(units));
        if !fits {
            return Err(LoadError { device: self.name() });
        }
        self.map_ports(cx, false);
        self.state = state;
        self.map_ports(cx, true);
        Ok(())
    }

    fn title(&self) -> &'static str {
        "PIIX3 IDE function and its drives"
    }

    fn view(&self, _cx: &Cx, _now: Ns) -> Vec<RegisterGroup> {
        self.groups()
    }
}
