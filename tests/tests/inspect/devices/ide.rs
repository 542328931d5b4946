//! The PIIX3's IDE function (82371SB), a disk and a CD-ROM drive (ATA/ATAPI-6, MMC-3), the bus master.

use super::board::Board;
use emu_core::devices::ata::Ide;
use emu_core::host::MemoryImage;

const NAME: &str = "82371SB IDE";
const DISK: &str = "primary device 0: disk";
const CD: &str = "secondary device 0: CD-ROM";

/// A disk of 2048 sectors and a disc of 64, both channels decoded, the bus master at C000h.
fn board() -> Board {
    let disk = Box::new(MemoryImage::new(vec![0x5A; 2048 * 512]));
    let cd = Box::new(MemoryImage::new(vec![0xC3; 64 * 2048]));
    let Ok(ide) = Ide::new([Some(disk), None], Some(cd), true) else { panic!("the images are good") };
    let mut b = Board::of(vec![Box::new(ide)]);
    b.set_config(1, 1, 0x40, 4, 0x8000_8000);
    b.set_config(1, 1, 0x20, 4, 0xC000);
    b.set_config(1, 1, 0x04, 2, 5);
    b
}

fn settle(b: &mut Board) {
    b.pass(10_000_000);
}

#[test]
fn the_ide_function_names_its_registers() {
    let b = board();
    let channel = "selected, control, INTRQ, BMIC, BMIS, BMIDTP, burst, buffer, next, left, packet";
    let drive = "multiple, DMA mode, power, write cache, look-ahead, sectors";
    let disk = format!(
        "status, error, features, count, LBA low, LBA mid, LBA high, device, interrupt, {drive}, cylinders, heads, \
         sectors a track"
    );
    let packet = format!(
        "status, error, features, interrupt reason, LBA low, byte count low, byte count high, device, interrupt, {drive}"
    );
    let groups = b.groups(NAME);
    let names: Vec<_> = groups.iter().map(|g| &*g.name).collect();
    assert_eq!(names, ["primary channel", DISK, "secondary channel", CD, "CD-ROM", "timing", "PCI 00:01.1"]);
    let registers = |n: usize| groups[n].registers.iter().map(|r| &*r.name).collect::<Vec<_>>().join(", ");
    assert_eq!([registers(0), registers(1), registers(2), registers(3)], [channel, &disk, channel, &packet]);
    assert_eq!(registers(4), "tray, locked, sense, unit attention, event, position, speed");
    assert_eq!(registers(5), "IDETIM primary, IDETIM secondary, SIDETIM");
    let at = |group: &str, name: &str| b.register(NAME, group, name).address;
    assert_eq!(
        (at(DISK, "status"), at(CD, "status"), at(CD, "byte count low")),
        (Some(0x1F7), Some(0x177), Some(0x174))
    );
    assert_eq!(at("primary channel", "control"), Some(0x3F6));
    assert_eq!(
        (at("primary channel", "BMIC"), at("secondary channel", "BMIDTP")),
        (Some(0xC000), Some(0xC00C))
    );
}

#[test]
fn after_power_on_the_signatures_are_there() {
    let b = board();
    b.shows(
        NAME,
        DISK,
        &[
            ("status", "50 DSC DRDY"),
            // Diagnostic code 1: passed.
            ("error", "1 AMNF"),
            ("count", "1"),
            ("LBA low", "1"),
            ("LBA mid", "0"),
            ("LBA high", "0"),
            ("device", "A0 DEV=0 LBA=cylinder, head, sector"),
            ("sectors", "800"),
            ("cylinders", "2"),
            ("heads", "10"),
            ("sectors a track", "3F"),
        ],
    );
    b.shows(
        NAME,
        CD,
        &[
            ("status", "0"),
            ("interrupt reason", "1 C/D=the packet I/O=to the device"),
            ("byte count low", "14"),
            ("byte count high", "EB"),
        ],
    );
    b.shows(
        NAME,
        "CD-ROM",
        &[
            ("tray", "0"),
            ("locked", "0"),
            ("sense", "0 key=no sense"),
            ("unit attention", "62900 ASC=41 key=unit attention"),
            ("event", "0 event=none"),
        ],
    );
    b.shows(NAME, "timing", &[("IDETIM primary", "8000 RTC=4 clocks ISP=5 clocks IDE")]);
}

#[test]
fn a_pio_read_is_seen_at_each_step() {
    let mut b = board();
    b.out(&[(0x1F6, 0xE0), (0x1F2, 2), (0x1F3, 0x21), (0x1F4, 0x03), (0x1F5, 0), (0x1F7, 0x20)]);
    b.shows(
        NAME,
        DISK,
        &[
            ("status", "D0 DSC DRDY BSY"),
            ("count", "102"),
            ("LBA low", "121"),
            ("LBA mid", "3"),
            ("device", "E0 DEV=0 LBA=LBA"),
        ],
    );
    assert_eq!(b.title(NAME, "primary channel", "selected"), "executes command 20h");
    settle(&mut b);
    b.shows(NAME, DISK, &[("status", "58 DRQ DSC DRDY"), ("interrupt", "1"), ("error", "0")]);
    b.shows(NAME, "primary channel", &[("INTRQ", "1"), ("burst", "200"), ("BMIS", "4 INT")]);
    assert_eq!(b.title(NAME, "primary channel", "selected"), "the host reads data");
    b.bus.port_read(0x1F0, 2);
    b.shows(NAME, "primary channel", &[("burst", "1FE"), ("INTRQ", "1")]);
    assert_eq!(b.inb(0x1F7), 0x58);
    b.shows(NAME, DISK, &[("interrupt", "0")]);
    b.shows(NAME, "primary channel", &[("INTRQ", "0")]);
    (0..255).for_each(|_| assert_eq!(b.bus.port_read(0x1F0, 2), 0x5A5A));
    settle(&mut b);
    (0..256).for_each(|_| assert_eq!(b.bus.port_read(0x1F0, 2), 0x5A5A));
    b.shows(NAME, DISK, &[("status", "50 DSC DRDY"), ("count", "0")]);
    assert_eq!(b.title(NAME, "primary channel", "selected"), "waits for a command");
}

#[test]
fn control_and_errors_and_settings_are_shown() {
    let mut b = board();
    b.out(&[(0x3F6, 0x82)]);
    b.shows(NAME, "primary channel", &[("control", "82 nIEN HOB")]);
    // A sector beyond the end, by its number; a command that does not exist.
    b.out(&[(0x1F6, 0xEF), (0x1F2, 1), (0x1F3, 0xFF), (0x1F4, 0xFF), (0x1F5, 0xFF), (0x1F7, 0x20)]);
    settle(&mut b);
    b.shows(
        NAME,
        DISK,
        &[
            ("status", "51 ERR DSC DRDY"),
            ("error", "10 IDNF"),
            ("device", "EF head=15 DEV=0 LBA=LBA"),
            ("interrupt", "1"),
        ],
    );
    b.shows(NAME, "primary channel", &[("INTRQ", "0"), ("control", "2 nIEN")]);
    b.out(&[(0x1F7, 0xFF)]);
    settle(&mut b);
    b.shows(NAME, DISK, &[("error", "4 ABRT")]);
    // SET MULTIPLE 8; SET FEATURES: PIO... Multiword DMA 1, write cache off; INITIALIZE DEVICE PARAMETERS; STANDBY IMMEDIATE.
    b.out(&[(0x1F6, 0xE3), (0x1F2, 8), (0x1F7, 0xC6)]);
    settle(&mut b);
    b.out(&[(0x1F1, 0x03), (0x1F2, 0x21), (0x1F7, 0xEF)]);
    settle(&mut b);
    b.out(&[(0x1F1, 0x82), (0x1F7, 0xEF)]);
    settle(&mut b);
    b.out(&[(0x1F2, 32), (0x1F7, 0x91)]);
    settle(&mut b);
    b.out(&[(0x1F7, 0xE0)]);
    settle(&mut b);
    b.shows(
        NAME,
        DISK,
        &[
            ("multiple", "8"),
            ("DMA mode", "21"),
            ("write cache", "0"),
            ("look-ahead", "1"),
            ("heads", "4"),
            ("sectors a track", "20"),
            ("cylinders", "10"),
        ],
    );
    assert_eq!(b.title(NAME, DISK, "power"), "standby");
    b.out(&[(0x3F6, 0x04)]);
    b.shows(NAME, "primary channel", &[("control", "4 SRST")]);
    b.shows(NAME, DISK, &[("status", "80 BSY")]);
    assert_eq!(b.title(NAME, "primary channel", "selected"), "reset");
}

#[test]
fn a_packet_is_seen_from_its_command_to_its_sense() {
    let mut b = board();
    b.out(&[(0x176, 0xA0), (0x171, 0), (0x174, 0xFE), (0x175, 0xFF), (0x177, 0xA0)]);
    settle(&mut b);
    b.shows(NAME, CD, &[("interrupt reason", "1 C/D=the packet I/O=to the device")]);
    assert_eq!(b.value(NAME, CD, "status") & 0x89, 0x08, "DRQ, neither busy nor an error");
    b.shows(NAME, "secondary channel", &[("burst", "C")]);
    // TEST UNIT READY: the unit attention of power-on.
    (0..5).for_each(|_| b.bus.port_write(0x170, 2, 0));
    b.shows(NAME, "secondary channel", &[("burst", "2")]);
    b.bus.port_write(0x170, 2, 0);
    assert_eq!(b.title(NAME, "secondary channel", "selected"), "executes a packet command");
    assert_eq!(b.title(NAME, "secondary channel", "packet"), "00 00 00 00 00 00 00 00 00 00 00 00");
    settle(&mut b);
    b.shows(
        NAME,
        CD,
        &[("error", "60 key=unit attention"), ("interrupt reason", "3 C/D=the packet I/O=to the host")],
    );
    assert_eq!(b.value(NAME, CD, "status") & 0x89, 0x01);
    b.shows(
        NAME,
        "CD-ROM",
        &[("sense", "62900 ASC=41 key=unit attention"), ("unit attention", "0 key=no sense")],
    );
}

#[test]
fn an_answer_to_a_packet_is_seen_in_the_buffer() {
    let mut b = board();
    b.out(&[(0x176, 0xA0), (0x171, 0), (0x174, 0x00), (0x175, 0x08), (0x177, 0xA0)]);
    settle(&mut b);
    // INQUIRY of 36 bytes.
    for word in [0x0012u32, 0, 36, 0, 0, 0] {
        b.bus.port_write(0x170, 2, word);
    }
    settle(&mut b);
    b.shows(
        NAME,
        CD,
        &[
            ("interrupt reason", "2 C/D=data I/O=to the host"),
            ("byte count low", "24"),
            ("byte count high", "0"),
        ],
    );
    b.shows(
        NAME,
        "secondary channel",
        &[("packet", "12"), ("burst", "24"), ("buffer", "24"), ("INTRQ", "1")],
    );
    assert_eq!(b.title(NAME, "secondary channel", "packet"), "12 00 00 00 24 00 00 00 00 00 00 00");
}

#[test]
fn the_bus_master_and_the_timings_show_all_their_bits() {
    let mut b = board();
    b.bus.port_write(0xC004, 4, 0x0012_3457);
    b.out(&[(0xC002, 0x60), (0xC000, 0xFF)]);
    b.shows(
        NAME,
        "primary channel",
        &[("BMIC", "9 SSBM RWCON=device to memory"), ("BMIS", "61 ACT DMA0 DMA1"), ("BMIDTP", "123454")],
    );
    b.set_config(1, 1, 0x40, 4, 0xFFFF_0000);
    let all = "TIME0 IE0 PPE0 DTE0 TIME1 IE1 PPE1 DTE1 RTC=1 clock ISP=2 clocks SITRE IDE";
    b.shows(
        NAME,
        "timing",
        &[("IDETIM primary", "0 RTC=4 clocks ISP=5 clocks"), ("IDETIM secondary", &format!("FFFF {all}"))],
    );
    b.set_config(1, 1, 0x20, 4, 0);
    assert_eq!(b.register(NAME, "primary channel", "BMIC").address, None);
}
