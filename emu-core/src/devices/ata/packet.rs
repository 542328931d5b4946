//! PACKET of the CD-ROM drive: how packets arrive, how their answers leave (ATA/ATAPI-6, 9.8), which command is which.

use super::cd_sector;
use super::cd_state::Sense;
use super::channel::Port;
use super::spec::{self, CD_BLOCK, CD_SECTOR, reason, status};
use super::transfer::{Job, Matter, Stop};
use crate::time::Ns;

/// Operation codes (MMC-3).
pub(super) mod op {
    #![allow(missing_docs)]
    pub const TEST_UNIT_READY: u8 = 0x00;
    pub const REQUEST_SENSE: u8 = 0x03;
    pub const INQUIRY: u8 = 0x12;
    pub const MODE_SELECT_6: u8 = 0x15;
    pub const MODE_SENSE_6: u8 = 0x1A;
    pub const START_STOP_UNIT: u8 = 0x1B;
    pub const PREVENT_ALLOW: u8 = 0x1E;
    pub const READ_CAPACITY: u8 = 0x25;
    pub const READ_10: u8 = 0x28;
    pub const SEEK_10: u8 = 0x2B;
    pub const VERIFY_10: u8 = 0x2F;
    pub const READ_SUBCHANNEL: u8 = 0x42;
    pub const READ_TOC: u8 = 0x43;
    pub const GET_CONFIGURATION: u8 = 0x46;
    pub const GET_EVENT_STATUS: u8 = 0x4A;
    pub const STOP_PLAY_SCAN: u8 = 0x4E;
    pub const READ_DISC_INFO: u8 = 0x51;
    pub const READ_TRACK_INFO: u8 = 0x52;
    pub const MODE_SELECT_10: u8 = 0x55;
    pub const MODE_SENSE_10: u8 = 0x5A;
    pub const READ_12: u8 = 0xA8;
    pub const READ_DVD_STRUCTURE: u8 = 0xAD;
    pub const READ_CD_MSF: u8 = 0xB9;
    pub const SET_CD_SPEED: u8 = 0xBB;
    pub const MECHANISM_STATUS: u8 = 0xBD;
    pub const READ_CD: u8 = 0xBE;
}

/// How a packet command ends or goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Reply {
    /// Good, without data.
    Done,
    /// Data for the host; an empty answer is [`Reply::Done`].
    Data(Vec<u8>),
    /// Sectors for the host: first, count, and which parts of them.
    Sectors(u32, u32, u8),
    /// A parameter list of so many bytes is wanted.
    Parameters(u32),
    /// Check condition.
    Check(Sense),
}

impl Reply {
    /// Data cut to the allocation length.
    pub fn limited(mut data: Vec<u8>, allocation: usize) -> Reply {
        data.truncate(allocation);
        if data.is_empty() { Reply::Done } else { Reply::Data(data) }
    }
}

/// Virtual time from a packet to its data or its end.
pub(super) fn latency(operation: u8) -> Ns {
    match operation {
        op::READ_10 | op::READ_12 | op::READ_CD | op::READ_CD_MSF | op::SEEK_10 | op::VERIFY_10 => {
            spec::CD_ACCESS_NS
        }
        _ => spec::COMMAND_NS,
    }
}

/// Big-endian numbers of a packet.
pub(super) fn be16(packet: &[u8; 12], at: usize) -> u16 {
    u16::from_be_bytes([packet[at], packet[at + 1]])
}

/// Big-endian numbers of a packet.
pub(super) fn be32(packet: &[u8; 12], at: usize) -> u32 {
    u32::from_be_bytes([packet[at], packet[at + 1], packet[at + 2], packet[at + 3]])
}

impl Port<'_> {
    /// PACKET: asks for the 12 bytes. Features bit 0 asks for DMA; the byte count limit is in LBA Mid and High, where
    /// 0 and FFFFh mean FFFEh.
    pub fn start_packet(&mut self) {
        let d = self.drive();
        let limit = u32::from(u16::from_le_bytes([d.mid.now, d.high.now]));
        let limit = if limit == 0 || limit == 0xFFFF { 0xFFFE } else { limit };
        let dma = d.features.now & 1 != 0;
        let mut job = Job { matter: Matter::Packet, dma, ..Job::default() };
        job.fill(vec![0; 12]);
        self.ch.job = job;
        self.start_burst(false);
        self.ch.job.limit = limit;
    }

    /// Timer: executes the packet. Waiting for data of the image leaves all as it was.
    pub fn execute_packet(&mut self) {
        let packet = self.ch.job.packet;
        if let Some(attention) = self.drive().cd.attention
            && !matches!(
                packet[0],
                op::INQUIRY | op::REQUEST_SENSE | op::GET_CONFIGURATION | op::GET_EVENT_STATUS
            )
        {
            self.drive().cd.attention = None;
            return self.check(attention);
        }
        match self.packet_reply(&packet) {
            Reply::Done => self.finish_packet(),
            Reply::Data(data) => self.start_reply(data),
            Reply::Sectors(lba, count, parts) => self.start_sectors(lba, count, parts),
            Reply::Parameters(len) => {
                let job = self.data_job(Matter::Parameters, false);
                self.begin(job, vec![0; len as usize]);
            }
            Reply::Check(sense) => self.check(sense),
        }
    }

    fn data_job(&self, matter: Matter, to_host: bool) -> Job {
        let job = &self.ch.job;
        Job { matter, to_host, dma: job.dma, limit: job.limit, packet: job.packet, ..Job::default() }
    }

    fn begin(&mut self, mut job: Job, data: Vec<u8>) {
        job.fill(data);
        self.start_data(job, true);
    }

    fn start_reply(&mut self, data: Vec<u8>) {
        self.succeed();
        let job = self.data_job(Matter::Buffer, true);
        self.begin(job, data);
    }

    fn start_sectors(&mut self, lba: u32, count: u32, parts: u8) {
        if count == 0 || cd_sector::size(parts) == 0 {
            return self.finish_packet();
        }
        let matter = Matter::Disc { parts };
        match self.load(matter, u64::from(lba), count.min(CD_BLOCK)) {
            Ok((data, sectors)) => {
                self.succeed();
                self.drive().cd.position = lba.wrapping_add(count);
                let job = Job {
                    lba: u64::from(lba) + u64::from(sectors),
                    left: count - sectors,
                    block: CD_BLOCK,
                    ..self.data_job(matter, true)
                };
                self.begin(job, data);
            }
            Err(Stop::NotYet) => {}
            Err(Stop::NotFound) => self.check(Sense::LBA_OUT_OF_RANGE),
        }
    }

    /// Sense data are kept from a failing command to the next one.
    fn succeed(&mut self) {
        if self.ch.job.packet[0] != op::REQUEST_SENSE {
            self.drive().cd.sense = Sense::NONE;
        }
    }

    /// Ends a packet command well.
    pub fn finish_packet(&mut self) {
        self.succeed();
        self.conclude(status::DRDY | status::DSC, 0);
    }

    /// Ends a packet command with sense data.
    pub fn check(&mut self, sense: Sense) {
        self.drive().cd.sense = sense;
        self.conclude(status::DRDY | status::ERR, sense.key << 4);
    }

    fn conclude(&mut self, status: u8, error: u8) {
        let d = self.drive();
        d.count.now = d.count.now & !3 | reason::IO | reason::COD;
        self.end(status, error);
    }

    /// 2048-byte sectors of the disc, or why there is none.
    pub fn disc(&mut self) -> Result<u32, Sense> {
        if self.drive().cd.tray_open {
            return Err(Sense::NO_MEDIUM_TRAY_OPEN);
        }
        let len = self.unit().len().ok_or(Sense::NO_MEDIUM_TRAY_CLOSED)?;
        Ok(u32::try_from(len / CD_SECTOR).unwrap_or(u32::MAX))
    }

    fn packet_reply(&mut self, p: &[u8; 12]) -> Reply {
        let result = match p[0] {
            op::TEST_UNIT_READY => self.disc().map(|_| Reply::Done),
            op::REQUEST_SENSE => Ok(self.request_sense(p)),
            op::INQUIRY => self.inquiry(p),
            op::MODE_SELECT_6 => self.mode_select(p, u32::from(p[4])),
            op::MODE_SELECT_10 => self.mode_select(p, u32::from(be16(p, 7))),
            op::MODE_SENSE_6 => self.mode_sense(p, 4, usize::from(p[4])),
            op::MODE_SENSE_10 => self.mode_sense(p, 8, usize::from(be16(p, 7))),
            op::START_STOP_UNIT => self.start_stop(p),
            op::PREVENT_ALLOW => {
                self.drive().cd.locked = p[4] & 1 != 0;
                Ok(Reply::Done)
            }
            op::READ_CAPACITY => self.disc().map(super::mmc::capacity),
            op::READ_10 => self.read_sectors(be32(p, 2), u32::from(be16(p, 7)), cd_sector::USER_DATA),
            op::READ_12 => self.read_sectors(be32(p, 2), be32(p, 6), cd_sector::USER_DATA),
            op::VERIFY_10 => self.in_range(be32(p, 2), u32::from(be16(p, 7))).map(|_| Reply::Done),
            op::SEEK_10 => self.in_range(be32(p, 2), 1).map(|_| Reply::Done),
            op::READ_CD => self.read_cd(p),
            op::READ_CD_MSF => self.read_cd_msf(p),
            op::READ_SUBCHANNEL => self.read_subchannel(p),
            op::READ_TOC => self.disc().and_then(|sectors| super::toc::read(p, sectors)),
            op::GET_CONFIGURATION => {
                let sectors = self.disc().ok();
                super::mmc::configuration(p, sectors)
            }
            op::GET_EVENT_STATUS => self.event_status(p),
            op::READ_DISC_INFO => self.disc().and_then(|_| super::mmc::disc_information(p)),
            op::READ_TRACK_INFO => self.disc().and_then(|sectors| super::mmc::track_information(p, sectors)),
            op::READ_DVD_STRUCTURE => self.disc().and_then(|sectors| super::mmc::dvd_structure(p, sectors)),
            op::STOP_PLAY_SCAN => self.disc().map(|_| Reply::Done),
            op::SET_CD_SPEED => Ok(self.set_speed(p)),
            op::MECHANISM_STATUS => Ok(self.mechanism_status(p)),
            _ => Err(Sense::INVALID_OPCODE),
        };
        result.unwrap_or_else(Reply::Check)
    }

    /// Whether `count` sectors from `lba` on are on the disc.
    pub fn in_range(&mut self, lba: u32, count: u32) -> Result<(), Sense> {
        let sectors = self.disc()?;
        let end = u64::from(lba) + u64::from(count);
        if end > u64::from(sectors) { Err(Sense::LBA_OUT_OF_RANGE) } else { Ok(()) }
    }

    /// The sectors of a read command.
    pub fn read_sectors(&mut self, lba: u32, count: u32, parts: u8) -> Result<Reply, Sense> {
        self.in_range(lba, count)?;
        Ok(Reply::Sectors(lba, count, parts))
    }
}
