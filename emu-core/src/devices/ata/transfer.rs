//! Movement of data between media, the drive's buffer and the host, by PIO or by the bus master. Media are read and
//! written only from the timer; a handler that lacks data of the image asks for them and changes nothing.

use super::cd_sector;
use super::cd_state::Sense;
use super::channel::{Phase, Port};
use super::drive::Unit;
use super::spec::{
    CD_SECTOR, DMA_BYTE_NS, DMA_SECTORS, LBA48_SECTORS, NEXT_BLOCK_NS, SECTOR, error, reason, status,
};
use crate::bus::{BlockRequest, DriveId};
use serde::{Deserialize, Serialize};

/// What the data of a job are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Matter {
    /// What is in the buffer and no more: IDENTIFY data, answers to packets.
    #[default]
    Buffer,
    /// Sectors of a disk; `ext` as the command addressed them.
    Disk { ext: bool },
    /// Parts of CD sectors, as READ CD selects them.
    Disc { parts: u8 },
    /// The 12 bytes of a packet.
    Packet,
    /// The parameter list of MODE SELECT.
    Parameters,
}

/// The data phase of a command.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Job {
    pub matter: Matter,
    pub to_host: bool,
    pub dma: bool,
    /// Next sector between medium and buffer.
    pub lba: u64,
    /// Sectors not yet moved between medium and buffer.
    pub left: u32,
    /// Most sectors in the buffer at a time.
    pub block: u32,
    /// Most bytes in a PIO burst of a packet device.
    pub limit: u32,
    /// The drive's buffer.
    pub buffer: Vec<u8>,
    /// How far the host has read or written it.
    pub pos: u32,
    /// Where the current burst ends.
    pub burst: u32,
    /// The packet being executed.
    pub packet: [u8; 12],
}

/// An address beyond every medium: the disc that a job was reading has left.
const GONE: u64 = LBA48_SECTORS;

impl Job {
    /// Whether its numbers are such as arise here.
    pub fn is_sound(&self) -> bool {
        let len = self.buffer.len();
        self.lba <= GONE
            && self.block <= DMA_SECTORS
            && self.limit <= 0xFFFF
            && len <= 1 << 20
            && self.pos <= self.burst.max(len as u32)
            && self.burst as usize <= len
    }

    fn pending(&self) -> usize {
        self.buffer.len().saturating_sub(self.pos as usize)
    }

    /// The buffer now holds `data`, nothing of it moved yet.
    pub fn fill(&mut self, data: Vec<u8>) {
        self.buffer = data;
        (self.pos, self.burst) = (0, 0);
    }
}

/// Why the buffer could not be filled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// The image lacks bytes; they were asked for.
    NotYet,
    /// There is no such sector on the medium.
    NotFound,
}

impl Port<'_> {
    /// The host reads the data register, `size` 1, 2 or 4 bytes.
    #[inline]
    pub fn read_data(&mut self, size: u8) -> u32 {
        if self.ch.phase != Phase::In {
            return 0;
        }
        let job = &mut self.ch.job;
        let (pos, end) = (job.pos as usize, job.burst as usize);
        let mut bytes = [0; 4];
        let take = usize::from(size).min(end.saturating_sub(pos));
        if let (Some(from), Some(to)) = (job.buffer.get(pos..pos + take), bytes.get_mut(..take)) {
            to.copy_from_slice(from);
        }
        job.pos += take as u32;
        if job.pos >= job.burst {
            self.burst_read();
        }
        u32::from_le_bytes(bytes)
    }

    /// The host writes the data register.
    #[inline]
    pub fn write_data(&mut self, size: u8, value: u32) {
        if self.ch.phase != Phase::Out {
            return;
        }
        let job = &mut self.ch.job;
        let (pos, end) = (job.pos as usize, job.burst as usize);
        let take = usize::from(size).min(end.saturating_sub(pos));
        if let (Some(to), Some(from)) = (job.buffer.get_mut(pos..pos + take), value.to_le_bytes().get(..take))
        {
            to.copy_from_slice(from);
        }
        job.pos += take as u32;
        if job.pos >= job.burst {
            self.burst_written();
        }
    }

    fn set_busy(&mut self) {
        let d = self.drive();
        d.status = status::BSY | d.status & (status::DRDY | status::DSC);
    }

    fn burst_read(&mut self) {
        let more = self.ch.job.pending() != 0 || self.ch.job.left != 0;
        if more {
            self.ch.phase = Phase::Fetch;
        } else if self.unit().is_packet() && self.ch.job.limit != 0 {
            self.ch.phase = Phase::Finish;
        } else {
            self.ch.phase = Phase::Idle;
            self.ch.job = Default::default();
            self.drive().status = status::DRDY | status::DSC;
            return;
        }
        self.set_busy();
        self.wake(NEXT_BLOCK_NS);
    }

    fn burst_written(&mut self) {
        self.set_busy();
        let (next, delay) = match self.ch.job.matter {
            Matter::Packet => {
                self.ch.job.packet.copy_from_slice(self.ch.job.buffer.get(..12).unwrap_or(&[0; 12]));
                (Phase::Packet, super::packet::latency(self.ch.job.packet[0]))
            }
            _ => (Phase::Store, NEXT_BLOCK_NS),
        };
        self.ch.phase = next;
        self.wake(delay);
    }

    /// Starts the data phase of a command whose job is set: the buffer holds the first block, or is to take it.
    /// `announce`: PIO data have an interrupt of their own.
    pub fn start_data(&mut self, job: Job, announce: bool) {
        self.ch.job = job;
        if self.ch.job.dma {
            self.ch.phase = Phase::Dma;
            self.kick();
        } else {
            self.start_burst(announce);
        }
    }

    /// Offers the host the next burst of a PIO transfer.
    pub fn start_burst(&mut self, announce: bool) {
        let packet = self.unit().is_packet();
        let job = &mut self.ch.job;
        let pending = job.pending() as u32;
        let mut len = pending;
        if job.limit != 0 && pending > job.limit {
            len = (job.limit & !1).max(2).min(pending);
        }
        job.burst = job.pos + len;
        self.ch.phase = if job.to_host { Phase::In } else { Phase::Out };
        let why = match (job.matter, job.to_host) {
            (Matter::Packet, _) => reason::COD,
            (_, true) => reason::IO,
            (_, false) => 0,
        };
        let counted = packet && job.limit != 0;
        let d = self.drive();
        d.status = status::DRDY | status::DSC | status::DRQ;
        if counted {
            (d.mid.now, d.high.now) = (len as u8, (len >> 8) as u8);
        }
        if packet {
            d.count.now = d.count.now & !3 | why;
        }
        if announce {
            self.interrupt();
        }
    }

    /// Timer: the next PIO block for the host.
    pub fn fetch(&mut self) {
        if self.ch.job.pending() == 0
            && let Err(stop) = self.refill()
        {
            return self.stopped(stop);
        }
        self.start_burst(true);
    }

    /// Timer: takes the block the host wrote.
    pub fn store_block(&mut self) {
        if self.ch.job.pending() != 0 {
            return self.start_burst(true);
        }
        if self.ch.job.matter == Matter::Parameters {
            return self.mode_select_data();
        }
        if self.store() {
            self.next_out_block();
        }
    }

    fn next_out_block(&mut self) {
        let job = &mut self.ch.job;
        if job.left == 0 {
            return self.end(status::DRDY | status::DSC, 0);
        }
        let bytes = job.left.min(job.block) as usize * SECTOR as usize;
        job.fill(vec![0; bytes]);
        self.start_burst(true);
    }

    /// Ends a transfer that cannot go on; waiting for data leaves all as it is.
    pub fn stopped(&mut self, stop: Stop) {
        if stop == Stop::NotYet {
            return;
        }
        if self.unit().is_packet() {
            let attention = self.drive().cd.attention.take();
            let sense = attention.or_else(|| self.disc().err()).unwrap_or(Sense::LBA_OUT_OF_RANGE);
            self.check(sense);
        } else {
            let ext = self.ch.job.matter == Matter::Disk { ext: true };
            self.end_at_sector(ext, self.ch.job.lba, status::ERR, error::IDNF);
        }
    }

    /// The disc has been taken out: what was still to be read of it is lost.
    pub fn medium_left(&mut self) {
        if matches!(self.ch.job.matter, Matter::Disc { .. }) {
            self.ch.job.lba = GONE;
        }
    }

    /// Ends a disk command with an error at a sector, which the registers then name.
    pub fn end_at_sector(&mut self, ext: bool, lba: u64, flag: u8, code: u8) {
        let sectors = self.unit().sectors();
        self.drive().set_address(ext, lba, sectors);
        self.end(status::DRDY | status::DSC | flag, code);
    }

    /// Fills the empty buffer from the medium. Nothing changes unless all of it is there.
    pub fn refill(&mut self) -> Result<(), Stop> {
        let job = &self.ch.job;
        let (data, sectors) = self.load(job.matter, job.lba, job.left.min(job.block))?;
        let job = &mut self.ch.job;
        job.lba += u64::from(sectors);
        job.left = job.left.saturating_sub(sectors);
        job.fill(data);
        if let Matter::Disk { ext } = self.ch.job.matter {
            self.show_progress(ext);
        }
        Ok(())
    }

    /// Up to `most` sectors of the medium as the host gets them, and how many these are.
    pub fn load(&mut self, matter: Matter, lba: u64, most: u32) -> Result<(Vec<u8>, u32), Stop> {
        let at = self.at();
        let size = if matches!(matter, Matter::Disk { .. }) { SECTOR } else { CD_SECTOR };
        let Some(image) = self.units[at].image() else { return Err(Stop::NotFound) };
        let there = (image.len() / size).saturating_sub(lba);
        let sectors = u64::from(most).min(there);
        if sectors == 0 {
            return Err(Stop::NotFound);
        }
        let mut data = vec![0; (sectors * size) as usize];
        if let Err(missing) = self.ch.drives[at].overlay.read(image.as_mut(), lba * size, &mut data) {
            let drive = self.drive_id();
            self.cx.signals.needs_block =
                Some(BlockRequest { drive, offset: missing.offset, len: missing.len });
            return Err(Stop::NotYet);
        }
        if let Matter::Disc { parts } = matter {
            data = cd_sector::select(parts, lba as u32, data);
        }
        Ok((data, sectors as u32))
    }

    fn drive_id(&self) -> DriveId {
        match self.units[self.at()] {
            Unit::CdRom(_) => DriveId::CdRom,
            _ => DriveId::Disk((self.number * 2 + self.at()) as u8),
        }
    }

    /// Puts the full buffer onto the disk. False if that ended the command.
    fn store(&mut self) -> bool {
        let at = self.at();
        let Matter::Disk { ext } = self.ch.job.matter else { return true };
        let (lba, wanted) = (self.ch.job.lba, self.ch.job.buffer.len() as u64 / SECTOR);
        let there = self.units[at].sectors().saturating_sub(lba).min(wanted);
        let data = self.ch.job.buffer.get(..(there * SECTOR) as usize).unwrap_or(&[]);
        if self.ch.drives[at].overlay.write(lba * SECTOR, data).is_err() {
            self.end_at_sector(ext, lba, status::ERR | status::DF, error::ABRT);
            return false;
        }
        if there < wanted {
            self.end_at_sector(ext, lba + there, status::ERR, error::IDNF);
            return false;
        }
        self.ch.job.lba = lba + there;
        self.ch.job.left = self.ch.job.left.saturating_sub(there as u32);
        self.show_progress(ext);
        true
    }

    /// The registers tell the last sector moved, and how many are left.
    fn show_progress(&mut self, ext: bool) {
        let (lba, left) = (self.ch.job.lba, self.ch.job.left);
        let sectors = self.unit().sectors();
        self.drive().set_address(ext, lba.saturating_sub(1), sectors);
        self.drive().set_count(left);
    }

    /// Starts the bus master's work if drive and master are both ready for it.
    pub fn kick(&mut self) {
        let runs = self.may_master && self.ch.bm.runs(self.ch.job.to_host);
        let idle = self.cx.timers.deadline(self.timer) == crate::time::NEVER;
        if self.ch.phase == Phase::Dma && runs && idle {
            self.wake(NEXT_BLOCK_NS);
        }
    }

    /// Timer: moves a buffer's worth between memory and drive, or ends a transfer whose last bytes have moved.
    pub fn pump(&mut self) {
        let job = &self.ch.job;
        let moved_all = job.pending() == 0 && job.left == 0 && (job.to_host || job.pos != 0);
        if moved_all {
            return self.end_dma();
        }
        if !self.may_master || !self.ch.bm.runs(job.to_host) {
            return;
        }
        if job.to_host { self.pump_in() } else { self.pump_out() }
    }

    fn pump_in(&mut self) {
        if self.ch.job.pending() == 0
            && let Err(stop) = self.refill()
        {
            if stop == Stop::NotFound {
                self.ch.bm.finish();
            }
            return self.stopped(stop);
        }
        let job = &mut self.ch.job;
        let moved =
            self.ch.bm.write_memory(&mut self.cx.mem, job.buffer.get(job.pos as usize..).unwrap_or(&[]));
        self.moved(moved);
    }

    fn pump_out(&mut self) {
        let job = &mut self.ch.job;
        if job.pending() == 0 {
            let bytes = job.left.min(job.block) as usize * SECTOR as usize;
            job.fill(vec![0; bytes]);
        }
        let part = job.buffer.get_mut(job.pos as usize..).unwrap_or(&mut []);
        let moved = self.ch.bm.read_memory(&self.cx.mem, part);
        let full = moved == part.len();
        if full && !self.store() {
            return;
        }
        self.moved(moved);
    }

    /// Accounts for bytes the master moved; where the table ended early, the drive waits to be started again.
    fn moved(&mut self, bytes: usize) {
        self.ch.job.pos += bytes as u32;
        if self.ch.job.pending() == 0 {
            self.wake((DMA_BYTE_NS * bytes as u64).max(1));
        }
    }

    fn end_dma(&mut self) {
        self.ch.bm.finish();
        if self.ch.job.matter == Matter::Parameters {
            self.mode_select_data();
        } else if self.unit().is_packet() {
            self.finish_packet();
        } else {
            self.end(status::DRDY | status::DSC, 0);
        }
    }
}
