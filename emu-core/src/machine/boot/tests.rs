use super::*;
use crate::bus::Bus;
use crate::devices::fw_cfg::FwCfg;
use crate::mem::Memory;

const RAM: u32 = 8 << 20;

/// A kernel by the boot protocol: `setup` fills in header fields; 3 setup sectors and 1000 bytes of code follow.
fn bzimage(version: u16, set: &[(usize, u32)]) -> Vec<u8> {
    let mut k = vec![0; 2048];
    put(&mut k, 0x1F1, &[3]);
    put(&mut k, 0x1F4, &63u32.to_le_bytes());
    put(&mut k, 0x1FE, &[0x55, 0xAA, 0xEB, 0x66]);
    put(&mut k, 0x202, b"HdrS");
    put(&mut k, 0x206, &version.to_le_bytes());
    put(&mut k, 0x211, &[1]);
    put(&mut k, 0x22C, &0x7FFF_FFFFu32.to_le_bytes());
    put(&mut k, 0x230, &0x1000u32.to_le_bytes());
    put(&mut k, 0x238, &100u32.to_le_bytes());
    put(&mut k, 0x260, &0x10_0000u32.to_le_bytes());
    for &(at, value) in set {
        put(&mut k, at, &value.to_le_bytes());
    }
    k.extend((0..1000u32).map(|i| (i * 3) as u8));
    k
}

/// Does what the option ROM does with its list, on the real device; then gives memory and the ROM.
fn load(items: BootItems) -> (Bus, Vec<u8>) {
    let mut bus = Bus::new(Memory::new(RAM, 0));
    let mut all = Items::for_machine(RAM);
    let rom = items.rom.clone();
    items.install(&mut all);
    bus.attach(Box::new(FwCfg::new(all)));
    bus.reset();
    let code: usize = rom_code::ROWS.iter().flat_map(|r| r.iter()).map(|(_, b)| b.len()).sum();
    let count = usize::from(u16_at(&rom, rom_code::COUNT).unwrap());
    for descriptor in rom[code..].chunks(16).take(count) {
        bus.cx.mem.write(0x1000, descriptor);
        bus.port_write(0x514, 4, 0);
        bus.port_write(0x518, 4, 0x1000u32.swap_bytes());
        while bus.cx.timers.next() != crate::time::NEVER {
            bus.run_timers(bus.cx.timers.next());
        }
        assert_eq!(bus.phys_read(0x1000, 4), 0);
    }
    (bus, rom)
}

fn memory(bus: &Bus, at: u64, len: usize) -> Vec<u8> {
    let mut b = vec![0; len];
    bus.cx.mem.read(at, &mut b);
    b
}

fn dword(bus: &Bus, at: u64) -> u32 {
    u32::from_le_bytes(memory(bus, at, 4).try_into().unwrap())
}

fn error(kernel: &[u8], initrd: &[u8], line: &str, ram: u32) -> BootError {
    let e = prepare(kernel, initrd, line, ram).unwrap_err();
    assert_eq!(e.to_string().lines().count(), 1, "{e}");
    assert!(e.to_string().contains(": "), "a remedy is named: {e}");
    e
}

#[test]
fn the_rom_is_a_valid_option_rom_with_a_bootstrap_entry() {
    let (_, rom) = load(prepare(&bzimage(0x20F, &[]), &[1; 5000], "", RAM).unwrap());
    assert_eq!((rom[0], rom[1], usize::from(rom[2]) * 512), (0x55, 0xAA, rom.len()));
    assert_eq!(rom.iter().fold(0u8, |s, &b| s.wrapping_add(b)), 0);
    let pnp = usize::from(u16_at(&rom, 0x1A).unwrap());
    assert_eq!(&rom[pnp..pnp + 4], b"$PnP");
    assert_eq!(rom[pnp..pnp + usize::from(rom[pnp + 5]) * 16].iter().fold(0u8, |s, &b| s.wrapping_add(b)), 0);
    assert_ne!(u16_at(&rom, pnp + 0x1A), Some(0));
}

#[test]
fn a_new_kernel_is_loaded_as_the_boot_protocol_says() {
    let kernel = bzimage(0x20F, &[]);
    let initrd: Vec<u8> = (0..70_000u32).map(|i| (i / 5) as u8).collect();
    let (bus, rom) = load(prepare(&kernel, &initrd, "console=ttyS0 vga=0x317", RAM).unwrap());
    assert_eq!(memory(&bus, 0x10_0000, 1000), kernel[2048..]);
    assert_eq!(memory(&bus, 0x2_0000, 24), b"console=ttyS0 vga=0x317\0");
    let real = 0x1_0000;
    assert_eq!(memory(&bus, real + 0x202, 4), b"HdrS");
    assert_eq!(memory(&bus, real + 0x210, 2), [0xFF, 0x81]);
    assert_eq!(memory(&bus, real + 0x1FA, 2), [0x17, 0x03]);
    assert_eq!(memory(&bus, real + 0x224, 2), [0x00, 0xDE]);
    assert_eq!(dword(&bus, real + 0x228), 0x2_0000);
    let (at, len) = (dword(&bus, real + 0x218), dword(&bus, real + 0x21C));
    assert_eq!((at % 4096, len), (0, 70_000));
    assert_eq!(memory(&bus, at.into(), 70_000), initrd);
    assert!(at + len <= RAM - FIRMWARE_TOP && at >= 0x20_0000);
    assert_eq!(u16_at(&rom, rom_code::REAL_SEGMENT), Some(0x1000));
}

#[test]
fn old_kernels_get_their_command_line_behind_the_heap_at_90000() {
    let (bus, rom) = load(prepare(&bzimage(0x201, &[]), &[], "root=/dev/hda", RAM).unwrap());
    assert_eq!(memory(&bus, 0x9_0020, 4), [0x3F, 0xA3, 0x00, 0x98]);
    assert_eq!(memory(&bus, 0x9_9800, 14), b"root=/dev/hda\0");
    assert_eq!(memory(&bus, 0x9_0224, 2), [0x00, 0x96]);
    assert_eq!(u16_at(&rom, rom_code::REAL_SEGMENT), Some(0x9000));
    assert_eq!(memory(&bus, 0x9_01FA, 2), [0xFF, 0xFF]);
    let mut low = bzimage(0x200, &[]);
    low[0x211] = 0;
    let (bus, _) = load(prepare(&low, &[], "", RAM).unwrap());
    assert_eq!(memory(&bus, 0x1_0000, 1000), low[2048..]);
    assert_eq!(dword(&bus, 0x9_0214), 0x1_0000);
}

#[test]
fn the_initrd_stays_below_the_kernels_limit() {
    let kernel = bzimage(0x203, &[(0x22C, 0x3F_FFFF)]);
    let (bus, _) = load(prepare(&kernel, &[7; 100], "", RAM).unwrap());
    assert_eq!(dword(&bus, 0x1_0218), 0x3F_F000);
}

#[test]
fn damaged_kernels_are_refused_by_the_field() {
    let good = bzimage(0x20F, &[]);
    assert!(matches!(error(&[], &[], "", RAM), BootError::EmptyKernel));
    assert!(matches!(error(&[1; 3000], &[], "", RAM), BootError::UnknownFormat));
    assert!(matches!(error(&good[..0x210], &[], "", RAM), BootError::Truncated { part: "setup header", .. }));
    assert!(matches!(error(&good[..2500], &[], "", RAM), BootError::Truncated { has: 2500, .. }));
    assert!(matches!(error(&bzimage(0x1FF, &[]), &[], "", RAM), BootError::TooOld));
    assert!(matches!(error(&bzimage(0x9999, &[]), &[], "", RAM), BootError::BadField { value: 0x9999, .. }));
    assert!(matches!(
        error(&bzimage(0x20F, &[(0x1FC, 0)]), &[], "", RAM),
        BootError::BadField { value: 0, .. }
    ));
    let mut large_setup = good.clone();
    large_setup[0x1F1] = 0xFF;
    assert!(matches!(error(&large_setup, &[], "", RAM), BootError::BadField { value: 0xFF, .. }));
    for len in 0..good.len() - 15 {
        assert!(prepare(&good[..len], &[], "", RAM).is_err());
    }
}

#[test]
fn what_does_not_fit_is_refused() {
    let kernel = bzimage(0x20F, &[]);
    assert!(matches!(error(&kernel, &vec![0; 7 << 20], "", RAM), BootError::InitrdTooLarge { .. }));
    assert!(matches!(error(&kernel, &[], "", 1 << 20), BootError::OutsideRam { .. }));
    let at_16_mib = bzimage(0x20F, &[(0x258, 16 << 20)]);
    let e = error(&at_16_mib, &[], "", RAM);
    assert_eq!(e, BootError::OutsideRam { start: 0x10_0000, end: 17 << 20, ram: RAM });
    assert!(prepare(&at_16_mib, &[], "", 32 << 20).is_ok());
    let beyond = bzimage(0x20F, &[(0x25C, u32::MAX), (0x260, u32::MAX)]);
    assert!(matches!(error(&beyond, &[], "", RAM), BootError::OutsideRam { .. }));
    let e = error(&kernel, &[], &"x".repeat(101), RAM);
    assert_eq!(e, BootError::CommandLineTooLong { len: 101, limit: 100 });
    assert!(prepare(&kernel, &[], &"x".repeat(100), RAM).is_ok());
    assert_eq!(error(&kernel, &[], "a\0b", RAM), BootError::CommandLineCharacter { at: 1 });
}

/// A Multiboot image with addresses in its header, which is at offset 8.
fn multiboot_image(flags: u32, addresses: [u32; 5]) -> Vec<u8> {
    let mut words = vec![0xAAAA_AAAA, 0xBBBB_BBBB, 0x1BAD_B002, flags];
    words.push(0x1BAD_B002u32.wrapping_add(flags).wrapping_neg());
    words.extend(addresses);
    words.extend([0x1111_1111; 6]);
    words.into_iter().flat_map(u32::to_le_bytes).collect()
}

const HEADER_ADDRESSES: [u32; 5] = [0x10_0008, 0x10_0000, 0, 0x10_0100, 0x10_0028];

#[test]
fn a_multiboot_image_is_loaded_with_its_information() {
    let image = multiboot_image(0x1_0003, HEADER_ADDRESSES);
    let items = prepare(&image, b"module", "line", RAM).unwrap();
    let (bus, rom) = load(items);
    assert_eq!(memory(&bus, 0x10_0000, image.len()), image);
    assert_eq!(u32_at(&rom, rom_code::ENTRY), Some(0x10_0028));
    let info = u64::from(u16_at(&rom, rom_code::INFO_SEGMENT).unwrap()) * 16;
    assert_eq!(dword(&bus, info), 0x124D, "memory, command line, modules, map, loader name, frame buffer");
    let string = |at| memory(&bus, dword(&bus, at).into(), 5);
    assert_eq!(string(info + 16), b"line\0");
    assert_eq!(&string(info + 64), b"Glass");
    assert_eq!(dword(&bus, info + 20), 1);
    let module = u64::from(dword(&bus, info + 24));
    let (start, end) = (dword(&bus, module), dword(&bus, module + 4));
    assert_eq!((start % 4096, end - start), (0, 6));
    assert!(start >= 0x10_0100);
    assert_eq!(memory(&bus, start.into(), 6), b"module");
    assert_eq!(string(module + 8), b"initr");
    assert_eq!(u64::from(dword(&bus, info + 48)), info + 160);
}

/// An ELF file with two segments, the second in low memory and with room for data without bytes.
fn elf_image() -> Vec<u8> {
    let mut e = vec![0; 0x200];
    put(&mut e, 0, b"\x7FELF\x01\x01\x01");
    put(&mut e, 16, &[2, 0, 3, 0]);
    put(&mut e, 24, &0xC010_0004u32.to_le_bytes());
    put(&mut e, 28, &52u32.to_le_bytes());
    put(&mut e, 42, &[32, 0, 2, 0]);
    let headers = [
        [1, 0x100, 0xC010_0000, 0x10_0000, 0x80, 0x80, 5, 4096],
        [1, 0x180, 0x8000, 0x8000, 0x10, 0x800, 6, 1],
    ];
    for (n, header) in headers.iter().enumerate() {
        let bytes: Vec<u8> = header.iter().flat_map(|w: &u32| w.to_le_bytes()).collect();
        put(&mut e, 52 + 32 * n, &bytes);
    }
    e[0x100..0x190].fill(0x5A);
    let header = multiboot_image(0, [0; 5]);
    put(&mut e, 0x100, &header[8..20]);
    e
}

#[test]
fn elf_segments_go_to_their_physical_addresses() {
    let image = elf_image();
    let (bus, rom) = load(prepare(&image, &[], "", RAM).unwrap());
    assert_eq!(memory(&bus, 0x10_0000, 0x80), image[0x100..0x180]);
    assert_eq!(memory(&bus, 0x8000, 0x10), [0x5A; 0x10]);
    assert_eq!(memory(&bus, 0x8010, 0x7F0), [0; 0x7F0]);
    assert_eq!(u32_at(&rom, rom_code::ENTRY), Some(0x10_0004), "virtual entry, physical address");
    let info = u64::from(u16_at(&rom, rom_code::INFO_SEGMENT).unwrap()) * 16;
    assert_eq!(info, 0x8800, "the information goes round the segments");
    assert_eq!(dword(&bus, info) & 8, 0, "no module");
}

#[test]
fn damaged_multiboot_images_are_refused() {
    let refuse = |image: &[u8]| error(image, &[], "", RAM);
    let by_header = |addresses| multiboot_image(0x1_0000, addresses);
    assert!(matches!(
        refuse(&multiboot_image(0x1_0008, HEADER_ADDRESSES)),
        BootError::UnsupportedFeatures { flags: 8 }
    ));
    assert!(matches!(refuse(&multiboot_image(0, [0; 5])), BootError::BadField { .. }));
    assert!(matches!(refuse(&by_header([0x10_0008, 0x10_0009, 0, 0, 0])), BootError::BadField { .. }));
    assert!(matches!(refuse(&by_header([0x10_0010, 0x10_0000, 0, 0, 0])), BootError::BadField { .. }));
    assert!(matches!(
        refuse(&by_header([0x10_0008, 0x10_0000, 0x20_0000, 0, 0x10_0000])),
        BootError::Truncated { .. }
    ));
    assert!(matches!(
        refuse(&by_header([0x10_0008, 0x10_0000, 0, 0x10_0001, 0x10_0000])),
        BootError::BadField { .. }
    ));
    assert!(matches!(
        refuse(&by_header([0x10_0008, 0x10_0000, 0, 0, 0x20_0000])),
        BootError::BadField { .. }
    ));
    assert!(matches!(refuse(&by_header([0x1008, 0x1000, 0, 0, 0x1000])), BootError::OutsideRam { .. }));
    assert!(matches!(
        refuse(&by_header([0x10_0008, 0x10_0000, 0, u32::MAX, 0x10_0028])),
        BootError::OutsideRam { .. }
    ));
    let elf = elf_image();
    let changed = |at: usize, byte: u8| {
        let mut e = elf.clone();
        e[at] = byte;
        e
    };
    assert!(matches!(refuse(&changed(4, 2)), BootError::WrongMachine));
    assert!(matches!(refuse(&changed(18, 62)), BootError::WrongMachine));
    assert!(matches!(refuse(&changed(16, 1)), BootError::BadField { .. }));
    assert!(matches!(refuse(&changed(27, 0)), BootError::BadField { field: "ELF e_entry", .. }));
    assert!(matches!(refuse(&changed(45, 0xFF)), BootError::Truncated { .. }));
    assert!(matches!(refuse(&elf[..0x17F]), BootError::Truncated { .. }));
    let e = error(&elf, &vec![0; 8 << 20], "", RAM);
    assert!(matches!(e, BootError::InitrdTooLarge { size: 0x80_0000, .. }));
}

#[test]
fn no_header_panics_it() {
    // Every byte of the headers takes a few values; sizes and addresses meet their limits.
    let sources = [bzimage(0x20F, &[]), multiboot_image(0x1_0003, HEADER_ADDRESSES), elf_image()];
    for (n, source) in sources.iter().enumerate() {
        for at in 0..source.len().min(0x300) {
            for byte in [0, 1, 0x7F, 0x80, 0xFF] {
                let mut image = source.clone();
                image[at] = byte;
                for ram in [1 << 20, RAM, 0xFFFF_F000] {
                    let _ = prepare(&image, &source[..n * 10], "line", ram);
                }
            }
        }
    }
}
