//! What is wrong with a configuration is one line that names the field and the remedy, and a machine that runs goes on.

use emu_core::bus::DriveId;
use emu_core::devices::mc146818::cmos::BootDevice;
use emu_core::host::{BlockDevice, NotYet};
use emu_core::machine::{Config, Kernel, Machine, Medium, Stop, Until};
use glassbox_tests::{Guest, Limit, Pc, bios_config, boxed};

/// The message of a configuration that must be refused.
fn refused(config: Config) -> String {
    let message = Machine::new(config).err().expect("a refusal").to_string();
    assert!(!message.is_empty() && !message.contains('\n'), "{message:?} is not one line");
    message
}

fn with(change: impl FnOnce(&mut Config)) -> Config {
    let mut config = bios_config();
    change(&mut config);
    config
}

#[track_caller]
fn expect(change: impl FnOnce(&mut Config), parts: &[&str]) {
    let message = refused(with(change));
    for part in parts {
        assert!(message.contains(part), "no {part:?} in {message:?}");
    }
}

fn kernel(image: Vec<u8>) -> Option<Kernel> {
    Some(Kernel { image, ..Kernel::default() })
}

/// An image of a size, without bytes.
struct Claims(u64);

impl BlockDevice for Claims {
    fn len(&self) -> u64 {
        self.0
    }

    fn read(&mut self, _offset: u64, buf: &mut [u8]) -> Result<(), NotYet> {
        buf.fill(0);
        Ok(())
    }
}

#[test]
fn memory_outside_1_mib_to_2_gib() {
    for bytes in [0, 1, (1 << 20) - 4096, (1 << 20) + 1, (2 << 30) + 4096, u32::MAX] {
        expect(|c| c.ram_bytes = bytes, &["memory: ", "between 1 MiB and 2 GiB", "choose"]);
    }
    for bytes in [1 << 20, 2 << 30] {
        assert!(Machine::new(with(|c| c.ram_bytes = bytes)).is_ok(), "{bytes}");
    }
}

#[test]
fn firmware_that_is_none() {
    for len in [0, 1000, 65535, 65537, 320 << 10] {
        expect(|c| c.bios = vec![1; len], &["bios: ", "64 to 256 KiB", "give"]);
    }
    for fill in [0, 0xFF] {
        expect(|c| c.bios = vec![fill; 64 << 10], &["bios: ", "reset vector", "give"]);
    }
    expect(|c| c.vga_bios = vec![0; 32 << 10], &["vgabios: ", "55 AA", "give"]);
    expect(|c| c.vga_bios = vec![0x55], &["vgabios: "]);
    expect(|c| c.vga_bios = [&[0x55, 0xAA][..], &vec![0; 64 << 10]].concat(), &["vgabios: ", "64 KiB"]);
}

#[test]
fn roms_that_do_not_fit() {
    for (address, len) in [(0xFFFF_0000u32, 0), (0xFFFF_0000, 65537), (0xFFFF_0001, 16), (0, (2 << 20) + 1)] {
        expect(|c| c.rom = Some((address, vec![0x90; len])), &["rom: ", &format!("{address:08X}"), "give"]);
    }
}

#[test]
fn floppies_that_no_drive_takes() {
    for (n, name) in ["floppy A", "floppy B"].into_iter().enumerate() {
        expect(|c| c.floppies[n] = Some(boxed(Vec::new())), &[name, "empty", "choose"]);
        for len in [1, 511, 512, 1_474_559, 1_474_561, 10 << 20] {
            expect(|c| c.floppies[n] = Some(boxed(vec![0; len])), &[name, &len.to_string(), "1440"]);
        }
    }
}

#[test]
fn disks_and_cds_that_are_none() {
    for (n, name) in ["hard disk 0", "hard disk 1"].into_iter().enumerate() {
        expect(|c| c.disks[n] = Some(boxed(Vec::new())), &[name, "empty", "choose"]);
        expect(|c| c.disks[n] = Some(boxed(vec![0; 1000])), &[name, "1000", "pad it to 1024"]);
        expect(|c| c.disks[n] = Some(Box::new(Claims(1 << 60))), &[name, "smaller image"]);
    }
    expect(|c| c.cdrom = Some(boxed(Vec::new())), &["CD-ROM", "empty", "choose"]);
    expect(|c| c.cdrom = Some(boxed(vec![0; 2047])), &["CD-ROM", "2047"]);
    expect(|c| c.cdrom = Some(Box::new(Claims(1 << 60))), &["CD-ROM", "smaller image"]);
}

#[test]
fn kernels_that_are_none() {
    expect(|c| c.kernel = kernel(Vec::new()), &["kernel file is empty", "give"]);
    for len in [1, 512, 4096, 100_000] {
        expect(|c| c.kernel = kernel(vec![0x90; len]), &["kernel", "neither", "give"]);
    }
}

#[test]
fn a_corrupt_bzimage() {
    let Some(guest) = Guest::find("linux") else { return };
    let image = guest.read(guest.files.kernel.as_deref().expect("a kernel"));
    // Cut anywhere but in the signature behind the code.
    for len in [0x203, 0x206, 0x230, 0x263, 0x264, 1024, 0x3000, image.len() / 2, image.len() - 100_000] {
        let message = refused(with(|c| c.kernel = kernel(image[..len].to_vec())));
        assert!(message.contains("kernel"), "{len}: {message}");
    }
    // Fields of the setup header that cannot be.
    for (at, bytes) in
        [(0x1FE, &[0, 0][..]), (0x206, &[0xFF, 0xFF]), (0x206, &[0xFF, 0x01]), (0x1F1, &[0xFF])]
    {
        let mut bad = image.clone();
        bad[at..at + bytes.len()].copy_from_slice(bytes);
        let message = refused(with(|c| c.kernel = kernel(bad)));
        assert!(message.contains("kernel"), "{at:#x}: {message}");
    }
    expect(
        |c| {
            c.ram_bytes = 4 << 20;
            c.kernel = kernel(image.clone());
        },
        &["memory"],
    );
    expect(
        |c| c.kernel = Some(Kernel { image: image.clone(), initrd: vec![0; 48 << 20], ..Kernel::default() }),
        &["initrd", "50331648", "memory"],
    );
    expect(
        |c| {
            c.kernel =
                Some(Kernel { image: image.clone(), command_line: "x".repeat(5000), ..Kernel::default() })
        },
        &["command line", "5000", "shorten"],
    );
    expect(
        |c| {
            c.kernel = Some(Kernel { image: image.clone(), command_line: "a\nb".into(), ..Kernel::default() })
        },
        &["command line", "byte 1", "take it out"],
    );
}

/// Random damage to a kernel: it is refused, or the machine runs it into whatever it has become.
#[test]
fn damaged_kernels_do_no_harm() {
    let Some(guest) = Guest::find("memtest86+-kernel") else { return };
    let image = guest.read(guest.files.kernel.as_deref().expect("a kernel"));
    let mut random = glassbox_tests::Random::new(7);
    for _ in 0..25 {
        let mut bad = image.clone();
        for _ in 0..1 + random.below(8) {
            // Nearly all that is read is in the setup header.
            let at = random.below(0x270) as usize;
            bad[at] = random.bits() as u8;
        }
        let Ok(mut machine) = Machine::new(with(|c| {
            c.ram_bytes = 8 << 20;
            c.kernel = kernel(bad);
        })) else {
            continue;
        };
        machine.run(Until { instruction: 12_000_000, time: 1_000_000_000 });
    }
}

/// A disk whose bytes never come.
struct Absent;

impl BlockDevice for Absent {
    fn len(&self) -> u64 {
        1 << 20
    }

    fn read(&mut self, _offset: u64, _buf: &mut [u8]) -> Result<(), NotYet> {
        Err(NotYet)
    }
}

#[test]
fn a_missing_block_stops_the_machine_and_not_the_clock() {
    let mut config = with(|c| c.disks[0] = Some(Box::new(Absent)));
    config.boot_order = vec![BootDevice::Disk];
    let mut pc = Pc::new(config);
    let stop = pc.until_stop(Limit::millions(200));
    assert!(
        matches!(stop, Stop::NeedsBlock(request) if request.offset == 0 && request.len >= 512),
        "{stop:?}"
    );
    let time = pc.machine.time();
    for _ in 0..10 {
        assert_eq!(pc.run(Until::time(time + 1_000_000)), stop);
        assert_eq!(pc.machine.time(), time);
    }
}

#[test]
fn a_triple_fault_stops_with_its_state_or_resets() {
    // lidt cs:[FFF8h], whose limit is 0; int3
    let mut rom = vec![0xF4; 0x1_0000];
    rom[0xFFF0..0xFFF7].copy_from_slice(&[0x2E, 0x0F, 0x01, 0x1E, 0xF8, 0xFF, 0xCC]);
    rom[0xFFF8..0xFFFE].fill(0);
    let config = |reset| {
        let mut config = Config::new();
        config.ram_bytes = 1 << 20;
        config.rom = Some((0xFFFF_0000, rom.clone()));
        config.reset_on_shutdown = reset;
        config
    };
    let mut pc = Pc::new(config(false));
    assert_eq!(pc.run(Until::instruction(1000)), Stop::Shutdown);
    let registers = pc.machine.registers();
    assert_eq!((registers.idtr.1, registers.mode.as_str()), (0, "real"));
    assert_eq!(registers.linear_ip, 0xFFFF_FFF6, "at the instruction that could not be served");
    assert_eq!(pc.run(Until::instruction(1000)), Stop::Shutdown, "and stays there");
    let mut pc = Pc::new(config(true));
    assert_eq!(pc.run(Until::instruction(1000)), Stop::Limit);
    assert_eq!(pc.machine.instructions(), 1000);
}

fn medium(bytes: Vec<u8>) -> Medium {
    Medium::new(boxed(bytes))
}

#[test]
fn a_refused_change_of_media_leaves_the_machine_as_it_was() {
    let mut pc = Pc::new(with(|c| c.floppies[0] = Some(boxed(vec![0xEE; 1_474_560]))));
    pc.run(Until::instruction(1_000_000));
    let before = pc.hash();
    let message =
        pc.machine.change_medium(DriveId::Floppy(0), Some(medium(vec![0; 100]))).unwrap_err().to_string();
    assert!(message.starts_with("floppy A: "), "{message}");
    let message = pc
        .machine
        .change_medium(DriveId::Floppy(1), Some(medium(vec![0; 1_474_560])))
        .unwrap_err()
        .to_string();
    assert!(message.starts_with("floppy B: "), "{message}");
    let message =
        pc.machine.change_medium(DriveId::CdRom, Some(medium(vec![0; 100]))).unwrap_err().to_string();
    assert!(message.starts_with("CD-ROM: "), "{message}");
    assert_eq!(pc.hash(), before);
    assert_eq!(pc.run(Until::instruction(2_000_000)), Stop::Limit);
}
