//! One drive: what is plugged in (configuration) and its volatile state, and disk addresses.

use super::cd_state::CdState;
use super::spec::{self, DEFAULT_CHS, LBA28_SECTORS, SECTOR, device, error, status};
use crate::host::{BlockDevice, Overlay};
use serde::{Deserialize, Serialize};

/// What is plugged into a channel's connector.
pub(super) enum Unit {
    Absent,
    Disk(Box<dyn BlockDevice>),
    CdRom(Option<Box<dyn BlockDevice>>),
}

impl Unit {
    pub fn is_absent(&self) -> bool {
        matches!(self, Unit::Absent)
    }

    pub fn is_packet(&self) -> bool {
        matches!(self, Unit::CdRom(_))
    }

    /// The image, if there is one.
    pub fn image(&mut self) -> Option<&mut Box<dyn BlockDevice>> {
        match self {
            Unit::Absent | Unit::CdRom(None) => None,
            Unit::Disk(image) | Unit::CdRom(Some(image)) => Some(image),
        }
    }

    /// Bytes of the image.
    pub fn len(&self) -> Option<u64> {
        match self {
            Unit::Absent | Unit::CdRom(None) => None,
            Unit::Disk(image) | Unit::CdRom(Some(image)) => Some(image.len()),
        }
    }

    /// 512-byte sectors of a disk.
    pub fn sectors(&self) -> u64 {
        self.len().unwrap_or(0) / SECTOR
    }
}

/// A register of the command block that remembers its previous contents, for 48-bit addresses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Fifo {
    pub now: u8,
    pub previous: u8,
}

impl Fifo {
    pub fn push(&mut self, value: u8) {
        *self = Fifo { now: value, previous: self.now };
    }
}

/// Power management state (ATA/ATAPI-6, 6.9).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Power {
    /// Active or idle: they differ in nothing a host could see.
    #[default]
    Active,
    Standby,
    /// Only a reset wakes the drive.
    Sleep,
}

/// Volatile state of a drive.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Drive {
    pub status: u8,
    pub error: u8,
    pub features: Fifo,
    pub count: Fifo,
    pub low: Fifo,
    pub mid: Fifo,
    pub high: Fifo,
    pub device: u8,
    /// The drive wants INTRQ.
    pub interrupt: bool,
    /// Heads and sectors per track set by INITIALIZE DEVICE PARAMETERS.
    pub chs: Option<(u8, u8)>,
    /// Sectors in a READ/WRITE MULTIPLE block; 0 is disabled.
    pub multiple: u8,
    /// Transfer mode as SET FEATURES codes it (20h-22h, 40h-45h).
    pub dma_mode: u8,
    pub write_cache: bool,
    pub look_ahead: bool,
    /// A software reset keeps what was set (SET FEATURES 66h).
    pub keep_settings: bool,
    pub smart: bool,
    pub power: Power,
    /// Length of the image this state belongs to.
    pub image_len: Option<u64>,
    pub overlay: Overlay,
    pub cd: CdState,
}

impl Drive {
    /// State at power-on.
    pub fn new(unit: &Unit) -> Self {
        let mut d = Self {
            status: 0,
            error: 0,
            features: Fifo::default(),
            count: Fifo::default(),
            low: Fifo::default(),
            mid: Fifo::default(),
            high: Fifo::default(),
            device: 0,
            interrupt: false,
            chs: None,
            multiple: 0,
            dma_mode: 0x22,
            write_cache: true,
            look_ahead: true,
            keep_settings: false,
            smart: true,
            power: Power::Active,
            image_len: unit.len(),
            overlay: Overlay::default(),
            cd: CdState::default(),
        };
        d.signature(unit.is_packet());
        d
    }

    /// Back to power-on, but for what the guest wrote to the medium and where the tray is.
    pub fn hard_reset(&mut self, unit: &Unit) {
        let overlay = std::mem::take(&mut self.overlay);
        let cd = self.cd.reset();
        *self = Drive { overlay, cd, ..Drive::new(unit) };
    }

    /// What a software reset or EXECUTE DEVICE DIAGNOSTIC does to the settings.
    pub fn soft_reset(&mut self, unit: &Unit) {
        if !self.keep_settings {
            (self.chs, self.multiple, self.write_cache, self.look_ahead) = (None, 0, true, true);
        }
        self.power = Power::Active;
        self.interrupt = false;
        self.signature(unit.is_packet());
    }

    /// Registers after a reset (ATA/ATAPI-6, 9.12): the signature, and the diagnostic code in Error.
    pub fn signature(&mut self, packet: bool) {
        let (mid, high) = if packet { spec::PACKET_SIGNATURE } else { (0, 0) };
        let only = |now| Fifo { now, previous: 0 };
        (self.count, self.low, self.mid, self.high) = (only(1), only(1), only(mid), only(high));
        self.features = only(0);
        self.device = 0;
        self.error = error::DIAGNOSTIC_PASSED;
        self.status = if packet { 0 } else { status::DRDY | status::DSC };
    }

    /// The translation in force: cylinders, heads, sectors per track.
    pub fn translation(&self, sectors: u64) -> (u16, u16, u16) {
        match self.chs {
            None => {
                let (c, h, s) = default_chs(sectors);
                (c, u16::from(h), u16::from(s))
            }
            Some((h, s)) => {
                let cylinders = sectors.min(LBA28_SECTORS) / (u64::from(h) * u64::from(s)).max(1);
                (cylinders.min(65535) as u16, u16::from(h), u16::from(s))
            }
        }
    }

    /// The first sector that the registers address; `None` where a CHS address does not exist.
    pub fn address(&self, ext: bool, sectors: u64) -> Option<u64> {
        let low = [self.low, self.mid, self.high];
        let bytes = |f: fn(&Fifo) -> u8| low.iter().rev().fold(0u64, |v, r| v << 8 | u64::from(f(r)));
        let now = bytes(|r| r.now);
        if ext {
            return Some(bytes(|r| r.previous) << 24 | now);
        }
        let head = u64::from(self.device & 15);
        if self.device & device::LBA != 0 {
            return Some(head << 24 | now);
        }
        let (_, heads, spt) = self.translation(sectors);
        let (cylinder, sector) = (now >> 8, now & 0xFF);
        let exists = head < u64::from(heads) && sector >= 1 && sector <= u64::from(spt);
        exists.then(|| (cylinder * u64::from(heads) + head) * u64::from(spt) + sector - 1)
    }

    /// Puts a sector's address into the registers, in the form the command used.
    pub fn set_address(&mut self, ext: bool, lba: u64, sectors: u64) {
        let mut top = self.device & 15;
        let mut low = lba & 0xFF_FFFF;
        if !ext && self.device & device::LBA != 0 {
            top = (lba >> 24) as u8 & 15;
        } else if !ext {
            let (_, heads, spt) = self.translation(sectors);
            let (heads, spt) = (u64::from(heads.max(1)), u64::from(spt.max(1)));
            top = (lba / spt % heads) as u8;
            low = ((lba / spt / heads) & 0xFFFF) << 8 | (lba % spt + 1);
        }
        self.device = self.device & 0xF0 | top & 15;
        for (i, r) in [&mut self.low, &mut self.mid, &mut self.high].into_iter().enumerate() {
            r.now = (low >> (8 * i)) as u8;
            if ext {
                r.previous = (lba >> (24 + 8 * i)) as u8;
            }
        }
    }

    /// Shows how many sectors are left of a transfer (ATA-3, 7.2.11): none after its end.
    pub fn set_count(&mut self, left: u32) {
        self.count = Fifo { now: left as u8, previous: (left >> 8) as u8 };
    }

    /// The sector count of the registers; 0 stands for 256, or 65536 in 48-bit commands.
    pub fn sector_count(&self, ext: bool) -> u32 {
        match (ext, u32::from(self.count.now)) {
            (true, now) => match u32::from(self.count.previous) << 8 | now {
                0 => 0x1_0000,
                n => n,
            },
            (false, 0) => 0x100,
            (false, n) => n,
        }
    }
}

/// The geometry a drive reports: 16 heads and 63 sectors, at most 16383 cylinders; less for tiny disks.
pub(super) fn default_chs(sectors: u64) -> (u16, u8, u8) {
    let (heads, spt) = DEFAULT_CHS;
    if sectors < u64::from(heads) * u64::from(spt) {
        let spt = sectors.clamp(1, u64::from(spt));
        return ((sectors / spt).max(1) as u16, 1, spt as u8);
    }
    ((sectors / (u64::from(heads) * u64::from(spt))).min(16383) as u16, heads, spt)
}
