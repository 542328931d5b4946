//! Commands that move data between disk and host (82077AA datasheet, section 5.1), one sector per timer call.

use super::spec::*;
use super::{Fdc, Phase};
use crate::bus::{BlockRequest, Cx, DriveId};
use serde::{Deserialize, Serialize};

/// What SCAN commands look for: disk bytes that compare so with the host's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Scan {
    Equal,
    LowOrEqual,
    HighOrEqual,
}

/// A command with an execution phase.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Operation {
    Read { deleted: bool },
    Write { deleted: bool },
    ReadTrack,
    Verify,
    Compare(Scan),
    Format,
    ReadId,
}

/// A command being executed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Work {
    operation: Operation,
    /// Drive select bits of the command.
    drive: u8,
    /// The head that is selected now.
    head: u8,
    multitrack: bool,
    mfm: bool,
    skip: bool,
    /// Sector ID wanted, and at the end the one reported.
    c: u8,
    h: u8,
    r: u8,
    n: u8,
    eot: u8,
    /// DTL, SC of VERIFY, STP of SCAN, fill byte of FORMAT.
    parameter: u8,
    /// VERIFY counts sectors (EC).
    counts: bool,
    /// Sectors left of VERIFY with EC or of FORMAT; sectors done of READ TRACK.
    sectors: u16,
    /// ST0 of this command so far: seek end.
    st0: u8,
    st1: u8,
    st2: u8,
    /// By DMA.
    pub dma: bool,
    /// Bytes on their way without DMA.
    buffer: Vec<u8>,
    at: u16,
    /// The host has filled the buffer, or read it.
    exchanged: bool,
}

impl Work {
    /// Whether data go to the host.
    pub fn to_host(&self) -> bool {
        matches!(self.operation, Operation::Read { .. } | Operation::ReadTrack)
    }

    /// C, H, R and N: the sector wanted.
    pub(super) fn sector_id(&self) -> [u8; 4] {
        [self.c, self.h, self.r, self.n]
    }

    /// ST0, ST1, ST2 as far as they have come.
    pub(super) fn status(&self) -> (u8, u8, u8) {
        (self.st0, self.st1, self.st2)
    }

    /// Bytes of the buffer that the host has not moved yet.
    pub(super) fn unread(&self) -> usize {
        self.buffer.len().saturating_sub(usize::from(self.at))
    }

    fn writes(&self) -> bool {
        matches!(self.operation, Operation::Write { .. } | Operation::Format)
    }

    /// Bytes the host exchanges at a time.
    fn unit(&self) -> usize {
        if self.operation == Operation::Format { 4 } else { SECTOR }
    }

    /// Whether it could have arisen here.
    pub fn is_sound(&self) -> bool {
        self.buffer.len() <= SECTOR && usize::from(self.at) <= self.buffer.len()
    }

    /// Goes to the next sector as the result phase table has it (table 5-6); true past the end of the cylinder.
    fn advance(&mut self) -> bool {
        if self.r != self.eot {
            self.r = self.r.wrapping_add(self.stride());
            return false;
        }
        self.r = 1;
        if !self.multitrack {
            self.c = self.c.wrapping_add(1);
            return true;
        }
        let past = self.head == 1;
        self.h ^= 1;
        if past {
            self.c = self.c.wrapping_add(1);
        } else {
            self.head = 1;
        }
        past
    }

    /// SCAN can look at every other sector only (STP = 2).
    fn stride(&self) -> u8 {
        if matches!(self.operation, Operation::Compare(_)) && self.parameter == 2 { 2 } else { 1 }
    }
}

/// A track under a head.
struct Track {
    /// Cylinder of the medium.
    cylinder: u8,
    /// Number of its first sector on the medium.
    first: u32,
    sectors: u8,
}

/// What the transfer of a sector's bytes did.
enum Moved {
    All,
    /// Terminal count came with or before the last byte.
    TerminalCount,
    Overrun,
}

impl Fdc {
    /// Starts a command with an execution phase, of which `b` are the bytes.
    pub(super) fn begin(&mut self, cx: &mut Cx, operation: Operation, b: &[u8; 9]) {
        let format = operation == Operation::Format;
        let verifies = operation == Operation::Verify;
        let mut work = Work {
            operation,
            drive: b[1] & 3,
            head: b[1] >> 2 & 1,
            multitrack: b[0] & 0x80 != 0,
            mfm: b[0] & 0x40 != 0,
            skip: b[0] & 0x20 != 0,
            c: b[2],
            h: b[3],
            r: b[4],
            n: b[5],
            eot: b[6],
            parameter: b[8],
            counts: verifies && b[1] & 0x80 != 0,
            sectors: if verifies { u16::from(b[8].wrapping_sub(1)) + 1 } else { 0 },
            st0: 0,
            st1: 0,
            st2: 0,
            dma: self.state.specify[1] & 1 == 0,
            buffer: Vec::new(),
            at: 0,
            exchanged: false,
        };
        if format {
            (work.n, work.sectors, work.parameter) = (b[2], u16::from(b[3]), b[5]);
            (work.c, work.h, work.r) = (0, 0, 0);
        }
        if operation == Operation::ReadId {
            (work.c, work.h, work.r, work.n) = (0, 0, 0, 0);
        } else {
            self.state.last_eot = if format { b[3] } else { b[6] };
        }
        let addressed = !matches!(operation, Operation::ReadId | Operation::Format);
        let moved = if addressed { self.implied_seek(b[1], b[2]) } else { None };
        work.st0 = if moved.is_some() { ST0_SE } else { 0 };
        let found = self.track(&work).is_some();
        self.state.work = Some(work);
        self.state.phase = Phase::Execute;
        let delay = if found { SECTOR_NS } else { NO_SECTOR_NS };
        self.wake(cx, delay + moved.unwrap_or(0));
    }

    /// Timer: the next sector.
    pub(super) fn execute(&mut self, cx: &mut Cx) {
        let Some(work) = self.state.work.clone() else { return };
        cx.out.note_disk(cx.now, DriveId::Floppy(work.drive));
        let Some(track) = self.track(&work) else { return self.fail(cx, ST1_MA, 0) };
        if work.writes() && self.protected(&work) {
            return self.fail(cx, ST1_NW, 0);
        }
        match work.operation {
            Operation::ReadId => self.read_id(cx, &track),
            Operation::Format => self.format_sector(cx, &track),
            _ => self.sector(cx, &track),
        }
    }

    /// The track under the selected head; `None` where no address mark would ever be found.
    fn track(&self, work: &Work) -> Option<Track> {
        let n = usize::from(work.drive);
        let drive = self.drives.get(n)?.as_ref()?;
        let format = drive.medium.as_ref()?.format;
        let spins = self.state.dor & DOR_MOTOR << work.drive != 0;
        let position = self.state.drives[n].cylinder;
        let cylinder = if drive.kind.steps_twice(format) { position / 2 } else { position };
        let readable = spins && work.mfm && format.has_rate(self.state.rate);
        if !readable || cylinder >= format.cylinders || work.head >= format.heads {
            return None;
        }
        let tracks = u32::from(cylinder) * u32::from(format.heads) + u32::from(work.head);
        Some(Track { cylinder, first: tracks * u32::from(format.sectors), sectors: format.sectors })
    }

    fn protected(&self, work: &Work) -> bool {
        let drive = self.drives.get(usize::from(work.drive)).and_then(Option::as_ref);
        drive.and_then(|d| d.medium.as_ref()).is_none_or(|m| m.image.read_only())
    }

    /// READ ID: the first sector that comes by, by the time since power-on.
    fn read_id(&mut self, cx: &mut Cx, track: &Track) {
        let Some(work) = &mut self.state.work else { return };
        let passing = (cx.now / SECTOR_NS % u64::from(track.sectors)) as u8;
        (work.c, work.h, work.r, work.n) = (track.cylinder, work.head, passing + 1, SECTOR_CODE);
        self.finish(cx, 0);
    }

    /// One sector of a command that names sectors.
    fn sector(&mut self, cx: &mut Cx, track: &Track) {
        let Some(work) = self.state.work.clone() else { return };
        let (number, st1) = match find(&work, track) {
            Ok(found) => found,
            Err((st1, st2)) => return self.fail(cx, st1, st2),
        };
        let marked = self.state.drives[usize::from(work.drive & 1)].deleted.contains(&number);
        let unwanted = match work.operation {
            Operation::Read { deleted } => marked != deleted,
            Operation::Verify | Operation::Compare(_) => marked,
            _ => false,
        };
        if unwanted && work.skip {
            self.note(0, ST2_CM);
            return self.next(cx, false);
        }
        match work.operation {
            Operation::Read { .. } | Operation::ReadTrack => {
                self.read_sector(cx, &work, (number, st1), unwanted);
            }
            Operation::Write { deleted } => self.write_sector(cx, &work, number, deleted),
            Operation::Compare(scan) => self.scan_sector(cx, &work, number, scan, unwanted),
            _ => self.verify_sector(cx, unwanted),
        }
    }

    fn note(&mut self, st1: u8, st2: u8) {
        if let Some(work) = &mut self.state.work {
            work.st1 |= st1;
            work.st2 |= st2;
        }
    }

    fn read_sector(&mut self, cx: &mut Cx, work: &Work, (number, st1): (u32, u8), unwanted: bool) {
        if work.exchanged {
            return self.after_data(cx, Moved::All, unwanted);
        }
        let mut data = [0; SECTOR];
        if !self.load(cx, work, number, &mut data) {
            return;
        }
        self.note(st1, 0);
        if !work.dma {
            return self.open_transfer(cx, data.to_vec());
        }
        let moved = if self.dma_ready(cx) {
            let result = cx.dma.write_memory(&mut cx.mem, DMA_CHANNEL, &data);
            moved(result.bytes, SECTOR, result.terminal_count)
        } else {
            Moved::Overrun
        };
        self.after_data(cx, moved, unwanted);
    }

    fn write_sector(&mut self, cx: &mut Cx, work: &Work, number: u32, deleted: bool) {
        let mut data = [0; SECTOR];
        let Some(moved) = self.host_data(cx, work, &mut data) else { return };
        if !matches!(moved, Moved::Overrun) {
            if !self.store(work, number, &data) {
                return self.fail(cx, ST1_NW, 0);
            }
            let marks = &mut self.state.drives[usize::from(work.drive & 1)].deleted;
            if deleted {
                marks.insert(number)
            } else {
                marks.remove(&number)
            };
        }
        self.after_data(cx, moved, false);
    }

    fn scan_sector(&mut self, cx: &mut Cx, work: &Work, number: u32, scan: Scan, unwanted: bool) {
        let (mut disk, mut host) = ([0; SECTOR], [0; SECTOR]);
        if !self.load(cx, work, number, &mut disk) {
            return;
        }
        let Some(moved) = self.host_data(cx, work, &mut host) else { return };
        let (hit, equal) = compare(scan, &disk, &host);
        if let Some(work) = &mut self.state.work {
            work.st2 &= !(ST2_SH | ST2_SN);
            work.st2 |= if equal {
                ST2_SH
            } else if hit {
                0
            } else {
                ST2_SN
            };
        }
        if hit && !matches!(moved, Moved::Overrun) {
            return self.finish(cx, if unwanted { ST2_CM } else { 0 });
        }
        // without a hit, the end of the cylinder ends the command well
        self.after_data(cx, moved, unwanted);
    }

    fn verify_sector(&mut self, cx: &mut Cx, unwanted: bool) {
        let Some(work) = &mut self.state.work else { return };
        work.sectors = work.sectors.saturating_sub(1);
        let counted = work.counts && work.sectors == 0;
        self.after_data(cx, if counted { Moved::TerminalCount } else { Moved::All }, unwanted);
    }

    /// Bytes of the host for the current sector: by DMA now, or those it has written; `None` while it has yet to.
    fn host_data(&mut self, cx: &mut Cx, work: &Work, data: &mut [u8]) -> Option<Moved> {
        if !work.dma {
            if !work.exchanged {
                self.open_transfer(cx, vec![0; work.unit()]);
                return None;
            }
            let from = work.buffer.get(..data.len()).unwrap_or(&[]);
            data[..from.len()].copy_from_slice(from);
            return Some(Moved::All);
        }
        if !self.dma_ready(cx) {
            return Some(Moved::Overrun);
        }
        let result = cx.dma.read_memory(&cx.mem, DMA_CHANNEL, data);
        Some(moved(result.bytes, data.len(), result.terminal_count))
    }

    fn dma_ready(&self, cx: &Cx) -> bool {
        self.state.dor & DOR_DMAGATE != 0 && cx.dma.ready(DMA_CHANNEL)
    }

    /// Reads a sector; false if the image has not got it yet, and nothing has changed.
    fn load(&mut self, cx: &mut Cx, work: &Work, number: u32, data: &mut [u8; SECTOR]) -> bool {
        let n = usize::from(work.drive & 1);
        let medium = self.drives[n].as_mut().and_then(|d| d.medium.as_mut());
        let Some(medium) = medium else { return true };
        let offset = u64::from(number) * SECTOR as u64;
        match self.state.drives[n].overlay.read(medium.image.as_mut(), offset, data) {
            Ok(()) => true,
            Err(missing) => {
                let drive = DriveId::Floppy(n as u8);
                cx.signals.needs_block =
                    Some(BlockRequest { drive, offset: missing.offset, len: missing.len });
                false
            }
        }
    }

    fn store(&mut self, work: &Work, number: u32, data: &[u8; SECTOR]) -> bool {
        let overlay = &mut self.state.drives[usize::from(work.drive & 1)].overlay;
        overlay.write(u64::from(number) * SECTOR as u64, data).is_ok()
    }

    /// A sector is through. A wrong mark ends the command there, its address not incremented (tables 5-4 and 5-5).
    fn after_data(&mut self, cx: &mut Cx, moved: Moved, unwanted: bool) {
        match moved {
            Moved::Overrun => self.fail(cx, ST1_OR, 0),
            _ if unwanted => self.finish(cx, ST2_CM),
            Moved::TerminalCount => self.next(cx, true),
            Moved::All => self.next(cx, false),
        }
    }

    /// On to the next sector, or to the end: by terminal count, or by the end of the cylinder without one.
    fn next(&mut self, cx: &mut Cx, terminal_count: bool) {
        let Some(work) = &mut self.state.work else { return };
        (work.exchanged, work.at) = (false, 0);
        work.buffer.clear();
        let past = match work.operation {
            Operation::ReadTrack => {
                work.sectors += 1;
                work.r = work.r.wrapping_add(1);
                work.sectors >= u16::from(work.eot)
            }
            _ => {
                let head = work.head;
                let past = work.advance();
                // the other head is selected only to go on with it
                work.head = if terminal_count { head } else { work.head };
                past
            }
        };
        let ends_well = match work.operation {
            Operation::Verify => !work.counts,
            Operation::Compare(_) => true,
            _ => false,
        };
        if terminal_count || past && ends_well {
            self.finish(cx, 0);
        } else if past {
            self.fail(cx, ST1_EN, 0);
        } else {
            self.wake(cx, SECTOR_NS);
            self.state.phase = Phase::Execute;
        }
    }

    /// FORMAT TRACK: takes the ID of one sector from the host and fills the sector, if the medium has it.
    fn format_sector(&mut self, cx: &mut Cx, track: &Track) {
        let Some(work) = self.state.work.clone() else { return };
        if work.sectors == 0 {
            return self.finish(cx, 0);
        }
        let mut id = [0; 4];
        let Some(moved) = self.host_data(cx, &work, &mut id) else { return };
        if matches!(moved, Moved::Overrun) {
            return self.fail(cx, ST1_OR, 0);
        }
        let exists = id[0] == track.cylinder
            && id[1] == work.head
            && (1..=track.sectors).contains(&id[2])
            && (id[3], work.n) == (SECTOR_CODE, SECTOR_CODE);
        if exists {
            let number = track.first + u32::from(id[2]) - 1;
            if !self.store(&work, number, &[work.parameter; SECTOR]) {
                return self.fail(cx, ST1_NW, 0);
            }
            self.state.drives[usize::from(work.drive & 1)].deleted.remove(&number);
        }
        self.after_format(cx, id, matches!(moved, Moved::TerminalCount));
    }

    fn after_format(&mut self, cx: &mut Cx, id: [u8; 4], terminal_count: bool) {
        let Some(work) = &mut self.state.work else { return };
        (work.c, work.h, work.r) = (id[0], id[1], id[2]);
        work.sectors -= 1;
        (work.exchanged, work.at) = (false, 0);
        work.buffer.clear();
        if work.sectors == 0 || terminal_count {
            return self.finish(cx, 0);
        }
        self.wake(cx, SECTOR_NS);
        self.state.phase = Phase::Execute;
    }

    /// Lets the host read or write bytes of the data register.
    fn open_transfer(&mut self, cx: &mut Cx, buffer: Vec<u8>) {
        if let Some(work) = &mut self.state.work {
            (work.buffer, work.at) = (buffer, 0);
        }
        self.state.phase = Phase::Transfer;
        self.raise(cx);
    }

    pub(super) fn read_transfer(&mut self, cx: &mut Cx) -> u8 {
        let Some(work) = &self.state.work else { return 0 };
        if !work.to_host() {
            return 0;
        }
        let value = work.buffer.get(usize::from(work.at)).copied().unwrap_or(0);
        self.byte_moved(cx);
        value
    }

    pub(super) fn write_transfer(&mut self, cx: &mut Cx, value: u8) {
        let Some(work) = &mut self.state.work else { return };
        if work.to_host() {
            return;
        }
        if let Some(to) = work.buffer.get_mut(usize::from(work.at)) {
            *to = value;
        }
        self.byte_moved(cx);
    }

    /// INT falls with the byte and rises again when the FIFO next wants service: after every byte without FIFO, else
    /// after 16 bytes less the threshold.
    fn byte_moved(&mut self, cx: &mut Cx) {
        self.lower(cx);
        let c = &self.state.configuration;
        let burst = if c.fifo_off { 1 } else { 16 - u16::from(c.threshold & 15) };
        let Some(work) = &mut self.state.work else { return };
        work.at = work.at.saturating_add(1);
        if usize::from(work.at) >= work.buffer.len() {
            work.exchanged = true;
            self.state.phase = Phase::Execute;
            self.wake(cx, SECTOR_NS);
        } else if work.at.is_multiple_of(burst) {
            self.raise(cx);
        }
    }

    /// Ends the command abnormally.
    fn fail(&mut self, cx: &mut Cx, st1: u8, st2: u8) {
        self.note(st1, st2);
        self.conclude(cx, ST0_ABNORMAL);
    }

    /// Ends the command normally.
    fn finish(&mut self, cx: &mut Cx, st2: u8) {
        self.note(0, st2);
        self.conclude(cx, 0);
    }

    fn conclude(&mut self, cx: &mut Cx, code: u8) {
        let Some(w) = self.state.work.take() else { return };
        let st0 = code | w.st0 | w.head << 2 | w.drive;
        self.results(&[st0, w.st1, w.st2, w.c, w.h, w.r, w.n]);
        self.raise(cx);
    }
}

/// The number on the medium of the sector the command wants and what to note in ST1, or ST1 and ST2 if its ID is not on
/// the track.
fn find(work: &Work, track: &Track) -> Result<(u32, u8), (u8, u8)> {
    if work.operation == Operation::ReadTrack {
        return next_of_track(work, track);
    }
    if work.c != track.cylinder {
        return Err((ST1_ND, if work.c == 0xFF { ST2_WC | ST2_BC } else { ST2_WC }));
    }
    if work.h != work.head || work.n != SECTOR_CODE || work.r == 0 || work.r > track.sectors {
        return Err((ST1_ND, 0));
    }
    Ok((track.first + u32::from(work.r) - 1, 0))
}

/// READ TRACK takes sectors as they come after the index hole, and only notes when IDs differ.
fn next_of_track(work: &Work, track: &Track) -> Result<(u32, u8), (u8, u8)> {
    if work.n != SECTOR_CODE || work.sectors >= u16::from(track.sectors) {
        return Err((ST1_ND, 0));
    }
    let same = (work.c, work.h, u16::from(work.r)) == (track.cylinder, work.head, work.sectors + 1);
    Ok((track.first + u32::from(work.sectors), if same { 0 } else { ST1_ND }))
}

fn moved(bytes: usize, wanted: usize, terminal_count: bool) -> Moved {
    match (terminal_count, bytes == wanted) {
        (true, _) => Moved::TerminalCount,
        (false, true) => Moved::All,
        (false, false) => Moved::Overrun,
    }
}

/// Whether a sector satisfies a scan, and whether it is equal. FFh on either side matches anything (8272A).
fn compare(scan: Scan, disk: &[u8; SECTOR], host: &[u8; SECTOR]) -> (bool, bool) {
    let pairs = || disk.iter().zip(host).filter(|&(&d, &h)| d != 0xFF && h != 0xFF);
    let equal = pairs().all(|(d, h)| d == h);
    let hit = match scan {
        Scan::Equal => equal,
        Scan::LowOrEqual => pairs().all(|(d, h)| d <= h),
        Scan::HighOrEqual => pairs().all(|(d, h)| d >= h),
    };
    (hit, equal)
}
