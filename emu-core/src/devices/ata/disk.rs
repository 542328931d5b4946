//! Commands of an ATA disk (ATA/ATAPI-6, chapter 8), and those it shares with packet devices.

use super::channel::{Phase, Port};
use super::drive::Power;
use super::identify;
use super::spec::{self, SECTOR, cmd, error, feature, smart, status};
use super::transfer::{Job, Matter, Stop};
use crate::time::Ns;

/// How a read or write command moves its sectors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// One sector a block.
    Single,
    /// As many sectors a block as SET MULTIPLE said.
    Multiple,
    Dma,
}

const READY: u8 = status::DRDY | status::DSC;

/// Virtual time a command takes to its first data or its end.
pub(super) fn latency(code: u8) -> Ns {
    match code {
        cmd::READ_SECTORS
        | cmd::READ_SECTORS_NORETRY
        | cmd::READ_SECTORS_EXT
        | cmd::READ_DMA_EXT
        | cmd::READ_MULTIPLE_EXT
        | cmd::READ_MULTIPLE
        | cmd::READ_DMA
        | cmd::READ_DMA_NORETRY
        | cmd::WRITE_DMA
        | cmd::WRITE_DMA_NORETRY
        | cmd::WRITE_DMA_EXT
        | cmd::FLUSH
        | cmd::FLUSH_EXT
        | cmd::VERIFY
        | cmd::VERIFY_NORETRY
        | cmd::VERIFY_EXT => spec::DISK_ACCESS_NS,
        _ => spec::COMMAND_NS,
    }
}

impl Port<'_> {
    /// Timer: executes a command of a disk.
    pub fn disk_command(&mut self, code: u8) {
        match code {
            cmd::READ_SECTORS | cmd::READ_SECTORS_NORETRY => self.read_disk(Way::Single, false),
            cmd::READ_SECTORS_EXT => self.read_disk(Way::Single, true),
            cmd::READ_MULTIPLE => self.read_disk(Way::Multiple, false),
            cmd::READ_MULTIPLE_EXT => self.read_disk(Way::Multiple, true),
            cmd::READ_DMA | cmd::READ_DMA_NORETRY => self.read_disk(Way::Dma, false),
            cmd::READ_DMA_EXT => self.read_disk(Way::Dma, true),
            cmd::WRITE_SECTORS | cmd::WRITE_SECTORS_NORETRY | cmd::WRITE_VERIFY => {
                self.write_disk(Way::Single, false);
            }
            cmd::WRITE_SECTORS_EXT => self.write_disk(Way::Single, true),
            cmd::WRITE_MULTIPLE => self.write_disk(Way::Multiple, false),
            cmd::WRITE_MULTIPLE_EXT => self.write_disk(Way::Multiple, true),
            cmd::WRITE_DMA | cmd::WRITE_DMA_NORETRY => self.write_disk(Way::Dma, false),
            cmd::WRITE_DMA_EXT => self.write_disk(Way::Dma, true),
            cmd::VERIFY | cmd::VERIFY_NORETRY => self.verify(false),
            cmd::VERIFY_EXT => self.verify(true),
            cmd::SEEK..=cmd::SEEK_LAST => self.seek(),
            cmd::RECALIBRATE..=cmd::RECALIBRATE_LAST | cmd::FLUSH | cmd::FLUSH_EXT => self.end(READY, 0),
            cmd::INITIALIZE_PARAMETERS => self.initialize_parameters(),
            cmd::SET_MULTIPLE => self.set_multiple(),
            cmd::IDENTIFY => {
                let (drive, sectors) = (self.number * 2 + self.at(), self.unit().sectors());
                let data = identify::disk(self.drive(), drive, sectors);
                self.answer(data);
            }
            cmd::SMART => self.smart(),
            _ => self.common_command(code),
        }
    }

    /// Commands that disks and packet devices share.
    pub fn common_command(&mut self, code: u8) {
        match code {
            cmd::SET_FEATURES => self.set_features(),
            cmd::STANDBY_IMMEDIATE | cmd::STANDBY_IMMEDIATE_OLD | cmd::STANDBY | cmd::STANDBY_OLD => {
                self.set_power(Power::Standby);
            }
            cmd::IDLE_IMMEDIATE | cmd::IDLE_IMMEDIATE_OLD | cmd::IDLE | cmd::IDLE_OLD => {
                self.set_power(Power::Active);
            }
            cmd::SLEEP | cmd::SLEEP_OLD => self.set_power(Power::Sleep),
            cmd::CHECK_POWER | cmd::CHECK_POWER_OLD => {
                let d = self.drive();
                d.count.now = if d.power == Power::Active { 0xFF } else { 0 };
                self.end(READY, 0);
            }
            // NOP (00h) too: it always ends in an abort
            _ => self.abort(),
        }
    }

    /// Ends a command that the drive does not know, or not with these registers.
    pub fn abort(&mut self) {
        self.end(READY | status::ERR, error::ABRT);
    }

    /// Gives the host one block of data by PIO that has nothing to do with the medium.
    pub fn answer(&mut self, data: Vec<u8>) {
        let mut job = Job { to_host: true, ..Job::default() };
        job.fill(data);
        self.start_data(job, true);
    }

    fn set_power(&mut self, power: Power) {
        self.drive().power = power;
        self.end(READY, 0);
    }

    /// The job a read or write command describes. `None` if it was ended with an error.
    fn transfer(&mut self, way: Way, ext: bool) -> Option<Job> {
        let sectors = self.unit().sectors();
        let multiple = self.drive().multiple;
        if way == Way::Multiple && multiple == 0 {
            self.abort();
            return None;
        }
        let Some(lba) = self.drive().address(ext, sectors).filter(|&lba| lba < sectors) else {
            self.end(READY | status::ERR, error::IDNF);
            return None;
        };
        self.drive().power = Power::Active;
        Some(Job {
            matter: Matter::Disk { ext },
            dma: way == Way::Dma,
            lba,
            left: self.drive().sector_count(ext),
            block: match way {
                Way::Single => 1,
                Way::Multiple => u32::from(multiple),
                Way::Dma => spec::DMA_SECTORS,
            },
            ..Job::default()
        })
    }

    fn read_disk(&mut self, way: Way, ext: bool) {
        let Some(job) = self.transfer(way, ext) else { return };
        self.ch.job = Job { to_host: true, ..job };
        match self.refill() {
            Ok(()) => {
                let job = std::mem::take(&mut self.ch.job);
                self.start_data(job, true);
            }
            // as it was before, to be executed again
            Err(Stop::NotYet) => self.ch.job = Job::default(),
            Err(stop) => self.stopped(stop),
        }
    }

    fn write_disk(&mut self, way: Way, ext: bool) {
        if self.unit().image().is_some_and(|image| image.read_only()) {
            return self.end(READY | status::ERR, error::ABRT | error::WP);
        }
        let Some(mut job) = self.transfer(way, ext) else { return };
        if !job.dma {
            let bytes = job.left.min(job.block) as usize * SECTOR as usize;
            job.fill(vec![0; bytes]);
        }
        self.start_data(job, false);
    }

    /// READ VERIFY SECTORS: no data, so only the addresses matter.
    fn verify(&mut self, ext: bool) {
        let Some(job) = self.transfer(Way::Single, ext) else { return };
        let sectors = self.unit().sectors();
        let end = job.lba + u64::from(job.left);
        if end > sectors {
            return self.end_at_sector(ext, sectors, status::ERR, error::IDNF);
        }
        self.drive().set_address(ext, end - 1, sectors);
        self.end(READY, 0);
    }

    fn seek(&mut self) {
        if self.transfer(Way::Single, false).is_some() {
            self.end(READY, 0);
        }
    }

    fn initialize_parameters(&mut self) {
        let d = self.drive();
        let (heads, spt) = ((d.device & 15) + 1, d.count.now);
        if spt == 0 {
            return self.abort();
        }
        d.chs = Some((heads, spt));
        self.end(READY, 0);
    }

    fn set_multiple(&mut self) {
        let d = self.drive();
        let count = d.count.now;
        if count > spec::MAX_MULTIPLE || count != 0 && !count.is_power_of_two() {
            d.multiple = 0;
            return self.abort();
        }
        d.multiple = count;
        self.end(READY, 0);
    }

    fn set_features(&mut self) {
        let d = self.drive();
        match d.features.now {
            feature::WRITE_CACHE_ON => d.write_cache = true,
            feature::WRITE_CACHE_OFF => d.write_cache = false,
            feature::LOOK_AHEAD_ON => d.look_ahead = true,
            feature::LOOK_AHEAD_OFF => d.look_ahead = false,
            feature::KEEP_SETTINGS => d.keep_settings = true,
            feature::DEFAULT_SETTINGS => d.keep_settings = false,
            feature::TRANSFER_MODE => match d.count.now {
                // PIO: default, default without IORDY, flow control modes 0-4
                0x00 | 0x01 | 0x08..=0x0C => {}
                // multiword DMA 0-2, Ultra DMA 0-5
                mode @ (0x20..=0x22 | 0x40..=0x45) => d.dma_mode = mode,
                _ => return self.abort(),
            },
            _ => return self.abort(),
        }
        self.end(READY, 0);
    }

    /// SMART without attribute data: enabling, disabling, and the answer "no threshold exceeded".
    fn smart(&mut self) {
        let d = self.drive();
        if (d.mid.now, d.high.now) != smart::KEY {
            return self.abort();
        }
        match (d.features.now, d.smart) {
            (smart::ENABLE, _) => d.smart = true,
            (smart::DISABLE, true) => d.smart = false,
            (smart::RETURN_STATUS, true) => {}
            _ => return self.abort(),
        }
        self.end(READY, 0);
    }

    /// Timer: executes a command other than PACKET of the CD-ROM drive.
    pub fn packet_device_command(&mut self, code: u8) {
        match code {
            cmd::PACKET => self.start_packet(),
            cmd::DEVICE_RESET => {
                let device = self.ch.selected << 4;
                self.drive().signature(true);
                self.drive().device = device;
                self.drive().power = Power::Active;
                self.ch.job = Job::default();
                self.ch.phase = Phase::Idle;
            }
            cmd::IDENTIFY_PACKET => {
                let data = identify::packet(self.drive());
                self.answer(data);
            }
            // refused with the signature, by which a host tells a packet device
            cmd::IDENTIFY | cmd::READ_SECTORS => {
                let device = self.drive().device;
                self.drive().signature(true);
                self.drive().device = device;
                self.abort();
            }
            _ => self.common_command(code),
        }
    }
}
