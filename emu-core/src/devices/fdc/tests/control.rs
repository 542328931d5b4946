//! Resets, status registers, seeks, and commands without data.

use super::*;

/// After a reset: INT, and four SENSE INTERRUPT STATUS with ST0 = C0h to C3h; a fifth is invalid.
#[test]
fn reset_and_polling() {
    let mut r = Rig::cold([memory(D1440), None]);
    assert_eq!((r.inb(DOR), r.inb(MSR_DSR)), (0, 0));
    r.outb(DOR, 0x0C);
    assert!(!r.irq());
    r.idle();
    assert!(r.irq());
    assert_eq!(r.inb(MSR_DSR), MSR_RQM);
    for n in 0..4 {
        r.command(&[0x08]);
        assert!(!r.irq());
        assert_eq!(r.result(), [0xC0 | n, 0]);
    }
    r.command(&[0x08]);
    assert_eq!(r.result(), [0x80]);
    // by the data rate select register, which keeps the rate and clears the reset bit itself
    r.outb(MSR_DSR, 0x82);
    assert_eq!(r.inb(MSR_DSR), 0);
    r.idle();
    assert!(r.irq());
    r.command(&[0x08]);
    assert_eq!(r.result(), [0xC0, 0]);
}

#[test]
fn no_interrupt_without_polling_or_dmagate() {
    let mut r = Rig::with([None, None]);
    r.outb(DOR, 0x08);
    r.outb(DOR, 0x04);
    r.idle();
    assert!(!r.irq(), "DMAGATE is off");
    r.outb(DOR, 0x0C);
    assert!(r.irq(), "it was only hidden");
    r.command(&[0x13, 0, 0x10, 0]);
    r.outb(DOR, 0x08);
    r.outb(DOR, 0x0C);
    r.idle();
    assert!(r.irq(), "a reset turns polling on again");
}

#[test]
fn versions_and_invalid_commands() {
    let mut r = Rig::a(D1440);
    r.command(&[0x10]);
    assert_eq!(r.result(), [0x90]);
    for code in [0x00, 0x18, 0x1F, 0x50, 0x25, 0x82, 0x2D, 0x8A] {
        r.command(&[code]);
        assert!(!r.irq());
        assert_eq!(r.result(), [0x80], "{code:02X}h");
        assert_eq!(r.inb(MSR_DSR), MSR_RQM);
    }
}

#[test]
fn parameters_come_back_by_dumpreg_and_lock_keeps_them() {
    let mut r = Rig::a(D1440);
    r.command(&[0x03, 0xDF, 0x06]);
    r.command(&[0x13, 0x00, 0x57, 0x21]);
    r.command(&[0x12, 0x80 | 0x0F]);
    r.command(&[0x94]);
    assert_eq!(r.result(), [0x10]);
    let dump = |r: &mut Rig| {
        r.command(&[0x0E]);
        r.result()
    };
    assert_eq!(dump(&mut r), [0, 0, 0, 0, 0xDF, 0x06, 0, 0x8F, 0x57, 0x21]);
    r.outb(DOR, 0);
    r.outb(DOR, 0x0C);
    r.idle();
    // LOCK protects FIFO and precompensation, not implied seek and polling; GAP and WGATE go
    assert_eq!(dump(&mut r), [0, 0, 0, 0, 0xDF, 0x06, 0, 0x8C, 0x07, 0x21]);
    r.command(&[0x14]);
    assert_eq!(r.result(), [0]);
    r.command(&[0x12, 0x03]);
    assert_eq!(dump(&mut r)[7], 0x0F, "without OW the drive bits stay");
    r.outb(MSR_DSR, 0x80);
    r.idle();
    assert_eq!(dump(&mut r), [0, 0, 0, 0, 0xDF, 0x06, 0, 0x0C, 0x20, 0]);
}

#[test]
fn seeks_overlap_and_report_one_by_one() {
    let mut r = Rig::with([memory(D1440), memory(D1440)]);
    r.command(&[0x0F, 0x00, 10]);
    r.command(&[0x0F, 0x05, 20]);
    assert_eq!(r.inb(MSR_DSR), MSR_RQM | 3, "both drives are busy, the controller is not");
    r.idle();
    assert_eq!(r.inb(MSR_DSR), MSR_RQM);
    r.command(&[0x08]);
    assert_eq!(r.result(), [0x20, 10]);
    r.command(&[0x08]);
    assert_eq!(r.result(), [0x25, 20]);
    assert_eq!(r.seek(&[0x8F, 0, 3]), [0x20, 7]);
    assert_eq!(r.seek(&[0xCF, 0, 70]), [0x20, 77]);
    assert_eq!(r.seek(&[0x07, 0]), [0x20, 0]);
}

/// RECALIBRATE gives up after 79 steps (equipment check), and where there is no drive.
#[test]
fn recalibrate_has_79_steps() {
    let mut r = Rig::a(D1440);
    assert_eq!(r.seek(&[0x0F, 0, 82]), [0x20, 82]);
    r.command(&[0x04, 0]);
    assert_eq!(r.result(), [0x28], "track 0 not under the head");
    assert_eq!(r.seek(&[0x07, 0]), [0x70, 0]);
    assert_eq!(r.seek(&[0x07, 0]), [0x20, 0]);
    r.command(&[0x04, 0x04]);
    assert_eq!(r.result(), [0x3C]);
    assert_eq!(r.seek(&[0x07, 1]), [0x71, 0]);
}

#[test]
fn write_protection_in_st3() {
    let mut r = Rig::with([Some(Box::new(MemoryImage::protected(vec![0; D1440]))), None]);
    r.command(&[0x04, 0]);
    assert_eq!(r.result(), [0x78]);
    r.change(None);
    r.command(&[0x04, 0]);
    assert_eq!(r.result(), [0x78]);
    r.change(memory(D1440));
    r.command(&[0x04, 0]);
    assert_eq!(r.result(), [0x38]);
}

/// As Linux does it: DSKCHG is cleared by a step with a disk inside, not by a recalibration that has nothing to do.
#[test]
fn disk_change_line() {
    let mut r = Rig::a(D1440);
    assert_eq!(r.inb(DIR_CCR), 0x80, "set at power-on");
    r.seek(&[0x07, 0]);
    assert_eq!(r.inb(DIR_CCR), 0x80);
    r.seek(&[0x0F, 0, 1]);
    assert_eq!(r.inb(DIR_CCR), 0);
    r.outb(DOR, 0x3D);
    assert_eq!(r.inb(DIR_CCR), 0, "no drive B");
    r.outb(DOR, 0x3C);
    let (_, overlay) = r.change(None).unwrap();
    assert!(overlay.is_empty());
    assert_eq!(r.inb(DIR_CCR), 0x80);
    r.seek(&[0x07, 0]);
    assert_eq!(r.inb(DIR_CCR), 0x80, "no disk, no clearing");
    assert!(r.change(memory(D1440)).is_none());
    assert_eq!(r.inb(DIR_CCR), 0x80);
    r.seek(&[0x0F, 0, 3]);
    assert_eq!(r.inb(DIR_CCR), 0);
}

#[test]
fn read_id_tells_the_rate_and_the_track() {
    let mut r = Rig::a(D1440);
    r.seek(&[0x0F, 0, 33]);
    let id = r.run(&[0x4A, 0x04]);
    assert_eq!((id[..5].to_vec(), id[6]), (vec![4, 0, 0, 33, 1], 2));
    assert!((1..=18).contains(&id[5]));
    assert_ne!(r.run(&[0x4A, 0x04])[5], id[5], "the disk turns");
    for rate in [1, 2, 3] {
        r.outb(DIR_CCR, rate);
        assert_eq!(r.run(&[0x4A, 0])[..3], [0x40, 1, 0]);
    }
    r.outb(DIR_CCR, 0);
    assert_eq!(r.run(&[0x0A, 0])[..3], [0x40, 1, 0], "FM");
    r.outb(DOR, 0x0C);
    assert_eq!(r.run(&[0x4A, 0])[..3], [0x40, 1, 0], "motor off");
    r.outb(DOR, 0x3C);
    assert_eq!(r.run(&[0x4A, 1])[..3], [0x41, 1, 0], "no drive");
    r.change(None);
    assert_eq!(r.run(&[0x4A, 0])[..3], [0x40, 1, 0], "no disk");
}

#[test]
fn rates_of_the_formats() {
    for (len, rates) in
        [(D1440 / 2, &[2][..]), (1_228_800, &[0]), (2_949_120, &[3]), (368_640, &[1, 2]), (163_840, &[1, 2])]
    {
        let mut r = Rig::a(len);
        for rate in 0..4 {
            r.outb(DIR_CCR, rate);
            assert_eq!(r.run(&[0x4A, 0])[0] == 0, rates.contains(&rate), "{len} {rate}");
        }
    }
}

/// A 40-track disk in an 80-track drive: two steps to a cylinder.
#[test]
fn double_stepping() {
    let mut r = Rig::a(1_228_800);
    r.change(memory(368_640));
    r.outb(DIR_CCR, 1);
    r.seek(&[0x0F, 0, 24]);
    assert_eq!(r.run(&[0x4A, 0])[3], 12);
    let mut r = Rig::a(368_640);
    r.outb(DIR_CCR, 1);
    r.seek(&[0x0F, 0, 24]);
    assert_eq!(r.run(&[0x4A, 0])[3], 24);
}

#[test]
fn unknown_drives_and_disks_are_refused() {
    let Ok(mut fdc) = Fdc::new([None, None]) else { panic!() };
    assert_eq!((fdc.drive_type(0), fdc.drive_type(1)), (Some(DriveType::D1440), None));
    let put = |fdc: &mut Fdc, n, len| {
        let disk = memory(len).map(|i| (i, Overlay::default()));
        fdc.change_floppy(n, disk).err().map(|e| e.to_string()).unwrap_or_default()
    };
    assert!(put(&mut fdc, 1, D1440).starts_with("floppy B: the machine has no such drive"));
    assert!(put(&mut fdc, 9, D1440).contains("no such drive"));
    assert!(put(&mut fdc, 0, 1000).contains("no floppy format has 1000 bytes"));
    assert_eq!(put(&mut fdc, 0, D1440), "");
}

#[test]
fn state_is_restored_whole_and_foreign_state_refused() {
    let mut r = Rig::a(D1440);
    r.dma(true, 3 * 512);
    r.command(&[0xE6, 0, 0, 0, 1, 2, 18, 0x1B, 0xFF]);
    r.step();
    let save = |r: &Rig| r.bus.device::<Fdc>().map(|d| d.save()).unwrap_or_default();
    let bytes = save(&r);
    let mut again = Rig::a(D1440);
    again.dma(true, 3 * 512);
    again.bus.cx.dma = r.bus.cx.dma.clone();
    assert!(again.bus.cx.timers.restore(r.bus.cx.timers.deadlines()));
    again.bus.with::<Fdc, _>(|d, cx| d.load(cx, &bytes)).unwrap().unwrap();
    assert_eq!(save(&again), bytes);
    again.idle();
    assert_eq!(again.result(), [0, 0, 0, 0, 0, 4, 2]);
    assert_eq!(again.peek(1536)[512..], sectors(0, 0, 2, 2));
    let mut other = Rig::a(1_228_800);
    assert!(other.bus.with::<Fdc, _>(|d, cx| d.load(cx, &bytes)).unwrap().is_err());
    assert!(again.bus.with::<Fdc, _>(|d, cx| d.load(cx, &bytes[..20])).unwrap().is_err());
}
