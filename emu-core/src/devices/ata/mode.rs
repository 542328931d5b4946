//! MODE SENSE and MODE SELECT of the CD-ROM drive (MMC-3, 5.5 and 6.11): pages 01h, 0Dh, 0Eh and 2Ah.

use super::cd_state::{AUDIO_CONTROL, CdState, ERROR_RECOVERY, MAX_SPEED, Sense};
use super::channel::Port;
use super::packet::{Reply, op};

const ERROR_RECOVERY_PAGE: u8 = 0x01;
const CD_PARAMETERS_PAGE: u8 = 0x0D;
const AUDIO_CONTROL_PAGE: u8 = 0x0E;
const CAPABILITIES_PAGE: u8 = 0x2A;
const ALL_PAGES: u8 = 0x3F;

/// Which values of a page are wanted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Values {
    Current,
    /// A mask of the bits MODE SELECT may change.
    Changeable,
    Default,
}

impl Port<'_> {
    /// MODE SENSE with a header of 4 or 8 bytes.
    pub(super) fn mode_sense(
        &mut self,
        p: &[u8; 12],
        header: usize,
        allocation: usize,
    ) -> Result<Reply, Sense> {
        let values = match p[2] >> 6 {
            0 => Values::Current,
            1 => Values::Changeable,
            2 => Values::Default,
            _ => return Err(Sense::SAVING_NOT_SUPPORTED),
        };
        let wanted = p[2] & 0x3F;
        let medium = self.medium_type();
        let mut data = vec![0; header];
        for code in [ERROR_RECOVERY_PAGE, CD_PARAMETERS_PAGE, AUDIO_CONTROL_PAGE, CAPABILITIES_PAGE] {
            if wanted == code || wanted == ALL_PAGES {
                data.extend_from_slice(&page(code, values, &self.drive().cd));
            }
        }
        if data.len() == header {
            return Err(Sense::INVALID_FIELD);
        }
        if header == 4 {
            (data[0], data[1]) = ((data.len() - 1) as u8, medium);
        } else {
            (data[1], data[2]) = ((data.len() - 2) as u8, medium);
        }
        Ok(Reply::limited(data, allocation))
    }

    /// 120 mm CD with data, no disc, or open tray.
    fn medium_type(&mut self) -> u8 {
        match self.disc() {
            Ok(_) => 0x01,
            Err(Sense::NO_MEDIUM_TRAY_OPEN) => 0x71,
            Err(_) => 0x70,
        }
    }

    /// MODE SELECT: asks for the parameter list.
    pub(super) fn mode_select(&mut self, p: &[u8; 12], len: u32) -> Result<Reply, Sense> {
        const PAGE_FORMAT: u8 = 0x10;
        const SAVE_PAGES: u8 = 0x01;
        if p[1] & PAGE_FORMAT == 0 || p[1] & SAVE_PAGES != 0 {
            return Err(Sense::INVALID_FIELD);
        }
        Ok(if len == 0 { Reply::Done } else { Reply::Parameters(len) })
    }

    /// The parameter list has arrived.
    pub(super) fn mode_select_data(&mut self) {
        let list = std::mem::take(&mut self.ch.job.buffer);
        let header = if self.ch.job.packet[0] == op::MODE_SELECT_6 { 4 } else { 8 };
        match self.select_pages(&list, header) {
            Ok(()) => self.finish_packet(),
            Err(sense) => self.check(sense),
        }
    }

    /// Takes over all pages of a parameter list, or none.
    fn select_pages(&mut self, list: &[u8], header: usize) -> Result<(), Sense> {
        if list.len() < header {
            return Err(Sense::PARAMETER_LIST_LENGTH);
        }
        let descriptors = usize::from(list[header - 1]);
        let mut rest = list.get(header + descriptors..).ok_or(Sense::PARAMETER_LIST_LENGTH)?;
        let mut cd = self.drive().cd.clone();
        while let [code, len, ..] = *rest {
            let body = rest.get(2..2 + usize::from(len)).ok_or(Sense::PARAMETER_LIST_LENGTH)?;
            select_page(&mut cd, code & 0x3F, body)?;
            rest = &rest[2 + usize::from(len)..];
        }
        if !rest.is_empty() {
            return Err(Sense::PARAMETER_LIST_LENGTH);
        }
        self.drive().cd = cd;
        Ok(())
    }
}

/// Changes one page; bits that cannot be changed must have their current values.
fn select_page(cd: &mut CdState, code: u8, body: &[u8]) -> Result<(), Sense> {
    let current = page_body(code, Values::Current, cd);
    let mask = page_body(code, Values::Changeable, cd);
    let fixed_differ =
        body.iter().zip(&current).zip(&mask).any(|((new, old), mask)| (new ^ old) & !mask != 0);
    if current.is_empty() || body.len() != current.len() || fixed_differ {
        return Err(Sense::INVALID_PARAMETER);
    }
    match code {
        ERROR_RECOVERY_PAGE => cd.error_recovery.copy_from_slice(body),
        AUDIO_CONTROL_PAGE => cd.audio_control.copy_from_slice(body),
        _ => {}
    }
    Ok(())
}

/// A page with its code and length.
fn page(code: u8, values: Values, cd: &CdState) -> Vec<u8> {
    let body = page_body(code, values, cd);
    [&[code, body.len() as u8][..], &body].concat()
}

/// A page after its length byte; empty if there is no such page.
fn page_body(code: u8, values: Values, cd: &CdState) -> Vec<u8> {
    match (code, values) {
        (ERROR_RECOVERY_PAGE, Values::Current) => cd.error_recovery.to_vec(),
        (ERROR_RECOVERY_PAGE, Values::Changeable) => vec![0xFF, 0xFF, 0, 0, 0, 0],
        (ERROR_RECOVERY_PAGE, Values::Default) => ERROR_RECOVERY.to_vec(),
        (AUDIO_CONTROL_PAGE, Values::Current) => cd.audio_control.to_vec(),
        (AUDIO_CONTROL_PAGE, Values::Changeable) => {
            vec![0x02, 0, 0, 0, 0, 0, 0x0F, 0xFF, 0x0F, 0xFF, 0x0F, 0xFF, 0x0F, 0xFF]
        }
        (AUDIO_CONTROL_PAGE, Values::Default) => AUDIO_CONTROL.to_vec(),
        (CD_PARAMETERS_PAGE, Values::Changeable) => vec![0; 6],
        // 60 seconds in a minute, 75 frames in a second
        (CD_PARAMETERS_PAGE, _) => vec![0, 0, 0, 60, 0, 75],
        (CAPABILITIES_PAGE, Values::Changeable) => vec![0; 18],
        (CAPABILITIES_PAGE, _) => capabilities(cd).to_vec(),
        _ => Vec::new(),
    }
}

/// What the drive can do: reads CD-R, CD-RW and DVD-ROM; mode 2 forms 1 and 2; tray with lock and eject.
fn capabilities(cd: &CdState) -> [u8; 18] {
    let [max_high, max_low] = MAX_SPEED.to_be_bytes();
    let [high, low] = cd.speed.to_be_bytes();
    let lock = 0x29 | u8::from(cd.locked) << 1;
    // volume levels 256, buffer of 32 KiB
    [0x0B, 0, 0x30, 0, lock, 0, max_high, max_low, 1, 0, 0, 32, high, low, 0, 0, 0, 0]
}
