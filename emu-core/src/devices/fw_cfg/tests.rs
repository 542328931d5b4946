use super::*;
use crate::bus::Bus;
use crate::mem::Memory;
use crate::time::NEVER;

fn machine(change: impl FnOnce(&mut Items)) -> Bus {
    let mut bus = Bus::new(Memory::new(2 << 20, 0));
    let mut items = Items::for_machine(2 << 20);
    change(&mut items);
    bus.attach(Box::new(FwCfg::new(items)));
    bus.reset();
    bus
}

fn item(bus: &mut Bus, key: u16, len: usize) -> Vec<u8> {
    bus.port_write(0x510, 2, u32::from(key));
    (0..len).map(|_| bus.port_read(0x511, 1) as u8).collect()
}

/// Finds a file as the specification tells: count, then records of size, key, reserved, name (64 bytes each).
fn find(bus: &mut Bus, name: &str) -> Option<(u32, u16)> {
    let count = u32::from_be_bytes(item(bus, 0x19, 4).try_into().unwrap()) as usize;
    let directory = item(bus, 0x19, 4 + 64 * count);
    directory[4..].chunks(64).find_map(|r| {
        let found = std::str::from_utf8(&r[8..]).unwrap().trim_end_matches('\0') == name;
        found.then(|| (u32::from_be_bytes(r[..4].try_into().unwrap()), u16::from_be_bytes([r[4], r[5]])))
    })
}

fn descriptor(bus: &mut Bus, control: u32, length: u32, address: u64) {
    let mut d = control.to_be_bytes().to_vec();
    d.extend(length.to_be_bytes());
    d.extend(address.to_be_bytes());
    bus.cx.mem.write(0x1000, &d);
    bus.port_write(0x514, 4, 0);
    bus.port_write(0x518, 4, 0x1000u32.swap_bytes());
}

fn control(bus: &Bus) -> u32 {
    let mut c = [0; 4];
    bus.cx.mem.read(0x1000, &mut c);
    u32::from_be_bytes(c)
}

fn memory(bus: &Bus, phys: u64, len: usize) -> Vec<u8> {
    let mut b = vec![0; len];
    bus.cx.mem.read(phys, &mut b);
    b
}

#[test]
fn the_firmware_recognises_it() {
    let mut bus = machine(|_| ());
    assert_eq!(item(&mut bus, 0, 6), b"QEMU\0\0");
    assert_eq!(item(&mut bus, 1, 4), [3, 0, 0, 0]);
    assert_eq!(bus.port_read(0x514, 4).to_le_bytes(), *b"QEMU");
    assert_eq!(bus.port_read(0x518, 4).to_le_bytes(), *b" CFG");
    assert_eq!(item(&mut bus, 3, 8), (2u64 << 20).to_le_bytes());
    assert_eq!(item(&mut bus, 0x7777, 3), [0; 3]);
}

#[test]
fn files_are_found_through_the_directory() {
    let mut bus = machine(|items| {
        items.boot_order(&[boot_path::CD_ROM, boot_path::HALT]).file("opt/long", vec![1, 2, 3]);
    });
    let (size, key) = find(&mut bus, "opt/long").unwrap();
    assert_eq!((size, item(&mut bus, key, 3)), (3, vec![1, 2, 3]));
    let (size, key) = find(&mut bus, "bootorder").unwrap();
    assert_eq!(item(&mut bus, key, size as usize), b"/pci@i0cf8/ide@1,1/drive@1/disk@0\nHALT\0");
    let (size, key) = find(&mut bus, "etc/e820").unwrap();
    let e820 = item(&mut bus, key, size as usize);
    assert_eq!(e820, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x20, 0, 0, 0, 0, 0, 1, 0, 0, 0]);
    assert_eq!(find(&mut bus, "etc/table-loader"), None, "SeaBIOS would then not make its own ACPI tables");
}

#[test]
fn smbios_records_add_up() {
    let mut bus = machine(|_| ());
    let count = u16::from_le_bytes(item(&mut bus, 0x8001, 2).try_into().unwrap());
    for _ in 0..count {
        let mut bytes = |n: u16| (0..n).map(|_| bus.port_read(0x511, 1) as u8).collect::<Vec<u8>>();
        let length = u16::from_le_bytes(bytes(2).try_into().unwrap());
        assert_eq!(bytes(1), [0]);
        let record = bytes(length - 3);
        assert_eq!(record.iter().position(|&b| b == 0).map(|_| record.last()), Some(Some(&0)));
    }
    assert_eq!(bus.port_read(0x511, 1), 0);
}

#[test]
fn short_dma_reads_are_over_at_once_and_go_on_where_they_ended() {
    let mut bus = machine(|items| {
        items.set(key::KERNEL_DATA, &[1, 2, 3, 4, 5, 6]);
    });
    bus.cx.mem.write(0x2000, &[9; 8]);
    descriptor(&mut bus, 0x11 << 16 | DMA_SELECT | DMA_SKIP, 2, 0);
    assert_eq!(control(&bus), 0);
    descriptor(&mut bus, DMA_READ, 3, 0x2000);
    assert_eq!((control(&bus), memory(&bus, 0x2000, 5)), (0, vec![3, 4, 5, 9, 9]));
    descriptor(&mut bus, DMA_READ, 3, 0x2000);
    assert_eq!(memory(&bus, 0x2000, 4), [6, 0, 0, 9], "past the end come zeros");
    assert_eq!(bus.port_read(0x511, 1), 0);
}

#[test]
fn writing_items_is_refused() {
    let mut bus = machine(|_| ());
    descriptor(&mut bus, 0x11 << 16 | DMA_SELECT | 0x10, 4, 0x2000);
    assert_eq!(control(&bus), 1);
    bus.port_write(0x510, 2, 0);
    bus.port_write(0x511, 1, 0xAA);
    assert_eq!(item(&mut bus, 0, 4), b"QEMU");
}

#[test]
fn long_dma_reads_take_time_and_refuse_a_second_one() {
    let data: Vec<u8> = (0..200_000u32).map(|i| ((i * 7) >> 3) as u8).collect();
    let copy = data.clone();
    let mut bus = machine(move |items| {
        items.set_owned(key::INITRD_DATA, copy);
    });
    descriptor(&mut bus, 0x12 << 16 | DMA_SELECT | DMA_READ, 200_010, 0x10_0000);
    assert_ne!(control(&bus), 0);
    let saved = bus.devices().next().unwrap().save();
    bus.run_timers(4 * 16_384 - 1);
    assert_ne!(control(&bus), 0);
    let busy = memory(&bus, 0x1000, 16);
    descriptor(&mut bus, 0x11 << 16 | DMA_SELECT, 0, 0);
    assert_eq!(control(&bus), 1);
    bus.cx.mem.write(0x1000, &busy);
    let (device, cx) = bus.device_mut::<FwCfg>().unwrap();
    assert!(device.load(cx, &saved[1..]).is_err());
    bus.run_timers(4 * 16_384);
    assert_eq!(control(&bus), 0);
    assert_eq!(memory(&bus, 0x10_0000, 200_000), data);
    assert_eq!(memory(&bus, 0x10_0000 + 200_000, 10), [0; 10]);
    assert_eq!(bus.cx.timers.next(), NEVER);
}

#[test]
fn addresses_at_the_end_of_the_world_do_no_harm() {
    let mut bus = machine(|_| ());
    for byte in 0..8 {
        bus.port_write(0x514 + byte, 1, 0xFF);
    }
    descriptor(&mut bus, DMA_READ, u32::MAX, u64::MAX - 3);
    bus.run_timers(10 * 16_384);
    bus.reset();
    assert_eq!(bus.cx.timers.next(), NEVER);
}
