//! The floppy controller, for those who look; no result byte is taken by it.

use super::spec::*;
use super::{Fdc, Phase};
use crate::bus::view::{Field, RegisterGroup, RegisterView};

const DOR_FIELDS: &[Field] = &[
    Field::number(0, 1, "DSEL", "drive chosen"),
    Field::choice(2, 2, "RESET#", "controller", &["held in reset", "runs"]),
    Field::flag(3, "DMAEN", "interrupt and DMA on"),
    Field::flag(4, "MOTA", "motor A"),
    Field::flag(5, "MOTB", "motor B"),
    Field::flag(6, "MOTC", "motor C"),
    Field::flag(7, "MOTD", "motor D"),
];
const MSR_FIELDS: &[Field] = &[
    Field::flag(0, "D0B", "drive A seeks"),
    Field::flag(1, "D1B", "drive B seeks"),
    Field::flag(2, "D2B", "drive C seeks"),
    Field::flag(3, "D3B", "drive D seeks"),
    Field::flag(4, "CB", "command in progress"),
    Field::flag(5, "NDM", "no DMA: the host moves bytes"),
    Field::choice(6, 6, "DIO", "direction", &["host writes", "host reads"]),
    Field::flag(7, "RQM", "a byte can be moved"),
];
const DIR_FIELDS: &[Field] = &[Field::flag(7, "DSKCHG", "the disk was taken out")];
const TDR_FIELDS: &[Field] = &[Field::choice(0, 1, "TAPE", "tape drive", &["none", "1", "2", "3"])];
const SPECIFY_FIELDS: &[Field] = &[
    Field::number(0, 3, "HUT", "head unload time"),
    Field::number(4, 7, "SRT", "step rate"),
    Field::flag(8, "ND", "no DMA"),
    Field::number(9, 15, "HLT", "head load time"),
];
const PERPENDICULAR_FIELDS: &[Field] = &[
    Field::flag(0, "GAP", "gap of perpendicular drives"),
    Field::flag(1, "WGATE", "write gate of perpendicular drives"),
    Field::flag(2, "D0", "drive A is perpendicular"),
    Field::flag(3, "D1", "drive B is perpendicular"),
    Field::flag(4, "D2", "drive C is perpendicular"),
    Field::flag(5, "D3", "drive D is perpendicular"),
];
const RATE_FIELDS: &[Field] =
    &[Field::choice(0, 1, "DRATE", "data rate", &["500 kbit/s", "300 kbit/s", "250 kbit/s", "1 Mbit/s"])];

const ST0_FIELDS: &[Field] = &[
    Field::number(0, 1, "DS", "drive"),
    Field::flag(2, "H", "head"),
    Field::flag(4, "EC", "equipment check: no track 0"),
    Field::flag(5, "SE", "seek ended"),
    Field::choice(6, 7, "IC", "ended", &["normally", "abnormally", "invalid command", "by polling"]),
];
const ST1_FIELDS: &[Field] = &[
    Field::flag(0, "MA", "no address mark"),
    Field::flag(1, "NW", "write-protected"),
    Field::flag(2, "ND", "no such sector"),
    Field::flag(4, "OR", "overrun"),
    Field::flag(5, "DE", "bad data"),
    Field::flag(7, "EN", "beyond the last sector"),
];
const ST2_FIELDS: &[Field] = &[
    Field::flag(0, "MD", "no data address mark"),
    Field::flag(1, "BC", "bad cylinder"),
    Field::flag(2, "SN", "scan not satisfied"),
    Field::flag(3, "SH", "scan equal"),
    Field::flag(4, "WC", "wrong cylinder"),
    Field::flag(5, "DD", "bad data in the data field"),
    Field::flag(6, "CM", "deleted-data mark"),
];

fn phase(phase: Phase) -> &'static str {
    match phase {
        Phase::Off => "held in reset",
        Phase::Reset => "comes out of reset",
        Phase::Command => "takes a command",
        Phase::Execute => "executes a command",
        Phase::Transfer => "moves bytes by the host",
        Phase::Result => "gives results",
    }
}

fn bytes(name: &'static str, bytes: &[u8]) -> RegisterView {
    let text: Vec<String> = bytes.iter().map(|b| format!("{b:02X}")).collect();
    let title = if text.is_empty() { "none".into() } else { text.join(" ") };
    RegisterView::new(name, title, 8, bytes.len() as u64)
}

impl Fdc {
    /// Controller and drives.
    pub(super) fn groups(&self) -> Vec<RegisterGroup> {
        let s = &self.state;
        let register = |name: &'static str, title: &'static str, at: u16, value: u8| {
            RegisterView::new(name, title, 8, value).at(at)
        };
        let controller = vec![
            register("DOR", "digital output", DOR, s.dor).fields(DOR_FIELDS),
            register("TDR", "tape drive", TDR, s.tdr).fields(TDR_FIELDS),
            register("MSR", "main status", MSR_DSR, self.main_status()).fields(MSR_FIELDS),
            register("DIR", "digital input", DIR_CCR, self.digital_input()).fields(DIR_FIELDS),
            register("CCR", "configuration", DIR_CCR, s.rate).fields(RATE_FIELDS),
            RegisterView::new("INT", "interrupt pin", 1, s.interrupt),
            bytes("command", &s.command),
            bytes("result", s.result.get(usize::from(s.result_at)..).unwrap_or(&[])),
            RegisterView::new("phase", phase(s.phase), 8, s.phase as u8),
            RegisterView::new("SPECIFY", "step rate, head times, no DMA", 16, u16::from_le_bytes(s.specify))
                .fields(SPECIFY_FIELDS),
            RegisterView::new("LOCK", "CONFIGURE survives resets", 1, s.lock),
            RegisterView::new("EIS", "implied seek", 1, s.configuration.implied_seek),
            RegisterView::new("EFIFO", "FIFO off", 1, s.configuration.fifo_off),
            RegisterView::new("POLL", "polling off", 1, s.configuration.polling_off),
            RegisterView::new(
                "FIFOTHR",
                "bytes in the FIFO when it asks, less one",
                4,
                s.configuration.threshold,
            ),
            RegisterView::new(
                "PRETRK",
                "precompensation from this track on",
                8,
                s.configuration.precompensation_track,
            ),
            RegisterView::new("perpendicular", "PERPENDICULAR MODE", 6, s.perpendicular)
                .fields(PERPENDICULAR_FIELDS),
            RegisterView::new(
                "EOT",
                "of the last transfer, or sectors a track of the last format",
                8,
                s.last_eot,
            ),
        ];
        let mut groups = vec![RegisterGroup::new("controller", controller)];
        groups.extend(s.work.as_ref().map(super::Work::view));
        for (n, drive) in s.drives.iter().enumerate() {
            let there = self.drives.get(n).is_some_and(Option::is_some);
            let name = if n == 0 { "drive A" } else { "drive B" };
            let registers = vec![
                RegisterView::new("present", "there is such a drive", 1, there),
                RegisterView::new("cylinder", "the heads are over", 8, drive.cylinder),
                RegisterView::new("PCN", "the controller believes they are over", 8, s.cylinders[n & 3]),
                self.seek_view(n),
                self.pending_view(n),
                RegisterView::new("changed", "DSKCHG", 1, drive.changed),
                RegisterView::new("bytes", "of the image", 64, drive.image_len.unwrap_or(0)),
                RegisterView::new(
                    "deleted",
                    "sectors with a deleted-data mark",
                    16,
                    drive.deleted.len() as u64,
                ),
            ];
            groups.push(RegisterGroup::new(name, registers));
        }
        groups
    }

    fn seek_view(&self, n: usize) -> RegisterView {
        match self.state.seeks.get(n).copied().flatten() {
            Some(seek) => RegisterView::new("NCN", "seeks this cylinder", 8, seek.target()),
            None => RegisterView::new("NCN", "does not seek", 8, 0u8),
        }
    }

    fn pending_view(&self, n: usize) -> RegisterView {
        let st0 = self.state.pending.get(n).copied().flatten();
        let view = |title: &'static str| RegisterView::new("ST0", title, 8, st0.unwrap_or(0));
        match st0 {
            Some(_) => view("SENSE INTERRUPT STATUS will report").fields(ST0_FIELDS),
            None => view("nothing to report"),
        }
    }
}

impl super::Work {
    /// The command in its execution phase.
    fn view(&self) -> RegisterGroup {
        let [c, h, r, n] = self.sector_id();
        let byte =
            |name: &'static str, title: &'static str, value: u8| RegisterView::new(name, title, 8, value);
        let (st0, st1, st2) = self.status();
        let left = self.unread();
        RegisterGroup::new(
            "execution phase",
            vec![
                byte("C", "cylinder", c),
                byte("H", "head", h),
                byte("R", "sector", r),
                byte("N", "size: 128 << N bytes", n),
                byte("ST0", "so far", st0).fields(ST0_FIELDS),
                byte("ST1", "so far", st1).fields(ST1_FIELDS),
                byte("ST2", "so far", st2).fields(ST2_FIELDS),
                RegisterView::new("DMA", "bytes are moved by DMA", 1, self.dma),
                RegisterView::new("left", "bytes the host has still to move of this sector", 16, left as u64),
            ],
        )
    }
}
