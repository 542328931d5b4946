//! The CD-ROM drive (MMC-3, SFF-8020i).

use super::*;

const TEST_UNIT_READY: [u8; 12] = [0; 12];

/// How a packet command went.
#[derive(Debug, PartialEq)]
struct Outcome {
    status: u8,
    error: u8,
    data: Vec<u8>,
    /// Sizes of the data bursts.
    bursts: Vec<usize>,
}

fn packet(bytes: &[u8]) -> [u8; 12] {
    let mut p = [0; 12];
    p[..bytes.len()].copy_from_slice(bytes);
    p
}

fn read_10(lba: u32, count: u16) -> [u8; 12] {
    let (l, c) = (lba.to_be_bytes(), count.to_be_bytes());
    packet(&[0x28, 0, l[0], l[1], l[2], l[3], 0, c[0], c[1]])
}

impl Rig {
    fn cd(sectors: usize) -> Self {
        let mut r = Self::with([None, None], memory(sectors * 2048));
        assert_eq!(r.sense(&TEST_UNIT_READY), (6, 0x29, 0), "power-on is a unit attention");
        assert_eq!(r.sense(&TEST_UNIT_READY), (0, 0, 0));
        r
    }

    /// Sends a packet with a byte count limit, up to the end of BSY.
    fn send(&mut self, p: &[u8; 12], limit: u16, features: u8) {
        self.outb(0x176, 0xA0);
        self.outb(0x171, features);
        self.outb(0x174, limit as u8);
        self.outb(0x175, (limit >> 8) as u8);
        self.outb(0x177, cmd::PACKET);
        assert_eq!(self.wait(1), READY | status::DRQ);
        assert_eq!(self.inb(0x172) & 3, 1, "wants a command");
        assert!(!self.irq(1), "IDENTIFY says that the packet is polled for");
        self.put_data(1, p);
        self.idle();
    }

    /// A packet command by PIO; `out` is sent if the drive asks for data.
    fn packet(&mut self, p: &[u8; 12], limit: u16, out: &[u8]) -> Outcome {
        self.send(p, limit, 0);
        let (mut data, mut bursts, mut sent) = (Vec::new(), Vec::new(), 0);
        while self.inb(0x376) & status::DRQ != 0 {
            assert!(self.irq(1), "every burst interrupts");
            self.inb(0x177);
            let len = usize::from(self.inb(0x174)) | usize::from(self.inb(0x175)) << 8;
            if self.inb(0x172) & 3 == 2 {
                data.extend(self.data(1, len.next_multiple_of(2)));
                data.truncate(data.len() - len % 2);
            } else {
                self.put_data(1, &out[sent..sent + len]);
                sent += len;
            }
            bursts.push(len);
            self.idle();
        }
        assert!(self.irq(1), "the end interrupts");
        assert_eq!(self.inb(0x172) & 3, 3);
        let (status, error) = (self.inb(0x177), self.inb(0x171));
        Outcome { status, error, data, bursts }
    }

    fn good(&mut self, p: &[u8]) -> Vec<u8> {
        let o = self.packet(&packet(p), 0xFFFE, &[]);
        assert_eq!((o.status, o.error), (READY, 0), "{p:X?}");
        o.data
    }

    /// Runs a command and gives the sense data it left: key, code, qualifier.
    fn sense(&mut self, p: &[u8; 12]) -> (u8, u8, u8) {
        let o = self.packet(p, 0xFFFE, &[]);
        let s = self.good(&[3, 0, 0, 0, 18]);
        assert_eq!((s.len(), s[0], s[7]), (18, 0x70, 10));
        let failed = o.status == status::DRDY | status::ERR;
        assert_eq!((failed, o.error), (s[2] != 0, s[2] << 4));
        (s[2], s[12], s[13])
    }

    fn insert(&mut self, image: Option<Box<dyn BlockDevice>>) {
        let done = self.bus.with::<Ide, _>(|d, cx| d.insert_cdrom(cx, image.unwrap()).map(|_| ()));
        assert_eq!(done, Some(Ok(())));
    }

    fn eject(&mut self, force: bool) -> bool {
        self.bus.with::<Ide, _>(|d, cx| d.eject_cdrom(cx, force).is_ok_and(|i| i.is_some())).unwrap()
    }
}

#[test]
fn identify_packet_device_and_its_opposite() {
    let mut r = Rig::cd(20);
    r.outb(0x177, cmd::IDENTIFY_PACKET);
    assert_eq!(r.wait(1), READY | status::DRQ);
    let d = r.data(1, 512);
    assert_eq!(u16::from_le_bytes([d[0], d[1]]), 0x85C0);
    assert_eq!(r.wait(1), READY);
    for code in [cmd::IDENTIFY, cmd::READ_SECTORS] {
        r.outb(0x174, 0);
        r.outb(0x177, code);
        assert_eq!(r.wait(1) & status::ERR, status::ERR);
        assert_eq!((r.inb(0x171), r.inb(0x174), r.inb(0x175)), (4, 0x14, 0xEB));
    }
}

#[test]
fn inquiry_and_allocation_lengths() {
    let mut r = Rig::cd(20);
    let all = r.good(&[0x12, 0, 0, 0, 36]);
    assert_eq!((all.len(), all[0], all[1], all[4]), (36, 5, 0x80, 31));
    assert_eq!(&all[8..], b"GLASSBOXDVD-ROM         1.0 ");
    assert_eq!(r.good(&[0x12, 0, 0, 0, 5]), all[..5], "an odd length too");
    assert_eq!(r.good(&[0x12, 0, 0, 0, 0]), []);
    assert_eq!(r.sense(&packet(&[0x12, 1, 0x80, 0, 36])), (5, 0x24, 0));
}

#[test]
fn capacity_and_reads() {
    let mut r = Rig::cd(40);
    assert_eq!(r.good(&[0x25]), [0, 0, 0, 39, 0, 0, 8, 0]);
    let disc = pattern(40 * 2048);
    let o = r.packet(&read_10(3, 2), 2048, &[]);
    assert_eq!((o.data, o.bursts), (disc[3 * 2048..5 * 2048].to_vec(), vec![2048, 2048]));
    let o = r.packet(&read_10(0, 20), 0xFFFF, &[]);
    assert_eq!((o.data.len(), o.status), (20 * 2048, READY));
    assert_eq!(o.data, disc[..20 * 2048]);
    // a limit that is odd counts as the even number below it
    let o = r.packet(&read_10(1, 1), 1001, &[]);
    assert_eq!((o.data, o.bursts), (disc[2048..4096].to_vec(), vec![1000, 1000, 48]));
    let o = r.packet(&packet(&[0xA8, 0, 0, 0, 0, 39, 0, 0, 0, 1]), 0xFFFE, &[]);
    assert_eq!(o.data, disc[39 * 2048..]);
    assert_eq!(r.good(&read_10(7, 0)), []);
    assert_eq!(r.sense(&read_10(39, 2)), (5, 0x21, 0));
    assert_eq!(r.sense(&read_10(u32::MAX, 1)), (5, 0x21, 0));
}

#[test]
fn reads_by_dma() {
    let mut r = Rig::cd(64);
    let entries = [0x10_0000, 0, 0x11_0000, 0x8000_0000 | (50 * 2048 - 0x1_0000)];
    let table: Vec<u8> = entries.into_iter().flat_map(u32::to_le_bytes).collect();
    r.bus.cx.mem.write(0x1000, &table);
    r.bus.port_write(BM_BASE + 8 + bm::BMIDTP, 4, 0x1000);
    r.outb(BM_BASE + 8, bm::RWCON);
    r.send(&read_10(5, 50), 0, 1);
    assert!(!r.irq(1));
    r.outb(BM_BASE + 8, bm::RWCON | bm::SSBM);
    r.idle();
    assert!(r.irq(1));
    assert_eq!((r.inb(BM_BASE + 10), r.inb(0x172) & 3, r.inb(0x177)), (bm::INTERRUPT, 3, READY));
    let mut got = vec![0; 50 * 2048];
    r.bus.cx.mem.read(0x10_0000, &mut got);
    assert_eq!(got, pattern(64 * 2048)[5 * 2048..55 * 2048]);
}

#[test]
fn table_of_contents() {
    let mut r = Rig::cd(5000);
    let lba = r.good(&[0x43, 0, 0, 0, 0, 0, 0, 0, 100]);
    assert_eq!(lba, [0, 18, 1, 1, 0, 0x14, 1, 0, 0, 0, 0, 0, 0, 0x14, 0xAA, 0, 0, 0, 0x13, 0x88]);
    // 5150 frames are 1 minute, 8 seconds, 50 frames
    let msf = r.good(&[0x43, 2, 0, 0, 0, 0, 0xAA, 0, 100]);
    assert_eq!(msf, [0, 10, 1, 1, 0, 0x14, 0xAA, 0, 0, 1, 8, 50]);
    assert_eq!(r.sense(&packet(&[0x43, 0, 0, 0, 0, 0, 2, 0, 100])), (5, 0x24, 0));
    let session = [0, 10, 1, 1, 0, 0x14, 1, 0, 0, 0, 0, 0];
    assert_eq!(r.good(&[0x43, 0, 1, 0, 0, 0, 0, 0, 12]), session);
    assert_eq!(r.good(&[0x43, 0, 0, 0, 0, 0, 0, 0, 12, 0x40]), session, "the older way to ask");
    let full = r.good(&[0x43, 0, 2, 0, 0, 0, 1, 1, 0]);
    assert_eq!((full.len(), full[1]), (4 + 4 * 11, 46));
    assert_eq!(full[4 + 2 * 11..4 + 3 * 11], [1, 0x14, 0, 0xA2, 0, 0, 0, 0, 1, 8, 50]);
}

#[test]
fn media_change() {
    let mut r = Rig::cd(20);
    assert!(r.eject(false));
    assert_eq!(r.sense(&TEST_UNIT_READY), (2, 0x3A, 2));
    assert_eq!(r.sense(&packet(&[0x25])), (2, 0x3A, 2));
    assert_eq!(r.good(&[0x4A, 1, 0, 0, 0x10, 0, 0, 0, 8]), [0, 6, 4, 0x10, 3, 1, 0, 0], "removed, tray open");
    r.insert(memory(30 * 2048));
    assert_eq!(r.good(&[0x4A, 1, 0, 0, 0x10, 0, 0, 0, 8]), [0, 6, 4, 0x10, 2, 2, 0, 0], "new medium");
    assert_eq!(r.good(&[0x4A, 1, 0, 0, 0x10, 0, 0, 0, 8]), [0, 6, 4, 0x10, 0, 2, 0, 0]);
    assert_eq!(r.good(&[0x12, 0, 0, 0, 1]), [5], "INQUIRY works with a unit attention pending");
    assert_eq!(r.sense(&packet(&[0x25])), (6, 0x28, 0));
    assert_eq!(r.good(&[0x25])[3], 29);
}

#[test]
fn request_sense_may_fetch_the_attention_itself() {
    let mut r = Rig::with([None, None], None);
    let s = r.good(&[3, 0, 0, 0, 18]);
    assert_eq!((s[2], s[12]), (6, 0x29));
    assert_eq!(r.sense(&TEST_UNIT_READY), (2, 0x3A, 1));
    assert_eq!(r.good(&[3, 0, 0, 0, 18])[2], 0, "once only");
}

#[test]
fn a_locked_tray() {
    let mut r = Rig::cd(20);
    r.good(&[0x1E, 0, 0, 0, 1]);
    assert_eq!(r.sense(&packet(&[0x1B, 0, 0, 0, 2])), (5, 0x53, 2));
    assert!(!r.eject(false));
    assert_eq!(r.good(&[0x4A, 1, 0, 0, 0x10, 0, 0, 0, 8])[4..6], [1, 2], "eject request, medium there");
    r.good(&[0x1E]);
    r.good(&[0x1B, 0, 0, 0, 2]);
    assert_eq!(r.sense(&TEST_UNIT_READY), (2, 0x3A, 2));
    r.good(&[0x1B, 0, 0, 0, 3]);
    assert_eq!(r.sense(&TEST_UNIT_READY), (6, 0x28, 0));
    assert_eq!(r.sense(&TEST_UNIT_READY), (0, 0, 0));
    r.good(&[0x1E, 0, 0, 0, 1]);
    assert!(r.eject(true));
}

#[test]
fn mode_pages() {
    let mut r = Rig::cd(20);
    let page = r.good(&[0x5A, 0, 0x2A, 0, 0, 0, 0, 0, 100]);
    assert_eq!((page.len(), page[1], page[2], page[8], page[9]), (28, 26, 1, 0x2A, 18));
    let all = r.good(&[0x1A, 0, 0x3F, 0, 255]);
    assert_eq!(all.len(), 4 + 8 + 8 + 16 + 20);
    assert_eq!(all[0] as usize, all.len() - 1);
    assert_eq!(r.sense(&packet(&[0x5A, 0, 0x05, 0, 0, 0, 0, 0, 100])), (5, 0x24, 0));
    assert_eq!(r.sense(&packet(&[0x5A, 0, 0xC1, 0, 0, 0, 0, 0, 100])), (5, 0x39, 0));
    // retries to 9 by MODE SELECT(10)
    let mut list = [0; 16];
    list[8..12].copy_from_slice(&[1, 6, 0, 9]);
    let select = packet(&[0x55, 0x10, 0, 0, 0, 0, 0, 0, 16]);
    let o = r.packet(&select, 0xFFFE, &list);
    assert_eq!((o.status, o.bursts), (READY, vec![16]));
    assert_eq!(r.good(&[0x5A, 0, 1, 0, 0, 0, 0, 0, 16])[8..12], [1, 6, 0, 9]);
    assert_eq!(r.good(&[0x5A, 0, 0x81, 0, 0, 0, 0, 0, 16])[8..12], [1, 6, 0, 5], "the default");
    let o = r.packet(&select, 6, &list);
    assert_eq!((o.status, o.bursts), (READY, vec![6, 6, 4]), "in bursts");
    list[8] = 0x2A;
    let o = r.packet(&select, 0xFFFE, &list);
    assert_eq!((o.status, o.error), (status::DRDY | status::ERR, 0x50));
    assert_eq!(r.good(&[3, 0, 0, 0, 18])[12], 0x26);
}

#[test]
fn raw_sectors() {
    let mut r = Rig::cd(200);
    let raw = r.good(&[0xBE, 0, 0, 0, 0, 100, 0, 0, 2, 0xF8]);
    assert_eq!(raw.len(), 2 * 2352);
    assert_eq!(raw[..12], [0, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 0]);
    assert_eq!(raw[12..16], [0x00, 0x03, 0x25, 1], "250 frames in BCD, mode 1");
    assert_eq!(raw[16..16 + 2048], pattern(200 * 2048)[100 * 2048..101 * 2048]);
    let data = r.good(&[0xB9, 0, 0, 0, 3, 25, 0, 3, 26, 0x10]);
    assert_eq!(data, raw[16..16 + 2048]);
    assert_eq!(r.good(&[0xBE, 0, 0, 0, 0, 100, 0, 0, 1, 0]), []);
    assert_eq!(r.sense(&packet(&[0xBE, 4, 0, 0, 0, 0, 0, 0, 1, 0x10])), (5, 0x64, 0));
    assert_eq!(r.sense(&packet(&[0xBE, 0, 0, 0, 0, 0, 0, 0, 1, 0x10, 1])), (5, 0x24, 0));
    assert_eq!(r.sense(&packet(&[0xB9, 0, 0, 0, 0, 0, 0, 0, 1, 0x10])), (5, 0x21, 0), "before sector 0");
}

#[test]
fn disc_and_drive_information() {
    let mut r = Rig::cd(5000);
    let info = r.good(&[0x51, 0, 0, 0, 0, 0, 0, 0, 255]);
    assert_eq!((info.len(), info[1], info[2], info[3], info[4], info[6]), (34, 32, 0x0E, 1, 1, 1));
    let track = r.good(&[0x52, 1, 0, 0, 0, 1, 0, 0, 255]);
    assert_eq!((track[2], track[5] & 15, track[6] & 15, &track[24..28]), (1, 4, 1, &[0, 0, 0x13, 0x88][..]));
    assert_eq!(r.sense(&packet(&[0x52, 1, 0, 0, 0, 2, 0, 0, 255])), (5, 0x24, 0));
    let conf = r.good(&[0x46, 0, 0, 0, 0, 0, 0, 1, 0]);
    assert_eq!(conf.len() as u32 - 4, u32::from_be_bytes([conf[0], conf[1], conf[2], conf[3]]));
    assert_eq!(conf[6..8], [0, 8], "CD-ROM profile");
    let one = r.good(&[0x46, 2, 0, 3, 0, 0, 0, 0, 255]);
    assert_eq!(one[8..], [0, 3, 3, 4, 0x29, 0, 0, 0]);
    r.good(&read_10(9, 1));
    assert_eq!(r.good(&[0xBD, 0, 0, 0, 0, 0, 0, 0, 0, 8]), [0, 0, 0, 0, 10, 0, 0, 0]);
    let at = r.good(&[0x42, 2, 0x40, 1, 0, 0, 0, 0, 16]);
    assert_eq!(at, [0, 0x15, 0, 12, 1, 0x14, 1, 1, 0, 0, 2, 10, 0, 0, 0, 10]);
    assert_eq!(r.sense(&packet(&[0xAD, 0, 0, 0, 0, 0, 0, 0, 8, 0])), (5, 0x30, 2), "no DVD");
    assert_eq!(r.sense(&packet(&[0xEE])), (5, 0x20, 0));
}

/// A disc swapped between two bursts of a read: the rest of the read fails.
#[test]
fn a_read_does_not_go_on_with_another_disc() {
    let mut r = Rig::cd(64);
    r.send(&read_10(0, 40), 0xFFFE, 0);
    let first = r.data(1, 16 * 2048);
    assert_eq!(first, pattern(16 * 2048));
    r.insert(memory(64 * 2048));
    r.idle();
    let second = r.inb(0x376);
    assert_eq!(second & status::DRQ, 0);
    assert_eq!((second & status::ERR, r.inb(0x171)), (1, 0x60));
}

#[test]
fn device_reset_ends_a_packet() {
    let mut r = Rig::cd(64);
    r.send(&read_10(0, 40), 0xFFFE, 0);
    r.data(1, 100);
    r.outb(0x177, cmd::DEVICE_RESET);
    r.idle();
    assert_eq!((r.inb(0x177), r.inb(0x171), r.inb(0x174), r.inb(0x175)), (0, 1, 0x14, 0xEB));
    assert_eq!(r.good(&read_10(0, 1)), pattern(2048));
}

#[test]
fn late_discs() {
    let run = |lazy: bool| {
        let (image, here) = Remote::image(64 * 2048);
        here.borrow_mut().fill(!lazy);
        let mut r = Rig::with([None, None], Some(image));
        r.packet(&TEST_UNIT_READY, 0, &[]);
        r.send(&read_10(10, 3), 2048, 0);
        let mut all = Vec::new();
        for _ in 0..3 {
            while let Some(BlockRequest { drive, offset, len }) = r.bus.cx.signals.needs_block.take() {
                assert_eq!(drive, DriveId::CdRom);
                let first = offset as usize / 512;
                here.borrow_mut()[first..first + len as usize / 512].fill(true);
                r.idle();
            }
            assert_eq!(r.inb(0x177) & status::DRQ, status::DRQ);
            all.extend(r.data(1, 2048));
            r.idle();
        }
        assert_eq!(all, pattern(64 * 2048)[10 * 2048..13 * 2048]);
        (r.bus.cx.now, r.bus.device::<Ide>().unwrap().save())
    };
    assert_eq!(run(true), run(false));
}

#[test]
fn a_machine_may_have_no_cdrom_drive() {
    let Ok(mut ide) = Ide::new([None, None], None, false) else { panic!() };
    let mut bus = Bus::new(Memory::new(1 << 20, 0));
    let error = ide.insert_cdrom(&mut bus.cx, memory(2048).unwrap()).err().map(|e| e.to_string());
    assert!(error.is_some_and(|e| e.starts_with("CD-ROM: the machine has no such drive")));
}
