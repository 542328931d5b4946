//! READ TOC and READ SUB-CHANNEL of a disc with one data track (MMC-3, 6.26 and 6.23; SFF-8020i, 10.8.20).

use super::cd_sector::msf;
use super::cd_state::Sense;
use super::channel::Port;
use super::mmc::address;
use super::packet::{Reply, be16};

const LEAD_OUT: u8 = 0xAA;
/// Q sub-channel with position data; a data track recorded uninterrupted.
const ADR_CONTROL: u8 = 0x14;

/// READ TOC/PMA/ATIP: formats 0 (TOC), 1 (sessions) and 2 (full TOC).
pub(super) fn read(p: &[u8; 12], sectors: u32) -> Result<Reply, Sense> {
    let as_msf = p[1] & 2 != 0;
    // SFF-8020i has the format in the top bits of byte 9, MMC in the low ones of byte 2
    let format = if p[2] & 15 != 0 { p[2] & 15 } else { p[9] >> 6 };
    let body = match format {
        0 => tracks(p[6], as_msf, sectors)?,
        1 => [&[1, 1, 0, ADR_CONTROL, 1, 0][..], &address(0, as_msf)].concat(),
        2 => full(sectors),
        _ => return Err(Sense::INVALID_FIELD),
    };
    let mut data = (body.len() as u16).to_be_bytes().to_vec();
    data.extend_from_slice(&body);
    Ok(Reply::limited(data, usize::from(be16(p, 7))))
}

/// Track descriptors from track `first` on, and the lead-out.
fn tracks(first: u8, as_msf: bool, sectors: u32) -> Result<Vec<u8>, Sense> {
    if first > 1 && first != LEAD_OUT {
        return Err(Sense::INVALID_FIELD);
    }
    let mut body = vec![1, 1];
    if first <= 1 {
        body.extend_from_slice(&[0, ADR_CONTROL, 1, 0]);
        body.extend_from_slice(&address(0, as_msf));
    }
    body.extend_from_slice(&[0, ADR_CONTROL, LEAD_OUT, 0]);
    body.extend_from_slice(&address(sectors, as_msf));
    Ok(body)
}

/// Lead-in entries: first track (and disc type 0), last track, lead-out, start of track 1.
fn full(sectors: u32) -> Vec<u8> {
    let mut body = vec![1, 1];
    for (point, [m, s, f]) in [(0xA0, [1, 0, 0]), (0xA1, [1, 0, 0]), (0xA2, msf(sectors)), (1, msf(0))] {
        body.extend_from_slice(&[1, ADR_CONTROL, 0, point, 0, 0, 0, 0, m, s, f]);
    }
    body
}

impl Port<'_> {
    /// READ SUB-CHANNEL: position, media catalogue number (none), ISRC (none). Audio is never played.
    pub(super) fn read_subchannel(&mut self, p: &[u8; 12]) -> Result<Reply, Sense> {
        const NO_AUDIO_STATUS: u8 = 0x15;
        self.disc()?;
        let as_msf = p[1] & 2 != 0;
        let at = self.drive().cd.position;
        let body = match (p[2] & 0x40 != 0, p[3]) {
            (false, _) => Vec::new(),
            (true, 1) => [&[1, ADR_CONTROL, 1, 1][..], &address(at, as_msf), &relative(at, as_msf)].concat(),
            (true, 2) => [&[2][..], &[0; 19]].concat(),
            (true, 3) if p[6] == 1 => [&[3, ADR_CONTROL, 1][..], &[0; 17]].concat(),
            _ => return Err(Sense::INVALID_FIELD),
        };
        let mut data = vec![0, NO_AUDIO_STATUS];
        data.extend_from_slice(&(body.len() as u16).to_be_bytes());
        data.extend_from_slice(&body);
        Ok(Reply::limited(data, usize::from(be16(p, 7))))
    }
}

/// Address within the track, which starts at sector 0: without the 2 seconds that come before it.
fn relative(lba: u32, as_msf: bool) -> [u8; 4] {
    if !as_msf {
        return lba.to_be_bytes();
    }
    [0, (lba / 4500).min(255) as u8, (lba / 75 % 60) as u8, (lba % 75) as u8]
}
