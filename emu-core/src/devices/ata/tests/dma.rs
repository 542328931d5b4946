//! Bus master transfers (Bus Master Programming Interface for IDE ATA Controllers, revision 1.0).

use super::*;

const TABLE: u32 = 0x1000;
const END: u32 = 0x8000_0000;

impl Rig {
    /// Puts a table of (region, count) into memory, the last with its end bit, and programs the master.
    fn prd(&mut self, regions: &[(u32, u32)]) {
        for (i, &(base, count)) in regions.iter().enumerate() {
            let end = if i + 1 == regions.len() { END } else { 0 };
            let bytes = [base.to_le_bytes(), (count | end).to_le_bytes()].concat();
            self.bus.cx.mem.write(u64::from(TABLE) + 8 * i as u64, &bytes);
        }
        self.bus.port_write(BM_BASE + bm::BMIDTP, 4, TABLE);
        self.outb(BM_BASE + bm::BMIS, bm::INTERRUPT | bm::ERROR);
    }

    fn start(&mut self, to_memory: bool) {
        let direction = if to_memory { bm::RWCON } else { 0 };
        self.outb(BM_BASE + bm::BMIC, direction);
        self.outb(BM_BASE + bm::BMIC, direction | bm::SSBM);
    }

    fn master(&mut self) -> u8 {
        self.inb(BM_BASE + bm::BMIS)
    }

    fn peek(&self, at: u32, len: usize) -> Vec<u8> {
        let mut buf = vec![0; len];
        self.bus.cx.mem.read(u64::from(at), &mut buf);
        buf
    }
}

/// As libata does it: table, direction, command, start, interrupt, stop.
#[test]
fn read_dma_scattered() {
    let mut r = Rig::disk(64);
    r.prd(&[(0x2_0000, 512), (0x3_0FFE, 6), (0x4_0000, 1018)]);
    r.command(cmd::READ_DMA, 0, 5, 3);
    r.start(true);
    assert_eq!(r.master(), bm::ACTIVE);
    r.idle();
    assert!(r.irq(0));
    assert_eq!(r.master(), bm::INTERRUPT, "the table was used up: inactive");
    assert_eq!(r.inb(0x1F7), READY);
    assert!(!r.irq(0));
    let got = [r.peek(0x2_0000, 512), r.peek(0x3_0FFE, 6), r.peek(0x4_0000, 1018)].concat();
    assert_eq!(got, pattern(64 * 512)[5 * 512..8 * 512]);
    r.outb(BM_BASE + bm::BMIC, 0);
    r.outb(BM_BASE + bm::BMIS, bm::INTERRUPT);
    assert_eq!(r.master(), 0);
}

#[test]
fn the_master_may_be_started_first() {
    let mut r = Rig::disk(64);
    r.prd(&[(0x2_0000, 512)]);
    r.start(true);
    assert!(!r.step());
    r.command(cmd::READ_DMA, 0, 0, 1);
    r.idle();
    assert_eq!((r.master(), r.peek(0x2_0000, 512)), (bm::INTERRUPT, pattern(512)));
}

#[test]
fn a_count_of_zero_is_64_kib() {
    let mut r = Rig::disk(300);
    r.prd(&[(0x10_0000, 0), (0x20_0000, 0)]);
    r.command(cmd::READ_DMA, 0, 0, 0);
    r.start(true);
    r.idle();
    assert_eq!(r.master(), bm::INTERRUPT);
    assert_eq!(r.peek(0x10_0000, 0x1_0000), pattern(0x1_0000));
    assert_eq!(r.peek(0x20_0000, 0x1_0000), pattern(0x2_0000)[0x1_0000..]);
}

#[test]
fn regions_and_buffers_need_not_agree() {
    let mut r = Rig::disk(300);
    let regions: Vec<(u32, u32)> = (0..10).map(|i| (0x10_0000 + i * 0x2_0000, 12_000 + 2 * i)).collect();
    let total: u32 = regions.iter().map(|r| r.1).sum();
    let mut all = regions.clone();
    all.push((0x30_0000, 256 * 512 - total));
    r.prd(&all);
    r.command(cmd::READ_DMA, 0, 10, 0);
    r.start(true);
    r.idle();
    let got: Vec<u8> = all.iter().flat_map(|&(at, len)| r.peek(at, len as usize)).collect();
    assert_eq!(got, pattern(300 * 512)[5120..5120 + 131_072]);
    assert_eq!(r.master(), bm::INTERRUPT);
}

/// Table longer than the transfer: active and interrupt both set (section 3.1).
#[test]
fn a_table_that_is_too_long() {
    let mut r = Rig::disk(64);
    r.prd(&[(0x2_0000, 1024)]);
    r.command(cmd::READ_DMA, 0, 0, 1);
    r.start(true);
    r.idle();
    assert_eq!(r.master(), bm::INTERRUPT | bm::ACTIVE);
    r.outb(BM_BASE + bm::BMIC, 0);
    assert_eq!(r.master(), bm::INTERRUPT);
    assert_eq!(r.peek(0x2_0000, 513), [pattern(512), vec![0]].concat());
}

/// Table shorter than the transfer: inactive without interrupt, the drive waits; a new table goes on from there.
#[test]
fn a_table_that_is_too_short() {
    let mut r = Rig::disk(64);
    r.prd(&[(0x2_0000, 700)]);
    r.command(cmd::READ_DMA, 0, 0, 2);
    r.start(true);
    r.idle();
    assert_eq!((r.master(), r.irq(0)), (0, false));
    assert_ne!(r.inb(0x3F6) & (status::BSY | status::DRQ), 0);
    r.outb(BM_BASE + bm::BMIC, 0);
    r.prd(&[(0x3_0000, 324)]);
    r.start(true);
    r.idle();
    assert_eq!((r.master(), r.irq(0)), (bm::INTERRUPT, true));
    assert_eq!([r.peek(0x2_0000, 700), r.peek(0x3_0000, 324)].concat(), pattern(1024));
}

/// After a table that was too short, a driver stops the master and resets the drive.
#[test]
fn a_reset_frees_a_waiting_drive() {
    let mut r = Rig::disk(64);
    r.prd(&[(0x2_0000, 2)]);
    r.command(cmd::READ_DMA, 0, 0, 2);
    r.start(true);
    r.idle();
    r.outb(BM_BASE + bm::BMIC, 0);
    r.outb(0x3F6, control::SRST);
    r.outb(0x3F6, 0);
    assert_eq!(r.wait(0), READY);
    r.command(cmd::READ_SECTORS, 0, 1, 1);
    r.wait(0);
    assert_eq!(r.data(0, 512), pattern(1024)[512..]);
}

#[test]
fn write_dma() {
    let mut r = Rig::disk(300);
    let data: Vec<u8> = (0..200 * 512).map(|i| (i / 7) as u8).collect();
    r.bus.cx.mem.write(0x10_0000, &data);
    r.prd(&[(0x10_0000, 0), (0x11_0000, 200 * 512 - 0x1_0000)]);
    r.command(cmd::WRITE_DMA, 0, 50, 200);
    r.start(false);
    r.idle();
    assert_eq!((r.master(), r.inb(0x1F7)), (bm::INTERRUPT, READY));
    assert_eq!(r.export(0, 50 * 512, 200 * 512), data);
    assert_eq!(r.export(0, 49 * 512, 512), pattern(300 * 512)[49 * 512..50 * 512]);
    r.prd(&[(0x20_0000, 1024)]);
    r.command_ext(cmd::READ_DMA_EXT, 249, 2);
    r.start(true);
    r.idle();
    assert_eq!(
        r.peek(0x20_0000, 1024),
        [&data[199 * 512..], &pattern(300 * 512)[250 * 512..251 * 512]].concat()
    );
}

#[test]
fn nothing_moves_without_permission_or_against_the_direction() {
    let mut r = Rig::disk(64);
    r.config(0x04, 1);
    r.prd(&[(0x2_0000, 512)]);
    r.command(cmd::READ_DMA, 0, 0, 1);
    r.start(false);
    r.idle();
    assert_eq!((r.master(), r.peek(0x2_0000, 4)), (bm::ACTIVE, vec![0; 4]));
    r.start(true);
    r.idle();
    assert_eq!((r.master(), r.peek(0x2_0000, 4)), (bm::ACTIVE, vec![0; 4]), "bus mastering is off");
    r.config(0x04, 5);
    r.idle();
    assert_eq!((r.master(), r.peek(0x2_0000, 512)), (bm::INTERRUPT, pattern(512)));
}

#[test]
fn stopping_the_master_stops_the_transfer() {
    let mut r = Rig::disk(300);
    r.prd(&[(0x10_0000, 0), (0x20_0000, 0)]);
    r.command(cmd::READ_DMA, 0, 0, 0);
    r.start(true);
    while r.peek(0x10_FFFF, 1) != pattern(0x1_0000)[0xFFFF..] {
        assert!(r.step());
    }
    r.outb(BM_BASE + bm::BMIC, bm::RWCON);
    r.idle();
    assert_eq!((r.master(), r.irq(0), r.peek(0x20_0000, 2)), (0, false, vec![0; 2]));
}

#[test]
fn beyond_the_end_the_good_sectors_move() {
    let mut r = Rig::disk(8);
    r.prd(&[(0x2_0000, 4096)]);
    r.command(cmd::READ_DMA, 0, 6, 4);
    r.start(true);
    r.idle();
    assert_eq!((r.inb(0x3F6), r.inb(0x1F1)), (READY | status::ERR, 0x10));
    assert_eq!(r.master(), bm::INTERRUPT | bm::ACTIVE);
    assert_eq!(r.peek(0x2_0000, 1024), pattern(4096)[3072..]);
}

#[test]
fn registers_of_the_master() {
    let mut r = Rig::disk(8);
    r.bus.port_write(BM_BASE + bm::BMIDTP, 4, 0x1234_5677);
    assert_eq!(r.bus.port_read(BM_BASE + bm::BMIDTP, 4), 0x1234_5674);
    r.outb(BM_BASE + bm::BMIS, 0x60);
    assert_eq!(r.master(), 0x60);
    r.outb(BM_BASE + bm::BMIS, 0x20);
    assert_eq!(r.master(), 0x20);
    assert_eq!(r.bus.port_read(BM_BASE, 4), 0x0020_0000);
    assert_eq!(r.bus.port_read(BM_BASE + 8, 4), 0, "the secondary's are its own");
}

/// A table in memory that is not there, or that never ends, hurts nobody.
#[test]
fn hostile_tables() {
    let mut r = Rig::disk(300);
    r.bus.port_write(BM_BASE + bm::BMIDTP, 4, 0xFFFF_FFFC);
    r.command(cmd::READ_DMA, 0, 0, 0);
    r.start(true);
    r.idle();
    let mut r = Rig::disk(300);
    r.bus.port_write(BM_BASE + bm::BMIDTP, 4, 0x10_0000);
    r.command(cmd::READ_DMA, 0, 0, 0);
    r.start(true);
    r.idle();
    assert_eq!(r.master(), bm::ACTIVE | bm::INTERRUPT, "zeros are regions of 64 KiB without end");
}

#[test]
fn late_images_and_dma() {
    let run = |lazy: bool| {
        let (image, here) = Remote::image(300 * 512);
        here.borrow_mut().fill(!lazy);
        let mut r = Rig::with([Some(image), None], None);
        r.prd(&[(0x10_0000, 0), (0x20_0000, 0)]);
        r.command(cmd::READ_DMA, 0, 20, 0);
        r.start(true);
        r.idle();
        let mut requests = 0;
        while let Some(BlockRequest { drive, offset, len }) = r.bus.cx.signals.needs_block.take() {
            assert_eq!(drive, DriveId::Disk(0));
            let first = offset as usize / 512;
            here.borrow_mut()[first..first + len as usize / 512].fill(true);
            requests += 1;
            r.idle();
        }
        assert_eq!(requests, if lazy { 2 } else { 0 });
        let memory = [r.peek(0x10_0000, 0x1_0000), r.peek(0x20_0000, 0x1_0000)].concat();
        assert_eq!(memory, pattern(300 * 512)[20 * 512..276 * 512]);
        (r.bus.cx.now, r.bus.device::<Ide>().unwrap().save())
    };
    assert_eq!(run(true), run(false));
}
