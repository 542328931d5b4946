use super::*;
use crate::bus::Bus;
use crate::mem::Memory;

fn machine(image: &[u8]) -> Bus {
    let mut mem = Memory::new(2 << 20, 0);
    let rom = BiosRom::load(&mut mem, image).unwrap();
    let mut bus = Bus::new(mem);
    bus.attach(Box::new(HostBridge::new(Some(rom))));
    bus.reset();
    bus
}

fn config(bus: &mut Bus, register: u8, size: u8, value: u32) {
    bus.port_write(0xCF8, 4, 0x8000_0000 | u32::from(register & 0xFC));
    bus.port_write(0xCFC + u16::from(register & 3), size, value);
}

fn read_config(bus: &mut Bus, register: u8, size: u8) -> u32 {
    bus.port_write(0xCF8, 4, 0x8000_0000 | u32::from(register & 0xFC));
    bus.port_read(0xCFC + u16::from(register & 3), size)
}

/// Every page of the image holds its number, so that a read tells where it went.
fn numbered(pages: usize) -> Vec<u8> {
    (0..pages).flat_map(|p| [p as u8; PAGE as usize]).collect()
}

#[test]
fn after_reset_the_rom_ends_at_4_gib_and_at_1_mib() {
    let mut bus = machine(&numbered(64));
    assert_eq!(read_config(&mut bus, 0, 4), 0x1237_8086);
    assert_eq!(bus.phys_read(0xFFFF_FFF0, 1), 63);
    assert_eq!(bus.phys_read(0xFFFC_0000, 1), 0);
    assert_eq!(bus.phys_read(0xFFFB_FFFF, 1), 0xFF);
    assert_eq!(bus.phys_read(0xF_FFF0, 1), 63);
    assert_eq!(bus.phys_read(0xE_0000, 1), 32);
    assert_eq!(bus.phys_read(0xD_FFFF, 1), 0xFF);
    bus.phys_write(0xF_0000, 1, 0x55);
    assert_eq!(bus.phys_read(0xF_0000, 1), 48);
}

#[test]
fn a_rom_smaller_than_a_segment_row_leaves_the_rest_open() {
    let mut bus = machine(&numbered(16));
    assert_eq!(bus.phys_read(0xF_0000, 1), 0);
    assert_eq!(bus.phys_read(0xE_FFFF, 1), 0xFF);
}

#[test]
fn pam_nibbles_shadow_their_own_segment_only() {
    // Register and nibble of each segment, from the datasheet's table of PAM registers.
    let table: [(u64, u8, u32); 13] = [
        (0xF_0000, 0x59, 4),
        (0xC_0000, 0x5A, 0),
        (0xC_4000, 0x5A, 4),
        (0xC_8000, 0x5B, 0),
        (0xC_C000, 0x5B, 4),
        (0xD_0000, 0x5C, 0),
        (0xD_4000, 0x5C, 4),
        (0xD_8000, 0x5D, 0),
        (0xD_C000, 0x5D, 4),
        (0xE_0000, 0x5E, 0),
        (0xE_4000, 0x5E, 4),
        (0xE_8000, 0x5F, 0),
        (0xE_C000, 0x5F, 4),
    ];
    for (address, register, shift) in table {
        let mut bus = machine(&vec![0xAA; 256 << 10]);
        let rom = if address >= 0xE_0000 { 0xAA } else { 0xFF };
        assert_eq!(bus.phys_read(address, 1), rom);
        config(&mut bus, register, 1, 2 << shift);
        bus.phys_write(address, 1, 0x12);
        assert_eq!(bus.phys_read(address, 1), rom, "write only: {address:x}");
        config(&mut bus, register, 1, 3 << shift);
        assert_eq!(bus.phys_read(address, 1), 0x12);
        config(&mut bus, register, 1, 1 << shift);
        bus.phys_write(address, 1, 0x34);
        assert_eq!(bus.phys_read(address, 1), 0x12, "read only: {address:x}");
        let others = table.iter().filter(|t| t.0 != address);
        for (other, ..) in others {
            let expected = if *other >= 0xE_0000 { 0xAA } else { 0xFF };
            assert_eq!(bus.phys_read(*other, 1), expected);
        }
        bus.reset();
        assert_eq!(bus.phys_read(address, 1), rom);
    }
}

#[test]
fn smram_opens_over_the_vga_window_until_locked() {
    let mut bus = machine(&[0; 4096]);
    assert_eq!(read_config(&mut bus, spec::SMRAM, 1), 0x02);
    bus.cx.mem.map.place(Layer::VgaWindow, 0xA0, 0x20, Mapping::OPEN);
    bus.phys_write(0xA_0000, 1, 0x77);
    assert_eq!(bus.phys_read(0xA_0000, 1), 0xFF);
    config(&mut bus, spec::SMRAM, 1, 0x4A);
    bus.phys_write(0xA_0000, 1, 0x77);
    assert_eq!(bus.phys_read(0xA_0000, 1), 0x77);
    config(&mut bus, spec::SMRAM, 1, 0x0A);
    assert_eq!(bus.phys_read(0xA_0000, 1), 0xFF);
    config(&mut bus, spec::SMRAM, 1, 0x5A);
    assert_eq!(read_config(&mut bus, spec::SMRAM, 1), 0x1A);
    config(&mut bus, spec::SMRAM, 1, 0x4A);
    assert_eq!(read_config(&mut bus, spec::SMRAM, 1), 0x1A);
    assert_eq!(bus.phys_read(0xA_0000, 1), 0xFF);
}

#[test]
fn turbo_reset_control_resets_on_the_rising_bit() {
    let mut bus = machine(&[0; 4096]);
    config(&mut bus, spec::TRC, 1, 2);
    assert_eq!(bus.cx.signals.reset, None);
    config(&mut bus, spec::TRC, 1, 6);
    assert_eq!(bus.cx.signals.reset.take(), Some(ResetKind::Hard));
    config(&mut bus, spec::TRC, 1, 6);
    assert_eq!(bus.cx.signals.reset.take(), None);
    config(&mut bus, spec::TRC, 1, 0);
    config(&mut bus, spec::TRC, 1, 4);
    assert_eq!(bus.cx.signals.reset.take(), Some(ResetKind::Cpu));
}

#[test]
fn a_saved_bridge_maps_memory_as_it_did() {
    let mut bus = machine(&[0xAA; 4096]);
    config(&mut bus, 0x59, 1, 0x30);
    bus.phys_write(0xF_FFFF, 1, 0x11);
    let saved = bus.devices().next().unwrap().save();
    config(&mut bus, 0x59, 1, 0);
    assert_eq!(bus.phys_read(0xF_FFFF, 1), 0xAA);
    assert_eq!(bus.phys_read(0xF_EFFF, 1), 0xFF);
    let (bridge, cx) = bus.device_mut::<HostBridge>().unwrap();
    bridge.load(cx, &saved).unwrap();
    assert!(bridge.load(cx, &[1, 2, 3]).is_err());
    assert_eq!(bus.phys_read(0xF_FFFF, 1), 0x11);
}

#[test]
fn unusable_images_are_named() {
    let mut mem = Memory::new(1 << 20, 0);
    assert_eq!(BiosRom::load(&mut mem, &[]), Err(RomError::Empty));
    let large = vec![0; ROM_AREA_AND_ONE];
    let error = BiosRom::load(&mut mem, &large).unwrap_err();
    assert!(error.to_string().contains("4194305 bytes") && error.to_string().lines().count() == 1);
}

const ROM_AREA_AND_ONE: usize = crate::mem::ROM_AREA as usize + 1;
