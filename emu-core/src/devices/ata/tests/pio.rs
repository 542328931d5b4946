//! Disk commands with data through the data register.

use super::*;

/// READ SECTORS raises an interrupt for every sector (ATA/ATAPI-6, 9.5).
#[test]
fn read_sectors() {
    let mut r = Rig::disk(64);
    r.command(cmd::READ_SECTORS, 0, 3, 3);
    for i in 0..3 {
        assert_eq!(r.wait(0), READY | status::DRQ);
        assert!(r.irq(0));
        assert_eq!(r.inb(0x1F7), READY | status::DRQ);
        assert!(!r.irq(0));
        assert_eq!(r.data(0, 512), pattern(64 * 512)[(3 + i) * 512..(4 + i) * 512]);
    }
    assert_eq!(r.wait(0), READY);
    assert!(!r.irq(0), "no interrupt after the last data");
    assert_eq!((r.inb(0x1F3), r.inb(0x1F1), r.inb(0x1F2)), (5, 0, 0), "the last sector read, none left");
}

#[test]
fn the_data_register_takes_bytes_words_and_dwords() {
    let mut r = Rig::disk(8);
    let expect = &pattern(8 * 512)[..512];
    for size in [1, 2, 4] {
        r.command(cmd::READ_SECTORS, 0, 0, 1);
        r.wait(0);
        let got: Vec<u8> = (0..512 / size)
            .flat_map(|_| r.bus.port_read(0x1F0, size as u8).to_le_bytes()[..size].to_vec())
            .collect();
        assert_eq!(got, expect, "size {size}");
        assert_eq!(r.inb(0x1F7), READY);
        assert_eq!(r.bus.port_read(0x1F0, 2), 0, "no data without DRQ");
    }
}

#[test]
fn writes_reach_the_overlay_and_are_read_back() {
    let mut r = Rig::disk(64);
    r.command(cmd::WRITE_SECTORS, 0, 10, 2);
    assert_eq!(r.wait(0), READY | status::DRQ);
    assert!(!r.irq(0), "the first block is not announced");
    r.put_data(0, &[0xAB; 512]);
    assert_eq!(r.inb(0x3F6) & status::BSY, status::BSY);
    assert_eq!(r.wait(0), READY | status::DRQ);
    assert!(r.irq(0));
    r.inb(0x1F7);
    r.put_data(0, &[0xCD; 512]);
    assert_eq!(r.wait(0), READY);
    assert!(r.irq(0));
    assert_eq!((r.inb(0x1F7), r.inb(0x1F3), r.inb(0x1F2)), (READY, 11, 0));
    r.command(cmd::READ_SECTORS, 0, 9, 4);
    let mut all = Vec::new();
    for _ in 0..4 {
        r.wait(0);
        all.extend(r.data(0, 512));
    }
    let mut expect = pattern(64 * 512)[9 * 512..13 * 512].to_vec();
    expect[512..1024].fill(0xAB);
    expect[1024..1536].fill(0xCD);
    assert_eq!(all, expect);
    assert_eq!(r.export(0, 9 * 512, 4 * 512), expect);
    r.command(cmd::FLUSH, 0, 0, 0);
    assert_eq!(r.wait(0), READY);
    let pages: Vec<u64> =
        r.bus.device::<Ide>().unwrap().overlay(0).unwrap().changed_pages().map(|p| p.0).collect();
    assert_eq!(pages, [1]);
}

#[test]
fn multiple_moves_blocks() {
    let mut r = Rig::disk(64);
    r.command(cmd::READ_MULTIPLE, 0, 0, 5);
    assert_eq!((r.wait(0), r.inb(0x1F1)), (READY | status::ERR, 4), "not set yet");
    for bad in [3, 32] {
        r.command(cmd::SET_MULTIPLE, 0, 0, bad);
        assert_eq!(r.wait(0), READY | status::ERR);
    }
    r.command(cmd::SET_MULTIPLE, 0, 0, 4);
    r.wait(0);
    r.command(cmd::READ_MULTIPLE, 0, 8, 6);
    assert_eq!(r.wait(0), READY | status::DRQ);
    let mut all = r.data(0, 4 * 512);
    r.wait(0);
    assert!(r.irq(0));
    all.extend(r.data(0, 2 * 512));
    assert_eq!(r.wait(0), READY);
    assert_eq!(all, pattern(64 * 512)[8 * 512..14 * 512]);
    r.command(cmd::WRITE_MULTIPLE, 0, 0, 5);
    r.wait(0);
    r.put_data(0, &[1; 2048]);
    r.wait(0);
    r.put_data(0, &[2; 512]);
    assert_eq!(r.wait(0), READY);
    assert_eq!(r.export(0, 0, 2560), [[1; 512], [1; 512], [1; 512], [1; 512], [2; 512]].concat());
}

#[test]
fn a_count_of_zero_is_256_sectors() {
    let mut r = Rig::disk(300);
    r.command(cmd::READ_SECTORS, 0, 1, 0);
    let mut all = Vec::new();
    for _ in 0..256 {
        assert_eq!(r.wait(0), READY | status::DRQ);
        all.extend(r.data(0, 512));
    }
    assert_eq!(r.wait(0), READY);
    assert_eq!(all, pattern(300 * 512)[512..257 * 512]);
}

#[test]
fn chs_addresses_follow_the_translation() {
    let mut r = Rig::disk(16 * 63 * 3);
    let read = |r: &mut Rig, c: u8, h: u8, s: u8| {
        for (port, v) in [(0x1F6, 0xA0 | h), (0x1F2, 1), (0x1F3, s), (0x1F4, c), (0x1F5, 0), (0x1F7, 0x20)] {
            r.outb(port, v);
        }
        let status = r.wait(0);
        (status, r.data(0, 512))
    };
    let disk = pattern(16 * 63 * 3 * 512);
    let at = |lba: usize| disk[lba * 512..][..512].to_vec();
    assert_eq!(read(&mut r, 1, 2, 3), (READY | status::DRQ, at((16 + 2) * 63 + 2)));
    for (c, h, s) in [(0, 0, 0), (0, 0, 64), (3, 0, 1)] {
        assert_eq!(read(&mut r, c, h, s).0, READY | status::ERR);
        assert_eq!(r.inb(0x1F1), 0x10, "address not found");
    }
    r.outb(0x1F6, 0xA0 | 3);
    r.outb(0x1F2, 17);
    r.outb(0x1F7, cmd::INITIALIZE_PARAMETERS);
    r.wait(0);
    assert_eq!(read(&mut r, 5, 1, 17).1, at((5 * 4 + 1) * 17 + 16));
    assert_eq!((r.inb(0x1F3), r.inb(0x1F4), r.inb(0x1F6)), (17, 5, 0xA1));
}

#[test]
fn long_addresses() {
    let mut r = Rig::disk(64);
    r.command_ext(cmd::READ_SECTORS_EXT, 7, 2);
    r.wait(0);
    let mut all = r.data(0, 512);
    r.wait(0);
    all.extend(r.data(0, 512));
    assert_eq!(all, pattern(64 * 512)[7 * 512..9 * 512]);
    r.command_ext(cmd::READ_SECTORS_EXT, 7 | 1 << 40, 2);
    assert_eq!((r.wait(0), r.inb(0x1F1)), (READY | status::ERR, 0x10));
    r.command_ext(cmd::WRITE_SECTORS_EXT, 63, 1);
    r.wait(0);
    r.put_data(0, &[9; 512]);
    assert_eq!(r.wait(0), READY);
    assert_eq!(r.export(0, 63 * 512, 512), [9; 512]);
    r.command_ext(cmd::VERIFY_EXT, 0, 64);
    assert_eq!(r.wait(0), READY);
}

/// What lies before the end of the disk is moved; the registers then name the first sector that does not exist.
#[test]
fn the_end_of_the_disk() {
    let mut r = Rig::disk(20);
    r.command(cmd::READ_SECTORS, 0, 18, 4);
    for i in 18..20 {
        assert_eq!(r.wait(0), READY | status::DRQ);
        assert_eq!(r.data(0, 512), pattern(20 * 512)[i * 512..][..512]);
    }
    assert_eq!((r.wait(0), r.inb(0x1F1), r.inb(0x1F3)), (READY | status::ERR, 0x10, 20));
    assert!(r.irq(0));
    r.command(cmd::READ_SECTORS, 0, 20, 1);
    assert_eq!((r.wait(0), r.inb(0x1F1)), (READY | status::ERR, 0x10));
    r.command(cmd::WRITE_SECTORS, 0, 19, 2);
    r.wait(0);
    r.put_data(0, &[3; 512]);
    r.wait(0);
    r.put_data(0, &[4; 512]);
    assert_eq!((r.wait(0), r.inb(0x1F1), r.inb(0x1F3)), (READY | status::ERR, 0x10, 20));
    assert_eq!(r.export(0, 19 * 512, 512), [3; 512]);
    r.command(cmd::VERIFY, 0, 10, 11);
    assert_eq!((r.wait(0), r.inb(0x1F3)), (READY | status::ERR, 20));
}

#[test]
fn a_protected_disk_refuses_writes() {
    let mut r = Rig::with([Some(Box::new(MemoryImage::protected(vec![0; 512]))), None], None);
    r.command(cmd::WRITE_SECTORS, 0, 0, 1);
    assert_eq!((r.wait(0), r.inb(0x1F1)), (READY | status::ERR, 0x44));
}

#[test]
fn a_busy_drive_ignores_its_registers() {
    let mut r = Rig::with([memory(64 * 512), memory(512)], None);
    r.command(cmd::READ_SECTORS, 0, 3, 1);
    r.outb(0x1F3, 9);
    r.outb(0x1F6, 0xB0);
    r.outb(0x1F7, cmd::IDENTIFY);
    assert_eq!(r.wait(0), READY | status::DRQ);
    assert_eq!(r.data(0, 512), pattern(64 * 512)[3 * 512..][..512]);
}

#[test]
fn the_second_disk_is_another_one() {
    let mut r = Rig::with([memory(64 * 512), Some(Box::new(MemoryImage::new(vec![0x5A; 8 * 512])))], None);
    r.command(cmd::READ_SECTORS, 1, 2, 1);
    assert_eq!(r.wait(0), READY | status::DRQ);
    assert_eq!(r.data(0, 512), [0x5A; 512]);
    r.command(cmd::READ_SECTORS, 1, 8, 1);
    assert_eq!(r.wait(0), READY | status::ERR);
}

/// Runs one read of a remote image; each missing block arrives only after the machine was asked again some times.
#[test]
fn a_late_image_gives_the_same_as_an_early_one() {
    let run = |lazy: bool| {
        let (image, here) = Remote::image(64 * 512);
        if !lazy {
            here.borrow_mut().fill(true);
        }
        let mut r = Rig::with([None, Some(image)], None);
        let mut trace = Vec::new();
        r.command(cmd::READ_SECTORS, 1, 30, 4);
        for _ in 0..4 {
            r.idle();
            while let Some(request) = r.bus.cx.signals.needs_block.take() {
                assert_eq!(request.drive, DriveId::Disk(1));
                assert!(lazy && request.len == 512);
                let before = r.bus.device::<Ide>().unwrap().save();
                r.step();
                assert_eq!(r.bus.cx.signals.needs_block.take(), Some(request), "asked for again");
                assert_eq!(r.bus.device::<Ide>().unwrap().save(), before, "nothing changed");
                here.borrow_mut()[request.offset as usize / 512] = true;
                r.idle();
            }
            trace.push((r.bus.cx.now, r.inb(0x1F7), r.data(0, 512)));
        }
        (trace, r.bus.device::<Ide>().unwrap().save())
    };
    assert_eq!(run(true), run(false));
}
