//! Reads, writes, formats, scans, with and without DMA.

use super::*;

fn read(c: u8, h: u8, r: u8, eot: u8) -> [u8; 9] {
    [0xE6, h << 2, c, h, r, 2, eot, 0x1B, 0xFF]
}

fn write(c: u8, h: u8, r: u8, eot: u8) -> [u8; 9] {
    [0xC5, h << 2, c, h, r, 2, eot, 0x1B, 0xFF]
}

/// As SeaBIOS reads: EOT is the last sector wanted, DMA counts to exactly there.
#[test]
fn reads_end_with_terminal_count() {
    let mut r = Rig::a(D1440);
    r.seek(&[0x0F, 0, 5]);
    r.dma(true, 2048);
    r.command(&read(5, 1, 3, 6));
    assert_eq!(r.inb(MSR_DSR), MSR_CB);
    r.idle();
    assert!(r.irq());
    assert_eq!(r.inb(MSR_DSR), MSR_RQM | MSR_DIO | MSR_CB);
    // MT, head 1, last sector equal to EOT: C + 1, LSB of H complemented, R = 1
    assert_eq!(r.result(), [0x04, 0, 0, 6, 0, 1, 2]);
    assert_eq!(r.peek(2048), sectors(5, 1, 3, 4));
    assert!(r.bus.cx.dma.channels[2].terminal_count);
}

/// Table 5-6 of the datasheet: what the result phase reports after a terminal count.
#[test]
fn result_phase_addresses() {
    let mut r = Rig::a(D1440);
    for (mt, h, last, expect) in [
        (0, 0, 5, [0, 0, 6]),
        (0, 0, 18, [1, 0, 1]),
        (0, 1, 5, [0, 1, 6]),
        (0, 1, 18, [1, 1, 1]),
        (0x80, 0, 5, [0, 0, 6]),
        (0x80, 0, 18, [0, 1, 1]),
        (0x80, 1, 5, [0, 1, 6]),
        (0x80, 1, 18, [1, 0, 1]),
    ] {
        r.dma(true, 512);
        let result = r.run(&[0x46 | mt, h << 2, 0, h, last, 2, 18, 0x1B, 0xFF]);
        assert_eq!(result[..3], [h << 2, 0, 0]);
        assert_eq!(result[3..6], expect, "{mt} {h} {last}");
    }
}

#[test]
fn multitrack_goes_on_at_the_other_head() {
    let mut r = Rig::a(D1440);
    r.dma(true, 20 * 512);
    assert_eq!(r.run(&read(0, 0, 10, 18)), [0x04, 0, 0, 0, 1, 12, 2]);
    assert_eq!(r.peek(20 * 512), sectors(0, 0, 10, 20));
}

#[test]
fn the_end_of_the_cylinder_without_terminal_count() {
    let mut r = Rig::a(D1440);
    r.dma(true, 0x8000);
    assert_eq!(r.run(&[0x46, 0, 0, 0, 17, 2, 18, 0x1B, 0xFF]), [0x40, 0x80, 0, 1, 0, 1, 2]);
    assert_eq!(r.peek(1024), sectors(0, 0, 17, 2));
    r.dma(true, 0x8000);
    assert_eq!(r.run(&read(0, 1, 18, 18)), [0x44, 0x80, 0, 1, 0, 1, 2]);
}

#[test]
fn a_count_that_ends_within_a_sector() {
    let mut r = Rig::a(D1440);
    r.poke(&[0xEE; 1024]);
    r.dma(true, 700);
    assert_eq!(r.run(&read(0, 0, 1, 18)), [0, 0, 0, 0, 0, 3, 2]);
    assert_eq!(r.peek(702)[..700], sectors(0, 0, 1, 2)[..700]);
    assert_eq!(r.peek(702)[700..], [0xEE, 0xEE]);
    r.poke(&[0x11; 1024]);
    r.dma(false, 600);
    assert_eq!(r.run(&write(0, 0, 1, 18)), [0, 0, 0, 0, 0, 3, 2]);
    let mut expect = vec![0x11; 600];
    expect.resize(1024, 0);
    assert_eq!(r.export(0, 1024), expect, "the rest of the sector is zeros");
    assert_eq!(r.export(1024, 512), sectors(0, 0, 3, 1));
}

#[test]
fn sectors_that_are_not_there() {
    let mut r = Rig::a(D1440);
    r.dma(true, 512);
    for (bytes, st1, st2) in [
        (read(0, 0, 19, 19), 0x04, 0),
        (read(0, 0, 0, 18), 0x04, 0),
        (read(7, 0, 1, 18), 0x04, 0x10),
        (read(0xFF, 0, 1, 18), 0x04, 0x12),
        ([0xE6, 0, 0, 1, 1, 2, 18, 0x1B, 0xFF], 0x04, 0),
        ([0xE6, 0, 0, 0, 1, 3, 18, 0x1B, 0xFF], 0x04, 0),
        ([0xA6, 0, 0, 0, 1, 2, 18, 0x1B, 0xFF], 0x01, 0),
    ] {
        let result = r.run(&bytes);
        assert_eq!(result[..3], [0x40, st1, st2], "{bytes:X?}");
        assert_eq!(result[3..], bytes[2..6], "the sector looked for");
    }
    r.seek(&[0x0F, 0, 81]);
    assert_eq!(r.run(&read(81, 0, 1, 18))[..3], [0x40, 0x01, 0], "not formatted");
    let mut r = Rig::a(163_840);
    r.outb(DIR_CCR, 2);
    r.dma(true, 512);
    assert_eq!(r.run(&read(0, 1, 1, 8))[..3], [0x44, 0x01, 0], "one side only");
}

#[test]
fn overruns() {
    let mut r = Rig::a(D1440);
    r.bus.cx.dma.channels[2].masked = true;
    assert_eq!(r.run(&read(0, 0, 1, 18))[..3], [0x40, 0x10, 0]);
    assert_eq!(r.run(&write(0, 0, 1, 18))[..3], [0x40, 0x10, 0]);
    assert_eq!(r.export(0, 512), sectors(0, 0, 1, 1));
}

#[test]
fn writes_are_read_back() {
    let mut r = Rig::a(D1440);
    let data: Vec<u8> = (0..36 * 512).map(|i| (i / 3) as u8).collect();
    r.seek(&[0x0F, 0, 79]);
    r.poke(&data);
    r.dma(false, data.len());
    assert_eq!(r.run(&write(79, 0, 1, 18)), [0x04, 0, 0, 80, 0, 1, 2]);
    assert_eq!(r.export(at(79, 0, 1) as u64, data.len()), data);
    r.poke(&vec![0; data.len()]);
    r.dma(true, data.len());
    r.run(&read(79, 0, 1, 18));
    assert_eq!(r.peek(data.len()), data);
    let (_, overlay) = r.change(memory(D1440)).unwrap();
    assert_eq!(overlay.bytes(), 5 * 4096);
    assert_eq!(r.export(at(79, 0, 1) as u64, 512), sectors(79, 0, 1, 1), "a new disk");
    let back =
        r.bus.with::<Fdc, _>(|d, _| d.change_floppy(0, Some((memory(D1440).unwrap(), overlay))).is_ok());
    assert_eq!(back, Some(true));
    assert_eq!(r.export(at(79, 0, 1) as u64, data.len()), data, "the old one as it was left");
}

#[test]
fn protected_disks() {
    let mut r = Rig::with([Some(Box::new(MemoryImage::protected(vec![7; D1440]))), None]);
    r.dma(false, 512);
    assert_eq!(r.run(&write(0, 0, 1, 18))[..3], [0x40, 0x02, 0]);
    assert_eq!(r.run(&[0x4D, 0, 2, 18, 0x6C, 0xF6])[..3], [0x40, 0x02, 0]);
    r.dma(true, 512);
    assert_eq!(r.run(&read(0, 0, 1, 18))[..3], [0, 0, 0]);
}

#[test]
fn implied_seeks() {
    let mut r = Rig::a(D1440);
    r.command(&[0x13, 0, 0x40, 0]);
    r.dma(true, 512);
    assert_eq!(r.run(&read(40, 0, 1, 18)), [0x20, 0, 0, 40, 0, 2, 2]);
    assert_eq!(r.peek(512), sectors(40, 0, 1, 1));
    r.dma(true, 512);
    assert_eq!(r.run(&read(40, 0, 2, 18))[0], 0, "it is there already");
    r.command(&[0x0E]);
    assert_eq!(r.result()[0], 40);
}

/// Tables 5-4 and 5-5: reads with and without SK of sectors with and without deleted-data marks.
#[test]
fn deleted_data() {
    let mut r = Rig::a(D1440);
    r.poke(&[0xDD; 512]);
    r.dma(false, 512);
    assert_eq!(r.run(&[0x49, 0, 0, 0, 2, 2, 18, 0x1B, 0xFF])[..3], [0, 0, 0]);
    let mut go = |code: u8, first: u8, count: usize| {
        r.poke(&[0; 2048]);
        r.dma(true, count * 512);
        (r.run(&[code, 0, 0, 0, first, 2, 18, 0x1B, 0xFF]), r.peek(512)[0])
    };
    let first = sectors(0, 0, 1, 1)[0];
    let third = sectors(0, 0, 3, 1)[0];
    // READ DATA, SK = 0: the deleted sector is read, noted, and the last
    assert_eq!(go(0x46, 1, 3), (vec![0, 0, 0x40, 0, 0, 2, 2], first));
    assert_eq!(go(0x46, 2, 3), (vec![0, 0, 0x40, 0, 0, 2, 2], 0xDD));
    // SK = 1: it is skipped
    assert_eq!(go(0x66, 2, 1), (vec![0, 0, 0x40, 0, 0, 4, 2], third));
    // READ DELETED DATA the other way round
    assert_eq!(go(0x4C, 2, 1), (vec![0, 0, 0, 0, 0, 3, 2], 0xDD));
    assert_eq!(go(0x4C, 1, 3), (vec![0, 0, 0x40, 0, 0, 1, 2], first));
    assert_eq!(go(0x6C, 1, 1), (vec![0, 0, 0x40, 0, 0, 3, 2], 0xDD));
    r.dma(false, 512);
    r.run(&write(0, 0, 2, 18));
    r.dma(true, 512);
    assert_eq!(r.run(&read(0, 0, 2, 18))[2], 0, "an ordinary write takes the mark away");
}

#[test]
fn format_track() {
    let mut r = Rig::a(D1440);
    r.seek(&[0x0F, 0, 4]);
    let ids: Vec<u8> = (1..=18).flat_map(|s| [4, 1, s, 2]).collect();
    r.poke(&ids);
    r.dma(false, ids.len());
    let result = r.run(&[0x4D, 0x04, 2, 18, 0x6C, 0xF6]);
    assert_eq!(result[..3], [0x04, 0, 0]);
    assert_eq!(r.export(at(4, 1, 1) as u64, 18 * 512), [0xF6; 18 * 512]);
    assert_eq!(r.export(at(4, 0, 18) as u64, 512), sectors(4, 0, 18, 1));
    assert_eq!(r.export(at(5, 0, 1) as u64, 512), sectors(5, 0, 1, 1));
    // IDs the image cannot hold change nothing
    r.poke(&[9, 1, 1, 2, 4, 1, 19, 2, 4, 1, 2, 3]);
    r.dma(false, 12);
    assert_eq!(r.run(&[0x4D, 0x04, 2, 3, 0x6C, 0x00])[..3], [0x04, 0, 0]);
    assert_eq!(r.export(at(4, 1, 1) as u64, 18 * 512), [0xF6; 18 * 512]);
}

#[test]
fn read_track() {
    let mut r = Rig::a(D1440);
    r.dma(true, 18 * 512);
    assert_eq!(r.run(&[0x42, 0, 0, 0, 1, 2, 18, 0x1B, 0xFF])[..3], [0, 0, 0]);
    assert_eq!(r.peek(18 * 512), sectors(0, 0, 1, 18));
    // from the index hole whatever R says, but the difference is noted
    r.dma(true, 512);
    assert_eq!(r.run(&[0x42, 0, 0, 0, 7, 2, 18, 0x1B, 0xFF])[..3], [0, 0x04, 0]);
    assert_eq!(r.peek(512), sectors(0, 0, 1, 1));
    r.dma(true, 18 * 512);
    assert_eq!(r.run(&[0x42, 0, 0, 0, 1, 2, 4, 0x1B, 0xFF])[..3], [0x40, 0x80, 0], "EOT before the count");
}

/// Table 5-7.
#[test]
fn verify() {
    let mut r = Rig::a(D1440);
    // EC = 0: up to EOT
    assert_eq!(r.run(&[0x56, 0x00, 0, 0, 1, 2, 18, 0x1B, 0xFF])[..3], [0, 0, 0]);
    assert_eq!(r.run(&[0x56, 0x00, 0, 0, 1, 2, 19, 0x1B, 0xFF])[..3], [0x40, 0x04, 0]);
    // EC = 1: SC sectors
    assert_eq!(r.run(&[0x56, 0x80, 0, 0, 3, 2, 18, 0x1B, 4]), [0, 0, 0, 0, 0, 7, 2]);
    assert_eq!(r.run(&[0x56, 0x80, 0, 0, 16, 2, 18, 0x1B, 4])[..2], [0x40, 0x80]);
    assert_eq!(r.run(&[0xD6, 0x80, 0, 0, 16, 2, 18, 0x1B, 4]), [0x04, 0, 0, 0, 1, 2, 2]);
}

/// 8272A: scan equal hit (SH), scan not satisfied (SN); FFh matches anything.
#[test]
fn scans() {
    let mut r = Rig::a(D1440);
    let go = |r: &mut Rig, code: u8, wanted: &[u8], first: u8, step: u8| {
        r.poke(wanted);
        r.dma(false, wanted.len());
        r.run(&[code, 0, 0, 0, first, 2, 18, 0x1B, step])
    };
    let third = sectors(0, 0, 3, 1);
    let thrice = third.repeat(18);
    assert_eq!(go(&mut r, 0x51, &thrice, 1, 1), [0, 0, 0x08, 0, 0, 3, 2], "found at the third");
    assert_eq!(go(&mut r, 0x51, &thrice, 1, 2), [0, 0, 0x08, 0, 0, 3, 2]);
    assert_eq!(go(&mut r, 0x51, &thrice[..512], 2, 1)[..3], [0, 0, 0x04]);
    assert_eq!(go(&mut r, 0x51, &[0xFF; 512], 2, 1)[..3], [0, 0, 0x08]);
    assert_eq!(go(&mut r, 0x59, &[0xFE; 512], 2, 1)[..3], [0, 0, 0], "low or equal, and not equal");
    assert_eq!(go(&mut r, 0x5D, &[0; 512], 2, 1)[..3], [0, 0, 0]);
    assert_eq!(go(&mut r, 0x59, &[0; 512], 2, 1)[..3], [0, 0, 0x04]);
    assert_eq!(go(&mut r, 0x5D, &third, 3, 1)[..3], [0, 0, 0x08]);
}

/// Without DMA every byte asks for service; there is no terminal count, so the end is the end of the cylinder.
#[test]
fn transfers_without_dma() {
    let mut r = Rig::a(D1440);
    r.command(&[0x03, 0xAF, 0x03]);
    r.command(&read(0, 1, 17, 18));
    assert_eq!(r.inb(MSR_DSR), MSR_CB | MSR_NDM);
    let mut data = Vec::new();
    for _ in 0..2 {
        r.idle();
        for _ in 0..512 {
            assert!(r.irq());
            assert_eq!(r.inb(MSR_DSR), MSR_RQM | MSR_DIO | MSR_NDM | MSR_CB);
            data.push(r.inb(FIFO));
        }
    }
    r.idle();
    assert_eq!(data, sectors(0, 1, 17, 2));
    assert_eq!(r.result(), [0x44, 0x80, 0, 1, 0, 1, 2]);

    // with the FIFO and a threshold of 8, after every eighth byte
    r.command(&[0x13, 0, 0x08, 0]);
    r.command(&write(0, 0, 18, 18)[..1]);
    r.command(&write(0, 0, 18, 18)[1..]);
    r.idle();
    let mut interrupts = 0;
    for i in 0..512 {
        interrupts += u32::from(r.irq());
        assert_eq!(r.inb(MSR_DSR), MSR_RQM | MSR_NDM | MSR_CB);
        r.outb(FIFO, i as u8);
    }
    assert_eq!(interrupts, 64);
    r.idle();
    assert_eq!(r.inb(MSR_DSR), MSR_RQM | MSR_NDM | MSR_CB, "MT goes on at head 1");
    assert_eq!(r.export(at(0, 0, 18) as u64, 512), (0..512).map(|i| i as u8).collect::<Vec<_>>());
}

#[test]
fn late_images_give_the_same_as_early_ones() {
    let run = |lazy: bool| {
        let (image, here) = Remote::image(D1440);
        here.borrow_mut().fill(!lazy);
        let mut r = Rig::with([Some(image), None]);
        r.poke(&[0x55; 512]);
        r.dma(false, 512);
        r.run(&write(0, 0, 2, 18));
        r.dma(true, 4 * 512);
        r.command(&read(0, 0, 1, 18));
        r.idle();
        let mut requests = Vec::new();
        while let Some(request) = r.bus.cx.signals.needs_block.take() {
            let before = r.bus.device::<Fdc>().unwrap().save();
            r.step();
            assert_eq!(r.bus.cx.signals.needs_block.take(), Some(request), "asked for again");
            assert_eq!(r.bus.device::<Fdc>().unwrap().save(), before, "nothing changed");
            here.borrow_mut()[request.offset as usize / 512] = true;
            requests.push(request);
            r.idle();
        }
        let wanted = |n: u64| BlockRequest { drive: DriveId::Floppy(0), offset: n * 512, len: 512 };
        assert_eq!(requests, if lazy { vec![wanted(0), wanted(2), wanted(3)] } else { vec![] });
        let mut expect = sectors(0, 0, 1, 4);
        expect[512..1024].fill(0x55);
        assert_eq!(r.peek(2048), expect);
        (r.bus.cx.now, r.result(), r.bus.device::<Fdc>().unwrap().save())
    };
    assert_eq!(run(true), run(false));
}
