//! The 82441FX, the 82371SB's ISA bridge, the 82371AB's power management, port 92h, and configuration headers
//! (PCI Local Bus 2.1).

use super::board::Board;
use emu_core::devices::acpi::Piix4Pm;
use emu_core::devices::i440fx::HostBridge;
use emu_core::devices::piix::Piix3;
use emu_core::devices::port92::Port92;

fn board() -> Board {
    Board::of(vec![
        Box::new(HostBridge::new(None)),
        Box::new(Piix3::new()),
        Box::new(Piix4Pm::new()),
        Box::new(Port92::new()),
    ])
}

const FUNCTIONS: [(&str, &str, u32, u32); 3] = [
    ("82441FX", "PCI 00:00.0", 0, 0),
    ("82371SB", "PCI 00:01.0", 1, 0),
    ("82371AB power management", "PCI 00:01.3", 1, 3),
];

/// Each register of a header at its offset, and all others that are not zero.
#[test]
fn configuration_headers_show_what_the_bus_reads() {
    let mut b = board();
    // A command, timings and a base address, so that there is something to tell apart.
    b.set_config(1, 3, 0x40, 4, 0xB001);
    b.set_config(1, 3, 0x80, 1, 1);
    b.set_config(0, 0, 0x0D, 1, 0x40);
    let standard = [
        ("vendor", 0x00, 2),
        ("device", 0x02, 2),
        ("command", 0x04, 2),
        ("status", 0x06, 2),
        ("revision", 0x08, 1),
        ("latency", 0x0D, 1),
        ("header", 0x0E, 1),
        ("BAR0", 0x10, 4),
        ("BAR5", 0x24, 4),
        ("subsystem vendor", 0x2C, 2),
        ("subsystem", 0x2E, 2),
        ("ROM", 0x30, 4),
        ("interrupt line", 0x3C, 1),
        ("interrupt pin", 0x3D, 1),
    ];
    for (device, group, slot, function) in FUNCTIONS {
        for (name, at, size) in standard {
            let shown = b.register(device, group, name);
            assert_eq!((shown.address, shown.width), (Some(u64::from(at)), size * 8), "{device}: {name}");
            assert_eq!(shown.get(), u64::from(b.config(slot, function, at, size)), "{device}: {name}");
            // PCI 2.1, 6.2.5.1: bit 0 tells ports from memory, whose addresses begin at bit 4.
            let base = shown.get();
            let memory = (name.starts_with("BAR") && base != 0 && base & 1 == 0).then_some(base & !0xF);
            assert_eq!(shown.memory, memory, "{device}: {name}");
        }
        let class = b.value(device, group, "class");
        assert_eq!(class, u64::from(b.config(slot, function, 8, 4) >> 8));
        for at in (0x40..0x100).step_by(4) {
            let value = b.config(slot, function, at, 4);
            let groups = b.groups(device);
            let header = groups.iter().find(|g| g.name == group).expect("it is there");
            let own = header.registers.iter().find(|r| r.address == Some(u64::from(at)));
            assert_eq!(own.map_or(0, |r| r.get()), u64::from(value), "{device}: {at:02X}h");
        }
    }
    b.shows(
        "82441FX",
        "PCI 00:00.0",
        &[("vendor", "8086"), ("device", "1237"), ("class", "60000 class=bridge")],
    );
    b.shows("82371SB", "PCI 00:01.0", &[("device", "7000"), ("class", "60100 subclass=1 class=bridge")]);
    b.shows("82371AB power management", "PCI 00:01.3", &[("device", "7113")]);
}

#[test]
fn shadow_ram_and_smram_by_their_bits() {
    let mut b = board();
    // PAM0 (59h): F0000h in the high half. PAM1 (5Ah): C0000h low, C4000h high. PAM6 (5Fh): E8000h, EC000h.
    b.set_config(0, 0, 0x59, 1, 0x30);
    b.set_config(0, 0, 0x5A, 1, 0x21);
    b.set_config(0, 0, 0x5F, 1, 0x03);
    b.set_config(0, 0, 0x72, 1, 0x4A);
    b.shows(
        "82441FX",
        "shadow RAM",
        &[
            ("PAM F0000", "3 RE WE"),
            ("PAM C0000", "1 RE"),
            ("PAM C4000", "2 WE"),
            ("PAM C8000", "0"),
            ("PAM E8000", "3 RE WE"),
            ("PAM EC000", "0"),
            ("SMRAM", "4A base=2 G_SMRAME D_OPEN"),
        ],
    );
    let places = ["PAM F0000", "PAM C0000", "PAM C4000", "PAM E8000", "SMRAM"];
    let places = places.map(|name| b.register("82441FX", "shadow RAM", name).address);
    assert_eq!(places, [0x59, 0x5A, 0x5A, 0x5F, 0x72].map(Some));
    assert_eq!(b.title("82441FX", "shadow RAM", "PAM E8000"), "E8000-EBFFF");
}

#[test]
fn the_isa_bridge_routes_and_resets() {
    let mut b = board();
    b.shows("82371SB", "interrupt routing", &[("PIRQRCA", "80 off"), ("PIRQRCD", "80 off"), ("held", "0")]);
    b.set_config(1, 0, 0x60, 4, 0x8B0A_0905);
    b.shows(
        "82371SB",
        "interrupt routing",
        &[
            ("PIRQRCA", "5 IRQ=5"),
            ("PIRQRCB", "9 IRQ=9"),
            ("PIRQRCC", "A IRQ=10"),
            ("PIRQRCD", "8B IRQ=11 off"),
        ],
    );
    b.out(&[(0xCF9, 0x02)]);
    b.shows("82371SB", "system", &[("RC", "2 SRST=system"), ("FERR#", "0"), ("IGNNE#", "0")]);
    assert_eq!(b.register("82371SB", "system", "RC").address, Some(0xCF9));
    b.out(&[(0x92, 0x00)]);
    b.shows("port 92h", "system control", &[("port 92h", "0")]);
    b.out(&[(0x92, 0x02)]);
    b.shows("port 92h", "system control", &[("port 92h", "2 A20")]);
}

const PM: &str = "82371AB power management";

#[test]
fn power_management_is_where_its_base_says() {
    let mut b = board();
    assert_eq!(b.register(PM, "power management", "PMSTS").address, None);
    b.set_config(1, 3, 0x40, 4, 0xB001);
    b.set_config(1, 3, 0x80, 1, 1);
    let registers = [
        ("PMSTS", 0x00, 2),
        ("PMEN", 0x02, 2),
        ("PMCNTRL", 0x04, 2),
        ("PMTMR", 0x08, 4),
        ("GPSTS", 0x0C, 2),
        ("GPEN", 0x0E, 2),
        ("PCNTRL", 0x10, 4),
        ("GLBSTS", 0x18, 2),
        ("GLBEN", 0x20, 2),
        ("GLBCTL", 0x28, 4),
        ("DEVCTL", 0x2C, 4),
        ("GPIREG", 0x30, 4),
        ("GPOREG", 0x34, 4),
    ];
    b.bus.port_write(0xB002, 2, 0xFFFF);
    b.bus.port_write(0xB004, 2, 0x1403);
    b.bus.port_write(0xB010, 4, 0x1234_5678);
    // 24 bits at 3.579545 MHz: the top bit changes after 2.34 s.
    b.pass(2_400_000_000);
    for (name, at, size) in registers {
        let shown = b.register(PM, "power management", name);
        assert_eq!((shown.address, shown.width), (Some(0xB000 + at), size * 8), "{name}");
        assert_eq!(shown.get(), u64::from(b.bus.port_read(0xB000 + at as u16, size)), "{name}");
    }
    b.shows(
        PM,
        "power management",
        &[
            ("PMSTS", "1 TMROF"),
            ("PMEN", "521 TMROF GBL PWRBTN RTC"),
            ("PMCNTRL", "1403 SCI_EN BRLD SUS_TYP=5"),
            // 2.4 s x 3579545 Hz.
            ("PMTMR", &format!("{:X}", 2_400_000_000u64 * 3_579_545 / 1_000_000_000)),
        ],
    );
    b.out(&[(0xB2, 0x5A), (0xB3, 0xC3)]);
    b.shows(PM, "fixed ports", &[("APMC", "5A"), ("APMS", "C3")]);
}
