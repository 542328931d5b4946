//! The 256 words of IDENTIFY DEVICE (ATA/ATAPI-6, 8.15) and IDENTIFY PACKET DEVICE (8.16).

use super::drive::Drive;
use super::spec::{LBA28_SECTORS, MAX_MULTIPLE};

/// Words under construction.
struct Words([u16; 256]);

impl Words {
    fn set(&mut self, at: usize, value: u16) {
        self.0[at] = value;
    }

    /// A string of `words` words: first character in the high byte, padded with blanks.
    fn text(&mut self, at: usize, words: usize, text: &str) {
        let mut chars = text.bytes().chain(std::iter::repeat(b' '));
        for word in &mut self.0[at..at + words] {
            let high = chars.next().unwrap_or(b' ');
            *word = u16::from_be_bytes([high, chars.next().unwrap_or(b' ')]);
        }
    }

    /// A number over several words, the low one first.
    fn number(&mut self, at: usize, words: usize, value: u64) {
        for (i, word) in self.0[at..at + words].iter_mut().enumerate() {
            *word = (value >> (16 * i)) as u16;
        }
    }

    /// Bytes with the integrity word 255: signature A5h, and a checksum that makes all bytes add up to 0.
    fn finish(mut self) -> Vec<u8> {
        self.0[255] = 0x00A5;
        let sum = self.0.iter().flat_map(|w| w.to_le_bytes()).fold(0u8, u8::wrapping_add);
        self.0[255] |= u16::from(sum.wrapping_neg()) << 8;
        self.0.iter().flat_map(|w| w.to_le_bytes()).collect()
    }
}

/// What a disk of `sectors` sectors says of itself.
pub(super) fn disk(drive: &Drive, number: usize, sectors: u64) -> Vec<u8> {
    let mut w = Words([0; 256]);
    let (cylinders, heads, spt) = super::drive::default_chs(sectors);
    w.set(0, 0x0040); // fixed device
    w.set(1, cylinders);
    w.set(3, u16::from(heads));
    w.set(6, u16::from(spt));
    names(&mut w, &format!("GB{:08}", number + 1), "GLASSBOX HARDDISK");
    w.set(47, 0x8000 | u16::from(MAX_MULTIPLE));
    w.set(49, 0x0F00); // IORDY, LBA, DMA
    w.set(50, 0x4000);
    w.set(53, 0x0007); // words 54-58, 64-70 and 88 are valid
    let (cylinders, heads, spt) = drive.translation(sectors);
    w.set(54, cylinders);
    w.set(55, heads);
    w.set(56, spt);
    w.number(57, 2, u64::from(cylinders) * u64::from(heads) * u64::from(spt));
    w.set(59, if drive.multiple == 0 { 0 } else { 0x0100 | u16::from(drive.multiple) });
    w.number(60, 2, sectors.min(LBA28_SECTORS - 1));
    modes(&mut w, drive);
    w.set(80, 0x007E); // ATA-1 to ATA/ATAPI-6
    w.set(82, 0x4068); // NOP, look-ahead, write cache, power management
    w.set(83, 0x7400); // FLUSH CACHE EXT, FLUSH CACHE, 48-bit addresses
    w.set(84, 0x4000);
    w.set(85, 0x4008 | u16::from(drive.look_ahead) << 6 | u16::from(drive.write_cache) << 5);
    w.set(86, 0x3400);
    w.set(87, 0x4000);
    w.number(100, 4, sectors);
    w.finish()
}

/// What the CD-ROM drive says of itself.
pub(super) fn packet(drive: &Drive) -> Vec<u8> {
    let mut w = Words([0; 256]);
    w.set(0, 0x85C0); // packet device, CD-ROM, removable, DRQ within 50 us of PACKET, 12-byte packets
    names(&mut w, "GB00000CD", "GLASSBOX DVD-ROM");
    w.set(49, 0x0F00);
    w.set(50, 0x4000);
    w.set(53, 0x0006);
    modes(&mut w, drive);
    w.set(80, 0x0070); // ATA/ATAPI-4 to -6
    w.set(82, 0x4218); // NOP, DEVICE RESET, PACKET, power management
    w.set(83, 0x4000);
    w.set(84, 0x4000);
    w.set(85, 0x4218);
    w.set(87, 0x4000);
    w.finish()
}

fn names(w: &mut Words, serial: &str, model: &str) {
    w.text(10, 10, serial);
    w.text(23, 4, "1.0");
    w.text(27, 20, model);
}

/// Transfer modes: PIO 4, multiword DMA 2, Ultra DMA 5, all with 120 ns cycles where words ask for them.
fn modes(w: &mut Words, drive: &Drive) {
    let selected =
        |kind: u8| if drive.dma_mode >> 3 == kind >> 3 { 0x100 << (drive.dma_mode & 7) } else { 0 };
    w.set(63, 0x0007 | selected(0x20));
    w.set(64, 0x0003);
    for at in 65..=68 {
        w.set(at, 120);
    }
    w.set(88, 0x003F | selected(0x40));
    w.set(93, 0x6001); // 80-conductor cable, device 0 passed its diagnostics
}
