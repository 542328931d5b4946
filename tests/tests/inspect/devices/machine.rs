//! All chips of a whole machine: that what they show is drawn soundly, and is not changed by being looked at.

use emu_core::bus::view::RegisterView;
use emu_core::host::MemoryImage;
use emu_core::machine::{Config, Machine, Until};

/// A ROM that programs a little of every chip, then waits.
fn machine() -> Machine {
    let mut rom = vec![0x90; 0x1_0000];
    // At reset: jmp to the start of the ROM.
    rom[0xFFF0..0xFFF3].copy_from_slice(&[0xE9, 0x0D, 0x00]);
    let mut code = Vec::new();
    let writes: [(u16, u8); 16] = [
        (0x20, 0x11),
        (0x21, 0x08),
        (0x43, 0x34),
        (0x40, 0x9C),
        (0x00, 0x12),
        (0x70, 0x8C),
        (0x64, 0x60),
        (0x3FB, 0x83),
        (0x3F2, 0x1C),
        (0x3C0, 0x10),
        (0x3C8, 0x01),
        (0x3C9, 0x3F),
        (0x1F6, 0xE0),
        (0x176, 0xA0),
        (0x92, 0x02),
        (0x61, 0x03),
    ];
    for (port, value) in writes {
        let [low, high] = port.to_le_bytes();
        // mov dx, port; mov al, value; out dx, al
        code.extend([0xBA, low, high, 0xB0, value, 0xEE]);
    }
    // mov dx, CF8h; mov eax, 80000A44h; out dx, eax; jmp $
    code.extend([0xBA, 0xF8, 0x0C, 0x66, 0xB8, 0x44, 0x0A, 0x00, 0x80, 0x66, 0xEF, 0xEB, 0xFE]);
    rom[..code.len()].copy_from_slice(&code);
    let mut config = Config { rom: Some((0xFFFF_0000, rom)), ram_bytes: 1 << 20, ..Config::new() };
    config.floppies[0] = Some(Box::new(MemoryImage::new(vec![0; 1_474_560])));
    config.disks[0] = Some(Box::new(MemoryImage::new(vec![0; 1 << 20])));
    Machine::new(config).unwrap_or_else(|e| panic!("{e}"))
}

/// Fields within their register, from the lowest bit up, each with the bits of its place.
fn is_sound(place: &str, register: &RegisterView) {
    let mut next = 0;
    let mut last = 0;
    for field in &register.bits {
        assert!(field.to >= field.from && field.to < register.width, "{place}: {}", field.name);
        assert!(!field.name.is_empty(), "{place}: a field without a name");
        let bits = u32::from(field.to - field.from) + 1;
        let wanted = register.get() >> field.from & (u64::MAX >> (64 - bits));
        assert_eq!(u64::from(field.value), wanted, "{place}: {}", field.name);
        let taken: u64 = (u64::MAX >> (64 - bits)) << field.from;
        assert_eq!(last & taken, 0, "{place}: {} lies over another field", field.name);
        (last, next) = (last | taken, next + 1);
    }
    assert_eq!(next, register.bits.len());
    let size = u32::from(register.width);
    assert!((1..=64).contains(&size), "{place}");
    assert!(
        size == 64 || register.get() >> size == 0,
        "{place}: {:X} is wider than {size} bits",
        register.get()
    );
}

#[test]
fn every_chip_is_drawn_soundly_at_any_time() {
    let mut pc = machine();
    for until in [0, 40, 97, 200, 20_000_000] {
        pc.run(Until { instruction: until, time: 50_000_000 });
        let hash = pc.state_hash();
        for name in pc.inspect().devices() {
            let device = pc.inspect().device(name.name).expect("it is in the list");
            let mut groups: Vec<_> = device.groups.iter().map(|g| g.name.clone()).collect();
            for group in &device.groups {
                let mut names: Vec<_> = group.registers.iter().map(|r| r.name.clone()).collect();
                for register in &group.registers {
                    is_sound(&format!("{}, {}, {}", name.name, group.name, register.name), register);
                }
                names.sort();
                assert!(
                    names.windows(2).all(|pair| pair[0] != pair[1]),
                    "{}: {} has a name twice",
                    name.name,
                    group.name
                );
            }
            groups.sort();
            assert!(groups.windows(2).all(|pair| pair[0] != pair[1]), "{}: a group twice", name.name);
        }
        assert_eq!(pc.state_hash(), hash, "a look changed the state");
    }
    let shown = |device: &str, group: &str, name: &str| {
        let view = pc.inspect().device(device).expect("it is there");
        let group = view.groups.into_iter().find(|g| g.name == group).expect("it is there");
        group.registers.into_iter().find(|r| r.name == name).expect("it is there")
    };
    // What the ROM did is what is shown.
    assert_eq!(shown("8259A", "master", "expects").get(), 2);
    assert_eq!(shown("8254", "counter 0", "next write").get(), 1);
    assert_eq!(shown("8237A", "controller 1", "flip-flop").get(), 1);
    assert_eq!(shown("8042", "controller", "command").get(), 0x60);
    assert_eq!(shown("16550A", "COM1", "LCR").get(), 0x83);
    assert_eq!(shown("vga", "attribute controller", "flip-flop").get(), 1);
    assert_eq!(shown("vga", "DAC", "component").get(), 1);
    let latch = shown("82441FX", "configuration", "CONFADD");
    assert_eq!((latch.get(), latch.address), (0x8000_0A44, Some(0xCF8)));
    let fields: Vec<_> = latch.bits.iter().map(|f| (&*f.name, f.value)).collect();
    assert_eq!(fields, [("register", 0x11), ("function", 2), ("device", 1), ("bus", 0), ("CONE", 1)]);
}
