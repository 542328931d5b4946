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
const RATE_FIELDS: &[Field] =
    &[Field::choice(0, 1, "DRATE", "data rate", &["500 kbit/s", "300 kbit/s", "250 kbit/s", "1 Mbit/s"])];

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
            register("TDR", "tape drive", TDR, s.tdr),
            register("MSR", "main status", MSR_DSR, self.main_status()).fields(MSR_FIELDS),
            register("DIR", "digital input", DIR_CCR, self.digital_input()).fields(DIR_FIELDS),
            register("CCR", "configuration", DIR_CCR, s.rate).fields(RATE_FIELDS),
            RegisterView::new("INT", "interrupt pin", 1, s.interrupt),
            bytes("command", &s.command),
            bytes("result", s.result.get(usize::from(s.result_at)..).unwrap_or(&[])),
            RegisterView::new("phase", phase(s.phase), 8, s.phase as u8),
            RegisterView::new("SPECIFY", "step rate, head times, no DMA", 16, u16::from_le_bytes(s.specify)),
            RegisterView::new("LOCK", "CONFIGURE survives resets", 1, s.lock),
            RegisterView::new("EIS", "implied seek", 1, s.configuration.implied_seek),
            RegisterView::new("EFIFO", "FIFO off", 1, s.configuration.fifo_off),
            RegisterView::new("POLL", "polling off", 1, s.configuration.polling_off),
            RegisterView::new("FIFOTHR", "FIFO threshold", 8, s.configuration.threshold),
        ];
        let mut groups = vec![RegisterGroup::new("controller", controller)];
        for (n, drive) in s.drives.iter().enumerate() {
            let there = self.drives.get(n).is_some_and(Option::is_some);
            let name = if n == 0 { "drive A" } else { "drive B" };
            let registers = vec![
                RegisterView::new("present", "there is such a drive", 1, there),
                RegisterView::new("cylinder", "the heads are over", 8, drive.cylinder),
                RegisterView::new("PCN", "the controller believes they are over", 8, s.cylinders[n & 3]),
                RegisterView::new("changed", "DSKCHG", 1, drive.changed),
                RegisterView::new("bytes", "of the image", 64, drive.image_len.unwrap_or(0)),
            ];
            groups.push(RegisterGroup::new(name, registers));
        }
        groups
    }
}
