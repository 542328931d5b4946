//! The PCI function: identity, base addresses, expansion ROM, register block.

use super::{Adapter, Config, FRAME_BUFFER, RAM, Rig, VRAM, modes};
use crate::mem::{Mapping, Memory, Target};

const BLOCK: u32 = 0xE200_0000;
const ROM: u32 = 0xE300_0000;

fn config_read(rig: &mut Rig, register: u32) -> u32 {
    rig.outl(0xCF8, 0x8000_1000 | register);
    rig.bus.port_read(0xCFC, 4)
}

fn config_write(rig: &mut Rig, register: u32, value: u32) {
    rig.outl(0xCF8, 0x8000_1000 | register);
    rig.outl(0xCFC, value);
}

fn with_block() -> Rig {
    let mut rig = Rig::new();
    config_write(&mut rig, 0x18, BLOCK);
    config_write(&mut rig, 0x04, 2);
    rig
}

/// As QEMU's `info pci` and `lspci -nn` show its standard VGA.
#[test]
fn it_is_the_standard_vga_of_qemu() {
    let mut rig = Rig::new();
    assert_eq!(config_read(&mut rig, 0x00), 0x1111_1234);
    assert_eq!(config_read(&mut rig, 0x08) >> 8, 0x03_0000);
    assert_eq!(config_read(&mut rig, 0x0C) >> 16 & 0xFF, 0);
    assert_eq!(config_read(&mut rig, 0x2C), 0x1100_1AF4);
    assert_eq!(config_read(&mut rig, 0x3C) >> 8 & 0xFF, 0, "no interrupt pin");
}

#[test]
fn base_addresses_can_be_sized_and_map_nothing_meanwhile() {
    let mut rig = Rig::new();
    config_write(&mut rig, 0x04, 2);
    for (register, size) in
        [(0x10, 0xFF00_0008), (0x14, 0), (0x18, 0xFFFF_F000), (0x1C, 0), (0x20, 0), (0x24, 0), (0x30, 0)]
    {
        config_write(&mut rig, register, u32::MAX);
        assert_eq!(config_read(&mut rig, register), size);
        assert_eq!(rig.bus.cx.mem.map.resolve(0xFF00_0000), Mapping::OPEN);
        assert_eq!(rig.bus.cx.mem.map.resolve(0xFFFF_F000), Mapping::OPEN);
        config_write(&mut rig, register, 0);
    }
    assert_eq!(rig.bus.cx.mem.map.resolve(0), Mapping::both(Target::Ram(0)));
}

#[test]
fn the_frame_buffer_follows_its_base_address() {
    let mut rig = Rig::new();
    rig.map_frame_buffer();
    let vram = rig.bus.cx.mem.vram().0;
    let last = u64::from(FRAME_BUFFER + VRAM - 1);
    assert_eq!(rig.bus.cx.mem.map.resolve(last), Mapping::both(Target::Ram(vram + VRAM - 1)));
    assert_eq!(rig.bus.cx.mem.map.resolve(last + 1), Mapping::OPEN);
    config_write(&mut rig, 0x04, 0);
    assert_eq!(rig.bus.cx.mem.map.resolve(FRAME_BUFFER.into()), Mapping::OPEN);
}

#[test]
fn the_bios_is_the_expansion_rom() {
    let mut memory = Memory::new(RAM, VRAM);
    let image: Vec<u8> = (0..39_936u32).map(|i| (i >> 3) as u8).collect();
    let offset = memory.add_rom(&image).expect("it fits");
    let bios = Some((offset, image.len() as u32));
    let mut rig = Rig::with(Config { bios, ..Config::default() }, memory);
    config_write(&mut rig, 0x30, u32::MAX);
    assert_eq!(config_read(&mut rig, 0x30), 0xFFFF_0001, "64 KiB");
    config_write(&mut rig, 0x30, ROM | 1);
    assert_eq!(rig.bus.cx.mem.map.resolve(ROM.into()), Mapping::OPEN, "memory space is still disabled");
    config_write(&mut rig, 0x04, 2);
    let seen: Vec<u8> = (0..39_936).map(|i| rig.read(ROM + i)).collect();
    assert_eq!(seen, image);
    rig.write(ROM, &[0x99]);
    assert_eq!((rig.read(ROM), rig.read(ROM + 0xFFFF)), (0, 0xFF));
    config_write(&mut rig, 0x30, ROM);
    assert_eq!(rig.bus.cx.mem.map.resolve(ROM.into()), Mapping::OPEN);
}

#[test]
fn the_register_block_leads_to_the_same_registers() {
    let mut rig = with_block();
    modes::enter(&mut rig, &modes::VGA_480);
    rig.write(BLOCK + 0x40E, &[8, 0x77]);
    assert_eq!(rig.get(0x3CE, 8), 0x77);
    assert_eq!(rig.bus.phys_read(u64::from(BLOCK) + 0x40C, 1), 0xE3);
    assert_eq!(rig.bus.phys_read(u64::from(BLOCK) + 0x500, 2), 0xB0C5);
    rig.bus.phys_write(u64::from(BLOCK) + 0x502, 4, 480 << 16 | 640);
    assert_eq!((rig.get_dispi(1), rig.get_dispi(2)), (640, 480));
    assert_eq!(rig.bus.phys_read(u64::from(BLOCK) + 0x502, 4), 480 << 16 | 640);
    assert_eq!(rig.bus.phys_read(u64::from(BLOCK) + 0x503, 1), 640 >> 8);
    assert_eq!(rig.bus.phys_read(u64::from(BLOCK) + 0x600, 4), 8);
    rig.bus.phys_write(u64::from(BLOCK) + 0x604, 4, 0xBEBE_BEBE);
    assert_eq!(rig.bus.phys_read(u64::from(BLOCK) + 0x604, 4), 0x1E1E_1E1E);
    assert_eq!(rig.bus.phys_read(u64::from(BLOCK) + 0xFFC, 4), u32::MAX);
}

/// VESA E-EDID: header, version 1.3, all bytes add up to 0; the first timing is 1024x768 at 60 Hz.
#[test]
fn the_monitor_identifies_itself() {
    let mut rig = with_block();
    let edid: Vec<u8> = (0..128).map(|i| rig.read(BLOCK + i)).collect();
    assert_eq!(edid[..8], [0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0]);
    assert_eq!(edid[18..20], [1, 3]);
    assert_eq!(edid.iter().fold(0u8, |sum, b| sum.wrapping_add(*b)), 0);
    let t: Vec<u64> = edid[54..72].iter().map(|b| u64::from(*b)).collect();
    let clock = (t[0] | t[1] << 8) * 10_000;
    let (h, h_blank) = (t[2] | (t[4] >> 4) << 8, t[3] | (t[4] & 15) << 8);
    let (v, v_blank) = (t[5] | (t[7] >> 4) << 8, t[6] | (t[7] & 15) << 8);
    assert_eq!((h, v), (1024, 768));
    assert_eq!(clock / ((h + h_blank) * (v + v_blank)), 60);
    assert_eq!(rig.read(BLOCK + 128), 0);
}
