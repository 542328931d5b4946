//! SeaBIOS: its power-on self-test, its boot menu, the order of boot devices, and what it says when there is none.

use emu_core::devices::mc146818::cmos::BootDevice::{self, CdRom, Disk, Floppy};
use emu_core::machine::Config;
use glassbox_tests::{Limit, Pc, bios_config, boxed};

const POST: Limit = Limit::millions(200);
/// SeaBIOS waits this long for Escape: 2.5 s of virtual time.
const BOOT: Limit = Limit::millions(400);
const FLOPPY_BYTES: usize = 1_474_560;
const CD_SECTOR: usize = 2048;
/// Where the CD's boot catalogue and its boot image lie.
const CATALOGUE: usize = 18;
const IMAGE: usize = 19;

/// A boot sector that says one letter on COM1 and halts.
fn boot_sector(letter: u8) -> [u8; 512] {
    // mov dx, 3F8h; mov al, letter; out dx, al; cli; hlt
    let code = [0xBA, 0xF8, 0x03, 0xB0, letter, 0xEE, 0xFA, 0xF4];
    let mut sector = [0; 512];
    sector[..code.len()].copy_from_slice(&code);
    sector[510..].copy_from_slice(&[0x55, 0xAA]);
    sector
}

fn disk(letter: u8, bytes: usize) -> Vec<u8> {
    let mut image = boot_sector(letter).to_vec();
    image.resize(bytes, 0);
    image
}

/// A CD-ROM whose El Torito entry boots one sector without emulation (El Torito 1.0, sections 2 and 3).
fn cd(letter: u8) -> Vec<u8> {
    let mut image = vec![0; 24 * CD_SECTOR];
    let mut sector = |n: usize, at: usize, bytes: &[u8]| {
        image[n * CD_SECTOR + at..][..bytes.len()].copy_from_slice(bytes);
    };
    sector(16, 0, b"\x01CD001\x01");
    sector(17, 0, b"\x00CD001\x01EL TORITO SPECIFICATION");
    sector(17, 0x47, &(CATALOGUE as u32).to_le_bytes());
    // Validation entry: its words add up to 0.
    sector(CATALOGUE, 0, &[1, 0]);
    sector(CATALOGUE, 0x1C, &[0xAA, 0x55, 0x55, 0xAA]);
    // Default entry: bootable, no emulation, segment 7C0h, 4 virtual sectors of 512 bytes.
    sector(CATALOGUE, 0x20, &[0x88, 0, 0, 0, 0, 0, 4, 0]);
    sector(CATALOGUE, 0x28, &(IMAGE as u32).to_le_bytes());
    sector(IMAGE, 0, &boot_sector(letter));
    image
}

fn config(order: &[BootDevice]) -> Config {
    let mut config = bios_config();
    config.boot_order = order.to_vec();
    config
}

/// A machine with all three kinds of media.
fn all(order: &[BootDevice]) -> Pc {
    let mut config = config(order);
    config.floppies[0] = Some(boxed(disk(b'F', FLOPPY_BYTES)));
    config.disks[0] = Some(boxed(disk(b'H', 4 << 20)));
    config.cdrom = Some(boxed(cd(b'C')));
    Pc::new(config)
}

#[test]
fn the_first_of_the_boot_order_is_booted() {
    for (order, letter) in [
        ([Floppy, Disk, CdRom], "F"),
        ([Disk, Floppy, CdRom], "H"),
        ([CdRom, Disk, Floppy], "C"),
        ([CdRom, Floppy, Disk], "C"),
    ] {
        let mut pc = all(&order);
        pc.serial_until(letter, BOOT);
        assert_eq!(pc.serial(), letter, "{order:?}");
    }
}

#[test]
fn a_device_without_a_boot_sector_is_passed_over() {
    let mut config = config(&[Floppy, CdRom, Disk]);
    config.cdrom = Some(boxed(vec![0; 64 * CD_SECTOR]));
    // SeaBIOS boots one hard disk only: the first one that the order names.
    config.disks[0] = Some(boxed(disk(b'H', 4 << 20)));
    let mut pc = Pc::new(config);
    pc.serial_until("H", BOOT);
    let screen = pc.screen();
    assert!(screen.contains("Booting from Floppy...\nBoot failed: could not read"), "{screen}");
    assert!(screen.contains("Booting from DVD/CD...\nBoot failed"), "{screen}");
    assert!(screen.contains("Booting from Hard Disk..."), "{screen}");
}

/// A blank floppy has no 55AAh signature; what the BIOS would execute otherwise are zeros.
#[test]
fn a_blank_floppy_is_passed_over() {
    let mut config = config(&[Floppy, Disk, CdRom]);
    config.floppies[0] = Some(boxed(vec![0; FLOPPY_BYTES]));
    config.disks[0] = Some(boxed(disk(b'H', 4 << 20)));
    let mut pc = Pc::new(config);
    pc.serial_until("H", BOOT);
    let screen = pc.screen();
    assert!(screen.contains("Booting from Floppy...\nBoot failed: not a bootable disk"), "{screen}");
}

#[test]
fn without_a_boot_device_the_bios_says_so() {
    let mut pc = Pc::new(config(&[Floppy, Disk, CdRom]));
    let screen = pc.screen_until("No bootable device.", BOOT);
    assert!(screen.starts_with("SeaBIOS (version"), "{screen}");
    assert!(pc.debug().contains("All threads complete."), "{}", pc.debug());
}

#[test]
fn escape_brings_the_boot_menu_and_a_digit_chooses() {
    let mut pc = all(&[Floppy, Disk, CdRom]);
    pc.screen_until("Press ESC for boot menu.", POST);
    pc.type_text("\x1B");
    let screen = pc.screen_until("Select boot device:", POST);
    assert!(screen.contains("1. Floppy"), "{screen}");
    let line = screen.lines().find(|l| l.contains("DVD/CD")).unwrap_or_else(|| panic!("{screen}"));
    pc.type_text(&line.trim()[..1]);
    pc.serial_until("C", BOOT);
}

#[test]
fn post_finds_the_memory_that_there_is() {
    // SeaBIOS keeps a little below the top of memory for its tables.
    for mb in [1u64, 2, 16, 64, 2048] {
        let mut config = config(&[Floppy]);
        config.ram_bytes = (mb << 20) as u32;
        let mut pc = Pc::new(config);
        pc.screen_until("No bootable device.", BOOT);
        let expected = format!("qemu/e820: addr 0x0000000000000000 len 0x{:016x} [RAM]", mb << 20);
        assert!(pc.debug().contains(&expected), "{mb} MiB: {}", pc.debug());
    }
}
