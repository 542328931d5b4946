//! Packet commands about the drive and its disc (MMC-3; SFF-8020i where it says more).

use super::cd_sector::{self, msf};
use super::cd_state::{MAX_SPEED, MediaEvent, Sense};
use super::channel::Port;
use super::packet::{Reply, be16, be32};
use super::spec::CD_SECTOR;

/// Discs with more sectors than 80 minutes count as DVDs.
const CD_SECTORS: u32 = 80 * 60 * 75;
const PROFILE_CD_ROM: u16 = 0x08;
const PROFILE_DVD_ROM: u16 = 0x10;

impl Port<'_> {
    pub(super) fn request_sense(&mut self, p: &[u8; 12]) -> Reply {
        let cd = &mut self.drive().cd;
        let mut sense = std::mem::replace(&mut cd.sense, Sense::NONE);
        if sense == Sense::NONE {
            sense = cd.attention.take().unwrap_or(Sense::NONE);
        }
        let mut data = vec![0; 18];
        data[0] = 0x70;
        data[2] = sense.key;
        data[7] = 10;
        data[12] = sense.asc;
        data[13] = sense.ascq;
        Reply::limited(data, usize::from(p[4]))
    }

    pub(super) fn inquiry(&mut self, p: &[u8; 12]) -> Result<Reply, Sense> {
        let allocation = usize::from(be16(p, 3));
        if p[1] & 1 != 0 {
            // the only vital product data page is the list of pages
            return match p[2] {
                0 => Ok(Reply::limited(vec![5, 0, 0, 1, 0], allocation)),
                _ => Err(Sense::INVALID_FIELD),
            };
        }
        if p[2] != 0 {
            return Err(Sense::INVALID_FIELD);
        }
        // CD-ROM, removable, no SCSI version, ATAPI-2 response format, 31 more bytes
        let mut data = vec![0x05, 0x80, 0x00, 0x21, 31, 0, 0, 0];
        data.extend_from_slice(b"GLASSBOXDVD-ROM         1.0 ");
        Ok(Reply::limited(data, allocation))
    }

    pub(super) fn start_stop(&mut self, p: &[u8; 12]) -> Result<Reply, Sense> {
        if p[4] >> 4 != 0 {
            return Ok(Reply::Done); // power conditions
        }
        match p[4] & 3 {
            2 => self.guest_eject()?,
            3 => self.guest_load(),
            1 => {
                self.disc()?;
            }
            _ => {}
        }
        Ok(Reply::Done)
    }

    fn guest_eject(&mut self) -> Result<(), Sense> {
        let loaded = self.disc().is_ok();
        let cd = &mut self.drive().cd;
        if cd.locked {
            return Err(Sense::REMOVAL_PREVENTED);
        }
        if loaded {
            cd.removed();
        }
        cd.tray_open = true;
        Ok(())
    }

    fn guest_load(&mut self) {
        let was_open = std::mem::replace(&mut self.drive().cd.tray_open, false);
        if was_open && self.disc().is_ok() {
            self.drive().cd.inserted();
        }
    }

    /// READ CD: which sectors and which parts of them.
    pub(super) fn read_cd(&mut self, p: &[u8; 12]) -> Result<Reply, Sense> {
        let count = u32::from_be_bytes([0, p[6], p[7], p[8]]);
        let parts = self.parts(p)?;
        self.read_sectors(be32(p, 2), count, parts)
    }

    /// READ CD MSF: from a minute, second and frame up to, not including, another.
    pub(super) fn read_cd_msf(&mut self, p: &[u8; 12]) -> Result<Reply, Sense> {
        let frames = |at: usize| (u32::from(p[at]) * 60 + u32::from(p[at + 1])) * 75 + u32::from(p[at + 2]);
        let (first, end) = (frames(3), frames(6));
        if end < first {
            return Err(Sense::INVALID_FIELD);
        }
        let parts = self.parts(p)?;
        let lba = first.checked_sub(150).ok_or(Sense::LBA_OUT_OF_RANGE)?;
        self.read_sectors(lba, end - first, parts)
    }

    /// The parts of mode 1 sectors that a READ CD selects: there are no subheaders, and neither C2 error flags nor
    /// sub-channels are delivered.
    fn parts(&mut self, p: &[u8; 12]) -> Result<u8, Sense> {
        self.disc()?;
        match p[1] >> 2 & 7 {
            0 | 2 => {}
            1 | 3..=5 => return Err(Sense::ILLEGAL_MODE_FOR_TRACK),
            _ => return Err(Sense::INVALID_FIELD),
        }
        if p[9] & 7 != 0 || p[10] & 7 != 0 {
            return Err(Sense::INVALID_FIELD);
        }
        Ok(p[9] & (cd_sector::SYNC | cd_sector::HEADER | cd_sector::USER_DATA | cd_sector::EDC_ECC))
    }

    /// GET EVENT STATUS NOTIFICATION, polled; media events are the only class.
    pub(super) fn event_status(&mut self, p: &[u8; 12]) -> Result<Reply, Sense> {
        const MEDIA: u8 = 4;
        if p[1] & 1 == 0 {
            return Err(Sense::INVALID_FIELD);
        }
        let loaded = self.disc().is_ok();
        let allocation = usize::from(be16(p, 7));
        if p[4] & 1 << MEDIA == 0 {
            return Ok(Reply::limited(vec![0, 2, 0x80, 1 << MEDIA], allocation));
        }
        let cd = &mut self.drive().cd;
        let event = std::mem::replace(&mut cd.event, MediaEvent::None);
        let status = u8::from(cd.tray_open) | u8::from(loaded) << 1;
        Ok(Reply::limited(vec![0, 6, MEDIA, 1 << MEDIA, event as u8, status, 0, 0], allocation))
    }

    pub(super) fn set_speed(&mut self, p: &[u8; 12]) -> Reply {
        self.drive().cd.speed = be16(p, 2).clamp(176, MAX_SPEED);
        Reply::Done
    }

    pub(super) fn mechanism_status(&mut self, p: &[u8; 12]) -> Reply {
        let cd = &self.drive().cd;
        let at = cd.position.to_be_bytes();
        let data = vec![0, u8::from(cd.tray_open) << 4, at[1], at[2], at[3], 0, 0, 0];
        Reply::limited(data, usize::from(be16(p, 8)))
    }
}

/// READ CAPACITY: last sector and sector size.
pub(super) fn capacity(sectors: u32) -> Reply {
    let mut data = sectors.saturating_sub(1).to_be_bytes().to_vec();
    data.extend_from_slice(&(CD_SECTOR as u32).to_be_bytes());
    Reply::Data(data)
}

/// READ DISC INFORMATION: one complete session with one track.
pub(super) fn disc_information(p: &[u8; 12]) -> Result<Reply, Sense> {
    let mut data = vec![0; 34];
    data[1] = 32;
    data[2] = 0x0E; // last session complete, disc finalized
    (data[3], data[4], data[5], data[6]) = (1, 1, 1, 1);
    data[7] = 0x20; // unrestricted use
    data[16..24].fill(0xFF); // no further lead-in, no further lead-out
    Ok(Reply::limited(data, usize::from(be16(p, 7))))
}

/// READ TRACK INFORMATION of the one track, by address, track or session number.
pub(super) fn track_information(p: &[u8; 12], sectors: u32) -> Result<Reply, Sense> {
    let wanted = be32(p, 2);
    let is_there = match p[1] & 3 {
        0 => wanted < sectors,
        1 | 2 => wanted == 1,
        _ => false,
    };
    if !is_there {
        return Err(Sense::INVALID_FIELD);
    }
    let mut data = vec![0; 36];
    data[1] = 34;
    (data[2], data[3]) = (1, 1);
    data[5] = 4; // data track, recorded uninterrupted
    data[6] = 1; // mode 1
    data[24..28].copy_from_slice(&sectors.to_be_bytes());
    Ok(Reply::limited(data, usize::from(be16(p, 7))))
}

/// READ DVD STRUCTURE: physical format, copyright, manufacturing information.
pub(super) fn dvd_structure(p: &[u8; 12], sectors: u32) -> Result<Reply, Sense> {
    if sectors <= CD_SECTORS {
        // cannot read medium - incompatible format
        return Err(Sense { key: 5, asc: 0x30, ascq: 2 });
    }
    if p[6] != 0 {
        return Err(Sense::INVALID_FIELD);
    }
    let body = match p[7] {
        0x00 => physical_format(sectors),
        0x01 => vec![0; 4],
        0x04 => vec![0; 2048],
        _ => return Err(Sense::INVALID_FIELD),
    };
    let mut data = ((body.len() + 2) as u16).to_be_bytes().to_vec();
    data.extend_from_slice(&[0, 0]);
    data.extend_from_slice(&body);
    Ok(Reply::limited(data, usize::from(be16(p, 8))))
}

/// A single-layer DVD-ROM whose data area starts at sector 30000h.
fn physical_format(sectors: u32) -> Vec<u8> {
    const START: u32 = 0x3_0000;
    let mut body = vec![0; 2048];
    body[0] = 0x01; // DVD-ROM, part version 1
    body[1] = 0x0F; // 120 mm, no maximum rate given
    body[2] = 0x01; // one layer with embossed data
    body[4..8].copy_from_slice(&START.to_be_bytes());
    body[8..12].copy_from_slice(&START.wrapping_add(sectors - 1).to_be_bytes());
    body
}

/// GET CONFIGURATION: profiles and the features of a reading drive.
pub(super) fn configuration(p: &[u8; 12], sectors: Option<u32>) -> Result<Reply, Sense> {
    let profile = match sectors {
        None => 0,
        Some(n) if n > CD_SECTORS => PROFILE_DVD_ROM,
        Some(_) => PROFILE_CD_ROM,
    };
    let (wanted, first) = (p[1] & 3, be16(p, 2));
    if wanted == 3 {
        return Err(Sense::INVALID_FIELD);
    }
    let mut data = vec![0; 8];
    data[6..8].copy_from_slice(&profile.to_be_bytes());
    for (code, bytes) in features(profile) {
        let listed = if wanted == 2 { code == first } else { code >= first };
        let current = bytes[2] & 1 != 0;
        if listed && (wanted != 1 || current) {
            data.extend_from_slice(&bytes);
        }
    }
    let len = (data.len() - 4) as u32;
    data[0..4].copy_from_slice(&len.to_be_bytes());
    Ok(Reply::limited(data, usize::from(be16(p, 7))))
}

/// Feature descriptors in ascending order: code, (version << 2 | persistent << 1 | current), length, data.
fn features(profile: u16) -> Vec<(u16, Vec<u8>)> {
    let (cd, dvd) = (u8::from(profile == PROFILE_CD_ROM), u8::from(profile == PROFILE_DVD_ROM));
    let feature = |code: u16, flags: u8, data: &[u8]| {
        let mut bytes = code.to_be_bytes().to_vec();
        bytes.extend_from_slice(&[flags, data.len() as u8]);
        bytes.extend_from_slice(data);
        (code, bytes)
    };
    vec![
        feature(0x0000, 0x03, &[0, 0x10, dvd, 0, 0, 0x08, cd, 0]), // profile list
        feature(0x0001, 0x07, &[0, 0, 0, 2, 0, 0, 0, 0]),          // core: ATAPI
        feature(0x0002, 0x07, &[2, 0, 0, 0]),                      // morphing: operational change only
        feature(0x0003, 0x03, &[0x29, 0, 0, 0]),                   // removable: tray, eject, lock
        feature(0x0010, cd | dvd, &[0, 0, 8, 0, 0, 1, 0, 0]),      // random readable, 2048-byte blocks
        feature(0x001E, cd, &[]),                                  // CD read
        feature(0x001F, dvd, &[]),                                 // DVD read
        feature(0x0100, 0x03, &[]),                                // power management
        feature(0x0105, 0x03, &[]),                                // timeout
    ]
}

/// Bytes of an address in a response: an LBA, or minute, second and frame.
pub(super) fn address(lba: u32, as_msf: bool) -> [u8; 4] {
    if !as_msf {
        return lba.to_be_bytes();
    }
    let [m, s, f] = msf(lba);
    [0, m, s, f]
}
