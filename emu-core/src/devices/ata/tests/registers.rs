//! Task file, selection, resets, PCI configuration, images.

use super::*;

#[test]
fn the_function_is_what_the_datasheet_says() {
    let mut r = Rig::disk(64);
    assert_eq!(r.config_read(0), 0x7010_8086);
    assert_eq!(r.config_read(8), 0x0101_8000);
    r.config(0x20, 0xFFFF_FFFF);
    // the PIIX3 has no bits 16-31, but QEMU's has, and its SeaBIOS cannot size the register without them
    assert_eq!(r.config_read(0x20), 0xFFFF_FFF1, "16 bytes of I/O space");
    assert_eq!(r.inb(0xFFF2), 0xFF, "nothing is decoded there");
    assert_eq!(r.config_read(4) >> 16, 0x0280);
}

#[test]
fn ports_follow_the_enable_bits() {
    let mut r = Rig::disk(64);
    r.config(0x04, 0);
    assert_eq!((r.inb(0x1F7), r.inb(0x3F6), r.inb(BM_BASE)), (0xFF, 0xFF, 0xFF));
    r.config(0x04, 1);
    assert_eq!((r.inb(0x1F7), r.inb(0x3F6), r.inb(BM_BASE)), (READY, READY, 0));
    r.config(0x40, 0x8000_0000);
    assert_eq!((r.inb(0x1F7), r.inb(0x177)), (0xFF, 0));
    r.config(0x20, 0xD000);
    assert_eq!((r.inb(BM_BASE), r.inb(0xD002)), (0xFF, 0));
}

#[test]
fn a_base_address_takes_no_ports_from_other_devices() {
    let mut r = Rig::disk(64);
    r.config(0x40, 0x8000);
    r.config(0x20, 0x1F0);
    assert_eq!(r.inb(0x1F7), READY);
    r.config(0x20, 0xC000);
    assert_eq!(r.inb(0x1F7), READY);
}

/// ATA/ATAPI-6, 9.16.1: device 0 answers for a missing device 1, with status 00h.
#[test]
fn missing_drives() {
    let mut r = Rig::disk(64);
    r.outb(0x1F6, 0xB0);
    r.outb(0x1F2, 0x55);
    assert_eq!((r.inb(0x1F2), r.inb(0x1F6), r.inb(0x1F7), r.inb(0x3F6)), (0x55, 0xB0, 0, 0));
    r.outb(0x1F7, cmd::IDENTIFY);
    assert!(!r.step(), "nobody executes it");
    r.outb(0x1F6, 0xA0);
    assert_eq!(r.inb(0x1F7), READY);

    // a packet device's signature must not be seen twice
    r.outb(0x176, 0xB0);
    r.outb(0x172, 0x55);
    assert_eq!((r.inb(0x172), r.inb(0x174), r.inb(0x175), r.inb(0x177)), (0, 0, 0, 0));

    let mut r = Rig::with([None, memory(512)], None);
    assert_eq!(r.inb(0x1F7), 0x7F, "device 1 does not answer for device 0");
    r.outb(0x1F6, 0xB0);
    assert_eq!(r.inb(0x1F7), READY);

    let mut r = Rig::with([None, None], None);
    assert_eq!((r.inb(0x1F7), r.inb(0x1F2), r.inb(0x3F6)), (0x7F, 0x7F, 0x7F));
}

/// How SeaBIOS and Linux find drives: software reset, then signatures.
#[test]
fn software_reset_gives_signatures() {
    let mut r = Rig::with([memory(512), memory(1024)], None);
    for (base, ctl) in [(0x1F0, 0x3F6), (0x170, 0x376)] {
        r.outb(ctl, control::NIEN | control::SRST);
        assert_eq!(r.inb(ctl), status::BSY);
        assert!(!r.step());
        r.outb(ctl, control::NIEN);
        assert_eq!(r.inb(ctl), status::BSY, "until the drive is done");
        r.idle();
        let expect = if base == 0x1F0 { (READY, 1, 1, 1, 0, 0) } else { (0, 1, 1, 1, 0x14, 0xEB) };
        let regs: Vec<u8> = (1..7).map(|i| r.inb(base + i)).collect();
        assert_eq!((r.inb(base + 7), regs[0], regs[1], regs[2], regs[3], regs[4]), expect);
    }
    r.outb(0x1F6, 0xB0);
    assert_eq!((r.inb(0x1F1), r.inb(0x1F4), r.inb(0x1F7)), (1, 0, READY));
}

#[test]
fn diagnostics_reset_both_drives_and_interrupt() {
    let mut r = Rig::with([memory(512), memory(512)], None);
    r.outb(0x1F6, 0xB0);
    r.outb(0x1F2, 9);
    r.outb(0x1F7, cmd::EXECUTE_DIAGNOSTIC);
    assert_eq!(r.wait(0), READY);
    assert!(r.irq(0));
    assert_eq!((r.inb(0x1F1), r.inb(0x1F2), r.inb(0x1F6)), (1, 1, 0xA0));
    assert_eq!(r.inb(0x1F7), READY);
    assert!(!r.irq(0));
}

#[test]
fn reading_status_clears_the_interrupt_and_nien_hides_it() {
    let mut r = Rig::disk(64);
    r.command(cmd::RECALIBRATE, 0, 0, 0);
    assert!(!r.irq(0));
    assert_eq!(r.inb(0x3F6) & status::BSY, status::BSY);
    r.idle();
    assert!(r.irq(0));
    assert_eq!(r.inb(0x3F6), READY);
    assert!(r.irq(0), "alternate status leaves it");
    r.outb(0x3F6, control::NIEN);
    assert!(!r.irq(0));
    r.outb(0x3F6, 0);
    assert!(r.irq(0));
    assert_eq!(r.inb(BM_BASE + bm::BMIS) & bm::INTERRUPT, bm::INTERRUPT);
    r.inb(0x1F7);
    assert!(!r.irq(0));
}

#[test]
fn hob_shows_the_previous_contents_until_the_next_write() {
    let mut r = Rig::disk(64);
    for (port, a, b) in [(0x1F2, 1, 2), (0x1F3, 3, 4), (0x1F4, 5, 6), (0x1F5, 7, 8)] {
        r.outb(port, a);
        r.outb(port, b);
        assert_eq!(r.inb(port), b);
        r.outb(0x3F6, control::HOB);
        assert_eq!(r.inb(port), a);
    }
    r.outb(0x1F6, 0xE0);
    assert_eq!(r.inb(0x1F5), 8);
}

/// ATA/ATAPI-6, 8.15.
#[test]
fn identify_device() {
    let mut r = Rig::disk(40 * 16 * 63 + 5);
    let w = r.identify();
    assert_eq!((w[1], w[3], w[6]), (40, 16, 63));
    assert_eq!(u32::from(w[60]) | u32::from(w[61]) << 16, 40 * 16 * 63 + 5);
    assert_eq!((w[100], w[101], w[102], w[103]), (w[60], w[61], 0, 0));
    assert_eq!(w[49] & 0x0300, 0x0300, "LBA and DMA");
    assert_eq!(w[83] & 0xC400, 0x4400, "valid, 48-bit addresses");
    assert_eq!(w[63] & 7, 7);
    let model: String = w[27..47].iter().flat_map(|w| w.to_be_bytes()).map(char::from).collect();
    assert_eq!(model, format!("{:40}", "GLASSBOX HARDDISK"));
    let sum = w.iter().flat_map(|w| w.to_le_bytes()).fold(0u8, u8::wrapping_add);
    assert_eq!((w[255] as u8, sum), (0xA5, 0));
    assert_eq!(r.inb(0x1F7), READY, "no interrupt follows the data");
    assert!(!r.irq(0));
}

#[test]
fn identify_shows_what_was_set() {
    let mut r = Rig::disk(1000);
    r.command(cmd::SET_MULTIPLE, 0, 0, 8);
    assert_eq!(r.wait(0), READY);
    r.outb(0x1F6, 0xA0 | 3);
    r.outb(0x1F2, 10);
    r.outb(0x1F7, cmd::INITIALIZE_PARAMETERS);
    assert_eq!(r.wait(0), READY);
    for (feature, count) in [(0x03, 0x21), (0x82, 0)] {
        r.outb(0x1F1, feature);
        r.command(cmd::SET_FEATURES, 0, 0, count);
        assert_eq!(r.wait(0), READY);
    }
    let w = r.identify();
    assert_eq!(w[59], 0x0108);
    assert_eq!((w[54], w[55], w[56], w[57]), (25, 4, 10, 1000));
    assert_eq!((w[63], w[88]), (0x0207, 0x003F));
    assert_eq!(w[85] & 0x20, 0, "write cache off");
    // the power-on defaults come back with a software reset
    r.outb(0x3F6, control::SRST);
    r.outb(0x3F6, 0);
    r.idle();
    let w = r.identify();
    assert_eq!((w[59], w[55], w[85] & 0x20), (0, 1, 0x20));
}

#[test]
fn unknown_commands_abort() {
    let mut r = Rig::disk(64);
    for code in [cmd::NOP, cmd::DEVICE_RESET, cmd::PACKET, cmd::IDENTIFY_PACKET, 0xF0, 0x80, 0x22] {
        r.command(code, 0, 0, 1);
        assert_eq!(r.wait(0), READY | status::ERR, "{code:02X}h");
        assert_eq!(r.inb(0x1F1), 4);
        assert!(r.irq(0));
        r.inb(0x1F7);
    }
}

#[test]
fn power_modes() {
    let mut r = Rig::disk(64);
    let check = |r: &mut Rig| {
        r.command(cmd::CHECK_POWER, 0, 0, 0x11);
        r.idle();
        r.inb(0x1F2)
    };
    assert_eq!(check(&mut r), 0xFF);
    r.command(cmd::STANDBY_IMMEDIATE, 0, 0, 0);
    assert_eq!(r.wait(0), READY);
    assert_eq!(check(&mut r), 0);
    r.command(cmd::READ_SECTORS, 0, 0, 1);
    r.wait(0);
    r.data(0, 512);
    assert_eq!(check(&mut r), 0xFF, "a read wakes it");
    r.command(cmd::SLEEP, 0, 0, 0);
    r.wait(0);
    r.command(cmd::IDENTIFY, 0, 0, 0);
    assert!(!r.step(), "only a reset wakes it from sleep");
    r.outb(0x3F6, control::SRST);
    r.outb(0x3F6, 0);
    r.idle();
    assert_eq!(check(&mut r), 0xFF);
}

#[test]
fn smart_answers_that_all_is_well() {
    let mut r = Rig::disk(64);
    for (feature, lba, good) in
        [(0xDA, 0xC2_4F00, true), (0xDA, 0, false), (0xD9, 0xC2_4F00, true), (0xDA, 0xC2_4F00, false)]
    {
        r.outb(0x1F1, feature);
        r.command(cmd::SMART, 0, lba, 0);
        let s = r.wait(0);
        assert_eq!(s & status::ERR == 0, good, "{feature:X} {lba:X}");
        assert_eq!((r.inb(0x1F4), r.inb(0x1F5)), ((lba >> 8) as u8, (lba >> 16) as u8));
    }
}

#[test]
fn bad_images_are_refused_in_one_line() {
    let error = |len: usize| Ide::new([None, memory(len)], None, false).err().map(|e| e.to_string());
    assert_eq!(error(0).as_deref(), Some("hard disk 1: the image is empty; choose a file with contents"));
    assert!(error(513).is_some_and(|e| e.contains("512-byte sectors") && e.contains("1024 bytes")));
    assert_eq!(error(512), None);
    let e = Ide::new([None, None], memory(2048 + 512), true).err().map(|e| e.to_string());
    assert!(e.is_some_and(|e| e.starts_with("CD-ROM: ") && e.contains("2048-byte sectors")));
}

#[test]
fn state_is_restored_whole_and_foreign_state_refused() {
    let mut r = Rig::disk(64);
    r.command(cmd::WRITE_SECTORS, 0, 5, 2);
    r.wait(0);
    r.put_data(0, &[0x77; 512]);
    r.wait(0);
    r.put_data(0, &[0x77; 188]);
    let save = |r: &Rig| r.bus.device::<Ide>().map(|d| d.save()).unwrap_or_default();
    let bytes = save(&r);
    let deadlines = r.bus.cx.timers.deadlines().to_vec();
    let mut again = Rig::disk(64);
    again.bus.with::<Ide, _>(|d, cx| d.load(cx, &bytes)).unwrap().unwrap();
    assert!(again.bus.cx.timers.restore(&deadlines));
    assert_eq!(save(&again), bytes);
    again.put_data(0, &[0x77; 324]);
    again.idle();
    assert_eq!(again.export(0, 5 * 512, 1024), [0x77; 1024]);
    let mut other = Rig::disk(65);
    let before = save(&other);
    assert!(other.bus.with::<Ide, _>(|d, cx| d.load(cx, &bytes)).unwrap().is_err());
    assert!(other.bus.with::<Ide, _>(|d, cx| d.load(cx, &bytes[..9])).unwrap().is_err());
    assert_eq!(save(&other), before);
}
