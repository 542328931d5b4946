//! Makes the machine that the command line describes.

use crate::Outcome;
use crate::args::Options;
use crate::files::{Failure, Kind, hash_of, open_image, read_firmware, read_whole};
use emu_core::machine::{Config, Description, Kernel, Machine};
use emu_core::snapshot::{File, Limits};
use std::env;
use std::time::{SystemTime, UNIX_EPOCH};

/// The clock of runs that have to repeat exactly: 2000-01-01.
const FIXED_CLOCK: i64 = 946_684_800;

fn clock(options: &Options) -> i64 {
    if let Some(given) = env::var("SOURCE_DATE_EPOCH").ok().and_then(|text| text.parse().ok()) {
        return given;
    }
    if options.state_hash {
        return FIXED_CLOCK;
    }
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(FIXED_CLOCK)
}

fn firmware(config: &mut Config, options: &Options) -> Outcome<()> {
    match &options.rom {
        Some((address, file)) => config.rom = Some((*address, read_whole(file)?)),
        None => config.bios = read_firmware("--bios", options.bios.as_deref(), "bios.bin", "bios-256k.bin")?,
    }
    if options.rom.is_none() || options.vgabios.is_some() {
        let named = options.vgabios.as_deref();
        config.vga_bios = read_firmware("--vgabios", named, "vgabios.bin", "vgabios-stdvga.bin")?;
    }
    Ok(())
}

/// Tells the machine which images it has, so that a snapshot opens over no others.
fn name_images(machine: &mut Machine, options: &Options) -> Outcome<()> {
    if options.open.is_none() && options.save.is_none() {
        return Ok(());
    }
    let names = options.floppies.iter().chain(&options.disks).chain([&options.cdrom]);
    for (drive, name) in Description::DRIVES.into_iter().zip(names) {
        if let Some(name) = name {
            machine.set_image_hash(drive, hash_of(name)?);
        }
    }
    Ok(())
}

/// Powers a machine on. The second value tells later why an image could not be read.
pub fn power_on(options: &Options) -> Outcome<(Machine, Failure)> {
    let mut config = Config::new();
    config.ram_bytes = options.memory;
    config.boot_order = options.boot_order.clone();
    config.rtc_unix_seconds = clock(options);
    firmware(&mut config, options)?;
    if let Some(kernel) = &options.kernel {
        config.kernel = Some(Kernel {
            image: read_whole(kernel)?,
            initrd: options.initrd.as_deref().map_or(Ok(Vec::new()), read_whole)?,
            command_line: options.append.clone(),
        });
    }
    config.exit_port = options.exit_port;
    config.capture_port = options.capture.as_ref().map(|(port, _)| *port);
    let failure = Failure::default();
    let open = |kind, name: &Option<String>| {
        name.as_deref().map(|name| open_image(kind, name, &failure)).transpose()
    };
    for n in 0..2 {
        config.floppies[n] = open(Kind::Floppy, &options.floppies[n])?;
        config.disks[n] = open(Kind::Disk, &options.disks[n])?;
    }
    config.cdrom = open(Kind::CdRom, &options.cdrom)?;
    let mut machine = Machine::new(config).map_err(|error| error.to_string())?;
    name_images(&mut machine, options)?;
    if let Some(file) = &options.open {
        let bytes = read_whole(file)?;
        let snapshot = File::parse(&bytes, &Limits::default()).and_then(|saved| saved.unpack(None));
        let opened = snapshot.and_then(|snapshot| machine.open(&snapshot));
        opened.map_err(|error| format!("--open: {file}: {error}"))?;
    }
    Ok((machine, failure))
}
