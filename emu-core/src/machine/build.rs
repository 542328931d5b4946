//! Putting a machine together: the one list of devices.

use super::config::{Config, Error};
use crate::bus::Bus;
use crate::devices::acpi::Piix4Pm;
use crate::devices::apic::Apic;
use crate::devices::ata::Ide;
use crate::devices::debug_port::DebugPort;
use crate::devices::fdc::Fdc;
use crate::devices::fw_cfg::{FwCfg, Items, boot_path};
use crate::devices::i440fx::{BiosRom, HostBridge};
use crate::devices::i8042::Ps2Controller;
use crate::devices::i8237::DmaController;
use crate::devices::i8254::Pit;
use crate::devices::i8259::Pic;
use crate::devices::mc146818::Rtc;
use crate::devices::mc146818::cmos::{self, BootDevice, Equipment};
use crate::devices::piix::Piix3;
use crate::devices::port92::Port92;
use crate::devices::uart16550::Uarts;
use crate::devices::vga::{self, Vga};
use crate::machine::boot;
use crate::mem::{Layer, Mapping, Memory, PAGE, Target};
use crate::x86::{Cpu, Engine};

/// Video RAM in bytes: enough for 1600x1200 in 32 bits, and what the BAR's size must be a power of two of.
const VRAM_BYTES: u32 = 16 << 20;

/// Serial lines run this much faster than the divisor says, so that a kernel's boot log does not spend seconds of
/// virtual time polling: a character takes about 1.4 us at 115200 baud.
const SERIAL_SPEEDUP: u32 = 64;

/// A CPU on a bus with every device, after power-on.
pub fn engine(mut config: Config) -> Result<Engine, Error> {
    config.check()?;
    let mut mem =
        Memory::try_new(config.ram_bytes, VRAM_BYTES).ok_or(Error::OutOfMemory(config.ram_bytes))?;
    let bios = place_firmware(&config, &mut mem)?;
    let vga_bios = mem.add_rom(&config.vga_bios).filter(|_| !config.vga_bios.is_empty());
    let fdc = Fdc::new(std::mem::take(&mut config.floppies))?;
    let equipment = equipment(&config, &fdc);
    let items = firmware_items(&config)?;
    let seconds = u64::try_from(config.rtc_unix_seconds).unwrap_or(0);
    let mut bus = Bus::new(mem);
    bus.attach(Box::new(Pic::new()));
    bus.attach(Box::new(Apic::new()));
    bus.attach(Box::new(Pit::new()));
    bus.attach(Box::new(Rtc::new(seconds, &cmos::for_machine(&equipment))));
    bus.attach(Box::new(DmaController::new()));
    bus.attach(Box::new(Ps2Controller::new()));
    bus.attach(Box::new(Port92::new()));
    bus.attach(Box::new(Uarts::with_speedup(SERIAL_SPEEDUP)));
    bus.attach(Box::new(HostBridge::new(bios)));
    bus.attach(Box::new(Piix3::new()));
    bus.attach(Box::new(Piix4Pm::new()));
    bus.attach(Box::new(FwCfg::new(items)));
    let bios = vga_bios.map(|offset| (offset, config.vga_bios.len() as u32));
    bus.attach(Box::new(Vga::new(vga::Config { bios, retrace_irq: false })));
    bus.attach(Box::new(Ide::new(config.disks, config.cdrom, true)?));
    bus.attach(Box::new(fdc));
    // Last, so that the ports asked for on the command line win over a device's.
    bus.attach(Box::new(DebugPort::new(config.exit_port, config.capture_port)));
    bus.reset();
    let mut engine = Engine::new(Cpu::new(bus));
    engine.forget();
    Ok(engine)
}

/// Puts the BIOS, or the ROM in its place, into the backing store.
fn place_firmware(config: &Config, mem: &mut Memory) -> Result<Option<BiosRom>, Error> {
    let Some((address, image)) = &config.rom else {
        return BiosRom::load(mem, &config.bios).map(Some).map_err(|_| Error::Bios(config.bios.len()));
    };
    let offset = mem.add_rom(image).ok_or(Error::Rom(*address, image.len()))?;
    let pages = (image.len() as u32).div_ceil(PAGE);
    let mapping = Mapping { read: Target::Ram(offset), write: Target::Open };
    mem.map.place(Layer::Rom, address / PAGE, pages, mapping);
    Ok(None)
}

fn equipment(config: &Config, fdc: &Fdc) -> Equipment {
    let floppy = |n: usize| fdc.drive_type(n).map_or(0, |kind| kind as u8);
    let disk = |n: usize| config.disks[n].as_ref().map(|d| d.len());
    Equipment {
        ram_bytes: config.ram_bytes,
        floppies: [floppy(0), floppy(1)],
        boot_order: config.boot_order.clone(),
        disk_bytes: [disk(0), disk(1), None, None],
    }
}

fn firmware_items(config: &Config) -> Result<Items, Error> {
    let mut items = Items::for_machine(config.ram_bytes);
    if let Some(kernel) = &config.kernel {
        boot::prepare(&kernel.image, &kernel.initrd, &kernel.command_line, config.ram_bytes)?
            .install(&mut items);
        return Ok(items);
    }
    if let Some(wait_ms) = config.boot_menu {
        items.boot_menu(wait_ms);
    }
    let mut order = Vec::new();
    for device in &config.boot_order {
        order.extend_from_slice(match device {
            BootDevice::Floppy => &[boot_path::FLOPPY_A],
            BootDevice::Disk => &[boot_path::DISK_0, boot_path::DISK_1],
            BootDevice::CdRom => &[boot_path::CD_ROM],
            BootDevice::Network => &[],
        });
    }
    items.boot_order(&order);
    Ok(items)
}
