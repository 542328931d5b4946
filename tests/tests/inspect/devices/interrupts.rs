//! The 8259A pair (Intel 8259A data sheet; ELCR as in the 82371SB) and both APICs (SDM volume 3; 82093AA).

use super::board::Board;
use emu_core::devices::apic::Apic;
use emu_core::devices::i8259::Pic;

const LOCAL: u64 = 0xFEE0_0000;
const IO: u64 = 0xFEC0_0000;

fn pics() -> Board {
    Board::of(vec![Box::new(Pic::new())])
}

/// As a PC's BIOS does it: vectors 08h and 70h, the slave at input 2.
fn initialized() -> Board {
    let mut b = pics();
    b.out(&[(0x20, 0x11), (0x21, 0x08), (0x21, 0x04), (0x21, 0x01)]);
    b.out(&[(0xA0, 0x11), (0xA1, 0x70), (0xA1, 0x02), (0xA1, 0x01)]);
    b
}

#[test]
fn the_8259s_name_their_registers() {
    let registers = "pins, IRR, ISR, IMR, ELCR, INT, ICW1, ICW2, ICW4, OCW2, OCW3, expects";
    pics().consists_of("8259A", &[("master", registers), ("slave", registers)]);
    for (group, ports) in [("master", [0x20, 0x21, 0x4D0]), ("slave", [0xA0, 0xA1, 0x4D1])] {
        let places = ["IRR", "IMR", "ELCR"].map(|name| pics().register("8259A", group, name).address);
        assert_eq!(places, ports.map(Some));
    }
}

#[test]
fn an_initialisation_is_seen_word_by_word() {
    let mut b = pics();
    b.shows("8259A", "master", &[("expects", "0 word=OCW1: no initialisation under way"), ("IMR", "0")]);
    b.out(&[(0x21, 0xFF), (0x20, 0x11)]);
    b.shows("8259A", "master", &[("ICW1", "1 IC4 SNGL=cascaded"), ("expects", "1 word=ICW2"), ("IMR", "0")]);
    b.out(&[(0x21, 0x0F)]);
    b.shows("8259A", "master", &[("ICW2", "8"), ("expects", "2 word=ICW3")]);
    b.out(&[(0x21, 0x04)]);
    b.shows("8259A", "master", &[("expects", "3 word=ICW4"), ("ICW4", "0")]);
    b.out(&[(0x21, 0x13)]);
    b.shows(
        "8259A",
        "master",
        &[("ICW4", "12 AEOI SFNM"), ("expects", "0 word=OCW1: no initialisation under way")],
    );
    b.shows(
        "8259A",
        "slave",
        &[("ICW1", "0 SNGL=cascaded"), ("expects", "0 word=OCW1: no initialisation under way")],
    );
    // A single chip without ICW4 has two words.
    b.out(&[(0x20, 0x12)]);
    b.shows("8259A", "master", &[("ICW1", "2 SNGL=single"), ("expects", "1 word=ICW2"), ("ICW4", "0")]);
    b.out(&[(0x21, 0x20)]);
    b.shows("8259A", "master", &[("ICW2", "20"), ("expects", "0 word=OCW1: no initialisation under way")]);
}

#[test]
fn requests_are_followed_to_their_service() {
    let mut b = initialized();
    b.out(&[(0x21, 0xA1), (0xA1, 0x40)]);
    b.shows("8259A", "master", &[("IMR", "A1 IRQ0 IRQ5 IRQ7"), ("INT", "0")]);
    b.shows("8259A", "slave", &[("IMR", "40 IRQ14")]);
    b.irq(6, true);
    b.irq(10, true);
    b.irq(7, true);
    b.shows(
        "8259A",
        "master",
        &[("pins", "C4 IRQ2 IRQ6 IRQ7"), ("IRR", "C4 IRQ2 IRQ6 IRQ7"), ("ISR", "0"), ("INT", "1")],
    );
    b.shows("8259A", "slave", &[("pins", "4 IRQ10"), ("IRR", "4 IRQ10"), ("INT", "1")]);
    assert_eq!(b.title("8259A", "slave", "INT"), "asks with vector 72h");
    assert_eq!(b.bus.acknowledge(), 0x72);
    b.shows("8259A", "master", &[("IRR", "C0 IRQ6 IRQ7"), ("ISR", "4 IRQ2"), ("INT", "0")]);
    b.shows("8259A", "slave", &[("IRR", "0"), ("ISR", "4 IRQ10"), ("INT", "0")]);
    assert_eq!(b.title("8259A", "master", "INT"), "nothing asks");
    b.out(&[(0xA0, 0x20), (0x20, 0x20)]);
    b.shows("8259A", "master", &[("ISR", "0"), ("INT", "1")]);
    assert_eq!(b.title("8259A", "master", "INT"), "asks with vector 0Eh");
    b.irq(6, false);
    b.shows("8259A", "master", &[("pins", "80 IRQ7"), ("IRR", "80 IRQ7"), ("INT", "0")]);
}

#[test]
fn operation_command_words_are_shown() {
    let mut b = initialized();
    b.shows("8259A", "master", &[("OCW2", "0"), ("OCW3", "0 RIS=IRR")]);
    // Specific priority: input 5 the lowest. Then rotation with automatic EOI.
    b.out(&[(0x20, 0xC5), (0x20, 0x80), (0x20, 0x0B)]);
    b.shows("8259A", "master", &[("OCW2", "86 highest=6 R"), ("OCW3", "1 RIS=ISR")]);
    b.out(&[(0x20, 0x68), (0x20, 0x0C)]);
    b.shows("8259A", "master", &[("OCW3", "25 RIS=ISR P SMM")]);
    assert_eq!(b.inb(0x20), 0, "the poll is still there: nothing asks");
    b.out(&[(0x20, 0x48), (0x20, 0x0A), (0x20, 0x00)]);
    b.shows("8259A", "master", &[("OCW3", "0 RIS=IRR"), ("OCW2", "6 highest=6")]);
    b.out(&[(0x4D0, 0xFF), (0x4D1, 0xFF)]);
    b.shows("8259A", "master", &[("ELCR", "F8 IRQ3 IRQ4 IRQ5 IRQ6 IRQ7")]);
    b.shows("8259A", "slave", &[("ELCR", "DE IRQ9 IRQ10 IRQ11 IRQ12 IRQ14 IRQ15")]);
}

fn apics() -> Board {
    Board::of(vec![Box::new(Pic::new()), Box::new(Apic::new())])
}

#[test]
fn the_local_apic_after_reset() {
    let b = apics();
    let expected = [
        ("IA32_APIC_BASE", "FEE00900 BSP EN base=1043968"),
        ("ID", "0"),
        ("version", "50014 version=20 entries=5"),
        ("TPR", "0"),
        ("APR", "0"),
        ("PPR", "0"),
        ("LDR", "0"),
        ("DFR", "FFFFFFFF model=15"),
        ("SVR", "FF vector=255"),
        ("ESR", "0"),
        ("errors", "0"),
        ("ICR low", "0 mode=fixed DM=physical TM=edge DSH=as given"),
        ("ICR high", "0"),
        ("initial count", "0"),
        ("current count", "0"),
        ("divide", "0 by=2"),
        ("LINT0 pin", "0"),
        ("LVT timer", "10000 mode=fixed TM=edge M"),
        ("LVT thermal", "10000 mode=fixed TM=edge M"),
        ("LVT performance", "10000 mode=fixed TM=edge M"),
        ("LVT LINT0", "10000 mode=fixed TM=edge M"),
        ("LVT LINT1", "10000 mode=fixed TM=edge M"),
        ("LVT error", "10000 mode=fixed TM=edge M"),
    ];
    b.shows("APIC", "local APIC", &expected);
    let names = expected.map(|(name, _)| name).join(", ");
    let vectors =
        (0..8).map(|n| format!("vectors {:02X}-{:02X}", 32 * n, 32 * n + 31)).collect::<Vec<_>>().join(", ");
    let pins = (0..24).map(|n| format!(", IOREDTBL{n}")).collect::<String>();
    let io = format!("IOREGSEL, IOAPICID, IOAPICVER, IOAPICARB, pins{pins}");
    let sets = ["IRR: requested", "ISR: in service", "TMR: level triggered"].map(|set| (set, &*vectors));
    b.consists_of("APIC", &[("local APIC", &names), sets[0], sets[1], sets[2], ("I/O APIC", &io)]);
}

/// Every register of the page is shown at its address with what the CPU would read there.
#[test]
fn the_local_apic_shows_what_the_cpu_reads() {
    let mut b = apics();
    let writes: [(u64, u32); 11] = [
        (0xF0, 0x1EF),
        (0x80, 0x35),
        (0xD0, 0x0200_0000),
        (0xE0, 0x0FFF_FFFF),
        (0x310, 0x0300_0000),
        (0x3E0, 0xB),
        (0x320, 0x2_0051),
        (0x350, 0x700),
        (0x360, 0x1_A44E),
        (0x370, 0x52),
        (0x380, 1000),
    ];
    writes.into_iter().for_each(|(offset, value)| b.bus.phys_write(LOCAL + offset, 4, value));
    // A fixed interrupt to itself, one below vector 16, and a register that does not exist.
    b.bus.phys_write(LOCAL + 0x300, 4, 0x4_4061);
    b.bus.phys_write(LOCAL + 0x300, 4, 0x4_0005);
    b.bus.phys_write(LOCAL + 0x400, 4, 0);
    b.pass(2_500);
    b.shows(
        "APIC",
        "local APIC",
        &[
            ("SVR", "1EF vector=239 EN"),
            ("TPR", "35 subclass=5 class=3"),
            ("PPR", "35 subclass=5 class=3"),
            ("LDR", "2000000 id=2"),
            ("DFR", "FFFFFFF"),
            ("ESR", "0"),
            ("errors", "A0 SIV IRA"),
            ("ICR low", "40005 vector=5 mode=fixed DM=physical TM=edge DSH=self"),
            ("ICR high", "3000000 id=3"),
            ("divide", "B by=1"),
            ("initial count", "3E8"),
            // 100 MHz undivided: 250 counts in 2.5 us.
            ("current count", "2EE"),
            ("LVT timer", "20051 vector=81 mode=fixed TM=edge PER"),
            ("LVT LINT0", "700 mode=ExtINT TM=edge"),
            ("LVT LINT1", "1A44E vector=78 mode=NMI POL TM=level M"),
            ("LVT error", "52 vector=82 mode=fixed TM=edge"),
        ],
    );
    b.shows("APIC", "IRR: requested", &[("vectors 60-7F", "2"), ("vectors 40-5F", "40000")]);
    b.bus.phys_write(LOCAL + 0x280, 4, 0);
    b.shows("APIC", "local APIC", &[("ESR", "A0 SIV IRA"), ("errors", "0")]);
    assert_eq!(b.bus.acknowledge(), 0x61);
    b.shows("APIC", "ISR: in service", &[("vectors 60-7F", "2")]);
    b.shows("APIC", "local APIC", &[("PPR", "60 class=6")]);
    let groups = b.groups("APIC");
    let shown = groups.iter().filter(|g| g.name != "I/O APIC").flat_map(|g| &g.registers);
    let mut compared = 0;
    for (address, value) in
        shown.filter_map(|r| Some((r.address.filter(|a| *a >= LOCAL)?, r.get()))).collect::<Vec<_>>()
    {
        assert_eq!(u64::from(b.bus.phys_read(address, 4)), value, "{address:x}");
        compared += 1;
    }
    assert_eq!(compared, 14 + 6 + 24);
}

/// A masked periodic timer runs round without an event of the machine's.
#[test]
fn a_masked_timer_is_seen_running_round() {
    let mut b = apics();
    b.bus.phys_write(LOCAL + 0xF0, 4, 0x1FF);
    b.bus.phys_write(LOCAL + 0x320, 4, 0x3_0051);
    b.bus.phys_write(LOCAL + 0x3E0, 4, 0xA);
    b.bus.phys_write(LOCAL + 0x380, 4, 100);
    // 100 MHz over 128: 1.28 us a count, a period of 128 us.
    b.pass(128_000 + 12_800);
    b.shows("APIC", "local APIC", &[("divide", "A by=128"), ("current count", "5A")]);
    assert_eq!(b.bus.phys_read(LOCAL + 0x390, 4), 0x5A);
}

#[test]
fn a_local_apic_switched_off_is_nowhere() {
    let mut b = apics();
    b.bus.set_apic_base(0xFEE0_0100);
    b.shows("APIC", "local APIC", &[("IA32_APIC_BASE", "FEE00100 BSP base=1043968")]);
    assert_eq!(b.register("APIC", "local APIC", "ID").address, None);
    assert_eq!(b.register("APIC", "IRR: requested", "vectors 00-1F").address, None);
}

#[test]
fn the_io_apic_shows_its_table() {
    let mut b = apics();
    b.shows(
        "APIC",
        "I/O APIC",
        &[
            ("IOAPICVER", "170011 version=17 entries=23"),
            ("IOREDTBL0", "10000 mode=fixed DM=physical TM=edge M"),
            ("pins", "0"),
        ],
    );
    // The 8259s' output is pin 0.
    b.out(&[(0x21, 0xFF), (0xA1, 0xFF)]);
    let mut write = |register: u32, value: u32| {
        b.bus.phys_write(IO, 4, register);
        b.bus.phys_write(IO + 0x10, 4, value);
    };
    write(0, 0x0500_0000);
    write(0x10 + 2 * 10, 0xA955);
    write(0x11 + 2 * 10, 0x0F00_0000);
    b.bus.phys_write(LOCAL + 0xF0, 4, 0x1FF);
    b.bus.phys_write(LOCAL + 0xD0, 4, 0x0200_0000);
    b.irq(10, true);
    b.shows(
        "APIC",
        "I/O APIC",
        &[
            ("IOREGSEL", "25"),
            ("IOAPICID", "5000000 id=5"),
            ("IOAPICARB", "5000000 id=5"),
            ("pins", "400"),
            (
                "IOREDTBL10",
                "F0000000000E955 vector=85 mode=lowest priority DM=logical POL RIRR TM=level destination=15",
            ),
        ],
    );
    b.shows("APIC", "TMR: level triggered", &[("vectors 40-5F", "200000")]);
    assert_eq!(b.register("APIC", "I/O APIC", "IOREDTBL10").address, Some(0x24));
}
